//! Trusts, with the beds that KH03 counts, and their commissioners.

use super::names::readable;
use super::raw::{RawFolder, known};
use crate::domain::ids::{CommissionerId, RegionId, TrustId};
use crate::domain::index::{Register, TrustIx};
use crate::domain::units::{Beds, OccupiedBeds};
use crate::import::ImportError;
use crate::import::tables::{TableWriter, decimals};
use std::collections::BTreeMap;
use std::path::Path;

/// The trusts of the instance.
pub type Trusts = Register<TrustId, TrustIx, Trust>;

/// An acute trust, winter 2019-20.
#[derive(Debug, Clone, PartialEq)]
pub struct Trust {
    /// Readable name.
    pub name: String,
    /// STP of 2017.
    pub commissioner: CommissionerId,
    /// Statistical region of its main site.
    pub region: RegionId,
    /// Its largest site.
    pub main_site: String,
    /// General and acute beds available overnight, October to December 2019.
    pub available: Beds,
    /// Of these, occupied.
    pub occupied: OccupiedBeds,
    /// Occupancy as published, rounded to whole per cent.
    pub published_occupancy: String,
    /// The code under which the flow table counts it.
    pub flow_code: String,
    /// Its code after the mergers up to 2022.
    pub code_2022: String,
}

/// Reads the trusts, and their beds to three decimals from KH03 itself.
pub fn read(raw: RawFolder<'_>) -> Result<Trusts, ImportError> {
    let beds = read_kh03(raw)?;
    let table = raw.table("national-2019/trusts.csv")?;
    let [code, name, commissioner, region, main_site] =
        table.columns(["trust_code", "trust_name", "stp17_code", "region21_name", "main_site_code"])?;
    let [occupancy, flow_code, code_2022] =
        table.columns(["ga_occupancy", "flow_trust_code", "trust_code_2022"])?;
    let mut trusts = BTreeMap::new();
    for row in table.rows() {
        let id = known(row, code, "trust", TrustId::new)?;
        let (available, occupied) = known(row, code, "trust in KH03", |c| beds.get(c).copied())?;
        if available.0 <= 0.0 || occupied.0 <= 0.0 {
            return Err(row.fault(code, "a trust with beds in KH03 is needed"));
        }
        let trust = Trust {
            name: readable(row.filled(name)?),
            commissioner: known(row, commissioner, "commissioner", CommissionerId::new)?,
            region: known(row, region, "region", RegionId::new)?,
            main_site: row.filled(main_site)?.to_owned(),
            available,
            occupied,
            published_occupancy: row.filled(occupancy)?.to_owned(),
            flow_code: row.filled(flow_code)?.to_owned(),
            code_2022: row.filled(code_2022)?.to_owned(),
        };
        if trusts.insert(id, trust).is_some() {
            return Err(row.fault(code, "each trust stands once"));
        }
    }
    Ok(Register::new(trusts))
}

fn read_kh03(raw: RawFolder<'_>) -> Result<BTreeMap<String, (Beds, OccupiedBeds)>, ImportError> {
    let table = raw.table("kh03/kh03_2019_20_q3_overnight_by_sector.csv")?;
    let [code, available, occupied] =
        table.columns(["trust_code", "available_general_acute", "occupied_general_acute"])?;
    table
        .rows()
        .map(|row| {
            let beds = (Beds(row.amount(available)?), OccupiedBeds(row.amount(occupied)?));
            Ok((row.filled(code)?.to_owned(), beds))
        })
        .collect()
}

/// Writes `trusts.csv`; `icb_of_site` tells the ICB of a main site.
pub fn write(
    trusts: &Trusts,
    icb_of_site: impl Fn(&str) -> Option<String>,
    out: &Path,
) -> Result<(), ImportError> {
    let header = [
        "trust",
        "name",
        "commissioner",
        "region",
        "icb",
        "available_beds",
        "occupied_beds",
        "occupancy",
        "main_site",
        "flow_trust",
        "trust_2022",
    ];
    let mut table = TableWriter::new(out.join("trusts.csv"), &header);
    for (_, id, t) in trusts.iter() {
        table.row(&[
            id.as_str(),
            &t.name,
            t.commissioner.as_str(),
            t.region.as_str(),
            &icb_of_site(&t.main_site).unwrap_or_default(),
            &decimals(t.available.0, 3),
            &decimals(t.occupied.0, 3),
            &decimals((t.occupied / t.available).0, 6),
            &t.main_site,
            &t.flow_code,
            &t.code_2022,
        ]);
    }
    table.finish()
}

/// Writes `commissioners.csv` (STPs of 2017) and `icbs.csv` (ICBs of 2022).
pub fn write_commissioners(raw: RawFolder<'_>, out: &Path) -> Result<(), ImportError> {
    let stps = ("lookups/stp17_names.csv", ["stp17cd", "stp17nm"]);
    let icbs = ("lookups/sicbl22_icb22.csv", ["icb22_code", "icb22_name"]);
    for ((file, columns), (name, key)) in
        [stps, icbs].into_iter().zip([("commissioners.csv", "commissioner"), ("icbs.csv", "icb")])
    {
        let source = raw.table(file)?;
        let [code, title] = source.columns(columns)?;
        let mut rows = BTreeMap::new();
        for row in source.rows() {
            rows.insert(row.filled(code)?.to_owned(), row.filled(title)?.to_owned());
        }
        let mut table = TableWriter::new(out.join(name), &[key, "name"]);
        for (code, title) in &rows {
            table.row(&[code, title]);
        }
        table.finish()?;
    }
    Ok(())
}
