//! Why a provider of search did not answer, and what to do about it.

use std::time::Duration;

/// Classes of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchErrorKind {
    /// The key is missing, wrong or may not do this (401, 403): nothing changes until the operator acts.
    Refused,
    /// Too many requests (429), at the provider or by the budget of the day.
    Limited,
    /// Nothing answers, or it takes too long.
    Unreachable,
    /// The provider has a fault of its own (5xx).
    Failed,
    /// The answer cannot be understood.
    Nonsense,
}

/// A search that a provider did not answer.
#[derive(Debug, thiserror::Error)]
#[error("{provider}: {message}")]
pub struct SearchError {
    /// The provider's name in the configuration.
    pub provider: &'static str,
    /// The class of failure.
    pub kind: SearchErrorKind,
    /// What happened and what to do, in a sentence without keys and addresses.
    pub message: String,
    /// The pause that the provider asks for.
    pub retry_after: Option<Duration>,
    /// What lies behind it.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}
