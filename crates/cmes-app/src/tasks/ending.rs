//! The end of a task: money, result, answer and webhook in one transaction.

use std::cmp::Reverse;
use std::time::Duration;

use cmes_store::StoreError;
use cmes_store::deliveries::NewDelivery;
use cmes_store::jobs::Lease;
use cmes_store::leads::Lead;
use cmes_store::tasks::{self, Ended as StoredEnd, Ending, Outcome, Task};

use super::work::LEADS;
use super::{Done, Ended};
use crate::assistants::messages::gone;
use crate::{App, Error, Failure, webhooks};

/// Ends a task: money, result and webhook, all or nothing; the webhook is sent
/// after this pause.
///
/// # Errors
/// When the lease was lost or the database fails for good; then nothing was done.
pub(super) async fn end(
    app: &App,
    lease: &Lease,
    task: &Task,
    outcome: Result<Done, Error>,
    pause: Duration,
) -> Result<Ended, Error> {
    end_if_ours(app, lease, task, outcome, pause).await?.ok_or_else(lost)
}

/// The same; none when the lease was lost.
pub(super) async fn end_if_ours(
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
pub(super) async fn finished_leads(app: &App, task: &Task) -> Result<Vec<Lead>, Error> {
    if task.method != LEADS {
        return Ok(Vec::new());
    }
    Ok(persistently(|| cmes_store::leads::after(&app.db, task.account, task.id, 0)).await?)
}

/// Counts and logs an end, and wakes who sends the webhook.
pub(super) fn told(app: &App, task: &Task, ending: &Ending) {
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

pub(super) fn lost() -> Error {
    Error::internal("the lease of the task was lost before its end was stored")
}

/// The end of a task as it is stored. Leads that are paid for are its result, whatever became of the search for more.
pub(super) fn ending(app: &App, task: &Task, outcome: &Result<Done, Error>, leads: &[Lead], pause: Duration) -> Ending {
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
pub(super) const AFTER_THE_ANSWER: Duration = Duration::from_secs(1);

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
pub(super) fn parse_result(outcome: Outcome, stored: String) -> Result<String, Failure> {
    if outcome == Outcome::Success || (outcome == Outcome::Cancelled && stored.starts_with('[')) {
        return Ok(stored);
    }
    Err(serde_json::from_str(&stored).unwrap_or_else(|_| Failure {
        kind: "internal".to_owned(),
        detail: "the task failed".to_owned(),
        fields: Vec::new(),
    }))
}

/// Pauses between attempts to store what would have to be done again otherwise.
const STORE_RETRIES: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];

/// Repeats a transaction that the database refuses.
pub(super) async fn persistently<T, F>(mut store: impl FnMut() -> F) -> cmes_store::Result<T>
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
