//! THE MODEL: the one place to read, review and argue about.
//!
//! Sets, parameters and the reasons are in `docs/formulation.md`. [`build`] is the table of contents:
//! one call for each family of variables, constraints and objective terms, in the order of that text.

pub mod constraints;
pub mod demand_points;
pub mod demands;
pub mod ease;
pub mod induced;
pub mod keys;
pub mod measures;
pub mod moves;
pub mod objective;
mod positions;
pub mod reach;
pub mod sites;
pub mod social_care;
pub mod variables;
pub mod whole_beds;

use crate::domain::PeriodIx;
use crate::domain::policy::Term;
use crate::domain::system::CareSystem;
use crate::lp::{Bounds, ColumnIx, LinearProgram, RowIx, Sense};
use demand_points::{DemandPoint, DemandPoints};
use keys::{ConstraintKey, VariableFamily, VariableKey};
use objective::TermExpression;
use positions::{ColumnKeys, RowKeys};
use reach::ReachableSite;
use social_care::CouncilCare;
use std::collections::BTreeMap;

/// The program of a model, with the key of every column and row, and its objective terms.
#[derive(Debug, Clone)]
pub struct Formulation {
    program: LinearProgram,
    variables: ColumnKeys,
    constraints: RowKeys,
    terms: BTreeMap<Term, TermExpression>,
    price_rounding: f64,
}

/// Which parts of the program are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parts {
    /// Terms that look at minutes: leave out where areas are merged.
    pub travel: bool,
}

/// Builds the program over a set of demand points.
pub fn build(system: &CareSystem, points: &DemandPoints, parts: Parts) -> Formulation {
    let mut f = Formulation::new(system);
    f.price_rounding = induced::price_rounding(system);
    let care = CouncilCare::new(system);
    variables::add_treated(&mut f, system, points);
    variables::add_unmet(&mut f, system, points);
    let moves = moves::BedMoves::new(system);
    variables::add_beds(&mut f, system, &moves);
    variables::add_new_beds(&mut f, system);
    variables::add_money(&mut f, system, &care);
    variables::add_released_share(&mut f, system, &care);
    variables::add_unmet_shares(&mut f, system, points);
    constraints::risk::add_tail_variables(&mut f, system, points);
    moves::add_reallocated(&mut f, system, &moves);
    moves::add_converted(&mut f, system, &moves);
    sites::add_closed(&mut f, system, &moves);
    sites::add_open_sites(&mut f, system);
    measures::add_step_down_beds(&mut f, system);
    measures::add_roll_out(&mut f, system);
    measures::add_freed_beds(&mut f, system);

    constraints::demand::add_demand_balance(&mut f, system, points, &care);
    constraints::beds::add_bed_capacity(&mut f, system, points);
    constraints::beds::add_bed_stock(&mut f, system);
    constraints::beds::add_new_bed_pool(&mut f, system);
    constraints::agreements::add_agreements(&mut f, system);
    constraints::agreements::add_pins(&mut f, system);
    constraints::social_care::add_discharge(&mut f, system, &care);
    constraints::social_care::add_council_budgets(&mut f, system);
    constraints::social_care::add_pooled_fund(&mut f, system);
    constraints::social_care::add_money_balance(&mut f, system);
    constraints::beds::add_site_size(&mut f, system);
    constraints::equity::add_group_unmet(&mut f, system, points);
    constraints::equity::add_unmet_ceiling(&mut f, system);
    constraints::risk::add_scenario_losses(&mut f, system, points);
    constraints::step_down::add_step_down_capacity(&mut f, system, points);
    constraints::step_down::add_step_down_share(&mut f, system, points);
    constraints::step_down::add_step_down_stock(&mut f, system);
    constraints::step_down::add_step_down_pool(&mut f, system);
    constraints::prevention::add_prevention_budget(&mut f, system);
    constraints::prevention::add_roll_out_steps(&mut f, system);
    constraints::bed_management::add_freed_limit(&mut f, system);
    constraints::bed_management::add_bed_management_budget(&mut f, system);
    constraints::money::add_capital_limits(&mut f, system);
    constraints::money::add_revenue_limits(&mut f, system);
    constraints::money::add_nurse_limits(&mut f, system);
    constraints::moves::add_reallocation(&mut f, system, &moves);
    constraints::moves::add_reallocation_limit(&mut f, system);
    constraints::moves::add_conversion(&mut f, system, &moves);
    constraints::moves::add_conversion_limit(&mut f, system);
    constraints::sites::add_closure_limit(&mut f, system, &moves);
    constraints::sites::add_closure_stock(&mut f, system);
    constraints::sites::add_open_size(&mut f, system, &moves);
    constraints::sites::add_stays_so(&mut f, system);
    constraints::precedence::add_closure_precedence(&mut f, system, &care);

    objective::add_unmet(&mut f, system, points);
    objective::add_inequality(&mut f, system);
    if parts.travel {
        objective::add_travel(&mut f, system, points);
    }
    objective::add_disruption(&mut f, system);
    objective::add_cost(&mut f, system);
    constraints::holds::add_term_holds(&mut f, system);
    f
}

