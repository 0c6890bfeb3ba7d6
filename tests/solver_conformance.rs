//! The same small programs through every backend: statuses, objectives, duals, limits, warm starts.

mod common;

use bedalloc::lp::{
    BoundSide, Bounds, ColumnIx, ConflictMember, Limit, LinearProgram, Outcome, ProgramDiff, RowIx, Sense,
    write_lp, write_mps,
};
use bedalloc::solver::{Algorithm, NAMES, Solver, SolverError, SolverOptions, choose, solve_model_file};
use common::{assert_sound, close, optimum, transport};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn backend(name: &str) -> Box<dyn Solver> {
    choose(name, SolverOptions::default()).expect("a known solver")
}

fn highs_with(options: SolverOptions) -> Box<dyn Solver> {
    choose("highs", options).expect("a known solver")
}

/// Two products, three kinds of row: 3x + 2y, x + y within 1 and 4, x ≤ 2, y − x ≥ −1.
fn two_products(sense: Sense) -> LinearProgram {
    let mut program = LinearProgram::new(sense);
    let x = program.add_column(3.0, Bounds::NON_NEGATIVE);
    let y = program.add_column(2.0, Bounds::NON_NEGATIVE);
    program.add_row(Bounds::between(1.0, 4.0), [(x, 1.0), (y, 1.0)]);
    program.add_row(Bounds::at_most(2.0), [(x, 1.0)]);
    program.add_row(Bounds::at_least(-1.0), [(y, 1.0), (x, -1.0)]);
    program
}

fn one_row(sense: Sense, cost: f64, column: Bounds, row: Bounds) -> LinearProgram {
    let mut program = LinearProgram::new(sense);
    let x = program.add_column(cost, column);
    program.add_row(row, [(x, 2.0)]);
    program
}

#[test]
fn every_backend_finds_the_optimum_of_either_sense_and_prices_it_soundly() {
    for name in NAMES {
        for (sense, best) in [(Sense::Maximise, 10.0), (Sense::Minimise, 2.0)] {
            let program = two_products(sense);
            let solution = optimum(name, backend(name).solve(&program).expect("a small program"));
            assert!(close(solution.objective, best), "{name}: {}", solution.objective);
            assert_sound(name, &program, &solution);
            assert_eq!(solution.duals.is_some(), *name != "microlp", "{name}");
            assert!(solution.bound.is_some_and(|bound| close(bound, best)), "{name}");
        }
    }
}

#[test]
fn a_dual_is_the_change_of_the_objective_when_the_bound_rises_by_one() {
    let free = Bounds::FREE;
    // Sense, cost, row; the row is 2x, so its price is cost / 2 whichever side binds.
    let cases = [
        (Sense::Minimise, 3.0, Bounds::at_least(4.0), 1.5),
        (Sense::Minimise, -3.0, Bounds::at_most(4.0), -1.5),
        (Sense::Minimise, 3.0, Bounds::exactly(4.0), 1.5),
        (Sense::Minimise, -3.0, Bounds::exactly(4.0), -1.5),
        (Sense::Minimise, 3.0, Bounds::between(4.0, 9.0), 1.5),
        (Sense::Minimise, -3.0, Bounds::between(4.0, 9.0), -1.5),
        (Sense::Maximise, 3.0, Bounds::at_most(4.0), 1.5),
        (Sense::Maximise, -3.0, Bounds::at_least(4.0), -1.5),
        (Sense::Maximise, 3.0, Bounds::exactly(4.0), 1.5),
        (Sense::Maximise, 3.0, Bounds::between(-4.0, 9.0), 1.5),
        (Sense::Maximise, -3.0, Bounds::between(-4.0, 9.0), -1.5),
    ];
    for name in NAMES {
        for (sense, cost, row, price) in cases {
            let program = one_row(sense, cost, free, row);
            let solution = optimum(name, backend(name).solve(&program).expect("one row"));
            assert_sound(name, &program, &solution);
            if let Some(duals) = &solution.duals {
                assert!(close(duals.rows[0], price), "{name} {sense:?} {cost} {row:?}: {:?}", duals.rows);
            }
        }
    }
}

