//! Where the arcs stood, in terms of a program: another network of the same program can start there.

use super::super::blocks::NONE;
use super::merged::AreAlike;
use super::simplex::{Flow, Standing};
use super::structure::{Means, Role, Structure};
use crate::lp::LinearProgram;
use rustc_hash::FxHashMap;

/// A column or a row that is an arc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Column(u32),
    Row(u32),
}

impl From<Means> for Key {
    fn from(means: Means) -> Self {
        match means {
            Means::Column(column, _) => Self::Column(column),
            Means::Slack(row) => Self::Row(row),
        }
    }
}

/// Where the columns and rows that are arcs stand.
pub struct Stands {
    columns: Vec<Standing>,
    rows: Vec<Standing>,
    /// The arcs beside the tree, with what they carry.
    beside: Vec<(Key, f64)>,
    /// Which demands were alike.
    known: AreAlike,
}

impl Stands {
    /// Reads it off a flow.
    pub fn read(program: &LinearProgram, structure: &Structure, flow: &Flow, known: AreAlike) -> Self {
        let beside = flow.beside.iter().map(|&(arc, carries)| (structure.arcs[arc as usize].into(), carries));
        let mut this = Self {
            beside: beside.collect(),
            columns: vec![Standing::Empty; program.columns()],
            rows: vec![Standing::Empty; program.rows()],
            known,
        };
        for (means, &standing) in structure.arcs.iter().zip(&flow.standing) {
            match *means {
                Means::Column(column, _) => this.columns[column as usize] = standing,
                Means::Slack(row) => this.rows[row as usize] = standing,
            }
        }
        for (role, stands) in structure.roles.iter().zip(&mut this.rows) {
            if let Role::Side { at, .. } = *role
                && flow.joined.binary_search(&at).is_ok()
            {
                *stands = Standing::Tree;
            }
        }
        this
    }

    /// Tells a network which side rows were looked at, and what the arcs beside the tree carried.
    pub fn join(&self, structure: &mut Structure) {
        if structure.network.sides.is_empty() {
            return;
        }
        let carried: FxHashMap<Key, f64> = self.beside.iter().copied().collect();
        let arcs = (0u32..).zip(&structure.arcs);
        structure.network.beside =
            arcs.filter_map(|(arc, means)| Some((arc, *carried.get(&Key::from(*means))?))).collect();
        for (role, stood) in structure.roles.iter().zip(&self.rows) {
            if let Role::Side { at, .. } = *role {
                structure.network.sides[at as usize].joins = *stood == Standing::Tree;
            }
        }
    }

    /// Gives the columns new positions: each with the one it had before, if it had one.
    pub fn renumber(&mut self, columns: impl Iterator<Item = Option<u32>>) {
        let mut now = vec![NONE; self.columns.len()];
        let mut standing = Vec::new();
        for (at, before) in (0u32..).zip(columns) {
            standing.push(before.map_or(Standing::Empty, |before| self.columns[before as usize]));
            if let Some(before) = before {
                now[before as usize] = at;
            }
        }
        self.columns = standing;
        self.beside.retain_mut(|(key, _)| match key {
            Key::Row(_) => true,
            Key::Column(column) => {
                *column = now[*column as usize];
                *column != NONE
            }
        });
    }

    /// Which demands were alike.
    pub fn take_known(&mut self) -> AreAlike {
        std::mem::replace(&mut self.known, AreAlike::Nothing)
    }

    /// Where each arc of a network stands.
    pub fn of(&self, structure: &Structure) -> Vec<Standing> {
        let standing = structure.arcs.iter().map(|means| match *means {
            Means::Column(column, _) => self.columns[column as usize],
            Means::Slack(row) => self.rows[row as usize],
        });
        standing.collect()
    }
}
