//! Why an explanation or a comparison cannot be given.

use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why an explanation or a comparison cannot be given.
#[derive(Debug, Error)]
pub enum InsightError {
    /// A file of the result is missing or cannot be opened.
    #[error("cannot read {}: {cause}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// A file of the result holds something that does not belong there.
    #[error("{}: {cause}", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// No place goes by this name.
    #[error("there is no {kind} called \"{asked}\": {hint}")]
    UnknownPlace {
        /// Region, site and so on.
        kind: &'static str,
        /// What was asked for.
        asked: String,
        /// What may have been meant.
        hint: String,
    },
    /// A demand that cannot be read.
    #[error(
        "\"{asked}\" is no demand: {cause}; write for example \"North East min 300\", \"trust RJ1 max 40\" or \
         \"site RHU03 / 300 exactly 20\""
    )]
    Demand {
        /// What was asked.
        asked: String,
        /// What is wrong with it.
        cause: String,
    },
    /// Several places go by this name.
    #[error("more than one {kind} goes by \"{asked}\": use one of {candidates}")]
    AmbiguousPlace {
        /// Region, site and so on.
        kind: &'static str,
        /// What was asked for.
        asked: String,
        /// Their identifiers and names.
        candidates: String,
    },
}

impl InsightError {
    /// A file that cannot be opened.
    pub(super) fn unreadable(path: &Path, cause: &std::io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), cause: cause.to_string() }
    }
    /// A file with something wrong in it.
    pub(super) fn malformed(path: &Path, cause: impl Into<String>) -> Self {
        Self::Malformed { path: path.to_owned(), cause: cause.into() }
    }
}
