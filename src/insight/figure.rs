//! Sentences whose every figure says where it comes from.

use super::files::Rows;
use crate::domain::number::{grouped, percent};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Where a figure comes from: a value of the result files or of the data that the result names, or simple arithmetic
/// on such values.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Source {
    /// A cell: the one row of a table that is meant.
    Cell {
        /// File of the result folder.
        file: String,
        /// Which row.
        row: Rows,
        /// Which column.
        column: String,
    },
    /// A column added up over the rows that are meant, each multiplied by another column where one is named.
    Total {
        /// File of the result folder.
        file: String,
        /// Which rows.
        rows: Rows,
        /// Which column.
        column: String,
        /// The column to multiply by.
        #[serde(skip_serializing_if = "Option::is_none")]
        times: Option<String>,
    },
    /// How many rows of `prices.csv` on a place's beds have a price that reads the same to six digits.
    Count {
        /// Which rows of `prices.csv`.
        rows: Rows,
        /// The price, written with six digits as `{:.5e}`.
        price: String,
        /// Rows of `allocation.csv`: their pairs of site and specialty are the ones to count.
        beds: Rows,
    },
    /// A number of a JSON file.
    Json {
        /// File of the result folder.
        file: String,
        /// JSON pointer (RFC 6901).
        at: String,
    },
    /// A column of the data tables that `model.yaml` names, added up over the areas (or specialty) that are meant.
    Data {
        /// `population`, `need_expected` or `travel_times`.
        table: &'static str,
        /// Region, commissioner, area, site or specialty; empty for all.
        rows: Rows,
    },
    /// What data say of today's use: an area's need times the share that goes to a site, among sites that offer the
    /// specialty.
    UseToday {
        /// The area.
        area: String,
        /// The site.
        site: String,
    },
    /// A column of `allocation.csv` added up over the beds that an area uses today, each row times the area's part in
    /// the use of these beds, and times another column where one is named.
    BedsInUse {
        /// The area.
        area: String,
        /// Period.
        period: String,
        /// Which column.
        column: String,
        /// The column to multiply by.
        #[serde(skip_serializing_if = "Option::is_none")]
        times: Option<String>,
    },
    /// A sum.
    Sum {
        /// Of what.
        of: Vec<Source>,
    },
    /// A difference.
    Less {
        /// From what.
        of: Box<Source>,
        /// What is taken off.
        less: Box<Source>,
    },
    /// A quotient.
    Over {
        /// What is divided.
        of: Box<Source>,
        /// By what.
        by: Box<Source>,
    },
    /// A multiple.
    Times {
        /// Of what.
        of: Box<Source>,
        /// How many times.
        factor: f64,
    },
    /// One part of the explanation's gap: its method is in `docs/explanations.md`, and what it is worked out from
    /// stands beside the parts.
    Part {
        /// Which.
        factor: super::factors::Factor,
    },
}

impl Source {
    /// This less another.
    #[must_use]
    pub fn less(&self, other: &Self) -> Self {
        Self::Less { of: Box::new(self.clone()), less: Box::new(other.clone()) }
    }
    /// This over another.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        Self::Over { of: Box::new(self.clone()), by: Box::new(other.clone()) }
    }
    /// This so many times.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        Self::Times { of: Box::new(self.clone()), factor }
    }
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Beds, occupied beds, minutes: one decimal.
    OneDecimal,
    /// A rate: two decimals.
    TwoDecimals,
    /// A count.
    Whole,
    /// A share as a percentage.
    Percent,
    /// A difference of shares in percentage points, with its sign.
    Points,
    /// A price: at least two digits that say something.
    Price,
}

impl Shown {
    /// The number as text.
    pub fn text(self, value: f64) -> String {
        match self {
            Self::OneDecimal => grouped(value, 1),
            Self::TwoDecimals => grouped(value, 2),
            Self::Whole => grouped(value, 0),
            Self::Percent => percent(value),
            Self::Points => {
                let text = grouped(100.0 * value, 2);
                if text.starts_with('-') || text == "0.00" { text } else { format!("+{text}") }
            }
            Self::Price => price(value),
        }
    }
}

/// Two decimals, or as many as show two digits of a small number.
fn price(value: f64) -> String {
    if value == 0.0 || value.abs() >= 0.1 {
        return grouped(value, 2);
    }
    // Decimals until the second digit that is not zero.
    let decimals = (2_u8..9).find(|&decimals| value.abs() * 10_f64.powi(decimals.into()) >= 10.0);
    grouped(value, decimals.map_or(9, usize::from))
}

/// A number in a sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// As it is shown.
    pub text: String,
    /// In full.
    pub value: f64,
    /// How it is shown.
    pub shown: Shown,
    /// Where it comes from.
    pub source: Source,
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Our own words, without any figure.
    Words(String),
    /// A name of the data.
    Name(String),
    /// A figure.
    Figure(Figure),
}

/// A sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sentence {
    /// Its parts, in order.
    pub pieces: Vec<Piece>,
}

impl Sentence {
    /// Begins with words.
    pub fn new(words: &str) -> Self {
        Self::default().say(words)
    }
    /// Goes on with words.
    #[must_use]
    pub fn say(mut self, words: &str) -> Self {
        if !words.is_empty() {
            self.pieces.push(Piece::Words(words.to_owned()));
        }
        self
    }
    /// Goes on with a name.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.pieces.push(Piece::Name(name.to_owned()));
        self
    }
    /// Goes on with a figure.
    #[must_use]
    pub fn figure(mut self, figure: Figure) -> Self {
        self.pieces.push(Piece::Figure(figure));
        self
    }
    /// The whole sentence.
    pub fn text(&self) -> String {
        let part = |piece: &Piece| match piece {
            Piece::Words(text) | Piece::Name(text) => text.clone(),
            Piece::Figure(figure) => figure.text.clone(),
        };
        self.pieces.iter().map(part).collect()
    }
    /// Its figures, in order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.pieces
            .iter()
            .filter_map(|piece| if let Piece::Figure(figure) = piece { Some(figure) } else { None })
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut told = serializer.serialize_struct("Sentence", 2)?;
        told.serialize_field("text", &self.text())?;
        told.serialize_field("figures", &self.figures().collect::<Vec<_>>())?;
        told.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_show_two_digits_however_small_they_are() {
        assert_eq!(price(0.82), "0.82");
        assert_eq!(price(67.65), "67.65");
        assert_eq!(price(0.000_165_31), "0.00017");
        assert_eq!(price(-0.0), "0.00");
    }
    #[test]
    fn points_carry_their_sign() {
        assert_eq!(Shown::Points.text(0.000_41), "+0.04");
        assert_eq!(Shown::Points.text(-0.012), "-1.20");
        assert_eq!(Shown::Points.text(-1e-9), "0.00");
    }
}
