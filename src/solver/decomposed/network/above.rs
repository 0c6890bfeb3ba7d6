//! The rows over the columns that fill coupling rows, as a tree of nodes above them.

use super::super::blocks::NONE;
use super::simplex::{Network, SideRow};
use super::structure::{Builder, Means, Role, SAME};
use super::supplies::Supply;
use crate::lp::Bounds;
use std::collections::BTreeMap;

impl Builder<'_> {
    /// Rows over supplies as a tree of nodes, and the supplies as arcs from it. Returns the supplies that
    /// nothing would limit because their rows are no nodes.
    pub fn rows_above(&mut self, supplies: &[Supply]) -> Vec<usize> {
        let mut over: BTreeMap<u32, Vec<(usize, f64)>> = BTreeMap::new();
        for (at, supply) in supplies.iter().enumerate() {
            for &(row, value) in &supply.rows {
                let limits = self.program.row_bounds()[row as usize];
                if limits != Bounds::FREE && self.node(row) == NONE {
                    over.entry(row).or_default().push((at, value / supply.gain));
                }
            }
        }
        let mut rows: Vec<(u32, Vec<(usize, f64)>)> = over.into_iter().collect();
        rows.sort_by_key(|(row, members)| (members.len(), *row));
        let mut beside: Vec<(u32, Vec<(usize, f64)>)> = Vec::new();
        let mut top: Vec<Option<usize>> = vec![None; supplies.len()];
        let mut source = vec![Network::ROOT; supplies.len()];
        let mut groups: Vec<Group> = Vec::new();
        for (row, members) in rows {
            let below = if is_a_sum(&members) { whole_groups(&members, &top, &groups) } else { None };
            let Some(below) = below else {
                beside.push((row, members));
                continue;
            };
            let scale = members[0].1;
            let (least, most) = self.room(row, scale);
            let node = self.out.network.add_node(0.0);
            // What flows down is no less than this, whatever the row says.
            let drained: f64 = members.iter().map(|(at, _)| self.drained(&supplies[*at])).sum();
            // For now only its node; the arc that it is comes when all groups are known.
            self.out.roles[row as usize] =
                Role::Above { node, above: Network::ROOT, scale, from_nothing: least < -drained };
            // Where other columns take more than there is, the network goes without: it must not hide that.
            let least = least.max(-drained).min(most);
            for &group in &below {
                groups[group].above = node;
            }
            for &(at, _) in &members {
                if top[at].is_none() {
                    source[at] = node;
                }
                top[at] = Some(groups.len());
            }
            groups.push(Group { row, node, size: members.len(), above: Network::ROOT, least, most });
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
        let mut is_limited: Vec<bool> = source.iter().map(|source| *source != Network::ROOT).collect();
        let first = self.out.network.arcs.len() as u32;
        for (row, members) in beside {
            if self.out.roles[row as usize] == Role::Outside {
                for (at, _) in &members {
                    is_limited[*at] = true;
                }
                self.side_row(row, &members, supplies, first);
            }
        }
        for (supply, source) in supplies.iter().zip(source) {
            self.supply_arc(supply, source);
        }
        let is_limitless = |at: &usize| {
            let supply: &Supply = &supplies[*at];
            !is_limited[*at] && supply.gain > 0.0 && !supply.rows.is_empty()
        };
        (0..supplies.len()).filter(is_limitless).collect()
    }

    /// A supply becomes an arc from its source, or to it where it takes flow away.
    fn supply_arc(&mut self, supply: &Supply, source: u32) {
        let bounds = self.bounds(supply.column);
        let gain = supply.gain.abs();
        let (least, most) = (bounds.lower.max(0.0) * gain, bounds.upper * gain);
        let (from, to) = if supply.gain > 0.0 { (source, supply.node) } else { (supply.node, source) };
        for (node, amount) in
            [(from, -least), (to, least)].into_iter().filter(|(node, _)| *node != Network::ROOT)
        {
            self.out.network.supply(node, amount);
        }
        let means = Means::Column(supply.column, 1.0 / gain);
        self.out.arc(from, to, supply.cost / gain, most - least, means);
    }

    /// The most flow that a supply takes away.
    fn drained(&self, supply: &Supply) -> f64 {
        if supply.gain < 0.0 { self.bounds(supply.column).upper * -supply.gain } else { 0.0 }
    }

    /// A row over supplies that is no node; the arcs of the supplies come one after another from `first` on.
    fn side_row(&mut self, row: u32, members: &[(usize, f64)], supplies: &[Supply], first: u32) {
        let (mut least, mut most) = self.room(row, 1.0);
        for (at, value) in members {
            let held = value * supplies[*at].gain * self.bounds(supplies[*at].column).lower.max(0.0);
            (least, most) = (least - held, most - held);
        }
        // The most of a side row is a number.
        let scale = if most.is_finite() { 1.0 } else { -1.0 };
        if scale < 0.0 {
            (least, most) = (-most, -least);
        }
        let entry =
            |(at, value): &(usize, f64)| (first + *at as u32, scale * value * supplies[*at].gain.signum());
        let entries = members.iter().map(entry).collect();
        let at = self.out.network.sides.len() as u32;
        self.out.network.sides.push(SideRow { least, most, entries, joins: false });
        self.out.roles[row as usize] = Role::Side { at, scale };
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
