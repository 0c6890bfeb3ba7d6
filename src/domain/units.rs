//! Quantities that carry their unit in the type.
//!
//! A raw `f64` lives inside one expression, or inside `lp` and `solver`; whatever crosses a
//! function border is one of these. Only meaningful arithmetic exists between different units.

use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A number with a unit.
pub trait Quantity: Copy {
    /// The unit in words, as printed in results.
    const UNIT: &'static str;
    /// Wraps a bare number.
    fn from_value(value: f64) -> Self;
    /// The bare number.
    fn value(self) -> f64;
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident: $unit:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl Quantity for $name {
            const UNIT: &'static str = $unit;
            fn from_value(value: f64) -> Self { Self(value) }
            fn value(self) -> f64 { self.0 }
        }
        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0.0);
            /// The smaller of two.
            #[must_use]
            pub fn min(self, other: Self) -> Self { Self(self.0.min(other.0)) }
            /// The larger of two.
            #[must_use]
            pub fn max(self, other: Self) -> Self { Self(self.0.max(other.0)) }
        }
        impl Add for $name { type Output = Self; fn add(self, o: Self) -> Self { Self(self.0 + o.0) } }
        impl Sub for $name { type Output = Self; fn sub(self, o: Self) -> Self { Self(self.0 - o.0) } }
        impl Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
        impl AddAssign for $name { fn add_assign(&mut self, o: Self) { self.0 += o.0; } }
        impl Mul<f64> for $name { type Output = Self; fn mul(self, k: f64) -> Self { Self(self.0 * k) } }
        impl Div<f64> for $name { type Output = Self; fn div(self, k: f64) -> Self { Self(self.0 / k) } }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self { Self(items.map(|q| q.0).sum()) }
        }
    )+};
}

quantities! {
    /// Staffed general and acute beds, open overnight.
    Beds: "beds";
    /// Bed-days in the period divided by the days in it: the unit of account.
    OccupiedBeds: "occupied beds";
    /// A share between 0 and 1, never a percentage.
    Proportion: "share";
    /// A share of need in the small units in which programs hold it, about an occupied bed each.
    FineShare: "small unit of share";
    /// Travel time one way, by car.
    Minutes: "minutes";
    /// Distance over the ground.
    Kilometres: "km";
    /// Money. Pounds a year unless a name says otherwise.
    Pounds: "£ a year";
    /// Money in millions: the size in which the program holds it, so that its numbers stay near beds'.
    MillionPounds: "£ million a year";
    /// People.
    Persons: "persons";
    /// Nurses, whole-time equivalents.
    Nurses: "nurses";
    /// Occupied beds times minutes travelled: what the travel term adds up.
    BedMinutes: "patient-bed minutes";
    /// Sites that are open: 1 or 0 for one of them.
    OpenCount: "sites";
    /// Beds, and money at a stated number of pounds a bed: what the disruption term adds up.
    BedEquivalents: "bed equivalents";
}

impl Mul<Proportion> for Beds {
    type Output = OccupiedBeds;
    /// Beds at an occupancy hold occupied beds.
    fn mul(self, occupancy: Proportion) -> OccupiedBeds {
        OccupiedBeds(self.0 * occupancy.0)
    }
}
impl Div<Beds> for OccupiedBeds {
    type Output = Proportion;
    /// Occupancy.
    fn div(self, beds: Beds) -> Proportion {
        Proportion(self.0 / beds.0)
    }
}
impl Div<Proportion> for OccupiedBeds {
    type Output = Beds;
    /// The beds needed to hold them at an occupancy.
    fn div(self, occupancy: Proportion) -> Beds {
        Beds(self.0 / occupancy.0)
    }
}
impl Div for OccupiedBeds {
    type Output = Proportion;
    fn div(self, whole: Self) -> Proportion {
        Proportion(self.0 / whole.0)
    }
}
impl Div for Beds {
    type Output = Proportion;
    fn div(self, whole: Self) -> Proportion {
        Proportion(self.0 / whole.0)
    }
}
impl Mul<Proportion> for OccupiedBeds {
    type Output = OccupiedBeds;
    fn mul(self, share: Proportion) -> OccupiedBeds {
        OccupiedBeds(self.0 * share.0)
    }
}
impl From<Pounds> for MillionPounds {
    fn from(money: Pounds) -> Self {
        Self(money.0 / 1e6)
    }
}
impl From<MillionPounds> for Pounds {
    fn from(money: MillionPounds) -> Self {
        Self(money.0 * 1e6)
    }
}
impl Mul<Proportion> for Pounds {
    type Output = Pounds;
    fn mul(self, share: Proportion) -> Pounds {
        Pounds(self.0 * share.0)
    }
}
impl Mul<Minutes> for OccupiedBeds {
    type Output = BedMinutes;
    fn mul(self, minutes: Minutes) -> BedMinutes {
        BedMinutes(self.0 * minutes.0)
    }
}
impl Div<OccupiedBeds> for BedMinutes {
    type Output = Minutes;
    /// Mean minutes.
    fn div(self, treated: OccupiedBeds) -> Minutes {
        Minutes(self.0 / treated.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beds_at_an_occupancy_hold_occupied_beds_and_back() {
        let held = Beds(137_180.0) * Proportion(0.82);
        assert!((held.0 - 112_487.6).abs() < 1e-9);
        assert!(((held / Proportion(0.82)).0 - 137_180.0).abs() < 1e-9);
        assert!(((held / Beds(137_180.0)).0 - 0.82).abs() < 1e-12);
    }
}
