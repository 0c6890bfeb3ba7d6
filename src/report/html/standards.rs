//! Every trust and commissioner against national standards, as `bedalloc explain --benchmarks` tells them.

use crate::insight::benchmarks::{self, Benchmark};
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use crate::report::text::benchmarks::{HEADS, KEY, QUESTION, different, shown, words};
use serde::Serialize;

/// The standards, and where places stand.
#[derive(Debug, Serialize)]
pub struct Standards {
    /// Heads of the standards in a table.
    heads: [&'static str; 5],
    /// What each is about.
    words: Vec<&'static str>,
    /// The standards as people read them.
    values: Vec<String>,
    /// What a place that differs is asked.
    question: &'static str,
    /// How to read the table.
    key: [&'static str; 6],
    /// Commissioners, then trusts, in order of code.
    places: Vec<Place>,
}

/// Where a place stands.
#[derive(Debug, Serialize)]
struct Place {
    /// `commissioner` or `trust`.
    kind: &'static str,
    /// Its code.
    id: String,
    /// Its name; its code where it has none.
    name: String,
    /// Its values as people read them.
    values: Vec<String>,
    /// `above` or `below` where it is different enough to be asked why.
    sides: Vec<Option<&'static str>>,
    /// In what it is different; a star where somebody recorded why.
    different: String,
    /// In what it is different and nobody recorded why.
    open: Vec<&'static str>,
}

/// The standards; `None` where there is no commissioner and no trust. O(flows × specialties), once for a ledger.
pub fn standards(ledger: &Ledger) -> Result<Option<Standards>, InsightError> {
    let all = benchmarks::all(ledger)?;
    let Some(first) = all.first() else { return Ok(None) };
    Ok(Some(Standards {
        heads: HEADS,
        words: first.standards.iter().map(|one| words(one).trim_end_matches(':')).collect(),
        values: first.standards.iter().map(|one| shown(one, one.standard)).collect(),
        question: QUESTION,
        key: KEY,
        places: all.iter().map(place).collect(),
    }))
}

fn place(of: &Benchmark) -> Place {
    Place {
        kind: of.kind,
        id: of.id.clone(),
        name: if of.name.is_empty() { &of.id } else { &of.name }.clone(),
        values: of.standards.iter().map(|one| shown(one, one.value)).collect(),
        sides: of.standards.iter().map(|one| one.different).collect(),
        different: different(of),
        open: of.unexplained().map(|one| one.name).collect(),
    }
}
