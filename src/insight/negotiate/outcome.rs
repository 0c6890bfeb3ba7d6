//! What a plan comes to, as far as a negotiation goes, and where talks start from.

use crate::domain::system::CareSystem;
use crate::domain::units::{BedMinutes, Beds, OccupiedBeds, Proportion};
use crate::domain::{PeriodIx, RegionIx, SiteIx, SpecialtyIx};
use crate::insight::error::InsightError;
use crate::insight::files::{Files, Row};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What a plan comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// England's unmet need, in the unit of the model's term.
    pub unmet: OccupiedBeds,
    /// The unmet share of the worst-off group; `None` where there are no groups.
    pub worst_share: Option<Proportion>,
    /// Journeys, as the model's travel term counts them; `None` where it has none.
    pub travel: Option<BedMinutes>,
    /// New beds.
    pub new_beds: BTreeMap<Pool, Beds>,
    /// New beds of each region.
    pub region_beds: BTreeMap<RegionIx, Beds>,
    /// Unmet need of each region's people, all periods by their probability.
    pub region_unmet: BTreeMap<RegionIx, OccupiedBeds>,
}

impl Outcome {
    /// New beds of each site, all specialties and periods.
    pub fn site_beds(&self) -> BTreeMap<SiteIx, Beds> {
        let mut sums: BTreeMap<SiteIx, Beds> = BTreeMap::new();
        for (&(site, ..), &beds) in &self.new_beds {
            *sums.entry(site).or_default() += beds;
        }
        sums
    }
}

/// Beds that a result gave to a site's specialty in a period, and moved there.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GivenBeds {
    /// From the national pool.
    pub new: Beds,
    /// From other sites.
    pub reallocated_in: Beds,
    /// To other sites.
    pub reallocated_out: Beds,
    /// From other specialties.
    pub converted_to: Beds,
    /// To other specialties.
    pub converted_from: Beds,
    /// Closed.
    pub closed: Beds,
    /// The cap on their occupancy.
    pub cap: Proportion,
}

/// A site's specialty in a period.
pub type Pool = (SiteIx, SpecialtyIx, PeriodIx);

/// What `allocation.csv` of a result gave to each.
///
/// # Errors
/// When the table is missing, is malformed, or names what the model does not know.
pub fn given_beds(folder: &Path, system: &CareSystem) -> Result<BTreeMap<Pool, GivenBeds>, InsightError> {
    let table = Files::new(folder).table("allocation.csv")?;
    let read = |row: Row| {
        let unknown = |what: &str| table.fault(format!("it names a {what} that the model does not know"));
        let site = system.sites.find(row.text("site")?).ok_or_else(|| unknown("site"))?;
        let specialty =
            system.specialties.find(row.text("specialty")?).ok_or_else(|| unknown("specialty"))?;
        let period = system.periods.find(row.text("period")?).ok_or_else(|| unknown("period"))?;
        let beds = |column: &str| Ok::<_, InsightError>(Beds(row.maybe(column)?.unwrap_or(0.0)));
        let given = GivenBeds {
            new: beds("new")?,
            reallocated_in: beds("reallocated_in")?,
            reallocated_out: beds("reallocated_out")?,
            converted_to: beds("converted_to")?,
            converted_from: beds("converted_from")?,
            closed: beds("closed")?,
            cap: Proportion(row.number("occupancy_cap")?),
        };
        Ok(((site, specialty, period), given))
    };
    table.rows().map(read).collect()
}

/// What a result comes to, where talks can take it as it stands: solved to the end, in parts of a bed. `None` where the
/// best plan is still to be found.
///
/// # Errors
/// When `summary.json` cannot be read.
pub fn standing_outcome(
    folder: &Path,
    system: &CareSystem,
    given: &BTreeMap<Pool, GivenBeds>,
) -> Result<Option<Outcome>, InsightError> {
    let files = Files::new(folder);
    let summary = files.json("summary.json")?;
    let proven = summary.get("status").and_then(Value::as_str) == Some("optimal");
    if !proven || system.policy.whole_beds.is_some() {
        return Ok(None);
    }
    let term = |name: &str| summary.pointer(&format!("/objective/{name}/value")).and_then(Value::as_f64);
    let told = summary.get("regions").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let unmet_of = |region: RegionIx| {
        let code = system.regions.id(region).as_str();
        let of_region = told.iter().find(|told| told.get("region").and_then(Value::as_str) == Some(code))?;
        Some((region, OccupiedBeds(of_region.get("unmet_beds")?.as_f64()?)))
    };
    let region_unmet: Option<BTreeMap<_, _>> = system.regions.indices().map(unmet_of).collect();
    Ok(term("unmet").zip(region_unmet).map(|(unmet, region_unmet)| Outcome {
        unmet: OccupiedBeds(unmet),
        worst_share: term("inequality").map(Proportion),
        travel: term("travel").map(BedMinutes),
        new_beds: given.iter().map(|(&pool, beds)| (pool, beds.new)).collect(),
        region_beds: system
            .regions
            .indices()
            .map(|region| (region, beds_of(system, given, region)))
            .collect(),
        region_unmet,
    }))
}

