//! An embedder for tests: a text's vector is made of its words, the same on every machine, and it fails when it is told
//! to. Words that begin alike have the same meaning, so that it finds what word search does not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cmes_models::{EmbedFuture, Embedder, Embeddings, Kind, Model, ModelError, ModelErrorKind, Readiness};
use futures_util::future::BoxFuture;
use tokio::time::Instant;

/// Length of the vectors.
const DIMENSION: usize = 64;
/// Letters of a word that make its meaning.
const LETTERS: usize = 5;

/// What it does when it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// Embeds.
    #[default]
    Answer,
    /// Fails in this way.
    Fail(ModelErrorKind),
    /// Embeds texts without this word, and refuses the others.
    Refuse(&'static str),
    /// Never answers, not even at the deadline.
    Hang,
}

/// The embedder.
#[derive(Debug)]
pub struct TestEmbedder {
    identity: String,
    behaviour: Mutex<Behaviour>,
    passages: AtomicUsize,
    questions: AtomicUsize,
}

impl TestEmbedder {
    /// One of this identity. Those of two identities make different vectors.
    #[must_use]
    pub fn new(identity: &str) -> Self {
        Self {
            identity: identity.to_owned(),
            behaviour: Mutex::default(),
            passages: AtomicUsize::new(0),
            questions: AtomicUsize::new(0),
        }
    }

    /// From now on it does this.
    pub fn behave(&self, behaviour: Behaviour) {
        *self.behaviour() = behaviour;
    }

    /// Number of passages that it has embedded.
    #[must_use]
    pub fn passages(&self) -> usize {
        self.passages.load(Ordering::SeqCst)
    }

    /// Number of questions that it has embedded.
    #[must_use]
    pub fn questions(&self) -> usize {
        self.questions.load(Ordering::SeqCst)
    }

    fn behaviour(&self) -> MutexGuard<'_, Behaviour> {
        self.behaviour.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail<T>(&self, kind: ModelErrorKind) -> Result<T, ModelError> {
        Err(ModelError::new(kind, &self.identity))
    }

    fn vector(&self, text: &str) -> Vec<f32> {
        let mut vector = vec![0.0_f32; DIMENSION];
        for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let meaning: String = word.to_lowercase().chars().take(LETTERS).collect();
            let hash = hash(self.identity.bytes().chain(meaning.bytes()));
            let place = usize::try_from(hash >> 8).unwrap_or_default() % DIMENSION;
            vector[place] += if hash & 1 == 0 { 1.0 } else { -1.0 };
        }
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        vector.iter().map(|value| value / length).collect()
    }
}

/// FNV-1a of 64 bits (RFC 9923).
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Model for TestEmbedder {
    fn provider(&self) -> &'static str {
        "test"
    }

    fn name(&self) -> &str {
        &self.identity
    }

    fn readiness(&self) -> Readiness {
        Readiness::Ready
    }

    fn check(&self, _: Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        Box::pin(async { Ok("it embeds words".to_owned()) })
    }
}

impl Embedder for TestEmbedder {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn dimension(&self) -> Option<usize> {
        Some(DIMENSION)
    }

    fn embed(&self, kind: Kind, texts: Vec<String>, _: Instant) -> EmbedFuture<'_> {
        let behaviour = self.behaviour().clone();
        Box::pin(async move {
            match behaviour {
                Behaviour::Answer => {}
                Behaviour::Fail(kind) => return self.fail(kind),
                Behaviour::Refuse(word) if texts.iter().any(|text| text.contains(word)) => {
                    return self.fail(ModelErrorKind::BadRequest);
                }
                Behaviour::Refuse(_) => {}
                Behaviour::Hang => std::future::pending().await,
            }
            let counter = if kind == Kind::Passage { &self.passages } else { &self.questions };
            counter.fetch_add(texts.len(), Ordering::SeqCst);
            let vectors = texts.iter().map(|text| self.vector(text)).collect();
            Ok(Embeddings { vectors, tokens: 0 })
        })
    }
}
