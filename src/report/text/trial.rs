//! What trials found, as text and as JSON: why a demand does not hold, and what ten beds more or fewer would do.

use super::conflict;
use super::lines::Page;
use crate::domain::RegionIx;
use crate::domain::number::{grouped, percent};
use crate::domain::policy::Whose;
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::insight::demand::{Relation, Wanted};
use crate::pipeline::trial::{CaseEnd, Outcome, regions_of};
use crate::solution::words::name_or_id;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Changes of unmet need up to so many occupied beds are told as none.
const NO_CHANGE: f64 = 0.05;

/// A demand that somebody expected to hold.
#[derive(Debug)]
pub struct WhyNot<'a> {
    /// The demand.
    pub wanted: &'a Wanted,
    /// New beds that the plan gives the place.
    pub planned: Beds,
    /// The model as it is, and with the demand; `None` where the plan meets it.
    pub tried: Option<(&'a CaseEnd, &'a CaseEnd)>,
}

/// One "what if" beside the model as it is.
#[derive(Debug)]
pub struct Tried<'a> {
    /// What was tried, as the beginning of a sentence.
    pub what: String,
    /// Beds that are more (or fewer), for a rate by bed.
    pub beds: Beds,
    /// What became of it.
    pub end: &'a CaseEnd,
}

/// "at least 300 new beds for North East".
pub fn demand_words(wanted: &Wanted) -> String {
    let how = match wanted.relation {
        Relation::Min => "at least",
        Relation::Max => "at most",
        Relation::Exactly => "exactly",
    };
    format!("{how} {} new beds for {}", grouped(wanted.beds.0, decimals(wanted.beds.0)), wanted.name)
}

/// Why a demand does not hold, in words.
pub fn why_not(system: &CareSystem, asked: &WhyNot, colour: bool) -> String {
    let mut page = Page::new(colour);
    page.heading(&format!("Why not {}?", demand_words(asked.wanted)));
    page.bullet(&format!("The plan gives {} {} new beds.", asked.wanted.name, grouped(asked.planned.0, 1)));
    match asked.tried {
        None => page.bullet("So the demand holds already."),
        Some((_, CaseEnd::Infeasible(Some(found), system))) => {
            page.bullet("It cannot be done as long as every rule of the model stays as it is.");
            page.gap();
            for line in conflict::render(system, found).lines() {
                page.line(line);
            }
        }
        Some((_, CaseEnd::Infeasible(None, _))) => {
            page.bullet("It cannot be done; which other rules it collides with was not found.");
        }
        Some((CaseEnd::Reached(base), CaseEnd::Reached(with))) => {
            page.bullet("It can be done. Solved again with the demand:");
            let shares = regions_of(system, asked.wanted.whose);
            effects(&mut page, system, (base, with), &shares, None);
        }
        Some(_) => page.bullet("A limit of time stopped the solver before that was known."),
    }
    page.finish()
}

/// What if the place had other beds, in words.
pub fn what_if(
    system: &CareSystem,
    (name, whose): (&str, Whose),
    base: &CaseEnd,
    tried: &[Tried],
    colour: bool,
) -> String {
    let concerned = regions_of(system, whose);
    let mut page = Page::new(colour);
    page.heading(&format!("{name}, solved again"));
    let CaseEnd::Reached(base) = base else {
        page.bullet("A limit of time stopped the solver, or the model as it is cannot be solved.");
        return page.finish();
    };
    for case in tried {
        match case.end {
            CaseEnd::Reached(with) => {
                page.bullet(&format!("{}:", case.what));
                effects(&mut page, system, (base, with), &concerned, Some(case.beds));
            }
            CaseEnd::Infeasible(Some(found), system) => {
                page.bullet(&format!("{}: it cannot be done.", case.what));
                for line in conflict::render(system, found).lines() {
                    page.line(&format!("    {line}"));
                }
            }
            CaseEnd::Infeasible(None, _) => page.bullet(&format!("{}: it cannot be done.", case.what)),
            CaseEnd::Stopped => page.bullet(&format!("{}: a limit of time stopped the solver.", case.what)),
        }
    }
    page.finish()
}

/// Unmet need, unmet shares of all regions, of those concerned and of the worst-off, and whose need is met more or less.
fn effects(
    page: &mut Page,
    system: &CareSystem,
    (base, with): (&Outcome, &Outcome),
    concerned: &BTreeSet<RegionIx>,
    beds: Option<Beds>,
) {
    let (before, after) = (base.unmet(), with.unmet());
    let change = after.0 - before.0;
    if change.abs() <= NO_CHANGE {
        page.under(&format!("unmet need in all regions stays {} occupied beds", grouped(before.0, 1)));
    } else {
        let verb = if change > 0.0 { "rises" } else { "falls" };
        let rate = beds.filter(|beds| beds.0.abs() > 0.0).map_or_else(String::new, |beds| {
            let last = with.next_bed.map_or_else(String::new, |next| {
                format!(" ({} for the last of them)", grouped(next.0.abs(), 2))
            });
            format!(", {} for each of these beds{last}", grouped((change / beds.0).abs(), 2))
        });
        page.under(&format!(
            "unmet need in all regions {verb} by {} occupied beds, from {} to {}{rate}",
            grouped(change.abs(), 1),
            grouped(before.0, 1),
            grouped(after.0, 1)
        ));
    }
    page.under(&share_words("in all regions", base.share(), with.share()));
    for region in concerned {
        let of = |outcome: &Outcome| outcome.regions.get(region).copied().unwrap_or_default().share();
        let name = name_or_id(&system.regions[*region].name, system.regions.id(*region).as_str());
        page.under(&share_words(&format!("in {name}"), of(base), of(with)));
    }
    if let (Some((from, _)), Some((to, worst))) = (base.worst(), with.worst()) {
        let name = |region| name_or_id(&system.regions[region].name, system.regions.id(region).as_str());
        let whose = match worst[..] {
            [only] => name(only).to_owned(),
            _ => format!("shared by {} regions", worst.len()),
        };
        if (to.0 - from.0).abs() < 5e-6 {
            page.under(&format!("the largest unmet share of a region stays {} of need", percent(from.0)));
        } else {
            let (from, to) = (percent(from.0), percent(to.0));
            page.under(&format!(
                "the largest unmet share of a region goes from {from} to {to} of need ({whose})"
            ));
        }
    }
    let moved: Vec<String> = changes(base, with)
        .into_iter()
        .map(|(region, change)| {
            let name = name_or_id(&system.regions[region].name, system.regions.id(region).as_str());
            let sign = if change.0 > 0.0 { "+" } else { "" };
            format!("{name} {sign}{}", grouped(change.0, 1))
        })
        .collect();
    if moved.is_empty() {
        page.under("no region's unmet need changes so much that it would show here: the plan was chosen among equals by the aims that come later");
    } else {
        page.under(&format!("unmet need by region, occupied beds: {}", moved.join(", ")));
    }
}

