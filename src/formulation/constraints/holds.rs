//! Rows that hold an earlier term near its best value, where the model allows it to give way a little.

use crate::domain::policy::Combination;
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::keys::ConstraintKey;
use crate::lp::Bounds;

/// Term hold: a term with a tolerance stays within it once its level is settled.
///
/// term(x) ≤ best + tolerance   (no limit until the level is settled)
///
/// Terms without a tolerance need no row: they are held exactly, by complementary slackness.
/// Unit of the row: the unit of the term as the program holds it.
pub fn add_term_holds(f: &mut Formulation, system: &CareSystem) {
    let Combination::Priorities(levels) = &system.policy.objective.combination else { return };
    for level in levels.iter().filter(|level| level.tolerance > 0.0) {
        if let Some(expression) = f.term(level.term) {
            let coefficients = expression.coefficients.clone();
            f.add_constraint(ConstraintKey::TermHold { term: level.term }, Bounds::FREE, coefficients);
        }
    }
}
