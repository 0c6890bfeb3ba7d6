//! Objective terms, one function for each. Each is kept apart from the others, with its unit.

use super::Formulation;
use super::demand_points::{DemandPoint, DemandPoints};
use super::keys::{
    BedsOut, ConvertedFrom, MoneyMoved, NewBeds, SpendStep, Treated, Unmet, VariableKey, WorstUnmetShare,
};
use crate::domain::policy::Term;
use crate::domain::system::CareSystem;
use crate::domain::units::{MillionPounds, Minutes, Pounds};
use crate::lp::ColumnIx;

/// A linear expression over the program's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct TermExpression {
    /// Coefficients.
    pub coefficients: Vec<(ColumnIx, f64)>,
    /// What is added whatever the plan.
    pub constant: f64,
    /// The reported value is this many times the program's (money is held in millions).
    pub scale: f64,
}

impl TermExpression {
    fn new(coefficients: Vec<(ColumnIx, f64)>) -> Self {
        Self { coefficients, constant: 0.0, scale: 1.0 }
    }
    /// Its value as the program holds it, without the constant.
    pub fn program_value(&self, columns: &[f64]) -> f64 {
        self.coefficients.iter().map(|(column, value)| value * columns[column.get()]).sum()
    }
    /// Its value in the term's unit.
    pub fn reported(&self, program_value: f64) -> f64 {
        (program_value + self.constant) * self.scale
    }
}

/// `unmet`: Σ w\[a\] υ\[s\] u\[a,s,t\], weighted occupied beds.
pub fn add_unmet(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    let mut coefficients = Vec::new();
    for period in system.periods.indices() {
        for point in points.iter() {
            let unmet = f.column(Unmet { area: point.area, specialty: point.specialty, period });
            coefficients.extend(unmet.map(|column| (column, point.weight)));
        }
    }
    f.terms.insert(Term::Unmet, TermExpression::new(coefficients));
}

/// `inequality`: Σ_t ζ\[t\], share.
pub fn add_inequality(f: &mut Formulation, system: &CareSystem) {
    let worst: Vec<_> = system
        .periods
        .indices()
        .filter_map(|period| Some((f.column(WorstUnmetShare { period })?, 1.0)))
        .collect();
    if !worst.is_empty() {
        f.terms.insert(Term::Inequality, TermExpression::new(worst));
    }
}

/// `travel`: Σ T(τ(a,h)) x\[a,h,s,t\] + Σ T(min_h τ(a,h)) u\[a,s,t\], patient-bed minutes.
///
/// Unmet need weighs what the journey to the nearest site in reach would, so that leaving out those who
/// live far away saves nothing. Where no site is in reach it weighs a journey at the travel limit.
pub fn add_travel(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    let mut coefficients = Vec::new();
    for period in system.periods.indices() {
        for point in points.iter() {
            for reachable in &point.sites {
                let weight = system.policy.reach.weighted_minutes(reachable.minutes);
                let (area, site, specialty) = (point.area, reachable.site, point.specialty);
                if weight.0 > 0.0 {
                    let treated = f.column(Treated { area, site, specialty, period });
                    coefficients.extend(treated.map(|column| (column, weight.0)));
                }
            }
            let weight = unmet_journey(system, point);
            if weight.0 > 0.0 {
                let unmet = f.column(Unmet { area: point.area, specialty: point.specialty, period });
                coefficients.extend(unmet.map(|column| (column, weight.0)));
            }
        }
    }
    f.terms.insert(Term::Travel, TermExpression::new(coefficients));
}

/// What an occupied bed of unmet need weighs in `travel`.
fn unmet_journey(system: &CareSystem, point: &DemandPoint) -> Minutes {
    let minutes = point.nearest().unwrap_or_else(|| system.reach_limit(point.specialty));
    system.policy.reach.weighted_minutes(minutes)
}

/// `disruption`: money taken off services against today, in bed equivalents (£ ÷ the yearly running
/// cost of a bed), and beds moved to another site or another specialty or closed, each counted once.
pub fn add_disruption(f: &mut Formulation, system: &CareSystem) {
    let per_bed = MillionPounds::from(system.policy.costs.bed_equivalent());
    let moved = |key: &VariableKey| matches!(key, VariableKey::MoneyMoved(MoneyMoved { .. }));
    let mut coefficients = columns_of(f, moved, 1.0 / per_bed.0);
    let beds = |key: &VariableKey| {
        use VariableKey as V;
        matches!(key, V::BedsOut(_) | V::ConvertedFrom(_) | V::ClosedBeds(_))
    };
    coefficients.extend(columns_of(f, beds, 1.0));
    f.terms.insert(Term::Disruption, TermExpression::new(coefficients));
}

/// `cost`: new beds by their yearly cost, what councils spend, a year's part of what it costs to move
/// beds, and the fixed cost of sites open, less the running cost of beds closed, £ a year.
pub fn add_cost(f: &mut Formulation, system: &CareSystem) {
    let bed_year = MillionPounds::from(system.policy.costs.bed_year());
    let new = |key: &VariableKey| matches!(key, VariableKey::NewBeds(NewBeds { .. }));
    let spend = |key: &VariableKey| matches!(key, VariableKey::SpendStep(SpendStep { .. }));
    let mut coefficients = columns_of(f, new, bed_year.0);
    coefficients.extend(columns_of(f, spend, 1.0));
    coefficients.extend(move_costs(f, system));
    let floors: MillionPounds = match &system.policy.social_care {
        None => MillionPounds::ZERO,
        Some(policy) => system
            .councils
            .indices()
            .flat_map(|council| system.services.indices().map(move |service| (council, service)))
            .map(|(council, service)| {
                MillionPounds::from(system.spend[(council, service)] * policy.floor_of(service))
            })
            .sum(),
    };
    let constant = floors.0 * system.periods.len() as f64;
    f.terms.insert(Term::Cost, TermExpression { coefficients, constant, scale: 1e6 });
}

/// What each bed moved costs, written off like a building; what beds closed save and sites open cost.
fn move_costs(f: &Formulation, system: &CareSystem) -> Vec<(ColumnIx, f64)> {
    let policy = &system.policy;
    let yearly = |once| MillionPounds::from(policy.costs.yearly(once)).0;
    let mut costs = Vec::new();
    if let Some(reallocation) = policy.reallocation {
        let out = |key: &VariableKey| matches!(key, VariableKey::BedsOut(BedsOut { .. }));
        costs.extend(columns_of(f, out, yearly(reallocation.cost_per_bed)));
    }
    if let Some(conversion) = policy.conversion {
        let from = |key: &VariableKey| matches!(key, VariableKey::ConvertedFrom(ConvertedFrom { .. }));
        costs.extend(columns_of(f, from, yearly(conversion.cost_per_bed)));
    }
    let closed = |key: &VariableKey| matches!(key, VariableKey::ClosedBeds(_));
    let running = MillionPounds::from(policy.costs.bed_equivalent()).0;
    costs.extend(columns_of(f, closed, -running));
    for (&(site, _), &column) in &f.open_columns() {
        let fixed = system.choice_on(site).map_or(Pounds::ZERO, |choice| choice.fixed_cost);
        costs.push((column, MillionPounds::from(fixed).0));
    }
    costs
}

fn columns_of(f: &Formulation, wanted: impl Fn(&VariableKey) -> bool, value: f64) -> Vec<(ColumnIx, f64)> {
    (0u32..)
        .zip(f.variables())
        .filter(|(_, key)| wanted(key))
        .map(|(position, _)| (ColumnIx(position), value))
        .collect()
}
