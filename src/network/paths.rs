//! Shortest paths from one place, as far as a cut-off.

use crate::domain::units::{Minutes, Quantity};
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Works out shortest paths over one graph again and again, keeping its memory.
pub(super) struct PathFinder<'a, N, E> {
    graph: &'a UnGraph<N, E>,
    best: Vec<Minutes>,
    reached: Vec<NodeIndex>,
    queue: BinaryHeap<Arrival>,
}

const UNREACHED: Minutes = Minutes(f64::INFINITY);

impl<'a, N, E> PathFinder<'a, N, E> {
    /// Makes room for the nodes of a graph.
    pub(super) fn new(graph: &'a UnGraph<N, E>) -> Self {
        Self {
            graph,
            best: vec![UNREACHED; graph.node_count()],
            reached: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    /// Finds every node within the cut-off of the starts, each start with the minutes already spent there;
    /// `along` gives the minutes along an edge, never negative.
    ///
    /// Dijkstra's algorithm with a binary heap: O((n + e) log n) in the nodes and edges within the
    /// cut-off. The minutes do not depend on the order of edges: each is the least over all paths of
    /// the sum taken outwards along the path.
    pub(super) fn reach(
        &mut self,
        starts: &[(NodeIndex, Minutes)],
        cutoff: Minutes,
        along: impl Fn(&E) -> Minutes,
    ) -> Reach<'_> {
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
            let graph = self.graph;
            for edge in graph.edges(node) {
                self.arrive(edge.target(), minutes + along(edge.weight()), cutoff);
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
    fn square() -> UnGraph<(), Minutes> {
        let mut graph = UnGraph::default();
        let nodes: Vec<NodeIndex> = (0..4).map(|_| graph.add_node(())).collect();
        for (a, b, minutes) in [(0, 1, 4.0), (1, 2, 3.0), (0, 2, 10.0)] {
            graph.add_edge(nodes[a], nodes[b], Minutes(minutes));
        }
        graph
    }

    fn all(reach: Reach<'_>) -> Vec<Option<f64>> {
        (0..4).map(|node| reach.minutes(NodeIndex::new(node)).map(|m| m.0)).collect()
    }

    #[test]
    fn the_detour_wins_when_it_is_shorter_and_the_cut_off_is_inclusive() {
        let graph = square();
        let mut finder = PathFinder::new(&graph);
        let start = [(NodeIndex::new(0), Minutes::ZERO)];
        assert_eq!(all(finder.reach(&start, Minutes(7.0), |m| *m)), [Some(0.0), Some(4.0), Some(7.0), None]);
        assert_eq!(all(finder.reach(&start, Minutes(6.9), |m| *m)), [Some(0.0), Some(4.0), None, None]);
    }

    #[test]
    fn a_search_leaves_nothing_behind_for_the_next() {
        let graph = square();
        let mut finder = PathFinder::new(&graph);
        finder.reach(&[(NodeIndex::new(0), Minutes::ZERO)], Minutes(60.0), |m| *m);
        let second = all(finder.reach(&[(NodeIndex::new(3), Minutes(1.0))], Minutes(60.0), |m| *m));
        assert_eq!(second, [None, None, None, Some(1.0)]);
    }

    #[test]
    fn of_several_starts_the_best_counts() {
        let graph = square();
        let mut finder = PathFinder::new(&graph);
        let starts = [(NodeIndex::new(0), Minutes(1.0)), (NodeIndex::new(2), Minutes(0.5))];
        assert_eq!(
            all(finder.reach(&starts, Minutes(60.0), |m| *m)),
            [Some(1.0), Some(3.5), Some(0.5), None]
        );
    }
}
