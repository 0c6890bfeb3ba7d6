//! The sheets that a reader opens first: contents, how to read it, the answer; and those at the end: sources, the model.

use super::checks::{Check, Side, sum};
use super::error::WorkbookError;
use super::sheet::{CONTENTS, FIRST, HEADS, begin};
use super::style::Styles;
use super::{Kind, Made};
use crate::domain::about::AboutTable;
use crate::insight::ledger::Ledger;
use crate::report::html::answer::answer;
use rust_xlsxwriter::{FormatAlign, Formula, Url, Workbook, Worksheet};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// A sheet as the contents list it: name, what it says, files that it is made from, rows.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The name on the tab.
    pub name: String,
    /// What it says.
    pub says: String,
    /// Files of the result.
    pub files: String,
    /// Rows of its table; `None` where it is none.
    pub rows: Option<usize>,
}

/// What the words of the headings mean.
const WORDS: [(&str, &str); 9] = [
    (
        "Bed",
        "A general and acute bed, staffed and open overnight. Beds may come in fractions: 0.4 beds are a bed on four days of ten.",
    ),
    (
        "Occupied bed",
        "A bed with a patient in it, on average over the period. 100 occupied beds at 82% take 122 beds.",
    ),
    ("Need", "Occupied beds that the people of a place would fill if everybody were treated."),
    ("Unmet", "Need that the plan leaves untreated, in occupied beds, and as a share of need."),
    ("Before", "With no new beds and no money moved, patients sent as well as can be."),
    (
        "Freed by social care",
        "Occupied beds of patients fit to leave, whom councils' money takes home or into care.",
    ),
    (
        "Most that may be occupied",
        "The occupancy cap of the model: beds above it are kept free for bad weeks.",
    ),
    (
        "Price of one more unit",
        "By how much an aim would change if a limit were one unit wider, all else being as good as can be.",
    ),
    (
        "Derived",
        "Worked out from published figures by steps that are told on the sheet Sources, not published as such.",
    ),
];

/// The first sheet: the answer, and every other sheet by name.
pub fn contents(
    sheet: &mut Worksheet,
    ledger: &Ledger,
    listed: &[Listed],
    styles: &Styles,
) -> Result<(), WorkbookError> {
    let told = answer(ledger)?;
    sheet.set_name(CONTENTS)?;
    sheet
        .set_column_width(0, 20)?
        .set_column_width(1, 92)?
        .set_column_width(2, 32)?
        .set_column_width(3, 10)?;
    sheet.write_string_with_format(0, 0, &told.title, &styles.title)?;
    sheet.set_row_height(0, 24)?;
    for (row, words) in [(1, &told.sentence), (2, &told.proof)] {
        sheet.merge_range(row, 0, row, 3, words, &styles.wrapped)?;
        sheet.set_row_height(row, if row == 1 { 34 } else { 18 })?;
    }
    for (at, head) in (0_u16..).zip(["Sheet", "What it says", "Made from", "Rows"]) {
        sheet.write_string_with_format(HEADS, at, head, &styles.head)?;
    }
    for (row, one) in (FIRST..).zip(listed) {
        let link = Url::new(format!("internal:'{}'!A1", one.name)).set_text(&one.name);
        sheet.write_url_with_format(row, 0, link, &styles.link)?;
        sheet.write_string_with_format(row, 1, &one.says, &styles.wrapped)?;
        sheet.write_string_with_format(row, 2, &one.files, &styles.wrapped)?;
        sheet.set_row_height(row, Styles::height(&one.says, 92.0).max(Styles::height(&one.files, 32.0)))?;
        if let Some(rows) = one.rows {
            let count = Styles::cell(Kind::Count).set_align(FormatAlign::Top);
            sheet.write_number_with_format(row, 3, rows as f64, &count)?;
        }
    }
    sheet.set_freeze_panes(FIRST, 0)?;
    page_setup(sheet);
    Ok(())
}

fn page_setup(sheet: &mut Worksheet) {
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
}

