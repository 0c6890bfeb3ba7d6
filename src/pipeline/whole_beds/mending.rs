//! Mending: beds that nobody uses go to where some are short.
//!
//! The first level is solved with the rounded beds fixed. Rounding costs something only where it leaves a bed
//! empty: a site's room that nobody takes says how many, and the price of a bed elsewhere what one is worth there.
//! Beds so found are moved, as many as the rules let, and the level is solved again; what is no better is undone
//! and tried with fewer.

use super::bed_rows::{BedRows, Cell};
use super::rounding::{self, ROUNDING, Span};
use crate::domain::PeriodIx;
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::formulation::Formulation;
use crate::formulation::keys::{ConstraintKey, VariableKey};
use crate::lp::{Bounds, ColumnIx, Limit};
use crate::pipeline::error::RunError;
use crate::pipeline::run::MakeSolver;
use crate::pipeline::stage::{Solved, Stage};
use std::collections::{BTreeMap, BTreeSet};

/// Mending ends at this gap to the bound.
const TARGET: f64 = 5e-5;
/// It also ends after so many trials.
const MOST_TRIALS: usize = 24;
/// What is no better is tried with half of the changes, down to this part of them.
const FINEST: usize = 8;
/// Beds worth less than this share of the best are not asked for.
const WORTH: f64 = 0.5;

/// What is to be small.
pub struct Aim<'a> {
    /// The first level.
    pub expression: Vec<(ColumnIx, f64)>,
    /// Its bound, in the unit of reports.
    pub bound: f64,
    /// A value of the program in that unit.
    pub told: &'a dyn Fn(f64) -> f64,
}

/// How mending ended.
pub enum Mended {
    /// With beds, and the gap after each trial.
    Done(Vec<f64>, Vec<f64>),
    /// The rounded beds leave no plan.
    Infeasible,
    /// Stopped before there was any plan.
    Stopped(Limit),
}

/// Beds, and what the first level makes of them.
struct Trial {
    beds: Vec<f64>,
    value: f64,
    columns: Vec<f64>,
    duals: Vec<f64>,
}

enum Tried {
    Solved(Trial),
    Infeasible,
    Stopped(Limit),
}

/// Moves beds while that makes the first level better.
pub fn mend(
    system: &CareSystem,
    f: &Formulation,
    (cells, rows, ward): (&[Cell], &BedRows, Beds),
    aim: &Aim,
    rounded: Vec<f64>,
    solver: &mut MakeSolver,
) -> Result<Mended, RunError> {
    let mut stage = Stage::new(f, solver()?);
    let mut best = match trial(&mut stage, cells, aim, rounded)? {
        Tried::Solved(trial) => trial,
        Tried::Infeasible => return Ok(Mended::Infeasible),
        Tried::Stopped(limit) => return Ok(Mended::Stopped(limit)),
    };
    let gap = |trial: &Trial| (trial.value - aim.bound).max(0.0) / trial.value.abs().max(1.0);
    let (mut gaps, mut among) = (vec![gap(&best)], 1);
    while gaps.len() < MOST_TRIALS && gap(&best) > TARGET {
        let Some(spans) = spans(system, f, cells, &best, ward.0, among) else { break };
        let Some(beds) = rounding::solve(cells, rows, ward.0, &spans, &Vec::new(), false, solver)? else {
            break;
        };
        let same = beds.iter().zip(&best.beds).all(|(new, old)| (new - old).abs() < ROUNDING);
        if same {
            break;
        }
        let tried = trial(&mut stage, cells, aim, beds)?;
        if let Tried::Solved(found) = &tried {
            gaps.push(gap(found));
        }
        match tried {
            Tried::Solved(found) if found.value < best.value - ROUNDING => best = found,
            Tried::Stopped(_) => break,
            _ if among >= FINEST => break,
            _ => among *= 2,
        }
    }
    Ok(Mended::Done(best.beds, gaps))
}

fn trial(stage: &mut Stage, cells: &[Cell], aim: &Aim, beds: Vec<f64>) -> Result<Tried, RunError> {
    for (cell, &value) in cells.iter().zip(&beds) {
        stage.program.set_column_bounds(cell.column, Bounds::exactly(value));
    }
    Ok(match stage.minimise(&aim.expression)? {
        Solved::Level(level) => {
            let value = (aim.told)(level.value);
            Tried::Solved(Trial { beds, value, columns: level.columns, duals: level.duals })
        }
        Solved::Infeasible => Tried::Infeasible,
        Solved::Stopped(limit, _) => Tried::Stopped(limit),
    })
}

