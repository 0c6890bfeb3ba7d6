//! The levels over all areas, on the face that those over merged areas left, and what is found on the face of all.

use super::RunOptions;
use super::beyond::Beyond;
use super::error::RunError;
use super::goals::{Goal, GoalsEnd, Ledger, Way, reach, replay, spread_over_areas};
use super::observer::{self, Observer, observed};
use super::price_ranges::{PriceRanges, price_ranges};
use super::priming::prime;
use super::result::Status;
use super::spread::spread;
use super::stage::{Settled, Solved, Stage};
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::lp::{Limit, LinearProgram};
use crate::solver::Solver;

/// In programs with more rows than this, a level that weighs journeys, solved at other limits, takes minutes for each price.
const ROWS_IN_A_MINUTE: usize = 30_000;

type SettledGoal = (Goal, Settled);

/// What the levels over all areas start from.
pub struct Later<'a> {
    /// The system.
    pub system: &'a CareSystem,
    /// What is asked for.
    pub options: RunOptions,
    /// Whether sites and beds are given; ties and ranges are then left alone.
    pub beds_are_given: bool,
    /// All areas.
    pub areas: &'a DemandPoints,
    /// The program over them.
    pub formulation: &'a Formulation,
    /// The levels over merged areas.
    pub earlier: Earlier<'a>,
    /// The limit that stopped them after the first, if one did; their plan is then the best so far.
    pub stopped: Option<Limit>,
    /// The goals to come.
    pub goals: &'a [Goal],
}

/// What the levels over merged areas left.
pub struct Earlier<'a> {
    /// Their goals.
    pub goals: &'a [Goal],
    /// Merged areas.
    pub points: &'a DemandPoints,
    /// The program over them.
    pub formulation: &'a Formulation,
    /// The same, with the bounds that those levels leave it.
    pub program: LinearProgram,
    /// Their plan; empty where there were none.
    pub columns: &'a [f64],
    /// Whether the solver wants a start for what comes after them.
    pub wants_a_start: bool,
}

/// What all levels came to.
pub struct Reached {
    /// The plan.
    pub columns: Vec<f64>,
    /// Whether it is proven.
    pub status: Status,
    /// What was found on the face.
    pub beyond: Beyond,
    /// The solver's name and version.
    pub solver: (String, String),
}

/// How they ended.
pub enum LaterEnd {
    /// With a plan.
    Reached(Box<Reached>),
    /// The demands of the model cannot all be met.
    Infeasible,
    /// Stopped at a limit before there was a plan.
    Stopped(Limit),
}

impl Earlier<'_> {
    /// Reaches the goals that look at minutes, and those after them, over all areas, on the faces of the goals before
    /// them. Returns the last column values.
    pub fn reach_further(
        &self,
        (full, areas): (&mut Stage, &DemandPoints),
        goals: &[Goal],
        leximin: bool,
        ledger: &mut Ledger,
        observer: &mut dyn Observer,
    ) -> Result<(GoalsEnd, Vec<f64>), RunError> {
        spread_over_areas(ledger, self.points);
        if self.wants_a_start {
            prime(full, self.goals, goals, observer)?;
        }
        replay(full, self.points, &ledger.settled, (self.formulation, &self.program));
        let fine = full.formulation;
        let way = Way { leximin, merged: false, plan: &|| self.plan(fine, areas) };
        reach(full, goals, &way, ledger, observer)
    }
    /// Their plan as one for all areas; empty where there were none.
    fn plan(&self, fine: &Formulation, areas: &DemandPoints) -> Vec<f64> {
        if self.columns.is_empty() {
            Vec::new()
        } else {
            spread((self.formulation, self.points, self.columns), fine, areas)
        }
    }
}

impl Later<'_> {
    /// Solves them.
    pub fn solve(
        &self,
        solver: Box<dyn Solver>,
        ledger: &mut Ledger,
        observer: &mut dyn Observer,
    ) -> Result<LaterEnd, RunError> {
        let mut full = Stage::new(self.formulation, solver);
        let earlier = ledger.settled.len();
        let (mut columns, status) = match self.levels(&mut full, ledger, observer)? {
            Ok(found) => found,
            Err(end) => return Ok(end),
        };
        let mut beyond = Beyond::default();
        if status == Status::Optimal && !self.beds_are_given {
            let held = self.looks_at_prices().then(|| full.program.clone());
            beyond = Beyond::of_face(&mut full, &columns, self.system, self.options, observer)?;
            columns = beyond.settled.take().unwrap_or(columns);
            if let Some(held) = held {
                let (before, own) = ledger.settled.split_at(earlier);
                let doing = observer::Stage::PriceRanges;
                let find = || self.price_ranges(&mut full, (before, own), &held);
                beyond.price_ranges = observed(observer, doing, find)?;
            }
        }
        let solver = (full.solver().name().to_owned(), full.solver().version());
        Ok(LaterEnd::Reached(Box::new(Reached { columns, status, beyond, solver })))
    }

    /// Whether it is looked at how far the prices of these levels hold.
    fn looks_at_prices(&self) -> bool {
        let program = self.formulation.program();
        self.options.wants_price_ranges(program) && program.rows() <= ROWS_IN_A_MINUTE
    }

    /// How far their prices hold: of these goals, those before them held as they were.
    fn price_ranges(
        &self,
        full: &mut Stage,
        (before, own): (&[SettledGoal], &[SettledGoal]),
        held: &LinearProgram,
    ) -> Result<PriceRanges, RunError> {
        full.reset();
        replay(full, self.earlier.points, before, (self.earlier.formulation, &self.earlier.program));
        price_ranges(full, self.areas, own, held)
    }

    /// The best plan of all goals and whether it is proven, or how it ended without one.
    fn levels(
        &self,
        full: &mut Stage,
        ledger: &mut Ledger,
        observer: &mut dyn Observer,
    ) -> Result<Result<(Vec<f64>, Status), LaterEnd>, RunError> {
        if let Some(limit) = self.stopped {
            return Ok(Ok((self.earlier.plan(self.formulation, self.areas), Status::Stopped(limit))));
        }
        let leximin = self.system.policy.objective.leximin;
        let (end, mut columns) =
            self.earlier.reach_further((full, self.areas), self.goals, leximin, ledger, observer)?;
        let mut status = Status::Optimal;
        match end {
            GoalsEnd::Reached => {}
            GoalsEnd::Infeasible => return Ok(Err(LaterEnd::Infeasible)),
            GoalsEnd::Stopped(limit, best) => {
                if let Some(best) = best.filter(|best| !best.is_empty()) {
                    columns = best;
                } else if columns.is_empty() {
                    columns = self.earlier.plan(self.formulation, self.areas);
                }
                if columns.is_empty() {
                    return Ok(Err(LaterEnd::Stopped(limit)));
                }
                status = Status::Stopped(limit);
            }
        }
        if columns.is_empty() {
            // Every goal was reached over merged areas: any plan on their face will do, for the tie-break to
            // move from.
            match any_plan(full)? {
                Ok(plan) => columns = plan,
                Err(limit) => return Ok(Err(LaterEnd::Stopped(limit))),
            }
        }
        Ok(Ok((columns, status)))
    }
}

/// A plan of a program as it stands, or the limit at which the solver stopped.
fn any_plan(stage: &mut Stage) -> Result<Result<Vec<f64>, Limit>, RunError> {
    match stage.minimise(&[])? {
        Solved::Level(solution) => Ok(Ok(solution.columns)),
        Solved::Infeasible => Err(RunError::LostFeasibility { level: "plan".to_owned() }),
        Solved::Stopped(limit, _) => Ok(Err(limit)),
    }
}
