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
mod moving;
mod network;
mod pricing;
mod restricted;
mod search;

use super::{BasisSolver, Solver, SolverError, StopSign, WarmSolver};
use crate::lp::{Bounds, ColumnIx, LinearProgram, Outcome, ProgramDiff, RawDuals, RawSolution, Sense};
use blocks::Blocks;
use coarse::Coarse;
use moving::Moving;
use network::{Prices, Stands, Task, take_turns};
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
    /// Programs with fewer rows are not taken for networks.
    networks_from: usize,
    posed: Option<Posed>,
    in_haste: bool,
}

/// A price for each row and a value for each column, which prove each other best.
type Best = (Vec<f64>, Vec<f64>);

/// The program solved last, and what was found.
struct Posed {
    whole: LinearProgram,
    /// What of it may move, where much may not.
    moving: Option<Moving>,
    /// The blocks of the program at work, as all that follows.
    blocks: Blocks,
    /// None before the first answer.
    prices: Vec<f64>,
    values: Vec<f64>,
    /// Where the arcs of the network inside it stood.
    stands: Option<Stands>,
    /// Prices of the network's parts, which say something about the next program, too.
    known: Vec<Prices>,
}

impl DecomposedSolver {
    /// Uses another solver for restricted programs, and for whole ones with fewer rows than `from_rows`.
    pub fn new(inner: Box<dyn Solver>, from_rows: usize) -> Self {
        let networks_from = from_rows.min(WORTH_A_NETWORK);
        Self { inner, from_rows, networks_from, posed: None, in_haste: false }
    }

    /// The same, but what is not large enough for rounds goes to the other solver at once.
    pub fn of_large_programs(inner: Box<dyn Solver>) -> Self {
        Self { networks_from: WORTH_TAKING_APART, ..Self::new(inner, WORTH_TAKING_APART) }
    }

    /// Solves a program from what was found before.
    fn answer(&mut self, mut posed: Posed) -> Result<Outcome, SolverError> {
        let options = self.inner.options().clone();
        // One limit of time for all that follows; each solve of the other solver has it as well, but begins it anew.
        let stop = StopSign::new(&options);
        let stands = posed.stands.take();
        let task = posed.task(self.from_rows, &stop);
        let found = take_turns(&task, self.inner.as_mut(), &posed.values, stands)?;
        if !found.known.is_empty() {
            posed.known = found.known;
        }
        let stopped = if found.proven { None } else { found.stopped.or_else(|| stop.shown()) };
        if let Some(limit) = stopped {
            let best = found.values.map(|values| posed.whole_solution(&values));
            // Whoever goes on does so from this program: the other solver holds the rest of it alone.
            self.posed = Some(posed);
            return Ok(Outcome::LimitReached { limit, best });
        }
        posed.stands = found.stands;
        if found.proven
            && let Some(values) = found.values
        {
            let outcome = posed.proven(&values, &found.prices);
            self.posed = Some(Posed { prices: found.prices, values, ..posed });
            return Ok(outcome);
        }
        if self.in_haste && found.tried && found.values.is_none() {
            self.posed = Some(posed);
            return Ok(Outcome::InfeasibleOrUnbounded);
        }
        if posed.whole.rows() < self.from_rows {
            return self.inner.solve(&posed.whole);
        }
        posed.find_kinds();
        if found.values.is_some() {
            posed.prices = found.prices;
        } else if posed.prices.is_empty() {
            posed.prices = self.coarse_prices(posed.program(), &posed.blocks)?;
        }
        let outcome = posed.solve(found.values.as_deref(), self.inner.as_mut(), &stop);
        self.posed = Some(posed);
        outcome
    }

    fn refuse_not_a_number(&self, numbers: Result<(), String>) -> Result<(), SolverError> {
        numbers.map_err(|what| SolverError::Refused { solver: self.inner.name(), what })
    }
}

