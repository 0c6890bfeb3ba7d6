//! The glue: a care system in, a result out. Knows no file and no screen.

pub mod result;

pub use result::RunResult;
