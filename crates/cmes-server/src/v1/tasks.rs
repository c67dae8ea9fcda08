//! Calls that are tasks: their answers, `getresult`, `cancel`, and the stream
//! of a task's progress.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use cmes_app::tasks::{self, Ended, Request, Work};
use cmes_app::{App, Caller, Error};
use cmes_store::answering::Asked;
use cmes_store::leads::Lead;
use cmes_store::tasks::Outcome;
use cmes_types::{Currency, Money, TaskId};
use futures_util::Stream;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Server;
use crate::idempotency::IdempotencyRecord;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Kind, Problem, ProblemDocument};

const CHARGE: HeaderName = HeaderName::from_static("charge");
/// Has what the owner of a task should know, one header for each sentence: a body as the reference has it has no place.
const REMARK: HeaderName = HeaderName::from_static("remark");
/// Longest of them, in characters; clients limit the size of headers.
const LONGEST_REMARK: usize = 400;
/// Longest address of a webhook, in characters.
const LONGEST_WEBHOOK: usize = 2_000;
/// How often a stream looks how far its task has come.
const LOOK: Duration = Duration::from_millis(250);
/// Longest life of a stream; the client then connects again.
const LONGEST_STREAM: Duration = Duration::from_secs(3600);

/// How the caller of a method wants its answer.
#[derive(Debug)]
pub(crate) struct Delivery {
    asynch: bool,
    webhook: Option<String>,
    dry_run: bool,
    body: String,
}

impl Delivery {
    /// Takes `Asynch`, `OutWebHook` and `DryRun`.
    pub(crate) fn from_fields(fields: &mut Fields, asynch_by_default: bool) -> Self {
        let webhook = fields.text("OutWebHook", LONGEST_WEBHOOK).filter(|address| !address.trim().is_empty());
        Self {
            asynch: fields.boolean("Asynch").unwrap_or(asynch_by_default),
            body: if webhook.is_some() { fields.body() } else { String::new() },
            webhook,
            dry_run: fields.boolean("DryRun").unwrap_or_default(),
        }
    }

    /// Whether nothing is to be done.
    pub(crate) fn is_dry(&self) -> bool {
        self.dry_run
    }

    /// Whether the answer is to come later.
    pub(crate) fn is_asynch(&self) -> bool {
        self.asynch
    }

    /// Whether the answer, and nothing else, is wanted at once.
    pub(crate) fn is_plain(&self) -> bool {
        !self.asynch && !self.dry_run && self.webhook.is_none()
    }

    /// Refuses what would be refused when the task is made.
    pub(crate) fn check(&self, app: &App) -> Result<(), Problem> {
        self.webhook.as_deref().map(|text| cmes_app::webhooks::address(app, text)).transpose()?;
        Ok(())
    }

    /// The task that is wanted.
    pub(crate) fn request(
        self,
        app: &App,
        IdempotencyRecord(idempotency): IdempotencyRecord,
        work: Work,
        asked: Option<Asked>,
    ) -> Result<Request, Problem> {
        let webhook = self.webhook.as_deref().map(|text| cmes_app::webhooks::address(app, text)).transpose()?;
        Ok(Request { work, webhook, body: self.body, idempotency, asked })
    }
}

/// Does what is asked for in the way that is asked for.
pub(crate) async fn answer(
    server: &Server,
    caller: &Caller,
    record: IdempotencyRecord,
    work: Work,
    asked: Option<Asked>,
    delivery: Delivery,
) -> Result<Response, Problem> {
    let app = &server.app;
    let Delivery { dry_run, asynch, .. } = delivery;
    let request = delivery.request(app, record, work, asked)?;
    if dry_run {
        let tasks::Price { most, description, .. } = tasks::price(app, &request.work, &caller.currency).await?;
        let currency = caller.currency.clone();
        return Ok(Json(DryRunAnswer { dry_run: true, price: most, currency, description }).into_response());
    }
    if asynch {
        let id = tasks::submit(app, caller, &request).await?;
        return Ok((StatusCode::ACCEPTED, Json(Accepted { id: id.0 })).into_response());
    }
    let ended = tasks::call(app, caller, &request).await?;
    render(ended, &caller.currency)
}

/// The answer to a request that made this task before it lost its process.
pub(crate) fn again(
    (id, state): (TaskId, tasks::State),
    caller: &Caller,
    delivery: &Delivery,
) -> Result<Response, Problem> {
    match state {
        _ if delivery.asynch => Ok((StatusCode::ACCEPTED, Json(Accepted { id: id.0 })).into_response()),
        tasks::State::Running { .. } => Err(Error::StillRunning.into()),
        tasks::State::Ended(ended) => render(ended, &caller.currency),
    }
}

