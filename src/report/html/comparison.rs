//! The page of two or more results side by side.

use super::compared_map::ComparedMap;
use super::error::PageError;
use super::shell;
use crate::domain::number::{grouped, percent};
use crate::insight::compare::{Cause, Comparison, Line};
use minijinja::value::Serde;
use minijinja::{Value as Context, context};
use serde::Serialize;
use serde_json::json;

/// A row of a table: a quantity of each result, and how it differs from that of the first.
#[derive(Debug, Serialize)]
struct Row {
    what: String,
    unit: String,
    values: Vec<String>,
    /// Of the second result and those after it.
    differences: Vec<String>,
}

/// A setting or an input file.
#[derive(Debug, Serialize)]
struct Put {
    what: String,
    values: Vec<String>,
}

/// The page of a comparison. Its figures are those of `bedalloc compare`. Without a map it says why there is none.
///
/// # Errors
/// When the page's own template is wrong.
pub fn page(of: &Comparison, map: Result<&ComparedMap, &str>) -> Result<Vec<u8>, PageError> {
    let names: Vec<String> = of.results.iter().map(|result| result.name.clone()).collect();
    let rows = |lines: &[Line]| {
        Context::from(Serde(lines.iter().map(|line| row(&line.what, line)).collect::<Vec<_>>()))
    };
    let regions = |line: fn(&crate::insight::compare::RegionLines) -> &Line| {
        let told = of.regions.iter().map(|region| row(&region.name, line(region)));
        Context::from(Serde(told.collect::<Vec<_>>()))
    };
    let sites =
        of.sites.iter().map(|site| row(&format!("{} ({})", site.name, site.region), &site.beds_after));
    let settings = of.settings.iter().map(|setting| Put {
        what: setting.key.clone(),
        values: setting.values.iter().map(|value| or_dash(value.as_deref())).collect(),
    });
    let inputs = of.inputs.iter().map(|input| Put {
        what: input.path.clone(),
        values: input
            .sha256
            .iter()
            .map(|sum| or_dash(sum.as_deref().map(|sum| &sum[..sum.len().min(12)])))
            .collect(),
    });
    let context = context! {
        names => names.clone(),
        folders => of.results.iter().map(|result| result.folder.clone()).collect::<Vec<_>>(),
        no_map => map.err(),
        statuses => of.results.iter().map(|result| result.status.clone()).collect::<Vec<_>>(),
        sentences => sentences(of),
        nation => rows(&of.nation),
        new_beds => regions(|region| &region.new_beds),
        unmet => regions(|region| &region.unmet_beds),
        shares => regions(|region| &region.unmet_share),
        causes => Context::from(Serde(of.causes.iter().map(cause).collect::<Vec<_>>())),
        prices => rows(&of.prices),
        sites => Context::from(Serde(sites.collect::<Vec<_>>())),
        settings => Context::from(Serde(settings.collect::<Vec<_>>())),
        inputs => Context::from(Serde(inputs.collect::<Vec<_>>())),
    };
    let figures = json!({
        "comparison": {
            "results": names,
            "regions": of.regions.iter().map(|region| json!({
                "name": region.name,
                "newBeds": region.new_beds.values,
                "share": region.unmet_share.values,
            })).collect::<Vec<_>>(),
            "measures": of.nation.iter().map(|line| json!({
                "what": line.what,
                "unit": line.unit,
                "values": line.values,
            })).collect::<Vec<_>>(),
            "map": map.ok(),
        },
    });
    shell::lay_out("comparison.html", &context, Some(&figures))
}

/// One sentence on each result after the first.
fn sentences(of: &Comparison) -> Vec<String> {
    let unmet = of.nation.iter().find(|line| line.what == "Unmet need");
    let told = |at: usize| {
        let line = unmet?;
        let (ours, first, change) = (line.values[at]?, line.values[0]?, line.differences[at]?);
        let word = if change < 0.0 { "fewer" } else { "more" };
        Some(format!(
            "{} leaves {} occupied beds of need unmet, {} {word} than the {} of {}.",
            of.results[at].name,
            grouped(ours, 1),
            grouped(change.abs(), 1),
            grouped(first, 1),
            of.results[0].name,
        ))
    };
    (1..of.results.len()).filter_map(told).collect()
}

fn row(what: &str, line: &Line) -> Row {
    let share = line.unit == "share";
    let shown = |value: f64| if share { percent(value) } else { amount(value, &line.unit) };
    let value = |value: &Option<f64>| value.map_or_else(|| "–".to_owned(), shown);
    let difference = |value: &Option<f64>| match value {
        None => "–".to_owned(),
        Some(value) if share => signed(&format!("{} points", grouped(100.0 * value, 2)), *value),
        Some(value) => signed(&amount(*value, &line.unit), *value),
    };
    Row {
        what: what.to_owned(),
        unit: line.unit.clone(),
        values: line.values.iter().map(value).collect(),
        differences: line.differences.iter().skip(1).map(difference).collect(),
    }
}

/// Beds with one decimal, pounds with none, and of a small price as many as say something.
fn amount(value: f64, unit: &str) -> String {
    let small_price = unit.contains(" per ") && (1e-4..0.1).contains(&value.abs());
    let decimals = match unit {
        "£ a year" => 0,
        _ if small_price => 4,
        _ => 1,
    };
    grouped(value, decimals)
}

fn signed(text: &str, value: f64) -> String {
    let something = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if value > 0.0 && something { format!("+{text}") } else { text.to_owned() }
}

fn cause(of: &Cause) -> Put {
    let name = serde_json::to_value(of.factor).ok();
    let name = name.as_ref().and_then(|name| name.as_str()).unwrap_or_default().replace('_', " ");
    let parts = of.parts.iter().skip(1).map(|part| signed(&grouped(100.0 * part, 2), *part));
    Put { what: name, values: parts.collect() }
}

fn or_dash(text: Option<&str>) -> String {
    text.map_or_else(|| "–".to_owned(), str::to_owned)
}
