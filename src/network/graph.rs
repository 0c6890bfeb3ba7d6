//! The travel-time graph: numbered nodes inside, domain types outside.

use super::error::NetworkError;
use super::geography::{PlaceIndex, distance, drive_time};
use super::paths::{PathFinder, Ways};
use super::thinning::PlainEdge;
use super::travel_times::{SiteTime, TimeSource, TravelTimes};
use crate::domain::index::{AreaIx, Ix, SiteIx};
use crate::domain::place::Place;
use crate::domain::travel::{KnownTime, NodeRef, TravelData};
use crate::domain::units::{Minutes, Quantity};
use petgraph::graph::NodeIndex;
use petgraph::unionfind::UnionFind;
use rayon::prelude::*;

/// How many of the nearest areas a site without any time or edge is joined to.
const SNAP_TO: usize = 3;

/// Areas, sites and junctions with the minutes between them.
///
/// Known times are edges of the same graph, so a pair without a known time may travel through one.
/// A site with neither known time nor edge is joined to its nearest areas, at great-circle drive
/// times; these connectors serve that site's own paths only and never become a short cut for others.
#[derive(Debug, Clone)]
pub struct TravelNetwork {
    ways: Ways,
    numbering: Numbering,
    /// One label for each node: nodes with the same label are joined by some path.
    pieces: Vec<usize>,
    areas: Vec<Place>,
    sites: Vec<SiteNode>,
}

/// What the network knows of one site beyond the graph.
#[derive(Debug, Clone)]
struct SiteNode {
    place: Place,
    /// Known times of this site, in order of the areas.
    known: Vec<KnownTime>,
    /// Connectors to the nearest areas, for a site that the graph does not join to anything.
    connectors: Vec<(AreaIx, Minutes)>,
}

impl TravelNetwork {
    /// Builds the graph. O((n + e) log n) in nodes and edges.
    ///
    /// # Errors
    /// When a time is not a time, a node does not exist, a pair is given twice or a place is off the globe.
    pub fn build(data: &TravelData) -> Result<Self, NetworkError> {
        check_places(data)?;
        let numbering = Numbering::of(data);
        let mut edges = Vec::with_capacity(data.known.len() + data.edges.len());
        for edge in &data.edges {
            edges.push(plain_edge(numbering, (edge.from, edge.to), edge.minutes)?);
        }
        for known in &data.known {
            let ends = (NodeRef::Area(known.area), NodeRef::Site(known.site));
            edges.push(plain_edge(numbering, ends, known.minutes)?);
        }
        let ways = Ways::new(numbering.count(), &edges);
        let sites = site_nodes(data, &ways, numbering)?;
        let pieces = pieces(numbering.count(), &edges);
        Ok(Self { ways, pieces, numbering, areas: data.areas.clone(), sites })
    }

    /// The times from every area to every site within the cut-off.
    ///
    /// A known pair has its own time, whatever detour is shorter. Other pairs have the shortest path.
    /// A pair that no path joins, of any length, has the great-circle drive time and is flagged
    /// [`TimeSource::Fallback`]; so is a pair whose whole path is such an estimate.
    ///
    /// One search for each site, in parallel; the answer does not depend on the number of threads.
    /// O(sites × (n + e) log n) in the nodes and edges within the cut-off.
    pub fn travel_times(&self, cutoff: Minutes) -> TravelTimes {
        let by_site: Vec<Vec<(AreaIx, SiteTime)>> = (0..self.sites.len())
            .into_par_iter()
            .map_init(
                || PathFinder::new(&self.ways),
                |finder, site| self.areas_within(finder, SiteIx::from_usize(site), cutoff),
            )
            .collect();
        let mut by_area = vec![Vec::new(); self.areas.len()];
        for (area, time) in by_site.into_iter().flatten() {
            by_area[area.get()].push(time);
        }
        TravelTimes::new(cutoff, by_area)
    }

    /// The areas within the cut-off of one site, in order of the areas.
    fn areas_within(
        &self,
        finder: &mut PathFinder<'_>,
        site: SiteIx,
        cutoff: Minutes,
    ) -> Vec<(AreaIx, SiteTime)> {
        let node = &self.sites[site.get()];
        let mut starts = vec![(self.numbering.node(NodeRef::Site(site)), Minutes::ZERO)];
        starts.extend(node.connectors.iter().map(|&(area, m)| (self.numbering.node(NodeRef::Area(area)), m)));
        let joined: Vec<usize> = starts.iter().map(|(start, _)| self.pieces[start.index()]).collect();
        let reach = finder.reach(&starts, cutoff);
        let mut known = node.known.iter().peekable();
        let mut found = Vec::new();
        for (position, &place) in self.areas.iter().enumerate() {
            let area = AreaIx::from_usize(position);
            let in_graph = self.numbering.node(NodeRef::Area(area));
            let time = if let Some(given) = known.next_if(|known| known.area == area) {
                Some((given.minutes, given_source(given)))
            } else if joined.contains(&self.pieces[in_graph.index()]) {
                reach.minutes(in_graph).map(|minutes| (minutes, node.source_of(area, minutes)))
            } else {
                Some((drive_time(distance(place, node.place)), TimeSource::Fallback))
            };
            if let Some((minutes, source)) = time.filter(|(minutes, _)| *minutes <= cutoff) {
                found.push((area, SiteTime { site, minutes, source }));
            }
        }
        found
    }
}

