//! Parameters of induced demand: how much need one more bed brings forth, and where.

use crate::domain::system::CareSystem;
use crate::domain::units::OccupiedBeds;
use crate::domain::{AreaIx, PeriodIx, SiteIx, SpecialtyIx};
use std::collections::BTreeMap;

/// Need brought forth by each bed above today's, by area, specialty and site.
#[derive(Debug, Clone, Default)]
pub struct InducedNeed {
    per_bed: BTreeMap<(AreaIx, SpecialtyIx), Vec<(SiteIx, OccupiedBeds)>>,
}

impl InducedNeed {
    /// ε\[s\] θ\[a,h,s\] ω\[h,s\], with θ the area's part in the base use of the site and ω the site's base
    /// occupancy. Nothing where no elasticity is set. O(flows).
    ///
    /// θ\[a,h,s\] = D\[a,s\] f\[a,h,s\] ÷ Σ_a' D\[a',s\] f\[a',h,s\], with f today's flow shares among sites that
    /// offer the specialty: over all areas the parts in a site make one.
    pub fn new(system: &CareSystem) -> Self {
        let mut found = Self::default();
        if !system.policy.induced.is_on() {
            return found;
        }
        let use_today = use_today(system);
        let mut of_site: BTreeMap<(SiteIx, SpecialtyIx), f64> = BTreeMap::new();
        for (&(_, site, specialty), &beds) in &use_today {
            *of_site.entry((site, specialty)).or_default() += beds;
        }
        for ((area, site, specialty), beds) in use_today {
            let stock = system.beds[&(site, specialty)];
            let occupancy = stock.occupied / stock.available;
            let elasticity = system.policy.induced.elasticity_of(specialty);
            let per_bed = elasticity.0 * beds / of_site[&(site, specialty)] * occupancy.0;
            if per_bed > 0.0 {
                found.per_bed.entry((area, specialty)).or_default().push((site, OccupiedBeds(per_bed)));
            }
        }
        found
    }
    /// Sites whose beds bring forth need of an area, in order of site, and how much each bed does.
    pub fn of(&self, area: AreaIx, specialty: SpecialtyIx) -> &[(SiteIx, OccupiedBeds)] {
        self.per_bed.get(&(area, specialty)).map_or(&[], Vec::as_slice)
    }
    /// The most by which an area's need could shrink: if all the beds that it uses were closed.
    pub fn most_withdrawn(&self, system: &CareSystem, area: AreaIx, specialty: SpecialtyIx) -> OccupiedBeds {
        let beds = |site: SiteIx| system.beds[&(site, specialty)].available.0;
        self.of(area, specialty).iter().map(|&(site, per_bed)| per_bed * beds(site)).sum()
    }
}

/// Need of each area by the site that serves it today, sites without beds left out.
fn use_today(system: &CareSystem) -> BTreeMap<(AreaIx, SiteIx, SpecialtyIx), f64> {
    let mut shares: BTreeMap<(AreaIx, SpecialtyIx), Vec<(SiteIx, f64)>> = BTreeMap::new();
    for flow in &system.flows {
        for (specialty, stock) in system.stocks_of(flow.site) {
            let meant = flow.specialty.is_none_or(|only| only == specialty);
            if meant && stock.available.0 > 0.0 && flow.share.0 > 0.0 {
                shares.entry((flow.area, specialty)).or_default().push((flow.site, flow.share.0));
            }
        }
    }
    let mut found = BTreeMap::new();
    for ((area, specialty), sites) in shares {
        let all: f64 = sites.iter().map(|(_, share)| share).sum();
        let need = system.need[(area, specialty)].0;
        for (site, share) in sites.into_iter().filter(|_| need > 0.0) {
            *found.entry((area, site, specialty)).or_insert(0.0) += need * share / all;
        }
    }
    found
}

/// The period whose beds bring forth the need of a period: the wave before, or, where one wave is planned,
/// the period itself. `None` in the first of several waves, and where need does not answer to beds.
pub fn induced_by(system: &CareSystem, period: PeriodIx) -> Option<PeriodIx> {
    if !system.policy.induced.is_on() {
        None
    } else if system.opening_periods().count() > 1 {
        system.wave_before(period)
    } else {
        Some(period)
    }
}

/// Largest unmet share of need that the program allows for. Shares are of need without what beds bring
/// forth, so that with induced demand more than all of it can be unmet.
pub fn largest_share(system: &CareSystem) -> f64 {
    if system.policy.induced.is_on() { 10.0 } else { 1.0 }
}

/// Reduced costs and prices up to this size are rounding: solvers work to 1e-7.
///
/// Where beds bring forth need, a place's price is a sum of products with parts θ of a site's use, down to 1e-5.
/// True reduced costs then come in every size, and what a later level may give up of an earlier one without a price
/// adds up: so no more is let pass than what a solver cannot tell from nothing.
pub fn price_rounding(system: &CareSystem) -> f64 {
    if system.policy.induced.is_on() { 2e-7 } else { 1e-6 }
}
