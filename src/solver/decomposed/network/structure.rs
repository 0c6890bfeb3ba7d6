//! The network inside a program: which rows are nodes, which columns are arcs.
//!
//! Choices are demand. The coupling rows that their columns stand in supply it: bed capacity, the unmet need of
//! a group. What fills those rows comes along *supply columns*: new beds, through a row that only balances
//! them (a bed stock). Rows over supply columns that lie one within the other (a site's size within the pool)
//! are a tree of nodes above them. What does not fit is left out, and stays where it is.

use super::super::blocks::{Blocks, NONE};
use super::given;
use super::simplex::{Arc, Network};
use crate::lp::{Bounds, LinearProgram, RowIx};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Coefficients that differ by less are the same.
pub const SAME: f64 = 1e-9;
/// A row that limits what arcs cost has more than this share of the columns of choices.
const MOST_OF_CHOICES: f64 = 0.25;

/// What a row is in the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Role {
    /// Nothing.
    Outside,
    /// Demand.
    Choice {
        /// Its node.
        node: u32,
    },
    /// What choices draw on.
    Coupling {
        /// Its node.
        node: u32,
        /// Its coefficient for one unit of flow.
        scale: f64,
    },
    /// A limit over supplies: the arc between two nodes.
    Above {
        /// The node that the supplies start from.
        node: u32,
        /// Where that node's flow comes from.
        above: u32,
        /// How much of the row one unit of flow is.
        scale: f64,
        /// Whether the arc is empty where the supplies are, not where the row is at its limit.
        from_nothing: bool,
    },
    /// A limit over arcs that no node stands for.
    Side {
        /// Its place among the side rows.
        at: u32,
        /// How much of the side row one unit of it is.
        scale: f64,
    },
    /// An equation that gives a column.
    Balance {
        /// Which.
        column: u32,
    },
}

impl Role {
    /// The row's node, or [`NONE`].
    pub fn node(self) -> u32 {
        match self {
            Self::Choice { node } | Self::Coupling { node, .. } | Self::Above { node, .. } => node,
            Self::Outside | Self::Side { .. } | Self::Balance { .. } => NONE,
        }
    }
}

/// What an arc stands for.
#[derive(Debug, Clone, Copy)]
pub enum Means {
    /// A column, of which one unit of flow is so many.
    Column(u32, f64),
    /// What a row leaves unused.
    Slack(u32),
}

/// A network and what its parts stand for.
pub struct Structure {
    /// The network.
    pub network: Network,
    /// What each arc stands for.
    pub arcs: Vec<Means>,
    /// What each row is.
    pub roles: Vec<Role>,
    /// Columns that are arcs, or are to be as long as it is in the making.
    pub is_arc: Vec<bool>,
    /// The row that limits what all arcs of choices cost, where their columns cost nothing themselves.
    pub held: Option<Held>,
    /// Whether stocks that go on from one wave to the next are left to the rest.
    pub leaves_stocks: bool,
}

/// A limit over nearly all columns of choices, each with a weight of its own: an aim that was reached before, say. No
/// network keeps such a row, but one whose arcs cost these weights tells the least of it.
pub struct Held {
    /// The row.
    pub row: u32,
    /// The weight of each column.
    pub weights: Vec<f64>,
}

/// Whether a network is to fall into parts, what joins them left to the rest.
#[derive(Clone, Copy, PartialEq)]
pub enum Apart {
    /// No: it is to have all it can.
    No,
    /// Yes, and this row limits what its arcs cost, if any does.
    Yes(Option<u32>),
}

impl Apart {
    fn held(self) -> Option<u32> {
        match self {
            Self::No => None,
            Self::Yes(held) => held,
        }
    }
}

/// What is limited by rows that are no part of the network.
#[derive(Default)]
pub struct LeftOut {
    /// Coupling rows that nothing else fills; they are no nodes.
    pub rows: BTreeSet<u32>,
    /// Columns that could help to fill others; they stay where they are.
    pub columns: BTreeSet<u32>,
}

/// A network in the making.
pub struct Builder<'a> {
    pub program: &'a LinearProgram,
    pub left_out: &'a LeftOut,
    /// Whether what joins its parts is left to the rest.
    pub falls_apart: bool,
    /// The equation of each column that one gives, or [`NONE`].
    pub balances: Vec<u32>,
    pub out: Structure,
    pub blocks: &'a Blocks,
    values: &'a [f64],
}

