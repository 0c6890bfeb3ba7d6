//! Settles ties: among equally good plans, the one nearest to each site's share of need.
//!
//! Nearest means the least Σ (new\[h,s,t\] − share\[h,s,t\])², each wave's share being of what it gives out, to
//! which the squares of beds moved in any way are added, so that moves are spread and settled too. A sum of
//! squares has one best plan, so the answer does not depend on the algorithm.

use super::error::RunError;
use super::need_share::need_share_beds;
use super::stage::{Solved, Stage};
use crate::domain::system::CareSystem;
use crate::formulation::keys::{Movement, NewBeds};
use crate::lp::{Bounds, ColumnIx};
use crate::solver::Nearest;

/// How far the plan may stand from the nearest point, in beds: none where that is exact, else room for the rounding of
/// solvers. Where patients cannot follow beds so closely, the next is tried.
const ROOMS: [f64; 4] = [0.0, 1e-5, 1e-4, 1e-3];

/// Moves along the face that the levels left, and returns the columns of the plan settled on. `None` where the
/// model wants no tie-break, where the solver was stopped, or where rounding hides the way: the plan of the levels
/// then stands as it is.
pub fn settle_ties(
    stage: &mut Stage,
    system: &CareSystem,
    columns: &[f64],
) -> Result<Option<Vec<f64>>, RunError> {
    let mut targets = targets(stage, system);
    targets.extend(still(stage, system));
    settle_near(stage, targets, columns)
}

/// Moves along the face that the levels left to the plan nearest to targets, in beds. `None` as above.
pub fn settle_near(
    stage: &mut Stage,
    mut targets: Vec<(ColumnIx, f64)>,
    columns: &[f64],
) -> Result<Option<Vec<f64>>, RunError> {
    targets.retain(|(column, _)| !stage.program.column_bounds()[column.get()].is_fixed());
    if targets.is_empty() {
        return Ok(Some(columns.to_vec()));
    }
    let mut nearest = stage.nearest(&targets)?;
    if matches!(nearest, Nearest::Infeasible | Nearest::Lost) {
        stage.make_room_for(columns);
        nearest = stage.nearest(&targets)?;
    }
    let (nearest, rooms) = match nearest {
        Nearest::Found(nearest) => (nearest, &ROOMS[1..]),
        Nearest::Exact(nearest) => (nearest, &ROOMS[..]),
        Nearest::Infeasible | Nearest::Lost | Nearest::Stopped(_) => return Ok(None),
    };
    // Only the beds are settled. Patients get a plan from the solver of the levels, at a corner: a point
    // from the inside would split every area between sites that are equally far.
    let free: Vec<Bounds> =
        targets.iter().map(|(column, _)| stage.program.column_bounds()[column.get()]).collect();
    for room in rooms {
        for (&(column, _), bounds) in targets.iter().zip(&free) {
            let near = |value: f64| value.clamp(bounds.lower, bounds.upper);
            let value = nearest[column.get()];
            stage.program.set_column_bounds(column, Bounds::between(near(value - room), near(value + room)));
        }
        match stage.minimise(&[])? {
            Solved::Level(solution) => return Ok(Some(solution.columns)),
            Solved::Infeasible => {}
            Solved::Stopped(..) => break,
        }
    }
    Ok(None)
}

/// New beds, each with its share of need.
fn targets(stage: &Stage, system: &CareSystem) -> Vec<(ColumnIx, f64)> {
    let mut targets = Vec::new();
    for period in system.opening_periods() {
        let shares = need_share_beds(system, period);
        targets.extend(system.beds.keys().filter_map(|&(site, specialty)| {
            let new = stage.formulation.column(NewBeds { site, specialty, period })?;
            Some((new, shares[&(site, specialty)].0))
        }));
    }
    targets
}

/// Beds moved: as few in one place as can be.
fn still(stage: &Stage, system: &CareSystem) -> Vec<(ColumnIx, f64)> {
    let mut targets = Vec::new();
    for period in system.periods.indices() {
        for &(site, specialty) in system.beds.keys() {
            let moves = Movement::ALL.into_iter();
            let columns = moves.filter_map(|m| stage.formulation.column(m.variable(site, specialty, period)));
            targets.extend(columns.map(|column| (column, 0.0)));
        }
    }
    targets
}
