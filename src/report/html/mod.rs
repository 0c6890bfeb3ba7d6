//! `report.html`: one self-contained page that opens from the disk, without a network.
//!
//! Every figure on it is read from the files of the result. What a reader needs first is plain HTML, laid out by a
//! template; maps, charts and the pages of places are drawn in the browser from figures that the page carries as JSON.
//! Names come from data and are never markup: the template escapes them, and the scripts only ever set text.

pub mod answer;
pub mod beds;
pub mod care;
pub mod compared_map;
pub mod comparison;
pub mod curves;
pub mod error;
pub mod map;
pub mod places;
pub mod prices;
pub mod projection;
pub mod read;
pub mod reasons;
pub mod shell;
pub mod small_print;
pub mod specialties;
pub mod standards;
pub mod travel;

use crate::domain::about::AboutTable;
use crate::domain::outline::OutlineLayer;
use crate::domain::system::CareSystem;
use crate::insight::files::Files;
use crate::insight::ledger;
use crate::insight::ledger::NeedGrid;
use error::PageError;
use minijinja::value::Serde;
use minijinja::{Value as Context, context};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The name of the page in a result folder.
pub const NAME: &str = "report.html";

/// What a page is made from.
#[derive(Debug)]
pub struct Sources<'a> {
    /// The files of the result.
    pub files: Files,
    /// The care system that it was made from: names and places.
    pub system: &'a CareSystem,
    /// Need that age and deprivation lead one to expect, where the data tell it.
    pub expected: Option<&'a NeedGrid>,
    /// Outlines for the map.
    pub layers: &'a [OutlineLayer],
    /// Layers that could not be read, in sentences.
    pub faults: &'a [String],
    /// What is known of where the data come from.
    pub about: &'a [AboutTable],
}

/// The page of one result. About a second for 6,791 areas.
///
/// # Errors
/// When a file of the result is missing or malformed.
pub fn page(sources: Sources) -> Result<Vec<u8>, PageError> {
    let ledger = ledger(sources.files, sources.system, sources.expected);
    let curves = curves::curves(&ledger)?;
    let figures = figures(&ledger, sources.layers, &curves)?;
    let context = context! {
        answer => Context::from(Serde(answer::answer(&ledger)?)),
        no_curves => curves.missing,
        print => Context::from(Serde(small_print::small_print(&ledger, sources.about, sources.faults)?)),
    };
    shell::lay_out("page.html", &context, Some(&figures))
}

/// What the scripts draw from. Names are short where they stand once, and lists are columns where there are many rows.
fn figures(
    ledger: &ledger::Ledger,
    layers: &[OutlineLayer],
    curves: &curves::Curves,
) -> Result<Value, PageError> {
    let system = ledger.system;
    let (sites, pools) = beds::beds(ledger)?;
    let travel = travel::travel(ledger)?;
    let positions: BTreeMap<_, _> = sites.positions(system);
    let places = places::places(ledger, &travel, &positions)?;
    let summary = ledger.files.json("summary.json")?;
    let sources_of_patients: BTreeMap<usize, Vec<(usize, f64)>> = travel
        .of_site
        .iter()
        .filter_map(|(site, councils)| {
            let told = councils
                .iter()
                .map(|(council, beds)| (crate::domain::Ix::get(*council), read::short(*beds, 2)));
            Some((*positions.get(site)?, told.collect()))
        })
        .collect();
    Ok(json!({
        "period": (!ledger.one_period()).then(|| ledger.period_id()),
        "regions": places.regions,
        "commissioners": places.commissioners,
        "councils": places.councils,
        "trusts": system.trusts.iter().map(|(_, id, t)| [id.as_str(), &t.name]).collect::<Vec<_>>(),
        "specialties": specialties::specialties(ledger)?,
        "sites": sites,
        "patients": sources_of_patients,
        "pools": pools,
        "areas": places.areas,
        "travel": travel,
        "care": care::care(ledger)?,
        "prices": prices::prices(ledger)?,
        "waves": summary.get("periods"),
        "before": summary["regions"].as_array().map(|regions| {
            let before = |r: &Value| (r["region"].as_str().unwrap_or_default().to_owned(), r["unmet_beds_before"].clone());
            regions.iter().map(before).collect::<serde_json::Map<_, _>>()
        }),
        "layers": map::layers(layers),
        "curves": curves,
        "standards": standards::standards(ledger)?,
        "reasons": reasons::reasons(ledger)?,
    }))
}
