//! What talks start from: a result, and the model that it was made of.

use crate::domain::policy::{Agreement, Origin, Scope};
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, Proportion};
use crate::domain::{RegionIx, SiteIx, SpecialtyIx};
use crate::formulation::keys::VariableKey;
use crate::formulation::sites::OpenSites;
use crate::network::TravelTimes;
use crate::pipeline::negotiate::Promises;
use crate::solution::LevelName;
use std::collections::BTreeMap;

/// Beds this near, as results round them and solvers let pass, are the same.
const ROOM: f64 = 1e-5;

/// What the result decided that talks take as it is, and the beds from which they start.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Which sites are open, of those that may open or close.
    pub open: OpenSites,
    /// Occupancy caps that limits of refusals tightened.
    pub caps: BTreeMap<(SiteIx, SpecialtyIx), Proportion>,
    /// New beds and beds moved, by decision; what is not named is none.
    pub beds: BTreeMap<VariableKey, f64>,
    /// Levels that the result reached and proved, with their prices: a short cut where a plan that keeps promises is
    /// as good at them. May be empty.
    pub levels: Vec<KnownLevel>,
}

/// A level that was reached and proven before.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownLevel {
    /// Which.
    pub name: LevelName,
    /// The value reached, in the term's unit.
    pub value: f64,
    /// Price of each constraint, in the units of results, by [`crate::solution::members::constraint_name`]. Demand
    /// balances are left out, and so are zeros.
    pub prices: BTreeMap<String, f64>,
}

/// A model, and what a result of it decided.
#[derive(Debug, Clone, Copy)]
pub struct Present<'a> {
    /// The model.
    pub system: &'a CareSystem,
    /// Its travel times.
    pub times: &'a TravelTimes,
    /// What the result decided.
    pub standing: &'a Standing,
}

impl Present<'_> {
    /// Whether the result's own beds keep every promise.
    pub fn keeps(&self, promises: &Promises) -> bool {
        let mut beds: BTreeMap<RegionIx, f64> = BTreeMap::new();
        for (key, given) in &self.standing.beds {
            if let VariableKey::NewBeds(new) = key {
                *beds.entry(self.system.sites[new.site].region).or_default() += given;
            }
        }
        promises.iter().all(|(region, least, most)| {
            let beds = beds.get(&region).copied().unwrap_or(0.0);
            least.is_none_or(|least| beds >= least.0 - ROOM) && most.is_none_or(|most| beds <= most.0 + ROOM)
        })
    }
    /// The model with what is promised, as a model file would say it.
    pub(super) fn with_promises(&self, promises: &Promises) -> CareSystem {
        let mut system = self.system.clone();
        system.policy.occupancy.pools.extend(self.standing.caps.iter().map(|(&at, &cap)| (at, cap)));
        system
            .policy
            .agreements
            .extend(promises.iter().map(|(region, min, max)| agreement(region, min, max)));
        system
    }
}

/// An agreement on the new beds of a region that talks ask about.
pub(super) fn agreement(region: RegionIx, min: Option<Beds>, max: Option<Beds>) -> Agreement {
    Agreement {
        scope: Scope::Region(region),
        min,
        max,
        origin: Origin { file: "the talks".to_owned(), line: 0 },
    }
}
