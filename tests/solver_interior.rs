//! The interior point against HiGHS and Clarabel: the same optimum and proof, a corner where nothing counts, the same digits.

mod common;

use bedalloc::lp::{Bounds, ColumnIx, Limit, LinearProgram, Outcome, RawSolution, Sense};
use bedalloc::solver::{InteriorSolver, Nearest, Solver, SolverOptions};
use common::{Watched, assert_sound, backend, close, highs_with, optimum, transport};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The interior point alone: what it finds no answer to is a failure.
fn alone() -> Box<dyn Solver> {
    let watch = |_: &LinearProgram| panic!("left to the other solver");
    Box::new(InteriorSolver::new(Box::new(Watched { inner: backend("highs"), watch }), 0))
}

/// The interior point, with HiGHS for what it finds no answer to.
fn with_highs() -> Box<dyn Solver> {
    Box::new(InteriorSolver::new(backend("highs"), 0))
}

fn found(outcome: Nearest) -> Vec<f64> {
    match outcome {
        Nearest::Found(columns) | Nearest::Exact(columns) => columns,
        other => panic!("a nearest point, not {other:?}"),
    }
}

/// A column around a value: how far its bounds are below and above; none where there is no bound.
type Around = (i32, Option<u8>, Option<u8>);

/// A program that holds a known point, whose bounds or rows end every way down.
#[derive(Debug, Clone)]
struct Known {
    /// Value and bounds, with a cost.
    columns: Vec<(Around, i32)>,
    /// Coefficients by column, and the room below and above the point.
    rows: Vec<(Vec<i8>, Option<u8>, Option<u8>)>,
}

fn known() -> impl Strategy<Value = Known> {
    let room = || prop_oneof![2 => Just(None), 1 => Just(Some(0)), 3 => (1..20u8).prop_map(Some)];
    let column = ((-9..10i32, room(), room()), -9..10i32);
    prop::collection::vec(column, 2..8).prop_flat_map(move |columns| {
        let coefficients = prop::collection::vec(prop_oneof![Just(0i8), -3..4i8], columns.len());
        prop::collection::vec((coefficients, room(), room()), 1..7)
            .prop_map(move |rows| Known { columns: columns.clone(), rows })
    })
}

fn around(value: f64, below: Option<u8>, above: Option<u8>) -> Bounds {
    let lower = below.map_or(f64::NEG_INFINITY, |by| value - f64::from(by));
    Bounds::between(lower, above.map_or(f64::INFINITY, |by| value + f64::from(by)))
}

impl Known {
    fn program(&self) -> LinearProgram {
        let mut program = LinearProgram::new(Sense::Minimise);
        for &((value, below, above), cost) in &self.columns {
            program.add_column(f64::from(cost), around(f64::from(value), below, above));
        }
        for (coefficients, below, above) in &self.rows {
            let value: i32 =
                self.columns.iter().zip(coefficients).map(|(((v, ..), _), &c)| v * i32::from(c)).sum();
            let terms = (0u32..).map(ColumnIx).zip(coefficients.iter().map(|&c| f64::from(c)));
            program.add_row(around(f64::from(value), *below, *above), terms.filter(|(_, c)| *c != 0.0));
        }
        program
    }
}

/// The same program in units of other sizes.
fn in_other_units(program: &LinearProgram, units: &[f64]) -> LinearProgram {
    let mut other = LinearProgram::new(Sense::Minimise);
    let unit = |at: usize| units[at % units.len()];
    for (at, (cost, bounds)) in program.costs().iter().zip(program.column_bounds()).enumerate() {
        other.add_column(cost * unit(at), Bounds::between(bounds.lower / unit(at), bounds.upper / unit(at)));
    }
    for (at, bounds) in (0u32..).zip(program.row_bounds()) {
        let terms = program.row(bedalloc::lp::RowIx(at)).map(|(c, value)| (c, value * unit(c.get())));
        other.add_row(*bounds, terms.collect::<Vec<_>>());
    }
    other
}

fn columns_of(outcome: Outcome) -> RawSolution {
    optimum("interior point", outcome)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn it_reaches_what_highs_reaches_and_proves_it(known in known()) {
        let program = known.program();
        let theirs = backend("highs").solve(&program);
        // HiGHS gives up on one in some thousand programs that have no best point.
        prop_assume!(theirs.is_ok());
        let theirs = theirs.expect("assumed");
        let ours = with_highs().solve(&program).expect("a small program");
        match (theirs, ours) {
            (Outcome::Optimal(theirs), Outcome::Optimal(ours)) => {
                prop_assert!(close(theirs.objective, ours.objective), "{} for {}", ours.objective, theirs.objective);
                prop_assert!(close(ours.bound.expect("a bound"), ours.objective));
                assert_sound("interior point", &program, &ours);
            }
            (theirs, ours) => prop_assert_eq!(std::mem::discriminant(&theirs), std::mem::discriminant(&ours)),
        }
    }

    #[test]
    fn the_nearest_point_is_clarabels(known in known(), aims in prop::collection::vec(-9.0..9.0f64, 8)) {
        let program = known.program();
        let targets: Vec<_> = (0..program.columns() as u32).map(ColumnIx).zip(aims).collect();
        let ours = with_highs().nearest(&program, &targets).expect("a small program");
        let theirs = backend("highs").nearest(&program, &targets).expect("a small program");
        // Now and then Clarabel gets no further.
        prop_assume!(!matches!(theirs, Nearest::Lost));
        for (theirs, ours) in found(theirs).iter().zip(&found(ours)) {
            prop_assert!((theirs - ours).abs() < 1e-3, "{ours} for {theirs}");
        }
    }
}

