//! A data return: the workbook in which a trust or commissioner fills in its own beds, and the way back into tables.
//!
//! [`form`] writes the workbook, with national benchmarks beside each cell; [`read`] reads it again and tells every
//! fault by sheet and cell; [`overlay`] turns what was filled in into tables of the model's own and a model that extends
//! the one that the form was made from. Where things stand on the sheets is said once, in [`layout`].

pub mod benchmarks;
pub mod cells;
pub mod fault;
pub mod form;
pub mod layout;
pub mod overlay;
pub mod read;
pub mod rows;

use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds};
use crate::domain::{CommissionerIx, CouncilIx, SiteIx, SpecialtyIx, TrustIx};

/// Who fills a form in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A trust: its sites.
    Trust(TrustIx),
    /// A commissioner (health authority): the sites that it commissions.
    Commissioner(CommissionerIx),
    /// Everybody: all sites of the model.
    Everybody,
}

impl Who {
    /// Whether a site is theirs.
    pub fn has(self, system: &CareSystem, site: SiteIx) -> bool {
        match self {
            Self::Trust(trust) => system.sites[site].trust == trust,
            Self::Commissioner(commissioner) => system.sites[site].commissioner == commissioner,
            Self::Everybody => true,
        }
    }
    /// Their name.
    pub fn name(self, system: &CareSystem) -> &str {
        match self {
            Self::Trust(trust) => &system.trusts[trust].name,
            Self::Commissioner(commissioner) => &system.commissioners[commissioner].name,
            Self::Everybody => "All trusts",
        }
    }
    /// `trust`, `commissioner` or `everybody`, and the code.
    pub fn key(self, system: &CareSystem) -> (&'static str, &str) {
        match self {
            Self::Trust(trust) => ("trust", system.trusts.id(trust).as_str()),
            Self::Commissioner(one) => ("commissioner", system.commissioners.id(one).as_str()),
            Self::Everybody => ("everybody", ""),
        }
    }
    /// The reverse of [`Who::key`]; `None` where the model has nobody of that code.
    pub fn find(system: &CareSystem, kind: &str, code: &str) -> Option<Self> {
        match kind {
            "trust" => system.trusts.find(code).map(Self::Trust),
            "commissioner" => system.commissioners.find(code).map(Self::Commissioner),
            "everybody" => Some(Self::Everybody),
            _ => None,
        }
    }
}

/// What a form was made from: written on a hidden sheet, and read back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The way to the model file from the folder of the workbook.
    pub model: String,
    /// SHA-256 of the table of beds.
    pub beds_sha256: String,
}

/// How a figure is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// Counted.
    Counted,
    /// Estimated.
    Estimated,
}

/// Beds of a specialty at a site, as returned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReturnedBeds {
    /// The site.
    pub site: SiteIx,
    /// The specialty.
    pub specialty: SpecialtyIx,
    /// Staffed and open overnight.
    pub available: Beds,
    /// Occupied on average.
    pub occupied: OccupiedBeds,
    /// How that is known; `None` where nobody said.
    pub basis: Option<Basis>,
}

/// A community site, as returned.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnedCommunity {
    /// Its code: that of a site of the model, or a new one.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The trust that runs it.
    pub trust: TrustIx,
    /// The council that may pay for more of its beds.
    pub council: Option<CouncilIx>,
    /// Longitude and latitude, degrees.
    pub place: crate::domain::place::Place,
    /// Step-down beds open.
    pub available: Beds,
    /// Occupied on average.
    pub occupied: OccupiedBeds,
    /// How that is known; `None` where nobody said.
    pub basis: Option<Basis>,
}

/// A form as it came back, without a fault.
#[derive(Debug, Clone, PartialEq)]
pub struct DataReturn {
    /// Who filled it in.
    pub who: Who,
    /// What it was made from.
    pub origin: Origin,
    /// Beds, in the order of the sheet; rows left blank are not here.
    pub beds: Vec<ReturnedBeds>,
    /// Rows of beds left blank: the figures of the tables stand.
    pub left_blank: usize,
    /// Community sites; rows left blank are not here.
    pub community: Vec<ReturnedCommunity>,
}

impl DataReturn {
    /// Figures of beds that are said to be estimates.
    pub fn estimated(&self) -> usize {
        let bases = self.beds.iter().map(|row| row.basis).chain(self.community.iter().map(|row| row.basis));
        bases.filter(|basis| *basis == Some(Basis::Estimated)).count()
    }
}
