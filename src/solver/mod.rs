//! The seam: what a solver is to the rest of the program. No solver type goes above this folder.

/// What a solver around another one, its `inner`, leaves to that one: its name, options and limits, and conflicts.
macro_rules! answers_as_inner {
    () => {
        fn name(&self) -> &'static str {
            self.inner.name()
        }
        fn version(&self) -> String {
            self.inner.version()
        }
        fn options(&self) -> &crate::solver::SolverOptions {
            self.inner.options()
        }
        fn limit_nodes(&mut self, nodes: u32) {
            self.inner.limit_nodes(nodes);
        }
        fn conflict_finder(&mut self) -> Option<&mut dyn crate::solver::ConflictFinder> {
            self.inner.conflict_finder()
        }
    };
}

mod decomposed;
mod folded;
mod good_lp;
mod highs;
mod highs_ffi;
mod interior;
mod nearest;
mod rewritten;
mod summed;

pub use decomposed::{DecomposedSolver, WORTH_TAKING_APART};
pub use good_lp::{Backend, GoodLpSolver};
pub use highs::{HighsSolver, solve_model_file};
pub use interior::InteriorSolver;
pub use nearest::Nearest;
pub use rewritten::RewritingSolver;
pub use summed::Summed;

use crate::lp::{Bounds, ColumnIx, Limit, LinearProgram, Outcome, ProgramDiff, RawConflict};
use folded::Folded;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A solver of linear programs. One thread after another may use it.
pub trait Solver: Send {
    /// Its name, as users give it.
    fn name(&self) -> &'static str;
    /// Its version, for the manifest.
    fn version(&self) -> String;
    /// Its limits, and who may stop it.
    fn options(&self) -> &SolverOptions;
    /// The point of a program with the least Σ (column − target)², whatever its costs.
    fn nearest(
        &mut self,
        program: &LinearProgram,
        targets: &[(ColumnIx, f64)],
    ) -> Result<Nearest, SolverError> {
        nearest::nearest_point(program, targets, self.options())
    }
    /// Solves a program from nothing.
    fn solve(&mut self, program: &LinearProgram) -> Result<Outcome, SolverError>;
    /// Whether a program like the one solved last is hard for it once it is confined to a face, unless it solved it
    /// unconfined before.
    fn wants_a_start(&self) -> bool {
        true
    }
    /// Whether the last answer stands a little inside the limits that its prices hold it at, and not at them.
    fn ended_inside(&self) -> bool {
        false
    }
    /// From now on, a program for which the quick way finds no plan is given up as one that may have none, where
    /// finding out would take the long way. Solvers that know one way only do nothing.
    fn hurry(&mut self) {}
    /// From now on little of each program may move, such as where patients go once beds are given: ways that make use of it come
    /// first. Solvers that know one way only do nothing.
    fn expect_little_choice(&mut self) {}
    /// From now on rows, limits and reduced costs are to be kept as exactly as it can, or as usual again. Small programs of
    /// which much hangs on the prices are worth that; they are solved by simplex, from a basis if there is one. Solvers that
    /// cannot choose do nothing.
    fn be_exact(&mut self, _exact: bool) {}
    /// Programs of whole numbers are given up after so many nodes of the search. Unlike a limit of time it gives
    /// the same answer on every machine. Solvers without such a limit do nothing.
    fn limit_nodes(&mut self, _nodes: u32) {}
    /// The power to go on from the last solve, where it has one.
    fn warm(&mut self) -> Option<&mut dyn WarmSolver> {
        None
    }
    /// The power to give and take a basis, where it has one.
    fn bases(&mut self) -> Option<&mut dyn BasisSolver> {
        None
    }
    /// The power to name a conflict, where it has one.
    fn conflict_finder(&mut self) -> Option<&mut dyn ConflictFinder> {
        None
    }
}

/// A solver that can go on from its last solve.
pub trait WarmSolver {
    /// Applies changes to the program solved last and solves again from where it stood.
    fn resolve(&mut self, change: &ProgramDiff) -> Result<Outcome, SolverError>;
}

/// A solver that can say which bounds its answer rests on, and start from such a statement.
pub trait BasisSolver {
    /// The basis of the last solve; `None` when there is none (no solve yet, whole-number programs).
    fn basis(&self) -> Option<Basis>;
    /// The next solve starts from here. Refused there when the program has another shape.
    fn set_basis(&mut self, basis: Basis);
}

/// Where a column or row stands in a vertex of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BasisStatus {
    /// Held at its lower bound.
    AtLower,
    /// Determined by the others.
    Basic,
    /// Held at its upper bound.
    AtUpper,
    /// Free, held at zero.
    FreeAtZero,
    /// Held at one of its bounds; the solver finds which.
    Nonbasic,
}

/// A vertex, by position: as many basic members in all as there are rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Basis {
    /// Status of each column.
    pub columns: Vec<BasisStatus>,
    /// Status of each row.
    pub rows: Vec<BasisStatus>,
}

/// A solver that can name a smallest set of bounds that cannot all hold.
pub trait ConflictFinder {
    /// `None` when no conflict was found in time.
    fn find_conflict(&mut self, program: &LinearProgram) -> Result<Option<RawConflict>, SolverError>;
}

/// The algorithm, where the solver offers several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// The solver chooses.
    #[default]
    Choose,
    /// Simplex (dual, or primal when going on from a feasible point).
    Simplex,
    /// Interior point, followed by crossover to a vertex.
    InteriorPoint,
}

/// Whether programs are taken apart into a network and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Those that are large enough.
    #[default]
    Auto,
    /// None.
    Whole,
    /// All that can be.
    Decomposed,
    /// Large ones are solved whole by the interior point of [`InteriorSolver`], what it leaves by HiGHS.
    Factorised,
}

