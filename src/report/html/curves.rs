//! What each number of new beds is worth to each region: `value_curves.csv`, where somebody had it found.

use super::read::{maybe, number, short};
use crate::domain::system::CareSystem;
use crate::domain::{Ix, RegionIx};
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use crate::insight::negotiate::words::{england, share_words};
use crate::report::value_curves::{NAME, PLAN};
use serde::Serialize;
use std::collections::BTreeMap;

/// Beds of a plan this near are the same.
const SAME_BEDS: f64 = 0.01;

/// The curves, and why there are none.
#[derive(Debug, Default, Serialize)]
pub struct Curves {
    /// Curves in order of region; none where the file is missing, or of another plan.
    pub regions: Vec<Curve>,
    /// What an equity group is.
    group: &'static str,
    /// The unit of the nation's unmet need.
    unit: &'static str,
    /// Why nothing is drawn, for the reader.
    #[serde(skip)]
    pub missing: Option<&'static str>,
}

/// The curve of a region: columns, straight from one entry to the next.
#[derive(Debug, Default, Serialize)]
pub struct Curve {
    /// Position of the region.
    region: usize,
    /// New beds.
    beds: Vec<f64>,
    /// The nation's least unmet need.
    england: Vec<f64>,
    /// Unmet share of the worst-off group; blank where the model has no groups.
    worst: Vec<Option<f64>>,
    /// Least unmet need of the region's people.
    least: Vec<f64>,
    /// Most.
    most: Vec<f64>,
    /// Which entry is the plan's; `None` where the plan lies beyond the curve.
    plan: Option<usize>,
}

/// Reads the table, and holds it to the plan of this result: the page does not show what was found for another.
pub fn curves(ledger: &Ledger) -> Result<Curves, InsightError> {
    let system = ledger.system;
    let mut found = Curves { group: share_words(system), unit: england(system), ..Curves::default() };
    if !ledger.files.has(NAME) {
        found.missing = Some("It has not been worked out for this result.");
        return Ok(found);
    }
    let curves = read(ledger)?;
    let beds = plan_beds(ledger)?;
    let fits = |(region, curve): (&RegionIx, &Curve)| {
        let plan = curve.plan.and_then(|at| curve.beds.get(at)).copied();
        plan.is_some_and(|plan| (plan - beds.get(region).copied().unwrap_or(0.0)).abs() < SAME_BEDS)
    };
    if !curves.iter().all(fits) {
        found.missing = Some(
            "value_curves.csv was found for another plan than that of this result, so it is not shown: have it worked out anew.",
        );
        return Ok(found);
    }
    found.regions = curves.into_values().collect();
    Ok(found)
}

fn read(ledger: &Ledger) -> Result<BTreeMap<RegionIx, Curve>, InsightError> {
    const COLUMNS: [&str; 7] = [
        "region",
        "point",
        "new_beds",
        "england_unmet_beds",
        "worst_unmet_share",
        "own_unmet_least_beds",
        "own_unmet_most_beds",
    ];
    let system: &CareSystem = ledger.system;
    let table = ledger.files.table(NAME)?;
    let mut at = [0; COLUMNS.len()];
    for (position, column) in at.iter_mut().zip(COLUMNS) {
        *position = table.position(column)?;
    }
    let mut curves: BTreeMap<RegionIx, Curve> = BTreeMap::new();
    for row in table.rows() {
        let Some(region) = system.regions.find(row.at(at[0])) else {
            return Err(table.fault(format!("the model has no region \"{}\"", row.at(at[0]))));
        };
        for column in [2, 3, 5, 6] {
            row.number(COLUMNS[column])?;
        }
        let curve =
            curves.entry(region).or_insert_with(|| Curve { region: region.get(), ..Curve::default() });
        if row.at(at[1]) == PLAN {
            curve.plan = Some(curve.beds.len());
        }
        curve.beds.push(short(number(row, at[2]), 3));
        curve.england.push(short(number(row, at[3]), 3));
        curve.worst.push(maybe(row, at[4]).map(|share| short(share, 7)));
        curve.least.push(short(number(row, at[5]), 3));
        curve.most.push(short(number(row, at[6]), 3));
    }
    Ok(curves)
}

/// New beds of each region in the plan, all periods together.
fn plan_beds(ledger: &Ledger) -> Result<BTreeMap<RegionIx, f64>, InsightError> {
    let table = ledger.files.table("regions.csv")?;
    let (region, new) = (table.position("region")?, table.position("new")?);
    let mut beds: BTreeMap<RegionIx, f64> = BTreeMap::new();
    for row in table.rows() {
        if let Some(region) = ledger.system.regions.find(row.at(region)) {
            *beds.entry(region).or_default() += number(row, new);
        }
    }
    Ok(beds)
}
