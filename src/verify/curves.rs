//! Whether `value_curves.csv`, where somebody had it found, can be the curves of this plan.
//!
//! How low a curve may lie would take a solver. What the files tell is checked: the plan's point has the plan's beds; no
//! number of beds leaves less unmet than the proven level, which the plan's own number reaches; each bed is worth no more
//! than the one before; and a region is left no more unmet than it needs.

use super::VerifyError;
use super::files::{Results, position};
use super::parameters::Parameters;
use super::report::{Check, Tally};
use super::table::Table;
use crate::domain::RegionIx;
use crate::domain::policy::{Combination, Term};
use std::collections::BTreeMap;
use std::path::Path;

/// The file; a result folder has it where `negotiate --curves` was asked.
const FILE: &str = "value_curves.csv";

/// A plan's point may stand for a breakpoint this near, in beds.
const SAME_BEDS: f64 = 1e-3;

/// A row of the table.
struct Point {
    is_plan: bool,
    beds: f64,
    england: f64,
    own: [f64; 2],
}

/// Checks the table; nothing where the folder has none.
pub fn check(folder: &Path, p: &Parameters, results: &Results) -> Result<Option<Check>, VerifyError> {
    if !folder.join(FILE).is_file() {
        return Ok(None);
    }
    let planned = planned(folder, p)?;
    let least = least_unmet(p, results);
    let beds_make_need = p.system.policy.induced.is_on();
    let mut tally = Tally::new("value curves", "beds");
    for (&region, points) in &read(folder, p)? {
        let name = &p.system.regions[region].name;
        let need = needed(p, region);
        for point in points {
            let at = |what: &str| format!("{name}, {} new beds: {what}", point.beds);
            let [low, high] = point.own;
            tally.see(low - high, high, || at("the most of its own left unmet is less than the least"));
            if !beds_make_need {
                tally.see(high - need, need, || at("more of its own is left unmet than it needs"));
            }
            if let Some(least) = least {
                tally.see(least.0 - point.england, least.0, || at("less is left unmet than can be"));
            }
            if point.is_plan {
                let beds = planned.get(&region).copied().unwrap_or(0.0);
                let apart = (point.beds - beds).abs() - SAME_BEDS;
                tally.see(apart, beds, || at(&format!("the plan gives {beds}")));
                if let Some((least, true)) = least {
                    tally.same(point.england, least, || at("unmet in the plan"));
                }
            }
        }
        for three in points.windows(3) {
            let [before, at, after] = [&three[0], &three[1], &three[2]];
            let share = (at.beds - before.beds) / (after.beds - before.beds);
            let straight = before.england + share * (after.england - before.england);
            tally.see(at.england - straight, straight, || {
                format!("{name}, {} new beds: those that follow are worth more", at.beds)
            });
        }
    }
    Ok(Some(tally.done()))
}

/// What the first level proves that no plan leaves less unmet than, and whether the plan itself reaches it. `None` where
/// other aims come before.
fn least_unmet(p: &Parameters, results: &Results) -> Option<(f64, bool)> {
    let Combination::Priorities(levels) = &p.system.policy.objective.combination else { return None };
    let first = levels.first().filter(|level| level.term == Term::Unmet)?;
    let in_fractions = !results.summary.in_fractions.is_empty();
    let solved = if in_fractions { &results.summary.in_fractions } else { &results.summary.levels };
    Some((solved.first()?.value, first.tolerance == 0.0 && !in_fractions))
}

/// Occupied beds that a region's people need whatever beds there are, all periods together.
fn needed(p: &Parameters, region: RegionIx) -> f64 {
    let of_region = || p.points.iter().enumerate().filter(|(_, at)| p.system.areas[at.area].region == region);
    (0..p.periods()).flat_map(|period| of_region().map(move |(at, _)| p.need(period, at))).sum()
}

fn read(folder: &Path, p: &Parameters) -> Result<BTreeMap<RegionIx, Vec<Point>>, VerifyError> {
    let table = Table::read(folder, FILE)?;
    let mut curves: BTreeMap<RegionIx, Vec<Point>> = BTreeMap::new();
    for row in table.rows() {
        let curve = curves.entry(position(row, "region", &p.system.regions)?).or_default();
        let point = Point {
            is_plan: row.text("point")? == "plan",
            beds: row.number("new_beds")?,
            england: row.number("england_unmet_beds")?,
            own: [row.number("own_unmet_least_beds")?, row.number("own_unmet_most_beds")?],
        };
        if curve.last().is_some_and(|last| last.beds >= point.beds) {
            return Err(row.fault("the beds of a curve ascend from row to row".to_owned()));
        }
        curve.push(point);
    }
    Ok(curves)
}

/// New beds of each region in the plan, all periods together.
fn planned(folder: &Path, p: &Parameters) -> Result<BTreeMap<RegionIx, f64>, VerifyError> {
    let mut beds = BTreeMap::new();
    for row in Table::read(folder, "regions.csv")?.rows() {
        *beds.entry(position(row, "region", &p.system.regions)?).or_default() += row.number("new")?;
    }
    Ok(beds)
}
