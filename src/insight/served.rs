//! Who serves an area, now and after, how far that is, and what would serve it better.

use super::binds::{Binding, effect};
use super::error::InsightError;
use super::figure::{Sentence, Shown, Source};
use super::files::rows;
use super::ledger::Ledger;
use super::place::Place;
use crate::domain::units::Minutes;
use crate::domain::{AreaIx, SiteIx};
use serde::Serialize;
use std::collections::BTreeMap;

/// Sites told of each kind.
const MOST_SITES: usize = 5;
/// Less than this of an area's need is not told, occupied beds.
const LEAST_TOLD: f64 = 0.05;

/// Who serves an area.
#[derive(Debug, Serialize)]
pub struct Served {
    /// Today, by the data's flows.
    pub now: Vec<Sentence>,
    /// In the plan.
    pub after: Vec<Sentence>,
    /// Where its unmet need lies, and which sites in reach would meet it.
    pub better: Vec<Sentence>,
}

/// Who serves an area; `None` for any other place.
pub fn explain(ledger: &Ledger, place: Place, prices: &[Binding]) -> Result<Option<Served>, InsightError> {
    let Place::Area(area) = place else { return Ok(None) };
    let (now, after) = (now(ledger, area)?, after(ledger, area)?);
    Ok(Some(Served { now, after, better: better(ledger, area, prices)? }))
}

fn area_id<'a>(ledger: &'a Ledger, area: AreaIx) -> &'a str {
    ledger.system.areas.id(area).as_str()
}

fn site_name<'a>(ledger: &'a Ledger, site: SiteIx) -> &'a str {
    Place::Site(site).name(ledger.system)
}

/// Known times from an area, nearest first.
fn times(ledger: &Ledger, area: AreaIx) -> Vec<(Minutes, SiteIx)> {
    let known = ledger.system.travel.known.iter().filter(|time| time.area == area);
    let mut found: Vec<(Minutes, SiteIx)> = known.map(|time| (time.minutes, time.site)).collect();
    found.sort_by(|a, b| a.0.0.total_cmp(&b.0.0).then(a.1.cmp(&b.1)));
    found
}

/// The largest sites by what they treat, largest first.
fn largest(of: BTreeMap<SiteIx, f64>) -> Vec<SiteIx> {
    let mut sites: Vec<(SiteIx, f64)> = of.into_iter().filter(|(_, beds)| *beds >= LEAST_TOLD).collect();
    sites.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    sites.into_iter().take(MOST_SITES).map(|(site, _)| site).collect()
}

fn now(ledger: &Ledger, area: AreaIx) -> Result<Vec<Sentence>, InsightError> {
    let mut beds: BTreeMap<SiteIx, f64> = BTreeMap::new();
    for ((site, _), used) in ledger.used(area).iter() {
        *beds.entry(*site).or_default() += used.own;
    }
    let today = |site: SiteIx| Source::UseToday {
        area: area_id(ledger, area).to_owned(),
        site: ledger.system.sites.id(site).as_str().to_owned(),
    };
    let times = times(ledger, area);
    largest(beds)
        .into_iter()
        .map(|site| {
            let told = Sentence::default().name(site_name(ledger, site)).say(": ");
            let told =
                told.figure(ledger.figure(today(site), Shown::OneDecimal)?).say(" occupied beds of its need");
            if !times.iter().any(|(_, known)| *known == site) {
                return Ok(told);
            }
            Ok(told.say(", ").figure(minutes(ledger, area, site)?).say(" minutes away"))
        })
        .collect()
}

fn minutes(ledger: &Ledger, area: AreaIx, site: SiteIx) -> Result<super::figure::Figure, InsightError> {
    let rows = rows([("area", area_id(ledger, area)), ("site", ledger.system.sites.id(site).as_str())]);
    ledger.figure(Source::Data { table: "travel_times", rows }, Shown::OneDecimal)
}

