//! What is known of where data come from, for readers of a result.

/// What is said of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AboutTable {
    /// The tables, as the heading names them.
    pub tables: String,
    /// Who published it.
    pub source: String,
    /// Of when it is.
    pub year: String,
    /// Under which licence.
    pub licence: String,
    /// How it was made from what was published.
    pub done: String,
}

impl AboutTable {
    /// Whether its detail is not published but derived.
    pub fn derived(&self) -> bool {
        self.done.contains("**Derived.**")
    }
}
