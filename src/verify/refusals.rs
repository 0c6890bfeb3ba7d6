//! Whether no pool of beds refuses more than it may, by the integral form of Erlang's loss formula.

use super::files::Results;
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::report::{Check, Tally};

/// Pieces into which the integral is cut.
const PIECES: u32 = 4_000;

/// Where refusals are limited, the caps are those that the files say: tightened ones are part of the result, and
/// the bounds are proven at them. They must not be looser than the model's.
pub fn take_caps(p: &mut Parameters, results: &Results) {
    if !p.system.policy.occupancy.refusals.is_on() {
        return;
    }
    for (stock, cap) in p.caps.iter_mut().enumerate() {
        if let Some(row) = results.allocation.get(&(0, stock)) {
            *cap = cap.min(row.cap);
        }
    }
}

/// Checks every pool with a limit; nothing where there is none.
pub fn check(p: &Parameters, results: &Results, sums: &PlanSums) -> Option<Check> {
    let limits = &p.system.policy.occupancy.refusals;
    if !limits.is_on() {
        return None;
    }
    let mut tally = Tally::new("refusals within their limits", "share");
    for (&(period, stock), row) in &results.allocation {
        let Some(limit) = limits.of(p.stocks[stock].1) else { continue };
        let words = || p.stock_words(stock, period);
        let Some(refused) = row.refused else {
            tally.fail(|| format!("{} does not say what it refuses", words()));
            continue;
        };
        let carried = sums.occupied[period][stock];
        // The share refused and the load carried give the load offered, and that gives the share refused.
        let found = if carried > 0.0 && refused < 1.0 {
            refused_by(row.after, carried / (1.0 - refused))
        } else {
            refused
        };
        tally.same(refused, found, || format!("{}, share refused", words()));
        tally.see(refused - limit.0, 1.0, || {
            format!("{} refuses {refused} of its patients, limit {}", words(), limit.0)
        });
    }
    Some(tally.done())
}

/// The share that c beds refuse of an offered load a, from 1 ÷ B = a ∫₀^∞ e^(−a y) (1 + y)^c dy, by Simpson's rule in
/// logarithms, from where the integrand is e^(−45) of its peak or less.
fn refused_by(beds: f64, offered: f64) -> f64 {
    let log = |y: f64| beds * y.ln_1p() - offered * y;
    let peak_at = (beds / offered - 1.0).max(0.0);
    let peak = log(peak_at);
    let mut end = peak_at + 1.0 / offered;
    while log(end) > peak - 45.0 {
        end += (end - peak_at).max(1e-9);
    }
    let mut start = 0.0;
    if log(0.0) < peak - 45.0 {
        let mut high = peak_at;
        for _ in 0..60 {
            let middle = f64::midpoint(start, high);
            if log(middle) < peak - 45.0 { start = middle } else { high = middle }
        }
    }
    let step = (end - start) / f64::from(PIECES);
    let sum: f64 = (0..=PIECES)
        .map(|n| {
            let weight = if n == 0 || n == PIECES { 1.0 } else { f64::from(2 + 2 * (n % 2)) };
            weight * (log(start + step * f64::from(n)) - peak).exp()
        })
        .sum();
    // B = e^(−peak) ÷ (a × integral).
    (-peak).exp() / (offered * sum * step / 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1/5 for two beds at load 1; 0.1446 and 0.0268 for 10 and 60 beds at 85%; for half a bed at load 1
    /// 1 ÷ (e Γ(3/2, 1)) = 0.725 197.
    #[test]
    fn the_integral_gives_the_share_refused() {
        for (beds, offered, expected) in
            [(2.0, 1.0, 0.2), (10.0, 8.5, 0.1446), (60.0, 51.0, 0.0268), (0.5, 1.0, 0.7252)]
        {
            let found = refused_by(beds, offered);
            assert!((found - expected).abs() < 5e-5, "{beds} {offered}: {found}");
        }
        assert!((refused_by(2.0, 1.0) - 0.2).abs() < 1e-9);
    }
}
