//! Size and scale of a program, and warnings when its numbers lie too far apart.

use super::LinearProgram;
use std::fmt;

/// Coefficients further apart than this strain a solver's tolerances of 10⁻⁷.
const WIDEST_COEFFICIENTS: f64 = 1e8;
/// Costs and bounds above this leave too few digits behind the tolerance.
const GREATEST_COST_OR_BOUND: f64 = 1e8;

/// Least and greatest absolute value of the numbers that are neither zero nor infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Magnitudes {
    /// Least.
    pub least: f64,
    /// Greatest.
    pub greatest: f64,
}

/// Size and scale of a program.
#[derive(Debug, Clone, PartialEq)]
pub struct ProgramStats {
    /// Number of columns.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// Number of stored coefficients.
    pub nonzeros: usize,
    /// Number of columns that must be whole.
    pub integers: usize,
    /// Of the coefficients; `None` when there are none.
    pub coefficients: Option<Magnitudes>,
    /// Of the costs.
    pub costs: Option<Magnitudes>,
    /// Of the finite column bounds.
    pub column_bounds: Option<Magnitudes>,
    /// Of the finite row bounds.
    pub row_bounds: Option<Magnitudes>,
}

/// Numbers that a solver may find hard to tell apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScalingWarning {
    /// The coefficients lie far apart.
    Coefficients(Magnitudes),
    /// A cost is very large.
    Costs(Magnitudes),
    /// A column bound is very large.
    ColumnBounds(Magnitudes),
    /// A row bound is very large.
    RowBounds(Magnitudes),
}

impl ProgramStats {
    /// Measures a program, in one pass over its numbers.
    pub fn of(program: &LinearProgram) -> Self {
        let ends = |bounds: &[super::Bounds]| magnitudes(bounds.iter().flat_map(|b| [b.lower, b.upper]));
        Self {
            columns: program.columns(),
            rows: program.rows(),
            nonzeros: program.nonzeros(),
            integers: program.integer().iter().filter(|&&whole| whole).count(),
            coefficients: magnitudes(program.row_values().iter().copied()),
            costs: magnitudes(program.costs().iter().copied()),
            column_bounds: ends(program.column_bounds()),
            row_bounds: ends(program.row_bounds()),
        }
    }

    /// What may give a solver trouble.
    pub fn warnings(&self) -> Vec<ScalingWarning> {
        let wide = |m: &Magnitudes| m.greatest / m.least > WIDEST_COEFFICIENTS;
        let large = |m: &Magnitudes| m.greatest > GREATEST_COST_OR_BOUND;
        [
            self.coefficients.filter(wide).map(ScalingWarning::Coefficients),
            self.costs.filter(large).map(ScalingWarning::Costs),
            self.column_bounds.filter(large).map(ScalingWarning::ColumnBounds),
            self.row_bounds.filter(large).map(ScalingWarning::RowBounds),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl fmt::Display for ProgramStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} columns ({} whole), {} rows, ", self.columns, self.integers, self.rows)?;
        write!(f, "{} coefficients", self.nonzeros)
    }
}

impl fmt::Display for ScalingWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, m) = match self {
            Self::Coefficients(m) => ("coefficients lie far apart", m),
            Self::Costs(m) => ("a cost is very large", m),
            Self::ColumnBounds(m) => ("a column bound is very large", m),
            Self::RowBounds(m) => ("a row bound is very large", m),
        };
        write!(f, "{what}: from {:e} to {:e}; results may be less exact", m.least, m.greatest)
    }
}

fn magnitudes(numbers: impl Iterator<Item = f64>) -> Option<Magnitudes> {
    numbers.map(f64::abs).filter(|&size| size > 0.0 && size.is_finite()).fold(None, |so_far, size| {
        Some(so_far.map_or(Magnitudes { least: size, greatest: size }, |m: Magnitudes| Magnitudes {
            least: m.least.min(size),
            greatest: m.greatest.max(size),
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::{Bounds, Sense};

    #[test]
    fn coefficients_a_thousand_million_apart_are_warned_about() {
        let mut program = LinearProgram::new(Sense::Minimise);
        let x = program.add_column(1.0, Bounds::NON_NEGATIVE);
        let y = program.add_column(1.0, Bounds::NON_NEGATIVE);
        program.add_row(Bounds::at_least(1.0), [(x, 1e-3), (y, 1e6)]);
        let stats = ProgramStats::of(&program);
        assert_eq!(stats.coefficients, Some(Magnitudes { least: 1e-3, greatest: 1e6 }));
        assert!(matches!(stats.warnings()[..], [ScalingWarning::Coefficients(_)]));
        assert_eq!(stats.to_string(), "2 columns (0 whole), 1 rows, 2 coefficients");
    }
}
