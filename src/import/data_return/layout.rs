//! Where things stand on the sheets of a data return. Rows and columns are counted from 0.

use crate::domain::SpecialtyIx;
use crate::domain::index::Ix;
use crate::domain::system::{CareSystem, SiteKind};
use crate::domain::{SiteIx, place::Place};

/// The sheet of acute beds.
pub const BEDS: &str = "Beds";
/// The sheet of step-down beds at community sites.
pub const COMMUNITY: &str = "Community";
/// The hidden sheet that says what the form is.
pub const FORM: &str = "Form";
/// The codes to choose from.
pub const CODES: &str = "Codes";
/// What marks a workbook as a form of ours, in the first cell of [`FORM`].
pub const MARK: &str = "bedalloc data return";
/// The version of the layout.
pub const VERSION: &str = "1";
/// Names in the first column of [`FORM`], values in the second, from its second row on.
pub const FORM_KEYS: [&str; 6] = ["version", "kind", "code", "name", "model", "beds_sha256"];

/// The row of totals.
pub const TOTALS: u32 = 3;
/// The row of headings.
pub const HEADS: u32 = 4;
/// The first row to fill in.
pub const FIRST: u32 = 5;
/// Rows for community sites that the model does not have yet.
pub const NEW_ROWS: usize = 12;
/// Most beds of a specialty at one site: no trust in England has as many in all (2,811 in winter 2023-24).
pub const MOST_BEDS: f64 = 3_000.0;
/// Occupied beds may be above available ones by this share and [`SPARE`]: beds that opened for some nights.
pub const OVERFULL: f64 = 1.2;
/// See [`OVERFULL`].
pub const SPARE: f64 = 1.0;
/// How a figure is known, in the words of the list.
pub const BASES: [&str; 2] = ["counted", "estimated"];

/// Headings of [`BEDS`].
pub const BED_HEADS: [&str; 13] = [
    "Site",
    "Name of the site",
    "Specialty",
    "Name of the specialty",
    "Available in our tables (beds)",
    "Occupied in our tables (beds)",
    "AVAILABLE (beds): fill in",
    "OCCUPIED on average (beds): fill in",
    "How it is known: choose",
    "Occupied (share of beds)",
    "England: occupied (share of this specialty's beds)",
    "England: this specialty (share of all beds)",
    "Most that may be occupied in the model (share of beds)",
];
/// Headings of [`COMMUNITY`].
pub const COMMUNITY_HEADS: [&str; 12] = [
    "Site",
    "Name of the site",
    "Trust: choose its code",
    "Council that may pay for more: choose its code, or leave blank",
    "Longitude (degrees)",
    "Latitude (degrees)",
    "Step-down beds in our tables",
    "AVAILABLE step-down beds: fill in",
    "OCCUPIED on average (beds): fill in",
    "How it is known: choose",
    "Occupied (share of beds)",
    "England: step-down beds for 100,000 people",
];

/// Columns of [`BEDS`].
pub mod bed {
    /// Code of the site.
    pub const SITE: u16 = 0;
    /// Code of the specialty.
    pub const SPECIALTY: u16 = 2;
    /// To fill in.
    pub const AVAILABLE: u16 = 6;
    /// To fill in.
    pub const OCCUPIED: u16 = 7;
    /// To choose.
    pub const BASIS: u16 = 8;
}

/// Columns of [`COMMUNITY`].
pub mod community {
    /// Code of the site.
    pub const SITE: u16 = 0;
    /// Its name.
    pub const NAME: u16 = 1;
    /// Code of its trust.
    pub const TRUST: u16 = 2;
    /// Code of the council.
    pub const COUNCIL: u16 = 3;
    /// Degrees.
    pub const LONGITUDE: u16 = 4;
    /// Degrees.
    pub const LATITUDE: u16 = 5;
    /// To fill in.
    pub const AVAILABLE: u16 = 7;
    /// To fill in.
    pub const OCCUPIED: u16 = 8;
    /// To choose.
    pub const BASIS: u16 = 9;
}

/// The rows of [`BEDS`]: every specialty at every acute site of theirs, in order of code.
pub fn pools(system: &CareSystem, who: super::Who) -> Vec<(SiteIx, SpecialtyIx)> {
    let sites = sites(system, who, SiteKind::Acute);
    sites.into_iter().flat_map(|site| system.specialties.indices().map(move |s| (site, s))).collect()
}

/// Their sites of a kind, in order of code.
pub fn sites(system: &CareSystem, who: super::Who, kind: SiteKind) -> Vec<SiteIx> {
    let theirs = |site: &SiteIx| system.sites[*site].kind == kind && who.has(system, *site);
    system.sites.indices().filter(theirs).collect()
}

/// The acute site of a trust that is nearest to a place, which says whose area a new site is in.
pub fn nearest_site(system: &CareSystem, trust: crate::domain::TrustIx, place: Place) -> Option<SiteIx> {
    let theirs = system.sites.indices().filter(|site| system.sites[*site].trust == trust);
    // Degrees of longitude are shorter than those of latitude; at this distance that is all that matters.
    let apart = |site: &SiteIx| {
        let other = system.sites[*site].place;
        let east = (other.longitude - place.longitude) * place.latitude.to_radians().cos();
        east.hypot(other.latitude - place.latitude)
    };
    theirs.min_by(|a, b| apart(a).total_cmp(&apart(b)).then(a.get().cmp(&b.get())))
}

/// A cell as a spreadsheet names it: `G6`.
pub fn cell(row: u32, column: u16) -> String {
    format!("{}{}", rust_xlsxwriter::utility::column_number_to_name(column), row + 1)
}
