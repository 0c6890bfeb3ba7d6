//! Everything a run finds out: what the reports are written from.

use super::price_ranges::PriceRanges;
use crate::domain::policy::Term;
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::domain::{EquityGroupIx, PeriodIx, RegionIx, SiteIx, SpecialtyIx};
use crate::formulation::sites::OpenSites;
use crate::lp::Limit;
use crate::network::PairCounts;
use crate::solution::{BedPlan, LevelName, LevelPrices};
use std::collections::BTreeMap;

/// How a run ended with a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Every level solved and proven.
    Optimal,
    /// Stopped at a limit; the plan is the best so far.
    Stopped(Limit),
}

/// One solved level.
#[derive(Debug, Clone)]
pub struct LevelResult {
    /// Which level.
    pub name: LevelName,
    /// The value reached, in the term's unit.
    pub value: f64,
    /// The proven bound, in the same unit: no plan that keeps the earlier levels does better.
    pub bound: f64,
    /// The unit.
    pub unit: &'static str,
    /// Rows and columns of the program that was solved.
    pub size: (usize, usize),
    /// Whether areas were merged for it.
    pub merged: bool,
}

impl LevelResult {
    /// |value − bound| ÷ max(1, |value|).
    pub fn gap(&self) -> f64 {
        (self.value - self.bound).abs() / self.value.abs().max(1.0)
    }
}

/// Formulas that people would use in place of the model, and doing nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparator {
    /// No new bed and no money moved.
    DoNothing,
    /// By population.
    PopulationShare,
    /// By need.
    NeedShare,
    /// The fullest sites first, up to the cap.
    OccupancyTopUp,
}

impl Comparator {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 4] =
        [Self::DoNothing, Self::PopulationShare, Self::NeedShare, Self::OccupancyTopUp];
    /// Its name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::DoNothing => "do_nothing",
            Self::PopulationShare => "population_share",
            Self::NeedShare => "need_share",
            Self::OccupancyTopUp => "occupancy_top_up",
        }
    }
}

/// What a comparator leaves unmet, with patients flowing as well as they can.
#[derive(Debug, Clone)]
pub struct ComparatorResult {
    /// Which.
    pub comparator: Comparator,
    /// New beds it gives each region.
    pub new_beds: BTreeMap<RegionIx, Beds>,
    /// Unmet need, all periods added up by their probability.
    pub unmet: OccupiedBeds,
    /// Unmet share of each equity group, the worst made as small as it can be; for doing nothing then also
    /// the next worst, and so on.
    pub group_shares: BTreeMap<EquityGroupIx, Proportion>,
    /// Unmet need of each region in that plan, by period.
    pub region_unmet: BTreeMap<(RegionIx, PeriodIx), OccupiedBeds>,
    /// The same by specialty too. A region's sum is settled where shares are; how it is made up of specialties is that of
    /// one such plan, and others may be as good.
    pub specialty_unmet: BTreeMap<(RegionIx, SpecialtyIx, PeriodIx), OccupiedBeds>,
}

impl ComparatorResult {
    /// Unmet need of a region, all periods added up by their probability.
    pub fn unmet_of(&self, system: &CareSystem, region: RegionIx) -> OccupiedBeds {
        system
            .periods
            .iter()
            .map(|(period, _, stretch)| self.unmet_in(region, period) * stretch.probability)
            .sum()
    }
    /// Unmet need of a region in one period.
    pub fn unmet_in(&self, region: RegionIx, period: PeriodIx) -> OccupiedBeds {
        self.region_unmet.get(&(region, period)).copied().unwrap_or_default()
    }
    /// Unmet need of a region's people for one specialty in one period.
    pub fn unmet_for(&self, region: RegionIx, specialty: SpecialtyIx, period: PeriodIx) -> OccupiedBeds {
        self.specialty_unmet.get(&(region, specialty, period)).copied().unwrap_or_default()
    }
}

/// Least and most new beds of a region among all plans that are equally good.
#[derive(Debug, Clone, Copy)]
pub struct RegionRange {
    /// The region.
    pub region: RegionIx,
    /// Least.
    pub least: Beds,
    /// Most.
    pub most: Beds,
}

/// Need that no site can be reached for.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutOfReach {
    /// Areas with some.
    pub areas: usize,
    /// How much.
    pub need: OccupiedBeds,
}

/// What the choice of sites reached at a level: over all choices, before the sites were fixed.
#[derive(Debug, Clone)]
pub struct SiteLevel {
    /// Which level. From the second round of inequality on, the worst shares so far added up.
    pub name: LevelName,
    /// The value reached, in the unit.
    pub value: f64,
    /// The proven bound: no plan does better that keeps the earlier levels, whichever sites are open.
    pub bound: f64,
    /// The unit.
    pub unit: &'static str,
}

