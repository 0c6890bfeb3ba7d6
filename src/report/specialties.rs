//! `specialties.csv`: beds and need of every specialty in every region, and what would be left unmet if nothing were
//! done.

use super::Report;
use super::sums::{comparator, share};
use super::table::{Cell, Table};
use super::tables::{need_cells, need_columns};
use crate::domain::units::{Beds, OccupiedBeds};
use crate::domain::{PeriodIx, RegionIx, SpecialtyIx};
use crate::pipeline::result::Comparator;
use crate::solution::plan::NeedOutcome;
use std::collections::BTreeMap;

/// Specialty, region and period: what a row is about, in the order of the rows.
type Key = (SpecialtyIx, RegionIx, PeriodIx);

/// What a row adds up.
#[derive(Debug, Default)]
struct Sum {
    before: Beds,
    new: Beds,
    after: Beds,
    occupied: OccupiedBeds,
    outcome: NeedOutcome,
}

/// The table: beds by where they stand, need by where people live. O(pools + areas × specialties).
pub fn specialties(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut columns = vec!["specialty", "name", "region", "region_name", "period"];
    columns.extend(["beds_before", "new", "beds_after", "occupied_beds"]);
    columns.extend(need_columns(report));
    columns.extend(["unmet_beds_before", "unmet_share"]);
    let mut table = Table::new(&columns);
    let nothing = comparator(report.result, Comparator::DoNothing);
    for ((specialty, region, period), sum) in sums(report) {
        let mut cells = vec![
            Cell::Text(system.specialties.id(specialty).as_str()),
            Cell::Text(&system.specialties[specialty].name),
            Cell::Text(system.regions.id(region).as_str()),
            Cell::Text(&system.regions[region].name),
            Cell::Text(system.periods.id(period).as_str()),
            Cell::Number(sum.before.0),
            Cell::Number(sum.new.0),
            Cell::Number(sum.after.0),
            Cell::Number(sum.occupied.0),
        ];
        cells.extend(need_cells(report, &sum.outcome));
        cells.push(Cell::maybe(nothing.map(|plan| plan.unmet_for(region, specialty, period).0)));
        cells.push(Cell::maybe(share(sum.outcome.unmet, sum.outcome.need).map(|share| share.0)));
        table.row(&cells);
    }
    table.finish()
}

fn sums(report: &Report) -> BTreeMap<Key, Sum> {
    let system = report.system;
    let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
    for specialty in system.specialties.indices() {
        for region in system.regions.indices() {
            let periods = system.periods.indices();
            sums.extend(periods.map(|period| ((specialty, region, period), Sum::default())));
        }
    }
    for row in &report.sums.sites {
        let sum = sums.entry((row.specialty, system.sites[row.site].region, row.period)).or_default();
        sum.before += row.before;
        sum.new += row.new;
        sum.after += row.after();
        sum.occupied += row.occupied;
    }
    for (&(area, specialty, period), outcome) in &report.result.plan.needs {
        sums.entry((specialty, system.areas[area].region, period)).or_default().outcome += *outcome;
    }
    sums
}
