//! What a verification found, one line for each check.

use serde::Serialize;
use std::fmt;

/// Slack allowed in every comparison, relative to max(1, size of what is compared).
pub const TOLERANCE: f64 = 1e-6;

/// One check and its worst case.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What was checked.
    pub name: String,
    /// Whether it holds everywhere.
    pub ok: bool,
    /// How many cases were looked at.
    pub cases: usize,
    /// How many of them fail.
    pub failures: usize,
    /// The worst figure, in the unit.
    pub worst: f64,
    /// Unit of the worst figure.
    pub unit: &'static str,
    /// Where the worst case is, in words; empty where there was no case.
    pub place: String,
}

/// All checks of a result.
#[derive(Debug, Clone, Serialize)]
pub struct Verification {
    /// In the order they were made.
    pub checks: Vec<Check>,
}

impl Verification {
    /// Whether every check holds.
    pub fn ok(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }
    /// The names of the checks that failed.
    pub fn failed(&self) -> Vec<&str> {
        self.checks.iter().filter(|check| !check.ok).map(|check| check.name.as_str()).collect()
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.ok { "ok    " } else { "FAILED" };
        write!(f, "{word}  {:<34}", self.name)?;
        match (self.cases, self.ok) {
            (0, true) => write!(f, " nothing to check"),
            (cases, true) => write!(f, " {cases} checked, worst {:.1e} {}", self.worst, self.unit),
            (cases, false) => {
                write!(f, " {} of {cases} fail", self.failures)?;
                if self.worst.is_finite() {
                    write!(f, ", worst {} {}", self.worst, self.unit)?;
                }
                write!(f, "\n          {}", self.place)
            }
        }
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            writeln!(f, "{check}")?;
        }
        writeln!(
            f,
            "not checked (they would need a solver): comparators, the least and most beds of regions"
        )?;
        match self.failed().len() {
            0 => write!(f, "verified: {} checks hold", self.checks.len()),
            failed => write!(f, "NOT verified: {failed} of {} checks fail", self.checks.len()),
        }
    }
}

/// Gathers the cases of one check and keeps the worst.
#[derive(Debug)]
pub struct Tally {
    check: Check,
    worst_ratio: f64,
}

impl Tally {
    /// An empty check.
    pub fn new(name: impl Into<String>, unit: &'static str) -> Self {
        let (name, place) = (name.into(), String::new());
        let check = Check { name, ok: true, cases: 0, failures: 0, worst: 0.0, unit, place };
        Self { check, worst_ratio: 0.0 }
    }
    /// Looks at a case: `excess` is by how much it breaks the rule (0 or less when it holds), `size` the
    /// magnitude against which rounding is judged.
    pub fn see(&mut self, excess: f64, size: f64, place: impl FnOnce() -> String) {
        self.check.cases += 1;
        let ratio = excess / (TOLERANCE * size.abs().max(1.0));
        let fails = ratio.is_nan() || ratio > 1.0;
        if fails {
            self.check.failures += 1;
            self.check.ok = false;
        }
        if ratio.is_nan() || ratio > self.worst_ratio {
            self.worst_ratio = if ratio.is_nan() { f64::INFINITY } else { ratio };
            self.check.worst = excess;
            self.check.place = place();
        }
    }
    /// Looks at two figures that should be the same; the place is followed by both.
    pub fn same(&mut self, written: f64, recomputed: f64, place: impl FnOnce() -> String) {
        let size = written.abs().max(recomputed.abs());
        self.see((written - recomputed).abs(), size, || {
            format!("{}: the files say {written}, recomputed {recomputed}", place())
        });
    }
    /// A case that fails whatever the tolerance.
    pub fn fail(&mut self, place: impl FnOnce() -> String) {
        self.see(f64::INFINITY, 1.0, place);
    }
    /// The finished check.
    pub fn done(self) -> Check {
        self.check
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_keeps_the_worst_case_and_judges_rounding_by_size() {
        let mut tally = Tally::new("sums", "beds");
        tally.same(1_000_000.1, 1_000_000.0, || "large".to_owned());
        assert!(tally.check.ok, "a tenth of a millionth is rounding");
        tally.same(1.5, 1.0, || "small".to_owned());
        let check = tally.done();
        assert_eq!((check.ok, check.cases, check.failures), (false, 2, 1));
        assert_eq!(check.place, "small: the files say 1.5, recomputed 1");
    }

    #[test]
    fn a_figure_that_is_no_number_fails() {
        let mut tally = Tally::new("sums", "beds");
        tally.same(f64::NAN, 1.0, || "nowhere".to_owned());
        assert!(!tally.done().ok);
    }
}
