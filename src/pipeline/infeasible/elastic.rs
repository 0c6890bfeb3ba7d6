//! The elastic program: every demand with a slack.

use crate::formulation::demands::{Grip, Skeleton};
use crate::lp::{BoundSide, Bounds, ColumnIx, LinearProgram, Outcome, RowIx, Sense};
use crate::pipeline::error::RunError;
use crate::solver::Solver;
use std::collections::BTreeMap;

/// Duals up to this size, for weights of about one, are rounding.
const NO_PRICE: f64 = 1e-7;

/// Programs of whole beds are given up after so many nodes, which gives the same answer on every machine.
const NODES: u32 = 2_000;

/// What may become of a demand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Role {
    /// It holds.
    Firm,
    /// It may give way, each unit at a price.
    Priced(f64),
    /// It is not there.
    Free,
}

/// The least that must be given way.
#[derive(Debug, Clone)]
pub struct Least {
    /// The weighted sum.
    pub value: f64,
    /// How far each demand gives way.
    pub slacks: Vec<f64>,
    /// Demands with a price: these alone collide already. All of them where the solver gives no prices.
    pub priced: Vec<usize>,
}

/// A skeleton with a slack for every demand and setting.
pub struct Elastic {
    program: LinearProgram,
    /// Slack of each demand.
    slacks: Vec<ColumnIx>,
    /// Slack of each setting.
    settings: Vec<ColumnIx>,
    /// Rows in which a demand stands.
    rows: Vec<Vec<RowIx>>,
    solver: Box<dyn Solver>,
    /// Whether an answer that a limit cut short counts as one in which demands do not collide: what is told then
    /// holds, though it may name more than it takes.
    benefit_of_doubt: bool,
}

/// How many of its unit a column of the elastic program stands for, by the column of the skeleton: as many beds as a
/// ward has where a decision comes in wards, which is then integer.
pub struct Wards(pub Vec<Option<f64>>);

impl Elastic {
    /// Builds it; `wards` where beds come whole.
    pub fn new(skeleton: &Skeleton, wards: Option<&Wards>, mut solver: Box<dyn Solver>) -> Self {
        if wards.is_some() {
            solver.limit_nodes(NODES);
        }
        let old = skeleton.formulation.program();
        let ward = |column: ColumnIx| wards.and_then(|wards| wards.0.get(column.get()).copied().flatten());
        let mut program = LinearProgram::new(Sense::Minimise);
        for (at, (&bounds, &whole)) in
            (0u32..).map(ColumnIx).zip(old.column_bounds().iter().zip(old.integer()))
        {
            let size = ward(at).unwrap_or(1.0);
            let column = program.add_column(0.0, Bounds::between(bounds.lower / size, bounds.upper / size));
            if whole || ward(at).is_some() {
                program.set_integer(column);
            }
        }
        let sized = |(column, value): (ColumnIx, f64)| (column, value * ward(column).unwrap_or(1.0));
        let slack = |program: &mut LinearProgram| program.add_column(0.0, Bounds::exactly(0.0));
        let slacks: Vec<ColumnIx> = skeleton.demands.iter().map(|_| slack(&mut program)).collect();
        let settings: Vec<ColumnIx> = skeleton.settings.iter().map(|_| slack(&mut program)).collect();
        let mut in_rows: BTreeMap<RowIx, Vec<(ColumnIx, f64)>> = BTreeMap::new();
        let grips = skeleton.demands.iter().chain(&skeleton.settings).map(|(_, _, grips)| grips);
        for (grips, &column) in grips.zip(slacks.iter().chain(&settings)) {
            for grip in grips {
                if let Grip::Row(row, side, units) = grip {
                    in_rows.entry(*row).or_default().push((column, units * sign(*side)));
                }
            }
        }
        for (row, &bounds) in (0u32..).map(RowIx).zip(old.row_bounds()) {
            let slacks = in_rows.remove(&row).unwrap_or_default();
            program.add_row(bounds, old.row(row).map(sized).chain(slacks));
        }
        let mut rows = Vec::new();
        for ((_, _, grips), &column) in skeleton.demands.iter().zip(&slacks) {
            let own = grips.iter().map(|grip| match grip {
                Grip::Row(row, ..) => *row,
                Grip::Columns(columns, side, limit) => {
                    let bounds = match side {
                        BoundSide::Lower => Bounds::at_least(*limit),
                        BoundSide::Upper => Bounds::at_most(*limit),
                    };
                    let terms = columns.iter().map(|&c| sized((c, 1.0))).chain([(column, sign(*side))]);
                    program.add_row(bounds, terms)
                }
            });
            rows.push(own.collect());
        }
        Self { program, slacks, settings, rows, solver, benefit_of_doubt: wards.is_some() }
    }

    /// The least weighted sum of changes when each demand has its role; `None` where no changes of those that may
    /// give way do, or a limit stopped the solver.
    pub fn least(&mut self, role: impl Fn(usize) -> Role) -> Result<Option<Least>, RunError> {
        for (n, &slack) in self.slacks.iter().enumerate() {
            let (bounds, cost) = match role(n) {
                Role::Firm => (Bounds::exactly(0.0), 0.0),
                Role::Priced(price) => (Bounds::NON_NEGATIVE, price),
                Role::Free => (Bounds::NON_NEGATIVE, 0.0),
            };
            self.program.set_column_bounds(slack, bounds);
            self.program.set_cost(slack, cost);
        }
        let Outcome::Optimal(solution) = self.solver.solve(&self.program)? else { return Ok(None) };
        let has_price = |n: &usize| match &solution.duals {
            Some(duals) => self.rows[*n].iter().any(|row| duals.rows[row.get()].abs() > NO_PRICE),
            None => true,
        };
        Ok(Some(Least {
            value: solution.objective,
            slacks: self.slacks.iter().map(|slack| solution.columns[slack.get()].max(0.0)).collect(),
            priced: (0..self.slacks.len()).filter(has_price).collect(),
        }))
    }

    /// Whether some demands cannot all be met, whatever becomes of the others.
    pub fn collide(&mut self, some: &[usize], weights: &[f64]) -> Result<bool, RunError> {
        let mut there = vec![false; self.slacks.len()];
        for &n in some {
            there[n] = true;
        }
        let least = self.least(|n| if there[n] { Role::Priced(weights[n]) } else { Role::Free })?;
        Ok(least.map_or(!self.benefit_of_doubt, |least| least.value > super::NOTHING))
    }

    /// How far a setting must change when nothing else does; `None` where that does not do.
    pub fn setting_alone(&mut self, setting: usize) -> Result<Option<f64>, RunError> {
        let slack = self.settings[setting];
        self.program.set_column_bounds(slack, Bounds::NON_NEGATIVE);
        self.program.set_cost(slack, 1.0);
        let found = self.least(|_| Role::Firm);
        self.program.set_column_bounds(slack, Bounds::exactly(0.0));
        self.program.set_cost(slack, 0.0);
        Ok(found?.map(|least| least.value))
    }
}

/// A slack raises the activity of a row towards its lower side, and lowers it towards its upper side.
fn sign(side: BoundSide) -> f64 {
    match side {
        BoundSide::Lower => 1.0,
        BoundSide::Upper => -1.0,
    }
}