#[test]
fn reduced_costs_have_the_same_sign_for_both_senses() {
    let cases = [
        (Sense::Minimise, 3.0, Bounds::between(1.0, 5.0), 3.0),
        (Sense::Minimise, -3.0, Bounds::between(1.0, 5.0), -15.0),
        (Sense::Maximise, 3.0, Bounds::between(1.0, 5.0), 15.0),
        (Sense::Maximise, -3.0, Bounds::exactly(2.0), -6.0),
    ];
    for name in NAMES {
        for (sense, cost, column, best) in cases {
            let program = one_row(sense, cost, column, Bounds::at_most(100.0));
            let solution = optimum(name, backend(name).solve(&program).expect("one row"));
            assert!(close(solution.objective, best), "{name}");
            assert_sound(name, &program, &solution);
            if let Some(duals) = &solution.duals {
                assert!(close(duals.columns[0], cost), "{name} {sense:?}: {:?}", duals.columns);
            }
        }
    }
}

#[test]
fn infeasible_and_unbounded_are_told_apart() {
    for name in NAMES {
        let infeasible = one_row(Sense::Minimise, 1.0, Bounds::NON_NEGATIVE, Bounds::at_most(-1.0));
        assert_eq!(backend(name).solve(&infeasible).expect("an answer"), Outcome::Infeasible, "{name}");
        let unbounded = one_row(Sense::Maximise, 1.0, Bounds::NON_NEGATIVE, Bounds::at_least(1.0));
        assert_eq!(backend(name).solve(&unbounded).expect("an answer"), Outcome::Unbounded, "{name}");
        let reversed = one_row(Sense::Maximise, 1.0, Bounds::between(2.0, 1.0), Bounds::FREE);
        assert_eq!(backend(name).solve(&reversed).expect("an answer"), Outcome::Infeasible, "{name}");
    }
}

#[test]
fn empty_programs_and_empty_rows_are_answered() {
    for name in NAMES {
        let nothing = LinearProgram::new(Sense::Minimise);
        assert!(close(optimum(name, backend(name).solve(&nothing).expect("an answer")).objective, 0.0));
        let mut empty_row = LinearProgram::new(Sense::Minimise);
        empty_row.add_column(1.0, Bounds::between(2.0, 3.0));
        empty_row.add_row(Bounds::at_most(1.0), []);
        assert!(close(optimum(name, backend(name).solve(&empty_row).expect("an answer")).objective, 2.0));
        empty_row.add_row(Bounds::at_least(1.0), []);
        assert_eq!(backend(name).solve(&empty_row).expect("an answer"), Outcome::Infeasible, "{name}");
    }
}

#[test]
fn whole_numbers_are_whole_or_refused() {
    let mut knapsack = LinearProgram::new(Sense::Maximise);
    let items: Vec<ColumnIx> =
        [10.0, 13.0, 7.0].iter().map(|&v| knapsack.add_column(v, Bounds::between(0.0, 1.0))).collect();
    items.iter().for_each(|&c| knapsack.set_integer(c));
    knapsack.add_row(Bounds::at_most(7.0), items.iter().copied().zip([4.0, 6.0, 3.0]));
    for name in NAMES {
        match backend(name).solve(&knapsack) {
            Err(SolverError::Refused { .. }) => assert_eq!(*name, "clarabel"),
            answer => {
                let solution = optimum(name, answer.expect("a small program"));
                assert!(close(solution.objective, 17.0), "{name}: {}", solution.objective);
                assert_sound(name, &knapsack, &solution);
                assert_eq!(solution.duals, None, "{name}");
            }
        }
    }
}

#[test]
fn what_is_not_a_number_is_refused() {
    for name in NAMES {
        let program = one_row(Sense::Minimise, f64::NAN, Bounds::NON_NEGATIVE, Bounds::at_least(1.0));
        assert!(matches!(backend(name).solve(&program), Err(SolverError::Refused { .. })), "{name}");
    }
    assert!(matches!(choose("glpk", SolverOptions::default()), Err(SolverError::Unknown { .. })));
}

#[test]
fn all_algorithms_agree_on_a_transport_problem() {
    let program = transport(8, 30);
    let reference = optimum("highs", backend("highs").solve(&program).expect("a transport problem"));
    for algorithm in [Algorithm::Simplex, Algorithm::InteriorPoint] {
        let mut solver = highs_with(SolverOptions { algorithm, ..SolverOptions::default() });
        let solution = optimum("highs", solver.solve(&program).expect("a transport problem"));
        assert!(close(solution.objective, reference.objective), "{algorithm:?}");
        assert_sound("highs", &program, &solution);
    }
    for name in NAMES {
        let solution = optimum(name, backend(name).solve(&program).expect("a transport problem"));
        assert!(close(solution.objective, reference.objective), "{name}");
        assert_sound(name, &program, &solution);
    }
}

