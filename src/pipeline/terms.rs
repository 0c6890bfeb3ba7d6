//! Objective terms at a plan.
//!
//! A column that nothing pushes down may stand anywhere above what it measures: the worst share once groups are
//! settled, money moved where disruption is no aim. Terms are read off the decisions themselves.

use crate::domain::PeriodIx;
use crate::domain::policy::Term;
use crate::domain::system::CareSystem;
use crate::domain::units::Proportion;
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::{ConstraintKey, MoneyMoved, Unmet, VariableKey};
use crate::lp::RowIx;
use std::collections::BTreeMap;

/// The value of every term at a plan, in its unit, whichever of them the plan was optimised for.
pub fn terms(
    system: &CareSystem,
    points: &DemandPoints,
    f: &Formulation,
    columns: &[f64],
) -> BTreeMap<Term, f64> {
    let tight = money_moved_at_its_least(f, columns);
    let columns = &tight;
    Term::ALL
        .into_iter()
        .filter_map(|term| {
            let expression = f.term(term)?;
            // ζ itself runs free once the groups are settled, so the worst share is read off the groups.
            let value = match term {
                Term::Inequality => worst_shares(system, f, columns),
                Term::Unmet => match system.worst_tail() {
                    Some(tail) => tail.unmet_of(&losses(system, f, points, columns)),
                    None => expression.reported(expression.program_value(columns)),
                },
                _ => expression.reported(expression.program_value(columns)),
            };
            Some((term, value))
        })
        .collect()
}

/// Probability and weighted unmet need of each scenario, all waves added up. Thresholds and excesses run
/// free within a tolerance, so the worst tail is read off what is unmet.
fn losses(
    system: &CareSystem,
    f: &Formulation,
    points: &DemandPoints,
    columns: &[f64],
) -> Vec<(Proportion, f64)> {
    let mut losses = vec![(Proportion::ZERO, 0.0); system.scenarios()];
    for (period, _, stretch) in system.periods.iter() {
        let unmet = points.iter().map(|point| {
            point.weight
                * f.value_of(Unmet { area: point.area, specialty: point.specialty, period }, columns).0
        });
        let (probability, loss) = &mut losses[stretch.scenario];
        *probability = stretch.probability;
        *loss += unmet.sum::<f64>();
    }
    losses
}

/// Σ_t of the worst unmet share among the equity groups, by probability.
fn worst_shares(system: &CareSystem, f: &Formulation, columns: &[f64]) -> f64 {
    let mut worst: BTreeMap<PeriodIx, f64> = BTreeMap::new();
    for (column, key) in f.decisions() {
        if let VariableKey::GroupUnmetShare(share) = key {
            let so_far = worst.entry(share.period).or_default();
            *so_far = so_far.max(columns[column.get()]);
        }
    }
    let sum: f64 =
        worst.into_iter().map(|(period, share)| share * system.periods[period].probability.0).sum();
    f.term(Term::Inequality).map_or(sum, |term| term.reported(sum))
}

/// The columns with money moved off a service as what the plan takes off it, and no more: the least that the row
/// of its balance allows.
fn money_moved_at_its_least(f: &Formulation, columns: &[f64]) -> Vec<f64> {
    let mut tight = columns.to_vec();
    for (position, key) in (0u32..).zip(f.constraints()) {
        let ConstraintKey::MoneyBalance { council, service, period } = *key else { continue };
        let Some(moved) = f.column(MoneyMoved { council, service, period }) else { continue };
        let row = RowIx(position);
        let terms = f.program().row(row).filter(|(column, _)| *column != moved);
        let spent: f64 = terms.map(|(column, value)| value * columns[column.get()]).sum();
        tight[moved.get()] = (f.program().row_bounds()[row.get()].lower - spent).max(0.0);
    }
    tight
}