impl Solver for DecomposedSolver {
    answers_as_inner!();
    fn solve(&mut self, program: &LinearProgram) -> Result<Outcome, SolverError> {
        self.posed = None;
        let whole =
            program.choice_rows().is_empty() || program.has_integers() || program.sense() == Sense::Maximise;
        if whole || program.rows() < self.networks_from {
            return self.inner.solve(program);
        }
        self.refuse_not_a_number(super::refuse_not_a_number(program))?;
        self.answer(Posed::new(program.clone()))
    }
    fn wants_a_start(&self) -> bool {
        // A network starts anywhere.
        self.posed.as_ref().is_none_or(|posed| posed.stands.is_none())
    }
    fn hurry(&mut self) {
        self.in_haste = true;
    }
    fn warm(&mut self) -> Option<&mut dyn WarmSolver> {
        if self.posed.is_some() { Some(self) } else { self.inner.warm() }
    }
    fn bases(&mut self) -> Option<&mut dyn BasisSolver> {
        self.inner.bases()
    }
}

impl WarmSolver for DecomposedSolver {
    fn resolve(&mut self, change: &ProgramDiff) -> Result<Outcome, SolverError> {
        self.refuse_not_a_number(super::refuse_change_to_not_a_number(change))?;
        let Some(mut posed) = self.posed.take() else {
            let what = "to go on: it has solved no program yet".to_owned();
            return Err(SolverError::Refused { solver: self.inner.name(), what });
        };
        posed.follow(change);
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
    /// A program of which nothing is known.
    fn new(whole: LinearProgram) -> Self {
        let moving = Moving::of(&whole);
        let program = moving.as_ref().map_or(&whole, |moving| &moving.program);
        Self {
            blocks: Blocks::of(program),
            prices: Vec::new(),
            values: program.column_bounds().iter().map(|bounds| bounds.nearest_to_zero()).collect(),
            stands: None,
            known: Vec::new(),
            moving,
            whole,
        }
    }

    /// The program at work.
    fn program(&self) -> &LinearProgram {
        self.moving.as_ref().map_or(&self.whole, |moving| &moving.program)
    }

    fn task<'a>(&'a self, large_from: usize, stop: &'a StopSign) -> Task<'a> {
        Task {
            program: self.program(),
            blocks: &self.blocks,
            beside: self.moving.as_ref().map_or(0.0, |moving| moving.cost_of_held(&self.whole)),
            is_large: self.whole.rows() >= large_from,
            known: &self.known,
            stop,
        }
    }

    fn find_kinds(&mut self) {
        let program = self.moving.as_ref().map_or(&self.whole, |moving| &moving.program);
        self.blocks.find_kinds(program);
    }

    /// Makes changes to the program, and takes out what they hold.
    fn follow(&mut self, change: &ProgramDiff) {
        let place = |column: ColumnIx| match &self.moving {
            Some(moving) => moving.place(column.0),
            None => Some(column.0),
        };
        let columns =
            change.column_bounds.iter().filter_map(|(column, bounds)| Some((place(*column)?, *bounds)));
        let anew = self.blocks.depend_on(self.program(), &change.row_bounds, columns);
        change.apply(&mut self.whole);
        let follows = match &mut self.moving {
            Some(moving) => moving.follow(change),
            None => change.column_bounds.is_empty(),
        };
        if follows {
            if anew {
                self.blocks = Blocks::of(self.program());
            }
        } else {
            self.take_out_anew();
        }
        let Self { whole, moving, values, .. } = self;
        let program = moving.as_ref().map_or(&*whole, |moving| &moving.program);
        for (value, bounds) in values.iter_mut().zip(program.column_bounds()) {
            *value = value.clamp(bounds.lower, bounds.upper);
        }
    }

    /// Finds what may move now; what was found before is kept.
    fn take_out_anew(&mut self) {
        let before = self.moving.take();
        self.moving = Moving::of(&self.whole);
        let columns = |moving: &Option<Moving>| moving.as_ref().map(|moving| moving.columns().to_vec());
        let all = || (0..self.whole.columns() as u32).collect();
        let now: Vec<u32> = columns(&self.moving).unwrap_or_else(all);
        let earlier = |column: u32| match &before {
            Some(moving) => moving.place(column),
            None => Some(column),
        };
        let bounds = self.whole.column_bounds();
        let value = |&column: &u32| {
            earlier(column).map_or(bounds[column as usize].nearest_to_zero(), |at| self.values[at as usize])
        };
        self.values = now.iter().map(value).collect();
        if let Some(stands) = &mut self.stands {
            stands.renumber(now.iter().map(|&column| earlier(column)));
        }
        self.blocks = Blocks::of(self.program());
    }

    /// The answer to the whole program.
    fn proven(&self, values: &[f64], prices: &[f64]) -> Outcome {
        let mut optimal = self.whole_solution(values);
        optimal.bound = Some(optimal.objective);
        let columns = self.whole.reduced_costs(prices);
        optimal.duals = Some(RawDuals { rows: prices.to_vec(), columns });
        Outcome::Optimal(optimal)
    }

    /// Values of the whole program, from those of the program at work.
    fn whole_solution(&self, values: &[f64]) -> RawSolution {
        let mut rows = self.program().activities(values);
        let columns = match &self.moving {
            Some(moving) => {
                rows.iter_mut().zip(moving.taken()).for_each(|(row, taken)| *row += taken);
                moving.expand(&self.whole, values)
            }
            None => values.to_vec(),
        };
        RawSolution { objective: self.whole.objective(&columns), bound: None, columns, rows, duals: None }
    }

    /// What another solver found for the program at work.
    fn of_all(&self, outcome: Outcome) -> Outcome {
        let expand = |solution: RawSolution| {
            let of_all = self.whole_solution(&solution.columns);
            let beside = of_all.objective - solution.objective;
            let duals = solution
                .duals
                .map(|duals| RawDuals { columns: self.whole.reduced_costs(&duals.rows), rows: duals.rows });
            RawSolution { bound: solution.bound.map(|bound| bound + beside), duals, ..of_all }
        };
        match outcome {
            Outcome::Optimal(solution) => Outcome::Optimal(expand(solution)),
            Outcome::LimitReached { limit, best } => Outcome::LimitReached { limit, best: best.map(expand) },
            other => other,
        }
    }

    /// Solves it in rounds, from the prices found last, and from feasible values where there are any.
    fn solve(
        &mut self,
        start: Option<&[f64]>,
        inner: &mut dyn Solver,
        stop: &StopSign,
    ) -> Result<Outcome, SolverError> {
        Ok(match self.rounds(start, inner, stop)? {
            Ok((prices, values)) => {
                let outcome = self.proven(&values, &prices);
                (self.prices, self.values) = (prices, values);
                outcome
            }
            Err(other) => self.of_all(other),
        })
    }

    /// Rounds of restricted programs: prices and values that are best, or how the search for them ended, in terms of
    /// the program at work.
    fn rounds(
        &self,
        start: Option<&[f64]>,
        inner: &mut dyn Solver,
        stop: &StopSign,
    ) -> Result<Result<Best, Outcome>, SolverError> {
        let (program, blocks) = (self.program(), &self.blocks);
        let mut best = start.map(<[f64]>::to_vec);
        let mut search = Search::new(program, blocks, self.prices.clone(), start);
        loop {
            if let Some(limit) = stop.shown() {
                let best = best.map(|columns| with_values(program, columns));
                return Ok(Err(Outcome::LimitReached { limit, best }));
            }
            let restricted = Restricted::new(program, blocks, search.active(), search.price_box());
            let whole =
                |solution: &RawSolution| restricted.columns(program, blocks, search.active(), solution);
            let outcome = inner.solve(&restricted.program)?;
            let solution = match outcome {
                Outcome::Optimal(solution) => solution,
                Outcome::LimitReached { limit, best } => {
                    let keeps_rows = |best: &RawSolution| restricted.broken(best).all(|(_, by)| by <= BROKEN);
                    let best = best.filter(keeps_rows).map(|best| with_values(program, whole(&best)));
                    return Ok(Err(Outcome::LimitReached { limit, best }));
                }
                _ => return inner.solve(program).map(Err),
            };
            let Some(duals) = &solution.duals else { return inner.solve(program).map(Err) };
            let columns = whole(&solution);
            let mut row_prices = restricted.row_prices(program, &duals.rows);
            let joining = joining(program, blocks, &mut row_prices, search.active());
            let broken: Vec<u32> =
                restricted.broken(&solution).filter(|(_, by)| *by > BROKEN).map(|(row, _)| row).collect();
            if joining.is_empty() && broken.is_empty() {
                return Ok(Ok((row_prices, columns)));
            }
            if !search.go_on(program, blocks, row_prices, &columns, &joining, &broken) {
                return inner.solve(program).map(Err);
            }
            if broken.is_empty() {
                best = Some(columns);
            }
        }
    }
}

fn with_values(program: &LinearProgram, columns: Vec<f64>) -> RawSolution {
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
