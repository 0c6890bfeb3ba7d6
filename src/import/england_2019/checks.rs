//! Totals that must come out, and the closing summary.

use super::TravelSummary;
use super::trusts::Trusts;
use crate::domain::units::{Beds, OccupiedBeds, Pounds, Proportion};
use crate::import::ImportError;
use std::fmt;

/// What the compiled instance must add up to; `None` skips the national figures (samples).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expectation {
    /// General and acute beds available.
    pub available: Beds,
    /// Of these, occupied.
    pub occupied: OccupiedBeds,
    /// Trusts.
    pub trusts: usize,
    /// Sites.
    pub sites: usize,
    /// Councils.
    pub councils: usize,
}

/// England, October to December 2019 (KH03).
pub const ENGLAND_2019: Expectation = Expectation {
    available: Beds(99_561.0),
    occupied: OccupiedBeds(91_636.0),
    trusts: 145,
    sites: 315,
    councils: 152,
};

/// What the import did, for people.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// One line for each check value or step.
    pub lines: Vec<String>,
}

impl Summary {
    /// Adds a line.
    pub fn say(&mut self, line: String) {
        self.lines.push(line);
    }
    /// Adds a line on the travel step of one resolution.
    pub fn say_travel(&mut self, resolution: &str, travel: &TravelSummary) {
        self.say(format!("{resolution}: travel {travel:?}"));
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Fails when a total is off by more than half a unit of its last printed digit.
pub fn require(what: &str, expected: f64, found: f64, tolerance: f64) -> Result<(), ImportError> {
    if (expected - found).abs() <= tolerance {
        return Ok(());
    }
    let (what, expected, found) = (what.to_owned(), expected.to_string(), found.to_string());
    Err(ImportError::Total { what, expected, found })
}

/// Checks counts and beds against the expectation.
pub fn check(
    expectation: &Expectation,
    trusts: &Trusts,
    sites: usize,
    councils: usize,
) -> Result<(), ImportError> {
    let counts = [
        ("trusts", expectation.trusts, trusts.len()),
        ("sites", expectation.sites, sites),
        ("councils", expectation.councils, councils),
    ];
    for (what, expected, found) in counts {
        require(what, expected as f64, found as f64, 0.0)?;
    }
    let (available, occupied) = beds(trusts);
    require("available beds", expectation.available.0, available.0, 0.5)?;
    require("occupied beds", expectation.occupied.0, occupied.0, 0.5)
}

/// Available and occupied beds of all trusts.
pub fn beds(trusts: &Trusts) -> (Beds, OccupiedBeds) {
    (trusts.iter().map(|t| t.2.available).sum(), trusts.iter().map(|t| t.2.occupied).sum())
}

/// Occupied beds above an occupancy cap: each trust alone, and all of them pooled.
pub fn shortfall(trusts: &Trusts, cap: Proportion) -> (OccupiedBeds, OccupiedBeds) {
    let above = |held: OccupiedBeds, beds: Beds| (held - beds * cap).max(OccupiedBeds::ZERO);
    let alone = trusts.iter().map(|(_, _, t)| above(t.occupied, t.available)).sum();
    let (available, occupied) = beds(trusts);
    (alone, above(occupied, available))
}

/// The lines on beds, occupancy and shortfall.
pub fn describe_beds(trusts: &Trusts, summary: &mut Summary) {
    let (available, occupied) = beds(trusts);
    summary.say(format!(
        "beds: {:.1} available, {:.1} occupied in {} trusts",
        available.0,
        occupied.0,
        trusts.len()
    ));
    let published = |t: &str| t.parse::<f64>().is_ok_and(|o| o > 0.92);
    let rounded = trusts.iter().filter(|t| published(&t.2.published_occupancy)).count();
    let exact = trusts.iter().filter(|t| (t.2.occupied / t.2.available).0 > 0.92).count();
    summary.say(format!("trusts above 92%: {rounded} as published in whole per cent, {exact} unrounded"));
    for cap in [0.82, 0.85, 0.90, 0.92] {
        let (alone, pooled) = shortfall(trusts, Proportion(cap));
        summary.say(format!(
            "shortfall at {:.0}%: {:.1} occupied beds each trust alone, {:.1} pooled",
            cap * 100.0,
            alone.0,
            pooled.0
        ));
    }
}

/// The line on social care.
pub fn describe_social_care(total: Pounds, councils: usize, summary: &mut Summary) {
    summary.say(format!("social care: £{:.2} billion in {councils} councils", total.0 / 1e9));
}
