//! What can be wrong with travel data.

use thiserror::Error;

/// Why no travel-time graph could be built. Positions are those of the registers.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum NetworkError {
    /// A time is negative or not a number.
    #[error("travel time {minutes} between {from} and {to} is not a time")]
    NotATime {
        /// One end, in words.
        from: String,
        /// The other end, in words.
        to: String,
        /// The value found.
        minutes: f64,
    },
    /// A known time or an edge names a node that does not exist.
    #[error("{node} does not exist: travel data and registers do not belong together")]
    UnknownNode {
        /// The node, in words.
        node: String,
    },
    /// Two times are given for the same pair.
    #[error("area {area} and site {site} have more than one known time")]
    DuplicatePair {
        /// Position of the area.
        area: usize,
        /// Position of the site.
        site: usize,
    },
    /// A place is off the globe, or its coordinates are not numbers.
    #[error("{node} has no usable place: longitude {longitude}, latitude {latitude}")]
    NoPlace {
        /// The node, in words.
        node: String,
        /// Degrees east.
        longitude: f64,
        /// Degrees north.
        latitude: f64,
    },
}
