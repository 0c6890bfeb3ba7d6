//! A member of a conflict in words.

use super::conflict::{Colliding, ConflictLine};
use super::words::{constraint_words, scope_words, variable_words};
use crate::domain::system::CareSystem;
use crate::formulation::keys::ConstraintKey;
use crate::lp::BoundSide;

/// A rule of a conflict in words, for example "at least 60 new beds for North East". It names the side that
/// collides, and what a rule demands in the numbers in which it was written.
pub fn conflict_line_words(system: &CareSystem, line: &ConflictLine) -> String {
    let side = match line.side {
        BoundSide::Lower => "at least",
        BoundSide::Upper => "at most",
    };
    let limit = shown(line.limit);
    match line.member {
        Colliding::Constraint(key @ ConstraintKey::Agreement { position, .. }) => {
            match system.policy.agreements.get(usize::from(position)) {
                Some(rule) => format!("{side} {limit} new beds for {}", scope_words(system, rule.scope)),
                None => constraint_words(system, key),
            }
        }
        // The words of a pin hold its number.
        Colliding::Constraint(key @ ConstraintKey::Pin { .. }) => constraint_words(system, key),
        Colliding::Constraint(key @ ConstraintKey::CouncilBudget { .. }) => {
            let words = constraint_words(system, key);
            format!("{words}: {limit} £ million a year when the floors of its services are paid")
        }
        Colliding::Constraint(key) => {
            let plural = if key.unit().ends_with("bed") || key.unit() == "nurse" { "s" } else { "" };
            format!("{}: {side} {limit} {}{plural}", constraint_words(system, key), key.unit())
        }
        Colliding::Variable(key) => {
            format!("{}: {side} {limit} {}", variable_words(system, key), key.unit())
        }
    }
}

/// Whether somebody could relax it: that nothing falls below zero is part of most conflicts and nobody's
/// rule.
pub fn is_rule(line: &ConflictLine) -> bool {
    let natural = matches!(line.member, Colliding::Variable(_)) && line.side == BoundSide::Lower;
    !(natural && line.limit <= 0.0)
}

/// A limit, without the solver's last digits.
fn shown(limit: f64) -> String {
    ((limit * 1e6).round() / 1e6 + 0.0).to_string()
}
