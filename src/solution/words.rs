//! Keys of rows and columns in words that a planner understands.

use super::LevelName;
use crate::domain::moves::SharingSites;
use crate::domain::policy::{Agreement, EquityGroups, Pin, Scope, Term};
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::domain::{
    AreaIx, CommissionerIx, CouncilIx, EquityGroupIx, Ix, PeriodIx, ProgrammeIx, ServiceIx, SiteIx,
    SpecialtyIx,
};
use crate::formulation::demand_points::equity_group_name;
use crate::formulation::keys::{ConstraintKey, VariableKey};

/// A constraint in words, for example "occupancy cap of General Medicine at Royal London Hospital".
/// The period is named when the model has more than one.
pub fn constraint_words(system: &CareSystem, key: ConstraintKey) -> String {
    use ConstraintKey as K;
    let say = Words { system };
    match key {
        K::DemandBalance { area, specialty, period } => {
            format!("need of {} for {}{}", say.area(area), say.specialty(specialty), say.period(period))
        }
        K::BedCapacity { site, specialty, period } => {
            format!("occupancy cap of {}{}", say.beds_at(site, specialty), say.period(period))
        }
        K::BedStock { site, specialty, period } => {
            format!("beds of {}{}", say.beds_at(site, specialty), say.period(period))
        }
        K::NewBedPool { period } => format!("national pool of new beds{}", say.period(period)),
        K::Agreement { position, period } => {
            let rule = &system.policy.agreements[usize::from(position)];
            format!("{}{}", say.agreement(rule), say.period(period))
        }
        K::Pin { position, period } => {
            let rule = &system.policy.pins[usize::from(position)];
            format!("{}{}", say.pin(rule), say.period(period))
        }
        K::SiteSize { site, period } => format!("size limits of {}{}", say.site(site), say.period(period)),
        K::Discharge { council, period } => {
            format!("delayed beds that {} can release{}", say.council(council), say.period(period))
        }
        K::CouncilBudget { council, period } => {
            format!("budget of {}{}", say.council(council), say.period(period))
        }
        K::PooledFund { period } => format!("pooled fund for councils{}", say.period(period)),
        K::MoneyBalance { council, service, period } => {
            format!("money moved off {}{}", say.service_of(council, service), say.period(period))
        }
        K::GroupUnmet { group, period } => {
            format!("unmet share of {}{}", say.group(group), say.period(period))
        }
        K::UnmetCeiling { group, period } => {
            format!("ceiling on the unmet share of {}{}", say.group(group), say.period(period))
        }
        K::ScenarioLoss { period } => format!("need left unmet{}", say.scenario(period)),
        K::TermHold { term } => format!("the value already reached for {}", term.name()),
        K::StepDownCapacity { site, period } => {
            format!("occupancy cap of step-down beds at {}{}", say.site(site), say.period(period))
        }
        K::StepDownShare { area, specialty, period } => {
            let (area, specialty) = (say.area(area), say.specialty(specialty));
            format!("need of {area} for {specialty} that is fit for step-down{}", say.period(period))
        }
        K::StepDownStock { site, period } => {
            format!("step-down beds at {}{}", say.site(site), say.period(period))
        }
        K::StepDownPool { period } => format!("step-down beds that may be opened{}", say.period(period)),
        K::PreventionBudget { period } => format!("budget for prevention{}", say.period(period)),
        K::RollOutStep { programme, commissioner, period } => {
            format!("pace of {}{}", say.roll_out(programme, commissioner), say.period(period))
        }
        K::FreedLimit { site, specialty, period } => {
            let beds = say.beds_at(site, specialty);
            format!("room that shorter stays may free in {beds}{}", say.period(period))
        }
        K::BedManagementBudget { period } => format!("budget for shorter stays{}", say.period(period)),
        K::CapitalLimit { period } => format!("capital for new beds{}", say.period(period)),
        K::RevenueLimit { period } => format!("NHS revenue for the plan{}", say.period(period)),
        K::NurseLimit { region, period } => {
            format!("nurses in {}{}", say.scope(Scope::Region(region)), say.period(period))
        }
        K::Reallocation { sites, specialty, period } => {
            let (specialty, sites) = (say.specialty(specialty), say.sharing(sites));
            format!("beds of {specialty} moved between sites{sites}{}", say.period(period))
        }
        K::ReallocationLimit { site, specialty, period } => {
            format!("limit on beds that leave {}{}", say.beds_at(site, specialty), say.period(period))
        }
        K::Conversion { site, specialty, period } => {
            let (family, site) = (&system.specialties[specialty].family, say.site(site));
            format!("beds converted within {family} at {site}{}", say.period(period))
        }
        K::ConversionLimit { site, specialty, period } => {
            format!("limit on beds converted from {}{}", say.beds_at(site, specialty), say.period(period))
        }
        K::ClosureLimit { site, specialty, period } => {
            format!("limit on beds closed of {}{}", say.beds_at(site, specialty), say.period(period))
        }
        K::ClosureStock { site, specialty, period } => {
            format!("beds closed of {} were there before{}", say.beds_at(site, specialty), say.period(period))
        }
        K::ClosurePrecedence { commissioner, period } => say.precedence(commissioner, period),
        K::SmallestOpen { site, period } | K::LargestOpen { site, period } => {
            let size = if matches!(key, K::SmallestOpen { .. }) { "smallest" } else { "largest" };
            format!("{size} size of {} where it is open{}", say.site(site), say.period(period))
        }
        K::StaysSo { site, period } => {
            format!("{} open or closed as before{}", say.site(site), say.period(period))
        }
    }
}

