//! The model's parameters, worked out from the care system alone.

use crate::domain::index::Grid;
use crate::domain::period::Period;
use crate::domain::policy::{Combination, DAYS_IN_YEAR, EquityGroups, Term};
use crate::domain::system::CareSystem;
use crate::domain::units::{Minutes, Quantity};
use crate::domain::{AreaIx, CouncilIx, Ix, PeriodIx, ServiceIx, SiteIx, SpecialtyIx};
use crate::network::TravelTimes;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// A site in reach of a point.
#[derive(Debug, Clone, Copy)]
pub struct Arc {
    /// Position of the site and specialty among the stocks, or of a community site after them: see
    /// [`super::measures`].
    pub stock: usize,
    /// Travel time, one way.
    pub minutes: Minutes,
    /// What the journey weighs in the travel term, minutes.
    pub weighted: f64,
}

/// Need of one specialty in one area.
#[derive(Debug, Clone)]
pub struct Point {
    /// The area.
    pub area: AreaIx,
    /// The specialty.
    pub specialty: SpecialtyIx,
    /// The area's council.
    pub council: CouncilIx,
    /// The area's equity group.
    pub group: usize,
    /// Weight of unmet need.
    pub weight: f64,
    /// Need in the data's year, occupied beds.
    pub need: f64,
    /// What unmet need weighs in the travel term, minutes: the journey to the nearest acute site in reach, or
    /// one at the travel limit where there is none.
    pub weighted_unmet: f64,
    /// Share of the need that is deliverable delay.
    pub delayed_share: f64,
    /// Its sites in reach: a stretch of [`Parameters::arcs`].
    pub arcs: Range<usize>,
    /// Need that each bed above today's brings forth, by stock.
    pub induced: Vec<(usize, f64)>,
}

/// One step of spend on a service above its floor.
#[derive(Debug, Clone, Copy)]
pub struct SpendStep {
    /// How much can be spent on it, £ million a year.
    pub width: f64,
    /// Beds released for each £ million.
    pub slope: f64,
}

/// Everything the checks compare with.
#[derive(Debug)]
pub struct Parameters<'a> {
    /// The care system.
    pub system: &'a CareSystem,
    /// Sites and specialties with beds, in order.
    pub stocks: Vec<(SiteIx, SpecialtyIx)>,
    /// Community sites, in order; none where step-down is off.
    pub community: Vec<SiteIx>,
    /// Need by area and specialty, in order.
    pub points: Vec<Point>,
    /// Sites in reach, point after point.
    pub arcs: Vec<Arc>,
    /// Equity groups with need.
    pub groups: BTreeSet<usize>,
    /// Deliverable delay by council and specialty in the data's year, occupied beds.
    pub delay: Grid<CouncilIx, SpecialtyIx, f64>,
    /// Occupancy cap of each stock: the model's, or what the files say where refusals are limited.
    pub caps: Vec<f64>,
    /// Most beds that each stock can have.
    pub(super) most: Vec<f64>,
    stock_at: BTreeMap<(SiteIx, SpecialtyIx), usize>,
    point_at: HashMap<(AreaIx, SpecialtyIx), usize>,
}

