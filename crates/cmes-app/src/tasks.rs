//! Tasks: calls that cost money or go on after the answer.
//!
//! Every such call, synchronous or not, is a task: stored with the money that
//! it may cost before anything is done ([`submit`], [`call`]), run ([`execute`]),
//! and ended with what it cost and the webhook that tells about it ([`end`]).
//! The difference is who runs it: a worker, or the process that answers the
//! call. If that process dies, the task is ended without cost, or, where
//! somebody can still get at the result, given to the workers ([`sweep`]).

mod call;
mod ending;
mod leads;
mod work;

use std::sync::Arc;
use std::time::Duration;

use cmes_fetch::{FetchEvent, Observer};
use cmes_queue::retry;
use cmes_store::answering::{self, Asked, NewAnswer, Rest};
use cmes_store::jobs::Lease;
use cmes_store::leads::Lead;
use cmes_store::ledger::Capture;
use cmes_store::tasks::{self, Created, Ended as StoredEnd, NewTask, Outcome, Runner, Task};
use cmes_types::{AccountId, CompanyData, Money, TaskId};
use tokio::sync::mpsc;
use url::Url;
use uuid::Uuid;

pub use call::{Begun, Running, begin, call};
use ending::{end, end_if_ours, ending, finished_leads, parse_result, told};
use work::of_tokens;
pub use work::{Price, Work, price};

use crate::assistants::messages::accepted;
use crate::assistants::turn;
use crate::enrichment::{Enrich, Progress};
use crate::knowledge::import;
use crate::metrics::Metrics;
use crate::{App, Caller, Error, Failure, warnings};

/// A wish for a task.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to do.
    pub work: Work,
    /// Whom to tell about the end.
    pub webhook: Option<Url>,
    /// The request's body as strict JSON, told with it.
    pub body: String,
    /// The record of its Idempotency-Key.
    pub idempotency: Option<Uuid>,
    /// The message that is to be answered.
    pub asked: Option<Asked>,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The answer's body as JSON, or the failure.
    pub result: Result<String, Failure>,
    /// What it cost, in the account's currency.
    pub charged: Money,
    /// The method that was called.
    pub method: String,
    /// What its owner should know though it went well.
    pub remarks: Vec<String>,
}

/// How far a task has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It goes on.
    Running {
        /// Share of the work that is done, in percent.
        progress: i64,
        /// What its owner should know by now.
        remarks: Vec<String>,
    },
    /// It has ended.
    Ended(Ended),
}

/// Stores a task for the workers; returns its identity as soon as it is durable.
///
/// # Errors
/// [`Error::NotEnoughMoney`] and [`Error::OverCap`] when it cannot be paid.
pub async fn submit(app: &App, caller: &Caller, request: &Request) -> Result<TaskId, Error> {
    match create(app, caller, request, Runner::AnyWorker).await? {
        Known::New(task) => {
            app.queue.wake();
            Ok(task.id)
        }
        Known::Before(task) => Ok(task.id),
    }
}

/// Around a run of a task. What this module logs in it goes into traces (`cmes/src/telemetry/spans.rs`).
pub(crate) fn span() -> tracing::Span {
    tracing::debug_span!("task")
}

enum Known {
    New(Box<Task>),
    Before(Box<Task>),
}