/// A level that a result reached and proved.
#[derive(Debug, Clone, PartialEq)]
pub struct ReachedLevel {
    /// Its name.
    pub name: String,
    /// The value reached, in its unit.
    pub value: f64,
    /// Its prices by constraint: the family, and each member as `,column=id`, in the order of the columns.
    pub prices: BTreeMap<String, f64>,
}

/// The levels that a result reached, in order, with their prices.
///
/// # Errors
/// When `summary.json` or `prices.csv` cannot be read.
pub fn reached_levels(folder: &Path) -> Result<Vec<ReachedLevel>, InsightError> {
    let files = Files::new(folder);
    let summary = files.json("summary.json")?;
    let told = summary.get("levels").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let level = |told: &Value| {
        let name = told.get("name")?.as_str()?.to_owned();
        Some(ReachedLevel { name, value: told.get("value")?.as_f64()?, prices: BTreeMap::new() })
    };
    let mut levels: Vec<ReachedLevel> = told.iter().filter_map(level).collect();
    let table = files.table("prices.csv")?;
    let (first, last) = (table.position("constraint")?, table.position("shadow_price")?);
    let (of_level, columns) = (table.position("level")?, table.columns());
    for row in table.rows() {
        let Some(level) = levels.iter_mut().find(|level| level.name == row.at(of_level)) else { continue };
        let mut name = row.at(first).to_owned();
        for (at, member) in columns.iter().enumerate().take(last).skip(first + 1) {
            if !row.at(at).is_empty() {
                name.extend([",", member, "=", row.at(at)]);
            }
        }
        level.prices.insert(name, row.number("shadow_price")?);
    }
    Ok(levels)
}

/// New beds of a region in a result.
pub fn beds_of(system: &CareSystem, given: &BTreeMap<Pool, GivenBeds>, region: RegionIx) -> Beds {
    let of_region = given.iter().filter(|((site, ..), _)| system.sites[*site].region == region);
    of_region.map(|(_, beds)| beds.new).sum()
}

/// The fewest and most new beds of a region in plans equally good for every aim, where the result tells them.
///
/// # Errors
/// When `summary.json` cannot be read.
pub fn range_at_every_aim(
    folder: &Path,
    system: &CareSystem,
    region: RegionIx,
) -> Result<Option<EveryAim>, InsightError> {
    let summary = Files::new(folder).json("summary.json")?;
    let code = system.regions.id(region).as_str();
    let of_region = |told: &&Value| told.get("region").and_then(Value::as_str) == Some(code);
    let found = summary.get("regions").and_then(Value::as_array).and_then(|all| all.iter().find(of_region));
    let beds = |name: &str| found?.get(name)?.as_f64().map(Beds);
    Ok(beds("least_beds")
        .zip(beds("most_beds"))
        .map(|(least_beds, most_beds)| EveryAim { least_beds, most_beds }))
}

/// New beds of a region in plans equally good for every aim of the model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EveryAim {
    /// Fewest.
    pub least_beds: Beds,
    /// Most.
    pub most_beds: Beds,
}

/// Which sites were open in a result, of those that may open or close: `sites.csv`, where there is one.
///
/// # Errors
/// When the table is malformed or names what the model does not know.
pub fn open_sites(
    folder: &Path,
    system: &CareSystem,
) -> Result<BTreeMap<(SiteIx, PeriodIx), bool>, InsightError> {
    let files = Files::new(folder);
    if system.policy.site_choices.is_empty() || !files.has("sites.csv") {
        return Ok(BTreeMap::new());
    }
    let table = files.table("sites.csv")?;
    let read = |row: Row| {
        let site = system.sites.find(row.text("site")?);
        let period = system.periods.find(row.text("period")?);
        let (Some(site), Some(period)) = (site, period) else {
            return Err(table.fault("it names a site or period that the model does not know"));
        };
        Ok(((site, period), row.text("open")? == "true"))
    };
    table.rows().map(read).collect()
}
