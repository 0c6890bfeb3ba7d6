//! Typed keys: the name of every decision variable and constraint in domain words.
//!
//! Each family is a small struct; the enums are for the way back from a position. A new family makes
//! the compiler point at every `match` that explains keys.

use crate::domain::moves::SharingSites;
use crate::domain::policy::Term;
use crate::domain::units::{Beds, FineShare, MillionPounds, OccupiedBeds, OpenCount, Proportion, Quantity};
use crate::domain::{
    AreaIx, CommissionerIx, CouncilIx, EquityGroupIx, PeriodIx, ProgrammeIx, RegionIx, ServiceIx, SiteIx,
    SpecialtyIx,
};

/// A family of decision variables with one unit.
pub trait VariableFamily: Copy + Into<VariableKey> {
    /// The unit of its values.
    type Unit: Quantity;
}

/// A way in which a bed is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Movement {
    /// From another site.
    In,
    /// To another site.
    Out,
    /// From another specialty.
    To,
    /// To another specialty.
    From,
    /// Closed.
    Closed,
}

impl Movement {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::In, Self::Out, Self::To, Self::From, Self::Closed];
    /// The decision variable of a site's specialty.
    pub fn variable(self, site: SiteIx, specialty: SpecialtyIx, period: PeriodIx) -> VariableKey {
        match self {
            Self::In => BedsIn { site, specialty, period }.into(),
            Self::Out => BedsOut { site, specialty, period }.into(),
            Self::To => ConvertedTo { site, specialty, period }.into(),
            Self::From => ConvertedFrom { site, specialty, period }.into(),
            Self::Closed => ClosedBeds { site, specialty, period }.into(),
        }
    }
    /// +1 where it adds a bed, −1 where it takes one away.
    pub fn sign(self) -> f64 {
        match self {
            Self::In | Self::To => 1.0,
            Self::Out | Self::From | Self::Closed => -1.0,
        }
    }
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
    GroupUnmetShare { group: EquityGroupIx, period: PeriodIx } FineShare;
    /// ζ: the worst unmet share among the equity groups not settled yet.
    WorstUnmetShare { period: PeriodIx } FineShare;
    /// q: weighted unmet need beyond which a scenario of need is in the worst tail.
    UnmetThreshold {} OccupiedBeds;
    /// z: what a scenario of need leaves unmet beyond the threshold.
    UnmetExcess { period: PeriodIx } OccupiedBeds;
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
    /// in: beds that come from another site.
    BedsIn { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } Beds;
    /// out: beds that go to another site.
    BedsOut { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } Beds;
    /// to: beds that were another specialty's of the family.
    ConvertedTo { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } Beds;
    /// from: beds that become another specialty's of the family.
    ConvertedFrom { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } Beds;
    /// close: beds that close.
    ClosedBeds { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } Beds;
    /// open: whether a site that may open or close is open.
    OpenSite { site: SiteIx, period: PeriodIx } OpenCount;
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
    UnmetCeiling { group: EquityGroupIx, period: PeriodIx } "small unit of share";
    /// An earlier term of the objective keeps its value, within the tolerance allowed.
    TermHold { term: Term } "unit of the term";
    /// What a scenario of need leaves unmet is within the threshold and its excess.
    ScenarioLoss { period: PeriodIx } "weighted occupied bed";
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
    /// As many beds come in as go out among sites that share them.
    Reallocation { sites: SharingSites, specialty: SpecialtyIx, period: PeriodIx } "bed";
    /// Most beds that leave a site.
    ReallocationLimit { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } "bed";
    /// As many beds are gained as given up within a family, named by its first specialty at the site.
    Conversion { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } "bed";
    /// Most beds of a specialty that are converted.
    ConversionLimit { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } "bed";
    /// Most beds that close, unless their site does.
    ClosureLimit { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } "bed";
    /// Beds that close were there before.
    ClosureStock { site: SiteIx, specialty: SpecialtyIx, period: PeriodIx } "bed";
    /// Smallest size of a site that may open or close, where it is open.
    SmallestOpen { site: SiteIx, period: PeriodIx } "bed";
    /// Largest size of a site that may open or close; none where it is closed.
    LargestOpen { site: SiteIx, period: PeriodIx } "bed";
    /// A closed site stays closed, an opened one open.
    StaysSo { site: SiteIx, period: PeriodIx } "site";
    /// Room for beds closed so far is no more than what was provided for in the wave before.
    ClosurePrecedence { commissioner: CommissionerIx, period: PeriodIx } "occupied bed";
}
