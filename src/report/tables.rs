//! The tables of the result folder: see the columns in each header.

use super::Report;
use super::sums::{self, PlaceSum, share};
use super::table::{Cell, Table};
use crate::domain::erlang::refused_at;
use crate::domain::index::Ix;
use crate::domain::packed::{Packing, gzip};
use crate::domain::units::{Minutes, OccupiedBeds};
use crate::domain::{CouncilIx, PeriodIx, RegionIx};
use crate::pipeline::result::Comparator;
use crate::solution::plan::{Moves, NeedOutcome};
use crate::solution::release::council_releases;
use std::collections::BTreeMap;

const BED_COLUMNS: [&str; 8] = [
    "beds_before",
    "new",
    "reallocated_in",
    "reallocated_out",
    "converted_to",
    "converted_from",
    "closed",
    "beds_after",
];
/// Beds moved, converted and closed: the columns of [`BED_COLUMNS`] between `new` and `beds_after`.
fn moved_cells(moves: &Moves) -> [Cell<'static>; 5] {
    let Moves { reallocated_in, reallocated_out, converted_to, converted_from, closed } = *moves;
    [reallocated_in, reallocated_out, converted_to, converted_from, closed].map(|beds| Cell::Number(beds.0))
}

/// What becomes of need: the columns of [`need_cells`].
const NEED_COLUMNS: [&str; 5] =
    ["need_beds", "treated_beds", "released_beds", "prevented_beds", "unmet_beds"];

/// The names of [`need_cells`]: need that beds bring forth has a column where the model knows of it.
pub(super) fn need_columns(report: &Report) -> Vec<&'static str> {
    let induced = report.system.policy.induced.is_on().then_some("induced_beds");
    NEED_COLUMNS.into_iter().chain(induced).collect()
}

pub(super) fn need_cells(report: &Report, outcome: &NeedOutcome) -> Vec<Cell<'static>> {
    let induced = report.system.policy.induced.is_on().then_some(outcome.induced);
    [outcome.need, outcome.treated, outcome.released, outcome.prevented, outcome.unmet]
        .into_iter()
        .chain(induced)
        .map(|beds| Cell::Number(beds.0))
        .collect()
}

/// `allocation.csv`: every specialty of every site; where pools have limits of refusals also what each refuses.
pub fn allocation(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut columns = vec!["site", "name", "trust", "commissioner", "region", "specialty", "period"];
    columns.extend(BED_COLUMNS);
    columns.extend(["occupied_beds", "occupancy_cap", "occupancy"]);
    let refusals = report.result.refusals.is_some();
    columns.extend(refusals.then_some("refused_share"));
    let mut table = Table::new(&columns);
    for row in &report.sums.sites {
        let site = &system.sites[row.site];
        let mut cells = vec![
            Cell::Text(system.sites.id(row.site).as_str()),
            Cell::Text(&site.name),
            Cell::Text(system.trusts.id(site.trust).as_str()),
            Cell::Text(system.commissioners.id(site.commissioner).as_str()),
            Cell::Text(system.regions.id(site.region).as_str()),
            Cell::Text(system.specialties.id(row.specialty).as_str()),
            Cell::Text(system.periods.id(row.period).as_str()),
            Cell::Number(row.before.0),
            Cell::Number(row.new.0),
        ];
        cells.extend(moved_cells(&row.moves));
        cells.extend([
            Cell::Number(row.after().0),
            Cell::Number(row.occupied.0),
            Cell::Number(row.cap.0),
            Cell::maybe((row.after().0 > 0.0).then(|| (row.occupied / row.after()).0)),
        ]);
        cells.extend(refusals.then(|| Cell::Exact(refused_at(row.after(), row.occupied).0)));
        table.row(&cells);
    }
    table.finish()
}

/// `regions.csv`: beds by where they stand, need by where people live.
pub fn regions(report: &Report) -> Vec<u8> {
    let register = &report.system.regions;
    let named = |place: RegionIx| (register.id(place).as_str(), register[place].name.as_str());
    let before = |region, period| unmet_before(report, region, period);
    places(report, "region", &report.sums.regions, named, true, before)
}

/// `commissioners.csv`: the same by commissioner.
pub fn commissioners(report: &Report) -> Vec<u8> {
    let register = &report.system.commissioners;
    let named = |place| (register.id(place).as_str(), register[place].name.as_str());
    places(report, "commissioner", &report.sums.commissioners, named, true, |_, _| None)
}

