//! Waves and scenarios of need to the periods of the plan.

use super::codes;
use super::faults::Faults;
use super::model_file::{ModelFile, WaveSettings};
use super::policy::find_specialty;
use super::read::registers::Specialties;
use crate::domain::PeriodIx;
use crate::domain::SpecialtyIx;
use crate::domain::ids::PeriodId;
use crate::domain::index::Register;
use crate::domain::period::Period;
use crate::domain::units::{Beds, Proportion};
use std::collections::{BTreeMap, BTreeSet};

/// What the single wave of a model without `waves` is called.
const ONLY_WAVE: &str = "plan";
/// Slack for sums of decimal fractions.
const SLACK: f64 = 1e-6;

/// Every scenario of every wave, in order of time. Unknown specialties are told.
///
/// Need of wave t in scenario k: (1 + growth)^years × winter factor × the scenario's need.
pub fn periods(
    model: &ModelFile,
    specialties: &Specialties,
    faults: &mut Faults,
) -> Register<PeriodId, PeriodIx, Period> {
    let mut growths: BTreeMap<SpecialtyIx, f64> = BTreeMap::new();
    for (name, growth) in &model.specialty_growth {
        growths.extend(find_specialty(name, specialties, faults).map(|specialty| (specialty, *growth)));
    }
    let one = [(String::new(), Proportion(1.0), 1.0)];
    let told = model.scenarios.iter().map(|s| (format!("/{}", s.name.value), s.probability, s.need));
    let told: Vec<_> = told.collect();
    let scenarios = if told.is_empty() { &one[..] } else { &told };
    let mut found = Vec::new();
    let mut taken = BTreeSet::new();
    for (wave, (name, years, pool)) in waves(model).into_iter().enumerate() {
        for (scenario, (suffix, probability, need)) in scenarios.iter().enumerate() {
            let factor = |growth: f64| grown(growth, years) * model.winter_factor * need;
            let period = Period {
                need_factor: factor(model.growth),
                need_factors: growths.iter().map(|(&s, &growth)| (s, factor(growth))).collect(),
                pool,
                wave_name: name.clone(),
                wave,
                scenario,
                probability: *probability,
            };
            // Names that occur twice were told, and keep the model from being used.
            let id = PeriodId::new(&format!("{name}{suffix}")).filter(|id| taken.insert(id.to_string()));
            found.extend(id.map(|id| (id, period)));
        }
    }
    Register::in_order(found)
}

/// (1 + growth)^years; over one year exactly 1 + growth.
fn grown(growth: f64, years: f64) -> f64 {
    if (years - 1.0).abs() > 0.0 { (1.0 + growth).powf(years) } else { 1.0 + growth }
}

/// Name, years from the data's year, and cumulative pool of each wave.
fn waves(model: &ModelFile) -> Vec<(String, f64, Option<Beds>)> {
    if model.waves.is_empty() {
        return vec![(ONLY_WAVE.to_owned(), 1.0, None)];
    }
    let total = model.new_beds.value;
    let unsaid = unsaid_share(model);
    let (mut years, mut given) = (0.0, Beds::ZERO);
    let mut found = Vec::new();
    for (position, wave) in model.waves.iter().enumerate() {
        years = wave.years.unwrap_or(years + 1.0);
        given += wave.new_beds.unwrap_or(unsaid);
        // The last wave has the whole pool, whatever the rounding of the parts.
        let last = position + 1 == model.waves.len();
        let pool = if last { None } else { Some(given.min(total)) };
        found.push((wave.name.value.clone(), years, pool));
    }
    found
}

/// What each wave gives out that does not say.
fn unsaid_share(model: &ModelFile) -> Beds {
    let silent = model.waves.iter().filter(|wave| wave.new_beds.is_none()).count();
    let said: Beds = model.waves.iter().filter_map(|wave| wave.new_beds).sum();
    if silent == 0 { Beds::ZERO } else { (model.new_beds.value - said).max(Beds::ZERO) / silent as f64 }
}

/// All rules on waves and scenarios.
pub fn check(model: &ModelFile, faults: &mut Faults) {
    check_waves(model, faults);
    check_scenarios(model, faults);
}

fn check_waves(model: &ModelFile, faults: &mut Faults) {
    let mut names = BTreeSet::new();
    for wave in &model.waves {
        if !names.insert(wave.name.value.as_str()) {
            let cause = format!("two waves are called `{}`", wave.name.value);
            faults.add(codes::WAVES, wave.name.at.clone(), cause, "give each wave a name of its own");
        }
    }
    check_years(&model.waves, faults);
    let said: Beds = model.waves.iter().filter_map(|wave| wave.new_beds).sum();
    let all = model.waves.iter().all(|wave| wave.new_beds.is_some());
    let total = model.new_beds.value;
    let excess = (said - total).0;
    let misfit = if all { excess.abs() > SLACK } else { excess > SLACK };
    if let Some(last) = model.waves.last().filter(|_| misfit) {
        let cause = format!("the waves give out {} new beds, but the pool has {}", said.0, total.0);
        let cure = format!(
            "make them add up to `new_beds.total` (line {}), or leave `new_beds` of one wave out",
            model.new_beds.at.line
        );
        faults.add(codes::WAVES, last.name.at.clone(), cause, cure);
    }
}

fn check_years(waves: &[WaveSettings], faults: &mut Faults) {
    let mut before: Option<f64> = None;
    for wave in waves {
        let years = wave.years.unwrap_or(before.unwrap_or(0.0) + 1.0);
        if before.is_some_and(|before| years <= before) {
            let cause = format!("wave `{}` is not later than the wave before it", wave.name.value);
            faults.add(codes::WAVES, wave.name.at.clone(), cause, "list the waves in order of time");
        }
        before = Some(years);
    }
}

fn check_scenarios(model: &ModelFile, faults: &mut Faults) {
    let mut names = BTreeSet::new();
    for scenario in &model.scenarios {
        if !names.insert(scenario.name.value.as_str()) {
            let cause = format!("two scenarios are called `{}`", scenario.name.value);
            faults.add(codes::SCENARIOS, scenario.name.at.clone(), cause, "give each a name of its own");
        }
    }
    let sum: f64 = model.scenarios.iter().map(|scenario| scenario.probability.0).sum();
    if let Some(last) = model.scenarios.last().filter(|_| (sum - 1.0).abs() > SLACK) {
        let cause = format!("the probabilities of the scenarios add up to {}", super::tidy(sum));
        faults.add(codes::SCENARIOS, last.name.at.clone(), cause, "the probabilities must add up to 1");
    }
}
