//! Why a place's unmet share (of trusts and sites: occupancy) is not the nation's.

use super::error::InsightError;
use super::factors::{Amounts, Factor, Factors};
use super::figure::{Figure, Sentence, Shown, Source};
use super::ledger::Ledger;
use super::place::Place;
use super::sources::{Sources, bed_sources, sources};
use super::split::shapley;
use serde::Serialize;
use std::collections::BTreeMap;

/// The gap between a place and the nation, and its parts.
#[derive(Debug, Serialize)]
pub struct Gap {
    /// `unmet_share` or `occupancy`.
    pub measure: &'static str,
    /// The place's.
    pub own: f64,
    /// The nation's.
    pub nation: f64,
    /// `own` less `nation`: what the parts add up to.
    pub gap: f64,
    /// In one sentence.
    pub told: Sentence,
    /// The parts.
    pub parts: Vec<Part>,
    /// What the place's factors are worked out from.
    pub own_amounts: BTreeMap<&'static str, Figure>,
    /// What the nation's are worked out from.
    pub nation_amounts: BTreeMap<&'static str, Figure>,
    /// What the reader should know of this split.
    pub notes: Vec<&'static str>,
}

/// A part of the gap.
#[derive(Debug, Serialize)]
pub struct Part {
    /// Which cause.
    pub factor: Factor,
    /// How much of the gap it is, a share.
    pub part: f64,
    /// In a sentence.
    pub told: Sentence,
}

/// The gap of a place; `None` for the nation, and where a place has no need or the nation no beds.
pub fn explain(ledger: &Ledger, place: Place) -> Result<Option<Gap>, InsightError> {
    match place {
        Place::Nation => Ok(None),
        Place::Trust(_) | Place::Site(_) => occupancy(ledger, place),
        _ => unmet_share(ledger, place),
    }
}

fn unmet_share(ledger: &Ledger, place: Place) -> Result<Option<Gap>, InsightError> {
    let by_head = !matches!(place, Place::Specialty(_));
    let own_sources = sources(ledger, place, by_head)?;
    let nation_sources = sources(ledger, Place::Nation, by_head)?;
    let own_amounts = figures(ledger, &own_sources)?;
    let nation_amounts = figures(ledger, &nation_sources)?;
    let (amounts, whole) = (amounts(&own_amounts), amounts(&nation_amounts));
    let Some(nation) = Factors::of(&whole) else { return Ok(None) };
    let without = || Factors::without_beds(&amounts, &nation);
    let Some(own) = Factors::of(&amounts).or_else(without) else { return Ok(None) };
    let teller = Teller { ledger, own: &own_sources, nation: &nation_sources };
    let has_beds = amounts.room > 0.0 && amounts.before > 0.0;
    let mut parts = Vec::new();
    for (factor, part) in Factors::split(&own, &nation) {
        parts.push(Part { factor, part, told: teller.part(factor, part, has_beds, by_head)? });
    }
    let share = |of: &Sources| of["unmet"].over(&of["need"]);
    let mut notes = Vec::new();
    if ledger.expected.is_none() {
        notes.push("the data do not tell expected need: need by head and today's use are one part, need");
    }
    if !by_head {
        notes.push("beds of a specialty are set against its expected need, not against people");
    }
    if !has_beds {
        notes.push("it has no beds, so all that its people get of others' counts as travel");
    } else if let Place::Area(_) = place {
        notes.push("its beds are its part, by today's use, in those of the sites that serve it");
    }
    Ok(Some(Gap {
        measure: "unmet_share",
        own: own.unmet_share(),
        nation: nation.unmet_share(),
        gap: own.unmet_share() - nation.unmet_share(),
        told: teller.gap("of its need is unmet", &share(&own_sources), &share(&nation_sources))?,
        parts,
        own_amounts,
        nation_amounts,
        notes,
    }))
}

