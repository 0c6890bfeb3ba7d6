//! Known times, edges between areas and connectors of sites, for one resolution.

use super::matrix::Matrix;
use super::rounded;
use crate::domain::index::{AreaIx, Ix, SiteIx};
use crate::domain::travel::{KnownTime, NodeRef, TravelData, TravelEdge};
use crate::domain::units::{Minutes, Quantity};
use crate::import::england_2019::{AreaPlace, SitePlace};
use crate::network::estimator::{Estimator, EstimatorSettings, HospitalTimes};
use crate::network::thinning::without_detours;
use std::collections::BTreeMap;

/// The least time an edge is written with.
const SHORTEST: Minutes = Minutes(0.1);

/// The areas that have times to every hospital (by position), and those times.
pub fn hospital_times(matrix: &Matrix, areas: &[AreaPlace]) -> (Vec<usize>, HospitalTimes) {
    let mut covered = Vec::new();
    let mut times =
        HospitalTimes { areas: Vec::new(), hospitals: matrix.hospitals().to_vec(), minutes: Vec::new() };
    for (position, area) in areas.iter().enumerate() {
        if let Some(means) = matrix.mean(&area.members) {
            covered.push(position);
            times.areas.push(area.place);
            times.minutes.extend(means);
        }
    }
    (covered, times)
}

/// Everything the graph of this resolution is built from; known times as far as the limit.
pub fn compile(
    matrix: &Matrix,
    areas: &[AreaPlace],
    sites: &[SitePlace],
    known_within: Minutes,
) -> TravelData {
    let (covered, times) = hospital_times(matrix, areas);
    let estimator = Estimator::fit(&times, EstimatorSettings::default());
    let area = |row: usize| NodeRef::Area(AreaIx::from_usize(covered[row]));
    let between: Vec<_> = estimator.edges().map(|(a, b, m)| (a, b, rounded(m).max(SHORTEST))).collect();
    let between = without_detours(&between).into_iter().map(|(a, b, m)| car(area(a), area(b), m));
    let mut edges: Vec<TravelEdge> = between.collect();
    let mut known = Vec::new();
    let standing = areas_of_lsoas(areas, &covered);
    for (position, site) in sites.iter().enumerate() {
        let ix = SiteIx::from_usize(position);
        if let Some(column) = site.matrix_postcode.as_deref().and_then(|p| matrix.hospital(p)) {
            known.extend(column_of(&times, &covered, column, ix).filter(|k| k.minutes <= known_within));
        } else {
            let stands_in = standing.get(site.nearest_lsoa.as_str()).copied();
            let joins = estimator.connectors(site.place, stands_in).into_iter();
            edges.extend(joins.map(|(row, m)| car(area(row), NodeRef::Site(ix), rounded(m).max(SHORTEST))));
        }
    }
    TravelData {
        areas: areas.iter().map(|area| area.place).collect(),
        sites: sites.iter().map(|site| site.place).collect(),
        junctions: Vec::new(),
        known,
        edges,
    }
}

/// The measured times to one hospital, for a site that stands at it.
pub fn column_of<'a>(
    times: &'a HospitalTimes,
    covered: &'a [usize],
    column: usize,
    site: SiteIx,
) -> impl Iterator<Item = KnownTime> + 'a {
    covered.iter().enumerate().map(move |(row, &area)| KnownTime {
        area: AreaIx::from_usize(area),
        site,
        minutes: rounded(times.of_area(row)[column]),
        inferred: false,
    })
}

/// For each LSOA, the row of the area it belongs to.
fn areas_of_lsoas<'a>(areas: &'a [AreaPlace], covered: &[usize]) -> BTreeMap<&'a str, usize> {
    let members =
        |(row, &area): (usize, &usize)| areas[area].members.iter().map(move |(lsoa, _)| (lsoa.as_str(), row));
    covered.iter().enumerate().flat_map(members).collect()
}

fn car(from: NodeRef, to: NodeRef, minutes: Minutes) -> TravelEdge {
    debug_assert!(minutes.value() > 0.0, "the thinning of edges needs times above zero");
    TravelEdge { from, to, minutes, mode: "car".to_owned() }
}