async fn create(app: &App, caller: &Caller, request: &Request, runner: Runner) -> Result<Known, Error> {
    let now = app.clock.now();
    let method = request.work.method();
    let Price { unit: lead, most: price, .. } = price(app, &request.work, &caller.currency).await?;
    let work = serde_json::to_string(&request.work).map_err(Error::internal)?;
    let new = NewTask {
        account: caller.account,
        project: caller.project,
        key: caller.key,
        method,
        work: &work,
        webhook_url: request.webhook.as_ref().map(Url::as_str),
        request: request.webhook.as_ref().map(|_| request.body.as_str()),
        price: lead,
        hold: price,
        idempotency: request.idempotency,
        runner,
        asked: request.asked.as_ref(),
    };
    let currency = caller.currency.clone();
    let created = tasks::create(&app.db, &new, |spending| warnings::of(spending, now), now).await;
    // A message may have lost its channel or its name since it was looked at.
    let created = match new.asked {
        Some(asked) => accepted(&app.db, caller.account, created, asked.known, &asked.content).await?,
        None => created?,
    };
    match created {
        Created::New(task) => Ok(Known::New(task)),
        Created::Known(task) => Ok(Known::Before(task)),
        Created::NotEnough { balance } => Err(Error::NotEnoughMoney { price, lead, balance, currency }),
        Created::OverCap(state) => Err(Error::OverCap {
            scope: warnings::scope_name(state.cap.scope),
            name: state.cap.name,
            period: state.cap.period.as_str(),
            amount: state.cap.amount,
            spent: state.spent,
            currency,
        }),
    }
}

/// The answer to a task and what is paid for in it.
#[derive(Default)]
struct Done {
    body: String,
    captures: Vec<Capture>,
    answer: Option<NewAnswer>,
    /// A company to be noted in the directory.
    found: Option<Box<CompanyData>>,
    /// What the owner should know.
    remarks: Vec<String>,
}

/// Counts what is read.
fn reading(metrics: &Metrics) -> Observer {
    let (pages, rendered) = (metrics.pages.clone(), metrics.rendered.clone());
    crate::enrichment::observer(move |event| match event {
        FetchEvent::Finished { .. } => {
            pages.inc();
        }
        FetchEvent::Rendered { .. } => {
            rendered.inc();
        }
        FetchEvent::Started { .. } | FetchEvent::Failed { .. } => {}
    })
}

/// A run in the process that answers the call, while its caller waits.
#[derive(Debug, Default)]
struct Called {
    listener: Option<Listener>,
}

/// Who hears an answer while it is written.
pub type Listener = mpsc::UnboundedSender<String>;

/// Does a task's work. It may run several times, also at once: nothing in it
/// has an effect outside but reading the web, asking models, and an import,
/// which finds again what it has made.
async fn execute(
    app: &Arc<App>,
    task: &Task,
    lease: &Lease,
    progress: Progress,
    called: Option<Called>,
) -> Result<Done, Error> {
    let work: Work = serde_json::from_str(&task.work).map_err(Error::internal)?;
    match work {
        Work::Leads(request) => {
            // Whoever calls and goes away has no way to what was found, so it is not paid before the answer.
            let remarks = leads::run(app, task, lease, &request, called.is_none(), &progress).await?;
            Ok(Done { body: "[]".to_owned(), remarks, ..Done::default() })
        }
        Work::Enrichment(request) => {
            let observer = reading(&app.metrics);
            let tariffs = app.tariffs.current(&app.db, app.clock.now()).await?;
            let explained = Enrich { explain: true, ..request.clone() };
            let mut data = app.enricher.enrich(&explained, &tariffs, Some(observer), progress).await?;
            // What this customer's exceptions have left of a profile is nothing for others.
            let is_noted = app.directory.grows() && data.is_lead() && request.exceptions.trim().is_empty();
            let found = is_noted.then(|| Box::new(data.clone()));
            data.evidence = data.evidence.filter(|_| request.explain);
            let body = serde_json::to_string(&data).map_err(Error::internal)?;
            let captures = if data.is_lead() { vec![cmes_store::leads::capture(1, task.price)] } else { Vec::new() };
            Ok(Done { body, captures, found, ..Done::default() })
        }
        Work::Message(ask) => {
            let standing = task.standing.ok_or_else(|| Error::internal("the task does not say which message it is"))?;
            let mut tell = |text: &str| {
                // Whoever listened may be gone; the answer is stored all the same.
                let listener = called.as_ref().and_then(|called| called.listener.as_ref());
                let _ = listener.map(|listener| listener.send(text.to_owned()));
            };
            let taken = turn::take(app, task.account, standing, &ask, &mut tell).await?;
            let body = serde_json::to_string(&taken.body).map_err(Error::internal)?;
            let amount = of_tokens(task.price, taken.tokens).unwrap_or(task.held).min(task.held);
            let captures = vec![Capture { item: "answer".to_owned(), amount }];
            Ok(Done { body, captures, answer: Some(taken.answer), ..Done::default() })
        }
        Work::Stored(answer) => {
            let body = serde_json::to_string(&answer).map_err(Error::internal)?;
            Ok(Done { body, ..Done::default() })
        }
        Work::Import(request) => {
            let outcomes = import::run(app, task.account, &request, &progress).await?;
            Ok(Done { body: import::answer(&outcomes)?, ..Done::default() })
        }
    }
}

