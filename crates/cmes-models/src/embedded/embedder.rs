//! Embeddings by multilingual-e5-small: about a hundred languages, 384 dimensions, made for searching.
//!
//! Texts wait in slices. Every thread takes one, questions before passages, turns it into tokens and computes as many
//! texts together as fit into a group; between two groups it looks whether a question has come.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::backend::check_processor;
use super::embedder_threads::{Job, Threads};
use crate::embeddings::{EmbedFuture, Embedder, Embeddings, Kind};
use crate::error::{ModelError, ModelErrorKind};
use crate::{Model, Readiness};

const NAME: &str = "multilingual-e5-small";
/// Changes whenever the vectors would.
const IDENTITY: &str = "multilingual-e5-small/q4_0/1";
const DIMENSION: usize = 384;

/// How the embedder works.
#[derive(Clone, Debug)]
pub struct EmbedderSettings {
    /// The file `e5-small-q4.bin`. The rewritten weights are put beside it.
    pub file: PathBuf,
    /// Threads, each of which embeds texts of its own.
    pub threads: usize,
    /// Texts that may wait; more are refused.
    pub queue: usize,
    /// After how long without a question the memory is given back.
    pub idle: Duration,
}

impl EmbedderSettings {
    /// One thread less than there are cores, 10,000 texts, ten minutes.
    #[must_use]
    pub fn new(file: PathBuf) -> Self {
        Self { file, threads: super::backend::spare_cores(), queue: 10_000, idle: Duration::from_secs(600) }
    }
}

/// multilingual-e5-small in this process.
#[derive(Debug)]
pub struct EmbeddedEmbedder {
    settings: EmbedderSettings,
    threads: Threads,
}

impl EmbeddedEmbedder {
    /// An embedder that loads its model when it is first asked.
    #[must_use]
    pub fn new(settings: EmbedderSettings) -> Self {
        Self { threads: Threads::start(&settings), settings }
    }
}

impl Model for EmbeddedEmbedder {
    fn provider(&self) -> &'static str {
        "embedded"
    }

    fn name(&self) -> &str {
        NAME
    }

    fn readiness(&self) -> Readiness {
        if let Err(error) = check_processor() {
            return Readiness::NotReady(error.to_string());
        }
        if self.settings.file.is_file() {
            Readiness::Ready
        } else {
            Readiness::NotReady(format!(
                "its file is not on this machine; fetch it with cmes models pull {}",
                self.name()
            ))
        }
    }

    fn check(&self, deadline: Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        Box::pin(async move {
            let begun = Instant::now();
            self.embed(Kind::Query, vec!["pumps".to_owned()], deadline).await?;
            let first = begun.elapsed();
            self.embed(Kind::Query, vec!["pumps".to_owned()], deadline).await?;
            let second = begun.elapsed() - first;
            Ok(format!(
                "embeds into {DIMENSION} dimensions; the first question took {} ms, the next one {} ms",
                first.as_millis(),
                second.as_millis()
            ))
        })
    }
}

impl Embedder for EmbeddedEmbedder {
    fn identity(&self) -> &str {
        IDENTITY
    }

    fn dimension(&self) -> Option<usize> {
        Some(DIMENSION)
    }

    fn embed(&self, kind: Kind, texts: Vec<String>, deadline: Instant) -> EmbedFuture<'_> {
        Box::pin(async move {
            if texts.is_empty() {
                return Ok(Embeddings { vectors: Vec::new(), tokens: 0 });
            }
            let (job, answer) = Job::new(NAME, kind, texts, deadline.into_std());
            self.threads.queue(&Arc::new(job))?;
            match tokio::time::timeout_at(deadline, answer).await {
                Ok(Ok(embedded)) => embedded,
                Ok(Err(_closed)) => Err(ModelError::new(ModelErrorKind::Cancelled, NAME)),
                Err(_elapsed) => Err(ModelError::new(ModelErrorKind::Timeout, NAME)),
            }
        })
    }
}
