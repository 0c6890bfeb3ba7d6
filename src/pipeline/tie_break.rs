//! Settles ties: among equally good plans, the one nearest to each site's share of need.
//!
//! Nearest means the least Σ (new\[h,s,t\] − share\[h,s,t\])², each wave's share being of what it gives out, to
//! which the squares of beds moved in any way are added, so that moves are spread and settled too. A sum of
//! squares has one best plan, so the answer does not depend on the algorithm. It is minimised as a sequence of
//! linear programs: each
//! square is replaced by stretches around the present plan, narrower from one program to the next.

use super::error::RunError;
use super::need_share::need_share_beds;
use super::stage::{Solved, Stage};
use crate::domain::policy::TieBreak;
use crate::domain::system::CareSystem;
use crate::formulation::keys::{MovedBedsStep, Movement, NewBeds, NewBedsStep};
use crate::lp::{Bounds, ColumnIx};

/// Width of the stretches next to the plan at the start, in beds.
const FIRST_WIDTH: f64 = 32.0;
/// The search ends when stretches are this narrow and the plan stays within them, in beds.
const LAST_WIDTH: f64 = 0.004;
/// More programs than this were never needed.
const MOST_PROGRAMS: usize = 80;

/// A site's new beds, or beds moved there, on the curve.
struct Curve {
    beds: ColumnIx,
    steps: Vec<ColumnIx>,
    target: f64,
    most: f64,
}

/// Moves along the face that the levels left, and returns the columns of the plan settled on.
/// The columns given are returned when the model wants no tie-break, or when the solver was stopped.
pub fn settle_ties(stage: &mut Stage, system: &CareSystem, columns: Vec<f64>) -> Result<Vec<f64>, RunError> {
    if system.policy.objective.tie_break == TieBreak::None {
        return Ok(columns);
    }
    let mut curves = curves(stage, system);
    curves.extend(move_curves(stage, system));
    let mut columns = columns;
    let mut width = FIRST_WIDTH;
    for _ in 0..MOST_PROGRAMS {
        let costs = lay_stretches(stage, &curves, &columns, width);
        let Solved::Level(solution) = stage.minimise(&costs)? else { return Ok(columns) };
        let moved = curves
            .iter()
            .map(|curve| (solution.columns[curve.beds.get()] - columns[curve.beds.get()]).abs())
            .fold(0.0, f64::max);
        columns = solution.columns;
        if moved < width {
            if width <= LAST_WIDTH {
                break;
            }
            width /= 4.0;
        }
    }
    Ok(columns)
}

fn curves(stage: &Stage, system: &CareSystem) -> Vec<Curve> {
    let f = stage.formulation;
    let mut curves = Vec::new();
    for period in system.opening_periods() {
        let targets = need_share_beds(system, period);
        curves.extend(system.beds.keys().filter_map(|&(site, specialty)| {
            let new = f.column(NewBeds { site, specialty, period })?;
            let steps =
                (0u8..).map_while(|step| f.column(NewBedsStep { site, specialty, step, period })).collect();
            let most = stage.program.column_bounds()[new.get()].upper;
            Some(Curve { beds: new, steps, target: targets[&(site, specialty)].0, most })
        }));
    }
    curves
}

/// Curves of beds moved: as few in one place as can be.
fn move_curves(stage: &Stage, system: &CareSystem) -> Vec<Curve> {
    let f = stage.formulation;
    let mut curves = Vec::new();
    for period in system.periods.indices() {
        for &(site, specialty) in system.beds.keys() {
            for movement in Movement::ALL {
                let Some(beds) = f.column(movement.variable(site, specialty, period)) else { continue };
                let step = |step| f.column(MovedBedsStep { site, specialty, movement, step, period });
                let steps = (0u8..).map_while(step).collect();
                let most = stage.program.column_bounds()[beds.get()].upper;
                curves.push(Curve { beds, steps, target: 0.0, most });
            }
        }
    }
    curves
}

/// Lays each curve's stretches around the present plan and returns their costs: the mean slope of the
/// square over each stretch.
fn lay_stretches(stage: &mut Stage, curves: &[Curve], columns: &[f64], width: f64) -> Vec<(ColumnIx, f64)> {
    let mut costs = Vec::with_capacity(curves.len() * 4);
    for curve in curves {
        let now = columns[curve.beds.get()].clamp(0.0, curve.most);
        let ends = [0.0, (now - width).max(0.0), now, (now + width).min(curve.most), curve.most];
        for (step, ends) in curve.steps.iter().zip(ends.windows(2)) {
            stage.program.set_column_bounds(*step, Bounds::between(0.0, ends[1] - ends[0]));
            costs.push((*step, ends[0] + ends[1] - 2.0 * curve.target));
        }
    }
    costs
}
