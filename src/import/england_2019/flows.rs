//! Which trusts the people of each MSOA use.
//!
//! The published table writes the codes of mid-2021: trusts that had merged by then stand under one
//! code, in several rows of the same MSOA, which are added up.

use super::lsoas::Lsoas;
use super::raw::RawFolder;
use super::trusts::Trusts;
use crate::domain::index::TrustIx;
use crate::domain::units::Proportion;
use crate::import::ImportError;
use crate::import::tables::RawTable;
use std::collections::BTreeMap;

/// Shares of each MSOA's admitted patients by trust; each sums to one.
#[derive(Debug, Clone, PartialEq)]
pub struct TrustShares {
    by_msoa: BTreeMap<String, Vec<(TrustIx, Proportion)>>,
}

impl TrustShares {
    /// The trusts used by an MSOA.
    pub fn of(&self, msoa: &str) -> &[(TrustIx, Proportion)] {
        self.by_msoa.get(msoa).map_or(&[], Vec::as_slice)
    }
}

type Shares = BTreeMap<String, f64>;

/// Reads and splits the flows; every MSOA of the instance must have some.
pub fn read(raw: RawFolder<'_>, trusts: &Trusts, lsoas: &Lsoas) -> Result<TrustShares, ImportError> {
    let table = raw.table("flows/msoa11_trust_flow_shares.csv.gz")?;
    let listed = read_shares(&table)?;
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
    Ok(TrustShares { by_msoa })
}

/// MSOA → flow code → share; rows of the same pair are added up.
fn read_shares(table: &RawTable) -> Result<BTreeMap<String, Shares>, ImportError> {
    let [msoa, trust, share] = table.columns(["msoa_code", "trust_code", "proportion"])?;
    let mut shares: BTreeMap<String, Shares> = BTreeMap::new();
    for row in table.rows() {
        let value = row.amount(share)?;
        if value > 1.0 {
            return Err(row.fault(share, "a share of at most 1 is needed"));
        }
        let of = shares.entry(row.filled(msoa)?.to_owned()).or_default();
        *of.entry(row.filled(trust)?.to_owned()).or_default() += value;
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
