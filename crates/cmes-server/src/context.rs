//! Around every request: its id, its log line, its metrics, the headers that
//! every answer carries, and the body of every problem.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cmes_types::Timestamp;
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue, header};
use prometheus_client::metrics::gauge::Gauge;
use tracing::Instrument;
use uuid::Uuid;

use crate::problem::{Kind, Problem};
use crate::{Server, idempotency};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// What belongs to one request, reachable from its extensions.
#[derive(Debug)]
pub(crate) struct RequestContext {
    /// The request's id.
    pub(crate) id: Uuid,
    /// Headers that extractors add to the answer, whatever it becomes.
    headers: Mutex<Vec<(HeaderName, HeaderValue)>>,
}

impl RequestContext {
    /// Adds a header to the answer.
    pub(crate) fn add_header(&self, name: HeaderName, value: HeaderValue) {
        self.headers.lock().unwrap_or_else(PoisonError::into_inner).push((name, value));
    }
}

/// Makes the ids of requests: UUIDs of version 7 (RFC 9562) in which a number
/// counted up takes the place of most random bits, which cost a system call
/// each time. Nobody has to be unable to guess them.
#[derive(Debug)]
pub(crate) struct RequestIds {
    /// Tells this server's ids from those of others.
    random: [u8; 16],
    next: AtomicU32,
}

impl RequestIds {
    pub(crate) fn new() -> Self {
        Self { random: Uuid::new_v4().into_bytes(), next: AtomicU32::new(0) }
    }

    fn next(&self, now: Timestamp) -> Uuid {
        let [_, _, _, _, _, _, _, _, _, _, a, b, c, d, e, f] = self.random;
        let [g, h, i, j] = self.next.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let milliseconds = u64::try_from(now.milliseconds()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &[a, b, c, d, e, f, g, h, i, j]).into_uuid()
    }
}

/// The middleware.
pub(crate) async fn around(State(server): State<Arc<Server>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = server.request_ids.next(server.app.clock.now());
    let context = Arc::new(RequestContext { id, headers: Mutex::new(Vec::new()) });
    request.extensions_mut().insert(context.clone());
    let method = request.method().clone();
    // The route, not the path: paths are without end and may hold data.
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!("request", %id, traceparent = trace_parent(&request));

    let permit = server.requests.try_acquire();
    let mut response = if server.is_stopping() && route.starts_with("/v1/") {
        Problem::new(Kind::Unavailable, "the server is stopping; send the request again").retry_after(5).into_response()
    } else if permit.is_err() {
        Problem::new(Kind::Unavailable, "the server has too much to do; send the request again")
            .retry_after(1)
            .into_response()
    } else {
        let _counted = InFlight::count(&server.metrics.in_flight);
        let answer = idempotency::around(&server, request, next);
        let answered = AssertUnwindSafe(answer).catch_unwind().instrument(span.clone()).await;
        answered.unwrap_or_else(|_| Problem::from(panicked()).into_response())
    };
    drop(permit);

    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = with_body(&response, &problem, id);
    }
    let headers = response.headers_mut();
    let added = std::mem::take(&mut *context.headers.lock().unwrap_or_else(PoisonError::into_inner));
    headers.reserve(added.len() + 2);
    if let Ok(value) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer())) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    for (name, value) in added {
        headers.insert(name, value);
    }
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    server.metrics.answered(route, status, elapsed);
    span.in_scope(|| tracing::info!(%method, route, status, ms = elapsed.as_millis(), "answered"));
    response
}

/// Where the caller's trace goes on (W3C Trace Context), if it has that form.
fn trace_parent(request: &Request) -> Option<&str> {
    let value = request.headers().get("traceparent")?.to_str().ok()?;
    let is_plain = value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    (value.len() == 55 && is_plain).then_some(value)
}

/// Counts a request while it is worked on, also when its client goes away.
struct InFlight<'a>(&'a Gauge);

impl<'a> InFlight<'a> {
    fn count(gauge: &'a Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn panicked() -> cmes_app::Error {
    cmes_app::Error::Internal("a handler panicked; the panic's message stands above in the log".into())
}

/// The response with the problem's document as its body.
fn with_body(response: &Response, problem: &Problem, id: Uuid) -> Response {
    let mut rendered = (response.status(), Json(problem.document(id))).into_response();
    rendered.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            rendered.headers_mut().insert(name, value.clone());
        }
    }
    if problem.kind == Kind::Unauthenticated {
        rendered.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    rendered
}
