//! Language models and embedders: two traits, and the providers behind them.
//!
//! A use case holds an `Option<Arc<dyn ChatModel>>` and an
//! `Option<Arc<dyn Embedder>>` and does not know who answers. Whatever a provider
//! does, the result is an answer that keeps to what was asked for, or a
//! [`ModelError`] whose kind says whether asking again may help.
//!
//! From the outside in: [`chat`] and [`embeddings`] are the traits, [`schema`]
//! is what an answer may be held to, [`error`] the classes of failure.

pub mod catalogue;
pub mod chat;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod embeddings;
pub mod error;
mod guard;
mod models;
pub mod openai;
pub mod pull;
pub mod schema;

pub use chat::{
    ChatAnswer, ChatEvent, ChatFuture, ChatModel, ChatRequest, ChatStream, Finish, Message, Role, TokenCounts,
};
pub use embeddings::{EmbedFuture, Embedder, Embeddings, Kind};
pub use error::{ModelError, ModelErrorKind, Retry};
pub use models::{Models, Serving};
pub use schema::{JsonSchema, SchemaError};

use futures_util::future::BoxFuture;
use tokio::time::Instant;

/// What every model can say about itself.
pub trait Model: Send + Sync + std::fmt::Debug {
    /// Who runs it: `embedded` or `openai`.
    fn provider(&self) -> &'static str;

    /// Its name as an operator knows it.
    fn name(&self) -> &str;

    /// Whether it can be asked now, without asking it: at once, for `/health`.
    fn readiness(&self) -> Readiness;

    /// Whether it really answers, for `cmes doctor`: a sentence about what was
    /// found. It may load a model or ask a server, but writes no text.
    fn check(&self, deadline: Instant) -> BoxFuture<'_, Result<String, ModelError>>;
}

/// Whether a model can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// As far as is known.
    Ready,
    /// Not now: a clause that says why, such as “three calls in a row failed”.
    NotReady(String),
}

impl std::fmt::Display for Readiness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Readiness::Ready => f.write_str("ready"),
            Readiness::NotReady(reason) => write!(f, "not ready: {reason}"),
        }
    }
}
