//! A solver that is given another form of each program.

use super::{BasisSolver, Nearest, Solver, SolverError, WarmSolver};
use crate::lp::{ColumnIx, LinearProgram, Outcome, ProgramDiff, RawSolution};

/// A way to write a program differently, and to read the answer.
pub trait Rewrite: Sized + Send {
    /// The program in the other form, with what it takes to read an answer; `None` where the program stays as it is.
    fn of(program: &LinearProgram) -> Option<(Self, LinearProgram)>;
    /// What a change that was made to the program is in the other form.
    fn follow(&mut self, program: &LinearProgram, change: &ProgramDiff) -> Next;
    /// Values and prices of the other form, in terms of the program.
    fn read(&self, program: &LinearProgram, found: RawSolution) -> RawSolution;
}

/// How to go on after a change.
pub enum Next {
    /// With this change.
    Change(ProgramDiff),
    /// From nothing, with this program.
    Anew(LinearProgram),
}

/// A solver that gives programs to another one in another form.
pub struct RewritingSolver<R> {
    inner: Box<dyn Solver>,
    from_rows: usize,
    /// The program solved last, as it was given, unless it stayed as it is.
    posed: Option<(LinearProgram, R)>,
}

impl<R: Rewrite> RewritingSolver<R> {
    /// Gives linear programs of at least so many rows to another solver in another form, and all others as they are.
    pub fn new(inner: Box<dyn Solver>, from_rows: usize) -> Self {
        Self { inner, from_rows, posed: None }
    }
}

impl<R: Rewrite> Solver for RewritingSolver<R> {
    answers_as_inner!();
    fn nearest(
        &mut self,
        program: &LinearProgram,
        targets: &[(ColumnIx, f64)],
    ) -> Result<Nearest, SolverError> {
        self.inner.nearest(program, targets)
    }
    fn solve(&mut self, program: &LinearProgram) -> Result<Outcome, SolverError> {
        self.posed = None;
        let stays = program.rows() < self.from_rows || program.has_integers();
        let Some((rewrite, other)) = (if stays { None } else { R::of(program) }) else {
            return self.inner.solve(program);
        };
        let outcome = self.inner.solve(&other)?;
        let (program, rewrite) = self.posed.insert((program.clone(), rewrite));
        Ok(read(program, rewrite, outcome))
    }
    fn wants_a_start(&self) -> bool {
        self.inner.wants_a_start()
    }
    fn ended_inside(&self) -> bool {
        self.inner.ended_inside()
    }
    fn hurry(&mut self) {
        self.inner.hurry();
    }
    fn expect_little_choice(&mut self) {
        self.inner.expect_little_choice();
    }
    fn warm(&mut self) -> Option<&mut dyn WarmSolver> {
        if self.posed.is_some() { Some(self) } else { self.inner.warm() }
    }
    fn bases(&mut self) -> Option<&mut dyn BasisSolver> {
        if self.posed.is_some() { None } else { self.inner.bases() }
    }
}

impl<R: Rewrite> WarmSolver for RewritingSolver<R> {
    fn resolve(&mut self, change: &ProgramDiff) -> Result<Outcome, SolverError> {
        let Some((mut program, mut rewrite)) = self.posed.take() else {
            let what = "to go on: it has solved no program yet".to_owned();
            return Err(SolverError::Refused { solver: self.inner.name(), what });
        };
        change.apply(&mut program);
        let outcome = match (rewrite.follow(&program, change), self.inner.warm()) {
            (Next::Change(change), Some(warm)) => warm.resolve(&change)?,
            (Next::Anew(other), _) => self.inner.solve(&other)?,
            (Next::Change(_), None) => return self.solve(&program),
        };
        let (program, rewrite) = self.posed.insert((program, rewrite));
        Ok(read(program, rewrite, outcome))
    }
}

/// What was found, in terms of the program as it was given.
fn read<R: Rewrite>(program: &LinearProgram, rewrite: &R, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Optimal(found) => Outcome::Optimal(rewrite.read(program, found)),
        Outcome::LimitReached { limit, best } => {
            Outcome::LimitReached { limit, best: best.map(|found| rewrite.read(program, found)) }
        }
        other => other,
    }
}
