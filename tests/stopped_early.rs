//! A run that is stopped after a level has the plan of that level, and says what it did not look at.

mod common;
mod sketch;

use bedalloc::lp::{Limit, LinearProgram, Outcome};
use bedalloc::pipeline::result::Status;
use bedalloc::pipeline::{RunEnd, RunOptions, Silent, run};
use bedalloc::solver::{Solver, SolverError};
use common::{Watched, backend};

#[test]
fn a_limit_after_the_first_level_over_merged_areas_leaves_the_plan_of_that_level() {
    let sketch = sketch::two_regions();
    let (system, times) = sketch.build();
    let mut make = || -> Result<Box<dyn Solver>, SolverError> {
        let mut is_over = false;
        // Its time is up after one program.
        let watch = move |_: &LinearProgram| {
            let stopped = Outcome::LimitReached { limit: Limit::Time, best: None };
            std::mem::replace(&mut is_over, true).then_some(stopped)
        };
        Ok(Box::new(Watched { inner: backend("highs"), watch }))
    };
    let end = run(&system, &times, &RunOptions::default(), &mut make, &mut Silent).expect("no fault");
    let RunEnd::Planned(result) = end else { panic!("there is the first level's plan: {end:?}") };
    assert_eq!(result.status, Status::Stopped(Limit::Time));
    let whole = sketch.plan();
    assert_eq!(result.levels.len(), 1);
    assert!(whole.levels.len() > 1);
    assert!((result.levels[0].value - whole.levels[0].value).abs() < 1e-6);
    assert!(result.comparators.is_empty());
    sketch::check::holds(&system, &times, &result);
}
