//! Why a place is different from the national standard, as somebody wrote it down.

use super::policy::Origin;
use super::system::CareSystem;
use super::units::{Beds, Proportion};
use super::{CommissionerIx, RegionIx, SiteIx, SpecialtyIx, TrustIx};

/// What a place can be different in.
pub const STANDARDS: [&str; 6] = ["occupancy", "use", "delay", "beds", "minutes", "other"];

/// Who is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Justified {
    /// A region.
    Region(RegionIx),
    /// A commissioner.
    Commissioner(CommissionerIx),
    /// A trust.
    Trust(TrustIx),
    /// A site.
    Site(SiteIx),
}

impl Justified {
    /// Whether a site is theirs.
    pub fn holds_site(self, system: &CareSystem, site: SiteIx) -> bool {
        let place = &system.sites[site];
        match self {
            Self::Region(x) => place.region == x,
            Self::Commissioner(x) => place.commissioner == x,
            Self::Trust(x) => place.trust == x,
            Self::Site(x) => site == x,
        }
    }
    /// Their name for people.
    pub fn name(self, system: &CareSystem) -> &str {
        match self {
            Self::Region(x) => &system.regions[x].name,
            Self::Commissioner(x) => &system.commissioners[x].name,
            Self::Trust(x) => &system.trusts[x].name,
            Self::Site(x) => &system.sites[x].name,
        }
    }
    /// Region, commissioner, trust or site.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Region(_) => "region",
            Self::Commissioner(_) => "commissioner",
            Self::Trust(_) => "trust",
            Self::Site(_) => "site",
        }
    }
}

/// What a justification changes in the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Effect {
    /// New beds are fixed.
    Pin {
        /// Where.
        site: SiteIx,
        /// Of one specialty, or in all.
        specialty: Option<SpecialtyIx>,
        /// How many.
        beds: Beds,
    },
    /// Their sites have another occupancy cap.
    Cap {
        /// The cap.
        cap: Proportion,
        /// For one specialty, or for all.
        specialty: Option<SpecialtyIx>,
    },
    /// Their people's need is so many times what it was.
    NeedFactor {
        /// How many times.
        factor: f64,
        /// Of one specialty, or of all.
        specialty: Option<SpecialtyIx>,
    },
}

/// A justification.
#[derive(Debug, Clone, PartialEq)]
pub struct Justification {
    /// Who is different.
    pub who: Justified,
    /// In what: one of [`STANDARDS`].
    pub what: String,
    /// Why.
    pub why: String,
    /// On what evidence.
    pub evidence: Option<String>,
    /// What it changes in the model; mostly nothing.
    pub effects: Vec<Effect>,
    /// Where it was written.
    pub origin: Origin,
}

impl Justification {
    /// Why, and on what evidence.
    pub fn reason(&self) -> String {
        match &self.evidence {
            Some(evidence) => format!("{} (evidence: {evidence})", self.why),
            None => format!("{} (no evidence given)", self.why),
        }
    }
    /// What it changes in the model, in words; empty where it changes nothing.
    pub fn changes(&self, system: &CareSystem) -> Vec<String> {
        let of = |specialty: &Option<SpecialtyIx>| {
            specialty.map_or_else(String::new, |s| format!(" of {}", system.specialties[s].name))
        };
        let change = |effect: &Effect| match effect {
            Effect::Pin { site, specialty, beds } => {
                format!("{} new beds{} are pinned at {}", beds.0, of(specialty), system.sites[*site].name)
            }
            Effect::Cap { cap, specialty } => {
                format!("the occupancy cap{} is {}% there", of(specialty), round(100.0 * cap.0))
            }
            Effect::NeedFactor { factor, specialty } => {
                format!("need{} is {} times what the data say", of(specialty), round(*factor))
            }
        };
        self.effects.iter().map(change).collect()
    }
}

fn round(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