impl Formulation {
    fn new(system: &CareSystem) -> Self {
        Self {
            program: LinearProgram::new(Sense::Minimise),
            variables: ColumnKeys::new(system),
            constraints: RowKeys::new(system),
            terms: BTreeMap::new(),
            price_rounding: 0.0,
        }
    }
    /// Creates a column and registers its key.
    fn add_variable(&mut self, key: impl Into<VariableKey>, bounds: Bounds) -> ColumnIx {
        self.variables.push(key.into());
        self.program.add_column(0.0, bounds)
    }
    /// Creates the columns of those treated of every point, one for each site in reach. They come before all others.
    fn add_treated(
        &mut self,
        periods: impl Iterator<Item = PeriodIx>,
        points: &DemandPoints,
        bounds: Bounds,
    ) {
        for period in periods {
            for point in points.iter() {
                let sites = point.sites.iter().map(|reachable| reachable.site);
                self.variables.push_treated(point.area, point.specialty, period, sites);
            }
        }
        self.program.add_columns(self.variables.len(), 0.0, bounds);
    }
    /// Creates a row and registers its key.
    fn add_constraint(
        &mut self,
        key: ConstraintKey,
        bounds: Bounds,
        terms: impl IntoIterator<Item = (ColumnIx, f64)>,
    ) -> RowIx {
        self.constraints.push(key);
        self.program.add_row(bounds, terms)
    }
    /// The column of a variable; `None` where the model has none.
    pub fn column(&self, key: impl Into<VariableKey>) -> Option<ColumnIx> {
        self.variables.find(&key.into()).map(|position| ColumnIx(position as u32))
    }
    /// Sites in reach of a point with the columns of those treated there, in order of site. The quick way to all of
    /// them at once.
    pub fn treated<'p>(
        &self,
        point: &'p DemandPoint,
        period: PeriodIx,
    ) -> impl Iterator<Item = (&'p ReachableSite, ColumnIx)> + use<'p> {
        let (first, sites) = self.variables.treated(point.area, point.specialty, period);
        debug_assert!(
            sites.is_empty() || sites.iter().eq(point.sites.iter().map(|reachable| &reachable.site)),
            "the program was built over this point"
        );
        let columns = (first as u32..).map(ColumnIx);
        point.sites.iter().zip(columns).take(sites.len())
    }
    /// The row of a constraint; `None` where the model has none.
    pub fn row(&self, key: ConstraintKey) -> Option<RowIx> {
        self.constraints.find(&key).map(|position| RowIx(position as u32))
    }
    /// The program, all costs zero: levels set their own.
    pub fn program(&self) -> &LinearProgram {
        &self.program
    }
    /// Reduced costs and prices up to this size are rounding.
    pub fn price_rounding(&self) -> f64 {
        self.price_rounding
    }
    /// The key of a column.
    pub fn variable(&self, column: ColumnIx) -> VariableKey {
        self.variables.key(column.get())
    }
    /// Keys of the columns, by position. The list is made when it is first asked for: in a large program it takes
    /// as long as any row of it, and most that look through it are after [`Self::decisions`] only.
    pub fn variables(&self) -> &[VariableKey] {
        self.variables.all()
    }
    /// All columns but those of who is treated where, with their keys, in order.
    pub fn decisions(&self) -> impl Iterator<Item = (ColumnIx, VariableKey)> + '_ {
        self.variables.further().map(|(position, key)| (ColumnIx(position as u32), key))
    }
    /// Keys of the rows, by position.
    pub fn constraints(&self) -> &[ConstraintKey] {
        self.constraints.all()
    }
    /// An objective term; `None` where it has no place in the program.
    pub fn term(&self, term: Term) -> Option<&TermExpression> {
        self.terms.get(&term)
    }
    /// The value of a variable at given column values; zero where the model has no such variable.
    pub fn value_of<F: VariableFamily>(&self, key: F, columns: &[f64]) -> F::Unit {
        use crate::domain::units::Quantity;
        F::Unit::from_value(self.column(key).map_or(0.0, |column| columns[column.get()]))
    }
}
