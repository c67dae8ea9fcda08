//! Why a provider of search did not answer, and what to do about it.

use std::time::Duration;

/// Classes of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchErrorKind {
    /// The key is missing, wrong or may not do this (401, 403), or its plan is used up (402): nothing changes until
    /// the operator acts.
    Refused,
    /// Too many requests (429), at the provider or by the budget of the day.
    Limited,
    /// Nothing answers, or it takes too long.
    Unreachable,
    /// The provider has a fault of its own (5xx).
    Failed,
    /// The answer cannot be understood.
    Nonsense,
    /// This question is not accepted (400, 422); another one may be.
    Rejected,
    /// It failed lately and is left alone for a while.
    SetAside,
}

impl SearchErrorKind {
    /// Its name in figures and traces.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SearchErrorKind::Refused => "refused",
            SearchErrorKind::Limited => "limited",
            SearchErrorKind::Unreachable => "unreachable",
            SearchErrorKind::Failed => "failed",
            SearchErrorKind::Nonsense => "nonsense",
            SearchErrorKind::Rejected => "rejected",
            SearchErrorKind::SetAside => "set-aside",
        }
    }
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
    /// What lies behind it, for the log.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// No provider answered a search.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// There is none.
    #[error("no provider of search is configured; {WHAT_TO_CONFIGURE}")]
    NoneConfigured,
    /// Each of them failed.
    #[error("no provider of search answered ({}); see cmes doctor, or add another one: {WHAT_TO_CONFIGURE}", all(.0))]
    AllFailed(Vec<SearchError>),
}

/// What gives cmes a place to search.
const WHAT_TO_CONFIGURE: &str = "set search.searxng.url, search.brave.api_key, search.serper.api_key or \
    search.tavily.api_key, list wikidata or overpass in search.providers, or fill the directory with cmes directory import";

fn all(failures: &[SearchError]) -> String {
    failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Why a provider cannot be set up: the configuration is at fault.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address is no base of other addresses.
    #[error("{setting}: {shown} is no address that can be asked; it takes one like {example}, without a password")]
    Address {
        /// The setting.
        setting: &'static str,
        /// Its host, or whatever of it is no secret.
        shown: String,
        /// How such an address looks.
        example: &'static str,
    },
    /// The key cannot be sent.
    #[error("{0} contains characters that cannot be sent in a header")]
    ApiKey(&'static str),
    /// The name of the reader cannot be sent.
    #[error("fetch.user_agent contains characters that cannot be sent in a header")]
    UserAgent,
    /// The HTTP client could not be set up.
    #[error(transparent)]
    Client(#[from] cmes_fetch::SetupError),
}