/// `trusts.csv`: the same by trust. Nobody lives in a trust, so its need and unmet need are blank.
pub fn trusts(report: &Report) -> Vec<u8> {
    let register = &report.system.trusts;
    let named = |place| (register.id(place).as_str(), register[place].name.as_str());
    places(report, "trust", &report.sums.trusts, named, false, |_, _| None)
}

/// Unmet need of a region in a period if nothing were done.
fn unmet_before(report: &Report, region: RegionIx, period: PeriodIx) -> Option<OccupiedBeds> {
    Some(sums::comparator(report.result, Comparator::DoNothing)?.unmet_in(region, period))
}

fn places<'a, P: Ix>(
    report: &'a Report,
    kind: &'static str,
    sums: &BTreeMap<(P, PeriodIx), PlaceSum>,
    named: impl Fn(P) -> (&'a str, &'a str),
    lived_in: bool,
    before: impl Fn(P, PeriodIx) -> Option<OccupiedBeds>,
) -> Vec<u8> {
    let system = report.system;
    let mut columns = vec![kind, "name", "period"];
    columns.extend(BED_COLUMNS);
    columns.extend(["occupied_beds", "occupancy_cap", "occupancy"]);
    columns.extend(["need_beds", "treated_beds", "released_beds", "unmet_beds", "unmet_beds_before"]);
    columns.extend(["unmet_share", "worst_area", "worst_area_name", "worst_area_unmet_share"]);
    let mut table = Table::new(&columns);
    for (&(place, period), sum) in sums {
        let (id, name) = named(place);
        let mut cells =
            vec![Cell::Text(id), Cell::Text(name), Cell::Text(system.periods.id(period).as_str())];
        cells.extend([Cell::Number(sum.before.0), Cell::Number(sum.new.0)]);
        cells.extend(moved_cells(&sum.moves));
        let open = sum.after().0 > 0.0;
        cells.extend([
            Cell::Number(sum.after().0),
            Cell::Number(sum.occupied.0),
            Cell::maybe(open.then(|| (sum.room / sum.after()).0)),
            Cell::maybe(open.then(|| (sum.occupied / sum.after()).0)),
        ]);
        if lived_in {
            cells.extend([
                Cell::Number(sum.need.0),
                Cell::Number(sum.treated.0),
                Cell::Number(sum.released.0),
                Cell::Number(sum.unmet.0),
                Cell::maybe(before(place, period).map(|unmet| unmet.0)),
                Cell::maybe(share(sum.unmet, sum.need).map(|share| share.0)),
            ]);
            cells.extend(match sum.worst_area {
                None => [Cell::Blank; 3],
                Some((area, worst)) => [
                    Cell::Text(system.areas.id(area).as_str()),
                    Cell::Text(&system.areas[area].name),
                    Cell::Number(worst.0),
                ],
            });
        } else {
            cells.extend([Cell::Blank; 9]);
        }
        table.row(&cells);
    }
    table.finish()
}

/// `areas.csv`: what becomes of each area's need, all specialties together. Mean minutes are over its
/// patients; blank where nobody is treated.
pub fn areas(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut columns = vec!["area", "period"];
    columns.extend(need_columns(report));
    columns.push("mean_minutes");
    let mut table = Table::new(&columns);
    for row in &report.sums.areas {
        let treated = row.outcome.treated;
        let mean: Option<Minutes> = (treated.0 > 0.0).then(|| row.travel / treated);
        let mut cells = vec![
            Cell::Text(system.areas.id(row.area).as_str()),
            Cell::Text(system.periods.id(row.period).as_str()),
        ];
        cells.extend(need_cells(report, &row.outcome));
        cells.push(Cell::maybe(mean.map(|minutes| minutes.0)));
        table.row(&cells);
    }
    table.finish()
}

/// `unmet.csv.gz`: what becomes of need area by area and specialty by specialty, which is what the demand
/// balances are checked against.
pub fn unmet(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut columns = vec!["area", "specialty", "period"];
    columns.extend(need_columns(report));
    let mut table = Table::new(&columns);
    for (&(area, specialty, period), outcome) in &report.result.plan.needs {
        let mut cells = vec![
            Cell::Text(system.areas.id(area).as_str()),
            Cell::Text(system.specialties.id(specialty).as_str()),
            Cell::Text(system.periods.id(period).as_str()),
        ];
        cells.extend(need_cells(report, outcome));
        table.row(&cells);
    }
    gzip(&table.finish(), Packing::Usual)
}

