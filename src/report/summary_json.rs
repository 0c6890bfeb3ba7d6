//! `summary.json`: the result at a glance, for programs.

use super::Report;
use super::measures;
use super::number::nine_decimals;
use super::sums::{PlaceSum, comparator, share, unmet_before, worst_region};
use super::warnings::warnings;
use crate::domain::policy::Term;
use crate::domain::units::Proportion;
use crate::domain::{RegionIx, units::OccupiedBeds};
use crate::lp::Limit;
use crate::pipeline::result::{Comparator, ComparatorResult, LevelResult, SiteDecision, Status, WholeBeds};
use crate::solution::LevelName;
use serde_json::{Map, Number, Value, json};

/// The text of `summary.json`. Need and unmet need are in occupied beds, added up over the periods by
/// their probability; `periods`, where there are several, tells each apart;
/// shares lie between 0 and 1. `bound` is the proven bound of the first level, `gap` the largest gap of
/// any level; in whole beds both are those of the first level in fractions.
pub fn render(report: &Report) -> String {
    let result = report.result;
    let nation = &report.sums.nation;
    let before = comparator(result, Comparator::DoNothing).map(|nothing| nothing.unmet);
    let mut summary = json!({
        "name": report.system.name,
        "status": status_word(result.status),
        "objective": objective(report),
        "bound": result.levels.first().map(|level| maybe(bound_of(report, level))),
        "gap": number(result.gap()),
        "need_beds": number(nation.need.0),
        "treated_beds": number(nation.treated.0),
        "released_beds": number(nation.released.0),
        "unmet_beds": number(nation.unmet.0),
        "unmet_beds_before": maybe(before.map(|beds| beds.0)),
        "unmet_share": share_of(nation.unmet, nation.need),
        "beds_before": number(nation.before.0),
        "new_beds": number(nation.new.0),
        "regions": report.system.regions.indices().map(|r| region(report, r)).collect::<Vec<_>>(),
        "comparators": comparators(report),
        "levels": result.levels.iter().map(|level| told(report, level)).collect::<Vec<_>>(),
        "out_of_reach": {
            "areas": result.out_of_reach.areas,
            "need_beds": number(result.out_of_reach.need.0),
        },
        "pairs": {
            "known": result.pairs.known,
            "inferred": result.pairs.inferred,
            "fallback": result.pairs.fallback,
        },
        "warnings": warnings(report),
    });
    if !report.system.policy.justifications.is_empty() {
        summary["justifications"] = justifications(report);
    }
    if let Some(refusals) = &result.refusals {
        let rounds = refusals
            .rounds
            .iter()
            .map(|round| json!({"pools_over": round.over, "worst_refused_share": number(round.worst.0)}));
        summary["refusals"] =
            json!({"rounds": rounds.collect::<Vec<_>>(), "caps_tightened": refusals.caps.len()});
    }
    if report.system.policy.induced.is_on() {
        summary["induced_beds"] = number(nation.induced.0);
    }
    if report.system.periods.len() > 1 {
        summary["periods"] = periods(report);
    }
    if let Some(sites) = &result.sites {
        summary["sites"] = decided(report, sites);
    }
    if let Some(whole) = &result.whole_beds {
        summary["whole_beds"] = whole_beds(whole);
    }
    measures::add_to_summary(&mut summary, report);
    format!("{summary:#}\n")
}

/// Each period of a plan with several: a wave, in one scenario of need.
fn periods(report: &Report) -> Value {
    let system = report.system;
    let periods = system.periods.iter().map(|(period, id, stretch)| {
        let mut sum = PlaceSum::default();
        for region in system.regions.indices() {
            sum.add(&report.sums.regions[&(region, period)]);
        }
        json!({
            "period": id.as_str(),
            "wave": stretch.wave + 1,
            "probability": number(stretch.probability.0),
            "beds_before": number(sum.before.0),
            "new_beds": number(sum.new.0),
            "beds_after": number(sum.after().0),
            "need_beds": number(sum.need.0),
            "treated_beds": number(sum.treated.0),
            "released_beds": number(sum.released.0),
            "unmet_beds": number(sum.unmet.0),
            "unmet_share": share_of(sum.unmet, sum.need),
        })
    });
    periods.collect::<Vec<_>>().into()
}

/// Why places differ from the national standards, as recorded beside the model.
fn justifications(report: &Report) -> Value {
    let system = report.system;
    let told = system.policy.justifications.iter().map(|found| {
        json!({
            "kind": found.who.kind(),
            "who": found.who.name(system),
            "what": found.what,
            "why": found.why,
            "evidence": found.evidence,
            "changes": found.changes(system),
        })
    });
    told.collect::<Vec<_>>().into()
}

/// Sites that are open or closed by choice, and what no other choice could beat.
fn decided(report: &Report, sites: &SiteDecision) -> Value {
    let system = report.system;
    let open = sites.open.iter().map(|(&(site, period), &open)| {
        json!({
            "site": system.sites.id(site).as_str(),
            "period": system.periods.id(period).as_str(),
            "open": open,
        })
    });
    let levels = sites.levels.iter().map(|level| {
        json!({
            "name": level.name.to_string(),
            "value": number(level.value),
            "bound_whichever_sites_are_open": number(level.bound),
            "unit": level.unit,
        })
    });
    json!({"choices": open.collect::<Vec<_>>(), "levels": levels.collect::<Vec<_>>()})
}

/// How a run ended, in one word for programs.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Optimal => "optimal",
        Status::Stopped(Limit::Time) => "time_limit",
        Status::Stopped(Limit::Iterations) => "iteration_limit",
        Status::Stopped(Limit::Interrupted) => "interrupted",
    }
}

