//! The vectors of questions: made when they are asked, and kept for a while.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cmes_models::{Embedder, Kind, Models};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

/// After so long without a vector of the question, words alone decide: somebody waits.
const VECTOR_TIME: Duration = Duration::from_millis(1_500);
/// Vectors of questions that are kept, of about 2 KB each.
const KEPT: usize = 1_000;

/// The vectors of the last questions.
#[derive(Debug, Default)]
pub(crate) struct Questions(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    vectors: HashMap<[u8; 32], Arc<[f32]>>,
    order: VecDeque<[u8; 32]>,
}

impl Questions {
    /// The vector of a question; none when there is no embedder or it does not answer in time.
    pub(crate) async fn vector(&self, models: &Models, question: &str) -> Option<Arc<[f32]>> {
        let embedder = models.embedder()?;
        let hash: [u8; 32] = Sha256::digest(question).into();
        if let Some(vector) = self.kept().vectors.get(&hash) {
            return Some(Arc::clone(vector));
        }
        let vector = embed(embedder.as_ref(), question).await?;
        self.keep(hash, Arc::clone(&vector));
        Some(vector)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, question: [u8; 32], vector: Arc<[f32]>) {
        let mut kept = self.kept();
        if kept.vectors.insert(question, vector).is_none() {
            kept.order.push_back(question);
        }
        while kept.order.len() > KEPT {
            if let Some(oldest) = kept.order.pop_front() {
                kept.vectors.remove(&oldest);
            }
        }
    }
}

async fn embed(embedder: &dyn Embedder, question: &str) -> Option<Arc<[f32]>> {
    let deadline = Instant::now() + VECTOR_TIME;
    let embedding = embedder.embed(Kind::Query, vec![question.to_owned()], deadline);
    // Its own deadline is a promise of each embedder; this one holds whatever it does.
    match tokio::time::timeout_at(deadline, embedding).await {
        Ok(Ok(embeddings)) => embeddings.vectors.into_iter().next().map(Arc::from),
        Ok(Err(error)) => {
            tracing::warn!(error = cmes_types::error_chain(&error), "a search goes by words alone");
            None
        }
        Err(_elapsed) => {
            tracing::warn!(
                milliseconds = VECTOR_TIME.as_millis(),
                "the embedder is slow; a search goes by words alone"
            );
            None
        }
    }
}
