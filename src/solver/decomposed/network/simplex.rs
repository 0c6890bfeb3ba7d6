//! The network simplex method: flow at least cost, on plain arrays.
//!
//! A basis is a tree that spans all nodes and one more, the root. Most nodes are demand that comes by a single
//! tree arc. Such leaves keep no potential of their own: it is read off their parent's when it is needed, so
//! that a pivot touches the few nodes inside the tree alone.

const NONE: u32 = u32::MAX;
/// Arcs are looked over in stretches of the root of their number, but no fewer than this.
const LEAST_STRETCH: usize = 64;
/// An arc is worth having when it saves this part of the dearest one.
const WORTH: f64 = 1e-10;
/// What a unit costs that no arc can bring, in the dearest arc's cost: enough to look for arcs that can first.
const SHORT: f64 = 1e3;
/// Shortages of less than this part of all supply are rounding.
const NO_SHORTAGE: f64 = 1e-12;
/// Pivots for each node after which the search is given up; a tenth was never needed.
const MOST_PIVOTS: usize = 100;
/// Pivots between two looks at the flag that stops the search.
const PIVOTS_AT_ONCE: usize = 1024;

/// Nodes with their supply, and arcs with what a unit costs and how much they carry at most.
#[derive(Debug, Default, Clone)]
pub struct Network {
    supply: Vec<f64>,
    arcs: Vec<Arc>,
}

/// A way from one node to another, in both of which flow is kept; [`Network::ROOT`] takes and gives freely.
#[derive(Debug, Clone, Copy)]
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

/// A flow at least cost.
#[derive(Debug)]
pub struct Flow {
    /// Flow of each arc.
    pub flows: Vec<f64>,
    /// What a unit is worth at each node: ∂cost/∂(−supply).
    pub potentials: Vec<f64>,
    /// How much no arc could bring or take, and what that adds to the cost that `potentials` belong to.
    pub missing: Missing,
}

/// What of the supply and demand no arc could take or bring.
#[derive(Debug)]
pub struct Missing {
    /// How much.
    pub amount: f64,
    /// How much more at each node for a unit more: ∂amount/∂(−supply).
    pub potentials: Vec<f64>,
    /// The least cost of a missing unit at which the flow is the best.
    pub cost: f64,
}

impl Network {
    /// The node from which anything may come and to which anything may go.
    pub const ROOT: u32 = NONE;

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
        self.arcs.push(arc);
        self.arcs.len() as u32 - 1
    }
    /// The flow at least cost among those that leave least missing. `None` when the search was stopped or found
    /// no end.
    pub fn solve(&self, stop: impl Fn() -> bool) -> Option<Flow> {
        let mut tree = Tree::new(self);
        let most = MOST_PIVOTS * (self.supply.len() + 1);
        for pivots in 0..most {
            if pivots % PIVOTS_AT_ONCE == 0 && stop() {
                return None;
            }
            let Some(entering) = tree.entering() else { return Some(tree.flow()) };
            tree.pivot(entering);
        }
        None
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Empty,
    Tree,
    Full,
}

/// What a node that is no leaf knows.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Cost of a unit there, in arcs of the network; and how many units go missing for it.
    potential: f64,
    missing: i32,
    depth: u32,
}

/// A spanning tree and the flow that belongs to it.
struct Tree {
    /// Those of the network, and after them those of missing flow.
    arcs: Vec<Arc>,
    /// How many arcs the network has.
    real: usize,
    flow: Vec<f64>,
    status: Vec<Status>,
    /// Of each node: the next on its way to the root, and the arc that leads there.
    parent: Vec<u32>,
    link: Vec<u32>,
    /// How many children a node has. One without any is a leaf.
    children: Vec<u32>,
    /// Those of its children that are no leaves, as a list.
    first: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    /// Kept for nodes that are no leaves.
    known: Vec<Known>,
    root: u32,
    worth: f64,
    /// What a missing unit costs during the search.
    short: f64,
    position: usize,
    path: Vec<(u32, u32)>,
    stack: Vec<u32>,
}

