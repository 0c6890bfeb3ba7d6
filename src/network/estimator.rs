//! Times to sites that no measured time leads to, learnt from the times to hospitals that have them.
//!
//! The way from one area to a hospital and the way from its neighbour to the same hospital differ by
//! no more than the way between the two: so the largest such difference over many hospitals bounds
//! the time between neighbours from below, and closely where some hospital lies beyond one of them.
//! These bounds, with a little for the ground covered, are the edges between areas. A site joins the
//! areas nearest to it. One straight line then turns path lengths into minutes: its slope goes onto
//! every edge and its constant onto the site's own connector, so that each estimate is a pure
//! shortest path, and the graph can be written down as edges in minutes.

use super::geography::{PlaceIndex, distance};
use super::paths::{PathFinder, Ways};
use super::thinning::PlainEdge;
use crate::domain::place::Place;
use crate::domain::units::{Kilometres, Minutes, Quantity};
use petgraph::graph::NodeIndex;
use rayon::prelude::*;

/// Measured one-way times from areas to hospitals: every area to every hospital.
#[derive(Debug, Clone, PartialEq)]
pub struct HospitalTimes {
    /// Where the areas are.
    pub areas: Vec<Place>,
    /// Where the hospitals are.
    pub hospitals: Vec<Place>,
    /// Minutes, area by area, hospitals in order within each.
    pub minutes: Vec<Minutes>,
}

impl HospitalTimes {
    /// The times of two areas to a hospital; endless when there is no such hospital.
    fn to_both(&self, (a, b): (usize, usize), hospital: usize) -> (Minutes, Minutes) {
        let to = |area| self.of_area(area).get(hospital).copied().unwrap_or(Minutes(f64::INFINITY));
        (to(a), to(b))
    }

    /// The times of one area, hospital by hospital.
    pub fn of_area(&self, area: usize) -> &[Minutes] {
        &self.minutes[area * self.hospitals.len()..][..self.hospitals.len()]
    }
}

/// The choices in the method, settled by leaving hospitals out of the real matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EstimatorSettings {
    /// How many of its nearest areas each area is joined to (20: error falls steeply up to here).
    pub neighbours: usize,
    /// A hospital further than this from both areas says nothing about the way between them, since
    /// differences of long times carry more noise (60 minutes).
    pub informative_within: Minutes,
    /// So many nearest hospitals count however far they are, for islands and remote valleys (8).
    pub always_informative: usize,
    /// Added to the bound for each kilometre between the areas, in minutes before calibration (0.35):
    /// the bound is too low where no hospital lies beyond either area.
    pub minutes_per_km: f64,
    /// Added for each kilometre too, divided by one more than the number of informative hospitals
    /// (1.5): the fewer there are, as in Cornwall or Cumbria, the less likely one lies beyond.
    pub sparse_minutes_per_km: f64,
    /// How many of its nearest areas a site joins (3).
    pub connectors: usize,
    /// The way from a site to those areas, in minutes per kilometre before calibration (1.0).
    pub connector_minutes_per_km: f64,
}

impl Default for EstimatorSettings {
    fn default() -> Self {
        Self {
            neighbours: 20,
            informative_within: Minutes(60.0),
            always_informative: 8,
            minutes_per_km: 0.35,
            sparse_minutes_per_km: 1.5,
            connectors: 3,
            connector_minutes_per_km: 1.0,
        }
    }
}

/// Calibration looks at pairs no longer than this, the times that matter to the model.
const CALIBRATE_WITHIN: Minutes = Minutes(90.0);
/// Calibration and tests look at pairs no further apart than this, as the published estimates do.
const TEST_WITHIN: Kilometres = Kilometres(60.0);
/// Calibration leaves out hospitals further than this from the nearest area (those of Wales).
const AMONG_AREAS: Kilometres = Kilometres(5.0);
/// Path lengths before calibration are followed so far; beyond lie times of many hours.
const FAR: Minutes = Minutes(600.0);
/// No edge is shorter, before calibration.
const SHORTEST_EDGE: f64 = 0.1;
/// Enough of the largest differences to leave two hospitals out and still know the largest.
const KEPT: usize = 3;

/// What is known of the way between two neighbouring areas.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    ends: (usize, usize),
    apart: Kilometres,
    /// The largest differences with the hospital that shows them, largest first.
    differences: [(usize, f64); KEPT],
    /// How many hospitals are within the informative time.
    informative: usize,
}

