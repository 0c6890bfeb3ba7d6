//! Travel times and the travel graph of the national instance.
//!
//! 131 sites lie within 1.5 km of a hospital with a column of measured times; those are the known
//! times. For the others the matrix teaches the graph: edges between areas and from the sites to
//! the areas around them (see [`crate::network::estimator`]). Districts have no graph of their own:
//! their times are means over their MSOAs, weighted by people.

mod districts;
mod graph;
mod matrix;
mod msoas;

use super::raw::RawFolder;
use super::{AreaPlace, Resolution, SitePlace};
use crate::domain::index::Ix;
use crate::domain::travel::{NodeRef, TravelData};
use crate::domain::units::Minutes;
use crate::import::ImportError;
use crate::import::tables::{TableWriter, decimals};
use crate::network::estimator::EstimatorSettings;
use crate::network::estimator_error::{ErrorTable, leave_one_out};
use crate::network::{NetworkError, PairCounts, TravelNetwork};
use matrix::Matrix;
use std::path::Path;

/// Times are written as far as this.
const WITHIN: Minutes = Minutes(90.0);

/// What the travel step found, for the closing summary and the folder's README.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TravelSummary {
    /// Pairs within 90 minutes whose time is published.
    pub known_pairs: usize,
    /// Pairs within 90 minutes inferred through the graph.
    pub inferred_pairs: usize,
    /// Pairs within 90 minutes estimated from the great-circle distance.
    pub fallback_pairs: usize,
}

/// Writes `travel_times.csv.gz` and, where the resolution has a graph, `travel_edges.csv.gz`, under
/// `out/<resolution>/`. There are no junctions, so no `travel_nodes.csv`.
///
/// # Errors
/// When a raw file is missing or malformed, or a table cannot be written.
pub fn compile(
    raw: &Path,
    resolution: Resolution,
    areas: &[AreaPlace],
    sites: &[SitePlace],
    out: &Path,
) -> Result<TravelSummary, ImportError> {
    let folder = RawFolder(raw);
    let matrix = Matrix::read(folder)?;
    let data = match resolution {
        Resolution::District => {
            let msoas = msoas::read(folder)?;
            districts::times(&matrix, &msoas, areas, sites)
        }
        Resolution::Msoa | Resolution::Lsoa => Ok(graph::compile(&matrix, areas, sites, WITHIN)),
    };
    let (data, counts) =
        data.and_then(|data| counts(&data).map(|counts| (data, counts))).map_err(ImportError::Travel)?;
    let names = Names { areas, sites };
    write_times(&data, names, &out.join(resolution.folder()))?;
    write_edges(&data, names, &out.join(resolution.folder()))?;
    Ok(TravelSummary {
        known_pairs: counts.known,
        inferred_pairs: counts.inferred,
        fallback_pairs: counts.fallback,
    })
}

/// How far off the estimates are, at MSOA or LSOA resolution: every hospital of the matrix left out
/// in turn.
///
/// # Errors
/// When a raw file is missing or malformed.
pub fn estimator_error(raw: &Path, by_lsoa: bool) -> Result<ErrorTable, ImportError> {
    let folder = RawFolder(raw);
    let matrix = Matrix::read(folder)?;
    let areas = if by_lsoa { msoas::read_lsoas(folder)? } else { msoas::read(folder)? };
    let (_, times) = graph::hospital_times(&matrix, &areas);
    Ok(leave_one_out(&times, EstimatorSettings::default()))
}

fn counts(data: &TravelData) -> Result<PairCounts, NetworkError> {
    Ok(TravelNetwork::build(data)?.travel_times(WITHIN).counts())
}

/// The codes behind the positions.
#[derive(Debug, Clone, Copy)]
struct Names<'a> {
    areas: &'a [AreaPlace],
    sites: &'a [SitePlace],
}

impl<'a> Names<'a> {
    /// The code of an area or a site; no other node is made here.
    fn of(self, node: NodeRef) -> &'a str {
        match node {
            NodeRef::Area(area) => self.areas[area.get()].code.as_str(),
            NodeRef::Site(site) => self.sites[site.get()].code.as_str(),
            NodeRef::Junction(_) => "",
        }
    }
}

fn write_times(data: &TravelData, names: Names<'_>, folder: &Path) -> Result<(), ImportError> {
    let mut known = data.known.clone();
    known.sort_by_key(|time| (time.area, time.site));
    let header = ["area", "site", "minutes", "source"];
    let mut table = TableWriter::new(folder.join("travel_times.csv.gz"), &header);
    for time in &known {
        let source = if time.inferred { "inferred" } else { "known" };
        let (area, site) = (names.of(NodeRef::Area(time.area)), names.of(NodeRef::Site(time.site)));
        table.row(&[area, site, &decimals(time.minutes.0, 1), source]);
    }
    table.finish()
}

fn write_edges(data: &TravelData, names: Names<'_>, folder: &Path) -> Result<(), ImportError> {
    if data.edges.is_empty() {
        return Ok(());
    }
    let mut edges: Vec<_> = data.edges.iter().collect();
    edges.sort_by_key(|edge| (edge.from, edge.to));
    let mut table = TableWriter::new(folder.join("travel_edges.csv.gz"), &["from", "to", "minutes", "mode"]);
    for edge in edges {
        table.row(&[names.of(edge.from), names.of(edge.to), &decimals(edge.minutes.0, 1), &edge.mode]);
    }
    table.finish()
}

/// Minutes as the tables write them.
fn rounded(minutes: Minutes) -> Minutes {
    Minutes((minutes.0 * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests;
