//! Between which limits a price holds.
//!
//! The best value of a level is a convex function of the bound of any one row, made of straight pieces, and the price
//! of the row is its slope. Here the piece is found on which the bound stands: a step away the level is solved again; where its
//! value lies above the line of the price, the line that touches it there crosses the first one nearer by, and
//! so on until a value lies on the line. That is where the price ends, after two or three solves, each from where the last one
//! stood.
//!
//! Ranging from a basis, as solvers offer it, tells how far that basis stays (and the face of the prices of all rows, how
//! far all of them do). Where the optimum is degenerate, and networks are that nearly everywhere, it ends long before the
//! one price does, often at once. What is found here does not depend on the basis. Only rows that people bargain about
//! are looked at, see [`is_quoted`].

use super::error::RunError;
use super::goals::{Goal, replay};
use super::stage::{LevelSolution, Settled, Solved, Stage};
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::{ConstraintKey, VariableKey};
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx};
use crate::solution::{LevelName, PriceRange};
use std::collections::BTreeMap;

/// Rows of a level that are looked at, those with the largest prices first.
const MOST_OF_LEVEL: usize = 20;
/// Prices up to here are rounding.
const NO_PRICE: f64 = 1e-6;
/// A bound this near to an end of its range, for a bound of one, stands there: solvers are exact to 10⁻⁷.
const AT_END: f64 = 1e-5;
/// Values are on a line to this part of their size, and to [`ROUNDING`] besides.
const ON_LINE: f64 = 1e-8;
/// Rounding of solvers.
const ROUNDING: f64 = 1e-7;
/// The first step away from a bound, as a share of it.
const FIRST_STEP: f64 = 0.1;
/// Each step on is so many times the last.
const WIDER: f64 = 4.0;
/// Beyond so many steps there is no end.
const MOST_STEPS: usize = 10;
/// More touching lines than this are given up.
const MOST_LINES: usize = 50;
/// Where the bounds for which there are plans end is known to rounding only; so much inside there is one.
const INSIDE: [f64; 3] = [0.0, 1e-7, 1e-5];

/// Ranges by level and constraint, in the unit that the constraint's bound is reported in.
pub type PriceRanges = BTreeMap<(LevelName, ConstraintKey), PriceRange>;

/// Whether a limit is one that people bargain about: pools, agreements, pins, sizes of sites, money, nurses. Prices of
/// single pools of beds are thousands, and most of them are the same.
pub fn is_quoted(key: ConstraintKey) -> bool {
    use ConstraintKey as K;
    matches!(
        key,
        K::NewBedPool { .. }
            | K::Agreement { .. }
            | K::Pin { .. }
            | K::SiteSize { .. }
            | K::CouncilBudget { .. }
            | K::PooledFund { .. }
            | K::StepDownPool { .. }
            | K::PreventionBudget { .. }
            | K::BedManagementBudget { .. }
            | K::CapitalLimit { .. }
            | K::RevenueLimit { .. }
            | K::NurseLimit { .. }
    )
}

/// The ranges of the quoted prices of levels that were solved on a program, in their order. `stage` has that program as
/// it was before the first of them. `held` is the program that the levels left, which knows how far a level with a
/// tolerance may be given up. Rows for which a limit stops the solver have no range.
pub fn price_ranges(
    stage: &mut Stage,
    points: &DemandPoints,
    levels: &[(Goal, Settled)],
    held: &LinearProgram,
) -> Result<PriceRanges, RunError> {
    let mut ranges = PriceRanges::new();
    // Bounds without a plan are part of the search.
    stage.solver().hurry();
    for (at, (goal, settled)) in levels.iter().enumerate() {
        let rows = quoted_rows(stage.formulation, settled);
        if !rows.is_empty()
            && let Some(expression) = goal.expression(stage.formulation)
        {
            let before = stage.program.clone();
            lift_implied_limits(stage);
            for row in rows {
                let key = stage.formulation.constraints()[row.get()];
                let line = Line { row, price: settled.prices[&key], expression: &expression };
                if let Some(range) = line.range(stage)? {
                    ranges.insert((settled.name, key), range);
                }
            }
            stage.program = before;
        }
        let more =
            levels[at + 1..].iter().any(|(_, later)| !quoted_rows(stage.formulation, later).is_empty());
        if !more {
            break;
        }
        let f = stage.formulation;
        replay(stage, points, &levels[at..=at], (f, held));
    }
    Ok(ranges)
}

