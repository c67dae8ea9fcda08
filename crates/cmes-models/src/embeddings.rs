//! Turning texts into vectors whose dot product tells how near their meanings are.

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use crate::Model;
use crate::error::ModelError;

/// What a text is for: models of questions and answers read the two differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A question, or words that are searched for.
    Query,
    /// A text that is to be found.
    Passage,
}

/// The vectors of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Embeddings {
    /// One vector of unit length for each text, in their order.
    pub vectors: Vec<Vec<f32>>,
    /// Tokens read, prefixes included; an estimate when the provider does not count.
    pub tokens: u32,
}

/// Vectors to come.
pub type EmbedFuture<'a> = BoxFuture<'a, Result<Embeddings, ModelError>>;

/// A model that embeds texts.
pub trait Embedder: Model {
    /// Which model made a vector, to be stored beside it: vectors with different
    /// identities are not comparable. It stays the same as long as the vectors
    /// would, and names everything that changes them: model, quantisation, prefixes.
    fn identity(&self) -> &str;

    /// Length of its vectors. None until a model elsewhere has answered for the first time.
    fn dimension(&self) -> Option<usize>;

    /// Embeds texts; how they are cut into batches is up to the provider, which
    /// uses only the beginning of a text that is too long for it. To cancel, drop the future.
    fn embed(&self, kind: Kind, texts: Vec<String>, deadline: Instant) -> EmbedFuture<'_>;
}
