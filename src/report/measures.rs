//! What a plan does besides new acute beds: a table for each part that the model has, and its place in the
//! summary. A model without such a part has neither.

use super::number::grouped;
use super::summary_json::number;
use super::table::{Cell, Table};
use super::{Report, ReportFile};
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Pounds, Proportion};
use crate::domain::{AreaIx, CommissionerIx, PeriodIx, ProgrammeIx, SiteIx, SpecialtyIx};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// `step_down.csv`, `prevention.csv` and `bed_management.csv`, where the model has that part.
pub fn files(report: &Report) -> Vec<ReportFile> {
    let policy = &report.system.policy;
    let mut files = Vec::new();
    if policy.step_down.is_some() {
        files.push(ReportFile { name: "step_down.csv", bytes: step_down(report) });
    }
    if policy.prevention.is_some() {
        files.push(ReportFile { name: "prevention.csv", bytes: prevention(report) });
    }
    if policy.bed_management.is_some() {
        files.push(ReportFile { name: "bed_management.csv", bytes: bed_management(report) });
    }
    files
}

/// A community site in a period.
struct StepDownRow {
    site: SiteIx,
    period: PeriodIx,
    before: Beds,
    by_nhs: Beds,
    by_council: Beds,
    /// Step-down beds occupied.
    occupied: OccupiedBeds,
    /// Acute need met there.
    replaced: OccupiedBeds,
    nhs_cost: Pounds,
    council_cost: Pounds,
}

impl StepDownRow {
    fn after(&self) -> Beds {
        self.before + self.by_nhs + self.by_council
    }
}

fn step_down_rows(report: &Report) -> Vec<StepDownRow> {
    let system = report.system;
    let Some(rule) = &system.policy.step_down else { return Vec::new() };
    let mut replaced: BTreeMap<(SiteIx, PeriodIx), OccupiedBeds> = BTreeMap::new();
    for flow in report.result.plan.flows.iter().filter(|flow| system.community.contains_key(&flow.site)) {
        *replaced.entry((flow.site, flow.period)).or_default() += flow.treated;
    }
    let measures = &report.result.plan.measures;
    let mut rows = Vec::new();
    for (&site, beds) in &system.community {
        let mut before = beds.available;
        for period in system.periods.indices() {
            let opened = measures.step_down.get(&(site, period)).copied().unwrap_or_default();
            let until = measures.opened_until(site, period);
            let replaced = replaced.get(&(site, period)).copied().unwrap_or_default();
            let row = StepDownRow {
                site,
                period,
                before,
                by_nhs: opened.by_nhs,
                by_council: opened.by_council,
                occupied: replaced / rule.substitution.0,
                replaced,
                nhs_cost: rule.bed_year() * until.by_nhs.0,
                council_cost: rule.bed_year() * until.by_council.0,
            };
            before = row.after();
            rows.push(row);
        }
    }
    rows
}

/// `step_down.csv`: beds of community sites, which are no part of `allocation.csv`, and who pays for those
/// opened so far.
fn step_down(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut table = Table::new(&[
        "site",
        "name",
        "trust",
        "commissioner",
        "region",
        "council",
        "period",
        "beds_before",
        "opened_by_nhs",
        "opened_by_council",
        "beds_after",
        "occupied_beds",
        "occupancy_cap",
        "occupancy",
        "acute_beds_replaced",
        "nhs_cost_gbp",
        "council_cost_gbp",
    ]);
    let cap = system.policy.step_down.as_ref().map_or(Proportion::ZERO, |rule| rule.occupancy);
    for row in step_down_rows(report) {
        let site = &system.sites[row.site];
        let council = system.community[&row.site].council;
        table.row(&[
            Cell::Text(system.sites.id(row.site).as_str()),
            Cell::Text(&site.name),
            Cell::Text(system.trusts.id(site.trust).as_str()),
            Cell::Text(system.commissioners.id(site.commissioner).as_str()),
            Cell::Text(system.regions.id(site.region).as_str()),
            council.map_or(Cell::Blank, |council| Cell::Text(system.councils.id(council).as_str())),
            Cell::Text(system.periods.id(row.period).as_str()),
            Cell::Number(row.before.0),
            Cell::Number(row.by_nhs.0),
            Cell::Number(row.by_council.0),
            Cell::Number(row.after().0),
            Cell::Number(row.occupied.0),
            Cell::Number(cap.0),
            Cell::maybe((row.after().0 > 0.0).then(|| (row.occupied / row.after()).0)),
            Cell::Number(row.replaced.0),
            Cell::Number(row.nhs_cost.0),
            Cell::Number(row.council_cost.0),
        ]);
    }
    table.finish()
}

