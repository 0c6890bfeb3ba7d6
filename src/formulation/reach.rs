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
    /// Whether it is a community site.
    pub step_down: bool,
}

/// The sites that an area can use for a specialty: they offer it, lie within its travel limit and are
/// among the nearest that the model allows, community sites counted apart. In order of site, so that equal sets compare equal.
pub fn reachable_sites(
    system: &CareSystem,
    times: &TravelTimes,
    area: AreaIx,
    specialty: SpecialtyIx,
) -> Vec<ReachableSite> {
    let limit = system.reach_limit(specialty);
    let near = times.sites_of(area).iter().filter(|time| time.minutes <= limit);
    let (mut sites, mut community) = (Vec::new(), Vec::new());
    for time in near {
        let place = ReachableSite { site: time.site, minutes: time.minutes, step_down: false };
        if system.beds.contains_key(&(time.site, specialty)) {
            sites.push(place);
        } else if system.takes_step_down(time.site, specialty) {
            community.push(ReachableSite { step_down: true, ..place });
        }
    }
    if let Some(most) = system.policy.reach.nearest_sites {
        for kind in [&mut sites, &mut community] {
            // Ties in time go to the site that comes first in the register, which is stable.
            kind.sort_by(|a, b| a.minutes.0.total_cmp(&b.minutes.0).then(a.site.cmp(&b.site)));
            kind.truncate(most);
        }
    }
    sites.append(&mut community);
    sites.sort_by_key(|reachable| reachable.site);
    sites
}
