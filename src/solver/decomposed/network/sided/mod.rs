//! The simplex method for a network with side rows: limits over arcs that are no part of the tree.
//!
//! A basis is a spanning tree and as many columns beside it as there are side rows: arcs out of the tree, and what a
//! row leaves unused. Round the cycle that each of them closes in the tree it has an effect on every side row; these
//! effects are the working basis, the one dense matrix here (Kennington and Helgason, Algorithms for Network
//! Programming, 1980). The prices of the side rows are charged to the arcs in them, so that for the tree everything is
//! as in a network without such rows.
//!
//! Most side rows have room at the best plan. So the search starts without them, and those that its flow breaks join.

mod pivots;
mod working_basis;

use super::simplex::{Arc, Flow, Missing, Network, Search, SideRow, Standing, Worth};
use super::tree::{NONE, Tree};
use working_basis::WorkingBasis;

/// A row is broken where its limit is passed by more than this part of it.
const BROKEN: f64 = 1e-9;
/// The working basis is made anew after so many changes.
const CHANGES: usize = 100;
/// Pivots for each node after which the search is given up.
const MOST_PIVOTS: usize = 100;
/// With more side rows the working basis would be too large.
const MOST_ROWS: usize = 1_500;
/// Pivots between two looks at the flag that stops the search.
const PIVOTS_AT_ONCE: usize = 256;
/// What a unit costs that no arc can bring, in the dearest arc's cost.
const SHORT: f64 = 1e3;
/// So often it is made so much dearer again, until no more is missing than must be.
const DEARER: usize = 3;
/// Amounts that differ by a smaller part are the same.
const SAME_MISSING: f64 = 1e-9;
/// Missing flow of less than this part of all flow is rounding.
const NOTHING_MISSING: f64 = 1e-12;

/// The flow at least cost among those that leave least missing, side rows and all, from where arcs stand. `None` when it
/// was stopped or found no end.
pub fn search(network: &Network, from: Option<Vec<Standing>>, stop: &dyn Fn() -> bool) -> Option<Flow> {
    let likely = (0u32..).zip(&network.sides).filter(|(_, row)| row.joins);
    let mut joined: Vec<u32> = likely.map(|(at, _)| at).collect();
    let mut from = from;
    if joined.is_empty() {
        let flow = network.search_without_sides(from, stop)?;
        joined = broken(&network.sides, &flow.flows);
        if joined.is_empty() {
            return Some(flow);
        }
        from = Some(flow.standing);
    }
    let standing = from.unwrap_or_else(|| network.first_standing());
    let mut sided = Sided::new(network, standing, &joined);
    while sided.rows.len() <= MOST_ROWS {
        let flow = sided.solve(stop)?;
        let mut more = broken(&network.sides, &flow.flows);
        more.retain(|row| flow.joined.binary_search(row).is_err());
        if more.is_empty() {
            return Some(flow);
        }
        for row in more {
            sided.join(row);
        }
    }
    None
}

/// Side rows whose limits a flow passes.
fn broken(sides: &[SideRow], flows: &[f64]) -> Vec<u32> {
    let is_broken = |row: &SideRow| {
        let activity = row.activity(flows);
        activity < row.least - allowed(row.least) || activity > row.most + allowed(row.most)
    };
    (0u32..).zip(sides).filter(|(_, row)| is_broken(row)).map(|(at, _)| at).collect()
}

/// By how much a limit may be passed.
fn allowed(limit: f64) -> f64 {
    BROKEN * limit.abs().max(1.0)
}

/// A basic column beside the tree, or one that may become one.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Column {
    /// What a side row leaves unused.
    Unused(usize),
    /// By how much a side row is broken: above its most (−1) or below its least (1).
    Broken(usize, f64),
    /// An arc out of the tree.
    Arc(usize),
}

/// What counts while the search goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    /// What arcs cost, and so much for each missing unit.
    Dear(f64),
    /// What is missing alone.
    OnlyMissing,
    /// What arcs cost, where nothing is missing and nothing may be.
    NothingMissing,
}