/// Pauses between attempts of what may succeed later.
const RETRIES: [Duration; 3] = [Duration::from_secs(5), Duration::from_secs(30), Duration::from_secs(120)];
/// A task that was begun so often and never ended takes its process with it.
const MOST_ATTEMPTS: i64 = 10;
/// How often progress is written, at most.
const PROGRESS_PAUSE: Duration = Duration::from_millis(250);

/// A worker's run of a task.
pub(crate) async fn run(app: &Arc<App>, lease: Lease) -> cmes_queue::Verdict {
    use cmes_queue::Verdict;
    let task = match tasks::of_lease(&app.db, &lease).await {
        Ok(task) => task,
        Err(error) => {
            tracing::error!(error = cmes_types::error_chain(&error), task = %lease.id, "the task cannot be read");
            return Verdict::Retry(RETRIES[0]);
        }
    };
    let outcome = if lease.attempt > MOST_ATTEMPTS {
        Err(Error::internal(format!("the task was begun {MOST_ATTEMPTS} times and never ended")))
    } else {
        execute_with_progress(app, &task, &lease).await
    };
    if let Err(error) = &outcome
        && error.is_temporary()
        && let Some(pause) = retry::pause(&RETRIES, lease.attempt, lease.id)
        && let Some(verdict) = try_later(app, &lease, &task, pause).await
    {
        tracing::info!(task = %lease.id, kind = error.kind(), "the task is tried again later");
        return verdict;
    }
    // What the database refuses is tried again when the lease has ended.
    let _ = end(app, &lease, &task, outcome, Duration::ZERO).await;
    Verdict::Ended
}

/// Lets a task wait for another attempt; none when it has to end now. The answer to a message waits only while no other
/// message waits for it: who writes on does not wait for a model that is down, and can send the one that failed again.
async fn try_later(app: &App, lease: &Lease, task: &Task, pause: Duration) -> Option<cmes_queue::Verdict> {
    use cmes_queue::Verdict;
    let Some(standing) = task.standing else { return Some(Verdict::Retry(pause)) };
    let now = app.clock.now();
    match answering::rest(&app.db, lease, standing, now.plus(pause), now).await {
        // The queue has nothing left to do.
        Ok(Rest::Resting | Rest::Lost) => Some(Verdict::Ended),
        Ok(Rest::InTheWay) => None,
        Err(error) => {
            tracing::warn!(error = cmes_types::error_chain(&error), task = %task.id, "the line cannot be read");
            Some(Verdict::Retry(pause))
        }
    }
}

