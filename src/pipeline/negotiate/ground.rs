//! The program that talks are about: the model's own, with a row for the new beds of each region.

use super::error::NegotiationError;
use crate::domain::policy::{Agreement, Combination, Level, Origin, Scope, Term};
use crate::domain::system::CareSystem;
use crate::domain::units::Proportion;
use crate::domain::{RegionIx, SiteIx, SpecialtyIx};
use crate::formulation::demand_points::DemandPoints;
use crate::formulation::keys::{ConstraintKey, VariableKey};
use crate::formulation::objective::TermExpression;
use crate::formulation::sites::OpenSites;
use crate::formulation::{Formulation, Parts, build};
use crate::lp::RowIx;
use crate::network::TravelTimes;
use crate::pipeline::observer::{self, Observer, observed};
use std::collections::BTreeMap;

/// What the result decided that talks take as it is, and the beds from which they start.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Which sites are open, of those that may open or close.
    pub open: OpenSites,
    /// Occupancy caps that limits of refusals tightened.
    pub caps: BTreeMap<(SiteIx, SpecialtyIx), Proportion>,
    /// New beds and beds moved, by decision; what is not named is none.
    pub beds: BTreeMap<VariableKey, f64>,
}

/// The program that talks are about.
#[derive(Debug)]
pub struct Ground {
    pub(super) system: CareSystem,
    pub(super) formulation: Formulation,
    pub(super) points: DemandPoints,
    pub(super) rows: BTreeMap<RegionIx, RowIx>,
    pub(super) standing: Standing,
}

impl Ground {
    /// Builds the program over merged areas. O(areas × specialties × sites in reach).
    pub fn new(
        system: &CareSystem,
        times: &TravelTimes,
        standing: Standing,
        observer: &mut dyn Observer,
    ) -> Self {
        let (system, first) = with_region_rows(system, &standing);
        let points = observed(observer, observer::Stage::DemandPoints, || {
            DemandPoints::of_areas(&system, times).merged()
        });
        let mut formulation =
            observed(observer, observer::Stage::BuildMerged, || build(&system, &points, Parts::default()));
        formulation.fix_sites(&standing.open);
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
        Self { system, formulation, points, rows, standing }
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
fn with_region_rows(system: &CareSystem, standing: &Standing) -> (CareSystem, u16) {
    let mut system = system.clone();
    let policy = &mut system.policy;
    policy.occupancy.pools.extend(standing.caps.iter().map(|(&at, &cap)| (at, cap)));
    let first = u16::try_from(policy.agreements.len()).unwrap_or(u16::MAX);
    policy.agreements.extend(system.regions.indices().map(|region| Agreement {
        scope: Scope::Region(region),
        min: None,
        max: None,
        origin: Origin { file: "the talks".to_owned(), line: 0 },
    }));
    // The aims of talks, without a tolerance: talks keep to faces, and need no row that holds a term.
    policy.objective.combination = Combination::Priorities(
        [Term::Unmet, Term::Inequality].map(|term| Level { term, tolerance: 0.0 }).into(),
    );
    (system, first)
}
