//! The demands of a network.

use super::simplex::{Arc, Network};

/// Demands of a network: nodes with need that arcs without a limit lead to, and none from.
pub struct Demands {
    /// Arcs to each node: those to node n from `starts[n]` to `starts[n + 1]`; none where it is no demand.
    starts: Vec<u32>,
    arcs: Vec<u32>,
}

impl Demands {
    /// Finds them. O(arcs).
    pub fn of(network: &Network) -> Self {
        let nodes = network.supply.len();
        let mut is_demand: Vec<bool> = network.supply.iter().map(|supply| *supply < 0.0).collect();
        for arc in &*network.arcs {
            if arc.from != Network::ROOT {
                is_demand[arc.from as usize] = false;
            }
            if arc.to != Network::ROOT && (arc.capacity.is_finite() || arc.from == Network::ROOT) {
                is_demand[arc.to as usize] = false;
            }
        }
        let to_demands = || {
            let of_demand = |arc: &Arc| arc.to != Network::ROOT && is_demand[arc.to as usize];
            (0u32..).zip(&*network.arcs).filter(move |(_, arc)| of_demand(arc))
        };
        let mut starts = vec![0u32; nodes + 1];
        to_demands().for_each(|(_, arc)| starts[arc.to as usize + 1] += 1);
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut arcs = vec![0; starts[nodes] as usize];
        for (position, arc) in to_demands() {
            arcs[next[arc.to as usize] as usize] = position;
            next[arc.to as usize] += 1;
        }
        Self { starts, arcs }
    }

    /// Arcs to a node.
    pub fn to(&self, node: usize) -> &[u32] {
        &self.arcs[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    /// How many nodes the network has.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// All of them.
    pub fn nodes(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.starts.len() - 1).filter(|node| !self.to(*node).is_empty())
    }
}
