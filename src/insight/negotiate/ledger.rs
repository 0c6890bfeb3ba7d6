//! The ledger of a negotiation: offers, counter-offers and what was settled, one JSON object a line.
//!
//! Lines are only ever added. Each holds the SHA-256 of itself and of the line before, so that a line that was
//! edited, removed, added in between or moved is found out; and the fingerprint of the model that it is about.

use super::outcome::Outcome;
use crate::domain::RegionIx;
use crate::domain::system::CareSystem;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use thiserror::Error;

/// Figures are kept to a millionth.
const DECIMALS: f64 = 1e6;
/// A figure worked out anew may differ by this, and by this part of it: machines round differently.
const SAME_FIGURE: f64 = 1e-3;
const SAME_PART: f64 = 1e-7;

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A number of beds for a region is put on the table.
    Offer,
    /// Another number in answer to one on the table.
    Counter,
    /// The number that lies on the table is agreed.
    Settle,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Counter => "counter",
            Self::Settle => "settle",
        }
    }
}

/// A figure before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// In the plan that keeps what was settled before.
    pub before: f64,
    /// In the plan that keeps this as well.
    pub after: f64,
}

impl Pair {
    fn new(before: f64, after: f64) -> Self {
        let rounded = |value: f64| (value * DECIMALS).round() / DECIMALS + 0.0;
        Self { before: rounded(before), after: rounded(after) }
    }
    fn is_like(self, other: Self) -> bool {
        let same = |a: f64, b: f64| (a - b).abs() <= SAME_FIGURE + SAME_PART * a.abs();
        same(self.before, other.before) && same(self.after, other.after)
    }
}

/// What a line would change, as computed when it was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// England's unmet need, in the unit of the model's term.
    pub england_unmet: Pair,
    /// Unmet share of the worst-off group.
    pub worst_share: Option<Pair>,
    /// Journeys, as the model's travel term counts them: patient-bed minutes.
    pub travel: Option<Pair>,
    /// Unmet need of the region's people, occupied beds.
    pub region_unmet: Pair,
    /// New beds of every region, by code.
    pub new_beds: BTreeMap<String, Pair>,
}

impl Effect {
    /// The effect on a region of going from one plan to another.
    pub fn new(system: &CareSystem, region: RegionIx, before: &Outcome, after: &Outcome) -> Self {
        let beds = |outcome: &Outcome, r| outcome.region_beds.get(&r).map_or(0.0, |beds| beds.0);
        let unmet = |outcome: &Outcome| outcome.region_unmet.get(&region).map_or(0.0, |unmet| unmet.0);
        let of_region = |r| (system.regions.id(r).to_string(), Pair::new(beds(before, r), beds(after, r)));
        Self {
            england_unmet: Pair::new(before.unmet.0, after.unmet.0),
            worst_share: before.worst_share.zip(after.worst_share).map(|(b, a)| Pair::new(b.0, a.0)),
            travel: before.travel.zip(after.travel).map(|(b, a)| Pair::new(b.0, a.0)),
            region_unmet: Pair::new(unmet(before), unmet(after)),
            new_beds: system.regions.indices().map(of_region).collect(),
        }
    }
    /// The first figure that is not the same, in words; `None` where all are.
    pub fn differs_from(&self, other: &Self) -> Option<String> {
        let figures = |effect: &Self| {
            let mut all = vec![
                ("England's unmet need".to_owned(), Some(effect.england_unmet)),
                ("the worst share".to_owned(), effect.worst_share),
                ("journeys".to_owned(), effect.travel),
                ("the region's unmet need".to_owned(), Some(effect.region_unmet)),
            ];
            all.extend(
                effect.new_beds.iter().map(|(code, beds)| (format!("the beds of {code}"), Some(*beds))),
            );
            all
        };
        let (mine, theirs) = (figures(self), figures(other));
        if mine.len() != theirs.len() {
            return Some("the list of regions".to_owned());
        }
        let same = |a: Option<Pair>, b: Option<Pair>| match (a, b) {
            (Some(a), Some(b)) => a.is_like(b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let differs = mine.into_iter().zip(theirs).find(|(a, b)| a.0 != b.0 || !same(a.1, b.1));
        differs.map(|((what, _), _)| what)
    }
}

/// What somebody puts into the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What it says.
    pub kind: Kind,
    /// Code of the region.
    pub region: String,
    /// New beds for it; of what is settled, those that lie on the table.
    pub new_beds: Option<f64>,
    /// Who says so.
    pub author: String,
    /// When: ISO 8601, universal time.
    pub time: String,
    /// Why.
    pub reason: String,
    /// The model's fingerprint.
    pub model: String,
}

/// A line of the ledger. The order of the fields is that of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Number of the line, from 1.
    pub entry: u32,
    /// What it says.
    pub kind: Kind,
    /// Number of the line that it answers.
    pub answers: Option<u32>,
    /// Code of the region.
    pub region: String,
    /// New beds for it, all periods added up.
    pub new_beds: f64,
    /// Who said so.
    pub author: String,
    /// When: ISO 8601, universal time.
    pub time: String,
    /// Why.
    pub reason: String,
    /// The model's fingerprint.
    pub model: String,
    /// What it would change.
    pub effect: Effect,
    /// Hash of the line before; empty in the first.
    pub previous: String,
    /// SHA-256 of this line as it stands with this field empty.
    pub hash: String,
}

