//! A start from a smaller network: of demands that are alike one stands for several.
//!
//! The smaller network is solved first, from a smaller one still. Each demand then goes where the one that stood
//! for it went, as far as what that carried goes round, else where it is cheapest at the prices found. So the search
//! starts from flow that nearly keeps every limit and nearly is the best.

use super::demands::Demands;
use super::simplex::{Arc, Flow, Network, Standing};
use super::tree::NONE;

/// Of so many demands with the same cheapest source one stands for all.
const ALIKE: usize = 3;
/// Networks with fewer demands are solved from nothing.
const FEW: usize = 12_000;

/// Where arcs stand in a tree that is near the best; `None` where the network is small or the search was stopped.
pub fn start(network: &Network, stop: &dyn Fn() -> bool) -> Option<Vec<Standing>> {
    let demands = Demands::of(network);
    if demands.nodes().count() < FEW {
        return None;
    }
    let smaller = Smaller::of(network, &demands);
    if smaller.network.supply.len() > network.supply.len() / 4 * 3 {
        return None;
    }
    let flow = smaller.network.search(None, stop)?;
    Some(smaller.stands(network, &demands, &flow))
}

impl Demands {
    /// The two cheapest sources of a node, and how much cheaper the first is.
    fn cheapest(&self, network: &Network, node: usize) -> (u32, u32, f64) {
        let (mut first, mut second) = ((f64::INFINITY, NONE), (f64::INFINITY, NONE));
        for &arc in self.to(node) {
            let Arc { from, cost, .. } = network.arcs[arc as usize];
            if cost < first.0 {
                (first, second) = ((cost, from), first);
            } else if cost < second.0 {
                second = (cost, from);
            }
        }
        (first.1, second.1, second.0 - first.0)
    }

    /// Which node stands for each: itself, or a demand with the same cheapest source that is much like it.
    fn stand_ins(&self, network: &Network) -> Vec<u32> {
        let mut order: Vec<_> =
            self.nodes().map(|node| (self.cheapest(network, node), node as u32)).collect();
        order.sort_unstable_by(|((one, next, by), node), ((other, other_next, other_by), other_node)| {
            let by_source = (one, next).cmp(&(other, other_next));
            by_source.then(by.total_cmp(other_by)).then(node.cmp(other_node))
        });
        let mut stand_in: Vec<u32> = (0..network.supply.len() as u32).collect();
        for same in order.chunk_by(|((one, ..), _), ((other, ..), _)| one == other) {
            for alike in same.chunks(ALIKE) {
                let chosen = alike[alike.len() / 2].1;
                for (_, node) in alike {
                    stand_in[*node as usize] = chosen;
                }
            }
        }
        stand_in
    }
}

/// A smaller network.
struct Smaller {
    network: Network,
    /// Which node stands for each.
    stand_in: Vec<u32>,
    /// Where a node is in the smaller network, or [`NONE`].
    place: Vec<u32>,
    /// What its arcs are in the larger one.
    arcs: Vec<u32>,
}

impl Smaller {
    fn of(large: &Network, demands: &Demands) -> Self {
        let stand_in = demands.stand_ins(large);
        let mut network = Network::with_room(large.arcs.len());
        let mut place = vec![NONE; stand_in.len()];
        for (node, other) in (0u32..).zip(&stand_in) {
            if node == *other {
                place[node as usize] = network.add_node(0.0);
            }
        }
        for (other, supply) in stand_in.iter().zip(&large.supply) {
            network.supply(place[*other as usize], *supply);
        }
        let at = |node: u32| if node == Network::ROOT { node } else { place[node as usize] };
        let mut arcs = Vec::new();
        for (position, arc) in (0u32..).zip(&*large.arcs) {
            if arc.to == Network::ROOT || at(arc.to) != NONE {
                network.add_arc(Arc { from: at(arc.from), to: at(arc.to), ..*arc });
                arcs.push(position);
            }
        }
        Self { network, stand_in, place, arcs }
    }

    /// Where the arcs of the larger network stand at a flow of the smaller one.
    fn stands(&self, large: &Network, demands: &Demands, flow: &Flow) -> Vec<Standing> {
        let mut standing = vec![Standing::Empty; large.arcs.len()];
        let mut left = vec![0.0; large.arcs.len()];
        for (&arc, (&stands, &carries)) in self.arcs.iter().zip(flow.standing.iter().zip(&flow.flows)) {
            (standing[arc as usize], left[arc as usize]) = (stands, carries);
        }
        let source = |arc: u32| large.arcs[arc as usize].from;
        let price = |arc: u32| {
            large.arcs[arc as usize].cost + flow.worth.potentials[self.place[source(arc) as usize] as usize]
        };
        for node in demands.nodes().filter(|node| self.place[*node] == NONE) {
            let need = -large.supply[node];
            let of_stand_in = demands.to(self.stand_in[node] as usize);
            let with_room = |arc: u32| {
                let mut same = of_stand_in.iter().copied().filter(|other| source(*other) == source(arc));
                same.find(|other| left[*other as usize] >= need)
            };
            let arcs = || demands.to(node).iter().map(|arc| (*arc, with_room(*arc)));
            let least = |a: &(u32, _), b: &(u32, _)| price(a.0).total_cmp(&price(b.0));
            let chosen =
                arcs().filter(|(_, room)| room.is_some()).min_by(least).or_else(|| arcs().min_by(least));
            let (arc, room) = chosen.expect("arcs lead to a demand");
            standing[arc as usize] = Standing::Tree;
            if let Some(other) = room {
                left[other as usize] -= need;
            }
        }
        standing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_flow_costs_the_same_from_nothing_and_from_a_smaller_network(
            needs in prop::collection::vec(0.1..5.0f64, 12..40),
            costs in prop::collection::vec(0u8..20, 160),
        ) {
            // Four sources share one and a half times what is needed.
            let mut network = Network::default();
            let room = needs.iter().sum::<f64>() * 1.5 / 4.0;
            let sources: Vec<u32> = (0..4).map(|_| network.add_node(room)).collect();
            for &from in &sources {
                network.add_arc(Arc { from, to: Network::ROOT, cost: 0.0, capacity: f64::INFINITY });
            }
            for (need, costs) in needs.iter().zip(costs.chunks(4)) {
                let to = network.add_node(-need);
                for (&from, &cost) in sources.iter().zip(costs) {
                    network.add_arc(Arc { from, to, cost: f64::from(cost), capacity: f64::INFINITY });
                }
            }
            let demands = Demands::of(&network);
            let smaller = Smaller::of(&network, &demands);
            prop_assert!(smaller.network.supply.len() < network.supply.len());
            let total = |network: &Network| network.supply.iter().sum::<f64>();
            prop_assert!((total(&smaller.network) - total(&network)).abs() < 1e-9);
            let of_smaller = smaller.network.search(None, &|| false).expect("nobody stops it");
            let start = smaller.stands(&network, &demands, &of_smaller);
            let cost = |from| {
                let flow = network.search(from, &|| false).expect("nobody stops it");
                assert!(flow.missing.amount < 1e-9);
                network.arcs.iter().zip(&flow.flows).map(|(arc, flow)| arc.cost * flow).sum::<f64>()
            };
            prop_assert!((cost(Some(start)) - cost(None)).abs() < 1e-7);
        }
    }
}