/// Need that each programme prevents for each commissioner.
fn prevented(report: &Report) -> BTreeMap<(ProgrammeIx, CommissionerIx, PeriodIx), OccupiedBeds> {
    let system = report.system;
    let mut sums = BTreeMap::new();
    let keys: Vec<(AreaIx, SpecialtyIx, PeriodIx)> = report.result.plan.needs.keys().copied().collect();
    for (area, specialty, period) in keys {
        let commissioner = system.areas[area].commissioner;
        for (programme, _, rule) in system.programmes.iter() {
            let key = (programme, commissioner, period);
            let (Some(&share), Some(&roll_out)) =
                (rule.prevented.get(&specialty), report.result.plan.measures.roll_out.get(&key))
            else {
                continue;
            };
            *sums.entry(key).or_insert(OccupiedBeds::ZERO) +=
                system.need_in(area, specialty, period) * share * roll_out;
        }
    }
    sums
}

/// Cost of a roll-out, £ a year.
fn roll_out_cost(
    system: &CareSystem,
    programme: ProgrammeIx,
    commissioner: CommissionerIx,
    roll_out: Proportion,
) -> Pounds {
    system.programmes[programme].cost_per_head * system.people_of(commissioner).0 * roll_out
}

/// `prevention.csv`: how far each commissioner rolls out each programme.
fn prevention(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut table =
        Table::new(&["programme", "commissioner", "period", "roll_out", "prevented_beds", "cost_gbp"]);
    let prevented = prevented(report);
    for (&key, &roll_out) in &report.result.plan.measures.roll_out {
        let (programme, commissioner, period) = key;
        table.row(&[
            Cell::Text(system.programmes.id(programme).as_str()),
            Cell::Text(system.commissioners.id(commissioner).as_str()),
            Cell::Text(system.periods.id(period).as_str()),
            Cell::Number(roll_out.0),
            Cell::Number(prevented.get(&key).copied().unwrap_or_default().0),
            Cell::Number(roll_out_cost(system, programme, commissioner, roll_out).0),
        ]);
    }
    table.finish()
}

/// `bed_management.csv`: room freed by shorter stays at each specialty of each site.
fn bed_management(report: &Report) -> Vec<u8> {
    let system = report.system;
    let mut table = Table::new(&["site", "specialty", "period", "freed_beds", "cost_gbp"]);
    let bed = system.policy.bed_management.map_or(Pounds::ZERO, |rule| rule.bed_year());
    for (&(site, specialty, period), freed) in &report.result.plan.measures.freed {
        table.row(&[
            Cell::Text(system.sites.id(site).as_str()),
            Cell::Text(system.specialties.id(specialty).as_str()),
            Cell::Text(system.periods.id(period).as_str()),
            Cell::Number(freed.0),
            Cell::Number((bed * freed.0).0),
        ]);
    }
    table.finish()
}

