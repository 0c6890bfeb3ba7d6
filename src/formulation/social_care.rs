//! Parameters of the social-care part: deliverable delay, and the curve from spend to released beds.

use crate::domain::index::Grid;
use crate::domain::policy::{Combination, CurveStep, DAYS_IN_YEAR, Term, deliverable};
use crate::domain::system::CareSystem;
use crate::domain::units::{MillionPounds, OccupiedBeds, Proportion};
use crate::domain::{CouncilIx, PeriodIx, ServiceIx, SpecialtyIx};

/// Need and deliverable delay by council, added up once.
#[derive(Debug)]
pub struct CouncilCare<'a> {
    system: &'a CareSystem,
    need: Grid<CouncilIx, SpecialtyIx, OccupiedBeds>,
    delay: Grid<CouncilIx, SpecialtyIx, OccupiedBeds>,
}

impl<'a> CouncilCare<'a> {
    /// Adds up areas by council. O(areas × specialties).
    pub fn new(system: &'a CareSystem) -> Self {
        let (councils, specialties) = (system.councils.len(), system.specialties.len());
        let mut need = Grid::filled(councils, specialties, OccupiedBeds::ZERO);
        for (area, _, place) in system.areas.iter() {
            for specialty in system.specialties.indices() {
                need[(place.council, specialty)] += system.need[(area, specialty)];
            }
        }
        let mut delay = Grid::filled(councils, specialties, OccupiedBeds::ZERO);
        if let Some(policy) = &system.policy.social_care {
            for council in system.councils.indices() {
                for specialty in system.specialties.indices() {
                    let at = (council, specialty);
                    delay[at] = deliverable(system.delays[at], policy).min(need[at]);
                }
            }
        }
        Self { system, need, delay }
    }
    /// Δ\[c,s,t\]: beds held by delay that money can release, growth applied. Never more than the
    /// council's need for the specialty; zero when the social-care part is off.
    pub fn deliverable_delay(
        &self,
        council: CouncilIx,
        specialty: SpecialtyIx,
        period: PeriodIx,
    ) -> OccupiedBeds {
        self.delay[(council, specialty)] * self.system.periods[period].need_factor(specialty)
    }
    /// δ\[c,s\]: the same as a share of the council's need.
    pub fn delayed_share(&self, council: CouncilIx, specialty: SpecialtyIx) -> Proportion {
        let at = (council, specialty);
        if self.need[at].0 > 0.0 { self.delay[at] / self.need[at] } else { Proportion::ZERO }
    }
    /// The curve of a council's service. Step 0 is today's spend above the floor; a service that
    /// releases delay has a further step for each step of the discharge curve, as wide as it costs to
    /// release that share of the council's deliverable delay. Step 0 has the slope of step 1, so the
    /// curve is concave.
    ///
    /// width_j = share_j · Σ_s Δ\[c,s\] · cost_j · 365, slope_j = 1 ÷ (cost_j · 365)
    pub fn curve(&self, council: CouncilIx, service: ServiceIx, period: PeriodIx) -> SpendCurve {
        let Some(policy) = &self.system.policy.social_care else { return SpendCurve { steps: Vec::new() } };
        let today = MillionPounds::from(self.system.spend[(council, service)]);
        let above_floor = MillionPounds(today.0 * (1.0 - policy.floor_of(service).0));
        if policy.releasing_service != Some(service) {
            return SpendCurve { steps: vec![(above_floor, 0.0)] };
        }
        let specialties = self.system.specialties.indices();
        let delay: OccupiedBeds = specialties.map(|s| self.deliverable_delay(council, s, period)).sum();
        let bed_year = |step: &CurveStep| step.cost_per_bed_day * DAYS_IN_YEAR / 1e6;
        let first_slope = policy.discharge_curve.first().map_or(0.0, |step| 1.0 / bed_year(step));
        let mut steps = vec![(above_floor, first_slope)];
        steps.extend(
            policy
                .discharge_curve
                .iter()
                .map(|step| (MillionPounds(step.share.0 * delay.0 * bed_year(step)), 1.0 / bed_year(step))),
        );
        SpendCurve { steps }
    }
}

/// What spend above the floor on one service buys.
#[derive(Debug, Clone, PartialEq)]
pub struct SpendCurve {
    /// Width of each step, and the beds released for each £ million on it.
    steps: Vec<(MillionPounds, f64)>,
}

impl SpendCurve {
    /// Width of each step.
    pub fn widths(&self) -> impl Iterator<Item = MillionPounds> + '_ {
        self.steps.iter().map(|(width, _)| *width)
    }
    /// Beds released for each £ million on each step.
    pub fn slopes(&self) -> impl Iterator<Item = f64> + '_ {
        self.steps.iter().map(|(_, slope)| *slope)
    }
    /// What today's spend above the floor already releases: it fills the first step.
    pub fn released_today(&self) -> OccupiedBeds {
        self.steps.first().map_or(OccupiedBeds::ZERO, |(width, slope)| OccupiedBeds(width.0 * slope))
    }
}

/// Whether the model shares unmet need out among equity groups at all.
pub fn equity_is_wanted(system: &CareSystem) -> bool {
    match &system.policy.objective.combination {
        Combination::Priorities(levels) => levels.iter().any(|level| level.term == Term::Inequality),
        Combination::Weights(weights) => weights.get(&Term::Inequality).is_some_and(|weight| *weight > 0.0),
    }
}
