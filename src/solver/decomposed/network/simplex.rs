//! The network simplex method: flow at least cost, on plain arrays.

use super::merged::AreAlike;
use super::sided;
use super::smaller::start;
use super::tree::{Known, Tree};
use std::sync::Arc as Shared;

/// Arcs are looked over in stretches of the root of their number, but no fewer than this.
const LEAST_STRETCH: usize = 64;
/// So many of the best arcs of a stretch are remembered, as long as they save so much of what they did.
const MOST_GOOD: usize = 24;
const STILL_GOOD: f64 = 0.5;
/// An arc is worth having when it saves this part of the dearest one.
const WORTH: f64 = 1e-10;
/// What a unit costs that no arc can bring, in the dearest arc's cost: enough to look for arcs that can first.
const SHORT: f64 = 1e3;
/// Missing flow of less than this part of all flow is rounding.
const NOTHING_MISSING: f64 = 1e-12;
/// Pivots for each node after which the search is given up; a tenth was never needed.
const MOST_PIVOTS: usize = 100;
/// Pivots between two looks at the flag that stops the search.
const PIVOTS_AT_ONCE: usize = 1024;

/// Nodes with their supply, and arcs with what a unit costs and how much they carry at most.
#[derive(Debug, Default, Clone)]
pub struct Network {
    /// How much more each node gives out than it takes in.
    pub supply: Vec<f64>,
    /// The arcs; whoever remembers a network shares them, for they are most of it.
    pub arcs: Shared<Vec<Arc>>,
    /// Limits over several arcs.
    pub sides: Vec<SideRow>,
    /// Where a search with side rows starts: the arcs beside the tree, and what they carry.
    pub beside: Vec<(u32, f64)>,
}

/// A side row: a limit over arcs that no node stands for.
#[derive(Debug, Clone)]
pub struct SideRow {
    /// The least and most of it; the most is a number.
    pub least: f64,
    pub most: f64,
    /// Arcs, with how much of the row one unit of flow is.
    pub entries: Vec<(u32, f64)>,
    /// Whether it is likely to matter.
    pub joins: bool,
}

impl SideRow {
    /// How much of it a flow is.
    pub fn activity(&self, flows: &[f64]) -> f64 {
        self.entries.iter().map(|&(arc, value)| value * flows[arc as usize]).sum()
    }
}

/// A way from one node to another, in both of which flow is kept; [`Network::ROOT`] takes and gives freely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    /// Where it starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Cost of a unit of flow.
    pub cost: f64,
    /// Most flow.
    pub capacity: f64,
}

/// Where an arc stands in a vertex of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It carries nothing.
    Empty,
    /// It is in the tree.
    Tree,
    /// It carries all it can.
    Full,
}

/// A flow at least cost.
#[derive(Debug)]
pub struct Flow {
    /// Flow of each arc.
    pub flows: Vec<f64>,
    /// Where each arc stands.
    pub standing: Vec<Standing>,
    /// What nodes and side rows are worth.
    pub worth: Worth,
    /// The side rows that were looked at, in order; the others had room all along.
    pub joined: Vec<u32>,
    /// The arcs beside the tree, with what they carry.
    pub beside: Vec<(u32, f64)>,
    /// How much no arc could bring or take, and what that adds to the cost that `worth` belongs to.
    pub missing: Missing,
}

/// What of the supply and demand no arc could take or bring.
#[derive(Debug)]
pub struct Missing {
    /// How much.
    pub amount: f64,
    /// How much more of it for a unit more.
    pub worth: Worth,
    /// The least cost of a missing unit at which the flow is the best.
    pub cost: f64,
}

/// What units are worth.
#[derive(Debug, Clone)]
pub struct Worth {
    /// At each node: ∂cost/∂(−supply).
    pub potentials: Vec<f64>,
    /// In each side row: ∂cost/∂limit.
    pub sides: Vec<f64>,
}

impl Worth {
    /// Nothing anywhere.
    pub fn nothing(network: &Network) -> Self {
        Self { potentials: vec![0.0; network.supply.len()], sides: vec![0.0; network.sides.len()] }
    }
}

impl Network {
    /// The node from which anything may come and to which anything may go.
    pub const ROOT: u32 = u32::MAX;

    /// A network without nodes, with room for so many arcs.
    pub fn with_room(arcs: usize) -> Self {
        Self {
            supply: Vec::new(),
            arcs: Shared::new(Vec::with_capacity(arcs)),
            sides: Vec::new(),
            beside: Vec::new(),
        }
    }