/// The transport problem with other needs, other costs, or a dearer last resort.
fn variations(program: &LinearProgram) -> Vec<LinearProgram> {
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

#[test]
fn going_on_gives_what_starting_afresh_gives() {
    let program = transport(8, 30);
    let mut solver = backend("highs");
    let mut standing = program.clone();
    optimum("highs", solver.solve(&program).expect("a transport problem"));
    for (number, changed) in variations(&program).into_iter().enumerate() {
        let change = ProgramDiff::between(&standing, &changed).expect("the same shape");
        let warm = optimum("warm", solver.warm().expect("HiGHS goes on").resolve(&change).expect("a change"));
        let cold = optimum("cold", backend("highs").solve(&changed).expect("a transport problem"));
        assert!(close(warm.objective, cold.objective), "variation {number}");
        assert_sound("warm", &changed, &warm);
        standing = changed;
    }
}

#[test]
fn an_infeasible_change_can_be_taken_back() {
    let program = two_products(Sense::Maximise);
    let mut solver = backend("highs");
    solver.solve(&program).expect("a small program");
    let warm = solver.warm().expect("HiGHS goes on");
    let row = |bounds| ProgramDiff { row_bounds: vec![(RowIx(2), bounds)], ..ProgramDiff::default() };
    assert_eq!(warm.resolve(&row(Bounds::at_least(50.0))).expect("a change"), Outcome::Infeasible);
    let back = optimum("highs", warm.resolve(&row(Bounds::at_least(-1.0))).expect("a change"));
    assert!(close(back.objective, 10.0));
    let outside = ProgramDiff { costs: vec![(ColumnIx(9), 1.0)], ..ProgramDiff::default() };
    assert!(matches!(warm.resolve(&outside), Err(SolverError::Refused { .. })));
    let mut fresh = backend("highs");
    assert!(fresh.warm().expect("HiGHS goes on").resolve(&ProgramDiff::default()).is_err());
}

#[test]
fn a_whole_number_program_can_be_gone_on_with() {
    let mut program = two_products(Sense::Maximise);
    program.set_integer(ColumnIx(1));
    let mut solver = backend("highs");
    assert!(close(optimum("highs", solver.solve(&program).expect("small")).objective, 10.0));
    let change =
        ProgramDiff { row_bounds: vec![(RowIx(0), Bounds::between(1.0, 3.5))], ..ProgramDiff::default() };
    let solution = optimum("highs", solver.warm().expect("warm").resolve(&change).expect("a change"));
    assert!(close(solution.objective, 8.5), "x = 1.5 and y = 2");
}

#[test]
fn a_basis_can_be_read_and_given_back() {
    let program = transport(8, 30);
    let mut first = backend("highs");
    let before = optimum("highs", first.solve(&program).expect("a transport problem"));
    let basis = first.bases().expect("HiGHS has bases").basis().expect("an optimal basis");
    let basic =
        basis.columns.iter().chain(&basis.rows).filter(|s| **s == bedalloc::solver::BasisStatus::Basic);
    assert_eq!(basic.count(), program.rows());
    let mut second = backend("highs");
    second.bases().expect("HiGHS has bases").set_basis(basis.clone());
    let after = optimum("highs", second.solve(&program).expect("a transport problem"));
    assert!(close(before.objective, after.objective));
    assert_eq!(second.bases().expect("bases").basis(), Some(basis.clone()));
    second.bases().expect("bases").set_basis(basis);
    assert!(matches!(second.solve(&transport(3, 4)), Err(SolverError::Refused { .. })));
}

#[test]
fn a_conflict_is_infeasible_alone_and_feasible_without_any_member() {
    let mut program = two_products(Sense::Maximise);
    program.add_row(Bounds::exactly(5.0), [(ColumnIx(1), 1.0)]);
    program.add_row(Bounds::at_most(100.0), [(ColumnIx(0), 1.0)]);
    let mut solver = backend("highs");
    let finder = solver.conflict_finder().expect("HiGHS finds conflicts");
    let conflict = finder.find_conflict(&program).expect("an answer").expect("a conflict");
    assert_eq!(
        conflict.members,
        [
            ConflictMember::Row(RowIx(0), BoundSide::Upper),
            ConflictMember::Row(RowIx(3), BoundSide::Lower),
            ConflictMember::Column(ColumnIx(0), BoundSide::Lower),
        ]
    );
    assert_eq!(finder.find_conflict(&two_products(Sense::Maximise)).expect("an answer"), None);
    assert_eq!(solver.solve(&only(&program, &conflict.members)).expect("small"), Outcome::Infeasible);
    for left_out in &conflict.members {
        let others: Vec<_> = conflict.members.iter().filter(|m| *m != left_out).copied().collect();
        optimum("highs", solver.solve(&only(&program, &others)).expect("small"));
    }
}

/// The program with these limits alone and nothing to optimise.
fn only(program: &LinearProgram, members: &[ConflictMember]) -> LinearProgram {
    let mut rest = program.clone();
    (0u32..).take(program.columns()).for_each(|c| {
        rest.set_cost(ColumnIx(c), 0.0);
        let has = |side| members.contains(&ConflictMember::Column(ColumnIx(c), side));
        rest.set_column_bounds(ColumnIx(c), kept(program.column_bounds()[c as usize], has));
    });
    (0u32..).take(program.rows()).for_each(|r| {
        let has = |side| members.contains(&ConflictMember::Row(RowIx(r), side));
        rest.set_row_bounds(RowIx(r), kept(program.row_bounds()[r as usize], has));
    });
    rest
}

fn kept(bounds: Bounds, has: impl Fn(BoundSide) -> bool) -> Bounds {
    Bounds {
        lower: if has(BoundSide::Lower) { bounds.lower } else { f64::NEG_INFINITY },
        upper: if has(BoundSide::Upper) { bounds.upper } else { f64::INFINITY },
    }
}

#[test]
fn a_time_limit_of_nothing_stops_highs() {
    let options = SolverOptions { time_limit: Some(Duration::ZERO), ..SolverOptions::default() };
    let outcome = highs_with(options).solve(&transport(20, 100)).expect("an answer");
    assert!(matches!(outcome, Outcome::LimitReached { limit: Limit::Time, .. }), "{outcome:?}");
}

#[test]
fn a_set_flag_stops_every_backend_before_it_starts() {
    for name in NAMES {
        let options =
            SolverOptions { interrupt: Some(Arc::new(AtomicBool::new(true))), ..SolverOptions::default() };
        let outcome = choose(name, options).expect("known").solve(&two_products(Sense::Minimise));
        let stopped = Outcome::LimitReached { limit: Limit::Interrupted, best: None };
        assert_eq!(outcome.expect("an answer"), stopped, "{name}");
    }
}

#[test]
fn simplex_interior_point_and_branching_stop_within_a_second_of_being_asked() {
    let program = transport(150, 300);
    let mut whole = hard_knapsacks();
    whole.set_integer(ColumnIx(0));
    let cases =
        [(Algorithm::Simplex, &program), (Algorithm::InteriorPoint, &program), (Algorithm::Choose, &whole)];
    for (algorithm, program) in cases {
        let flag = Arc::new(AtomicBool::new(false));
        let options = SolverOptions { algorithm, interrupt: Some(flag.clone()), ..SolverOptions::default() };
        let mut solver = highs_with(options);
        let asker = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(150));
            flag.store(true, Ordering::Relaxed);
            Instant::now()
        });
        let outcome = solver.solve(program).expect("an answer");
        let ended = Instant::now();
        let late = ended.saturating_duration_since(asker.join().expect("the asking thread"));
        println!("{algorithm:?}: {late:?} {}", matches!(outcome, Outcome::LimitReached { .. }));
        assert!(late < Duration::from_secs(1), "{algorithm:?} took {late:?} to stop");
        let interrupted = matches!(outcome, Outcome::LimitReached { limit: Limit::Interrupted, .. });
        assert!(interrupted || matches!(outcome, Outcome::Optimal(_)), "{algorithm:?}: {outcome:?}");
    }
}

