//! Demands that are alike are one: those among the same sources, at the same differences of cost. Any split of their
//! sum is a split for each. Demand with a single source is no choice and is taken off it beforehand.
//!
//! On the face that the travel level leaves on small areas, 12,000 demands are different of 129,000.

use super::demands::Demands;
use super::simplex::{Arc, Flow, Missing, Network, SideRow, Standing, Worth};
use super::tree::NONE;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc as Shared;

/// It is worth the trouble where no more than this share of the arcs is left.
const WORTH: f64 = 0.75;
/// A sum that falls short by less than this part is rounding.
const ROUNDING: f64 = 1e-12;

/// What is known of which demands of a network are alike, from one network to the next.
pub enum AreAlike {
    /// Nothing yet.
    Nothing,
    /// Few of those of a network with these arcs.
    Few(Shared<Vec<Arc>>),
    /// So many that they are made one.
    Many(Box<Merged>),
}

impl AreAlike {
    /// What is known of another network, after this one.
    pub fn of(self, large: &Network) -> Self {
        let known = match self {
            Self::Few(arcs) if arcs == large.arcs => return Self::Few(arcs),
            Self::Many(merged) => merged.again(large),
            _ => None,
        };
        match known.or_else(|| Merged::of(large)) {
            Some(merged) => Self::Many(Box::new(merged)),
            None => Self::Few(Shared::clone(&large.arcs)),
        }
    }
}

/// A network in which demands that are alike are one.
pub struct Merged {
    /// The network.
    pub network: Network,
    demands: Demands,
    /// Demands that are alike, in order of the first of them.
    groups: Vec<Vec<u32>>,
    /// Where nodes other than demands, and the first of a group, are in the network, or [`NONE`].
    place: Vec<u32>,
    /// Where arcs are in the network; those to the others of a group are where those to the first are.
    /// [`NONE`] for demand with a single source.
    arcs: Vec<u32>,
    /// The arcs of the larger network.
    large: Shared<Vec<Arc>>,
}

impl Merged {
    /// Merges the demands of a network; `None` where few are alike. O(arcs).
    pub fn of(large: &Network) -> Option<Self> {
        let demands = Demands::of(large);
        let groups = groups(large, &demands);
        let one_for_each = |group: &Vec<u32>| demands.to(group[0] as usize).len();
        let merged: usize = groups.iter().map(|group| (group.len() - 1) * one_for_each(group)).sum();
        if merged as f64 <= (1.0 - WORTH) * large.arcs.len() as f64 {
            return None;
        }
        Some(Self::with(large, demands, groups))
    }

    /// The same for a network whose demands are alike in the same way, since their arcs are the same and cost the same:
    /// other arcs, supplies and limits may differ. `None` where that is not so. O(arcs), without a look for groups.
    pub fn again(self, large: &Network) -> Option<Self> {
        let Self { demands, groups, large: before, .. } = self;
        let same = |(arc, before): (&Arc, &Arc)| {
            let is_demand = arc.to != Network::ROOT && !demands.to(arc.to as usize).is_empty();
            let same_cost = arc.cost.to_bits() == before.cost.to_bits() && arc.capacity == before.capacity;
            (arc.from, arc.to) == (before.from, before.to) && (same_cost || !is_demand)
        };
        let fits = demands.len() == large.supply.len()
            && before.len() == large.arcs.len()
            && large.arcs.iter().zip(&*before).all(same)
            && groups.iter().flatten().all(|node| large.supply[*node as usize] < 0.0);
        fits.then(|| Self::with(large, demands, groups))
    }

    fn with(large: &Network, demands: Demands, groups: Vec<Vec<u32>>) -> Self {
        let mut this = Self {
            network: Network::with_room(large.arcs.len()),
            place: vec![NONE; large.supply.len()],
            arcs: vec![NONE; large.arcs.len()],
            large: Shared::clone(&large.arcs),
            demands,
            groups,
        };
        this.add_nodes(large);
        this.add_arcs(large);
        this.network.sides = large.sides.iter().map(|row| this.side_row(row)).collect();
        let mut beside: BTreeMap<u32, f64> = BTreeMap::new();
        for &(arc, carries) in large.beside.iter().filter(|(arc, _)| this.arcs[*arc as usize] != NONE) {
            *beside.entry(this.arcs[arc as usize]).or_default() += carries;
        }
        this.network.beside = beside.into_iter().collect();
        this
    }

    fn add_nodes(&mut self, large: &Network) {
        for (node, &supply) in large.supply.iter().enumerate() {
            if self.demands.to(node).is_empty() {
                self.place[node] = self.network.add_node(supply);
            }
        }
        for group in &self.groups {
            let need: f64 = group.iter().map(|node| large.supply[*node as usize]).sum();
            if let [single] = self.demands.to(group[0] as usize) {
                let source = large.arcs[*single as usize].from;
                self.network.supply(self.place[source as usize], need);
            } else {
                self.place[group[0] as usize] = self.network.add_node(need);
            }
        }
    }

