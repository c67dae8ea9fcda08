//! Vectors from a server.

use std::sync::{Arc, OnceLock};

use cmes_types::Clock;
use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::endpoint::{Endpoint, LONGEST_ANSWER};
use super::events::estimate;
use super::wire::{EmbeddingBody, EmbeddingItem, EmbeddingList};
use super::{OpenAiSettings, SetupError};
use crate::embeddings::{EmbedFuture, Embedder, Embeddings, Kind};
use crate::error::{ModelError, ModelErrorKind};
use crate::guard::Guard;
use crate::{Model, Readiness};

/// Texts in one request.
const BATCH: usize = 64;
/// Shorter than this is not too long for any model.
const SHORT: usize = 256;

/// What a model wants to read in front of a text. Servers do not add it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefixes {
    /// In front of a question.
    pub query: String,
    /// In front of a text that is to be found.
    pub passage: String,
}

/// An embedder behind a server that speaks the protocol of OpenAI.
pub struct OpenAiEmbedder {
    model: String,
    identity: String,
    prefixes: Prefixes,
    endpoint: Endpoint,
    guard: Guard,
    dimension: OnceLock<usize>,
}

impl std::fmt::Debug for OpenAiEmbedder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenAiEmbedder").field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl OpenAiEmbedder {
    /// The model at this address.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn new(settings: OpenAiSettings, prefixes: Prefixes, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        let identity = match (prefixes.query.as_str(), prefixes.passage.as_str()) {
            ("", "") => format!("openai/{}", settings.model),
            (query, passage) => format!("openai/{} with {query:?} and {passage:?}", settings.model),
        };
        Ok(OpenAiEmbedder {
            identity,
            prefixes,
            endpoint: Endpoint::new(&settings)?,
            guard: Guard::new(&settings.model, settings.limits, clock),
            dimension: OnceLock::new(),
            model: settings.model,
        })
    }

    async fn all(&self, kind: Kind, texts: Vec<String>, deadline: Instant) -> Result<Embeddings, ModelError> {
        let prefix = match kind {
            Kind::Query => &self.prefixes.query,
            Kind::Passage => &self.prefixes.passage,
        };
        let mut texts: Vec<String> = texts.into_iter().map(|text| format!("{prefix}{text}")).collect();
        let mut all = Embeddings { vectors: Vec::with_capacity(texts.len()), tokens: 0 };
        for batch in texts.chunks_mut(BATCH) {
            let _turn = self.guard.turn(deadline).await?;
            let part = self.batch(batch, deadline).await?;
            all.vectors.extend(part.vectors);
            all.tokens = all.tokens.saturating_add(part.tokens);
        }
        Ok(all)
    }

    /// Shortens texts that the model finds too long: it says so without saying which.
    async fn batch(&self, texts: &mut [String], deadline: Instant) -> Result<Embeddings, ModelError> {
        let mut patience = self.guard.patience(deadline);
        loop {
            let error = match self.attempt(texts, deadline).await {
                Ok(embeddings) => return Ok(embeddings),
                Err(error) => error,
            };
            let longest = texts.iter().map(String::len).max().unwrap_or(0);
            if error.kind() == &ModelErrorKind::TooLong && longest > SHORT {
                texts.iter_mut().for_each(|text| shorten(text, longest / 2));
            } else {
                patience.after(error).await?;
            }
        }
    }

    async fn attempt(&self, texts: &[String], deadline: Instant) -> Result<Embeddings, ModelError> {
        let bytes = texts.iter().map(String::len).sum();
        let expected = u64::from(estimate(bytes));
        let limit = self.guard.admit(expected, deadline)?;
        let body = EmbeddingBody { model: &self.model, input: texts, encoding_format: "float" };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let reading = async {
            let answer = self.endpoint.ask("embeddings", body).await.map_err(|refusal| refusal.error)?;
            let body = answer.body(LONGEST_ANSWER).await.map_err(|error| self.endpoint.broken(error))?;
            let list = serde_json::from_slice(&body).map_err(|error| self.nonsense(error))?;
            self.vectors(list, texts.len(), bytes)
        };
        let outcome = self.guard.within(limit, reading).await;
        self.guard.correct(expected, outcome.as_ref().map_or(0, |embeddings| u64::from(embeddings.tokens)));
        outcome
    }

    fn vectors(&self, list: EmbeddingList, count: usize, bytes: usize) -> Result<Embeddings, ModelError> {
        if list.data.len() != count {
            return Err(self.nonsense(format!("{} vectors for {count} texts", list.data.len())));
        }
        let dimension = list.data.first().map_or(0, |item| item.embedding.len());
        let mut vectors = vec![Vec::new(); count];
        for (position, EmbeddingItem { index, embedding }) in list.data.into_iter().enumerate() {
            let place = vectors.get_mut(index.unwrap_or(position)).filter(|place| place.is_empty());
            let place = place.ok_or_else(|| self.nonsense("vectors are numbered wrongly"))?;
            if embedding.len() != dimension {
                return Err(self.nonsense("vectors of different lengths"));
            }
            *place = unit(embedding).ok_or_else(|| self.nonsense("a vector without direction"))?;
        }
        if dimension != *self.dimension.get_or_init(|| dimension) {
            return Err(self.nonsense("vectors of another length than before"));
        }
        let counted = list.usage.map(|usage| usage.prompt_tokens).filter(|tokens| *tokens > 0);
        Ok(Embeddings { vectors, tokens: counted.unwrap_or_else(|| estimate(bytes)) })
    }

    fn nonsense(&self, reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ModelError {
        self.endpoint.error(ModelErrorKind::Nonsense).because(reason)
    }
}

/// Of length one, so that a dot product is a cosine.
fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
    if !length.is_finite() || length == 0.0 {
        return None;
    }
    for x in &mut vector {
        *x = (f64::from(*x) / length) as f32;
    }
    Some(vector)
}

fn shorten(text: &mut String, most: usize) {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
}

impl Model for OpenAiEmbedder {
    fn provider(&self) -> &'static str {
        "openai"
    }

    fn name(&self) -> &str {
        &self.model
    }

    fn readiness(&self) -> Readiness {
        super::readiness(&self.guard)
    }

    fn check(&self, deadline: Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        Box::pin(super::check(&self.endpoint, &self.model, deadline))
    }
}

impl Embedder for OpenAiEmbedder {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn dimension(&self) -> Option<usize> {
        self.dimension.get().copied()
    }

    fn embed(&self, kind: Kind, texts: Vec<String>, deadline: Instant) -> EmbedFuture<'_> {
        Box::pin(self.all(kind, texts, deadline))
    }
}
