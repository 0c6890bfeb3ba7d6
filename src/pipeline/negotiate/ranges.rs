//! The least and most new beds of every region in plans that are nearly as good for England.
//!
//! Nearly as good is: England's unmet need at most a share above the least, and no equity group's unmet share more
//! than the same share above the worst-off group's at the optimum. A row that limits England's unmet need would
//! run through the whole program, so there is none. With the shares limited, the least unmet need is a
//! convex function of a region's beds; from the extreme number of beds Newton's method walks back along its slopes
//! until the limit is met, and arrives exactly, for every step lands on or beyond the end of a straight piece.

use super::error::NegotiationError;
use super::ground::Ground;
use super::plan::Promises;
use super::talks::{Side, Talks, answer};
use crate::domain::policy::Term;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::domain::{PeriodIx, RegionIx};
use crate::formulation::keys::{VariableKey, WorstUnmetShare};
use crate::pipeline::observer::{self, Observer};
use crate::solver::Solver;
use std::collections::BTreeMap;

/// England's unmet need meets its limit to this share of it.
const MET: f64 = 1e-9;
/// The walk is given up after so many steps; each finds a new piece.
const MOST_STEPS: usize = 200;
/// Ends this near, in beds, are one.
const SAME: f64 = 1e-7;

/// Least and most new beds of a region in plans that are nearly as good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearRange {
    /// The region.
    pub region: RegionIx,
    /// By how much the aims may be missed, as a share of their best values.
    pub within: Proportion,
    /// Fewest beds.
    pub least: Beds,
    /// Most beds.
    pub most: Beds,
}

/// The ranges of every region.
#[derive(Debug, Clone, PartialEq)]
pub struct NearRanges {
    /// The least unmet need of England, in the unit of the model's term.
    pub unmet: OccupiedBeds,
    /// The unmet share of the worst-off group, as small as it can then be; `None` where there are no groups.
    pub worst_share: Option<Proportion>,
    /// In order of region and share.
    pub ranges: Vec<NearRange>,
}

/// The ranges for each share of `within`, which are to rise and to be above zero.
pub fn near_ranges(
    ground: &Ground,
    promises: Promises,
    within: &[Proportion],
    solver: Box<dyn Solver>,
    observer: &mut dyn Observer,
) -> Result<NearRanges, NegotiationError> {
    let mut talks = Talks::new(ground, promises, solver);
    let best = Best::find(&mut talks)?;
    let mut ranges = Vec::new();
    for region in ground.system.regions.indices() {
        let doing = observer::Stage::Range(region);
        observer.starts(doing);
        talks.reset();
        let widest = [talks.extreme(region, Side::Least)?, talks.extreme(region, Side::Most)?];
        let mut found = [Beds::ZERO; 2];
        for (step, &share) in within.iter().enumerate() {
            for (at, side) in [(0, Side::Least), (1, Side::Most)] {
                // A wider share cannot lead beyond what the rules allow at all.
                let at_the_end = step > 0 && (found[at] - widest[at]).0.abs() <= SAME;
                if !at_the_end {
                    found[at] = best.end(&mut talks, region, side, share)?;
                }
            }
            ranges.push(NearRange { region, within: share, least: found[0], most: found[1] });
        }
        observer.ends(doing);
    }
    let unmet = OccupiedBeds(ground.unmet().reported(best.unmet));
    Ok(NearRanges { unmet, worst_share: best.worst_share, ranges })
}

/// The best values of the aims.
struct Best {
    /// England's unmet need as the program holds it.
    unmet: f64,
    /// The worst share of each period as the program holds it.
    worst: BTreeMap<PeriodIx, f64>,
    worst_share: Option<Proportion>,
}

impl Best {
    fn find(talks: &mut Talks) -> Result<Self, NegotiationError> {
        talks.reset();
        let unmet = &talks.ground.unmet().coefficients;
        let solution = answer(talks.stage.minimise_with_proof(unmet, 1.0)?)?;
        talks.keep_face(unmet, &solution);
        let mut best = Self { unmet: solution.value, worst: BTreeMap::new(), worst_share: None };
        let Some(term) = talks.formulation().term(Term::Inequality) else { return Ok(best) };
        let fairest = answer(talks.stage.minimise_with_proof(&term.coefficients, 1.0)?)?;
        best.worst_share = Some(Proportion(term.reported(fairest.value)));
        for (column, key) in talks.formulation().decisions() {
            if let VariableKey::WorstUnmetShare(WorstUnmetShare { period }) = key {
                best.worst.insert(period, fairest.columns[column.get()]);
            }
        }
        Ok(best)
    }
    /// The fewest or most beds of a region in plans that are nearly as good.
    fn end(
        &self,
        talks: &mut Talks,
        region: RegionIx,
        side: Side,
        within: Proportion,
    ) -> Result<Beds, NegotiationError> {
        talks.reset();
        talks.limit_shares(|period| Some(self.worst.get(&period)? * (1.0 + within.0)));
        let unmet = &talks.ground.unmet().coefficients;
        let limit = self.unmet * (1.0 + within.0);
        let mut beds = talks.extreme(region, side)?;
        for _ in 0..MOST_STEPS {
            let (value, slope, _) = talks.solve_with(region, beds, unmet)?;
            let over = value - limit;
            let outwards = -side.sign() * slope;
            if over <= MET * limit.abs().max(1.0) || outwards <= 0.0 {
                break;
            }
            beds = Beds(beds.0 - over / slope);
        }
        Ok(beds)
    }
}