    fn add_arcs(&mut self, large: &Network) {
        let at = |node: u32| if node == Network::ROOT { Some(node) } else { real(self.place[node as usize]) };
        for (arc, place) in large.arcs.iter().zip(&mut self.arcs) {
            if let (Some(from), Some(to)) = (at(arc.from), at(arc.to)) {
                *place = self.network.add_arc(Arc { from, to, ..*arc });
            }
        }
        for group in &self.groups {
            for node in &group[1..] {
                let pairs = self.demands.to(*node as usize).iter().zip(self.demands.to(group[0] as usize));
                for (&arc, &of_first) in pairs {
                    self.arcs[arc as usize] = self.arcs[of_first as usize];
                }
            }
        }
    }

    /// A side row: none is over arcs to demands.
    fn side_row(&self, of_large: &SideRow) -> SideRow {
        let entries = of_large.entries.iter().map(|&(arc, value)| (self.arcs[arc as usize], value));
        SideRow { entries: entries.collect(), ..*of_large }
    }

    /// Where its arcs stand when those of the larger network stand so: in the tree if one of them does.
    pub fn stands(&self, large: &[Standing]) -> Vec<Standing> {
        let mut standing = vec![Standing::Empty; self.network.arcs.len()];
        for (&arc, &stands) in self.arcs.iter().zip(large).filter(|(arc, _)| **arc != NONE) {
            if standing[arc as usize] != Standing::Tree {
                standing[arc as usize] = stands;
            }
        }
        standing
    }

    /// The flow of the larger network.
    pub fn spread(&self, large: &Network, flow: &Flow) -> Flow {
        let mut flows = vec![0.0; large.arcs.len()];
        let mut standing = vec![Standing::Empty; large.arcs.len()];
        for (at, (&arc, of_large)) in self.arcs.iter().zip(&*large.arcs).enumerate() {
            let is_demand = of_large.to != Network::ROOT && !self.demands.to(of_large.to as usize).is_empty();
            if arc != NONE && !is_demand {
                (flows[at], standing[at]) = (flow.flows[arc as usize], flow.standing[arc as usize]);
            }
        }
        for group in &self.groups {
            self.share(group, large, flow, &mut flows, &mut standing);
        }
        Flow {
            flows,
            standing,
            worth: self.worth(large, &flow.worth, 1.0),
            joined: flow.joined.clone(),
            beside: self.beside(flow),
            missing: Missing {
                amount: flow.missing.amount,
                worth: self.worth(large, &flow.missing.worth, 0.0),
                cost: flow.missing.cost,
            },
        }
    }

    /// The arcs beside the tree; what goes to several demands is said of one of them.
    fn beside(&self, flow: &Flow) -> Vec<(u32, f64)> {
        let mut carried: FxHashMap<u32, f64> = flow.beside.iter().copied().collect();
        let arcs = (0u32..).zip(&self.arcs);
        arcs.filter_map(|(of_large, arc)| Some((of_large, carried.remove(arc)?))).collect()
    }

    /// Gives each demand of a group its part of what comes: one after another from one source after another, so
    /// that few are split between sources.
    fn share(
        &self,
        group: &[u32],
        large: &Network,
        flow: &Flow,
        flows: &mut [f64],
        standing: &mut [Standing],
    ) {
        let of_first = self.demands.to(group[0] as usize);
        if let [_] = of_first {
            for &node in group {
                let single = self.demands.to(node as usize)[0] as usize;
                (flows[single], standing[single]) = (-large.supply[node as usize], Standing::Tree);
            }
            return;
        }
        let place = |way: usize| self.arcs[of_first[way] as usize] as usize;
        let mut ways: Vec<usize> = Vec::new();
        for way in 0..of_first.len() {
            if flow.standing[place(way)] == Standing::Tree {
                standing[of_first[way] as usize] = Standing::Tree;
                if flow.flows[place(way)] > 0.0 {
                    ways.push(way);
                }
            }
        }
        let comes: f64 = ways.iter().map(|way| flow.flows[place(*way)]).sum();
        let need: f64 = group.iter().map(|node| -large.supply[*node as usize]).sum();
        let is_all = comes >= need * (1.0 - ROUNDING);
        let mut ways = ways.into_iter().peekable();
        let mut left = ways.peek().map_or(0.0, |way| flow.flows[place(*way)]);
        for &node in group {
            let mut need = -large.supply[node as usize];
            while let Some(&way) = ways.peek() {
                let arc = self.demands.to(node as usize)[way] as usize;
                standing[arc] = Standing::Tree;
                let takes = need.min(left);
                flows[arc] += takes;
                (need, left) = (need - takes, left - takes);
                if need <= 0.0 {
                    break;
                }
                let done = ways.next();
                match (ways.peek(), done) {
                    (Some(next), _) => left = flow.flows[place(*next)],
                    // The last source makes up for rounding.
                    (None, Some(_)) if is_all => flows[arc] += need,
                    (None, _) => {}
                }
            }
        }
    }