/// Market-split rows: far too hard to branch through in seconds.
fn hard_knapsacks() -> LinearProgram {
    let mut program = LinearProgram::new(Sense::Minimise);
    let items: Vec<ColumnIx> = (0..50).map(|_| program.add_column(0.0, Bounds::between(0.0, 1.0))).collect();
    items.iter().for_each(|&c| program.set_integer(c));
    for row in 0..6u32 {
        let weights: Vec<f64> =
            (0..50u32).map(|i| f64::from((i * 7919 + row * 104_729 + i * i * 31) % 100)).collect();
        let half = (weights.iter().sum::<f64>() / 2.0).floor();
        let over = program.add_column(1.0, Bounds::NON_NEGATIVE);
        let under = program.add_column(1.0, Bounds::NON_NEGATIVE);
        let terms = items.iter().copied().zip(weights).chain([(over, 1.0), (under, -1.0)]);
        program.add_row(Bounds::exactly(half), terms);
    }
    program
}

#[test]
fn the_log_goes_to_its_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("solver.log");
    let options = SolverOptions { log: Some(log.clone()), threads: Some(1), ..SolverOptions::default() };
    highs_with(options).solve(&two_products(Sense::Maximise)).expect("a small program");
    assert!(std::fs::read_to_string(log).expect("a log").contains("HiGHS"));
}

