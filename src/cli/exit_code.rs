//! What the process tells its caller.

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Solved, or done.
    Done = 0,
    /// A fault of the program.
    Bug = 1,
    /// Wrong usage or bad input.
    BadInput = 2,
    /// The demands of the model cannot all be met.
    Infeasible = 3,
    /// Stopped at a limit, with a plan; the gap is stated.
    StoppedWithPlan = 4,
    /// Stopped at a limit, without a plan.
    StoppedWithoutPlan = 5,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
