//! Names in capitals, as the registers print them, made readable.

const SMALL: [&str; 12] = ["a", "and", "at", "by", "for", "in", "le", "of", "on", "the", "under", "upon"];
const KEPT: [&str; 3] = ["NHS", "RCF", "USA"];
const EXPANDED: [(&str, &str); 2] = [("GEN", "General"), ("AKA", "also known as")];

/// "ST MARY'S HOSPITAL;" becomes "St Mary's Hospital".
pub fn readable(name: &str) -> String {
    let trimmed = name.trim().trim_end_matches(';').trim();
    let words = trimmed.split_whitespace().enumerate().map(|(place, word)| readable_word(word, place == 0));
    words.collect::<Vec<_>>().join(" ")
}

fn readable_word(word: &str, first: bool) -> String {
    let bare: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    if let Some((_, long)) = EXPANDED.iter().find(|(short, _)| *short == bare) {
        return word.replace(&bare, long);
    }
    if KEPT.contains(&bare.as_str()) {
        return word.to_owned();
    }
    let lower = word.to_lowercase();
    if !first && SMALL.contains(&lower.as_str()) { lower } else { capitalised(&lower) }
}

/// Capitals at the start and after a hyphen, stroke or bracket, but not after an apostrophe.
fn capitalised(lower: &str) -> String {
    let mut start = true;
    let mut text = String::with_capacity(lower.len());
    for letter in lower.chars() {
        if start && letter.is_alphabetic() {
            text.extend(letter.to_uppercase());
            start = false;
        } else {
            text.push(letter);
            start = matches!(letter, '-' | '/' | '(' | '"') || (start && !letter.is_alphanumeric());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_become_a_readable_name_without_the_stray_semicolon() {
        assert_eq!(readable("PAIGNTON HOSPITAL;"), "Paignton Hospital");
        assert_eq!(readable("ST MARY'S HOSPITAL"), "St Mary's Hospital");
        assert_eq!(readable("BARTS HEALTH NHS TRUST"), "Barts Health NHS Trust");
        assert_eq!(readable("CHESTER-LE-STREET (WONFORD)"), "Chester-Le-Street (Wonford)");
        assert_eq!(readable("THE HEART OF ENGLAND & HALTON GEN"), "The Heart of England & Halton General");
    }
}
