//! What can go wrong in a use case, as the one who asked needs to hear it.
//!
//! `Display` is the sentence for the client; `source` carries the rest for the
//! log, which the server writes once where it answers.

use cmes_fetch::FetchError;
use cmes_models::{ModelError, Retry};
use cmes_search::{NoAnswer, SearchErrorKind};
use cmes_store::StoreError;
use cmes_types::{Currency, Money};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A field of a request that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// An identifier belongs to another object of the account.
    #[error("{} {}", .0.field, .0.detail)]
    IdentifierTaken(FieldError),
    /// The Content holds no company's site.
    #[error(
        "Content holds no link, domain or e-mail address of a company; give one, such as example.com or info@example.com"
    )]
    NothingToEnrich,
    /// No candidate's site could be read.
    #[error("{0}")]
    SiteUnreachable(FetchError),
    /// What was read is nobody's profile.
    #[error("{host} is not a company's site: its page says “{words}”")]
    NotACompany {
        /// The site.
        host: String,
        /// The words that show it.
        words: String,
    },
    /// The balance does not pay for it.
    #[error("this call may cost {price} {currency}, and the balance is {balance} {currency}; {}", affordable(*.balance, *.lead))]
    NotEnoughMoney {
        /// The most that it may cost.
        price: Money,
        /// What one lead costs.
        lead: Money,
        /// What can be spent.
        balance: Money,
        /// Currency of the amounts.
        currency: Currency,
    },
    /// A cap of the key or project does not allow it.
    #[error(
        "the {scope} “{name}” may spend {amount} {currency} a {period}, and this call would make it {spent} {currency}; \
         wait for the next {period}, or have the cap raised"
    )]
    OverCap {
        /// `project` or `API key`.
        scope: &'static str,
        /// Its name.
        name: String,
        /// `day` or `month`.
        period: &'static str,
        /// The most.
        amount: Money,
        /// What it would be.
        spent: Money,
        /// Currency of the amounts.
        currency: Currency,
    },
    /// The dialogue takes no messages.
    #[error("this dialogue is not active; set IsActive to true with assistant/update, or use another one")]
    InactiveChannel,
    /// The model that answers has failed.
    #[error(
        "the assistant's model failed; the message is kept: send it again with the ID {message} to have it answered"
    )]
    ModelFailed {
        /// The message.
        message: Uuid,
        /// What happened.
        #[source]
        source: ModelError,
    },
    /// No provider of search answered.
    #[error("{0}")]
    SearchFailed(NoAnswer),
    /// The owner of the task stopped it.
    #[error("the task was cancelled before it was finished")]
    Cancelled,
    /// An earlier request with the same Idempotency-Key is still being worked on.
    #[error("the first request with this Idempotency-Key is still being worked on; send it again in a moment")]
    StillRunning,
    /// There is more to do than can be done.
    #[error("too many calls are running; send the request again in a moment, or use Asynch: true")]
    Overloaded,
    /// The database has too much to do or cannot be reached.
    #[error("the server cannot store anything at the moment; send the request again")]
    Busy(#[source] StoreError),
    /// Something that the caller cannot mend.
    #[error("the server failed; try again later, and name the Request-Id when you report it")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a use case has no result, as data: what is kept of a failed task, and
/// what an error answer is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Name of the kind, the end of a problem's `type`.
    pub kind: String,
    /// A sentence that says what to do.
    pub detail: String,
    /// The fields at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let fields = match error {
            Error::Fields(fields) => fields.clone(),
            Error::IdentifierTaken(field) => vec![field.clone()],
            _ => Vec::new(),
        };
        Self { kind: error.kind().to_owned(), detail: error.to_string(), fields }
    }
}

fn affordable(balance: Money, lead: Money) -> String {
    match balance.units().checked_div(lead.units()) {
        Some(count) if count > 0 => format!("it would pay for {count}; ask for fewer, or top it up"),
        _ => "top it up".to_owned(),
    }
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

    /// Name of its kind; the server documents each under `/problems/`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::KeyNotValid => "key-not-valid",
            Self::Fields(_) => "invalid-field",
            Self::IdentifierTaken(_) => "identifier-taken",
            Self::NothingToEnrich => "nothing-to-enrich",
            Self::SiteUnreachable(_) => "site-unreachable",
            Self::NotACompany { .. } => "not-a-company",
            Self::NotEnoughMoney { .. } => "not-enough-money",
            Self::OverCap { .. } => "over-cap",
            Self::InactiveChannel => "inactive-channel",
            Self::ModelFailed { .. } => "model-failed",
            Self::SearchFailed(_) => "search-failed",
            Self::Cancelled => "cancelled",
            Self::StillRunning => "still-running",
            Self::Overloaded | Self::Busy(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// Whether the same work may succeed a little later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::SiteUnreachable(error) => error.is_temporary(),
            Self::ModelFailed { source, .. } => source.retry() != Retry::Never,
            Self::SearchFailed(NoAnswer::AllFailed(failures)) => {
                failures.iter().any(|failure| failure.kind != SearchErrorKind::Refused)
            }
            Self::Busy(_) | Self::Internal(_) | Self::Overloaded => true,
            _ => false,
        }
    }

    /// Something that went wrong inside.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) => Self::Busy(error),
            error => Self::Internal(Box::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_money_says_what_it_would_pay_for() {
        let money = |text: &str| text.parse::<Money>().expect("an amount");
        let error = |price, balance| {
            let (price, balance) = (money(price), money(balance));
            Error::NotEnoughMoney { price, lead: money("0.1"), balance, currency: Currency::gbp() }.to_string()
        };
        assert_eq!(
            error("1", "0.45"),
            "this call may cost 1 GBP, and the balance is 0.45 GBP; it would pay for 4; ask for fewer, or top it up"
        );
        assert_eq!(error("0.1", "0.05"), "this call may cost 0.1 GBP, and the balance is 0.05 GBP; top it up");
    }

    #[test]
    fn a_failure_keeps_what_the_client_reads() {
        let failure = Failure::from(&Error::field("Content", "is required"));
        let stored = serde_json::to_string(&failure).expect("plain data");
        assert_eq!(serde_json::from_str::<Failure>(&stored).expect("the same"), failure);
        assert_eq!((failure.kind.as_str(), failure.detail.as_str()), ("invalid-field", "Content is required"));
    }
}
