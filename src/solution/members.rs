//! Keys of rows and columns as named members: what tables, exchange files and explanations share.

use crate::domain::moves::SharingSites;
use crate::domain::policy::Scope;
use crate::domain::system::CareSystem;
use crate::domain::{
    AreaIx, CommissionerIx, CouncilIx, EquityGroupIx, PeriodIx, ProgrammeIx, RegionIx, ServiceIx, SiteIx,
    SpecialtyIx,
};
use crate::formulation::demand_points::equity_group_name;
use crate::formulation::keys::{ConstraintKey, VariableKey};
use std::fmt::Display;

/// The names that members of a constraint can have, in the order of results.
pub const CONSTRAINT_MEMBERS: [&str; 12] = [
    "area",
    "site",
    "specialty",
    "region",
    "commissioner",
    "trust",
    "council",
    "service",
    "group",
    "term",
    "period",
    "position",
];

/// A further member, which only models with prevention have.
pub const PROGRAMME_MEMBER: &str = "programme";

/// What a key is about: pairs of a member's name and an identifier, in the order of the key's fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members(Vec<(&'static str, String)>);

impl Members {
    /// The identifier of one member; `None` when the key has no such member.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(member, _)| *member == name).map(|(_, id)| id.as_str())
    }
    /// All members, in the order of the key's fields.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(member, id)| (*member, id.as_str()))
    }
}

/// Gathers members by position.
struct Gather<'a> {
    system: &'a CareSystem,
    members: Vec<(&'static str, String)>,
}

impl<'a> Gather<'a> {
    fn new(system: &'a CareSystem) -> Self {
        Self { system, members: Vec::new() }
    }
    fn add(mut self, name: &'static str, id: impl Display) -> Self {
        self.members.push((name, id.to_string()));
        self
    }
    fn area(self, area: AreaIx) -> Self {
        let id = self.system.areas.id(area).clone();
        self.add("area", id)
    }
    fn site(self, site: SiteIx) -> Self {
        let id = self.system.sites.id(site).clone();
        self.add("site", id)
    }
    fn specialty(self, specialty: SpecialtyIx) -> Self {
        let id = self.system.specialties.id(specialty).clone();
        self.add("specialty", id)
    }
    fn region(self, region: RegionIx) -> Self {
        let id = self.system.regions.id(region).clone();
        self.add("region", id)
    }
    fn council(self, council: CouncilIx) -> Self {
        let id = self.system.councils.id(council).clone();
        self.add("council", id)
    }
    fn service(self, service: ServiceIx) -> Self {
        let id = self.system.services.id(service).clone();
        self.add("service", id)
    }
    fn group(self, group: EquityGroupIx) -> Self {
        let name = equity_group_name(self.system, group);
        self.add("group", name)
    }
    fn period(self, period: PeriodIx) -> Self {
        let id = self.system.periods.id(period).clone();
        self.add("period", id)
    }
    fn programme(self, programme: ProgrammeIx) -> Self {
        let id = self.system.programmes.id(programme).clone();
        self.add(PROGRAMME_MEMBER, id)
    }
    fn commissioner(self, commissioner: CommissionerIx) -> Self {
        let id = self.system.commissioners.id(commissioner).clone();
        self.add("commissioner", id)
    }
    fn scope(self, scope: Scope) -> Self {
        match scope {
            Scope::Region(region) => self.region(region),
            Scope::Commissioner(commissioner) => self.commissioner(commissioner),
            Scope::Trust(trust) => {
                let id = self.system.trusts.id(trust).clone();
                self.add("trust", id)
            }
        }
    }
    /// A hospital group stands where an equity group would: no constraint has both.
    fn sharing(self, sites: SharingSites) -> Self {
        match sites {
            SharingSites::Trust(trust) => self.scope(Scope::Trust(trust)),
            SharingSites::Commissioner(commissioner) => self.scope(Scope::Commissioner(commissioner)),
            SharingSites::Region(region) => self.region(region),
            SharingSites::Group(group) => {
                let id = self.system.groups.id(group).clone();
                self.add("group", id)
            }
            SharingSites::Nation => self,
        }
    }
    fn done(self) -> Members {
        Members(self.members)
    }
}

