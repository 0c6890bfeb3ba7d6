//! A bound on the best objective, from row duals alone.

use super::{Bounds, LinearProgram};

/// Prices this small on a row or column without a limit are rounding.
const ROUNDING: f64 = 1e-6;

/// The Lagrangian bound of a minimisation at row duals y:
///
/// Σ_r y_r · (lower_r if y_r > 0, else upper_r) + Σ_c min over the column's limits of d_c · x_c,
/// with d = c − Aᵀy.
///
/// No feasible point has a smaller objective, whatever y is; at optimal duals the two are equal.
/// Minus infinity when y prices an absent limit. O(nonzeros).
pub fn dual_bound(program: &LinearProgram, row_duals: &[f64]) -> f64 {
    let rows: f64 =
        program.row_bounds().iter().zip(row_duals).map(|(bounds, &dual)| least(*bounds, dual)).sum();
    let reduced = program.reduced_costs(row_duals);
    let columns: f64 =
        program.column_bounds().iter().zip(&reduced).map(|(bounds, &d)| least(*bounds, d)).sum();
    columns + rows
}

/// The least of `price · value` over an interval; prices that are mere rounding do not reach for limits
/// that are not there.
fn least(bounds: Bounds, price: f64) -> f64 {
    let end = if price > 0.0 { bounds.lower } else { bounds.upper };
    if price == 0.0 || (end.is_infinite() && price.abs() <= ROUNDING) { 0.0 } else { price * end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::Sense;

    #[test]
    fn the_bound_meets_the_optimum_at_the_right_duals_and_stays_below_at_others() {
        // min 3x + 5y, x + 2y ≥ 4, x, y ≥ 0: the optimum is 10, at y = 2, dual 2.5.
        let mut program = LinearProgram::new(Sense::Minimise);
        let x = program.add_column(3.0, Bounds::NON_NEGATIVE);
        let y = program.add_column(5.0, Bounds::NON_NEGATIVE);
        program.add_row(Bounds::at_least(4.0), [(x, 1.0), (y, 2.0)]);
        assert!((dual_bound(&program, &[2.5]) - 10.0).abs() < 1e-12);
        assert!((dual_bound(&program, &[2.0]) - 8.0).abs() < 1e-12);
        assert_eq!(dual_bound(&program, &[3.0]), f64::NEG_INFINITY);
    }
}
