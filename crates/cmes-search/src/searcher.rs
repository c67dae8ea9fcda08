//! All configured providers, asked at once.

use std::sync::Arc;
use std::time::Duration;

use cmes_types::{Clock, CompanySearch};
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::error::{NoAnswer, SearchError, SearchErrorKind};
use crate::kept::{self, AnswerCache};
use crate::merge::{MergedHit, merged};
use crate::{Found, SearchProvider};

/// For how long answers are kept unless something else is said.
const AGE_LIMIT: Duration = Duration::from_secs(7 * 24 * 3_600);

/// What the providers found together.
#[derive(Debug, Default)]
pub struct Merged {
    /// One hit a site, best first.
    pub hits: Vec<MergedHit>,
    /// Why some of the providers found nothing.
    pub failures: Vec<SearchError>,
    /// What the operator should know although there is an answer; one sentence each.
    pub remarks: Vec<String>,
}

/// How one provider answered, for those who count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Its name.
    pub provider: &'static str,
    /// How many hits, or which failure.
    pub outcome: Result<usize, SearchErrorKind>,
    /// Whether the answer was a kept one.
    pub is_kept: bool,
    /// How long it took.
    pub took: Duration,
}

/// Is told how each provider answered.
pub type Observer = dyn Fn(Answered) + Send + Sync;

/// The providers of search that are configured, in their order.
#[derive(Clone)]
pub struct Searcher {
    providers: Vec<Arc<dyn SearchProvider>>,
    age_limit: Duration,
    clock: Arc<dyn Clock>,
    observer: Option<Arc<Observer>>,
}

impl Searcher {
    /// With these providers; of hits that are worth the same, the earlier provider's goes first.
    #[must_use]
    pub fn new(providers: Vec<Arc<dyn SearchProvider>>, clock: Arc<dyn Clock>) -> Searcher {
        Searcher { providers, age_limit: AGE_LIMIT, clock, observer: None }
    }

    /// Keeps answers for so long; a week otherwise.
    #[must_use]
    pub fn keeping_for(self, age_limit: Duration) -> Searcher {
        Searcher { age_limit, ..self }
    }

    /// Tells this observer how each provider answered.
    #[must_use]
    pub fn observed_by(self, observer: Arc<Observer>) -> Searcher {
        Searcher { observer: Some(observer), ..self }
    }

    /// The providers.
    #[must_use]
    pub fn providers(&self) -> &[Arc<dyn SearchProvider>] {
        &self.providers
    }

    /// Asks all providers and merges what they found. Some may fail; what they say is in the result.
    ///
    /// # Errors
    /// When there is no provider, or each of them failed.
    pub async fn search(&self, search: &CompanySearch, cache: Option<&dyn AnswerCache>) -> Result<Merged, NoAnswer> {
        if self.providers.is_empty() {
            return Err(NoAnswer::NoneConfigured);
        }
        let asked = self.providers.iter().map(|provider| self.ask(provider.as_ref(), search, cache));
        let mut result = Merged::default();
        let mut lists = Vec::new();
        for (provider, outcome) in self.providers.iter().zip(join_all(asked).await) {
            match outcome {
                Ok(found) => {
                    lists.push((provider.name(), found.hits));
                    result.remarks.extend(found.remarks);
                }
                Err(error) => result.failures.push(error),
            }
        }
        if lists.is_empty() {
            return Err(NoAnswer::AllFailed(result.failures));
        }
        result.hits = merged(&lists);
        Ok(result)
    }

    async fn ask(
        &self,
        provider: &dyn SearchProvider,
        search: &CompanySearch,
        cache: Option<&dyn AnswerCache>,
    ) -> Result<Found, SearchError> {
        let begun = Instant::now();
        let (outcome, is_kept) = self.kept_or_asked(provider, search, cache.filter(|_| provider.is_remote())).await;
        if let Some(observer) = &self.observer {
            let shown = outcome.as_ref().map(|found| found.hits.len()).map_err(|error| error.kind);
            observer(Answered { provider: provider.name(), outcome: shown, is_kept, took: begun.elapsed() });
        }
        outcome
    }

    async fn kept_or_asked(
        &self,
        provider: &dyn SearchProvider,
        search: &CompanySearch,
        cache: Option<&dyn AnswerCache>,
    ) -> (Result<Found, SearchError>, bool) {
        let Some(cache) = cache else { return (provider.search(search).await, false) };
        let key = kept::key(provider.name(), search);
        let known = cache.get(&key).await.and_then(|text| kept::read(&text, self.clock.now(), self.age_limit));
        if let Some(found) = known {
            return (Ok(found), true);
        }
        let outcome = provider.search(search).await;
        if let Ok(found) = &outcome {
            cache.put(&key, kept::written(found, self.clock.now())).await;
        }
        (outcome, false)
    }
}
