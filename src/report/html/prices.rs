//! Shadow prices in short: of each aim the largest, and how many of each kind there are.

use super::read::short;
use crate::insight::error::InsightError;
use crate::insight::ledger::{Ledger, rounded};
use serde::Serialize;
use std::collections::BTreeMap;

/// Groups told of an aim.
const MOST: usize = 15;
/// Prices up to here are rounding.
pub const NO_PRICE: f64 = 1e-6;
/// Rows that only keep the books, or say again what the price of a bed says.
pub const NOT_TOLD: [&str; 5] = ["GroupUnmet", "MoneyBalance", "ScenarioLoss", "TermHold", "BedCapacity"];

/// Prices of one aim.
#[derive(Debug, Serialize)]
pub struct AimPrices {
    level: String,
    groups: Vec<Group>,
    kinds: Vec<AllOfKind>,
}

/// Constraints of a kind with the same price.
#[derive(Debug, Serialize)]
struct Group {
    kind: String,
    /// One of them in words.
    words: String,
    count: usize,
    price: f64,
    unit: String,
}

/// All prices of a kind.
#[derive(Debug, Serialize)]
struct AllOfKind {
    kind: String,
    unit: String,
    count: usize,
    least: f64,
    most: f64,
}

/// By kind of constraint and price.
type Groups = BTreeMap<(String, String), Group>;
/// By kind of constraint.
type Kinds = BTreeMap<String, AllOfKind>;

/// Reads `prices.csv`, the levels in order of the file. O(prices × log prices).
pub fn prices(ledger: &Ledger) -> Result<Vec<AimPrices>, InsightError> {
    let table = ledger.files.table("prices.csv")?;
    let columns = ["level", "constraint", "shadow_price", "unit", "words"];
    let at: Vec<usize> = columns.iter().map(|name| table.position(name)).collect::<Result<_, _>>()?;
    let mut levels: Vec<(String, Groups, Kinds)> = Vec::new();
    for row in table.rows() {
        let Ok(price) = row.at(at[2]).parse::<f64>() else { continue };
        let kind = row.at(at[1]);
        if !price.is_finite() || price.abs() <= NO_PRICE || NOT_TOLD.contains(&kind) {
            continue;
        }
        if levels.last().is_none_or(|(name, ..)| name != row.at(at[0])) {
            levels.push((row.at(at[0]).to_owned(), BTreeMap::new(), BTreeMap::new()));
        }
        let Some((_, groups, kinds)) = levels.last_mut() else { continue };
        let group = groups.entry((kind.to_owned(), rounded(price))).or_insert_with(|| Group {
            kind: kind.to_owned(),
            words: row.at(at[4]).to_owned(),
            count: 0,
            price,
            unit: row.at(at[3]).to_owned(),
        });
        group.count += 1;
        let all = kinds.entry(kind.to_owned()).or_insert_with(|| AllOfKind {
            kind: kind.to_owned(),
            unit: row.at(at[3]).to_owned(),
            count: 0,
            least: price,
            most: price,
        });
        all.count += 1;
        all.least = all.least.min(price);
        all.most = all.most.max(price);
    }
    Ok(levels
        .into_iter()
        .map(|(level, groups, kinds)| AimPrices {
            level,
            groups: largest(groups),
            kinds: kinds.into_values().collect(),
        })
        .collect())
}

fn largest(groups: Groups) -> Vec<Group> {
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by(|a, b| b.price.abs().total_cmp(&a.price.abs()).then(b.count.cmp(&a.count)));
    groups.truncate(MOST);
    for group in &mut groups {
        group.price = short(group.price, 9);
    }
    groups
}
