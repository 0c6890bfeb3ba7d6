//! Where people can reach, and how long it takes.
//!
//! [`TravelNetwork`] holds areas, sites and junctions as one graph; [`TravelTimes`] is what the
//! model reads from it: for each area the sites within a cut-off. Knows no file and no linear program.

pub mod error;
pub mod estimator;
pub mod estimator_error;
pub mod geography;
pub mod graph;
mod paths;
pub mod thinning;
pub mod travel_times;

pub use error::NetworkError;
pub use graph::TravelNetwork;
pub use travel_times::{PairCounts, SiteTime, TimeSource, TravelTimes};
