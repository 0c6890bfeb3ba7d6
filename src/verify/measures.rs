//! What can be done besides new acute beds, worked out from the care system alone: step-down beds,
//! prevention and shorter stays.
//!
//! Patients lie in rooms: a stock (site and specialty) of acute beds, or a community site. Positions of
//! rooms are those of the stocks, then those of the community sites.

use super::parameters::Parameters;
use crate::domain::index::{Ix, PeriodIx};
use crate::domain::{CommissionerIx, ProgrammeIx, SiteIx, SpecialtyIx};
use std::collections::BTreeSet;

/// £ million a year.
const MILLION: f64 = 1e6;

impl Parameters<'_> {
    /// How many rooms there are.
    pub fn rooms(&self) -> usize {
        self.stocks.len() + self.community.len()
    }
    /// The room of patients of a specialty at a site.
    pub fn room(&self, site: SiteIx, specialty: SpecialtyIx) -> Option<usize> {
        let community = || self.community.iter().position(|other| *other == site);
        self.stock(site, specialty).or_else(|| Some(self.stocks.len() + community()?))
    }
    /// The community site of a room; `None` for acute beds.
    pub fn community_site(&self, room: usize) -> Option<SiteIx> {
        self.community.get(room.checked_sub(self.stocks.len())?).copied()
    }
    /// Acute days that one step-down day replaces.
    pub fn substitution(&self) -> f64 {
        self.system.policy.step_down.as_ref().map_or(1.0, |rule| rule.substitution.0)
    }
    /// Most of a community site's beds that may be occupied.
    pub fn step_down_cap(&self) -> f64 {
        self.system.policy.step_down.as_ref().map_or(0.0, |rule| rule.occupancy.0)
    }
    /// Most need of a point that step-down beds can take; `None` where no community site is in reach.
    pub fn fit_for_step_down(&self, period: usize, point: usize) -> Option<f64> {
        let rule = self.system.policy.step_down.as_ref()?;
        let mut arcs = self.points[point].arcs.clone();
        arcs.any(|arc| self.community_site(self.arcs[arc].stock).is_some())
            .then(|| self.need(period, point) * rule.eligible_share(self.points[point].specialty).0)
    }
    /// £ million a year for one more step-down bed.
    pub fn step_down_bed(&self) -> f64 {
        self.system.policy.step_down.as_ref().map_or(0.0, |rule| rule.cost_per_bed_day.0 * 365.0 / MILLION)
    }
    /// Whether the council of a community site may pay for beds there.
    pub fn council_may_pay(&self, site: SiteIx) -> bool {
        let policy = &self.system.policy;
        let service = policy.step_down.as_ref().and_then(|rule| rule.service);
        service.is_some() && policy.social_care.is_some() && self.system.community[&site].council.is_some()
    }
    /// Fewest and most beds of a community site.
    pub fn community_sizes(&self, site: SiteIx) -> (f64, f64) {
        let place = &self.system.sites[site];
        let pool = self.system.policy.step_down.as_ref().map_or(0.0, |rule| rule.new_beds.0);
        let most = self.system.community[&site].available.0 + pool;
        (
            place.smallest_beds.map_or(0.0, |beds| beds.0),
            place.largest_beds.map_or(most, |beds| beds.0.min(most)),
        )
    }
    /// Every pair of a programme and a commissioner with areas; none where prevention is off.
    pub fn roll_outs(&self) -> Vec<(ProgrammeIx, CommissionerIx)> {
        if self.system.policy.prevention.is_none() {
            return Vec::new();
        }
        let with_areas: BTreeSet<CommissionerIx> =
            self.system.areas.iter().map(|(_, _, area)| area.commissioner).collect();
        let programmes = self.system.programmes.indices();
        programmes.flat_map(|programme| with_areas.iter().map(move |&q| (programme, q))).collect()
    }
    /// What full roll-out costs a commissioner, £ million a year.
    pub fn roll_out_cost(&self, programme: ProgrammeIx, commissioner: CommissionerIx) -> f64 {
        let areas = self.system.areas.iter().filter(|(_, _, area)| area.commissioner == commissioner);
        let people: f64 = areas.map(|(_, _, area)| area.population.0).sum();
        people * self.system.programmes[programme].cost_per_head.0 / MILLION
    }
    /// Share of need for a specialty that full roll-out prevents.
    pub fn preventable(&self, programme: ProgrammeIx, specialty: SpecialtyIx) -> f64 {
        self.system.programmes[programme].prevented.get(&specialty).map_or(0.0, |share| share.0)
    }
    /// Most room that shorter stays may free for each bed of a stock, occupied beds.
    pub fn freed_per_bed(&self, stock: usize) -> f64 {
        let policy = &self.system.policy;
        policy
            .bed_management
            .map_or(0.0, |rule| rule.limit.0 * policy.occupancy.cap_of(self.stocks[stock].1).0)
    }
    /// £ million a year for each occupied bed freed.
    pub fn freed_bed(&self) -> f64 {
        self.system.policy.bed_management.map_or(0.0, |rule| rule.cost_per_bed_day.0 * 365.0 / MILLION)
    }
    /// Capital and revenue of a period, £ million; infinite where it has no limit.
    pub fn money(&self, period: usize) -> (f64, f64) {
        let limit = self.system.policy.money.of(self.system.periods.id(PeriodIx::from_usize(period)));
        let million =
            |pounds: Option<crate::domain::units::Pounds>| pounds.map_or(f64::INFINITY, |p| p.0 / MILLION);
        (million(limit.capital), million(limit.revenue))
    }
}
