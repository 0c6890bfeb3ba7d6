//! Where the arcs stood, in terms of a program: another network of the same program can start there.

use super::merged::AreAlike;
use super::simplex::{Flow, Standing};
use super::structure::{Means, Role, Structure};
use crate::lp::LinearProgram;

/// Where the columns and rows that are arcs stand.
pub struct Stands {
    columns: Vec<Standing>,
    rows: Vec<Standing>,
    /// Which demands were alike.
    known: AreAlike,
}

impl Stands {
    /// Reads it off a flow.
    pub fn read(program: &LinearProgram, structure: &Structure, flow: &Flow, known: AreAlike) -> Self {
        let mut this = Self {
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

    /// Tells a network which side rows were looked at.
    pub fn join(&self, structure: &mut Structure) {
        for (role, stood) in structure.roles.iter().zip(&self.rows) {
            if let Role::Side { at, .. } = *role {
                structure.network.sides[at as usize].joins = *stood == Standing::Tree;
            }
        }
    }

    /// Gives the columns new positions: each with the one it had before, if it had one.
    pub fn renumber(&mut self, columns: impl Iterator<Item = Option<u32>>) {
        let stood = |before: Option<u32>| before.map_or(Standing::Empty, |at| self.columns[at as usize]);
        self.columns = columns.map(stood).collect();
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
