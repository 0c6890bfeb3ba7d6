//! The engine: HiGHS, with duals, warm starts, bases, conflicts, limits and a clean stop.
//!
//! Duals come as HiGHS gives them, c − Aᵀy in the program's own sense, which is the convention of
//! [`crate::lp::Outcome`]; the conformance tests hold it to that for both senses.

use super::highs_ffi::{ConflictSide, Engine, Refusal, version};
use super::{
    Algorithm, Basis, BasisSolver, BasisStatus, ConflictFinder, Solver, SolverError, SolverOptions,
    WarmSolver,
};
use crate::lp::{
    BoundSide, Bounds, ColumnIx, ConflictMember, Limit, LinearProgram, Outcome, ProgramDiff, RawConflict,
    RawDuals, RawSolution, RowIx,
};
use highs::HighsModelStatus as Status;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

const NAME: &str = "highs";
/// HiGHS' way to a conflict that cannot be made smaller: from the program itself, rows first.
const CONFLICT_STRATEGY: i32 = 6;
/// How long to look for a conflict when no time limit was given.
const CONFLICT_TIME: Duration = Duration::from_secs(60);
/// HiGHS' own feasibility tolerance.
const FEASIBILITY: f64 = 1e-7;
const DUAL_SIMPLEX: i32 = 1;
const PRIMAL_SIMPLEX: i32 = 4;
const FEASIBLE: i32 = 2;
/// How far rows and reduced costs may be off where a program is to be solved exactly.
const EXACT: f64 = 1e-9;
/// How far reduced costs may be off where interior points are asked for. HiGHS' own 1e-7, over 90,000 occupied beds of
/// need, leaves a hundredth of one unproven.
const EXACT_PRICES: f64 = 1e-9;
/// HiGHS' word for no limit of iterations.
const NO_LIMIT: i32 = i32::MAX;
/// Where interior points are asked for, simplex goes on from the last answer for one iteration for each so many rows.
/// By district, with need that answers to beds, a round of inequality went on for a minute or more where interior
/// points took twenty seconds; the ways on that are worth going end within 3,500 iterations, at 16,000 rows.
const SHORT_WAY: usize = 4;
/// Small programs are not given up.
const SHORT_WAY_AT_LEAST: i32 = 1000;
/// When more than this share of the costs changes, a basis of the old objective is a poor start: on a
/// transport problem of 51,000 columns with all costs replaced, going on took 3.7 s by dual and 4.7 s by
/// primal simplex where a start from nothing, with presolve, took 0.7 s. With a seventh of the costs
/// changed, going on took 0.4 s and a start from nothing 0.7 s.
const NEW_OBJECTIVE: f64 = 0.25;

/// HiGHS with its options, and the program solved last.
pub struct HighsSolver {
    options: SolverOptions,
    exact: bool,
    live: Option<Live>,
    start: Option<Basis>,
}

struct Live {
    engine: Engine,
    whole_numbers: bool,
}

impl HighsSolver {
    /// A solver that has solved nothing yet.
    pub fn new(options: SolverOptions) -> Self {
        Self { options, exact: false, live: None, start: None }
    }

