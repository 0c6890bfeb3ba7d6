//! What a place got: beds, what is left unmet, and what simpler rules would have given it.

use super::error::InsightError;
use super::figure::{Figure, Sentence, Shown, Source};
use super::ledger::Ledger;
use super::place::Place;
use super::sources::outcome;
use serde_json::Value;

/// The simple rules that a plan is compared with: their name in the summary, and in words.
const RULES: [(&str, &str); 3] = [
    ("population_share", "Shared by population"),
    ("need_share", "Shared by need"),
    ("occupancy_top_up", "Given to the fullest hospitals first"),
];

/// Sentences on what a place got.
pub fn explain(ledger: &Ledger, place: Place) -> Result<Vec<Sentence>, InsightError> {
    let teller = Teller { ledger, place };
    let mut told = Vec::new();
    if !matches!(place, Place::Area(_)) {
        told.push(teller.beds()?);
    }
    match place {
        Place::Trust(_) | Place::Site(_) => told.push(teller.occupancy()?),
        _ => told.extend(teller.need()?),
    }
    if let Place::Region(_) | Place::Commissioner(_) = place {
        told.push(teller.shares()?);
    }
    if ledger.one_period() {
        told.extend(teller.range()?);
        for (rule, words) in RULES {
            told.extend(teller.rule(rule, words)?);
        }
    }
    told.extend(teller.worst_area()?);
    Ok(told)
}

struct Teller<'a> {
    ledger: &'a Ledger<'a>,
    place: Place,
}