/// A decision variable in words, for example "new beds of General Medicine at Royal London Hospital".
pub fn variable_words(system: &CareSystem, key: VariableKey) -> String {
    use VariableKey as V;
    let say = Words { system };
    match key {
        V::Treated(x) => format!(
            "patients of {} in beds of {}{}",
            say.area(x.area),
            say.beds_at(x.site, x.specialty),
            say.period(x.period)
        ),
        V::Unmet(x) => format!(
            "unmet need of {} for {}{}",
            say.area(x.area),
            say.specialty(x.specialty),
            say.period(x.period)
        ),
        V::OpenBeds(x) => format!("beds of {}{}", say.beds_at(x.site, x.specialty), say.period(x.period)),
        V::NewBeds(x) => {
            format!("new beds of {}{}", say.beds_at(x.site, x.specialty), say.period(x.period))
        }
        V::SpendStep(x) => format!(
            "step {} of spend on {}{}",
            x.step,
            say.service_of(x.council, x.service),
            say.period(x.period)
        ),
        V::PooledMoney(x) => {
            format!("pooled money for {}{}", say.council(x.council), say.period(x.period))
        }
        V::MoneyMoved(x) => {
            format!("money moved off {}{}", say.service_of(x.council, x.service), say.period(x.period))
        }
        V::ReleasedShare(x) => format!(
            "share of delayed {} released by {}{}",
            say.specialty(x.specialty),
            say.council(x.council),
            say.period(x.period)
        ),
        V::GroupUnmetShare(x) => format!("unmet share of {}{}", say.group(x.group), say.period(x.period)),
        V::WorstUnmetShare(x) => format!("worst unmet share{}", say.period(x.period)),
        V::UnmetThreshold(_) => "unmet need from which a scenario is in the worst tail".to_owned(),
        V::UnmetExcess(x) => format!("unmet need beyond that of the worst tail{}", say.scenario(x.period)),
        V::StepDownBeds(x) => format!("step-down beds at {}{}", say.site(x.site), say.period(x.period)),
        V::StepDownByNhs(x) => {
            format!("step-down beds opened by the NHS at {}{}", say.site(x.site), say.period(x.period))
        }
        V::StepDownByCouncil(x) => {
            format!("step-down beds opened by the council at {}{}", say.site(x.site), say.period(x.period))
        }
        V::RollOut(x) => format!("{}{}", say.roll_out(x.programme, x.commissioner), say.period(x.period)),
        V::FreedBeds(x) => {
            let beds = say.beds_at(x.site, x.specialty);
            format!("room freed by shorter stays in {beds}{}", say.period(x.period))
        }
        V::BedsIn(x) => {
            format!("beds moved in for {}{}", say.beds_at(x.site, x.specialty), say.period(x.period))
        }
        V::BedsOut(x) => {
            format!("beds moved out of {}{}", say.beds_at(x.site, x.specialty), say.period(x.period))
        }
        V::ConvertedTo(x) => {
            format!("beds converted to {}{}", say.beds_at(x.site, x.specialty), say.period(x.period))
        }
        V::ConvertedFrom(x) => {
            format!("beds converted from {}{}", say.beds_at(x.site, x.specialty), say.period(x.period))
        }
        V::ClosedBeds(x) => {
            format!("beds closed of {}{}", say.beds_at(x.site, x.specialty), say.period(x.period))
        }
        V::OpenSite(x) => format!("{} open{}", say.site(x.site), say.period(x.period)),
    }
}

/// The unit of a shadow price: the level's objective, as the program holds it (money in £ million), for
/// one unit of the constraint's bound.
pub fn price_unit(level: LevelName, key: ConstraintKey) -> String {
    let objective = match level {
        LevelName::Term(term, _) => program_unit(term),
        LevelName::Weighted => "weighted sum",
    };
    let bound = match key {
        ConstraintKey::TermHold { term } => program_unit(term),
        // Held in small units, told in whole ones.
        ConstraintKey::UnmetCeiling { .. } => Term::Inequality.unit(),
        _ => key.unit(),
    };
    format!("{objective} per {bound}")
}

fn program_unit(term: Term) -> &'static str {
    match term {
        Term::Cost => "£ million a year",
        _ => term.unit(),
    }
}

/// The name of an equity group for people.
pub fn equity_group_words(system: &CareSystem, group: EquityGroupIx) -> String {
    let named = match system.policy.objective.equity_groups {
        EquityGroups::Region => {
            system.regions.iter().nth(group.get()).map(|(_, id, item)| (id.as_str(), item))
        }
        EquityGroups::Commissioner => {
            system.commissioners.iter().nth(group.get()).map(|(_, id, item)| (id.as_str(), item))
        }
        EquityGroups::DeprivationQuintile => None,
    };
    named.map_or_else(|| equity_group_name(system, group), |(id, item)| name_or_id(&item.name, id).to_owned())
}

