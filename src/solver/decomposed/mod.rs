//! Solves a program of many small choices by a network and by prices, exactly.
//!
//! First as a network and a small rest in turns ([`network`]). Where that proves no answer to a large program, in
//! rounds: nearly all columns of a large model are choices: where the patients of an area go for a specialty.
//! Only a few thousand rows couple them. At given prices of the coupling rows each choice is made by
//! itself, so prices name the few columns worth having. A program restricted to those goes to another
//! solver, its prices are put to all columns, and those that are worth more than they cost join. When
//! there are none, the solution is optimal for the whole program, and its prices prove it. Where this
//! finds no end, or the program has whole numbers, the other solver gets the whole program.
//!
//! `docs/decomposition.md` has the method at length.

mod blocks;
mod coarse;
mod network;
mod pricing;
mod restricted;
mod search;

use super::{BasisSolver, ConflictFinder, Solver, SolverError, SolverOptions, WarmSolver};
use crate::lp::{Bounds, LinearProgram, Outcome, ProgramDiff, RawDuals, RawSolution, Sense};
use blocks::Blocks;
use coarse::Coarse;
use network::{Stands, take_turns};
use restricted::Restricted;
use search::{Search, joining};

/// Rows broken by less than this are kept.
const BROKEN: f64 = 1e-7;
/// Points are feasible to this, HiGHS' own tolerance.
const FEASIBILITY: f64 = 1e-7;
/// Programs with fewer rows are not taken into rounds: where the network inside them does not tell, the other
/// solver gets them whole. On the district model (18,000 rows) it takes 1.4 s for a start that takes 12 s in
/// rounds; on small areas (144,000 rows) it had none after 420 s.
pub const WORTH_TAKING_APART: usize = 60_000;
/// Programs with fewer rows are solved by the other solver in less time than it takes to find their network.
const WORTH_A_NETWORK: usize = 2_000;

/// A solver that works on restricted programs with another one.
pub struct DecomposedSolver {
    inner: Box<dyn Solver>,
    from_rows: usize,
    posed: Option<Posed>,
    in_haste: bool,
}

/// The program solved last, and what was found.
struct Posed {
    program: LinearProgram,
    blocks: Blocks,
    /// None before the first answer.
    prices: Vec<f64>,
    values: Vec<f64>,
    /// Where the arcs of the network inside it stood.
    stands: Option<Stands>,
}

impl DecomposedSolver {
    /// Uses another solver for restricted programs, and for whole ones with fewer rows than `from_rows`.
    pub fn new(inner: Box<dyn Solver>, from_rows: usize) -> Self {
        Self { inner, from_rows, posed: None, in_haste: false }
    }

    /// Solves a program from what was found before.
    fn answer(&mut self, mut posed: Posed) -> Result<Outcome, SolverError> {
        super::refuse_not_a_number(&posed.program)
            .map_err(|what| SolverError::Refused { solver: self.inner.name(), what })?;
        let found = take_turns(
            &posed.program,
            &posed.blocks,
            self.inner.as_mut(),
            &posed.values,
            posed.stands.take(),
        )?;
        if let Some(limit) = found.stopped {
            let best = found.values.map(|values| whole_solution(&posed.program, values));
            // Whoever goes on does so from this program: the other solver holds the rest of it alone.
            self.posed = Some(posed);
            return Ok(Outcome::LimitReached { limit, best });
        }
        posed.stands = found.stands;
        if found.proven
            && let Some(values) = found.values
        {
            let outcome = proven(&posed.program, &values, &found.prices);
            self.posed = Some(Posed { prices: found.prices, values, ..posed });
            return Ok(outcome);
        }
        if self.in_haste && found.values.is_none() {
            self.posed = Some(posed);
            return Ok(Outcome::InfeasibleOrUnbounded);
        }
        if posed.program.rows() < self.from_rows {
            return self.inner.solve(&posed.program);
        }
        if found.values.is_some() {
            posed.prices = found.prices;
        } else if posed.prices.is_empty() {
            posed.prices = self.coarse_prices(&posed.program, &posed.blocks)?;
        }
        let outcome = posed.solve(found.values.as_deref(), self.inner.as_mut());
        self.posed = Some(posed);
        outcome
    }
}

