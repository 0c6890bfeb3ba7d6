//! The glue: a care system in, a result out. Knows no file and no screen.

mod beyond;
mod comparators;
pub mod error;
mod goals;
mod infeasible;
mod later;
mod need_share;
pub mod negotiate;
pub mod observer;
pub mod price_ranges;
mod priming;
mod ranges;
pub mod refusals;
pub mod result;
mod run;
mod sites;
mod spread;
mod stage;
mod terms;
mod tie_break;
pub mod trial;
mod whole_beds;

pub use error::RunError;
pub use infeasible::judge;
pub use observer::{Observer, Silent, Stage};
pub use result::RunResult;
pub use run::{MakeSolver, RunEnd, RunOptions, run};
