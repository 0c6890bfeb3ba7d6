//! Every trust and commissioner against national standards, as planning toolkits of 2001 meant them: why do you think
//! that you are different, and can you justify it?
//!
//! Trusts have no people of their own: their need is the part of areas' need that comes to their sites by today's
//! flows. The method and its limits are in `docs/benchmarks.md`.

use super::error::InsightError;
use super::ledger::{Ledger, NeedGrid};
use super::place::Place;
use crate::domain::index::Grid;
use crate::domain::justification::Justified;
use crate::domain::system::CareSystem;
use crate::domain::{AreaIx, CommissionerIx, SiteIx, SpecialtyIx, TrustIx};
use serde::Serialize;
use std::collections::BTreeMap;

/// Sums from which the standards of a place are worked out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Sums {
    /// Beds today.
    pub beds: f64,
    /// Occupied beds today.
    pub occupied: f64,
    /// Need of its people (of a trust: of those who come to it).
    pub need: f64,
    /// What age and deprivation lead one to expect of it; nothing where the data do not tell.
    pub expected: f64,
    /// Of need: beds held by patients fit to leave.
    pub delayed: f64,
    /// Patients treated in the plan, occupied beds.
    pub treated: f64,
    /// The same times their minutes of travel.
    pub minutes: f64,
}

/// One standard: the place's value beside the nation's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standard {
    /// `occupancy`, `use`, `delay`, `beds` or `minutes`.
    pub name: &'static str,
    /// The place's; `None` where the data do not tell.
    pub value: Option<f64>,
    /// The standard: the model's occupancy cap, or the nation's value.
    pub standard: Option<f64>,
    /// `above` or `below` where the place is different enough to be asked why.
    pub different: Option<&'static str>,
}

/// A justification that somebody recorded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recorded {
    /// Whose it is.
    pub who: String,
    /// In what they differ.
    pub what: String,
    /// Why.
    pub why: String,
    /// On what evidence.
    pub evidence: Option<String>,
    /// What it changes in the model.
    pub changes: Vec<String>,
    /// Where it was written.
    pub file: String,
    /// On which line.
    pub line: usize,
}

/// A trust or commissioner against the standards.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Benchmark {
    /// `trust` or `commissioner`.
    pub kind: &'static str,
    /// Its code.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The sums behind the standards.
    pub sums: Sums,
    /// The five standards.
    pub standards: Vec<Standard>,
    /// What is recorded of it.
    pub justifications: Vec<Recorded>,
}

impl Benchmark {
    /// Standards in which it is different and nobody recorded why.
    pub fn unexplained(&self) -> impl Iterator<Item = &Standard> {
        let is_recorded = |standard: &Standard| self.justifications.iter().any(|j| j.what == standard.name);
        self.standards.iter().filter(move |standard| standard.different.is_some() && !is_recorded(standard))
    }
}

/// How far above or below the standard, as a share of it, a place is asked why. Differences of less are the ordinary
/// noise of one quarter's figures (a judgement).
const ASKED: [(&str, f64, f64); 5] = [
    ("occupancy", 0.05, f64::INFINITY),
    ("use", 0.10, 0.10),
    ("delay", 0.25, f64::INFINITY),
    ("beds", 0.10, 0.10),
    ("minutes", 0.25, f64::INFINITY),
];

/// All commissioners, then all trusts, in order of code.
pub fn all(ledger: &Ledger) -> Result<Vec<Benchmark>, InsightError> {
    let system = ledger.system;
    let (nation, commissioners, trusts) = ledger.benchmark_sums()?;
    let commissioners = commissioners.iter().map(|(&x, sums)| (Place::Commissioner(x), *sums));
    let trusts = trusts.iter().map(|(&x, sums)| (Place::Trust(x), *sums));
    Ok(commissioners.chain(trusts).map(|(place, sums)| benchmark(system, place, sums, nation)).collect())
}

