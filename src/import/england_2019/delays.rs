//! Delayed discharges: a national level shared out to trusts, then to councils and specialties.

use super::lsoas::Lsoas;
use super::need::{TrustBeds, Use};
use super::raw::RawFolder;
use super::specialties::Specialties;
use super::trusts::Trusts;
use crate::domain::ids::CouncilId;
use crate::domain::index::{Ix, SpecialtyIx, TrustIx};
use crate::domain::units::OccupiedBeds;
use crate::import::ImportError;
use crate::import::tables::{TableWriter, decimals};
use std::collections::BTreeMap;
use std::path::Path;

const WINTER: [&str; 3] = ["December", "January", "February"];
const WINTER_MONTHS: [&str; 3] = ["-12-", "-01-", "-02-"];

/// Where a trust's level comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// Its own series, or its successor's, of patients with no criteria to reside.
    Series,
    /// No series: the national rate on its occupied beds.
    OccupiedBeds,
}

/// Delayed beds of each trust.
#[derive(Debug, Clone)]
pub struct Delays {
    beds: Vec<OccupiedBeds>,
    carrying: Vec<OccupiedBeds>,
    basis: Vec<Basis>,
}

impl Delays {
    /// Shares the national level of December to February 2019-20 among the trusts.
    pub fn read(
        raw: RawFolder<'_>,
        trusts: &Trusts,
        specialties: &Specialties,
        beds: &TrustBeds,
    ) -> Result<Self, ImportError> {
        let national = read_national(raw)?;
        let series = read_series(raw)?;
        let carrying: Vec<OccupiedBeds> = trusts.indices().map(|t| carrying(t, specialties, beds)).collect();
        let mut levels = vec![None; trusts.len()];
        for (code, members) in by_series(trusts, &series) {
            let all: OccupiedBeds = members.iter().map(|t| carrying[t.get()]).sum();
            for t in members {
                if all.0 > 0.0 {
                    levels[t.get()] = Some(OccupiedBeds(series[code]) * (carrying[t.get()] / all));
                }
            }
        }
        let with: OccupiedBeds =
            levels.iter().zip(&carrying).filter(|(l, _)| l.is_some()).map(|(_, c)| *c).sum();
        let known: OccupiedBeds = levels.iter().flatten().copied().sum();
        // Nobody has a series: any level does, since all are scaled to the national one.
        let rate = if with.0 > 0.0 && known.0 > 0.0 { known.0 / with.0 } else { 1.0 };
        let basis = levels.iter().map(|l| if l.is_some() { Basis::Series } else { Basis::OccupiedBeds });
        let basis = basis.collect();
        let levels: Vec<OccupiedBeds> =
            levels.iter().zip(&carrying).map(|(l, c)| l.unwrap_or(*c * rate)).collect();
        let sum: OccupiedBeds = levels.iter().copied().sum();
        let beds = levels.into_iter().map(|l| national * (l / sum)).collect();
        Ok(Self { beds, carrying, basis })
    }

    /// All delayed beds.
    pub fn total(&self) -> OccupiedBeds {
        self.beds.iter().copied().sum()
    }

    /// Trusts for which a series of their own was found.
    pub fn with_series(&self) -> usize {
        self.basis.iter().filter(|b| **b == Basis::Series).count()
    }

    /// Writes `delays_by_trust.csv`.
    pub fn write_by_trust(&self, trusts: &Trusts, out: &Path) -> Result<(), ImportError> {
        let header = ["trust", "delayed_beds", "basis"];
        let mut table = TableWriter::new(out.join("delays_by_trust.csv"), &header);
        for (t, id, _) in trusts.iter() {
            let basis = match self.basis[t.get()] {
                Basis::Series => "no criteria to reside",
                Basis::OccupiedBeds => "occupied beds",
            };
            table.row(&[id.as_str(), &decimals(self.beds[t.get()].0, 6), basis]);
        }
        table.finish()
    }

