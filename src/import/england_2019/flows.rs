//! Which trusts the people of each MSOA use, with the gaps of the published table mended.
//!
//! The published shares of an MSOA should sum to nearly one. Where several trusts merged between
//! 2019 and 2021 the table has lost most of the flows to them, and the shares of some 900 MSOAs sum
//! to much less (0.06 in Brighton). What is missing there is given to the trusts concerned, in
//! proportion to the admissions that a later table says they had from that local authority.

use super::lsoas::Lsoas;
use super::raw::{RawFolder, known};
use super::trusts::Trusts;
use crate::domain::index::TrustIx;
use crate::domain::units::Proportion;
use crate::import::ImportError;
use crate::import::tables::RawTable;
use std::collections::BTreeMap;
use std::path::Path;

const REPAIRS: &str = include_str!("reference/repaired_flows.csv");
/// What the shares of an MSOA sum to where nothing is missing (the median of the table).
const USUAL_SUM: f64 = 0.972;
/// Sums this much lower count as gaps.
const GAP: f64 = 0.03;
/// Only where the trusts concerned have at least this part of a district's admissions.
const LEAST_PART: f64 = 0.05;

/// Shares of each MSOA's admitted patients by trust; each sums to one.
#[derive(Debug, Clone, PartialEq)]
pub struct TrustShares {
    by_msoa: BTreeMap<String, Vec<(TrustIx, Proportion)>>,
    /// MSOAs whose missing flows were filled in.
    pub mended: usize,
}

impl TrustShares {
    /// The trusts used by an MSOA.
    pub fn of(&self, msoa: &str) -> &[(TrustIx, Proportion)] {
        self.by_msoa.get(msoa).map_or(&[], Vec::as_slice)
    }
}

type Shares = BTreeMap<String, f64>;

/// Reads, mends and splits the flows; every MSOA of the instance must have some.
pub fn read(raw: RawFolder<'_>, trusts: &Trusts, lsoas: &Lsoas) -> Result<TrustShares, ImportError> {
    let table = raw.table("flows/msoa11_trust_flow_shares.csv.gz")?;
    let mut listed = read_shares(&table, ["msoa_code", "trust_code", "proportion"])?;
    let mended = mend(raw, trusts, lsoas, &mut listed)?;
    let members = members_by_flow_code(trusts);
    let mut by_msoa = BTreeMap::new();
    for (_, id, lsoa) in lsoas.iter() {
        if by_msoa.contains_key(&lsoa.msoa) {
            continue;
        }
        let shares = listed.get(&lsoa.msoa).map(|s| split(s, &members)).unwrap_or_default();
        if shares.is_empty() {
            return Err(ImportError::Absent {
                path: table.path().to_owned(),
                kind: "flow to a trust of the instance from MSOA",
                id: lsoa.msoa.clone(),
                needed_by: format!("LSOA {id}"),
            });
        }
        by_msoa.insert(lsoa.msoa.clone(), shares);
    }
    Ok(TrustShares { by_msoa, mended })
}

/// Reads (outer key, inner key, share) rows.
fn read_shares(table: &RawTable, columns: [&str; 3]) -> Result<BTreeMap<String, Shares>, ImportError> {
    let [outer, inner, share] = table.columns(columns)?;
    let mut shares: BTreeMap<String, Shares> = BTreeMap::new();
    for row in table.rows() {
        let value = row.amount(share)?;
        if value > 1.0 {
            return Err(row.fault(share, "a share of at most 1 is needed"));
        }
        let of = shares.entry(row.filled(outer)?.to_owned()).or_default();
        *of.entry(row.filled(inner)?.to_owned()).or_default() += value;
    }
    Ok(shares)
}

/// The trusts that share a flow code, each with its part: its available beds.
fn members_by_flow_code(trusts: &Trusts) -> BTreeMap<&str, Vec<(TrustIx, f64)>> {
    let mut members: BTreeMap<&str, Vec<(TrustIx, f64)>> = BTreeMap::new();
    for (t, _, trust) in trusts.iter() {
        members.entry(&trust.flow_code).or_default().push((t, trust.available.0));
    }
    for parts in members.values_mut() {
        let sum: f64 = parts.iter().map(|(_, beds)| beds).sum();
        parts.iter_mut().for_each(|(_, beds)| *beds /= sum);
    }
    members
}