impl Link {
    fn measure(
        times: &HospitalTimes,
        ends: (usize, usize),
        always: &[usize],
        settings: &EstimatorSettings,
    ) -> Self {
        let mut differences = [(NOBODY, 0.0); KEPT];
        let mut informative = 0;
        for hospital in 0..times.hospitals.len() {
            let (one, other) = times.to_both(ends, hospital);
            let near = one.min(other) <= settings.informative_within;
            informative += usize::from(near);
            let difference = (one - other).value().abs();
            if (near || always.contains(&hospital)) && difference > differences[KEPT - 1].1 {
                let place = differences.partition_point(|kept| kept.1 >= difference);
                differences[place..].rotate_right(1);
                differences[place] = (hospital, difference);
            }
        }
        let apart = distance(times.areas[ends.0], times.areas[ends.1]);
        Self { ends, apart, differences, informative }
    }
}

/// An area and a hospital, for calibration and tests.
#[derive(Debug, Clone, Copy)]
pub(super) struct PathPair {
    /// The measured time.
    pub(super) truth: Minutes,
    /// The length of the shortest path, before calibration.
    pub(super) length: Minutes,
    /// The great-circle distance.
    pub(super) apart: Kilometres,
}

/// Leaves nobody out.
pub(super) const NOBODY: usize = usize::MAX;

/// Areas joined to their neighbours, before calibration.
#[derive(Debug)]
pub(super) struct Neighbourhood<'a> {
    pub(super) times: &'a HospitalTimes,
    pub(super) settings: EstimatorSettings,
    /// By their ends.
    links: Vec<Link>,
    near: PlaceIndex,
}

impl<'a> Neighbourhood<'a> {
    /// Joins each area to its nearest ones. O(areas × neighbours × hospitals).
    pub(super) fn new(times: &'a HospitalTimes, settings: EstimatorSettings) -> Self {
        let near = PlaceIndex::new(times.areas.iter().copied().enumerate());
        let hospitals = PlaceIndex::new(times.hospitals.iter().copied().enumerate());
        let mut pairs: Vec<(usize, usize)> = (0..times.areas.len())
            .into_par_iter()
            .flat_map_iter(|a| {
                let found = near.nearest(times.areas[a], settings.neighbours + 1);
                found.into_iter().filter(move |&(b, _)| b != a).map(move |(b, _)| (a.min(b), a.max(b)))
            })
            .collect();
        pairs.par_sort_unstable();
        pairs.dedup();
        let always: Vec<Vec<usize>> = times
            .areas
            .par_iter()
            .map(|&area| {
                hospitals.nearest(area, settings.always_informative).into_iter().map(|h| h.0).collect()
            })
            .collect();
        let measure = |&(a, b): &(usize, usize)| Link::measure(times, (a, b), &always[a], &settings);
        let links = pairs.par_iter().map(measure).collect();
        Self { times, settings, links, near }
    }

    /// The length of a link before calibration, leaving out up to two hospitals.
    fn length(&self, link: &Link, without: [usize; 2]) -> Minutes {
        let bound = link.differences.iter().find(|(hospital, _)| !without.contains(hospital));
        let bound = bound.map_or(0.0, |&(_, difference)| difference);
        let lost = without.iter().filter(|&&hospital| {
            let (one, other) = self.times.to_both(link.ends, hospital);
            one.min(other) <= self.settings.informative_within
        });
        let informative = (link.informative - lost.count()) as f64;
        let per_km = self.settings.minutes_per_km + self.settings.sparse_minutes_per_km / (1.0 + informative);
        Minutes((bound + per_km * link.apart.0).max(SHORTEST_EDGE))
    }

    /// The areas a place joins, with the length of each connector before calibration.
    fn connectors(&self, place: Place) -> impl Iterator<Item = (usize, Minutes)> + use<> {
        let per_km = self.settings.connector_minutes_per_km;
        let near = self.near.nearest(place, self.settings.connectors).into_iter();
        near.map(move |(area, km)| (area, Minutes(km.0 * per_km)))
    }

    /// Path lengths from a hospital to the areas around it, without the columns of up to two
    /// hospitals: the pairs within the distance of tests.
    pub(super) fn pairs_around(&self, hospital: usize, without: [usize; 2]) -> Vec<PathPair> {
        let place = self.times.hospitals[hospital];
        let starts: Vec<_> =
            self.connectors(place).map(|(area, length)| (NodeIndex::new(area), length)).collect();
        let edge = |link: &Link| (link.ends.0, link.ends.1, self.length(link, without));
        let edges: Vec<PlainEdge> = self.links.iter().map(edge).collect();
        let ways = Ways::new(self.times.areas.len(), &edges);
        let mut finder = PathFinder::new(&ways);
        let reach = finder.reach(&starts, FAR);
        let pair = |(area, &at)| {
            let apart = distance(at, place);
            let length = reach.minutes(NodeIndex::new(area)).filter(|_| apart < TEST_WITHIN)?;
            Some(PathPair { truth: self.times.of_area(area)[hospital], length, apart })
        };
        self.times.areas.iter().enumerate().filter_map(pair).collect()
    }

