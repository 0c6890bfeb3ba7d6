//! Gathers faults while the input is read and checked, and puts the lines to them at the end.

use super::codes::{self, Code};
use super::csv;
use super::error::{InputError, InputErrors, ShownLine};
use super::location::{Location, Spot};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Faults of one kind in one file that are told one by one; the rest are counted.
const TOLD: usize = 20;
/// Characters of a line shown on either side of the place.
const AROUND: usize = 50;

/// The faults found so far. Bounded: the same kind in the same file is told so often and then counted.
#[derive(Debug, Default)]
pub struct Faults {
    told: Vec<Fault>,
    counts: BTreeMap<(Code, Arc<str>), usize>,
}

#[derive(Debug)]
struct Fault {
    code: Code,
    at: Location,
    cause: String,
    cure: String,
}

impl Faults {
    /// Adds a fault; cause and cure are lower-case sentences without a full stop.
    pub fn add(&mut self, code: Code, at: Location, cause: impl Into<String>, cure: impl Into<String>) {
        let count = self.counts.entry((code, at.file.clone())).or_default();
        *count += 1;
        if *count <= TOLD {
            self.told.push(Fault { code, at, cause: cause.into(), cure: cure.into() });
        }
    }
    /// Whether one more fault of this kind in this file would be told and not only counted.
    pub fn tells(&self, code: Code, file: &Arc<str>) -> bool {
        self.counts.get(&(code, file.clone())).is_none_or(|count| *count < TOLD)
    }
    /// Whether rows of a file could not be read, so that references to it cannot be judged.
    pub fn broken(&self, file: &Arc<str>) -> bool {
        self.counts.keys().any(|(code, of)| of == file && loses_rows(code))
    }
    /// Whether rows are missing somewhere or references dangle, so that sums cannot be judged.
    pub fn structural(&self) -> bool {
        self.counts.keys().any(|(code, _)| loses_rows(code) || *code == codes::DANGLING)
    }
    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
    /// All faults by file, line and code, each with the line it is about.
    pub fn into_errors(mut self) -> InputErrors {
        self.told.sort_by(|a, b| (&a.at, a.code).cmp(&(&b.at, b.code)));
        let mut lines = BTreeMap::new();
        for chunk in self.told.chunk_by(|a, b| a.at.file == b.at.file) {
            let wanted: Vec<u32> = chunk.iter().map(|fault| fault.at.line).collect();
            for (line, text) in csv::read_lines(Path::new(&*chunk[0].at.file), &wanted) {
                lines.insert((chunk[0].at.file.clone(), line), text);
            }
        }
        let mut left: BTreeMap<_, _> = self.counts;
        let mut errors: Vec<InputError> = Vec::new();
        for fault in self.told {
            let text = lines.get(&(fault.at.file.clone(), fault.at.line));
            let place = text.and_then(|text| place_in(text, fault.at.spot));
            errors.push(InputError {
                code: fault.code,
                file: fault.at.file.to_string(),
                line: (fault.at.line > 0).then_some(fault.at.line as usize),
                column: place.map(|before| before + 1),
                shown: text.map(|text| shorten(text, place)),
                cause: fault.cause,
                cure: fault.cure,
                more: 0,
            });
        }
        // The count of those not told goes to the last one told of that kind.
        for error in errors.iter_mut().rev() {
            if let Some(count) = left.remove(&(error.code, Arc::from(error.file.as_str()))) {
                error.more = count.saturating_sub(TOLD);
            }
        }
        InputErrors(errors)
    }
}

/// Faults of tables as files, empty identifiers and identifiers given twice: rows go missing.
fn loses_rows(code: Code) -> bool {
    code.starts_with("E2") || [codes::CELL_EMPTY, codes::DUPLICATE].contains(&code)
}

/// Characters before the place.
fn place_in(text: &str, spot: Spot) -> Option<usize> {
    match spot {
        Spot::Line => None,
        Spot::Character(column) => Some((column as usize).saturating_sub(1)),
        Spot::Field(field) => {
            let start = csv::split(text).ok()?.get(field as usize)?.start;
            Some(text[..start].chars().count())
        }
    }
}

/// The line, cut around the place when it is long; tabs and other controls become spaces.
fn shorten(text: &str, place: Option<usize>) -> ShownLine {
    let middle = place.unwrap_or(0);
    let from = middle.saturating_sub(AROUND);
    let cut_front = from > 0;
    let mut shown: String = if cut_front { "…".into() } else { String::new() };
    let rest = text.chars().skip(from).map(|c| if c.is_control() { ' ' } else { c });
    let to = if place.is_some() { middle + AROUND } else { 2 * AROUND };
    shown.extend(rest.take(to - from));
    if text.chars().nth(to).is_some() {
        shown.push('…');
    }
    let caret = place.map(|_| middle - from + usize::from(cut_front));
    ShownLine { text: shown.trim_end().to_owned(), caret }
}

/// A closing hint: `did you mean …` when a known name is near, else some of the known names.
pub fn suggest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(found, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "there is none to choose from".to_owned(),
        None => format!("use one of: {}", list(known)),
    }
}

/// The known name most like the one found, when it is near enough to be a slip.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = found.to_lowercase();
    let score = |name: &&str| strsim::damerau_levenshtein(&lower, &name.to_lowercase());
    let longest = (found.chars().count() / 3).max(1);
    let distances = known.into_iter().map(|name| (score(&name), name));
    distances.filter(|(distance, _)| *distance <= longest).min().map(|(_, name)| name)
}

/// Names in a row, capped: `a, b, c and 12 more`.
pub fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    const SHOWN: usize = 10;
    let names: Vec<S> = names.into_iter().collect();
    let shown = names.iter().take(SHOWN).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_faults_of_one_kind_are_told_twenty_times_and_then_counted() {
        let mut faults = Faults::default();
        let file: Arc<str> = "nowhere.csv".into();
        for line in 1..=100 {
            faults.add("E302", Location::line(&file, line), "no number", "write one");
        }
        let errors = faults.into_errors();
        assert_eq!((errors.0.len(), errors.count()), (20, 100));
        assert_eq!(errors.0[19].more, 80);
    }

    #[test]
    fn a_slip_of_the_pen_gets_a_suggestion_and_a_stranger_gets_the_list() {
        assert_eq!(suggest("occupency", ["occupancy", "objective"]), "did you mean `occupancy`?");
        assert_eq!(suggest("zebra", ["occupancy", "objective"]), "use one of: occupancy, objective");
        assert_eq!(list((0..22).map(|n| n.to_string())), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 12 more");
    }

    #[test]
    fn long_lines_are_shown_around_the_place() {
        let text = format!("{}X{}", "a".repeat(200), "b".repeat(200));
        let shown = shorten(&text, Some(200));
        assert_eq!(shown.text.chars().nth(shown.caret.unwrap()), Some('X'));
        assert!(shown.text.chars().count() < 110 && shown.text.ends_with('…'));
    }
}
