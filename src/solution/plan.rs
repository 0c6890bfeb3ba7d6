//! The plan in domain words.

use super::measures::{self, MeasuresPlan};
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, Minutes, OccupiedBeds, Pounds};
use crate::domain::{AreaIx, CouncilIx, PeriodIx, ServiceIx, SiteIx, SpecialtyIx};
use crate::formulation::Formulation;
use crate::formulation::demand_points::{DemandPoint, DemandPoints};
use crate::formulation::induced::induced_by;
use crate::formulation::keys::{
    BedsIn, BedsOut, ClosedBeds, ConvertedFrom, ConvertedTo, NewBeds, OpenBeds, PooledMoney, ReleasedShare,
    SpendStep, Unmet,
};
use crate::formulation::social_care::CouncilCare;
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// Values below this many beds, occupied beds or shares are the solver's rounding.
pub const NOISE: f64 = 1e-7;

/// Patients of an area in a site's beds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// Where they live.
    pub area: AreaIx,
    /// Where they are treated.
    pub site: SiteIx,
    /// For what.
    pub specialty: SpecialtyIx,
    /// When.
    pub period: PeriodIx,
    /// How many.
    pub treated: OccupiedBeds,
    /// How far they travel, one way.
    pub minutes: Minutes,
}

/// What becomes of an area's need for one specialty.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NeedOutcome {
    /// Need, growth applied.
    pub need: OccupiedBeds,
    /// Treated at some site.
    pub treated: OccupiedBeds,
    /// Released because delayed patients went home.
    pub released: OccupiedBeds,
    /// Left unmet.
    pub unmet: OccupiedBeds,
    /// Prevented by programmes.
    pub prevented: OccupiedBeds,
    /// Brought forth by beds beyond today's, over and above `need`; less than nothing where beds went.
    pub induced: OccupiedBeds,
}

impl AddAssign for NeedOutcome {
    fn add_assign(&mut self, other: Self) {
        self.need += other.need;
        self.treated += other.treated;
        self.released += other.released;
        self.unmet += other.unmet;
        self.prevented += other.prevented;
        self.induced += other.induced;
    }
}

/// Beds of a site's specialty that are moved in a period.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moves {
    /// From other sites.
    pub reallocated_in: Beds,
    /// To other sites.
    pub reallocated_out: Beds,
    /// From other specialties of the site.
    pub converted_to: Beds,
    /// To other specialties of the site.
    pub converted_from: Beds,
    /// Closed.
    pub closed: Beds,
}

impl Moves {
    /// What they change, less the beds closed.
    pub fn net(&self) -> Beds {
        self.reallocated_in - self.reallocated_out + self.converted_to - self.converted_from - self.closed
    }
}

impl AddAssign for Moves {
    fn add_assign(&mut self, other: Self) {
        self.reallocated_in += other.reallocated_in;
        self.reallocated_out += other.reallocated_out;
        self.converted_to += other.converted_to;
        self.converted_from += other.converted_from;
        self.closed += other.closed;
    }
}

/// A plan: where the new beds go, who is treated where, and what councils spend.
#[derive(Debug, Clone, Default)]
pub struct BedPlan {
    /// New beds at every site and specialty that could have some.
    pub new_beds: BTreeMap<(SiteIx, SpecialtyIx, PeriodIx), Beds>,
    /// Beds moved, where there are any.
    pub moves: BTreeMap<(SiteIx, SpecialtyIx, PeriodIx), Moves>,
    /// Flows above [`NOISE`], in order of area, specialty, site.
    pub flows: Vec<Flow>,
    /// What becomes of each area's need.
    pub needs: BTreeMap<(AreaIx, SpecialtyIx, PeriodIx), NeedOutcome>,
    /// What councils spend after the plan.
    pub spend: BTreeMap<(CouncilIx, ServiceIx, PeriodIx), Pounds>,
    /// Pooled money that councils receive.
    pub pooled: BTreeMap<(CouncilIx, PeriodIx), Pounds>,
    /// What is done besides new acute beds.
    pub measures: MeasuresPlan,
}

impl BedPlan {
    /// Reads a plan off the values of a program's columns.
    pub fn read(system: &CareSystem, points: &DemandPoints, f: &Formulation, columns: &[f64]) -> Self {
        let mut plan = Self::default();
        plan.read_needs(system, points, f, columns);
        for period in system.periods.indices() {
            for &(site, specialty) in system.beds.keys() {
                let new = f.value_of(NewBeds { site, specialty, period }, columns);
                plan.new_beds.insert((site, specialty, period), silent(new.0).map_or(Beds::ZERO, Beds));
                let moves = read_moves(f, columns, site, specialty, period);
                if moves != Moves::default() {
                    plan.moves.insert((site, specialty, period), moves);
                }
            }
        }
        plan.read_money(system, f, columns);
        plan.measures = MeasuresPlan::read(system, f, columns);
        plan.measures.add_council_spend(system, &mut plan.spend);
        plan
    }