/// How to solve.
#[derive(Debug, Clone, Default)]
pub struct SolverOptions {
    /// Threads; `None` leaves it to the solver.
    pub threads: Option<u32>,
    /// Time limit of one solve.
    pub time_limit: Option<Duration>,
    /// Relative gap at which a whole-number solve may stop; `None` for a full proof.
    pub gap: Option<f64>,
    /// Nodes after which a search for whole numbers is given up; `None` for no limit.
    pub nodes: Option<u32>,
    /// Whether programs are taken apart.
    pub method: Method,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// Where the solver's own log goes; `None` for none.
    pub log: Option<PathBuf>,
    /// Set by somebody else to stop the solver cleanly.
    pub interrupt: Option<Arc<AtomicBool>>,
    /// Tells the time since some moment, for algorithms of our own; without it they keep no time limit.
    pub clock: Option<fn() -> Duration>,
}

/// Says when to stop.
struct StopSign<'a> {
    options: &'a SolverOptions,
    end: Option<Duration>,
}

impl<'a> StopSign<'a> {
    /// The time limit begins now.
    fn new(options: &'a SolverOptions) -> Self {
        let end = options.clock.zip(options.time_limit).map(|(clock, limit)| clock().saturating_add(limit));
        Self { options, end }
    }
    /// Why to stop, if so.
    fn shown(&self) -> Option<Limit> {
        if self.options.interrupt.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Some(Limit::Interrupted);
        }
        let (clock, end) = self.options.clock.zip(self.end)?;
        (clock() >= end).then_some(Limit::Time)
    }
}

/// Programs with fewer rows are not factorised: other ways are as quick there, and find a corner.
const WORTH_A_FACTOR: usize = 10_000;

/// The names of the solvers there are. `highs` takes large programs apart, `highs-decomposed` all of them.
pub const NAMES: &[&str] = &["highs", "highs-decomposed", "highs-good-lp", "microlp", "clarabel"];

/// The solver of this name.
pub fn choose(name: &str, options: SolverOptions) -> Result<Box<dyn Solver>, SolverError> {
    let rewritten = |apart: Box<dyn Solver>, from_rows| -> Box<dyn Solver> {
        let by_sums = RewritingSolver::<Summed>::new(apart, from_rows);
        Box::new(RewritingSolver::<Folded>::new(Box::new(by_sums), from_rows))
    };
    let apart = |options, from_rows| {
        rewritten(Box::new(DecomposedSolver::new(Box::new(HighsSolver::new(options)), from_rows)), 0)
    };
    match name {
        "highs" => Ok(match (options.method, options.algorithm) {
            (Method::Decomposed, _) => apart(options, 0),
            (Method::Whole, _) => Box::new(HighsSolver::new(options)),
            (Method::Factorised, _) => {
                let apart = DecomposedSolver::of_large_programs(Box::new(HighsSolver::new(options)));
                rewritten(Box::new(InteriorSolver::new(Box::new(apart), WORTH_A_FACTOR)), WORTH_TAKING_APART)
            }
            // How a program is solved that is not large is said then, and a tree of arcs is another way.
            (Method::Auto, Algorithm::InteriorPoint) => {
                let highs = Box::new(HighsSolver::new(options));
                rewritten(Box::new(DecomposedSolver::of_large_programs(highs)), WORTH_TAKING_APART)
            }
            (Method::Auto, _) => apart(options, WORTH_TAKING_APART),
        }),
        "highs-decomposed" => Ok(apart(options, 0)),
        "highs-good-lp" => Ok(Box::new(GoodLpSolver::new(Backend::Highs, options))),
        "microlp" => Ok(Box::new(GoodLpSolver::new(Backend::Microlp, options))),
        "clarabel" => Ok(Box::new(GoodLpSolver::new(Backend::Clarabel, options))),
        _ => Err(SolverError::Unknown { name: name.to_owned(), known: NAMES.join(", ") }),
    }
}

/// Why a solver could not do its work (infeasible is an answer, not one of these).
#[derive(Debug, thiserror::Error)]
pub enum SolverError {
    /// No solver has this name.
    #[error("unknown solver {name:?}; use one of: {known}")]
    Unknown {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The solver refused the program or an option.
    #[error("the solver {solver} refused {what}")]
    Refused {
        /// Which solver.
        solver: &'static str,
        /// What it refused.
        what: String,
    },
    /// The solver broke off.
    #[error("the solver {solver} failed: {why}")]
    Failed {
        /// Which solver.
        solver: &'static str,
        /// Its own words.
        why: String,
    },
}

/// The sum of products.
fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

const NOT_A_NUMBER: &str = "a cost, coefficient or bound that is not a number";

fn refuse_not_a_number(program: &LinearProgram) -> Result<(), String> {
    let numbers = program.costs().iter().chain(program.row_values()).all(|v| v.is_finite());
    let are_bounds = |bounds: &[Bounds]| bounds.iter().all(is_number);
    let fine = numbers && are_bounds(program.column_bounds()) && are_bounds(program.row_bounds());
    if fine { Ok(()) } else { Err(NOT_A_NUMBER.to_owned()) }
}

fn refuse_change_to_not_a_number(change: &ProgramDiff) -> Result<(), String> {
    let fine = change.costs.iter().all(|(_, cost)| cost.is_finite())
        && change.column_bounds.iter().all(|(_, bounds)| is_number(bounds))
        && change.row_bounds.iter().all(|(_, bounds)| is_number(bounds));
    if fine { Ok(()) } else { Err(NOT_A_NUMBER.to_owned()) }
}

fn is_number(bounds: &Bounds) -> bool {
    !bounds.lower.is_nan() && !bounds.upper.is_nan()
}