/// The quoted rows of a level, those with the largest prices, in their order.
fn quoted_rows(f: &Formulation, settled: &Settled) -> Vec<RowIx> {
    let price = |key: &ConstraintKey| settled.prices.get(key).map_or(0.0, |price| price.abs());
    let rows = (0u32..).map(RowIx).zip(f.constraints());
    let mut priced: Vec<(RowIx, f64)> = rows
        .filter(|(_, key)| is_quoted(**key))
        .map(|(row, key)| (row, price(key)))
        .filter(|(_, price)| *price > NO_PRICE)
        .collect();
    priced.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    priced.truncate(MOST_OF_LEVEL);
    priced.sort_by_key(|(row, _)| *row);
    priced.into_iter().map(|(row, _)| row).collect()
}

/// Takes away upper limits of columns that only repeat what rows say (no site gets more than the whole pool): a model
/// with another bound would have others. What earlier levels hold stays held.
fn lift_implied_limits(stage: &mut Stage) {
    use VariableKey as V;
    let f = stage.formulation;
    for (column, key) in f.decisions() {
        let implied = matches!(
            key,
            V::OpenBeds(_)
                | V::NewBeds(_)
                | V::PooledMoney(_)
                | V::StepDownByNhs(_)
                | V::StepDownByCouncil(_)
        );
        let bounds = stage.program.column_bounds()[column.get()];
        if implied && !bounds.is_fixed() && bounds.upper.is_finite() {
            stage.program.set_column_bounds(column, Bounds::at_least(bounds.lower));
        }
    }
}

/// The line of a price: a level's best value as its row's bound moves.
struct Line<'a> {
    row: RowIx,
    price: f64,
    expression: &'a [(ColumnIx, f64)],
}

/// What the limits of columns alone let a row hold.
fn span(program: &LinearProgram, row: RowIx) -> Bounds {
    let (mut least, mut most) = (0.0, 0.0);
    for (column, value) in program.row(row) {
        let bounds = program.column_bounds()[column.get()];
        let ends = [value * bounds.lower, value * bounds.upper];
        least += ends[0].min(ends[1]);
        most += ends[0].max(ends[1]);
    }
    Bounds::between(least, most)
}

/// A level solved at a bound of the row.
struct Touch {
    value: f64,
    slope: f64,
}

/// Where a price ends on one side.
#[derive(Debug, Clone, Copy)]
enum End {
    At(f64),
    Nowhere,
    /// A limit or rounding stopped the search.
    Unknown,
}

/// Where a value of the level stands against the line.
enum Found {
    On,
    Above(Touch),
    NoPlan,
    Stopped,
}

impl Line<'_> {
    /// Where the price ends on either side; `None` where a limit stopped the solver.
    fn range(&self, stage: &mut Stage) -> Result<Option<PriceRange>, RunError> {
        let own = stage.program.row_bounds()[self.row.get()];
        let bound = if self.price > 0.0 { own.lower } else { own.upper };
        if !bound.is_finite() {
            return Ok(None);
        }
        let ends = self.both_ends(stage, own, bound);
        stage.program.set_row_bounds(self.row, own);
        let Some(ends) = ends? else { return Ok(None) };
        let tidy = |end: f64| if (end - bound).abs() <= AT_END * bound.abs().max(1.0) { bound } else { end };
        let [Some(from), Some(to)] = ends.map(|end| match end {
            End::At(end) => Some(Some(tidy(end))),
            End::Nowhere => Some(None),
            End::Unknown => None,
        }) else {
            return Ok(None);
        };
        Ok(Some(PriceRange { bound, from, to }))
    }

    /// The lower end and the upper.
    fn both_ends(&self, stage: &mut Stage, own: Bounds, bound: f64) -> Result<Option<[End; 2]>, RunError> {
        let Some(here) = self.solved_at(stage, own, bound)? else { return Ok(None) };
        let span = span(&stage.program, self.row);
        let level = Level { line: self, own, bound, value: here.value, span };
        Ok(Some([level.end(stage, -1.0)?, level.end(stage, 1.0)?]))
    }

    /// The level with the row's bound at `at`; `None` where there is no plan, or a limit stopped the solver.
    fn solved_at(&self, stage: &mut Stage, own: Bounds, at: f64) -> Result<Option<Touch>, RunError> {
        Ok(match self.solve(stage, own, at)? {
            Solved::Level(solution) => Some(self.touch(&solution)),
            Solved::Infeasible | Solved::Stopped(..) => None,
        })
    }

    fn solve(&self, stage: &mut Stage, own: Bounds, at: f64) -> Result<Solved, RunError> {
        let moved = match (own.is_fixed(), self.price > 0.0) {
            (true, _) => Bounds::exactly(at),
            (false, true) => Bounds::between(at, own.upper),
            (false, false) => Bounds::between(own.lower, at),
        };
        if moved.lower > moved.upper {
            return Ok(Solved::Infeasible);
        }
        stage.program.set_row_bounds(self.row, moved);
        stage.minimise_with_proof(self.expression, 1.0)
    }

    fn touch(&self, solution: &LevelSolution) -> Touch {
        Touch { value: solution.value, slope: solution.duals[self.row.get()] }
    }
}

