//! Settings of the model file to planning rules: names become positions in the registers.

use super::codes;
use super::faults::{Faults, suggest};
use super::location::Location;
use super::measures;
use super::model_file::{
    AgreementSettings, Located, ModelFile, Named, ObjectiveSettings, PinSettings, ProtectionSettings,
    ScopeKind,
};
use crate::domain::erlang::RefusalLimits;
use crate::domain::ids::{CommissionerId, RegionId, ServiceId, TrustId};
use crate::domain::index::{Ix, Register};
use crate::domain::induced::InducedDemand;
use crate::domain::measures::MoneyLimits;
use crate::domain::moves::{Conversion, Protection, Reallocation, SiteChoice};
use crate::domain::policy::{
    Agreement, BedPool, Combination, Costs, CurveStep, Level, Objective, OccupancyCaps, Origin, Pin, Policy,
    Reach, Scope, SocialCare, Term,
};
use crate::domain::system::Named as NamedThing;
use crate::domain::units::{Minutes, Proportion};
use crate::domain::{CommissionerIx, RegionIx, ServiceIx, SiteIx, SpecialtyIx, TrustIx};
use crate::input::read::registers::{Sites, Specialties};
use std::collections::BTreeMap;

/// The registers in which the names of a model file are looked up.
pub struct Registers<'a> {
    /// Sites.
    pub sites: &'a Sites,
    /// Specialties.
    pub specialties: &'a Specialties,
    /// Trusts.
    pub trusts: &'a Register<TrustId, TrustIx, NamedThing>,
    /// Commissioners.
    pub commissioners: &'a Register<CommissionerId, CommissionerIx, NamedThing>,
    /// Regions.
    pub regions: &'a Register<RegionId, RegionIx, NamedThing>,
    /// Services.
    pub services: &'a Register<ServiceId, ServiceIx, ()>,
    /// Whether the tables of the social-care part are there.
    pub social_care: bool,
}

/// Makes planning rules of settings; unknown names are told.
pub fn resolve(model: &ModelFile, registers: &Registers<'_>, faults: &mut Faults) -> Policy {
    let reach = &model.reach;
    let specialties = registers.specialties;
    Policy {
        pool: BedPool { total: model.new_beds.value, must_spend: model.must_spend },
        whole_beds: model.whole_beds.then_some(model.ward_size),
        occupancy: OccupancyCaps {
            cap: model.cap,
            specialties: by_specialty(&model.caps, specialties, Proportion, faults),
            pools: BTreeMap::new(),
            refusals: RefusalLimits {
                limit: model.refusal_limit,
                specialties: by_specialty(&model.refusal_limits, specialties, Proportion, faults),
            },
        },
        reach: Reach {
            limit: reach.limit,
            specialties: by_specialty(&reach.limits, specialties, Minutes, faults),
            free: reach.free.value,
            steep_after: reach.steep_after,
            steep_factor: reach.steep_factor,
            nearest_sites: reach.nearest_sites,
        },
        growth_limit: model.growth_limit,
        agreements: model.agreements.iter().filter_map(|a| agreement(a, registers, faults)).collect(),
        pins: model.pins.iter().filter_map(|pin| resolve_pin(pin, registers, faults)).collect(),
        social_care: social_care(model, registers, faults),
        induced: InducedDemand {
            elasticity: Proportion(model.induced.elasticity),
            specialties: by_specialty(&model.induced.specialties, specialties, Proportion, faults),
        },
        reallocation: model.reallocation.as_ref().map(|settings| Reallocation {
            scope: settings.scope.value,
            limit: settings.limit,
            cost_per_bed: settings.cost_per_bed.unwrap_or(model.capital_per_bed),
        }),
        conversion: model.conversion.map(|(limit, cost_per_bed)| Conversion { limit, cost_per_bed }),
        closure_limit: model.closure_limit.filter(|limit| limit.0 > 0.0),
        closure_precedence: model.closure_precedence.is_some(),
        site_choices: model
            .site_choices
            .iter()
            .filter_map(|(name, choice, fixed_cost)| {
                let site = find_site(name, registers, faults)?;
                let (choice, fixed_cost) = (*choice, *fixed_cost);
                Some(SiteChoice { site, choice, fixed_cost, origin: origin(&name.at) })
            })
            .collect(),
        protected: model.protected.iter().filter_map(|rule| protection(rule, registers, faults)).collect(),
        objective: objective(&model.objective, specialties, faults),
        costs: Costs {
            capital_per_bed: model.capital_per_bed,
            capital_life_years: model.capital_life_years,
            revenue_per_bed_day: model.revenue_per_bed_day,
        },
        step_down: measures::step_down(model, registers, faults),
        prevention: model.measures.prevention,
        bed_management: model.measures.bed_management,
        money: MoneyLimits::default(), // Periods are looked up once they are known.
        staff: measures::staff(&model.measures, registers, faults),
        justifications: Vec::new(), // They are about the whole system: see `justifications`.
        origins: model.origins.clone(),
    }
}

