//! Shadow prices: limits of a kind with the same price are told together.

use super::grid::{Grid, Kind, Total, Value};
use crate::insight::error::InsightError;
use crate::insight::ledger::{Ledger, rounded};
use crate::report::html::prices::{NO_PRICE, NOT_TOLD};
use std::collections::BTreeMap;

/// Rows told of an aim, the largest prices first.
const MOST: usize = 1_000;

/// Limits of a kind with the same price.
struct Group {
    words: String,
    unit: String,
    price: f64,
    count: usize,
}

/// Groups by kind of limit and price.
type Groups = BTreeMap<(String, String), Group>;

/// Shadow prices, aim by aim, but for rows that only keep the books. O(prices × log prices).
pub fn prices(ledger: &Ledger) -> Result<Option<Grid>, InsightError> {
    const FILE: &str = "prices.csv";
    let table = ledger.files.table(FILE)?;
    let at = |name: &str| table.position(name);
    let [level, kind, words] = [at("level")?, at("constraint")?, at("words")?];
    let [price, unit] = [at("shadow_price")?, at("unit")?];
    let mut aims: Vec<(String, Groups)> = Vec::new();
    for row in table.rows() {
        let found = row.at(price).parse().ok().filter(|price: &f64| price.is_finite());
        let Some(found) = found.filter(|price| price.abs() > NO_PRICE) else { continue };
        if NOT_TOLD.contains(&row.at(kind)) {
            continue;
        }
        if aims.last().is_none_or(|(aim, _)| aim != row.at(level)) {
            aims.push((row.at(level).to_owned(), Groups::new()));
        }
        let Some((_, groups)) = aims.last_mut() else { continue };
        let key = (row.at(kind).to_owned(), rounded(found));
        let group = groups.entry(key).or_insert_with(|| Group {
            words: row.at(words).to_owned(),
            unit: row.at(unit).to_owned(),
            price: found,
            count: 0,
        });
        group.count += 1;
    }
    let note = "By how much one more unit of a limit would move each aim; a minus: the aim falls. Limits of a kind with the same price \
                share a row; each by itself is in prices.csv.";
    let mut grid = Grid::new("Prices", "Shadow prices", note, FILE)
        .column("Aim", Kind::Name, Total::Nothing)
        .column("Kind of limit", Kind::Name, Total::Nothing)
        .column("One of them", Kind::Words, Total::Nothing)
        .column("Limits with this price", Kind::Count, Total::Nothing)
        .column("Price of one more unit", Kind::Price, Total::Nothing)
        .column("Unit", Kind::Words, Total::Nothing);
    grid.frozen = 1;
    for (aim, groups) in aims {
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by(|(_, a), (_, b)| b.price.abs().total_cmp(&a.price.abs()).then(b.count.cmp(&a.count)));
        let told = groups.into_iter().take(MOST).map(|((kind, _), group)| {
            vec![
                Value::Text(aim.replace('_', ", round ")),
                Value::Text(kind),
                Value::Text(group.words),
                Value::Number(group.count as f64),
                Value::Number(group.price),
                Value::Text(group.unit),
            ]
        });
        grid.rows.extend(told);
    }
    Ok((!grid.rows.is_empty()).then_some(grid))
}
