//! Which solver, and how: the model's settings with the flags of the command line over them.

use super::clock::since_the_first_look;
use super::signals::Interrupt;
use crate::input::{self, SolverSettings};
use crate::solver::{Algorithm, Method, Solver, SolverError, SolverOptions, choose};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// Flags about the solver.
#[derive(Debug, Clone, Default, Args)]
pub struct SolverArguments {
    /// Solver to use in place of the model's (highs, highs-good-lp, microlp, clarabel).
    #[arg(long, value_name = "NAME")]
    pub solver: Option<String>,
    /// Threads the solver may use.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub threads: Option<u32>,
    /// Longest time that one solve may take, in seconds.
    #[arg(long, value_name = "S", value_parser = positive_seconds)]
    pub time_limit: Option<Duration>,
    /// File for the solver's own log.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

/// A solver by name, with its options.
#[derive(Debug, Clone)]
pub struct SolverChoice {
    name: String,
    options: SolverOptions,
}

impl SolverChoice {
    /// What the model asks for, unless the command line asks for something else.
    pub fn new(settings: &SolverSettings, flags: &SolverArguments, interrupt: &Interrupt) -> Self {
        let of_model = settings.time_limit_seconds.and_then(|s| Duration::try_from_secs_f64(s).ok());
        let options = SolverOptions {
            nodes: None,
            threads: flags.threads.or_else(|| u32::try_from(settings.threads).ok()).filter(|n| *n > 0),
            time_limit: flags.time_limit.or(of_model),
            gap: Some(settings.gap),
            method: settings.method.into(),
            algorithm: settings.algorithm.into(),
            log: flags.log.clone(),
            interrupt: Some(interrupt.flag()),
            clock: Some(since_the_first_look),
        };
        Self { name: flags.solver.clone().unwrap_or_else(|| settings.name.clone()), options }
    }
    /// A fresh solver. An unknown name is an error.
    pub fn make(&self) -> Result<Box<dyn Solver>, SolverError> {
        choose(&self.name, self.options.clone())
    }
    /// The options by name, for the manifest.
    pub fn record(&self) -> Vec<(String, Value)> {
        let method = match self.options.method {
            Method::Auto => "auto",
            Method::Whole => "whole",
            Method::Decomposed => "decomposed",
            Method::Factorised => "factorised",
        };
        let algorithm = match self.options.algorithm {
            Algorithm::Choose => "choose",
            Algorithm::Simplex => "simplex",
            Algorithm::InteriorPoint => "interior_point",
        };
        let limit = self.options.time_limit.map(|limit| limit.as_secs_f64());
        [
            ("threads", json!(self.options.threads)),
            ("time_limit_seconds", json!(limit)),
            ("gap", json!(self.options.gap)),
            ("method", json!(method)),
            ("algorithm", json!(algorithm)),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

impl From<input::Method> for Method {
    fn from(method: input::Method) -> Self {
        match method {
            input::Method::Auto => Self::Auto,
            input::Method::Whole => Self::Whole,
            input::Method::Decomposed => Self::Decomposed,
            input::Method::Factorised => Self::Factorised,
        }
    }
}

impl From<input::Algorithm> for Algorithm {
    fn from(algorithm: input::Algorithm) -> Self {
        match algorithm {
            input::Algorithm::Choose => Self::Choose,
            input::Algorithm::Simplex => Self::Simplex,
            input::Algorithm::InteriorPoint => Self::InteriorPoint,
        }
    }
}

fn positive_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "use a number of seconds, for example 600".to_owned())?;
    if seconds.is_nan() || seconds <= 0.0 {
        return Err("use more than 0 seconds".to_owned());
    }
    Duration::try_from_secs_f64(seconds).map_err(|_| "that is longer than any clock can tell".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_are_no_times_are_refused() {
        assert_eq!(positive_seconds("1.5"), Ok(Duration::from_millis(1500)));
        for wrong in ["", "soon", "0", "-1", "nan", "inf", "1e400"] {
            assert!(positive_seconds(wrong).is_err(), "{wrong}");
        }
    }
    #[test]
    fn flags_stand_over_the_models_settings() {
        let settings = SolverSettings {
            name: "highs".to_owned(),
            threads: 2,
            time_limit_seconds: Some(600.0),
            gap: 1e-4,
            method: input::Method::Auto,
            algorithm: input::Algorithm::Choose,
        };
        let flags = SolverArguments { threads: Some(4), ..SolverArguments::default() };
        let choice = SolverChoice::new(&settings, &flags, &Interrupt::default());
        assert_eq!(choice.options.threads, Some(4));
        assert_eq!(choice.options.time_limit, Some(Duration::from_secs(600)));
        assert_eq!(choice.name, "highs");
    }
}
