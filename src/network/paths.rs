//! Shortest paths from one place, as far as a cut-off.

use super::thinning::PlainEdge;
use crate::domain::units::{Minutes, Quantity};
use petgraph::graph::NodeIndex;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Nodes and the ways between them: those of each node side by side in memory, the shortest first.
///
/// A search then reads memory in a row, and leaves a node's ways alone from the first that passes the
/// cut-off: on England by LSOA that takes a tenth of the time of lists of edges linked in memory.
#[derive(Debug, Clone)]
pub(super) struct Ways {
    /// Where the ways of each node start, and the end of the last.
    starts: Vec<usize>,
    ways: Vec<Way>,
}

/// A way to a neighbour.
#[derive(Debug, Clone, Copy)]
struct Way {
    minutes: Minutes,
    to: NodeIndex,
}

impl Ways {
    /// Each edge is a way in both directions; minutes are never negative. O(nodes + ways × log of those at a node).
    pub(super) fn new(nodes: usize, edges: &[PlainEdge]) -> Self {
        let mut starts = vec![0; nodes + 1];
        for &(a, b, _) in edges {
            starts[a] += 1;
            starts[b] += 1;
        }
        // Each start stands at the end of its node's ways, and goes back by one for every way put in.
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut ways = vec![Way { minutes: Minutes::ZERO, to: NodeIndex::new(0) }; sum];
        for &(a, b, minutes) in edges {
            for (from, to) in [(a, b), (b, a)] {
                starts[from] -= 1;
                ways[starts[from]] = Way { minutes, to: NodeIndex::new(to) };
            }
        }
        for node in 0..nodes {
            let by_length = |a: &Way, b: &Way| a.minutes.0.total_cmp(&b.minutes.0).then(a.to.cmp(&b.to));
            ways[starts[node]..starts[node + 1]].sort_unstable_by(by_length);
        }
        Self { starts, ways }
    }

    /// Whether no way leads to a node.
    pub(super) fn is_alone(&self, node: NodeIndex) -> bool {
        self.of(node).is_empty()
    }

    fn of(&self, node: NodeIndex) -> &[Way] {
        &self.ways[self.starts[node.index()]..self.starts[node.index() + 1]]
    }

    fn node_count(&self) -> usize {
        self.starts.len() - 1
    }
}

/// Works out shortest paths over the same ways again and again, keeping its memory.
pub(super) struct PathFinder<'a> {
    ways: &'a Ways,
    best: Vec<Minutes>,
    reached: Vec<NodeIndex>,
    queue: BinaryHeap<Arrival>,
}

const UNREACHED: Minutes = Minutes(f64::INFINITY);

impl<'a> PathFinder<'a> {
    /// Makes room for the nodes.
    pub(super) fn new(ways: &'a Ways) -> Self {
        let best = vec![UNREACHED; ways.node_count()];
        Self { ways, best, reached: Vec::new(), queue: BinaryHeap::new() }
    }

    /// Finds every node within the cut-off of the starts, each start with the minutes already spent there.
    ///
    /// Dijkstra's algorithm with a binary heap: O((n + e) log n) in the nodes and ways within the
    /// cut-off. The minutes do not depend on the order of ways: each is the least over all paths of
    /// the sum taken outwards along the path.
    pub(super) fn reach(&mut self, starts: &[(NodeIndex, Minutes)], cutoff: Minutes) -> Reach<'_> {
        for node in self.reached.drain(..) {
            self.best[node.index()] = UNREACHED;
        }
        for &(node, minutes) in starts {
            self.arrive(node, minutes, cutoff);
        }
        while let Some(Arrival { minutes, node }) = self.queue.pop() {
            if minutes > self.best[node.index()] {
                continue;
            }
            for way in self.ways.of(node) {
                let there = minutes + way.minutes;
                if there > cutoff {
                    break; // The ways that follow are no shorter.
                }
                self.arrive(way.to, there, cutoff);
            }
        }
        Reach { best: &self.best }
    }

    fn arrive(&mut self, node: NodeIndex, minutes: Minutes, cutoff: Minutes) {
        let best = &mut self.best[node.index()];
        if minutes <= cutoff && minutes < *best {
            if *best == UNREACHED {
                self.reached.push(node);
            }
            *best = minutes;
            self.queue.push(Arrival { minutes, node });
        }
    }
}

