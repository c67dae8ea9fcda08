//! Asking each site's robots.txt before reading from it (RFC 9309).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::{Position, Url};

use crate::budget::Budget;
use crate::error::{FetchError, RobotsReason};
use crate::fetcher::{Ask, Fetcher};
use crate::pace::Gap;
use crate::page::redirect_target;
use crate::policy::shown;
use crate::robots_txt::{MAX_BYTES, RobotsTxt};
use crate::transport::BodyLimit;

/// RFC 9309 §2.4: not used longer than a day.
const KEEP: Duration = Duration::from_secs(24 * 3600);

/// A server in trouble is asked again sooner.
const KEEP_UNAVAILABLE: Duration = Duration::from_secs(5 * 60);

/// RFC 9309 §2.3.1.2: at least five redirects are followed.
const MAX_REDIRECTS: usize = 5;

/// Longer pauses would make a user wait for nothing: a handful of pages is read.
const MAX_CRAWL_DELAY: Duration = Duration::from_secs(5);

/// Origins kept in memory.
const MAX_ORIGINS: usize = 1024;

/// What the robots.txt of an origin means for us.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    Rules(RobotsTxt),
    /// The server failed with this status: nothing may be read for now.
    Unavailable(u16),
}

/// The verdicts known so far. Readers of one origin wait for a single request.
#[derive(Debug, Default)]
pub(crate) struct RobotsStore {
    slots: Mutex<HashMap<String, Arc<Slot>>>,
}

#[derive(Debug, Default)]
struct Slot {
    known: tokio::sync::Mutex<Option<Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    until: Instant,
    verdict: Arc<Verdict>,
}

impl RobotsStore {
    fn slot(&self, origin: &str) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(origin) {
            return Arc::clone(slot);
        }
        if slots.len() >= MAX_ORIGINS {
            forget_some(&mut slots);
        }
        let slot = Arc::<Slot>::default();
        slots.insert(origin.to_owned(), Arc::clone(&slot));
        slot
    }
}

/// Outdated ones first; if that does not help, all that nobody waits for.
fn forget_some(slots: &mut HashMap<String, Arc<Slot>>) {
    let now = Instant::now();
    let in_use = |slot: &Arc<Slot>| Arc::strong_count(slot) > 1;
    let outdated = |slot: &Arc<Slot>| {
        let known = slot.known.try_lock();
        known.is_ok_and(|known| known.as_ref().is_none_or(|known| known.until <= now))
    };
    slots.retain(|_, slot| in_use(slot) || !outdated(slot));
    if slots.len() >= MAX_ORIGINS {
        slots.retain(|_, slot| in_use(slot));
    }
}

fn pause_asked_for(rules: &RobotsTxt) -> Option<Duration> {
    rules.crawl_delay.map(|delay| delay.min(MAX_CRAWL_DELAY))
}

impl Fetcher {
    /// May this URL be read? Gives the pause that the site asks for.
    pub(crate) async fn check_robots(&self, url: &Url, budget: &Budget) -> Result<Option<Duration>, FetchError> {
        let refused = |reason| Err(FetchError::Robots { url: shown(url), reason });
        match &*self.robots_verdict(url, budget).await? {
            Verdict::Unavailable(status) => refused(RobotsReason::Unavailable(*status)),
            Verdict::Rules(rules) if !rules.allows(&url[Position::BeforePath..Position::AfterQuery]) => {
                refused(RobotsReason::Disallowed)
            }
            Verdict::Rules(rules) => Ok(pause_asked_for(rules)),
        }
    }

    /// The sitemaps that the robots.txt of this URL's site names.
    ///
    /// # Errors
    /// Those of reading the robots.txt; a site without one has no sitemaps.
    pub async fn sitemaps(&self, url: &Url, budget: &Budget) -> Result<Vec<Url>, FetchError> {
        self.shared.policy.judge_url(url)?;
        let verdict = self.robots_verdict(url, budget).await?;
        let Verdict::Rules(rules) = &*verdict else { return Ok(Vec::new()) };
        Ok(rules.sitemaps.iter().filter_map(|sitemap| url.join(sitemap).ok()).collect())
    }

    async fn robots_verdict(&self, url: &Url, budget: &Budget) -> Result<Arc<Verdict>, FetchError> {
        let slot = self.shared.robots.slot(&url.origin().ascii_serialization());
        let mut known = budget.wait(slot.known.lock()).await?;
        if let Some(known) = known.as_ref().filter(|known| Instant::now() < known.until) {
            return Ok(Arc::clone(&known.verdict));
        }
        let verdict = Arc::new(self.read_robots(url, budget).await?);
        let keep = match *verdict {
            Verdict::Rules(_) => KEEP,
            Verdict::Unavailable(_) => KEEP_UNAVAILABLE,
        };
        *known = Some(Known { until: Instant::now() + keep, verdict: Arc::clone(&verdict) });
        Ok(verdict)
    }

    async fn read_robots(&self, url: &Url, budget: &Budget) -> Result<Verdict, FetchError> {
        let everything = || Verdict::Rules(RobotsTxt::default());
        let mut target = url.clone();
        target.set_path("/robots.txt");
        target.set_query(None);
        target.set_fragment(None);
        for _ in 0..=MAX_REDIRECTS {
            self.shared.policy.judge_url(&target)?;
            let limit = BodyLimit { bytes: MAX_BYTES as u64, cut_anything: true };
            let ask = Ask { gap: Gap::None, limit, own_headers: Vec::new() };
            let (answer, _) = self.obtain(&target, ask, budget).await?;
            match answer.status {
                200..=299 => return Ok(Verdict::Rules(RobotsTxt::parse(&answer.body))),
                500..=599 => return Ok(Verdict::Unavailable(answer.status)),
                // "Unavailable" in the words of the RFC (§2.3.1.3): there are no rules.
                _ => match redirect_target(&target, answer.status, &answer.headers) {
                    Some(next) => target = next,
                    None => return Ok(everything()),
                },
            }
        }
        Ok(everything())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_kept_up_to_a_limit() {
        let pause = |robots: &str| pause_asked_for(&RobotsTxt::parse(robots.as_bytes()));
        assert_eq!(pause("User-agent: *"), None);
        assert_eq!(pause("User-agent: *\nCrawl-delay: 2"), Some(Duration::from_secs(2)));
        assert_eq!(pause("User-agent: *\nCrawl-delay: 600"), Some(MAX_CRAWL_DELAY));
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded() {
        let store = RobotsStore::default();
        let used = store.slot("https://used.example");
        for number in 0..3 * MAX_ORIGINS {
            let slot = store.slot(&format!("https://{number}.example"));
            let until = Instant::now() + KEEP;
            *slot.known.lock().await = Some(Known { until, verdict: Arc::new(Verdict::Unavailable(500)) });
        }
        assert!(store.slots.lock().expect("nobody panicked").len() <= MAX_ORIGINS);
        assert!(Arc::ptr_eq(&used, &store.slot("https://used.example")));
    }
}
