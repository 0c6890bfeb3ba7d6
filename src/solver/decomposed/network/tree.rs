//! A spanning tree of a network and the flow that belongs to it.
//!
//! Most nodes are demand that comes by a single tree arc. Such leaves keep no potential of their own: it is read
//! off their parent's when it is needed, so that a pivot touches the few nodes inside the tree alone.

use super::simplex::{Arc, Network, Standing};

pub const NONE: u32 = u32::MAX;
/// Flows beyond their limits by less than this part of the largest supply are rounding.
const ROUNDING: f64 = 1e-13;

/// What a node that is no leaf knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// Cost of a unit there, in arcs of the network.
    pub potential: f64,
    /// How many units go missing for it.
    pub missing: i32,
}

impl Known {
    /// The same, taken off.
    pub fn opposite(self) -> Self {
        Self { potential: -self.potential, missing: -self.missing }
    }
}

/// A node's place in the tree.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(32))]
struct Node {
    /// Kept for nodes that are no leaves.
    potential: f64,
    missing: i32,
    /// How many children it has. One without any is a leaf.
    children: u32,
    /// Those of its children that are no leaves, as a list.
    first: u32,
    next: u32,
    /// The next on its way to the root, and the arc that leads there.
    parent: u32,
    link: u32,
}

impl Node {
    const ALONE: Self =
        Self { potential: 0.0, missing: 0, children: 0, first: NONE, next: NONE, parent: NONE, link: NONE };

    fn learn(&mut self, known: Known) {
        (self.potential, self.missing) = (known.potential, known.missing);
    }
}

/// A tree that spans all nodes and one more, the root.
pub struct Tree {
    /// Those of the network, and after them those of missing flow.
    pub arcs: Vec<Arc>,
    /// How many arcs the network has.
    pub real: usize,
    /// Flow of each arc.
    pub flow: Vec<f64>,
    /// Where each arc stands.
    pub standing: Vec<Standing>,
    /// The node next to the nodes of the network.
    pub root: u32,
    nodes: Vec<Node>,
    /// Of each node that is no leaf: the one before it in its parent's list.
    previous: Vec<u32>,
    path: Vec<(u32, u32)>,
    stack: Vec<u32>,
    /// Where walks to the root came by: the number of the walk.
    marks: Vec<u32>,
    walk: u32,
}

impl Tree {
    /// The tree of the arcs that stand in one, as far as they make one and their flow keeps its limits; flow is
    /// missing for the rest. What some arcs out of it carry is given.
    pub fn new(network: &Network, standing: Vec<Standing>, beside: &[(u32, f64)]) -> Self {
        let nodes = network.supply.len();
        let root = nodes as u32;
        let at_root = |node: u32| if node == Network::ROOT { root } else { node };
        let with_root = |arc: &Arc| Arc { from: at_root(arc.from), to: at_root(arc.to), ..*arc };
        let real = network.arcs.len();
        // With room for an arc of missing flow at each node.
        let mut arcs = Vec::with_capacity(real + nodes);
        arcs.extend(network.arcs.iter().map(with_root));
        let mut flow = Vec::with_capacity(real + nodes);
        flow.resize(real, 0.0);
        let mut this = Self {
            arcs,
            real,
            flow,
            standing,
            root,
            nodes: vec![Node::ALONE; nodes + 1],
            previous: vec![NONE; nodes + 1],
            path: Vec::new(),
            stack: Vec::new(),
            marks: vec![0; nodes + 1],
            walk: 0,
        };
        let order = this.span();
        let mut left = network.supply.clone();
        left.push(0.0);
        for &(arc, flow) in beside {
            let Arc { from, to, capacity, .. } = this.arcs[arc as usize];
            let flow = flow.min(capacity);
            this.flow[arc as usize] = flow;
            left[from as usize] -= flow;
            left[to as usize] += flow;
        }
        this.fill(left, &order);
        for node in order {
            this.attach(node, this.nodes[node as usize].parent);
        }
        this
    }

    /// Finds parents and links among the arcs that stand in a tree. Nodes come after their parents in the order
    /// returned.
    fn span(&mut self) -> Vec<u32> {
        let (starts, ends) = self.neighbours();
        let mut order: Vec<u32> = Vec::with_capacity(self.root as usize);
        let mut used = vec![false; self.real];
        let mut roots = 0..self.root;
        let mut node = self.root;
        let mut looked_at = 0;
        loop {
            for &arc in &ends[starts[node as usize] as usize..starts[node as usize + 1] as usize] {
                let Arc { from, to, .. } = self.arcs[arc as usize];
                let at = if from == node { to } else { from };
                let other = &mut self.nodes[at as usize];
                if at != self.root && other.parent == NONE {
                    (other.parent, other.link) = (node, arc);
                    used[arc as usize] = true;
                    order.push(at);
                }
            }
            if looked_at == order.len() {
                // A part without a way to the root: what it has too much or too little is missing.
                let Some(alone) = roots.find(|node| self.nodes[*node as usize].parent == NONE) else { break };
                self.nodes[alone as usize].parent = self.root;
                order.push(alone);
            }
            node = order[looked_at];
            looked_at += 1;
        }
        for (standing, _) in self.standing.iter_mut().zip(used).filter(|(_, used)| !used) {
            if *standing == Standing::Tree {
                *standing = Standing::Empty;
            }
        }
        order
    }

