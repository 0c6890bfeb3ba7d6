//! Periods of the plan: waves, and scenarios of need within a wave.

use super::system::CareSystem;
use super::units::{Beds, Proportion};
use super::{Ix, PeriodIx, SpecialtyIx};
use std::collections::BTreeMap;

/// A stretch of time that is planned for: a wave, seen in one scenario of need.
///
/// Beds are decided once for each wave, in its first scenario; the other scenarios of the wave have the
/// same beds, and patients, release and unmet need of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// Need is this many times that of the data's year, for specialties not named.
    pub need_factor: f64,
    /// The same for some specialties.
    pub need_factors: BTreeMap<SpecialtyIx, f64>,
    /// N\[t\]: new beds given out up to and in this wave; `None` for the whole pool.
    pub pool: Option<Beds>,
    /// What the wave is called; empty where the period's own name says it.
    pub wave_name: String,
    /// Which wave, from 0.
    pub wave: usize,
    /// Which scenario of need, from 0.
    pub scenario: usize,
    /// How likely the scenario is; 1 where there is one only.
    pub probability: Proportion,
}

impl Default for Period {
    /// One wave with the data's need and the whole pool.
    fn default() -> Self {
        Self {
            need_factor: 1.0,
            need_factors: BTreeMap::new(),
            pool: None,
            wave_name: String::new(),
            wave: 0,
            scenario: 0,
            probability: Proportion(1.0),
        }
    }
}

impl Period {
    /// How many times the need of the data's year a specialty has.
    pub fn need_factor(&self, specialty: SpecialtyIx) -> f64 {
        self.need_factors.get(&specialty).copied().unwrap_or(self.need_factor)
    }
    /// Whether beds are decided in it: in the first scenario of each wave.
    pub fn opens_beds(&self) -> bool {
        self.scenario == 0
    }
}

/// How unmet need over scenarios is judged by the worst of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorstTail {
    /// τ: the worst scenarios that make up this part of the probability.
    pub part: Proportion,
    /// λ: weight of their mean; the mean of all scenarios weighs the rest. With all weight on the tail, nothing
    /// in the term speaks against leaving need unmet in milder scenarios.
    pub weight: Proportion,
}

impl WorstTail {
    /// The unmet term where what each scenario leaves unmet is known, pairs of a probability and weighted
    /// unmet need.
    ///
    /// λ min_q ( q + 1/τ Σ_k p_k max(L_k − q, 0) ) + (1 − λ) Σ_k p_k L_k  (Rockafellar and Uryasev 2000); the
    /// best q is one of the losses.
    pub fn unmet_of(self, losses: &[(Proportion, f64)]) -> f64 {
        let beyond = |q: f64| losses.iter().map(|(p, loss)| p.0 * (loss - q).max(0.0)).sum::<f64>();
        let tail = losses.iter().map(|&(_, q)| q + beyond(q) / self.part.0).fold(f64::INFINITY, f64::min);
        let mean: f64 = losses.iter().map(|(p, loss)| p.0 * loss).sum();
        self.weight.0 * tail + (1.0 - self.weight.0) * mean
    }
}

impl CareSystem {
    /// The name of the wave that a period is part of.
    pub fn wave_name(&self, period: PeriodIx) -> &str {
        let name = &self.periods[period].wave_name;
        if name.is_empty() { self.periods.id(period).as_str() } else { name }
    }
    /// How the worst scenarios count; `None` where all count by their probability.
    pub fn worst_tail(&self) -> Option<WorstTail> {
        self.policy.objective.worst_tail.filter(|tail| tail.part.0 < 1.0 && self.scenarios() > 1)
    }
    /// How many scenarios of need each wave is seen in.
    pub fn scenarios(&self) -> usize {
        self.periods.iter().filter(|(_, _, stretch)| stretch.wave == 0).count()
    }
    /// The period in which the beds of a wave are decided.
    pub fn opening_of(&self, wave: usize) -> Option<PeriodIx> {
        self.opening_periods().find(|&period| self.periods[period].wave == wave)
    }
    /// The periods in which beds are decided, in order of time.
    pub fn opening_periods(&self) -> impl Iterator<Item = PeriodIx> + '_ {
        self.periods.indices().filter(|&period| self.periods[period].opens_beds())
    }
    /// The last period in which beds are decided.
    pub fn last_opening(&self) -> Option<PeriodIx> {
        self.opening_periods().last()
    }
    /// The period of the wave before, where beds were decided; `None` in the first wave.
    pub fn wave_before(&self, period: PeriodIx) -> Option<PeriodIx> {
        self.opening_of(self.periods[period].wave.checked_sub(1)?)
    }
    /// The period whose beds a period starts from: the wave before, or, in a further scenario, the
    /// scenario of the same wave in which beds are decided. `None` for today's beds.
    pub fn beds_from(&self, period: PeriodIx) -> Option<PeriodIx> {
        if self.periods[period].opens_beds() {
            self.wave_before(period)
        } else {
            self.opening_of(self.periods[period].wave)
        }
    }
    /// N\[t\]: new beds given out up to and in a period.
    pub fn pool_until(&self, period: PeriodIx) -> Beds {
        self.periods[period].pool.unwrap_or(self.policy.pool.total)
    }
    /// New beds given out in a period; none where no beds are decided.
    pub fn pool_in(&self, period: PeriodIx) -> Beds {
        if !self.periods[period].opens_beds() {
            return Beds::ZERO;
        }
        let before = self.wave_before(period).map_or(Beds::ZERO, |earlier| self.pool_until(earlier));
        self.pool_until(period) - before
    }
    /// For how many waves a bed that opens in a period is there, the wave itself included.
    pub fn waves_from(&self, period: PeriodIx) -> usize {
        self.opening_periods().filter(|later| later.get() >= period.get()).count()
    }
}