fn objective(report: &Report) -> Value {
    let terms = report.result.terms.iter();
    terms
        .map(|(&term, value)| {
            let mut told = json!({"value": number(*value), "unit": term.unit()});
            if let (Term::Travel, Some((treated, unmet))) = (term, report.travel_parts()) {
                told["treated"] = number(treated.0);
                told["unmet_as_to_nearest"] = number(unmet.0);
            }
            (term.name().to_owned(), told)
        })
        .collect::<Map<_, _>>()
        .into()
}

fn region(report: &Report, region: RegionIx) -> Value {
    let system = report.system;
    let sum = report.sums.region(system, region);
    let range = report.result.ranges.iter().flatten().find(|range| range.region == region);
    let before = unmet_before(system, report.result, region);
    json!({
        "region": system.regions.id(region).as_str(),
        "name": system.regions[region].name,
        "population": number(population(report, region)),
        "beds_before": number(sum.before.0),
        "new_beds": number(sum.new.0),
        "least_beds": maybe(range.map(|range| range.least.0)),
        "most_beds": maybe(range.map(|range| range.most.0)),
        "need_beds": number(sum.need.0),
        "unmet_beds": number(sum.unmet.0),
        "unmet_beds_before": maybe(before.map(|beds| beds.0)),
        "unmet_share": share_of(sum.unmet, sum.need),
    })
}

fn population(report: &Report, region: RegionIx) -> f64 {
    let areas = report.system.areas.iter().filter(|(_, _, area)| area.region == region);
    areas.map(|(_, _, area)| area.population.0).sum()
}

fn comparators(report: &Report) -> Value {
    let found = Comparator::ALL.into_iter().filter_map(|which| comparator(report.result, which));
    found
        .map(|result| (result.comparator.name().to_owned(), one_comparator(report, result)))
        .collect::<Map<_, _>>()
        .into()
}

fn one_comparator(report: &Report, result: &ComparatorResult) -> Value {
    let system = report.system;
    let unmet = |region| result.unmet_of(system, region);
    let worst = worst_region(system, &report.sums, unmet);
    let regions = system.regions.indices().map(|region| {
        json!({
            "region": system.regions.id(region).as_str(),
            "new_beds": number(result.new_beds.get(&region).copied().unwrap_or_default().0),
            "unmet_beds": number(unmet(region).0),
            "unmet_share": share_of(unmet(region), report.sums.region(report.system, region).need),
        })
    });
    json!({
        "unmet_beds": number(result.unmet.0),
        "worst_region": worst.map(|(region, _)| system.regions.id(region).as_str()),
        "worst_region_unmet_share": maybe(worst.map(|(_, Proportion(share))| share)),
        "extra_unmet_beds": number((result.unmet - report.sums.nation.unmet).0),
        "regions": regions.collect::<Vec<_>>(),
    })
}

/// The bound of a level: in whole beds that in fractions, where there is one.
fn bound_of(report: &Report, level: &LevelResult) -> Option<f64> {
    match &report.result.whole_beds {
        Some(whole) => whole.bound_of(level.name),
        None => Some(level.bound),
    }
}

/// A level of the plan; in whole beds with its gap to the bound in fractions.
fn told(report: &Report, of: &LevelResult) -> Value {
    let mut told = level(of);
    if let Some(whole) = &report.result.whole_beds {
        told["bound"] = maybe(whole.bound_of(of.name));
        told["gap"] = maybe(whole.gap_of(of));
        told["bound_with_beds_fixed"] = number(of.bound);
    }
    told
}

/// How beds were made whole, and the levels in fractions.
fn whole_beds(whole: &WholeBeds) -> Value {
    let searched = whole.searched.iter().map(|level| {
        json!({
            "name": level.name.to_string(),
            "value": number(level.value),
            "bound_in_whole_beds": number(level.bound),
            "unit": level.unit,
        })
    });
    json!({
        "ward_size": number(whole.ward.0),
        "method": whole.method.name(),
        "gaps_while_mending": whole.trials.iter().copied().map(number).collect::<Vec<_>>(),
        "levels_in_fractions": whole.levels.iter().map(level).collect::<Vec<_>>(),
        "branch_and_bound": searched.collect::<Vec<_>>(),
        "note": "The bound of the first level holds for every plan in whole beds. Those of later levels are of plans \
                 in fractions that keep the earlier levels in fractions. Shadow prices are local: they come from the \
                 program with these beds fixed.",
    })
}

fn level(level: &LevelResult) -> Value {
    // A group's share is held at this value by later levels. Where beds bring forth need a bed more or less of a
    // group can be worth millions of minutes to them, so not a digit of a share is dropped.
    let exact = matches!(level.name, LevelName::Term(Term::Inequality, _));
    json!({
        "name": level.name.to_string(),
        "value": if exact { as_it_is(level.value) } else { number(level.value) },
        "unit": level.unit,
        "bound": number(level.bound),
        "gap": number(level.gap()),
        "merged": level.merged,
        "rows": level.size.0,
        "columns": level.size.1,
    })
}

fn share_of(part: OccupiedBeds, need: OccupiedBeds) -> Value {
    maybe(share(part, need).map(|share| share.0))
}

fn maybe(value: Option<f64>) -> Value {
    value.map_or(Value::Null, number)
}

/// A number that reads back bit for bit.
fn as_it_is(value: f64) -> Value {
    (value + 0.0).to_string().parse::<Number>().map_or(Value::Null, Value::Number)
}

/// A number, rounded; whole numbers stand without a decimal point.
pub(super) fn number(value: f64) -> Value {
    nine_decimals(value).to_string().parse::<Number>().map_or(Value::Null, Value::Number)
}
