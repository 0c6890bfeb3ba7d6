//! The travel graph: junctions, edges and known times.

use super::amounts::{area_of, site_of};
use super::registers::{Areas, Sites, read_place};
use crate::domain::index::Ix;
use crate::domain::place::Place;
use crate::domain::travel::{KnownTime, NodeRef, TravelData, TravelEdge};
use crate::domain::units::Minutes;
use crate::input::codes;
use crate::input::faults::Faults;
use crate::input::location::Location;
use crate::input::row::{CellLimits, Row};
use crate::input::table::Reading;
use crate::input::tables;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longest time between any two points that is believed, in minutes: more than two days.
const LONGEST: CellLimits = CellLimits::up_to(3000.0);

/// Reads what there is of the travel graph.
pub fn read(reading: &mut Reading, areas: &Areas, sites: &Sites) -> TravelData {
    let junctions = read_junctions(reading);
    let edges = read_edges(reading, areas, sites, &junctions);
    let known = read_times(reading, areas, sites);
    TravelData {
        areas: areas.register.iter().map(|(_, _, area)| area.place).collect(),
        sites: sites.register.iter().map(|(_, _, site)| site.place).collect(),
        junctions: junctions.into_iter().collect(),
        known,
        edges,
    }
}

fn read_junctions(reading: &mut Reading) -> BTreeMap<String, Place> {
    let mut junctions = BTreeMap::new();
    let Some(table) = reading.open_if_there(&tables::TRAVEL_NODES) else { return junctions };
    reading.each(table, |row, faults| {
        let place = read_place(row, 1, 2, faults);
        let Some(node) = row.id(0, |text| Some(text.to_owned()).filter(|t| !t.is_empty()), faults) else {
            return;
        };
        if junctions.insert(node.clone(), place).is_some() {
            faults.add(
                codes::DUPLICATE,
                row.at(0),
                format!("`{node}` is given twice"),
                "keep one of the rows",
            );
        }
    });
    junctions
}

/// Edges run between areas, sites and junctions, whichever bears the name.
fn read_edges(
    reading: &mut Reading,
    areas: &Areas,
    sites: &Sites,
    junctions: &BTreeMap<String, Place>,
) -> Vec<TravelEdge> {
    let mut edges = Vec::new();
    let Some(table) = reading.open_if_there(&tables::TRAVEL_EDGES) else { return edges };
    let positions: BTreeMap<&str, u32> = junctions.keys().map(String::as_str).zip(0..).collect();
    let node_of = |row: &Row<'_>, column: usize, faults: &mut Faults| {
        let name = row.text(column);
        let junction = || positions.get(name.as_ref()).map(|position| NodeRef::Junction(*position));
        let area = || areas.register.find(name.as_ref()).map(NodeRef::Area);
        let site = || sites.register.find(name.as_ref()).map(NodeRef::Site);
        let node = junction().or_else(area).or_else(site);
        if node.is_none() && areas.whole && sites.whole {
            let known = positions.keys().copied();
            let known = known.chain(sites.register.ids().iter().map(|id| id.as_str()));
            row.report_dangling(
                column,
                "node",
                known.chain(areas.register.ids().iter().map(|id| id.as_str())),
                faults,
            );
        }
        node
    };
    reading.each(table, |row, faults| {
        let (from, to) = (node_of(row, 0, faults), node_of(row, 1, faults));
        let minutes = row.number(2, LONGEST, faults);
        if let (Some(from), Some(to), Some(minutes)) = (from, to, minutes) {
            edges.push(TravelEdge { from, to, minutes: Minutes(minutes), mode: row.text(3).into_owned() });
        }
    });
    edges.sort_by(|a, b| {
        (a.from, a.to, &a.mode).cmp(&(b.from, b.to, &b.mode)).then(a.minutes.0.total_cmp(&b.minutes.0))
    });
    edges
}

fn read_times(reading: &mut Reading, areas: &Areas, sites: &Sites) -> Vec<KnownTime> {
    let Some(table) = reading.open_optional(&tables::TRAVEL_TIMES) else { return Vec::new() };
    let mut file: Option<Arc<str>> = None;
    let mut known: Vec<(KnownTime, u32)> = Vec::new();
    reading.each(table, |row, faults| {
        file.get_or_insert_with(|| row.file().clone());
        let (area, site) = (area_of(row, 0, areas, faults), site_of(row, 1, sites, faults));
        let minutes = row.number(2, LONGEST, faults);
        let inferred = read_source(row, 3, faults);
        if let (Some(area), Some(site), Some(minutes)) = (area, site, minutes) {
            known.push((KnownTime { area, site, minutes: Minutes(minutes), inferred }, row.line()));
        }
    });
    known.sort_by_key(|(time, line)| (time.area, time.site, *line));
    let Some(file) = file else { return Vec::new() };
    for pair in known.windows(2) {
        if (pair[0].0.area, pair[0].0.site) == (pair[1].0.area, pair[1].0.site) {
            let cause = format!("a second time for the pair of line {}", pair[0].1);
            reading.faults.add(
                codes::DUPLICATE_ROW,
                Location::line(&file, pair[1].1),
                cause,
                "keep one of the rows",
            );
        }
    }
    let known: Vec<KnownTime> = known.into_iter().map(|(time, _)| time).collect();
    check_unit(&known, areas.register.len(), &file, &mut reading.faults);
    known
}

/// Whether a time is an estimate; a table without the column holds measured times.
fn read_source(row: &Row<'_>, column: usize, faults: &mut Faults) -> bool {
    const MEASURED: [&str; 3] = ["known", "measured", "routed"];
    const ESTIMATED: [&str; 3] = ["inferred", "estimated", "fallback"];
    let text = row.text(column);
    let estimated = ESTIMATED.contains(&text.as_ref());
    if !text.is_empty() && !estimated && !MEASURED.contains(&text.as_ref()) {
        let cause = format!("`source` says how a time came about, found `{text}`");
        let words = MEASURED.into_iter().chain(ESTIMATED);
        faults.add(codes::CELL_WORD, row.at(column), cause, crate::input::faults::suggest(&text, words));
    }
    estimated
}

/// The nearest site of a middling area is minutes away, not hours and not seconds.
fn check_unit(known: &[KnownTime], area_count: usize, file: &Arc<str>, faults: &mut Faults) {
    let mut nearest = vec![f64::INFINITY; area_count];
    for time in known {
        let least = &mut nearest[time.area.get()];
        *least = least.min(time.minutes.0);
    }
    nearest.retain(|minutes| minutes.is_finite());
    nearest.sort_by(f64::total_cmp);
    let Some(&middle) = nearest.get(nearest.len() / 2) else { return };
    let slip = if middle > 180.0 {
        "seconds"
    } else if middle < 1.0 && nearest.len() > 1 {
        "hours"
    } else {
        return;
    };
    let cause = format!(
        "half of the areas are {middle:.1} minutes or more from their nearest site: that looks like {slip}"
    );
    faults.add(codes::MINUTES_UNIT, Location::file(file), cause, "write `minutes` in minutes");
}
