//! The care system: the validated whole that every later stage reads.

use super::ids::{
    AreaId, CommissionerId, CouncilId, FamilyId, GroupId, PeriodId, ProgrammeId, RegionId, ServiceId, SiteId,
    SpecialtyId, TrustId,
};
use super::index::{Grid, Register};
use super::period::Period;
use super::place::Place;
use super::policy::Policy;
use super::units::{Beds, Minutes, OccupiedBeds, Persons, Pounds, Proportion};
use super::{
    AreaIx, CommissionerIx, CouncilIx, GroupIx, PeriodIx, ProgrammeIx, RegionIx, ServiceIx, SiteIx,
    SpecialtyIx, TrustIx,
};
use std::collections::BTreeMap;

/// A small area where people live.
#[derive(Debug, Clone)]
pub struct Area {
    /// Name for people.
    pub name: String,
    /// Population-weighted centre.
    pub place: Place,
    /// Who lives there.
    pub population: Persons,
    /// The council with social-care responsibility.
    pub council: CouncilIx,
    /// The commissioner.
    pub commissioner: CommissionerIx,
    /// The region.
    pub region: RegionIx,
    /// 1 = most deprived tenth of areas, 10 = least; `None` when the table gives none.
    pub deprivation_decile: Option<u8>,
}

/// What a site does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteKind {
    /// Acute beds.
    Acute,
    /// Step-down beds.
    Community,
}

/// A hospital site.
#[derive(Debug, Clone)]
pub struct Site {
    /// Name for people.
    pub name: String,
    /// The trust that runs it.
    pub trust: TrustIx,
    /// The group (chain) of trusts, if any.
    pub group: Option<GroupIx>,
    /// The commissioner.
    pub commissioner: CommissionerIx,
    /// The region.
    pub region: RegionIx,
    /// Acute or step-down.
    pub kind: SiteKind,
    /// Where it is.
    pub place: Place,
    /// Fewest beds with which it may run; `None` for no limit.
    pub smallest_beds: Option<Beds>,
    /// Most beds it can hold; `None` for no limit of its own.
    pub largest_beds: Option<Beds>,
}

/// A specialty.
#[derive(Debug, Clone)]
pub struct Specialty {
    /// Name for people.
    pub name: String,
    /// Beds may be converted within a family.
    pub family: FamilyId,
    /// Share of its occupied beds that are emergencies.
    pub emergency_share: Proportion,
}

/// A name and the region it lies in.
#[derive(Debug, Clone)]
pub struct Council {
    /// Name for people.
    pub name: String,
    /// The region.
    pub region: RegionIx,
    /// What it may spend on social care, £ a year.
    pub budget: Pounds,
}

/// Something with nothing but a name.
#[derive(Debug, Clone)]
pub struct Named {
    /// Name for people.
    pub name: String,
}

/// Beds of one specialty at one site today.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BedStock {
    /// Staffed and open overnight.
    pub available: Beds,
    /// Occupied on average.
    pub occupied: OccupiedBeds,
}

/// Step-down beds of a community site. They belong to no specialty and are no general and acute beds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CommunityBeds {
    /// Open today, for the patients whose need the model plans for.
    pub available: Beds,
    /// The council that may pay for more of them; `None` when only the NHS may.
    pub council: Option<CouncilIx>,
}

/// A prevention programme.
#[derive(Debug, Clone)]
pub struct Programme {
    /// Name for people.
    pub name: String,
    /// η: share of need that full roll-out prevents, by specialty.
    pub prevented: BTreeMap<SpecialtyIx, Proportion>,
    /// κ: £ a year for each person of the population at full roll-out.
    pub cost_per_head: Pounds,
}

/// Part of an area's use that goes to a site today.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlowShare {
    /// Where the patients live.
    pub area: AreaIx,
    /// Where they are treated.
    pub site: SiteIx,
    /// For which specialty; `None` for all.
    pub specialty: Option<SpecialtyIx>,
    /// Share of the area's occupied beds.
    pub share: Proportion,
}