pub(super) fn by_specialty<T>(
    named: &Named,
    specialties: &Specialties,
    make: fn(f64) -> T,
    faults: &mut Faults,
) -> BTreeMap<SpecialtyIx, T> {
    let mut found = BTreeMap::new();
    for (name, number) in named {
        if let Some(specialty) = find_specialty(name, specialties, faults) {
            found.insert(specialty, make(*number));
        }
    }
    found
}

/// The specialty of a name; `None` where the tables have none, which is told.
pub fn find_specialty(
    name: &Located<String>,
    specialties: &Specialties,
    faults: &mut Faults,
) -> Option<SpecialtyIx> {
    let found = specialties.register.find(name.value.as_str());
    if found.is_none() {
        unknown("specialty", name, specialties.register.ids().iter().map(|id| id.as_str()), faults);
    }
    found
}

pub(super) fn unknown<'a>(
    kind: &str,
    name: &Located<String>,
    known: impl IntoIterator<Item = &'a str>,
    faults: &mut Faults,
) {
    let cause = format!("the tables have no {kind} `{}`", name.value);
    faults.add(codes::UNKNOWN_NAME, name.at.clone(), cause, suggest(&name.value, known));
}

fn origin(at: &Location) -> Origin {
    Origin { file: at.file.to_string(), line: at.line as usize }
}

/// A thing by its identifier, or by its name when only one bears it.
pub(super) fn by_id_or_name<Id, X>(text: &str, register: &Register<Id, X, NamedThing>) -> Option<X>
where
    Id: Clone + Ord + std::hash::Hash + std::borrow::Borrow<str>,
    X: Ix,
{
    register.find(text).or_else(|| {
        let mut bearers = register.iter().filter(|(_, _, thing)| thing.name == text);
        bearers.next().filter(|_| bearers.next().is_none()).map(|(position, _, _)| position)
    })
}

fn agreement(
    settings: &AgreementSettings,
    registers: &Registers<'_>,
    faults: &mut Faults,
) -> Option<Agreement> {
    let name = &settings.name;
    let scope = match settings.kind {
        ScopeKind::Region => by_id_or_name(&name.value, registers.regions).map(Scope::Region),
        ScopeKind::Commissioner => {
            by_id_or_name(&name.value, registers.commissioners).map(Scope::Commissioner)
        }
        ScopeKind::Trust => by_id_or_name(&name.value, registers.trusts).map(Scope::Trust),
    };
    let Some(scope) = scope else {
        match settings.kind {
            ScopeKind::Region => unknown("region", name, names_of(registers.regions), faults),
            ScopeKind::Commissioner => {
                unknown("commissioner", name, names_of(registers.commissioners), faults);
            }
            ScopeKind::Trust => unknown("trust", name, names_of(registers.trusts), faults),
        }
        return None;
    };
    Some(Agreement { scope, min: settings.min, max: settings.max, origin: origin(&name.at) })
}

/// Identifiers, and names where they differ.
pub(super) fn names_of<Id, X>(register: &Register<Id, X, NamedThing>) -> Vec<&str>
where
    Id: Clone + Ord + std::hash::Hash + std::borrow::Borrow<str>,
    X: Ix,
{
    let ids = register.ids().iter().map(std::borrow::Borrow::borrow);
    let names = register
        .iter()
        .filter(|(_, id, thing)| *Borrowed(*id) != *thing.name)
        .map(|(_, _, t)| t.name.as_str());
    ids.chain(names).collect()
}