    /// The arcs that stand in a tree, by node: those of node n from `starts[n]` to `starts[n + 1]`.
    fn neighbours(&self) -> (Vec<u32>, Vec<u32>) {
        let mut starts = vec![0u32; self.root as usize + 2];
        let in_tree = || (0u32..).zip(&self.arcs).zip(&self.standing).filter(|(_, s)| **s == Standing::Tree);
        for ((_, arc), _) in in_tree() {
            starts[arc.from as usize + 1] += 1;
            starts[arc.to as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut ends = vec![0u32; *starts.last().expect("a root") as usize];
        for ((position, arc), _) in in_tree() {
            for node in [arc.from, arc.to] {
                ends[next[node as usize] as usize] = position;
                next[node as usize] += 1;
            }
        }
        (starts, ends)
    }

    /// Gives every arc its flow. Where the tree's would not keep its limits, it is kept at the limit and the node
    /// below hangs from the root.
    fn fill(&mut self, mut left: Vec<f64>, order: &[u32]) {
        let rounding = ROUNDING * left.iter().fold(0.0, |most: f64, supply| most.max(supply.abs()));
        for at in 0..self.real {
            if self.standing[at] == Standing::Full {
                let arc = self.arcs[at];
                // It stood at a limit that has been lifted since.
                if arc.capacity == f64::INFINITY {
                    self.standing[at] = Standing::Empty;
                    continue;
                }
                self.flow[at] = arc.capacity;
                left[arc.from as usize] -= arc.capacity;
                left[arc.to as usize] += arc.capacity;
            }
        }
        for &node in order.iter().rev() {
            let link = self.nodes[node as usize].link as usize;
            let mut surplus = left[node as usize];
            if link != NONE as usize {
                let arc = self.arcs[link];
                let along = arc.from == node;
                let wanted = if along { surplus } else { -surplus };
                let sent = wanted.clamp(0.0, arc.capacity);
                self.flow[link] = sent;
                let sent_up = if along { sent } else { -sent };
                left[self.nodes[node as usize].parent as usize] += sent_up;
                surplus -= sent_up;
                if surplus.abs() <= rounding {
                    continue;
                }
                self.standing[link] = if wanted < 0.0 { Standing::Empty } else { Standing::Full };
                self.nodes[node as usize].parent = self.root;
            }
            self.nodes[node as usize].link = self.arcs.len() as u32;
            let (from, to) = if surplus >= 0.0 { (node, self.root) } else { (self.root, node) };
            self.arcs.push(Arc { from, to, cost: 0.0, capacity: f64::INFINITY });
            self.flow.push(surplus.abs());
            self.standing.push(Standing::Tree);
        }
    }

    fn attach(&mut self, node: u32, parent: u32) {
        self.nodes[node as usize].parent = parent;
        let at = parent as usize;
        if self.nodes[at].children == 0 && parent != self.root {
            let known = self.read_off(parent);
            self.nodes[at].learn(known);
            self.insert(parent);
        }
        self.nodes[at].children += 1;
        if self.nodes[node as usize].children > 0 {
            self.insert(node);
        }
    }

    fn detach(&mut self, node: u32) {
        let parent = self.nodes[node as usize].parent;
        if self.nodes[node as usize].children > 0 {
            self.remove(node);
        }
        self.nodes[parent as usize].children -= 1;
        if self.nodes[parent as usize].children == 0
            && parent != self.root
            && self.nodes[parent as usize].parent != NONE
        {
            self.remove(parent);
        }
        self.nodes[node as usize].parent = NONE;
    }

    /// Enters a node in its parent's list.
    fn insert(&mut self, node: u32) {
        let parent = self.nodes[node as usize].parent as usize;
        let second = self.nodes[parent].first;
        self.nodes[node as usize].next = second;
        self.previous[node as usize] = NONE;
        if second != NONE {
            self.previous[second as usize] = node;
        }
        self.nodes[parent].first = node;
    }

    fn remove(&mut self, node: u32) {
        let (before, after) = (self.previous[node as usize], self.nodes[node as usize].next);
        if before == NONE {
            let parent = self.nodes[node as usize].parent;
            self.nodes[parent as usize].first = after;
        } else {
            self.nodes[before as usize].next = after;
        }
        if after != NONE {
            self.previous[after as usize] = before;
        }
    }

    /// What the parent's knowledge says of a node.
    fn read_off(&self, node: u32) -> Known {
        let Node { parent, link, .. } = self.nodes[node as usize];
        let above = &self.nodes[parent as usize];
        let arc = &self.arcs[link as usize];
        let here = arc.to == node;
        let missing = i32::from(link as usize >= self.real);
        Known {
            potential: above.potential + if here { arc.cost } else { -arc.cost },
            missing: above.missing + if here { missing } else { -missing },
        }
    }

    /// What a node knows.
    pub fn known(&self, node: u32) -> Known {
        let it = &self.nodes[node as usize];
        if it.children > 0 || node == self.root {
            Known { potential: it.potential, missing: it.missing }
        } else {
            self.read_off(node)
        }
    }

    /// The next node on the way to the root.
    pub fn parent(&self, node: u32) -> u32 {
        self.nodes[node as usize].parent
    }

    /// The arc between a node and its parent.
    pub fn link(&self, node: u32) -> u32 {
        self.nodes[node as usize].link
    }

    /// What a unit more through an arc costs: in arcs, and in missing units.
    pub fn price(&self, arc: &Arc) -> Known {
        let (from, to) = (self.known(arc.from), self.known(arc.to));
        Known { potential: arc.cost + from.potential - to.potential, missing: from.missing - to.missing }
    }

    /// Reads off anew what every node knows: steps add up rounding.
    pub fn refresh(&mut self) {
        self.below(self.root, |this, node| {
            let known = this.read_off(node);
            this.nodes[node as usize].learn(known);
        });
    }

    /// Works out anew what tree arcs carry, from the supplies and what the other arcs carry: steps add up rounding.
    pub fn refill(&mut self, supply: &[f64]) {
        let mut left = supply.to_vec();
        left.resize(self.root as usize + 1, 0.0);
        let mut in_tree = vec![false; self.arcs.len()];
        let mut below = vec![0u32; left.len()];
        for node in &self.nodes[..self.root as usize] {
            in_tree[node.link as usize] = true;
            below[node.parent as usize] += 1;
        }
        for ((arc, flow), _) in self.arcs.iter().zip(&self.flow).zip(in_tree).filter(|(_, in_tree)| !in_tree)
        {
            left[arc.from as usize] -= flow;
            left[arc.to as usize] += flow;
        }
        for leaf in 0..self.root {
            let mut node = leaf;
            // A node's surplus goes to its parent once all below it is done.
            while node != self.root && below[node as usize] == 0 {
                below[node as usize] = NONE;
                let Node { parent, link, .. } = self.nodes[node as usize];
                let surplus = left[node as usize];
                let along = self.arcs[link as usize].from == node;
                self.flow[link as usize] = if along { surplus } else { -surplus };
                left[parent as usize] += surplus;
                below[parent as usize] -= 1;
                node = parent;
            }
        }
    }

    /// Does something to every node below another that is no leaf, parents first.
    fn below(&mut self, top: u32, mut each: impl FnMut(&mut Self, u32)) {
        let mut stack = std::mem::take(&mut self.stack);
        stack.push(top);
        while let Some(node) = stack.pop() {
            let mut child = self.nodes[node as usize].first;
            while child != NONE {
                each(self, child);
                stack.push(child);
                child = self.nodes[child as usize].next;
            }
        }
        self.stack = stack;
    }

    /// Adds to what a node and all below it know.
    fn shift(&mut self, top: u32, by: Known) {
        if self.nodes[top as usize].children == 0 || (by.potential == 0.0 && by.missing == 0) {
            return;
        }
        let add = |this: &mut Self, node: u32| {
            let known = &mut this.nodes[node as usize];
            known.potential += by.potential;
            known.missing += by.missing;
        };
        add(self, top);
        self.below(top, add);
    }

    /// The lowest node above two nodes.
    pub fn meeting(&mut self, one: u32, other: u32) -> u32 {
        if one == other {
            return one;
        }
        // Both walk in turns: it takes no longer than twice the longer way.
        self.walk += 1;
        let (mut walks, mut waits) = (one, other);
        self.marks[walks as usize] = self.walk;
        self.marks[waits as usize] = self.walk;
        loop {
            if walks != self.root {
                walks = self.nodes[walks as usize].parent;
                if self.marks[walks as usize] == self.walk {
                    return walks;
                }
                self.marks[walks as usize] = self.walk;
            }
            std::mem::swap(&mut walks, &mut waits);
        }
    }

    /// How much more can go from a node to its parent, or from the parent to it.
    pub fn room(&self, node: u32, upwards: bool) -> f64 {
        let link = self.nodes[node as usize].link as usize;
        if (self.arcs[link].from == node) == upwards {
            self.arcs[link].capacity - self.flow[link]
        } else {
            self.flow[link]
        }
    }

    /// Sends an amount along the way from a node up to another, or down that way.
    pub fn send(&mut self, mut node: u32, top: u32, upwards: bool, amount: f64) {
        while node != top {
            let link = self.nodes[node as usize].link as usize;
            let along = (self.arcs[link].from == node) == upwards;
            self.flow[link] += if along { amount } else { -amount };
            node = self.nodes[node as usize].parent;
        }
    }

    /// Takes the part below `cut` off the tree and hangs it up by another of its nodes, `below`. What is known
    /// there changes by `by`.
    pub fn hang_anew(&mut self, below: u32, cut: u32, above: u32, entering: u32, by: Known) {
        self.shift(cut, by);
        let mut node = below;
        self.path.clear();
        loop {
            let (parent, link) = (self.nodes[node as usize].parent, self.nodes[node as usize].link);
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
            self.nodes[node as usize].link = arc;
            self.attach(node, parent);
            (parent, arc) = (node, link);
        }
    }
}