/// The care system. Registers are in the order of their identifiers; nothing here depends on the order
/// of rows in the input.
#[derive(Debug, Clone)]
pub struct CareSystem {
    /// Name of the model.
    pub name: String,
    /// Areas.
    pub areas: Register<AreaId, AreaIx, Area>,
    /// Sites.
    pub sites: Register<SiteId, SiteIx, Site>,
    /// Specialties.
    pub specialties: Register<SpecialtyId, SpecialtyIx, Specialty>,
    /// Trusts.
    pub trusts: Register<TrustId, TrustIx, Named>,
    /// Groups of trusts.
    pub groups: Register<GroupId, GroupIx, Named>,
    /// Commissioners.
    pub commissioners: Register<CommissionerId, CommissionerIx, Named>,
    /// Regions.
    pub regions: Register<RegionId, RegionIx, Named>,
    /// Councils.
    pub councils: Register<CouncilId, CouncilIx, Council>,
    /// Social-care services.
    pub services: Register<ServiceId, ServiceIx, Named>,
    /// Periods, in order of time.
    pub periods: Register<PeriodId, PeriodIx, Period>,
    /// Need by area and specialty in the data's year, delayed stay included, no growth.
    pub need: Grid<AreaIx, SpecialtyIx, OccupiedBeds>,
    /// Beds today: an entry for each specialty that a site offers.
    pub beds: BTreeMap<(SiteIx, SpecialtyIx), BedStock>,
    /// Step-down beds today: an entry for each community site. They are not part of `beds`.
    pub community: BTreeMap<SiteIx, CommunityBeds>,
    /// Prevention programmes.
    pub programmes: Register<ProgrammeId, ProgrammeIx, Programme>,
    /// Beds held today by patients fit to leave, by council and specialty.
    pub delays: Grid<CouncilIx, SpecialtyIx, OccupiedBeds>,
    /// What each council spends today on each service.
    pub spend: Grid<CouncilIx, ServiceIx, Pounds>,
    /// Today's use: empty when the data say nothing of it.
    pub flows: Vec<FlowShare>,
    /// The travel graph as data: see [`super::travel`].
    pub travel: super::travel::TravelData,
    /// What the planners decided.
    pub policy: Policy,
}

impl CareSystem {
    /// Beds open today, all sites and specialties.
    pub fn beds_before(&self) -> Beds {
        self.beds.values().map(|stock| stock.available).sum()
    }
    /// Beds open today at one site.
    pub fn site_beds(&self, site: SiteIx) -> Beds {
        self.stocks_of(site).map(|(_, stock)| stock.available).sum()
    }
    /// Beds of each specialty that a site offers, in order of specialty.
    pub fn stocks_of(&self, site: SiteIx) -> impl Iterator<Item = (SpecialtyIx, &BedStock)> {
        let first = (site, <SpecialtyIx as super::Ix>::from_usize(0));
        self.beds
            .range(first..)
            .take_while(move |((at, _), _)| *at == site)
            .map(|((_, specialty), stock)| (*specialty, stock))
    }
    /// Need of an area for a specialty in a period, growth applied.
    pub fn need_in(&self, area: AreaIx, specialty: SpecialtyIx, period: PeriodIx) -> OccupiedBeds {
        self.need[(area, specialty)] * self.periods[period].need_factor(specialty)
    }
    /// Total need in the data's year.
    pub fn total_need(&self) -> OccupiedBeds {
        self.need.values().iter().copied().sum()
    }
    /// Whether a site is a community site whose step-down beds take patients of a specialty.
    pub fn takes_step_down(&self, site: SiteIx, specialty: SpecialtyIx) -> bool {
        let step_down = self.policy.step_down.as_ref();
        self.community.contains_key(&site)
            && step_down.is_some_and(|rule| rule.eligible_share(specialty).0 > 0.0)
    }
    /// People who live in a commissioner's areas.
    pub fn people_of(&self, commissioner: CommissionerIx) -> Persons {
        let areas = self.areas.iter().filter(|(_, _, area)| area.commissioner == commissioner);
        areas.map(|(_, _, area)| area.population).sum()
    }
    /// Travel limit for a specialty.
    pub fn reach_limit(&self, specialty: SpecialtyIx) -> Minutes {
        self.policy.reach.limit_of(specialty)
    }
}
