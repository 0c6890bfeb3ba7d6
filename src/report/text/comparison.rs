//! A comparison as a page of tables.

use super::lines::{Page, Row};
use super::{shortened, signed};
use crate::domain::number::{grouped, percent};
use crate::insight::compare::{Comparison, Line};
use crate::insight::factors::Factor;

/// Letters of a setting that are shown.
const VALUE_WIDTH: usize = 28;

/// The page. `colour` sets headings in bold with ANSI codes.
pub fn render(comparison: &Comparison, colour: bool) -> String {
    let mut page = Page::new(colour);
    page.heading("Results");
    for (position, result) in comparison.results.iter().enumerate() {
        page.bullet(&format!("{}: {} ({}, {})", letter(position), result.name, result.folder, result.status));
    }
    page.gap();
    page.table(&put_in(comparison));
    page.gap();
    page.table(&lines("All regions", comparison, &comparison.nation));
    if !comparison.causes.is_empty() {
        page.gap();
        page.table(&causes(comparison));
    }
    for (what, of) in [("New beds", 0), ("Unmet need", 1), ("Unmet share", 2)] {
        page.gap();
        let of_region = |position: usize| {
            let region = &comparison.regions[position];
            let line = [&region.new_beds, &region.unmet_beds, &region.unmet_share][of];
            row(if region.name.is_empty() { &region.region } else { &region.name }, line)
        };
        let mut rows = vec![heading(what, comparison)];
        rows.extend((0..comparison.regions.len()).map(of_region));
        page.table(&rows);
    }
    page.gap();
    page.table(&prices(comparison));
    page.gap();
    page.table(&sites(comparison));
    page.finish()
}

/// A, B, C and so on.
fn letter(position: usize) -> String {
    u8::try_from(position)
        .ok()
        .filter(|p| *p < 26)
        .map_or_else(|| (position + 1).to_string(), |p| char::from(b'A' + p).to_string())
}

/// "New beds", "A", "B", "B-A", "C", "C-A".
fn heading(what: &str, comparison: &Comparison) -> Row {
    let mut cells = vec![what.to_owned()];
    for position in 0..comparison.results.len() {
        cells.push(letter(position));
        if position > 0 {
            cells.push(format!("{} - A", letter(position)));
        }
    }
    Row::heading(cells.iter().map(String::as_str))
}

/// Values and differences of a quantity.
fn row(what: &str, line: &Line) -> Row {
    let mut cells = vec![shortened(what)];
    for (position, (value, difference)) in line.values.iter().zip(&line.differences).enumerate() {
        cells.push(value.map_or(String::new(), |value| number(value, &line.unit, false)));
        if position > 0 {
            cells.push(difference.map_or(String::new(), |value| number(value, &line.unit, true)));
        }
    }
    Row::new(cells)
}

fn number(value: f64, unit: &str, is_difference: bool) -> String {
    match (unit, is_difference) {
        ("share", false) => percent(value),
        ("share", true) => signed(100.0 * value, 2),
        ("£ a year", false) => grouped(value / 1e6, 1),
        ("£ a year", true) => signed(value / 1e6, 1),
        (_, false) => grouped(value, 1),
        (_, true) => signed(value, 1),
    }
}

fn put_in(comparison: &Comparison) -> Vec<Row> {
    let letters: Vec<String> = (0..comparison.results.len()).map(letter).collect();
    let of_results = letters.iter().map(String::as_str);
    let mut rows = vec![Row::heading(std::iter::once("Put in differently").chain(of_results))];
    for setting in &comparison.settings {
        let values = setting.values.iter().map(|value| cut(value.as_deref().unwrap_or("not stated")));
        rows.push(Row::new(std::iter::once(setting.key.clone()).chain(values)));
    }
    for input in &comparison.inputs {
        let values = input.sha256.iter().map(|hash| match hash {
            None => "not read".to_owned(),
            Some(hash) if input.sha256[0].as_ref() == Some(hash) => "as in A".to_owned(),
            Some(_) => "other contents".to_owned(),
        });
        rows.push(Row::new(std::iter::once(input.path.clone()).chain(values)));
    }
    if rows.len() == 1 {
        rows.push(Row::new(["nothing".to_owned()]));
    }
    rows
}

/// The end of a long value says more than its start: paths end in what tells them apart.
fn cut(value: &str) -> String {
    let length = value.chars().count();
    if length <= VALUE_WIDTH {
        return value.to_owned();
    }
    std::iter::once('…').chain(value.chars().skip(length + 1 - VALUE_WIDTH)).collect()
}

fn lines(what: &str, comparison: &Comparison, of: &[Line]) -> Vec<Row> {
    let mut rows = vec![heading(what, comparison)];
    for line in of {
        let words = match line.unit.as_str() {
            "£ a year" => format!("{}, £m", line.what),
            _ => line.what.clone(),
        };
        rows.push(row(&words, line));
    }
    rows
}

fn causes(comparison: &Comparison) -> Vec<Row> {
    let letters: Vec<String> =
        (1..comparison.results.len()).map(|position| format!("{} - A", letter(position))).collect();
    let what = "Change of the unmet share, percentage points";
    let mut rows = vec![Row::heading(std::iter::once(what).chain(letters.iter().map(String::as_str)))];
    for cause in &comparison.causes {
        let parts = cause.parts.iter().skip(1).map(|part| signed(100.0 * part, 2));
        rows.push(Row::new(std::iter::once(words(cause.factor).to_owned()).chain(parts)));
    }
    let whole = |position: usize| comparison.causes.iter().map(|cause| cause.parts[position]).sum::<f64>();
    let sums = (1..comparison.results.len()).map(|position| signed(100.0 * whole(position), 2));
    rows.push(Row::new(std::iter::once("  all causes".to_owned()).chain(sums)));
    rows
}

fn words(factor: Factor) -> &'static str {
    match factor {
        Factor::Need => "  need by head",
        Factor::Use => "  today's use",
        Factor::Discharge => "  discharge and prevention",
        Factor::Beds => "  beds before the plan, by head",
        Factor::NewBeds => "  new beds",
        Factor::Policy => "  occupancy caps",
        Factor::Travel => "  travel: beds used",
    }
}

fn prices(comparison: &Comparison) -> Vec<Row> {
    let letters: Vec<String> = (0..comparison.results.len()).map(letter).collect();
    let of_results = letters.iter().map(String::as_str);
    let mut rows = vec![Row::heading(std::iter::once("Prices").chain(of_results).chain(["unit"]))];
    for line in &comparison.prices {
        let values =
            line.values.iter().map(|value| value.map_or(String::new(), |value| price(value, &line.unit)));
        rows.push(Row::new(std::iter::once(line.what.clone()).chain(values).chain([line.unit.clone()])));
    }
    rows
}

fn price(value: f64, unit: &str) -> String {
    grouped(value, if unit == "constraints" { 0 } else { 6 })
}

fn sites(comparison: &Comparison) -> Vec<Row> {
    let mut rows = vec![heading("Beds after, largest changes", comparison)];
    if comparison.sites.is_empty() {
        rows.push(Row::new(["none".to_owned()]));
    }
    rows.extend(comparison.sites.iter().map(|site| {
        let name = if site.name.is_empty() { &site.site } else { &site.name };
        row(name, &site.beds_after)
    }));
    rows
}
