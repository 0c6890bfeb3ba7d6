//! Sheets from `summary.json`: what simple rules would have given, and the plan period by period.

use super::grid::{Grid, Kind, Total, Value};
use super::tables::number;
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use serde_json::Value as Json;

/// The simple rules, in the words of the page.
const RULES: [(&str, &str); 4] = [
    ("do_nothing", "No new beds and no money moved"),
    ("population_share", "By population"),
    ("need_share", "By need"),
    ("occupancy_top_up", "Fullest hospitals first"),
];

/// The regions by this plan and by simple rules; `None` where the result tells of no rule.
pub fn rules(ledger: &Ledger) -> Result<Option<Grid>, InsightError> {
    const FILE: &str = "summary.json";
    let summary = ledger.files.json(FILE)?;
    let known: Vec<(&str, &Json)> = RULES
        .iter()
        .map(|(rule, name)| (*name, &summary["comparators"][*rule]))
        .filter(|(_, found)| found.is_object())
        .collect();
    let Some(regions) = summary["regions"].as_array().filter(|_| !known.is_empty()) else { return Ok(None) };
    let note = if ledger.one_period() {
        "New beds of each region, and what of its need is then left unmet, by this plan and by simple rules for the same beds."
    } else {
        "The same by this plan and by simple rules for the same beds. Occupied beds are added up over the periods by their probability."
    };
    let mut grid = Grid::new("Simple rules", "This plan beside simple rules", note, FILE)
        .column("Region", Kind::Code, Total::Nothing)
        .column("Name", Kind::Name, Total::Nothing);
    for name in ["This plan"].into_iter().chain(known.iter().map(|(name, _)| *name)) {
        grid = grid
            .column(format!("{name}: new beds"), Kind::Beds, Total::Sum)
            .column(format!("{name}: unmet (occupied beds)"), Kind::Beds, Total::Sum)
            .column(format!("{name}: unmet (share of need)"), Kind::Share, Total::Nothing);
    }
    for region in regions {
        let text = |key: &str| Value::Text(region[key].as_str().unwrap_or_default().to_owned());
        let mut row = vec![text("region"), text("name")];
        let mut told = |of: &Json| {
            row.extend(["new_beds", "unmet_beds", "unmet_share"].map(|key| number(of.get(key))));
        };
        told(region);
        for (_, rule) in &known {
            let listed = rule["regions"].as_array();
            let of = listed.and_then(|list| list.iter().find(|other| other["region"] == region["region"]));
            told(of.unwrap_or(&Json::Null));
        }
        grid.rows.push(row);
    }
    Ok((!grid.rows.is_empty()).then_some(grid))
}

/// Waves and scenarios of need, a row each; `None` where the plan has one period.
pub fn periods(ledger: &Ledger) -> Result<Option<Grid>, InsightError> {
    const COLUMNS: [(&str, &str, Kind); 9] = [
        ("wave", "Wave", Kind::Count),
        ("probability", "Probability (share)", Kind::Share),
        ("beds_before", "Beds before", Kind::Beds),
        ("new_beds", "New beds", Kind::Beds),
        ("beds_after", "Beds in the plan", Kind::Beds),
        ("need_beds", "Need (occupied beds)", Kind::Beds),
        ("treated_beds", "Treated (occupied beds)", Kind::Beds),
        ("released_beds", "Freed by social care (occupied beds)", Kind::Beds),
        ("unmet_beds", "Unmet (occupied beds)", Kind::Beds),
    ];
    const FILE: &str = "summary.json";
    let summary = ledger.files.json(FILE)?;
    let Some(periods) = summary["periods"].as_array() else { return Ok(None) };
    let note = "Beds are decided once in each wave; scenarios of need of the same wave have the same beds.";
    let mut grid = Grid::new("Periods", "Waves and scenarios of need", note, FILE);
    grid.frozen = 1;
    grid = grid.column("Period", Kind::Name, Total::Nothing);
    for (_, head, kind) in COLUMNS {
        grid = grid.column(head, kind, Total::Nothing);
    }
    grid = grid.column("Unmet (share of need)", Kind::Share, Total::Nothing);
    for period in periods {
        let mut row = vec![Value::Text(period["period"].as_str().unwrap_or_default().to_owned())];
        row.extend(COLUMNS.map(|(key, ..)| number(period.get(key))));
        row.push(number(period.get("unmet_share")));
        grid.rows.push(row);
    }
    Ok(Some(grid))
}