    /// Adds a node that gives out so much more than it takes in.
    pub fn add_node(&mut self, supply: f64) -> u32 {
        self.supply.push(supply);
        self.supply.len() as u32 - 1
    }
    /// Adds to the supply of a node.
    pub fn supply(&mut self, node: u32, amount: f64) {
        self.supply[node as usize] += amount;
    }
    /// Adds an arc; its number is how many there were before.
    pub fn add_arc(&mut self, arc: Arc) -> u32 {
        let arcs = Shared::make_mut(&mut self.arcs);
        arcs.push(arc);
        arcs.len() as u32 - 1
    }

    /// The cost of the dearest arc, 1 where none costs more.
    pub fn dearest(&self) -> f64 {
        self.arcs.iter().fold(1.0, |most: f64, arc| most.max(arc.cost.abs()))
    }

    /// The flow at least cost among those that leave least missing. The search starts where the arcs stand, if
    /// that is given. `known` keeps which demands are alike from one network to the next. `None` when it was stopped or
    /// found no end.
    pub fn solve(
        &self,
        from: Option<Vec<Standing>>,
        known: &mut AreAlike,
        stop: &dyn Fn() -> bool,
    ) -> Option<Flow> {
        *known = std::mem::replace(known, AreAlike::Nothing).of(self);
        let AreAlike::Many(merged) = known else { return self.search(from, stop) };
        let from = from.map(|standing| merged.stands(&standing));
        Some(merged.spread(self, &merged.network.search(from, stop)?))
    }

    /// The same, node by node.
    pub fn search(&self, from: Option<Vec<Standing>>, stop: &dyn Fn() -> bool) -> Option<Flow> {
        if self.sides.is_empty() {
            self.search_without_sides(from, stop)
        } else {
            sided::search(self, from, stop)
        }
    }

    /// The same as if there were no side rows.
    pub fn search_without_sides(&self, from: Option<Vec<Standing>>, stop: &dyn Fn() -> bool) -> Option<Flow> {
        let from = from.or_else(|| start(self, stop)).unwrap_or_else(|| self.first_standing());
        let mut search = Search::new(self, from, &[]);
        let most = MOST_PIVOTS * (self.supply.len() + 1);
        for pivots in 0..most {
            if pivots % PIVOTS_AT_ONCE == 0 && stop() {
                return None;
            }
            let Some(entering) = search.entering() else { return Some(search.flow(self.sides.len())) };
            search.pivot(entering);
        }
        None
    }

    /// Demand from its cheapest supply while that lasts; other nodes straight from the root where they can.
    pub fn first_standing(&self) -> Vec<Standing> {
        let mut standing = vec![Standing::Empty; self.arcs.len()];
        let mut left = self.supply.clone();
        let mut offers: Vec<Vec<u32>> = vec![Vec::new(); left.len()];
        for (position, arc) in (0u32..).zip(&*self.arcs) {
            let inside = arc.from != Self::ROOT && arc.to != Self::ROOT;
            if inside && left[arc.from as usize] > 0.0 && arc.capacity >= -left[arc.to as usize] {
                offers[arc.to as usize].push(position);
            }
        }
        let mut fed = vec![false; left.len()];
        for (node, mut offers) in offers.into_iter().enumerate().filter(|(node, _)| self.supply[*node] < 0.0)
        {
            offers.sort_by(|&a, &b| self.arcs[a as usize].cost.total_cmp(&self.arcs[b as usize].cost));
            let need = -left[node];
            let enough = |arc: &&u32| left[self.arcs[**arc as usize].from as usize] > need;
            if let Some(&arc) = offers.iter().find(enough) {
                left[self.arcs[arc as usize].from as usize] -= need;
                fed[node] = true;
                standing[arc as usize] = Standing::Tree;
            }
        }
        let mut at_root = vec![false; left.len()];
        for (arc, standing) in self.arcs.iter().zip(&mut standing) {
            let (node, fits) = match (arc.from == Self::ROOT, arc.to == Self::ROOT) {
                (true, false) => (arc.to as usize, left[arc.to as usize] < 0.0),
                (false, true) => (arc.from as usize, left[arc.from as usize] >= 0.0),
                _ => continue,
            };
            if fits && !fed[node] && !at_root[node] && arc.capacity > left[node].abs() {
                at_root[node] = true;
                *standing = Standing::Tree;
            }
        }
        standing
    }
}

