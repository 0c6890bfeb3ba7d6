//! The working basis of a network with side rows: the small dense part of a basis that is no tree.

use crate::solver::dot;

/// Pivots smaller than this part of a column's largest figure make a matrix singular.
const SINGULAR: f64 = 1e-11;

/// The inverse of a square matrix, column by column, kept up as the matrix changes. Its size is the number of side rows.
#[derive(Debug, Default)]
pub struct WorkingBasis {
    size: usize,
    inverse: Vec<f64>,
}

impl WorkingBasis {
    /// Inverts a matrix given by its columns; `None` where it is singular. O(size³).
    pub fn of(columns: &[Vec<f64>]) -> Option<Self> {
        let size = columns.len();
        let mut left: Vec<Vec<f64>> = columns.to_vec();
        let mut inverse = vec![0.0; size * size];
        (0..size).for_each(|at| inverse[at * size + at] = 1.0);
        // Gauss-Jordan by columns: what turns the matrix into the identity turns the identity into its inverse.
        for row in 0..size {
            let size_of = |column: usize, left: &[Vec<f64>]| left[column][row].abs();
            let pivot = (row..size).max_by(|&a, &b| size_of(a, &left).total_cmp(&size_of(b, &left)))?;
            let largest = columns.iter().fold(0.0, |most: f64, column| most.max(column[row].abs()));
            if size_of(pivot, &left) <= SINGULAR * largest {
                return None;
            }
            left.swap(row, pivot);
            swap_columns(&mut inverse, size, row, pivot);
            let scale = 1.0 / left[row][row];
            left[row].iter_mut().for_each(|value| *value *= scale);
            inverse[row * size..(row + 1) * size].iter_mut().for_each(|value| *value *= scale);
            let (of_left, of_inverse) = (left[row].clone(), inverse[row * size..(row + 1) * size].to_vec());
            for column in (0..size).filter(|column| *column != row) {
                let by = left[column][row];
                if by != 0.0 {
                    take(&mut left[column], by, &of_left);
                    take(&mut inverse[column * size..(column + 1) * size], by, &of_inverse);
                }
            }
        }
        Some(Self { size, inverse })
    }

    /// How much of each basic column makes up a column, given by row.
    pub fn solve(&self, column: &[(usize, f64)]) -> Vec<f64> {
        let mut found = vec![0.0; self.size];
        for &(row, value) in column {
            take(&mut found, -value, self.column(row));
        }
        found
    }

    /// Prices of the rows at which each basic column costs nothing more than they pay: costs × inverse.
    pub fn prices(&self, costs: &[f64]) -> Vec<f64> {
        (0..self.size).map(|row| dot(costs, self.column(row))).collect()
    }

    /// One row of the inverse: how the basic column there answers to each side row.
    pub fn row(&self, position: usize) -> Vec<f64> {
        (0..self.size).map(|row| self.column(row)[position]).collect()
    }

    /// Puts another column at a position; `made_of` is what [`Self::solve`] says of it.
    pub fn replace(&mut self, position: usize, made_of: &[f64]) {
        for column in self.inverse.chunks_exact_mut(self.size) {
            let share = column[position] / made_of[position];
            if share != 0.0 {
                take(column, share, made_of);
                column[position] = share;
            }
        }
    }

    /// Takes so much of a column off each basic column; `made_of` is what [`Self::solve`] says of that column.
    pub fn take_off(&mut self, made_of: &[f64], shares: &[f64]) {
        let left = 1.0 - dot(shares, made_of);
        for column in self.inverse.chunks_exact_mut(self.size) {
            let by = dot(shares, column) / left;
            if by != 0.0 {
                take(column, -by, made_of);
            }
        }
    }

    /// Multiplies the matrix by the identity with one row replaced.
    pub fn mix(&mut self, position: usize, row: &[f64]) {
        for column in self.inverse.chunks_exact_mut(self.size) {
            column[position] = unmixed(column, position, row);
        }
    }