/// How to read the workbook, what its words mean, and what it was made from.
pub fn read_me(
    workbook: &mut Workbook,
    ledger: &Ledger,
    derived: &[&AboutTable],
    styles: &Styles,
) -> Result<(), WorkbookError> {
    let manifest = ledger.files.json("manifest.json")?;
    let note = "Every figure is read from the files of one result; nothing is worked out here but totals, which are formulas.";
    let sheet = begin(workbook, "Read me", ("How to read this workbook", note), styles)?;
    sheet.set_column_width(0, 30)?.set_column_width(1, 110)?;
    let mut row = HEADS;
    let mut lines =
        |sheet: &mut Worksheet, section: &str, pairs: &[(String, String)]| -> Result<(), WorkbookError> {
            sheet.write_string_with_format(row, 0, section, &styles.section)?;
            for (name, said) in pairs {
                row += 1;
                sheet.write_string_with_format(row, 0, name, &styles.wrapped)?;
                sheet.write_string_with_format(row, 1, said, &styles.wrapped)?;
                sheet.set_row_height(row, Styles::height(said, 110.0).max(Styles::height(name, 30.0)))?;
            }
            row += 2;
            Ok(())
        };
    let pair = |name: &str, said: &str| (name.to_owned(), said.to_owned());
    lines(
        sheet,
        "Reading it",
        &[
            pair(
                "Totals",
                "The row above the headings adds up the rows that a filter leaves in sight (SUBTOTAL 109). Filter a column, and the totals follow.",
            ),
            pair(
                "Checks",
                "The sheet Checks adds the sheets up anew and sets them beside each other and beside summary.json.",
            ),
            pair(
                "Units",
                "They stand in the headings. Shares are numbers from 0 to 1, shown as percentages; money is £ a year.",
            ),
            pair(
                "Blank",
                "A blank cell means that the figure makes no sense there, or is not known. It is never nought.",
            ),
            pair(
                "Left out",
                "Columns in which every row is nought, such as beds moved in a plan that moves none. They are in the CSV files of the result.",
            ),
        ],
    )?;
    lines(sheet, "Words", &WORDS.map(|(name, said)| pair(name, said)))?;
    let mut figures: Vec<(String, String)> =
        derived.iter().map(|about| (about.tables.clone(), plain(&about.done))).collect();
    if figures.is_empty() {
        figures.push(pair("None known", "The folder of tables does not say which of them are derived."));
    }
    lines(sheet, "Derived figures among the inputs", &figures)?;
    let model = ledger.files.bytes("model.yaml")?;
    let hash = Sha256::digest(&model).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let text = |value: &Json| value.as_str().map_or_else(|| "not known".to_owned(), str::to_owned);
    lines(sheet, "Made from", &[
        ("Model file".to_owned(), text(&manifest["model"])),
        ("Model as resolved, SHA-256".to_owned(), hash),
        ("Program".to_owned(), format!("{} {}, commit {}", text(&manifest["program"]), text(&manifest["version"]), text(&manifest["commit"]))),
        ("Solver".to_owned(), format!("{} {}", text(&manifest["solver"]["name"]), text(&manifest["solver"]["version"]))),
        ("Inputs".to_owned(), "Every file with its SHA-256 is on the sheet Sources. When and on which machine it was made stands in manifest.json.".to_owned()),
    ])?;
    page_setup(sheet);
    Ok(())
}

/// Text of a README without its marks.
fn plain(text: &str) -> String {
    text.replace("**", "").replace('`', "")
}

/// The answer: figures as formulas over the sheets, aims with their bounds, what to know before using the figures.
pub fn summary(
    workbook: &mut Workbook,
    ledger: &Ledger,
    made: &Made,
    checks: &[Check],
    styles: &Styles,
) -> Result<(), WorkbookError> {
    let told = answer(ledger)?;
    let summary = ledger.files.json("summary.json")?;
    let sheet = begin(workbook, "Summary", ("The answer", &told.sentence), styles)?;
    sheet
        .set_column_width(0, 44)?
        .set_column_width(1, 18)?
        .set_column_width(2, 30)?
        .set_column_width(3, 18)?
        .set_column_width(4, 18)?;
    let mut row = HEADS;
    for (at, head) in (0_u16..).zip(["Figure", "Value", "From"]) {
        sheet.write_string_with_format(row, at, head, &styles.head)?;
    }
    for check in checks.iter().take_while(|check| check.first_from == "summary.json") {
        row += 1;
        sheet.write_string(row, 0, &check.what)?;
        if let Side::Sum(text, value) = &check.second {
            let formula = Formula::new(text).set_result(value.to_string());
            sheet.write_formula_with_format(row, 1, formula, &Styles::cell(check.kind))?;
        }
        sheet.write_string_with_format(row, 2, &check.second_from, &styles.text)?;
    }
    row += 1;
    if let Some(share) = made.grid("Regions").and_then(unmet_share) {
        sheet.write_string(row, 0, "Unmet in the plan (share of need)")?;
        sheet.write_formula_with_format(row, 1, share, &Styles::cell(Kind::Share))?;
        sheet.write_string_with_format(row, 2, "sheet Regions, unmet over need", &styles.text)?;
    }
    row += 2;
    sheet.write_string_with_format(row, 0, "Aims, one after another", &styles.section)?;
    row += 1;
    sheet.set_row_height(row, 32)?;
    for (at, head) in (0_u16..).zip(["Aim", "Reached", "Unit", "Bound: no plan does better", "Gap (share)"]) {
        sheet.write_string_with_format(row, at, head, &styles.head)?;
    }
    for level in summary["levels"].as_array().into_iter().flatten() {
        row += 1;
        sheet.write_string(row, 0, level["name"].as_str().unwrap_or_default().replace('_', ", round "))?;
        sheet.write_string_with_format(row, 2, level["unit"].as_str().unwrap_or_default(), &styles.text)?;
        for (at, key, kind) in [(1, "value", Kind::Price), (3, "bound", Kind::Price), (4, "gap", Kind::Price)]
        {
            if let Some(number) = level[key].as_f64() {
                sheet.write_number_with_format(row, at, number, &Styles::cell(kind))?;
            }
        }
    }
    row += 1;
    sheet.write_string_with_format(row, 0, &told.proof, &styles.note)?;
    row += 2;
    sheet.write_string_with_format(row, 0, "To know before using the figures", &styles.section)?;
    for warning in summary["warnings"].as_array().into_iter().flatten() {
        row += 1;
        sheet.merge_range(row, 0, row, 4, warning.as_str().unwrap_or_default(), &styles.wrapped)?;
        sheet.set_row_height(row, Styles::height(warning.as_str().unwrap_or_default(), 128.0))?;
    }
    page_setup(sheet);
    Ok(())
}