impl Entry {
    /// The line as it stands in the file, without its end.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
    fn hash_of(&self) -> String {
        sha256(Self { hash: String::new(), ..self.clone() }.line().as_bytes())
    }
}

/// SHA-256 in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is wrong with a ledger, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct LedgerFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

fn fault<T>(line: usize, what: impl Into<String>) -> Result<T, LedgerFault> {
    Err(LedgerFault { line, what: what.into() })
}

/// A ledger that holds together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// Its lines.
    pub entries: Vec<Entry>,
}

impl Ledger {
    /// Reads a ledger; an empty text is an empty one. `model` is the fingerprint of the model at hand.
    ///
    /// # Errors
    /// Names the first line that was edited, stands out of order, or is about another model.
    pub fn read(text: &str, model: &str) -> Result<Self, LedgerFault> {
        let mut ledger = Self::default();
        for (line, written) in (1..).zip(text.lines()) {
            let entry: Entry = match serde_json::from_str(written) {
                Ok(entry) => entry,
                Err(cause) => return fault(line, format!("this is no entry of a ledger ({cause})")),
            };
            ledger.check(line, written, &entry)?;
            if entry.model != model {
                return fault(
                    line,
                    "this entry is about another model, or about other data: it does not have the fingerprint of \
                     this result. Use the result folder that the talks were held on, or begin a new ledger",
                );
            }
            ledger.entries.push(entry);
        }
        Ok(ledger)
    }
    fn check(&self, line: usize, written: &str, entry: &Entry) -> Result<(), LedgerFault> {
        let last = self.entries.last();
        if entry.hash != entry.hash_of() || written != entry.line() {
            return fault(line, "this entry was changed after it was written: its hash does not fit it");
        }
        if entry.previous != last.map_or("", |last| &last.hash) || entry.entry as usize != line {
            return fault(
                line,
                "this entry does not follow the one before it: an entry was removed, added or moved here",
            );
        }
        if last.is_some_and(|last| last.time > entry.time) {
            return fault(line, "this entry is older than the one before it");
        }
        self.check_answer(entry.kind, &entry.region, entry.answers, entry.new_beds)
            .or_else(|what| fault(line, what))
    }
    /// What must hold between an entry and those before it.
    fn check_answer(&self, kind: Kind, region: &str, answers: Option<u32>, beds: f64) -> Result<(), String> {
        let on_table = self.on_table(region);
        match kind {
            Kind::Offer => match answers {
                None => Ok(()),
                Some(_) => Err("an offer answers nothing; an answer is a counter-offer".to_owned()),
            },
            Kind::Counter | Kind::Settle if on_table.is_none() => {
                Err(format!("nothing lies on the table for {region}: begin with an offer"))
            }
            Kind::Counter | Kind::Settle if on_table.map(|open| open.entry) != answers => {
                Err(format!("it does not answer the last offer to {region}"))
            }
            Kind::Settle if on_table.is_some_and(|open| open.new_beds != beds) => {
                Err("it settles another number than the one on the table".to_owned())
            }
            _ => Ok(()),
        }
    }
    /// The last offer or counter-offer to a region that is not settled yet.
    pub fn on_table(&self, region: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .rev()
            .find(|entry| entry.region == region)
            .filter(|entry| entry.kind != Kind::Settle)
    }
    /// What is settled: the last settled entry of each region, in order of the region's code.
    pub fn settled(&self) -> Vec<&Entry> {
        let mut last: BTreeMap<&str, &Entry> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| entry.kind == Kind::Settle) {
            last.insert(&entry.region, entry);
        }
        last.into_values().collect()
    }
    /// The number of beds that a draft is about.
    ///
    /// # Errors
    /// When it answers nothing.
    pub fn beds_of(&self, draft: &Draft) -> Result<f64, String> {
        let nothing = || format!("nothing lies on the table for {}: begin with --offer", draft.region);
        match (draft.kind, draft.new_beds) {
            (Kind::Offer, Some(beds)) => Ok(beds),
            (Kind::Counter, Some(beds)) => self.on_table(&draft.region).map(|_| beds).ok_or_else(nothing),
            _ => self.on_table(&draft.region).map(|open| open.new_beds).ok_or_else(nothing),
        }
    }
    /// Adds an entry, and returns it.
    ///
    /// # Errors
    /// When it answers nothing, or its clock is behind that of the last entry.
    pub fn add(&mut self, draft: &Draft, effect: Effect) -> Result<&Entry, String> {
        let new_beds = self.beds_of(draft)?;
        if self.entries.last().is_some_and(|last| last.time > draft.time) {
            return Err("the clock of this machine is behind the last entry of the ledger".to_owned());
        }
        let answers = match draft.kind {
            Kind::Offer => None,
            Kind::Counter | Kind::Settle => self.on_table(&draft.region).map(|open| open.entry),
        };
        let mut entry = Entry {
            entry: u32::try_from(self.entries.len() + 1).map_err(|_| "the ledger is full".to_owned())?,
            kind: draft.kind,
            answers,
            region: draft.region.clone(),
            new_beds,
            author: draft.author.clone(),
            time: draft.time.clone(),
            reason: draft.reason.clone(),
            model: draft.model.clone(),
            effect,
            previous: self.entries.last().map(|last| last.hash.clone()).unwrap_or_default(),
            hash: String::new(),
        };
        entry.hash = entry.hash_of();
        self.entries.push(entry);
        Ok(&self.entries[self.entries.len() - 1])
    }
}
