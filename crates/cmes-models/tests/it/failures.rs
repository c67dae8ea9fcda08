//! Every way in which a server can fail ends in its class, whole or streamed.

use std::sync::Arc;
use std::time::Duration;

use cmes_models::openai::{Limits, OpenAiChat};
use cmes_models::{ChatModel, ModelError, ModelErrorKind, Retry};
use cmes_testkit::models::{End, Reply, delta, document};
use cmes_types::SystemClock;
use futures_util::TryStreamExt;
use serde_json::json;

use crate::{KEY, chat, chat_with, later, limits, question, serve, settings, soon};

/// Asked whole and as a stream, by providers that know nothing of each other's failures.
async fn both(chat: impl Fn() -> OpenAiChat, deadline: fn() -> tokio::time::Instant) -> [ModelError; 2] {
    let whole = chat().chat(question(), deadline()).await.expect_err("a failure");
    let chat = chat();
    let streamed = chat.stream(question(), deadline()).try_for_each(|_| async { Ok(()) }).await;
    [whole, streamed.expect_err("a failure")]
}

async fn check(reply: Reply, expected: ModelErrorKind) {
    let shown = format!("{reply:?}");
    let server = serve(move |_| reply.clone()).await;
    let deadline = if expected == ModelErrorKind::Timeout { soon } else { later };
    for error in both(|| chat(&server), deadline).await {
        assert_eq!(error.kind(), &expected, "{shown}: {}", cmes_types::error_chain(&error));
        assert!(!cmes_types::error_chain(&error).to_lowercase().contains(&KEY.to_lowercase()), "{error:?}");
        assert!(error.to_string().contains("test-model"), "{error}");
    }
}

fn raw(status: u16, body: &str) -> Reply {
    Reply::Raw { status, headers: Vec::new(), body: body.to_owned() }
}

#[tokio::test]
async fn what_the_status_says() {
    use ModelErrorKind as Kind;
    let limited = |seconds: Option<u64>| Kind::RateLimited { retry_after: seconds.map(Duration::from_secs) };
    check(Reply::refuse(401, &format!("Incorrect API key provided: {KEY}")), Kind::Refused).await;
    check(Reply::refuse(403, "not allowed"), Kind::Refused).await;
    check(raw(403, "<html>"), Kind::Refused).await;
    check(Reply::refuse(404, "The model `test-model` does not exist"), Kind::NoSuchModel).await;
    check(raw(404, "<h1>Not Found</h1>"), Kind::Nonsense).await;
    check(Reply::refuse(404, "unknown endpoint: /chat/completions"), Kind::Nonsense).await;
    check(Reply::refuse(400, "you cannot do that"), Kind::BadRequest).await;
    check(raw(400, "you cannot do that"), Kind::BadRequest).await;
    check(Reply::refuse(400, "This model's maximum context length is 8192 tokens"), Kind::TooLong).await;
    check(Reply::refuse(500, "the request exceeds the available context size"), Kind::TooLong).await;
    check(Reply::refuse(400, "the rendered prompt is 6030 tokens; the model context is 4096"), Kind::TooLong).await;
    check(Reply::refuse(400, "prompt is too long: 210000 tokens > 200000 maximum"), Kind::TooLong).await;
    check(Reply::refuse(500, "input (6001 tokens) is too large to process"), Kind::TooLong).await;
    check(Reply::refuse(401, "your token is not valid in this context"), Kind::Refused).await;
    check(raw(413, ""), Kind::TooLong).await;
    check(raw(429, "").retry_after("3600"), limited(Some(3600))).await;
    check(raw(429, ""), limited(None)).await;
    check(Reply::json(429, &json!({"error": {"code": "insufficient_quota", "message": "x"}})), Kind::NoCredit).await;
    check(raw(402, ""), Kind::NoCredit).await;
    check(raw(500, "oops"), Kind::Unavailable).await;
    check(raw(503, ""), Kind::Unavailable).await;
    check(raw(503, "").retry_after("120"), limited(Some(120))).await;
    check(raw(302, "").retry_after("1"), Kind::Nonsense).await;
}

