//! The ground: what the words mean. Knows no file, no graph and no linear program.

pub mod ids;
pub mod index;
pub mod place;
pub mod travel;
pub mod units;
