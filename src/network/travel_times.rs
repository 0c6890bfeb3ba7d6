//! Travel times from areas to sites, as the model reads them.

use super::{NetworkError, TravelNetwork};
use crate::domain::index::{AreaIx, Ix, SiteIx};
use crate::domain::system::CareSystem;
use crate::domain::units::{Minutes, Quantity};

/// Where a travel time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeSource {
    /// Given as a measured (routed) time.
    Known,
    /// Given as an estimate, or found as a path through the graph.
    Inferred,
    /// Estimated from the great-circle distance because no path exists.
    Fallback,
}

/// One site within reach of an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SiteTime {
    /// The site.
    pub site: SiteIx,
    /// One-way time by car.
    pub minutes: Minutes,
    /// Where the time comes from.
    pub source: TimeSource,
}

/// How many pairs of an area and a site are reachable, by source of their time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PairCounts {
    /// Given as measured.
    pub known: usize,
    /// Given as estimated, or through the graph.
    pub inferred: usize,
    /// From the great-circle distance.
    pub fallback: usize,
}

impl PairCounts {
    /// All pairs.
    pub fn total(self) -> usize {
        self.known + self.inferred + self.fallback
    }
}

/// For each area the sites within the cut-off, nearest first.
///
/// Stored as one list with an offset for each area: 16 bytes a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct TravelTimes {
    starts: Vec<usize>,
    pairs: Vec<SiteTime>,
}

impl TravelTimes {
    /// The times of a care system, up to the longest limit that one of its specialties has.
    ///
    /// # Errors
    /// When the travel data make no graph.
    pub fn within_reach(system: &CareSystem) -> Result<Self, NetworkError> {
        Ok(TravelNetwork::build(&system.travel)?.travel_times(system.policy.reach.longest()))
    }
    /// Gathers the pairs of each area, given by position of the area; sorts each by minutes, then site,
    /// and drops pairs beyond the cut-off. O(p log p) in the number of pairs.
    pub fn new(cutoff: Minutes, by_area: Vec<Vec<SiteTime>>) -> Self {
        let mut starts = Vec::with_capacity(by_area.len() + 1);
        let mut pairs = Vec::with_capacity(by_area.iter().map(Vec::len).sum());
        starts.push(0);
        for mut row in by_area {
            row.retain(|pair| pair.minutes <= cutoff);
            row.sort_by(|a, b| a.minutes.value().total_cmp(&b.minutes.value()).then(a.site.cmp(&b.site)));
            pairs.append(&mut row);
            starts.push(pairs.len());
        }
        Self { starts, pairs }
    }
    /// The sites within reach of an area: by minutes, then by site. Empty when none is.
    pub fn sites_of(&self, area: AreaIx) -> &[SiteTime] {
        &self.pairs[self.starts[area.get()]..self.starts[area.get() + 1]]
    }
    /// The time from an area to a site; `None` when it is beyond the cut-off. O(sites of the area).
    pub fn between(&self, area: AreaIx, site: SiteIx) -> Option<SiteTime> {
        self.sites_of(area).iter().copied().find(|pair| pair.site == site)
    }
    /// All pairs, by area, minutes and site.
    pub fn iter(&self) -> impl Iterator<Item = (AreaIx, SiteTime)> + '_ {
        self.areas().flat_map(|area| self.sites_of(area).iter().map(move |&pair| (area, pair)))
    }
    /// The areas, in order.
    pub fn areas(&self) -> impl ExactSizeIterator<Item = AreaIx> + use<> {
        (0..self.starts.len() - 1).map(AreaIx::from_usize)
    }
    /// How many pairs are within reach.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }
    /// Whether no site is within reach of any area.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
    /// How many pairs come from which source.
    pub fn counts(&self) -> PairCounts {
        self.pairs.iter().fold(PairCounts::default(), |mut counts, pair| {
            match pair.source {
                TimeSource::Known => counts.known += 1,
                TimeSource::Inferred => counts.inferred += 1,
                TimeSource::Fallback => counts.fallback += 1,
            }
            counts
        })
    }
}
