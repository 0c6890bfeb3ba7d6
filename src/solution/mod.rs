//! Positions back to domain words: the plan, its prices, and an independent check of both.

pub mod plan;
pub mod prices;

pub use plan::BedPlan;
pub use prices::{LevelName, LevelPrices};
