//! Typed keys: the name of every decision variable and constraint in domain words.
//!
//! Each family is a small struct; the enums are for the way back from a position. A new family makes
//! the compiler point at every `match` that explains keys.

use crate::domain::policy::Term;
use crate::domain::units::{Beds, MillionPounds, OccupiedBeds, Proportion, Quantity};
use crate::domain::{
    AreaIx, CommissionerIx, CouncilIx, EquityGroupIx, PeriodIx, ProgrammeIx, RegionIx, ServiceIx, SiteIx,
    SpecialtyIx,
};

/// A family of decision variables with one unit.
pub trait VariableFamily: Copy + Into<VariableKey> {
    /// The unit of its values.
    type Unit: Quantity;
}

macro_rules! variable_families {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* } $unit:ty;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[allow(missing_docs)]
            pub struct $name { $(pub $field: $type),* }
            impl VariableFamily for $name { type Unit = $unit; }
            impl From<$name> for VariableKey { fn from(key: $name) -> Self { Self::$name(key) } }
        )+
        /// The key of any decision variable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum VariableKey { $($(#[$doc])* $name($name)),+ }
        impl VariableKey {
            /// The names of all families.
            pub const FAMILIES: &'static [&'static str] = &[$(stringify!($name)),+];
            /// The name of the family.
            pub fn family(self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name)),+ }
            }
            /// The unit of its value, in words.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$name(_) => <$unit>::UNIT),+ }
            }
        }
    };
}

variable_families! {
    /// x: need of an area treated at a site.
    Treated { area: AreaIx, site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } OccupiedBeds;
    /// u: need of an area left unmet.
    Unmet { area: AreaIx, specialty: SpecialtyIx, period: PeriodIx } OccupiedBeds;
    /// b: beds open at a site.
    OpenBeds { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } Beds;
    /// new: beds from the national pool.
    NewBeds { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } Beds;
    /// y: a council's spend on one step of a service, above the service's floor.
    SpendStep { council: CouncilIx, service: ServiceIx, step: u8, period: PeriodIx } MillionPounds;
    /// P: pooled NHS money that a council receives.
    PooledMoney { council: CouncilIx, period: PeriodIx } MillionPounds;
    /// Money taken off a service, against today's spend.
    MoneyMoved { council: CouncilIx, service: ServiceIx, period: PeriodIx } MillionPounds;
    /// r: share of a council's deliverable delay that is released.
    ReleasedShare { council: CouncilIx, specialty: SpecialtyIx, period: PeriodIx } Proportion;
    /// Unmet share of an equity group's need.
    GroupUnmetShare { group: EquityGroupIx, period: PeriodIx } Proportion;
    /// ζ: the worst unmet share among the equity groups not settled yet.
    WorstUnmetShare { period: PeriodIx } Proportion;
    /// q: weighted unmet need beyond which a scenario of need is in the worst tail.
    UnmetThreshold {} OccupiedBeds;
    /// z: what a scenario of need leaves unmet beyond the threshold.
    UnmetExcess { period: PeriodIx } OccupiedBeds;
    /// A stretch of a site's new beds on the tie-break's convex curve.
    NewBedsStep { site: SiteIx, specialty: SpecialtyIx, step: u8, period: PeriodIx } Beds;
    /// m: step-down beds open at a community site.
    StepDownBeds { site: SiteIx, period: PeriodIx } Beds;
    /// Step-down beds opened with NHS money.
    StepDownByNhs { site: SiteIx, period: PeriodIx } Beds;
    /// Step-down beds opened with the money of the site's council.
    StepDownByCouncil { site: SiteIx, period: PeriodIx } Beds;
    /// π: roll-out of a programme by a commissioner.
    RollOut { programme: ProgrammeIx, commissioner: CommissionerIx, period: PeriodIx } Proportion;
    /// Room freed by shorter stays.
    FreedBeds { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } OccupiedBeds;
}

