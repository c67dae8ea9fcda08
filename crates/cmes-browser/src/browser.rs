//! The [`Browser`]: one warm Chromium, and whose turn it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cmes_fetch::{Budget, FetchEvent, Fetched, Fetcher};
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use crate::command::Confinement;
use crate::error::BrowserError;
use crate::page;
use crate::process::{Process, Turn};

/// After a start that failed, nobody tries again for this long.
const PAUSE: Duration = Duration::from_secs(60);

/// Limits of a [`Browser`].
#[derive(Clone, Debug)]
pub struct Limits {
    /// Pages at the same time.
    pub parallel: usize,
    /// Pages that wait for their turn.
    pub waiting: usize,
    /// Longest time for one page.
    pub time: Duration,
    /// Longest text of one page, in characters; what is beyond is left out.
    pub text: usize,
    /// Most memory of all processes together while a page is open, in bytes.
    pub memory: u64,
    /// Most memory of one page's script objects, in bytes.
    pub heap: u64,
    /// Pages after which the process is replaced.
    pub pages_per_process: u32,
    /// A process without pages is closed after this time.
    pub idle: Duration,
    /// The ways of locking Chromium up that may be tried, none meaning all that this user has.
    pub confinements: Vec<Confinement>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            parallel: 2,
            waiting: 64,
            time: Duration::from_secs(10),
            text: 2 * 1024 * 1024,
            memory: 1024 * 1024 * 1024,
            heap: 256 * 1024 * 1024,
            pages_per_process: 200,
            idle: Duration::from_secs(5 * 60),
            confinements: Vec::new(),
        }
    }
}

/// Renders pages. Cheap to clone; one per process, so that one Chromium serves all.
/// It is started for the first page and ends with the last clone.
#[derive(Clone, Debug)]
pub struct Browser {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    program: PathBuf,
    fetcher: Fetcher,
    limits: Limits,
    turns: Semaphore,
    waiting: AtomicUsize,
    warm: Mutex<Warm>,
}

#[derive(Debug, Default)]
struct Warm {
    process: Option<Arc<Process>>,
    /// No start before this moment.
    not_before: Option<Instant>,
    /// How the last start succeeded; the next begins there.
    confinement: Option<Confinement>,
}

impl Browser {
    /// With this Chromium, whose pages get what they ask for from this fetcher.
    #[must_use]
    pub fn new(program: PathBuf, fetcher: Fetcher, limits: Limits) -> Browser {
        let turns = Semaphore::new(limits.parallel.clamp(1, Semaphore::MAX_PERMITS));
        let shared = Shared { program, fetcher, limits, turns, waiting: AtomicUsize::new(0), warm: Mutex::default() };
        Browser { shared: Arc::new(shared) }
    }

    /// The program that is started.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.shared.program
    }

    /// Renders a page: the same page with the text that its scripts made of it,
    /// and the address and headers of where they led.
    ///
    /// # Errors
    /// Any [`BrowserError`]; the page as it was sent is all there is then.
    pub async fn render(&self, page: &Fetched, budget: &Budget) -> Result<Fetched, BrowserError> {
        let shared = &*self.shared;
        let started = Instant::now();
        let rendered = async {
            let _permit = shared.turn(budget).await?;
            let (process, _turn) = shared.process().await?;
            let rendered = page::render(&process.connection, &shared.fetcher, page, &shared.limits, budget).await;
            rendered.map_err(|error| process.explained(error, &shared.limits))
        }
        .await;
        let host = page.url.host_str().unwrap_or_default();
        let elapsed_ms = started.elapsed().as_millis();
        match &rendered {
            Ok(page) => {
                tracing::debug!(host, elapsed_ms, bytes = page.text.len(), "rendered");
                budget.tell(|| FetchEvent::Rendered { url: page.url.clone(), elapsed: started.elapsed() });
            }
            Err(error @ BrowserError::Start { .. }) => tracing::warn!(%error, "not rendered"),
            Err(error) => tracing::debug!(host, elapsed_ms, %error, "not rendered"),
        }
        rendered
    }

    /// Starts Chromium if none is running, and says what it is and how it is locked up.
    ///
    /// # Errors
    /// [`BrowserError::Start`].
    pub async fn check(&self) -> Result<(String, Confinement), BrowserError> {
        let (process, _turn) = self.shared.process().await?;
        Ok((process.product.clone(), process.confinement))
    }

    /// The id of the process that is running, if one is.
    pub async fn process_id(&self) -> Option<u32> {
        let warm = self.shared.warm.lock().await;
        warm.process.as_ref().filter(|process| !process.connection.is_over()).map(|process| process.id)
    }
}

impl Shared {
    async fn turn(&self, budget: &Budget) -> Result<SemaphorePermit<'_>, BrowserError> {
        if let Ok(permit) = self.turns.try_acquire() {
            return Ok(permit);
        }
        let _waiting = Waiting::new(&self.waiting, self.limits.waiting).ok_or(BrowserError::Busy)?;
        match timeout_at(budget.deadline(), self.turns.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(BrowserError::Busy),
        }
    }

    /// The warm process, or a new one when there is none or it has had its share.
    async fn process(&self) -> Result<(Arc<Process>, Turn), BrowserError> {
        let mut warm = self.warm.lock().await;
        if let Some(process) = &warm.process
            && let Some(turn) = process.turn(&self.limits)
        {
            return Ok((Arc::clone(process), turn));
        }
        // Its open pages keep the old one until they end.
        warm.process = None;
        if warm.not_before.is_some_and(|moment| Instant::now() < moment) {
            let reason = "the last start failed, the next is tried within a minute".to_owned();
            return Err(BrowserError::Start { program: self.program.display().to_string(), reason });
        }
        let started = Process::start(&self.program, &self.ways(warm.confinement), &self.limits).await;
        warm.not_before = started.is_err().then(|| Instant::now() + PAUSE);
        let process = Arc::new(started?);
        let turn = process.turn(&self.limits).ok_or(BrowserError::Crashed)?;
        warm.confinement = Some(process.confinement);
        warm.process = Some(Arc::clone(&process));
        Ok((process, turn))
    }

    fn ways(&self, known: Option<Confinement>) -> Vec<Confinement> {
        let all = match self.limits.confinements.as_slice() {
            [] => Confinement::ways(),
            chosen => chosen,
        };
        let known = all.iter().position(|way| Some(*way) == known).unwrap_or(0);
        all[known..].to_vec()
    }
}

/// A place in the line.
struct Waiting<'a>(&'a AtomicUsize);

impl Waiting<'_> {
    fn new(count: &AtomicUsize, most: usize) -> Option<Waiting<'_>> {
        let waiting = Waiting(count);
        (count.fetch_add(1, Ordering::Relaxed) < most).then_some(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
