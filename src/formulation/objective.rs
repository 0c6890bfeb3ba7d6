//! Objective terms, one function for each. Each is kept apart from the others, with its unit.

use super::Formulation;
use super::constraints::equity::shares_in_one;
use super::demand_points::{DemandPoint, DemandPoints};
use super::keys::{MoneyMoved, NewBeds, OpenSite, SpendStep, Unmet, VariableKey, WorstUnmetShare};
use super::measures;
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
    /// The reported value is this many times the program's (money is held in millions, shares in small units).
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

/// `unmet`: Σ p\[t\] w\[a\] υ\[s\] u\[a,s,t\], weighted occupied beds. p is the probability of the period's
/// scenario of need, 1 where there is one only; it stands before everything that differs by scenario.
///
/// Where the worst tail τ of the scenarios has the weight λ: λ (q + 1/τ Σ_k p\[k\] z\[k\]) (see
/// `constraints::risk`), and the sum above (1 − λ).
pub fn add_unmet(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    let mut coefficients = Vec::new();
    let mut mean = 1.0;
    if let Some(tail) = system.worst_tail() {
        mean = 1.0 - tail.weight.0;
        let part = tail.weight.0 / tail.part.0;
        coefficients = columns_of(f, |key| match key {
            VariableKey::UnmetThreshold(_) => Some(tail.weight.0),
            VariableKey::UnmetExcess(excess) => Some(system.periods[excess.period].probability.0 * part),
            _ => None,
        });
    }
    for (period, _, stretch) in system.periods.iter() {
        for point in points.iter() {
            let unmet = f.column(Unmet { area: point.area, specialty: point.specialty, period });
            coefficients.extend(unmet.map(|column| (column, point.weight * stretch.probability.0 * mean)));
        }
    }
    f.terms.insert(Term::Unmet, TermExpression::new(coefficients));
}

/// `inequality`: Σ_t p\[t\] ζ\[t\], share. The program holds shares in small units: see
/// [`super::constraints::equity::shares_in_one`].
pub fn add_inequality(f: &mut Formulation, system: &CareSystem) {
    let worst: Vec<_> = system
        .periods
        .iter()
        .filter_map(|(period, _, stretch)| {
            Some((f.column(WorstUnmetShare { period })?, stretch.probability.0))
        })
        .collect();
    if !worst.is_empty() {
        let scale = 1.0 / shares_in_one(system);
        f.terms.insert(Term::Inequality, TermExpression { scale, ..TermExpression::new(worst) });
    }
}

/// `travel`: Σ p\[t\] ( Σ T(τ(a,h)) x\[a,h,s,t\] + Σ T(min_h τ(a,h)) u\[a,s,t\] ), patient-bed minutes.
///
/// Unmet need weighs what the journey to the nearest acute site in reach would, so that leaving out those who
/// live far away saves nothing. Where no site is in reach it weighs a journey at the travel limit.
pub fn add_travel(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    let mut coefficients = Vec::new();
    for (period, _, stretch) in system.periods.iter() {
        let likely = stretch.probability.0;
        for point in points.iter() {
            for (reachable, treated) in f.treated(point, period) {
                let weight = system.policy.reach.weighted_minutes(reachable.minutes) * likely;
                if weight.0 > 0.0 {
                    coefficients.push((treated, weight.0));
                }
            }
            let weight = unmet_journey(system, point) * likely;
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
    let coefficients = columns_of(f, |key| match key {
        VariableKey::MoneyMoved(MoneyMoved { period, .. }) => {
            Some(1.0 / per_bed.0 * system.periods[*period].probability.0)
        }
        VariableKey::BedsOut(_) | VariableKey::ConvertedFrom(_) | VariableKey::ClosedBeds(_) => Some(1.0),
        _ => None,
    });
    f.terms.insert(Term::Disruption, TermExpression::new(coefficients));
}

/// `cost`: new beds by their yearly cost, what councils spend, a year's part of what it costs to move beds, the
/// fixed cost of sites open less the running cost of beds closed, and what the measures besides beds cost, £ a
/// year. With several waves the yearly costs of all of them are added up: a new bed, a bed moved and one
/// closed count in their own wave and in each later one.
pub fn add_cost(f: &mut Formulation, system: &CareSystem) {
    let bed_year = MillionPounds::from(system.policy.costs.bed_year());
    let mut coefficients = columns_of(f, |key| match key {
        VariableKey::NewBeds(NewBeds { period, .. }) => Some(bed_year.0 * system.waves_from(*period) as f64),
        _ => None,
    });
    coefficients.extend(columns_of(f, |key| match key {
        VariableKey::SpendStep(SpendStep { period, .. }) => Some(system.periods[*period].probability.0),
        _ => None,
    }));
    coefficients.extend(move_costs(f, system));
    coefficients.extend(measures::costs(f, system));
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
    let waves: f64 = system.periods.iter().map(|(_, _, stretch)| stretch.probability.0).sum();
    let constant = floors.0 * waves;
    f.terms.insert(Term::Cost, TermExpression { coefficients, constant, scale: 1e6 });
}

/// What each bed moved costs, written off like a building; what beds closed save and sites open cost.
fn move_costs(f: &Formulation, system: &CareSystem) -> Vec<(ColumnIx, f64)> {
    let policy = &system.policy;
    let yearly = |once: Option<Pounds>| once.map(|once| MillionPounds::from(policy.costs.yearly(once)).0);
    let reallocated = yearly(policy.reallocation.map(|rule| rule.cost_per_bed));
    let converted = yearly(policy.conversion.map(|rule| rule.cost_per_bed));
    let running = MillionPounds::from(policy.costs.bed_equivalent()).0;
    let waves = |period| system.waves_from(period) as f64;
    columns_of(f, |key| match key {
        VariableKey::BedsOut(x) => Some(reallocated? * waves(x.period)),
        VariableKey::ConvertedFrom(x) => Some(converted? * waves(x.period)),
        VariableKey::ClosedBeds(x) => Some(-running * waves(x.period)),
        VariableKey::OpenSite(OpenSite { site, .. }) => {
            Some(MillionPounds::from(system.choice_on(*site)?.fixed_cost).0)
        }
        _ => None,
    })
}

/// The columns to which `value` gives a coefficient. It is not asked about those treated.
fn columns_of(f: &Formulation, value: impl Fn(&VariableKey) -> Option<f64>) -> Vec<(ColumnIx, f64)> {
    f.decisions().filter_map(|(column, key)| Some((column, value(&key)?))).collect()
}