macro_rules! constraint_families {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* } $unit:literal;)+) => {
        /// The key of any constraint.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)]
        pub enum ConstraintKey { $($(#[$doc])* $name { $($field: $type),* }),+ }
        impl ConstraintKey {
            /// The names of all families.
            pub const FAMILIES: &'static [&'static str] = &[$(stringify!($name)),+];
            /// The name of the family.
            pub fn family(self) -> &'static str {
                match self { $(Self::$name { .. } => stringify!($name)),+ }
            }
            /// The unit of the row, in words: a shadow price is per one of it.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$name { .. } => $unit),+ }
            }
        }
    };
}

constraint_families! {
    /// Need is treated, released or unmet.
    DemandBalance { area: AreaIx, specialty: SpecialtyIx, period: PeriodIx } "occupied bed";
    /// Patients in a site's beds stay under the occupancy cap.
    BedCapacity { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } "occupied bed";
    /// Beds are yesterday's and the new ones.
    BedStock { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } "bed";
    /// The national pool of new beds.
    NewBedPool { period: PeriodIx } "bed";
    /// Least and most new beds of a region, commissioner or trust (position in the policy's list).
    Agreement { position: u16, period: PeriodIx } "bed";
    /// New beds fixed at a site (position in the policy's list).
    Pin { position: u16, period: PeriodIx } "bed";
    /// Smallest and largest size of a site.
    SiteSize { site: SiteIx, period: PeriodIx } "bed";
    /// Released delay needs spend.
    Discharge { council: CouncilIx, period: PeriodIx } "occupied bed";
    /// A council spends its budget and what it receives.
    CouncilBudget { council: CouncilIx, period: PeriodIx } "£ million a year";
    /// Pooled money given to councils.
    PooledFund { period: PeriodIx } "£ million a year";
    /// Money moved is today's spend less the plan's.
    MoneyBalance { council: CouncilIx, service: ServiceIx, period: PeriodIx } "£ million a year";
    /// Unmet share of a group is its unmet need over its need.
    GroupUnmet { group: EquityGroupIx, period: PeriodIx } "occupied bed";
    /// No group's unmet share is above the worst.
    UnmetCeiling { group: EquityGroupIx, period: PeriodIx } "share";
    /// An earlier term of the objective keeps its value, within the tolerance allowed.
    TermHold { term: Term } "unit of the term";
    /// What a scenario of need leaves unmet is within the threshold and its excess.
    ScenarioLoss { period: PeriodIx } "weighted occupied bed";
    /// A site's new beds are the stretches of the tie-break's curve.
    TieBreakSteps { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } "bed";
    /// Patients in a community site's beds stay under its occupancy cap.
    StepDownCapacity { site: SiteIx, period: PeriodIx } "occupied step-down bed";
    /// Only part of need can be met in step-down beds.
    StepDownShare { area: AreaIx, specialty: SpecialtyIx, period: PeriodIx } "occupied bed";
    /// Step-down beds are yesterday's and the ones opened.
    StepDownStock { site: SiteIx, period: PeriodIx } "step-down bed";
    /// Step-down beds that may be opened.
    StepDownPool { period: PeriodIx } "step-down bed";
    /// Programmes cost no more than their budget.
    PreventionBudget { period: PeriodIx } "£ million a year";
    /// A roll-out never falls, and grows no faster than the ramp.
    RollOutStep { programme: ProgrammeIx, commissioner: CommissionerIx, period: PeriodIx } "share";
    /// Shorter stays free no more than a share of a site's beds.
    FreedLimit { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } "occupied bed";
    /// Shorter stays cost no more than their budget.
    BedManagementBudget { period: PeriodIx } "£ million a year";
    /// Building costs no more than the capital of a period.
    CapitalLimit { period: PeriodIx } "£ million";
    /// The NHS spends no more than its revenue.
    RevenueLimit { period: PeriodIx } "£ million a year";
    /// Open beds take no more nurses than a region has.
    NurseLimit { region: RegionIx, period: PeriodIx } "nurse";
}
