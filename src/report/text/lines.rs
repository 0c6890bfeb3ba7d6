//! Lines of a page: headings, aligned tables, wrapped notes.

/// Columns of the page.
const WIDTH: usize = 96;
/// Spaces between the columns of a table.
const BETWEEN: usize = 2;

/// A row of a table.
#[derive(Debug)]
pub struct Row {
    cells: Vec<String>,
    heading: bool,
}

impl Row {
    /// A row of values.
    pub fn new(cells: impl IntoIterator<Item = String>) -> Self {
        Self { cells: cells.into_iter().collect(), heading: false }
    }
    /// The row of column names.
    pub fn heading<'a>(cells: impl IntoIterator<Item = &'a str>) -> Self {
        Self { cells: cells.into_iter().map(str::to_owned).collect(), heading: true }
    }
}

/// A page that grows line by line.
#[derive(Debug)]
pub struct Page {
    text: String,
    colour: bool,
}

impl Page {
    /// An empty page.
    pub fn new(colour: bool) -> Self {
        Self { text: String::new(), colour }
    }
    /// A line as it stands.
    pub fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }
    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }
    /// A line that stands out.
    pub fn heading(&mut self, text: &str) {
        if self.colour {
            self.line(&format!("\x1b[1m{}\x1b[0m", text.trim_end()));
        } else {
            self.line(text);
        }
    }
    /// A note, broken between words where the page ends.
    pub fn bullet(&mut self, text: &str) {
        self.broken("  -", "   ", text);
    }
    /// A note below another one.
    pub fn under(&mut self, text: &str) {
        self.broken("      *", "       ", text);
    }
    /// A number, flush right, and what it is about, broken between words where the page ends.
    pub fn hanging(&mut self, text: &str) {
        let (number, words) = text.split_once(' ').unwrap_or((text, ""));
        self.broken(&format!("{number:>10} "), &" ".repeat(11), words);
    }
    fn broken(&mut self, first: &str, others: &str, text: &str) {
        let mut line = String::from(first);
        for word in text.split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > WIDTH && line.chars().count() > others.len()
            {
                self.line(&line);
                line = String::from(others);
            }
            line.push(' ');
            line.push_str(word);
        }
        self.line(&line);
    }
    /// A table. Columns whose values are all numbers are set flush right, as are their names.
    pub fn table(&mut self, rows: &[Row]) {
        let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let cell = |row: &Row, column: usize| row.cells.get(column).cloned().unwrap_or_default();
        let widths: Vec<usize> = (0..columns)
            .map(|column| rows.iter().map(|row| cell(row, column).chars().count()).max().unwrap_or(0))
            .collect();
        let numeric: Vec<bool> = (0..columns)
            .map(|column| {
                let mut values = rows.iter().filter(|row| !row.heading).map(|row| cell(row, column));
                column > 0 && values.all(|value| is_numeric(&value))
            })
            .collect();
        for row in rows {
            let mut line = String::new();
            for (column, (&width, &right)) in widths.iter().zip(&numeric).enumerate() {
                if column > 0 {
                    line.push_str(&" ".repeat(BETWEEN));
                }
                let text = cell(row, column);
                let padding = " ".repeat(width - text.chars().count());
                if right {
                    line.push_str(&padding);
                }
                line.push_str(&text);
                if !right {
                    line.push_str(&padding);
                }
            }
            if row.heading { self.heading(&line) } else { self.line(&line) }
        }
    }
    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Whether a value is set flush right: numbers, percentages, ranges of numbers, nothing.
fn is_numeric(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "+-.,%".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_flush_right_and_words_flush_left() {
        let mut page = Page::new(false);
        page.table(&[
            Row::heading(["Region", "Beds", "Worst"]),
            Row::new(["London".to_owned(), "5".to_owned(), "Ealing".to_owned()]),
            Row::new(["Kent".to_owned(), "1,234".to_owned(), "Dover".to_owned()]),
        ]);
        assert_eq!(page.finish(), "Region   Beds  Worst\nLondon      5  Ealing\nKent    1,234  Dover\n");
    }
    #[test]
    fn notes_are_broken_between_words_within_the_page() {
        let mut page = Page::new(false);
        page.bullet(&"twelve beds ".repeat(20));
        let text = page.finish();
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert_eq!(text.matches("beds").count(), 20, "no word is lost");
    }
    #[test]
    fn colour_is_a_matter_of_headings_only() {
        let page = |colour| {
            let mut page = Page::new(colour);
            page.heading("Region");
            page.line("London");
            page.finish()
        };
        assert_eq!(
            (page(false).as_str(), page(true).as_str()),
            ("Region\nLondon\n", "\u{1b}[1mRegion\u{1b}[0m\nLondon\n")
        );
    }
}
