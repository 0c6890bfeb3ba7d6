//! The rows over the columns that fill coupling rows, as a tree of nodes above them.

use super::super::blocks::NONE;
use super::simplex::Network;
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
        let mut rows: Vec<(u32, Vec<(usize, f64)>)> =
            over.into_iter().filter(|(_, members)| is_a_sum(members)).collect();
        rows.sort_by_key(|(row, members)| (members.len(), *row));
        let mut top: Vec<Option<usize>> = vec![None; supplies.len()];
        let mut source = vec![Network::ROOT; supplies.len()];
        let mut groups: Vec<Group> = Vec::new();
        for (row, members) in rows {
            let Some(below) = whole_groups(&members, &top, &groups) else { continue };
            let scale = members[0].1;
            let (least, most) = self.room(row, scale);
            let node = self.out.network.add_node(0.0);
            // For now only its node; the arc that it is comes when all groups are known.
            self.out.roles[row as usize] =
                Role::Above { node, above: Network::ROOT, scale, from_nothing: least < 0.0 };
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
