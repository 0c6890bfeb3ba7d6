//! Refusals by the size of the pool: Erlang's loss formula, and its continuous extension.
//!
//! A pool of c beds with offered load a (occupied beds if nobody were refused) refuses the share B(c, a) of
//! patients, where admissions are Poisson and nobody waits (Erlang 1917; for hospital wards de Bruin and
//! others 2010). It carries a · (1 − B) occupied beds.

use super::SpecialtyIx;
use super::units::{Beds, OccupiedBeds, Proportion, Quantity};
use std::collections::BTreeMap;

/// Loads are found to this relative precision.
const PRECISION: f64 = 1e-13;

/// Most that a pool of beds may refuse, by Erlang's loss formula.
#[derive(Debug, Clone, Default)]
pub struct RefusalLimits {
    /// Share of patients, for specialties not named; `None` for no limit.
    pub limit: Option<Proportion>,
    /// For some specialties.
    pub specialties: BTreeMap<SpecialtyIx, Proportion>,
}

impl RefusalLimits {
    /// The limit of a specialty; `None` where it has none.
    pub fn of(&self, specialty: SpecialtyIx) -> Option<Proportion> {
        self.specialties.get(&specialty).copied().or(self.limit)
    }
    /// Whether any pool has a limit.
    pub fn is_on(&self) -> bool {
        self.limit.is_some() || !self.specialties.is_empty()
    }
}

/// B(c, a): the share of patients that a pool refuses.
///
/// B(0, a) = 1, B(k, a) = a B(k−1, a) ÷ (k + a B(k−1, a)). For part of a bed the same recurrence starts at the
/// fractional part f of c, from the continuous extension 1 ÷ B(f, a) = a ∫₀^∞ e^(−a y) (1 + y)^f dy (Jagerman
/// 1974), which agrees with the formula at whole beds. Stable for all c and a ≥ 0; O(c).
pub fn refused(beds: Beds, offered: OccupiedBeds) -> Proportion {
    let (c, a) = (beds.0.max(0.0), offered.0);
    if a <= 0.0 {
        return Proportion(if c > 0.0 { 0.0 } else { 1.0 });
    }
    let fraction = c.fract();
    // Work with 1 ÷ B, which grows: 1 ÷ B(k) = 1 + k ÷ a · 1 ÷ B(k−1).
    let mut inverse = if fraction > 0.0 { inverse_at_fraction(fraction, a) } else { 1.0 };
    let mut k = fraction;
    while k + 0.5 < c {
        k += 1.0;
        inverse = 1.0 + k / a * inverse;
        if inverse > 1e300 {
            return Proportion::ZERO;
        }
    }
    Proportion(1.0 / inverse)
}

/// What a pool carries: the load offered less what is refused.
pub fn carried(beds: Beds, offered: OccupiedBeds) -> OccupiedBeds {
    offered * (1.0 - refused(beds, offered).0)
}

/// The largest load that may be offered so that no more than a share is refused. Limits above 0.999 are
/// taken for that.
pub fn largest_offered(beds: Beds, limit: Proportion) -> OccupiedBeds {
    let limit = limit.0.clamp(0.0, 0.999);
    if beds.0 <= 0.0 || limit <= 0.0 {
        return OccupiedBeds::ZERO;
    }
    // Carried load is below the number of beds, so the offered load is below beds ÷ (1 − limit).
    bisect(0.0, beds.0 / (1.0 - limit), |a| refused(beds, OccupiedBeds(a)).0 <= limit)
}

/// The largest mean occupation at which no more than a share is refused: convex in beds, nought at none.
pub fn largest_carried(beds: Beds, limit: Proportion) -> OccupiedBeds {
    carried(beds, largest_offered(beds, limit))
}

/// The share refused by a pool of which the mean occupation is known; 1 where it is full.
pub fn refused_at(beds: Beds, occupied: OccupiedBeds) -> Proportion {
    if occupied.0 <= 0.0 {
        return Proportion::ZERO;
    }
    if occupied.0 >= beds.0 {
        return Proportion(1.0);
    }
    let too_little = |a: f64| carried(beds, OccupiedBeds(a)).0 <= occupied.0;
    let mut most = beds.0;
    while too_little(most) && most < 1e12 {
        most *= 2.0;
    }
    refused(beds, bisect(0.0, most, too_little))
}

