//! A sheet that is a table, as data: what [`super::sheet`] writes and tests can read.

use super::super::html::read;
use crate::insight::error::InsightError;
use crate::insight::files::{Row, Table};
use crate::insight::ledger::Ledger;

/// What a column holds, and so how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A code or a number that is one.
    Code,
    /// A name.
    Name,
    /// A sentence.
    Words,
    /// Beds, occupied beds and the like, one decimal.
    Beds,
    /// A share, shown as a percentage.
    Share,
    /// Pounds.
    Pounds,
    /// Minutes.
    Minutes,
    /// A whole number.
    Count,
    /// A price: as many digits as it takes.
    Price,
}

impl Kind {
    /// The number format; `None` for text.
    pub fn number_format(self) -> Option<&'static str> {
        match self {
            Self::Code | Self::Name | Self::Words => None,
            Self::Beds | Self::Minutes => Some("#,##0.0"),
            Self::Share => Some("0.00%"),
            Self::Pounds => Some("£#,##0"),
            Self::Count => Some("#,##0"),
            Self::Price => Some("#,##0.######"),
        }
    }
    /// The width of a column of this kind, in characters.
    pub fn width(self) -> f64 {
        match self {
            Self::Code => 12.0,
            Self::Name => 52.0,
            Self::Words => 70.0,
            Self::Pounds => 15.0,
            Self::Beds | Self::Share | Self::Minutes | Self::Count | Self::Price => 13.0,
        }
    }
}

/// What stands over a column, in the row of totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Nothing: it makes no sense.
    Nothing,
    /// The sum of the rows shown.
    Sum,
    /// The total of one column over that of another, by their heads' positions in the specification.
    Ratio(&'static str, &'static str),
}

/// What a column is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// A column of the file.
    Cell(&'static str),
    /// The name of what a column of the file has the code of.
    NameOf(&'static str, Register),
}

/// Where a name is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    /// Specialties.
    Specialties,
    /// Councils.
    Councils,
    /// Trusts.
    Trusts,
    /// Commissioners.
    Commissioners,
    /// Sites.
    Sites,
    /// Areas.
    Areas,
}

/// A column as it is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    from: From,
    head: &'static str,
    kind: Kind,
    total: Total,
    /// Left out where no row has anything but nought.
    optional: bool,
}

/// A column of a file as it stands.
pub const fn cell(column: &'static str, head: &'static str, kind: Kind) -> Spec {
    Spec { from: From::Cell(column), head, kind, total: Total::Nothing, optional: false }
}
/// A column that can be added up.
pub const fn sum(column: &'static str, head: &'static str, kind: Kind) -> Spec {
    Spec { total: Total::Sum, ..cell(column, head, kind) }
}
/// A column that can be added up, left out where it is all nought.
pub const fn sum_if_any(column: &'static str, head: &'static str, kind: Kind) -> Spec {
    Spec { optional: true, ..sum(column, head, kind) }
}
/// A share, whose total is that of one column over that of another.
pub const fn ratio(column: &'static str, head: &'static str, of: &'static str, by: &'static str) -> Spec {
    Spec { total: Total::Ratio(of, by), ..cell(column, head, Kind::Share) }
}
/// The name of a code.
pub const fn name_of(column: &'static str, register: Register, head: &'static str) -> Spec {
    Spec { from: From::NameOf(column, register), ..cell(column, head, Kind::Name) }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A number, as the file has it.
    Number(f64),
    /// Nothing.
    Blank,
}

impl Value {
    /// The number; 0 where there is none.
    pub fn number(&self) -> f64 {
        if let Self::Number(number) = self { *number } else { 0.0 }
    }
}

/// A column of a sheet.
#[derive(Debug, Clone)]
pub struct Column {
    /// The column of the file; empty where it was worked out.
    pub source: &'static str,
    /// Its heading, with the unit.
    pub head: String,
    /// What it holds.
    pub kind: Kind,
    /// What stands over it.
    pub total: Total,
}

/// A sheet that is a table.
#[derive(Debug, Clone)]
pub struct Grid {
    /// The name on the tab.
    pub name: &'static str,
    /// The title.
    pub title: String,
    /// What it says, in a sentence or two.
    pub note: String,
    /// The files of the result that it is made from.
    pub files: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
    /// How many columns stay in sight.
    pub frozen: u16,
    /// The column of the period and the period shown at first, where there are several.
    pub period: Option<(usize, String)>,
}

