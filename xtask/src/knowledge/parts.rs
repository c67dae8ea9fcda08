//! What measuring knowledge bases needs: an app, invented texts, an embedder for them, clocks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cmes_app::accounts::{self, OpenAccount};
use cmes_app::directory::{self, Directory};
use cmes_app::enrichment::{Enricher, Settings};
use cmes_app::knowledge::search::Knowledge;
use cmes_app::leads::{self, Finder};
use cmes_app::metrics::Metrics;
use cmes_app::turns::Turns;
use cmes_app::{App, Authenticator, TariffBook, Tariffs};
use cmes_fetch::{BudgetLimits, FetchOptions, Fetcher};
use cmes_models::{EmbedFuture, Embedder, Embeddings, Kind, Model, ModelError, Models, Readiness};
use cmes_queue::Queue;
use cmes_search::Searcher;
use cmes_store::Db;
use cmes_types::{AccountId, Clock, Currency, Money, SystemClock};
use futures_util::future::BoxFuture;

use super::Outcome;

/// A process, as it were, with an embedder or none.
pub fn app(db: &Db, embedder: Option<Arc<dyn Embedder>>) -> Outcome<Arc<App>> {
    let none = || "measuring needs none".to_owned();
    Ok(Arc::new(app_with(db, Models::new(Err(none()), embedder.ok_or_else(none)))?))
}

/// The same with these models.
pub fn app_with(db: &Db, models: Models) -> Outcome<App> {
    let fetcher = Fetcher::new(FetchOptions::default())?;
    let enricher = Enricher::new(fetcher.clone(), Settings { max_pages: 1, budget: BudgetLimits::default() });
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let settings = directory::Settings { index_bytes: 1 << 30, ..directory::Settings::default() };
    Ok(App {
        directory: Directory::new(db.clone(), models.clone(), Arc::clone(&clock), settings),
        queue: Queue::new(db.clone(), Arc::clone(&clock), Duration::from_secs(30)),
        db: db.clone(),
        finder: Finder::new(Searcher::new(Vec::new(), clock.clone()), enricher.clone(), leads::Settings::default()),
        enricher,
        fetcher,
        models,
        authenticator: Authenticator::default(),
        tariffs: TariffBook::new(Tariffs { base: Currency::gbp(), prices: Vec::new(), rates: BTreeMap::new() }),
        clock,
        order: cmes_app::assistants::order::Order::default(),
        calls: Turns::new(1, 1, Duration::from_secs(1)),
        problem_document: cmes_server::problem::document,
        knowledge: Knowledge::new(1 << 30),
        metrics: Metrics::default(),
    })
}

/// A new account.
pub async fn account(db: &Db) -> Outcome<AccountId> {
    let open = OpenAccount {
        email: format!("knowledge-{}@example.com", SystemClock.now().milliseconds()),
        password: None,
        currency: Currency::gbp(),
        credit: Money::ZERO,
        is_operator: false,
    };
    Ok(accounts::open(db, &open, SystemClock.now()).await?)
}

/// Invented texts, the same for the same seed.
pub struct Texts {
    state: u64,
}

/// Words of the invented language.
const WORDS: f64 = 30_000.0;
/// Words of a paragraph: a passage of about 120 tokens.
const PARAGRAPH: usize = 75;

impl Texts {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// From 0 to 1.
    fn random(&mut self) -> f64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.state >> 33).unwrap_or_default()) / f64::from(1_u32 << 31)
    }

    /// A word; one of rank n is about as frequent as 1/n.
    fn word(&mut self) -> String {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to the number of words")]
        let mut rank = WORDS.powf(self.random()) as usize;
        const SYLLABLES: [&str; 20] = [
            "ba", "ren", "ti", "mo", "las", "ke", "du", "fin", "ga", "ro", "sel", "pi", "nu", "tor", "va", "li", "men",
            "so", "ha", "ster",
        ];
        let mut word = String::new();
        while rank > 0 || word.len() < 4 {
            word.push_str(SYLLABLES[rank % SYLLABLES.len()]);
            rank /= SYLLABLES.len();
        }
        word
    }

    pub fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    /// A passage.
    pub fn paragraph(&mut self) -> String {
        format!("{}.", self.words(PARAGRAPH))
    }

    /// So many passages.
    pub fn article(&mut self, passages: usize) -> String {
        (0..passages).map(|_| self.paragraph()).collect::<Vec<_>>().join("\n\n")
    }
}

