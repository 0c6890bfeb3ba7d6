//! Demands that cannot all be met, and what would make them fit.

use crate::domain::SiteIx;
use crate::domain::policy::{Origin, Origins, Scope};
use crate::domain::system::CareSystem;
use crate::formulation::demands::Demand;
use crate::formulation::keys::{ConstraintKey, VariableKey};
use crate::lp::BoundSide;

/// One member of a conflict.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictLine {
    /// What collides.
    pub member: Colliding,
    /// Which side of it.
    pub side: BoundSide,
    /// The limit on that side, in the member's unit.
    pub limit: f64,
    /// Where the user wrote it, if anywhere.
    pub origin: Option<Origin>,
}

/// A constraint, a variable's own limit, beds that must stay, or the rule that beds come whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colliding {
    /// A constraint.
    Constraint(ConstraintKey),
    /// A variable's own limit.
    Variable(VariableKey),
    /// Protected beds (position in the policy's list).
    Protected(u16),
    /// Beds come whole, or in wards.
    WholeBeds,
}

/// Giving way on one demand.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// On which.
    pub demand: Demand,
    /// By how much, in the demand's unit; more than nothing.
    pub by: f64,
    /// The limit as it stands, in the same unit.
    pub limit: f64,
    /// What it counts in a repair, in the worth of new beds.
    pub weighs: f64,
    /// Where the user wrote the demand, if anywhere.
    pub origin: Option<Origin>,
}

impl Change {
    /// The limit after the change.
    pub fn new_limit(&self) -> f64 {
        match self.demand {
            Demand::Row(_, BoundSide::Lower) | Demand::Limit(_, BoundSide::Lower) => self.limit - self.by,
            _ => self.limit + self.by,
        }
    }
}

/// Demands that cannot all be met: without any one of them the others can, and all other rules beside them are
/// arithmetic.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The members.
    pub members: Vec<ConflictLine>,
    /// What would do if it were the only change, one for each member; `None` where no change of it alone does, since
    /// other demands collide too.
    pub alone: Vec<Option<Change>>,
    /// Settings that loosen several members at once, changed alone.
    pub settings: Vec<Change>,
    /// The changes with the least weighted sum that make the model work, all of them together.
    pub repair: Vec<Change>,
}

impl Conflict {
    /// The members, the one asked for among them.
    pub fn has(&self, demand: Demand) -> bool {
        self.members.iter().any(|line| line.demand() == demand)
    }
}

impl ConflictLine {
    /// A demand with its limit as a member of a conflict.
    pub fn new(system: &CareSystem, demand: Demand, limit: f64) -> Self {
        let (member, side) = match demand {
            Demand::Row(key, side) => (Colliding::Constraint(key), side),
            Demand::Limit(key, side) => (Colliding::Variable(key), side),
            Demand::Protected(position) => (Colliding::Protected(position), BoundSide::Upper),
            Demand::WholeBeds => (Colliding::WholeBeds, BoundSide::Lower),
            Demand::Growth => unreachable!("a setting of many demands is none itself"),
        };
        Self { member, side, limit, origin: origin(system, demand) }
    }
    /// The demand that it is.
    pub fn demand(&self) -> Demand {
        match self.member {
            Colliding::Constraint(key) => Demand::Row(key, self.side),
            Colliding::Variable(key) => Demand::Limit(key, self.side),
            Colliding::Protected(position) => Demand::Protected(position),
            Colliding::WholeBeds => Demand::WholeBeds,
        }
    }
}