    fn column(&self, row: usize) -> &[f64] {
        &self.inverse[row * self.size..(row + 1) * self.size]
    }
}

/// The one figure that changes where a vector is divided by the identity with one row replaced.
pub fn unmixed(vector: &[f64], position: usize, row: &[f64]) -> f64 {
    let others = dot(row, vector) - row[position] * vector[position];
    (vector[position] - others) / row[position]
}

/// from −= by × what.
fn take(from: &mut [f64], by: f64, what: &[f64]) {
    from.iter_mut().zip(what).for_each(|(from, what)| *from -= by * what);
}

fn swap_columns(matrix: &mut [f64], size: usize, one: usize, other: usize) {
    if one != other {
        let (first, second) = matrix.split_at_mut(other * size);
        first[one * size..(one + 1) * size].swap_with_slice(&mut second[..size]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sparse(column: &[f64]) -> Vec<(usize, f64)> {
        column.iter().copied().enumerate().collect()
    }

    /// How far a working basis is from the inverse of a matrix.
    fn error(basis: &WorkingBasis, columns: &[Vec<f64>]) -> f64 {
        let mut worst: f64 = 0.0;
        for (at, column) in columns.iter().enumerate() {
            for (position, share) in basis.solve(&sparse(column)).into_iter().enumerate() {
                worst = worst.max((share - f64::from(position == at)).abs());
            }
        }
        worst
    }

    /// Figures with a strong diagonal, so that every matrix here has an inverse.
    fn matrix() -> impl Strategy<Value = Vec<Vec<f64>>> {
        prop::collection::vec(prop::collection::vec(-1.0..1.0f64, 4), 4).prop_map(|mut columns| {
            (0..4).for_each(|at| columns[at][at] += 5.0);
            columns
        })
    }

    #[test]
    fn a_matrix_without_an_inverse_has_none() {
        assert!(WorkingBasis::of(&[vec![1.0, 2.0], vec![2.0, 4.0]]).is_none());
        // Where the first figure is nothing, columns change places.
        let columns = [vec![0.0, 2.0], vec![4.0, 0.0]];
        assert!(error(&WorkingBasis::of(&columns).expect("it has one"), &columns) < 1e-15);
    }

    proptest! {
        #[test]
        fn what_is_kept_up_is_what_would_be_found_anew(
            columns in matrix(), new in prop::collection::vec(-1.0..1.0f64, 4), at in 0..4usize,
        ) {
            let start = || WorkingBasis::of(&columns).expect("strong diagonal");
            prop_assert!(error(&start(), &columns) < 1e-12);
            let mut enters = new.clone();
            enters[at] += 5.0;
            let made_of = start().solve(&sparse(&enters));

            let (mut basis, mut after) = (start(), columns.clone());
            basis.replace(at, &made_of);
            after[at].clone_from(&enters);
            prop_assert!(error(&basis, &after) < 1e-9);

            // A tenth of the column off all others.
            let (mut basis, mut after) = (start(), columns.clone());
            let shares: Vec<f64> = (0..4).map(|other| if other == at { 0.0 } else { 0.1 }).collect();
            basis.take_off(&made_of, &shares);
            for (column, share) in after.iter_mut().zip(&shares) {
                take(column, *share, &enters);
            }
            prop_assert!(error(&basis, &after) < 1e-9);

            // Every column gets its part of the one that is replaced.
            let (mut basis, mut after) = (start(), columns.clone());
            let row: Vec<f64> = (0..4).map(|other| if other == at { -1.0 } else { new[other] }).collect();
            basis.mix(at, &row);
            for (other, column) in after.iter_mut().enumerate() {
                let own = if other == at { vec![0.0; 4] } else { columns[other].clone() };
                *column = own.iter().zip(&columns[at]).map(|(own, mixed)| own + row[other] * mixed).collect();
            }
            prop_assert!(error(&basis, &after) < 1e-9);
        }
    }
}
