//! Constraint 11 where sites may open or close, and limits on beds that close.

use crate::domain::moves::Choice;
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::domain::{PeriodIx, SiteIx};
use crate::formulation::Formulation;
use crate::formulation::keys::{ClosedBeds, ConstraintKey, OpenBeds, OpenSite};
use crate::formulation::moves::BedMoves;
use crate::formulation::sites::largest_open;
use crate::lp::{Bounds, ColumnIx};

/// Closure limit: only a share of a site's beds of a specialty closes in a period, unless the site does.
///
/// ∀ h, s, t:  close\[h,s,t\] ≤ limit · b\[h,s,t−1\] + M\[h,s\] · (1 − open\[h,t\])
///
/// with b\[h,s,0\] = B⁰\[h,s\]; the last part only where the site may close, with M the rest of its beds in the
/// first wave and later all that could be there (then [`add_closure_stock`] keeps new beds from closing at once).
/// Unit of the row: beds. Shadow price (≤ 0): one more bed that may close.
pub fn add_closure_limit(f: &mut Formulation, system: &CareSystem, moves: &BedMoves) {
    let limit = system.policy.closure_limit.map_or(0.0, |limit| limit.0);
    for period in system.opening_periods() {
        for (&(site, specialty), stock) in &system.beds {
            let Some(closed) = f.column(ClosedBeds { site, specialty, period }) else { continue };
            let earlier =
                system.wave_before(period).and_then(|period| f.column(OpenBeds { site, specialty, period }));
            let mut most = if earlier.is_none() { stock.available.0 * limit } else { 0.0 };
            let mut terms = vec![(closed, 1.0)];
            terms.extend(earlier.map(|open| (open, -limit)));
            let goes = system.choice_on(site).is_some_and(|choice| choice.choice == Choice::MayClose);
            if let Some(open) = f.column(OpenSite { site, period }).filter(|_| goes) {
                let rest = stock.available.0 * (1.0 - limit);
                let all = if earlier.is_none() { rest } else { moves.most_beds(site, specialty).0 };
                terms.push((open, all));
                most += all;
            }
            let key = ConstraintKey::ClosureLimit { site, specialty, period };
            f.add_constraint(key, Bounds::at_most(most), terms);
        }
    }
}

/// Closure stock: beds that close were there before. In the first wave the closure limit says so.
///
/// ∀ h that may close, s, t > 1:  close\[h,s,t\] ≤ b\[h,s,t−1\]
///
/// Without it a closing site could take beds of the pool and close them at once.
/// Unit of the row: beds. Shadow price (≤ 0): one more bed that may close.
pub fn add_closure_stock(f: &mut Formulation, system: &CareSystem) {
    for period in system.opening_periods() {
        let Some(before) = system.wave_before(period) else { continue };
        for &(site, specialty) in system.beds.keys() {
            let goes = system.choice_on(site).is_some_and(|choice| choice.choice == Choice::MayClose);
            let Some(closed) = f.column(ClosedBeds { site, specialty, period }).filter(|_| goes) else {
                continue;
            };
            let earlier = f.column(OpenBeds { site, specialty, period: before });
            let terms = [(closed, 1.0)].into_iter().chain(earlier.map(|open| (open, -1.0)));
            let key = ConstraintKey::ClosureStock { site, specialty, period };
            f.add_constraint(key, Bounds::at_most(0.0), terms);
        }
    }
}

/// Smallest and largest open: a site that may open or close has no beds where it is closed, and between its
/// smallest and its largest size where it is open.
///
/// ∀ h, t:  Σ_s b\[h,s,t\] − B̲\[h\] · open\[h,t\] ≥ 0  and  Σ_s b\[h,s,t\] − B̄\[h\] · open\[h,t\] ≤ 0
///
/// Unit of the rows: beds. Shadow price: one more bed demanded (≥ 0) or allowed (≤ 0), the sites open as they
/// are.
pub fn add_open_size(f: &mut Formulation, system: &CareSystem, moves: &BedMoves) {
    for period in system.opening_periods() {
        for choice in &system.policy.site_choices {
            let site = choice.site;
            let Some(open) = f.column(OpenSite { site, period }) else { continue };
            let smallest = system.sites[site].smallest_beds.unwrap_or(Beds::ZERO);
            let largest = largest_open(system, moves, site);
            let beds = beds_of(f, system, site, period);
            let at_least = beds.iter().copied().chain([(open, -smallest.0)]);
            let key = ConstraintKey::SmallestOpen { site, period };
            f.add_constraint(key, Bounds::at_least(0.0), at_least);
            let at_most = beds.iter().copied().chain([(open, -largest.0)]);
            f.add_constraint(ConstraintKey::LargestOpen { site, period }, Bounds::at_most(0.0), at_most);
        }
    }
}

fn beds_of(f: &Formulation, system: &CareSystem, site: SiteIx, period: PeriodIx) -> Vec<(ColumnIx, f64)> {
    let open = |specialty| f.column(OpenBeds { site, specialty, period });
    system.stocks_of(site).filter_map(|(specialty, _)| Some((open(specialty)?, 1.0))).collect()
}

/// Stays so: a site that closed stays closed, and one that opened stays open.
///
/// ∀ h, t:  open\[h,t\] − open\[h,t−1\] ≤ 0 where h may close, ≥ 0 where it may open
///
/// with open\[h,0\] = 1 and 0. Unit of the row: sites.
pub fn add_stays_so(f: &mut Formulation, system: &CareSystem) {
    for period in system.opening_periods() {
        for choice in &system.policy.site_choices {
            let site = choice.site;
            let Some(open) = f.column(OpenSite { site, period }) else { continue };
            let earlier = system.wave_before(period).and_then(|period| f.column(OpenSite { site, period }));
            let bounds = match (choice.choice, earlier) {
                (Choice::MayClose, None) => Bounds::at_most(1.0),
                (Choice::MayClose, Some(_)) => Bounds::at_most(0.0),
                (Choice::MayOpen, _) => Bounds::at_least(0.0),
            };
            let terms = [(open, 1.0)].into_iter().chain(earlier.map(|column| (column, -1.0)));
            f.add_constraint(ConstraintKey::StaysSo { site, period }, bounds, terms);
        }
    }
}
