//! The glue: a care system in, a result out. Knows no file and no screen.

pub mod result;
pub mod run;

pub use result::RunResult;
pub use run::{Observer, RunEnd, RunError, RunOptions, Stage, run};
