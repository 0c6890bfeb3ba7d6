//! A member of a conflict in words.

use super::conflict::{Colliding, ConflictLine, grows};
use super::words::{Words, constraint_words, name_or_id, scope_words, variable_words};
use crate::domain::system::CareSystem;
use crate::formulation::keys::ConstraintKey;
use crate::lp::BoundSide;

/// A rule of a conflict in words, for example "at least 60 new beds for North East". It names the side that
/// collides, and what a rule demands in the numbers in which it was written.
pub fn conflict_line_words(system: &CareSystem, line: &ConflictLine) -> String {
    use ConstraintKey as K;
    let side = match line.side {
        BoundSide::Lower => "at least",
        BoundSide::Upper => "at most",
    };
    let limit = shown(line.limit);
    let constraint_words = |system: &CareSystem, key: ConstraintKey| match key {
        // One number holds in every period: none is named.
        K::SiteSize { period, .. }
        | K::SmallestOpen { period, .. }
        | K::LargestOpen { period, .. }
        | K::CouncilBudget { period, .. }
        | K::PooledFund { period }
        | K::PreventionBudget { period }
        | K::BedManagementBudget { period }
        | K::NurseLimit { period, .. } => {
            let words = constraint_words(system, key);
            let period = Words { system }.period(period);
            words.strip_suffix(period.as_str()).unwrap_or(&words).to_owned()
        }
        _ => constraint_words(system, key),
    };
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
        Colliding::Constraint(key @ ConstraintKey::SiteSize { site, .. })
            if line.side == BoundSide::Upper && grows(system, site) =>
        {
            let words = constraint_words(system, key);
            let growth = system.policy.growth_limit.map_or(0.0, |limit| 100.0 * limit.0);
            format!("{words}: at most {limit} beds, {}% more than today", shown(growth))
        }
        Colliding::Constraint(key) => {
            let plural = if key.unit().ends_with("bed") || key.unit() == "nurse" { "s" } else { "" };
            format!("{}: {side} {limit} {}{plural}", constraint_words(system, key), key.unit())
        }
        Colliding::Protected(position) => {
            let rule = &system.policy.protected[usize::from(position)];
            let site = name_or_id(&system.sites[rule.site].name, system.sites.id(rule.site).as_str());
            let specialty = rule
                .specialty
                .map(|s| name_or_id(&system.specialties[s].name, system.specialties.id(s).as_str()));
            let of = specialty.map_or_else(String::new, |specialty| format!("{specialty} at "));
            format!("the beds of {of}{site} are protected: {}", rule.why)
        }
        Colliding::WholeBeds if line.limit > 1.0 => format!("beds come in wards of {limit}"),
        Colliding::WholeBeds => "beds come whole, not in parts of a bed".to_owned(),
        Colliding::Variable(key) => {
            format!("{}: {side} {limit} {}", variable_words(system, key), key.unit())
        }
    }
}

/// A limit, without the solver's last digits.
fn shown(limit: f64) -> String {
    ((limit * 1e6).round() / 1e6 + 0.0).to_string()
}