/// Splits flow codes into trusts, leaves out trusts beyond the instance, and makes the sum one.
fn split(shares: &Shares, members: &BTreeMap<&str, Vec<(TrustIx, f64)>>) -> Vec<(TrustIx, Proportion)> {
    let mut parts: BTreeMap<TrustIx, f64> = BTreeMap::new();
    for (code, share) in shares {
        for (t, part) in members.get(code.as_str()).into_iter().flatten() {
            *parts.entry(*t).or_default() += share * part;
        }
    }
    let sum: f64 = parts.values().sum();
    parts.into_iter().filter(|(_, p)| *p > 0.0).map(|(t, p)| (t, Proportion(p / sum))).collect()
}

/// Fills the gaps in place; tells how many MSOAs had one.
fn mend(
    raw: RawFolder<'_>,
    trusts: &Trusts,
    lsoas: &Lsoas,
    listed: &mut BTreeMap<String, Shares>,
) -> Result<usize, ImportError> {
    let repairs = read_repairs(trusts)?;
    let table = raw.table("flows/trust22_ltla21_shares.csv")?;
    let names = ["nhs_trust22_code", "ltla21_code", "proportion_trust_came_from_ltla"];
    let admissions = admissions_by_district(trusts, &read_shares(&table, names)?);
    let districts: BTreeMap<&str, &str> =
        lsoas.iter().map(|(_, _, l)| (l.msoa.as_str(), l.district.as_str())).collect();
    let mut mended = 0;
    for (msoa, shares) in listed {
        let gap = USUAL_SUM - shares.values().sum::<f64>();
        let Some(seen) = districts.get(msoa.as_str()).and_then(|d| admissions.get(*d)) else { continue };
        let part = |later: &str| seen.get(later).copied().unwrap_or(0.0);
        let concerned: f64 = repairs.iter().map(|(_, later)| part(later)).sum();
        if gap > GAP && concerned >= LEAST_PART * seen.values().sum::<f64>() {
            mended += 1;
            for (code, later) in &repairs {
                *shares.entry(code.clone()).or_default() += gap * part(later) / concerned;
            }
        }
    }
    Ok(mended)
}

/// The trusts whose flows are known to be missing: the flow code and the later code.
fn read_repairs(trusts: &Trusts) -> Result<Vec<(String, String)>, ImportError> {
    let table = RawTable::read(Path::new("reference/repaired_flows.csv"), REPAIRS.as_bytes())?;
    let [code, later] = table.columns(["flow_trust", "trust_2022"])?;
    let in_use = |c: &str| trusts.iter().any(|(_, _, t)| t.flow_code == c).then_some(());
    let mut repairs = Vec::new();
    for row in table.rows() {
        // A smaller instance may lack the trust: then there is nothing to mend for it.
        if known(row, code, "flow code", in_use).is_ok() {
            repairs.push((row.filled(code)?.to_owned(), row.filled(later)?.to_owned()));
        }
    }
    Ok(repairs)
}

/// District → later trust code → its occupied beds that come from there.
fn admissions_by_district(trusts: &Trusts, shares: &BTreeMap<String, Shares>) -> BTreeMap<String, Shares> {
    let mut occupied: BTreeMap<&str, f64> = BTreeMap::new();
    for (_, _, trust) in trusts.iter() {
        let later = if shares.contains_key(&trust.code_2022) { &trust.code_2022 } else { &trust.flow_code };
        *occupied.entry(later).or_default() += trust.occupied.0;
    }
    let mut districts: BTreeMap<String, Shares> = BTreeMap::new();
    for (later, beds) in occupied {
        for (district, share) in shares.get(later).into_iter().flatten() {
            districts.entry(district.clone()).or_default().insert(later.to_owned(), beds * share);
        }
    }
    districts
}
