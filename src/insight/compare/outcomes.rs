//! What came out: the nation, regions, prices and money.

use super::{Cause, Line, RegionLines};
use crate::insight::error::InsightError;
use crate::insight::factors::{Amounts, Factor, Factors};
use crate::insight::files::{Files, Rows};
use serde_json::Value;
use std::collections::BTreeMap;

/// Numbers of the summary: where they stand, what they are, their unit.
const NATION: [(&str, &str, &str); 7] = [
    ("/beds_before", "Beds before the plan", "beds"),
    ("/new_beds", "New beds", "beds"),
    ("/need_beds", "Need", "occupied beds"),
    ("/treated_beds", "Treated", "occupied beds"),
    ("/released_beds", "Released by social care", "occupied beds"),
    ("/unmet_beds", "Unmet need", "occupied beds"),
    ("/unmet_share", "Unmet share", "share"),
];
/// Members that place a constraint below a region, commissioner or trust: such prices are too many to list.
const SMALL_PLACES: [&str; 7] = ["area", "site", "specialty", "council", "service", "group", "term"];

/// Beds, need, aims and money of the nation.
pub fn nation(files: &[Files]) -> Result<Vec<Line>, InsightError> {
    let mut lines = Vec::new();
    for (at, what, unit) in NATION {
        lines.push(Line::new(what, unit, from_summary(files, at)?));
    }
    let summary = files[0].json("summary.json")?;
    for (term, told) in summary["objective"].as_object().into_iter().flatten() {
        let unit = told["unit"].as_str().unwrap_or_default();
        let values = from_summary(files, &format!("/objective/{term}/value"))?;
        lines.push(Line::new(format!("Aim: {term}"), unit, values));
    }
    for (what, column, by_service) in [
        ("Councils' spend before", "spend_before_gbp", true),
        ("Councils' spend after", "spend_after_gbp", true),
        ("Pooled money received", "received_by_council_gbp", false),
    ] {
        let values: Vec<Option<f64>> =
            files.iter().map(|files| care_money(files, column, by_service)).collect::<Result<_, _>>()?;
        if values.iter().any(Option::is_some) {
            lines.push(Line::new(what, "£ a year", values));
        }
    }
    Ok(lines)
}

fn from_summary(files: &[Files], at: &str) -> Result<Vec<Option<f64>>, InsightError> {
    files.iter().map(|files| files.number("summary.json", at)).collect()
}

/// A column of `social_care.csv` added up, in the last period; what is told of a council in each of its rows counts
/// once. `None` without the file.
fn care_money(files: &Files, column: &str, by_service: bool) -> Result<Option<f64>, InsightError> {
    const TABLE: &str = "social_care.csv";
    if !files.has(TABLE) || !files.table(TABLE)?.has(column) {
        return Ok(None);
    }
    let table = files.table(TABLE)?;
    let mut found: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in table.rows() {
        let service = if by_service { row.text("service")? } else { "" };
        // Rows come in order of period, so the last one of each council and service stays.
        found
            .insert((row.text("council")?.to_owned(), service.to_owned()), row.maybe(column)?.unwrap_or(0.0));
    }
    Ok((!found.is_empty()).then(|| found.values().sum()))
}

/// Regions by their codes: new beds, unmet need and its share.
pub fn regions(files: &[Files]) -> Result<Vec<RegionLines>, InsightError> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut found: Vec<BTreeMap<String, Value>> = Vec::new();
    for files in files {
        let summary = files.json("summary.json")?;
        let list = summary["regions"].as_array().cloned().unwrap_or_default();
        let text = |region: &Value, key: &str| region[key].as_str().unwrap_or_default().to_owned();
        for region in &list {
            names.insert(text(region, "region"), text(region, "name"));
        }
        found.push(list.into_iter().map(|region| (text(&region, "region"), region)).collect());
    }
    let line = |id: &str, key: &str, unit: &str| {
        let value = |of: &BTreeMap<String, Value>| of.get(id)?.get(key)?.as_f64();
        Line::new(key, unit, found.iter().map(value).collect())
    };
    let told = names.into_iter().map(|(region, name)| RegionLines {
        new_beds: line(&region, "new_beds", "beds"),
        unmet_beds: line(&region, "unmet_beds", "occupied beds"),
        unmet_share: line(&region, "unmet_share", "share"),
        region,
        name,
    });
    Ok(told.collect())
}

