//! The explanation of every place but areas, in short.

use crate::domain::system::CareSystem;
use crate::insight::error::InsightError;
use crate::insight::figure::Sentence;
use crate::insight::ledger::Ledger;
use crate::insight::place::Place;
use crate::insight::{Explanation, explain_place};
use crate::report::text::benchmarks::justification;
use serde::Serialize;

/// Why a place got what it got.
#[derive(Debug, Serialize)]
pub struct Reason {
    /// Kind of place.
    kind: &'static str,
    /// Its code; empty for the nation.
    id: String,
    /// Its name.
    name: String,
    /// What it got, in sentences.
    got: Vec<String>,
    /// Its gap to the nation, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    gap: Option<String>,
    /// Parts of the gap: share of need (or of beds), and in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<(f64, String)>,
    /// What the reader should know of this split.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'static str>,
    /// What binds: the aim, and a sentence.
    binds: Vec<(String, String)>,
    /// How many prices there are in all.
    prices: usize,
    /// Why it is different, as somebody recorded, in sentences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recorded: Vec<String>,
}

/// Explains the nation, every region, commissioner, trust, site and specialty.
pub fn reasons(ledger: &Ledger) -> Result<Vec<Reason>, InsightError> {
    places(ledger.system).into_iter().map(|place| Ok(Reason::of(&explain_place(ledger, place)?))).collect()
}

fn places(system: &CareSystem) -> Vec<Place> {
    let mut all = vec![Place::Nation];
    all.extend(system.regions.indices().map(Place::Region));
    all.extend(system.commissioners.indices().map(Place::Commissioner));
    all.extend(system.trusts.indices().map(Place::Trust));
    all.extend(system.sites.indices().map(Place::Site));
    all.extend(system.specialties.indices().map(Place::Specialty));
    all
}

impl Reason {
    fn of(told: &Explanation) -> Self {
        let parts = told.gap.iter().flat_map(|gap| &gap.parts);
        Self {
            kind: told.kind,
            id: told.id.clone(),
            name: told.name.clone(),
            got: told.got.iter().map(Sentence::text).collect(),
            gap: told.gap.as_ref().map(|gap| gap.told.text()),
            parts: parts.map(|part| (super::read::short(part.part, 6), words(&part.told))).collect(),
            notes: told.gap.iter().flat_map(|gap| gap.notes.clone()).collect(),
            binds: told.binds.told.iter().map(|one| (one.level.clone(), one.told.text())).collect(),
            prices: told.binds.all.len(),
            recorded: told.justifications.iter().flat_map(justification).collect(),
        }
    }
}

/// The sentence after its first figure, which the page shows in a column of its own.
fn words(told: &Sentence) -> String {
    let rest = Sentence { pieces: told.pieces.iter().skip(1).cloned().collect() };
    rest.text().trim().to_owned()
}