/// The answer of a task that has ended.
fn render(ended: Ended, currency: &Currency) -> Result<Response, Problem> {
    let body = ended.result.map_err(Problem::from)?;
    let mut response = ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response();
    if let Some(value) = charge(ended.charged, currency).and_then(|charge| HeaderValue::try_from(charge).ok()) {
        response.headers_mut().insert(CHARGE, value);
    }
    add_remarks(&mut response, &ended.remarks);
    Ok(response)
}

/// Adds remarks as headers, where what is not ASCII is a question mark.
fn add_remarks(response: &mut Response, remarks: &[String]) {
    for remark in remarks {
        let shown = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
        let text: String = remark.chars().take(LONGEST_REMARK).map(shown).collect();
        if let Ok(value) = HeaderValue::try_from(text) {
            response.headers_mut().append(REMARK, value);
        }
    }
}

/// What was paid, in words; `None` for nothing.
pub(crate) fn charge(charged: Money, currency: &Currency) -> Option<String> {
    (charged != Money::ZERO).then(|| format!("{charged} {currency}"))
}

/// What a call would do and cost.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DryRunAnswer {
    /// Always true.
    dry_run: bool,
    /// Price of the call, if it succeeds.
    #[schema(value_type = f64)]
    price: Money,
    /// Currency of the price.
    #[schema(value_type = String)]
    currency: Currency,
    /// What is paid for.
    description: String,
}

/// A task that was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// Its identifier, for `getresult`.
    #[serde(rename = "ID")]
    #[schema(example = "57bb5a9a-e115-4a0e-a15d-85527b82a344")]
    id: Uuid,
}

/// A task that goes on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InProcessing {
    /// That it goes on.
    #[schema(example = "Request in processing")]
    status: &'static str,
    /// Share of the work that is done, 0 to 99.
    #[schema(example = 85)]
    progress: i64,
}

/// Which task is meant.
#[derive(Debug, ToSchema)]
pub(crate) struct TaskRequest {
    /// The identifier that the method returned.
    #[schema(rename = "ID", example = "57bb5a9a-e115-4a0e-a15d-85527b82a344")]
    id: Uuid,
}

impl FromFields for TaskRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { id: fields.required_uuid("ID") }
    }
}

fn id_in(query: &HashMap<String, String>) -> Result<TaskId, Problem> {
    let text = query.iter().find(|(name, _)| name.eq_ignore_ascii_case("ID")).map(|(_, text)| text.trim());
    let detail = if text.is_some() { "takes a UUID" } else { "is required" };
    let id = text.and_then(|text| Uuid::parse_str(text).ok());
    id.map(TaskId).ok_or_else(|| Error::field("ID", detail).into())
}

