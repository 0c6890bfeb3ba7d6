//! What `summary.json` claims.

use super::VerifyError;
use crate::domain::policy::Term;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// A level as the summary tells it.
#[derive(Debug, Clone)]
pub struct ClaimedLevel {
    /// Its name: a term, `inequality_1`, `inequality_2`, ... or `weighted`.
    pub name: String,
    /// Its value, in the term's unit.
    pub value: f64,
    /// Its bound, in the same unit, where one is claimed; in whole beds with the beds of the plan fixed.
    pub bound: Option<f64>,
    /// In whole beds: its bound in fractions and its gap to that, where it has one.
    pub in_fractions: Option<(f64, f64)>,
}

/// A region as the summary tells it: figures by name.
#[derive(Debug, Clone)]
pub struct ClaimedRegion {
    /// Identifier or name.
    pub region: String,
    /// New, need and unmet beds, unmet share, least and most beds, where they are given.
    pub figures: BTreeMap<String, f64>,
}

/// The summary's claims.
#[derive(Debug, Clone)]
pub struct Summary {
    /// `optimal`, or how it stopped.
    pub status: String,
    /// Levels, in the order they were solved.
    pub levels: Vec<ClaimedLevel>,
    /// In whole beds: the levels in fractions.
    pub in_fractions: Vec<ClaimedLevel>,
    /// Value of each term by name.
    pub objective: BTreeMap<String, f64>,
    /// The parts of the travel term: patients treated, and unmet need as if it went to the nearest site.
    pub travel_parts: BTreeMap<String, f64>,
    /// National figures by name.
    pub figures: BTreeMap<String, f64>,
    /// Regions.
    pub regions: Vec<ClaimedRegion>,
    /// Periods by name, each with its figures; none where there is one only.
    pub periods: Vec<(String, BTreeMap<String, f64>)>,
    /// Rounds of caps tightened; `None` where refusals have no limit.
    pub refusals: Option<ClaimedRefusals>,
}

/// What the summary tells of limits of refusals.
#[derive(Debug, Clone)]
pub struct ClaimedRefusals {
    /// Figures of each round, in order.
    pub rounds: Vec<BTreeMap<String, f64>>,
    /// How many caps are tighter than the model's.
    pub caps_tightened: f64,
}

impl Summary {
    /// Reads `summary.json`.
    pub fn read(folder: &Path) -> Result<Self, VerifyError> {
        let path = folder.join("summary.json");
        let value = read_json(&path)?;
        let missing = |what: &str| VerifyError::Malformed {
            path: path.clone(),
            line: None,
            cause: format!("there is no {what}"),
        };
        let status = value.get("status").and_then(Value::as_str).ok_or_else(|| missing("`status`"))?;
        let objective =
            value.get("objective").and_then(Value::as_object).ok_or_else(|| missing("`objective`"))?;
        let levels = value.get("levels").and_then(Value::as_array).ok_or_else(|| missing("list `levels`"))?;
        let regions =
            value.get("regions").and_then(Value::as_array).ok_or_else(|| missing("list `regions`"))?;
        Ok(Self {
            status: status.to_owned(),
            levels: levels
                .iter()
                .map(|level| claimed_level(level).ok_or_else(|| missing("`name` and `value` of a level")))
                .collect::<Result<_, _>>()?,
            in_fractions: value["whole_beds"]["levels_in_fractions"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|level| claimed_level(level).ok_or_else(|| missing("`name` and `value` of a level")))
                .collect::<Result<_, _>>()?,
            objective: objective
                .iter()
                .filter_map(|(term, v)| Some((term.clone(), v.get("value")?.as_f64()?)))
                .collect(),
            travel_parts: objective.get(Term::Travel.name()).map(numbers).unwrap_or_default(),
            figures: numbers(&value),
            regions: regions
                .iter()
                .map(|region| claimed_region(region).ok_or_else(|| missing("`region` of a region")))
                .collect::<Result<_, _>>()?,
            periods: list(&value, "periods").iter().map(claimed_period).collect(),
            refusals: value.get("refusals").map(|told| ClaimedRefusals {
                rounds: list(told, "rounds").iter().map(numbers).collect(),
                caps_tightened: told.get("caps_tightened").and_then(Value::as_f64).unwrap_or(f64::NAN),
            }),
        })
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn claimed_period(period: &Value) -> (String, BTreeMap<String, f64>) {
    let name = period.get("period").and_then(Value::as_str).unwrap_or_default();
    (name.to_owned(), numbers(period))
}

fn claimed_level(level: &Value) -> Option<ClaimedLevel> {
    let number = |name: &str| level.get(name).and_then(Value::as_f64);
    let name = level.get("name").or_else(|| level.get("level"))?.as_str()?.to_owned();
    Some(ClaimedLevel {
        name,
        value: level.get("value")?.as_f64()?,
        bound: number("bound_with_beds_fixed").or(number("bound")),
        in_fractions: number("bound_with_beds_fixed").and_then(|_| Some((number("bound")?, number("gap")?))),
    })
}

fn claimed_region(region: &Value) -> Option<ClaimedRegion> {
    Some(ClaimedRegion { region: region.get("region")?.as_str()?.to_owned(), figures: numbers(region) })
}

fn numbers(value: &Value) -> BTreeMap<String, f64> {
    let members = value.as_object().into_iter().flatten();
    members.filter_map(|(name, v)| Some((name.clone(), v.as_f64()?))).collect()
}

/// Reads a JSON file.
pub fn read_json(path: &Path) -> Result<Value, VerifyError> {
    let mut text = String::new();
    super::table::open(path)?
        .read_to_string(&mut text)
        .map_err(|e| VerifyError::Unreadable { path: path.to_owned(), cause: e.to_string() })?;
    serde_json::from_str(&text).map_err(|e| VerifyError::Malformed {
        path: path.to_owned(),
        line: Some(e.line() as u64),
        cause: e.to_string(),
    })
}
