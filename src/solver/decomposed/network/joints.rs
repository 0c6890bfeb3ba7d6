//! Rows that join parts of a network: values of a turn keep all others.

use crate::lp::{LinearProgram, RowIx};

/// By how much values break a row.
pub fn broken(program: &LinearProgram, row: RowIx, values: &[f64]) -> f64 {
    let activity = program.activity(row, values);
    (activity - within(program, row, activity)).abs()
}

/// Values on the way from some that keep these rows to others that break one: as far as all of them are kept. `None` where
/// there is no such way.
pub fn as_far(
    program: &LinearProgram,
    rows: impl Iterator<Item = RowIx>,
    from: &[f64],
    to: &[f64],
) -> Option<Vec<f64>> {
    let share = rows.fold(1.0, |share: f64, row| {
        let [start, end] = [from, to].map(|values| program.activity(row, values));
        let limit = within(program, row, end);
        if limit == end { share } else { share.min((limit - start) / (end - start)) }
    });
    let is_on_the_way = 0.0 < share && share < 1.0;
    is_on_the_way.then(|| from.iter().zip(to).map(|(from, to)| from + share * (to - from)).collect())
}

/// What of an activity a row allows.
fn within(program: &LinearProgram, row: RowIx, activity: f64) -> f64 {
    let limits = program.row_bounds()[row.get()];
    activity.clamp(limits.lower, limits.upper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::{Bounds, Sense};

    /// 2 ≤ 2a ≤ 4 and b ≥ 1.
    fn two_rows() -> (LinearProgram, [RowIx; 2]) {
        let mut program = LinearProgram::new(Sense::Minimise);
        let [a, b] = [(); 2].map(|()| program.add_column(0.0, Bounds::NON_NEGATIVE));
        let rows = [
            program.add_row(Bounds::between(2.0, 4.0), [(a, 2.0)]),
            program.add_row(Bounds::at_least(1.0), [(b, 1.0)]),
        ];
        (program, rows)
    }

    #[test]
    fn a_row_is_broken_by_what_is_beyond_either_limit() {
        let (program, [row, _]) = two_rows();
        assert_eq!([0.5, 1.5, 3.0].map(|a| broken(&program, row, &[a, 0.0])), [1.0, 0.0, 2.0]);
    }

    #[test]
    fn a_way_ends_where_the_first_row_would_be_broken() {
        let (program, rows) = two_rows();
        let as_far = |from: [f64; 2], to: [f64; 2]| as_far(&program, rows.into_iter(), &from, &to);
        // a may go from 1 to 2 of the 4 asked for: a third of the way; b from 3 to 1 of −1: half of it.
        assert_eq!(as_far([1.0, 3.0], [4.0, 3.0]), Some(vec![2.0, 3.0]));
        assert_eq!(as_far([1.0, 3.0], [1.0, -1.0]), Some(vec![1.0, 1.0]));
        assert_eq!(as_far([1.0, 3.0], [4.0, -1.0]), Some(vec![2.0, 3.0 - 4.0 / 3.0]));
        // Where nothing is broken the other values will do; where the first step breaks something none will.
        assert_eq!(as_far([1.0, 3.0], [2.0, 1.0]), None);
        assert_eq!(as_far([2.0, 3.0], [3.0, 3.0]), None);
    }
}