/// A trust's or a site's occupancy: its cap times how much of the room under it is used.
fn occupancy(ledger: &Ledger, place: Place) -> Result<Option<Gap>, InsightError> {
    let of = |place| {
        let mut found = bed_sources(ledger, place)?;
        found.insert("occupied", ledger.total("allocation.csv", place.rows(ledger.system), "occupied_beds"));
        Ok::<_, InsightError>(found)
    };
    let (own_sources, nation_sources) = (of(place)?, of(Place::Nation)?);
    let own_amounts = figures(ledger, &own_sources)?;
    let nation_amounts = figures(ledger, &nation_sources)?;
    let cap_and_use = |a: &BTreeMap<&'static str, Figure>| {
        let (after, room) = (a["after"].value, a["room"].value);
        (after > 0.0 && room > 0.0).then(|| (room / after, a["occupied"].value / room))
    };
    let (Some(own), Some(nation)) = (cap_and_use(&own_amounts), cap_and_use(&nation_amounts)) else {
        return Ok(None);
    };
    let side = |set: u32, bit: u32, own: f64, nation: f64| if set >> bit & 1 == 1 { own } else { nation };
    let split = shapley(2, |set| side(set, 0, own.0, nation.0) * side(set, 1, own.1, nation.1));
    let teller = Teller { ledger, own: &own_sources, nation: &nation_sources };
    let mut parts = Vec::new();
    for (factor, part) in [Factor::Policy, Factor::Travel].into_iter().zip(split) {
        let told = match factor {
            Factor::Policy => teller.pair(factor, part, "policy: its occupancy caps come to ", "", |s| {
                (s["room"].over(&s["after"]), Shown::Percent)
            })?,
            _ => teller.pair(
                factor,
                part,
                "size and travel: of the room under its caps ",
                " is used",
                |s| (s["occupied"].over(&s["room"]), Shown::Percent),
            )?,
        };
        parts.push(Part { factor, part, told });
    }
    let share = |of: &Sources| of["occupied"].over(&of["after"]);
    Ok(Some(Gap {
        measure: "occupancy",
        own: own.0 * own.1,
        nation: nation.0 * nation.1,
        gap: own.0 * own.1 - nation.0 * nation.1,
        told: teller.gap("of its beds are occupied", &share(&own_sources), &share(&nation_sources))?,
        parts,
        own_amounts,
        nation_amounts,
        notes: Vec::new(),
    }))
}

fn figures(ledger: &Ledger, of: &Sources) -> Result<BTreeMap<&'static str, Figure>, InsightError> {
    let whole = |name: &str| if name == "people" { Shown::Whole } else { Shown::OneDecimal };
    of.iter().map(|(name, source)| Ok((*name, ledger.figure(source.clone(), whole(name))?))).collect()
}

fn amounts(of: &BTreeMap<&'static str, Figure>) -> Amounts {
    let value = |name: &str| of[name].value;
    Amounts {
        need: value("need"),
        treated: value("treated"),
        unmet: value("unmet"),
        expected: value("expected"),
        people: value("people"),
        before: value("before"),
        after: value("after"),
        room: value("room"),
        agreed: value("agreed"),
    }
}

/// Puts parts into sentences.
struct Teller<'a> {
    ledger: &'a Ledger<'a>,
    own: &'a Sources,
    nation: &'a Sources,
}

