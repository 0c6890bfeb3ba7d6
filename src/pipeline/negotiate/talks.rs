//! Talks: one question after another put to the same program.

use super::error::NegotiationError;
use super::ground::Ground;
use super::plan::Promises;
use crate::domain::policy::Term;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::domain::{PeriodIx, RegionIx};
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, Unmet, VariableKey};
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx};
use crate::pipeline::stage::{LevelSolution, Solved, Stage};
use crate::solver::Solver;

/// Prices up to this size are rounding.
const PRICE_ROUNDING: f64 = 1e-9;

/// Room for the solver's rounding in a limit on shares: a part of it, and of a unit, which is about a bed.
const SHARE_ROOM: f64 = 1e-9;

/// How far inside a face its ends are looked for, in beds, where there is nothing at the end itself.
const STEPS_INSIDE: [f64; 4] = [0.0, 1e-6, 1e-4, 1e-2];

/// A column within this of a limit stands at it.
const AT_LIMIT: f64 = 1e-6;

/// What a number of beds comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth<Unit> {
    /// What is left unmet.
    pub value: Unit,
    /// By how much that changes with the next bed, in the same unit. Where the curve bends, any slope between those of
    /// its two sides.
    pub slope: f64,
}

/// Which end of what is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The least.
    Least,
    /// The most.
    Most,
}

impl Side {
    pub(super) fn sign(self) -> f64 {
        match self {
            Self::Least => 1.0,
            Self::Most => -1.0,
        }
    }
}

/// Questions put to one program.
pub struct Talks<'a> {
    pub(super) ground: &'a Ground,
    pub(super) stage: Stage<'a>,
    pub(super) promises: Promises,
    best: Face,
    fairest: Face,
    ceiling: Option<Ceiling>,
}

/// The worst share as the program holds it, straight along a piece of its curve.
#[derive(Debug, Clone, Copy)]
struct Ceiling {
    share: f64,
    slope: f64,
}

impl Ceiling {
    /// The limit on every group's share, so many beds from the middle of the piece.
    fn at(self, way: Beds) -> impl Fn(PeriodIx) -> Option<f64> {
        let share = self.share + self.slope * way.0;
        move |_| Some(share * (1.0 + SHARE_ROOM) + SHARE_ROOM)
    }
}

/// A program confined to best plans, and a number of beds in the middle of those for which it holds them.
#[derive(Debug, Clone)]
struct Face {
    program: LinearProgram,
    inside: Beds,
}

