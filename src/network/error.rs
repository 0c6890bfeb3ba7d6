//! What can be wrong with travel data.

use crate::domain::index::{AreaIx, Ix, SiteIx};
use crate::domain::place::Place;
use crate::domain::travel::NodeRef;
use crate::domain::units::Minutes;
use thiserror::Error;

/// Why no travel-time graph could be built.
///
/// Nodes are told by their position in the registers, counted from 0: whoever holds the registers
/// can put names to them from the fields.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum NetworkError {
    /// A time is negative or not a number.
    #[error("the time between {} and {} cannot be {} minutes", words(*from), words(*to), minutes.0)]
    NotATime {
        /// One end.
        from: NodeRef,
        /// The other end.
        to: NodeRef,
        /// The value found.
        minutes: Minutes,
    },
    /// A known time or an edge names a node that does not exist.
    #[error("{} is named by the travel data but does not exist", words(*node))]
    UnknownNode {
        /// The node.
        node: NodeRef,
    },
    /// Two times are given for the same pair.
    #[error("area {} and site {} have more than one known time", area.get(), site.get())]
    DuplicatePair {
        /// The area.
        area: AreaIx,
        /// The site.
        site: SiteIx,
    },
    /// A place is off the globe, or its coordinates are not numbers.
    #[error("{} cannot lie at longitude {}, latitude {}", words(*node), place.longitude, place.latitude)]
    NoPlace {
        /// The node.
        node: NodeRef,
        /// Where it is said to lie.
        place: Place,
    },
}

fn words(node: NodeRef) -> String {
    match node {
        NodeRef::Area(area) => format!("area {}", area.get()),
        NodeRef::Site(site) => format!("site {}", site.get()),
        NodeRef::Junction(position) => format!("junction {position}"),
    }
}
