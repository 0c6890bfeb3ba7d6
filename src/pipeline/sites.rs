//! Which sites open or close: a whole-number program for each level, before the linear programs.
//!
//! Whole-number programs have no prices, so a level cannot be held along its optimal face: it is held by a
//! row, term ≤ best and a little room for the solver's rounding. That room buys the next level a value that only
//! some sites reach, so best is worked out once more without it, with the sites of the answer. When all levels are
//! done the sites are settled, and the linear programs that follow have them fixed: values, bounds and shadow prices
//! of the result are those of the model with just these sites.

use super::error::RunError;
use super::goals::Goal;
use super::result::{SiteDecision, SiteLevel};
use super::run::MakeSolver;
use crate::domain::moves::Choice;
use crate::domain::policy::Term;
use crate::domain::system::CareSystem;
use crate::formulation::Formulation;
use crate::formulation::constraints::equity::{groups, shares_in_one};
use crate::formulation::induced::largest_share;
use crate::formulation::keys::GroupUnmetShare;
use crate::formulation::sites::OpenSites;
use crate::lp::{Bounds, ColumnIx, Limit, LinearProgram, Outcome, RowIx};
use std::collections::BTreeMap;

/// Two choices of sites whose values differ by less than this share count as equally good at a level: the
/// solver works to a millionth where numbers must be whole.
const SAME: f64 = 1e-6;
/// What a level gained from the solver's rounding of those before it can be out of reach of the next: then
/// levels are held ten times more loosely, but never more than this.
const LOOSEST: f64 = 1e-3;
/// Sites are told apart by weights 1, 2, 4 and so on: so many in one program.
const TOGETHER: usize = 16;

/// How the choice of sites ended.
#[derive(Debug)]
pub enum SitesEnd {
    /// With a choice.
    Chosen(SiteDecision),
    /// The demands of the model cannot all be met, whichever sites are open.
    Infeasible,
    /// Stopped before there was any plan.
    Stopped(Limit),
}

pub(super) type Expression = Vec<(ColumnIx, f64)>;

/// One whole-number program after another.
pub(super) struct Search<'a, 'b> {
    f: &'a Formulation,
    /// The program as it stands.
    pub(super) program: LinearProgram,
    solver: &'a mut MakeSolver<'b>,
    /// Nodes after which one program is given up.
    nodes: Option<u32>,
    /// The best columns so far; empty where there are none yet.
    pub(super) columns: Vec<f64>,
    /// Rows that hold a level, with its value.
    holds: Vec<(RowIx, f64)>,
    /// How closely they hold it.
    same: f64,
}

/// What became of a program.
pub(super) enum Found {
    /// Value and bound.
    Best(f64, f64),
    Infeasible,
    Stopped(Limit),
}

/// Chooses the sites level by level. `f` has the terms of all goals.
pub fn choose_sites(
    system: &CareSystem,
    f: &Formulation,
    goals: &[Goal],
    solver: &mut MakeSolver,
) -> Result<SitesEnd, RunError> {
    let mut search = Search::new(f, solver, None);
    let (levels, stopped) = match search.levels(system, goals)? {
        LevelsEnd::Reached(levels, stopped) => (levels, stopped),
        LevelsEnd::Infeasible => return Ok(SitesEnd::Infeasible),
        LevelsEnd::Stopped(limit) => return Ok(SitesEnd::Stopped(limit)),
    };
    if stopped.is_none() {
        search.settle_ties(system)?;
    }
    Ok(SitesEnd::Chosen(SiteDecision { open: search.open(), levels, stopped }))
}

/// How the levels of a search ended.
pub(super) enum LevelsEnd {
    /// With columns: the levels reached, and the limit that stopped it before the last.
    Reached(Vec<SiteLevel>, Option<Limit>),
    /// No whole numbers meet the demands of the model.
    Infeasible,
    /// Stopped before there were any columns.
    Stopped(Limit),
}

