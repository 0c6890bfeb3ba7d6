//! What is found on the face of all levels: regions' least and most beds, and the plan that settles ties.

use super::RunOptions;
use super::error::RunError;
use super::observer::{self, Observer, observed};
use super::price_ranges::PriceRanges;
use super::ranges::region_ranges;
use super::result::RegionRange;
use super::stage::Stage;
use super::tie_break::settle_ties;
use crate::domain::policy::TieBreak;
use crate::domain::system::CareSystem;

/// What was found.
#[derive(Debug, Default)]
pub struct Beyond {
    /// Least and most beds of each region; `None` when not asked for, or when the solver was stopped.
    pub ranges: Option<Vec<RegionRange>>,
    /// How far the prices of the levels over all areas hold, where that was looked at.
    pub price_ranges: PriceRanges,
    /// Column values among those as good as the plan's that the tie-break chose; `None` when it chose none.
    pub settled: Option<Vec<f64>>,
    /// Whether the model asks for a tie-break and there was none.
    pub ties_left_open: bool,
}

impl Beyond {
    /// Finds ranges and ties: on the face of all levels over all areas, where the plan stands. Both hang on the face
    /// alone, so that formulas may be tried at the same time.
    pub fn of_face(
        full: &mut Stage,
        plan: &[f64],
        system: &CareSystem,
        options: RunOptions,
        observer: &mut dyn Observer,
    ) -> Result<Self, RunError> {
        let mut this = Self::default();
        if options.ranges {
            this.ranges = region_ranges(full, system, observer)?;
        }
        if system.policy.objective.tie_break != TieBreak::None {
            this.settled = observed(observer, observer::Stage::TieBreak, || settle_ties(full, system, plan))?;
            this.ties_left_open = this.settled.is_none();
        }
        Ok(this)
    }
}
