//! National figures that stand beside the cells of a data return, from the tables of the model.

use crate::domain::SpecialtyIx;
use crate::domain::index::Ix;
use crate::domain::system::{CareSystem, CommunityBeds};
use crate::domain::units::{Beds, OccupiedBeds, Proportion};

/// England, or whatever the model is of, by specialty.
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmarks {
    /// Beds of each specialty.
    available: Vec<Beds>,
    /// Occupied beds of each specialty.
    occupied: Vec<OccupiedBeds>,
    /// All beds.
    all: Beds,
    /// Step-down beds for 100,000 people; `None` where the tables have none.
    pub step_down_per_100_000: Option<f64>,
}

impl Benchmarks {
    /// Adds the tables up. O(sites × specialties + areas).
    pub fn of(system: &CareSystem) -> Self {
        let mut available = vec![Beds::ZERO; system.specialties.len()];
        let mut occupied = vec![OccupiedBeds::ZERO; system.specialties.len()];
        for (&(_, specialty), stock) in &system.beds {
            available[specialty.get()] += stock.available;
            occupied[specialty.get()] += stock.occupied;
        }
        let people: f64 = system.areas.iter().map(|(_, _, area)| area.population.0).sum();
        let step_down: f64 = system.community.values().map(|beds: &CommunityBeds| beds.available.0).sum();
        let known = step_down > 0.0 && people > 0.0;
        Self {
            all: available.iter().copied().sum(),
            available,
            occupied,
            step_down_per_100_000: known.then(|| step_down / people * 100_000.0),
        }
    }
    /// Occupied share of the beds of a specialty; `None` where there are none.
    pub fn occupancy(&self, specialty: SpecialtyIx) -> Option<Proportion> {
        let available = self.available[specialty.get()];
        (available.0 > 0.0).then(|| self.occupied[specialty.get()] / available)
    }
    /// A specialty's share of all beds; `None` where there are none.
    pub fn share_of_beds(&self, specialty: SpecialtyIx) -> Option<Proportion> {
        (self.all.0 > 0.0).then(|| Proportion(self.available[specialty.get()].0 / self.all.0))
    }
}
