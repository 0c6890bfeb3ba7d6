//! Branch and bound, where the model is small: level after level, each held while the next is optimised, then the
//! whole beds nearest to the plan in fractions.

use super::bed_rows::Cell;
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
use crate::lp::{Bounds, ColumnIx};
use crate::pipeline::error::RunError;
use crate::pipeline::goals::Goal;
use crate::pipeline::result::SiteLevel;
use crate::pipeline::run::MakeSolver;
use crate::pipeline::sites::{Expression, LevelsEnd, Search};

/// Most sites and specialties, times waves, of a model that is searched.
const MOST_STOCKS: usize = 60;
/// Most areas and specialties, times periods, of a model that is searched.
const MOST_POINTS: usize = 1_000;
/// A level is given up after so many nodes.
const NODES: u32 = 5_000;

/// Whether a model is searched at all.
pub fn is_small(system: &CareSystem, areas: &DemandPoints) -> bool {
    let stocks = system.beds.len() * system.opening_periods().count();
    stocks <= MOST_STOCKS && areas.iter().count() * system.periods.len() <= MOST_POINTS
}

/// Beds, and the levels that were proven.
pub type Searched = (Vec<f64>, Vec<SiteLevel>);

/// The beds found, with the levels that were proven; `None` where not even the first was.
pub fn search(
    system: &CareSystem,
    f: &Formulation,
    goals: &[Goal],
    cells: &[Cell],
    ward: Beds,
    solver: &mut MakeSolver,
) -> Result<Option<Searched>, RunError> {
    let mut search = Search::new(f, solver, Some(NODES));
    for cell in cells.iter().filter(|cell| cell.whole) {
        make_whole(&mut search, cell, ward);
    }
    let levels = match search.levels(system, goals) {
        Ok(LevelsEnd::Reached(levels, _)) if !levels.is_empty() => levels,
        Ok(LevelsEnd::Infeasible) => return Err(RunError::NoWholeBeds),
        Ok(_) | Err(RunError::LostFeasibility { .. }) => return Ok(None),
        Err(other) => return Err(other),
    };
    let nearest = distance(&mut search, cells);
    search.reach(&nearest)?;
    let beds = cells.iter().map(|cell| {
        let value = search.columns[cell.column.get()];
        if cell.whole { (value / ward.0).round() * ward.0 } else { value }
    });
    Ok(Some((beds.collect(), levels)))
}

/// A decision comes in whole wards.
fn make_whole(search: &mut Search, cell: &Cell, ward: Beds) {
    if ward.0 <= 1.0 {
        search.program.set_integer(cell.column);
        return;
    }
    let most = (cell.bounds.upper / ward.0).floor();
    let wards = search.program.add_column(0.0, Bounds::between(0.0, most));
    search.program.set_integer(wards);
    search.program.add_row(Bounds::exactly(0.0), [(cell.column, 1.0), (wards, -ward.0)]);
}

/// Σ |beds − beds in fractions|.
fn distance(search: &mut Search, cells: &[Cell]) -> Expression {
    let mut expression: Vec<(ColumnIx, f64)> = Vec::new();
    for cell in cells {
        let [short, over] = [(); 2].map(|()| search.program.add_column(0.0, Bounds::NON_NEGATIVE));
        let terms = [(cell.column, 1.0), (short, 1.0), (over, -1.0)];
        search.program.add_row(Bounds::exactly(cell.at), terms);
        expression.extend([(short, 1.0), (over, 1.0)]);
    }
    expression
}
