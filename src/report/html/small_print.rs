//! The small print: what the result was made from, and how.

use crate::domain::about::AboutTable;
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use serde::Serialize;
use serde_json::Value;

/// Everything that a careful reader asks for.
#[derive(Debug, Serialize)]
pub struct SmallPrint {
    /// What to know before using the figures.
    warnings: Vec<String>,
    /// Name and value: program and solver. The machine and the time stay out, so that the same result gives the same
    /// page everywhere.
    made: Vec<(String, String)>,
    /// Aims in order, with value, bound, gap and unit.
    levels: Vec<[String; 5]>,
    /// Path and SHA-256 of every input.
    inputs: Vec<[String; 2]>,
    /// The resolved model.
    model: String,
    /// Tables of the data folder.
    about: Vec<Table>,
    /// Map layers that could not be read.
    faults: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Table {
    tables: String,
    source: String,
    year: String,
    licence: String,
    derived: bool,
    done: String,
}

/// Reads `summary.json`, `manifest.json` and `model.yaml`.
pub fn small_print(
    ledger: &Ledger,
    about: &[AboutTable],
    faults: &[String],
) -> Result<SmallPrint, InsightError> {
    let summary = ledger.files.json("summary.json")?;
    let manifest = ledger.files.json("manifest.json")?;
    let list = |of: &Value| of.as_array().cloned().unwrap_or_default();
    Ok(SmallPrint {
        warnings: list(&summary["warnings"]).iter().map(text).collect(),
        made: made(&manifest),
        levels: list(&summary["levels"])
            .iter()
            .map(|level| ["name", "value", "bound", "gap", "unit"].map(|key| text(&level[key])))
            .collect(),
        inputs: list(&manifest["inputs"])
            .iter()
            .map(|i| ["path", "sha256"].map(|key| text(&i[key])))
            .collect(),
        model: ledger.files.text("model.yaml")?,
        about: about.iter().map(Table::of).collect(),
        faults: faults.to_vec(),
    })
}

fn made(manifest: &Value) -> Vec<(String, String)> {
    let mut told = Vec::new();
    let mut tell = |name: &str, value: &Value| {
        if !value.is_null() {
            told.push((name.to_owned(), text(value)));
        }
    };
    tell("Program", &manifest["program"]);
    tell("Version", &manifest["version"]);
    tell("Commit", &manifest["commit"]);
    tell("Model file", &manifest["model"]);
    tell("Status", &manifest["status"]);
    tell("Solver", &manifest["solver"]["name"]);
    tell("Version of the solver", &manifest["solver"]["version"]);
    for (option, value) in manifest["solver"]["options"].as_object().into_iter().flatten() {
        tell(&format!("Option: {}", option.replace('_', " ")), value);
    }
    told
}

/// A value as a person reads it: text without its quotes.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "–".to_owned(),
        other => other.to_string(),
    }
}

impl Table {
    fn of(about: &AboutTable) -> Self {
        Self {
            tables: about.tables.clone(),
            source: about.source.clone(),
            year: about.year.clone(),
            licence: about.licence.clone(),
            derived: about.derived(),
            done: about.done.replace("**", "").replace('`', ""),
        }
    }
}
