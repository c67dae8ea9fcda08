//! What can go wrong with a model, sorted by what to do about it.
//!
//! The sentences are for users and operators. They never hold a key, a prompt,
//! or the address of a server; what a provider says about itself is given to the
//! log as `source`.

use std::error::Error;
use std::time::Duration;

/// Why a model gave no answer.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.kind.sentence(&self.model))]
pub struct ModelError {
    kind: ModelErrorKind,
    model: String,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl ModelError {
    /// A failure of this kind by the model of this name.
    pub fn new(kind: ModelErrorKind, model: impl Into<String>) -> ModelError {
        ModelError { kind, model: model.into(), source: None }
    }

    /// With its cause, which the log shows and the user does not see.
    #[must_use]
    pub fn because(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> ModelError {
        ModelError { source: Some(source.into()), ..self }
    }

    /// The class of the failure.
    pub fn kind(&self) -> &ModelErrorKind {
        &self.kind
    }

    /// Whether asking again may help.
    pub fn retry(&self) -> Retry {
        self.kind.retry()
    }
}

/// Whether asking again may help, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same question fails in the same way.
    Never,
    /// After a short pause.
    Soon,
    /// Not before so much time has passed.
    After(Duration),
}

/// The classes of failure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelErrorKind {
    /// No connection, a server that fails (5xx), or a model that cannot be loaded now.
    Unavailable,
    /// Too many failures lately: it is not asked at all for a while.
    Resting {
        /// Until it is asked again.
        pause: Duration,
    },
    /// No answer by the deadline.
    Timeout,
    /// The key is missing, wrong, or not allowed to do this.
    Refused,
    /// The account with the provider is empty.
    NoCredit,
    /// The provider counts calls and there were too many.
    RateLimited {
        /// The pause that it asks for.
        retry_after: Option<Duration>,
    },
    /// The provider knows no model of that name, or it is not on this machine.
    NoSuchModel,
    /// The provider does not accept the request.
    BadRequest,
    /// The provider's own filter keeps the answer back.
    HeldBack,
    /// The conversation is longer than the model can read.
    TooLong,
    /// The answer broke off in the middle.
    CutStream,
    /// What came is no answer: not the protocol, too large, or without any text.
    Nonsense,
    /// The answer is not JSON of the shape that was asked for.
    SchemaViolated,
    /// The operator's limit for a day is used up.
    BudgetUsedUp {
        /// Until it starts anew.
        pause: Duration,
    },
    /// The model was stopped while it worked.
    Cancelled,
}

impl ModelErrorKind {
    /// Whether asking again may help.
    pub fn retry(&self) -> Retry {
        match self {
            ModelErrorKind::Unavailable
            | ModelErrorKind::Timeout
            | ModelErrorKind::CutStream
            | ModelErrorKind::Nonsense
            | ModelErrorKind::SchemaViolated => Retry::Soon,
            ModelErrorKind::RateLimited { retry_after } => retry_after.map_or(Retry::Soon, Retry::After),
            ModelErrorKind::Resting { pause } | ModelErrorKind::BudgetUsedUp { pause } => Retry::After(*pause),
            ModelErrorKind::Refused
            | ModelErrorKind::NoCredit
            | ModelErrorKind::NoSuchModel
            | ModelErrorKind::BadRequest
            | ModelErrorKind::HeldBack
            | ModelErrorKind::TooLong
            | ModelErrorKind::Cancelled => Retry::Never,
        }
    }

    /// Its name in figures and traces.
    pub fn name(&self) -> &'static str {
        match self {
            ModelErrorKind::Unavailable => "unavailable",
            ModelErrorKind::Resting { .. } => "resting",
            ModelErrorKind::Timeout => "timeout",
            ModelErrorKind::Refused => "refused",
            ModelErrorKind::NoCredit => "no-credit",
            ModelErrorKind::RateLimited { .. } => "rate-limited",
            ModelErrorKind::NoSuchModel => "no-such-model",
            ModelErrorKind::BadRequest => "bad-request",
            ModelErrorKind::HeldBack => "held-back",
            ModelErrorKind::TooLong => "too-long",
            ModelErrorKind::CutStream => "cut-stream",
            ModelErrorKind::Nonsense => "nonsense",
            ModelErrorKind::SchemaViolated => "schema-violated",
            ModelErrorKind::BudgetUsedUp { .. } => "budget-used-up",
            ModelErrorKind::Cancelled => "cancelled",
        }
    }

    fn sentence(&self, model: &str) -> String {
        match self {
            ModelErrorKind::Unavailable => {
                format!(
                    "the model {model} cannot be reached; check that its server runs (cmes doctor), or try again later"
                )
            }
            ModelErrorKind::Resting { pause } => format!(
                "the model {model} failed several times in a row and is asked again in {}; see cmes doctor",
                seconds(*pause)
            ),
            ModelErrorKind::Timeout => {
                format!("the model {model} did not answer in time; try again, or give it more time with timeout_s")
            }
            ModelErrorKind::Refused => {
                format!("the model {model} refuses the key; check api_key in the section llm or embeddings")
            }
            ModelErrorKind::NoCredit => {
                format!("the account for the model {model} has no credit left; top it up with its provider")
            }
            ModelErrorKind::RateLimited { retry_after: Some(pause) } => {
                format!("the model {model} gets too many calls; try again in {}", seconds(*pause))
            }
            ModelErrorKind::RateLimited { retry_after: None } => {
                format!("the model {model} gets too many calls; try again later, or lower max_parallel")
            }
            ModelErrorKind::NoSuchModel => {
                format!("there is no model {model}; check its name, or fetch it with cmes models pull")
            }
            ModelErrorKind::BadRequest => {
                format!("the model {model} does not accept the request; check that it is a model of the right kind")
            }
            ModelErrorKind::HeldBack => {
                format!(
                    "the provider of the model {model} keeps its answer back (a filter of its own); ask differently"
                )
            }
            ModelErrorKind::TooLong => format!("the text is too long for the model {model}; shorten it"),
            ModelErrorKind::CutStream => format!("the answer of the model {model} broke off; try again"),
            ModelErrorKind::Nonsense => {
                format!("the model {model} sent no answer that can be understood; check that its address is right")
            }
            ModelErrorKind::SchemaViolated => {
                format!("the model {model} did not answer in the form that was asked for; a larger model may help")
            }
            ModelErrorKind::BudgetUsedUp { pause } => format!(
                "the daily budget for the model {model} is used up for another {}; the operator can raise it",
                seconds(*pause)
            ),
            ModelErrorKind::Cancelled => format!("the model {model} was stopped while it answered"),
        }
    }
}

fn seconds(time: Duration) -> String {
    match time.as_millis().div_ceil(1000) {
        1 => "1 second".to_owned(),
        n @ ..=119 => format!("{n} seconds"),
        n @ ..=7_199 => format!("{} minutes", n.div_ceil(60)),
        n => format!("{} hours", n.div_ceil(3_600)),
    }
}
