//! Travel as plain data: places, known times and edges, before any graph is made of them.

use super::index::{AreaIx, SiteIx};
use super::place::Place;
use super::units::Minutes;

/// Everything the travel-time graph is built from. Positions are those of the registers of
/// areas and sites, so the order of rows in a file never reaches the answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TravelData {
    /// Where people of each area live (population-weighted centre), by `AreaIx`.
    pub areas: Vec<Place>,
    /// Where each site stands, by `SiteIx`.
    pub sites: Vec<Place>,
    /// Named points that are neither area nor site, by the position in `NodeRef::Junction`.
    pub junctions: Vec<(String, Place)>,
    /// Times given for a pair of an area and a site; at most one for each pair.
    pub known: Vec<KnownTime>,
    /// Edges of the graph, passable in both directions.
    pub edges: Vec<TravelEdge>,
}

/// The time given for one pair of an area and a site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownTime {
    /// The area.
    pub area: AreaIx,
    /// The site.
    pub site: SiteIx,
    /// One-way time.
    pub minutes: Minutes,
    /// Whether whoever compiled the data estimated this time rather than measured it.
    pub inferred: bool,
}

/// One edge of the travel-time graph, the same in both directions.
#[derive(Debug, Clone, PartialEq)]
pub struct TravelEdge {
    /// One end.
    pub from: NodeRef,
    /// The other end.
    pub to: NodeRef,
    /// Time along the edge.
    pub minutes: Minutes,
    /// How the edge is travelled (for example `car`); empty when not stated.
    pub mode: String,
}

/// A node of the travel-time graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeRef {
    /// An area.
    Area(AreaIx),
    /// A site.
    Site(SiteIx),
    /// A junction, by position in `TravelData::junctions`.
    Junction(u32),
}