impl Solver for DecomposedSolver {
    fn name(&self) -> &'static str {
        self.inner.name()
    }
    fn version(&self) -> String {
        self.inner.version()
    }
    fn options(&self) -> &SolverOptions {
        self.inner.options()
    }
    fn solve(&mut self, program: &LinearProgram) -> Result<Outcome, SolverError> {
        self.posed = None;
        let whole =
            program.choice_rows().is_empty() || program.has_integers() || program.sense() == Sense::Maximise;
        if whole || program.rows() < self.from_rows.min(WORTH_A_NETWORK) {
            return self.inner.solve(program);
        }
        self.answer(Posed {
            blocks: Blocks::of(program),
            prices: Vec::new(),
            values: program.column_bounds().iter().map(|bounds| bounds.nearest_to_zero()).collect(),
            stands: None,
            program: program.clone(),
        })
    }
    fn wants_a_start(&self) -> bool {
        // A network starts anywhere.
        self.posed.as_ref().is_none_or(|posed| posed.stands.is_none())
    }
    fn hurry(&mut self) {
        self.in_haste = true;
    }
    fn limit_nodes(&mut self, nodes: u32) {
        self.inner.limit_nodes(nodes);
    }
    fn warm(&mut self) -> Option<&mut dyn WarmSolver> {
        if self.posed.is_some() { Some(self) } else { self.inner.warm() }
    }
    fn bases(&mut self) -> Option<&mut dyn BasisSolver> {
        self.inner.bases()
    }
    fn conflict_finder(&mut self) -> Option<&mut dyn ConflictFinder> {
        self.inner.conflict_finder()
    }
}

impl WarmSolver for DecomposedSolver {
    fn resolve(&mut self, change: &ProgramDiff) -> Result<Outcome, SolverError> {
        let Some(mut posed) = self.posed.take() else {
            let what = "to go on: it has solved no program yet".to_owned();
            return Err(SolverError::Refused { solver: self.inner.name(), what });
        };
        let anew = posed.blocks.depend_on(&posed.program, change);
        change.apply(&mut posed.program);
        if anew {
            posed.blocks = Blocks::of(&posed.program);
        }
        for (value, bounds) in posed.values.iter_mut().zip(posed.program.column_bounds()) {
            *value = value.clamp(bounds.lower, bounds.upper);
        }
        self.answer(posed)
    }
}

impl DecomposedSolver {
    /// Prices to start from: those of a coarser program, zero where it has none.
    fn coarse_prices(&mut self, program: &LinearProgram, blocks: &Blocks) -> Result<Vec<f64>, SolverError> {
        let none = vec![0.0; program.rows()];
        let coarse = Coarse::new(program, blocks, &none);
        Ok(match self.inner.solve(&coarse.program)? {
            Outcome::Optimal(RawSolution { duals: Some(duals), .. }) => {
                coarse.prices(program.rows(), &duals.rows)
            }
            _ => none,
        })
    }
}

impl Posed {
    /// Rounds of restricted programs, from the prices found last, and from feasible values where there are any.
    fn solve(&mut self, start: Option<&[f64]>, inner: &mut dyn Solver) -> Result<Outcome, SolverError> {
        let Self { program, blocks, prices, values, .. } = self;
        let mut search = Search::new(program, blocks, prices.clone(), start);
        loop {
            let restricted = Restricted::new(program, blocks, search.active(), search.price_box());
            let whole =
                |solution: &RawSolution| restricted.columns(program, blocks, search.active(), solution);
            let outcome = inner.solve(&restricted.program)?;
            let solution = match outcome {
                Outcome::Optimal(solution) => solution,
                Outcome::LimitReached { limit, best } => {
                    let keeps_rows = |best: &RawSolution| restricted.broken(best).all(|(_, by)| by <= BROKEN);
                    let best = best.filter(keeps_rows).map(|best| whole_solution(program, whole(&best)));
                    return Ok(Outcome::LimitReached { limit, best });
                }
                _ => return inner.solve(program),
            };
            let Some(duals) = &solution.duals else { return inner.solve(program) };
            let columns = whole(&solution);
            let mut row_prices = restricted.row_prices(program, &duals.rows);
            let joining = joining(program, blocks, &mut row_prices, search.active());
            let broken: Vec<u32> =
                restricted.broken(&solution).filter(|(_, by)| *by > BROKEN).map(|(row, _)| row).collect();
            if joining.is_empty() && broken.is_empty() {
                let outcome = proven(program, &columns, &row_prices);
                (*prices, *values) = (row_prices, columns);
                return Ok(outcome);
            }
            if !search.go_on(program, blocks, row_prices, &columns, &joining, &broken) {
                return inner.solve(program);
            }
        }
    }
}

fn proven(program: &LinearProgram, values: &[f64], prices: &[f64]) -> Outcome {
    let mut optimal = whole_solution(program, values.to_vec());
    optimal.bound = Some(optimal.objective);
    let columns = program.reduced_costs(prices);
    optimal.duals = Some(RawDuals { rows: prices.to_vec(), columns });
    Outcome::Optimal(optimal)
}

fn whole_solution(program: &LinearProgram, columns: Vec<f64>) -> RawSolution {
    let objective = program.objective(&columns);
    let rows = program.activities(&columns);
    RawSolution { objective, bound: None, columns, rows, duals: None }
}

fn is_feasible(program: &LinearProgram, values: &[f64]) -> bool {
    let within = |bounds: &Bounds, value: f64| {
        bounds.lower - FEASIBILITY <= value && value <= bounds.upper + FEASIBILITY
    };
    let columns = program.column_bounds().iter().zip(values).all(|(bounds, &value)| within(bounds, value));
    columns && program.row_bounds().iter().zip(program.activities(values)).all(|(b, value)| within(b, value))
}
