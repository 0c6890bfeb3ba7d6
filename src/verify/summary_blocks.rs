//! The blocks of `summary.json` that only some models have: periods, and limits of refusals.

use super::files::Results;
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::report::{Check, Tally};
use super::summary::ClaimedRefusals;
use crate::domain::index::{Ix, PeriodIx};

/// The checks of the blocks that the model has.
pub fn check(p: &Parameters, results: &Results, sums: &PlanSums) -> Vec<Check> {
    let mut checks = Vec::new();
    if p.periods() > 1 || !results.summary.periods.is_empty() {
        checks.push(periods(p, results, sums));
    }
    if p.system.policy.occupancy.refusals.is_on() || results.summary.refusals.is_some() {
        checks.push(refusals(p, results));
    }
    checks
}

/// Each period's beds and need, added up anew.
fn periods(p: &Parameters, results: &Results, sums: &PlanSums) -> Check {
    let mut tally = Tally::new("summary.json, periods", "beds");
    let told = &results.summary.periods;
    if told.len() != p.periods() {
        tally.fail(|| format!("{} periods are told, the model has {}", told.len(), p.periods()));
    }
    for (t, (name, figures)) in told.iter().enumerate().take(p.periods()) {
        let id = p.system.periods.id(PeriodIx::from_usize(t));
        if name != id.as_str() {
            tally.fail(|| format!("period {} is called {name}, in the model {id}", t + 1));
        }
        for (figure, recomputed) in recomputed(p, results, sums, t) {
            let place = || format!("period {name}, {figure}");
            match figures.get(figure) {
                Some(&written) => tally.same(written, recomputed, place),
                None => tally.fail(|| format!("{} is not told", place())),
            }
        }
    }
    tally.done()
}

fn recomputed(p: &Parameters, results: &Results, sums: &PlanSums, t: usize) -> [(&'static str, f64); 10] {
    let rows = || results.allocation.iter().filter(|((period, _), _)| *period == t).map(|(_, row)| row);
    let all = |beds: &[f64]| beds.iter().sum::<f64>();
    let need: f64 = (0..p.points.len()).map(|at| p.need(t, at)).sum();
    let unmet = all(&sums.unmet[t]);
    [
        ("wave", p.period(t).wave as f64 + 1.0),
        ("probability", p.likely(t)),
        ("beds_before", rows().map(|row| row.before).sum()),
        ("new_beds", rows().map(|row| row.new).sum()),
        ("beds_after", rows().map(|row| row.after).sum()),
        ("need_beds", need),
        ("treated_beds", all(&sums.treated[t])),
        ("released_beds", all(&sums.released[t])),
        ("unmet_beds", unmet),
        ("unmet_share", if need > 0.0 { unmet / need } else { 0.0 }),
    ]
}

/// How many caps are tighter than the model's, and the worst pool of the last round. Of the rounds before only this
/// can be said: in each but the last two some pool was over its limit, in the last none.
fn refusals(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("summary.json, refusals", "share or number");
    let Some(ClaimedRefusals { rounds, caps_tightened }) = &results.summary.refusals else {
        tally.fail(|| "nothing is told of the limits of refusals".to_owned());
        return tally.done();
    };
    let own = |stock: usize| {
        let (site, specialty) = p.stocks[stock];
        p.system.policy.occupancy.cap_at(site, specialty).0
    };
    let tighter = |stock: &usize| p.caps[*stock] < own(*stock);
    let tightened = (0..p.stocks.len()).filter(tighter).count() as f64;
    tally.same(*caps_tightened, tightened, || "caps tightened".to_owned());
    let limited = |stock: usize| p.system.policy.occupancy.refusals.of(p.stocks[stock].1).is_some();
    let rows = results.allocation.iter().filter(|((_, stock), _)| limited(*stock));
    let worst = rows.filter_map(|(_, row)| row.refused).fold(0.0, f64::max);
    let last = rounds.len().saturating_sub(1);
    for (round, figures) in rounds.iter().enumerate() {
        let figure = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
        let over = figure("pools_over");
        let fits = if round == last { over == 0.0 } else { over > 0.0 || round + 1 == last };
        if !fits {
            tally.fail(|| format!("round {} of {}: {over} pools over their limit", round + 1, rounds.len()));
        }
        if round == last {
            let place = || "worst share refused in the last round".to_owned();
            tally.same(figure("worst_refused_share"), worst, place);
        }
    }
    if rounds.is_empty() {
        tally.fail(|| "no round is told".to_owned());
    }
    tally.done()
}