/// A tree and the working basis beside it, on their way to the best.
struct Sided<'a> {
    network: &'a Network,
    search: Search,
    /// The side rows that have joined: only these count.
    rows: Vec<&'a SideRow>,
    /// Their positions among all.
    joined: Vec<u32>,
    /// Arcs that stand in side rows, in order, with their entries.
    entries: Vec<(usize, Vec<(usize, f64)>)>,
    /// Where an arc is among them, or [`NONE`].
    place: Vec<u32>,
    /// What each row leaves unused: from nothing to its range.
    unused: Vec<f64>,
    /// By how much each row is broken.
    broken: Vec<f64>,
    /// The basic columns beside the tree, and the inverse of what they do to the rows.
    beside: Vec<Column>,
    basis: WorkingBasis,
    /// Arcs that carry something and are not in the basis yet.
    loose: Vec<usize>,
    /// Of the rows.
    prices: Vec<f64>,
    phase: Phase,
    /// How often the working basis has changed since it was made anew.
    changes: usize,
    /// Flow up from each node to its parent round the cycles at hand, and the nodes where there is any; nothing between
    /// pivots.
    up: Vec<f64>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
}

impl<'a> Sided<'a> {
    /// The tree of the arcs that stand in one; beside it what each row leaves unused, or by how much it is broken.
    fn new(network: &'a Network, mut standing: Vec<Standing>, joined: &[u32]) -> Self {
        network.beside.iter().for_each(|(arc, _)| standing[*arc as usize] = Standing::Empty);
        let mut search = Search::new(network, standing, &network.beside);
        // What is missing has a cost here as all else has.
        search.short = 0.0;
        let nodes = search.tree.root as usize + 1;
        let mut this = Self {
            network,
            loose: network.beside.iter().map(|(arc, _)| *arc as usize).collect(),
            place: vec![NONE; search.tree.real],
            search,
            rows: Vec::new(),
            joined: Vec::new(),
            entries: Vec::new(),
            unused: Vec::new(),
            broken: Vec::new(),
            beside: Vec::new(),
            basis: WorkingBasis::default(),
            prices: Vec::new(),
            phase: Phase::OnlyMissing,
            changes: 0,
            up: vec![0.0; nodes],
            touched: Vec::new(),
            is_touched: vec![false; nodes],
        };
        for row in joined {
            this.join(*row);
        }
        this
    }

    /// A side row joins; what it leaves unused, or by how much it is broken, is beside the tree.
    fn join(&mut self, row: u32) {
        let at = self.rows.len();
        let side = &self.network.sides[row as usize];
        for &(arc, value) in &side.entries {
            let arc = arc as usize;
            if self.place[arc] == NONE {
                self.place[arc] = self.entries.len() as u32;
                self.entries.push((arc, Vec::new()));
            }
            self.entries[self.place[arc] as usize].1.push((at, value));
        }
        let left = side.most - side.activity(&self.search.tree.flow);
        let within = left.clamp(0.0, side.most - side.least);
        let over = (left - within).abs();
        let is_kept = over <= allowed(side.most);
        self.unused.push(within);
        self.broken.push(if is_kept { 0.0 } else { over });
        self.beside.push(if is_kept {
            Column::Unused(at)
        } else {
            Column::Broken(at, if left < within { -1.0 } else { 1.0 })
        });
        self.prices.push(0.0);
        self.rows.push(side);
        self.joined.push(row);
    }

    /// As cheap as can be, where missing flow is dear; where some goes missing all the same, as little of it as can be.
    fn solve(&mut self, stop: &dyn Fn() -> bool) -> Option<Flow> {
        let dearest = self.network.dearest();
        let mut cost = SHORT * dearest;
        for _ in 0..DEARER {
            self.set_phase(Phase::Dear(cost), dearest)?;
            self.settle_loose(stop)?;
            self.improve(stop)?;
            let amount = self.missing();
            let missing = Missing { amount, worth: Worth::nothing(self.network), cost };
            let mut flow = self.flow(missing);
            if amount == 0.0 {
                return Some(if self.has_missing() {
                    self.without_missing(stop).unwrap_or(flow)
                } else {
                    flow
                });
            }
            self.set_phase(Phase::OnlyMissing, 1.0)?;
            self.improve(stop)?;
            let least = self.missing();
            if amount - least <= SAME_MISSING * amount {
                (flow.missing.amount, flow.missing.worth) = (least, self.worth());
                return Some(flow);
            }
            cost *= SHORT;
        }
        None
    }

    /// The same flow with prices that owe nothing to the cost of missing units: as long as arcs of missing flow are in the
    /// basis, even with no flow, whatever is beyond them is worth as much as a missing unit costs.
    fn without_missing(&mut self, stop: &dyn Fn() -> bool) -> Option<Flow> {
        self.set_phase(Phase::NothingMissing, self.network.dearest())?;
        self.improve(stop)?;
        Some(self.flow(Missing { amount: 0.0, worth: Worth::nothing(self.network), cost: 0.0 }))
    }

