//! A linear program as data. Knows neither hospitals nor solvers.

mod bound;
mod diff;
mod key_index;
mod outcome;
mod program;

pub use bound::dual_bound;
pub use diff::{ProgramDiff, RebuildReason};
pub use key_index::KeyIndex;
pub use outcome::{BoundSide, ConflictMember, Limit, Outcome, RawConflict, RawDuals, RawSolution};
pub use program::{Bounds, ColumnIx, LinearProgram, RowIx, Sense};
