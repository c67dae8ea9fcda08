//! Vectors.

use std::sync::Arc;
use std::time::Duration;

use cmes_models::openai::{Limits, OpenAiEmbedder, Prefixes};
use cmes_models::{Embedder, Kind, ModelErrorKind};
use cmes_testkit::models::{ModelServer, Reply};
use cmes_types::SystemClock;
use serde_json::{Value, json};

use crate::{KEY, later, limits, serve, settings, soon};

fn embedder(server: &ModelServer, prefixes: Prefixes) -> OpenAiEmbedder {
    OpenAiEmbedder::new(settings(&server.url(), limits()), prefixes, Arc::new(SystemClock)).expect("usable")
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("text {number}")).collect()
}

#[tokio::test]
async fn texts_become_vectors_of_length_one_in_their_order() {
    let server = serve(Reply::vectors).await;
    let embedder = embedder(&server, Prefixes::default());
    assert_eq!(embedder.dimension(), None);
    let many = embedder.embed(Kind::Passage, texts(150), later()).await.expect("vectors");
    assert_eq!((many.vectors.len(), many.tokens, embedder.dimension()), (150, 450, Some(3)));
    for vector in &many.vectors {
        assert!((vector.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5, "{vector:?}");
    }
    let one = embedder.embed(Kind::Passage, vec!["text 149".to_owned()], later()).await.expect("a vector");
    assert_eq!(one.vectors[0], many.vectors[149]);
    let sizes =
        server.asked().iter().map(|asked| asked.json["input"].as_array().map_or(0, Vec::len)).collect::<Vec<_>>();
    assert_eq!(sizes, [64, 64, 22, 1]);
    assert_eq!(embedder.embed(Kind::Query, Vec::new(), later()).await.expect("none").vectors.len(), 0);
}

#[tokio::test]
async fn a_model_that_wants_prefixes_gets_them_and_is_another_model() {
    let server = serve(Reply::vectors).await;
    let prefixes = Prefixes { query: "query: ".to_owned(), passage: "passage: ".to_owned() };
    let with = embedder(&server, prefixes);
    for kind in [Kind::Query, Kind::Passage] {
        with.embed(kind, vec!["pumps".to_owned()], later()).await.expect("a vector");
    }
    let asked: Vec<Value> = server.asked().iter().map(|asked| asked.json["input"][0].clone()).collect();
    assert_eq!(asked, ["query: pumps", "passage: pumps"]);
    assert_eq!(with.identity(), "openai/test-model with \"query: \" and \"passage: \"");
    assert_eq!(embedder(&server, Prefixes::default()).identity(), "openai/test-model");
}

#[tokio::test]
async fn the_beginning_of_a_text_that_is_too_long_is_used() {
    let server = serve(|asked| {
        let longest =
            asked.json["input"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::len).max();
        if longest > Some(1_000) {
            Reply::refuse(400, "maximum context length is 512 tokens")
        } else {
            Reply::vectors(asked)
        }
    })
    .await;
    let long = "ä".repeat(3_000);
    let given =
        embedder(&server, Prefixes::default()).embed(Kind::Passage, vec![long, "short".to_owned()], later()).await;
    assert_eq!(given.expect("vectors").vectors.len(), 2);
    let last = &server.asked().pop().expect("requests").json["input"];
    assert_eq!((last[0].as_str().map(str::len), last[1].as_str()), (Some(750), Some("short")));
}

#[tokio::test]
async fn what_are_no_vectors_is_not_given() {
    let item = |index: usize, vector: Value| json!({"index": index, "embedding": vector});
    for data in [
        json!([]),
        json!([item(0, json!([1.0])), item(0, json!([1.0]))]),
        json!([item(0, json!([1.0])), item(7, json!([1.0]))]),
        json!([item(0, json!([1.0])), item(1, json!([1.0, 2.0]))]),
        json!([item(0, json!([1.0])), item(1, json!([0.0]))]),
        json!([item(0, json!([1.0])), item(1, json!([null]))]),
        json!([item(0, json!([])), item(1, json!([]))]),
    ] {
        let reply = Reply::json(200, &json!({"data": data}));
        let server = serve(move |_| reply.clone()).await;
        let error =
            embedder(&server, Prefixes::default()).embed(Kind::Query, texts(2), later()).await.expect_err("nonsense");
        assert_eq!(error.kind(), &ModelErrorKind::Nonsense, "{data}");
    }
    let server = serve(|_| Reply::refuse(501, "This server does not support embeddings")).await;
    let error =
        embedder(&server, Prefixes::default()).embed(Kind::Query, texts(1), later()).await.expect_err("refused");
    assert_eq!(error.kind(), &ModelErrorKind::BadRequest);
}

/// Every way in which a server can fail ends in its class, and never in a vector.
#[tokio::test]
async fn every_failure_has_its_class() {
    use ModelErrorKind as Class;
    let html = |status: u16| Reply::Raw { status, headers: Vec::new(), body: "<html>Welcome!</html>".to_owned() };
    let limited = |seconds: Option<u64>| Class::RateLimited { retry_after: seconds.map(Duration::from_secs) };
    for (reply, expected) in [
        (Reply::refuse(401, &format!("Incorrect API key provided: {KEY}")), Class::Refused),
        (Reply::refuse(403, "not allowed"), Class::Refused),
        (Reply::refuse(404, "The model `test-model` does not exist"), Class::NoSuchModel),
        (Reply::refuse(402, "no credit"), Class::NoCredit),
        (Reply::refuse(429, "slow down").retry_after("3600"), limited(Some(3600))),
        (Reply::refuse(429, "slow down"), limited(None)),
        (Reply::refuse(500, "oops"), Class::Unavailable),
        (html(503), Class::Unavailable),
        (html(200), Class::Nonsense),
        (Reply::json(200, &json!({"vectors": []})), Class::Nonsense),
        (Reply::Endless, Class::Nonsense),
        (Reply::Cut, Class::CutStream),
        (Reply::Hang, Class::Timeout),
    ] {
        let shown = format!("{reply:?}");
        let server = serve(move |_| reply.clone()).await;
        let deadline = if expected == Class::Timeout { soon() } else { later() };
        let given = embedder(&server, Prefixes::default()).embed(Kind::Passage, texts(2), deadline).await;
        let error = given.expect_err("a failure");
        assert_eq!(error.kind(), &expected, "{shown}: {}", cmes_types::error_chain(&error));
        assert!(!cmes_types::error_chain(&error).contains(KEY), "{error:?}");
        assert!(error.to_string().contains("test-model"), "{error}");
    }
}

/// The turn, the budget of the day and the rest after failures are those of the chat models.
#[tokio::test]
async fn an_embedder_keeps_to_its_budget_and_is_left_alone_after_failures() {
    let server = serve(Reply::vectors).await;
    let limits = Limits { daily_requests: Some(1), ..limits() };
    let one = OpenAiEmbedder::new(settings(&server.url(), limits), Prefixes::default(), Arc::new(SystemClock));
    let one = one.expect("usable");
    assert!(one.embed(Kind::Query, texts(1), later()).await.is_ok());
    let error = one.embed(Kind::Query, texts(1), later()).await.expect_err("used up");
    assert!(matches!(error.kind(), ModelErrorKind::BudgetUsedUp { .. }), "{error}");
    assert_eq!(server.asked().len(), 1);

    let server = serve(|_| Reply::refuse(500, "oops")).await;
    let failing = embedder(&server, Prefixes::default());
    for _ in 0..5 {
        failing.embed(Kind::Query, texts(1), later()).await.expect_err("a failure");
    }
    let asked = server.asked().len();
    let error = failing.embed(Kind::Query, texts(1), later()).await.expect_err("left alone");
    assert!(matches!(error.kind(), ModelErrorKind::Resting { .. }), "{error}");
    assert_eq!(server.asked().len(), asked);
}