    fn asked_to_stop(&self) -> bool {
        self.options.interrupt.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

impl Solver for HighsSolver {
    fn name(&self) -> &'static str {
        NAME
    }
    fn version(&self) -> String {
        version()
    }
    fn options(&self) -> &SolverOptions {
        &self.options
    }
    fn solve(&mut self, program: &LinearProgram) -> Result<Outcome, SolverError> {
        super::refuse_not_a_number(program).map_err(refused)?;
        self.live = None;
        let mut engine = prepared(&self.options, program.has_integers()).map_err(refused)?;
        if self.exact {
            engine.set("primal_feasibility_tolerance", EXACT).map_err(refused)?;
            engine.set("dual_feasibility_tolerance", EXACT).map_err(refused)?;
            // Interior points start from no basis.
            engine.set("solver", "choose").map_err(refused)?;
        }
        engine.pass(program).map_err(refused)?;
        if let Some(start) = self.start.take() {
            engine.set_basis(&start).map_err(refused)?;
        }
        if self.asked_to_stop() {
            return Ok(Outcome::LimitReached { limit: Limit::Interrupted, best: None });
        }
        let live = self.live.insert(Live { engine, whole_numbers: program.has_integers() });
        live.run()
    }
    fn be_exact(&mut self, exact: bool) {
        self.exact = exact;
    }
    fn limit_nodes(&mut self, nodes: u32) {
        self.options.nodes = Some(nodes);
    }
    fn warm(&mut self) -> Option<&mut dyn WarmSolver> {
        Some(self)
    }
    fn bases(&mut self) -> Option<&mut dyn BasisSolver> {
        Some(self)
    }
    fn conflict_finder(&mut self) -> Option<&mut dyn ConflictFinder> {
        Some(self)
    }
}

impl WarmSolver for HighsSolver {
    fn resolve(&mut self, change: &ProgramDiff) -> Result<Outcome, SolverError> {
        let stop = self.asked_to_stop();
        let start = self.start.take();
        let Some(live) = &mut self.live else {
            return Err(refused("to go on: it has solved no program yet".to_owned()));
        };
        let given = start.is_some();
        if let Some(start) = start {
            live.engine.set_basis(&start).map_err(refused)?;
        }
        let brief = self.options.algorithm == Algorithm::InteriorPoint;
        let strategy = if given { Some(DUAL_SIMPLEX) } else { live.strategy_after(change, brief) };
        let point = live.engine.values().map_err(refused)?.columns;
        live.apply(change).map_err(refused)?;
        if stop {
            return Ok(Outcome::LimitReached { limit: Limit::Interrupted, best: None });
        }
        if live.whole_numbers {
            // A point that is no longer feasible does no harm: HiGHS mends or drops it.
            live.engine.set_point(&point).map_err(refused)?;
        } else {
            match strategy {
                Some(strategy) => {
                    live.go_on_with(strategy).map_err(refused)?;
                    if brief {
                        live.go_on_briefly().map_err(refused)?;
                    }
                }
                None => live.start_afresh(self.options.algorithm).map_err(refused)?,
            }
        }
        live.run()
    }
}

impl BasisSolver for HighsSolver {
    fn basis(&self) -> Option<Basis> {
        self.live.as_ref().and_then(|live| live.engine.basis())
    }
    fn set_basis(&mut self, basis: Basis) {
        self.start = Some(basis);
    }
}

impl ConflictFinder for HighsSolver {
    fn find_conflict(&mut self, program: &LinearProgram) -> Result<Option<RawConflict>, SolverError> {
        super::refuse_not_a_number(program).map_err(refused)?;
        let mut engine = prepared(&self.options, false).map_err(refused)?;
        engine.pass(program).map_err(refused)?;
        let seconds = self.options.time_limit.unwrap_or(CONFLICT_TIME).as_secs_f64();
        engine.set("iis_strategy", CONFLICT_STRATEGY).map_err(refused)?;
        engine.set("iis_time_limit", seconds).map_err(refused)?;
        engine.set("time_limit", seconds).map_err(refused)?;
        let found = engine.conflict().map_err(failed)?;
        let mut members = Vec::new();
        for (row, side) in found.rows {
            members.extend(sides(side).iter().map(|&s| ConflictMember::Row(RowIx(row), s)));
        }
        for (column, side) in found.columns {
            members.extend(sides(side).iter().map(|&s| ConflictMember::Column(ColumnIx(column), s)));
        }
        members.sort_unstable();
        Ok((!members.is_empty()).then_some(RawConflict { members }))
    }
}

/// Solves a model file (LP or MPS text), to check what was written.
///
/// # Errors
/// When HiGHS cannot read the file or breaks off.
pub fn solve_model_file(path: &Path, options: &SolverOptions) -> Result<Outcome, SolverError> {
    let mut engine = prepared(options, true).map_err(refused)?;
    engine.read(path).map_err(refused)?;
    // Duals are kept from whole-number programs only, and a file does not say in advance which it is.
    Live { engine, whole_numbers: true }.run()
}

impl Live {
    fn run(&mut self) -> Result<Outcome, SolverError> {
        let mut status = self.engine.run();
        if matches!(status, Ok(Status::ReachedIterationLimit)) && !self.whole_numbers {
            self.start_afresh(Algorithm::InteriorPoint).map_err(refused)?;
            status = self.engine.run();
        }
        if matches!(status, Ok(Status::Unknown | Status::UnboundedOrInfeasible)) && !self.whole_numbers {
            // Plain simplex tells what interior point or presolve could not.
            self.go_on_with(DUAL_SIMPLEX).map_err(refused)?;
            status = self.engine.run();
        }
        if matches!(status, Ok(Status::Unknown) | Err(_)) && !self.whole_numbers {
            // A basis can be so ill-conditioned that simplex finds no way on from it: presolve and interior
            // points do without one.
            self.start_afresh(Algorithm::InteriorPoint).map_err(refused)?;
            status = self.engine.run();
        }
        if status.is_err() && self.whole_numbers {
            // HiGHS refuses its own answer where rounding broke a row while presolve was undone. Its feasibility jump is
            // not safe without presolve (HiGHS issue 3262: 1.15 can read past its arrays).
            self.engine.forget_solution().map_err(refused)?;
            self.engine.set("presolve", "off").map_err(refused)?;
            self.engine.set("mip_heuristic_run_feasibility_jump", false).map_err(refused)?;
            status = self.engine.run();
            self.engine.set("mip_heuristic_run_feasibility_jump", true).map_err(refused)?;
            self.engine.set("presolve", "choose").map_err(refused)?;
        }
        let status = status.map_err(failed)?;
        let limit = |limit| Ok(Outcome::LimitReached { limit, best: self.best()? });
        match status {
            Status::Optimal | Status::ModelEmpty => Ok(Outcome::Optimal(self.solution(true)?)),
            Status::Infeasible => Ok(Outcome::Infeasible),
            Status::Unbounded => Ok(Outcome::Unbounded),
            Status::UnboundedOrInfeasible => Ok(Outcome::InfeasibleOrUnbounded),
            Status::ReachedTimeLimit => limit(Limit::Time),
            // Nodes of a search for whole numbers count as its iterations.
            Status::ReachedIterationLimit | Status::ReachedSolutionLimit => limit(Limit::Iterations),
            Status::ReachedInterrupt => limit(Limit::Interrupted),
            other => Err(failed(format!("it ended with the status {other:?}"))),
        }
    }

