//! Demands that cannot all be met, in domain keys.

use crate::domain::policy::Origin;
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, VariableKey};
use crate::lp::{BoundSide, ConflictMember, LinearProgram, RawConflict};

/// One member of a conflict.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictLine {
    /// What collides.
    pub member: Colliding,
    /// Which side of it.
    pub side: BoundSide,
    /// The limit on that side, in the member's unit.
    pub limit: f64,
    /// Where the user wrote it, if anywhere.
    pub origin: Option<Origin>,
}

/// A constraint, or a variable's own limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colliding {
    /// A constraint.
    Constraint(ConstraintKey),
    /// A variable's own limit.
    Variable(VariableKey),
}

/// Demands that cannot all be met, as few as the solver could make them.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The members.
    pub members: Vec<ConflictLine>,
}

impl Conflict {
    /// Puts a solver's conflict into domain keys.
    pub fn read(system: &CareSystem, f: &Formulation, program: &LinearProgram, raw: &RawConflict) -> Self {
        let members = raw
            .members
            .iter()
            .map(|member| match *member {
                ConflictMember::Row(row, side) => {
                    let key = f.constraints()[row.get()];
                    ConflictLine {
                        member: Colliding::Constraint(key),
                        side,
                        limit: end(program.row_bounds()[row.get()], side),
                        origin: origin(system, key),
                    }
                }
                ConflictMember::Column(column, side) => ConflictLine {
                    member: Colliding::Variable(f.variable(column)),
                    side,
                    limit: end(program.column_bounds()[column.get()], side),
                    origin: None,
                },
            })
            .collect();
        Self { members }
    }
}

fn end(bounds: crate::lp::Bounds, side: BoundSide) -> f64 {
    match side {
        BoundSide::Lower => bounds.lower,
        BoundSide::Upper => bounds.upper,
    }
}

fn origin(system: &CareSystem, key: ConstraintKey) -> Option<Origin> {
    match key {
        ConstraintKey::Agreement { position, .. } => {
            system.policy.agreements.get(usize::from(position)).map(|agreement| agreement.origin.clone())
        }
        ConstraintKey::Pin { position, .. } => {
            system.policy.pins.get(usize::from(position)).map(|pin| pin.origin.clone())
        }
        _ => None,
    }
}
