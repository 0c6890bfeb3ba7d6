//! Insight: what a result means, from its files and the data it was made from, without solving.
//!
//! [`explain`] tells why a place got what it got; [`compare`] sets results side by side. Findings are data: sentences
//! whose figures say where they come from ([`figure::Source`]). `report` lays them out, `cli` prints them. The method
//! is in `docs/explanations.md`.

pub mod benchmarks;
pub mod binds;
pub mod compare;
pub mod demand;
pub mod error;
pub mod factors;
pub mod figure;
pub mod files;
pub mod got;
pub mod holds;
pub mod ledger;
pub mod negotiate;
pub mod place;
pub mod served;
pub mod sources;
pub mod split;
pub mod use_today;
pub mod why;

use crate::domain::Ix;
use crate::domain::system::CareSystem;
use benchmarks::{Benchmark, Recorded};
use binds::Bindings;
use error::InsightError;
use figure::Sentence;
use files::Files;
use ledger::{Ledger, NeedGrid};
use place::{Asked, Place};
use serde::Serialize;
use served::Served;
use std::path::Path;
use why::Gap;

/// Why a place got what it got.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// Region, site and so on.
    pub kind: &'static str,
    /// Its code; empty for the nation.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The period that is told, where the plan has several: the last in which beds are decided.
    pub period: Option<String>,
    /// What it got.
    pub got: Vec<Sentence>,
    /// Why its share is not the nation's.
    pub gap: Option<Gap>,
    /// What binds there.
    pub binds: Bindings,
    /// Who serves it, where it is an area.
    pub served: Option<Served>,
    /// How a trust or commissioner stands against national standards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<Benchmark>,
    /// Why it is different, as somebody recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub justifications: Vec<Recorded>,
}

/// Explains a place from a result folder. `expected` is the need that age and deprivation lead one to expect, in the
/// positions of `system`.
///
/// # Errors
/// When no place, or more than one, goes by that name, or a file of the result cannot be read.
pub fn explain(
    folder: &Path,
    system: &CareSystem,
    expected: Option<&NeedGrid>,
    asked: &Asked,
) -> Result<Explanation, InsightError> {
    let place = Place::find(system, asked)?;
    explain_place(&ledger(Files::new(folder), system, expected), place)
}

/// What explanations are read from: the files of a result and the care system it was made from.
pub fn ledger<'a>(files: Files, system: &'a CareSystem, expected: Option<&'a NeedGrid>) -> Ledger<'a> {
    let period = system.last_opening().unwrap_or_else(|| Ix::from_usize(0));
    Ledger::new(files, system, expected, period)
}

/// Explains a place. Files that were read for one place are kept for the next.
///
/// # Errors
/// When a file of the result cannot be read.
pub fn explain_place(ledger: &Ledger, place: Place) -> Result<Explanation, InsightError> {
    let system = ledger.system;
    let (binds, prices) = match place {
        // An area has no beds: its prices are those of the sites in its reach.
        Place::Area(_) => (binds::explain(ledger, place)?, binds::explain(ledger, Place::Nation)?.all),
        _ => (binds::explain(ledger, place)?, Vec::new()),
    };
    Ok(Explanation {
        kind: place.kind(),
        id: place.id(system).to_owned(),
        name: place.name(system).to_owned(),
        period: (!ledger.one_period()).then(|| ledger.period_id().to_owned()),
        got: got::explain(ledger, place)?,
        gap: why::explain(ledger, place)?,
        served: served::explain(ledger, place, &prices)?,
        benchmark: benchmarks::of_place(ledger, place)?,
        justifications: benchmarks::recorded(ledger.system, place),
        binds,
    })
}

/// Every trust and commissioner of a result against national standards.
///
/// # Errors
/// When a file of the result cannot be read.
pub fn benchmarks(
    folder: &Path,
    system: &CareSystem,
    expected: Option<&NeedGrid>,
) -> Result<Vec<Benchmark>, InsightError> {
    let period = system.last_opening().unwrap_or_else(|| Ix::from_usize(0));
    benchmarks::all(&Ledger::new(Files::new(folder), system, expected, period))
}
