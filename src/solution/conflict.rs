//! Why no plan exists: rules that cannot all hold.

use crate::domain::policy::Origin;

/// One rule of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictLine {
    /// The rule in words.
    pub text: String,
    /// Where it was written down, when it was.
    pub origin: Option<Origin>,
}

/// Rules that cannot all hold; without any one of them the rest can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The rules.
    pub members: Vec<ConflictLine>,
}