/// The end of the stretch over which a condition holds, from `low` on.
fn bisect<Q: Quantity>(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> Q {
    while high - low > PRECISION * high {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Q::from_value(low)
}

/// 1 ÷ B(f, a) for part of a bed: a^(−f) e^a Γ(f + 1, a), by Legendre's continued fraction for the incomplete gamma
/// function (modified Lentz), or for small loads by the series of the lower one.
fn inverse_at_fraction(f: f64, a: f64) -> f64 {
    const TINY: f64 = 1e-300;
    if a < 1.0 {
        return inverse_for_small_load(f, a);
    }
    let s = f + 1.0;
    let mut b = a + 1.0 - s;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / if b.abs() < TINY { TINY } else { b };
    let mut h = d;
    for i in 1..10_000 {
        let i = f64::from(i);
        let an = -i * (i - s);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = b + an / c;
        c = if c.abs() < TINY { TINY } else { c };
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    a * h
}

/// Γ(s, a) = Γ(s) − a^s e^(−a) Σ_n a^n ÷ (s (s+1) … (s+n)), with s = f + 1.
fn inverse_for_small_load(f: f64, a: f64) -> f64 {
    let s = f + 1.0;
    let (mut term, mut sum) = (1.0 / s, 1.0 / s);
    for n in 1..200 {
        term *= a / (s + f64::from(n));
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    a.powf(-f) * a.exp() * gamma(s) - a * sum
}

/// Γ(s) for 1 ≤ s ≤ 2: Lanczos' approximation with g = 7 and nine terms, good to 15 digits.
fn gamma(s: f64) -> f64 {
    const G: f64 = 7.0;
    const TERMS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = s - 1.0;
    let t = x + G + 0.5;
    let series: f64 =
        TERMS[0] + TERMS.iter().zip(0..).skip(1).map(|(term, n)| term / (x + f64::from(n))).sum::<f64>();
    std::f64::consts::TAU.sqrt() * t.powf(x + 0.5) * (-t).exp() * series
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(value: f64, digits: i32) -> f64 {
        let scale = 10f64.powi(digits);
        (value * scale).round() / scale
    }
    fn close(found: f64, expected: f64, digits: i32) {
        assert!(
            (rounded(found, digits) - expected).abs() < 0.1 * 10f64.powi(-digits),
            "{found} for {expected}"
        );
    }

    /// By hand: B(1, 1) = 1/2, B(2, 1) = (1/2) ÷ (2 + 1/2) = 1/5, B(3, 1) = (1/5) ÷ (3 + 1/5) = 1/16.
    #[test]
    fn the_recurrence_is_that_of_erlang() {
        for (beds, expected) in [(0.0, 1.0), (1.0, 0.5), (2.0, 0.2), (3.0, 0.0625)] {
            assert!((refused(Beds(beds), OccupiedBeds(1.0)).0 - expected).abs() < 1e-15);
        }
    }

    /// Beds, share of them offered as load, share refused, per cent of beds occupied. The figures were worked out
    /// apart from this code, with the recurrence alone.
    #[test]
    fn refusals_and_occupancy_agree_with_the_table_to_the_last_digit() {
        for (beds, offered, refusal, occupancy) in [
            (10.0, 0.85, 0.1446, 72.71),
            (20.0, 0.85, 0.0859, 77.70),
            (30.0, 0.85, 0.0594, 79.95),
            (60.0, 0.85, 0.0268, 82.72),
            (100.0, 0.85, 0.0120, 83.98),
            (200.0, 0.85, 0.0023, 84.80),
            (500.0, 0.85, 0.0000, 85.00),
            (10.0, 0.82, 0.1308, 71.28),
            (20.0, 0.82, 0.0727, 76.04),
            (30.0, 0.82, 0.0474, 78.11),
            (50.0, 0.82, 0.0241, 80.02),
            (100.0, 0.82, 0.0064, 81.47),
            (200.0, 0.82, 0.0007, 81.94),
            (500.0, 0.82, 0.0000, 82.00),
        ] {
            let (beds, load) = (Beds(beds), OccupiedBeds(beds * offered));
            close(refused(beds, load).0, refusal, 4);
            close(carried(beds, load).0 / beds.0 * 100.0, occupancy, 2);
        }
    }

    #[test]
    fn largest_loads_agree_with_the_table_to_the_last_digit() {
        for (beds, loads) in [
            (10.0, [(0.01, 4.461, 44.2), (0.02, 5.084, 49.8), (0.05, 6.216, 59.0)]),
            (20.0, [(0.01, 12.031, 59.6), (0.02, 13.182, 64.6), (0.05, 15.249, 72.4)]),
            (30.0, [(0.01, 20.337, 67.1), (0.02, 21.932, 71.6), (0.05, 24.802, 78.5)]),
            (50.0, [(0.01, 37.901, 75.0), (0.02, 40.255, 78.9), (0.05, 44.533, 84.6)]),
            (100.0, [(0.01, 84.064, 83.2), (0.02, 87.972, 86.2), (0.05, 95.240, 90.5)]),
            (200.0, [(0.01, 179.738, 89.0), (0.02, 186.158, 91.2), (0.05, 198.507, 94.3)]),
            (500.0, [(0.01, 474.036, 93.9), (0.02, 486.439, 95.3), (0.05, 511.753, 97.2)]),
        ] {
            for (limit, load, occupancy) in loads {
                close(largest_offered(Beds(beds), Proportion(limit)).0, load, 3);
                close(largest_carried(Beds(beds), Proportion(limit)).0 / beds * 100.0, occupancy, 1);
            }
        }
    }

    /// Worked out apart from this code in 40 digits; 400 beds at 90% refuse 0.264 760%, which has also been printed
    /// as 0.27.
    #[test]
    fn refusals_at_an_occupancy_agree_with_the_table_to_the_last_digit() {
        for (beds, digits, refusals) in [
            (50.0, 1, [3.3, 5.3, 11.3, 15.4]),
            (100.0, 2, [0.74, 1.52, 4.52, 6.90]),
            (200.0, 2, [0.07, 0.25, 1.38, 2.53]),
            (400.0, 2, [0.00, 0.01, 0.26, 0.68]),
        ] {
            for (occupancy, expected) in [0.82, 0.85, 0.90, 0.92].into_iter().zip(refusals) {
                let found = refused_at(Beds(beds), Beds(beds) * Proportion(occupancy));
                close(found.0 * 100.0, expected, digits);
            }
        }
    }

    /// The extension is smooth: it meets the whole beds on either side, falls with beds, and keeps the recurrence.
    /// For half a bed at load 1: 1 ÷ B = e ∫₁^∞ e^(−t) √t dt = e Γ(3/2, 1) = 1.378 936 (Γ(3/2, 1) = 0.507 283).
    #[test]
    fn parts_of_a_bed_lie_between_whole_beds() {
        let at = |beds: f64, load: f64| refused(Beds(beds), OccupiedBeds(load)).0;
        assert!((1.0 / at(0.5, 1.0) - 1.378_936).abs() < 1e-5, "{}", 1.0 / at(0.5, 1.0));
        for load in [0.01, 0.5, 0.999, 1.0, 1.001, 7.0, 90.0, 900.0] {
            for whole in [0.0, 1.0, 5.0, 40.0] {
                assert!((at(whole + 1e-9, load) - at(whole, load)).abs() < 1e-7);
                assert!((at(whole + 1.0 - 1e-9, load) - at(whole + 1.0, load)).abs() < 1e-7);
                let falls = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| at(whole + part, load));
                assert!(falls.windows(2).all(|pair| pair[0] > pair[1]), "{load} {whole} {falls:?}");
            }
        }
        assert!((at(12.3, 0.999_999) - at(12.3, 1.000_001)).abs() < 1e-9, "the two ways of starting agree");
    }

    /// What may be carried at a limit grows faster than beds: a straight line from nought lies above it.
    #[test]
    fn what_a_pool_may_carry_is_convex_in_its_beds() {
        let limit = Proportion(0.02);
        let per_bed: Vec<f64> = (1..200)
            .map(|n| f64::from(n) * 0.7)
            .map(|beds| largest_carried(Beds(beds), limit).0 / beds)
            .collect();
        assert!(per_bed.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
