//! Whether the plan keeps the rules on beds and patients.

use super::files::{MOVES, Results};
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::report::{Check, Tally};
use crate::domain::SiteIx;
use crate::domain::policy::Scope;
use crate::domain::system::SiteKind;

/// Checks need, capacity, stock, pool, agreements, pins and sizes.
pub fn check(p: &Parameters, results: &Results, sums: &PlanSums) -> Vec<Check> {
    vec![
        quantities(p, results),
        reach(p, results),
        need(p, sums),
        capacity(p, results),
        stock(p, results),
        pool(p, results),
        agreements(p, results),
        pins(p, results),
        sizes(p, results),
    ]
}

/// No quantity is negative, and nothing is unmet beyond the need.
fn quantities(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("no negative quantity", "beds");
    for flow in &results.flows {
        let place = || format!("flow from {}", p.point_words(flow.point, flow.period));
        tally.see(-flow.beds, 1.0, place);
    }
    for (&(period, point), row) in &results.unmet {
        let need = p.need(period, point) + p.induced(results, period, point);
        let excess = (-row.unmet).max(row.unmet - need);
        tally.see(excess, need, || format!("unmet need of {}", p.point_words(point, period)));
    }
    for (&(period, stock), row) in &results.allocation {
        tally.see(-row.new.min(row.after), 1.0, || format!("beds of {}", p.stock_words(stock, period)));
        for (moved, column) in row.moved.into_iter().zip(MOVES) {
            let place = || format!("{column} at {}", p.stock_words(stock, period));
            tally.see(-moved, 1.0, place);
        }
    }
    tally.done()
}

/// Patients go only to sites in reach, and the minutes are those of the travel graph.
fn reach(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("flows stay in reach", "minutes");
    for flow in &results.flows {
        let words = || {
            let site = p.stock_words(flow.stock, flow.period);
            format!("{} to {site}", p.system.areas[p.points[flow.point].area].name)
        };
        match p.arc(flow.point, flow.stock) {
            Some(arc) => tally.same(flow.minutes, p.arcs[arc].minutes.0, words),
            None => tally.fail(|| format!("{}: not within reach", words())),
        }
    }
    tally.done()
}

/// Demand balance: need, with what beds bring forth, = treated + released + prevented + unmet.
fn need(p: &Parameters, sums: &PlanSums) -> Check {
    let mut tally = Tally::new("demand balance", "occupied beds");
    for period in 0..p.periods() {
        for point in 0..p.points.len() {
            let (treated, released) = (sums.treated[period][point], sums.released[period][point]);
            let (unmet, prevented) = (sums.unmet[period][point], sums.prevented[period][point]);
            let need = p.need(period, point) + sums.induced[period][point];
            tally.see((treated + released + prevented + unmet - need).abs(), need, || {
                let words = p.point_words(point, period);
                let apart = if prevented > 0.0 { format!(" + prevented {prevented}") } else { String::new() };
                format!(
                    "{words}: treated {treated} + released {released}{apart} + unmet {unmet}, need {need}"
                )
            });
        }
    }
    tally.done()
}

/// Bed capacity: occupied ≤ cap × beds + what shorter stays free.
fn capacity(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("bed capacity", "occupied beds");
    let mut occupied = std::collections::BTreeMap::new();
    for flow in results.flows.iter().filter(|flow| p.community_site(flow.stock).is_none()) {
        *occupied.entry((flow.period, flow.stock)).or_insert(0.0) += flow.beds;
    }
    for (at, occupied) in occupied {
        let after = results.allocation.get(&at).map_or(0.0, |row| row.after);
        let cap = p.caps[at.1];
        let freed = results.measures.freed_at(at.0, at.1);
        tally.see(occupied - cap * after - freed, occupied, || {
            let words = p.stock_words(at.1, at.0);
            format!("{words}: {occupied} occupied in {after} beds, cap {cap}")
        });
    }
    tally.done()
}

