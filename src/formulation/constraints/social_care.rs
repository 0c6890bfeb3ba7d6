//! Constraints 8 and 9: discharge, and the social-care split.

use super::step_down::paid_by_council;
use crate::domain::system::CareSystem;
use crate::domain::units::{MillionPounds, OccupiedBeds};
use crate::domain::{CouncilIx, PeriodIx, ServiceIx};
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, MoneyMoved, PooledMoney, ReleasedShare, SpendStep};
use crate::formulation::measures::paid_by_nhs;
use crate::formulation::social_care::CouncilCare;
use crate::lp::{Bounds, ColumnIx};

/// Discharge: the delay a council releases is what its spend buys beyond what today's spend buys.
///
/// ∀ c, t:  Σ_s Δ\[c,s,t\] r\[c,s,t\] − Σ_{k,j} e\[c,k,j\] y\[c,k,j,t\] ≤ − Σ_k e\[c,k,0\] (1 − f\[c,k\]) S⁰\[c,k\]
///
/// Today's delay is measured at today's spend, so what that spend releases already is taken off: a
/// council that changes nothing releases nothing more.
/// Unit of the row: occupied beds. Shadow price (≤ 0): one more bed released without paying for it.
pub fn add_discharge(f: &mut Formulation, system: &CareSystem, care: &CouncilCare) {
    if system.policy.social_care.is_none() {
        return;
    }
    for period in system.periods.indices() {
        for council in system.councils.indices() {
            let mut terms: Vec<(ColumnIx, f64)> = Vec::new();
            for specialty in system.specialties.indices() {
                let delay = care.deliverable_delay(council, specialty, period);
                if let Some(released) = f.column(ReleasedShare { council, specialty, period }) {
                    terms.push((released, delay.0));
                }
            }
            let mut today = OccupiedBeds::ZERO;
            for service in system.services.indices() {
                let curve = care.curve(council, service, period);
                today += curve.released_today();
                for (step, slope) in (0u8..).zip(curve.slopes()) {
                    if let Some(spend) = f.column(SpendStep { council, service, step, period }) {
                        terms.push((spend, -slope));
                    }
                }
            }
            f.add_constraint(ConstraintKey::Discharge { council, period }, Bounds::at_most(-today.0), terms);
        }
    }
}

/// Council budget: what a council spends is within its budget and what it receives.
///
/// ∀ c, t:  Σ_k ( f\[c,k\] S⁰\[c,k\] + Σ_j y\[c,k,j,t\] ) + κ Σ_{τ≤t,h} council\[h,τ\] ≤ Γ\[c,t\] + P\[c,t\]
///
/// The last sum on the left is what the council pays for step-down beds.
/// The floor of each service is part of S by definition, so S ≥ f S⁰ always holds.
/// Unit of the row: £ million a year. Shadow price (≤ 0): one more £ million in the council's budget.
pub fn add_council_budgets(f: &mut Formulation, system: &CareSystem) {
    let Some(policy) = &system.policy.social_care else { return };
    for period in system.periods.indices() {
        for (council, _, place) in system.councils.iter() {
            let mut terms: Vec<(ColumnIx, f64)> = Vec::new();
            let mut free = MillionPounds::from(place.budget);
            for service in system.services.indices() {
                let today = system.spend[(council, service)];
                free = free - MillionPounds::from(today * policy.floor_of(service));
                terms.extend(spend_steps(f, council, service, period));
            }
            terms.extend(f.column(PooledMoney { council, period }).map(|column| (column, -1.0)));
            terms.extend(paid_by_council(f, system, council, period));
            f.add_constraint(
                ConstraintKey::CouncilBudget { council, period },
                Bounds::at_most(free.0),
                terms,
            );
        }
    }
}

/// Pooled fund: what councils receive, and the step-down beds that the NHS pays for, stay within the fund.
///
/// ∀ t:  Σ_c P\[c,t\] + κ Σ_{τ≤t,h} nhs\[h,τ\] ≤ Q\[t\]
///
/// Unit of the row: £ million a year. Shadow price (≤ 0): one more £ million in the fund.
pub fn add_pooled_fund(f: &mut Formulation, system: &CareSystem) {
    let Some(policy) = &system.policy.social_care else { return };
    for period in system.periods.indices() {
        let mut terms: Vec<_> = system
            .councils
            .indices()
            .filter_map(|council| Some((f.column(PooledMoney { council, period })?, 1.0)))
            .collect();
        terms.extend(paid_by_nhs(f, system, period));
        let fund = MillionPounds::from(policy.pooled_fund);
        f.add_constraint(ConstraintKey::PooledFund { period }, Bounds::at_most(fund.0), terms);
    }
}

/// Money balance: money moved off a service is today's spend less the plan's, when that is positive.
///
/// ∀ c, k, t:  Σ_j y\[c,k,j,t\] + moved\[c,k,t\] ≥ (1 − f\[c,k\]) S⁰\[c,k\]
///
/// Unit of the row: £ million a year.
pub fn add_money_balance(f: &mut Formulation, system: &CareSystem) {
    let Some(policy) = &system.policy.social_care else { return };
    for period in system.periods.indices() {
        for council in system.councils.indices() {
            for service in system.services.indices() {
                let today = MillionPounds::from(system.spend[(council, service)]);
                let mut terms = spend_steps(f, council, service, period);
                terms.extend(f.column(MoneyMoved { council, service, period }).map(|column| (column, 1.0)));
                f.add_constraint(
                    ConstraintKey::MoneyBalance { council, service, period },
                    Bounds::at_least(today.0 * (1.0 - policy.floor_of(service).0)),
                    terms,
                );
            }
        }
    }
}

fn spend_steps(
    f: &Formulation,
    council: CouncilIx,
    service: ServiceIx,
    period: PeriodIx,
) -> Vec<(ColumnIx, f64)> {
    (0u8..).map_while(|step| Some((f.column(SpendStep { council, service, step, period })?, 1.0))).collect()
}
