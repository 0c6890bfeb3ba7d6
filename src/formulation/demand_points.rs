//! Demand points: the rows of need, one for each area and specialty, or fewer.
//!
//! Terms that do not look at minutes cannot tell apart areas with the same reachable sites, council,
//! equity group and weight. Such areas are merged exactly: any plan for the merged point splits into
//! plans for its areas in proportion to their need, and back by adding up. Need that beds bring forth adds
//! up too: what is left to treat in each area stays the measure of the split.

use super::induced::InducedNeed;
use super::reach::{ReachRules, ReachableSite};
use crate::domain::policy::EquityGroups;
use crate::domain::system::CareSystem;
use crate::domain::units::{Minutes, OccupiedBeds};
use crate::domain::{AreaIx, CommissionerIx, CouncilIx, EquityGroupIx, Ix, SiteIx, SpecialtyIx};
use crate::network::TravelTimes;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

/// Need of one specialty in one area, or in several that the model cannot tell apart.
#[derive(Debug, Clone)]
pub struct DemandPoint {
    /// The area, or the first of those merged: it stands for them in keys.
    pub area: AreaIx,
    /// The specialty.
    pub specialty: SpecialtyIx,
    /// Their council.
    pub council: CouncilIx,
    /// Their equity group.
    pub group: EquityGroupIx,
    /// Their commissioner where it matters: in models with prevention, which commissioners roll out.
    pub commissioner: Option<CommissionerIx>,
    /// Weight of unmet need: deprivation × urgency.
    pub weight: f64,
    /// Need in the data's year.
    pub need: OccupiedBeds,
    /// Sites in reach, in order of site. Minutes mean nothing at a merged point.
    pub sites: Vec<ReachableSite>,
    /// Need that each bed above today's brings forth here, in order of site.
    pub induced: Vec<(SiteIx, OccupiedBeds)>,
    /// Whether closures could withdraw more need than there is, so that merging would hide it.
    apart: bool,
}

impl DemandPoint {
    /// The way to the nearest acute site in reach; `None` where no site is.
    pub fn nearest(&self) -> Option<Minutes> {
        let acute = self.sites.iter().filter(|reachable| !reachable.step_down);
        acute.map(|reachable| reachable.minutes).min_by(|a, b| a.0.total_cmp(&b.0))
    }
    /// Whether it reaches the same sites as another point.
    fn has_sites_of(&self, other: &Self) -> bool {
        self.sites.iter().map(|a| a.site).eq(other.sites.iter().map(|b| b.site))
    }
    /// A number that differs between most sets of sites in reach.
    fn digest_of_sites(&self) -> u64 {
        let mut hasher = FxHasher::default();
        for reachable in &self.sites {
            reachable.site.hash(&mut hasher);
        }
        hasher.finish()
    }
    /// Adds the need of another point that the model cannot tell from this one.
    fn merge(&mut self, other: &Self) {
        self.need += other.need;
        let mut induced: BTreeMap<SiteIx, OccupiedBeds> = self.induced.iter().copied().collect();
        for &(site, per_bed) in &other.induced {
            *induced.entry(site).or_default() += per_bed;
        }
        self.induced = induced.into_iter().collect();
    }
}

/// The demand points of a model.
#[derive(Debug, Clone)]
pub struct DemandPoints {
    points: Vec<DemandPoint>,
    /// The area that stands for each area and specialty, area by area; empty where nothing was merged.
    representatives: Vec<Option<AreaIx>>,
    specialties: usize,
}

