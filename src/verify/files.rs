//! The result files that tell the plan, in the model's positions.

use super::VerifyError;
use super::measure_files::MeasureRows;
use super::parameters::Parameters;
use super::prices::{PriceRow, read_prices};
use super::sites::{OpenSites, read_open};
use super::summary::Summary;
use super::table::{Row, Table};
use crate::domain::index::{Ix, Register};
use crate::domain::{CouncilIx, ServiceIx, SpecialtyIx};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::hash::Hash;
use std::path::Path;

/// A row of `allocation.csv`.
#[derive(Debug, Clone, Copy)]
pub struct Allocation {
    /// Beds before the plan.
    pub before: f64,
    /// Beds from the national pool.
    pub new: f64,
    /// Beds moved in and out, converted to and from, closed.
    pub moved: [f64; 5],
    /// Beds after the plan.
    pub after: f64,
    /// Occupied beds.
    pub occupied: f64,
    /// Most of the beds that may be occupied, as a share.
    pub cap: f64,
    /// Share of beds occupied; `None` where the file leaves it empty.
    pub occupancy: Option<f64>,
    /// Share of patients refused, where it is told.
    pub refused: Option<f64>,
}

/// The columns of [`Allocation::moved`].
pub const MOVES: [&str; 5] =
    ["reallocated_in", "reallocated_out", "converted_to", "converted_from", "closed"];

/// A row of `flows.csv.gz`.
#[derive(Debug, Clone, Copy)]
pub struct FlowRow {
    /// Position of area and specialty.
    pub point: usize,
    /// Position of the room: see [`super::measures`].
    pub stock: usize,
    /// Period.
    pub period: usize,
    /// Occupied beds.
    pub beds: f64,
    /// Travel time.
    pub minutes: f64,
}

/// A row of `social_care.csv`, £ a year.
#[derive(Debug, Clone, Copy)]
pub struct CareRow {
    /// Spend before the plan.
    pub before: f64,
    /// Least spend.
    pub floor: f64,
    /// Spend after the plan.
    pub after: f64,
    /// Beds released by it.
    pub released: f64,
    /// What the council receives from the pooled fund, where it is told.
    pub received: Option<f64>,
}

/// A row of `unmet.csv.gz`, occupied beds.
#[derive(Debug, Clone, Copy)]
pub struct UnmetRow {
    /// Need, where it is told.
    pub need: Option<f64>,
    /// Treated, where it is told.
    pub treated: Option<f64>,
    /// Released, where it is told.
    pub released: Option<f64>,
    /// Prevented, where it is told.
    pub prevented: Option<f64>,
    /// Left unmet.
    pub unmet: f64,
    /// Brought forth by beds, where it is told.
    pub induced: Option<f64>,
}

/// A row of `release.csv`, occupied beds.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseRow {
    /// Deliverable delay.
    pub deliverable: f64,
    /// Released.
    pub released: f64,
}

/// What the files say.
#[derive(Debug)]
pub struct Results {
    /// `allocation.csv` by period and stock.
    pub allocation: BTreeMap<(usize, usize), Allocation>,
    /// `flows.csv.gz`.
    pub flows: Vec<FlowRow>,
    /// `unmet.csv.gz` by period and point.
    pub unmet: BTreeMap<(usize, usize), UnmetRow>,
    /// `release.csv` by period, council and specialty.
    pub release: BTreeMap<(usize, CouncilIx, SpecialtyIx), ReleaseRow>,
    /// `social_care.csv` by period, council and service.
    pub care: BTreeMap<(usize, CouncilIx, ServiceIx), CareRow>,
    /// Tables of what is done besides new acute beds.
    pub measures: MeasureRows,
    /// `prices.csv`.
    pub prices: Vec<PriceRow>,
    /// `bound_prices.csv`, which is there where beds are whole.
    pub bound_prices: Vec<PriceRow>,
    /// `summary.json`.
    pub summary: Summary,
    /// `sites.csv` by period and site: open or not.
    pub open: OpenSites,
}

impl Allocation {
    /// Beds after the plan, from what the row says of those before it.
    pub fn balance(&self) -> f64 {
        let [into, out, to, from, closed] = self.moved;
        self.before + self.new + into - out + to - from - closed
    }
}

impl Results {
    /// Reads them all.
    pub fn read(folder: &Path, p: &Parameters) -> Result<Self, VerifyError> {
        let care_on = p.system.policy.social_care.is_some();
        Ok(Self {
            allocation: read_allocation(folder, p)?,
            flows: read_flows(folder, p)?,
            unmet: read_unmet(folder, p)?,
            release: if care_on { read_release(folder, p)? } else { BTreeMap::new() },
            care: if care_on { read_care(folder, p)? } else { BTreeMap::new() },
            measures: MeasureRows::read(folder, p)?,
            prices: read_prices(&Table::read(folder, "prices.csv")?, p)?,
            bound_prices: match p.system.policy.whole_beds {
                Some(_) => read_prices(&Table::read(folder, "bound_prices.csv")?, p)?,
                None => Vec::new(),
            },
            summary: Summary::read(folder)?,
            open: read_open(folder, p)?,
        })
    }
    /// The share of a council's deliverable delay that is released.
    pub fn released_share(&self, period: usize, council: CouncilIx, specialty: SpecialtyIx) -> f64 {
        let row = self.release.get(&(period, council, specialty));
        row.filter(|row| row.deliverable > 0.0).map_or(0.0, |row| row.released / row.deliverable)
    }
}