    /// Whether the basis has columns of missing flow.
    fn has_missing(&self) -> bool {
        let links = (0..self.search.tree.root).map(|node| Column::Arc(self.search.tree.link(node) as usize));
        links.chain(self.beside.iter().copied()).any(|column| self.is_missing(column))
    }

    fn is_missing(&self, column: Column) -> bool {
        match column {
            Column::Unused(_) => false,
            Column::Broken(..) => true,
            Column::Arc(arc) => arc >= self.search.tree.real,
        }
    }

    /// What counts, and the dearest cost there.
    fn set_phase(&mut self, phase: Phase, dearest: f64) -> Option<()> {
        self.phase = phase;
        let most = self.most_missing();
        let real = self.search.tree.real;
        self.search.tree.arcs[real..].iter_mut().for_each(|arc| arc.capacity = most);
        self.search.set_dearest(dearest);
        self.charge_anew()
    }

    /// What a missing unit costs.
    fn short(&self) -> f64 {
        match self.phase {
            Phase::Dear(cost) => cost,
            Phase::OnlyMissing => 1.0,
            Phase::NothingMissing => 0.0,
        }
    }

    /// The most flow of an arc of missing flow.
    fn most_missing(&self) -> f64 {
        if self.phase == Phase::NothingMissing { 0.0 } else { f64::INFINITY }
    }

    /// How much is missing; nothing where it is rounding.
    fn missing(&self) -> f64 {
        let real = self.search.tree.real;
        let missing = self.search.tree.flow[real..].iter().sum::<f64>() + self.broken.iter().sum::<f64>();
        let all: f64 = self.search.tree.flow.iter().sum();
        if missing <= NOTHING_MISSING * all { 0.0 } else { missing }
    }

    fn flow(&self, missing: Missing) -> Flow {
        let Tree { real, flow, standing, .. } = &self.search.tree;
        let beside = self.beside.iter().filter_map(|column| match *column {
            Column::Arc(arc) if arc < *real => Some((arc as u32, flow[arc])),
            _ => None,
        });
        let mut joined = self.joined.clone();
        joined.sort_unstable();
        Flow {
            flows: flow[..*real].to_vec(),
            standing: standing[..*real].to_vec(),
            worth: self.worth(),
            joined,
            beside: beside.collect(),
            missing,
        }
    }

    /// Potentials, and prices of all side rows.
    fn worth(&self) -> Worth {
        let mut sides = vec![0.0; self.network.sides.len()];
        for ((&row, side), &price) in self.joined.iter().zip(&self.rows).zip(&self.prices) {
            // A row without a least can have a price above nothing by rounding alone.
            sides[row as usize] = if side.least.is_finite() { price } else { price.min(0.0) };
        }
        let potentials = (0..self.search.tree.root).map(|node| self.search.tree.known(node).potential);
        Worth { potentials: potentials.collect(), sides }
    }

    /// Brings arcs that carry something into the basis, or to one of their limits.
    fn settle_loose(&mut self, stop: &dyn Fn() -> bool) -> Option<()> {
        while let Some(arc) = self.loose.pop() {
            if self.loose.len().is_multiple_of(PIVOTS_AT_ONCE) && stop() {
                return None;
            }
            let Arc { capacity, .. } = self.search.tree.arcs[arc];
            let carries = self.search.tree.flow[arc];
            if carries <= 0.0 || carries >= capacity {
                self.put_out(Column::Arc(arc), carries > 0.0);
                continue;
            }
            let price = self.search.tree.price(&self.search.tree.arcs[arc]).potential;
            self.enter(Column::Arc(arc), price < -self.search.worth)?;
        }
        Some(())
    }

    /// Pivots as long as anything saves.
    fn improve(&mut self, stop: &dyn Fn() -> bool) -> Option<()> {
        let most = MOST_PIVOTS * (self.up.len() + self.rows.len());
        for pivots in 0..most {
            if pivots % PIVOTS_AT_ONCE == 0 && stop() {
                return None;
            }
            let mut entering = self.entering();
            if entering.is_none() {
                // What is kept up has come about in many steps: without their rounding there may be one.
                self.charge_anew()?;
                self.refill();
                entering = self.entering();
            }
            let Some(entering) = entering else { return Some(()) };
            let grows = match entering {
                Column::Arc(arc) => self.search.tree.standing[arc] == Standing::Empty,
                other => self.value(other).0 <= 0.0,
            };
            self.enter(entering, grows)?;
        }
        None
    }

    /// A column enters the basis; the working basis is made anew from time to time.
    fn enter(&mut self, column: Column, grows: bool) -> Option<()> {
        self.pivot(column, grows)?;
        if self.changes >= CHANGES {
            self.charge_anew()?;
        }
        Some(())
    }

