//! The national instance: England, winter 2019-20, before the pandemic.

pub mod travel;
pub mod types;

pub use types::{AreaPlace, Resolution, SitePlace};
