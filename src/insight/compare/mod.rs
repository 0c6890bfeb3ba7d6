//! Two or more results side by side, from their files alone: what was put in differently, and what came out.

mod inputs;
mod outcomes;
mod sites;

use super::error::InsightError;
use super::factors::Factor;
use super::files::Files;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A result to be compared.
#[derive(Debug)]
pub struct Compared {
    /// Its folder.
    pub folder: PathBuf,
    /// The settings of its resolved model by key path.
    pub settings: BTreeMap<String, String>,
}

/// Results side by side. Every list of values is in the order of the results; every difference is against the first.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// The results: folder and name of the model.
    pub results: Vec<ResultName>,
    /// Settings that are not the same in all.
    pub settings: Vec<SettingChange>,
    /// Input files that are not the same in all.
    pub inputs: Vec<InputChange>,
    /// The nation: beds, need, aims, money.
    pub nation: Vec<Line>,
    /// What explains the change of the nation's unmet share, by cause; empty where results have several periods.
    pub causes: Vec<Cause>,
    /// Regions.
    pub regions: Vec<RegionLines>,
    /// Prices of limits on the whole plan, of regions, commissioners and trusts.
    pub prices: Vec<Line>,
    /// Sites whose beds differ most.
    pub sites: Vec<SiteLine>,
}

/// A result.
#[derive(Debug, Serialize)]
pub struct ResultName {
    /// Its folder, as it was given.
    pub folder: String,
    /// The model's name.
    pub name: String,
    /// How it ended.
    pub status: String,
}

/// A setting that is not the same in all results.
#[derive(Debug, Serialize)]
pub struct SettingChange {
    /// Its key path.
    pub key: String,
    /// What each model says; `None` where it says nothing.
    pub values: Vec<Option<String>>,
}

/// An input file that is not the same in all results.
#[derive(Debug, Serialize)]
pub struct InputChange {
    /// Its path from the model's folder.
    pub path: String,
    /// SHA-256 of each; `None` where a result was made without it.
    pub sha256: Vec<Option<String>>,
}

/// A quantity of each result.
#[derive(Debug, Serialize)]
pub struct Line {
    /// What it is.
    pub what: String,
    /// Its unit.
    pub unit: String,
    /// Of each result; `None` where it has none.
    pub values: Vec<Option<f64>>,
    /// Against the first result.
    pub differences: Vec<Option<f64>>,
}

/// A region in each result.
#[derive(Debug, Serialize)]
pub struct RegionLines {
    /// Code.
    pub region: String,
    /// Name.
    pub name: String,
    /// New beds.
    pub new_beds: Line,
    /// Unmet need.
    pub unmet_beds: Line,
    /// Its share of need.
    pub unmet_share: Line,
}

/// A site's beds after each plan.
#[derive(Debug, Serialize)]
pub struct SiteLine {
    /// Code.
    pub site: String,
    /// Name.
    pub name: String,
    /// Region.
    pub region: String,
    /// Beds after the plan.
    pub beds_after: Line,
}

/// How much of the change of the nation's unmet share a cause explains.
#[derive(Debug, Serialize)]
pub struct Cause {
    /// Which.
    pub factor: Factor,
    /// Against the first result; 0 for the first itself.
    pub parts: Vec<f64>,
}

impl Line {
    /// A quantity with its differences.
    fn new(what: impl Into<String>, unit: impl Into<String>, values: Vec<Option<f64>>) -> Self {
        let first = values.first().copied().flatten();
        let differences = values.iter().map(|value| Some((*value)? - first?)).collect();
        Self { what: what.into(), unit: unit.into(), values, differences }
    }
    /// The largest difference.
    fn size(&self) -> f64 {
        self.differences.iter().flatten().fold(0.0, |size, difference| size.max(difference.abs()))
    }
}

/// Compares results.
///
/// # Errors
/// When a file of a result cannot be read.
pub fn compare(results: &[Compared]) -> Result<Comparison, InsightError> {
    let files: Vec<Files> = results.iter().map(|result| Files::new(&result.folder)).collect();
    let mut names = Vec::new();
    for (result, files) in results.iter().zip(&files) {
        let summary = files.json("summary.json")?;
        let text = |key: &str| summary.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let folder = result.folder.display().to_string();
        names.push(ResultName { folder, name: text("name"), status: text("status") });
    }
    Ok(Comparison {
        results: names,
        settings: inputs::settings(results),
        inputs: inputs::inputs(&files)?,
        nation: outcomes::nation(&files)?,
        causes: outcomes::causes(&files)?,
        regions: outcomes::regions(&files)?,
        prices: outcomes::prices(&files)?,
        sites: sites::largest_changes(&files)?,
    })
}
