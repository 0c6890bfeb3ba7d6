//! Sites whose beds differ most.

use super::{Line, SiteLine};
use crate::insight::error::InsightError;
use crate::insight::files::{Files, Table};
use std::collections::BTreeMap;

/// Sites told.
const MOST_SITES: usize = 15;
/// A difference of fewer beds is none.
const SAME: f64 = 0.0005;

/// The sites whose beds after the plan differ most from the first result, the largest difference first.
pub fn largest_changes(files: &[Files]) -> Result<Vec<SiteLine>, InsightError> {
    let mut names: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut found: Vec<BTreeMap<String, f64>> = Vec::new();
    for files in files {
        let table = files.table("allocation.csv")?;
        let last = last_period(&table)?;
        let mut beds: BTreeMap<String, f64> = BTreeMap::new();
        for row in table.rows() {
            if row.text("period")? != last {
                continue;
            }
            let site = row.text("site")?;
            if !names.contains_key(site) {
                names.insert(site.to_owned(), (row.text("name")?.to_owned(), row.text("region")?.to_owned()));
            }
            *beds.entry(site.to_owned()).or_default() += row.number("beds_after")?;
        }
        found.push(beds);
    }
    let mut lines: Vec<SiteLine> = names
        .into_iter()
        .map(|(site, (name, region))| {
            let values = found.iter().map(|beds| beds.get(&site).copied()).collect();
            SiteLine { beds_after: Line::new("beds_after", "beds", values), site, name, region }
        })
        .filter(|line| line.beds_after.size() > SAME)
        .collect();
    lines.sort_by(|a, b| {
        b.beds_after.size().total_cmp(&a.beds_after.size()).then_with(|| a.site.cmp(&b.site))
    });
    lines.truncate(MOST_SITES);
    Ok(lines)
}

/// The last of the periods in which the first pool of beds is told.
fn last_period(table: &Table) -> Result<String, InsightError> {
    let mut last = (None, String::new());
    for row in table.rows() {
        let pool = (row.text("site")?, row.text("specialty")?);
        if *last.0.get_or_insert(pool) != pool {
            break;
        }
        row.text("period")?.clone_into(&mut last.1);
    }
    Ok(last.1)
}
