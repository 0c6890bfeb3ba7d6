//! How need answers to beds.

use super::SpecialtyIx;
use super::units::Proportion;
use std::collections::BTreeMap;

/// How need answers to beds: the part of the use of added beds that is need not seen without them.
#[derive(Debug, Clone, Default)]
pub struct InducedDemand {
    /// ε for specialties not named.
    pub elasticity: Proportion,
    /// ε for some specialties.
    pub specialties: BTreeMap<SpecialtyIx, Proportion>,
}

impl InducedDemand {
    /// ε\[s\].
    pub fn elasticity_of(&self, specialty: SpecialtyIx) -> Proportion {
        self.specialties.get(&specialty).copied().unwrap_or(self.elasticity)
    }
    /// Whether need answers to beds for any specialty.
    pub fn is_on(&self) -> bool {
        self.elasticity.0 > 0.0 || self.specialties.values().any(|elasticity| elasticity.0 > 0.0)
    }
}
