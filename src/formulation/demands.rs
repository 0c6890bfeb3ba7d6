//! Demands: what a model asks for and somebody could give way on, as against rows that only keep the books.
//!
//! Need may always stay unmet, so patients never make a model infeasible; rules on beds and money do. They are
//! judged on a *skeleton*: the program of a model without its patients, some thousands of rows even for a fine
//! division of England, in which every demand can be loosened.

use super::demand_points::DemandPoints;
use super::keys::{ConstraintKey, VariableKey};
use super::{Formulation, Parts, build};
use crate::domain::system::CareSystem;
use crate::domain::{Ix, PeriodIx, SiteIx};
use crate::lp::{BoundSide, Bounds, ColumnIx, RowIx};
use std::collections::BTreeMap;

/// Something that a model asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Demand {
    /// One side of a constraint. Where the same number holds in every period, the first of them stands for all.
    Row(ConstraintKey, BoundSide),
    /// One side of a variable's own limits.
    Limit(VariableKey, BoundSide),
    /// Beds that must stay (position in the policy's list).
    Protected(u16),
    /// The growth limit of all sites that have no largest size of their own.
    Growth,
    /// Beds come whole, or in wards.
    WholeBeds,
}

/// Where a demand takes hold of the program.
#[derive(Debug, Clone, PartialEq)]
pub enum Grip {
    /// A side of a row, each unit of the demand counting so much in it.
    Row(RowIx, BoundSide, f64),
    /// The sum of some columns has a limit on this side.
    Columns(Vec<ColumnIx>, BoundSide, f64),
}

/// A program without patients, and what it demands.
#[derive(Debug, Clone)]
pub struct Skeleton {
    /// The program; limits that demands put on columns are left out of it.
    pub formulation: Formulation,
    /// Every demand with its limit as stated and where it takes hold, in order.
    pub demands: Vec<(Demand, f64, Vec<Grip>)>,
    /// Settings that loosen several demands at once. They are no demands of their own.
    pub settings: Vec<(Demand, f64, Vec<Grip>)>,
}

/// Builds the skeleton of a model; with patients where points are given.
pub fn skeleton(system: &CareSystem, points: Option<&DemandPoints>) -> Skeleton {
    // Protected beds have no way out in the model; here they have one, with a limit of nought.
    let loose = (!system.policy.protected.is_empty()).then(|| {
        let mut loose = system.clone();
        loose.policy.protected.clear();
        loose
    });
    let none = DemandPoints::none();
    let mut f = build(loose.as_ref().unwrap_or(system), points.unwrap_or(&none), Parts::default());
    let mut demands: BTreeMap<Demand, (f64, Vec<Grip>)> = BTreeMap::new();
    for (position, rule) in (0u16..).zip(&system.policy.protected) {
        let ways = f.decisions().filter(|(_, key)| protects(rule.specialty, rule.site, *key));
        let ways: Vec<ColumnIx> = ways.map(|(column, _)| column).collect();
        if !ways.is_empty() {
            let grip = Grip::Columns(ways, BoundSide::Upper, 0.0);
            demands.insert(Demand::Protected(position), (0.0, vec![grip]));
        }
    }
    free_implied_limits(&mut f, &mut demands);
    for (row, &key) in (0u32..).map(RowIx).zip(f.constraints()) {
        let bounds = f.program().row_bounds()[row.get()];
        for side in [BoundSide::Lower, BoundSide::Upper] {
            let limit = bounds.end(side);
            if !limit.is_finite() || !is_demand(key, side, bounds) {
                continue;
            }
            let demand = Demand::Row(of_all_periods(key), side);
            let (_, grips) = demands.entry(demand).or_insert((limit, Vec::new()));
            grips.push(Grip::Row(row, side, 1.0));
        }
    }
    let settings = growth(system, &f).into_iter().collect();
    let demands = demands.into_iter().map(|(demand, (limit, grips))| (demand, limit, grips)).collect();
    Skeleton { formulation: f, demands, settings }
}

/// Whether a variable takes beds away that a protection keeps: where a specialty is named it must stay that
/// specialty too.
fn protects(specialty: Option<crate::domain::SpecialtyIx>, site: SiteIx, key: VariableKey) -> bool {
    let of = |at: SiteIx, s| at == site && specialty.is_none_or(|protected| protected == s);
    match key {
        VariableKey::BedsOut(x) => of(x.site, x.specialty),
        VariableKey::ClosedBeds(x) => of(x.site, x.specialty),
        VariableKey::ConvertedFrom(x) => specialty.is_some() && of(x.site, x.specialty),
        _ => false,
    }
}