/// What a unit more through an arc out of the tree saves, or a unit less if it is full.
fn saves(cost: f64, from: Known, to: Known, standing: Standing, short: f64) -> f64 {
    let price = cost + from.potential - to.potential + short * f64::from(from.missing - to.missing);
    if standing == Standing::Empty { -price } else { price }
}

/// A tree on its way to the best.
pub struct Search {
    pub tree: Tree,
    /// An arc is worth having when it saves more.
    pub worth: f64,
    /// What a missing unit costs.
    pub short: f64,
    /// Where the next stretch begins.
    position: usize,
    /// The best arcs of the last stretch, with what they saved then.
    good: Vec<(f64, usize)>,
}

impl Search {
    /// The tree of the arcs that stand in one; some out of it carry something all the same.
    pub fn new(network: &Network, standing: Vec<Standing>, beside: &[(u32, f64)]) -> Self {
        let dearest = network.dearest();
        let tree = Tree::new(network, standing, beside);
        Self { tree, worth: WORTH * dearest, short: SHORT * dearest, position: 0, good: Vec::new() }
    }

    /// Starts anew with other costs, the dearest of which is given.
    pub fn set_dearest(&mut self, dearest: f64) {
        self.worth = WORTH * dearest;
        self.good.clear();
    }

    /// The arc that saves most of those remembered, or in the next stretch that has any.
    fn entering(&mut self) -> Option<usize> {
        self.next_entering().or_else(|| {
            // What nodes know has come about in many steps: without their rounding there may be one.
            self.tree.refresh();
            self.next_entering()
        })
    }

    /// The same, by what nodes know.
    pub fn next_entering(&mut self) -> Option<usize> {
        if let Some(arc) = self.best_of_good() {
            return Some(arc);
        }
        let count = self.tree.real;
        let stretch = count.isqrt().max(LEAST_STRETCH);
        let mut seen = 0;
        while seen < count && self.good.is_empty() {
            let from = self.position;
            let until = count.min(from + stretch.min(count - seen));
            self.find_good(from, until);
            seen += until - from;
            self.position = if until == count { 0 } else { until };
        }
        self.good
            .sort_unstable_by(|(saves, at), (others, other)| others.total_cmp(saves).then(at.cmp(other)));
        self.good.truncate(MOST_GOOD);
        self.good.first().map(|(_, arc)| *arc)
    }

    /// Adds the arcs of a stretch that save anything.
    fn find_good(&mut self, from: usize, until: usize) {
        // Arcs to the same node mostly come one after another.
        let mut end = self.tree.root;
        let mut at_end = self.tree.known(end);
        let arcs = self.tree.arcs[from..until].iter().zip(&self.tree.standing[from..until]);
        for (at, (arc, &standing)) in (from..).zip(arcs) {
            if standing == Standing::Tree {
                continue;
            }
            if arc.to != end {
                end = arc.to;
                at_end = self.tree.known(end);
            }
            let saves = saves(arc.cost, self.tree.known(arc.from), at_end, standing, self.short);
            if saves > self.worth {
                self.good.push((saves, at));
            }
        }
    }

    /// The arc that saves most now of those that did when a stretch was last looked over. Those that have lost
    /// much are dropped.
    fn best_of_good(&mut self) -> Option<usize> {
        let mut best = None;
        let mut most = self.worth;
        let Self { tree, good, worth, short, .. } = self;
        good.retain(|&(saved, at)| {
            let (arc, standing) = (&tree.arcs[at], tree.standing[at]);
            if standing == Standing::Tree {
                return false;
            }
            let saves = saves(arc.cost, tree.known(arc.from), tree.known(arc.to), standing, *short);
            if saves > most {
                (best, most) = (Some(at), saves);
            }
            saves > worth.max(STILL_GOOD * saved)
        });
        best
    }

