//! Rules on beds that are moved or closed, and on sites that open or close.

use super::policy::Origin;
use super::system::{CareSystem, SiteKind};
use super::units::{Pounds, Proportion};
use super::{CommissionerIx, GroupIx, RegionIx, SiteIx, SpecialtyIx, TrustIx};

/// Among which sites beds may be reallocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReallocationScope {
    /// Sites of one trust.
    Trust,
    /// Sites of one hospital group; a trust without a group is its own.
    Group,
    /// Sites of one commissioner.
    Commissioner,
    /// Sites of one region.
    Region,
    /// All sites.
    Nation,
}

/// Beds that move between sites. They keep their specialty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reallocation {
    /// Among which sites.
    pub scope: ReallocationScope,
    /// Most that may leave in a period, as a share of a site's beds of a specialty before it.
    pub limit: Proportion,
    /// £ for a bed moved, once: the place for it at the other site.
    pub cost_per_bed: Pounds,
}

/// Beds that change their specialty within its family. They stay at their site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conversion {
    /// Most that may be converted in a period, as a share of a site's beds of a specialty before it.
    pub limit: Proportion,
    /// £ for a bed converted, once.
    pub cost_per_bed: Pounds,
}

/// Beds that must stay where they are.
#[derive(Debug, Clone)]
pub struct Protection {
    /// The site.
    pub site: SiteIx,
    /// One specialty, which must then stay that specialty too; or the whole site.
    pub specialty: Option<SpecialtyIx>,
    /// The reason given.
    pub why: String,
    /// Where it was written.
    pub origin: Origin,
}

/// Whether a site stands today, and what may become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It stands, and may close for good.
    MayClose,
    /// It does not stand yet, and may open for good.
    MayOpen,
}

/// A site that may open or close as a whole.
#[derive(Debug, Clone)]
pub struct SiteChoice {
    /// The site.
    pub site: SiteIx,
    /// Which of the two.
    pub choice: Choice,
    /// £ a year while it is open, whatever its size.
    pub fixed_cost: Pounds,
    /// Where it was written.
    pub origin: Origin,
}

/// Sites among which beds may be reallocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharingSites {
    /// Of a trust.
    Trust(TrustIx),
    /// Of a hospital group.
    Group(GroupIx),
    /// Of a commissioner.
    Commissioner(CommissionerIx),
    /// Of a region.
    Region(RegionIx),
    /// All.
    Nation,
}

impl CareSystem {
    /// The choice on a site; `None` where the model leaves none.
    pub fn choice_on(&self, site: SiteIx) -> Option<&SiteChoice> {
        self.policy.site_choices.iter().find(|choice| choice.site == site)
    }
    /// The sites with which an acute site may exchange beds; `None` for other sites, and where beds are not
    /// reallocated at all.
    pub fn sharing_sites(&self, site: SiteIx) -> Option<SharingSites> {
        let place = &self.sites[site];
        let scope = self.policy.reallocation.filter(|_| place.kind == SiteKind::Acute)?.scope;
        Some(match scope {
            ReallocationScope::Trust => SharingSites::Trust(place.trust),
            ReallocationScope::Group => {
                place.group.map_or(SharingSites::Trust(place.trust), SharingSites::Group)
            }
            ReallocationScope::Commissioner => SharingSites::Commissioner(place.commissioner),
            ReallocationScope::Region => SharingSites::Region(place.region),
            ReallocationScope::Nation => SharingSites::Nation,
        })
    }
}