/// Where a demand was written, in the model file or in a table; `None` where it comes from a default.
pub fn origin(system: &CareSystem, demand: Demand) -> Option<Origin> {
    use ConstraintKey as K;
    let policy = &system.policy;
    let of = |paths: &[&str]| policy.origins.first_of(paths).cloned();
    let (key, side) = match demand {
        Demand::Protected(position) => {
            return policy.protected.get(usize::from(position)).map(|rule| rule.origin.clone());
        }
        Demand::Growth => return of(&["sites.growth_limit", "sites"]),
        Demand::WholeBeds => {
            let ward = policy.whole_beds.filter(|ward| ward.0 > 1.0).and_then(|_| of(&["ward_size"]));
            return ward.or_else(|| of(&["whole_beds"]));
        }
        Demand::Limit(VariableKey::StepDownBeds(beds), _) => return of(&[&site_row(system, beds.site)]),
        Demand::Limit(..) => return None,
        Demand::Row(key, side) => (key, side),
    };
    match key {
        K::Agreement { position, .. } => {
            let rule = policy.agreements.get(usize::from(position))?;
            Some(stated_at(system, rule.scope, side).unwrap_or_else(|| rule.origin.clone()))
        }
        K::Pin { position, .. } => policy.pins.get(usize::from(position)).map(|pin| pin.origin.clone()),
        K::NewBedPool { .. } if side == BoundSide::Lower => {
            of(&["new_beds.must_spend", "new_beds.total", "new_beds"])
        }
        K::NewBedPool { .. } => of(&["new_beds.total", "new_beds"]),
        K::SiteSize { site, .. } if side == BoundSide::Upper && grows(system, site) => {
            of(&["sites.growth_limit", "sites"])
        }
        K::SiteSize { site, .. } | K::SmallestOpen { site, .. } | K::LargestOpen { site, .. } => {
            of(&[&site_row(system, site)])
        }
        K::CouncilBudget { council, .. } => {
            of(&[&Origins::row("councils", system.councils.id(council).as_str())])
        }
        K::PooledFund { .. } => of(&["social_care.pooled_fund", "social_care"]),
        K::StepDownPool { .. } => of(&["step_down.new_beds", "step_down"]),
        K::PreventionBudget { .. } => of(&["prevention.budget"]),
        K::BedManagementBudget { .. } => of(&["bed_management.budget"]),
        K::CapitalLimit { period } => {
            let own = format!("money.periods.{}.capital", system.periods.id(period));
            of(&[&own, "money.capital"])
        }
        K::RevenueLimit { period } => {
            let own = format!("money.periods.{}.revenue", system.periods.id(period));
            of(&[&own, "money.revenue"])
        }
        K::NurseLimit { region, .. } => {
            let (id, name) = (system.regions.id(region).as_str(), &system.regions[region].name);
            let paths = [format!("staff.regions.{id}.nurses"), format!("staff.regions.{name}.nurses")];
            of(&[&paths[0], &paths[1], "staff"])
        }
        K::ReallocationLimit { .. } => of(&["reallocation.limit", "reallocation"]),
        K::ConversionLimit { .. } => of(&["conversion.limit", "conversion"]),
        K::ClosureLimit { .. } => of(&["closures.limit", "closures"]),
        K::ClosurePrecedence { .. } => of(&["closures.precedence"]),
        K::BedCapacity { .. } => of(&["occupancy.cap", "occupancy"]),
        K::StepDownCapacity { .. } => of(&["step_down.occupancy", "step_down"]),
        _ => None,
    }
}

fn site_row(system: &CareSystem, site: SiteIx) -> String {
    Origins::row("sites", system.sites.id(site).as_str())
}

/// Whether it is the growth limit that limits a site, not a largest size of its own.
pub fn grows(system: &CareSystem, site: SiteIx) -> bool {
    let today = system.site_beds(site).0;
    let grown = system.policy.growth_limit.filter(|_| today > 0.0).map(|limit| today * (1.0 + limit.0));
    match (grown, system.sites[site].largest_beds) {
        (Some(grown), Some(own)) => grown < own.0,
        (grown, None) => grown.is_some(),
        (None, Some(_)) => false,
    }
}

/// The line of a floor or a ceiling, where it has one of its own.
fn stated_at(system: &CareSystem, scope: Scope, side: BoundSide) -> Option<Origin> {
    let (block, id, name) = match scope {
        Scope::Region(x) => ("regions", system.regions.id(x).as_str(), &system.regions[x].name),
        Scope::Commissioner(x) => {
            ("commissioners", system.commissioners.id(x).as_str(), &system.commissioners[x].name)
        }
        Scope::Trust(x) => ("trusts", system.trusts.id(x).as_str(), &system.trusts[x].name),
    };
    let end = if side == BoundSide::Lower { "min" } else { "max" };
    let paths = [format!("{block}.{id}.{end}"), format!("{block}.{name}.{end}")];
    system.policy.origins.first_of(&[&paths[0], &paths[1]]).cloned()
}