impl Structure {
    /// Reads the network off a program. Columns that are no arcs count with the values given. O(nonzeros).
    pub fn of(program: &LinearProgram, blocks: &Blocks, values: &[f64], apart: Apart) -> Self {
        let mut left_out = LeftOut::default();
        // Room is not used before it is filled, and filling it by and by would copy it over and over.
        let arcs = program.columns() + program.rows();
        loop {
            let mut builder = Builder {
                program,
                left_out: &left_out,
                out: Self {
                    network: Network::with_room(arcs),
                    arcs: Vec::with_capacity(arcs),
                    roles: vec![Role::Outside; program.rows()],
                    is_arc: vec![false; program.columns()],
                    leaves_stocks: false,
                    held: apart.held().map(|row| Held::of(program, row)),
                },
                falls_apart: apart != Apart::No,
                balances: vec![NONE; program.columns()],
                blocks,
                values,
            };
            builder.nodes();
            builder.choices();
            let supplies = builder.supplies();
            let limitless = builder.rows_above(&supplies);
            if limitless.is_empty() {
                builder.needs_and_limits();
                return builder.out;
            }
            for supply in limitless.into_iter().map(|at| &supplies[at]) {
                if supply.in_place_of_another {
                    left_out.columns.insert(supply.column);
                } else {
                    left_out.rows.insert(supply.filled);
                }
            }
        }
    }

    /// Columns that equations give, each with its equation, in order of row.
    pub fn given(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0u32..).zip(&self.roles).filter_map(|(row, role)| match *role {
            Role::Balance { column } => Some((column, row)),
            _ => None,
        })
    }

    /// What the columns cost as arcs.
    pub fn costs<'a>(&'a self, program: &'a LinearProgram) -> &'a [f64] {
        self.held.as_ref().map_or(program.costs(), |held| &held.weights)
    }

    /// Whether something was left to the rest so that it falls into parts.
    pub fn is_apart(&self) -> bool {
        self.held.is_some() || self.leaves_stocks
    }

    /// Whether a row is the one that limits what arcs cost.
    pub fn is_held(&self, row: u32) -> bool {
        self.held.as_ref().is_some_and(|held| held.row == row)
    }

    /// Adds an arc.
    pub fn arc(&mut self, from: u32, to: u32, cost: f64, capacity: f64, means: Means) {
        self.network.add_arc(Arc { from, to, cost, capacity });
        self.arcs.push(means);
    }
}

impl Held {
    fn of(program: &LinearProgram, row: u32) -> Self {
        let mut weights = vec![0.0; program.columns()];
        program.row(RowIx(row)).for_each(|(column, weight)| weights[column.get()] = weight);
        Self { row, weights }
    }
}

/// The row that limits what arcs cost: the one with most of the columns of choices, where these have no cost of their own
/// and some stand in another limited row, too.
pub fn held_row(program: &LinearProgram, blocks: &Blocks) -> Option<u32> {
    let own = || (0..blocks.len()).flat_map(|block| blocks.own(block)).map(|(column, _)| *column);
    if own().any(|column| program.costs()[column as usize] != 0.0) {
        return None;
    }
    let limits = program.row_bounds();
    let is_limited = |(row, _): &&(u32, f64)| limits[*row as usize] != Bounds::FREE;
    let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
    let mut all = 0_usize;
    for column in own() {
        all += 1;
        let coupling = blocks.coupling(column);
        if coupling.len() > 1 && coupling.iter().filter(is_limited).count() > 1 {
            coupling.iter().filter(is_limited).for_each(|(row, _)| *counts.entry(*row).or_default() += 1);
        }
    }
    let (row, count) = counts.into_iter().max_by_key(|(row, count)| (*count, *row))?;
    let Bounds { lower, upper } = limits[row as usize];
    let is_aim = count as f64 > MOST_OF_CHOICES * all as f64 && lower == f64::NEG_INFINITY;
    (is_aim && upper.is_finite()).then_some(row)
}

