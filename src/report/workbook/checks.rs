//! The sheet that adds the tables up in the reader's own spreadsheet and sets the sums beside each other.

use super::error::WorkbookError;
use super::grid::Grid;
use super::sheet::{begin, range_from_elsewhere};
use super::style::Styles;
use super::{Kind, Made};
use crate::insight::ledger::Ledger;
use rust_xlsxwriter::{Color, ConditionalFormatText, ConditionalFormatTextRule, Format, Formula, Workbook};
use serde_json::Value as Json;

/// Sums may differ by this much: tables have nine decimals.
const ROUNDING: f64 = 0.001;

/// One comparison: a formula against a number, or against another formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What is added up.
    pub what: String,
    /// Where the first figure is from.
    pub first_from: String,
    /// The first figure.
    pub first: Side,
    /// Where the second is from.
    pub second_from: String,
    /// The second figure.
    pub second: Side,
    /// How it is shown.
    pub kind: Kind,
}

/// A figure that is stated or worked out.
#[derive(Debug, Clone, PartialEq)]
pub enum Side {
    /// As a file states it.
    Stated(f64),
    /// A formula and what it comes to.
    Sum(String, f64),
}

impl Side {
    /// The figure.
    pub fn value(&self) -> f64 {
        match self {
            Self::Stated(value) | Self::Sum(_, value) => *value,
        }
    }
}

/// The sum of a column in the period told, on any sheet.
pub fn sum(grid: &Grid, source: &str) -> Option<Side> {
    let column = grid.position(source)?;
    let cells = range_from_elsewhere(grid, column);
    let value = grid.shown_sum(column);
    let text = match &grid.period {
        None => format!("=SUM({cells})"),
        Some((at, period)) => {
            format!(
                "=SUMIFS({cells},{},\"{}\")",
                range_from_elsewhere(grid, *at),
                period.replace('"', "\"\"")
            )
        }
    };
    Some(Side::Sum(text, value))
}

/// Every comparison that the sheets allow.
pub fn checks(ledger: &Ledger, made: &Made) -> Result<Vec<Check>, WorkbookError> {
    let summary = ledger.files.json("summary.json")?;
    let told = match summary["periods"].as_array() {
        None => &*summary,
        Some(periods) => {
            periods.iter().find(|one| one["period"] == ledger.period_id()).unwrap_or(&Json::Null)
        }
    };
    let mut found = Vec::new();
    let regions = made.grid("Regions");
    for (key, source, what) in [
        ("need_beds", "need_beds", "Need (occupied beds)"),
        ("treated_beds", "treated_beds", "Treated (occupied beds)"),
        ("released_beds", "released_beds", "Freed by social care (occupied beds)"),
        ("unmet_beds", "unmet_beds", "Unmet in the plan (occupied beds)"),
        ("unmet_beds_before", "unmet_beds_before", "Unmet before (occupied beds)"),
        ("new_beds", "new", "New beds"),
        ("beds_before", "beds_before", "Beds today"),
    ] {
        let sides = regions.and_then(|grid| sum(grid, source)).zip(told[key].as_f64());
        found.extend(sides.map(|(second, stated)| Check {
            what: what.to_owned(),
            first_from: "summary.json".to_owned(),
            first: Side::Stated(stated),
            second_from: "sheet Regions, added up".to_owned(),
            second,
            kind: Kind::Beds,
        }));
    }
    let mut compare = |first: &str, second: &str, source: &str, what: &str, kind: Kind| {
        let side = |name: &str| made.grid(name).and_then(|grid| sum(grid, source));
        if let (Some(one), Some(other)) = (side(first), side(second)) {
            found.push(Check {
                what: what.to_owned(),
                first_from: format!("sheet {first}, added up"),
                first: one,
                second_from: format!("sheet {second}, added up"),
                second: other,
                kind,
            });
        }
    };
    for other in ["Commissioners", "Trusts", "Sites", "Beds", "Specialties"] {
        compare("Regions", other, "beds_after", "Beds in the plan", Kind::Beds);
        compare("Regions", other, "new", "New beds", Kind::Beds);
    }
    compare("Regions", "Specialties", "unmet_beds_before", "Unmet before (occupied beds)", Kind::Beds);
    for other in ["Commissioners", "Specialties", "Areas"] {
        compare("Regions", other, "unmet_beds", "Unmet in the plan (occupied beds)", Kind::Beds);
    }
    Ok(found)
}

/// Writes the sheet.
pub fn add(workbook: &mut Workbook, checks: &[Check], styles: &Styles) -> Result<(), WorkbookError> {
    let note = "The same figure by two ways. Both are worked out here and now, by this spreadsheet, from the cells of the sheets \
                named; of several periods the one shown at first is added up.";
    let sheet = begin(workbook, "Checks", ("Do the sheets agree?", note), styles)?;
    let heads = [
        "What",
        "First figure from",
        "First figure",
        "Second figure from",
        "Second figure",
        "Difference",
        "Verdict",
    ];
    for ((at, head), width) in (0_u16..).zip(heads).zip([36.0, 30.0, 16.0, 30.0, 16.0, 14.0, 12.0]) {
        sheet.write_string_with_format(super::sheet::HEADS, at, head, &styles.head)?;
        sheet.set_column_width(at, width)?;
    }
    for (row, check) in (super::sheet::FIRST..).zip(checks) {
        let format = Styles::cell(check.kind);
        sheet.write_string(row, 0, &check.what)?;
        sheet.write_string(row, 1, &check.first_from)?;
        sheet.write_string_with_format(row, 3, &check.second_from, &styles.text)?;
        for (at, side) in [(2, &check.first), (4, &check.second)] {
            match side {
                Side::Stated(value) => sheet.write_number_with_format(row, at, *value, &format)?,
                Side::Sum(text, value) => {
                    let formula = Formula::new(text).set_result(value.to_string());
                    sheet.write_formula_with_format(row, at, formula, &format)?
                }
            };
        }
        let (line, apart) = (row + 1, check.second.value() - check.first.value());
        let difference = Formula::new(format!("=E{line}-C{line}")).set_result(apart.to_string());
        sheet.write_formula_with_format(row, 5, difference, &Format::new().set_num_format("0.000000"))?;
        let verdict = if apart.abs() <= ROUNDING { "agrees" } else { "differs" };
        let formula = format!("=IF(ABS(F{line})<={ROUNDING},\"agrees\",\"differs\")");
        sheet.write_formula_with_format(row, 6, Formula::new(formula).set_result(verdict), &styles.text)?;
    }
    let last = super::sheet::FIRST + u32::try_from(checks.len().max(1) - 1).unwrap_or(0);
    let red = ConditionalFormatText::new()
        .set_rule(ConditionalFormatTextRule::Contains("differs".to_owned()))
        .set_format(Format::new().set_bold().set_font_color(Color::Red));
    sheet.add_conditional_format(super::sheet::FIRST, 6, last, 6, &red)?;
    sheet.set_freeze_panes(super::sheet::FIRST, 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}
