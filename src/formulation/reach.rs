//! F: which sites an area can reach for a specialty.

use crate::domain::index::Grid;
use crate::domain::system::CareSystem;
use crate::domain::units::Minutes;
use crate::domain::{AreaIx, Ix, SiteIx, SpecialtyIx};
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

/// Which patients a site takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nobody,
    Acute,
    StepDown,
}

/// What decides which sites an area can reach, looked up once for all areas.
pub struct ReachRules<'a> {
    times: &'a TravelTimes,
    takes: Grid<SiteIx, SpecialtyIx, Takes>,
    limits: Vec<Minutes>,
    nearest_sites: Option<usize>,
}

impl<'a> ReachRules<'a> {
    /// The rules of a model. O(sites × specialties).
    pub fn new(system: &CareSystem, times: &'a TravelTimes) -> Self {
        let mut takes = Grid::filled(system.sites.len(), system.specialties.len(), Takes::Nobody);
        for &site in system.community.keys() {
            for specialty in system.specialties.indices().filter(|&s| system.takes_step_down(site, s)) {
                takes[(site, specialty)] = Takes::StepDown;
            }
        }
        for &offered in system.beds.keys() {
            takes[offered] = Takes::Acute;
        }
        let limits = system.specialties.indices().map(|specialty| system.reach_limit(specialty)).collect();
        Self { times, takes, limits, nearest_sites: system.policy.reach.nearest_sites }
    }

    /// The sites that an area can use for a specialty: they offer it, lie within its travel limit and are
    /// among the nearest that the model allows, community sites counted apart. In order of site, so that
    /// equal sets compare equal. O(r log r) in the sites within the limit.
    pub fn sites(&self, area: AreaIx, specialty: SpecialtyIx) -> Vec<ReachableSite> {
        let limit = self.limits[specialty.get()];
        let most = self.nearest_sites.unwrap_or(usize::MAX);
        let (mut acute, mut community) = (0, 0);
        let mut sites = Vec::new();
        // Times come nearest first, ties by site.
        for time in self.times.sites_of(area).iter().take_while(|time| time.minutes <= limit) {
            let step_down = match self.takes[(time.site, specialty)] {
                Takes::Nobody => continue,
                Takes::Acute => false,
                Takes::StepDown => true,
            };
            let count = if step_down { &mut community } else { &mut acute };
            if *count < most {
                *count += 1;
                sites.push(ReachableSite { site: time.site, minutes: time.minutes, step_down });
            }
        }
        sites.sort_unstable_by_key(|reachable| reachable.site);
        // There are millions at the finest areas, and a growing list takes up to twice its room.
        sites.shrink_to_fit();
        sites
    }
}