/// An embedder of invented texts: the sum of a random vector for each word, as long as those of the real model.
#[derive(Debug, Default)]
pub struct Invented;

const DIMENSION: usize = 384;

fn vector(text: &str) -> Vec<f32> {
    let mut sum = vec![0.0_f32; DIMENSION];
    for word in text.split_whitespace() {
        let mut state = word
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        for value in &mut sum {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *value += f32::from(u8::try_from(state & 0xff).unwrap_or_default()) - 127.5;
        }
    }
    let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    sum.iter().map(|value| value / length).collect()
}

impl Model for Invented {
    fn provider(&self) -> &'static str {
        "invented"
    }

    fn name(&self) -> &str {
        "invented"
    }

    fn readiness(&self) -> Readiness {
        Readiness::Ready
    }

    fn check(&self, _: tokio::time::Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        Box::pin(async { Ok(String::new()) })
    }
}

impl Embedder for Invented {
    fn identity(&self) -> &str {
        "invented"
    }

    fn dimension(&self) -> Option<usize> {
        Some(DIMENSION)
    }

    fn embed(&self, _: Kind, texts: Vec<String>, _: tokio::time::Instant) -> EmbedFuture<'_> {
        Box::pin(async move {
            let vectors = tokio::task::spawn_blocking(move || texts.iter().map(|text| vector(text)).collect()).await;
            Ok(Embeddings { vectors: vectors.unwrap_or_default(), tokens: 0 })
        })
    }
}

/// Wall time and this process's CPU time of one part.
pub struct Watch {
    wall: Instant,
    cpu: Duration,
}

impl Watch {
    pub fn start() -> Self {
        Self { wall: Instant::now(), cpu: cpu() }
    }

    fn passed(&self) -> (f64, f64) {
        (self.wall.elapsed().as_secs_f64(), (cpu() - self.cpu).as_secs_f64())
    }

    /// So many of something in this time.
    #[expect(clippy::cast_precision_loss, reason = "counts of thousands")]
    pub fn rate(&self, count: usize) -> String {
        let (wall, cpu) = self.passed();
        let count = count as f64;
        format!("{:.0}/s, {:.0}/s and core ({:.0} µs of CPU each)", count / wall, count / cpu, cpu / count * 1e6)
    }

    /// The same for few that take longer.
    #[expect(clippy::cast_precision_loss, reason = "counts of thousands")]
    pub fn each(&self, count: usize) -> String {
        let (wall, cpu) = self.passed();
        let count = count as f64;
        format!("{:.2} ms each, {:.2} ms of CPU", wall / count * 1e3, cpu / count * 1e3)
    }
}

/// What one part of something took, each time.
pub struct Part {
    times: Vec<Duration>,
    cpu: Duration,
}

impl Part {
    pub const fn new() -> Self {
        Self { times: Vec::new(), cpu: Duration::ZERO }
    }

    pub async fn of<T>(&mut self, work: impl Future<Output = T>) -> T {
        let (begun, before) = (Instant::now(), cpu());
        let outcome = work.await;
        self.times.push(begun.elapsed());
        self.cpu += cpu() - before;
        outcome
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut times = self.times.clone();
        times.sort();
        let last = times.len().saturating_sub(1);
        let at = |percent: usize| times.get(last * percent / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        #[expect(clippy::cast_precision_loss, reason = "hundreds")]
        let cpu = self.cpu.as_secs_f64() * 1e3 / times.len().max(1) as f64;
        write!(f, "p50 {:.2} ms, p99 {:.2} ms, {cpu:.2} ms of CPU", at(50), at(99))
    }
}

/// Memory of this process, in bytes (on Linux).
pub fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

/// What this process has used of the processors.
pub fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
