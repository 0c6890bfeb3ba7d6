//! For how many more and how many fewer a price holds, in words.

use super::binds::{Binding, row_of};
use super::error::InsightError;
use super::figure::{Figure, Sentence, Shown, Source};
use super::ledger::Ledger;
use serde::Serialize;

/// From here on amounts are told with one decimal, below with two digits.
const WITH_ONE_DECIMAL: f64 = 1.0;

/// Between which bounds of a constraint its price holds, where the result tells it; all in the bound's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Holds {
    /// The bound as the model has it.
    pub bound: f64,
    /// The least bound for which the price holds; `None` where there is no end.
    pub valid_from: Option<f64>,
    /// The largest; `None` where there is no end.
    pub valid_to: Option<f64>,
    /// Whether the bound stands at an end, so that the price is one of several.
    pub degenerate: bool,
}

/// Ends the sentence on a price with for how many more and fewer it holds; nothing where that is not known.
pub fn tell(ledger: &Ledger, told: Sentence, binding: &Binding) -> Result<Sentence, InsightError> {
    let Some(holds) = binding.holds else { return Ok(told.say(".")) };
    let (at_from, at_to) = (holds.valid_from == Some(holds.bound), holds.valid_to == Some(holds.bound));
    let amounts = Amounts { ledger, binding, holds };
    Ok(match (at_from, at_to) {
        (true, true) => told.say(
            " by this price, but it holds at the limit as it is and no further: with one more or one fewer another price \
             is right, or the aims before cannot all be kept.",
        ),
        (false, true) => {
            let told = told.say(
                " by this price, but the limit stands where the price changes: the next one more is worth something else. \
                 The price holds for ",
            );
            amounts.fewer(told)?.say(".")
        }
        (true, false) => {
            let told = amounts.more(told.say(". This holds for "))?;
            told.say("; fewer are worth something else each, for the limit stands where the price changes.")
        }
        (false, false) => {
            let told = amounts.more(told.say(". This holds for "))?;
            amounts.fewer(told.say(" and "))?.say(".")
        }
    })
}

/// How far a bound is from the ends of its range.
struct Amounts<'a> {
    ledger: &'a Ledger<'a>,
    binding: &'a Binding,
    holds: Holds,
}

impl Amounts<'_> {
    /// "up to 14.2 beds more".
    fn more(&self, told: Sentence) -> Result<Sentence, InsightError> {
        let end = self.holds.valid_to.map(|_| self.cell("valid_to").less(&self.cell("bound")));
        self.up_to(told, end, "more")
    }
    /// "up to 3.0 beds fewer".
    fn fewer(&self, told: Sentence) -> Result<Sentence, InsightError> {
        let end = self.holds.valid_from.map(|_| self.cell("bound").less(&self.cell("valid_from")));
        self.up_to(told, end, if self.is_money() { "less" } else { "fewer" })
    }
    fn up_to(
        &self,
        told: Sentence,
        source: Option<Source>,
        direction: &str,
    ) -> Result<Sentence, InsightError> {
        let Some(source) = source else {
            return Ok(told.say(if self.is_money() { "any amount " } else { "any number " }).say(direction));
        };
        let figure = self.figure(source)?;
        Ok(match self.unit() {
            "£ million a year" => told.say("up to £").figure(figure).say(" million a year ").say(direction),
            "£ million" => told.say("up to £").figure(figure).say(" million ").say(direction),
            unit => told.say("up to ").figure(figure).say(&format!(" {unit}s {direction}")),
        })
    }
    fn figure(&self, source: Source) -> Result<Figure, InsightError> {
        let figure = self.ledger.figure(source.clone(), Shown::OneDecimal)?;
        if figure.value.abs() >= WITH_ONE_DECIMAL {
            return Ok(figure);
        }
        self.ledger.figure(source, Shown::Price)
    }
    fn cell(&self, column: &str) -> Source {
        Source::Cell { file: "prices.csv".to_owned(), row: row_of(self.binding), column: column.to_owned() }
    }
    /// What the bound counts.
    fn unit(&self) -> &str {
        self.binding.unit.split_once(" per ").map_or("unit", |(_, bound)| bound)
    }
    fn is_money(&self) -> bool {
        self.unit().starts_with('£')
    }
}