impl Tree {
    /// Every node hangs from the root, by arcs of the network where there are such, and demand from its
    /// cheapest supply as far as that goes.
    fn new(network: &Network) -> Self {
        let nodes = network.supply.len();
        let root = nodes as u32;
        let dearest = network.arcs.iter().fold(1.0, |most: f64, arc| most.max(arc.cost.abs()));
        let at_root = |node: u32| if node == NONE { root } else { node };
        let arcs: Vec<Arc> = network
            .arcs
            .iter()
            .map(|arc| Arc { from: at_root(arc.from), to: at_root(arc.to), ..*arc })
            .collect();
        let mut this = Self {
            real: arcs.len(),
            flow: vec![0.0; arcs.len()],
            status: vec![Status::Empty; arcs.len()],
            arcs,
            parent: vec![NONE; nodes + 1],
            link: vec![NONE; nodes + 1],
            children: vec![0; nodes + 1],
            first: vec![NONE; nodes + 1],
            next: vec![NONE; nodes + 1],
            previous: vec![NONE; nodes + 1],
            known: vec![Known::default(); nodes + 1],
            root,
            worth: WORTH * dearest,
            short: SHORT * dearest,
            position: 0,
            path: Vec::new(),
            stack: Vec::new(),
        };
        let mut left = network.supply.clone();
        let fed = this.feed(&mut left);
        this.hang(&left, &fed);
        this
    }

    /// Demand from its cheapest supply while that lasts. Returns each node's arc.
    fn feed(&mut self, left: &mut [f64]) -> Vec<u32> {
        let mut cheapest: Vec<Vec<u32>> = vec![Vec::new(); left.len()];
        for (position, arc) in (0u32..).zip(&self.arcs) {
            let to = arc.to as usize;
            let offers = arc.from != self.root && left[arc.from as usize] > 0.0;
            if offers && arc.to != self.root && left[to] < 0.0 && arc.capacity >= -left[to] {
                cheapest[to].push(position);
            }
        }
        let mut fed = vec![NONE; left.len()];
        for (node, mut offers) in cheapest.into_iter().enumerate() {
            offers.sort_by(|&a, &b| self.arcs[a as usize].cost.total_cmp(&self.arcs[b as usize].cost));
            let need = -left[node];
            let enough = |arc: &&u32| left[self.arcs[**arc as usize].from as usize] > need;
            if let Some(&arc) = offers.iter().find(enough) {
                left[self.arcs[arc as usize].from as usize] -= need;
                left[node] = 0.0;
                self.flow[arc as usize] = need;
                fed[node] = arc;
            }
        }
        fed
    }

    fn hang(&mut self, left: &[f64], fed: &[u32]) {
        let mut to_root = vec![NONE; left.len()];
        for (position, arc) in (0u32..).zip(&self.arcs) {
            let (node, gives) = match (arc.from == self.root, arc.to == self.root) {
                (true, false) => (arc.to as usize, false),
                (false, true) => (arc.from as usize, true),
                _ => continue,
            };
            let fits = if gives { left[node] >= 0.0 } else { left[node] < 0.0 };
            if fits && arc.capacity > left[node].abs() {
                to_root[node] = position;
            }
        }
        for node in (0..left.len()).filter(|&node| fed[node] == NONE) {
            let arc = if to_root[node] == NONE {
                let here = node as u32;
                let (from, to) = if left[node] >= 0.0 { (here, self.root) } else { (self.root, here) };
                self.arcs.push(Arc { from, to, cost: 0.0, capacity: f64::INFINITY });
                self.flow.push(0.0);
                self.status.push(Status::Tree);
                self.arcs.len() as u32 - 1
            } else {
                to_root[node]
            };
            self.flow[arc as usize] = left[node].abs();
            self.status[arc as usize] = Status::Tree;
            self.link[node] = arc;
            self.attach(node as u32, self.root);
        }
        for node in (0..left.len()).filter(|&node| fed[node] != NONE) {
            let arc = fed[node];
            self.status[arc as usize] = Status::Tree;
            self.link[node] = arc;
            self.attach(node as u32, self.arcs[arc as usize].from);
        }
    }

    fn attach(&mut self, node: u32, parent: u32) {
        self.parent[node as usize] = parent;
        let at = parent as usize;
        if self.children[at] == 0 && parent != self.root {
            self.known[at] = self.read_off(parent);
            self.insert(parent);
        }
        self.children[at] += 1;
        if self.children[node as usize] > 0 {
            self.insert(node);
        }
    }