/// What later levels may give up of a level, as the program holds it.
fn allowed(goal: &Goal, f: &Formulation) -> f64 {
    match goal {
        Goal::Term(level) => level.tolerance / f.term(level.term).map_or(1.0, |term| term.scale),
        Goal::Weighted(_) => 0.0,
    }
}

impl<'a, 'b> Search<'a, 'b> {
    /// Starts from a formulation's own program. Each program is given up after so many nodes.
    pub(super) fn new(f: &'a Formulation, solver: &'a mut MakeSolver<'b>, nodes: Option<u32>) -> Self {
        let program = f.program().clone();
        Self { f, program, solver, nodes, columns: Vec::new(), holds: Vec::new(), same: SAME }
    }

    /// Level after level, each held while the next is optimised.
    pub(super) fn levels(&mut self, system: &CareSystem, goals: &[Goal]) -> Result<LevelsEnd, RunError> {
        let f = self.f;
        let mut levels = Vec::new();
        for goal in goals {
            for (round, expression) in (1u8..).zip(self.rounds(system, goal)) {
                let name = goal.name(round);
                match self.reach(&expression)? {
                    Found::Best(value, bound) => {
                        let [told, proven] = [value, bound].map(|value| goal.reported(f, value));
                        levels.push(SiteLevel { name, value: told, bound: proven, unit: goal.unit() });
                        let value = self.without_room()?.map_or(value, |exact| exact.max(value));
                        self.hold(&expression, value + allowed(goal, f));
                    }
                    Found::Infeasible if self.columns.is_empty() => return Ok(LevelsEnd::Infeasible),
                    Found::Infeasible => return Err(RunError::LostFeasibility { level: name.to_string() }),
                    Found::Stopped(limit) if self.columns.is_empty() => return Ok(LevelsEnd::Stopped(limit)),
                    Found::Stopped(limit) => return Ok(LevelsEnd::Reached(levels, Some(limit))),
                }
            }
        }
        Ok(LevelsEnd::Reached(levels, None))
    }

    /// What a goal minimises. Leximin minimises the worst share, then the sum of the two worst, and so on:
    /// that orders plans as settling the worst group first and then the next does, and needs no prices.
    fn rounds(&mut self, system: &CareSystem, goal: &Goal) -> Vec<Expression> {
        let Some(whole) = goal.expression(self.f) else { return Vec::new() };
        let mut rounds = vec![added_up(whole.into_owned())];
        let leximin = matches!(goal, Goal::Term(level)
            if level.term == Term::Inequality && level.tolerance == 0.0 && system.policy.objective.leximin);
        if leximin {
            let groups = groups(self.f).len();
            rounds.extend((2..=groups).map(|worst| self.worst_shares(system, worst)));
        }
        rounds
    }

    /// Σ_t p\[t\] times the sum of the k worst shares: k·v + Σ_g d\[g\] at its least, with d\[g\] ≥ z\[g\] − v and d ≥ 0.
    fn worst_shares(&mut self, system: &CareSystem, worst: usize) -> Expression {
        let mut expression = Expression::new();
        for period in system.periods.indices() {
            let likely = system.periods[period].probability.0;
            let limits = Bounds::between(0.0, largest_share(system) * shares_in_one(system));
            let level = self.program.add_column(0.0, limits);
            expression.push((level, worst as f64 * likely));
            for group in groups(self.f) {
                let Some(share) = self.f.column(GroupUnmetShare { group, period }) else { continue };
                let above = self.program.add_column(0.0, limits);
                let terms = [(above, 1.0), (level, 1.0), (share, -1.0)];
                self.program.add_row(Bounds::at_least(0.0), terms);
                expression.push((above, likely));
            }
        }
        expression
    }

