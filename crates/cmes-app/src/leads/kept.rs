//! What providers of search answered, kept in the database for all processes.

use std::sync::Arc;

use cmes_search::AnswerCache;
use cmes_store::{Db, answers};
use cmes_types::{Clock, error_chain};
use futures_util::future::BoxFuture;

/// Keeps answers in the database.
pub struct KeptAnswers {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl KeptAnswers {
    /// In this database.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }
}

impl AnswerCache for KeptAnswers {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move {
            answers::find(&self.db, key).await.unwrap_or_else(|error| {
                tracing::warn!(error = error_chain(&error), "kept answers cannot be read; asking the provider");
                None
            })
        })
    }

    fn put<'a>(&'a self, key: &'a str, answer: String) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if let Err(error) = answers::replace(&self.db, key, &answer, self.clock.now()).await {
                tracing::warn!(error = error_chain(&error), "a provider's answer cannot be kept");
            }
        })
    }
}