impl Teller<'_> {
    /// "8.11% of its need is unmet, in England 8.06%: a difference of +0.04 points."
    fn gap(&self, what: &str, own: &Source, nation: &Source) -> Result<Sentence, InsightError> {
        Ok(Sentence::default()
            .figure(self.ledger.figure(own.clone(), Shown::Percent)?)
            .say(&format!(" {what}, of all regions "))
            .figure(self.ledger.figure(nation.clone(), Shown::Percent)?)
            .say(": a difference of ")
            .figure(self.ledger.figure(own.less(nation), Shown::Points)?)
            .say(" percentage points."))
    }
    fn part(
        &self,
        factor: Factor,
        part: f64,
        has_beds: bool,
        by_head: bool,
    ) -> Result<Sentence, InsightError> {
        let per_head = |of: &Source, s: &Sources| (of.over(&s["people"]).times(1000.0), Shown::TwoDecimals);
        let share = |of: Source, by: &Source| (of.over(by), Shown::Percent);
        let added = |s: &Sources| s["after"].less(&s["before"]).less(&s["agreed"]);
        match factor {
            Factor::Need if !by_head => {
                Ok(silent(factor, part, "need: a specialty has no people of its own"))
            }
            Factor::Need => {
                let words = if self.ledger.expected.is_some() {
                    (
                        "need: population, age and deprivation lead one to expect ",
                        " occupied beds per thousand people",
                    )
                } else {
                    ("need: ", " occupied beds per thousand people")
                };
                self.pair(factor, part, words.0, words.1, |s| per_head(&s["expected"], s))
            }
            Factor::Use if self.ledger.expected.is_none() => {
                Ok(silent(factor, part, "today's use: expected need is not known"))
            }
            Factor::Use => self.pair(
                factor,
                part,
                "today's use: need planned for is ",
                " of what one would expect",
                |s| share(s["need"].clone(), &s["expected"]),
            ),
            Factor::Discharge => {
                self.pair(factor, part, "discharge: ", " of need is released or prevented", |s| {
                    share(s["need"].less(&s["unmet"]).less(&s["treated"]), &s["need"])
                })
            }
            Factor::Beds | Factor::NewBeds | Factor::Policy if !has_beds => {
                Ok(silent(factor, part, "beds: it has none"))
            }
            Factor::Travel if !has_beds => Ok(silent(factor, part, "travel: all beds are elsewhere")),
            Factor::Beds if by_head => {
                self.pair(factor, part, "beds before the plan: ", " per thousand people", |s| {
                    per_head(&s["before"], s)
                })
            }
            Factor::Beds => {
                self.pair(factor, part, "beds before the plan: ", " for each occupied bed expected", |s| {
                    (s["before"].over(&s["expected"]), Shown::TwoDecimals)
                })
            }
            Factor::NewBeds => self.pair(
                factor,
                part,
                "new beds and moves, as far as sizes of sites let them: ",
                " of the beds before, by the plan's choice",
                |s| share(added(s), &s["before"]),
            ),
            Factor::Policy => self.policy(part),
            Factor::Travel => self.pair(
                factor,
                part,
                "travel: its people's care takes up ",
                " of the room in its beds",
                |s| share(s["treated"].clone(), &s["room"]),
            ),
        }
    }
    fn policy(&self, part: f64) -> Result<Sentence, InsightError> {
        let cap = |s: &Sources| (s["room"].over(&s["after"]), Shown::Percent);
        let told = self.pair(Factor::Policy, part, "policy: occupancy caps come to ", "", cap)?;
        let agreed = self.ledger.figure(self.own["agreed"].clone(), Shown::OneDecimal)?;
        if agreed.value == 0.0 {
            return Ok(told);
        }
        Ok(told.say("; agreements decide ").figure(agreed).say(" of its new beds"))
    }
    /// A part with a rate of the place's and the nation's.
    fn pair(
        &self,
        factor: Factor,
        part: f64,
        before: &str,
        after: &str,
        rate: impl Fn(&Sources) -> (Source, Shown),
    ) -> Result<Sentence, InsightError> {
        let figure = |of: &Sources| {
            let (source, shown) = rate(of);
            self.ledger.figure(source, shown)
        };
        Ok(points(factor, part)
            .say(&format!("  {before}"))
            .figure(figure(self.own)?)
            .say(&format!("{after} (all regions "))
            .figure(figure(self.nation)?)
            .say(")"))
    }
}

/// A part without rates to tell.
fn silent(factor: Factor, part: f64, words: &str) -> Sentence {
    points(factor, part).say(&format!("  {words}"))
}

fn points(factor: Factor, part: f64) -> Sentence {
    let shown = Shown::Points;
    Sentence::default().figure(Figure {
        text: shown.text(part),
        value: part,
        shown,
        source: Source::Part { factor },
    })
}