    /// What all nodes and side rows are worth; `costs` is how much costs count.
    fn worth(&self, large: &Network, of_merged: &Worth, costs: f64) -> Worth {
        let sides = of_merged.sides.clone();
        let of_merged = &of_merged.potentials;
        let of = |node: u32| of_merged[self.place[node as usize] as usize];
        let mut potentials: Vec<f64> = self
            .place
            .iter()
            .map(|place| real(*place).map_or(0.0, |place| of_merged[place as usize]))
            .collect();
        for group in &self.groups {
            let of_first = self.demands.to(group[0] as usize);
            let first = &large.arcs[of_first[0] as usize];
            // What the first source of the first demand would ask of it, if it were in the tree.
            let base = if of_first.len() == 1 { of(first.from) } else { of(group[0]) - costs * first.cost };
            for &node in group {
                let own = &large.arcs[self.demands.to(node as usize)[0] as usize];
                potentials[node as usize] = base + costs * own.cost;
            }
        }
        Worth { potentials, sides }
    }
}

fn real(place: u32) -> Option<u32> {
    (place != NONE).then_some(place)
}

/// Demands that are alike.
fn groups(network: &Network, demands: &Demands) -> Vec<Vec<u32>> {
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut known: FxHashMap<Vec<(u32, u64)>, usize> = FxHashMap::default();
    let mut key = Vec::new();
    for node in demands.nodes() {
        let arcs = demands.to(node);
        let least = network.arcs[arcs[0] as usize].cost;
        key.clear();
        key.extend(arcs.iter().map(|arc| {
            let arc = &network.arcs[*arc as usize];
            (arc.from, (arc.cost - least).to_bits())
        }));
        if let Some(&group) = known.get(&key) {
            groups[group].push(node as u32);
        } else {
            known.insert(key.clone(), groups.len());
            groups.push(vec![node as u32]);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demands_among_the_same_sources_come_as_one_and_share_what_comes() {
        // Three demands of 1, 2 and 3 among the same two sources, the last 5 dearer from both; a fourth has one alone.
        let mut network = Network::default();
        let sources = [network.add_node(4.0), network.add_node(3.0)];
        for (need, more) in [(1.0, 0.0), (2.0, 0.0), (3.0, 5.0)] {
            let to = network.add_node(-need);
            for (from, cost) in sources.into_iter().zip([1.0, 2.0]) {
                network.add_arc(Arc { from, to, cost: cost + more, capacity: f64::INFINITY });
            }
        }
        let to = network.add_node(-1.0);
        network.add_arc(Arc { from: sources[0], to, cost: 1.0, capacity: f64::INFINITY });
        let merged = Merged::of(&network).expect("three are alike");
        assert_eq!(merged.network.supply, [3.0, 3.0, -6.0]);
        let flow = network.solve(None, &mut AreAlike::Nothing, &|| false).expect("nobody stops it");
        // 3 from the first source to the first two, 3 from the second to the third.
        assert_eq!(flow.flows, [1.0, 0.0, 2.0, 0.0, 0.0, 3.0, 1.0]);
        let by_node = network.search(None, &|| false).expect("nobody stops it");
        let cost =
            |flow: &Flow| -> f64 { network.arcs.iter().zip(&flow.flows).map(|(a, f)| a.cost * f).sum() };
        assert!((cost(&flow) - cost(&by_node)).abs() < 1e-12);
        for (arc, standing) in network.arcs.iter().zip(&flow.standing) {
            let of = |potentials: &[f64], node: u32| potentials[node as usize];
            let price = arc.cost + of(&flow.worth.potentials, arc.from) - of(&flow.worth.potentials, arc.to);
            assert!(price.abs() < 1e-12 || (*standing == Standing::Empty && price > 0.0));
        }
        let again =
            network.solve(Some(flow.standing), &mut AreAlike::Nothing, &|| false).expect("nobody stops it");
        assert_eq!(again.flows, flow.flows);

        // With other supplies they are alike as before; with another cost of a way they may not be.
        network.supply[0] = 5.0;
        let merged = merged.again(&network).expect("alike as before");
        let anew = Merged::of(&network).expect("three are alike");
        assert_eq!(merged.network.supply, anew.network.supply);
        assert_eq!(merged.groups, anew.groups);
        Shared::make_mut(&mut network.arcs)[0].cost += 1.0;
        assert!(merged.again(&network).is_none());
    }
}
