//! The network inside a program: which rows are nodes, which columns are arcs.
//!
//! Choices are demand. The coupling rows that their columns stand in supply it: bed capacity, the unmet need of
//! a group. What fills those rows comes along *supply columns*: new beds, through a row that only balances
//! them (a bed stock). Rows over supply columns that lie one within the other (a site's size within the pool)
//! are a tree of nodes above them. What does not fit is left out, and stays where it is.

use super::super::blocks::{Blocks, NONE};
use super::simplex::{Arc, Network};
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx};
use std::collections::{BTreeMap, BTreeSet};

/// Coefficients that differ by less are the same.
const SAME: f64 = 1e-9;

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
            Self::Outside | Self::Balance { .. } => NONE,
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
    /// The network; arcs start at zero where the column or row stands at `base`.
    pub network: Network,
    /// What each arc stands for.
    pub arcs: Vec<Means>,
    /// What each row is.
    pub roles: Vec<Role>,
    /// Columns that are arcs.
    pub is_arc: Vec<bool>,
}

/// A column that fills a coupling row, or is balanced by columns that do.
struct Supply {
    column: u32,
    /// The coupling row, and its node.
    filled: u32,
    node: u32,
    /// Flow for each unit of the column.
    gain: f64,
    cost: f64,
    rows: Vec<(u32, f64)>,
    /// The column that it balances.
    in_place_of: Option<u32>,
}

/// What is limited by rows that are no part of the network.
#[derive(Default)]
struct LeftOut {
    /// Coupling rows that nothing else fills; they are no nodes.
    rows: BTreeSet<u32>,
    /// Columns that could help to fill others; they stay where they are.
    columns: BTreeSet<u32>,
}

struct Builder<'a> {
    program: &'a LinearProgram,
    blocks: &'a Blocks,
    columns: &'a [Vec<(u32, f64)>],
    values: &'a [f64],
    left_out: &'a LeftOut,
    out: Structure,
}