impl<'a> Parameters<'a> {
    /// Works them out. O(areas × specialties × sites in reach).
    pub fn new(system: &'a CareSystem, times: &TravelTimes) -> Self {
        let stocks: Vec<_> = system.beds.keys().copied().collect();
        let stock_at: BTreeMap<_, _> = stocks.iter().copied().zip(0..).collect();
        let on = system.policy.step_down.is_some();
        let community: Vec<SiteIx> = system.community.keys().copied().filter(|_| on).collect();
        let (delay, share) = delays(system);
        let areas: Vec<AreaIx> = system.areas.indices().collect();
        let found: Vec<(Point, Vec<Arc>)> = areas
            .par_iter()
            .flat_map_iter(|&area| {
                let (rooms, share) = ((&stock_at, community.as_slice()), &share);
                system.specialties.indices().filter_map(move |specialty| {
                    let mut point = point(system, share, area, specialty)?;
                    let arcs = arcs(system, times, rooms, area, specialty);
                    // Arcs come nearest first, acute sites before community sites.
                    if let Some(nearest) = arcs.first().filter(|arc| arc.stock < rooms.0.len()) {
                        point.weighted_unmet = nearest.weighted;
                    }
                    Some((point, arcs))
                })
            })
            .collect();
        let (mut points, mut all) = (Vec::with_capacity(found.len()), Vec::new());
        for (mut point, mut arcs) in found {
            let start = all.len();
            all.append(&mut arcs);
            point.arcs = start..all.len();
            points.push(point);
        }
        super::induced::fill_in(system, &stock_at, &mut points);
        let groups = points.iter().map(|point: &Point| point.group).collect();
        let point_at = points.iter().zip(0..).map(|(p, at)| ((p.area, p.specialty), at)).collect();
        let caps = stocks.iter().map(|stock| system.policy.occupancy.cap_at(stock.0, stock.1).0).collect();
        let mut found = Self {
            system,
            stocks,
            community,
            points,
            arcs: all,
            groups,
            delay,
            caps,
            most: Vec::new(),
            stock_at,
            point_at,
        };
        found.most = found.find_most_beds();
        found
    }
    /// The position of a site and specialty with beds.
    pub fn stock(&self, site: SiteIx, specialty: SpecialtyIx) -> Option<usize> {
        self.stock_at.get(&(site, specialty)).copied()
    }
    /// The position of an area and specialty with need.
    pub fn point(&self, area: AreaIx, specialty: SpecialtyIx) -> Option<usize> {
        self.point_at.get(&(area, specialty)).copied()
    }
    /// The arc of a point to a stock, if that site is in reach.
    pub fn arc(&self, point: usize, stock: usize) -> Option<usize> {
        self.points[point].arcs.clone().find(|&arc| self.arcs[arc].stock == stock)
    }
    /// What is known of a period.
    pub fn period(&self, period: usize) -> &Period {
        &self.system.periods[PeriodIx::from_usize(period)]
    }
    /// How likely a period's scenario of need is.
    pub fn likely(&self, period: usize) -> f64 {
        self.period(period).probability.0
    }
    /// How many times the data's need a specialty has in a period.
    pub fn growth(&self, period: usize, specialty: SpecialtyIx) -> f64 {
        let stretch = self.period(period);
        stretch.need_factors.get(&specialty).copied().unwrap_or(stretch.need_factor)
    }
    /// Need of a point in a period.
    pub fn need(&self, period: usize, point: usize) -> f64 {
        let point = &self.points[point];
        point.need * self.growth(period, point.specialty)
    }
    /// Deliverable delay of a council and specialty in a period.
    pub fn delay_in(&self, period: usize, council: CouncilIx, specialty: SpecialtyIx) -> f64 {
        self.delay[(council, specialty)] * self.growth(period, specialty)
    }
    /// The period whose beds a period starts from: that of the wave before, or, in a further scenario, the
    /// first scenario of the same wave; `None` for today's.
    pub fn beds_from(&self, period: usize) -> Option<usize> {
        let stretch = self.period(period);
        let wave = if stretch.scenario == 0 { stretch.wave.checked_sub(1)? } else { stretch.wave };
        (0..self.periods()).find(|&other| self.period(other).wave == wave && self.period(other).scenario == 0)
    }
    /// The periods that start from the beds of a period.
    pub fn based_on(&self, period: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.periods()).filter(move |&later| self.beds_from(later) == Some(period))
    }
    /// The period in which the beds of the next wave are decided, of a period in which beds are.
    pub fn next_wave(&self, period: usize) -> Option<usize> {
        self.based_on(period).find(|&later| self.opens(later))
    }
    /// Whether new beds may open in a period.
    pub fn opens(&self, period: usize) -> bool {
        self.period(period).scenario == 0
    }
    /// The last period in which new beds may open.
    pub fn last_opening(&self) -> usize {
        (0..self.periods()).filter(|&period| self.opens(period)).max().unwrap_or(0)
    }
    /// New beds of the pool up to and in a period.
    pub fn pool_until(&self, period: usize) -> f64 {
        self.period(period).pool.unwrap_or(self.system.policy.pool.total).0
    }
    /// How many waves a bed is there for that opens in a period.
    pub fn waves_from(&self, period: usize) -> usize {
        (period..self.periods()).filter(|&later| self.opens(later)).count()
    }
    /// Number of periods.
    pub fn periods(&self) -> usize {
        self.system.periods.len()
    }
    /// Whether unmet need is shared out among equity groups at all.
    pub fn equity(&self) -> bool {
        match &self.system.policy.objective.combination {
            Combination::Priorities(levels) => levels.iter().any(|level| level.term == Term::Inequality),
            Combination::Weights(weights) => weights.get(&Term::Inequality).is_some_and(|w| *w > 0.0),
        }
    }
    /// In how many units a share of need was solved: the power of two next to the need of the average equity group.
    pub fn shares_in_one(&self) -> f64 {
        let need: f64 = self.points.iter().map(|point| point.need).sum();
        (need / self.groups.len().max(1) as f64).max(1.0).log2().round().exp2()
    }
    /// Need of an equity group in a period.
    pub fn group_need(&self, period: usize, group: usize) -> f64 {
        let members = self.points.iter().filter(|point| point.group == group);
        members.map(|point| point.need * self.growth(period, point.specialty)).sum::<f64>()
    }
    /// Today's spend above the floor, £ million a year.
    pub fn above_floor(&self, council: CouncilIx, service: ServiceIx) -> f64 {
        let Some(care) = &self.system.policy.social_care else { return 0.0 };
        self.system.spend[(council, service)].0 / 1e6 * (1.0 - care.floor_of(service).0)
    }
    /// The floor of a service, £ million a year.
    pub fn floor(&self, council: CouncilIx, service: ServiceIx) -> f64 {
        let Some(care) = &self.system.policy.social_care else { return 0.0 };
        self.system.spend[(council, service)].0 / 1e6 * care.floor_of(service).0
    }
    /// The steps of spend above the floor: first today's, then, for the service that releases delay, one
    /// for each step of the discharge curve. Today's has the slope of the curve's first step.
    pub fn steps(&self, council: CouncilIx, service: ServiceIx, period: usize) -> Vec<SpendStep> {
        let Some(care) = &self.system.policy.social_care else { return Vec::new() };
        let today = self.above_floor(council, service);
        if care.releasing_service != Some(service) {
            return vec![SpendStep { width: today, slope: 0.0 }];
        }
        let specialties = self.system.specialties.indices();
        let delay: f64 = specialties.map(|specialty| self.delay_in(period, council, specialty)).sum();
        let million_per_bed = |cost: f64| cost * DAYS_IN_YEAR / 1e6;
        let slope = |cost: f64| 1.0 / million_per_bed(cost);
        let first = care.discharge_curve.first().map_or(0.0, |step| slope(step.cost_per_bed_day));
        let mut steps = vec![SpendStep { width: today, slope: first }];
        steps.extend(care.discharge_curve.iter().map(|step| SpendStep {
            width: step.share.0 * delay * million_per_bed(step.cost_per_bed_day),
            slope: slope(step.cost_per_bed_day),
        }));
        steps
    }
    /// Beds that a council's spend today already releases above the floors.
    pub fn released_today(&self, council: CouncilIx, period: usize) -> f64 {
        let services = self.system.services.indices();
        services
            .filter_map(|service| self.steps(council, service, period).first().copied())
            .map(|step| step.width * step.slope)
            .sum()
    }
    /// Most beds a site may have; infinite where nothing limits it.
    pub fn largest(&self, site: SiteIx) -> f64 {
        let own = self.system.sites[site].largest_beds.map_or(f64::INFINITY, |beds| beds.0);
        let today = self.system.site_beds(site).0;
        // A share of no beds says nothing on how far a new site may grow.
        let growth = self.system.policy.growth_limit.filter(|_| today > 0.0);
        own.min(growth.map_or(f64::INFINITY, |limit| today * (1.0 + limit.0)))
    }
    /// Fewest beds a site may have; minus infinity where nothing says.
    pub fn smallest(&self, site: SiteIx) -> f64 {
        self.system.sites[site].smallest_beds.map_or(f64::NEG_INFINITY, |beds| beds.0)
    }
}

