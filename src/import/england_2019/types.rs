//! The small types that the steps of the import hand to each other.

use crate::domain::ids::{AreaId, SiteId};
use crate::domain::place::Place;
use crate::domain::units::Persons;

/// How finely the country is cut into areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Resolution {
    /// The 309 lower-tier local authorities of 2021.
    District,
    /// The 6,791 middle-layer super output areas of 2011.
    Msoa,
    /// The 32,844 lower-layer super output areas of 2011.
    Lsoa,
}

impl Resolution {
    /// The name of its folder, as the model file writes it.
    pub fn folder(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Msoa => "msoa",
            Self::Lsoa => "lsoa",
        }
    }
}

/// An area, where it is, and the LSOAs that make it up (one, itself, at LSOA resolution).
#[derive(Debug, Clone, PartialEq)]
pub struct AreaPlace {
    /// The area, as the area table names it.
    pub code: AreaId,
    /// Population-weighted centre.
    pub place: Place,
    /// LSOA codes with the people of mid-2019 who live there, in order of code.
    pub members: Vec<(String, Persons)>,
}

/// A site, where it is, and how the published travel matrix knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct SitePlace {
    /// The site.
    pub code: SiteId,
    /// Where it stands.
    pub place: Place,
    /// The column of the travel matrix that stands for it, if there is one within 1.5 km.
    pub matrix_postcode: Option<String>,
    /// The LSOA whose centre is nearest.
    pub nearest_lsoa: String,
}
