//! A linear program as data. Knows neither hospitals nor solvers.

mod bound;
mod diff;
mod mps;
mod names;
mod outcome;
mod program;
mod text;

pub use bound::dual_bound;
pub use diff::{ProgramDiff, RebuildReason};
pub use mps::write_mps;
pub use outcome::{BoundSide, ConflictMember, Limit, Outcome, RawConflict, RawDuals, RawSolution};
pub use program::{Bounds, ColumnIx, LinearProgram, RowIx, Sense};
pub use text::write_lp;