    /// From here on simplex, from the basis there is, without presolve (which would throw it away).
    fn go_on_with(&mut self, strategy: i32) -> Result<(), Refusal> {
        self.engine.set("presolve", "off")?;
        self.engine.set("solver", "simplex")?;
        self.engine.set("simplex_iteration_limit", NO_LIMIT)?;
        self.engine.set("simplex_strategy", strategy)
    }

    /// Gives simplex up after a while: the way on from the last answer is mostly short, and where it is not, interior
    /// points are there sooner.
    fn go_on_briefly(&mut self) -> Result<(), Refusal> {
        let limit = i32::try_from(self.engine.rows() / SHORT_WAY).unwrap_or(NO_LIMIT);
        self.engine.set("simplex_iteration_limit", limit.max(SHORT_WAY_AT_LEAST))
    }

    /// From here on as if from nothing, with presolve.
    fn start_afresh(&mut self, algorithm: Algorithm) -> Result<(), Refusal> {
        self.engine.forget_solution()?;
        self.engine.set("presolve", "choose")?;
        self.engine.set("simplex_iteration_limit", NO_LIMIT)?;
        self.engine.set("simplex_strategy", DUAL_SIMPLEX)?;
        set_algorithm(&mut self.engine, algorithm)
    }

    fn apply(&mut self, change: &ProgramDiff) -> Result<(), Refusal> {
        let nan = |b: &Bounds| b.lower.is_nan() || b.upper.is_nan();
        if change.costs.iter().any(|(_, c)| c.is_nan())
            || change.column_bounds.iter().any(|(_, b)| nan(b))
            || change.row_bounds.iter().any(|(_, b)| nan(b))
        {
            return Err("a change to something that is not a number".to_owned());
        }
        let (at, costs) = ascending(change.costs.iter().map(|&(c, v)| (c.0, v)));
        self.engine.change_costs(&at, &costs)?;
        let (at, bounds) = ascending(change.column_bounds.iter().map(|&(c, b)| (c.0, b)));
        self.engine.change_column_bounds(&at, &bounds)?;
        let (at, bounds) = ascending(change.row_bounds.iter().map(|&(r, b)| (r.0, b)));
        self.engine.change_row_bounds(&at, &bounds)
    }

    /// Primal simplex while the point stays feasible, dual simplex otherwise; `None` when a start from
    /// nothing is better, or there is no basis to go on from. What is given up soon is tried even with a new objective.
    fn strategy_after(&self, change: &ProgramDiff, brief: bool) -> Option<i32> {
        let basis = self.engine.basis()?;
        if !brief && change.costs.len() as f64 > NEW_OBJECTIVE * basis.columns.len() as f64 {
            return None;
        }
        let values = self.engine.values().ok()?;
        let feasible = self.engine.count_of(c"primal_solution_status") == Some(FEASIBLE);
        let columns = change
            .column_bounds
            .iter()
            .all(|&(c, b)| basis.columns.get(c.get()).is_some_and(|&s| stays(s, values.columns[c.get()], b)));
        let rows = change
            .row_bounds
            .iter()
            .all(|&(r, b)| basis.rows.get(r.get()).is_some_and(|&s| stays(s, values.rows[r.get()], b)));
        Some(if feasible && columns && rows { PRIMAL_SIMPLEX } else { DUAL_SIMPLEX })
    }

