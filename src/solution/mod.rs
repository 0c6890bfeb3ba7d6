//! Positions back to domain words: the plan, its prices, and an independent check of both.

pub mod conflict;
pub mod conflict_words;
pub mod measures;
pub mod members;
pub mod plan;
pub mod prices;
pub mod program_json;
pub mod release;
pub mod repair_words;
pub mod words;

pub use conflict::{Change, Conflict, ConflictLine};
pub use plan::BedPlan;
pub use prices::{LevelName, LevelPrices, PriceRange};