    /// Writes `delays.csv`: every occupied bed of a specialty that carries delay has its trust's
    /// delay rate, wherever its patient lives.
    pub fn write_by_council(
        &self,
        today: &Use<'_>,
        lsoas: &Lsoas,
        specialties: &Specialties,
        out: &Path,
    ) -> Result<(), ImportError> {
        let mut councils: BTreeMap<&CouncilId, Vec<f64>> = BTreeMap::new();
        let nothing = || vec![0.0; specialties.register.len()];
        for (_, _, lsoa) in lsoas.iter() {
            councils.entry(&lsoa.council).or_insert_with(nothing);
        }
        today.visit(|l, t, s, beds| {
            if specialties.register[s].carries_delay
                && let Some(row) = councils.get_mut(&lsoas[l].council)
            {
                row[s.get()] += beds.0 * (self.beds[t.get()] / self.carrying[t.get()]).0;
            }
        });
        let header = ["council", "specialty", "delayed_beds"];
        let mut table = TableWriter::new(out.join("delays.csv"), &header);
        for (council, row) in councils {
            for (s, specialty, _) in specialties.register.iter() {
                if row[s.get()] > 0.0 {
                    table.row(&[council.as_str(), specialty.as_str(), &decimals(row[s.get()], 6)]);
                }
            }
        }
        table.finish()
    }
}

/// A trust's occupied beds in the specialties that carry delay.
fn carrying(trust: TrustIx, specialties: &Specialties, beds: &TrustBeds) -> OccupiedBeds {
    let carries = |s: &SpecialtyIx| specialties.register[*s].carries_delay;
    specialties.register.indices().filter(carries).map(|s| beds[(trust, s)]).sum()
}

/// Which trusts stand behind each series: that of the code of 2022, or of the later flow code.
fn by_series<'a>(trusts: &'a Trusts, series: &BTreeMap<String, f64>) -> BTreeMap<&'a str, Vec<TrustIx>> {
    let mut members: BTreeMap<&str, Vec<TrustIx>> = BTreeMap::new();
    for (t, id, trust) in trusts.iter() {
        let codes = [trust.code_2022.as_str(), trust.flow_code.as_str(), id.as_str()];
        if let Some(code) = codes.into_iter().find(|c| series.contains_key(*c)) {
            members.entry(code).or_default().push(t);
        }
    }
    members
}

/// Delayed beds in England, mean of the three winter months before the pandemic.
fn read_national(raw: RawFolder<'_>) -> Result<OccupiedBeds, ImportError> {
    let table = raw.table("delays/dtoc_england_monthly_2010_08_to_2020_02.csv")?;
    let [year, month, beds] = table.columns(["year", "month", "dtoc_beds_total"])?;
    let mut levels = Vec::new();
    for row in table.rows() {
        if row.text(year) == "2019-20" && WINTER.contains(&row.text(month)) {
            levels.push(row.amount(beds)?);
        }
    }
    if levels.len() != WINTER.len() {
        return Err(ImportError::Total {
            what: "winter months of 2019-20 in the table of delayed transfers".to_owned(),
            expected: WINTER.len().to_string(),
            found: levels.len().to_string(),
        });
    }
    Ok(OccupiedBeds(levels.iter().sum::<f64>() / 3.0))
}

/// Mean winter level of patients with no criteria to reside, by trust; empty days are left out.
fn read_series(raw: RawFolder<'_>) -> Result<BTreeMap<String, f64>, ImportError> {
    let table = raw.table("delays/no_criteria_to_reside_daily_by_trust.csv.gz")?;
    let [trust, date, patients] = table.columns(["trust_code", "date", "do_not_meet_criteria_to_reside"])?;
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for row in table.rows() {
        let date = row.text(date);
        if WINTER_MONTHS.iter().any(|m| date.contains(m))
            && let Some(count) = row.optional_amount(patients)?
        {
            let sum = sums.entry(row.filled(trust)?.to_owned()).or_default();
            *sum = (sum.0 + count, sum.1 + 1.0);
        }
    }
    Ok(sums.into_iter().map(|(code, (sum, days))| (code, sum / days)).collect())
}
