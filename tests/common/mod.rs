//! Programs and checks shared by the solver tests.
#![allow(dead_code)] // each test binary uses its own share

use bedalloc::lp::{Bounds, ColumnIx, LinearProgram, Outcome, RawSolution, RowIx, Sense};
use bedalloc::solver::{Solver, SolverError, SolverOptions, choose};

/// Tolerance of comparisons between solvers, relative to the size of the figures.
pub const TOLERANCE: f64 = 1e-6;

/// Whether two figures agree within [`TOLERANCE`].
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * (1.0 + a.abs().max(b.abs()))
}

/// The optimum, or a panic that says what came instead.
pub fn optimum(who: &str, outcome: Outcome) -> RawSolution {
    match outcome {
        Outcome::Optimal(solution) => solution,
        other => panic!("{who}: expected an optimum, got {other:?}"),
    }
}

/// Feasible; and, where there are duals: priced out, of the right sign, complementary, and worth the
/// same as the primal.
pub fn assert_sound(who: &str, program: &LinearProgram, solution: &RawSolution) {
    for (value, bounds) in solution.columns.iter().zip(program.column_bounds()) {
        assert!(inside(*value, *bounds), "{who}: column value {value} within {bounds:?}");
    }
    let rows = program.activities(&solution.columns);
    for ((value, given), bounds) in rows.iter().zip(&solution.rows).zip(program.row_bounds()) {
        assert!(close(*value, *given), "{who}: activity {given} is {value}");
        assert!(inside(*value, *bounds), "{who}: activity {value} within {bounds:?}");
    }
    let objective: f64 = program.costs().iter().zip(&solution.columns).map(|(c, x)| c * x).sum();
    assert!(close(objective, solution.objective), "{who}: objective {} is {objective}", solution.objective);
    let Some(duals) = &solution.duals else { return };
    let reduced = program.reduced_costs(&duals.rows);
    for (own, given) in reduced.iter().zip(&duals.columns) {
        assert!(close(*own, *given), "{who}: reduced cost {given} is {own}");
    }
    let mut dual_objective = 0.0;
    let rows = duals.rows.iter().zip(&rows).zip(program.row_bounds());
    let columns = duals.columns.iter().zip(&solution.columns).zip(program.column_bounds());
    for ((&price, &value), &bounds) in rows.chain(columns) {
        dual_objective += assert_complementary(who, program.sense(), price, value, bounds);
    }
    assert!(
        (dual_objective - objective).abs() <= 1e-5 * (1.0 + objective.abs()),
        "{who}: dual objective {dual_objective} is the primal's {objective}"
    );
}

/// Price × the bound it prices. A price of the "at least" sign needs the value at its lower bound.
fn assert_complementary(who: &str, sense: Sense, price: f64, value: f64, bounds: Bounds) -> f64 {
    if price.abs() < 1e-6 {
        return 0.0;
    }
    let at_lower = (price > 0.0) == (sense == Sense::Minimise);
    let bound = if at_lower { bounds.lower } else { bounds.upper };
    assert!(
        (value - bound).abs() <= 1e-4 * (1.0 + value.abs()),
        "{who}: the price {price} belongs to {value} at {bound}"
    );
    price * bound
}

fn inside(value: f64, bounds: Bounds) -> bool {
    let slack = TOLERANCE * (1.0 + value.abs());
    bounds.lower - slack <= value && value <= bounds.upper + slack
}

/// A transport problem: `sources` with limited stock, `sinks` with need, a last column for each sink
/// that leaves need unmet at a high cost. Repeatable; no two costs equal.
pub fn transport(sources: u32, sinks: u32) -> LinearProgram {
    let mut program = LinearProgram::new(Sense::Minimise);
    let mut state = 12345u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let flows: Vec<Vec<ColumnIx>> = (0..sinks)
        .map(|_| {
            (0..sources).map(|_| program.add_column(5.0 + 55.0 * random(), Bounds::NON_NEGATIVE)).collect()
        })
        .collect();
    let unmet: Vec<ColumnIx> = (0..sinks).map(|_| program.add_column(1000.0, Bounds::NON_NEGATIVE)).collect();
    let mut need_in_all = 0.0;
    for (row, &missing) in flows.iter().zip(&unmet) {
        let need = 1.0 + 9.0 * random();
        need_in_all += need;
        program.add_row(Bounds::exactly(need), row.iter().chain([&missing]).map(|&c| (c, 1.0)));
    }
    for source in 0..sources as usize {
        let stock = need_in_all / f64::from(sources) * (0.5 + 0.9 * random());
        program.add_row(Bounds::at_most(stock), flows.iter().map(|row| (row[source], 1.0)));
    }
    program
}

/// The solver of this name, with no options.
pub fn backend(name: &str) -> Box<dyn Solver> {
    choose(name, SolverOptions::default()).expect("a known solver")
}

/// The engine with options.
pub fn highs_with(options: SolverOptions) -> Box<dyn Solver> {
    choose("highs", options).expect("a known solver")
}

/// A solver that something looks at each program before, and may answer in its place. It never goes on from an answer.
pub struct Watched<W> {
    pub inner: Box<dyn Solver>,
    pub watch: W,
}

impl<W: FnMut(&LinearProgram) -> Option<Outcome> + Send> Solver for Watched<W> {
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
        match (self.watch)(program) {
            Some(outcome) => Ok(outcome),
            None => self.inner.solve(program),
        }
    }
}

/// Two products, three kinds of row: 3x + 2y, x + y within 1 and 4, x ≤ 2, y − x ≥ −1.
pub fn two_products(sense: Sense) -> LinearProgram {
    let mut program = LinearProgram::new(sense);
    let x = program.add_column(3.0, Bounds::NON_NEGATIVE);
    let y = program.add_column(2.0, Bounds::NON_NEGATIVE);
    program.add_row(Bounds::between(1.0, 4.0), [(x, 1.0), (y, 1.0)]);
    program.add_row(Bounds::at_most(2.0), [(x, 1.0)]);
    program.add_row(Bounds::at_least(-1.0), [(y, 1.0), (x, -1.0)]);
    program
}

/// The transport problem with other needs, other costs, or a dearer last resort.
pub fn variations(program: &LinearProgram) -> Vec<LinearProgram> {
    let mut costs = program.clone();
    let mut rows = program.clone();
    for c in (0u32..).take(program.columns()).step_by(7) {
        costs.set_cost(ColumnIx(c), program.costs()[c as usize] * 1.3);
    }
    for r in (0u32..30).step_by(3) {
        rows.set_row_bounds(RowIx(r), Bounds::exactly(program.row_bounds()[r as usize].lower * 1.1));
    }
    let mut both = costs.clone();
    both.set_row_bounds(RowIx(1), Bounds::exactly(20.0));
    both.set_column_bounds(ColumnIx(3), Bounds::between(0.0, 0.5));
    vec![costs, rows, both]
}