    fn minimise(&mut self, expression: &[(ColumnIx, f64)]) -> Result<Found, RunError> {
        for column in 0..self.program.columns() {
            self.program.set_cost(ColumnIx(column as u32), 0.0);
        }
        for &(column, cost) in expression {
            self.program.set_cost(column, cost);
        }
        let mut solver = (self.solver)()?;
        if let Some(nodes) = self.nodes {
            solver.limit_nodes(nodes);
        }
        Ok(match solver.solve(&self.program)? {
            Outcome::Optimal(solution) => {
                let bound = solution.bound.unwrap_or(solution.objective);
                self.columns = solution.columns;
                Found::Best(solution.objective, bound)
            }
            Outcome::Infeasible | Outcome::InfeasibleOrUnbounded => Found::Infeasible,
            Outcome::Unbounded => return Err(RunError::Unbounded),
            Outcome::LimitReached { limit, best } => {
                if let Some(best) = best {
                    self.columns = best.columns;
                }
                Found::Stopped(limit)
            }
        })
    }

    /// Minimises, and holds earlier levels more loosely where they leave no plan.
    pub(super) fn reach(&mut self, expression: &[(ColumnIx, f64)]) -> Result<Found, RunError> {
        loop {
            let found = self.minimise(expression)?;
            let lost = matches!(found, Found::Infeasible) && !self.holds.is_empty();
            if !lost || self.same >= LOOSEST {
                return Ok(found);
            }
            self.same *= 10.0;
            for &(row, value) in &self.holds {
                self.program.set_row_bounds(row, held(value, self.same));
            }
        }
    }

    /// The last objective at its least with the whole numbers of its answer, and no room at the levels before; `None`
    /// where these numbers need some.
    fn without_room(&mut self) -> Result<Option<f64>, RunError> {
        let mut program = self.program.clone();
        for &(row, value) in &self.holds {
            program.set_row_bounds(row, held(value, 0.0));
        }
        for (column, &value) in (0u32..).map(ColumnIx).zip(&self.columns) {
            if self.program.integer()[column.get()] {
                program.set_column_bounds(column, Bounds::exactly(value.round()));
                program.set_continuous(column);
            }
        }
        let mut solver = (self.solver)()?;
        Ok(match solver.solve(&program)? {
            Outcome::Optimal(solution) => Some(solution.objective),
            _ => None,
        })
    }

    /// Later levels keep a level's value.
    fn hold(&mut self, expression: &[(ColumnIx, f64)], value: f64) {
        let row = self.program.add_row(held(value, self.same), expression.iter().copied());
        self.holds.push((row, value));
    }

    /// Among choices that are equally good the one that changes the fewest sites, and of those one that does
    /// not depend on the solver: sites early in the register are left as they are before later ones.
    fn settle_ties(&mut self, system: &CareSystem) -> Result<(), RunError> {
        let stands = |site| system.choice_on(site).is_some_and(|c| c.choice == Choice::MayClose);
        let columns: Vec<(ColumnIx, f64)> = self
            .f
            .open_columns()
            .into_iter()
            .map(|((site, _), column)| (column, if stands(site) { -1.0 } else { 1.0 }))
            .collect();
        if let Found::Best(value, _) = self.reach(&columns)? {
            self.hold(&columns, value);
        }
        for chunk in columns.chunks(TOGETHER) {
            let weights = (0..chunk.len() as u32).rev().map(|power| f64::from(1u32 << power));
            let terms: Expression =
                chunk.iter().zip(weights).map(|(&(column, sign), weight)| (column, sign * weight)).collect();
            if let Found::Best(..) = self.reach(&terms)? {
                for (column, _) in terms {
                    let value = self.columns[column.get()].round();
                    self.program.set_column_bounds(column, Bounds::exactly(value));
                }
            }
        }
        Ok(())
    }

    fn open(&self) -> OpenSites {
        let columns = self.f.open_columns();
        columns.into_iter().map(|(at, column)| (at, self.columns[column.get()] > 0.5)).collect()
    }
}

fn held(value: f64, same: f64) -> Bounds {
    Bounds::at_most(value + same * value.abs().max(1.0))
}

/// One coefficient for each column.
fn added_up(expression: Expression) -> Expression {
    let mut sums: BTreeMap<ColumnIx, f64> = BTreeMap::new();
    for (column, value) in expression {
        *sums.entry(column).or_default() += value;
    }
    sums.into_iter().collect()
}
