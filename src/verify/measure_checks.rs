//! Whether the plan keeps the rules on step-down beds, prevention, shorter stays, money and nurses.

use super::files::Results;
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::report::{Check, Tally};
use super::{moves, sites};
use crate::domain::index::{Ix, PeriodIx};
use crate::domain::units::Pounds;

const MILLION: &str = "£ million a year";

/// The checks of the parts that the model has.
pub fn check(p: &Parameters, results: &Results, sums: &PlanSums) -> Vec<Check> {
    let policy = &p.system.policy;
    let mut checks = Vec::new();
    if policy.step_down.is_some() {
        checks.extend([step_down_beds(p, results), step_down_capacity(p, results, sums)]);
        checks.push(step_down_share(p, results));
    }
    if policy.prevention.is_some() {
        checks.extend([roll_outs(p, results), prevention(p, results)]);
    }
    if policy.bed_management.is_some() {
        checks.push(freed(p, results));
    }
    let limited = |period| p.money(period).0.is_finite() || p.money(period).1.is_finite();
    if (0..p.periods()).any(limited) {
        checks.push(money(p, results));
    }
    if !policy.staff.is_empty() {
        checks.push(nurses(p, results));
    }
    checks
}

/// Beds follow from those before and those opened, within the site's size and the step-down pool, and cost
/// what they cost.
fn step_down_beds(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("step-down beds", "beds");
    let rows = &results.measures;
    let pool = p.system.policy.step_down.as_ref().map_or(0.0, |rule| rule.new_beds.0);
    for &site in &p.community {
        let mut before = p.system.community[&site].available.0;
        let (least, most) = p.community_sizes(site);
        for period in 0..p.periods() {
            let words = || format!("{}{}", p.system.sites[site].name, p.period_words(period));
            let Some(row) = rows.step_down.get(&(period, site)) else {
                tally.fail(|| format!("{} has no row in step_down.csv", words()));
                continue;
            };
            tally.same(row.before, before, || format!("{}, beds before", words()));
            tally
                .same(row.after, before + row.by_nhs + row.by_council, || format!("{}, beds after", words()));
            tally.see(-row.by_nhs.min(row.by_council), 1.0, || format!("{}, beds opened", words()));
            tally.see((least - row.after).max(row.after - most), row.after, || {
                format!("{}: {} beds, allowed {least} to {most}", words(), row.after)
            });
            if !p.council_may_pay(site) {
                tally.same(row.by_council, 0.0, || format!("{}: no council may pay here", words()));
            }
            let (nhs, council) = rows.opened_until(period, |other| other == site);
            for (written, beds) in [(row.nhs_cost, nhs), (row.council_cost, council)] {
                tally.same(written / 1e6, beds * p.step_down_bed(), || format!("{}, cost", words()));
            }
            before = row.after;
        }
    }
    for period in 0..p.periods() {
        let (nhs, council) = rows.opened_until(period, |_| true);
        tally.see(nhs + council - pool, pool, || {
            format!("{} step-down beds opened, allowed {pool}", nhs + council)
        });
    }
    tally.done()
}

/// Step-down capacity: patients ÷ substitution ≤ cap × beds, and the table says the same.
fn step_down_capacity(p: &Parameters, results: &Results, sums: &PlanSums) -> Check {
    let mut tally = Tally::new("step-down capacity", "occupied beds");
    for (&(period, site), row) in &results.measures.step_down {
        let Some(at) = p.community.iter().position(|other| *other == site) else { continue };
        let replaced = sums.occupied[period][p.stocks.len() + at];
        let occupied = replaced / p.substitution();
        let words = || format!("{}{}", p.system.sites[site].name, p.period_words(period));
        tally.see(occupied - p.step_down_cap() * row.after, occupied, || {
            format!("{}: {occupied} occupied in {} beds, cap {}", words(), row.after, p.step_down_cap())
        });
        tally.same(row.occupied, occupied, || format!("{}, occupied beds", words()));
        tally.same(row.replaced, replaced, || format!("{}, acute beds replaced", words()));
    }
    tally.done()
}

/// Step-down share: community sites take no more of a point's need than is fit for them.
fn step_down_share(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("step-down share of need", "occupied beds");
    let mut taken = std::collections::BTreeMap::new();
    for flow in results.flows.iter().filter(|flow| p.community_site(flow.stock).is_some()) {
        *taken.entry((flow.period, flow.point)).or_insert(0.0) += flow.beds;
    }
    for ((period, point), taken) in taken {
        let most = p.fit_for_step_down(period, point).unwrap_or(0.0);
        tally.see(taken - most, most, || {
            format!("{}: {taken} in step-down beds, fit for them {most}", p.point_words(point, period))
        });
    }
    tally.done()
}