impl DemandPoints {
    /// No points: for a program of beds and money alone, without patients.
    pub fn none() -> Self {
        Self { points: Vec::new(), representatives: Vec::new(), specialties: 0 }
    }
    /// One point for each area and specialty with need. O(areas × specialties × sites in reach).
    pub fn of_areas(system: &CareSystem, times: &TravelTimes) -> Self {
        let areas: Vec<AreaIx> = system.areas.indices().collect();
        let induced = InducedNeed::new(system);
        let reach = ReachRules::new(system, times);
        let (induced, reach) = (&induced, &reach);
        let points = areas
            .par_iter()
            .flat_map_iter(|&area| {
                system
                    .specialties
                    .indices()
                    .filter(move |&specialty| system.need[(area, specialty)].0 > 0.0)
                    .map(move |specialty| point(system, reach, induced, area, specialty))
            })
            .collect();
        Self { points, representatives: Vec::new(), specialties: system.specialties.len() }
    }
    /// The same with areas merged that only minutes could tell apart. O(areas × specialties × sites in reach).
    #[must_use]
    pub fn merged(&self) -> Self {
        // Classes by all that is compared but the sites, and a digest of these.
        let mut classes: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        let mut points: Vec<DemandPoint> = Vec::new();
        let areas = self.points.last().map_or(0, |last| last.area.get() + 1);
        let mut representatives = vec![None; areas * self.specialties];
        for point in &self.points {
            let apart = point.apart.then_some(point.area);
            let place = (point.council, point.group, point.commissioner);
            let class = (point.specialty, place, point.weight.to_bits(), apart, point.digest_of_sites());
            let alike = classes.entry(class).or_default();
            let position = if let Some(&at) = alike.iter().find(|&&at| points[at].has_sites_of(point)) {
                points[at].merge(point);
                at
            } else {
                points.push(point.clone());
                alike.push(points.len() - 1);
                points.len() - 1
            };
            representatives[self.cell(point.area, point.specialty)] = Some(points[position].area);
        }
        // The first point of each class stands in the order of all points.
        Self { points, representatives, specialties: self.specialties }
    }
    /// The same with only some of the sites in reach; the nearest acute one of each point stays.
    #[must_use]
    pub fn with_few_sites(&self, few: impl Fn(&DemandPoint) -> Vec<SiteIx>) -> Self {
        let thin = |point: &DemandPoint| {
            let nearest = point.nearest();
            let mut kept = few(point);
            let way = |reachable: &&ReachableSite| !reachable.step_down && Some(reachable.minutes) == nearest;
            kept.extend(point.sites.iter().find(way).map(|reachable| reachable.site));
            let stays = |reachable: &&ReachableSite| kept.contains(&reachable.site);
            DemandPoint { sites: point.sites.iter().filter(stays).copied().collect(), ..point.clone() }
        };
        let points = self.points.iter().map(thin).collect();
        Self { points, representatives: self.representatives.clone(), specialties: self.specialties }
    }
    fn cell(&self, area: AreaIx, specialty: SpecialtyIx) -> usize {
        area.get() * self.specialties + specialty.get()
    }
    /// The points, in order of area and specialty.
    pub fn iter(&self) -> impl Iterator<Item = &DemandPoint> {
        self.points.iter()
    }
    /// The areas that each point stands for, itself among them; empty where nothing was merged.
    pub fn members(&self) -> BTreeMap<(AreaIx, SpecialtyIx), Vec<AreaIx>> {
        let mut members: BTreeMap<_, Vec<AreaIx>> = BTreeMap::new();
        for (cell, first) in self.representatives.iter().enumerate() {
            if let Some(first) = *first {
                let area = AreaIx::from_usize(cell / self.specialties);
                let specialty = SpecialtyIx::from_usize(cell % self.specialties);
                members.entry((first, specialty)).or_default().push(area);
            }
        }
        members
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.points.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
    /// The area that stands for another in keys (itself where nothing was merged).
    pub fn representative(&self, area: AreaIx, specialty: SpecialtyIx) -> AreaIx {
        self.representatives.get(self.cell(area, specialty)).copied().flatten().unwrap_or(area)
    }
}

fn point(
    system: &CareSystem,
    reach: &ReachRules<'_>,
    induced: &InducedNeed,
    area: AreaIx,
    specialty: SpecialtyIx,
) -> DemandPoint {
    let place = &system.areas[area];
    let objective = &system.policy.objective;
    DemandPoint {
        area,
        specialty,
        council: place.council,
        group: equity_group(system, area),
        commissioner: system.policy.prevention.map(|_| place.commissioner),
        weight: objective.area_weight(place.deprivation_decile) * objective.urgency_of(specialty),
        need: system.need[(area, specialty)],
        sites: reach.sites(area, specialty),
        induced: induced.of(area, specialty).to_vec(),
        apart: could_vanish(system, induced, area, specialty),
    }
}

/// Whether closing beds could withdraw more of an area's need than all of it that is neither released nor
/// prevented nor met in step-down beds. The plan for a merged point splits in proportion to what is left to
/// treat in each area, step-down beds in proportion to need, so that must not be less than nothing.
fn could_vanish(system: &CareSystem, induced: &InducedNeed, area: AreaIx, specialty: SpecialtyIx) -> bool {
    let withdrawn = induced.most_withdrawn(system, area, specialty);
    let care = system.policy.social_care.as_ref();
    let step_down = system.policy.step_down.as_ref();
    let prevented = system.programmes.iter().filter_map(|(_, _, rule)| rule.prevented.get(&specialty));
    let kept = 1.0
        - care.map_or(0.0, |care| care.deliverable_share().0)
        - step_down.map_or(0.0, |rule| rule.eligible_share(specialty).0)
        - system.policy.prevention.map_or(0.0, |_| prevented.map(|share| share.0).sum());
    withdrawn.0 > 0.0
        && system
            .periods
            .indices()
            .any(|period| system.need_in(area, specialty, period).0 * kept < withdrawn.0)
}

/// The equity group of an area. Areas without a decile form a sixth group by deprivation.
pub fn equity_group(system: &CareSystem, area: AreaIx) -> EquityGroupIx {
    let place = &system.areas[area];
    EquityGroupIx::from_usize(match system.policy.objective.equity_groups {
        EquityGroups::Region => place.region.get(),
        EquityGroups::Commissioner => place.commissioner.get(),
        EquityGroups::DeprivationQuintile => {
            place.deprivation_decile.map_or(5, |decile| usize::from(decile.clamp(1, 10) - 1) / 2)
        }
    })
}

/// The name of an equity group.
pub fn equity_group_name(system: &CareSystem, group: EquityGroupIx) -> String {
    let position = group.get();
    match system.policy.objective.equity_groups {
        EquityGroups::Region => system.regions.ids()[position].to_string(),
        EquityGroups::Commissioner => system.commissioners.ids()[position].to_string(),
        EquityGroups::DeprivationQuintile if position < 5 => format!("deprivation fifth {}", position + 1),
        EquityGroups::DeprivationQuintile => "deprivation unknown".to_owned(),
    }
}
