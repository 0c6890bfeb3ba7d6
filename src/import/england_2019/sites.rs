//! Sites, and the split of each trust's beds over its sites and specialties.

use super::SitePlace;
use super::names::readable;
use super::raw::{RawFolder, known};
use super::specialties::Specialties;
use super::trusts::Trusts;
use crate::domain::ids::{CommissionerId, RegionId, SiteId};
use crate::domain::index::{Grid, Ix, Register, SiteIx, SpecialtyIx, TrustIx};
use crate::domain::place::Place;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::import::ImportError;
use crate::import::tables::{Column, RawRow, RawTable, TableWriter, decimals};
use std::collections::BTreeMap;
use std::path::Path;

const GROUPS: &str = include_str!("reference/hospital_groups.csv");

/// The sites of the instance.
pub type Sites = Register<SiteId, SiteIx, Site>;

/// A hospital site.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Readable name.
    pub name: String,
    /// The kind of site as the estates return names it.
    pub site_type: String,
    /// The trust that runs it.
    pub trust: TrustIx,
    /// STP of 2017 at the place where it stands.
    pub commissioner: CommissionerId,
    /// ICB of 2022 at that place.
    pub icb: String,
    /// Statistical region.
    pub region: RegionId,
    /// Where it stands.
    pub place: Place,
    /// Postcode.
    pub postcode: String,
    /// Column of the travel matrix, if any.
    pub matrix_postcode: Option<String>,
    /// LSOA whose centre is nearest.
    pub nearest_lsoa: String,
    /// Share of the trust's general and acute beds: its share of the beds of 2014-15.
    pub share: Proportion,
}

/// Reads the sites; the shares of each trust's sites sum to one.
pub fn read(raw: RawFolder<'_>, trusts: &Trusts) -> Result<Sites, ImportError> {
    let table = raw.table("national-2019/sites.csv")?;
    let code = table.column("site_code")?;
    let beds = table.column("eric_2014_15_available_beds")?;
    let columns = SiteColumns::find(&table)?;
    let mut sites = BTreeMap::new();
    let mut totals = vec![0.0; trusts.len()];
    for row in table.rows() {
        let site = columns.read(row, trusts, Proportion(row.amount(beds)?))?;
        totals[site.trust.get()] += site.share.0;
        if sites.insert(known(row, code, "site", SiteId::new)?, site).is_some() {
            return Err(row.fault(code, "each site stands once"));
        }
    }
    for (t, id, _) in trusts.iter() {
        if totals[t.get()] <= 0.0 {
            return Err(ImportError::Absent {
                path: table.path().to_owned(),
                kind: "site with beds of trust",
                id: id.to_string(),
                needed_by: "the split of its beds".to_owned(),
            });
        }
    }
    for site in sites.values_mut() {
        site.share = site.share / totals[site.trust.get()];
    }
    Ok(Register::new(sites))
}

struct SiteColumns([Column; 11]);

impl SiteColumns {
    fn find(table: &RawTable) -> Result<Self, ImportError> {
        let names = [
            "site_name",
            "site_type",
            "trust_code",
            "stp17_code",
            "icb22_code",
            "region21_name",
            "lon",
            "lat",
            "postcode",
            "travel_matrix_postcode",
            "nearest_lsoa11_code",
        ];
        table.columns(names).map(Self)
    }

    fn read(&self, row: RawRow<'_>, trusts: &Trusts, share: Proportion) -> Result<Site, ImportError> {
        let [name, site_type, trust, stp, icb, region, lon, lat, postcode, matrix, lsoa] = self.0;
        let matrix = row.text(matrix);
        Ok(Site {
            name: readable(row.filled(name)?),
            site_type: readable(&row.filled(site_type)?.to_uppercase()).to_lowercase(),
            trust: known(row, trust, "trust in the trust table", |id| trusts.find(id))?,
            commissioner: known(row, stp, "commissioner", CommissionerId::new)?,
            icb: row.filled(icb)?.to_owned(),
            region: known(row, region, "region", RegionId::new)?,
            place: Place { longitude: row.number(lon)?, latitude: row.number(lat)? },
            postcode: row.text(postcode).to_owned(),
            matrix_postcode: (!matrix.is_empty()).then(|| matrix.to_owned()),
            nearest_lsoa: row.filled(lsoa)?.to_owned(),
            share,
        })
    }
}

/// What the travel step needs to know of the sites.
pub fn places(sites: &Sites) -> Vec<SitePlace> {
    let place = |(_, code, site): (SiteIx, &SiteId, &Site)| SitePlace {
        code: code.clone(),
        place: site.place,
        matrix_postcode: site.matrix_postcode.clone(),
        nearest_lsoa: site.nearest_lsoa.clone(),
    };
    sites.iter().map(place).collect()
}

/// Hospital groups of several trusts, by trust.
fn groups() -> Result<BTreeMap<String, String>, ImportError> {
    let table = RawTable::read(Path::new("reference/hospital_groups.csv"), GROUPS.as_bytes())?;
    let [trust, group] = table.columns(["trust", "group"])?;
    table.rows().map(|row| Ok((row.filled(trust)?.to_owned(), row.filled(group)?.to_owned()))).collect()
}

/// Writes `sites.csv`.
pub fn write(sites: &Sites, trusts: &Trusts, out: &Path) -> Result<(), ImportError> {
    let header = [
        "site",
        "name",
        "trust",
        "group",
        "commissioner",
        "region",
        "kind",
        "longitude",
        "latitude",
        "smallest_beds",
        "largest_beds",
        "site_type",
        "icb",
        "postcode",
    ];
    let groups = groups()?;
    let mut table = TableWriter::new(out.join("sites.csv"), &header);
    for (_, id, s) in sites.iter() {
        table.row(&[
            id.as_str(),
            &s.name,
            trusts.id(s.trust).as_str(),
            groups.get(trusts.id(s.trust).as_str()).map_or("", String::as_str),
            s.commissioner.as_str(),
            s.region.as_str(),
            "acute",
            &decimals(s.place.longitude, 6),
            &decimals(s.place.latitude, 6),
            "",
            "",
            &s.site_type,
            &s.icb,
            &s.postcode,
        ]);
    }
    table.finish()
}

/// Writes `beds.csv`: site share × trust's specialty share, of available and of occupied beds alike.
pub fn write_beds(
    sites: &Sites,
    trusts: &Trusts,
    specialties: &Specialties,
    occupied: &Grid<TrustIx, SpecialtyIx, OccupiedBeds>,
    out: &Path,
) -> Result<(Beds, OccupiedBeds), ImportError> {
    let header = ["site", "specialty", "available_beds", "occupied_beds"];
    let mut table = TableWriter::new(out.join("beds.csv"), &header);
    let mut totals = (Beds::ZERO, OccupiedBeds::ZERO);
    for (_, id, site) in sites.iter() {
        let trust = &trusts[site.trust];
        for (s, specialty, _) in specialties.register.iter() {
            let used = occupied[(site.trust, s)] * site.share;
            if used.0 > 0.0 {
                let beds = trust.available * (site.share.0 * (occupied[(site.trust, s)] / trust.occupied).0);
                totals = (totals.0 + beds, totals.1 + used);
                table.row(&[id.as_str(), specialty.as_str(), &decimals(beds.0, 6), &decimals(used.0, 6)]);
            }
        }
    }
    table.finish()?;
    Ok(totals)
}