/// Prices of limits on the whole plan, of regions, commissioners and trusts, by level; and what one more bed at a
/// site is worth at most, for the first aim. A limit without a price in a result that knows it is worth nothing there.
pub fn prices(files: &[Files]) -> Result<Vec<Line>, InsightError> {
    type Key = (usize, String, String, String);
    let mut levels: Vec<String> = Vec::new();
    let mut found: BTreeMap<Key, Vec<Option<f64>>> = BTreeMap::new();
    let results = files.len();
    let mut best: Vec<Option<f64>> = vec![None; results];
    let mut best_unit = String::new();
    for (position, files) in files.iter().enumerate() {
        let table = files.table("prices.csv")?;
        let small: Vec<usize> = SMALL_PLACES.iter().filter_map(|name| table.position(name).ok()).collect();
        let [level, constraint, words, unit] =
            ["level", "constraint", "words", "unit"].map(|name| table.position(name));
        let (level, constraint, words, unit) = (level?, constraint?, words?, unit?);
        let first = table.rows().next().map(|row| row.at(level));
        for row in table.rows() {
            if Some(row.at(level)) == first && row.at(constraint) == "BedStock" {
                let worth = -row.number("shadow_price")?;
                best[position] = Some(best[position].map_or(worth, |most| most.max(worth)));
                row.at(unit).clone_into(&mut best_unit);
            }
            if small.iter().any(|&column| !row.at(column).is_empty()) {
                continue;
            }
            let at = levels.iter().position(|known| known == row.at(level)).unwrap_or_else(|| {
                levels.push(row.at(level).to_owned());
                levels.len() - 1
            });
            let key = (at, row.at(constraint).to_owned(), row.at(words).to_owned(), row.at(unit).to_owned());
            let values = found.entry(key).or_insert_with(|| vec![None; results]);
            values[position] = Some(row.number("shadow_price")?);
        }
    }
    let mut lines = Vec::new();
    if best.iter().any(Option::is_some) {
        lines.push(Line::new("one more bed at a site, at most", best_unit, best));
    }
    for ((level, _, words, unit), values) in found {
        lines.push(Line::new(format!("{}: {words}", levels[level]), unit, values));
    }
    Ok(lines)
}

/// What explains the change of the nation's unmet share: see [`Factors::split`]. Today's use and expected need are one
/// cause here, need by head. Empty where a result has several periods, whose totals are no shares of one stock.
pub fn causes(files: &[Files]) -> Result<Vec<Cause>, InsightError> {
    let mut factors = Vec::new();
    for files in files {
        let Some(amounts) = amounts(files)? else { return Ok(Vec::new()) };
        let Some(found) = Factors::of(&amounts) else { return Ok(Vec::new()) };
        factors.push(found);
    }
    let splits: Vec<Vec<(Factor, f64)>> =
        factors.iter().map(|own| Factors::split(own, &factors[0])).collect();
    let causes = Factor::ALL.into_iter().enumerate().filter(|(_, factor)| *factor != Factor::Use);
    Ok(causes
        .map(|(at, factor)| Cause { factor, parts: splits.iter().map(|split| split[at].1).collect() })
        .collect())
}

fn amounts(files: &Files) -> Result<Option<Amounts>, InsightError> {
    let summary = files.json("summary.json")?;
    if summary.get("periods").is_some() {
        return Ok(None);
    }
    let number = |at: &str| files.number("summary.json", at).map(|found| found.unwrap_or(0.0));
    let people = summary["regions"].as_array().into_iter().flatten();
    let allocation = files.table("allocation.csv")?;
    let (mut before, mut after, mut room) = (0.0, 0.0, 0.0);
    for row in allocation.matching(&Rows::new())? {
        let beds = row.number("beds_after")?;
        before += row.number("beds_before")?;
        after += beds;
        room += beds * row.number("occupancy_cap")?;
    }
    let need = number("/need_beds")?;
    Ok(Some(Amounts {
        need,
        treated: number("/treated_beds")?,
        unmet: number("/unmet_beds")?,
        expected: need,
        people: people.filter_map(|region| region["population"].as_f64()).sum(),
        before,
        after,
        room,
        agreed: 0.0,
    }))
}
