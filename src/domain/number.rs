//! Numbers as text: exact where they are read back, rounded where people read them.

/// Beyond this a number has no ninth decimal to round.
const LARGEST_WITH_NINE_DECIMALS: f64 = 9.0e6;

/// Rounds to nine decimals: enough for every check of a result, and free of the last bits in which
/// machines may differ. Larger numbers keep what they have. Never −0.
pub fn nine_decimals(value: f64) -> f64 {
    if value.abs() > LARGEST_WITH_NINE_DECIMALS {
        return value;
    }
    (value * 1e9).round() / 1e9 + 0.0
}

/// With thousands separated by commas and so many decimals, for example `91,636.0`.
pub fn grouped(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut text = String::new();
    if value < 0.0 && plain.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        text.push('-');
    }
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// A number without needless zeros, to a millionth: `20`, `0.1`.
pub fn tidy(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A share as a percentage, for people only: `9.40%`.
pub fn percent(share: f64) -> String {
    format!("{}%", grouped(share * 100.0, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_and_nothing_is_below_zero_by_rounding() {
        assert_eq!(grouped(91_636.04, 1), "91,636.0");
        assert_eq!(grouped(-1_531.84, 1), "-1,531.8");
        assert_eq!(grouped(999.96, 1), "1,000.0");
        assert_eq!(grouped(-0.01, 1), "0.0");
        assert_eq!(percent(0.0940), "9.40%");
    }
    #[test]
    fn nine_decimals_drop_the_solvers_rounding_and_keep_large_numbers() {
        assert!(nine_decimals(-1e-12).is_sign_positive());
        assert_eq!(nine_decimals(0.1 + 0.2).to_string(), "0.3");
        let budget = 123_456_789.123_456_78;
        assert_eq!(nine_decimals(budget).to_bits(), budget.to_bits());
    }
}
