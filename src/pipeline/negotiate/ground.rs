//! The program that talks are about: the model's own, with a row for the new beds of each region.

use super::error::NegotiationError;
use super::plan::Promises;
use super::present::{Present, agreement};
use crate::domain::RegionIx;
use crate::domain::policy::{Combination, Level, Term};
use crate::domain::system::CareSystem;
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::ConstraintKey;
use crate::formulation::objective::TermExpression;
use crate::formulation::{Formulation, Parts, build};
use crate::lp::RowIx;
use crate::pipeline::observer::{self, Observer, observed};
use std::collections::BTreeMap;

/// The program that talks are about.
#[derive(Debug)]
pub struct Ground {
    pub(super) system: CareSystem,
    pub(super) formulation: Formulation,
    pub(super) points: DemandPoints,
    pub(super) rows: BTreeMap<RegionIx, RowIx>,
}

impl Ground {
    /// Builds the program over merged areas. O(areas × specialties × sites in reach).
    pub fn new(present: Present, observer: &mut dyn Observer) -> Self {
        let (system, first) = with_region_rows(present);
        let points = observed(observer, observer::Stage::DemandPoints, || {
            DemandPoints::of_areas(&system, present.times).merged()
        });
        let mut formulation =
            observed(observer, observer::Stage::BuildMerged, || build(&system, &points, Parts::default()));
        formulation.fix_sites(&present.standing.open);
        let rows = system
            .last_opening()
            .into_iter()
            .flat_map(|period| {
                let formulation = &formulation;
                (first..).zip(system.regions.indices()).filter_map(move |(position, region)| {
                    Some((region, formulation.row(ConstraintKey::Agreement { position, period })?))
                })
            })
            .collect();
        Self { system, formulation, points, rows }
    }
    /// The care system, with what the result decided.
    pub fn system(&self) -> &CareSystem {
        &self.system
    }
    /// The row of a region's new beds. A model that gives out no beds has none.
    pub(super) fn row(&self, region: RegionIx) -> Result<RowIx, NegotiationError> {
        self.rows.get(&region).copied().ok_or(NegotiationError::Impossible)
    }
    /// England's unmet need, in the unit of the model's term.
    pub(super) fn unmet(&self) -> &TermExpression {
        self.formulation.term(Term::Unmet).expect("every program has unmet need")
    }
    /// Rows and columns of the program.
    pub fn size(&self) -> (usize, usize) {
        (self.formulation.program().rows(), self.formulation.program().columns())
    }
}

/// The system with an agreement for each region that asks nothing yet, and the position of the first.
fn with_region_rows(present: Present) -> (CareSystem, u16) {
    let mut system = present.with_promises(&Promises::default());
    let policy = &mut system.policy;
    let first = u16::try_from(policy.agreements.len()).unwrap_or(u16::MAX);
    policy.agreements.extend(system.regions.indices().map(|region| agreement(region, None, None)));
    // The aims of talks, without a tolerance: talks keep to faces, and need no row that holds a term.
    policy.objective.combination = Combination::Priorities(
        [Term::Unmet, Term::Inequality].map(|term| Level { term, tolerance: 0.0 }).into(),
    );
    (system, first)
}
