//! Plans in whole beds: that they are whole, and how far they are from the bound in fractions.

use super::files::{MOVES, Results};
use super::levels::check_bounds;
use super::parameters::Parameters;
use super::program::{Program, Role};
use super::report::{Check, Tally};

/// Checks that beds come in whole wards, that the pool is given out to the last of them, and the gaps.
pub fn check(p: &Parameters, results: &Results) -> Vec<Check> {
    let Some(ward) = p.system.policy.whole_beds else { return Vec::new() };
    vec![whole(p, results, ward.0), pool(p, results), gaps(results)]
}

/// Every decision is a multiple of the ward, but what closes with its site: all that is there goes.
fn whole(p: &Parameters, results: &Results, ward: f64) -> Check {
    let mut tally = Tally::new("beds are whole", "wards");
    for (&(period, stock), row) in &results.allocation {
        let closes = results.open.get(&(period, p.stocks[stock].0)) == Some(&false);
        let moved = MOVES.into_iter().zip(row.moved).filter(|(name, _)| *name != "closed" || !closes);
        for (name, beds) in [("new", row.new)].into_iter().chain(moved) {
            let wards = beds / ward;
            tally.see((wards - wards.round()).abs(), 1.0, || {
                format!("{}: {beds} beds {name}", p.stock_words(stock, period))
            });
        }
    }
    tally.done()
}

/// The beds given out up to each wave are the pool's, exactly where they must be.
fn pool(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("whole beds of the pool", "beds");
    for until in (0..p.periods()).filter(|&period| p.opens(period)) {
        let rows = results.allocation.iter().filter(|((period, _), _)| *period <= until);
        let (given, pool) = (rows.map(|(_, row)| row.new).sum::<f64>(), p.pool_until(until));
        let excess = if p.system.policy.pool.must_spend { (given - pool).abs() } else { given - pool };
        // Sums of whole numbers are exact; only the pool of a wave may be written in fractions.
        if excess > 1e-9 * pool.max(1.0) {
            tally
                .fail(|| format!("{given} beds are given out{}, the pool has {pool}", p.period_words(until)));
        } else {
            tally.see(0.0, 1.0, String::new);
        }
    }
    tally.done()
}

/// The bound told with each level is that of the level in fractions, and the gap what lies between.
fn gaps(results: &Results) -> Check {
    let mut tally = Tally::new("gaps of whole beds", "relative gap");
    let mut first = None;
    for level in &results.summary.levels {
        let fractional = results.summary.in_fractions.iter().find(|other| other.name == level.name);
        let (Some((bound, gap)), Some(fractional)) = (level.in_fractions, fractional) else { continue };
        let proven = fractional.bound.unwrap_or(f64::NEG_INFINITY);
        tally.same(bound, proven, || format!("bound of level {}", level.name));
        let lies_between = (level.value - proven).max(0.0) / level.value.abs().max(1.0);
        tally.same(gap, lies_between, || format!("gap of level {}", level.name));
        if first.is_none() {
            // The first level in fractions is at least as good as any in whole beds.
            tally.see(proven - level.value, level.value, || {
                format!("level {} is better than its bound", level.name)
            });
        }
        first.get_or_insert(gap);
    }
    let told = results.summary.figures.get("gap").copied();
    if let (Some(gap), Some(told)) = (first, told) {
        tally.same(told, gap, || "the gap of the plan".to_owned());
    }
    tally.done()
}

/// Proves the levels in fractions from their own prices.
pub fn bounds(p: &Parameters, results: &Results, program: &Program) -> Vec<Check> {
    check_bounds(p, results, (&results.summary.in_fractions, &results.bound_prices), program)
}

/// Fixes new beds and beds moved at those of the plan.
pub fn fix(program: &mut Program, results: &Results) {
    for column in &mut program.columns {
        let Role::Beds(stock, period, way) = column.role else { continue };
        let row = results.allocation.get(&(period, stock));
        let beds = row.map_or(0.0, |row| if way == 0 { row.new } else { row.moved[way - 1] });
        column.bounds = (beds, beds);
    }
}