/// Bed stock: today's beds, or the period before's, with the new ones and those moved; in a further scenario of
/// a wave the beds of its first, and neither new ones nor moves.
fn stock(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("bed stock", "beds");
    for (stock, key) in p.stocks.iter().enumerate() {
        for period in 0..p.periods() {
            let before = match p.beds_from(period) {
                None => p.system.beds[key].available.0,
                Some(earlier) => results.allocation.get(&(earlier, stock)).map_or(0.0, |row| row.after),
            };
            let words = || p.stock_words(stock, period);
            let Some(row) = results.allocation.get(&(period, stock)) else {
                tally.fail(|| format!("{} has no row in allocation.csv", words()));
                continue;
            };
            tally.same(row.before, before, || format!("{}, beds before", words()));
            tally.same(row.after, row.balance(), || format!("{}, beds after", words()));
            if !p.opens(period) {
                let changed = row.new.abs() + row.moved.iter().map(|beds| beds.abs()).sum::<f64>();
                tally.same(changed, 0.0, || format!("{}, beds changed in a further scenario", words()));
            }
        }
    }
    tally.done()
}

/// New beds of the periods and stocks chosen.
fn new_beds(
    p: &Parameters,
    results: &Results,
    period: impl Fn(usize) -> bool,
    chosen: impl Fn(usize) -> bool,
) -> f64 {
    let at = |stock| (0..p.periods()).map(move |period| (period, stock));
    let rows = (0..p.stocks.len()).filter(|&stock| chosen(stock)).flat_map(at);
    rows.filter(|&(t, _)| period(t)).filter_map(|at| results.allocation.get(&at)).map(|row| row.new).sum()
}

fn pool(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("new-bed pool", "beds");
    for period in (0..p.periods()).filter(|&period| p.opens(period)) {
        let pool = p.pool_until(period);
        let given = new_beds(p, results, |earlier| earlier <= period, |_| true);
        let excess = if p.system.policy.pool.must_spend { (given - pool).abs() } else { given - pool };
        tally.see(excess, pool, || {
            format!("{given} new beds given out, pool {pool}{}", p.period_words(period))
        });
    }
    tally.done()
}

fn agreements(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("agreements", "beds");
    for agreement in &p.system.policy.agreements {
        let (least, most) = (
            agreement.min.map_or(f64::NEG_INFINITY, |beds| beds.0),
            agreement.max.map_or(f64::INFINITY, |beds| beds.0),
        );
        let given = new_beds(p, results, |_| true, |stock| lies_in(p, p.stocks[stock].0, agreement.scope));
        tally.see((least - given).max(given - most), given, || {
            format!("{}: {given} new beds, agreed {least} to {most}", scope_words(p, agreement.scope))
        });
    }
    tally.done()
}

fn pins(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("pins", "beds");
    for pin in &p.system.policy.pins {
        let pinned = |stock: usize| {
            let (site, specialty) = p.stocks[stock];
            site == pin.site && pin.specialty.is_none_or(|pinned| pinned == specialty)
        };
        let given = new_beds(p, results, |_| true, pinned);
        tally.same(given, pin.beds.0, || format!("{}, pinned", p.system.sites[pin.site].name));
    }
    tally.done()
}

fn sizes(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("site size", "beds");
    for period in 0..p.periods() {
        let acute = p.system.sites.iter().filter(|(_, _, place)| place.kind == SiteKind::Acute);
        for (site, id, place) in acute.filter(|(site, ..)| !p.is_choice(*site)) {
            let rows = p
                .system
                .stocks_of(site)
                .filter_map(|(specialty, _)| results.allocation.get(&(period, p.stock(site, specialty)?)));
            let beds: f64 = rows.map(|row| row.after).sum();
            let (least, most) = (p.smallest(site), p.largest(site));
            let excess = (least - beds).max(beds - most);
            if excess > f64::NEG_INFINITY {
                tally.see(excess, beds, || {
                    format!("{} ({id}): {beds} beds, allowed {least} to {most}", place.name)
                });
            }
        }
    }
    tally.done()
}

/// Whether a site lies in a scope.
pub fn lies_in(p: &Parameters, site: SiteIx, scope: Scope) -> bool {
    let place = &p.system.sites[site];
    match scope {
        Scope::Region(region) => place.region == region,
        Scope::Commissioner(commissioner) => place.commissioner == commissioner,
        Scope::Trust(trust) => place.trust == trust,
    }
}

fn scope_words(p: &Parameters, scope: Scope) -> String {
    match scope {
        Scope::Region(region) => p.system.regions[region].name.clone(),
        Scope::Commissioner(commissioner) => p.system.commissioners[commissioner].name.clone(),
        Scope::Trust(trust) => p.system.trusts[trust].name.clone(),
    }
}