    fn detach(&mut self, node: u32) {
        let parent = self.parent[node as usize];
        if self.children[node as usize] > 0 {
            self.remove(node);
        }
        self.children[parent as usize] -= 1;
        if self.children[parent as usize] == 0 && parent != self.root && self.parent[parent as usize] != NONE {
            self.remove(parent);
        }
        self.parent[node as usize] = NONE;
    }

    /// Enters a node in its parent's list.
    fn insert(&mut self, node: u32) {
        let parent = self.parent[node as usize] as usize;
        let second = self.first[parent];
        self.next[node as usize] = second;
        self.previous[node as usize] = NONE;
        if second != NONE {
            self.previous[second as usize] = node;
        }
        self.first[parent] = node;
    }

    fn remove(&mut self, node: u32) {
        let (before, after) = (self.previous[node as usize], self.next[node as usize]);
        if before == NONE {
            self.first[self.parent[node as usize] as usize] = after;
        } else {
            self.next[before as usize] = after;
        }
        if after != NONE {
            self.previous[after as usize] = before;
        }
    }

    /// What the parent's knowledge says of a node.
    fn read_off(&self, node: u32) -> Known {
        let link = self.link[node as usize] as usize;
        let above = self.known[self.parent[node as usize] as usize];
        let arc = &self.arcs[link];
        let here = arc.to == node;
        let missing = if link < self.real { 0 } else { 1 };
        Known {
            potential: above.potential + if here { arc.cost } else { -arc.cost },
            missing: above.missing + if here { missing } else { -missing },
            depth: above.depth + 1,
        }
    }
    fn known(&self, node: u32) -> Known {
        if self.children[node as usize] > 0 || node == self.root {
            self.known[node as usize]
        } else {
            self.read_off(node)
        }
    }

    /// What a unit more through an arc costs: in arcs, and in missing units.
    fn price(&self, arc: &Arc) -> (f64, i32) {
        let (from, to) = (self.known(arc.from), self.known(arc.to));
        (arc.cost + from.potential - to.potential, from.missing - to.missing)
    }

    /// Sets what a node and all below it know.
    fn refresh(&mut self, top: u32) {
        if self.children[top as usize] == 0 {
            return;
        }
        self.stack.push(top);
        while let Some(node) = self.stack.pop() {
            self.known[node as usize] = self.read_off(node);
            let mut child = self.first[node as usize];
            while child != NONE {
                self.stack.push(child);
                child = self.next[child as usize];
            }
        }
    }

    /// The arc that saves most in the next stretch that has any.
    fn entering(&mut self) -> Option<usize> {
        let count = self.real;
        let stretch = ((count as f64).sqrt() as usize).max(LEAST_STRETCH);
        let mut best = None;
        let mut most = self.worth;
        for seen in 1..=count {
            let at = self.position;
            self.position = if at + 1 == count { 0 } else { at + 1 };
            if self.status[at] != Status::Tree {
                let arc = &self.arcs[at];
                let (cost, missing) = self.price(arc);
                let price = if missing == 0 { cost } else { cost + self.short * f64::from(missing) };
                let saves = if self.status[at] == Status::Empty { -price } else { price };
                if saves > most {
                    (best, most) = (Some(at), saves);
                }
            }
            if seen % stretch == 0 && best.is_some() {
                break;
            }
        }
        best
    }

