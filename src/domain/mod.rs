//! The ground: what the words mean. Knows no file, no graph and no linear program.

pub mod ids;
pub mod index;
pub mod moves;
pub mod place;
pub mod policy;
pub mod system;
pub mod travel;
pub mod units;

pub use index::{
    AreaIx, CommissionerIx, CouncilIx, EquityGroupIx, GroupIx, Ix, PeriodIx, RegionIx, ServiceIx, SiteIx,
    SpecialtyIx, TrustIx,
};
