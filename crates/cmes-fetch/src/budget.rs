//! What one enrichment may use of the web, and what it tells about it.
//!
//! A [`Budget`] is shared by all reads of one enrichment, parallel ones
//! included, and charged by every request: pages, robots.txt, redirects. It also
//! carries the observer, because progress is told per enrichment too.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::error::{BudgetLimit, FetchError};

/// The limits of one enrichment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetLimits {
    /// Time for everything.
    pub time: Duration,
    /// Requests that reach a server, robots.txt and redirects included.
    pub requests: u32,
    /// Bytes of bodies, after decompression.
    pub bytes: u64,
}

impl Default for BudgetLimits {
    fn default() -> BudgetLimits {
        BudgetLimits { time: Duration::from_secs(45), requests: 60, bytes: 40 * 1024 * 1024 }
    }
}

/// What happens while pages are read, for a progress display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchEvent {
    /// A page is asked for.
    Started {
        /// As requested.
        url: Url,
    },
    /// A page was read.
    Finished {
        /// As requested.
        url: Url,
        /// The status code.
        status: u16,
        /// Length of the body.
        bytes: usize,
        /// Time since the start.
        elapsed: Duration,
        /// It came from the cache without a request.
        cached: bool,
    },
    /// A page was rendered by a browser, because as it was sent it said nothing.
    Rendered {
        /// Where it is.
        url: Url,
        /// Time since the start of rendering, waiting included.
        elapsed: Duration,
    },
    /// A page could not be read.
    Failed {
        /// As requested.
        url: Url,
        /// The error as a sentence.
        reason: String,
    },
}

/// Takes [`FetchEvent`]s; must return quickly.
pub type Observer = Arc<dyn Fn(FetchEvent) + Send + Sync>;

/// The limits of one enrichment with what is left of them. Clones share it.
#[derive(Clone)]
pub struct Budget {
    shared: Arc<Shared>,
    observer: Option<Observer>,
}

struct Shared {
    started: Instant,
    deadline: Instant,
    requests: AtomicU32,
    bytes: AtomicU64,
    limits: BudgetLimits,
}

impl std::fmt::Debug for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Budget")
            .field("time_left", &self.time_left())
            .field("requests_used", &self.requests_used())
            .field("bytes_used", &self.bytes_used())
            .finish_non_exhaustive()
    }
}

impl Default for Budget {
    fn default() -> Budget {
        Budget::new(BudgetLimits::default())
    }
}

impl Budget {
    /// A fresh budget whose time runs from now.
    pub fn new(limits: BudgetLimits) -> Budget {
        let started = Instant::now();
        // A limit beyond the clock's range means "no limit".
        let far = Duration::from_secs(365 * 24 * 3600);
        let shared = Shared {
            started,
            deadline: started + limits.time.min(far),
            requests: AtomicU32::new(limits.requests),
            bytes: AtomicU64::new(limits.bytes),
            limits,
        };
        Budget { shared: Arc::new(shared), observer: None }
    }

    /// The same budget, telling this observer what is read.
    #[must_use]
    pub fn observed_by(mut self, observer: Observer) -> Budget {
        self.observer = Some(observer);
        self
    }

    /// When the time is over.
    pub fn deadline(&self) -> Instant {
        self.shared.deadline
    }

    /// Time left.
    pub fn time_left(&self) -> Duration {
        self.shared.deadline.saturating_duration_since(Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.shared.started.elapsed()
    }

    /// Requests made so far.
    pub fn requests_used(&self) -> u32 {
        self.shared.limits.requests.saturating_sub(self.shared.requests.load(Ordering::Relaxed))
    }

    /// Bytes read so far.
    pub fn bytes_used(&self) -> u64 {
        self.shared.limits.bytes.saturating_sub(self.shared.bytes.load(Ordering::Relaxed))
    }

    /// Tells the observer, if there is one.
    pub fn tell(&self, event: impl FnOnce() -> FetchEvent) {
        if let Some(observer) = &self.observer {
            observer(event());
        }
    }

    /// Charges one request.
    pub(crate) fn take_request(&self) -> Result<(), FetchError> {
        self.check_time()?;
        let taken = self.shared.requests.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        taken.map(|_| ()).map_err(|_| FetchError::Budget { limit: BudgetLimit::Requests })
    }

    /// Charges bytes; an overdraft empties the budget, so that parallel reads stop too.
    pub(crate) fn take_bytes(&self, count: usize) -> Result<(), FetchError> {
        let count = count as u64;
        let before = self
            .shared
            .bytes
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(count)))
            .unwrap_or(0);
        if before < count { Err(FetchError::Budget { limit: BudgetLimit::Bytes }) } else { Ok(()) }
    }

    pub(crate) fn check_time(&self) -> Result<(), FetchError> {
        if self.time_left().is_zero() { Err(FetchError::Budget { limit: BudgetLimit::Time }) } else { Ok(()) }
    }

    /// Waits for work that only the budget limits.
    pub(crate) async fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, FetchError> {
        let outcome = timeout_at(self.shared.deadline, work).await;
        outcome.map_err(|_| FetchError::Budget { limit: BudgetLimit::Time })
    }

    /// Waits for an answer of this host: no longer than a page may take, and no
    /// longer than the budget has time.
    pub(crate) async fn wait_for_host<T>(
        &self,
        host: &str,
        limit: Duration,
        work: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        let own = Instant::now() + limit;
        let (until, late) = if own <= self.shared.deadline {
            (own, FetchError::Timeout { host: host.to_owned(), limit })
        } else {
            (self.shared.deadline, FetchError::Budget { limit: BudgetLimit::Time })
        };
        timeout_at(until, work).await.unwrap_or(Err(late))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(requests: u32, bytes: u64) -> Budget {
        Budget::new(BudgetLimits { time: Duration::from_secs(10), requests, bytes })
    }

    #[tokio::test(start_paused = true)]
    async fn each_part_runs_out_with_its_own_error() {
        let budget = budget(2, 10);
        let twin = budget.clone();
        assert_eq!(budget.take_request(), Ok(()));
        assert_eq!(twin.take_request(), Ok(()));
        assert_eq!(budget.take_request(), Err(FetchError::Budget { limit: BudgetLimit::Requests }));
        assert_eq!(budget.take_bytes(10), Ok(()));
        assert_eq!(twin.take_bytes(1), Err(FetchError::Budget { limit: BudgetLimit::Bytes }));
        assert_eq!((budget.requests_used(), budget.bytes_used()), (2, 10));
        tokio::time::advance(Duration::from_secs(11)).await;
        assert_eq!(budget.take_request(), Err(FetchError::Budget { limit: BudgetLimit::Time }));
    }

    #[tokio::test(start_paused = true)]
    async fn the_nearer_limit_names_the_error() {
        let budget = budget(1, 1);
        let never = || std::future::pending::<Result<(), FetchError>>();
        let slow = budget.wait_for_host("example.com", Duration::from_secs(4), never()).await;
        assert_eq!(slow, Err(FetchError::Timeout { host: "example.com".to_owned(), limit: Duration::from_secs(4) }));
        let late = budget.wait_for_host("example.com", Duration::from_secs(60), never()).await;
        assert_eq!(late, Err(FetchError::Budget { limit: BudgetLimit::Time }));
        assert_eq!(budget.elapsed(), Duration::from_secs(10));
    }

    #[test]
    fn an_endless_limit_does_not_overflow_the_clock() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let budget = Budget::new(BudgetLimits { time: Duration::MAX, requests: 1, bytes: 1 });
            assert_eq!(budget.take_request(), Ok(()));
        });
    }
}
