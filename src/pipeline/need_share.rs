//! Each site's share of need: what the tie-break steers by.

use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds};
use crate::domain::{AreaIx, PeriodIx, SiteIx, SpecialtyIx};
use std::collections::BTreeMap;

/// What the pool gives out in a period, shared by the need that each site serves: the period's need of the
/// areas × today's flow shares, among sites that offer the specialty. Where the data say nothing of
/// flows, by today's occupied beds.
pub fn need_share_beds(system: &CareSystem, period: PeriodIx) -> BTreeMap<(SiteIx, SpecialtyIx), Beds> {
    let today = if system.flows.is_empty() { occupied_today(system) } else { need_served(system) };
    let stretch = &system.periods[period];
    let served: BTreeMap<_, OccupiedBeds> =
        today.into_iter().map(|(at, need)| (at, need * stretch.need_factor(at.1))).collect();
    let total: OccupiedBeds = served.values().copied().sum();
    let pool = system.pool_in(period);
    served.into_iter().map(|(at, need)| (at, pool * (need / total).0)).collect()
}

fn occupied_today(system: &CareSystem) -> BTreeMap<(SiteIx, SpecialtyIx), OccupiedBeds> {
    system.beds.iter().map(|(&at, stock)| (at, stock.occupied)).collect()
}

fn need_served(system: &CareSystem) -> BTreeMap<(SiteIx, SpecialtyIx), OccupiedBeds> {
    let mut weights: BTreeMap<(AreaIx, SpecialtyIx), Vec<(SiteIx, f64)>> = BTreeMap::new();
    for flow in &system.flows {
        let offered = system.stocks_of(flow.site);
        for (specialty, stock) in offered.filter(|(s, _)| flow.specialty.is_none_or(|only| only == *s)) {
            if stock.available.0 > 0.0 {
                weights.entry((flow.area, specialty)).or_default().push((flow.site, flow.share.0));
            }
        }
    }
    let mut served: BTreeMap<_, _> = system.beds.keys().map(|&at| (at, OccupiedBeds::ZERO)).collect();
    for ((area, specialty), sites) in weights {
        let all: f64 = sites.iter().map(|(_, weight)| weight).sum();
        for (site, weight) in sites {
            if let Some(need) = served.get_mut(&(site, specialty)) {
                *need += system.need[(area, specialty)] * (weight / all);
            }
        }
    }
    served
}
