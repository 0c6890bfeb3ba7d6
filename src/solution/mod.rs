//! Positions back to domain words: the plan, its prices, and an independent check of both.

pub mod conflict;
pub mod plan;
pub mod prices;

pub use conflict::Conflict;
pub use plan::BedPlan;
pub use prices::{LevelName, LevelPrices};
