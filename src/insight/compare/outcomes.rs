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

/// Families of constraints counted: how many have a price for the first aim.
const COUNTED: [(&str, &str); 2] = [
    ("BedCapacity", "first aim: occupancy caps with a price"),
    ("SiteSize", "first aim: sizes of sites with a price"),
];

/// How many caps and sizes have a price for the first aim, and the prices of limits on the whole plan, of regions,
/// commissioners and trusts, by level. Results leave out prices of zero, so a limit that they do not tell is worth
/// nothing there.
pub fn prices(files: &[Files]) -> Result<Vec<Line>, InsightError> {
    let results = files.len();
    let mut levels: Vec<String> = Vec::new();
    let mut has_level: Vec<Vec<bool>> = Vec::new();
    let mut found: BTreeMap<(usize, String, String), Vec<f64>> = BTreeMap::new();
    let mut counts = vec![vec![0_usize; results]; COUNTED.len()];
    for (result, files) in files.iter().enumerate() {
        let table = files.table("prices.csv")?;
        let small: Vec<usize> = SMALL_PLACES.iter().filter_map(|name| table.position(name).ok()).collect();
        let level = table.position("level")?;
        let [constraint, words, unit] =
            [table.position("constraint")?, table.position("words")?, table.position("unit")?];
        let first = table.rows().next().map_or("", |row| row.at(level));
        for row in table.rows() {
            let at = levels.iter().position(|known| known == row.at(level)).unwrap_or_else(|| {
                levels.push(row.at(level).to_owned());
                has_level.push(vec![false; results]);
                levels.len() - 1
            });
            has_level[at][result] = true;
            if row.at(level) == first
                && let Some(counted) = COUNTED.iter().position(|(family, _)| *family == row.at(constraint))
            {
                counts[counted][result] += 1;
            }
            if small.iter().all(|&column| row.at(column).is_empty()) {
                let key = (at, row.at(words).to_owned(), row.at(unit).to_owned());
                let values = found.entry(key).or_insert_with(|| vec![0.0; results]);
                values[result] = row.number("shadow_price")?;
            }
        }
    }
    let counted = COUNTED.iter().zip(counts);
    let mut lines: Vec<Line> = counted
        .map(|((_, words), counts)| {
            Line::new(*words, "constraints", counts.into_iter().map(|count| Some(count as f64)).collect())
        })
        .collect();
    for ((level, words, unit), values) in found {
        let known = values.into_iter().zip(&has_level[level]).map(|(value, known)| known.then_some(value));
        lines.push(Line::new(format!("{}: {words}", levels[level]), unit, known.collect()));
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
