//! From demands that collide to a set of them that needs each of its members (QuickXplain; Junker 2004).

use crate::pipeline::error::RunError;

/// Whether some demands collide.
pub type Collide<'a> = dyn FnMut(&[usize]) -> Result<bool, RunError> + 'a;

/// Of demands that collide, in ascending order, as many as it takes: without any one of them the others do not.
/// Those that come first are kept rather than later ones. O(k log(n/k)) questions for k of n.
pub fn narrow(colliding: &[usize], collide: &mut Collide) -> Result<Vec<usize>, RunError> {
    let mut found =
        if colliding.len() < 2 { colliding.to_vec() } else { within(&[], false, colliding, collide)? };
    found.sort_unstable();
    Ok(found)
}

/// The members needed of `some`, when those of `beside` are there anyway; `added` says whether anything was put
/// there since it was last asked.
fn within(
    beside: &[usize],
    added: bool,
    some: &[usize],
    collide: &mut Collide,
) -> Result<Vec<usize>, RunError> {
    if added && collide(beside)? {
        return Ok(Vec::new());
    }
    if let [only] = some {
        return Ok(vec![*only]);
    }
    let (first, second) = some.split_at(some.len() / 2);
    let needed_of_second = within(&[beside, first].concat(), true, second, collide)?;
    let with_second = [beside, &needed_of_second].concat();
    let mut needed = within(&with_second, !needed_of_second.is_empty(), first, collide)?;
    needed.extend(needed_of_second);
    Ok(needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Demands collide when they hold one of these sets.
    fn found(conflicts: &[&[usize]], of: usize) -> Vec<usize> {
        let mut collide = |some: &[usize]| {
            Ok(conflicts.iter().any(|conflict| conflict.iter().all(|member| some.contains(member))))
        };
        narrow(&(0..of).collect::<Vec<_>>(), &mut collide).expect("an answer")
    }

    #[test]
    fn what_is_left_needs_each_of_its_members() {
        assert_eq!(found(&[&[3]], 9), [3]);
        assert_eq!(found(&[&[0, 8]], 9), [0, 8]);
        assert_eq!(found(&[&[1, 4, 5, 7]], 9), [1, 4, 5, 7]);
        assert_eq!(found(&[&[0, 1]], 2), [0, 1]);
    }

    #[test]
    fn of_two_conflicts_one_is_told() {
        assert_eq!(found(&[&[0, 1], &[6, 7]], 9), [0, 1]);
        assert_eq!(found(&[&[2, 5], &[2, 7]], 9), [2, 5]);
    }
}
