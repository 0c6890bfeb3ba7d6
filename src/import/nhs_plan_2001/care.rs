//! Delays by council, and what councils spend.

use super::super::ImportError;
use super::super::tables::{TableWriter, decimals};
use super::beds::{Factors, Need};
use super::places::Places;
use super::published::{Published, Spend};
use super::{DERIVED, ESTIMATED, PUBLISHED};
use std::collections::BTreeMap;
use std::path::Path;

/// The code under which sites of intermediate care stand; also how their own codes begin.
pub const TRUST: &str = "IC";

/// Writes `delays.csv`: an office's rate × its acute beds, over its people's need in what carries delay.
/// Returns delayed beds by office.
pub fn write_delays(
    places: &Places,
    published: &Published,
    factors: &Factors,
    need: &Need,
    out: &Path,
) -> Result<BTreeMap<String, f64>, ImportError> {
    let mut by_council: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    let mut by_office: BTreeMap<&str, f64> = BTreeMap::new();
    for ((area, group), beds) in &need.0 {
        if published.groups[group].carries_delay {
            let council = places.areas[area].council.as_str();
            *by_council.entry((council, group)).or_default() += beds;
            *by_office.entry(&places.councils[council].office).or_default() += beds;
        }
    }
    let delayed = |office: &str| published.delay_rates[office] * factors.acute_in(office);
    let header = ["council", "specialty", "delayed_beds", "basis"];
    let mut table = TableWriter::new(out.join("delays.csv"), &header);
    for ((council, group), beds) in &by_council {
        let office = places.councils[*council].office.as_str();
        let share = beds / by_office[office];
        table.row(&[council, group, decimals(delayed(office) * share, 6).as_str(), DERIVED]);
    }
    table.finish()?;
    Ok(published.delay_rates.keys().map(|office| (office.clone(), delayed(office))).collect())
}

/// Writes `councils.csv` and `social_care.csv`; returns how many councils had to be estimated.
pub fn write_spend(places: &Places, published: &Published, out: &Path) -> Result<usize, ImportError> {
    let mean = mean_spend(places, published);
    let mut estimated = 0;
    let mut councils =
        TableWriter::new(out.join("councils.csv"), &["council", "name", "region", "budget_gbp", "basis"]);
    let mut spend =
        TableWriter::new(out.join("social_care.csv"), &["council", "service", "spend_gbp", "year", "basis"]);
    for (id, council) in &places.councils {
        let known = published.spend.get(id).and_then(full);
        let basis = if known.is_some() { PUBLISHED } else { ESTIMATED };
        estimated += usize::from(known.is_none());
        let [total, older, children] = known.unwrap_or_else(|| mean.map(|a_head| a_head * council.people));
        let pounds = |thousands: f64| decimals((thousands * 1000.0).round(), 0);
        let services =
            [("children", children), ("older_people", older), ("other_adults", total - older - children)];
        councils.row(&[id.as_str(), &council.name, &council.office, &pounds(total), basis]);
        for (service, amount) in services {
            spend.row(&[id.as_str(), service, &pounds(amount), "2000-01", basis]);
        }
    }
    councils.finish()?;
    spend.finish()?;
    Ok(estimated)
}

/// Total, older people, children; `None` where one of them is not known.
fn full(spend: &Spend) -> Option<[f64; 3]> {
    Some([spend.total?, spend.older_people?, spend.children?])
}

/// Spend a head, £ thousand, of the councils that are known.
fn mean_spend(places: &Places, published: &Published) -> [f64; 3] {
    let mut sums = [0.0; 3];
    let mut people = 0.0;
    for (id, council) in &places.councils {
        if let Some(known) = published.spend.get(id).and_then(full) {
            people += council.people;
            for (sum, part) in sums.iter_mut().zip(known) {
                *sum += part;
            }
        }
    }
    sums.map(|sum| if people > 0.0 { sum / people } else { 0.0 })
}
