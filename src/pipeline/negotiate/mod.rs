//! The solves of a negotiation: what England's unmet need would be if a region got a number of new beds, what that
//! leaves the region itself, the plan for a set of promises, and the least and most beds of every region in plans
//! that are nearly as good.
//!
//! The plan for promises is that of all the model's aims, over all areas. Curves and ranges look at the first aims that
//! ignore minutes, unmet need and then equity, over merged areas: the programs of `pipeline::comparators`, with a row
//! for the new beds of each region.

mod error;
mod ground;
mod known;
mod plan;
mod present;
mod ranges;
mod talks;

pub use error::NegotiationError;
pub use ground::Ground;
pub use plan::{PromisedPlan, Promises, promised_plan};
pub use present::{KnownLevel, Present, Standing};
pub use ranges::{NearRange, NearRanges, near_ranges};
pub use talks::{Side, Talks, Worth};
