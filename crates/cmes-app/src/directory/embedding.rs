//! The vectors of companies, made in the background by one process at a time.
//!
//! There is no job in the queue: jobs belong to accounts, the directory does not. What lacks a vector is
//! seen from the rows themselves, so nothing is lost when a process dies; a lease in the database keeps others from doing
//! the same meanwhile.

use std::time::Duration;

use cmes_extract::places::Country;
use cmes_models::ModelError;
use cmes_store::StoreError;
use cmes_store::companies::vectors::{self, Embedded, Lacking};
use cmes_types::LanguageCode;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Directory;
use crate::knowledge::indexing::{LAST_TRY, PAUSES, packed_vectors};

/// Companies that are embedded in one call: few seconds on one core, and what a crash costs at most.
const COMPANIES: i64 = 32;
/// How long a process has the work to itself after it was heard of last; longer than one call of the embedder takes.
const LEASE: Duration = Duration::from_secs(150);
/// Pause between looks for companies that other processes put into the directory.
const LOOK: Duration = Duration::from_secs(5);

/// What keeps vectors from being made.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The database.
    #[error("the database failed")]
    Store(#[from] StoreError),
    /// The embedder.
    #[error("the embedder failed")]
    Model(#[from] ModelError),
}

/// How making vectors ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedding {
    /// Every company has what it needs; so many vectors were made.
    Done(usize),
    /// Another process does it.
    Elsewhere,
    /// There is no embedder.
    Impossible,
}

impl Directory {
    /// Makes the vectors that are lacking, those of other embedders included if `all`, and tells after each piece how
    /// many are made. `worker` names the process.
    ///
    /// # Errors
    /// When the database or the embedder fails; what was made stays.
    pub async fn embed(
        &self,
        worker: Uuid,
        all: bool,
        is_last_try: bool,
        mut told: impl FnMut(usize) + Send,
    ) -> Result<Embedding, Trouble> {
        let Some(embedder) = self.0.models.embedder() else { return Ok(Embedding::Impossible) };
        let db = &self.0.db;
        let mut count = 0;
        loop {
            // A look that writes nothing, as long as there is nothing to do.
            let lacking = vectors::lacking(db, embedder.identity(), all, COMPANIES).await?;
            if lacking.is_empty() {
                if count > 0 {
                    vectors::give_back_lease(db, worker).await?;
                }
                return Ok(Embedding::Done(count));
            }
            let now = self.0.clock.now();
            if !vectors::take_lease(db, worker, now.plus(LEASE), now).await? {
                return Ok(Embedding::Elsewhere);
            }
            let texts = lacking.iter().map(text).collect();
            let made = match packed_vectors(embedder.as_ref(), texts, is_last_try).await {
                Ok(made) => made,
                Err(error) => {
                    vectors::give_back_lease(db, worker).await?;
                    return Err(error.into());
                }
            };
            let stored =
                |(lacking, vector): (&Lacking, _)| Embedded { key: lacking.key, change: lacking.change, vector };
            let embedded: Vec<Embedded> = lacking.iter().zip(made).map(stored).collect();
            vectors::store(db, embedder.identity(), &embedded).await?;
            count += embedded.len();
            told(count);
        }
    }
}

/// What is embedded of a company.
fn text(company: &Lacking) -> String {
    let country = Country::from_code(&company.country).map(|country| country.name(LanguageCode::default()));
    let places = [company.city.as_str(), company.region.as_str(), country.unwrap_or_default()];
    let places: Vec<&str> = places.into_iter().filter(|place| !place.is_empty()).collect();
    let parts = [company.name.clone(), places.join(", "), company.about.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
}

/// Makes vectors as they come to be lacking, until `stop`. Those of another embedder are made anew at the start alone, so
/// that two processes with different models do not take turns for ever.
pub(crate) async fn keep_up(directory: Directory, worker: Uuid, stop: CancellationToken) {
    let (mut all, mut failures) = (true, 0_usize);
    while !stop.is_cancelled() {
        let is_last_try = i64::try_from(failures).is_ok_and(|failures| failures >= LAST_TRY);
        let outcome = tokio::select! {
            outcome = directory.embed(worker, all, is_last_try, |_| {}) => outcome,
            () = stop.cancelled() => break,
        };
        let pause = match outcome {
            Ok(Embedding::Impossible) => return,
            Ok(Embedding::Done(count)) => {
                if count > 0 {
                    tracing::debug!(companies = count, "companies of the directory embedded");
                }
                (all, failures) = (false, 0);
                LOOK
            }
            Ok(Embedding::Elsewhere) => LOOK,
            Err(trouble) => {
                let pause = PAUSES[failures.min(PAUSES.len() - 1)];
                failures += 1;
                tracing::warn!(
                    error = cmes_types::error_chain(&trouble),
                    pause_s = pause.as_secs(),
                    "the directory is not embedded now; trying again"
                );
                pause
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
            () = directory.0.bell.notified(), if failures == 0 => {}
        }
    }
    // Others need not wait for the end of the lease.
    if let Err(error) = vectors::give_back_lease(&directory.0.db, worker).await {
        tracing::debug!(error = cmes_types::error_chain(&error), "the directory's lease will end by itself");
    }
}