#[test]
fn it_solves_a_transport_problem_by_itself_in_any_units() {
    let program = transport(7, 40);
    let best = columns_of(backend("highs").solve(&program).expect("a small program")).objective;
    for units in [&[1.0][..], &[1e-3, 1.0, 250.0], &[1e4, 0.01]] {
        let program = in_other_units(&program, units);
        let ours = columns_of(alone().solve(&program).expect("a small program"));
        assert!(close(ours.objective, best), "{} for {best} in {units:?}", ours.objective);
        assert!((ours.objective - ours.bound.expect("a bound")).abs() <= 1e-8 * best);
    }
}

#[test]
fn the_nearest_point_of_a_half_plane_is_exact() {
    let mut program = LinearProgram::new(Sense::Minimise);
    let x = [0.0, 0.0].map(|cost| program.add_column(cost, Bounds::FREE));
    program.add_row(Bounds::at_most(2.0), x.map(|x| (x, 1.0)));
    // (3, 1) is 2 above the line x + y = 2: one less of each.
    let nearest = alone().nearest(&program, &[(x[0], 3.0), (x[1], 1.0)]).expect("a small program");
    let Nearest::Exact(point) = nearest else { panic!("by its own way, not {nearest:?}") };
    assert!((point[0] - 2.0).abs() < 1e-6 && point[1].abs() < 1e-6, "{point:?}");
}

#[test]
fn among_equally_good_plans_it_is_in_the_middle() {
    let mut program = LinearProgram::new(Sense::Minimise);
    let x = [1.0, 1.0, 2.0].map(|cost| program.add_column(cost, Bounds::NON_NEGATIVE));
    program.add_row(Bounds::exactly(6.0), x.map(|x| (x, 1.0)));
    let ours = columns_of(alone().solve(&program).expect("a small program"));
    for (value, expected) in ours.columns.iter().zip([3.0, 3.0, 0.0]) {
        assert!((value - expected).abs() < 1e-6, "{:?}", ours.columns);
    }
}

#[test]
fn where_nothing_counts_it_ends_at_a_corner_without_prices() {
    let mut program = transport(7, 40);
    program.set_costs(vec![0.0; program.columns()]);
    let ours = columns_of(alone().solve(&program).expect("a small program"));
    assert_sound("interior point", &program, &ours);
    // A corner has at most as many columns off their bounds as there are rows.
    let inside = ours.columns.iter().filter(|value| **value > 1e-7).count();
    assert!(inside <= program.rows(), "{inside} columns of {} rows", program.rows());
    let least = ours.columns.iter().copied().filter(|value| *value > 1e-7).fold(f64::INFINITY, f64::min);
    assert!(least > 1e-3, "what is not at its bound is well off it: {least}");
    assert_eq!(ours.bound, Some(0.0));
    assert!(ours.duals.expect("duals").rows.iter().all(|price| *price == 0.0));
}

#[test]
fn what_may_hardly_move_is_held_and_rows_may_repeat_each_other() {
    let mut program = LinearProgram::new(Sense::Minimise);
    let held = program.add_column(5.0, Bounds::between(2.0, 2.0 + 1e-12));
    let free = program.add_column(1.0, Bounds::FREE);
    let x = program.add_column(2.0, Bounds::NON_NEGATIVE);
    for times in [1.0, 2.0] {
        let terms = [(held, times), (free, times), (x, -times)];
        program.add_row(Bounds::between(7.0 * times, 7.0 * times + 1e-11), terms);
    }
    program.add_row(Bounds::at_least(6.0), [(free, 1.0)]);
    program.add_row(Bounds::FREE, [(x, 1.0)]);
    let ours = columns_of(alone().solve(&program).expect("a small program"));
    // free = 5 + x is at least 6.
    for (value, expected) in ours.columns.iter().zip([2.0, 6.0, 1.0]) {
        assert!((value - expected).abs() < 1e-7, "{:?}", ours.columns);
    }
    assert!(close(ours.bound.expect("a bound"), 18.0));
}

#[test]
fn what_has_no_best_point_is_left_to_the_other_solver() {
    let column = |cost, bounds| {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x = program.add_column(cost, bounds);
        (program, x)
    };
    let (mut impossible, x) = column(1.0, Bounds::between(0.0, 1.0));
    impossible.add_row(Bounds::at_least(3.0), [(x, 1.0)]);
    let (mut endless, x) = column(-1.0, Bounds::NON_NEGATIVE);
    endless.add_row(Bounds::at_least(3.0), [(x, 1.0)]);
    let (mut whole, x) = column(1.0, Bounds::NON_NEGATIVE);
    whole.add_row(Bounds::at_least(1.5), [(x, 1.0)]);
    whole.set_integer(x);
    let solve = |program: &LinearProgram| with_highs().solve(program).expect("a small program");
    assert!(matches!(solve(&impossible), Outcome::Infeasible));
    assert!(matches!(solve(&endless), Outcome::Unbounded | Outcome::InfeasibleOrUnbounded));
    assert!(close(columns_of(solve(&whole)).objective, 2.0));
}

#[test]
fn it_stops_where_it_is_told_to() {
    let interrupt = Some(Arc::new(AtomicBool::new(true)));
    let inner = highs_with(SolverOptions { interrupt, ..SolverOptions::default() });
    let stopped = InteriorSolver::new(inner, 0).solve(&transport(7, 40)).expect("a small program");
    assert!(
        matches!(stopped, Outcome::LimitReached { limit: Limit::Interrupted, best: None }),
        "{stopped:?}"
    );
}

#[test]
fn the_number_of_threads_changes_no_digit() {
    let program = transport(40, 700);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let solution = pool.install(|| columns_of(alone().solve(&program).expect("a small program")));
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        (bits(&solution.columns), bits(&solution.duals.expect("duals").rows))
    };
    assert_eq!(on(1), on(3));
}