    /// Whether a hospital stands among the areas, so that its connectors are like those of sites.
    pub(super) fn is_among_areas(&self, hospital: usize) -> bool {
        self.near.nearest(self.times.hospitals[hospital], 1).iter().any(|&(_, km)| km <= AMONG_AREAS)
    }
}

/// The straight line from path length to minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Minutes at no distance: leaving, parking, walking in.
    pub constant: Minutes,
    /// Minutes for each minute of path length.
    pub slope: f64,
}

impl Calibration {
    /// Minutes for a path length.
    pub fn minutes(self, length: Minutes) -> Minutes {
        self.constant + length * self.slope
    }

    /// Weighted least squares on pairs of true minutes and length; the weight is one over the true
    /// minutes, since errors grow with them. Without two different lengths, the line is the identity.
    fn fit(pairs: impl Iterator<Item = PathPair>) -> Self {
        let (mut w, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for pair in pairs.filter(|pair| pair.truth <= CALIBRATE_WITHIN && pair.truth > Minutes::ZERO) {
            let (weight, length) = (1.0 / pair.truth.value(), pair.length.value());
            w += weight;
            x += weight * length;
            y += 1.0; // the weight times the truth
            xx += weight * length * length;
            xy += length;
        }
        let spread = w * xx - x * x;
        if spread <= 1e-9 * xx.max(1.0) {
            return Self { constant: Minutes::ZERO, slope: 1.0 };
        }
        // A negative constant or slope would make edges of negative length; no real data show one.
        let slope = ((w * xy - x * y) / spread).max(1e-3);
        Self { constant: Minutes((y - slope * x) / w).max(Minutes::ZERO), slope }
    }

    /// Fits the line on some hospitals, each over the graph that lacks its own column, and that of
    /// the hospital left out.
    pub(super) fn on(around: &Neighbourhood<'_>, hospitals: &[usize], left_out: usize) -> Self {
        let pairs: Vec<Vec<PathPair>> = hospitals
            .par_iter()
            .filter(|&&hospital| hospital != left_out && around.is_among_areas(hospital))
            .map(|&hospital| around.pairs_around(hospital, [hospital, left_out]))
            .collect();
        Self::fit(pairs.into_iter().flatten())
    }
}

/// The calibrated graph: minutes between areas, and from any place to the areas around it.
#[derive(Debug)]
pub struct Estimator<'a> {
    around: Neighbourhood<'a>,
    calibration: Calibration,
}

impl<'a> Estimator<'a> {
    /// Measures the ways between neighbouring areas and calibrates them on all hospitals.
    /// O(areas × neighbours × hospitals) and one shortest-path search for each hospital.
    pub fn fit(times: &'a HospitalTimes, settings: EstimatorSettings) -> Self {
        let around = Neighbourhood::new(times, settings);
        let hospitals: Vec<usize> = (0..times.hospitals.len()).collect();
        let calibration = Calibration::on(&around, &hospitals, NOBODY);
        Self { around, calibration }
    }

    /// The line that was fitted.
    pub fn calibration(&self) -> Calibration {
        self.calibration
    }

    /// The edges between areas, by position of the lower, then of the higher area.
    pub fn edges(&self) -> impl Iterator<Item = PlainEdge> + '_ {
        self.around.links.iter().map(|link| {
            let length = self.around.length(link, [NOBODY; 2]);
            (link.ends.0, link.ends.1, length * self.calibration.slope)
        })
    }

    /// The edges from a site to the areas nearest to it, nearest first, and to the area where it is
    /// said to stand if that is another.
    pub fn connectors(&self, site: Place, stands_in: Option<usize>) -> Vec<(usize, Minutes)> {
        let mut found: Vec<(usize, Minutes)> = self.around.connectors(site).collect();
        if let Some(area) = stands_in.filter(|&area| found.iter().all(|&(other, _)| other != area)) {
            let km = distance(self.around.times.areas[area], site);
            found.push((area, Minutes(km.0 * self.around.settings.connector_minutes_per_km)));
        }
        found.into_iter().map(|(area, length)| (area, self.calibration.minutes(length))).collect()
    }
}