/// What each part that the model has comes to, in a sentence for the screen.
pub fn lines(report: &Report) -> Vec<String> {
    let policy = &report.system.policy;
    let beds = |value: f64| grouped(value, 1);
    let mut lines = moved(report);
    if policy.step_down.is_some() {
        let rows = step_down_rows(report);
        let sum = |value: fn(&StepDownRow) -> f64| beds(likely_sum(report, &rows, value));
        lines.push(format!(
            "Step-down beds opened: {} by the NHS and {} by councils; {} occupied beds of need are met in \
             step-down beds.",
            beds(rows.iter().map(|row| row.by_nhs.0).sum()),
            beds(rows.iter().map(|row| row.by_council.0).sum()),
            sum(|row| row.replaced.0)
        ));
    }
    if policy.prevention.is_some() {
        let prevented = beds(report.sums.nation.prevented.0);
        lines.push(format!("Prevention takes {prevented} occupied beds off the need."));
    }
    if policy.bed_management.is_some() {
        let freed = freed(report);
        lines.push(format!("Shorter stays free {} occupied beds.", beds(freed.0)));
    }
    lines
}

/// Beds that change place, specialty or that close, all waves; nothing where none do.
fn moved(report: &Report) -> Vec<String> {
    let moves = report.sums.nation.moves;
    let ways = [
        (moves.reallocated_out, "moved to other sites"),
        (moves.converted_from, "converted to other specialties"),
        (moves.closed, "closed"),
    ];
    let told = ways.into_iter().filter(|(beds, _)| grouped(beds.0, 1) != "0.0");
    let told: Vec<String> = told.map(|(beds, how)| format!("{} {how}", grouped(beds.0, 1))).collect();
    if told.is_empty() { Vec::new() } else { vec![format!("Beds of today: {}.", told.join(", "))] }
}

/// What rows say, added up over the periods by how likely their scenario of need is.
fn likely_sum(report: &Report, rows: &[StepDownRow], value: fn(&StepDownRow) -> f64) -> f64 {
    rows.iter().map(|row| value(row) * report.system.periods[row.period].probability.0).sum()
}

/// Room freed by shorter stays, all periods by how likely their scenario of need is.
fn freed(report: &Report) -> OccupiedBeds {
    let freed = report.result.plan.measures.freed.iter();
    freed.map(|(&(.., period), freed)| *freed * report.system.periods[period].probability).sum()
}

/// Puts each part that the model has into the summary. Beds freed and prevented and money are added up over
/// the periods by how likely their scenario is, step-down beds are those at the end.
pub fn add_to_summary(summary: &mut Value, report: &Report) {
    let system = report.system;
    if system.policy.step_down.is_some() {
        let rows = step_down_rows(report);
        let last = system.periods.indices().last();
        let at_the_end = rows.iter().filter(|row| Some(row.period) == last);
        let opened = |value: fn(&StepDownRow) -> f64| number(rows.iter().map(value).sum());
        let sum = |value: fn(&StepDownRow) -> f64| number(likely_sum(report, &rows, value));
        summary["step_down"] = json!({
            "beds_before": number(system.community.values().map(|beds| beds.available.0).sum()),
            "opened_by_nhs": opened(|row| row.by_nhs.0),
            "opened_by_council": opened(|row| row.by_council.0),
            "beds_after": number(at_the_end.map(|row| row.after().0).sum()),
            "acute_beds_replaced": sum(|row| row.replaced.0),
            "nhs_cost_gbp": sum(|row| row.nhs_cost.0),
            "council_cost_gbp": sum(|row| row.council_cost.0),
        });
    }
    let measures = &report.result.plan.measures;
    if system.policy.prevention.is_some() {
        let costs = measures.roll_out.iter().map(|(key, share)| {
            let likely = system.periods[key.2].probability.0;
            roll_out_cost(system, key.0, key.1, *share).0 * likely
        });
        summary["prevention"] = json!({
            "prevented_beds": number(report.sums.nation.prevented.0),
            "cost_gbp": number(costs.sum()),
        });
    }
    if let Some(rule) = system.policy.bed_management {
        let freed = freed(report);
        summary["bed_management"] =
            json!({"freed_beds": number(freed.0), "cost_gbp": number((rule.bed_year() * freed.0).0)});
    }
}
