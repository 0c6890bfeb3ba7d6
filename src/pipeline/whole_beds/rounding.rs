//! Controlled rounding: every decision up or down, so that sums round too.
//!
//! Sums are those of sites, commissioners, regions, and of each specialty in a commissioner and a region. As both
//! kinds nest, all of them can be rounded at once where no rule says otherwise (a network flow with whole limits
//! has a whole solution); rules that do are kept, and sums give way. Of all such roundings the one nearest to the
//! plan in fractions is taken.

use super::bed_rows::{BedRows, Cell, Part};
use crate::domain::Ix;
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::lp::{Bounds, ColumnIx, LinearProgram, Outcome, Sense};
use crate::pipeline::error::RunError;
use crate::pipeline::run::MakeSolver;
use std::collections::BTreeMap;

/// A decision this near to a multiple of the ward is one.
pub const ROUNDING: f64 = 1e-6;
/// What a sum that is not rounded costs, for each ward: several decisions rounded the wrong way.
const SUM: f64 = 4.0;
/// Searches are given up after so many nodes, and the best so far is taken.
const NODES: u32 = 2_000;

/// What a decision may become: `base` and a number of wards.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Beds to start from.
    pub base: f64,
    /// Fewest wards more.
    pub least: f64,
    /// Most wards more.
    pub most: f64,
    /// What each of them costs.
    pub cost: f64,
}

/// Rounds the plan in fractions; `None` where no whole numbers keep the rules.
pub fn round(
    system: &CareSystem,
    cells: &[Cell],
    rows: &BedRows,
    ward: Beds,
    solver: &mut MakeSolver,
) -> Result<Option<Vec<f64>>, RunError> {
    let sums = sums_of(system, cells);
    let spans: Vec<Span> = cells.iter().map(|cell| up_or_down(cell, ward.0)).collect();
    if let Some(beds) = solve(cells, rows, ward.0, &spans, &sums, false, solver)? {
        return Ok(Some(beds));
    }
    // The rules need more room than up or down.
    let spans: Vec<Span> = cells
        .iter()
        .map(|cell| {
            let least = (cell.bounds.lower / ward.0 - ROUNDING).ceil();
            let most = (cell.bounds.upper / ward.0 + ROUNDING).floor();
            Span { base: 0.0, least, most, cost: 0.0 }
        })
        .collect();
    solve(cells, rows, ward.0, &spans, &sums, true, solver)
}

/// Up costs (1 − f)² and down f², so that up rather than down costs 1 − 2 f.
fn up_or_down(cell: &Cell, ward: f64) -> Span {
    let wards = cell.at.clamp(cell.bounds.lower, cell.bounds.upper) / ward;
    let down = (wards + ROUNDING).floor();
    let part = wards - down;
    let up = part > ROUNDING && (down + 1.0) * ward <= cell.bounds.upper + ROUNDING;
    let cost = 1.0 - 2.0 * part;
    Span { base: down * ward, least: 0.0, most: f64::from(u8::from(up)), cost }
}

/// Decisions whose sum should be rounded too.
pub type Sums = Vec<Vec<usize>>;

/// Sums of net changes up to each wave.
fn sums_of(system: &CareSystem, cells: &[Cell]) -> Sums {
    let mut sums: BTreeMap<(u8, usize, usize, usize), Vec<usize>> = BTreeMap::new();
    for until in system.opening_periods() {
        let so_far = |cell: &&Cell| cell.whole && cell.period <= until;
        for (position, cell) in cells.iter().enumerate().filter(|(_, cell)| so_far(cell)) {
            let place = &system.sites[cell.site];
            let (site, specialty) = (cell.site.get(), cell.specialty.get() + 1);
            let (commissioner, region) = (place.commissioner.get(), place.region.get());
            let sums_of_cell = [
                (0, site, specialty),
                (0, site, 0),
                (1, commissioner, 0),
                (1, commissioner, specialty),
                (2, region, 0),
                (2, region, specialty),
            ];
            for (kind, place, specialty) in sums_of_cell {
                sums.entry((kind, place, specialty, until.get())).or_default().push(position);
            }
        }
    }
    sums.into_values().filter(|members| members.len() > 1).collect()
}

/// Solves for wards: the rules must hold, sums should, and each ward has its cost; `apart` adds the distance from
/// the plan in fractions. `None` where there is no solution.
pub fn solve(
    cells: &[Cell],
    rows: &BedRows,
    ward: f64,
    spans: &[Span],
    sums: &Sums,
    apart: bool,
    solver: &mut MakeSolver,
) -> Result<Option<Vec<f64>>, RunError> {
    let mut program = LinearProgram::new(Sense::Minimise);
    for (cell, span) in cells.iter().zip(spans) {
        if cell.whole {
            let column = program.add_column(span.cost, Bounds::between(span.least, span.most));
            program.set_integer(column);
        } else {
            program.add_column(0.0, cell.bounds);
        }
    }
    let size = |position: usize| if cells[position].whole { ward } else { 1.0 };
    let base = |position: usize| if cells[position].whole { spans[position].base } else { 0.0 };
    let column = |position: usize| ColumnIx(position as u32);
    for bounds in &rows.open {
        program.add_column(0.0, *bounds);
    }
    for row in &rows.rows {
        let mut fixed = 0.0;
        let terms: Vec<_> = row
            .terms
            .iter()
            .map(|&(part, value)| match part {
                Part::Cell(position) => {
                    fixed += value * base(position);
                    (column(position), value * size(position))
                }
                Part::Open(position) => (column(cells.len() + position), value),
            })
            .collect();
        program.add_row(Bounds::between(row.bounds.lower - fixed, row.bounds.upper - fixed), terms);
    }
    for members in sums {
        let wanted: f64 = members.iter().map(|&at| cells[at].sign * cells[at].at / ward).sum();
        let fixed: f64 = members.iter().map(|&at| cells[at].sign * base(at) / ward).sum();
        let (short, over) =
            (program.add_column(SUM, Bounds::NON_NEGATIVE), program.add_column(SUM, Bounds::NON_NEGATIVE));
        let bounds = Bounds::between((wanted + ROUNDING).floor() - fixed, (wanted - ROUNDING).ceil() - fixed);
        let terms = members.iter().map(|&at| (column(at), cells[at].sign));
        program.add_row(bounds, terms.chain([(short, 1.0), (over, -1.0)]));
    }
    if apart {
        for (position, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.whole) {
            let (short, over) = (
                program.add_column(1.0, Bounds::NON_NEGATIVE),
                program.add_column(1.0, Bounds::NON_NEGATIVE),
            );
            let wards = (cell.at - base(position)) / ward;
            program.add_row(Bounds::exactly(wards), [(column(position), 1.0), (short, 1.0), (over, -1.0)]);
        }
    }
    let mut engine = solver()?;
    engine.limit_nodes(NODES);
    let columns = match engine.solve(&program)? {
        Outcome::Optimal(solution) => solution.columns,
        Outcome::LimitReached { best: Some(best), .. } => best.columns,
        _ => return Ok(None),
    };
    let beds = cells.iter().enumerate().map(|(position, cell)| {
        if cell.whole { base(position) + ward * columns[position].round() } else { columns[position] }
    });
    Ok(Some(beds.collect()))
}
