//! The national model at district scale, end to end on the committed tables.

use bedalloc::domain::policy::Term;
use bedalloc::formulation::demand_points::DemandPoints;
use bedalloc::formulation::{Parts, build};
use bedalloc::lp::{LinearProgram, Outcome};
use bedalloc::network::TravelNetwork;
use bedalloc::pipeline::result::Comparator;
use bedalloc::pipeline::{RunEnd, RunOptions, RunResult, Silent, run};
use bedalloc::solver::{SolverOptions, choose};
use std::path::{Path, PathBuf};

fn districts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/england-2019-districts.yaml")
}

fn optimum(program: &LinearProgram, solver: &str) -> f64 {
    let mut solver = choose(solver, SolverOptions::default()).expect("a known solver");
    match solver.solve(program).expect("the solver works") {
        Outcome::Optimal(solution) => solution.objective,
        other => panic!("an optimum was expected, not {other:?}"),
    }
}

#[test]
fn a_second_solver_agrees_on_the_least_unmet_need() {
    let system = bedalloc::input::load(&districts()).expect("the shipped model is sound").system;
    let network = TravelNetwork::build(&system.travel).expect("the shipped times are sound");
    let times = network.travel_times(system.policy.reach.longest());
    let points = DemandPoints::of_areas(&system, &times).merged();
    let formulation = build(&system, &points, Parts::default());
    let mut program = formulation.program().clone();
    for &(column, cost) in &formulation.term(Term::Unmet).expect("the model counts unmet need").coefficients {
        program.set_cost(column, cost);
    }
    let engine = optimum(&program, "highs");
    for other in ["highs-good-lp", "clarabel"] {
        let second = optimum(&program, other);
        assert!((engine - second).abs() <= 1e-6 * engine, "{engine} by highs, {second} by {other}");
    }
}

fn solve() -> (bedalloc::domain::system::CareSystem, RunResult) {
    let system = bedalloc::input::load(&districts()).expect("the shipped model is sound").system;
    let network = TravelNetwork::build(&system.travel).expect("the shipped times are sound");
    let times = network.travel_times(system.policy.reach.longest());
    let mut make = || choose("highs", SolverOptions::default());
    let end = run(&system, &times, &RunOptions::default(), &mut make, &mut Silent).expect("the solver works");
    match end {
        RunEnd::Planned(result) => (system, *result),
        other => panic!("a plan was expected, not {other:?}"),
    }
}

#[test]
fn the_national_plan_is_proven_and_beats_every_formula() {
    let (system, result) = solve();
    for level in &result.levels {
        assert!(level.gap() < 1e-6, "{} has a gap of {}", level.name, level.gap());
    }
    assert!((result.plan.total_new().0 - 2_100.0).abs() < 1e-6);
    assert!((system.total_need().0 - 91_636.46).abs() < 0.01);
    let unmet = result.plan.total_unmet().0;
    for comparator in &result.comparators {
        let theirs = comparator.unmet.0;
        match comparator.comparator {
            // Pooled nationally, 9,996.5 occupied beds are short at 82%; travel limits only add to that.
            Comparator::DoNothing => assert!(theirs > 9_996.5, "{theirs}"),
            _ => assert!(unmet <= theirs + 1e-6, "{unmet} against {theirs}"),
        }
    }
    assert_eq!(result.comparators.len(), Comparator::ALL.len());
}