impl Structure {
    /// Reads the network off a program. Columns that are no arcs count with the values given;
    /// `columns` are the entries of every column that is no choice's own. O(nonzeros).
    pub fn of(
        program: &LinearProgram,
        blocks: &Blocks,
        columns: &[Vec<(u32, f64)>],
        values: &[f64],
    ) -> Self {
        let mut left_out = LeftOut::default();
        loop {
            let mut builder = Builder {
                program,
                blocks,
                columns,
                values,
                left_out: &left_out,
                out: Self {
                    network: Network::default(),
                    arcs: Vec::new(),
                    roles: vec![Role::Outside; program.rows()],
                    is_arc: vec![false; program.columns()],
                },
            };
            builder.demand();
            builder.coupling();
            builder.choices();
            let supplies = builder.supplies();
            let limitless = builder.rows_above(&supplies);
            if limitless.is_empty() {
                return builder.out;
            }
            for supply in limitless.into_iter().map(|at| &supplies[at]) {
                if supply.in_place_of.is_some() {
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

    fn arc(&mut self, from: u32, to: u32, cost: f64, capacity: f64, means: Means) {
        if let Means::Column(column, _) = means {
            self.is_arc[column as usize] = true;
        }
        self.network.add_arc(Arc { from, to, cost, capacity });
        self.arcs.push(means);
    }
}

impl Builder<'_> {
    fn bounds(&self, column: u32) -> Bounds {
        self.program.column_bounds()[column as usize]
    }

    fn demand(&mut self) {
        for (block, &row) in self.blocks.rows.iter().enumerate() {
            let need = self.program.row_bounds()[row as usize].lower;
            let own = self.blocks.own(block).iter().filter(|(column, _)| self.is_bound(*column));
            let others = self.blocks.shared(block).iter().chain(own);
            let met: f64 = others.map(|&(column, value)| value * self.values[column as usize]).sum();
            let node = self.out.network.add_node(met - need);
            self.out.roles[row as usize] = Role::Choice { node };
        }
    }

    /// Whether a choice's own column is limited by a row that is no node. A left-out equation only measures.
    fn is_bound(&self, column: u32) -> bool {
        let mut rows = self.blocks.coupling(column).iter().map(|(row, _)| *row);
        rows.any(|row| self.left_out.rows.contains(&row) && !self.program.row_bounds()[row as usize].is_fixed())
    }

    /// A node for each row that couples choices, which gives out at most what its limits leave.
    fn coupling(&mut self) {
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
            if scale == 0.0 || limits == Bounds::FREE || self.left_out.rows.contains(&row) {
                continue;
            }
            let node = self.out.network.add_node(0.0);
            self.out.roles[row as usize] = Role::Coupling { node, scale };
            let ends = [limits.lower / scale, limits.upper / scale];
            let (least, most) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            if most.is_finite() {
                self.out.network.supply(node, most);
                if most > least {
                    self.out.arc(node, Network::ROOT, 0.0, most - least, Means::Slack(row));
                }
            } else {
                self.out.network.supply(node, least);
                self.out.arc(Network::ROOT, node, 0.0, f64::INFINITY, Means::Slack(row));
            }
        }
    }

    fn choices(&mut self) {
        for (block, &choice) in self.blocks.rows.iter().enumerate() {
            let to = self.node(choice);
            for &(column, coefficient) in self.blocks.own(block) {
                let rows = self.blocks.coupling(column).iter();
                let mut from = rows.map(|&(row, _)| self.node(row)).filter(|node| *node != NONE);
                let (first, second) = (from.next(), from.next());
                if self.bounds(column).is_fixed() || second.is_some() || self.is_bound(column) {
                    continue;
                }
                let cost = self.program.costs()[column as usize] / coefficient;
                let means = Means::Column(column, 1.0 / coefficient);
                self.out.arc(first.unwrap_or(Network::ROOT), to, cost, f64::INFINITY, means);
            }
        }
    }

    /// Shared columns in the rows of nodes, those that a balancing row gives replaced by what balances them.
    fn supplies(&mut self) -> Vec<Supply> {
        let mut found = Vec::new();
        let mut seen = vec![false; self.program.columns()];
        for column in (0..self.program.columns() as u32).filter(|c| self.blocks.home[*c as usize] == NONE) {
            let nodes: Vec<(u32, f64)> = self.in_nodes(column);
            let [(row, value)] = nodes[..] else { continue };
            let Role::Coupling { node, scale } = self.out.roles[row as usize] else { continue };
            let gain = -value / scale;
            if self.bounds(column).is_fixed() {
                self.out.network.supply(node, gain * self.bounds(column).lower);
                continue;
            }
            if gain <= 0.0 {
                continue;
            }
            let others: Vec<(u32, f64)> = self.columns[column as usize]
                .iter()
                .copied()
                .filter(|&(other, _)| other != row && self.program.row_bounds()[other as usize] != Bounds::FREE)
                .collect();
            let cost = self.program.costs()[column as usize];
            let supply = Supply { column, filled: row, node, gain, cost, rows: others, in_place_of: None };
            match self.balance(&supply) {
                Some(row) => found.extend(self.replaced(&supply, row, &mut seen)),
                None => found.push(supply),
            }
        }
        found
    }

    /// A column's entries in rows that are nodes.
    fn in_nodes(&self, column: u32) -> Vec<(u32, f64)> {
        let entries = self.columns[column as usize].iter().copied();
        entries.filter(|(row, _)| self.node(*row) != NONE).collect()
    }

    fn node(&self, row: u32) -> u32 {
        self.out.roles[row as usize].node()
    }

    /// The shortest equation that a supply stands in: it gives the column in terms of others.
    fn balance(&self, supply: &Supply) -> Option<(u32, f64)> {
        let is_equation = |row: u32| {
            self.program.row_bounds()[row as usize].is_fixed() && self.out.roles[row as usize] == Role::Outside
        };
        let equations = supply.rows.iter().copied().filter(|(row, _)| is_equation(*row));
        let length = |row: u32| self.program.row(RowIx(row)).count();
        equations.filter(|(row, _)| length(*row) >= 2).min_by_key(|(row, _)| length(*row))
    }

    fn replaced(&mut self, supply: &Supply, (row, own): (u32, f64), seen: &mut [bool]) -> Vec<Supply> {
        let constant = self.program.row_bounds()[row as usize].lower / own;
        let mut fixed = constant;
        let mut found = Vec::new();
        let terms: Vec<(ColumnIx, f64)> = self.program.row(RowIx(row)).collect();
        for (column, value) in terms {
            let at = column.get();
            if column.0 == supply.column {
                continue;
            }
            let rate = -value / own;
            if self.bounds(column.0).is_fixed() || rate <= 0.0 || seen[at] || self.left_out.columns.contains(&column.0) {
                fixed += rate * self.values[at];
                continue;
            }
            seen[at] = true;
            let mut rows: BTreeMap<u32, f64> = BTreeMap::new();
            for &(other, entry) in self.columns[at].iter().filter(|(other, _)| *other != row) {
                *rows.entry(other).or_default() += entry;
            }
            for &(other, entry) in supply.rows.iter().filter(|(other, _)| *other != row) {
                *rows.entry(other).or_default() += entry * rate;
            }
            found.push(Supply {
                column: column.0,
                filled: supply.filled,
                node: supply.node,
                gain: supply.gain * rate,
                cost: self.program.costs()[at] + supply.cost * rate,
                rows: rows.into_iter().collect(),
                in_place_of: Some(supply.column),
            });
        }
        self.out.network.supply(supply.node, supply.gain * fixed);
        self.out.roles[row as usize] = Role::Balance { column: supply.column };
        found
    }

    /// Rows over supplies as a tree of nodes, and the supplies as arcs from it. Returns the supplies that
    /// nothing would limit because their rows are no nodes.
    fn rows_above(&mut self, supplies: &[Supply]) -> Vec<usize> {
        let mut over: BTreeMap<u32, Vec<(usize, f64)>> = BTreeMap::new();
        for (at, supply) in supplies.iter().enumerate() {
            for &(row, value) in &supply.rows {
                let limits = self.program.row_bounds()[row as usize];
                if limits != Bounds::FREE && self.node(row) == NONE {
                    over.entry(row).or_default().push((at, value / supply.gain));
                }
            }
        }
        let mut rows: Vec<(u32, Vec<(usize, f64)>)> =
            over.into_iter().filter(|(_, members)| is_a_sum(members)).collect();
        rows.sort_by_key(|(row, members)| (members.len(), *row));
        let mut top: Vec<Option<usize>> = vec![None; supplies.len()];
        let mut source = vec![Network::ROOT; supplies.len()];
        let mut groups: Vec<Group> = Vec::new();
        let given: BTreeMap<u32, u32> = self.out.given().collect();
        let is_supply: BTreeSet<u32> = supplies.iter().map(|supply| supply.column).collect();
        for (row, members) in rows {
            let Some(below) = whole_groups(&members, &top, &groups) else { continue };
            let scale = members[0].1;
            let (least, most) = self.limits(row, scale, &is_supply, &given);
            let node = self.out.network.add_node(0.0);
            // For now only its node; the arc that it is comes when all groups are known.
            self.out.roles[row as usize] = Role::Above {
                node,
                above: Network::ROOT,
                scale,
                from_nothing: least < 0.0,
            };
            // Where other columns take more than there is, the network goes without: it must not hide that.
            let least = least.max(0.0).min(most);
            for &group in &below {
                groups[group].above = node;
            }
            for &(at, _) in &members {
                if top[at].is_none() {
                    source[at] = node;
                }
                top[at] = Some(groups.len());
            }
            groups.push(Group {
                row,
                node,
                size: members.len(),
                above: Network::ROOT,
                least,
                most,
            });
        }
        for group in &groups {
            self.out.network.supply(group.node, group.least);
            if group.above != Network::ROOT {
                self.out.network.supply(group.above, -group.least);
            }
            if let Role::Above { above, .. } = &mut self.out.roles[group.row as usize] {
                *above = group.above;
            }
            let room = group.most - group.least;
            self.out.arc(group.above, group.node, 0.0, room, Means::Slack(group.row));
        }
        let limitless: Vec<usize> = (0..supplies.len())
            .filter(|&at| source[at] == Network::ROOT && !supplies[at].rows.is_empty())
            .collect();
        for (supply, source) in supplies.iter().zip(source) {
            let bounds = self.bounds(supply.column);
            let (least, most) = (bounds.lower.max(0.0) * supply.gain, bounds.upper * supply.gain);
            self.out.network.supply(supply.node, least);
            if source != Network::ROOT {
                self.out.network.supply(source, -least);
            }
            let means = Means::Column(supply.column, 1.0 / supply.gain);
            self.out.arc(source, supply.node, supply.cost / supply.gain, most - least, means);
        }
        limitless
    }

    /// The least and most flow that a row leaves, less what its other columns take.
    fn limits(
        &self,
        row: u32,
        scale: f64,
        is_supply: &BTreeSet<u32>,
        given: &BTreeMap<u32, u32>,
    ) -> (f64, f64) {
        let mut taken = 0.0;
        for (column, value) in self.program.row(RowIx(row)) {
            taken += value
                * match given.get(&column.0) {
                    Some(&balance) => self.constant(column.0, balance, is_supply),
                    None if is_supply.contains(&column.0) => 0.0,
                    None => self.values[column.get()],
                };
        }
        let limits = self.program.row_bounds()[row as usize];
        let ends = [(limits.lower - taken) / scale, (limits.upper - taken) / scale];
        (ends[0].min(ends[1]), ends[0].max(ends[1]))
    }

    /// What a balancing row gives a column before any supply.
    fn constant(&self, column: u32, balance: u32, is_supply: &BTreeSet<u32>) -> f64 {
        let mut own = 1.0;
        let mut sum = self.program.row_bounds()[balance as usize].lower;
        for (other, value) in self.program.row(RowIx(balance)) {
            if other.0 == column {
                own = value;
            } else if !is_supply.contains(&other.0) {
                sum -= value * self.values[other.get()];
            }
        }
        sum / own
    }
}

/// A row over supplies that has become a node.
struct Group {
    row: u32,
    node: u32,
    size: usize,
    above: u32,
    least: f64,
    most: f64,
}

/// Whether a unit of flow counts alike through all members.
fn is_a_sum(members: &[(usize, f64)]) -> bool {
    members.iter().all(|(_, value)| (value - members[0].1).abs() <= SAME * members[0].1.abs())
}

/// The groups whose members a row has, if it has all of each.
fn whole_groups(members: &[(usize, f64)], top: &[Option<usize>], groups: &[Group]) -> Option<Vec<usize>> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for group in members.iter().filter_map(|(at, _)| top[*at]) {
        *counts.entry(group).or_default() += 1;
    }
    let whole = counts.iter().all(|(group, count)| *count == groups[*group].size);
    whole.then(|| counts.into_keys().collect())
}