    fn best(&self) -> Result<Option<RawSolution>, SolverError> {
        let feasible = self.engine.count_of(c"primal_solution_status") == Some(FEASIBLE);
        if feasible { self.solution(false).map(Some) } else { Ok(None) }
    }

    fn solution(&self, optimal: bool) -> Result<RawSolution, SolverError> {
        let mut values = self.engine.values().map_err(failed)?;
        for numbers in
            [&mut values.columns, &mut values.column_duals, &mut values.rows, &mut values.row_duals]
        {
            // Minus zero becomes zero, so that it never shows in a report.
            for value in numbers.iter_mut() {
                *value += 0.0;
            }
        }
        let objective = self.engine.figure(c"objective_function_value").unwrap_or(0.0) + 0.0;
        let bound = if self.whole_numbers {
            self.engine.figure(c"mip_dual_bound").filter(|b| b.is_finite())
        } else {
            optimal.then_some(objective)
        };
        let duals = (optimal && !self.whole_numbers)
            .then_some(RawDuals { rows: values.row_duals, columns: values.column_duals });
        Ok(RawSolution { objective, bound, columns: values.columns, rows: values.rows, duals })
    }
}

/// The bit of HiGHS' presolve rule that searches for dependent equations (`HConst.h`, rule 10).
const DEPENDENT_EQUATIONS: i32 = 1 << 10;

/// An engine with its options, still without a program.
fn prepared(options: &SolverOptions, whole_numbers: bool) -> Result<Engine, Refusal> {
    let mut engine = Engine::new(options.interrupt.clone())?;
    let threads = options.threads.unwrap_or(0);
    engine.set_threads(i32::try_from(threads).map_err(|_| format!("{threads} threads"))?)?;
    engine.set("random_seed", 0)?;
    // Levels turn many rows into equations; on the district model presolve then searched 86 s of a 97 s
    // solve for dependent ones among them, and found 7.
    engine.set("presolve_rule_off", DEPENDENT_EQUATIONS)?;
    if let Some(limit) = options.time_limit {
        engine.set("time_limit", limit.as_secs_f64())?;
    }
    engine.set("mip_rel_gap", options.gap.unwrap_or(0.0))?;
    if let Some(nodes) = options.nodes {
        let nodes = i32::try_from(nodes).map_err(|_| format!("a limit of {nodes} nodes"))?;
        engine.set("mip_max_nodes", nodes)?;
    }
    set_algorithm(&mut engine, if whole_numbers { Algorithm::Choose } else { options.algorithm })?;
    if let Some(log) = &options.log {
        engine.log_to(log)?;
    }
    Ok(engine)
}

fn set_algorithm(engine: &mut Engine, algorithm: Algorithm) -> Result<(), Refusal> {
    match algorithm {
        Algorithm::Choose => engine.set("solver", "choose"),
        Algorithm::Simplex => engine.set("solver", "simplex"),
        Algorithm::InteriorPoint => {
            engine.set("run_crossover", "on")?;
            engine.set("dual_feasibility_tolerance", EXACT_PRICES)?;
            engine.set("solver", "ipx")
        }
    }
}

/// Whether a value stays where it is when its bounds become `new`.
fn stays(status: BasisStatus, value: f64, new: Bounds) -> bool {
    match status {
        BasisStatus::Basic => new.lower - FEASIBILITY <= value && value <= new.upper + FEASIBILITY,
        BasisStatus::AtLower => (new.lower - value).abs() <= FEASIBILITY,
        BasisStatus::AtUpper => (new.upper - value).abs() <= FEASIBILITY,
        BasisStatus::FreeAtZero | BasisStatus::Nonbasic => false,
    }
}

/// By ascending position; the last change of a position counts.
fn ascending<T>(changes: impl Iterator<Item = (u32, T)>) -> (Vec<u32>, Vec<T>) {
    changes.collect::<BTreeMap<_, _>>().into_iter().unzip()
}

fn sides(side: ConflictSide) -> &'static [BoundSide] {
    match side {
        ConflictSide::Neither => &[],
        ConflictSide::Lower => &[BoundSide::Lower],
        ConflictSide::Upper => &[BoundSide::Upper],
        ConflictSide::Both => &[BoundSide::Lower, BoundSide::Upper],
    }
}

fn refused(what: Refusal) -> SolverError {
    SolverError::Refused { solver: NAME, what }
}

fn failed(why: Refusal) -> SolverError {
    SolverError::Failed { solver: NAME, why }
}