/// Returns the result of a task, or how far it has come.
#[utoipa::path(
    post,
    path = "/v1/getresult",
    tag = "Tasks",
    operation_id = "getresult",
    request_body = TaskRequest,
    responses(
        (status = 200, description = "The answer of the method that was called."),
        (status = 202, description = "It goes on.", body = InProcessing),
        (status = "default", description = "A problem; also the one with which the task ended.",
         body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn getresult(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<TaskRequest>,
) -> Result<Response, Problem> {
    result(&server, &caller, TaskId(request.id)).await
}

/// Returns the result of a task, or how far it has come (extension).
#[utoipa::path(
    get,
    path = "/v1/getresult",
    tag = "Tasks",
    operation_id = "getresult_by_query",
    params(("ID" = Uuid, Query, description = "The identifier that the method returned.")),
    responses(
        (status = 200, description = "The answer of the method that was called."),
        (status = 202, description = "It goes on.", body = InProcessing),
        (status = "default", description = "A problem; also the one with which the task ended.",
         body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn getresult_by_query(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    result(&server, &caller, id_in(&query)?).await
}

async fn result(server: &Server, caller: &Caller, id: TaskId) -> Result<Response, Problem> {
    match tasks::state(&server.app, caller.account, id).await? {
        tasks::State::Running { progress, remarks } => {
            let body = InProcessing { status: "Request in processing", progress };
            let mut response = (StatusCode::ACCEPTED, Json(body)).into_response();
            add_remarks(&mut response, &remarks);
            Ok(response)
        }
        tasks::State::Ended(ended) => render(ended, &caller.currency),
    }
}

/// How a task ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Cancelled {
    /// Its identifier.
    #[serde(rename = "ID")]
    id: Uuid,
    /// `Cancelled`; or `Success` or `Error` when it had ended before.
    #[schema(example = "Cancelled")]
    status: &'static str,
}

/// Stops a task; what is finished is kept and billed (extension).
#[utoipa::path(
    post,
    path = "/v1/cancel",
    tag = "Tasks",
    operation_id = "cancel",
    request_body = TaskRequest,
    responses(
        (status = 200, description = "It has ended.", body = Cancelled),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn cancel(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<TaskRequest>,
) -> Result<Json<Cancelled>, Problem> {
    let outcome = tasks::cancel(&server.app, caller.account, TaskId(request.id)).await?;
    let status = match outcome {
        Outcome::Success => "Success",
        Outcome::Error => "Error",
        Outcome::Cancelled => "Cancelled",
    };
    Ok(Json(Cancelled { id: request.id, status }))
}

/// The last event of a stream.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FinalEvent<'a> {
    status: &'static str,
    response: &'a RawValue,
}

/// Streams a task's progress and its result as server-sent events (extension).
///
/// `progress` (`{"Progress": 40}`) as the work goes on, `remark` (`{"Remark": "…"}`) with what its owner
/// should know, `lead` with each finished lead, and at the end `result` (`{"Status", "Response"}`).
#[utoipa::path(
    get,
    path = "/v1/getresult/events",
    tag = "Tasks",
    operation_id = "getresult_events",
    params(("ID" = Uuid, Query, description = "The identifier that the method returned.")),
    responses(
        (status = 200, description = "The events.", body = String, content_type = "text/event-stream"),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn getresult_events(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let id = id_in(&query)?;
    // An unknown task is a problem, not a stream.
    tasks::state(&server.app, caller.account, id).await?;
    let Ok(permit) = Arc::clone(&server.event_streams).try_acquire_owned() else {
        return Err(Problem::new(Kind::Unavailable, "too many streams are open; use getresult").retry_after(5));
    };
    let watching = Watching {
        server,
        account: caller.account,
        id,
        told: None,
        leads: 0,
        remarks: 0,
        has_ended: false,
        _permit: permit,
    };
    let events = Sse::new(events(watching)).keep_alive(KeepAlive::default());
    Ok(events.into_response())
}

/// What the owner of a task should know.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RemarkEvent<'a> {
    remark: &'a str,
}

struct Watching {
    server: Arc<Server>,
    account: cmes_types::AccountId,
    id: TaskId,
    told: Option<i64>,
    /// Leads that were told.
    leads: i64,
    /// Remarks that were told.
    remarks: usize,
    has_ended: bool,
    _permit: tokio::sync::OwnedSemaphorePermit,
}

fn events(watching: Watching) -> impl Stream<Item = Result<Event, Infallible>> {
    let until = tokio::time::Instant::now() + LONGEST_STREAM;
    let stream = futures_util::stream::unfold(watching, move |mut watching| async move {
        loop {
            if watching.has_ended || watching.server.is_stopping() || tokio::time::Instant::now() >= until {
                return None;
            }
            // What the database refuses now, it may give at the next look.
            let state = tasks::state(&watching.server.app, watching.account, watching.id).await;
            // Those that were finished before this state was true, so that none comes after the result.
            let leads = tasks::leads_after(&watching.server.app, watching.account, watching.id, watching.leads).await;
            if let Ok(leads) = leads
                && let Some(last) = leads.last()
            {
                watching.leads = last.number;
                let event = |lead: &Lead| Ok(Event::default().event("lead").data(&lead.body));
                return Some((leads.iter().map(event).collect(), watching));
            }
            if let Ok(tasks::State::Running { remarks, .. } | tasks::State::Ended(Ended { remarks, .. })) = &state
                && let Some(remark) = remarks.get(watching.remarks)
            {
                watching.remarks += 1;
                let data = serde_json::to_string(&RemarkEvent { remark }).unwrap_or_default();
                return Some((vec![Ok(Event::default().event("remark").data(data))], watching));
            }
            match state {
                Ok(tasks::State::Running { progress, .. }) if watching.told != Some(progress) => {
                    watching.told = Some(progress);
                    let event = Event::default().event("progress").data(format!("{{\"Progress\":{progress}}}"));
                    return Some((vec![Ok(event)], watching));
                }
                Ok(tasks::State::Ended(ended)) => {
                    watching.has_ended = true;
                    return Some((last_events(&ended, watching.id), watching));
                }
                Ok(tasks::State::Running { .. }) | Err(_) => tokio::time::sleep(LOOK).await,
            }
        }
    });
    futures_util::StreamExt::flat_map(stream, futures_util::stream::iter)
}

fn last_events(ended: &Ended, id: TaskId) -> Vec<Result<Event, Infallible>> {
    let (status, response) = match &ended.result {
        Ok(body) => ("Success", body.clone()),
        Err(failure) => ("Error", crate::problem::document(failure, id.0)),
    };
    let mut events = Vec::new();
    // The one lead of an enrichment is its answer.
    if ended.result.is_ok() && ended.method == "/v1/enrichment" {
        events.push(Ok(Event::default().event("lead").data(&response)));
    }
    let response = RawValue::from_string(response).unwrap_or_else(|_| RawValue::NULL.to_owned());
    let data = serde_json::to_string(&FinalEvent { status, response: &response }).unwrap_or_default();
    events.push(Ok(Event::default().event("result").data(data)));
    events
}
