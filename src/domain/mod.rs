//! The ground: what the words mean. Knows no file, no graph and no linear program.

pub mod about;
pub mod erlang;
pub mod ids;
pub mod index;
pub mod induced;
pub mod justification;
pub mod measures;
pub mod moves;
pub mod number;
pub mod outline;
pub mod packed;
pub mod period;
pub mod place;
pub mod policy;
pub mod system;
pub mod travel;
pub mod units;

pub use index::{
    AreaIx, CommissionerIx, CouncilIx, EquityGroupIx, GroupIx, Ix, PeriodIx, ProgrammeIx, RegionIx,
    ServiceIx, SiteIx, SpecialtyIx, TrustIx,
};
