//! Pivots: what enters goes round its cycle in the tree, what is beside the tree makes up for what that does to the side
//! rows, and the first to reach a limit leaves.

use super::super::simplex::{Arc, Standing};
use super::super::tree::Known;
use super::working_basis::unmixed;
use super::{Column, Sided};

/// Effects smaller than this are rounding.
const NOTHING: f64 = 1e-9;
/// Steps that differ by less are the same length.
const SAME_STEP: f64 = 1e-11;

/// What leaves the basis.
#[derive(Debug, Clone, Copy)]
enum Leaving {
    Beside(usize),
    /// The link of a node to its parent.
    Link(u32),
}

impl Sided<'_> {
    /// Sends an amount of a column round its cycle, in `up`.
    fn send_round(&mut self, column: Column, amount: f64) {
        let Column::Arc(arc) = column else { return };
        let Arc { from, to, .. } = self.search.tree.arcs[arc];
        let top = self.search.tree.meeting(from, to);
        for (start, amount) in [(to, amount), (from, -amount)] {
            let mut node = start;
            while node != top {
                if !self.is_touched[node as usize] {
                    self.is_touched[node as usize] = true;
                    self.touched.push(node);
                }
                self.up[node as usize] += amount;
                node = self.search.tree.parent(node);
            }
        }
    }

    fn forget_round(&mut self) {
        for node in self.touched.drain(..) {
            self.up[node as usize] = 0.0;
            self.is_touched[node as usize] = false;
        }
    }

    /// What a unit of a column does to the side rows round its cycle, and what it costs without their prices.
    pub fn effect(&mut self, column: Column) -> (Vec<(usize, f64)>, f64) {
        let arc = match column {
            Column::Unused(row) => return (vec![(row, 1.0)], 0.0),
            Column::Broken(row, sign) => return (vec![(row, sign)], self.short()),
            Column::Arc(arc) => arc,
        };
        let mut effect = self.own_entries(arc).to_vec();
        let mut cost = self.own_cost(arc);
        let Arc { from, to, .. } = self.search.tree.arcs[arc];
        let top = self.search.tree.meeting(from, to);
        for (start, sign) in [(to, 1.0), (from, -1.0)] {
            let mut node = start;
            while node != top {
                let link = self.search.tree.link(node) as usize;
                let along = if self.search.tree.arcs[link].from == node { sign } else { -sign };
                cost += along * self.own_cost(link);
                effect.extend(self.own_entries(link).iter().map(|&(row, value)| (row, along * value)));
                node = self.search.tree.parent(node);
            }
        }
        (effect, cost)
    }

    /// As much of a column enters as can, or less of it if it is to shrink; the first to reach a limit leaves.
    pub fn pivot(&mut self, entering: Column, grows: bool) -> Option<()> {
        let (effect, cost) = self.effect(entering);
        let made_of = self.basis.solve(&effect);
        let moves: Vec<f64> =
            made_of.iter().map(|share| if share.abs() > NOTHING { *share } else { 0.0 }).collect();
        let (value, most) = self.value(entering);
        let room = if grows { most - value } else { value };
        let sign = if grows { 1.0 } else { -1.0 };
        self.send_round(entering, sign);
        for (at, share) in moves.iter().enumerate().filter(|(_, share)| **share != 0.0) {
            self.send_round(self.beside[at], -sign * share);
        }
        let (step, leaving) = self.longest_step(sign, room, &moves);
        if step == f64::INFINITY {
            return None;
        }
        if step > 0.0 {
            self.go(entering, sign, step, &moves);
        }
        self.forget_round();
        let Some((leaving, full)) = leaving else {
            self.put_out(entering, grows);
            return Some(());
        };
        if let Column::Arc(arc) = entering {
            self.search.tree.standing[arc] = Standing::Tree;
        }
        let price = cost - effect.iter().map(|&(row, value)| self.prices[row] * value).sum::<f64>();
        match leaving {
            Leaving::Beside(at) => {
                self.put_out(self.beside[at], full);
                self.replace(at, entering, price, &made_of);
            }
            Leaving::Link(node) => self.cut(node, full, entering, price, made_of)?,
        }
        Some(())
    }

    /// How far a step can go, and what stops it.
    fn longest_step(&self, sign: f64, room: f64, moves: &[f64]) -> (f64, Option<(Leaving, bool)>) {
        let mut step = room;
        let mut stops: Option<(Leaving, bool)> = None;
        let mut firmest = 0.0;
        let mut look = |room: f64, rate: f64, leaving: Leaving, full: bool| {
            let length = room.max(0.0) / rate;
            if length < step - SAME_STEP || (length <= step + SAME_STEP && rate > firmest) {
                step = step.min(length);
                (stops, firmest) = (Some((leaving, full)), rate);
            }
        };
        for (at, share) in moves.iter().enumerate().filter(|(_, share)| **share != 0.0) {
            let (value, most) = self.value(self.beside[at]);
            let grows = -sign * share > 0.0;
            look(if grows { most - value } else { value }, share.abs(), Leaving::Beside(at), grows);
        }
        for &node in &self.touched {
            let up = self.up[node as usize];
            if up.abs() > NOTHING {
                let room = self.search.tree.room(node, up > 0.0);
                let link = self.search.tree.link(node) as usize;
                let grows = (self.search.tree.arcs[link].from == node) == (up > 0.0);
                look(room, up.abs(), Leaving::Link(node), grows);
            }
        }
        (step, stops)
    }

    /// Takes a step.
    fn go(&mut self, entering: Column, sign: f64, step: f64, moves: &[f64]) {
        self.set_value(entering, self.value(entering).0 + sign * step);
        for (at, share) in moves.iter().enumerate().filter(|(_, share)| **share != 0.0) {
            let (value, most) = self.value(self.beside[at]);
            self.set_value(self.beside[at], (value - sign * step * share).clamp(0.0, most));
        }
        for &node in &self.touched {
            let link = self.search.tree.link(node) as usize;
            let along = self.search.tree.arcs[link].from == node;
            let more = step * self.up[node as usize];
            self.search.tree.flow[link] += if along { more } else { -more };
        }
    }

    /// A column takes the place of another beside the tree.
    fn replace(&mut self, at: usize, entering: Column, price: f64, made_of: &[f64]) {
        let row = self.basis.row(at);
        let by = price / made_of[at];
        self.prices.iter_mut().zip(row).for_each(|(price, of_row)| *price += by * of_row);
        self.basis.replace(at, made_of);
        self.beside[at] = entering;
        self.changes += 1;
        self.charge();
    }

    /// The link of a node leaves the tree, and a column enters whose cycle goes over it: the one that enters the basis,
    /// or one beside the tree, whose place that one then takes.
    fn cut(
        &mut self,
        node: u32,
        full: bool,
        entering: Column,
        price: f64,
        mut made_of: Vec<f64>,
    ) -> Option<()> {
        let out = self.search.tree.link(node) as usize;
        let over: Vec<f64> = (0..self.beside.len()).map(|at| self.over(self.beside[at], node)).collect();
        let of_entering = self.over(entering, node);
        if of_entering != 0.0 && over.iter().all(|over| *over == 0.0) {
            // The tree changes where no cycle beside it goes, and nothing else does.
            let Column::Arc(arc) = entering else { return None };
            let price = self.search.tree.price(&self.search.tree.arcs[arc]);
            self.hang(entering, node, of_entering, if of_entering > 0.0 { price } else { price.opposite() });
            self.put_out(Column::Arc(out), full);
        } else if of_entering != 0.0 {
            self.put_in_tree(node, entering, price, &made_of, &over, of_entering);
            self.put_out(Column::Arc(out), full);
            self.charge();
        } else {
            let candidates = (0..over.len()).filter(|at| over[*at] != 0.0);
            let at = candidates.max_by(|&a, &b| made_of[a].abs().total_cmp(&made_of[b].abs()))?;
            self.change_places(node, at, &mut made_of, &over);
            self.put_out(Column::Arc(out), full);
            self.replace(at, entering, price, &made_of);
        }
        Some(())
    }

    /// What enters takes a node's link's place in the tree, so that the cycles over it change: each by a share of the
    /// cycle of what enters.
    fn put_in_tree(
        &mut self,
        node: u32,
        entering: Column,
        price: f64,
        made_of: &[f64],
        over: &[f64],
        of_entering: f64,
    ) {
        let shares: Vec<f64> = over.iter().map(|over| over / of_entering).collect();
        let left = 1.0 - shares.iter().zip(made_of).map(|(a, b)| a * b).sum::<f64>();
        let answers = self.basis.prices(&shares);
        let by = -price / left;
        self.prices.iter_mut().zip(answers).for_each(|(price, of_row)| *price += by * of_row);
        self.basis.take_off(made_of, &shares);
        self.hang(entering, node, of_entering, Known::default());
        self.changes += 1;
    }

    /// A column beside the tree and a node's link change places; `made_of` is put in terms of the new working basis.
    fn change_places(&mut self, node: u32, at: usize, made_of: &mut [f64], over: &[f64]) {
        let out = self.search.tree.link(node) as usize;
        let points_up = self.search.tree.arcs[out].from == node;
        let mut row: Vec<f64> = over.iter().map(|of_other| -of_other / over[at]).collect();
        row[at] = if points_up { 1.0 / over[at] } else { -1.0 / over[at] };
        self.basis.mix(at, &row);
        made_of[at] = unmixed(made_of, at, &row);
        self.hang(self.beside[at], node, over[at], Known::default());
        self.beside[at] = Column::Arc(out);
    }

    /// What of a unit round a column's cycle goes up over a node's link.
    fn over(&self, column: Column, node: u32) -> f64 {
        let Column::Arc(arc) = column else { return 0.0 };
        let Arc { from, to, .. } = self.search.tree.arcs[arc];
        f64::from(i8::from(self.is_below(to, node)) - i8::from(self.is_below(from, node)))
    }

    /// Whether a node is another, or below it.
    fn is_below(&self, mut node: u32, top: u32) -> bool {
        while node != top && node != self.search.tree.root {
            node = self.search.tree.parent(node);
        }
        node == top
    }

    /// Hangs what is below a node's link by an arc whose cycle goes over it.
    fn hang(&mut self, column: Column, node: u32, over: f64, by: Known) {
        let Column::Arc(arc) = column else { return };
        let Arc { from, to, .. } = self.search.tree.arcs[arc];
        let (below, above) = if over > 0.0 { (to, from) } else { (from, to) };
        self.search.tree.hang_anew(below, node, above, arc as u32, by);
    }
}
