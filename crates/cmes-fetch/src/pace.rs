//! Politeness towards each host: few requests at a time, and a pause between them.
//!
//! Whoever asks first goes first (the semaphore of tokio is fair), and a host
//! that nobody waits for is forgotten, so memory follows the work at hand.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Hosts kept before idle ones are looked for.
const SWEEP_ABOVE: usize = 256;

/// Hands out turns.
#[derive(Debug)]
pub(crate) struct Pace {
    in_flight: usize,
    hosts: Mutex<HashMap<String, Arc<HostPace>>>,
}

#[derive(Debug)]
struct HostPace {
    permits: Arc<Semaphore>,
    next_start: Mutex<Instant>,
}

/// A turn; the next in the queue may come when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
    _host: Arc<HostPace>,
}

/// How a request fits into the queue of its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    /// It starts at once: the second half of something that has waited already
    /// (a redirect), or what must be known before anything else (robots.txt).
    None,
    /// It starts this long after the request before it.
    Of(Duration),
}

impl Pace {
    pub(crate) fn new(in_flight: usize) -> Pace {
        Pace { in_flight: in_flight.clamp(1, Semaphore::MAX_PERMITS), hosts: Mutex::default() }
    }

    /// Waits until a request to this host may start.
    pub(crate) async fn turn(&self, host: &str, gap: Gap) -> Turn {
        let pace = self.host(host);
        // The semaphore is never closed, so this is always a permit.
        let permit = Arc::clone(&pace.permits).acquire_owned().await.ok();
        if let Gap::Of(gap) = gap {
            let start = pace.reserve(gap);
            sleep_until(start).await;
        }
        Turn { _permit: permit, _host: pace }
    }

    fn host(&self, host: &str) -> Arc<HostPace> {
        let mut hosts = locked(&self.hosts);
        if let Some(known) = hosts.get(host) {
            return Arc::clone(known);
        }
        if hosts.len() >= SWEEP_ABOVE {
            let now = Instant::now();
            hosts.retain(|_, pace| Arc::strong_count(pace) > 1 || *locked(&pace.next_start) > now);
        }
        let fresh = Arc::new(HostPace {
            permits: Arc::new(Semaphore::new(self.in_flight)),
            next_start: Mutex::new(Instant::now()),
        });
        hosts.insert(host.to_owned(), Arc::clone(&fresh));
        fresh
    }

    #[cfg(test)]
    fn known_hosts(&self) -> usize {
        locked(&self.hosts).len()
    }
}

impl HostPace {
    /// The moment at which this request may start; the next one a gap later.
    fn reserve(&self, gap: Duration) -> Instant {
        let mut next = locked(&self.next_start);
        let start = (*next).max(Instant::now());
        *next = start + gap;
        start
    }
}

/// The data is plain numbers: a panic elsewhere cannot have left it half written.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: Gap = Gap::Of(Duration::from_millis(200));

    /// Starts of `count` requests that each take `work` milliseconds.
    async fn starts(in_flight: usize, count: usize, work: u64) -> Vec<u128> {
        let pace = Arc::new(Pace::new(in_flight));
        let begin = Instant::now();
        let mut tasks = Vec::new();
        for _ in 0..count {
            let pace = Arc::clone(&pace);
            tasks.push(tokio::spawn(async move {
                let _turn = pace.turn("example.com", GAP).await;
                let start = begin.elapsed().as_millis();
                tokio::time::sleep(Duration::from_millis(work)).await;
                start
            }));
            tokio::task::yield_now().await;
        }
        let mut starts = Vec::new();
        for task in tasks {
            starts.push(task.await.expect("the task runs"));
        }
        starts
    }

    #[tokio::test(start_paused = true)]
    async fn starts_are_a_gap_apart_in_the_order_of_asking() {
        assert_eq!(starts(2, 4, 0).await, [0, 200, 400, 600]);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_so_many_are_in_flight() {
        assert_eq!(starts(2, 4, 1000).await, [0, 200, 1000, 1200]);
        assert_eq!(starts(1, 3, 1000).await, [0, 1000, 2000]);
    }

    #[tokio::test(start_paused = true)]
    async fn hosts_do_not_wait_for_each_other() {
        let pace = Pace::new(1);
        let begin = Instant::now();
        let _first = pace.turn("one.example", GAP).await;
        let _second = pace.turn("two.example", GAP).await;
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn what_needs_no_gap_starts_at_once() {
        let pace = Pace::new(2);
        let begin = Instant::now();
        drop(pace.turn("example.com", GAP).await);
        drop(pace.turn("example.com", Gap::None).await);
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_given_up_in_the_queue_blocks_nobody() {
        let pace = Arc::new(Pace::new(1));
        let held = pace.turn("example.com", GAP).await;
        let waiting = tokio::spawn({
            let pace = Arc::clone(&pace);
            async move { drop(pace.turn("example.com", GAP).await) }
        });
        tokio::task::yield_now().await;
        waiting.abort();
        drop(held);
        drop(pace.turn("example.com", GAP).await);
    }

    #[tokio::test(start_paused = true)]
    async fn idle_hosts_are_forgotten() {
        let pace = Pace::new(2);
        for number in 0..10 * SWEEP_ABOVE {
            drop(pace.turn(&format!("{number}.example"), Gap::Of(Duration::ZERO)).await);
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert!(pace.known_hosts() <= SWEEP_ABOVE, "{}", pace.known_hosts());
    }
}
