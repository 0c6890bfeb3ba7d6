//! Measurements of the engine, not checks of it: run with `--ignored --nocapture`.

mod common;

use bedalloc::lp::{Bounds, ColumnIx, LinearProgram, ProgramDiff, RowIx, Sense};
use bedalloc::solver::{Algorithm, Solver, SolverOptions};
use common::{backend, close, highs_with, optimum, transport, variations};
use std::time::{Duration, Instant};

#[test]
#[ignore = "measures; run with --ignored --nocapture"]
fn warm_against_cold_and_simplex_against_interior_point() {
    let start = Instant::now();
    let big = transport(40, 20_000);
    println!("generated {} columns, {} rows in {:?}", big.columns(), big.rows(), start.elapsed());
    let options = SolverOptions { time_limit: Some(Duration::from_millis(1)), ..SolverOptions::default() };
    let start = Instant::now();
    highs_with(options).solve(&big).expect("an answer");
    println!("passed and stopped at once in {:?}", start.elapsed());

    let program = transport(50, 1000);
    println!("transport: {} columns, {} rows", program.columns(), program.rows());
    let mut solvers: Vec<Box<dyn Solver>> = [Algorithm::Choose, Algorithm::Simplex, Algorithm::InteriorPoint]
        .into_iter()
        .map(|algorithm| highs_with(SolverOptions { algorithm, ..SolverOptions::default() }))
        .collect();
    let mut standing = Vec::new();
    for solver in &mut solvers {
        let start = Instant::now();
        standing.push(optimum("cold", solver.solve(&program).expect("transport")).objective);
        println!("cold: {:?} objective {}", start.elapsed(), standing[standing.len() - 1]);
    }
    let mut last = program.clone();
    for (number, changed) in variations(&program).into_iter().enumerate() {
        let change = ProgramDiff::between(&last, &changed).expect("the same shape");
        let start = Instant::now();
        let warm = optimum("warm", solvers[0].warm().expect("warm").resolve(&change).expect("a change"));
        let warm_time = start.elapsed();
        let start = Instant::now();
        let cold = optimum("cold", solvers[1].solve(&changed).expect("transport"));
        println!("variation {number}: warm {warm_time:?}, cold {:?}", start.elapsed());
        assert!(close(warm.objective, cold.objective));
        last = changed;
    }
}

/// Two priority levels: first least need unmet, then least travel with that need held.
#[test]
#[ignore = "measures; run with --ignored --nocapture"]
fn a_new_objective_warm_against_cold() {
    let second = transport(50, 1000);
    let columns = || (0u32..).take(second.columns()).map(ColumnIx);
    let is_unmet = |c: ColumnIx| second.costs()[c.get()] > 900.0;
    let mut first = LinearProgram::new(Sense::Minimise);
    for c in columns() {
        first.add_column(f64::from(u8::from(is_unmet(c))), second.column_bounds()[c.get()]);
    }
    for r in (0u32..).take(second.rows()).map(RowIx) {
        first.add_row(second.row_bounds()[r.get()], second.row(r));
    }
    let held = first.add_row(Bounds::FREE, columns().filter(|&c| is_unmet(c)).map(|c| (c, 1.0)));
    let mut solver = backend("highs");
    let unmet = optimum("level 1", solver.solve(&first).expect("transport")).objective;
    let mut next = first.clone();
    for c in columns() {
        next.set_cost(c, if is_unmet(c) { 0.0 } else { second.costs()[c.get()] });
    }
    next.set_row_bounds(held, Bounds::at_most(unmet));
    let change = ProgramDiff::between(&first, &next).expect("the same shape");
    let start = Instant::now();
    let warm = optimum("level 2", solver.warm().expect("warm").resolve(&change).expect("a change"));
    let warm_time = start.elapsed();
    let start = Instant::now();
    let cold = optimum("level 2", backend("highs").solve(&next).expect("transport"));
    println!("level 2: going on {warm_time:?}, cold {:?}", start.elapsed());
    assert!(close(warm.objective, cold.objective));
}
