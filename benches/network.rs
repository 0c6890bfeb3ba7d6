//! How long the travel-time graph takes: building, searching, and the estimator, on a made-up
//! country of 40 x 40 areas, 60 sites and 30 hospitals.

use bedalloc::domain::index::{AreaIx, Ix, SiteIx};
use bedalloc::domain::place::Place;
use bedalloc::domain::travel::{KnownTime, NodeRef, TravelData, TravelEdge};
use bedalloc::domain::units::Minutes;
use bedalloc::network::TravelNetwork;
use bedalloc::network::estimator::{Estimator, EstimatorSettings, HospitalTimes};
use bedalloc::network::geography::{distance, drive_time};
use std::hint::black_box;

const SIDE: usize = 40;
const SITES: usize = 60;
const HOSPITALS: usize = 30;

fn main() {
    divan::main();
}

/// About 7 by 11 kilometres to a cell, like England's mean over its MSOAs.
fn areas() -> Vec<Place> {
    (0..SIDE * SIDE).map(|p| place((p % SIDE) as f64, (p / SIDE) as f64)).collect()
}
fn place(east: f64, north: f64) -> Place {
    Place { longitude: -4.0 + 0.05 * east, latitude: 51.0 + 0.03 * north }
}
/// Points spread over the country without a pattern that repeats.
fn spread(count: usize) -> Vec<Place> {
    let at = |p: usize, step: f64| (p as f64 * step).fract() * (SIDE as f64 - 1.0);
    (1..=count).map(|p| place(at(p, 0.618_034), at(p, 0.414_214))).collect()
}

/// Edges to the right and upwards; half of the sites have known times.
fn country() -> TravelData {
    let (areas, sites) = (areas(), spread(SITES));
    let area = |p: usize| NodeRef::Area(AreaIx::from_usize(p));
    let mut edges = Vec::new();
    for p in 0..areas.len() {
        for q in [p + 1, p + SIDE].into_iter().filter(|&q| q < areas.len()) {
            let minutes = drive_time(distance(areas[p], areas[q])) * 0.6;
            edges.push(TravelEdge { from: area(p), to: area(q), minutes, mode: "car".to_owned() });
        }
    }
    let mut known = Vec::new();
    for (s, &site) in sites.iter().enumerate().filter(|(s, _)| s % 2 == 0) {
        for (a, &place) in areas.iter().enumerate() {
            let minutes = drive_time(distance(place, site));
            if minutes <= Minutes(90.0) {
                let (area, site) = (AreaIx::from_usize(a), SiteIx::from_usize(s));
                known.push(KnownTime { area, site, minutes, inferred: false });
            }
        }
    }
    TravelData { areas, sites, junctions: Vec::new(), known, edges }
}

fn hospital_times() -> HospitalTimes {
    let (areas, hospitals) = (areas(), spread(HOSPITALS));
    let to_all =
        |&area: &Place| hospitals.iter().map(move |&h| drive_time(distance(area, h))).collect::<Vec<_>>();
    HospitalTimes { minutes: areas.iter().flat_map(to_all).collect(), areas, hospitals }
}

#[divan::bench]
fn build(bencher: divan::Bencher) {
    let data = country();
    bencher.bench(|| TravelNetwork::build(black_box(&data)));
}

#[divan::bench(args = [45.0, 90.0])]
fn travel_times(bencher: divan::Bencher, cutoff: f64) {
    let network = TravelNetwork::build(&country()).expect("the data are sound");
    bencher.bench(|| black_box(&network).travel_times(Minutes(cutoff)));
}

#[divan::bench(sample_count = 10)]
fn fit_estimator(bencher: divan::Bencher) {
    let times = hospital_times();
    bencher.bench(|| Estimator::fit(black_box(&times), EstimatorSettings::default()).calibration());
}