    /// Works out the flow anew: what tree arcs carry, and then how much of each column beside the tree the rows ask for.
    fn refill(&mut self) {
        self.search.tree.refill(&self.network.supply);
        let left = |(at, row): (usize, &&SideRow)| {
            let beside = self.beside.iter().find_map(|column| match column {
                Column::Broken(of, sign) if *of == at => Some(sign * self.broken[at]),
                _ => None,
            });
            row.most - row.activity(&self.search.tree.flow) - self.unused[at] - beside.unwrap_or(0.0)
        };
        let left: Vec<(usize, f64)> = self.rows.iter().enumerate().map(|of| (of.0, left(of))).collect();
        for (at, more) in self.basis.solve(&left).into_iter().enumerate() {
            self.set_value(self.beside[at], self.value(self.beside[at]).0 + more);
        }
        self.search.tree.refill(&self.network.supply);
    }

    fn is_beside(&self, column: Column) -> bool {
        self.beside.contains(&column)
    }

    /// The column that is to enter: what a side row leaves unused, where its price has the wrong sign, else an arc.
    fn entering(&mut self) -> Option<Column> {
        let mut best = None;
        let mut most = self.search.worth;
        for (row, &price) in self.prices.iter().enumerate() {
            let range = self.rows[row].most - self.rows[row].least;
            // A unit more of what is unused costs −price.
            let saves = if self.unused[row] <= 0.0 {
                price
            } else if self.unused[row] >= range {
                -price
            } else {
                0.0
            };
            if saves > most && range > 0.0 && !self.is_beside(Column::Unused(row)) {
                (best, most) = (Some(Column::Unused(row)), saves);
            }
        }
        best.or_else(|| self.search.next_entering().map(Column::Arc))
    }

    /// What an arc costs itself in this phase.
    fn own_cost(&self, arc: usize) -> f64 {
        match arc < self.search.tree.real {
            true if self.phase == Phase::OnlyMissing => 0.0,
            true => self.network.arcs[arc].cost,
            false => self.short(),
        }
    }

    fn own_entries(&self, arc: usize) -> &[(usize, f64)] {
        match self.place.get(arc) {
            Some(&place) if place != NONE => &self.entries[place as usize].1,
            _ => &[],
        }
    }

    /// Makes the working basis anew, and with it the prices, and what they make arcs cost.
    fn charge_anew(&mut self) -> Option<()> {
        let size = self.rows.len();
        let mut columns = Vec::with_capacity(size);
        let mut costs = Vec::with_capacity(size);
        for at in 0..size {
            let mut dense = vec![0.0; size];
            let (effect, cost) = self.effect(self.beside[at]);
            for (row, value) in effect {
                dense[row] += value;
            }
            columns.push(dense);
            costs.push(cost);
        }
        self.basis = WorkingBasis::of(&columns)?;
        self.prices = self.basis.prices(&costs);
        self.changes = 0;
        for arc in 0..self.search.tree.arcs.len() {
            self.search.tree.arcs[arc].cost = self.own_cost(arc);
        }
        self.charge();
        Some(())
    }

    /// Charges the prices of side rows to the arcs in them.
    fn charge(&mut self) {
        for (arc, entries) in &self.entries {
            let own = self.own_cost(*arc);
            let charged: f64 = entries.iter().map(|&(row, value)| self.prices[row] * value).sum();
            self.search.tree.arcs[*arc].cost = own - charged;
        }
        self.search.tree.refresh();
    }

    /// A column's value and the most of it.
    fn value(&self, column: Column) -> (f64, f64) {
        match column {
            Column::Unused(row) => (self.unused[row], self.rows[row].most - self.rows[row].least),
            Column::Broken(row, _) => (self.broken[row], self.most_missing()),
            Column::Arc(arc) => (self.search.tree.flow[arc], self.search.tree.arcs[arc].capacity),
        }
    }

    fn set_value(&mut self, column: Column, value: f64) {
        match column {
            Column::Unused(row) => self.unused[row] = value,
            Column::Broken(row, _) => self.broken[row] = value,
            Column::Arc(arc) => self.search.tree.flow[arc] = value,
        }
    }

    /// Puts a column out of the basis, at one of its limits.
    fn put_out(&mut self, column: Column, full: bool) {
        let full = full && !self.is_missing(column);
        let (_, most) = self.value(column);
        self.set_value(column, if full { most } else { 0.0 });
        if let Column::Arc(arc) = column {
            self.search.tree.standing[arc] = if full { Standing::Full } else { Standing::Empty };
        }
    }
}

#[cfg(test)]
mod tests;
