//! `cargo xtask queue`: how fast the queue, the ledger and the webhooks are.
//!
//! Everything is the program's own, on a real database: each task is stored
//! with its hold, claimed by lease, ended with its charge; each webhook is
//! signed and posted to a receiver on loopback. Only the work of a task is
//! nothing, so that what is measured is the cost around it.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::response::IntoResponse;
use clap::Args;
use cmes_app::accounts::{self, OpenAccount};
use cmes_app::directory::{self, Directory};
use cmes_app::enrichment::{Enricher, Settings};
use cmes_app::knowledge::search::Knowledge;
use cmes_app::leads::{self, Finder};
use cmes_app::metrics::Metrics;
use cmes_app::turns::Turns;
use cmes_app::{App, Authenticator, TariffBook, Tariffs, worker};
use cmes_fetch::{BudgetLimits, FetchOptions, Fetcher};
use cmes_models::Models;
use cmes_queue::{Line, Queue, Verdict};
use cmes_search::Searcher;
use cmes_store::deliveries::NewDelivery;
use cmes_store::jobs::JobKind;
use cmes_store::ledger::Capture;
use cmes_store::tasks::{self, Created, Ending, NewTask, Outcome, Runner};
use cmes_store::{Connect, Db, keys, projects};
use cmes_testkit::Receiver;
use cmes_types::{AccountId, Clock, Currency, KeyId, Money, ProjectId, SystemClock};

/// Measure the queue: tasks per second, latency of storing one, webhooks per second.
#[derive(Debug, Args)]
pub struct QueueArgs {
    /// An empty database; by default SQLite in a new folder.
    #[arg(long)]
    database: Option<String>,
    /// Tasks of each round.
    #[arg(long, default_value_t = 10_000)]
    tasks: usize,
    /// Accounts that they belong to.
    #[arg(long, default_value_t = 50)]
    accounts: usize,
    /// Tasks that are stored at once.
    #[arg(long, default_value_t = 8)]
    producers: usize,
    /// Jobs that the worker runs at once.
    #[arg(long, default_value_t = 16)]
    slots: usize,
}

#[derive(Clone, Copy)]
pub struct Payer {
    pub account: AccountId,
    pub project: ProjectId,
    pub key: KeyId,
}

pub async fn run(args: &QueueArgs) -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("cmes-queue-{}", std::process::id()));
    let url = args.database.clone().unwrap_or_else(|| format!("sqlite:{}", folder.join("queue.db").display()));
    let outcome = measure(args, &url).await;
    remove(&folder);
    outcome.map_err(io::Error::other)
}

fn remove(folder: &PathBuf) {
    // It is not there when another database was named.
    let _ = std::fs::remove_dir_all(folder);
}

async fn measure(args: &QueueArgs, url: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let db = Db::connect(&Connect::to(url)).await?;
    let payers = payers(&db, args.accounts).await?;
    say(&format!("{}: {} tasks of {} accounts a round", db.engine(), args.tasks, args.accounts))?;
    for (name, price) in [("free", Money::ZERO), ("paid", Money::from_units(10_000_000))] {
        let begun = Measured::begin();
        let mut latencies = store(&db, &payers, args, price).await?;
        begun.end(&format!("{name}: stored"), args.tasks)?;
        latencies.sort();
        let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100];
        say(&format!("  latency p50 {:.2} ms, p99 {:.2} ms", at(50).as_secs_f64() * 1e3, at(99).as_secs_f64() * 1e3))?;
        let begun = Measured::begin();
        work_off(&db, args, price, None).await?;
        begun.end(&format!("{name}: claimed, run, ended"), args.tasks)?;
    }
    let receiver = Receiver::start(|_| StatusCode::NO_CONTENT.into_response()).await?;
    store(&db, &payers, args, Money::ZERO).await?;
    work_off(&db, args, Money::ZERO, Some(receiver.url())).await?;
    let app = Arc::new(app(db.clone())?);
    let settings = worker::Settings { webhooks_per_account: 32, ..worker::Settings::default() };
    let begun = Measured::begin();
    worker::run_once(&app, &settings).await?;
    begun.end("webhooks: signed, sent, logged (the receiver in the same process)", args.tasks)?;
    if receiver.received().len() != args.tasks {
        return Err(format!("{} webhooks arrived, not {}", receiver.received().len(), args.tasks).into());
    }
    let found = cmes_store::ledger::verify(&db).await?;
    say(&format!("ledger: {} rows, {} faults", found.rows, found.faults.len()))?;
    Ok(())
}

