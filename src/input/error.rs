//! Faults of the input: all of them at once, each with its code, place, cause and cure.

use super::codes::Code;
use serde::Serialize;
use std::fmt;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputError {
    /// The code, for example `E104`: see `docs/errors.md`.
    pub code: Code,
    /// The file, as the user named it.
    pub file: String,
    /// The line, from 1; `None` when the fault is of the whole file.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The text of that line, shortened when it is long.
    pub shown: Option<ShownLine>,
    /// What is wrong, in lower case.
    pub cause: String,
    /// How to mend it, in lower case.
    pub cure: String,
    /// How many more faults of this kind the file has that are not told one by one.
    pub more: usize,
}

/// The line at fault, shortened around the place when it is long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownLine {
    /// The text; an ellipsis stands where something was cut.
    pub text: String,
    /// Where the caret goes: characters before it.
    pub caret: Option<usize>,
}

impl fmt::Display for InputError {
    /// Code and place; the line with a caret; cause; cure.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.code, self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        writeln!(f)?;
        if let Some(shown) = &self.shown {
            writeln!(f, "      | {}", shown.text)?;
            if let Some(caret) = shown.caret {
                writeln!(f, "      | {}^", " ".repeat(caret))?;
            }
        }
        writeln!(f, "      {}", self.cause)?;
        write!(f, "      {}", self.cure)?;
        if self.more > 0 {
            write!(f, "\n      (and {} more of this kind in this file)", self.more)?;
        }
        Ok(())
    }
}

/// Every fault found in one go, by file and line.
#[derive(Debug, Clone)]
pub struct InputErrors(pub Vec<InputError>);

impl InputErrors {
    /// How many faults there are, those not told one by one included.
    pub fn count(&self) -> usize {
        self.0.iter().map(|fault| 1 + fault.more).sum()
    }
}

impl std::error::Error for InputErrors {}

impl fmt::Display for InputErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(f, "{fault}\n")?;
        }
        let count = self.count();
        write!(f, "{count} {} found; see docs/errors.md", if count == 1 { "fault" } else { "faults" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_shows_its_place_its_line_its_cause_and_its_cure() {
        let fault = InputError {
            code: "E307",
            file: "data/beds.csv".into(),
            line: Some(37),
            column: Some(5),
            shown: Some(ShownLine { text: "RX1,Geriatric Med,3".into(), caret: Some(4) }),
            cause: "unknown specialty `Geriatric Med`".into(),
            cure: "use one of: 300, 430".into(),
            more: 2,
        };
        let expected = "E307  data/beds.csv:37:5\n      | RX1,Geriatric Med,3\n      |     ^\n      unknown specialty \
                        `Geriatric Med`\n      use one of: 300, 430\n      (and 2 more of this kind in this file)";
        assert_eq!(fault.to_string(), expected);
    }
}
