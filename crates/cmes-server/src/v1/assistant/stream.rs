//! An answer as server-sent events: `delta` with each part of the text once it
//! may be sent, then `charge` if something was paid, and at the end `result`
//! with the whole answer, or `error` with a problem.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use cmes_app::Caller;
use cmes_app::tasks::{self, Begun, Ended, Request, Running};
use cmes_types::{Currency, MessageAnswer};
use futures_util::{Stream, StreamExt, stream};
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use uuid::Uuid;

use crate::Server;
use crate::problem::{Kind, Problem};
use crate::v1::tasks::charge;

type Events = Vec<Result<Event, Infallible>>;

/// Begins to answer a message, and streams the answer.
pub(super) async fn answer(
    server: &Server,
    caller: &Caller,
    request: &Request,
    request_id: Uuid,
) -> Result<Response, Problem> {
    let Ok(permit) = Arc::clone(&server.event_streams).try_acquire_owned() else {
        return Err(Problem::new(Kind::Unavailable, "too many streams are open; send the request again").retry_after(5));
    };
    let (listener, deltas) = mpsc::unbounded_channel();
    let currency = caller.currency.clone();
    let running = match tasks::begin(&server.app, caller, request, Some(listener)).await? {
        // The first answer to an Idempotency-Key is kept, so it has to be whole, with its own status.
        Begun::Running(running) if request.idempotency.is_some() => return whole(&running.end().await?, &currency),
        Begun::Ended(ended) => return whole(&ended, &currency),
        Begun::Running(running) => running,
    };
    let writing = Writing { deltas, running: Some(running), currency, request_id, _permit: permit };
    Ok(Sse::new(events(writing)).keep_alive(KeepAlive::default()).into_response())
}

/// An answer that is there, as a stream.
pub(super) fn of_one(answer: &MessageAnswer) -> Response {
    let event = Event::default().event("result").data(serde_json::to_string(answer).unwrap_or_default());
    Sse::new(stream::iter([Ok::<_, Infallible>(event)])).into_response()
}

/// The stream of an answer that has ended, or its problem.
pub(super) fn whole(ended: &Ended, currency: &Currency) -> Result<Response, Problem> {
    let mut events: Events = Vec::new();
    match &ended.result {
        Err(failure) => return Err(failure.clone().into()),
        Ok(answer) => {
            let answer: MessageAnswer = serde_json::from_str(answer).map_err(cmes_app::Error::internal)?;
            events.push(Ok(delta(&answer.message)));
        }
    }
    events.extend(last(ended, currency, Uuid::nil()));
    Ok(Sse::new(stream::iter(events)).into_response())
}

struct Writing {
    deltas: UnboundedReceiver<String>,
    /// None at the end.
    running: Option<Running>,
    currency: Currency,
    request_id: Uuid,
    _permit: OwnedSemaphorePermit,
}

fn events(writing: Writing) -> impl Stream<Item = Result<Event, Infallible>> {
    let events = stream::unfold(writing, async |mut writing| {
        if let Some(text) = writing.deltas.recv().await {
            return Some((vec![Ok(delta(&text))], writing));
        }
        // Nobody writes any more; what is left is to store the answer.
        let events = match writing.running.take()?.end().await {
            Ok(ended) => last(&ended, &writing.currency, writing.request_id),
            Err(error) => vec![Ok(failed(&error.into(), writing.request_id))],
        };
        Some((events, writing))
    });
    events.flat_map(stream::iter)
}

fn delta(text: &str) -> Event {
    Event::default().event("delta").data(json!({ "Delta": text }).to_string())
}

fn failed(problem: &Problem, request_id: Uuid) -> Event {
    let document = serde_json::to_string(&problem.document(request_id)).unwrap_or_default();
    Event::default().event("error").data(document)
}

fn last(ended: &Ended, currency: &Currency, request_id: Uuid) -> Events {
    let answer = match &ended.result {
        Ok(answer) => answer,
        Err(failure) => return vec![Ok(failed(&failure.clone().into(), request_id))],
    };
    let mut events = Vec::new();
    if let Some(charge) = charge(ended.charged, currency) {
        events.push(Ok(Event::default().event("charge").data(json!({ "Charge": charge }).to_string())));
    }
    events.push(Ok(Event::default().event("result").data(answer)));
    events
}