/// The outcome of one search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach<'a> {
    best: &'a [Minutes],
}

impl Reach<'_> {
    /// The minutes to a node; `None` beyond the cut-off.
    pub(super) fn minutes(self, node: NodeIndex) -> Option<Minutes> {
        Some(self.best[node.index()]).filter(|&minutes| minutes != UNREACHED)
    }
}

/// A node in the queue; the greatest is the earliest, ties by node.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Arrival {
    minutes: Minutes,
    node: NodeIndex,
}

impl Eq for Arrival {}
impl Ord for Arrival {
    fn cmp(&self, other: &Self) -> Ordering {
        other.minutes.value().total_cmp(&self.minutes.value()).then_with(|| other.node.cmp(&self.node))
    }
}
impl PartialOrd for Arrival {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 -4- 1 -3- 2, 0 -10- 2, 3 alone.
    fn square() -> Ways {
        let edges = [(0, 1, 4.0), (1, 2, 3.0), (0, 2, 10.0)];
        Ways::new(4, &edges.map(|(a, b, minutes)| (a, b, Minutes(minutes))))
    }

    fn all(reach: Reach<'_>) -> Vec<Option<f64>> {
        (0..4).map(|node| reach.minutes(NodeIndex::new(node)).map(|m| m.0)).collect()
    }

    #[test]
    fn the_detour_wins_when_it_is_shorter_and_the_cut_off_is_inclusive() {
        let ways = square();
        let mut finder = PathFinder::new(&ways);
        let start = [(NodeIndex::new(0), Minutes::ZERO)];
        assert_eq!(all(finder.reach(&start, Minutes(7.0))), [Some(0.0), Some(4.0), Some(7.0), None]);
        assert_eq!(all(finder.reach(&start, Minutes(6.9))), [Some(0.0), Some(4.0), None, None]);
    }

    #[test]
    fn a_search_leaves_nothing_behind_for_the_next() {
        let ways = square();
        let mut finder = PathFinder::new(&ways);
        finder.reach(&[(NodeIndex::new(0), Minutes::ZERO)], Minutes(60.0));
        let second = all(finder.reach(&[(NodeIndex::new(3), Minutes(1.0))], Minutes(60.0)));
        assert_eq!(second, [None, None, None, Some(1.0)]);
    }

    #[test]
    fn of_several_starts_the_best_counts() {
        let ways = square();
        let mut finder = PathFinder::new(&ways);
        let starts = [(NodeIndex::new(0), Minutes(1.0)), (NodeIndex::new(2), Minutes(0.5))];
        assert_eq!(all(finder.reach(&starts, Minutes(60.0))), [Some(1.0), Some(3.5), Some(0.5), None]);
    }

    #[test]
    fn the_ways_of_a_node_stand_shortest_first() {
        let ways = square();
        let of = |node| ways.of(NodeIndex::new(node)).iter().map(|w| (w.to.index(), w.minutes.0)).collect();
        let found: Vec<Vec<(usize, f64)>> = (0..4).map(of).collect();
        assert_eq!(
            found,
            [vec![(1, 4.0), (2, 10.0)], vec![(2, 3.0), (0, 4.0)], vec![(1, 3.0), (0, 10.0)], vec![]]
        );
        assert!(ways.is_alone(NodeIndex::new(3)) && !ways.is_alone(NodeIndex::new(2)));
        assert_eq!(Ways::new(0, &[]).node_count(), 0);
    }
}