/// What a constraint is about. An agreement or a pin has the `position` of its rule in the policy's
/// list, from 0, and whom it binds.
pub fn constraint_members(system: &CareSystem, key: ConstraintKey) -> Members {
    use ConstraintKey as K;
    let gather = Gather::new(system);
    match key {
        K::DemandBalance { area, specialty, period } | K::StepDownShare { area, specialty, period } => {
            gather.area(area).specialty(specialty).period(period)
        }
        K::BedCapacity { site, specialty, period }
        | K::BedStock { site, specialty, period }
        | K::FreedLimit { site, specialty, period }
        | K::ReallocationLimit { site, specialty, period }
        | K::Conversion { site, specialty, period }
        | K::ConversionLimit { site, specialty, period }
        | K::ClosureLimit { site, specialty, period }
        | K::ClosureStock { site, specialty, period } => {
            gather.site(site).specialty(specialty).period(period)
        }
        K::NewBedPool { period }
        | K::PooledFund { period }
        | K::ScenarioLoss { period }
        | K::StepDownPool { period }
        | K::PreventionBudget { period }
        | K::BedManagementBudget { period }
        | K::CapitalLimit { period }
        | K::RevenueLimit { period } => gather.period(period),
        K::Agreement { position, period } => {
            let rule = &system.policy.agreements[usize::from(position)];
            gather.scope(rule.scope).period(period).add("position", position)
        }
        K::Pin { position, period } => {
            let rule = &system.policy.pins[usize::from(position)];
            let gather = gather.site(rule.site);
            let gather = match rule.specialty {
                Some(specialty) => gather.specialty(specialty),
                None => gather,
            };
            gather.period(period).add("position", position)
        }
        K::SiteSize { site, period }
        | K::StepDownCapacity { site, period }
        | K::StepDownStock { site, period }
        | K::SmallestOpen { site, period }
        | K::LargestOpen { site, period }
        | K::StaysSo { site, period } => gather.site(site).period(period),
        K::ClosurePrecedence { commissioner, period } => gather.commissioner(commissioner).period(period),
        K::Discharge { council, period } | K::CouncilBudget { council, period } => {
            gather.council(council).period(period)
        }
        K::MoneyBalance { council, service, period } => {
            gather.council(council).service(service).period(period)
        }
        K::GroupUnmet { group, period } | K::UnmetCeiling { group, period } => {
            gather.group(group).period(period)
        }
        K::TermHold { term } => gather.add("term", term.name()),
        K::RollOutStep { programme, commissioner, period } => {
            gather.programme(programme).commissioner(commissioner).period(period)
        }
        K::NurseLimit { region, period } => gather.region(region).period(period),
        K::Reallocation { sites, specialty, period } => {
            gather.sharing(sites).specialty(specialty).period(period)
        }
    }
    .done()
}

/// The name of a constraint that no other has: its family and members, as a row of `prices.csv` tells them.
pub fn constraint_name(system: &CareSystem, key: ConstraintKey) -> String {
    let members = constraint_members(system, key);
    let mut name = key.family().to_owned();
    for member in CONSTRAINT_MEMBERS.into_iter().chain([PROGRAMME_MEMBER]) {
        if let Some(id) = members.get(member).filter(|id| !id.is_empty()) {
            name.extend([",", member, "=", id]);
        }
    }
    name
}

/// What a decision variable is about; steps of a curve have a `step`, from 0.
pub fn variable_members(system: &CareSystem, key: VariableKey) -> Members {
    use VariableKey as V;
    let gather = Gather::new(system);
    match key {
        V::Treated(x) => gather.area(x.area).site(x.site).specialty(x.specialty).period(x.period),
        V::Unmet(x) => gather.area(x.area).specialty(x.specialty).period(x.period),
        V::OpenBeds(x) => gather.site(x.site).specialty(x.specialty).period(x.period),
        V::NewBeds(x) => gather.site(x.site).specialty(x.specialty).period(x.period),
        V::SpendStep(x) => gather.council(x.council).service(x.service).add("step", x.step).period(x.period),
        V::PooledMoney(x) => gather.council(x.council).period(x.period),
        V::MoneyMoved(x) => gather.council(x.council).service(x.service).period(x.period),
        V::ReleasedShare(x) => gather.council(x.council).specialty(x.specialty).period(x.period),
        V::GroupUnmetShare(x) => gather.group(x.group).period(x.period),
        V::WorstUnmetShare(x) => gather.period(x.period),
        V::UnmetThreshold(_) => gather,
        V::UnmetExcess(x) => gather.period(x.period),
        V::StepDownBeds(x) => gather.site(x.site).period(x.period),
        V::StepDownByNhs(x) => gather.site(x.site).period(x.period),
        V::StepDownByCouncil(x) => gather.site(x.site).period(x.period),
        V::RollOut(x) => gather.programme(x.programme).commissioner(x.commissioner).period(x.period),
        V::FreedBeds(x) => gather.site(x.site).specialty(x.specialty).period(x.period),
        V::BedsIn(x) => gather.site(x.site).specialty(x.specialty).period(x.period),
        V::BedsOut(x) => gather.site(x.site).specialty(x.specialty).period(x.period),
        V::ConvertedTo(x) => gather.site(x.site).specialty(x.specialty).period(x.period),
        V::ConvertedFrom(x) => gather.site(x.site).specialty(x.specialty).period(x.period),
        V::ClosedBeds(x) => gather.site(x.site).specialty(x.specialty).period(x.period),
        V::OpenSite(x) => gather.site(x.site).period(x.period),
    }
    .done()
}