/// One place; `None` for places that are no trust or commissioner.
pub fn of_place(ledger: &Ledger, place: Place) -> Result<Option<Benchmark>, InsightError> {
    if !matches!(place, Place::Trust(_) | Place::Commissioner(_)) {
        return Ok(None);
    }
    let (nation, commissioners, trusts) = ledger.benchmark_sums()?;
    let found = match place {
        Place::Trust(x) => trusts.get(&x),
        Place::Commissioner(x) => commissioners.get(&x),
        _ => None,
    };
    Ok(found.map(|sums| benchmark(ledger.system, place, *sums, nation)))
}

/// What is recorded of a place.
pub fn recorded(system: &CareSystem, place: Place) -> Vec<Recorded> {
    let meant = |who: Justified| match (who, place) {
        (Justified::Region(x), Place::Region(y)) => x == y,
        (Justified::Commissioner(x), Place::Commissioner(y)) => x == y,
        (Justified::Trust(x), Place::Trust(y)) => x == y,
        (Justified::Site(x), Place::Site(y)) => x == y,
        (Justified::Site(x), Place::Trust(y)) => system.sites[x].trust == y,
        (_, Place::Nation) => true,
        _ => false,
    };
    let all = system.policy.justifications.iter().filter(|found| meant(found.who));
    all.map(|found| Recorded {
        who: found.who.name(system).to_owned(),
        what: found.what.clone(),
        why: found.why.clone(),
        evidence: found.evidence.clone(),
        changes: found.changes(system),
        file: found.origin.file.clone(),
        line: found.origin.line,
    })
    .collect()
}

fn benchmark(system: &CareSystem, place: Place, sums: Sums, nation: &Sums) -> Benchmark {
    let ratio = |of: f64, by: f64| (by > 0.0).then(|| of / by);
    let values = |s: &Sums| {
        [
            ratio(s.occupied, s.beds),
            ratio(s.need, s.expected),
            ratio(s.delayed, s.need),
            ratio(s.beds, s.need),
            ratio(s.minutes, s.treated),
        ]
    };
    let mut standards_of = values(nation);
    standards_of[0] = Some(system.policy.occupancy.cap.0);
    let standards = ASKED
        .iter()
        .zip(values(&sums))
        .zip(standards_of)
        .map(|((&(name, above, below), value), standard)| {
            let apart = value.zip(standard).and_then(|(value, standard)| ratio(value, standard));
            let different = match apart {
                Some(apart) if apart > 1.0 + above => Some("above"),
                Some(apart) if apart < 1.0 - below => Some("below"),
                _ => None,
            };
            Standard { name, value, standard, different }
        })
        .collect();
    Benchmark {
        kind: place.kind(),
        id: place.id(system).to_owned(),
        name: place.name(system).to_owned(),
        sums,
        standards,
        justifications: recorded(system, place),
    }
}

/// The sums of the nation, every commissioner and every trust.
pub type AllSums = (Sums, BTreeMap<CommissionerIx, Sums>, BTreeMap<TrustIx, Sums>);

/// Adds them up. O(flows × specialties + rows of `flows.csv.gz`).
pub fn sums(ledger: &Ledger) -> Result<AllSums, InsightError> {
    let system = ledger.system;
    let mut nation = Sums::default();
    let mut commissioners: BTreeMap<CommissionerIx, Sums> = BTreeMap::new();
    let mut trusts: BTreeMap<TrustIx, Sums> = BTreeMap::new();
    for (&(site, _), stock) in &system.beds {
        let place = &system.sites[site];
        let of_trust = trusts.entry(place.trust).or_default();
        for sums in [&mut nation, commissioners.entry(place.commissioner).or_default(), of_trust] {
            sums.beds += stock.available.0;
            sums.occupied += stock.occupied.0;
        }
    }
    let delay = delay_shares(system);
    let expected = ledger.expected;
    for (area, _, place) in system.areas.iter() {
        for specialty in system.specialties.indices() {
            let need = system.need[(area, specialty)].0;
            for sums in [&mut nation, commissioners.entry(place.commissioner).or_default()] {
                add_need(sums, need, 1.0, (area, specialty), &delay, expected);
            }
        }
    }
    for (site, area, specialty, part) in used(system) {
        let need = system.need[(area, specialty)].0;
        let sums = trusts.entry(system.sites[site].trust).or_default();
        add_need(sums, need, part, (area, specialty), &delay, expected);
    }
    add_minutes(ledger, &mut nation, &mut commissioners, &mut trusts)?;
    Ok((nation, commissioners, trusts))
}

