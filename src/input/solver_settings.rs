//! How the model file asks for the problem to be solved.

/// Settings of the solver, as the model file states them.
#[derive(Debug, Clone, PartialEq)]
pub struct SolverSettings {
    /// The engine's name: `highs`, or one of the portable ones.
    pub name: String,
    /// How many threads it may use.
    pub threads: usize,
    /// Longest time it may take, in seconds; `None` for no limit.
    pub time_limit_seconds: Option<f64>,
    /// Relative gap at which whole-number programming may stop.
    pub gap: f64,
    /// Whether programs are taken apart.
    pub method: Method,
    /// How linear programs are solved.
    pub algorithm: Algorithm,
}

/// Whether programs are taken apart into a network and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As their size and the algorithm suggest.
    Auto,
    /// Never.
    Whole,
    /// All that can be.
    Decomposed,
    /// Never where they are large: those are solved whole, by an interior-point method with factorised equations.
    Factorised,
}

/// How linear programs are solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// The engine chooses.
    Choose,
    /// Simplex.
    Simplex,
    /// Interior point, with crossover to a vertex.
    InteriorPoint,
}