/// The position that a column names in a register.
pub fn position<Id, X: Ix, T>(row: Row, column: &str, register: &Register<Id, X, T>) -> Result<X, VerifyError>
where
    Id: Clone + Ord + Hash + Borrow<str>,
{
    row.find(column, |text| register.find(text))
}

fn read_allocation(
    folder: &Path,
    p: &Parameters,
) -> Result<BTreeMap<(usize, usize), Allocation>, VerifyError> {
    let mut found = BTreeMap::new();
    for row in Table::read(folder, "allocation.csv")?.rows() {
        let (period, stock) = (position(row, "period", &p.system.periods)?.get(), stock(row, p)?);
        let mut moved = [0.0; 5];
        for (value, column) in moved.iter_mut().zip(MOVES) {
            *value = row.optional(column)?.unwrap_or(0.0);
        }
        let allocation = Allocation {
            before: row.number("beds_before")?,
            new: row.number("new")?,
            moved,
            after: row.number("beds_after")?,
            occupied: row.number("occupied_beds")?,
            cap: row.number("occupancy_cap")?,
            occupancy: row.optional("occupancy")?,
            refused: row.optional("refused_share")?,
        };
        once(row, found.insert((period, stock), allocation).as_ref())?;
    }
    Ok(found)
}

fn read_flows(folder: &Path, p: &Parameters) -> Result<Vec<FlowRow>, VerifyError> {
    let table = Table::read(folder, "flows.csv.gz")?;
    table
        .rows()
        .map(|row| {
            Ok(FlowRow {
                point: point(row, p)?,
                stock: room(row, p)?,
                period: position(row, "period", &p.system.periods)?.get(),
                beds: row.number("occupied_beds")?,
                minutes: row.number("minutes")?,
            })
        })
        .collect()
}

fn read_unmet(folder: &Path, p: &Parameters) -> Result<BTreeMap<(usize, usize), UnmetRow>, VerifyError> {
    let mut found = BTreeMap::new();
    for row in Table::read(folder, "unmet.csv.gz")?.rows() {
        let unmet = UnmetRow {
            need: row.optional("need_beds")?,
            treated: row.optional("treated_beds")?,
            released: row.optional("released_beds")?,
            prevented: row.optional("prevented_beds")?,
            unmet: row.number("unmet_beds")?,
            induced: row.optional("induced_beds")?,
        };
        let period = position(row, "period", &p.system.periods)?.get();
        once(row, found.insert((period, point(row, p)?), unmet).as_ref())?;
    }
    Ok(found)
}

fn read_release(
    folder: &Path,
    p: &Parameters,
) -> Result<BTreeMap<(usize, CouncilIx, SpecialtyIx), ReleaseRow>, VerifyError> {
    let mut found = BTreeMap::new();
    for row in Table::read(folder, "release.csv")?.rows() {
        let key = (
            position(row, "period", &p.system.periods)?.get(),
            position(row, "council", &p.system.councils)?,
            position(row, "specialty", &p.system.specialties)?,
        );
        let released = ReleaseRow {
            deliverable: row.number("deliverable_beds")?,
            released: row.number("released_beds")?,
        };
        once(row, found.insert(key, released).as_ref())?;
    }
    Ok(found)
}

fn read_care(
    folder: &Path,
    p: &Parameters,
) -> Result<BTreeMap<(usize, CouncilIx, ServiceIx), CareRow>, VerifyError> {
    let mut found = BTreeMap::new();
    for row in Table::read(folder, "social_care.csv")?.rows() {
        let key = (
            position(row, "period", &p.system.periods)?.get(),
            position(row, "council", &p.system.councils)?,
            position(row, "service", &p.system.services)?,
        );
        let care = CareRow {
            before: row.number("spend_before_gbp")?,
            floor: row.number("floor_gbp")?,
            after: row.number("spend_after_gbp")?,
            released: row.optional("released_beds")?.unwrap_or(0.0),
            received: row.optional("received_by_council_gbp")?,
        };
        once(row, found.insert(key, care).as_ref())?;
    }
    Ok(found)
}

/// The beds that a row's site and specialty name: acute ones, or those of a community site.
fn room(row: Row, p: &Parameters) -> Result<usize, VerifyError> {
    let site = position(row, "site", &p.system.sites)?;
    let specialty = position(row, "specialty", &p.system.specialties)?;
    p.room(site, specialty).map_or_else(|| stock(row, p), Ok)
}

/// The site and specialty that a row names; they must have beds.
pub fn stock(row: Row, p: &Parameters) -> Result<usize, VerifyError> {
    let site = position(row, "site", &p.system.sites)?;
    let specialty = position(row, "specialty", &p.system.specialties)?;
    p.stock(site, specialty).ok_or_else(|| {
        let (site, specialty) = (&p.system.sites[site].name, &p.system.specialties[specialty].name);
        row.fault(format!("{site} has no beds for {specialty} in the model"))
    })
}

/// The area and specialty that a row names; they must have need.
pub fn point(row: Row, p: &Parameters) -> Result<usize, VerifyError> {
    let area = position(row, "area", &p.system.areas)?;
    let specialty = position(row, "specialty", &p.system.specialties)?;
    p.point(area, specialty).ok_or_else(|| {
        let (area, specialty) = (&p.system.areas[area].name, &p.system.specialties[specialty].name);
        row.fault(format!("{area} has no need for {specialty} in the model"))
    })
}

/// A fault when there was an earlier row for the same thing.
pub fn once<T>(row: Row, earlier: Option<&T>) -> Result<(), VerifyError> {
    match earlier {
        Some(_) => Err(row.fault("this row is there twice".to_owned())),
        None => Ok(()),
    }
}