/// Which sites are open, of those that may open or close.
#[derive(Debug, Clone)]
pub struct SiteDecision {
    /// Whether each is open in each period.
    pub open: OpenSites,
    /// What was reached, level by level.
    pub levels: Vec<SiteLevel>,
    /// The limit that stopped the search; the choice is then the best so far.
    pub stopped: Option<Limit>,
}

/// What a run found.
#[derive(Debug, Clone)]
pub struct RunResult {
    /// How it ended.
    pub status: Status,
    /// The plan.
    pub plan: BedPlan,
    /// Solved levels, in order.
    pub levels: Vec<LevelResult>,
    /// Prices of each level.
    pub prices: Vec<LevelPrices>,
    /// Between which bounds the prices that people quote hold; empty when ranges were not asked for.
    pub price_ranges: PriceRanges,
    /// Every term at the plan, in its unit, whether or not it was optimised.
    pub terms: BTreeMap<Term, f64>,
    /// Formulas to compare with.
    pub comparators: Vec<ComparatorResult>,
    /// Least and most beds of each region; `None` when not asked for.
    pub ranges: Option<Vec<RegionRange>>,
    /// Whether equally good plans could not be told apart by their share of need, as the model asks.
    pub ties_left_open: bool,
    /// How travel times are known.
    pub pairs: PairCounts,
    /// Need out of reach.
    pub out_of_reach: OutOfReach,
    /// Which sites are open; `None` where the model leaves no choice.
    pub sites: Option<SiteDecision>,
    /// Name and version of the solver.
    pub solver: (String, String),
    /// How refusals were brought within their limits; `None` where there are no limits.
    pub refusals: Option<Refusals>,
    /// How beds were made whole; `None` where parts of a bed will do. Levels and prices are then those of the
    /// program with the beds of the plan fixed.
    pub whole_beds: Option<WholeBeds>,
}

/// How whole beds were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WholeMethod {
    /// By branch and bound.
    BranchAndBound,
    /// By rounding the plan in fractions, and mending.
    Rounding,
}

impl WholeMethod {
    /// Its name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::BranchAndBound => "branch and bound",
            Self::Rounding => "rounding",
        }
    }
}

/// How beds were made whole, and what is known of better plans.
#[derive(Debug, Clone)]
pub struct WholeBeds {
    /// Beds come in multiples of this.
    pub ward: Beds,
    /// How they were found.
    pub method: WholeMethod,
    /// The gap of the first level after each time that it was solved with beds fixed, as they were rounded and mended.
    pub trials: Vec<f64>,
    /// The levels in fractions: the first is a bound on every plan in whole beds, later ones on those that keep the
    /// fractional values of the levels before.
    pub levels: Vec<LevelResult>,
    /// Their prices, which prove the bounds.
    pub prices: Vec<LevelPrices>,
    /// What branch and bound proved of plans in whole beds, level by level as far as it came.
    pub searched: Vec<SiteLevel>,
}

impl WholeBeds {
    /// The bound in fractions of a level.
    pub fn bound_of(&self, name: LevelName) -> Option<f64> {
        self.levels.iter().find(|level| level.name == name).map(|level| level.bound)
    }
    /// How far a level in whole beds is from its bound in fractions, relative as [`LevelResult::gap`]; zero where
    /// it is better, which a later level can be when an earlier one is worse.
    pub fn gap_of(&self, level: &LevelResult) -> Option<f64> {
        let bound = self.bound_of(level.name)?;
        Some((level.value - bound).max(0.0) / level.value.abs().max(1.0))
    }
}

impl RunResult {
    /// How far the plan may be from the best: the largest gap of any level; in whole beds that of the first, which
    /// alone is a gap to all plans in whole beds.
    pub fn gap(&self) -> f64 {
        match &self.whole_beds {
            Some(whole) => self.levels.first().and_then(|level| whole.gap_of(level)).unwrap_or(0.0),
            None => self.levels.iter().map(LevelResult::gap).fold(0.0, f64::max),
        }
    }
    /// The occupancy cap of a pool in the plan.
    pub fn cap_at(&self, system: &CareSystem, site: SiteIx, specialty: SpecialtyIx) -> Proportion {
        let tightened = self.refusals.as_ref().and_then(|refusals| refusals.caps.get(&(site, specialty)));
        tightened.copied().unwrap_or_else(|| system.policy.occupancy.cap_at(site, specialty))
    }
}

/// How refusals were brought within their limits.
#[derive(Debug, Clone, Default)]
pub struct Refusals {
    /// What each round found; in the last no pool is over its limit.
    pub rounds: Vec<RefusalRound>,
    /// Caps of the pools that were tightened.
    pub caps: BTreeMap<(SiteIx, SpecialtyIx), Proportion>,
}

/// What one round found.
#[derive(Debug, Clone, Copy)]
pub struct RefusalRound {
    /// Pools over their limit in some period.
    pub over: usize,
    /// The largest share that a pool with a limit refuses.
    pub worst: Proportion,
}