impl SiteNode {
    /// A path that is nothing but a connector is a great-circle estimate.
    fn source_of(&self, area: AreaIx, minutes: Minutes) -> TimeSource {
        if self.connectors.contains(&(area, minutes)) { TimeSource::Fallback } else { TimeSource::Inferred }
    }
}

fn given_source(given: &KnownTime) -> TimeSource {
    if given.inferred { TimeSource::Inferred } else { TimeSource::Known }
}

/// Where each kind of node stands in the graph: areas, then sites, then junctions.
#[derive(Debug, Clone, Copy)]
struct Numbering {
    areas: usize,
    sites: usize,
    junctions: usize,
}

impl Numbering {
    fn of(data: &TravelData) -> Self {
        Self { areas: data.areas.len(), sites: data.sites.len(), junctions: data.junctions.len() }
    }
    /// How many nodes there are.
    fn count(self) -> usize {
        self.areas + self.sites + self.junctions
    }
    /// All nodes in the order of their numbers.
    fn nodes(self) -> impl Iterator<Item = NodeRef> {
        let areas = (0..self.areas).map(|p| NodeRef::Area(AreaIx::from_usize(p)));
        let sites = (0..self.sites).map(|p| NodeRef::Site(SiteIx::from_usize(p)));
        let junctions = (0..).take(self.junctions).map(NodeRef::Junction);
        areas.chain(sites).chain(junctions)
    }
    /// The number of a node that exists.
    fn node(self, node: NodeRef) -> NodeIndex {
        NodeIndex::new(match node {
            NodeRef::Area(area) => area.get(),
            NodeRef::Site(site) => self.areas + site.get(),
            NodeRef::Junction(position) => self.areas + self.sites + position as usize,
        })
    }
    /// The number of a node that data name.
    fn find(self, node: NodeRef) -> Result<NodeIndex, NetworkError> {
        let (position, count) = match node {
            NodeRef::Area(area) => (area.get(), self.areas),
            NodeRef::Site(site) => (site.get(), self.sites),
            NodeRef::Junction(position) => (position as usize, self.junctions),
        };
        if position < count { Ok(self.node(node)) } else { Err(NetworkError::UnknownNode { node }) }
    }
}

fn check_places(data: &TravelData) -> Result<(), NetworkError> {
    let numbering = Numbering::of(data);
    let places = data.areas.iter().chain(&data.sites).chain(data.junctions.iter().map(|(_, place)| place));
    for (node, &place) in numbering.nodes().zip(places) {
        let usable = place.longitude.abs() <= 180.0 && place.latitude.abs() <= 90.0;
        if !usable {
            return Err(NetworkError::NoPlace { node, place });
        }
    }
    Ok(())
}

fn plain_edge(
    numbering: Numbering,
    (from, to): (NodeRef, NodeRef),
    minutes: Minutes,
) -> Result<PlainEdge, NetworkError> {
    if !(minutes.value().is_finite() && minutes >= Minutes::ZERO) {
        return Err(NetworkError::NotATime { from, to, minutes });
    }
    Ok((numbering.find(from)?.index(), numbering.find(to)?.index(), minutes))
}

/// Gathers the known times of each site and joins the sites that have nothing.
fn site_nodes(data: &TravelData, ways: &Ways, numbering: Numbering) -> Result<Vec<SiteNode>, NetworkError> {
    let mut known: Vec<Vec<KnownTime>> = vec![Vec::new(); data.sites.len()];
    for &time in &data.known {
        known[time.site.get()].push(time);
    }
    let has_edges = |node: NodeRef| !ways.is_alone(numbering.node(node));
    let areas = (0..data.areas.len()).filter(|&p| has_edges(NodeRef::Area(AreaIx::from_usize(p))));
    let index = PlaceIndex::new(areas.map(|position| (position, data.areas[position])));
    let mut nodes = Vec::with_capacity(data.sites.len());
    for (position, (mut known, &place)) in known.into_iter().zip(&data.sites).enumerate() {
        let site = SiteIx::from_usize(position);
        known.sort_by_key(|time| time.area);
        if let Some(twice) = known.windows(2).find(|pair| pair[0].area == pair[1].area) {
            return Err(NetworkError::DuplicatePair { area: twice[0].area, site });
        }
        let snap_to = if has_edges(NodeRef::Site(site)) { 0 } else { SNAP_TO };
        let connectors = index.nearest(place, snap_to).into_iter();
        let connectors = connectors.map(|(area, km)| (AreaIx::from_usize(area), drive_time(km))).collect();
        nodes.push(SiteNode { place, known, connectors });
    }
    Ok(nodes)
}

/// Labels the nodes so that two have the same label exactly when some path joins them.
fn pieces(nodes: usize, edges: &[PlainEdge]) -> Vec<usize> {
    let mut joined = UnionFind::new(nodes);
    for &(a, b, _) in edges {
        joined.union(a, b);
    }
    joined.into_labeling()
}