/// Deliverable delay by council and specialty, never above the need, and the same as a share of it.
fn delays(system: &CareSystem) -> (Grid<CouncilIx, SpecialtyIx, f64>, Grid<CouncilIx, SpecialtyIx, f64>) {
    let (councils, specialties) = (system.councils.len(), system.specialties.len());
    let mut need = Grid::filled(councils, specialties, 0.0);
    for (area, _, place) in system.areas.iter() {
        for specialty in system.specialties.indices() {
            need[(place.council, specialty)] += system.need[(area, specialty)].0;
        }
    }
    let mut delay = Grid::filled(councils, specialties, 0.0);
    let mut share = Grid::filled(councils, specialties, 0.0);
    if let Some(care) = &system.policy.social_care {
        let deliverable = care.touchable.0 * (1.0 - care.irreducible.0);
        for council in system.councils.indices() {
            for specialty in system.specialties.indices() {
                let at = (council, specialty);
                delay[at] = f64::min(system.delays[at].0 * deliverable, need[at]);
                share[at] = if need[at] > 0.0 { delay[at] / need[at] } else { 0.0 };
            }
        }
    }
    (delay, share)
}

fn point(
    system: &CareSystem,
    share: &Grid<CouncilIx, SpecialtyIx, f64>,
    area: AreaIx,
    specialty: SpecialtyIx,
) -> Option<Point> {
    let need = system.need[(area, specialty)].0;
    let (place, objective) = (&system.areas[area], &system.policy.objective);
    let group = match objective.equity_groups {
        EquityGroups::Region => place.region.get(),
        EquityGroups::Commissioner => place.commissioner.get(),
        EquityGroups::DeprivationQuintile => {
            place.deprivation_decile.map_or(5, |decile| usize::from(decile.clamp(1, 10) - 1) / 2)
        }
    };
    (need > 0.0).then(|| Point {
        area,
        specialty,
        council: place.council,
        group,
        weight: objective.area_weight(place.deprivation_decile) * objective.urgency_of(specialty),
        need,
        weighted_unmet: system.policy.reach.weighted_minutes(system.policy.reach.limit_of(specialty)).0,
        delayed_share: share[(place.council, specialty)],
        arcs: 0..0,
        induced: Vec::new(),
    })
}

