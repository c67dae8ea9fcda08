//! Answers that are given while they are written.

use cmes_models::{ChatAnswer, ChatEvent, ChatModel, ChatRequest, Finish, ModelErrorKind, TokenCounts};
use cmes_testkit::models::{End, ModelServer, Reply, delta, document, finish, usage};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::json;

use crate::{GOOD, WRONG, chat, later, question, schema, serve};

/// The deltas and the answer at the end.
async fn read(server: &ModelServer, request: ChatRequest) -> (Vec<String>, ChatAnswer) {
    let chat = chat(server);
    let mut events: Vec<ChatEvent> =
        chat.stream(request, later()).try_collect().await.expect("a stream that ends well");
    let Some(ChatEvent::Done(answer)) = events.pop() else { panic!("the end comes last") };
    let delta = |event| match event {
        ChatEvent::Delta(text) => text,
        ChatEvent::Done(_) => panic!("there is one end"),
    };
    let deltas: Vec<String> = events.into_iter().map(delta).collect();
    assert_eq!(deltas.concat(), answer.text);
    (deltas, answer)
}

#[tokio::test]
async fn text_comes_as_it_is_written() {
    let server = serve(|_| Reply::say("Pumps for ships.")).await;
    let (deltas, answer) = read(&server, question()).await;
    assert_eq!(deltas, ["Pumps ", "for ", "ships."]);
    let tokens = TokenCounts { prompt: 11, cached: 4, completion: 7, estimated: false };
    assert_eq!((answer.finish, answer.tokens), (Finish::Stop, tokens));
    assert_eq!(server.asked()[0].json["stream_options"], json!({"include_usage": true}));
}

#[tokio::test]
async fn what_is_not_part_of_the_answer_is_not_shown() {
    let thought = json!({"choices": [{"delta": {"reasoning_content": "Well…"}}]}).to_string();
    let tool = json!({"choices": [{"delta": {"tool_calls": [{"index": 0}]}}]}).to_string();
    let list = [
        &thought,
        &tool,
        &delta("<thi"),
        &delta("nk>Hm.</th"),
        &delta("ink>\n"),
        &delta("Pumps"),
        &delta("."),
        &finish("length"),
    ];
    let list: Vec<String> = list.into_iter().cloned().collect();
    let server = serve(move |_| Reply::Events(list.clone(), End::Silent)).await;
    let (deltas, answer) = read(&server, question()).await;
    assert_eq!((deltas, answer.finish), (vec!["Pumps".to_owned(), ".".to_owned()], Finish::Length));
    assert!(answer.tokens.estimated);
}

#[tokio::test]
async fn a_server_that_does_not_stream_is_read_all_the_same() {
    let server = serve(|_| Reply::json(200, &document(&json!({"content": "Pumps."}), "stop"))).await;
    assert_eq!(read(&server, question()).await.0, ["Pumps."]);
}

#[tokio::test]
async fn token_counts_that_a_server_does_not_know_are_not_asked_for_again() {
    let server = serve(|asked| match asked.json["stream_options"].is_null() {
        true => Reply::Events(vec![delta("Pumps."), finish("stop"), usage(3, 0, 2)], End::Done),
        false => Reply::refuse(400, "Unrecognized request argument supplied: stream_options"),
    })
    .await;
    let (_, answer) = read(&server, question()).await;
    assert_eq!((answer.tokens.prompt, server.asked().len()), (3, 2));
}

#[tokio::test]
async fn before_the_first_word_failures_that_pass_are_waited_out() {
    let server = serve(|asked| if asked.number < 2 { Reply::refuse(500, "oops") } else { Reply::say("Pumps.") }).await;
    assert_eq!(read(&server, question()).await.1.text, "Pumps.");
}

#[tokio::test]
async fn the_shape_is_checked_at_the_end() {
    let good = serve(|_| Reply::say(GOOD)).await;
    assert_eq!(read(&good, question().with_schema(schema())).await.1.text, GOOD);
    let wrong = serve(|_| Reply::say(WRONG)).await;
    let chat = chat(&wrong);
    let events: Vec<_> = chat.stream(question().with_schema(schema()), later()).collect().await;
    let error = events.into_iter().next_back().expect("events").expect_err("the wrong shape");
    assert_eq!(error.kind(), &ModelErrorKind::SchemaViolated);
}
