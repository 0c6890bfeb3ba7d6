//! The same small programs through every backend: statuses, objectives, duals.

mod common;

use bedalloc::lp::{Bounds, ColumnIx, Limit, LinearProgram, Outcome, Sense};
use bedalloc::solver::{Algorithm, NAMES, SolverError, SolverOptions, choose};
use common::{assert_sound, backend, close, highs_with, optimum, transport, two_products};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
    for &item in &items {
        knapsack.set_integer(item);
    }
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