/// A name, or the identifier where the data give none.
pub fn name_or_id<'a>(name: &'a str, id: &'a str) -> &'a str {
    if name.trim().is_empty() { id } else { name }
}

/// The name of a region, commissioner or trust for people.
pub fn scope_words(system: &CareSystem, scope: Scope) -> &str {
    Words { system }.scope(scope)
}

/// Says the names of a system's things.
pub(super) struct Words<'a> {
    /// The system.
    pub(super) system: &'a CareSystem,
}

impl<'a> Words<'a> {
    fn area(&self, area: AreaIx) -> &'a str {
        name_or_id(&self.system.areas[area].name, self.system.areas.id(area).as_str())
    }
    pub(super) fn site(&self, site: SiteIx) -> &'a str {
        name_or_id(&self.system.sites[site].name, self.system.sites.id(site).as_str())
    }
    fn specialty(&self, specialty: SpecialtyIx) -> &'a str {
        let register = &self.system.specialties;
        name_or_id(&register[specialty].name, register.id(specialty).as_str())
    }
    pub(super) fn council(&self, council: CouncilIx) -> &'a str {
        name_or_id(&self.system.councils[council].name, self.system.councils.id(council).as_str())
    }
    fn service(&self, service: ServiceIx) -> &'a str {
        name_or_id(&self.system.services[service].name, self.system.services.id(service).as_str())
    }
    pub(super) fn beds_at(&self, site: SiteIx, specialty: SpecialtyIx) -> String {
        format!("{} at {}", self.specialty(specialty), self.site(site))
    }
    fn service_of(&self, council: CouncilIx, service: ServiceIx) -> String {
        format!("{} of {}", self.service(service), self.council(council))
    }
    fn roll_out(&self, programme: ProgrammeIx, commissioner: CommissionerIx) -> String {
        let register = &self.system.programmes;
        let programme = name_or_id(&register[programme].name, register.id(programme).as_str());
        format!("roll-out of {programme} by {}", self.scope(Scope::Commissioner(commissioner)))
    }
    fn precedence(&self, commissioner: CommissionerIx, period: PeriodIx) -> String {
        let whose = self.scope(Scope::Commissioner(commissioner));
        format!("closures in {whose} after other provision{}", self.period(period))
    }
    fn group(&self, group: EquityGroupIx) -> String {
        equity_group_words(self.system, group)
    }
    /// " in 2021", or nothing when there is one period only.
    pub(super) fn period(&self, period: PeriodIx) -> String {
        if self.system.periods.len() == 1 {
            return String::new();
        }
        format!(" in {}", self.system.periods.id(period))
    }
    /// A scenario of need, by its period in the first wave.
    fn scenario(&self, period: PeriodIx) -> String {
        format!(" in the scenario of {}", self.system.periods.id(period))
    }
    pub(super) fn scope(&self, scope: Scope) -> &'a str {
        let system = self.system;
        match scope {
            Scope::Region(x) => name_or_id(&system.regions[x].name, system.regions.id(x).as_str()),
            Scope::Commissioner(x) => {
                name_or_id(&system.commissioners[x].name, system.commissioners.id(x).as_str())
            }
            Scope::Trust(x) => name_or_id(&system.trusts[x].name, system.trusts.id(x).as_str()),
        }
    }
    /// " of Essex Hospitals", or nothing where all sites share.
    fn sharing(&self, sites: SharingSites) -> String {
        let whose = match sites {
            SharingSites::Trust(x) => self.scope(Scope::Trust(x)),
            SharingSites::Commissioner(x) => self.scope(Scope::Commissioner(x)),
            SharingSites::Region(x) => self.scope(Scope::Region(x)),
            SharingSites::Group(x) => {
                name_or_id(&self.system.groups[x].name, self.system.groups.id(x).as_str())
            }
            SharingSites::Nation => return String::new(),
        };
        format!(" of {whose}")
    }
    fn agreement(&self, rule: &Agreement) -> String {
        let whom = self.scope(rule.scope);
        match (rule.min, rule.max) {
            (Some(Beds(least)), Some(Beds(most))) => {
                format!("agreement of {least} to {most} new beds for {whom}")
            }
            (Some(Beds(least)), None) => format!("floor of {least} new beds for {whom}"),
            (None, Some(Beds(most))) => format!("ceiling of {most} new beds for {whom}"),
            (None, None) => format!("agreement on new beds for {whom}"),
        }
    }
    fn pin(&self, rule: &Pin) -> String {
        let where_to = match rule.specialty {
            Some(specialty) => self.beds_at(rule.site, specialty),
            None => self.site(rule.site).to_owned(),
        };
        let link = if rule.specialty.is_some() { "of" } else { "at" };
        format!("pin of {} new beds {link} {where_to}", rule.beds.0)
    }
}
