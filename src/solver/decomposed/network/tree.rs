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
    /// Arcs between it and the root.
    pub depth: u32,
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
    /// Of each node: the next on its way to the root, and the arc that leads there.
    pub parent: Vec<u32>,
    pub link: Vec<u32>,
    /// How many children a node has. One without any is a leaf.
    children: Vec<u32>,
    /// Those of its children that are no leaves, as a list.
    first: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    /// Kept for nodes that are no leaves.
    known: Vec<Known>,
    path: Vec<(u32, u32)>,
    stack: Vec<u32>,
}

impl Tree {
    /// The tree of the arcs that stand in one, as far as they make one and their flow keeps its limits; flow is
    /// missing for the rest.
    pub fn new(network: &Network, standing: Vec<Standing>) -> Self {
        let nodes = network.supply.len();
        let root = nodes as u32;
        let at_root = |node: u32| if node == Network::ROOT { root } else { node };
        let with_root = |arc: &Arc| Arc { from: at_root(arc.from), to: at_root(arc.to), ..*arc };
        let mut this = Self {
            arcs: network.arcs.iter().map(with_root).collect(),
            real: network.arcs.len(),
            flow: vec![0.0; network.arcs.len()],
            standing,
            root,
            parent: vec![NONE; nodes + 1],
            link: vec![NONE; nodes + 1],
            children: vec![0; nodes + 1],
            first: vec![NONE; nodes + 1],
            next: vec![NONE; nodes + 1],
            previous: vec![NONE; nodes + 1],
            known: vec![Known::default(); nodes + 1],
            path: Vec::new(),
            stack: Vec::new(),
        };
        let order = this.span();
        this.fill(network.supply.clone(), &order);
        for node in order {
            this.attach(node, this.parent[node as usize]);
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
                let other = if from == node { to } else { from };
                if other != self.root && self.parent[other as usize] == NONE {
                    (self.parent[other as usize], self.link[other as usize]) = (node, arc);
                    used[arc as usize] = true;
                    order.push(other);
                }
            }
            if looked_at == order.len() {
                // A part without a way to the root: what it has too much or too little is missing.
                let Some(alone) = roots.find(|node| self.parent[*node as usize] == NONE) else { break };
                self.parent[alone as usize] = self.root;
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
        left.push(0.0);
        for at in 0..self.real {
            if self.standing[at] == Standing::Full {
                let arc = self.arcs[at];
                self.flow[at] = arc.capacity;
                left[arc.from as usize] -= arc.capacity;
                left[arc.to as usize] += arc.capacity;
            }
        }
        for &node in order.iter().rev() {
            let link = self.link[node as usize] as usize;
            let mut surplus = left[node as usize];
            if link != NONE as usize {
                let arc = self.arcs[link];
                let along = arc.from == node;
                let wanted = if along { surplus } else { -surplus };
                let sent = wanted.clamp(0.0, arc.capacity);
                self.flow[link] = sent;
                let sent_up = if along { sent } else { -sent };
                left[self.parent[node as usize] as usize] += sent_up;
                surplus -= sent_up;
                if surplus.abs() <= rounding {
                    continue;
                }
                self.standing[link] = if wanted < 0.0 { Standing::Empty } else { Standing::Full };
                self.parent[node as usize] = self.root;
            }
            self.link[node as usize] = self.arcs.len() as u32;
            let (from, to) = if surplus >= 0.0 { (node, self.root) } else { (self.root, node) };
            self.arcs.push(Arc { from, to, cost: 0.0, capacity: f64::INFINITY });
            self.flow.push(surplus.abs());
            self.standing.push(Standing::Tree);
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
        if self.children[parent as usize] == 0 && parent != self.root && self.parent[parent as usize] != NONE
        {
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
        let missing = i32::from(link >= self.real);
        Known {
            potential: above.potential + if here { arc.cost } else { -arc.cost },
            missing: above.missing + if here { missing } else { -missing },
            depth: above.depth + 1,
        }
    }

    /// What a node knows.
    pub fn known(&self, node: u32) -> Known {
        if self.children[node as usize] > 0 || node == self.root {
            self.known[node as usize]
        } else {
            self.read_off(node)
        }
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

    /// The lowest node above two nodes.
    pub fn meeting(&self, mut one: u32, mut other: u32) -> u32 {
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
    pub fn room(&self, node: u32, upwards: bool) -> f64 {
        let link = self.link[node as usize] as usize;
        if (self.arcs[link].from == node) == upwards {
            self.arcs[link].capacity - self.flow[link]
        } else {
            self.flow[link]
        }
    }

    /// Sends an amount along the way from a node up to another, or down that way.
    pub fn send(&mut self, mut node: u32, top: u32, upwards: bool, amount: f64) {
        while node != top {
            let link = self.link[node as usize] as usize;
            let along = (self.arcs[link].from == node) == upwards;
            self.flow[link] += if along { amount } else { -amount };
            node = self.parent[node as usize];
        }
    }

    /// Takes the part below `cut` off the tree and hangs it up by another of its nodes, `below`.
    pub fn hang_anew(&mut self, below: u32, cut: u32, above: u32, entering: u32) {
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
}
