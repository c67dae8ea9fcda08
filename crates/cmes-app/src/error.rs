//! What can go wrong in a use case, as the one who asked needs to hear it.
//!
//! `Display` is the sentence for the client; `source` carries the rest for the
//! log, which the server writes once where it answers.

use cmes_store::StoreError;

/// A field of a request that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field as the reference spells it.
    pub field: String,
    /// What it takes.
    pub detail: String,
}

/// Why a use case has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No usable credentials were shown.
    #[error("send the header “Authorization: Bearer apikey-…” with one of your API keys")]
    Unauthenticated,
    /// The key is not valid (any more).
    #[error("this API key is unknown, revoked or expired; use another one or create a new one")]
    KeyNotValid,
    /// Fields of the request cannot be used.
    #[error("{}", sentence(.0))]
    Fields(Vec<FieldError>),
    /// The Content holds no company's site.
    #[error(
        "Content holds no link, domain or e-mail address of a company; give one, such as example.com or info@example.com"
    )]
    NothingToEnrich,
    /// No candidate's site could be read.
    #[error("{0}")]
    SiteUnreachable(String),
    /// What was read is nobody's profile.
    #[error("{host} is not a company's site: its page says “{words}”")]
    NotACompany {
        /// The site.
        host: String,
        /// The words that show it.
        words: String,
    },
    /// Something that the caller cannot mend.
    #[error("the server failed; try again later, and name the Request-Id when you report it")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn sentence(fields: &[FieldError]) -> String {
    let parts: Vec<_> = fields.iter().map(|e| format!("{} {}", e.field, e.detail)).collect();
    parts.join("; ")
}

impl Error {
    /// One field that cannot be used.
    pub fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Fields(vec![FieldError { field: field.into(), detail: detail.into() }])
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Internal(Box::new(error))
    }
}