impl<'a> Talks<'a> {
    /// Starts talks in which some promises are made already.
    pub fn new(ground: &'a Ground, promises: Promises, solver: Box<dyn Solver>) -> Self {
        let whole = Face { program: ground.formulation.program().clone(), inside: Beds::ZERO };
        let (best, fairest) = (whole.clone(), whole);
        Self {
            ground,
            stage: Stage::new(&ground.formulation, solver),
            promises,
            best,
            fairest,
            ceiling: None,
        }
    }
    /// The program with nothing asked but what is promised already.
    pub(super) fn reset(&mut self) {
        self.stage.reset();
        for (region, bounds) in self.promises.bounds() {
            if let Some(&row) = self.ground.rows.get(&region) {
                self.stage.program.set_row_bounds(row, bounds);
            }
        }
    }
    /// The fewest and most new beds that the rules of the model let a region have, whatever that costs.
    pub fn ends(&mut self, region: RegionIx) -> Result<(Beds, Beds), NegotiationError> {
        self.reset();
        Ok((self.extreme(region, Side::Least)?, self.extreme(region, Side::Most)?))
    }
    /// The fewest or most new beds of a region over the program as it stands.
    pub(super) fn extreme(&mut self, region: RegionIx, side: Side) -> Result<Beds, NegotiationError> {
        let expression = self.new_beds(region, side.sign());
        let solution = answer(self.stage.minimise_with_proof(&expression, 1.0)?)?;
        let beds: f64 = expression.iter().map(|(column, _)| solution.columns[column.get()]).sum();
        Ok(Beds(beds.max(0.0)))
    }
    /// The least unmet need of England if a region gets exactly so many new beds.
    pub fn least_unmet(
        &mut self,
        region: RegionIx,
        beds: Beds,
    ) -> Result<Worth<OccupiedBeds>, NegotiationError> {
        self.reset();
        let unmet = self.ground.unmet();
        let (value, slope, _) = self.solve_with(region, beds, &unmet.coefficients)?;
        Ok(Worth { value: OccupiedBeds(unmet.reported(value)), slope: slope * unmet.scale })
    }
    /// Confines the program to the plans that are best for England if a region gets so many beds, and to those of
    /// every other number on the same straight piece of its curve.
    pub fn keep_best(&mut self, region: RegionIx, beds: Beds) -> Result<(), NegotiationError> {
        self.reset();
        let unmet = &self.ground.unmet().coefficients;
        let (_, _, solution) = self.solve_with(region, beds, unmet)?;
        self.keep_face(unmet, &solution);
        self.best = Face { program: self.stage.program.clone(), inside: beds };
        Ok(())
    }
    /// The least unmet share of the worst-off equity group, over the plans that [`Self::keep_best`] left; `None` where
    /// no group has need.
    pub fn worst_share(
        &mut self,
        region: RegionIx,
        beds: Beds,
    ) -> Result<Option<Worth<Proportion>>, NegotiationError> {
        let Some(term) = self.formulation().term(Term::Inequality) else { return Ok(None) };
        let face = self.best.clone();
        let (value, slope) = self.solve_on((&face, None), region, beds, &term.coefficients)?;
        Ok(Some(Worth { value: Proportion(term.reported(value)), slope: slope * term.scale }))
    }
    /// Confines the program further, to the plans in which the worst-off group is as well off as it can be, for this
    /// number of beds and all others on the same straight piece of its curve.
    pub fn keep_fairest(&mut self, region: RegionIx, beds: Beds) -> Result<(), NegotiationError> {
        self.fairest = self.best.clone();
        self.ceiling = None;
        let Some(term) = self.formulation().term(Term::Inequality) else { return Ok(()) };
        self.stage.program = self.best.program.clone();
        let (value, slope, solution) = self.solve_with(region, beds, &term.coefficients)?;
        if self.ground.system.periods.len() == 1 {
            // The worst share is known for every number of beds, and is a limit on each group's.
            let at = term.coefficients.first().map_or(1.0, |(_, probability)| *probability);
            self.ceiling = Some(Ceiling { share: value / at, slope: slope / at });
        } else {
            self.keep_face(&term.coefficients, &solution);
        }
        self.fairest = Face { program: self.stage.program.clone(), inside: beds };
        Ok(())
    }
    /// The least or most unmet need of a region's people, over the plans that [`Self::keep_fairest`] left.
    pub fn own_unmet(
        &mut self,
        region: RegionIx,
        beds: Beds,
        side: Side,
    ) -> Result<Worth<OccupiedBeds>, NegotiationError> {
        let (sign, face) = (side.sign(), self.fairest.clone());
        let expression = self.unmet_of(region, sign);
        let (value, slope) = self.solve_on((&face, self.ceiling), region, beds, &expression)?;
        Ok(Worth { value: OccupiedBeds(sign * value), slope: sign * slope })
    }
    pub(super) fn formulation(&self) -> &'a Formulation {
        &self.ground.formulation
    }
    /// Minimises an expression with a region's beds fixed: its value, the price of a bed more, and the solution.
    pub(super) fn solve_with(
        &mut self,
        region: RegionIx,
        beds: Beds,
        expression: &[(ColumnIx, f64)],
    ) -> Result<(f64, f64, LevelSolution), NegotiationError> {
        let row = self.ground.row(region)?;
        self.stage.program.set_row_bounds(row, Bounds::exactly(beds.0));
        let solution = answer(self.stage.minimise_with_proof(expression, 1.0)?)?;
        Ok((solution.value, solution.duals[row.get()], solution))
    }
    /// The same over a face. Where a piece of the curve ends is known to the solver's rounding only, and a step beyond
    /// it there is nothing: then a point a little further inside stands for it.
    fn solve_on(
        &mut self,
        (face, ceiling): (&Face, Option<Ceiling>),
        region: RegionIx,
        beds: Beds,
        expression: &[(ColumnIx, f64)],
    ) -> Result<(f64, f64), NegotiationError> {
        for step in STEPS_INSIDE {
            let way = face.inside - beds;
            let at = beds + Beds(way.0.clamp(-step, step));
            self.stage.program = face.program.clone();
            let limited =
                ceiling.map_or_else(Vec::new, |ceiling| self.limit_shares(ceiling.at(at - face.inside)));
            match self.solve_with(region, at, expression) {
                Ok((value, mut slope, solution)) => {
                    if let Some(ceiling) = ceiling {
                        slope += ceiling.slope * self.worth_of_limits(&limited, expression, &solution);
                    }
                    return Ok((value + slope * (beds - at).0, slope));
                }
                Err(NegotiationError::Impossible) => {}
                Err(error) => return Err(error),
            }
        }
        Err(NegotiationError::Impossible)
    }
    /// Limits every group's unmet share, as the program holds it; the columns that are limited.
    pub(super) fn limit_shares(&mut self, most: impl Fn(PeriodIx) -> Option<f64>) -> Vec<ColumnIx> {
        let f = self.formulation();
        let mut limited = Vec::new();
        for (column, key) in f.decisions() {
            if let VariableKey::GroupUnmetShare(share) = key
                && let Some(most) = most(share.period)
            {
                // A share that the best plans leave no choice stays where it is.
                let bounds = self.stage.program.column_bounds()[column.get()];
                if bounds.upper > most {
                    self.stage.program.set_column_bounds(column, Bounds::between(bounds.lower, most));
                    limited.push(column);
                }
            }
        }
        // The worst share itself is then of no account.
        for (row, _) in (0u32..).zip(f.constraints()).filter(|(_, key)| is_ceiling(key)) {
            self.stage.program.set_row_bounds(RowIx(row), Bounds::FREE);
        }
        limited
    }
    /// What one unit more of the limits on shares is worth: the reduced costs of the columns that stand at theirs.
    fn worth_of_limits(
        &self,
        limited: &[ColumnIx],
        expression: &[(ColumnIx, f64)],
        solution: &LevelSolution,
    ) -> f64 {
        let program = &self.stage.program;
        let mut costs = vec![0.0; program.columns()];
        for &(column, cost) in expression {
            costs[column.get()] += cost;
        }
        let reduced = program.reduce(costs, &solution.duals);
        limited.iter().map(|column| reduced[column.get()].min(0.0)).sum()
    }
    /// Confines the program to the optimal face of a solve, by complementary slackness: what has a reduced cost or a
    /// price stays at the limit it stands at. The face holds the best plans for every number of beds for which the
    /// same prices are right, which is what distinguishes it from [`Stage::settle`].
    pub(super) fn keep_face(&mut self, expression: &[(ColumnIx, f64)], solution: &LevelSolution) {
        let program = &mut self.stage.program;
        let mut costs = vec![0.0; program.columns()];
        for &(column, cost) in expression {
            costs[column.get()] += cost;
        }
        let rounding = self.ground.formulation.price_rounding().max(PRICE_ROUNDING);
        let reduced = program.reduce(costs, &solution.duals);
        for (column, &price) in (0u32..).map(ColumnIx).zip(&reduced) {
            let end = priced_end(program.column_bounds()[column.get()], price, rounding);
            let stands = |end: &f64| (solution.columns[column.get()] - end).abs() <= AT_LIMIT;
            if let Some(end) = end.filter(stands) {
                program.set_column_bounds(column, Bounds::exactly(end));
            }
        }
        for (row, &price) in (0u32..).map(RowIx).zip(&solution.duals) {
            if let Some(end) = priced_end(program.row_bounds()[row.get()], price, rounding) {
                program.set_row_bounds(row, Bounds::exactly(end));
            }
        }
    }
    /// Σ new\[h,s,t\] over the sites of a region.
    fn new_beds(&self, region: RegionIx, sign: f64) -> Vec<(ColumnIx, f64)> {
        let of_region = |key: VariableKey| match key {
            VariableKey::NewBeds(new) => self.ground.system.sites[new.site].region == region,
            _ => false,
        };
        let decisions = self.ground.formulation.decisions();
        decisions.filter(|&(_, key)| of_region(key)).map(|(column, _)| (column, sign)).collect()
    }
    /// Σ p\[t\] u\[a,s,t\] over the areas of a region.
    fn unmet_of(&self, region: RegionIx, sign: f64) -> Vec<(ColumnIx, f64)> {
        let system = &self.ground.system;
        let mut expression = Vec::new();
        for (period, _, stretch) in system.periods.iter() {
            let points = self.ground.points.iter();
            for point in points.filter(|point| system.areas[point.area].region == region) {
                let unmet = Unmet { area: point.area, specialty: point.specialty, period };
                let column = self.ground.formulation.column(unmet);
                expression.extend(column.map(|column| (column, sign * stretch.probability.0)));
            }
        }
        expression
    }
}

fn is_ceiling(key: &ConstraintKey) -> bool {
    matches!(key, ConstraintKey::UnmetCeiling { .. })
}

/// The end of an interval that a price points to, where there is one.
fn priced_end(bounds: Bounds, price: f64, rounding: f64) -> Option<f64> {
    let end = if price > 0.0 { bounds.lower } else { bounds.upper };
    (price.abs() > rounding && end.is_finite()).then_some(end)
}

pub(super) fn answer(solved: Solved) -> Result<LevelSolution, NegotiationError> {
    match solved {
        Solved::Level(solution) => Ok(*solution),
        Solved::Infeasible => Err(NegotiationError::Impossible),
        Solved::Stopped(limit, _) => Err(NegotiationError::Stopped(limit)),
    }
}