/// Lets an identifier be compared as text.
struct Borrowed<'a, Id>(&'a Id);
impl<Id: std::borrow::Borrow<str>> std::ops::Deref for Borrowed<'_, Id> {
    type Target = str;
    fn deref(&self) -> &str {
        self.0.borrow()
    }
}

fn find_site(name: &Located<String>, registers: &Registers<'_>, faults: &mut Faults) -> Option<SiteIx> {
    let register = &registers.sites.register;
    let found = register.find(name.value.as_str());
    if found.is_none() {
        unknown("site", name, register.ids().iter().map(|id| id.as_str()), faults);
    }
    found
}

fn protection(
    rule: &ProtectionSettings,
    registers: &Registers<'_>,
    faults: &mut Faults,
) -> Option<Protection> {
    let site = find_site(&rule.site, registers, faults);
    let specialty = match &rule.specialty {
        Some(name) => Some(find_specialty(name, registers.specialties, faults)?),
        None => None,
    };
    Some(Protection { site: site?, specialty, why: rule.why.clone(), origin: origin(&rule.site.at) })
}

fn resolve_pin(pin: &PinSettings, registers: &Registers<'_>, faults: &mut Faults) -> Option<Pin> {
    let site = find_site(&pin.site, registers, faults);
    let specialty = match &pin.specialty {
        Some(name) => Some(find_specialty(name, registers.specialties, faults)?),
        None => None,
    };
    Some(Pin {
        site: site?,
        specialty,
        beds: pin.beds.value,
        why: pin.why.clone(),
        origin: origin(&pin.beds.at),
    })
}

fn social_care(model: &ModelFile, registers: &Registers<'_>, faults: &mut Faults) -> Option<SocialCare> {
    let settings = model.social_care.as_ref().filter(|_| registers.social_care)?;
    let services = || registers.services.ids().iter().map(|id| id.as_str());
    let mut floors: BTreeMap<ServiceIx, Proportion> = BTreeMap::new();
    for (name, share) in &settings.floors {
        match registers.services.find(name.value.as_str()) {
            Some(service) => {
                floors.insert(service, Proportion(*share));
            }
            None => unknown("service", name, services(), faults),
        }
    }
    let releasing = registers.services.find(settings.releasing_service.value.as_str());
    if releasing.is_none() {
        unknown("service", &settings.releasing_service, services(), faults);
    }
    let step = |step: &Located<(f64, f64)>| CurveStep {
        share: Proportion(step.value.0),
        cost_per_bed_day: step.value.1,
    };
    Some(SocialCare {
        pooled_fund: settings.pooled_fund.value,
        floors,
        releasing_service: releasing,
        discharge_curve: settings.curve.iter().map(step).collect(),
        touchable: settings.touchable,
        irreducible: settings.irreducible,
    })
}

fn objective(settings: &ObjectiveSettings, specialties: &Specialties, faults: &mut Faults) -> Objective {
    let by_term = |named: &Named| -> BTreeMap<Term, f64> {
        named.iter().filter_map(|(name, number)| Some((Term::from_name(&name.value)?, *number))).collect()
    };
    let tolerances = by_term(&settings.tolerances);
    let level = |word: &String| {
        let term = Term::from_name(word)?;
        Some(Level { term, tolerance: tolerances.get(&term).copied().unwrap_or(0.0) })
    };
    let combination = match &settings.priorities {
        Some(terms) => Combination::Priorities(terms.iter().filter_map(level).collect()),
        None => Combination::Weights(by_term(&settings.weights)),
    };
    Objective {
        combination,
        equity_groups: settings.equity_groups.value,
        leximin: settings.leximin,
        tie_break: settings.tie_break,
        most_deprived_weight: settings.most_deprived.value,
        urgency: by_specialty(&settings.urgency, specialties, |number| number, faults),
        worst_tail: settings.worst_tail,
    }
}