/// Takes away limits of columns that rows imply, which would stand in the way when the rows are loosened; those
/// that are demands of their own become such.
fn free_implied_limits(f: &mut Formulation, demands: &mut BTreeMap<Demand, (f64, Vec<Grip>)>) {
    use VariableKey as V;
    let all: Vec<(ColumnIx, VariableKey)> = f.decisions().collect();
    for (column, key) in all {
        let bounds = f.program.column_bounds()[column.get()];
        match key {
            V::StepDownBeds(_) => {
                for side in [BoundSide::Lower, BoundSide::Upper] {
                    let limit = bounds.end(side);
                    if limit.is_finite() && !(side == BoundSide::Lower && limit <= 0.0) {
                        let grip = Grip::Columns(vec![column], side, limit);
                        demands.insert(Demand::Limit(key, side), (limit, vec![grip]));
                    }
                }
            }
            V::OpenBeds(_)
            | V::NewBeds(_)
            | V::BedsIn(_)
            | V::BedsOut(_)
            | V::ConvertedTo(_)
            | V::ConvertedFrom(_)
            | V::ClosedBeds(_)
            | V::PooledMoney(_)
            | V::MoneyMoved(_)
            | V::StepDownByNhs(_)
            | V::StepDownByCouncil(_)
            | V::FreedBeds(_) => {}
            V::Treated(_)
            | V::Unmet(_)
            | V::SpendStep(_)
            | V::ReleasedShare(_)
            | V::GroupUnmetShare(_)
            | V::WorstUnmetShare(_)
            | V::UnmetThreshold(_)
            | V::UnmetExcess(_)
            | V::RollOut(_)
            | V::OpenSite(_) => continue,
        }
        f.program.set_column_bounds(column, Bounds::NON_NEGATIVE);
    }
}

/// Whether somebody could give way on a side of a constraint. What else holds is arithmetic (beds are those of the
/// wave before and what changes), or physics of the model (release needs spend).
fn is_demand(key: ConstraintKey, side: BoundSide, bounds: Bounds) -> bool {
    use ConstraintKey as K;
    match key {
        K::NewBedPool { .. } => side == BoundSide::Upper || bounds.lower > 0.0,
        K::Agreement { .. }
        | K::Pin { .. }
        | K::SiteSize { .. }
        | K::SmallestOpen { .. }
        | K::LargestOpen { .. } => true,
        K::CouncilBudget { .. }
        | K::PooledFund { .. }
        | K::StepDownPool { .. }
        | K::PreventionBudget { .. }
        | K::BedManagementBudget { .. }
        | K::CapitalLimit { .. }
        | K::RevenueLimit { .. }
        | K::NurseLimit { .. }
        | K::ReallocationLimit { .. }
        | K::ConversionLimit { .. }
        | K::ClosureLimit { .. }
        | K::ClosurePrecedence { .. }
        | K::BedCapacity { .. }
        | K::StepDownCapacity { .. } => side == BoundSide::Upper,
        K::DemandBalance { .. }
        | K::BedStock { .. }
        | K::Discharge { .. }
        | K::MoneyBalance { .. }
        | K::GroupUnmet { .. }
        | K::UnmetCeiling { .. }
        | K::TermHold { .. }
        | K::ScenarioLoss { .. }
        | K::StepDownShare { .. }
        | K::StepDownStock { .. }
        | K::RollOutStep { .. }
        | K::FreedLimit { .. }
        | K::Reallocation { .. }
        | K::Conversion { .. }
        | K::ClosureStock { .. }
        | K::StaysSo { .. } => false,
    }
}

/// The key that stands for a rule with one number for every period.
fn of_all_periods(key: ConstraintKey) -> ConstraintKey {
    use ConstraintKey as K;
    let period: PeriodIx = Ix::from_usize(0);
    match key {
        K::SiteSize { site, .. } => K::SiteSize { site, period },
        K::SmallestOpen { site, .. } => K::SmallestOpen { site, period },
        K::LargestOpen { site, .. } => K::LargestOpen { site, period },
        K::CouncilBudget { council, .. } => K::CouncilBudget { council, period },
        K::PooledFund { .. } => K::PooledFund { period },
        K::PreventionBudget { .. } => K::PreventionBudget { period },
        K::BedManagementBudget { .. } => K::BedManagementBudget { period },
        K::NurseLimit { region, .. } => K::NurseLimit { region, period },
        other => other,
    }
}

/// The growth limit as one setting: a share more of it gives each site that share of its beds today. Sites with a
/// largest size of their own are left out, for that may bind next.
fn growth(system: &CareSystem, f: &Formulation) -> Option<(Demand, f64, Vec<Grip>)> {
    let limit = system.policy.growth_limit?;
    let grips: Vec<Grip> = (0u32..)
        .map(RowIx)
        .zip(f.constraints())
        .filter_map(|(row, &key)| match key {
            ConstraintKey::SiteSize { site, .. } if system.sites[site].largest_beds.is_none() => {
                Some(Grip::Row(row, BoundSide::Upper, system.site_beds(site).0))
            }
            _ => None,
        })
        .filter(|grip| matches!(grip, Grip::Row(_, _, today) if *today > 0.0))
        .collect();
    (!grips.is_empty()).then_some((Demand::Growth, limit.0, grips))
}
