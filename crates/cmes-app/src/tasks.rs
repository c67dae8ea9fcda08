//! Tasks: calls that cost money or go on after the answer.
//!
//! Every such call, synchronous or not, is a task: stored with the money that
//! it may cost before anything is done ([`submit`], [`call`]), run ([`execute`]),
//! and ended with what it cost and the webhook that tells about it ([`end`]).
//! The difference is who runs it: a worker, or the process that answers the
//! call. If that process dies, the task is ended without cost, or, where
//! somebody can still get at the result, given to the workers ([`sweep`]).

mod call;
mod leads;
mod work;

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use cmes_fetch::{FetchEvent, Observer};
use cmes_queue::retry;
use cmes_store::StoreError;
use cmes_store::answering::{self, Asked, NewAnswer, Rest};
use cmes_store::deliveries::NewDelivery;
use cmes_store::jobs::Lease;
use cmes_store::leads::Lead;
use cmes_store::ledger::Capture;
use cmes_store::tasks::{self, Created, Ended as StoredEnd, Ending, NewTask, Outcome, Runner, Task};
use cmes_types::{AccountId, CompanyData, Money, TaskId};
use tokio::sync::mpsc;
use url::Url;
use uuid::Uuid;

pub use call::{Begun, Running, begin, call};
use work::LEADS;
use work::of_tokens;
pub use work::{Price, Work, price};

use crate::assistants::messages::{accepted, gone};
use crate::assistants::turn;
use crate::enrichment::{Enrich, Progress};
use crate::knowledge::import;
use crate::metrics::Metrics;
use crate::{App, Caller, Error, Failure, warnings, webhooks};

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

/// Ends a task: money, result and webhook, all or nothing; the webhook is sent
/// after this pause.
///
/// # Errors
/// When the lease was lost or the database fails for good; then nothing was done.
async fn end(
    app: &App,
    lease: &Lease,
    task: &Task,
    outcome: Result<Done, Error>,
    pause: Duration,
) -> Result<Ended, Error> {
    end_if_ours(app, lease, task, outcome, pause).await?.ok_or_else(lost)
}

/// The same; none when the lease was lost.
async fn end_if_ours(
    app: &App,
    lease: &Lease,
    task: &Task,
    mut outcome: Result<Done, Error>,
    pause: Duration,
) -> Result<Option<Ended>, Error> {
    let (found, remarks) = match &mut outcome {
        Ok(done) => (done.found.take(), std::mem::take(&mut done.remarks)),
        Err(_) => (None, Vec::new()),
    };
    loop {
        let ending = ending(app, task, &outcome, &finished_leads(app, task).await?, pause);
        let ended = persistently(|| tasks::finish(&app.db, lease, task, &ending, app.clock.now())).await;
        if matches!(ended, Err(StoreError::NotFound)) && outcome.is_ok() {
            // The channel was deleted while its message was answered.
            outcome = Err(gone());
            continue;
        }
        match ended? {
            StoredEnd::Now(charged) => {
                told(app, task, &ending);
                if let Some(found) = found {
                    app.directory.note(&found).await;
                }
                let result = parse_result(ending.outcome, ending.result);
                return Ok(Some(Ended { result, charged, method: task.method.clone(), remarks }));
            }
            StoredEnd::NotOurs => return Ok(None),
            StoredEnd::MoreLeads => {}
        }
    }
}

/// The leads that a task has finished so far.
async fn finished_leads(app: &App, task: &Task) -> Result<Vec<Lead>, Error> {
    if task.method != LEADS {
        return Ok(Vec::new());
    }
    Ok(persistently(|| cmes_store::leads::after(&app.db, task.account, task.id, 0)).await?)
}

/// Counts and logs an end, and wakes who sends the webhook.
fn told(app: &App, task: &Task, ending: &Ending) {
    let failure = match ending.outcome {
        Outcome::Success => None,
        Outcome::Error | Outcome::Cancelled => parse_result(ending.outcome, ending.result.clone()).err(),
    };
    let kind = match (&failure, ending.outcome) {
        (Some(failure), _) => failure.kind.as_str(),
        (None, Outcome::Cancelled) => "cancelled",
        (None, _) => "success",
    };
    app.metrics.task_ended(&task.method, outcome_label(kind));
    tracing::info!(task = %task.id, method = task.method, outcome = kind, "task ended");
    if let Some(standing) = task.standing {
        app.order.ring(standing.channel);
    }
    if ending.delivery.is_some() || task.standing.is_some() {
        app.queue.wake();
    }
}