fn add_need(
    sums: &mut Sums,
    need: f64,
    part: f64,
    (area, specialty): (AreaIx, SpecialtyIx),
    delay: &Grid<AreaIx, SpecialtyIx, f64>,
    expected: Option<&NeedGrid>,
) {
    sums.need += need * part;
    sums.delayed += need * part * delay[(area, specialty)];
    sums.expected += expected.map_or(0.0, |grid| grid[(area, specialty)].0 * part);
}

/// Delayed beds as a share of need, that of the area's council.
fn delay_shares(system: &CareSystem) -> Grid<AreaIx, SpecialtyIx, f64> {
    let mut need = Grid::filled(system.councils.len(), system.specialties.len(), 0.0);
    for (area, _, place) in system.areas.iter() {
        for specialty in system.specialties.indices() {
            need[(place.council, specialty)] += system.need[(area, specialty)].0;
        }
    }
    let mut shares = Grid::filled(system.areas.len(), system.specialties.len(), 0.0);
    for (area, _, place) in system.areas.iter() {
        for specialty in system.specialties.indices() {
            let of = need[(place.council, specialty)];
            if of > 0.0 {
                shares[(area, specialty)] = system.delays[(place.council, specialty)].0 / of;
            }
        }
    }
    shares
}

/// The part of each area's need that goes to each site today, among the sites that offer the specialty.
fn used(system: &CareSystem) -> Vec<(SiteIx, AreaIx, SpecialtyIx, f64)> {
    let mut all = Grid::filled(system.areas.len(), system.specialties.len(), 0.0);
    let mut used = Vec::new();
    for flow in system.flows.iter().filter(|flow| flow.share.0 > 0.0) {
        let stocks = system.stocks_of(flow.site).filter(|(_, stock)| stock.available.0 > 0.0);
        for (specialty, _) in stocks.filter(|(s, _)| flow.specialty.is_none_or(|only| only == *s)) {
            all[(flow.area, specialty)] += flow.share.0;
            used.push((flow.site, flow.area, specialty, flow.share.0));
        }
    }
    for (_, area, specialty, share) in &mut used {
        *share /= all[(*area, *specialty)];
    }
    used
}

/// Journeys of those treated in the plan, by where they live and where they go.
fn add_minutes(
    ledger: &Ledger,
    nation: &mut Sums,
    commissioners: &mut BTreeMap<CommissionerIx, Sums>,
    trusts: &mut BTreeMap<TrustIx, Sums>,
) -> Result<(), InsightError> {
    let system = ledger.system;
    let table = ledger.files.table("flows.csv.gz")?;
    let at = |column| table.position(column);
    let (area_at, site_at, period_at) = (at("area")?, at("site")?, at("period")?);
    let (beds_at, minutes_at) = (at("occupied_beds")?, at("minutes")?);
    for row in table.rows().filter(|row| row.at(period_at) == ledger.period_id()) {
        let found = (system.areas.find(row.at(area_at)), system.sites.find(row.at(site_at)));
        let (Some(area), Some(site)) = found else { continue };
        let (Ok(beds), Ok(minutes)) = (row.at(beds_at).parse::<f64>(), row.at(minutes_at).parse::<f64>())
        else {
            continue;
        };
        let home = commissioners.entry(system.areas[area].commissioner).or_default();
        for sums in [&mut *nation, home, trusts.entry(system.sites[site].trust).or_default()] {
            sums.treated += beds;
            sums.minutes += beds * minutes;
        }
    }
    Ok(())
}
