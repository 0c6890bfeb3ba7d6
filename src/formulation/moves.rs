//! Beds that are moved: which stocks may take part, and the variables of it.

use super::Formulation;
use super::keys::{BedsIn, BedsOut, ConvertedFrom, ConvertedTo, VariableFamily};
use crate::domain::ids::FamilyId;
use crate::domain::moves::SharingSites;
use crate::domain::system::{CareSystem, SiteKind};
use crate::domain::units::{Beds, Proportion};
use crate::domain::{PeriodIx, SiteIx, SpecialtyIx};
use crate::lp::Bounds;
use std::collections::BTreeMap;

/// Sites and specialties that exchange beds.
pub struct BedMoves<'a> {
    system: &'a CareSystem,
    /// Sites that offer a specialty, where beds are reallocated.
    sharing: BTreeMap<(SharingSites, SpecialtyIx), Vec<SiteIx>>,
    /// Specialties of a family at a site, where beds are converted.
    families: BTreeMap<(SiteIx, &'a FamilyId), Vec<SpecialtyIx>>,
    /// Beds that no move can change: those of all sites and specialties that exchange any.
    together: BTreeMap<(Home, Option<&'a FamilyId>, Option<SpecialtyIx>), Beds>,
}

/// The sites that exchange beds, or a site on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    Sharing(SharingSites),
    Alone(SiteIx),
}

impl<'a> BedMoves<'a> {
    /// Finds out. O(stocks × log stocks).
    pub fn new(system: &'a CareSystem) -> Self {
        let mut moves =
            Self { system, sharing: BTreeMap::new(), families: BTreeMap::new(), together: BTreeMap::new() };
        for (&(site, specialty), stock) in &system.beds {
            if let Some(sites) = system.sharing_sites(site) {
                moves.sharing.entry((sites, specialty)).or_default().push(site);
            }
            if converts(system, site) {
                let family = &system.specialties[specialty].family;
                moves.families.entry((site, family)).or_default().push(specialty);
            }
            *moves.together.entry(moves.pool_of(site, specialty)).or_default() += stock.available;
        }
        moves.sharing.retain(|_, sites| sites.len() > 1);
        moves.families.retain(|_, specialties| specialties.len() > 1);
        moves
    }
    fn pool_of(
        &self,
        site: SiteIx,
        specialty: SpecialtyIx,
    ) -> (Home, Option<&'a FamilyId>, Option<SpecialtyIx>) {
        let home = self.system.sharing_sites(site).map_or(Home::Alone(site), Home::Sharing);
        if converts(self.system, site) {
            (home, Some(&self.system.specialties[specialty].family), None)
        } else {
            (home, None, Some(specialty))
        }
    }
    /// Sites that exchange beds of a specialty with each other, at least two of them.
    pub fn sharing(&self) -> impl Iterator<Item = (SharingSites, SpecialtyIx, &[SiteIx])> {
        self.sharing.iter().map(|(&(sites, specialty), members)| (sites, specialty, members.as_slice()))
    }
    /// Specialties that exchange beds at a site, at least two of them.
    pub fn families(&self) -> impl Iterator<Item = (SiteIx, &[SpecialtyIx])> {
        self.families.iter().map(|(&(site, _), members)| (site, members.as_slice()))
    }
    /// No more beds than this can ever be in one place: moves change no total, so all that is there today
    /// and the whole pool.
    pub fn most_beds(&self, site: SiteIx, specialty: SpecialtyIx) -> Beds {
        self.together[&self.pool_of(site, specialty)] + self.system.policy.pool.total
    }
}

fn converts(system: &CareSystem, site: SiteIx) -> bool {
    system.policy.conversion.is_some() && system.sites[site].kind == SiteKind::Acute
}

/// Whether beds may go to another site, or close.
pub fn may_leave(system: &CareSystem, site: SiteIx, specialty: SpecialtyIx) -> bool {
    let protects = |specialty_protected: Option<SpecialtyIx>| {
        specialty_protected.is_none_or(|protected| protected == specialty)
    };
    !system.policy.protected.iter().any(|rule| rule.site == site && protects(rule.specialty))
}

/// Whether beds may change their specialty: protection of a whole site keeps beds there, and no more.
fn may_change(system: &CareSystem, site: SiteIx, specialty: SpecialtyIx) -> bool {
    !system.policy.protected.iter().any(|rule| rule.site == site && rule.specialty == Some(specialty))
}

/// in\[h,s,t\] and out\[h,s,t\] wherever another site of the scope offers the specialty. Protected beds have
/// no way out.
pub fn add_reallocated(f: &mut Formulation, system: &CareSystem, moves: &BedMoves) {
    let Some(rule) = system.policy.reallocation else { return };
    let mut stocks = Vec::new();
    for (_, specialty, sites) in moves.sharing() {
        stocks.extend(sites.iter().map(|&site| (site, specialty)));
    }
    add_ways(f, system, moves, rule.limit, &stocks, |site, specialty, period| {
        let out = BedsOut { site, specialty, period };
        (BedsIn { site, specialty, period }, may_leave(system, site, specialty).then_some(out))
    });
}

/// to\[h,s,t\] and from\[h,s,t\] wherever a site offers another specialty of the family.
pub fn add_converted(f: &mut Formulation, system: &CareSystem, moves: &BedMoves) {
    let Some(rule) = system.policy.conversion else { return };
    let mut stocks = Vec::new();
    for (site, specialties) in moves.families() {
        stocks.extend(specialties.iter().map(|&specialty| (site, specialty)));
    }
    add_ways(f, system, moves, rule.limit, &stocks, |site, specialty, period| {
        let from = ConvertedFrom { site, specialty, period };
        (ConvertedTo { site, specialty, period }, may_change(system, site, specialty).then_some(from))
    });
}

/// In each period a way in and, where there is one, a way out of each stock. No more can move than the limit's
/// share of all beds that could be there.
fn add_ways<In: VariableFamily, Out: VariableFamily>(
    f: &mut Formulation,
    system: &CareSystem,
    moves: &BedMoves,
    limit: Proportion,
    stocks: &[(SiteIx, SpecialtyIx)],
    ways: impl Fn(SiteIx, SpecialtyIx, PeriodIx) -> (In, Option<Out>),
) {
    for period in system.opening_periods() {
        for &(site, specialty) in stocks {
            let most = moves.most_beds(site, specialty) * limit.0;
            let bounds = Bounds::between(0.0, most.0);
            let (into, out) = ways(site, specialty, period);
            f.add_variable(into, bounds);
            if let Some(out) = out {
                f.add_variable(out, bounds);
            }
        }
    }
}
