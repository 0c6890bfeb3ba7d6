//! How far off the estimator is: every hospital left out in turn and estimated from the others.

use super::estimator::{Calibration, EstimatorSettings, HospitalTimes, NOBODY, Neighbourhood};
use super::geography::drive_time;
use super::paths::PathFinder;
use crate::domain::units::{Minutes, Proportion, Quantity};
use rayon::prelude::*;
use serde::Serialize;

/// The calibration of a left-out hospital looks at every so-manieth of the others, to save time.
const EVERY: usize = 8;
/// The bands of true minutes the errors are broken down by: up to each of these, and beyond.
const BANDS: [f64; 4] = [15.0, 30.0, 45.0, 60.0];

/// The errors of one method over one set of pairs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorRow {
    /// The method and the pairs, in words.
    pub what: String,
    /// How many pairs of an area and a hospital.
    pub pairs: usize,
    /// Mean absolute error.
    pub mean_error: Minutes,
    /// Mean absolute error of the pairs whose true time is up to 45 minutes.
    pub mean_error_within_45: Minutes,
    /// Median of the absolute error as a share of the true time.
    pub median_share: Proportion,
    /// Mean of estimate less truth: above zero means estimates are too long.
    pub bias: Minutes,
}

/// The outcome of leaving every hospital out in turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorTable {
    /// The methods and sets of pairs.
    pub rows: Vec<ErrorRow>,
    /// The graph's errors for hospitals among the areas, by band of the true time.
    pub bands: Vec<ErrorRow>,
}

/// One pair: the true time, the graph's estimate and the great-circle estimate.
#[derive(Debug, Clone, Copy)]
struct Tried {
    truth: Minutes,
    graph: Minutes,
    great_circle: Minutes,
}

/// Leaves every hospital out in turn, estimates its times to all areas within 60 km, and compares.
///
/// Neither the column of the hospital left out nor anything fitted on it is used: the bounds between
/// areas come from the other hospitals, and the calibration from some of the others, each over a
/// graph that lacks its own column as well. One search for each hospital and each of those others.
pub fn leave_one_out(times: &HospitalTimes, settings: EstimatorSettings) -> ErrorTable {
    let around = Neighbourhood::new(times, settings);
    let by_hospital: Vec<(bool, Vec<Tried>)> = (0..times.hospitals.len())
        .into_par_iter()
        .map(|hospital| (around.is_among_areas(hospital), try_one(&around, hospital)))
        .collect();
    let all = || by_hospital.iter().flat_map(|(_, pairs)| pairs);
    let among = || by_hospital.iter().filter(|(among, _)| *among).flat_map(|(_, pairs)| pairs);
    let (graph, great_circle) = (|t: &Tried| (t.truth, t.graph), |t: &Tried| (t.truth, t.great_circle));
    let rows = vec![
        ErrorRow::of("graph, all hospitals", all().map(graph)),
        ErrorRow::of("graph, hospitals among the areas", among().map(graph)),
        ErrorRow::of("great-circle curve, all hospitals", all().map(great_circle)),
        ErrorRow::of("great-circle curve, hospitals among the areas", among().map(great_circle)),
    ];
    let band = |p: usize| {
        let from = if p == 0 { 0.0 } else { BANDS[p - 1] };
        let to = BANDS.get(p).copied().unwrap_or(f64::INFINITY);
        let what =
            if p < BANDS.len() { format!("{from} to {to} minutes") } else { format!("over {from} minutes") };
        let within = among().filter(|t| t.truth.value() > from && t.truth.value() <= to);
        ErrorRow::of(&what, within.map(graph))
    };
    ErrorTable { rows, bands: (0..=BANDS.len()).map(band).collect() }
}

fn try_one(around: &Neighbourhood<'_>, hospital: usize) -> Vec<Tried> {
    let others: Vec<usize> =
        (0..around.times.hospitals.len()).filter(|other| (other + hospital) % EVERY == 1).collect();
    let calibration = Calibration::on(around, &others, hospital);
    let mut finder = PathFinder::new(&around.links);
    let pairs = around.pairs_around(&mut finder, hospital, [hospital, NOBODY]);
    pairs
        .into_iter()
        .map(|pair| Tried {
            truth: pair.truth,
            graph: calibration.minutes(pair.length),
            great_circle: drive_time(pair.apart),
        })
        .collect()
}

impl ErrorRow {
    /// Sums up pairs of truth and estimate, in the order given.
    fn of(what: &str, pairs: impl Iterator<Item = (Minutes, Minutes)>) -> Self {
        let pairs: Vec<(f64, f64)> =
            pairs.map(|(truth, guess)| (truth.value(), guess.value() - truth.value())).collect();
        let mut shares: Vec<f64> = pairs.iter().filter(|p| p.0 > 0.0).map(|p| p.1.abs() / p.0).collect();
        shares.sort_by(f64::total_cmp);
        let mean = |values: Vec<f64>| {
            if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
        };
        Self {
            what: what.to_owned(),
            pairs: pairs.len(),
            mean_error: Minutes(mean(pairs.iter().map(|p| p.1.abs()).collect())),
            mean_error_within_45: Minutes(mean(
                pairs.iter().filter(|p| p.0 <= 45.0).map(|p| p.1.abs()).collect(),
            )),
            median_share: Proportion(shares.get(shares.len() / 2).copied().unwrap_or(0.0)),
            bias: Minutes(mean(pairs.iter().map(|p| p.1).collect())),
        }
    }
}