/// `flows.csv.gz`: who is treated where, in order of area, site, specialty and period.
pub fn flows(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut flows: Vec<_> = report.result.plan.flows.iter().collect();
    flows.sort_by_key(|flow| (flow.area, flow.site, flow.specialty, flow.period));
    let mut table = Table::new(&["area", "site", "specialty", "period", "occupied_beds", "minutes"]);
    for flow in flows {
        table.row(&[
            Cell::Text(system.areas.id(flow.area).as_str()),
            Cell::Text(system.sites.id(flow.site).as_str()),
            Cell::Text(system.specialties.id(flow.specialty).as_str()),
            Cell::Text(system.periods.id(flow.period).as_str()),
            Cell::Number(flow.treated.0),
            Cell::Number(flow.minutes.0),
        ]);
    }
    gzip(&table.finish(), Packing::Usual)
}

/// `social_care.csv`: each council's services. Released beds stand at the service that releases them;
/// what the council receives from the pooled fund stands in each of its rows.
/// Empty but for its header when this part is off.
pub fn social_care(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut table = Table::new(&[
        "council",
        "service",
        "period",
        "spend_before_gbp",
        "floor_gbp",
        "spend_after_gbp",
        "released_beds",
        "received_by_council_gbp",
    ]);
    let Some(policy) = &system.policy.social_care else { return table.finish() };
    let released = released_by_council(report);
    for (&(council, service, period), after) in &report.result.plan.spend {
        let before = system.spend[(council, service)];
        let releases = policy.releasing_service == Some(service);
        let beds = released.get(&(council, period)).copied().unwrap_or_default();
        let pooled = report.result.plan.pooled.get(&(council, period)).copied().unwrap_or_default();
        table.row(&[
            Cell::Text(system.councils.id(council).as_str()),
            Cell::Text(system.services.id(service).as_str()),
            Cell::Text(system.periods.id(period).as_str()),
            Cell::Number(before.0),
            Cell::Number((before * policy.floor_of(service)).0),
            Cell::Number(after.0),
            Cell::Number(if releases { beds.0 } else { 0.0 }),
            Cell::Number(pooled.0),
        ]);
    }
    table.finish()
}

/// `release.csv`: delay that councils can release, and do release, specialty by specialty. Empty but for
/// its header when this part is off.
pub fn release(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut table = Table::new(&["council", "specialty", "period", "deliverable_beds", "released_beds"]);
    for row in council_releases(system, &report.result.plan) {
        table.row(&[
            Cell::Text(system.councils.id(row.council).as_str()),
            Cell::Text(system.specialties.id(row.specialty).as_str()),
            Cell::Text(system.periods.id(row.period).as_str()),
            Cell::Number(row.deliverable.0),
            Cell::Number(row.released.0),
        ]);
    }
    table.finish()
}

/// `sites.csv`: sites that may open or close, and whether they are open. Not there where none may.
pub fn sites(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut table = Table::new(&["site", "name", "period", "open", "fixed_cost_gbp"]);
    let decided = report.result.sites.iter().flat_map(|sites| &sites.open);
    for (&(site, period), &open) in decided {
        let cost = system.choice_on(site).map_or(0.0, |choice| choice.fixed_cost.0);
        table.row(&[
            Cell::Text(system.sites.id(site).as_str()),
            Cell::Text(&system.sites[site].name),
            Cell::Text(system.periods.id(period).as_str()),
            Cell::truth(open),
            Cell::Number(if open { cost } else { 0.0 }),
        ]);
    }
    table.finish()
}

fn released_by_council(report: &Report) -> BTreeMap<(CouncilIx, PeriodIx), OccupiedBeds> {
    let mut released: BTreeMap<(CouncilIx, PeriodIx), OccupiedBeds> = BTreeMap::new();
    for row in &report.sums.areas {
        let council = report.system.areas[row.area].council;
        *released.entry((council, row.period)).or_default() += row.outcome.released;
    }
    released
}
