//! Questions as vectors: those that were asked last are kept, for assistants ask again and people turn pages.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cmes_models::{Embedder, Kind};
use cmes_retrieve::common;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

/// After so long without a vector of the question, words alone decide: somebody waits.
const VECTOR_TIME: Duration = Duration::from_millis(1_500);
/// Vectors of questions that are kept, of about 2 KB each.
const MOST: usize = 1_000;

/// What is known of questions.
#[derive(Debug, Default)]
pub(crate) struct Questions(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    vectors: HashMap<[u8; 32], Arc<[f32]>>,
    /// The oldest first.
    order: VecDeque<[u8; 32]>,
    /// What questions in a language have in common, by embedder and language.
    common: HashMap<(String, &'static str), Arc<[f32]>>,
}

impl Known {
    fn keep(&mut self, question: [u8; 32], vector: Arc<[f32]>) {
        if self.vectors.insert(question, vector).is_none() {
            self.order.push_back(question);
        }
        while self.order.len() > MOST {
            if let Some(oldest) = self.order.pop_front() {
                self.vectors.remove(&oldest);
            }
        }
    }
}

impl Questions {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The vector of a question, without what it has in common with others; none when the embedder does not answer in
    /// time.
    pub(crate) async fn vector(&self, embedder: &dyn Embedder, query: &str) -> Option<Arc<[f32]>> {
        self.vector_within(VECTOR_TIME, embedder, query).await
    }

    /// The same for who has so much time.
    pub(crate) async fn vector_within(
        &self,
        patience: Duration,
        embedder: &dyn Embedder,
        query: &str,
    ) -> Option<Arc<[f32]>> {
        let question: [u8; 32] = Sha256::digest(query).into();
        if let Some(vector) = self.known().vectors.get(&question) {
            return Some(Arc::clone(vector));
        }
        let question_alone = embed(patience, embedder, vec![query.to_owned()]);
        let (vectors, common) = tokio::join!(question_alone, self.common(patience, embedder, query));
        let vector = vectors?.pop()?;
        // A little worse is better than none; the next one who asks for it tries again.
        let Some(common) = common else { return Some(vector.into()) };
        let vector: Arc<[f32]> = common::without(vector, &common).into();
        self.known().keep(question, Arc::clone(&vector));
        Some(vector)
    }

    /// The vector of words that are no question, such as what companies do; none when the embedder does not answer in time.
    pub(crate) async fn vector_of_words(&self, embedder: &dyn Embedder, words: &str) -> Option<Arc<[f32]>> {
        let place: [u8; 32] = Sha256::digest(format!("words {words}")).into();
        if let Some(vector) = self.known().vectors.get(&place) {
            return Some(Arc::clone(vector));
        }
        let vector: Arc<[f32]> = embed(VECTOR_TIME, embedder, vec![words.to_owned()]).await?.pop()?.into();
        self.known().keep(place, Arc::clone(&vector));
        Some(vector)
    }

    /// What a question has in common with others in its language; none when the embedder does not answer in time.
    async fn common(&self, patience: Duration, embedder: &dyn Embedder, query: &str) -> Option<Arc<[f32]>> {
        let others = common::like(query);
        let place = (embedder.identity().to_owned(), others.language);
        if let Some(common) = self.known().common.get(&place) {
            return Some(Arc::clone(common));
        }
        let texts = others.texts.iter().map(|text| (*text).to_owned()).collect();
        let common: Arc<[f32]> = common::mean(&embed(patience, embedder, texts).await?).into();
        self.known().common.insert(place, Arc::clone(&common));
        Some(common)
    }
}

async fn embed(patience: Duration, embedder: &dyn Embedder, texts: Vec<String>) -> Option<Vec<Vec<f32>>> {
    let deadline = Instant::now() + patience;
    let embedding = embedder.embed(Kind::Query, texts, deadline);
    // Its own deadline is a promise of each embedder; this one holds whatever it does.
    match tokio::time::timeout_at(deadline, embedding).await {
        Ok(Ok(embeddings)) => Some(embeddings.vectors),
        Ok(Err(error)) => {
            tracing::warn!(error = cmes_types::error_chain(&error), "a search goes by words alone");
            None
        }
        Err(_elapsed) => {
            tracing::warn!(milliseconds = patience.as_millis(), "the embedder is slow; a search goes by words alone");
            None
        }
    }
}
