//! Waves in scenarios of need, for a sketched care system.

use bedalloc::domain::PeriodIx;
use bedalloc::domain::ids::PeriodId;
use bedalloc::domain::index::Register;
use bedalloc::domain::period::Period;
use bedalloc::domain::units::{Beds, Proportion};

/// Waves with a need factor and the pool up to them, in scenarios with a need factor and a probability, the
/// same in every wave.
pub fn waves_in_scenarios(
    waves: &[(f64, f64)],
    scenarios: &[(f64, f64)],
) -> Register<PeriodId, PeriodIx, Period> {
    let mut found = Vec::new();
    for (wave, &(growth, pool)) in waves.iter().enumerate() {
        for (scenario, &(factor, probability)) in scenarios.iter().enumerate() {
            let period = Period {
                need_factor: growth * factor,
                pool: Some(Beds(pool)),
                wave_name: format!("wave {}", wave + 1),
                wave,
                scenario,
                probability: Proportion(probability),
                ..Period::default()
            };
            found.push((PeriodId::new(&format!("{wave}/{scenario}")).expect("an id"), period));
        }
    }
    Register::in_order(found)
}
