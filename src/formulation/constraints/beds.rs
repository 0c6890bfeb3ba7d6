//! Constraints 2, 3, 4 and 11: capacity, stock, the pool, and the size of sites.

use super::moves::signed;
use crate::domain::system::{CareSystem, SiteKind};
use crate::domain::units::Beds;
use crate::domain::{Ix, PeriodIx, SiteIx, SpecialtyIx};
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::{ConstraintKey, FreedBeds, Movement, NewBeds, OpenBeds};
use crate::lp::{Bounds, ColumnIx};

/// Bed capacity: the patients of a site's specialty stay under the occupancy cap.
///
/// ∀ acute h, s, t:  Σ_a x\[a,h,s,t\] ≤ ρ\[h,s\] · b\[h,s,t\] + freed\[h,s,t\]
///
/// What shorter stays free is there where the model has bed management.
/// Unit of the row: occupied beds. Shadow price (≤ 0): one more occupied bed of room here.
pub fn add_bed_capacity(f: &mut Formulation, system: &CareSystem, points: &DemandPoints) {
    for period in system.periods.indices() {
        let treated = TreatedBySite::new(f, system, points, period);
        for &(site, specialty) in system.beds.keys() {
            let cap = system.policy.occupancy.cap_at(site, specialty);
            let open = f.column(OpenBeds { site, specialty, period });
            let freed = f.column(FreedBeds { site, specialty, period });
            let patients = treated.at(site, specialty).iter();
            let terms = patients
                .map(|&column| (column, 1.0))
                .chain(open.map(|column| (column, -cap.0)))
                .chain(freed.map(|column| (column, -1.0)));
            f.add_constraint(
                ConstraintKey::BedCapacity { site, specialty, period },
                Bounds::at_most(0.0),
                terms,
            );
        }
    }
}

/// Columns of those treated in a period, by site and specialty.
struct TreatedBySite {
    specialties: usize,
    starts: Vec<usize>,
    columns: Vec<ColumnIx>,
}

impl TreatedBySite {
    /// Counts the columns of each site and specialty, and then puts them there. O(columns).
    fn new(f: &Formulation, system: &CareSystem, points: &DemandPoints, period: PeriodIx) -> Self {
        let specialties = system.specialties.len();
        let mut next = vec![0; system.sites.len() * specialties + 1];
        for point in points.iter() {
            for (reachable, _) in f.treated(point, period) {
                next[reachable.site.get() * specialties + point.specialty.get() + 1] += 1;
            }
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        let starts = next.clone();
        let mut columns = vec![ColumnIx(0); next[next.len() - 1]];
        for point in points.iter() {
            for (reachable, column) in f.treated(point, period) {
                let free = &mut next[reachable.site.get() * specialties + point.specialty.get()];
                columns[*free] = column;
                *free += 1;
            }
        }
        Self { specialties, starts, columns }
    }
    /// In order of point.
    fn at(&self, site: SiteIx, specialty: SpecialtyIx) -> &[ColumnIx] {
        let cell = site.get() * self.specialties + specialty.get();
        &self.columns[self.starts[cell]..self.starts[cell + 1]]
    }
}

/// Bed stock: beds are those of the period before, the new ones, and what moves and closing leave.
///
/// ∀ h, s, t:  b\[h,s,t\] − b\[h,s,t−1\] − new − in + out − to + from + close = 0, with b\[h,s,0\] = B⁰\[h,s\]
///
/// A further scenario of a wave has the beds of its first: b\[h,s,t\] − b\[h,s,t₀\] = 0.
/// Unit of the row: beds. Shadow price (≤ 0): one more bed here.
pub fn add_bed_stock(f: &mut Formulation, system: &CareSystem) {
    for period in system.periods.indices() {
        let before = system.beds_from(period);
        for (&(site, specialty), stock) in &system.beds {
            let earlier = before.and_then(|p| f.column(OpenBeds { site, specialty, period: p }));
            let today = if before.is_none() { stock.available } else { Beds::ZERO };
            let terms = [
                (f.column(OpenBeds { site, specialty, period }), 1.0),
                (earlier, -1.0),
                (f.column(NewBeds { site, specialty, period }), -1.0),
            ];
            let moved = signed(f, Movement::ALL, site, specialty, period).into_iter().map(|(c, v)| (c, -v));
            let terms: Vec<_> = terms.into_iter().filter_map(|(c, v)| Some((c?, v))).chain(moved).collect();
            f.add_constraint(
                ConstraintKey::BedStock { site, specialty, period },
                Bounds::exactly(today.0),
                terms,
            );
        }
    }
}

/// New-bed pool: the beds given out so far are the pool so far, or at most that.
///
/// ∀ t:  Σ_{τ≤t} Σ_{h,s} new\[h,s,τ\] = N\[t\]   (≤ when the pool need not be spent)
///
/// Unit of the row: beds. Shadow price: one more bed in the pool.
pub fn add_new_bed_pool(f: &mut Formulation, system: &CareSystem) {
    let periods: Vec<PeriodIx> = system.opening_periods().collect();
    for (last, &period) in periods.iter().enumerate() {
        let pool = system.pool_until(period).0;
        let must_spend = system.policy.pool.must_spend;
        let bounds = if must_spend { Bounds::exactly(pool) } else { Bounds::between(0.0, pool) };
        let terms: Vec<_> = periods[..=last]
            .iter()
            .flat_map(|&p| {
                system.beds.keys().map(move |&(site, specialty)| NewBeds { site, specialty, period: p })
            })
            .filter_map(|key| Some((f.column(key)?, 1.0)))
            .collect();
        f.add_constraint(ConstraintKey::NewBedPool { period }, bounds, terms);
    }
}

/// Site size: a site keeps between its smallest and largest size.
///
/// ∀ acute h, t:  B̲\[h\] ≤ Σ_s b\[h,s,t\] ≤ B̄\[h\]
///
/// B̄ is the smaller of the site's own limit and today's beds × (1 + growth limit).
/// Unit of the row: beds. Shadow price (≤ 0 at the upper side): one more bed of room to grow.
pub fn add_site_size(f: &mut Formulation, system: &CareSystem) {
    for period in system.periods.indices() {
        let acute = system.sites.iter().filter(|(_, _, place)| place.kind == SiteKind::Acute);
        for (site, _, place) in acute {
            if system.choice_on(site).is_some() {
                continue; // Its size depends on whether it is open: see `sites`.
            }
            let bounds = Bounds::between(
                place.smallest_beds.map_or(f64::NEG_INFINITY, |beds| beds.0),
                largest_size(system, site).map_or(f64::INFINITY, |beds| beds.0),
            );
            if bounds == Bounds::FREE {
                continue;
            }
            let terms: Vec<_> = system
                .stocks_of(site)
                .filter_map(|(specialty, _)| Some((f.column(OpenBeds { site, specialty, period })?, 1.0)))
                .collect();
            f.add_constraint(ConstraintKey::SiteSize { site, period }, bounds, terms);
        }
    }
}

/// B̄\[h\]; `None` where nothing limits the site. The growth limit is a share of today's beds, so it says
/// nothing on a site that does not stand yet.
pub fn largest_size(system: &CareSystem, site: SiteIx) -> Option<Beds> {
    let own = system.sites[site].largest_beds;
    let today = Some(system.site_beds(site)).filter(|today| today.0 > 0.0);
    let grown = system.policy.growth_limit.and_then(|limit| Some(today? * (1.0 + limit.0)));
    match (own, grown) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (limit, None) | (None, limit) => limit,
    }
}
