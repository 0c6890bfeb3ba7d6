//! What is found beyond the levels: regions' least and most beds, ties, and simple formulas to compare with.

use super::RunOptions;
use super::comparators::compare;
use super::error::RunError;
use super::observer::{self, Observer, Shared, observed};
use super::ranges::region_ranges;
use super::result::{ComparatorResult, RegionRange};
use super::stage::Stage;
use super::tie_break::settle_ties;
use crate::domain::policy::TieBreak;
use crate::domain::system::CareSystem;
use crate::formulation::demand_points::DemandPoints;

/// What was found.
#[derive(Debug, Default)]
pub struct Beyond {
    /// Least and most beds of each region; `None` when not asked for, or when the solver was stopped.
    pub ranges: Option<Vec<RegionRange>>,
    /// Column values among those as good as the plan's that the tie-break chose; `None` when it chose none.
    pub settled: Option<Vec<f64>>,
    /// Whether the model asks for a tie-break and there was none.
    pub ties_left_open: bool,
    /// Formulas to compare with; empty when the solver was stopped.
    pub comparators: Vec<ComparatorResult>,
}

impl Beyond {
    /// Finds it: on the face of all levels over all areas, where the plan stands, and over merged areas.
    pub fn find(
        (full, plan): (&mut Stage, &[f64]),
        (coarse, merged): (&mut Stage, &DemandPoints),
        system: &CareSystem,
        options: RunOptions,
        observer: &mut dyn Observer,
    ) -> Result<Self, RunError> {
        let observer = Shared::new(observer);
        let alone = full.solver().options().threads == Some(1);
        let mut on_the_face = || Self::of_face(full, plan, system, options, &mut &observer);
        let mut formulas = || compare(coarse, system, merged, &mut &observer);
        // Neither looks at what the other finds.
        let (of_face, compared) =
            if alone { (on_the_face(), formulas()) } else { rayon::join(on_the_face, formulas) };
        Ok(Self { comparators: compared?.unwrap_or_default(), ..of_face? })
    }

    fn of_face(
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
