//! How far off the estimator is: every hospital left out in turn and estimated from the others.

use super::estimator::{Calibration, EstimatorSettings, HospitalTimes, NOBODY, Neighbourhood};
use super::geography::drive_time;
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
    let pairs = around.pairs_around(hospital, [hospital, NOBODY]);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::Place;
    use crate::network::estimator::Estimator;
    use crate::network::geography::distance;

    /// A country of 12 by 12 areas, where every way is the great-circle curve, and 16 hospitals.
    fn country() -> HospitalTimes {
        let place =
            |east: f64, north: f64| Place { longitude: -2.0 + 0.05 * east, latitude: 52.0 + 0.03 * north };
        let areas: Vec<Place> = (0..144).map(|p| place(f64::from(p % 12), f64::from(p / 12))).collect();
        let at = |p: i32, step: f64| (f64::from(p) * step).fract() * 11.0;
        let hospitals: Vec<Place> = (1..=16).map(|p| place(at(p, 0.618_034), at(p, 0.414_214))).collect();
        let minutes = areas.iter().flat_map(|&a| hospitals.iter().map(move |&h| drive_time(distance(a, h))));
        HospitalTimes { minutes: minutes.collect(), areas, hospitals: hospitals.clone() }
    }

    fn settings() -> EstimatorSettings {
        EstimatorSettings { neighbours: 8, ..EstimatorSettings::default() }
    }

    #[test]
    fn times_that_follow_one_curve_are_recovered_from_the_other_hospitals() {
        let errors = leave_one_out(&country(), settings());
        assert_eq!(errors.rows[0].pairs, 144 * 16 - far_apart(&country()));
        assert!(errors.rows[1].mean_error < Minutes(1.5), "{:?}", errors.rows[1]);
        assert!(errors.rows[2].mean_error < Minutes(1e-9), "the curve itself is exact here");
        assert_eq!(errors.bands.iter().map(|band| band.pairs).sum::<usize>(), errors.rows[1].pairs);
    }

    fn far_apart(times: &HospitalTimes) -> usize {
        let pairs = times.areas.iter().flat_map(|&a| times.hospitals.iter().map(move |&h| distance(a, h)));
        pairs.filter(|km| km.0 >= 60.0).count()
    }

    #[test]
    fn nothing_of_the_hospital_left_out_reaches_its_estimates() {
        let honest = country();
        let mut forged = country();
        for area in 0..forged.areas.len() {
            let minutes = &mut forged.minutes[area * 16 + 5];
            *minutes = Minutes(3.0 + (area % 7) as f64 * 11.0);
        }
        let estimates = |times: &HospitalTimes| -> Vec<Minutes> {
            try_one(&Neighbourhood::new(times, settings()), 5).iter().map(|tried| tried.graph).collect()
        };
        assert_eq!(estimates(&honest), estimates(&forged));
        let others = try_one(&Neighbourhood::new(&forged, settings()), 6);
        assert_ne!(others[0].graph, try_one(&Neighbourhood::new(&honest, settings()), 6)[0].graph);
    }

    #[test]
    fn edges_and_connectors_are_above_zero_and_carry_the_calibration() {
        let times = country();
        let estimator = Estimator::fit(&times, settings());
        assert!(estimator.calibration().slope > 0.1 && estimator.calibration().constant > Minutes::ZERO);
        assert!(estimator.edges().all(|(a, b, minutes)| a < b && minutes > Minutes::ZERO));
        let joins = estimator.connectors(times.areas[30], Some(100));
        assert_eq!(joins.len(), 4, "three nearest and the area where it is said to stand");
        assert_eq!(joins[0], (30, estimator.calibration().constant));
        assert_eq!(joins[3].0, 100);
    }

    #[test]
    fn one_area_and_one_hospital_give_no_edges_and_no_panic() {
        let place = Place { longitude: 0.0, latitude: 52.0 };
        let times = HospitalTimes { areas: vec![place], hospitals: vec![place], minutes: vec![Minutes(6.0)] };
        assert_eq!(Estimator::fit(&times, settings()).edges().count(), 0);
        assert_eq!(leave_one_out(&times, settings()).rows[0].pairs, 1);
        let nothing = HospitalTimes { areas: vec![], hospitals: vec![], minutes: vec![] };
        assert_eq!(leave_one_out(&nothing, settings()).rows[0].pairs, 0);
    }
}
