//! Progress on stderr, and how long each stage took.

use crate::pipeline::{Observer, Stage};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Not at all.
    Nothing,
    /// A line that moves, on a terminal.
    Spinner,
    /// A line for each stage that ends, with its seconds.
    Lines,
}

impl Show {
    /// What suits the flags and the terminal.
    pub fn for_flags(quiet: bool, verbose: bool) -> Self {
        match (quiet, verbose) {
            (false, true) => Self::Lines,
            (false, false) if std::io::stderr().is_terminal() => Self::Spinner,
            (true, _) | (false, false) => Self::Nothing,
        }
    }
}

/// Watches the stages of a run.
#[derive(Debug)]
pub struct Progress {
    show: Show,
    spinner: Option<ProgressBar>,
    begun: Instant,
    open: Vec<(String, Instant)>,
    ended: Vec<(String, f64)>,
    /// Those that run beside others, so that which ends first is chance.
    beside: Vec<(String, f64)>,
}

impl Progress {
    /// Starts the clock.
    pub fn new(show: Show) -> Self {
        let spinner = (show == Show::Spinner).then(|| {
            let spinner = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                spinner.set_style(style);
            }
            spinner.enable_steady_tick(Duration::from_millis(120));
            spinner
        });
        Self { show, spinner, begun: Instant::now(), open: Vec::new(), ended: Vec::new(), beside: Vec::new() }
    }
    /// Times one stage that is no part of the run itself.
    pub fn time<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        self.start(stage.to_owned());
        let done = work();
        self.end(stage, false);
        done
    }
    /// Seconds of each stage that ended, in order; what comes over and over (a range for each region) is one. Those
    /// that may run beside others come last.
    pub fn stages(&self) -> Vec<(String, f64)> {
        self.ended.iter().chain(&self.beside).cloned().collect()
    }
    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }
    /// Clears the line before something else is printed.
    pub fn clear(&mut self) {
        if let Some(spinner) = self.spinner.take() {
            spinner.finish_and_clear();
        }
    }
    fn start(&mut self, stage: String) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(stage.clone());
        }
        self.open.push((stage, Instant::now()));
    }
    fn end(&mut self, stage: &str, beside: bool) {
        let Some(position) = self.open.iter().rposition(|(name, _)| name == stage) else { return };
        let (name, begun) = self.open.remove(position);
        let seconds = begun.elapsed().as_secs_f64();
        if self.show == Show::Lines {
            eprintln!("{seconds:9.2} s  {name}");
        }
        let list = if beside { &mut self.beside } else { &mut self.ended };
        match list.iter_mut().find(|(earlier, _)| *earlier == name) {
            Some((_, sum)) => *sum += seconds,
            None => list.push((name, seconds)),
        }
    }
}

impl Observer for Progress {
    fn starts(&mut self, stage: Stage) {
        self.start(stage.to_string());
    }
    fn ends(&mut self, stage: Stage) {
        let beside = matches!(stage, Stage::Comparator(_) | Stage::BuildFull | Stage::PriceRangesMerged);
        self.end(&stage.to_string(), beside);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::result::Comparator;

    #[test]
    fn every_stage_that_ends_is_timed_in_the_order_of_the_ends() {
        let mut progress = Progress::new(Show::Nothing);
        let value = progress.time("read the model", || 7);
        progress.starts(Stage::BuildFull);
        progress.time("look up", || ());
        progress.time("look up", || ());
        progress.ends(Stage::BuildFull);
        let names: Vec<String> = progress.stages().into_iter().map(|(name, _)| name).collect();
        let expected = ["read the model", "look up", "build the program over all areas"].map(str::to_owned);
        assert_eq!((value, names), (7, expected.to_vec()));
    }

    #[test]
    fn the_order_of_stages_is_the_same_whichever_of_two_at_once_ends_first() {
        let names = |beside: Stage, ends: [Stage; 2]| {
            let mut progress = Progress::new(Show::Nothing);
            for _ in 0..2 {
                progress.starts(Stage::TieBreak);
                progress.starts(beside);
                for stage in ends {
                    progress.ends(stage);
                }
            }
            progress.stages().into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        for beside in [Stage::BuildFull, Stage::Comparator(Comparator::NeedShare), Stage::PriceRangesMerged] {
            let expected = ["settle ties".to_owned(), beside.to_string()];
            assert_eq!(names(beside, [Stage::TieBreak, beside]), expected);
            assert_eq!(names(beside, [beside, Stage::TieBreak]), expected);
        }
    }
}