/// The nearest sites that offer the specialty within its limit, as many as the model allows; sites equally
/// near in the order of their identifiers. Community sites come after the acute ones and are counted apart.
fn arcs(
    system: &CareSystem,
    times: &TravelTimes,
    (stock_at, community): (&BTreeMap<(SiteIx, SpecialtyIx), usize>, &[SiteIx]),
    area: AreaIx,
    specialty: SpecialtyIx,
) -> Vec<Arc> {
    let reach = &system.policy.reach;
    let limit = reach.limit_of(specialty);
    let mut near: Vec<_> = times.sites_of(area).iter().filter(|time| time.minutes <= limit).collect();
    near.sort_by(|a, b| a.minutes.value().total_cmp(&b.minutes.value()).then(a.site.cmp(&b.site)));
    let most = reach.nearest_sites.unwrap_or(usize::MAX);
    let acute = near.iter().filter_map(|time| Some((*stock_at.get(&(time.site, specialty))?, time.minutes)));
    let fit = system.policy.step_down.as_ref().is_some_and(|rule| rule.eligible_share(specialty).0 > 0.0);
    let place = |site| Some(stock_at.len() + community.iter().position(|other| *other == site && fit)?);
    let step_down = near.iter().filter_map(|time| Some((place(time.site)?, time.minutes)));
    acute
        .take(most)
        .chain(step_down.take(most))
        .map(|(stock, minutes)| Arc { stock, minutes, weighted: reach.weighted_minutes(minutes).0 })
        .collect()
}
