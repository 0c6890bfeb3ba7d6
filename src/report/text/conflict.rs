//! Demands that cannot all be met, and what would make them fit: as text and as JSON.

use crate::domain::policy::Origin;
use crate::domain::system::CareSystem;
use crate::formulation::demands::Demand;
use crate::formulation::keys::ConstraintKey;
use crate::lp::BoundSide;
use crate::solution::conflict_words::conflict_line_words;
use crate::solution::repair_words::change_words;
use crate::solution::{Change, Conflict};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Of so many alike, such as the sizes of forty sites, the text names this many.
const NAMED: usize = 3;

/// Why no plan meets every rule, in words.
pub fn render(system: &CareSystem, conflict: &Conflict) -> String {
    let mut text = String::from("no plan meets every rule of the model. These cannot all hold:\n");
    let members = conflict.members.iter().map(|line| {
        let words = conflict_line_words(system, line) + &place(line.origin.as_ref());
        (family(line.demand()), words)
    });
    list(&mut text, members);
    text.push_str("Without any one of them the others can hold.\n");
    let mut alone: Vec<&Change> = conflict.alone.iter().flatten().chain(&conflict.settings).collect();
    // Of what counts the same, what changes the least against what is stated.
    let strain = |change: &Change| change.by / change.limit.abs().max(1.0);
    let weighs = |change: &Change| (change.weighs * 1e6).round();
    alone.sort_by(|a, b| weighs(a).total_cmp(&weighs(b)).then(strain(a).total_cmp(&strain(b))));
    if alone.is_empty() {
        text.push_str("\nNo single change to them would do, since other rules collide too.\n");
    } else {
        text.push_str("\nAny one of these changes would do:\n");
        list(&mut text, alone.iter().map(|change| (family(change.demand), told(system, change))));
    }
    let single =
        matches!(&conflict.repair[..], [only] if alone.iter().any(|change| change.demand == only.demand));
    match (&conflict.repair[..], single) {
        ([], _) => {}
        ([easiest], true) => {
            let _ = write!(text, "\nThe easiest to give is to {}.", change_words(system, easiest));
        }
        (changes, _) => {
            text.push_str("\nThe least changes that would do, all of them together:\n");
            list(&mut text, changes.iter().map(|change| (None, told(system, change))));
        }
    }
    text.trim_end().to_owned()
}

/// The same for programs.
pub fn json(system: &CareSystem, conflict: Option<&Conflict>) -> Value {
    let Some(conflict) = conflict else { return json!({"status": "infeasible", "conflict": null}) };
    let change = |change: &Change| {
        json!({
            "text": change_words(system, change),
            "by": change.by,
            "limit": change.limit,
            "new_limit": change.new_limit(),
            "unit": unit(change.demand),
            "weighs": change.weighs,
            "file": change.origin.as_ref().map(|origin| &origin.file),
            "line": change.origin.as_ref().map(|origin| origin.line),
        })
    };
    let members = conflict.members.iter().zip(&conflict.alone).map(|(line, alone)| {
        json!({
            "text": conflict_line_words(system, line),
            "side": if line.side == BoundSide::Lower { "at least" } else { "at most" },
            "limit": line.limit,
            "unit": unit(line.demand()),
            "file": line.origin.as_ref().map(|origin| &origin.file),
            "line": line.origin.as_ref().map(|origin| origin.line),
            "alone": alone.as_ref().map(change),
        })
    });
    json!({
        "status": "infeasible",
        "conflict": members.collect::<Vec<_>>(),
        "settings": conflict.settings.iter().map(change).collect::<Vec<_>>(),
        "repair": {
            "weighs": conflict.repair.iter().map(|change| change.weighs).sum::<f64>(),
            "changes": conflict.repair.iter().map(change).collect::<Vec<_>>(),
        },
    })
}

/// Bullets; of those alike that come one after another only the first are told.
fn list(text: &mut String, lines: impl Iterator<Item = (Option<&'static str>, String)>) {
    let mut lines: Vec<_> = lines.collect();
    let mut count: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (family, _) in &lines {
        if let Some(family) = family {
            *count.entry(family).or_default() += 1;
        }
    }
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (family, line) in lines.drain(..) {
        let (all, rank) = match family {
            Some(family) => {
                let rank = seen.entry(family).or_default();
                *rank += 1;
                (count[family], *rank)
            }
            None => (1, 1),
        };
        if all <= NAMED + 1 || rank <= NAMED {
            let _ = writeln!(text, "  - {line}");
        } else if rank == NAMED + 1 {
            let _ = writeln!(text, "  - and {} more like these (--json has all of them)", all - NAMED);
        }
    }
}

/// What is told together where there are many: limits of single sites, councils and commissioners.
fn family(demand: Demand) -> Option<&'static str> {
    use ConstraintKey as K;
    match demand {
        Demand::Protected(_)
        | Demand::Growth
        | Demand::WholeBeds
        | Demand::Row(K::Agreement { .. } | K::Pin { .. } | K::NewBedPool { .. }, _) => None,
        Demand::Row(K::SiteSize { .. }, BoundSide::Lower) => Some("smallest"),
        Demand::Row(key, _) => Some(key.family()),
        Demand::Limit(key, _) => Some(key.family()),
    }
}

fn told(system: &CareSystem, change: &Change) -> String {
    change_words(system, change) + &place(change.origin.as_ref())
}

fn place(origin: Option<&Origin>) -> String {
    match origin {
        None => String::new(),
        Some(origin) if origin.line == 0 => format!(" ({})", origin.file),
        Some(origin) => format!(" ({}:{})", origin.file, origin.line),
    }
}

fn unit(demand: Demand) -> &'static str {
    match demand {
        Demand::Row(key, _) => key.unit(),
        Demand::Limit(key, _) => key.unit(),
        Demand::Protected(_) | Demand::WholeBeds => "bed",
        Demand::Growth => "share",
    }
}
