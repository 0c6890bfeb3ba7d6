//! Names that every reader of LP and MPS text takes.

use std::collections::HashSet;

const LONGEST: usize = 200;
const KEYWORDS: [&str; 22] = [
    "min", "minimize", "minimum", "max", "maximize", "maximum", "subject", "such", "st", "s.t.", "bounds",
    "bound", "free", "general", "generals", "gen", "integer", "integers", "binary", "binaries", "bin", "end",
];

/// Makes names fit, and different from each other, in the order they come.
pub(super) fn fitted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .map(|name| {
            let base = sanitised(&name);
            let mut candidate = base.clone();
            let mut n = 2;
            while !taken.insert(candidate.clone()) {
                candidate = format!("{base}_{n}");
                n += 1;
            }
            candidate
        })
        .collect()
}

/// Letters, digits and `_ . ( ) ,` stay, all else becomes `_`; what reads as a number or a keyword gets
/// a letter in front.
fn sanitised(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || "_.(),".contains(c);
    let text: String = name.chars().take(LONGEST).map(|c| if kept(c) { c } else { '_' }).collect();
    let lower = text.to_ascii_lowercase();
    let mut letters = lower.chars();
    let (first, second) = (letters.next(), letters.next());
    let number_like = first.is_none_or(|c| !(c.is_ascii_alphabetic() || c == '_'))
        || (first == Some('e') && second.is_none_or(|c| c.is_ascii_digit() || c == 'e'))
        || lower.starts_with("inf")
        || lower.starts_with("nan");
    if number_like || KEYWORDS.contains(&lower.as_str()) { format!("v_{text}") } else { text }
}

/// A number as short as it can be read back exactly.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if (1e-5..1e15).contains(&size) {
        format!("{value}")
    } else if value.is_infinite() {
        if value > 0.0 { "+inf".to_owned() } else { "-inf".to_owned() }
    } else {
        format!("{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_readable_and_stay_different() {
        let names = ["beds[RXX 01]", "beds[RXX-01]", "3rd", "free", "e5", "", "Infirmary", "unmet(E02,100)"];
        assert_eq!(
            fitted(names.iter().map(ToString::to_string)),
            [
                "beds_RXX_01_",
                "beds_RXX_01__2",
                "v_3rd",
                "v_free",
                "v_e5",
                "v_",
                "v_Infirmary",
                "unmet(E02,100)"
            ]
        );
    }

    #[test]
    fn numbers_read_back_exactly() {
        for value in [0.1, 1e300, -2.5e-9, 123_456.789, 1.0 / 3.0] {
            assert_eq!(number(value).parse::<f64>(), Ok(value));
        }
        assert_eq!(number(-0.0), "0");
    }
}