    /// Sends as much as can go round the cycle that an arc closes. The first arc to reach its limit leaves;
    /// among several, the last on the way round from the top, which keeps the search from going in circles.
    fn pivot(&mut self, entering: usize) {
        let tree = &mut self.tree;
        let arc = tree.arcs[entering];
        let empty = tree.standing[entering] == Standing::Empty;
        let (start, end) = if empty { (arc.from, arc.to) } else { (arc.to, arc.from) };
        let price = tree.price(&arc);
        let top = tree.meeting(start, end);
        let mut most = arc.capacity;
        let mut leaving = None;
        let mut node = start;
        while node != top {
            let room = tree.room(node, false);
            if room < most {
                (most, leaving) = (room, Some((node, true)));
            }
            node = tree.parent(node);
        }
        let mut node = end;
        while node != top {
            let room = tree.room(node, true);
            if room <= most {
                (most, leaving) = (room, Some((node, false)));
            }
            node = tree.parent(node);
        }
        let most = most.max(0.0);
        if most > 0.0 {
            tree.send(start, top, false, most);
            tree.send(end, top, true, most);
            tree.flow[entering] += if empty { most } else { -most };
        }
        match leaving {
            None => self.set(entering, if empty { Standing::Full } else { Standing::Empty }),
            Some((node, on_start_side)) => {
                let out = tree.link(node) as usize;
                let full = tree.flow[out] > tree.arcs[out].capacity / 2.0;
                tree.standing[entering] = Standing::Tree;
                let (below, above) = if on_start_side { (start, end) } else { (end, start) };
                let by = if below == arc.to { price } else { price.opposite() };
                tree.hang_anew(below, node, above, entering as u32, by);
                self.set(out, if full { Standing::Full } else { Standing::Empty });
            }
        }
    }

    /// Puts an arc out of the tree, at one of its limits.
    fn set(&mut self, arc: usize, standing: Standing) {
        self.tree.flow[arc] = if standing == Standing::Full { self.tree.arcs[arc].capacity } else { 0.0 };
        self.tree.standing[arc] = standing;
    }

    fn flow(self, sides: usize) -> Flow {
        let known: Vec<_> = (0..self.tree.root).map(|node| self.tree.known(node)).collect();
        let cost = self.least_cost_of_missing();
        let all: f64 = self.tree.flow.iter().sum();
        let amount: f64 = self.tree.flow[self.tree.real..].iter().sum();
        let at_nodes = |worth: fn(&Known, f64) -> f64| Worth {
            potentials: known.iter().map(|known| worth(known, cost)).collect(),
            sides: vec![0.0; sides],
        };
        let Tree { real, mut flow, mut standing, .. } = self.tree;
        flow.truncate(real);
        standing.truncate(real);
        Flow {
            flows: flow,
            standing,
            worth: at_nodes(|known, cost| known.potential + cost * f64::from(known.missing)),
            joined: Vec::new(),
            beside: Vec::new(),
            missing: Missing {
                amount: if amount <= NOTHING_MISSING * all { 0.0 } else { amount },
                worth: at_nodes(|known, _| f64::from(known.missing)),
                cost,
            },
        }
    }