#[tokio::test]
async fn what_is_no_answer() {
    use ModelErrorKind as Kind;
    check(raw(200, "<html>Welcome!</html>"), Kind::Nonsense).await;
    check(raw(200, ""), Kind::Nonsense).await;
    check(raw(200, "data: {not json}\n\n"), Kind::Nonsense).await;
    check(Reply::json(200, &json!({"answer": "Pumps."})), Kind::Nonsense).await;
    check(Reply::json(200, &json!({"choices": []})), Kind::Nonsense).await;
    check(Reply::json(200, &json!({"choices": "none"})), Kind::Nonsense).await;
    check(Reply::json(200, &document(&json!({"content": " "}), "stop")), Kind::Nonsense).await;
    check(Reply::json(200, &document(&json!({"tool_calls": [{"id": "1"}]}), "tool_calls")), Kind::Nonsense).await;
    check(Reply::json(200, &document(&json!({"content": ""}), "content_filter")), Kind::HeldBack).await;
    check(Reply::json(200, &json!({"error": {"message": "out of memory"}})), Kind::Unavailable).await;
    check(Reply::Endless, Kind::Nonsense).await;
    check(Reply::Cut, Kind::CutStream).await;
    check(Reply::Hang, Kind::Timeout).await;
}

#[tokio::test]
async fn nobody_there() {
    let gone = serve(|_| Reply::Hang).await.url();
    let chat = || OpenAiChat::new(settings(&gone, limits()), Arc::new(SystemClock)).expect("usable");
    for error in both(chat, later).await {
        assert_eq!(error.kind(), &ModelErrorKind::Unavailable, "{}", cmes_types::error_chain(&error));
    }
}

#[tokio::test]
async fn the_providers_own_time_is_kept_too() {
    let server = serve(|_| Reply::Hang).await;
    let chat = || chat_with(&server, Limits { timeout: Duration::from_millis(50), ..limits() });
    for error in both(chat, later).await {
        assert_eq!(error.kind(), &ModelErrorKind::Timeout);
    }
}

#[tokio::test]
async fn streams_that_break_off() {
    let check = async |end: End, expected: ModelErrorKind| {
        let server = serve(move |_| Reply::Events(vec![delta("Pumps "), delta("and")], end)).await;
        let deadline = if end == End::Open { soon() } else { later() };
        let chat = chat(&server);
        let mut seen = Vec::new();
        let outcome = chat.stream(question(), deadline).try_for_each(|event| {
            seen.push(event);
            async { Ok(()) }
        });
        let error = outcome.await.expect_err("a broken stream");
        assert_eq!((error.kind(), seen.len()), (&expected, 2), "{end:?}");
        // What the user has seen is not asked for again.
        assert_eq!(server.asked().len(), 1, "{end:?}");
    };
    check(End::Broken, ModelErrorKind::CutStream).await;
    check(End::Silent, ModelErrorKind::CutStream).await;
    check(End::Open, ModelErrorKind::Timeout).await;
}

#[test]
fn every_class_says_what_to_do_and_whether_to_come_back() {
    use ModelErrorKind as Kind;
    let minute = Duration::from_secs(60);
    let check = |kind: Kind, retry: Retry, sentence: &str| {
        let error = ModelError::new(kind, "m");
        assert_eq!(error.retry(), retry, "{error}");
        assert_eq!(error.to_string(), sentence);
    };
    check(
        Kind::Unavailable,
        Retry::Soon,
        "the model m cannot be reached; check that its server runs (cmes doctor), or try again later",
    );
    check(
        Kind::Resting { pause: minute },
        Retry::After(minute),
        "the model m failed several times in a row and is asked again in 60 seconds; see cmes doctor",
    );
    check(Kind::Refused, Retry::Never, "the model m refuses the key; check api_key in the section llm or embeddings");
    check(
        Kind::RateLimited { retry_after: Some(minute) },
        Retry::After(minute),
        "the model m gets too many calls; try again in 60 seconds",
    );
    check(
        Kind::BudgetUsedUp { pause: 90 * minute },
        Retry::After(90 * minute),
        "the daily budget for the model m is used up for another 90 minutes; the operator can raise it",
    );
    check(Kind::TooLong, Retry::Never, "the text is too long for the model m; shorten it");
    check(Kind::CutStream, Retry::Soon, "the answer of the model m broke off; try again");
}
