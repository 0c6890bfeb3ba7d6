//! Leaving out edges that no shortest path needs.

use crate::domain::units::{Minutes, Quantity};

/// Sums that differ by less are taken as equal.
const TOLERANCE: f64 = 1e-9;

/// An edge between two nodes given by number; the lower first where edges are thinned.
pub type PlainEdge = (usize, usize, Minutes);

/// Drops each edge that two others replace without loss of time; shortest paths keep their minutes.
///
/// Times must be above zero: then the two others are both shorter than the edge they replace, so
/// that dropping them in turn leaves a way round of the same length. O(edges × neighbours).
pub fn without_detours(edges: &[PlainEdge]) -> Vec<PlainEdge> {
    let nodes = edges.iter().map(|&(_, b, _)| b + 1).max().unwrap_or(0);
    let mut neighbours: Vec<Vec<(usize, f64)>> = vec![Vec::new(); nodes];
    for &(a, b, minutes) in edges {
        neighbours[a].push((b, minutes.value()));
        neighbours[b].push((a, minutes.value()));
    }
    for list in &mut neighbours {
        list.sort_by_key(|&(node, _)| node);
    }
    let needed = |&(a, b, minutes): &PlainEdge| {
        shortest_by_one(&neighbours[a], &neighbours[b]) > minutes.value() + TOLERANCE
    };
    edges.iter().copied().filter(needed).collect()
}

/// The shortest way through a common neighbour.
fn shortest_by_one(a: &[(usize, f64)], b: &[(usize, f64)]) -> f64 {
    let (mut i, mut j, mut best) = (0, 0, f64::INFINITY);
    while let (Some(&(from_a, one)), Some(&(from_b, other))) = (a.get(i), b.get(j)) {
        if from_a == from_b {
            best = best.min(one + other);
        }
        i += usize::from(from_a <= from_b);
        j += usize::from(from_b <= from_a);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::paths::{PathFinder, Ways};
    use petgraph::graph::NodeIndex;
    use proptest::prelude::*;

    #[test]
    fn an_edge_goes_when_two_others_are_as_quick() {
        let edges = |long| [(0, 1, Minutes(1.0)), (0, 2, Minutes(long)), (1, 2, Minutes(2.0))];
        assert_eq!(without_detours(&edges(3.0)), [(0, 1, Minutes(1.0)), (1, 2, Minutes(2.0))]);
        assert_eq!(without_detours(&edges(2.9)).len(), 3);
    }

    #[test]
    fn of_three_equal_edges_none_goes() {
        let edges = [(0, 1, Minutes(1.0)), (0, 2, Minutes(1.0)), (1, 2, Minutes(1.0))];
        assert_eq!(without_detours(&edges), edges);
        assert_eq!(without_detours(&[]), []);
    }

    fn from_first(nodes: usize, edges: &[PlainEdge]) -> Vec<Option<Minutes>> {
        let ways = Ways::new(nodes, edges);
        let mut finder = PathFinder::new(&ways);
        let reach = finder.reach(&[(NodeIndex::new(0), Minutes::ZERO)], Minutes(1e9));
        (0..nodes).map(|node| reach.minutes(NodeIndex::new(node))).collect()
    }

    proptest! {
        #[test]
        fn shortest_paths_keep_their_minutes(
            ways in prop::collection::btree_map((0..9_usize, 0..9_usize), 1_u32..30, 0..40),
        ) {
            let edges: Vec<PlainEdge> = ways
                .into_iter()
                .filter(|&((a, b), _)| a < b)
                .map(|((a, b), minutes)| (a, b, Minutes(f64::from(minutes))))
                .collect();
            prop_assert_eq!(from_first(9, &edges), from_first(9, &without_detours(&edges)));
        }
    }
}