    /// The least cost of a missing unit at which no arc is worth more than it costs.
    fn least_cost_of_missing(&self) -> f64 {
        let mut least: f64 = 0.0;
        for (arc, standing) in self.tree.arcs[..self.tree.real].iter().zip(&self.tree.standing) {
            let sign = match standing {
                Standing::Tree => continue,
                Standing::Empty => 1.0,
                Standing::Full => -1.0,
            };
            let Known { potential: cost, missing } = self.tree.price(arc);
            if sign * f64::from(missing) > 0.0 {
                least = least.max(-cost / f64::from(missing));
            }
        }
        least
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::{Bounds, ColumnIx, LinearProgram, Outcome, Sense};
    use crate::solver::{HighsSolver, Solver, SolverOptions};
    use proptest::prelude::*;

    /// Supplies, demands and the cost of each way between them, in order of supply.
    fn transport(supplies: &[f64], demands: &[f64], costs: &[f64]) -> Network {
        let mut network = Network::default();
        let from: Vec<u32> = supplies.iter().map(|&supply| network.add_node(supply)).collect();
        let to: Vec<u32> = demands.iter().map(|&demand| network.add_node(-demand)).collect();
        for &from in &from {
            network.add_arc(Arc { from, to: Network::ROOT, cost: 0.0, capacity: f64::INFINITY });
        }
        let ways = from.iter().flat_map(|&from| to.iter().map(move |&to| (from, to)));
        for ((from, to), &cost) in ways.zip(costs) {
            network.add_arc(Arc { from, to, cost, capacity: f64::INFINITY });
        }
        network
    }

    fn solve(network: &Network, from: Option<Vec<Standing>>) -> Flow {
        network.solve(from, &mut AreAlike::Nothing, &|| false).expect("nobody stops it")
    }

    fn cost(network: &Network, flow: &Flow) -> f64 {
        network.arcs.iter().zip(&flow.flows).map(|(arc, flow)| arc.cost * flow).sum()
    }

    #[test]
    fn the_cheapest_way_goes_to_the_demand_that_would_pay_most_for_another() {
        // Two places need 4 each; site A has 5 and is 1 and 2 away, site B has 5 and is 10 and 3 away. All of
        // the first place's need goes to A, 1 of the second's too, 3 to B: 4·1 + 1·2 + 3·3 = 15.
        let network = transport(&[5.0, 5.0], &[4.0, 4.0], &[1.0, 2.0, 10.0, 3.0]);
        let flow = solve(&network, None);
        assert_eq!(flow.flows, [0.0, 2.0, 4.0, 1.0, 0.0, 3.0]);
        assert!((flow.missing.amount).abs() < f64::EPSILON);
        // B has room, so a bed there is worth nothing; one at A saves the detour of 1.
        assert_eq!(flow.worth.potentials, [1.0, 0.0, 2.0, 3.0]);
    }

    #[test]
    fn what_no_supply_can_bring_is_missing() {
        // 9 needed, 5 there: 4 are missing wherever they are missed, and each bed more would end one of them.
        let network = transport(&[2.0, 3.0], &[4.0, 5.0], &[1.0, 2.0, 3.0, 4.0]);
        let flow = solve(&network, None);
        assert!((flow.missing.amount - 4.0).abs() < 1e-12);
        assert_eq!(flow.missing.worth.potentials, [1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn an_arc_that_was_full_and_has_no_limit_any_more_carries_what_is_best() {
        // The cheaper way carries 2 of the 4 needed; without a limit it carries them all, from the flow before or from none.
        let mut network = Network::default();
        let need = network.add_node(-4.0);
        for (cost, capacity) in [(1.0, 2.0), (3.0, f64::INFINITY)] {
            network.add_arc(Arc { from: Network::ROOT, to: need, cost, capacity });
        }
        let before = solve(&network, None);
        assert_eq!(before.standing[0], Standing::Full);
        Shared::make_mut(&mut network.arcs)[0].capacity = f64::INFINITY;
        for from in [Some(before.standing), None] {
            assert_eq!(solve(&network, from).flows, [4.0, 0.0]);
        }
    }

    #[test]
    fn a_flag_stops_the_search() {
        let network = transport(&[5.0], &[4.0], &[1.0]);
        assert!(network.solve(None, &mut AreAlike::Nothing, &|| true).is_none());
    }

    proptest! {
        #[test]
        fn the_flow_costs_what_simplex_says_from_nothing_and_from_another_flow(
            supplies in prop::collection::vec(0.0..9.0f64, 3),
            demands in prop::collection::vec(0.1..5.0f64, 5),
            costs in prop::collection::vec(0u8..20, 15),
            other in prop::collection::vec(0.0..9.0f64, 3),
        ) {
            let costs: Vec<f64> = costs.into_iter().map(f64::from).collect();
            let network = transport(&supplies, &demands, &costs);
            let flow = solve(&network, None);
            let elsewhere = solve(&transport(&other, &demands, &costs), None);
            let again = solve(&network, Some(elsewhere.standing));
            let short = (demands.iter().sum::<f64>() - supplies.iter().sum::<f64>()).max(0.0);
            for flow in [&flow, &again] {
                prop_assert!((flow.missing.amount - short).abs() < 1e-9);
            }
            prop_assume!(short == 0.0);
            let mut program = LinearProgram::new(Sense::Minimise);
            for &cost in &costs {
                program.add_column(cost, Bounds::NON_NEGATIVE);
            }
            for (site, &supply) in supplies.iter().enumerate() {
                program.add_row(Bounds::at_most(supply), (0..5).map(|to| (ColumnIx(5 * site as u32 + to), 1.0)));
            }
            for (place, &demand) in demands.iter().enumerate() {
                let ways = (0..3).map(|site| (ColumnIx(5 * site + place as u32), 1.0));
                program.add_row(Bounds::exactly(demand), ways);
            }
            let whole = HighsSolver::new(SolverOptions::default()).solve(&program).expect("an answer");
            let Outcome::Optimal(whole) = whole else { panic!("enough for all: {whole:?}") };
            prop_assert!((cost(&network, &flow) - whole.objective).abs() < 1e-7);
            prop_assert!((cost(&network, &again) - whole.objective).abs() < 1e-7);
        }
    }
}