#[test]
fn written_programs_read_back_to_the_same_optimum() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut mixed = two_products(Sense::Maximise);
    let z = mixed.add_column(-1.0, Bounds::between(-7.5, -2.5));
    mixed.set_integer(z);
    let unused = mixed.add_column(0.0, Bounds::FREE);
    mixed.add_row(Bounds::between(-3.0, 1e7), [(z, 1.0), (ColumnIx(0), 1.0), (unused, 0.25)]);
    mixed.add_row(Bounds::FREE, [(z, 1.0)]);
    for (number, program) in [mixed, two_products(Sense::Minimise), transport(5, 12)].into_iter().enumerate()
    {
        let direct = optimum("highs", backend("highs").solve(&program).expect("small"));
        let column = |c: ColumnIx| format!("flow[{},RXX 01]", c.0);
        let row = |r: RowIx| format!("balance({})", r.0);
        for (ending, text) in
            [("lp", write_lp(&program, &column, &row)), ("mps", write_mps(&program, &column, &row))]
        {
            let path = folder.path().join(format!("{number}.{ending}"));
            std::fs::write(&path, text).expect("a file");
            let read = optimum(ending, solve_model_file(&path, &SolverOptions::default()).expect("readable"));
            assert!(close(read.objective, direct.objective), "{ending} {number}: {}", read.objective);
        }
    }
}

/// Programs with every kind of bound that some point is sure to meet, all columns bounded.
fn feasible_programs() -> impl Strategy<Value = LinearProgram> {
    let column = (-5i32..=5, -4i32..=4, 0i32..=6, 0.0..1.0f64);
    let row = (prop::collection::vec(-3i32..=3, 6), 0usize..5, 0.0..4.0f64);
    (any::<bool>(), prop::collection::vec(column, 1..6), prop::collection::vec(row, 0..6)).prop_map(
        |(maximise, columns, rows)| {
            let sense = if maximise { Sense::Maximise } else { Sense::Minimise };
            let mut program = LinearProgram::new(sense);
            let mut point = Vec::new();
            for (cost, lower, width, within) in columns {
                let (lower, width) = (f64::from(lower), f64::from(width));
                program.add_column(f64::from(cost), Bounds::between(lower, lower + width));
                point.push(lower + within * width);
            }
            for (weights, kind, slack) in rows {
                let terms: Vec<_> = (0u32..)
                    .map(ColumnIx)
                    .zip(weights.into_iter().map(f64::from))
                    .take(point.len())
                    .collect();
                let activity: f64 = terms.iter().zip(&point).map(|((_, w), x)| w * x).sum();
                let bounds = match kind {
                    0 => Bounds::at_most(activity + slack),
                    1 => Bounds::at_least(activity - slack),
                    2 => Bounds::exactly(activity),
                    3 => Bounds::between(activity - slack, activity + slack),
                    _ => Bounds::FREE,
                };
                program.add_row(bounds, terms);
            }
            program
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn backends_agree_and_primal_equals_dual(program in feasible_programs()) {
        let first = optimum("highs", backend("highs").solve(&program).expect("a small program"));
        assert_sound("highs", &program, &first);
        for name in ["microlp", "clarabel"] {
            let other = optimum(name, backend(name).solve(&program).expect("a small program"));
            prop_assert!(close(first.objective, other.objective), "{name} {} {}", first.objective, other.objective);
        }
    }
}

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
