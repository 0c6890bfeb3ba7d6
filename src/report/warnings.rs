//! What the reader must know before using the figures.

use super::Report;
use super::number::{grouped, percent};
use crate::domain::policy::Term;
use crate::lp::Limit;
use crate::pipeline::result::{Comparator, ComparatorResult, Status};
use crate::solution::LevelName;

/// Gaps up to here are rounding.
pub const PROVEN: f64 = 1e-6;

/// Occupied beds that the tables of reports do not show.
const SAME_UNMET: f64 = 0.05;
/// The same for shares of need.
const SAME_SHARE: f64 = 0.000_05;

/// Sentences in plain words, the gravest first; empty when there is nothing to say.
pub fn warnings(report: &Report) -> Vec<String> {
    let result = report.result;
    let mut found = Vec::new();
    if let Status::Stopped(limit) = result.status {
        let why = match limit {
            Limit::Time => "the time limit was reached",
            Limit::Iterations => "the iteration limit was reached",
            Limit::Interrupted => "somebody asked it to stop",
        };
        found.push(format!("Stopped early because {why}: the plan is the best so far, not proven best."));
    }
    if result.ties_left_open {
        found.push(
            "Other plans are as good as this one: they could not be told apart by each site's share of need to the \
             accuracy that this takes, so the beds stand where the solver of the last aim put them."
                .to_owned(),
        );
    }
    if let Some(sites) = &result.sites {
        let open = sites.open.values().filter(|open| **open).count();
        found.push(format!(
            "Of {} choices to open or close a site {open} are open. Shadow prices and bounds are those of the \
             model with just these sites; with others they differ.",
            sites.open.len(),
        ));
    }
    if result.whole_beds.is_some() {
        found.push(
            "Beds are whole. The gap of the first aim is to the best plan in fractions, so no plan in whole beds can \
             be better by more; gaps of later aims compare with the plan in fractions. Simple rules, and what regions \
             could have, are in parts of a bed."
                .to_owned(),
        );
    }
    let justified = &report.system.policy.justifications;
    if !justified.is_empty() {
        let inputs = justified.iter().filter(|one| !one.effects.is_empty()).count();
        found.push(format!(
            "{} recorded why a place differs from the national standards; {inputs} of these change the model. See \
             justifications.yaml, and `bedalloc explain` for the place.",
            if justified.len() == 1 { "1 justification is".to_owned() } else { format!("{} justifications are", justified.len()) },
        ));
    }
    let out = result.out_of_reach;
    if out.areas > 0 {
        let share = super::sums::share(out.need, report.sums.nation.need).map_or(0.0, |share| share.0);
        let areas = if out.areas == 1 {
            "1 area has".to_owned()
        } else {
            format!("{} areas have", grouped(out.areas as f64, 0))
        };
        found.push(format!(
            "{areas} need that no site in reach can treat: {} occupied beds, {} of all need. It counts as \
             unmet in every plan.",
            grouped(out.need.0, 1),
            percent(share),
        ));
    }
    if result.pairs.fallback > 0 {
        found.push(format!(
            "{} of {} travel times are estimates from the straight-line distance.",
            grouped(result.pairs.fallback as f64, 0),
            grouped(result.pairs.total() as f64, 0),
        ));
    }
    if rules_do_as_well(report) {
        found.push(
            "Shared by any of the simple rules, the same beds would leave as little need unmet: most people have so many \
             sites in reach that patients can follow the beds. What this plan does better are its later aims, journeys \
             above all, which are not worked out for the rules."
                .to_owned(),
        );
    }
    let left = report.system.policy.pool.total - report.sums.nation.new;
    if left.0 > 1e-6 {
        found.push(format!("{} of the new beds are not used.", grouped(left.0, 1)));
    }
    if report.system.scenarios() > 1 {
        found.push(format!(
            "Need and what becomes of it are means over {} scenarios of need; the tables tell each apart.",
            report.system.scenarios(),
        ));
    }
    found.extend(report.notes.iter().map(|note| sentence(note)));
    found
}

/// Whether beds are given out and no rule to share them leaves more unmet than the plan, nor a group worse off.
fn rules_do_as_well(report: &Report) -> bool {
    let result = report.result;
    let plan = report.sums.nation.unmet.0;
    let worst = result.levels.iter().find(|level| level.name == LevelName::Term(Term::Inequality, 1));
    let as_well = |rule: &ComparatorResult| {
        let share = rule.group_shares.values().fold(0.0, |most: f64, share| most.max(share.0));
        rule.unmet.0 - plan <= SAME_UNMET && worst.is_none_or(|worst| share - worst.value <= SAME_SHARE)
    };
    let mut rules =
        result.comparators.iter().filter(|rule| rule.comparator != Comparator::DoNothing).peekable();
    rules.peek().is_some() && report.sums.nation.new.0 > SAME_UNMET && rules.all(as_well)
}

/// A capital letter in front and a full stop behind.
fn sentence(note: &str) -> String {
    let mut letters = note.trim().chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let text = first + letters.as_str();
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}