/// "of the need in North East 7.80% stays unmet, as before".
fn share_words(who: &str, before: Proportion, after: Proportion) -> String {
    let (from, to) = (percent(before.0), percent(after.0));
    if from == to {
        format!("of the need {who} {to} stays unmet, as before")
    } else {
        format!("of the need {who} {to} stays unmet, where it was {from}")
    }
}

/// Regions whose unmet need changes, the largest rise first.
fn changes(base: &Outcome, with: &Outcome) -> Vec<(RegionIx, OccupiedBeds)> {
    let mut changes: Vec<_> = with
        .regions
        .iter()
        .map(|(region, after)| {
            let before = base.regions.get(region).copied().unwrap_or_default();
            (*region, after.unmet - before.unmet)
        })
        .filter(|(_, change)| change.0.abs() > NO_CHANGE)
        .collect();
    changes.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
    changes
}

/// Why a demand does not hold, for programs.
pub fn why_not_json(system: &CareSystem, asked: &WhyNot) -> Value {
    let (holds, base, with) = match asked.tried {
        None => (true, Value::Null, Value::Null),
        Some((base, with)) => (false, end_json(system, base), end_json(system, with)),
    };
    json!({
        "demand": demand_words(asked.wanted),
        "beds": asked.wanted.beds.0,
        "planned_beds": asked.planned.0,
        "holds": holds,
        "as_it_is": base,
        "with_the_demand": with,
        "difference": asked.tried.map_or(Value::Null, |(base, with)| difference_json(system, base, with, None)),
    })
}

/// What if, for programs.
pub fn what_if_json(
    system: &CareSystem,
    name: &str,
    planned: Beds,
    base: &CaseEnd,
    tried: &[Tried],
) -> Value {
    let tried = tried.iter().map(|case| {
        json!({
            "what": case.what,
            "beds": case.beds.0,
            "result": end_json(system, case.end),
            "difference": difference_json(system, base, case.end, Some(case.beds)),
        })
    });
    json!({"place": name, "planned_beds": planned.0, "as_it_is": end_json(system, base), "tried": tried.collect::<Vec<_>>()})
}

/// What changes against the model as it is, each figure that the text tells; nothing where one of them has no plan.
fn difference_json(system: &CareSystem, base: &CaseEnd, end: &CaseEnd, beds: Option<Beds>) -> Value {
    let (CaseEnd::Reached(base), CaseEnd::Reached(with)) = (base, end) else { return Value::Null };
    let change = with.unmet() - base.unmet();
    let regions = changes(base, with).into_iter().map(
        |(region, change)| json!({"region": system.regions.id(region).as_str(), "unmet_beds": change.0}),
    );
    json!({
        "unmet_beds": change.0,
        "unmet_beds_per_bed": beds.filter(|beds| beds.0 != 0.0).map(|beds| change.0 / beds.0),
        "regions": regions.collect::<Vec<_>>(),
    })
}

fn end_json(system: &CareSystem, end: &CaseEnd) -> Value {
    match end {
        CaseEnd::Stopped => json!({"status": "stopped"}),
        CaseEnd::Infeasible(found, system) => conflict::json(system, found.as_ref()),
        CaseEnd::Reached(outcome) => {
            let id = |region| system.regions.id(region).as_str().to_owned();
            let regions = outcome.regions.iter().map(|(&region, found)| {
                json!({
                    "region": system.regions.id(region).as_str(),
                    "need_beds": found.need.0,
                    "unmet_beds": found.unmet.0,
                    "unmet_share": found.share().0,
                })
            });
            json!({
                "status": "optimal",
                "need_beds": outcome.need().0,
                "unmet_beds": outcome.unmet().0,
                "unmet_share": outcome.share().0,
                "worst_share": outcome.worst().map(|(share, _)| share.0),
                "worst_regions": outcome.worst().map(|(_, regions)| regions.into_iter().map(id).collect::<Vec<_>>()),
                "new_beds_here": outcome.here.0,
                "next_bed_unmet_beds": outcome.next_bed.map(|next| next.0),
                "regions": regions.collect::<Vec<_>>(),
            })
        }
    }
}

fn decimals(value: f64) -> usize {
    usize::from((value - value.round()).abs() > 1e-9) * 2
}
