//! Answers, with and without a shape.

use cmes_models::openai::{Limits, OpenAiChat};
use cmes_models::{ChatAnswer, ChatModel, ChatRequest, Finish, Model, ModelErrorKind, Readiness, TokenCounts};
use cmes_testkit::models::{Asked, Reply, document};
use serde_json::{Value, json};

use crate::{GOOD, KEY, WRONG, chat, chat_with, later, limits, question, schema, serve};

async fn answer(chat: &OpenAiChat, request: ChatRequest) -> ChatAnswer {
    chat.chat(request, later()).await.expect("an answer")
}

#[tokio::test]
async fn a_question_arrives_as_it_was_meant() {
    let server = serve(|_| Reply::say("Pumps.")).await;
    let given = answer(&chat(&server), question()).await;
    let tokens = TokenCounts { prompt: 11, cached: 4, completion: 7, estimated: false };
    assert_eq!(given, ChatAnswer { text: "Pumps.".to_owned(), finish: Finish::Stop, tokens });
    let asked = &server.asked()[0];
    assert_eq!(asked.path, "/v1/chat/completions");
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    let expected = json!({
        "model": "test-model",
        "messages": [
            {"role": "system", "content": "You are brief."},
            {"role": "user", "content": "What is sold here?"},
        ],
        "max_tokens": 200, "temperature": 0.0, "seed": 1,
    });
    assert_eq!(asked.json, expected);
}

#[tokio::test]
async fn whatever_servers_add_or_leave_out_the_text_is_found() {
    let check = async |body: Value, text: &str, finish: Finish| {
        let reply = Reply::json(200, &body);
        let server = serve(move |_| reply.clone()).await;
        let given = answer(&chat(&server), question()).await;
        assert_eq!((given.text.as_str(), given.finish), (text, finish), "{body}");
        given.tokens
    };
    check(document(&json!({"content": "Pumps.", "reasoning_content": "Well…"}), "stop"), "Pumps.", Finish::Stop).await;
    check(document(&json!({"content": "<think>Well…</think>\nPumps."}), "stop"), "Pumps.", Finish::Stop).await;
    check(document(&json!({"content": "Pumps.", "tool_calls": [{"x": 1}]}), "tool_calls"), "Pumps.", Finish::Stop)
        .await;
    check(document(&json!({"content": [{"type": "text", "text": "Pumps."}]}), "stop"), "Pumps.", Finish::Stop).await;
    check(document(&json!({"content": null, "refusal": "I will not."}), "stop"), "I will not.", Finish::Stop).await;
    check(document(&json!({"content": "Pumps and"}), "length"), "Pumps and", Finish::Length).await;
    check(document(&json!({"content": "", "reasoning": "Well, "}), "length"), "", Finish::Length).await;
    let bare = json!({"choices": [{"message": {"content": "Pumps."}}]});
    let tokens = check(bare, "Pumps.", Finish::Stop).await;
    assert_eq!(tokens, TokenCounts { prompt: 8, cached: 0, completion: 2, estimated: true });
}

#[tokio::test]
async fn a_server_that_keeps_to_schemas_is_asked_for_it() {
    let server = serve(|_| Reply::say(GOOD)).await;
    assert_eq!(answer(&chat(&server), question().with_schema(schema())).await.text, GOOD);
    let format = &server.asked()[0].json["response_format"];
    assert_eq!(format["json_schema"]["name"], "person");
    assert_eq!(format["json_schema"]["strict"], true);
    assert_eq!(format["json_schema"]["schema"]["properties"]["age"]["maximum"], 150);
}

/// What the server was asked for, in order.
fn formats(asked: &[Asked]) -> Vec<Option<&str>> {
    asked.iter().map(Asked::format).collect()
}

#[tokio::test]
async fn servers_without_schemas_are_asked_in_plainer_words_and_it_is_remembered() {
    let check = async |understood: Option<&'static str>, first: &[Option<&str>]| {
        let server = serve(move |asked| match asked.format() {
            Some("json_schema") => Reply::refuse(400, "response_format of type json_schema is not supported"),
            Some("json_object") if understood.is_none() => Reply::json(422, &json!({"detail": "extra field"})),
            _ => Reply::say(format!("```json\n{GOOD}\n```")),
        })
        .await;
        let chat = chat(&server);
        assert_eq!(answer(&chat, question().with_schema(schema())).await.text, GOOD);
        let asked = server.asked();
        assert_eq!(formats(&asked), first);
        let told = asked[asked.len() - 1].json["messages"][0]["content"].as_str().unwrap_or_default().to_owned();
        assert!(told.starts_with("You are brief.\n\n") && told.contains("\"maximum\": 150"), "{told}");
        answer(&chat, question().with_schema(schema())).await;
        assert_eq!(formats(&server.asked()[asked.len()..]), [understood]);
    };
    check(Some("json_object"), &[Some("json_schema"), Some("json_object")]).await;
    check(None, &[Some("json_schema"), Some("json_object"), None]).await;
}