/// The line of a price through the level's value at the bound that the model has.
struct Level<'a> {
    line: &'a Line<'a>,
    own: Bounds,
    bound: f64,
    value: f64,
    /// What the limits of columns alone let the row hold.
    span: Bounds,
}

impl Level<'_> {
    fn at(&self, bound: f64) -> f64 {
        self.value + self.line.price * (bound - self.bound)
    }

    /// Where the value at a bound stands.
    fn look(&self, stage: &mut Stage, at: f64) -> Result<Found, RunError> {
        Ok(match self.line.solve(stage, self.own, at)? {
            Solved::Level(solution) => {
                let room = ON_LINE * self.value.abs().max(solution.value.abs()) + ROUNDING;
                if solution.value <= self.at(at) + room {
                    Found::On
                } else {
                    Found::Above(self.line.touch(&solution))
                }
            }
            Solved::Infeasible => Found::NoPlan,
            Solved::Stopped(..) => Found::Stopped,
        })
    }

    /// The end on one side.
    fn end(&self, stage: &mut Stage, sign: f64) -> Result<End, RunError> {
        let mut step = FIRST_STEP * self.bound.abs().max(1.0);
        for _ in 0..MOST_STEPS {
            let wanted = self.bound + sign * step;
            let at = wanted.clamp(self.span.lower.min(self.bound), self.span.upper.max(self.bound));
            match self.look(stage, at)? {
                // Beyond there is no plan.
                Found::On if at != wanted => return Ok(End::At(at)),
                Found::On => step *= WIDER,
                Found::Above(touch) => return self.crossing(stage, at, touch),
                Found::NoPlan => return self.end_of_plans(stage, sign),
                Found::Stopped => return Ok(End::Unknown),
            }
        }
        Ok(End::Nowhere)
    }

    /// Follows touching lines to where they cross the line of the price, until a value lies on it.
    fn crossing(&self, stage: &mut Stage, mut at: f64, mut touch: Touch) -> Result<End, RunError> {
        for _ in 0..MOST_LINES {
            let apart = self.line.price - touch.slope;
            let next = at + (touch.value - self.at(at)) / apart;
            // Between the bound and where the value was above the line, or rounding has the better of it.
            let (least, most) = (self.bound.min(at), self.bound.max(at));
            if !(least..most).contains(&next) && next != most {
                return Ok(End::At(self.bound));
            }
            match self.look(stage, next)? {
                Found::On => return Ok(End::At(next)),
                Found::Above(nearer) => (at, touch) = (next, nearer),
                Found::NoPlan | Found::Stopped => return Ok(End::Unknown),
            }
        }
        Ok(End::Unknown)
    }

    /// The end where beyond some bound there is no plan at all: there, or nearer.
    fn end_of_plans(&self, stage: &mut Stage, sign: f64) -> Result<End, RunError> {
        let terms: Vec<(ColumnIx, f64)> = stage.program.row(self.line.row).collect();
        let outwards: Vec<_> = terms.iter().map(|&(column, value)| (column, -sign * value)).collect();
        let let_go = match (self.own.is_fixed(), self.line.price > 0.0) {
            (true, _) => Bounds::FREE,
            (false, true) => Bounds::at_most(self.own.upper),
            (false, false) => Bounds::at_least(self.own.lower),
        };
        stage.program.set_row_bounds(self.line.row, let_go);
        let last = match stage.minimise_with_proof(&outwards, 1.0)? {
            Solved::Level(solution) => -sign * solution.value,
            Solved::Infeasible | Solved::Stopped(..) => return Ok(End::Unknown),
        };
        for inside in INSIDE {
            let at = last - sign * inside * last.abs().max(1.0);
            if sign * (at - self.bound) <= 0.0 {
                return Ok(End::At(self.bound));
            }
            match self.look(stage, at)? {
                Found::On => return Ok(End::At(last)),
                Found::Above(touch) => return self.crossing(stage, at, touch),
                Found::NoPlan => {}
                Found::Stopped => return Ok(End::Unknown),
            }
        }
        Ok(End::Unknown)
    }
}
