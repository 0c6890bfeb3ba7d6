//! Whose beds an area uses today.

use crate::domain::index::Grid;
use crate::domain::system::{CareSystem, FlowShare};
use crate::domain::{AreaIx, SiteIx, SpecialtyIx};
use std::collections::BTreeMap;

/// Use of a site's beds of a specialty today, occupied beds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct UseOfBeds {
    /// By the area.
    pub own: f64,
    /// By all areas.
    pub all: f64,
}

impl UseOfBeds {
    /// θ: the area's part in the use of these beds.
    pub fn part(self) -> f64 {
        if self.all > 0.0 { self.own / self.all } else { 0.0 }
    }
}

/// The beds that an area uses today: its need times its flow shares among sites that offer the specialty, and the
/// same of all areas. O(flows × specialties).
pub fn of_area(system: &CareSystem, area: AreaIx) -> BTreeMap<(SiteIx, SpecialtyIx), UseOfBeds> {
    let mut shares: Grid<AreaIx, SpecialtyIx, f64> =
        Grid::filled(system.areas.len(), system.specialties.len(), 0.0);
    for flow in &system.flows {
        for specialty in offered(system, flow) {
            shares[(flow.area, specialty)] += flow.share.0;
        }
    }
    let beds = |flow: &FlowShare, specialty| {
        system.need[(flow.area, specialty)].0 * flow.share.0 / shares[(flow.area, specialty)]
    };
    let mut used: BTreeMap<(SiteIx, SpecialtyIx), UseOfBeds> = BTreeMap::new();
    for flow in system.flows.iter().filter(|flow| flow.area == area && flow.share.0 > 0.0) {
        for specialty in offered(system, flow) {
            used.entry((flow.site, specialty)).or_default().own += beds(flow, specialty);
        }
    }
    for flow in system.flows.iter().filter(|flow| flow.share.0 > 0.0) {
        for specialty in offered(system, flow) {
            if let Some(found) = used.get_mut(&(flow.site, specialty)) {
                found.all += beds(flow, specialty);
            }
        }
    }
    used
}

/// Specialties that a flow is about and its site offers.
fn offered(system: &CareSystem, flow: &FlowShare) -> impl Iterator<Item = SpecialtyIx> {
    let meant = flow.specialty;
    let stocks = system.stocks_of(flow.site).filter(|(_, stock)| stock.available.0 > 0.0);
    stocks.map(|(specialty, _)| specialty).filter(move |&s| meant.is_none_or(|only| only == s))
}