impl Teller<'_> {
    fn show(&self, source: Source, shown: Shown) -> Result<Figure, InsightError> {
        self.ledger.figure(source, shown)
    }
    fn allocated(&self, place: Place, column: &str) -> Source {
        self.ledger.total("allocation.csv", place.rows(self.ledger.system), column)
    }
    fn of(&self, column: &str) -> Source {
        self.allocated(self.place, column)
    }
    fn name(&self) -> &str {
        self.place.name(self.ledger.system)
    }
    /// "South East gets 641.1 of 2,100.0 new beds (30.53%) and has 14,671.2 beds after the plan, 14,030.1 before."
    fn beds(&self) -> Result<Sentence, InsightError> {
        let all = self.allocated(Place::Nation, "new");
        let told = if self.place == Place::Nation {
            let told = Sentence::new("The plan gives out ");
            told.figure(self.show(all, Shown::OneDecimal)?).say(" new beds")
        } else {
            self.part_of(&all)?
        };
        Ok(told
            .say(": ")
            .figure(self.show(self.of("beds_before"), Shown::OneDecimal)?)
            .say(" beds before the plan, ")
            .figure(self.show(self.of("beds_after"), Shown::OneDecimal)?)
            .say(" after it."))
    }
    /// "South East gets 641.1 of 2,100.0 new beds (30.53%)"
    fn part_of(&self, all: &Source) -> Result<Sentence, InsightError> {
        let told = Sentence::default()
            .name(self.name())
            .say(" gets ")
            .figure(self.show(self.of("new"), Shown::OneDecimal)?)
            .say(" of ")
            .figure(self.show(all.clone(), Shown::OneDecimal)?)
            .say(" new beds");
        if self.ledger.value(all)? <= 0.0 {
            return Ok(told);
        }
        Ok(told.say(" (").figure(self.show(self.of("new").over(all), Shown::Percent)?).say(")"))
    }
    /// For places that have beds and no people.
    fn occupancy(&self) -> Result<Sentence, InsightError> {
        Ok(Sentence::new("Patients take up ")
            .figure(self.show(self.of("occupied_beds"), Shown::OneDecimal)?)
            .say(" of its beds after the plan."))
    }
    /// Need, and what is left of it.
    fn need(&self) -> Result<Vec<Sentence>, InsightError> {
        let of = |column| outcome(self.ledger, self.place, column);
        let (need, unmet) = (of("need_beds"), of("unmet_beds"));
        if self.ledger.value(&need)? <= 0.0 {
            return Ok(vec![Sentence::default().name(self.name()).say(" has no need.")]);
        }
        let told = Sentence::new("Of a need of ")
            .figure(self.show(need.clone(), Shown::OneDecimal)?)
            .say(" occupied beds ")
            .figure(self.show(of("treated_beds"), Shown::OneDecimal)?)
            .say(" are treated, ")
            .figure(self.show(of("released_beds"), Shown::OneDecimal)?)
            .say(" released by social care, and ")
            .figure(self.show(unmet.clone(), Shown::OneDecimal)?)
            .say(" left unmet (")
            .figure(self.show(unmet.over(&need), Shown::Percent)?)
            .say(").");
        let before = match self.place {
            Place::Nation if self.ledger.one_period() => Some(Ledger::summary("/unmet_beds_before")),
            Place::Region(_) => Some(of("unmet_beds_before")),
            _ => None,
        };
        let Some(before) = before.filter(|source| self.ledger.value(source).is_ok()) else {
            return Ok(vec![told]);
        };
        let without = Sentence::new("Without new beds ")
            .figure(self.show(before.clone(), Shown::OneDecimal)?)
            .say(" would be left unmet (")
            .figure(self.show(before.over(&need), Shown::Percent)?)
            .say("), ")
            .figure(self.show(before.less(&unmet), Shown::OneDecimal)?)
            .say(" more.");
        Ok(vec![told, without])
    }
    /// What part of the nation's people and need it has.
    fn shares(&self) -> Result<Sentence, InsightError> {
        let people =
            |place: Place| Source::Data { table: "population", rows: place.rows(self.ledger.system) };
        let need = |place| outcome(self.ledger, place, "need_beds");
        let part = |of: &dyn Fn(Place) -> Source| of(self.place).over(&of(Place::Nation));
        Ok(Sentence::new("It has ")
            .figure(self.show(part(&people), Shown::Percent)?)
            .say(" of the people, ")
            .figure(self.show(part(&need), Shown::Percent)?)
            .say(" of the need and ")
            .figure(self.show(part(&|place| self.allocated(place, "beds_before")), Shown::Percent)?)
            .say(" of the beds before the plan."))
    }
    /// The least and most that a region could get at the same optimum.
    fn range(&self) -> Result<Option<Sentence>, InsightError> {
        let Place::Region(_) = self.place else { return Ok(None) };
        let Some(at) = self.ledger.region_in_summary("/regions", self.place.id(self.ledger.system))? else {
            return Ok(None);
        };
        let limit = |name: &str| Ledger::summary(&format!("{at}/{name}"));
        let (least, most) = (limit("least_beds"), limit("most_beds"));
        if self.ledger.value(&least).is_err() || self.ledger.value(&most).is_err() {
            return Ok(Some(Sentence::new(
                "The result does not tell the least and most it could get as well.",
            )));
        }
        Ok(Some(
            Sentence::new("In plans that are equally good for every aim it gets from ")
                .figure(self.show(least, Shown::OneDecimal)?)
                .say(" to ")
                .figure(self.show(most, Shown::OneDecimal)?)
                .say(" new beds."),
        ))
    }
    /// What a simple rule would give.
    fn rule(&self, rule: &str, words: &str) -> Result<Option<Sentence>, InsightError> {
        let summary = self.ledger.files.json("summary.json")?;
        let list = format!("/comparators/{rule}");
        match self.place {
            Place::Nation if summary.pointer(&list).is_some() => self.rule_for_all(&list, words).map(Some),
            Place::Region(_) => {
                let id = self.place.id(self.ledger.system);
                let Some(at) = self.ledger.region_in_summary(&format!("{list}/regions"), id)? else {
                    return Ok(None);
                };
                self.rule_for_region(&at, words).map(Some)
            }
            _ => Ok(None),
        }
    }
    fn rule_for_all(&self, list: &str, words: &str) -> Result<Sentence, InsightError> {
        let of = |name: &str| Ledger::summary(&format!("{list}/{name}"));
        let told = Sentence::new(&format!("{words}, the new beds would leave "))
            .figure(self.show(of("unmet_beds"), Shown::OneDecimal)?)
            .say(" unmet, ")
            .figure(self.show(of("extra_unmet_beds"), Shown::OneDecimal)?)
            .say(" more than this plan");
        let summary = self.ledger.files.json("summary.json")?;
        let worst = summary.pointer(&format!("{list}/worst_region")).and_then(Value::as_str);
        let share = of("worst_region_unmet_share");
        let (Some(worst), Ok(_)) = (worst, self.ledger.value(&share)) else { return Ok(told.say(".")) };
        Ok(told
            .say(", and ")
            .name(worst)
            .say(" the worst off (")
            .figure(self.show(share, Shown::Percent)?)
            .say(")."))
    }
    fn rule_for_region(&self, at: &str, words: &str) -> Result<Sentence, InsightError> {
        let of = |name: &str| Ledger::summary(&format!("{at}/{name}"));
        let (beds, ours) = (of("new_beds"), self.of("new"));
        let fewer = self.ledger.value(&ours.less(&beds))? < 0.0;
        let (difference, word) =
            if fewer { (beds.less(&ours), " more") } else { (ours.less(&beds), " fewer") };
        Ok(Sentence::new(&format!("{words}, it would get "))
            .figure(self.show(beds, Shown::OneDecimal)?)
            .say(" new beds (")
            .figure(self.show(difference, Shown::OneDecimal)?)
            .say(&format!("{word}) and have "))
            .figure(self.show(of("unmet_beds"), Shown::OneDecimal)?)
            .say(" occupied beds unmet (")
            .figure(self.show(of("unmet_share"), Shown::Percent)?)
            .say(")."))
    }
    /// The area within it that is left shortest.
    fn worst_area(&self) -> Result<Option<Sentence>, InsightError> {
        let file = match self.place {
            Place::Region(_) => "regions.csv",
            Place::Commissioner(_) => "commissioners.csv",
            _ => return Ok(None),
        };
        let rows = self.ledger.in_period(self.place.rows(self.ledger.system));
        let table = self.ledger.files.table(file)?;
        let name = match table.matching(&rows)?.as_slice() {
            [row] if row.maybe("worst_area_unmet_share")?.is_some() => {
                row.text("worst_area_name")?.to_owned()
            }
            _ => return Ok(None),
        };
        let share = self.ledger.cell(file, self.place.rows(self.ledger.system), "worst_area_unmet_share");
        Ok(Some(
            Sentence::new("Of its areas ")
                .name(&name)
                .say(" is left shortest: ")
                .figure(self.show(share, Shown::Percent)?)
                .say(" of its need unmet."),
        ))
    }
}