/// Unmet over need, all regions.
fn unmet_share(grid: &super::Grid) -> Option<Formula> {
    let (unmet, need) = (sum(grid, "unmet_beds")?, sum(grid, "need_beds")?);
    let share = unmet.value() / need.value();
    let (Side::Sum(unmet, _), Side::Sum(need, _)) = (unmet, need) else { return None };
    let text = format!("={}/{}", unmet.trim_start_matches('='), need.trim_start_matches('='));
    share.is_finite().then(|| Formula::new(text).set_result(share.to_string()))
}

/// Where the inputs come from, and their hashes.
pub fn sources(
    workbook: &mut Workbook,
    ledger: &Ledger,
    about: &[AboutTable],
    styles: &Styles,
) -> Result<(), WorkbookError> {
    const WIDTHS: [f64; 6] = [34.0, 44.0, 18.0, 22.0, 9.0, 100.0];
    let manifest = ledger.files.json("manifest.json")?;
    let note = "As the folder of tables says; then every file that was read, with its SHA-256.";
    let sheet = begin(workbook, "Sources", ("Where the inputs come from", note), styles)?;
    for (at, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(at, width)?;
    }
    let mut row = HEADS;
    for (at, head) in (0_u16..).zip(["Tables", "Source", "Year", "Licence", "Derived", "What was done"]) {
        sheet.write_string_with_format(row, at, head, &styles.head)?;
    }
    for one in about {
        row += 1;
        let derived = if one.derived() { "yes" } else { "no" };
        let done = plain(&one.done);
        let mut height = 0.0_f64;
        let cells = [&one.tables, &one.source, &one.year, &one.licence, derived, &done];
        for ((at, text), width) in (0_u16..).zip(cells).zip(WIDTHS) {
            sheet.write_string_with_format(row, at, text, &styles.wrapped)?;
            height = height.max(Styles::height(text, width));
        }
        sheet.set_row_height(row, height)?;
    }
    row += 2;
    for (at, head) in (0_u16..).zip(["File, from the model's folder", "SHA-256"]) {
        sheet.write_string_with_format(row, at, head, &styles.head)?;
    }
    for input in manifest["inputs"].as_array().into_iter().flatten() {
        row += 1;
        for (at, key) in [(0, "path"), (1, "sha256")] {
            sheet.write_string_with_format(row, at, input[key].as_str().unwrap_or_default(), &styles.code)?;
        }
    }
    page_setup(sheet);
    Ok(())
}

/// The model with every default.
pub fn model(workbook: &mut Workbook, ledger: &Ledger, styles: &Styles) -> Result<(), WorkbookError> {
    let note = "model.yaml as it stands. Meaning, unit and source of each setting: docs/model-file.md.";
    let sheet = begin(workbook, "Model", ("The model, every default spelt out", note), styles)?;
    sheet.set_column_width(0, 110)?;
    for (row, line) in (HEADS..).zip(ledger.files.text("model.yaml")?.lines()) {
        sheet.write_string_with_format(row, 0, line, &styles.code)?;
    }
    page_setup(sheet);
    Ok(())
}
