//! Constraint 13: beds close only once other provision is there.

use crate::domain::system::CareSystem;
use crate::domain::{CommissionerIx, PeriodIx};
use crate::formulation::Formulation;
use crate::formulation::keys::{
    ClosedBeds, ConstraintKey, ReleasedShare, RollOut, StepDownByCouncil, StepDownByNhs,
};
use crate::formulation::social_care::CouncilCare;
use crate::lp::{Bounds, ColumnIx};
use std::collections::BTreeMap;

/// Closure precedence: what a commissioner's sites can no longer hold, because beds closed so far, is at most
/// what release, prevention and step-down beds took off its people's beds in the wave before.
///
/// ∀ q, t:  Σ_{h∈q,s} Σ_{τ≤t} ρ\[h,s\] close\[h,s,τ\] ≤ Σ_{a∈q,s} D δ r\[c(a),s,t−1\] + Σ_{a∈q,s,p} η\[p,s\] D π\[p,q,t−1\]
///   + σ ρ_c Σ_{community h∈q} Σ_{τ≤t−1} (nhs\[h,τ\] + council\[h,τ\])
///
/// with D of t−1. In the first of several waves nothing was provided yet and nothing closes; with one wave its own
/// provision takes the place of that of the wave before. In each scenario of need the provision is that of the
/// same scenario. Unit of the row: occupied beds. Shadow price (≤ 0): one more occupied bed provided for.
pub fn add_closure_precedence(f: &mut Formulation, system: &CareSystem, care: &CouncilCare) {
    if !system.policy.closure_precedence {
        return;
    }
    for period in system.periods.indices() {
        let mut rows: BTreeMap<CommissionerIx, Vec<(ColumnIx, f64)>> = BTreeMap::new();
        for (commissioner, term) in closed_so_far(f, system, period) {
            rows.entry(commissioner).or_default().push(term);
        }
        if let Some(before) = provided_in(system, period) {
            let provided = [released(f, system, care, before), prevented(f, system, before)];
            let provided = provided.into_iter().flatten().chain(stepped_down(f, system, before));
            for (commissioner, (column, beds)) in provided {
                // Where nothing can close there is nothing to hold back.
                if let Some(terms) = rows.get_mut(&commissioner) {
                    terms.push((column, -beds));
                }
            }
        }
        for (commissioner, terms) in rows {
            let key = ConstraintKey::ClosurePrecedence { commissioner, period };
            f.add_constraint(key, Bounds::at_most(0.0), terms);
        }
    }
}

/// The period whose provision lets beds close in a period: the same scenario of the wave before, or the period
/// itself where one wave is planned. `None` in the first of several waves.
fn provided_in(system: &CareSystem, period: PeriodIx) -> Option<PeriodIx> {
    if system.opening_periods().count() == 1 {
        return Some(period);
    }
    let now = &system.periods[period];
    let wave = now.wave.checked_sub(1)?;
    let same = |other: &PeriodIx| {
        let other = &system.periods[*other];
        other.wave == wave && other.scenario == now.scenario
    };
    system.periods.indices().find(same)
}

type OfCommissioner = (CommissionerIx, (ColumnIx, f64));

/// Occupied beds for which there is no room any more, by the commissioner of the site.
fn closed_so_far(f: &Formulation, system: &CareSystem, period: PeriodIx) -> Vec<OfCommissioner> {
    let wave = system.periods[period].wave;
    let so_far: Vec<_> =
        system.opening_periods().filter(|&opening| system.periods[opening].wave <= wave).collect();
    let stocks = system.beds.keys().flat_map(|&stock| so_far.iter().map(move |&period| (stock, period)));
    stocks
        .filter_map(|((site, specialty), period)| {
            let closed = f.column(ClosedBeds { site, specialty, period })?;
            let room = system.policy.occupancy.cap_at(site, specialty).0;
            Some((system.sites[site].commissioner, (closed, room)))
        })
        .collect()
}

/// Σ_{a∈q∩c} D δ for each r\[c,s,t\]: released delay, by the commissioner of those who go home.
fn released(
    f: &Formulation,
    system: &CareSystem,
    care: &CouncilCare,
    period: PeriodIx,
) -> Vec<OfCommissioner> {
    let mut beds: BTreeMap<(CommissionerIx, ColumnIx), f64> = BTreeMap::new();
    for (area, _, place) in system.areas.iter() {
        for specialty in system.specialties.indices() {
            let council = place.council;
            let Some(share) = f.column(ReleasedShare { council, specialty, period }) else { continue };
            let need = system.need_in(area, specialty, period);
            let delayed = need * care.delayed_share(council, specialty).0;
            *beds.entry((place.commissioner, share)).or_default() += delayed.0;
        }
    }
    beds.into_iter().map(|((commissioner, column), beds)| (commissioner, (column, beds))).collect()
}

/// Σ_{a∈q,s} η D for each π\[p,q,t\]: need prevented.
fn prevented(f: &Formulation, system: &CareSystem, period: PeriodIx) -> Vec<OfCommissioner> {
    let mut beds: BTreeMap<(CommissionerIx, ColumnIx), f64> = BTreeMap::new();
    for (area, _, place) in system.areas.iter() {
        let commissioner = place.commissioner;
        for (programme, _, rule) in system.programmes.iter() {
            let Some(roll_out) = f.column(RollOut { programme, commissioner, period }) else { continue };
            for (&specialty, share) in &rule.prevented {
                let need = system.need_in(area, specialty, period) * share.0;
                *beds.entry((commissioner, roll_out)).or_default() += need.0;
            }
        }
    }
    beds.into_iter().map(|((commissioner, column), beds)| (commissioner, (column, beds))).collect()
}

/// σ ρ_c for each step-down bed opened up to a period: acute beds that its patients leave, by the commissioner
/// of its site.
fn stepped_down(f: &Formulation, system: &CareSystem, until: PeriodIx) -> Vec<OfCommissioner> {
    let Some(rule) = &system.policy.step_down else { return Vec::new() };
    let each = rule.substitution.0 * rule.occupancy.0;
    let wave = system.periods[until].wave;
    let so_far = system.opening_periods().filter(|&opening| system.periods[opening].wave <= wave);
    let mut found = Vec::new();
    for period in so_far {
        for &site in system.community.keys() {
            let payers =
                [f.column(StepDownByNhs { site, period }), f.column(StepDownByCouncil { site, period })];
            let opened = payers.into_iter().flatten().map(|column| (column, each));
            found.extend(opened.map(|term| (system.sites[site].commissioner, term)));
        }
    }
    found
}