/// A roll-out lies between 0 and 1, never falls and grows no faster than the ramp, and is the same in all
/// scenarios of a wave; it costs what it costs.
fn roll_outs(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("roll-out of programmes", "share");
    let Some(rule) = p.system.policy.prevention else { return tally.done() };
    for (programme, commissioner) in p.roll_outs() {
        let at = |period| results.measures.roll_out_of(period, programme, commissioner);
        for period in 0..p.periods() {
            let (before, ramp) = match p.beds_from(period) {
                Some(from) => (at(from), if p.opens(period) { rule.ramp.0 } else { 0.0 }),
                None => (0.0, rule.ramp.0),
            };
            let words = || {
                let (p_name, q) =
                    (&p.system.programmes[programme].name, p.system.commissioners.id(commissioner));
                format!("{p_name} by {q}{}", p.period_words(period))
            };
            let Some(row) = results.measures.roll_out.get(&(period, programme, commissioner)) else {
                tally.fail(|| format!("{} has no row in prevention.csv", words()));
                continue;
            };
            let now = row.roll_out;
            let excess = (before - now).max(now - before - ramp).max(now - 1.0);
            tally.see(excess, 1.0, || format!("{}: {now} after {before}", words()));
            let cost = now * p.roll_out_cost(programme, commissioner);
            tally.same(row.cost / 1e6, cost, || format!("{}, cost", words()));
            let need = p.points.iter().enumerate();
            let prevented: f64 = need
                .filter(|(_, point)| p.system.areas[point.area].commissioner == commissioner)
                .map(|(at, point)| p.need(period, at) * p.preventable(programme, point.specialty) * now)
                .sum();
            tally.same(row.prevented, prevented, || format!("{}, prevented beds", words()));
        }
    }
    tally.done()
}

fn prevention(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("prevention budget", MILLION);
    let budget = p.system.policy.prevention.and_then(|rule| rule.budget);
    within_budget(&mut tally, p, budget, |period| prevention_cost(p, results, period));
    tally.done()
}

/// No period costs more than the budget, where there is one; costs in £ million.
fn within_budget(tally: &mut Tally, p: &Parameters, budget: Option<Pounds>, cost: impl Fn(usize) -> f64) {
    let most = budget.map_or(f64::INFINITY, |budget| budget.0 / 1e6);
    for period in 0..p.periods() {
        let cost = cost(period);
        tally.see(cost - most, cost, || format!("£{cost} million spent of {most}{}", p.period_words(period)));
    }
}

/// What programmes cost in a period, £ million.
pub fn prevention_cost(p: &Parameters, results: &Results, period: usize) -> f64 {
    let pairs = p.roll_outs().into_iter();
    pairs.map(|(a, q)| results.measures.roll_out_of(period, a, q) * p.roll_out_cost(a, q)).sum()
}

/// What shorter stays cost in a period, £ million.
pub fn freed_cost(p: &Parameters, results: &Results, period: usize) -> f64 {
    let freed = (0..p.stocks.len()).map(|stock| results.measures.freed_at(period, stock));
    freed.sum::<f64>() * p.freed_bed()
}

/// Shorter stays free no more than their share of beds, within their budget.
fn freed(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("beds freed by shorter stays", "occupied beds");
    for (&(period, stock), row) in &results.measures.freed {
        let after = results.allocation.get(&(period, stock)).map_or(0.0, |row| row.after);
        let most = after * p.freed_per_bed(stock);
        tally.see((row.freed - most).max(-row.freed), most, || {
            format!("{}: {} freed, at most {most}", p.stock_words(stock, period), row.freed)
        });
        tally.same(row.cost / 1e6, row.freed * p.freed_bed(), || {
            format!("{}, cost", p.stock_words(stock, period))
        });
    }
    let budget = p.system.policy.bed_management.and_then(|rule| rule.budget);
    within_budget(&mut tally, p, budget, |period| freed_cost(p, results, period));
    tally.done()
}

/// Capital and revenue of every period.
fn money(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("capital and revenue", MILLION);
    let costs = &p.system.policy.costs;
    let mut running = 0.0;
    for period in 0..p.periods() {
        let rows = || results.allocation.iter().filter(|((t, _), _)| *t == period).map(|(_, row)| row);
        running += rows().map(|row| row.new - row.moved[4]).sum::<f64>();
        let (capital, revenue) = p.money(period);
        let built =
            rows().map(|row| row.new * costs.capital_per_bed.0 + moves::once(p, row)).sum::<f64>() / 1e6;
        tally.see(built - capital, built, || format!("£{built} million to build, capital {capital}"));
        let councils = p.system.councils.indices();
        let received: f64 = councils.map(|council| received(p, results, period, council)).sum();
        let spent = running * costs.revenue_per_bed_day.0 * 365.0 / 1e6 + sites::fixed_at(p, results, period)
            - p.fixed_today()
            + received
            + results.measures.opened_until(period, |_| true).0 * p.step_down_bed()
            + prevention_cost(p, results, period)
            + freed_cost(p, results, period);
        tally.see(spent - revenue, spent, || format!("£{spent} million a year, revenue {revenue}"));
    }
    tally.done()
}

/// Pooled money that a council receives, £ million: told in each of its rows.
fn received(p: &Parameters, results: &Results, period: usize, council: crate::domain::CouncilIx) -> f64 {
    let services = p.system.services.indices();
    let rows = services.filter_map(|service| results.care.get(&(period, council, service)));
    rows.filter_map(|row| row.received).fold(0.0, f64::max) / 1e6
}

fn nurses(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("nurses", "nurses");
    for (&region, staff) in &p.system.policy.staff {
        for period in p.system.periods.indices().map(|period: PeriodIx| period.get()) {
            let there = |stock: usize| p.system.sites[p.stocks[stock].0].region == region;
            let rows = results.allocation.iter().filter(|((t, stock), _)| *t == period && there(*stock));
            let wanted = rows.map(|(_, row)| row.after).sum::<f64>() * staff.per_bed;
            tally.see(wanted - staff.nurses.0, wanted, || {
                format!("{}: {wanted} nurses wanted of {}", p.system.regions[region].name, staff.nurses.0)
            });
        }
    }
    tally.done()
}