/// What each decision may become next, so that beds which nobody uses go to where one is worth most; `None` where
/// nothing is left to change. Only one part in `among` of the changes that could be made is allowed.
fn spans(
    system: &CareSystem,
    f: &Formulation,
    cells: &[Cell],
    trial: &Trial,
    ward: f64,
    among: usize,
) -> Option<Vec<Span>> {
    let worth = worths(f, cells, &trial.duals);
    let mut spans: Vec<Span> =
        trial.beds.iter().map(|&beds| Span { base: beds, least: 0.0, most: 0.0, cost: 0.0 }).collect();
    let mut givers: Vec<(f64, usize)> = Vec::new();
    let mut movers: Vec<(f64, usize)> = Vec::new();
    for (position, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.whole) {
        let worth = worth[position];
        let held = trial.beds[position] / ward;
        let empty = empty_beds(system, f, cell, &trial.columns) / ward;
        if !cell.is_new() {
            let span = moved(cell, worth, held, empty);
            if span.least < span.most {
                spans[position] = Span { base: trial.beds[position], ..span };
                movers.push((worth, position));
            }
        } else if empty > ROUNDING && held > 0.5 {
            givers.push((empty.min(held), position));
        } else if worth >= WORTH {
            // Rather where it was rounded down.
            let short = (cell.at - trial.beds[position]) / ward;
            spans[position].most = 1.0;
            spans[position].cost = -worth - 0.1 * short.clamp(-1.0, 1.0);
        }
    }
    let idle: BTreeSet<usize> = givers.iter().map(|&(_, position)| position).collect();
    let others = worthless(cells, trial, &worth, ward);
    givers.extend(others.into_iter().filter(|(_, position)| !idle.contains(position)));
    for &(_, position) in after(&mut movers, among) {
        (spans[position].least, spans[position].most) = (0.0, 0.0);
    }
    after(&mut givers, among);
    for &(wards, position) in &givers[..givers.len().div_ceil(among)] {
        let wards = (wards - ROUNDING).ceil().max(1.0);
        spans[position] = Span { base: trial.beds[position], least: -wards, most: 0.0, cost: 0.0 };
    }
    (!givers.is_empty() || !movers.is_empty()).then_some(spans)
}

/// Sorts changes, the greatest first, and returns those after the first part in `among`.
fn after(changes: &mut [(f64, usize)], among: usize) -> &[(f64, usize)] {
    changes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    &changes[changes.len().div_ceil(among)..]
}

/// What beds moved may become: one ward more comes to where beds are worth most, and one fewer leaves there; where
/// some stand empty one fewer comes, and one more leaves.
fn moved(cell: &Cell, worth: f64, held: f64, empty: f64) -> Span {
    let (short, idle, some) = (worth >= WORTH, empty > 1.0 - ROUNDING, held > 0.5);
    let comes = cell.sign > 0.0;
    let closes = matches!(cell.key, VariableKey::ClosedBeds(_));
    let more = if comes { short } else { idle && !closes };
    let fewer = some && if comes { idle } else { short };
    let bound = |allowed: bool| f64::from(u8::from(allowed));
    Span { base: 0.0, least: -bound(fewer), most: bound(more), cost: -worth * cell.sign }
}

/// What one more bed would be worth, as a share of the best of its wave: a bed opened sooner serves in more of them.
fn worths(f: &Formulation, cells: &[Cell], duals: &[f64]) -> Vec<f64> {
    let worth: Vec<f64> = cells.iter().map(|cell| -price(f, cell, duals)).collect();
    let mut most: BTreeMap<PeriodIx, f64> = BTreeMap::new();
    for (cell, &worth) in cells.iter().zip(&worth) {
        let best = most.entry(cell.period).or_default();
        *best = best.max(worth);
    }
    let share = |(cell, worth): (&Cell, f64)| if worth > 0.0 { worth / most[&cell.period] } else { 0.0 };
    cells.iter().zip(worth).map(share).collect()
}

/// New beds that are not empty themselves: wards rounded up whose beds are worth little, since patients could go to
/// empty beds nearby. They go after those that are empty.
fn worthless(cells: &[Cell], trial: &Trial, worth: &[f64], ward: f64) -> Vec<(f64, usize)> {
    let up = |position: usize| (trial.beds[position] - cells[position].at) / ward;
    (0..cells.len())
        .filter(|&at| cells[at].is_new() && trial.beds[at] > 0.5 * ward)
        .filter(|&at| worth[at] < 1.0 - WORTH && up(at) > ROUNDING)
        .map(|at| (up(at), at))
        .collect()
}

/// What one more bed adds to the level.
fn price(f: &Formulation, cell: &Cell, duals: &[f64]) -> f64 {
    let (site, specialty, period) = (cell.site, cell.specialty, cell.period);
    f.row(ConstraintKey::BedStock { site, specialty, period }).map_or(0.0, |row| duals[row.get()])
}

/// Beds of the stock that nobody needs in any period from the wave on.
fn empty_beds(system: &CareSystem, f: &Formulation, cell: &Cell, columns: &[f64]) -> f64 {
    let cap = system.policy.occupancy.cap_at(cell.site, cell.specialty).0;
    let from = system.periods[cell.period].wave;
    let later = system.periods.indices().filter(|&period| system.periods[period].wave >= from);
    later.map(|period| room(f, cell, period, columns) / cap).fold(f64::INFINITY, f64::min)
}

/// Room for occupied beds that nobody takes.
fn room(f: &Formulation, cell: &Cell, period: PeriodIx, columns: &[f64]) -> f64 {
    let (site, specialty) = (cell.site, cell.specialty);
    let Some(row) = f.row(ConstraintKey::BedCapacity { site, specialty, period }) else { return 0.0 };
    let taken: f64 = f.program().activity(row, columns);
    (-taken).max(0.0)
}
