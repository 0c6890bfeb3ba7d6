//! Talks: one question after another put to the same program.

use super::error::NegotiationError;
use super::ground::Ground;
use super::plan::Promises;
use crate::domain::RegionIx;
use crate::domain::policy::Term;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::formulation::Formulation;
use crate::formulation::keys::{Unmet, VariableKey};
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx};
use crate::pipeline::stage::{LevelSolution, Solved, Stage};
use crate::solver::Solver;


/// Prices up to this size are rounding.
const PRICE_ROUNDING: f64 = 1e-9;

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
    best: LinearProgram,
    fairest: LinearProgram,
}

impl<'a> Talks<'a> {
    /// Starts talks in which some promises are made already.
    pub fn new(ground: &'a Ground, promises: Promises, solver: Box<dyn Solver>) -> Self {
        let program = ground.formulation.program();
        let (best, fairest) = (program.clone(), program.clone());
        Self { ground, stage: Stage::new(&ground.formulation, solver), promises, best, fairest }
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
        self.best = self.stage.program.clone();
        Ok(())
    }
    /// The least unmet share of the worst-off equity group, over the plans that [`Self::keep_best`] left; `None` where
    /// no group has need.
    pub fn worst_share(
        &mut self,
        region: RegionIx,
        beds: Beds,
    ) -> Result<Option<Worth<Proportion>>, NegotiationError> {
        self.stage.program = self.best.clone();
        let Some(term) = self.formulation().term(Term::Inequality) else { return Ok(None) };
        let (value, slope, _) = self.solve_with(region, beds, &term.coefficients)?;
        Ok(Some(Worth { value: Proportion(term.reported(value)), slope: slope * term.scale }))
    }
    /// Confines the program further, to the plans in which the worst-off group is as well off as it can be.
    pub fn keep_fairest(&mut self, region: RegionIx, beds: Beds) -> Result<(), NegotiationError> {
        self.stage.program = self.best.clone();
        if let Some(term) = self.formulation().term(Term::Inequality) {
            let (_, _, solution) = self.solve_with(region, beds, &term.coefficients)?;
            self.keep_face(&term.coefficients, &solution);
        }
        self.fairest = self.stage.program.clone();
        Ok(())
    }
    /// The least or most unmet need of a region's people, over the plans that [`Self::keep_fairest`] left.
    pub fn own_unmet(
        &mut self,
        region: RegionIx,
        beds: Beds,
        side: Side,
    ) -> Result<Worth<OccupiedBeds>, NegotiationError> {
        self.stage.program = self.fairest.clone();
        let sign = side.sign();
        let (value, slope, _) = self.solve_with(region, beds, &self.unmet_of(region, sign))?;
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