pub async fn payers(db: &Db, count: usize) -> Result<Vec<Payer>, Box<dyn std::error::Error + Send + Sync>> {
    let mut payers = Vec::new();
    let now = SystemClock.now();
    for number in 0..count {
        let open = OpenAccount {
            email: format!("account-{number}-{}@example.com", now.milliseconds()),
            password: None,
            currency: Currency::gbp(),
            credit: Money::from_units(100_000_000_000_000),
            is_operator: false,
        };
        let account = accounts::open(db, &open, now).await?;
        let project = projects::get_or_create(db, account, "Default", now).await?;
        let hash = format!("{account}").into_bytes();
        let key = keys::NewKey { account, project, name: "Bench", hash: &hash, masked: "***", expires_at: None };
        payers.push(Payer { account, project, key: keys::create(db, &key, now).await? });
    }
    Ok(payers)
}

/// Stores the tasks, some at once; the time that each took.
async fn store(
    db: &Db,
    payers: &[Payer],
    args: &QueueArgs,
    price: Money,
) -> Result<Vec<Duration>, Box<dyn std::error::Error + Send + Sync>> {
    let mut producers = tokio::task::JoinSet::new();
    for producer in 0..args.producers {
        let (db, payers, tasks, step) = (db.clone(), payers.to_vec(), args.tasks, args.producers);
        producers.spawn(async move {
            let mut latencies = Vec::new();
            for number in (producer..tasks).step_by(step) {
                let payer = payers[number % payers.len()];
                let new = NewTask {
                    account: payer.account,
                    project: payer.project,
                    key: payer.key,
                    method: "/v1/enrichment",
                    work: "{}",
                    webhook_url: None,
                    request: None,
                    price,
                    hold: price,
                    idempotency: None,
                    runner: Runner::AnyWorker,
                    asked: None,
                };
                let begun = Instant::now();
                let created = tasks::create(&db, &new, |_| Vec::new(), SystemClock.now()).await?;
                latencies.push(begun.elapsed());
                if !matches!(created, Created::New(_)) {
                    return Err(cmes_store::StoreError::Conflict);
                }
            }
            Ok(latencies)
        });
    }
    let mut latencies = Vec::new();
    while let Some(part) = producers.join_next().await {
        latencies.extend(part??);
    }
    Ok(latencies)
}

/// Claims and ends everything that is ready.
async fn work_off(db: &Db, args: &QueueArgs, price: Money, webhook: Option<String>) -> cmes_store::Result<()> {
    let queue = Queue::new(db.clone(), Arc::new(SystemClock), Duration::from_secs(30));
    let db = db.clone();
    let work: cmes_queue::Work = Arc::new(move |lease| {
        let (db, webhook) = (db.clone(), webhook.clone());
        Box::pin(async move {
            let Ok(task) = tasks::of_lease(&db, &lease).await else { return Verdict::Retry(Duration::from_secs(1)) };
            let now = SystemClock.now();
            let delivery = webhook.map(|url| NewDelivery {
                account: task.account,
                task: Some(task.id),
                key: None,
                url,
                body: "{\"Status\":\"Success\"}".to_owned(),
                not_before: now,
            });
            let captures = vec![Capture { item: "lead/1".to_owned(), amount: price }];
            let ending = Ending {
                outcome: Outcome::Success,
                result: "{}".to_owned(),
                captures,
                delivery,
                answer: None,
                leads: 0,
            };
            match tasks::finish(&db, &lease, &task, &ending, now).await {
                Ok(_) => Verdict::Ended,
                Err(_) => Verdict::Retry(Duration::from_secs(1)),
            }
        })
    });
    queue.work_off(vec![Line { kind: JobKind::Task, slots: args.slots, per_account: args.slots, work }]).await
}

/// The use cases on this database, without prices and models.
pub(crate) fn app(db: Db) -> Result<App, Box<dyn std::error::Error + Send + Sync>> {
    let loopback = "127.0.0.0/8".parse()?;
    let fetcher = Fetcher::new(FetchOptions { allow_networks: vec![loopback], ..FetchOptions::default() })?;
    let enricher = Enricher::new(fetcher.clone(), Settings { max_pages: 6, budget: BudgetLimits::default() });
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let models = Models::none("measuring needs no model");
    Ok(App {
        directory: Directory::new(db.clone(), models.clone(), Arc::clone(&clock), directory::Settings::default()),
        queue: Queue::new(db.clone(), Arc::clone(&clock), Duration::from_secs(30)),
        db,
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
        knowledge: Knowledge::new(0),
        metrics: Metrics::default(),
    })
}

/// Wall time and this process's CPU time of one part.
struct Measured {
    wall: Instant,
    cpu: Duration,
}

impl Measured {
    fn begin() -> Self {
        Self { wall: Instant::now(), cpu: cpu() }
    }

    fn end(self, what: &str, count: usize) -> io::Result<()> {
        let (wall, cpu) = (self.wall.elapsed().as_secs_f64(), (cpu() - self.cpu).as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
        let count = count as f64;
        say(&format!("{what}: {:.0}/s; {:.0} µs of CPU each", count / wall, cpu / count * 1e6))
    }
}

fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

pub fn say(line: &str) -> io::Result<()> {
    use io::Write;
    writeln!(io::stdout(), "{line}")
}