async fn execute_with_progress(app: &Arc<App>, task: &Task, lease: &Lease) -> Result<Done, Error> {
    let (progress, mut seen) = Progress::new();
    let work = execute(app, task, lease, progress, None);
    let told = async {
        while seen.changed().await.is_ok() {
            let percent = *seen.borrow_and_update();
            if let Err(error) = tasks::set_progress(&app.db, task.id, i64::from(percent)).await {
                tracing::debug!(error = cmes_types::error_chain(&error), "progress not written");
            }
            tokio::time::sleep(PROGRESS_PAUSE).await;
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        outcome = work => outcome,
        () = told => Err(Error::internal("progress ended before its work")),
    }
}

fn ended(task: &Task) -> Option<Ended> {
    let result = parse_result(task.outcome?, task.result.clone().unwrap_or_default());
    Some(Ended { result, charged: task.charged, method: task.method.clone(), remarks: remarks(task) })
}

fn remarks(task: &Task) -> Vec<String> {
    task.remarks.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn standing(task: &Task) -> State {
    ended(task).map_or_else(|| State::Running { progress: task.progress, remarks: remarks(task) }, State::Ended)
}

/// How far a task of an account has come.
///
/// # Errors
/// [`Error::Fields`] when the account has no such task.
pub async fn state(app: &App, account: AccountId, id: TaskId) -> Result<State, Error> {
    let task = find(app, account, id).await?;
    Ok(standing(&task))
}

/// The leads of an account's task after the first so many, in the order in which they were finished.
///
/// # Errors
/// When the database fails.
pub async fn leads_after(app: &App, account: AccountId, id: TaskId, number: i64) -> Result<Vec<Lead>, Error> {
    Ok(cmes_store::leads::after(&app.db, account, id, number).await?)
}

/// The task that a request with this record of an Idempotency-Key made before, and how far it has come.
///
/// # Errors
/// When the database fails.
pub async fn before(app: &App, account: AccountId, record: Uuid) -> Result<Option<(TaskId, State)>, Error> {
    let task = tasks::by_idempotency(&app.db, account, record).await?;
    Ok(task.map(|task| (task.id, standing(&task))))
}

async fn find(app: &App, account: AccountId, id: TaskId) -> Result<Task, Error> {
    let unknown = || Error::field("ID", "is no task of this account, or its result has been deleted");
    tasks::find(&app.db, account, id).await?.ok_or_else(unknown)
}

/// Stops a task; what is finished of it is kept and paid. Returns how it ended,
/// now or before.
///
/// # Errors
/// [`Error::Fields`] when the account has no such task.
pub async fn cancel(app: &App, account: AccountId, id: TaskId) -> Result<Outcome, Error> {
    let task = find(app, account, id).await?;
    if let Some(outcome) = task.outcome {
        return Ok(outcome);
    }
    let ending = loop {
        let leads = finished_leads(app, &task).await?;
        let ending = ending(app, &task, &Err(Error::Cancelled), &leads, Duration::ZERO);
        match tasks::cancel(&app.db, &task, &ending, app.clock.now()).await? {
            StoredEnd::Now(_) => break ending,
            // It has ended in this moment.
            StoredEnd::NotOurs => return Ok(find(app, account, id).await?.outcome.unwrap_or(Outcome::Cancelled)),
            StoredEnd::MoreLeads => {}
        }
    };
    told(app, &task, &ending);
    // Whoever works on it finds out that its lease is gone; this process at once.
    if let Err(error) = app.queue.renew().await {
        tracing::debug!(error = cmes_types::error_chain(&error), "leases not renewed");
    }
    Ok(Outcome::Cancelled)
}

/// Most abandoned calls looked at in one go.
const SWEPT: i64 = 200;

/// Ends synchronous calls whose process has died, without cost; those whose
/// result somebody can still get at become tasks for the workers. Returns how
/// many there were.
///
/// # Errors
/// When the database fails.
pub async fn sweep(app: &App) -> Result<usize, Error> {
    let abandoned = tasks::abandoned(&app.db, SWEPT, app.clock.now()).await?;
    for lease in &abandoned {
        let task = tasks::of_lease(&app.db, lease).await?;
        let is_kept = serde_json::from_str(&task.work).is_ok_and(|work: Work| work.is_kept());
        if is_kept || tasks::is_awaited(&app.db, task.id).await? {
            tasks::adopt(&app.db, lease, &task, app.clock.now()).await?;
            continue;
        }
        // Another process may have ended it; then its end counts.
        end_if_ours(app, lease, &task, Err(Error::Cancelled), Duration::ZERO).await?;
    }
    Ok(abandoned.len())
}