/// Labels of metrics are known beforehand.
fn outcome_label(kind: &str) -> &'static str {
    const LABELS: [&str; 8] = [
        "success",
        "nothing-to-enrich",
        "site-unreachable",
        "not-a-company",
        "model-failed",
        "search-failed",
        "cancelled",
        "internal",
    ];
    LABELS.into_iter().find(|label| *label == kind).unwrap_or("other")
}

fn lost() -> Error {
    Error::internal("the lease of the task was lost before its end was stored")
}

/// The end of a task as it is stored. Leads that are paid for are its result, whatever became of the search for more.
fn ending(app: &App, task: &Task, outcome: &Result<Done, Error>, leads: &[Lead], pause: Duration) -> Ending {
    match outcome {
        Err(Error::Internal(cause)) => {
            tracing::error!(error = cmes_types::error_chain(cause.as_ref()), task = %task.id, "task failed");
        }
        Err(Error::ModelFailed { source, .. }) => {
            tracing::warn!(error = cmes_types::error_chain(source), task = %task.id, "the model failed");
        }
        _ => {}
    }
    let is_cancelled = matches!(outcome, Err(Error::Cancelled));
    let has_leads = leads.iter().any(|lead| outcome.is_ok() || lead.is_paid);
    let (outcome, result, captures, answer) = match outcome {
        _ if has_leads => {
            let unpaid = leads.iter().filter(|lead| !lead.is_paid).map(|lead| lead.capture(task.price));
            let outcome = if is_cancelled { Outcome::Cancelled } else { Outcome::Success };
            (outcome, best_first(leads), unpaid.collect(), None)
        }
        Ok(done) => (Outcome::Success, done.body.clone(), done.captures.clone(), done.answer.clone()),
        Err(error) => {
            let outcome = if is_cancelled { Outcome::Cancelled } else { Outcome::Error };
            (outcome, serde_json::to_string(&Failure::from(error)).unwrap_or_default(), Vec::new(), None)
        }
    };
    let count = i64::try_from(leads.len()).unwrap_or(i64::MAX);
    let delivery = delivery(app, task, outcome, &result, pause);
    Ending { outcome, result, captures, delivery, answer, leads: count }
}

/// Finished leads as the answer, the best match first.
fn best_first(leads: &[Lead]) -> String {
    let mut leads: Vec<&Lead> = leads.iter().collect();
    leads.sort_by_key(|lead| (Reverse(lead.fit), lead.number));
    let bodies: Vec<&str> = leads.iter().map(|lead| lead.body.as_str()).collect();
    format!("[{}]", bodies.join(","))
}

/// A webhook that belongs to a synchronous call waits so long for the answer to go out first.
const AFTER_THE_ANSWER: Duration = Duration::from_secs(1);

fn delivery(app: &App, task: &Task, outcome: Outcome, result: &str, pause: Duration) -> Option<NewDelivery> {
    let url = task.webhook_url.clone()?;
    let result = parse_result(outcome, result.to_owned());
    let is_answer = result.is_ok();
    let response = match result {
        Ok(body) => body,
        Err(failure) => (app.problem_document)(&failure, task.id.0),
    };
    let body = webhooks::task_ended(task, is_answer, &response);
    let not_before = app.clock.now().plus(pause);
    let account = task.account;
    Some(NewDelivery { account, task: Some(task.id), key: None, url, body, not_before })
}

/// The result of an ended task as it was: an answer, or a failure. What a cancelled task had finished is an answer.
fn parse_result(outcome: Outcome, stored: String) -> Result<String, Failure> {
    if outcome == Outcome::Success || (outcome == Outcome::Cancelled && stored.starts_with('[')) {
        return Ok(stored);
    }
    Err(serde_json::from_str(&stored).unwrap_or_else(|_| Failure {
        kind: "internal".to_owned(),
        detail: "the task failed".to_owned(),
        fields: Vec::new(),
    }))
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

/// Pauses between attempts to store what would have to be done again otherwise.
const STORE_RETRIES: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];

/// Repeats a transaction that the database refuses.
async fn persistently<T, F>(mut store: impl FnMut() -> F) -> cmes_store::Result<T>
where
    F: Future<Output = cmes_store::Result<T>>,
{
    for pause in STORE_RETRIES {
        match store().await {
            Err(StoreError::Busy(error)) => {
                tracing::warn!(
                    error = cmes_types::error_chain(&error),
                    "the end of a task is not stored yet; trying again"
                );
            }
            Err(StoreError::Engine(error)) => {
                tracing::error!(
                    error = cmes_types::error_chain(&error),
                    "the end of a task is not stored yet; trying again"
                );
            }
            other => return other,
        }
        tokio::time::sleep(pause).await;
    }
    store().await
}
