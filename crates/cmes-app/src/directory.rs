//! The directory: companies known to this server, found by what they do, where they are and what they are called.
//!
//! It is filled from lists ([`import`]) and grows by every enrichment ([`Directory::note`]), and is a provider of search
//! for lead generation that needs neither a key nor anybody else's server. The database holds the truth; what search
//! needs of it is in memory ([`index`]), and brought up to date at every search by the numbers of changes.

pub mod embedding;
pub mod import;
mod index;
mod known;
mod record;
mod search;

use std::sync::Arc;
use std::time::Duration;

use cmes_models::Models;
use cmes_search::{Found, SearchError, SearchErrorKind, SearchProvider};
use cmes_store::Db;
use cmes_store::companies::{self, Source};
use cmes_types::{Clock, CompanyData, CompanySearch};
use futures_util::future::BoxFuture;
use tokio::sync::Notify;

use crate::Error;
use crate::questions::Questions;

/// Its name as a provider of search.
pub const NAME: &str = "directory";
/// Longest time that is spent on noting a company: an enrichment waits for it.
const NOTE_TIME: Duration = Duration::from_millis(500);

/// How the directory works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether enriched companies are noted.
    pub grow: bool,
    /// Most memory for its index, in bytes. The companies that were changed last are found when it is too little for all.
    pub index_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { grow: true, index_bytes: 256 * 1024 * 1024 }
    }
}

/// The directory as one process sees it. Cheap to clone.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

struct Inner {
    db: Db,
    models: Models,
    clock: Arc<dyn Clock>,
    settings: Settings,
    index: index::Kept,
    questions: Questions,
    /// Rung when there may be vectors to make.
    bell: Notify,
}

impl Directory {
    /// The directory in this database.
    #[must_use]
    pub fn new(db: Db, models: Models, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        let (index, questions, bell) = (index::Kept::default(), Questions::default(), Notify::new());
        Self(Arc::new(Inner { db, models, clock, settings, index, questions, bell }))
    }

    /// Whether enriched companies are noted.
    #[must_use]
    pub fn grows(&self) -> bool {
        self.0.settings.grow
    }

    /// Notes an enriched company, unless the directory does not grow or this is no lead. Only what its own pages say is
    /// taken: where there is evidence, nothing that stands in the request's Content alone. Never fails: what cannot be
    /// stored in a moment is not noted.
    pub async fn note(&self, data: &CompanyData) {
        if !self.grows() || !data.is_lead() {
            return;
        }
        let Some(company) = record::of_profile(data) else { return };
        let (db, now) = (&self.0.db, self.0.clock.now());
        let companies = [company];
        match tokio::time::timeout(NOTE_TIME, companies::put(db, &companies, Source::Enrichment, now)).await {
            Ok(Ok(put)) if put.added + put.updated > 0 => self.0.bell.notify_one(),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = cmes_types::error_chain(&error), "an enriched company is not in the directory");
            }
            Err(_elapsed) => tracing::warn!("the database is slow; an enriched company is not in the directory"),
        }
    }

    /// Reads what search needs into memory, so that the first search does not wait for it.
    pub async fn warm_up(&self) {
        if let Err(error) = index::up_to_date(self).await {
            tracing::warn!(error = cmes_types::error_chain(&error), "the directory could not be read; trying again");
        }
    }

    /// Memory that its index takes in this process, in bytes, and the number of companies in it.
    #[must_use]
    pub fn memory(&self) -> (usize, usize) {
        let state = self.0.index.read();
        (state.memory(), state.len())
    }

    /// Whether it knows no company.
    async fn is_empty(&self) -> Result<bool, Error> {
        index::up_to_date(self).await?;
        let state = self.0.index.read();
        Ok(state.len() + state.left_out == 0)
    }

    /// Looks for companies, best first.
    ///
    /// # Errors
    /// When the database fails. A failing embedder is no error: then words alone decide.
    pub async fn find(&self, search: &CompanySearch) -> Result<Found, Error> {
        search::find(self, search).await
    }
}

impl SearchProvider for Directory {
    fn name(&self) -> &'static str {
        NAME
    }

    /// It changes with every import, and costs nobody anything to ask.
    fn is_remote(&self) -> bool {
        false
    }

    fn search<'a>(&'a self, search: &'a CompanySearch) -> BoxFuture<'a, Result<Found, SearchError>> {
        Box::pin(async move {
            let found = self.find(search).await.map_err(failed)?;
            // That nothing was found would hide that there is nothing to find anything in.
            if found.hits.is_empty() && self.is_empty().await.map_err(failed)? {
                return Err(empty());
            }
            Ok(found)
        })
    }
}

fn failed(error: Error) -> SearchError {
    SearchError {
        provider: NAME,
        kind: SearchErrorKind::Failed,
        message: "the database failed; see the log and “cmes doctor”".to_owned(),
        retry_after: None,
        source: Some(Box::new(error)),
    }
}

/// Asking again changes nothing until the operator acts.
fn empty() -> SearchError {
    SearchError {
        provider: NAME,
        kind: SearchErrorKind::Refused,
        message: "it knows no company yet; fill it with cmes directory import FILE".to_owned(),
        retry_after: None,
        source: None,
    }
}