    fn read_needs(&mut self, system: &CareSystem, points: &DemandPoints, f: &Formulation, columns: &[f64]) {
        let care = CouncilCare::new(system);
        for (period, _, stretch) in system.periods.iter() {
            for point in points.iter() {
                let (area, specialty, council) = (point.area, point.specialty, point.council);
                let need = point.need * stretch.need_factor(specialty);
                let share = f.value_of(ReleasedShare { council, specialty, period }, columns);
                let mut outcome = NeedOutcome {
                    need,
                    released: need * care.delayed_share(council, specialty) * share,
                    unmet: OccupiedBeds(
                        silent(f.value_of(Unmet { area, specialty, period }, columns).0).unwrap_or(0.0),
                    ),
                    prevented: measures::prevented(system, f, point, need, period, columns),
                    induced: induced(system, point, f, columns, period),
                    ..NeedOutcome::default()
                };
                for (reachable, column) in f.treated(point, period) {
                    if let Some(beds) = silent(columns[column.get()]) {
                        let treated = OccupiedBeds(beds);
                        outcome.treated += treated;
                        let (site, minutes) = (reachable.site, reachable.minutes);
                        self.flows.push(Flow { area, site, specialty, period, treated, minutes });
                    }
                }
                self.needs.insert((area, specialty, period), outcome);
            }
        }
    }

    fn read_money(&mut self, system: &CareSystem, f: &Formulation, columns: &[f64]) {
        let Some(policy) = &system.policy.social_care else { return };
        for period in system.periods.indices() {
            for council in system.councils.indices() {
                let received = f.value_of(PooledMoney { council, period }, columns);
                self.pooled.insert((council, period), received.into());
                for service in system.services.indices() {
                    let floor = system.spend[(council, service)] * policy.floor_of(service);
                    let above: Pounds = (0u8..)
                        .map_while(|step| f.column(SpendStep { council, service, step, period }))
                        .map(|column| Pounds(columns[column.get()] * 1e6))
                        .sum();
                    self.spend.insert((council, service, period), floor + above);
                }
            }
        }
    }

    /// Beds open at a site in a period: today's, and what its wave and those before added and took away.
    pub fn beds_open(
        &self,
        system: &CareSystem,
        site: SiteIx,
        specialty: SpecialtyIx,
        period: PeriodIx,
    ) -> Beds {
        let today = system.beds.get(&(site, specialty)).map_or(Beds::ZERO, |stock| stock.available);
        let wave = system.periods[period].wave;
        let waves = system.opening_periods().filter(|&opening| system.periods[opening].wave <= wave);
        let changes = waves.map(|opening| {
            let key = (site, specialty, opening);
            let moves = self.moves.get(&key).copied().unwrap_or_default();
            self.new_beds.get(&key).copied().unwrap_or_default() + moves.net()
        });
        today + changes.sum()
    }
    /// New beds, all sites and specialties.
    pub fn total_new(&self) -> Beds {
        self.new_beds.values().copied().sum()
    }
    /// Unmet need, all areas.
    pub fn total_unmet(&self) -> OccupiedBeds {
        self.needs.values().map(|outcome| outcome.unmet).sum()
    }
}

/// Need that the plan's beds bring forth at a point.
fn induced(
    system: &CareSystem,
    point: &DemandPoint,
    f: &Formulation,
    columns: &[f64],
    period: PeriodIx,
) -> OccupiedBeds {
    let Some(by) = induced_by(system, period) else { return OccupiedBeds::ZERO };
    let specialty = point.specialty;
    let added = |site| {
        f.value_of(OpenBeds { site, specialty, period: by }, columns)
            - system.beds[&(site, specialty)].available
    };
    point.induced.iter().map(|&(site, per_bed)| per_bed * added(site).0).sum()
}

fn read_moves(
    f: &Formulation,
    columns: &[f64],
    site: SiteIx,
    specialty: SpecialtyIx,
    period: PeriodIx,
) -> Moves {
    let heard = |beds: Beds| silent(beds.0).map_or(Beds::ZERO, Beds);
    Moves {
        reallocated_in: heard(f.value_of(BedsIn { site, specialty, period }, columns)),
        reallocated_out: heard(f.value_of(BedsOut { site, specialty, period }, columns)),
        converted_to: heard(f.value_of(ConvertedTo { site, specialty, period }, columns)),
        converted_from: heard(f.value_of(ConvertedFrom { site, specialty, period }, columns)),
        closed: heard(f.value_of(ClosedBeds { site, specialty, period }, columns)),
    }
}

/// A value, unless it is the solver's rounding.
fn silent(value: f64) -> Option<f64> {
    (value > NOISE).then_some(value)
}