#[tokio::test]
async fn an_answer_of_the_wrong_shape_is_asked_for_again_and_never_given() {
    // The server takes the schema and does not keep to it, until it is told what is wrong.
    let server = serve(|asked| match asked.json["messages"].as_array().map_or(0, Vec::len) {
        4 => Reply::say(GOOD),
        _ => Reply::say(WRONG),
    })
    .await;
    assert_eq!(answer(&chat(&server), question().with_schema(schema())).await.text, GOOD);
    let asked = server.asked();
    assert_eq!(formats(&asked), [Some("json_schema"), Some("json_object"), Some("json_object")]);
    let turns = &asked[2].json["messages"];
    assert_eq!(turns[2], json!({"role": "assistant", "content": WRONG}));
    assert!(turns[3]["content"].as_str().is_some_and(|text| text.contains("$.age: expected integer")), "{turns}");

    let stubborn = serve(|_| Reply::say("Ann is 41.")).await;
    let error = chat(&stubborn).chat(question().with_schema(schema()), later()).await.expect_err("no JSON");
    assert_eq!(error.kind(), &ModelErrorKind::SchemaViolated);
    assert_eq!(stubborn.asked().len(), 3);

    let cut = Reply::json(200, &document(&json!({"content": &GOOD[..10]}), "length"));
    let wordy = serve(move |_| cut.clone()).await;
    let error = chat(&wordy).chat(question().with_schema(schema()), later()).await.expect_err("half of a JSON");
    assert_eq!((error.kind(), wordy.asked().len()), (&ModelErrorKind::SchemaViolated, 1));
}

#[tokio::test]
async fn words_that_a_server_does_not_know_are_left_out_from_then_on() {
    let server = serve(|asked| {
        if !asked.json["max_tokens"].is_null() {
            Reply::refuse(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        } else if !asked.json["temperature"].is_null() {
            Reply::refuse(400, "Unsupported value: 'temperature' does not support 0 with this model.")
        } else {
            Reply::say("Pumps.")
        }
    })
    .await;
    let chat = chat(&server);
    answer(&chat, question()).await;
    assert_eq!(server.asked().len(), 3);
    answer(&chat, question()).await;
    assert_eq!(server.asked().len(), 4);
    let last = &server.asked()[3].json;
    assert_eq!((&last["max_completion_tokens"], &last["seed"]), (&json!(200), &json!(1)));
}

#[tokio::test]
async fn failures_that_pass_are_waited_out() {
    for reply in [
        Reply::refuse(500, "oops"),
        Reply::refuse(503, "busy").retry_after("0"),
        Reply::refuse(429, "slow down").retry_after("0"),
        Reply::refuse(429, "slow down"),
        Reply::Cut,
    ] {
        let first = reply.clone();
        let server = serve(move |asked| if asked.number < 2 { first.clone() } else { Reply::say("Pumps.") }).await;
        assert_eq!(answer(&chat(&server), question()).await.text, "Pumps.", "{reply:?}");
    }
}

#[tokio::test]
async fn a_daily_budget_ends_the_day() {
    let server = serve(|_| Reply::say("Pumps.")).await;
    let chat = chat_with(&server, Limits { daily_tokens: Some(230), ..limits() });
    // 208 are expected at most; 18 are taken, so that there is room for a second call and not for a third.
    answer(&chat, question()).await;
    answer(&chat, question()).await;
    let error = chat.chat(question(), later()).await.expect_err("used up");
    assert!(matches!(error.kind(), ModelErrorKind::BudgetUsedUp { .. }), "{error}");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn after_failures_the_server_is_left_alone() {
    let server = serve(|_| Reply::refuse(500, "oops")).await;
    let chat = chat(&server);
    assert_eq!(chat.readiness(), Readiness::Ready);
    for _ in 0..2 {
        let error = chat.chat(question(), later()).await.expect_err("down");
        assert!(matches!(error.kind(), ModelErrorKind::Unavailable | ModelErrorKind::Resting { .. }), "{error}");
    }
    let asked = server.asked().len();
    let error = chat.chat(question(), later()).await.expect_err("resting");
    assert!(matches!(error.kind(), ModelErrorKind::Resting { .. }), "{error}");
    assert!(matches!(chat.readiness(), Readiness::NotReady(_)));
    assert_eq!((asked, server.asked().len()), (5, 5));
}

#[tokio::test]
async fn a_call_that_is_dropped_gives_its_turn_back() {
    let server = serve(|asked| if asked.number == 0 { Reply::Hang } else { Reply::say("Pumps.") }).await;
    let chat = chat_with(&server, Limits { max_parallel: 1, ..limits() });
    tokio::select! {
        _ = chat.chat(question(), later()) => panic!("nobody answers"),
        () = async { while server.asked().is_empty() { tokio::task::yield_now().await } } => {}
    }
    assert_eq!(answer(&chat, question()).await.text, "Pumps.");
}

#[tokio::test]
async fn doctor_hears_whether_the_model_is_there() {
    let check = async |reply: Reply, expected: Result<&str, ModelErrorKind>| {
        let server = serve(move |_| reply.clone()).await;
        let found = chat(&server).check(later()).await;
        assert_eq!(found.as_deref().map_err(|error| error.kind().clone()), expected);
        assert_eq!(server.asked()[0].path, "/v1/models");
    };
    let list = |id: &str| Reply::json(200, &json!({"object": "list", "data": [{"id": id}]}));
    check(list("test-model"), Ok("test-model: its server answers")).await;
    check(list("other"), Ok("test-model: its server answers, but lists other models (other)")).await;
    let lists_none = "test-model: its server answers, but lists no models; whether it has the model shows when it is asked; if it has not, check base_url";
    check(Reply::refuse(404, "no such route"), Ok(lists_none)).await;
    check(Reply::refuse(401, "no"), Err(ModelErrorKind::Refused)).await;
}