fn after(ledger: &Ledger, area: AreaIx) -> Result<Vec<Sentence>, InsightError> {
    let table = ledger.files.table("flows.csv.gz")?;
    let of_area = ledger.in_period(rows([("area", area_id(ledger, area))]));
    let mut beds: BTreeMap<SiteIx, f64> = BTreeMap::new();
    let mut way: BTreeMap<SiteIx, String> = BTreeMap::new();
    for row in table.matching(&of_area)? {
        let Some(site) = ledger.system.sites.find(row.text("site")?) else { continue };
        *beds.entry(site).or_default() += row.number("occupied_beds")?;
        way.entry(site).or_insert(row.text("specialty")?.to_owned());
    }
    let mut told = Vec::new();
    for site in largest(beds) {
        let id = ledger.system.sites.id(site).as_str();
        let at_site = rows([("area", area_id(ledger, area)), ("site", id)]);
        let treated = ledger.total("flows.csv.gz", at_site.clone(), "occupied_beds");
        let mut one = at_site;
        one.insert("specialty".to_owned(), way[&site].clone());
        told.push(
            Sentence::default()
                .name(site_name(ledger, site))
                .say(": ")
                .figure(ledger.figure(treated, Shown::OneDecimal)?)
                .say(" occupied beds, ")
                .figure(ledger.figure(ledger.cell("flows.csv.gz", one, "minutes"), Shown::OneDecimal)?)
                .say(" minutes away"),
        );
    }
    let mean = ledger.cell("areas.csv", rows([("area", area_id(ledger, area))]), "mean_minutes");
    if ledger.value(&mean).is_ok() && !told.is_empty() {
        let told_mean = Sentence::new("mean journey of those treated: ");
        told.push(told_mean.figure(ledger.figure(mean, Shown::OneDecimal)?).say(" minutes"));
    }
    Ok(told)
}

/// The specialty most short in the area, and the nearest sites in reach where one more of its beds has a price.
fn better(ledger: &Ledger, area: AreaIx, prices: &[Binding]) -> Result<Vec<Sentence>, InsightError> {
    let table = ledger.files.table("unmet.csv.gz")?;
    let of_area = ledger.in_period(rows([("area", area_id(ledger, area))]));
    let mut worst: Option<(f64, &str)> = None;
    let found = table.matching(&of_area)?;
    for row in &found {
        let unmet = row.number("unmet_beds")?;
        if unmet >= LEAST_TOLD && worst.is_none_or(|(most, _)| unmet > most) {
            worst = Some((unmet, row.text("specialty")?));
        }
    }
    let Some((_, code)) = worst else {
        return Ok(vec![Sentence::new("None of its need is left unmet but for fractions of a bed.")]);
    };
    let system = ledger.system;
    let Some(specialty) = system.specialties.find(code) else { return Ok(Vec::new()) };
    let unmet = ledger.cell(
        "unmet.csv.gz",
        rows([("area", area_id(ledger, area)), ("specialty", code)]),
        "unmet_beds",
    );
    let mut told = vec![
        Sentence::new("Most of what is left unmet is ")
            .name(Place::Specialty(specialty).name(system))
            .say(": ")
            .figure(ledger.figure(unmet, Shown::OneDecimal)?)
            .say(" occupied beds."),
    ];
    let limit = system.reach_limit(specialty);
    let member =
        |binding: &Binding, name: &str, code: &str| binding.members.get(name).is_some_and(|m| m == code);
    for (_, site) in times(ledger, area).into_iter().filter(|(minutes, _)| minutes.0 <= limit.0) {
        let id = system.sites.id(site).as_str();
        // Prices come in the order of the levels: the first is that of the first aim.
        let price = prices.iter().find(|binding| {
            binding.constraint == "BedStock"
                && member(binding, "site", id)
                && member(binding, "specialty", code)
                && member(binding, "period", ledger.period_id())
                && binding.shadow_price < 0.0
        });
        let Some(price) = price else { continue };
        let begun = Sentence::new("One more bed of it at ").name(site_name(ledger, site)).say(", ");
        let begun = begun.figure(minutes(ledger, area, site)?).say(" minutes away, would ");
        let all = match effect(ledger, begun, price)? {
            told if price.level == "unmet" => told.say(" in all regions"),
            told => told,
        };
        let full = prices.iter().any(|binding| {
            binding.constraint == "SiteSize" && member(binding, "site", id) && binding.shadow_price != 0.0
        });
        told.push(all.say(if full { "; the site is at the limit of its size." } else { "." }));
        if told.len() > MOST_SITES {
            break;
        }
    }
    if told.len() == 1 {
        told.push(Sentence::new("No site in reach with a known time has a price on its beds."));
    }
    Ok(told)
}