    /// Sends as much as can go round the cycle that an arc closes. The first arc to reach its limit leaves;
    /// among several, the last on the way round from the top, which keeps the search from going in circles.
    fn pivot(&mut self, entering: usize) {
        let arc = self.arcs[entering];
        let (start, end) =
            if self.status[entering] == Status::Empty { (arc.from, arc.to) } else { (arc.to, arc.from) };
        let top = self.meeting(start, end);
        let mut most = arc.capacity;
        let mut leaving = None;
        let mut node = start;
        while node != top {
            let room = self.room(node, false);
            if room < most {
                (most, leaving) = (room, Some((node, true)));
            }
            node = self.parent[node as usize];
        }
        let mut node = end;
        while node != top {
            let room = self.room(node, true);
            if room <= most {
                (most, leaving) = (room, Some((node, false)));
            }
            node = self.parent[node as usize];
        }
        let most = most.max(0.0);
        if most > 0.0 {
            self.send(start, top, false, most);
            self.send(end, top, true, most);
            self.flow[entering] += if self.status[entering] == Status::Empty { most } else { -most };
        }
        match leaving {
            None if self.status[entering] == Status::Empty => self.set(entering, Status::Full),
            None => self.set(entering, Status::Empty),
            Some((node, on_start_side)) => {
                let out = self.link[node as usize] as usize;
                let full = self.flow[out] > self.arcs[out].capacity / 2.0;
                self.set(out, if full { Status::Full } else { Status::Empty });
                self.status[entering] = Status::Tree;
                let (below, above) = if on_start_side { (start, end) } else { (end, start) };
                self.hang_anew(below, node, above, entering as u32);
            }
        }
    }

    /// Puts an arc out of the tree, at one of its limits.
    fn set(&mut self, arc: usize, status: Status) {
        self.flow[arc] = if status == Status::Full { self.arcs[arc].capacity } else { 0.0 };
        self.status[arc] = status;
    }

    fn meeting(&self, mut one: u32, mut other: u32) -> u32 {
        let (mut one_depth, mut other_depth) = (self.known(one).depth, self.known(other).depth);
        while one != other {
            if one_depth >= other_depth {
                one = self.parent[one as usize];
                one_depth -= 1;
            } else {
                other = self.parent[other as usize];
                other_depth -= 1;
            }
        }
        one
    }

    /// How much more can go from a node to its parent, or from the parent to it.
    fn room(&self, node: u32, upwards: bool) -> f64 {
        let link = self.link[node as usize] as usize;
        if (self.arcs[link].from == node) == upwards {
            self.arcs[link].capacity - self.flow[link]
        } else {
            self.flow[link]
        }
    }

    fn send(&mut self, mut node: u32, top: u32, upwards: bool, amount: f64) {
        while node != top {
            let link = self.link[node as usize] as usize;
            let along = (self.arcs[link].from == node) == upwards;
            self.flow[link] += if along { amount } else { -amount };
            node = self.parent[node as usize];
        }
    }

    /// Takes the part below `cut` off the tree and hangs it up by another of its nodes, `below`.
    fn hang_anew(&mut self, below: u32, cut: u32, above: u32, entering: u32) {
        let mut node = below;
        self.path.clear();
        loop {
            let (parent, link) = (self.parent[node as usize], self.link[node as usize]);
            self.path.push((node, link));
            if node == cut {
                break;
            }
            node = parent;
        }
        for at in (0..self.path.len()).rev() {
            self.detach(self.path[at].0);
        }
        let (mut parent, mut arc) = (above, entering);
        for at in 0..self.path.len() {
            let (node, link) = self.path[at];
            self.link[node as usize] = arc;
            self.attach(node, parent);
            (parent, arc) = (node, link);
        }
        self.refresh(below);
    }

    fn flow(self) -> Flow {
        let known: Vec<Known> = (0..self.root).map(|node| self.known(node)).collect();
        let cost = self.least_cost_of_missing();
        let all: f64 = self.flow.iter().sum();
        let amount: f64 = self.flow[self.real..].iter().sum();
        Flow {
            potentials: known.iter().map(|k| k.potential + cost * f64::from(k.missing)).collect(),
            missing: Missing {
                amount: if amount <= NO_SHORTAGE * all { 0.0 } else { amount },
                potentials: known.iter().map(|k| f64::from(k.missing)).collect(),
                cost,
            },
            flows: self.flow[..self.real].to_vec(),
        }
    }

    /// The least cost of a missing unit at which no arc is worth more than it costs.
    fn least_cost_of_missing(&self) -> f64 {
        let mut least: f64 = 0.0;
        for (arc, status) in self.arcs[..self.real].iter().zip(&self.status) {
            let (cost, missing) = self.price(arc);
            let sign = match status {
                Status::Tree => continue,
                Status::Empty => 1.0,
                Status::Full => -1.0,
            };
            if sign * f64::from(missing) > 0.0 {
                least = least.max(-cost / f64::from(missing));
            }
        }
        least
    }
}
