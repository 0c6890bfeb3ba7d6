//! A difference split among its causes so that no order of looking at them is preferred.

/// The Shapley value of each of `causes` causes: by how much it moves `value`, on average over every order in which
/// causes can be switched from one side to the other. `value` is given a set of causes, one bit for each, that stand
/// on the other side already. The parts add up to `value(all) − value(none)`.
///
/// φᵢ = Σ_{S ∌ i} |S|! (n − |S| − 1)! ÷ n! · (value(S ∪ {i}) − value(S))  (Shapley 1953). O(n 2ⁿ) sums over 2ⁿ values.
pub fn shapley(causes: usize, value: impl Fn(u32) -> f64) -> Vec<f64> {
    let values: Vec<f64> = (0..1_u32 << causes).map(value).collect();
    let weights = weights(causes);
    (0..causes)
        .map(|cause| {
            let own = 1_usize << cause;
            let without = (0..values.len()).filter(|set| set & own == 0);
            without.map(|set| weights[set.count_ones() as usize] * (values[set | own] - values[set])).sum()
        })
        .collect()
}

/// |S|! (n − |S| − 1)! ÷ n! by the size of S: 1 ÷ (n · C(n − 1, |S|)).
fn weights(causes: usize) -> Vec<f64> {
    let n = causes as f64;
    let mut choose = 1.0;
    (0..causes)
        .map(|size| {
            let weight = 1.0 / (n * choose);
            choose *= (n - 1.0 - size as f64) / (size as f64 + 1.0);
            weight
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(own: &[f64], other: &[f64], set: u32) -> f64 {
        let side = |i: usize| if set >> i & 1 == 1 { own[i] } else { other[i] };
        side(0) * side(1) / side(2) + side(3)
    }

    #[test]
    fn the_parts_add_up_to_the_whole_difference() {
        let (own, other) = ([3.0, 0.7, 1.9, 0.1], [2.0, 1.1, 0.4, -0.3]);
        let parts = shapley(4, |set| product(&own, &other, set));
        let gap = product(&own, &other, 15) - product(&own, &other, 0);
        assert!((parts.iter().sum::<f64>() - gap).abs() < 1e-12, "{parts:?}");
    }
    #[test]
    fn the_order_in_which_causes_are_listed_does_not_matter() {
        let (own, other) = ([3.0, 0.7, 1.9, 0.1], [2.0, 1.1, 0.4, -0.3]);
        let parts = shapley(4, |set| product(&own, &other, set));
        let backwards = shapley(4, |set| product(&own, &other, set.reverse_bits() >> 28));
        for (part, again) in parts.iter().zip(backwards.iter().rev()) {
            assert!((part - again).abs() < 1e-14, "{parts:?} {backwards:?}");
        }
    }
    #[test]
    fn a_cause_that_changes_nothing_gets_nothing_and_sums_are_split_exactly() {
        let parts =
            shapley(3, |set| if set & 1 == 1 { 5.0 } else { 2.0 } + if set & 4 == 4 { 0.25 } else { 0.0 });
        assert_eq!(parts, [3.0, 0.0, 0.25]);
    }
}
