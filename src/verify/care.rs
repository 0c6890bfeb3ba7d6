//! Whether the plan keeps the rules on councils' money and the delay it releases.

use super::files::Results;
use super::parameters::Parameters;
use super::report::{Check, Tally};
use crate::domain::{CouncilIx, ServiceIx};

const MILLION: &str = "£ million a year";

/// Checks the release of delay, floors, budgets and the pooled fund; nothing where that part is off.
pub fn check(p: &Parameters, results: &Results) -> Vec<Check> {
    let Some(care) = &p.system.policy.social_care else { return Vec::new() };
    let fund = care.pooled_fund.0 / 1e6;
    vec![
        release(p, results),
        discharge(p, results),
        spend(p, results),
        budgets(p, results, fund),
        care_totals(p, results),
    ]
}

/// Every pair of a council and a period.
fn councils(p: &Parameters) -> impl Iterator<Item = (usize, CouncilIx)> {
    let periods = p.periods();
    p.system.councils.indices().flat_map(move |council| (0..periods).map(move |period| (period, council)))
}

/// Deliverable delay is what the data say, and no more than all of it is released.
fn release(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("deliverable delay", "occupied beds");
    for (period, council) in councils(p) {
        for specialty in p.system.specialties.indices() {
            let deliverable = p.delay_in(period, council, specialty);
            let row = results.release.get(&(period, council, specialty));
            let place = || {
                let specialty = &p.system.specialties[specialty].name;
                format!("{}, {specialty}", p.council_words(council, period))
            };
            match row {
                None => tally.see(0.0, 1.0, place),
                Some(row) => {
                    tally.same(row.deliverable, deliverable, place);
                    let excess = (-row.released).max(row.released - deliverable);
                    tally.see(excess, deliverable, || {
                        format!("{}: {} released of {deliverable}", place(), row.released)
                    });
                }
            }
        }
    }
    tally.done()
}

/// Discharge: what is released is what spend buys beyond what today's spend buys.
fn discharge(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("discharge", "occupied beds");
    for (period, council) in councils(p) {
        let released = released_by(p, results, period, council);
        let services = p.system.services.indices();
        let bought: f64 = services
            .filter_map(|service| {
                let row = results.care.get(&(period, council, service))?;
                Some(bought(&p.steps(council, service, period), row.after / 1e6 - p.floor(council, service)))
            })
            .sum();
        let today = p.released_today(council, period);
        tally.see(released - (bought - today), bought, || {
            let words = p.council_words(council, period);
            format!("{words}: {released} released, its spend pays for {}", bought - today)
        });
    }
    tally.done()
}

/// Beds that spend above the floor releases, the steepest steps first. The steps come in that order.
fn bought(steps: &[super::parameters::SpendStep], mut spend: f64) -> f64 {
    let mut beds = 0.0;
    for step in steps {
        let on_step = spend.clamp(0.0, step.width);
        beds += on_step * step.slope;
        spend -= on_step;
    }
    beds
}

fn released_by(p: &Parameters, results: &Results, period: usize, council: CouncilIx) -> f64 {
    let specialties = p.system.specialties.indices();
    specialties.filter_map(|s| results.release.get(&(period, council, s))).map(|row| row.released).sum()
}

/// Spend before is the data's, the floor follows from it, and spend after lies between floor and curve.
fn spend(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("spend between floor and limit", MILLION);
    for (period, council) in councils(p) {
        for service in p.system.services.indices() {
            let words = || p.care_words(council, service, period);
            let Some(row) = results.care.get(&(period, council, service)) else {
                tally.fail(|| format!("{} has no row in social_care.csv", words()));
                continue;
            };
            let floor = p.floor(council, service);
            let today = p.system.spend[(council, service)].0 / 1e6;
            let widths: f64 = p.steps(council, service, period).iter().map(|step| step.width).sum();
            let beds = step_down_spend(p, results, council, service, period);
            let floor_now = floor + beds;
            tally.same(row.before / 1e6, today, || format!("{}, spend before", words()));
            tally.same(row.floor / 1e6, floor, || format!("{}, floor", words()));
            let after = row.after / 1e6;
            tally.see((floor_now - after).max(after - floor_now - widths), after, || {
                let most = floor_now + widths;
                format!("{}: £{after} million after, allowed {floor_now} to {most}", words())
            });
        }
    }
    tally.done()
}

/// What a council pays under a service for the step-down beds it opened so far, £ million a year.
fn step_down_spend(
    p: &Parameters,
    results: &Results,
    council: CouncilIx,
    service: ServiceIx,
    period: usize,
) -> f64 {
    if p.system.policy.step_down.as_ref().and_then(|rule| rule.service) != Some(service) {
        return 0.0;
    }
    let here = |site| p.system.community[&site].council == Some(council);
    results.measures.opened_until(period, here).1 * p.step_down_bed()
}

/// What councils spend beyond their budgets, and step-down beds that the NHS pays for, must come out of the
/// pooled fund.
fn budgets(p: &Parameters, results: &Results, fund: f64) -> Check {
    let mut tally = Tally::new("budgets and pooled fund", MILLION);
    for period in 0..p.periods() {
        let mut needed = results.measures.opened_until(period, |_| true).0 * p.step_down_bed();
        for (council, _, place) in p.system.councils.iter() {
            let services = p.system.services.indices();
            let rows: Vec<_> =
                services.filter_map(|service| results.care.get(&(period, council, service))).collect();
            let spend: f64 = rows.iter().map(|row| row.after / 1e6).sum();
            let beyond = (spend - place.budget.0 / 1e6).max(0.0);
            // Every row of a council tells what the whole council receives.
            for received in rows.iter().filter_map(|row| row.received) {
                tally.see((beyond - received / 1e6).max(-received / 1e6), spend, || {
                    let words = p.council_words(council, period);
                    format!("{words}: spends £{beyond} million beyond its budget, receives £{received}")
                });
            }
            let told = rows.iter().filter_map(|row| row.received).fold(0.0, f64::max);
            needed += beyond.max(told / 1e6);
        }
        tally.see(needed - fund, fund, || {
            format!("all together{}: £{needed} million needed of {fund}", p.period_words(period))
        });
    }
    tally.done()
}

/// Released beds in `social_care.csv` add up to those of `release.csv`.
fn care_totals(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("social_care.csv adds up", "occupied beds");
    for (period, council) in councils(p) {
        let services = p.system.services.indices();
        let rows = services.filter_map(|service| results.care.get(&(period, council, service)));
        let written: f64 = rows.map(|row| row.released).sum();
        let released = released_by(p, results, period, council);
        tally.same(written, released, || format!("{}, released beds", p.council_words(council, period)));
    }
    tally.done()
}

#[cfg(test)]
mod tests {
    use super::super::parameters::SpendStep;
    use super::*;

    #[test]
    fn spend_fills_the_steepest_steps_first() {
        let steps = [SpendStep { width: 2.0, slope: 10.0 }, SpendStep { width: 1.0, slope: 4.0 }];
        assert!((bought(&steps, 2.5) - 22.0).abs() < 1e-12);
        assert!((bought(&steps, 9.0) - 24.0).abs() < 1e-12, "beyond the curve nothing more is bought");
        assert!(bought(&steps, -1.0).abs() < 1e-12);
    }
}