impl Grid {
    /// An empty sheet.
    pub fn new(name: &'static str, title: &str, note: &str, files: &'static str) -> Self {
        Self {
            name,
            title: title.to_owned(),
            note: note.to_owned(),
            files,
            columns: Vec::new(),
            rows: Vec::new(),
            frozen: 2,
            period: None,
        }
    }
    /// Adds a column.
    #[must_use]
    pub fn column(mut self, head: impl Into<String>, kind: Kind, total: Total) -> Self {
        self.columns.push(Column { source: "", head: head.into(), kind, total });
        self
    }
    /// Where the column from a column of the file stands.
    pub fn position(&self, source: &str) -> Option<usize> {
        self.columns.iter().position(|column| !column.source.is_empty() && column.source == source)
    }
    /// Where the column with a heading stands.
    pub fn headed(&self, head: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.head == head)
    }
    /// Whether a row is shown at first: of several periods only one is.
    pub fn shows(&self, row: &[Value]) -> bool {
        let Some((column, period)) = &self.period else { return true };
        matches!(&row[*column], Value::Text(text) if text == period)
    }
    /// Adds up a column over the rows shown at first.
    pub fn shown_sum(&self, column: usize) -> f64 {
        self.rows.iter().filter(|row| self.shows(row)).map(|row| row[column].number()).sum()
    }
    /// Reads a table of the result; `None` where the result has no such table or it has no rows. Columns of the
    /// specification that the file lacks are left out. With several periods a column tells them apart.
    pub fn read(mut self, ledger: &Ledger, file: &str, specs: &[Spec]) -> Result<Option<Self>, InsightError> {
        if !ledger.files.has(file) {
            return Ok(None);
        }
        let table = ledger.files.table(file)?;
        let period = cell("period", "Period", Kind::Name);
        let several = !ledger.one_period() && table.has("period");
        let mut specs = specs.to_vec();
        if several {
            specs.insert(specs.len().min(usize::from(self.frozen)), period);
        }
        let wanted: Vec<(Spec, usize)> =
            specs.iter().filter_map(|spec| Some((*spec, position(&table, spec)?))).collect();
        let wanted: Vec<(Spec, usize)> =
            wanted.into_iter().filter(|(spec, at)| !spec.optional || any(&table, *at)).collect();
        self.columns = wanted.iter().map(|(spec, _)| Column::of(spec)).collect();
        self.rows = table
            .rows()
            .map(|row| wanted.iter().map(|(spec, at)| value(ledger, spec, row, *at)).collect())
            .collect();
        if several {
            let column = self.columns.iter().position(|column| column.source == "period");
            self.period = column.map(|column| (column, ledger.period_id().to_owned()));
        }
        Ok((!self.rows.is_empty()).then_some(self))
    }
}

impl Column {
    fn of(spec: &Spec) -> Self {
        let source = match spec.from {
            From::Cell(column) => column,
            From::NameOf(..) => "",
        };
        Self { source, head: spec.head.to_owned(), kind: spec.kind, total: spec.total }
    }
}

fn position(table: &Table, spec: &Spec) -> Option<usize> {
    let (From::Cell(column) | From::NameOf(column, _)) = spec.from;
    table.columns().iter().position(|name| name == column)
}

/// Whether any row has anything but nought in a column.
fn any(table: &Table, at: usize) -> bool {
    table.rows().any(|row| read::number(row, at) != 0.0)
}

fn value(ledger: &Ledger, spec: &Spec, row: Row, at: usize) -> Value {
    let text = row.at(at);
    if let From::NameOf(_, register) = spec.from {
        return Value::Text(register.name(ledger, text));
    }
    match spec.kind {
        _ if text.is_empty() => Value::Blank,
        Kind::Code | Kind::Name | Kind::Words => Value::Text(text.to_owned()),
        _ => read::maybe(row, at).map_or_else(|| Value::Text(text.to_owned()), Value::Number),
    }
}

impl Register {
    /// The name of what has a code; the code where it has no name.
    pub fn name(self, ledger: &Ledger, code: &str) -> String {
        let system = ledger.system;
        let name = match self {
            Self::Specialties => system.specialties.find(code).map(|x| &system.specialties[x].name),
            Self::Councils => system.councils.find(code).map(|x| &system.councils[x].name),
            Self::Trusts => system.trusts.find(code).map(|x| &system.trusts[x].name),
            Self::Commissioners => system.commissioners.find(code).map(|x| &system.commissioners[x].name),
            Self::Sites => system.sites.find(code).map(|x| &system.sites[x].name),
            Self::Areas => system.areas.find(code).map(|x| &system.areas[x].name),
        };
        name.filter(|name| !name.is_empty()).map_or_else(|| code.to_owned(), Clone::clone)
    }
}
