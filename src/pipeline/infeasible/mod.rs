//! When it cannot be done: which demands collide, and the least changes that would make the model work.
//!
//! Each demand gets a slack, how far it is given way on, with a weight by how easily that is done. The least
//! weighted sum of slacks is the repair; where it is nothing, the demands can be met. By duality the demands with a
//! price in that program collide among themselves; from these [`narrow`] takes the ones that are not needed.

mod elastic;
mod narrow;

use super::error::RunError;
use super::run::MakeSolver;
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::demands::{Demand, Grip, Skeleton, skeleton};
use crate::formulation::ease::weight;
use crate::formulation::sites::OpenSites;
use crate::formulation::whole_beds::comes_whole;
use crate::solution::conflict::{Change, Conflict, ConflictLine, origin};
use elastic::{Elastic, Role, Wards};

/// The file in which a demand stands that somebody asks about.
pub const ASKED: &str = "the question asked";

/// A weighted sum of changes up to here is rounding.
const NOTHING: f64 = 1e-6;

/// Judges the demands of a model without its patients; `None` where they can all be met, or a limit stopped the
/// solver before that was known. Sites that may open or close may do so as a whole only.
pub fn judge(system: &CareSystem, solver: &mut MakeSolver) -> Result<Option<Conflict>, RunError> {
    judge_skeleton(system, &skeleton(system, None), solver)
}

/// The same with the patients of these points: slower, for models in which they too stand in the way.
pub(super) fn judge_with_patients(
    system: &CareSystem,
    points: &DemandPoints,
    solver: &mut MakeSolver,
) -> Result<Option<Conflict>, RunError> {
    judge_skeleton(system, &skeleton(system, Some(points)), solver)
}

/// Judges the demands of a model in whole beds that can be met in parts of a bed: the rule of whole beds is then a member of
/// every conflict. `None` where whole beds meet them all, or nobody could tell within a limit.
pub(super) fn judge_whole_beds(
    system: &CareSystem,
    ward: Beds,
    solver: &mut MakeSolver,
) -> Result<Option<Conflict>, RunError> {
    let skeleton = skeleton(system, None);
    let mut sizes = vec![None; skeleton.formulation.program().columns()];
    for (column, _) in skeleton.formulation.decisions().filter(|(_, key)| comes_whole(system, *key)) {
        sizes[column.get()] = Some(ward.0);
    }
    let Some(mut conflict) = judge_program(system, &skeleton, Some(&Wards(sizes)), solver)? else {
        return Ok(None);
    };
    let rule = Demand::WholeBeds;
    let change = Change {
        demand: rule,
        by: 1.0,
        limit: ward.0,
        weighs: weight(system, rule),
        origin: origin(system, rule),
    };
    conflict.members.push(ConflictLine::new(system, rule, ward.0));
    conflict.alone.push(Some(change));
    Ok(Some(conflict))
}

fn judge_skeleton(
    system: &CareSystem,
    whole: &Skeleton,
    solver: &mut MakeSolver,
) -> Result<Option<Conflict>, RunError> {
    let mut in_parts = whole.clone();
    in_parts.formulation.fix_sites(&OpenSites::new());
    // A conflict that holds even if sites could be open in part is told first: it has prices.
    if let Some(conflict) = judge_program(system, &in_parts, None, solver)? {
        return Ok(Some(conflict));
    }
    if whole.formulation.program().has_integers() {
        return judge_program(system, whole, None, solver);
    }
    Ok(None)
}

fn judge_program(
    system: &CareSystem,
    skeleton: &Skeleton,
    wards: Option<&Wards>,
    solver: &mut MakeSolver,
) -> Result<Option<Conflict>, RunError> {
    let weights: Vec<f64> = skeleton.demands.iter().map(|(demand, ..)| weight(system, *demand)).collect();
    let mut elastic = Elastic::new(skeleton, wards, solver()?);
    let Some(least) = elastic.least(|n| Role::Priced(weights[n]))? else { return Ok(None) };
    if least.value <= NOTHING {
        return Ok(None);
    }
    let mut colliding = least.priced.clone();
    if !elastic.collide(&colliding, &weights)? {
        colliding = (0..skeleton.demands.len()).collect();
    }
    let members = narrow::narrow(&colliding, &mut |some| elastic.collide(some, &weights))?;
    let change = |n: usize, by: f64| {
        let (demand, limit, _) = skeleton.demands[n];
        Change { demand, by, limit, weighs: weights[n] * by, origin: origin(system, demand) }
    };
    let mut alone = Vec::new();
    for &member in &members {
        let found = elastic.least(|n| if n == member { Role::Priced(1.0) } else { Role::Firm })?;
        alone.push(found.map(|found| change(member, found.slacks[member])));
    }
    let mut settings = Vec::new();
    for (n, (demand, limit, grips)) in skeleton.settings.iter().enumerate() {
        let loosens = |member: &usize| {
            grips.iter().any(|grip| skeleton.demands[*member].2.iter().any(|own| same_row(grip, own)))
        };
        if !members.iter().any(loosens) {
            continue;
        }
        if let Some(by) = elastic.setting_alone(n)? {
            let weighs = weight(system, *demand) * by;
            settings.push(Change {
                demand: *demand,
                by,
                limit: *limit,
                weighs,
                origin: origin(system, *demand),
            });
        }
    }
    // A demand that somebody asks about stays as it is, where others can make room for it.
    let asked = |n: usize| origin(system, skeleton.demands[n].0).is_some_and(|origin| origin.file == ASKED);
    let repaired = match (0..skeleton.demands.len()).find(|&n| asked(n)) {
        Some(_) => elastic.least(|n| if asked(n) { Role::Firm } else { Role::Priced(weights[n]) })?,
        None => None,
    };
    let least = repaired.unwrap_or(least);
    let repaired = least.slacks.iter().enumerate().filter(|(_, by)| **by > NOTHING);
    let repair = repaired.map(|(n, &by)| change(n, by)).collect();
    let line = |&n: &usize| ConflictLine::new(system, skeleton.demands[n].0, skeleton.demands[n].1);
    Ok(Some(Conflict { members: members.iter().map(line).collect(), alone, settings, repair }))
}

fn same_row(a: &Grip, b: &Grip) -> bool {
    use Grip::Row;
    matches!((a, b), (Row(x, s, _), Row(y, t, _)) if x == y && s == t)
}
