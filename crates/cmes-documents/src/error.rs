//! Why a file cannot be read, said so that its owner knows what to do.

use thiserror::Error;

/// Why no document came of a file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is of no kind that is read.
    #[error("the kind of this file is not known: PDF, DOCX, XLSX, ODT, ODS, HTML, Markdown, CSV and text can be read")]
    Unknown,
    /// It is of a kind that is known and not read.
    #[error("this is {kind}, which is not read: {advice}")]
    Unsupported {
        /// The kind, with its article.
        kind: &'static str,
        /// What to do instead.
        advice: &'static str,
    },
    /// It can only be opened with a password.
    #[error("this {kind} is protected by a password: save it without one")]
    Protected {
        /// The kind.
        kind: &'static str,
    },
    /// It does not keep to its format.
    #[error("this {kind} is damaged ({reason}): open it in the program that made it and save it anew")]
    Damaged {
        /// The kind.
        kind: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// It is larger than what is read, or costs more.
    #[error("this file has more than {limit} {what}: split it")]
    TooLarge {
        /// The most that is read.
        limit: u64,
        /// Of what.
        what: &'static str,
    },
    /// There are no words in it.
    #[error("there is no text in this {kind}; if it was scanned, it needs text recognition (OCR) first")]
    NoText {
        /// The kind.
        kind: &'static str,
    },
}

impl ReadError {
    /// A damaged file; the reason is cut, for it may quote the file.
    pub(crate) fn damaged(kind: &'static str, reason: impl std::fmt::Display) -> Self {
        const LONGEST_REASON: usize = 120;
        let reason = reason.to_string().chars().filter(|letter| !letter.is_control()).take(LONGEST_REASON).collect();
        Self::Damaged { kind, reason }
    }
}
