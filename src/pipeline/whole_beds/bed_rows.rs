//! Decisions that must be whole, and the rules that bind them alone.

use crate::domain::system::CareSystem;
use crate::domain::{PeriodIx, SiteIx, SpecialtyIx};
use crate::formulation::Formulation;
use crate::formulation::keys::{OpenSite, VariableKey};
use crate::lp::{Bounds, ColumnIx, RowIx};
use crate::pipeline::result::RunResult;

/// New beds of a site and specialty in a wave, or beds moved there in one way.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// The decision.
    pub key: VariableKey,
    /// Its column.
    pub column: ColumnIx,
    /// The site.
    pub site: SiteIx,
    /// The specialty.
    pub specialty: SpecialtyIx,
    /// The wave.
    pub period: PeriodIx,
    /// +1 where it adds beds, −1 where it takes some away.
    pub sign: f64,
    /// The plan in fractions.
    pub at: f64,
    /// Its own limits.
    pub bounds: Bounds,
    /// Whether it comes in whole wards. Beds of a site that closes as a whole do not: all that are there go.
    pub whole: bool,
}

impl Cell {
    /// Whether it is beds of the pool.
    pub fn is_new(&self) -> bool {
        matches!(self.key, VariableKey::NewBeds(_))
    }
}

/// Every decision on beds, in the order of the program's columns.
pub fn cells_of(system: &CareSystem, f: &Formulation, fractional: &RunResult) -> Vec<Cell> {
    let plan = &fractional.plan;
    let closes = |site, period| {
        let open = fractional.sites.as_ref().and_then(|sites| sites.open.get(&(site, period)));
        open == Some(&false) && system.choice_on(site).is_some()
    };
    let cell = |column: ColumnIx, key: VariableKey| {
        use VariableKey as V;
        let (site, specialty, period, sign) = match key {
            V::NewBeds(k) => (k.site, k.specialty, k.period, 1.0),
            V::BedsIn(k) => (k.site, k.specialty, k.period, 1.0),
            V::ConvertedTo(k) => (k.site, k.specialty, k.period, 1.0),
            V::BedsOut(k) => (k.site, k.specialty, k.period, -1.0),
            V::ConvertedFrom(k) => (k.site, k.specialty, k.period, -1.0),
            V::ClosedBeds(k) => (k.site, k.specialty, k.period, -1.0),
            _ => return None,
        };
        let at = (site, specialty, period);
        let moves = plan.moves.get(&at).copied().unwrap_or_default();
        let beds = match key {
            V::BedsIn(_) => moves.reallocated_in,
            V::BedsOut(_) => moves.reallocated_out,
            V::ConvertedTo(_) => moves.converted_to,
            V::ConvertedFrom(_) => moves.converted_from,
            V::ClosedBeds(_) => moves.closed,
            _ => plan.new_beds.get(&at).copied().unwrap_or_default(),
        };
        let whole = !(matches!(key, V::ClosedBeds(_)) && closes(site, period));
        let bounds = f.program().column_bounds()[column.get()];
        Some(Cell { key, column, site, specialty, period, sign, at: beds.0, bounds, whole })
    };
    f.decisions().filter_map(|(column, key)| cell(column, key)).collect()
}

/// A term of a rule: a decision, or beds that are open.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// A decision, by position.
    Cell(usize),
    /// Beds open, by position.
    Open(usize),
}

/// A rule.
#[derive(Debug, Clone)]
pub struct BedRow {
    /// Its limits.
    pub bounds: Bounds,
    /// Its terms.
    pub terms: Vec<(Part, f64)>,
}

/// The rules that bind decisions on beds and beds open, and nothing else.
#[derive(Debug, Clone, Default)]
pub struct BedRows {
    /// The rules.
    pub rows: Vec<BedRow>,
    /// Limits of beds open.
    pub open: Vec<Bounds>,
}

/// Reads the rules off a program: stocks, the pool, agreements, pins, sizes, limits and balances of moves, building
/// money, nurses. Rules that other things enter too (patients, councils' money) are left out. O(nonzeros).
pub fn rows_of(f: &Formulation, cells: &[Cell]) -> BedRows {
    #[derive(Clone, Copy)]
    enum Is {
        Part(Part),
        Fixed(f64),
        Other,
    }
    let program = f.program();
    let mut found = BedRows::default();
    let mut columns: Vec<Is> = vec![Is::Other; program.columns()];
    for (column, key) in f.decisions() {
        let bounds = program.column_bounds()[column.get()];
        columns[column.get()] = match key {
            VariableKey::OpenBeds(_) => {
                found.open.push(bounds);
                Is::Part(Part::Open(found.open.len() - 1))
            }
            VariableKey::OpenSite(OpenSite { .. }) if bounds.is_fixed() => Is::Fixed(bounds.lower),
            _ => Is::Other,
        };
    }
    for (position, cell) in cells.iter().enumerate() {
        columns[cell.column.get()] = Is::Part(Part::Cell(position));
    }
    for (row, &bounds) in (0u32..).map(RowIx).zip(program.row_bounds()) {
        let (mut terms, mut fixed, mut alone) = (Vec::new(), 0.0, true);
        for (column, value) in program.row(row) {
            match columns[column.get()] {
                Is::Part(part) => terms.push((part, value)),
                Is::Fixed(at) => fixed += value * at,
                Is::Other => {
                    alone = false;
                    break;
                }
            }
        }
        if alone && !terms.is_empty() && bounds != Bounds::FREE {
            let bounds = Bounds::between(bounds.lower - fixed, bounds.upper - fixed);
            found.rows.push(BedRow { bounds, terms });
        }
    }
    found
}
