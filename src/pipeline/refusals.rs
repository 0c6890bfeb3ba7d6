//! Occupancy that knows the size of the pool: caps are tightened until no pool refuses too many.
//!
//! What a pool of b beds may carry at a fixed share of refusals is convex in b, so the rule is no linear
//! constraint. Round by round the model is solved, each pool is checked by Erlang's loss formula, and the
//! cap of a pool that refuses too many is set to what it may carry at its present beds. A pool at its cap
//! with no fewer beds than that meets its limit, since what it may carry for each bed rises with beds.

use super::error::RunError;
use super::result::{RefusalRound, Refusals, RunResult};
use super::run::RunEnd;
use crate::domain::erlang::{largest_carried, refused_at};
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::domain::{SiteIx, SpecialtyIx};
use std::collections::BTreeMap;

/// Rounds in which a cap is set at the pool's present beds.
const PATIENT_ROUNDS: u32 = 8;
/// From then on it is set at fewer beds, each round this many times as many, so that the search ends.
const HASTE: f64 = 0.8;
/// More rounds than this are given up.
const MOST_ROUNDS: u32 = 30;
/// Caps are set lower by this part of themselves, so that the solver's rounding stays within the limit.
const MARGIN: f64 = 1e-7;
/// A pool is over its limit when it carries this many occupied beds too many.
const SLACK: f64 = 1e-6;

/// A pool that refuses too many, and the cap that mends it.
struct Over {
    pool: (SiteIx, SpecialtyIx),
    cap: Proportion,
}

/// Solves until every pool is within its limit. `solve` runs a model; its second argument says whether ranges are
/// wanted, which is only of the plan that is to be the last.
pub fn within_limits(
    system: &CareSystem,
    ranges: bool,
    mut solve: impl FnMut(&CareSystem, bool) -> Result<RunEnd, RunError>,
) -> Result<RunEnd, RunError> {
    let mut tightened = system.clone();
    let mut rounds = Vec::new();
    let mut last = !ranges;
    for round in 0..MOST_ROUNDS {
        let mut result = match solve(&tightened, ranges && last)? {
            RunEnd::Planned(result) => result,
            other => return Ok(other),
        };
        let haste = HASTE.powi(round.saturating_sub(PATIENT_ROUNDS).try_into().unwrap_or(i32::MAX));
        let (found, over) = check(&tightened, &result, haste);
        rounds.push(found);
        if over.is_empty() && last {
            let caps = tightened.policy.occupancy.pools;
            result.refusals = Some(Refusals { rounds, caps });
            return Ok(RunEnd::Planned(result));
        }
        last = !ranges || over.is_empty();
        let caps = &mut tightened.policy.occupancy;
        for Over { pool, cap } in over {
            let present = caps.cap_at(pool.0, pool.1);
            caps.pools.insert(pool, cap.min(present));
        }
    }
    Err(RunError::RefusalsUnsettled { rounds: MOST_ROUNDS })
}

/// Every pool with a limit in every period.
fn check(system: &CareSystem, result: &RunResult, haste: f64) -> (RefusalRound, Vec<Over>) {
    let mut occupied = BTreeMap::new();
    for flow in &result.plan.flows {
        if system.beds.contains_key(&(flow.site, flow.specialty)) {
            *occupied.entry((flow.site, flow.specialty, flow.period)).or_insert(OccupiedBeds::ZERO) +=
                flow.treated;
        }
    }
    for (key, freed) in &result.plan.measures.freed {
        let held = occupied.entry(*key).or_default();
        *held = (*held - *freed).max(OccupiedBeds::ZERO);
    }
    let mut worst = Proportion::ZERO;
    let mut over: BTreeMap<(SiteIx, SpecialtyIx), Proportion> = BTreeMap::new();
    for (&(site, specialty, period), &occupied) in &occupied {
        let Some(limit) = system.policy.occupancy.refusals.of(specialty) else { continue };
        let beds = result.plan.beds_open(system, site, specialty, period);
        worst = worst.max(refused_at(beds, occupied));
        if (occupied - largest_carried(beds, limit)).0 <= SLACK {
            continue;
        }
        let at = Beds(beds.0 * haste);
        let cap = if at.0 > 0.0 { (largest_carried(at, limit) / at).0 * (1.0 - MARGIN) } else { 0.0 };
        let lowest = over.entry((site, specialty)).or_insert(Proportion(cap));
        *lowest = lowest.min(Proportion(cap));
    }
    let found = RefusalRound { over: over.len(), worst };
    (found, over.into_iter().map(|(pool, cap)| Over { pool, cap }).collect())
}
