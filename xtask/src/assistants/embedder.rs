//! An embedder that takes as long for a question as the real model, if there is one, and whose vectors are all made by a
//! function: those of two embedders cannot be compared, and nothing would be found.

use std::sync::Arc;

use cmes_models::{EmbedFuture, Embedder, Kind, Model, ModelError, Readiness};
use futures_util::future::BoxFuture;

use crate::knowledge::parts::Invented;

#[derive(Debug)]
pub struct Half {
    pub passages: Invented,
    pub questions: Option<Arc<dyn Embedder>>,
}

impl Model for Half {
    fn provider(&self) -> &'static str {
        self.passages.provider()
    }

    fn name(&self) -> &str {
        self.passages.name()
    }

    fn readiness(&self) -> Readiness {
        Readiness::Ready
    }

    fn check(&self, deadline: tokio::time::Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        self.passages.check(deadline)
    }
}

impl Embedder for Half {
    fn identity(&self) -> &str {
        self.passages.identity()
    }

    fn dimension(&self) -> Option<usize> {
        self.passages.dimension()
    }

    fn embed(&self, kind: Kind, texts: Vec<String>, deadline: tokio::time::Instant) -> EmbedFuture<'_> {
        Box::pin(async move {
            if let (Kind::Query, Some(questions)) = (kind, &self.questions) {
                questions.embed(kind, texts.clone(), deadline).await?;
            }
            self.passages.embed(kind, texts, deadline).await
        })
    }
}
