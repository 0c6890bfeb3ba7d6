//! How long the national model takes, stage by stage, on the committed tables: reading, travel times,
//! building the program, and solving it at district scale.

use bedalloc::domain::system::CareSystem;
use bedalloc::formulation::demand_points::DemandPoints;
use bedalloc::formulation::{Parts, build};
use bedalloc::network::{TravelNetwork, TravelTimes};
use bedalloc::pipeline::{RunOptions, Silent, run};
use bedalloc::solver::{SolverOptions, choose};
use std::hint::black_box;
use std::path::{Path, PathBuf};

/// The shipped models, by the resolution of their areas.
const MODELS: [&str; 2] = ["england-2019-districts", "england-2019"];

fn main() {
    divan::main();
}

fn path(model: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(format!("{model}.yaml"))
}

fn system(model: &str) -> CareSystem {
    bedalloc::input::load(&path(model)).expect("the shipped model is sound").system
}

fn times(system: &CareSystem) -> TravelTimes {
    let network = TravelNetwork::build(&system.travel).expect("the shipped times are sound");
    network.travel_times(system.policy.reach.longest())
}

/// Model file and tables to a checked care system.
#[divan::bench(args = MODELS, sample_count = 5)]
fn read(model: &str) {
    black_box(bedalloc::input::load(&path(model)).expect("the shipped model is sound"));
}

/// The graph, and the sites that each area reaches.
#[divan::bench(args = MODELS, sample_count = 5)]
fn graph(bencher: divan::Bencher, model: &str) {
    let system = system(model);
    bencher.bench_local(|| black_box(times(&system)));
}

/// Demand points and the whole program, travel included.
#[divan::bench(args = MODELS, sample_count = 5)]
fn program(bencher: divan::Bencher, model: &str) {
    let system = system(model);
    let times = times(&system);
    bencher.bench_local(|| {
        let points = DemandPoints::of_areas(&system, &times);
        black_box(build(&system, &points, Parts { travel: true }))
    });
}

/// Every level, the tie-break and the comparators, at district scale.
#[divan::bench(sample_count = 3)]
fn solve_districts(bencher: divan::Bencher) {
    let system = system(MODELS[0]);
    let times = times(&system);
    bencher.bench_local(|| {
        let mut make = || choose("highs", SolverOptions::default());
        black_box(run(&system, &times, &RunOptions::default(), &mut make, &mut Silent).expect("it solves"))
    });
}
