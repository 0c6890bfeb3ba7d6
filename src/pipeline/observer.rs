//! Somebody who wants to know what a run is doing. The run itself reads no clock and prints nothing.

use super::result::Comparator;
use crate::domain::RegionIx;
use crate::domain::policy::Term;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Listing what each area can reach, and merging areas that only minutes could tell apart.
    DemandPoints,
    /// Building the program over merged areas.
    BuildMerged,
    /// Choosing the sites that open or close.
    ChooseSites,
    /// Making the beds of a plan whole.
    WholeBeds,
    /// Building the program over all areas.
    BuildFull,
    /// Finding a start for the program over all areas.
    Start,
    /// Solving a level; for inequality, which round.
    Level(Term, u8),
    /// Solving the weighted sum.
    Weighted,
    /// Settling ties.
    TieBreak,
    /// Finding the least and most beds of a region.
    Range(RegionIx),
    /// Finding between which limits prices of levels over merged areas hold.
    PriceRangesMerged,
    /// The same of those over all areas.
    PriceRanges,
    /// Evaluating a formula.
    Comparator(Comparator),
    /// Reading the plan.
    ReadPlan,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DemandPoints => f.write_str("merge areas"),
            Self::BuildMerged => f.write_str("build the program over merged areas"),
            Self::ChooseSites => f.write_str("choose the sites to open or close"),
            Self::WholeBeds => f.write_str("make beds whole"),
            Self::BuildFull => f.write_str("build the program over all areas"),
            Self::Start => f.write_str("find a start over all areas"),
            Self::Level(Term::Inequality, round) => write!(f, "level inequality, round {round}"),
            Self::Level(term, _) => write!(f, "level {}", term.name()),
            Self::Weighted => f.write_str("weighted sum"),
            Self::TieBreak => f.write_str("settle ties"),
            Self::Range(_) => f.write_str("least and most beds of a region"),
            Self::PriceRangesMerged => f.write_str("how far prices over merged areas hold"),
            Self::PriceRanges => f.write_str("how far prices over all areas hold"),
            Self::Comparator(comparator) => write!(f, "comparator {}", comparator.name()),
            Self::ReadPlan => f.write_str("read the plan"),
        }
    }
}

/// Told when stages start and end.
pub trait Observer: Send {
    /// A stage starts.
    fn starts(&mut self, stage: Stage);
    /// It ends.
    fn ends(&mut self, stage: Stage);
}

/// Nobody.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Observer for Silent {
    fn starts(&mut self, _: Stage) {}
    fn ends(&mut self, _: Stage) {}
}

/// An observer that several threads tell what they do.
pub struct Shared<'a>(Mutex<&'a mut dyn Observer>);

impl<'a> Shared<'a> {
    /// Shares an observer.
    pub fn new(observer: &'a mut dyn Observer) -> Self {
        Self(Mutex::new(observer))
    }
    fn tell(&self, what: impl FnOnce(&mut dyn Observer)) {
        what(&mut **self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Observer for &Shared<'_> {
    fn starts(&mut self, stage: Stage) {
        self.tell(|observer| observer.starts(stage));
    }
    fn ends(&mut self, stage: Stage) {
        self.tell(|observer| observer.ends(stage));
    }
}

/// Runs some work as a stage.
pub fn observed<T>(observer: &mut dyn Observer, stage: Stage, work: impl FnOnce() -> T) -> T {
    observer.starts(stage);
    let done = work();
    observer.ends(stage);
    done
}
