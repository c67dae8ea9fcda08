//! `Idempotency-Key`, around the handlers: the first answer to a POST is kept
//! for 24 hours and given again, so that a client may repeat a request of which
//! it does not know what became, and is charged once.
//!
//! A handler learns only of the record's identity ([`IdempotencyRecord`]) and
//! stores it with the task that it makes; so even a request that was cut off
//! between the two is found again.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cmes_app::{Error, FieldError, IDEMPOTENCY_AGE};
use cmes_store::Db;
use cmes_store::idempotency::{self, Answer, Begun};
use cmes_types::Timestamp;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Server;
use crate::context::RequestContext;
use crate::input::{Authenticated, RawBody};
use crate::problem::{Kind, Problem};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Longest key.
const LONGEST_KEY: usize = 255;
/// Largest answer that is kept, in bytes. A larger one is found again by its
/// task; those of other methods are given anew.
const MOST_KEPT: usize = 1024 * 1024;
/// For so long a first request has its record without renewing it.
const LEASE: Duration = Duration::from_secs(30);

/// The record of a request's Idempotency-Key, if it has one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IdempotencyRecord(pub(crate) Option<Uuid>);

impl FromRequestParts<Arc<Server>> for IdempotencyRecord {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Server>) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}

/// Answers a request; one with a key at most once. Called by the middleware `context`.
pub(crate) async fn around(server: &Arc<Server>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    // Boxed, so that the requests without a key, which are most, do not carry its large state about.
    Box::pin(answer(server, request, next)).await.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(server: &Arc<Server>, request: Request, next: Next) -> Result<Response, Problem> {
    let key = key_of(&request)?;
    let (mut parts, body) = request.into_parts();
    let caller = Authenticated::from_request_parts(&mut parts, server).await?;
    // The handler finds it again, so that the request is counted once.
    parts.extensions.insert(caller.clone());
    let request = Request::from_parts(parts.clone(), body);
    let RawBody(body) = RawBody::from_request(request, server).await?;
    let fingerprint = fingerprint(&parts, &body);

    let app = &server.app;
    let now = app.clock.now();
    let wanted = idempotency::Request { account: caller.account, key: &key, fingerprint: &fingerprint };
    let begun = idempotency::begin(&app.db, &wanted, now.minus(IDEMPOTENCY_AGE), now.plus(LEASE), now).await;
    let id = match begun.map_err(Error::from)? {
        Begun::First(id) => id,
        Begun::Running => return Err(Error::StillRunning.into()),
        Begun::OtherRequest => {
            let detail = "this Idempotency-Key came with another path or body before; use a new one for a new request";
            return Err(Problem::new(Kind::IdempotencyKeyReused, detail));
        }
        Begun::Answered(answer) => return Ok(replay(answer)),
    };
    let context = parts.extensions.get::<Arc<RequestContext>>().cloned();
    let mut request = Request::from_parts(parts, Body::from(body));
    request.extensions_mut().insert(IdempotencyRecord(Some(id)));
    let response = renewing(server, id, next.run(request)).await;
    Ok(keep(server, id, response, context.map(|context| context.id).unwrap_or_default()).await)
}

fn key_of(request: &Request) -> Result<String, Problem> {
    let mut values = request.headers().get_all(HEADER).iter();
    let key = values.next().and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY || values.next().is_some() {
        let detail = format!("takes 1 to {LONGEST_KEY} printable ASCII characters, once");
        let error = FieldError { field: "Idempotency-Key".to_owned(), detail };
        return Err(Error::Fields(vec![error]).into());
    }
    Ok(key.to_owned())
}

/// What makes two requests the same.
fn fingerprint(parts: &Parts, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(parts.uri.path_and_query().map_or("", |path| path.as_str()).as_bytes());
    hash.update([0]);
    hash.update(body);
    hash.finalize().into()
}

/// Waits for the answer and keeps the record's lease meanwhile.
async fn renewing(server: &Server, id: Uuid, answer: impl Future<Output = Response>) -> Response {
    tokio::pin!(answer);
    loop {
        tokio::select! {
            response = &mut answer => return response,
            () = tokio::time::sleep(LEASE / 3) => {
                let until = server.app.clock.now().plus(LEASE);
                // At worst another request takes over, and finds the same task.
                let _ = idempotency::renew(&server.app.db, id, until).await;
            }
        }
    }
}

/// Keeps the answer, unless it only says that the server could not do it: then
/// the next request with the key is the first.
async fn keep(server: &Server, id: Uuid, response: Response, request_id: Uuid) -> Response {
    let db = &server.app.db;
    let status = response.status();
    let problem = response.extensions().get::<Problem>();
    if problem.is_some_and(|problem| problem.kind == Kind::StillRunning) {
        // Another process works on the task.
        set_free(db, id).await;
        return response;
    }
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        let _ = idempotency::forget(db, id).await;
        return response;
    }
    let rendered = problem.map(|problem| serde_json::to_vec(&problem.document(request_id)).unwrap_or_default());
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    if body.len() > MOST_KEPT {
        set_free(db, id).await;
        return Response::from_parts(parts, Body::from(body));
    }
    let content_type = match rendered {
        Some(_) => Some("application/problem+json".to_owned()),
        None => parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned),
    };
    let answer = Answer { status: status.as_u16(), content_type, body: rendered.unwrap_or_else(|| body.to_vec()) };
    if let Err(error) = idempotency::keep(db, id, &answer).await {
        // The record's lease ends, and the task is found by it.
        tracing::warn!(error = cmes_types::error_chain(&error), "the first answer to an Idempotency-Key is not kept");
    }
    Response::from_parts(parts, Body::from(body))
}

/// Leaves a record without an answer: the next request with its key takes it
/// over, and finds the task that was made for it.
async fn set_free(db: &Db, id: Uuid) {
    // At worst its lease has to end first.
    let _ = idempotency::renew(db, id, Timestamp::default()).await;
}

fn replay(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(value) = answer.content_type.and_then(|value| HeaderValue::try_from(value).ok()) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