impl Builder<'_> {
    /// The bounds of a column.
    pub fn bounds(&self, column: u32) -> Bounds {
        self.program.column_bounds()[column as usize]
    }

    /// The node of a row, or [`NONE`].
    pub fn node(&self, row: u32) -> u32 {
        self.out.roles[row as usize].node()
    }

    /// Nodes for choices, and for the rows that couple them.
    fn nodes(&mut self) {
        for &row in &self.blocks.rows {
            let node = self.out.network.add_node(0.0);
            self.out.roles[row as usize] = Role::Choice { node };
        }
        let mut scales = vec![0.0; self.program.rows()];
        for block in 0..self.blocks.len() {
            for &(column, coefficient) in self.blocks.own(block) {
                for &(row, value) in self.blocks.coupling(column) {
                    if scales[row as usize] == 0.0 {
                        scales[row as usize] = value / coefficient;
                    }
                }
            }
        }
        for (row, &scale) in (0u32..).zip(&scales) {
            let limits = self.program.row_bounds()[row as usize];
            let is_node = !self.left_out.rows.contains(&row) && !self.out.is_held(row);
            if scale != 0.0 && limits != Bounds::FREE && is_node {
                let node = self.out.network.add_node(0.0);
                self.out.roles[row as usize] = Role::Coupling { node, scale };
            }
        }
    }

    /// Arcs for the columns of choices that draw on one coupling row alone.
    fn choices(&mut self) {
        for (block, &choice) in self.blocks.rows.iter().enumerate() {
            let to = self.node(choice);
            for &(column, coefficient) in self.blocks.own(block) {
                if self.bounds(column).is_fixed() {
                    continue;
                }
                let rows = self.blocks.coupling(column).iter();
                let mut from = rows.filter_map(|&(row, value)| match self.out.roles[row as usize] {
                    Role::Coupling { node, scale } => Some((node, value / coefficient, scale)),
                    _ => None,
                });
                let (first, second) = (from.next(), from.next());
                let differs = first.is_some_and(|(_, mine, scale)| (mine - scale).abs() > SAME * scale.abs());
                if second.is_some() || differs || self.is_bound(column) {
                    continue;
                }
                let cost = self.out.costs(self.program)[column as usize] / coefficient;
                let means = Means::Column(column, 1.0 / coefficient);
                let from = first.map_or(Network::ROOT, |(node, ..)| node);
                self.out.is_arc[column as usize] = true;
                self.out.arc(from, to, cost, f64::INFINITY, means);
            }
        }
    }

    /// Whether a choice's own column is limited by a row that is no node. A left-out equation only measures.
    fn is_bound(&self, column: u32) -> bool {
        let mut rows = self.blocks.coupling(column).iter().map(|(row, _)| *row);
        rows.any(|row| {
            self.left_out.rows.contains(&row) && !self.program.row_bounds()[row as usize].is_fixed()
        })
    }

    /// Choices take what they need, coupling rows give out at most what their limits leave, both after what the
    /// columns outside the network bring and take.
    fn needs_and_limits(&mut self) {
        for row in 0..self.program.rows() as u32 {
            let limits = self.program.row_bounds()[row as usize];
            match self.out.roles[row as usize] {
                Role::Choice { node } => {
                    self.out.network.supply(node, self.outside(row) - limits.lower);
                }
                Role::Coupling { node, scale } => {
                    let (least, most) = self.room(row, scale);
                    self.out.network.supply(node, if most.is_finite() { most } else { least });
                    if !most.is_finite() {
                        self.out.arc(Network::ROOT, node, 0.0, f64::INFINITY, Means::Slack(row));
                    } else if most > least {
                        self.out.arc(node, Network::ROOT, 0.0, most - least, Means::Slack(row));
                    }
                }
                Role::Above { .. } | Role::Side { .. } | Role::Balance { .. } | Role::Outside => {}
            }
        }
    }

    /// The least and most flow that a row leaves, where one unit of flow is `scale` of it.
    pub fn room(&self, row: u32, scale: f64) -> (f64, f64) {
        let (limits, outside) = (self.program.row_bounds()[row as usize], self.outside(row));
        let ends = [(limits.lower - outside) / scale, (limits.upper - outside) / scale];
        (ends[0].min(ends[1]), ends[0].max(ends[1]))
    }

    /// How much of a row the columns outside the network are.
    fn outside(&self, row: u32) -> f64 {
        let outside = self.program.row(RowIx(row)).filter(|(column, _)| !self.out.is_arc[column.get()]);
        outside.map(|(column, value)| value * self.standing_value(column.0)).sum()
    }

    /// A column's value; of one that an equation gives, the part that the network has no say in.
    fn standing_value(&self, column: u32) -> f64 {
        let balance = self.balances[column as usize];
        if balance == NONE {
            return self.values[column as usize];
        }
        let of_network = |other: usize| self.out.is_arc[other];
        given(self.program, column, balance, |other| if of_network(other) { 0.0 } else { self.values[other] })
    }
}
