//! F: which sites an area can reach for a specialty.

use crate::domain::system::CareSystem;
use crate::domain::units::Minutes;
use crate::domain::{AreaIx, SiteIx, SpecialtyIx};
use crate::network::TravelTimes;

/// A site in reach, and how far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReachableSite {
    /// The site.
    pub site: SiteIx,
    /// Travel time one way.
    pub minutes: Minutes,
}

/// The sites that an area can use for a specialty: they offer it, lie within its travel limit and are
/// among the nearest that the model allows. In order of site, so that equal sets compare equal.
pub fn reachable_sites(
    system: &CareSystem,
    times: &TravelTimes,
    area: AreaIx,
    specialty: SpecialtyIx,
) -> Vec<ReachableSite> {
    let limit = system.reach_limit(specialty);
    let mut sites: Vec<ReachableSite> = times
        .sites_of(area)
        .iter()
        .filter(|time| time.minutes <= limit && system.beds.contains_key(&(time.site, specialty)))
        .map(|time| ReachableSite { site: time.site, minutes: time.minutes })
        .collect();
    if let Some(most) = system.policy.reach.nearest_sites {
        // Ties in time go to the site that comes first in the register, which is stable.
        sites.sort_by(|a, b| a.minutes.0.total_cmp(&b.minutes.0).then(a.site.cmp(&b.site)));
        sites.truncate(most);
    }
    sites.sort_by_key(|reachable| reachable.site);
    sites
}
