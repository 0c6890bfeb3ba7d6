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
        let system = p.system;
        let care_on = system.policy.social_care.is_some();
        let by_stock = |row: Row| Ok((period(row, p)?, stock(row, p)?));
        let by_point = |row: Row| Ok((period(row, p)?, point(row, p)?));
        let council = |row: Row| position(row, "council", &system.councils);
        let by_specialty =
            |row: Row| Ok((period(row, p)?, council(row)?, position(row, "specialty", &system.specialties)?));
        let by_service =
            |row: Row| Ok((period(row, p)?, council(row)?, position(row, "service", &system.services)?));
        Ok(Self {
            allocation: read_keyed(folder, "allocation.csv", by_stock, read_allocation)?,
            flows: read_flows(folder, p)?,
            unmet: read_keyed(folder, "unmet.csv.gz", by_point, read_unmet)?,
            release: read_if(care_on, folder, "release.csv", by_specialty, read_release)?,
            care: read_if(care_on, folder, "social_care.csv", by_service, read_care)?,
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

/// The period that a row names.
pub fn period(row: Row, p: &Parameters) -> Result<usize, VerifyError> {
    Ok(position(row, "period", &p.system.periods)?.get())
}

/// The rows of a file by what each is about; a fault when two are about the same.
pub fn read_keyed<K: Ord, T>(
    folder: &Path,
    name: &str,
    key: impl Fn(Row) -> Result<K, VerifyError>,
    read: impl Fn(Row) -> Result<T, VerifyError>,
) -> Result<BTreeMap<K, T>, VerifyError> {
    let mut found = BTreeMap::new();
    for row in Table::read(folder, name)?.rows() {
        if found.insert(key(row)?, read(row)?).is_some() {
            return Err(row.fault("this row is there twice".to_owned()));
        }
    }
    Ok(found)
}

/// The same where the model has the part that the file tells of; else no rows, whatever lies in the folder.
pub fn read_if<K: Ord, T>(
    on: bool,
    folder: &Path,
    name: &str,
    key: impl Fn(Row) -> Result<K, VerifyError>,
    read: impl Fn(Row) -> Result<T, VerifyError>,
) -> Result<BTreeMap<K, T>, VerifyError> {
    if on { read_keyed(folder, name, key, read) } else { Ok(BTreeMap::new()) }
}

fn read_allocation(row: Row) -> Result<Allocation, VerifyError> {
    let mut moved = [0.0; 5];
    for (value, column) in moved.iter_mut().zip(MOVES) {
        *value = row.optional(column)?.unwrap_or(0.0);
    }
    Ok(Allocation {
        before: row.number("beds_before")?,
        new: row.number("new")?,
        moved,
        after: row.number("beds_after")?,
        occupied: row.number("occupied_beds")?,
        cap: row.number("occupancy_cap")?,
        occupancy: row.optional("occupancy")?,
        refused: row.optional("refused_share")?,
    })
}

fn read_flows(folder: &Path, p: &Parameters) -> Result<Vec<FlowRow>, VerifyError> {
    let table = Table::read(folder, "flows.csv.gz")?;
    table
        .rows()
        .map(|row| {
            Ok(FlowRow {
                point: point(row, p)?,
                stock: room(row, p)?,
                period: period(row, p)?,
                beds: row.number("occupied_beds")?,
                minutes: row.number("minutes")?,
            })
        })
        .collect()
}

fn read_unmet(row: Row) -> Result<UnmetRow, VerifyError> {
    Ok(UnmetRow {
        need: row.optional("need_beds")?,
        treated: row.optional("treated_beds")?,
        released: row.optional("released_beds")?,
        prevented: row.optional("prevented_beds")?,
        unmet: row.number("unmet_beds")?,
        induced: row.optional("induced_beds")?,
    })
}

fn read_release(row: Row) -> Result<ReleaseRow, VerifyError> {
    Ok(ReleaseRow { deliverable: row.number("deliverable_beds")?, released: row.number("released_beds")? })
}

fn read_care(row: Row) -> Result<CareRow, VerifyError> {
    Ok(CareRow {
        before: row.number("spend_before_gbp")?,
        floor: row.number("floor_gbp")?,
        after: row.number("spend_after_gbp")?,
        released: row.optional("released_beds")?.unwrap_or(0.0),
        received: row.optional("received_by_council_gbp")?,
    })
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
