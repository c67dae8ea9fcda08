//! Answers as server-sent events.

use cmes_testkit::models::{Asked, End, ModelServer, Reply, delta};
use futures_util::StreamExt;
use http::{Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::assistants::{MATERIAL, PRICE, QUESTION, assistant, channel, said, seller, set_price};
use crate::support::{Answer, TestApp, on_both_engines};

/// The events of an answer, by name and data.
fn events(answer: &Answer) -> Vec<(String, Value)> {
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/event-stream"), "{answer:?}");
    let parsed = answer.text.split("\n\n").filter(|event| !event.trim().is_empty()).map(|event| {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        (field("event:").to_owned(), serde_json::from_str(field("data:")).expect("JSON"))
    });
    parsed.collect()
}

/// The text of all deltas.
fn told(events: &[(String, Value)]) -> String {
    events.iter().filter(|(name, _)| name == "delta").filter_map(|(_, data)| data["Delta"].as_str()).collect()
}

#[test]
fn the_text_comes_in_parts_and_at_the_end_the_whole_answer() {
    on_both_engines(async |engine| {
        let model = seller().await;
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        let channel = channel(&app).await;
        let ask = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL, "Stream": true});
        let events = events(&assistant(&app, "message", ask).await);
        assert_eq!(told(&events), PRICE, "{events:?}");
        let [.., (charge, paid), (result, answer)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((charge.as_str(), paid), ("charge", &json!({"Charge": "0.018 GBP"})));
        assert_eq!((result.as_str(), &answer["Message"]), ("result", &json!(PRICE)));
        assert_eq!(said(&app, &channel).await[1].1, PRICE);
        assert_eq!(app.balance().await, "24.982");
        let stored = json!({"ChannelID": channel, "Message": "x", "Role": "assistant", "Stream": true});
        let stored = self::events(&assistant(&app, "message", stored).await);
        assert!(
            matches!(stored.as_slice(), [(name, data)] if name == "result" && data["Message"] == "x"),
            "{stored:?}"
        );
        app.verified().await;
    });
}

#[test]
fn a_part_is_told_while_the_model_still_writes() {
    on_both_engines(async |engine| {
        let pieces = || vec![delta(PRICE), delta(" It lifts 200"), delta(" litres a minute. And")];
        let model = ModelServer::start(move |_| Reply::Events(pieces(), End::Open)).await.expect("a model");
        let app = TestApp::with_model(engine, &model).await;
        let channel = channel(&app).await;
        let ask = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL, "Stream": true});
        let request = Request::post("/v1/assistant/message")
            .header(header::AUTHORIZATION, format!("Bearer {}", app.key))
            .body(axum::body::Body::from(ask.to_string()))
            .expect("a request");
        let response = app.router.clone().oneshot(request).await.expect("an answer");
        let mut body = response.into_body().into_data_stream();
        let first = body.next().await.expect("an event").expect("bytes");
        let first = String::from_utf8_lossy(&first).into_owned();
        assert!(first.starts_with("event: delta\ndata: {\"Delta\":\"The pump NP 200 costs"), "{first}");
    });
}

#[test]
fn failures_before_and_after_the_beginning_are_problems() {
    on_both_engines(async |engine| {
        let script = |asked: &Asked| if asked.number == 0 { Reply::refuse(401, "no") } else { Reply::say(PRICE) };
        let model = ModelServer::start(script).await.expect("a model");
        let app = TestApp::with_model(engine, &model).await;
        let channel = channel(&app).await;
        let ask = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL, "Stream": true});
        let events = events(&assistant(&app, "message", ask).await);
        let [(name, problem)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((name.as_str(), &problem["type"]), ("error", &json!("/problems/model-failed")));
        let nowhere = json!({"ChannelExternalID": 9, "Message": "x", "Stream": true});
        assistant(&app, "message", nowhere).await.problem(405, "invalid-field");
    });
}

#[test]
fn with_an_idempotency_key_the_stream_is_the_same_again() {
    on_both_engines(async |engine| {
        let script = |asked: &Asked| if asked.number == 0 { Reply::refuse(401, "no") } else { Reply::say(PRICE) };
        let model = ModelServer::start(script).await.expect("a model");
        let app = TestApp::with_model(engine, &model).await;
        let channel = channel(&app).await;
        let ask = json!({"ChannelID": channel, "ID": "88bb5a0a-a125-4a7d-a22d-85527c82a601", "Message": QUESTION,
                         "Additionally": MATERIAL, "Stream": true});
        let send = || app.post_with_key("k", "/v1/assistant/message", ask.to_string());
        send().await.problem(500, "model-failed");
        let first = send().await;
        assert_eq!(told(&events(&first)), PRICE);
        let second = send().await;
        assert_eq!((second.header("idempotent-replayed"), &second.text), ("true", &first.text));
        assert_eq!(said(&app, &channel).await.len(), 2);
    });
}
