//! A run that is stopped after a level has the plan of that level, and says what it did not look at.

mod sketch;

use bedalloc::lp::{Limit, LinearProgram, Outcome};
use bedalloc::pipeline::result::Status;
use bedalloc::pipeline::{RunEnd, RunOptions, Silent, run};
use bedalloc::solver::{Solver, SolverError, SolverOptions, choose};

/// A solver whose time is up after one program.
struct OneProgram {
    inner: Box<dyn Solver>,
    is_over: bool,
}

impl Solver for OneProgram {
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
        if std::mem::replace(&mut self.is_over, true) {
            return Ok(Outcome::LimitReached { limit: Limit::Time, best: None });
        }
        self.inner.solve(program)
    }
}

#[test]
fn a_limit_after_the_first_level_over_merged_areas_leaves_the_plan_of_that_level() {
    let sketch = sketch::two_regions();
    let (system, times) = sketch.build();
    let mut make = || -> Result<Box<dyn Solver>, SolverError> {
        let inner = choose("highs", SolverOptions::default())?;
        Ok(Box::new(OneProgram { inner, is_over: false }))
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
