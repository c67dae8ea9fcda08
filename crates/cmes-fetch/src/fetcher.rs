//! The [`Fetcher`]: what all reads share, and how one URL is obtained, from the
//! cache or politely from its server.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use url::Url;

use crate::budget::Budget;
use crate::cache::{Cache, Stored};
use crate::error::{FetchError, SetupError};
use crate::freshness::{is_fresh, is_storable, refreshed, validators};
use crate::options::FetchOptions;
use crate::pace::{Gap, Pace};
use crate::policy::{AddressPolicy, shown_host};
use crate::robots::RobotsStore;
use crate::transport::{ACCEPT, Answer, BodyLimit, Transport};

/// Reads the web. Cheap to clone; one per process, so that pace, robots.txt and
/// connections are shared.
#[derive(Debug, Clone)]
pub struct Fetcher {
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: FetchOptions,
    pub(crate) policy: Arc<AddressPolicy>,
    pub(crate) robots: RobotsStore,
    pub(crate) transport: Transport,
    pace: Pace,
    cache: Option<Cache>,
}

/// Longer settings mean this.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// From its server, just now.
    Network,
    /// From the cache, without asking.
    Fresh,
    /// From the cache, after the server said that it still holds.
    Revalidated,
}

/// The circumstances of one request.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) gap: Gap,
    pub(crate) limit: BodyLimit,
    /// Headers of this request alone; what is answered to them is never cached.
    pub(crate) own_headers: Vec<(&'static str, String)>,
}

impl Fetcher {
    /// Sets everything up; no connection is made yet.
    ///
    /// # Errors
    /// A [`SetupError`] that names the setting at fault.
    pub fn new(mut options: FetchOptions) -> Result<Fetcher, SetupError> {
        // So that they can be added to any moment.
        options.page_timeout = options.page_timeout.min(LONGEST_WAIT);
        options.per_host_delay = options.per_host_delay.min(LONGEST_WAIT);
        let policy = Arc::new(AddressPolicy::new(options.allow_networks.clone()));
        let transport = Transport::new(&options, Arc::clone(&policy))?;
        let cache = options.cache_dir.as_deref().map(|dir| {
            let variant = format!("{} {ACCEPT}", options.user_agent);
            let cache = Cache::open(dir, options.cache_max_bytes, &variant);
            cache.map_err(|source| SetupError::CacheFolder { folder: dir.display().to_string(), source })
        });
        let shared = Shared {
            policy,
            robots: RobotsStore::default(),
            transport,
            pace: Pace::new(options.per_host_parallel),
            cache: cache.transpose()?,
            options,
        };
        Ok(Fetcher { shared: Arc::new(shared) })
    }

    /// The policy under which this fetcher reads.
    pub fn policy(&self) -> &AddressPolicy {
        &self.shared.policy
    }

    /// The answer for this URL (judged by the caller): stored and fresh,
    /// revalidated, or new.
    pub(crate) async fn obtain(&self, url: &Url, ask: Ask, budget: &Budget) -> Result<(Answer, Freshness), FetchError> {
        budget.check_time()?;
        let cache = self.shared.cache.as_ref().filter(|_| ask.own_headers.is_empty());
        let stored = match cache {
            Some(cache) => budget.wait(cache.load(url)).await?,
            None => None,
        };
        let stored = stored.filter(|stored| stored.body.len() as u64 <= ask.limit.bytes);
        if let Some(stored) = &stored
            && is_fresh(stored.status, &stored.headers, stored.received, SystemTime::now())
        {
            return Ok((answer_of(stored.clone()), Freshness::Fresh));
        }
        let answer = self.ask(url, &ask, stored.as_ref(), budget).await?;
        let (answer, freshness) = match stored {
            Some(stored) if answer.status == 304 => (revalidated(stored, &answer), Freshness::Revalidated),
            _ => (answer, Freshness::Network),
        };
        if let Some(cache) = cache
            && !answer.truncated
            && is_storable(answer.status, &answer.headers)
        {
            // The page is here; waiting for the disk is bounded all the same.
            let _ = budget.wait(cache.store(url, stored_of(&answer))).await;
        }
        Ok((answer, freshness))
    }

    async fn ask(&self, url: &Url, ask: &Ask, stored: Option<&Stored>, budget: &Budget) -> Result<Answer, FetchError> {
        let mut headers = stored.map(|stored| validators(&stored.headers)).unwrap_or_default();
        headers.extend(ask.own_headers.iter().cloned());
        if !headers.iter().any(|(name, _)| *name == "accept") {
            headers.push(("accept", ACCEPT.to_owned()));
        }
        let _turn = budget.wait(self.shared.pace.turn(&shown_host(url), ask.gap)).await?;
        self.shared.transport.get(url, &headers, ask.limit, budget).await
    }
}

fn answer_of(stored: Stored) -> Answer {
    let Stored { status, headers, received, body } = stored;
    Answer { status, headers, body, truncated: false, received }
}

fn stored_of(answer: &Answer) -> Stored {
    Stored {
        status: answer.status,
        headers: answer.headers.clone(),
        received: answer.received,
        body: answer.body.clone(),
    }
}

fn revalidated(stored: Stored, answer: &Answer) -> Answer {
    let headers = refreshed(&stored.headers, &answer.headers);
    Answer { headers, received: answer.received, ..answer_of(stored) }
}
