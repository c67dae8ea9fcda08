//! Dialogues: made, changed, deleted; what is said in them, stored and answered.

use std::time::Duration;

use axum::response::IntoResponse;
use cmes_app::tariffs;
use cmes_testkit::Receiver;
use cmes_testkit::models::{Asked, ModelServer, Reply};
use cmes_types::Clock;
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, Engine, TestApp, on_both_engines};
use crate::tasks::result;

/// What is known about pumps, as it is handed over.
pub const MATERIAL: &str = "The pump NP 200 costs 1200 EUR. It lifts 200 litres a minute.";
pub const QUESTION: &str = "What does the pump NP 200 cost?";
pub const PRICE: &str = "The pump NP 200 costs 1200 EUR.";

const CHANNEL: &str = "66bb5a0a-a125-4a7d-a22d-85527c82a590";
const OTHER: &str = "66bb5a0a-a125-4a7d-a22d-85527c82a591";
const FIRST: &str = "88bb5a0a-a125-4a7d-a22d-85527c82a601";
const SECOND: &str = "88bb5a0a-a125-4a7d-a22d-85527c82a602";
const THIRD: &str = "88bb5a0a-a125-4a7d-a22d-85527c82a603";

pub async fn assistant(app: &TestApp, method: &str, body: Value) -> Answer {
    app.post(&format!("/v1/assistant/{method}"), body.to_string()).await
}

/// Makes a channel and returns its ID.
pub async fn channel(app: &TestApp) -> String {
    let answer = assistant(app, "create", json!({"System": "You sell pumps."})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["ID"].as_str().expect("an ID").to_owned()
}

/// Who says what in a channel.
pub async fn said(app: &TestApp, channel: &str) -> Vec<(String, String)> {
    let history = assistant(app, "history", json!({ "ID": channel })).await;
    let messages = history.json["Messages"].as_array().expect("messages").clone();
    let text = |message: &Value, field: &str| message[field].as_str().expect("text").to_owned();
    messages.iter().map(|message| (text(message, "Role"), text(message, "Message"))).collect()
}

/// A model that says the price of the pump.
pub async fn seller() -> ModelServer {
    ModelServer::start(|_| Reply::say(PRICE)).await.expect("a model")
}

/// Sets the price of 1,000 tokens to 1 GBP.
pub async fn set_price(app: &TestApp) {
    let price = "1".parse().expect("an amount");
    let book = &app.app.tariffs;
    tariffs::set_price(&app.db, book, "/v1/assistant/message", price, None, None, app.clock.now()).await.expect("set");
    // Until then the price that was known before holds.
    app.clock.advance(Duration::from_secs(2));
}

#[test]
fn the_examples_of_the_reference_work() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({
            "id": CHANNEL, "system": "You are a sales assistant at C-MES Solutions Ltd.",
            "user": "WebSiteVisitor #23094990", "assistant": "Sales assistant"
        });
        let created = assistant(&app, "create", body).await;
        assert_eq!(created.text, format!(r#"{{"ID":"{CHANNEL}","ExternalID":0,"Status":"Success"}}"#));
        let update = json!({"id": CHANNEL, "externalid": 890, "user": "John Smith"});
        let updated = assistant(&app, "update", update).await;
        assert_eq!(updated.text, format!(r#"{{"ID":"{CHANNEL}","ExternalID":890,"Status":"Success"}}"#));
        let question = "Hello! I would like to learn more about the products and services your company offers.";
        let message = json!({
            "ChannelID": CHANNEL, "id": FIRST, "externalid": 10258, "Message": question, "Role": "User",
            "Period": "2024-04-27T12:00:00Z"
        });
        let stored = assistant(&app, "message", message).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!(stored.json, @r#"
        {
          "AssistantID": "",
          "Context": "",
          "KnowledgeBase": [],
          "Message": "",
          "Sources": [],
          "Status": "Success",
          "UsersID": "88bb5a0a-a125-4a7d-a22d-85527c82a601"
        }
        "#) };
        let history = assistant(&app, "history", json!({ "externalid": 890 })).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!(history.json, @r#"
        {
          "Assistant": "Sales assistant",
          "Context": "",
          "Messages": [
            {
              "ChannelID": "66bb5a0a-a125-4a7d-a22d-85527c82a590",
              "ExternalID": 10258,
              "ID": "88bb5a0a-a125-4a7d-a22d-85527c82a601",
              "KnowledgeBase": [],
              "Message": "Hello! I would like to learn more about the products and services your company offers.",
              "Period": "2024-04-27T12:00:00Z",
              "Role": "user"
            }
          ],
          "Status": "Success",
          "User": "John Smith"
        }
        "#) };
        let list = app.call("GET", "/v1/assistant/list", "").await;
        insta::allow_duplicates! { insta::assert_json_snapshot!(list.json, @r#"
        [
          {
            "Assistant": "Sales assistant",
            "Context": "",
            "ExternalID": 890,
            "ID": "66bb5a0a-a125-4a7d-a22d-85527c82a590",
            "IsActive": true,
            "System": "You are a sales assistant at C-MES Solutions Ltd.",
            "User": "John Smith"
          }
        ]
        "#) };
        let deleted = assistant(&app, "delete", json!({ "id": CHANNEL })).await;
        assert_eq!(deleted.text, updated.text);
        assert_eq!(app.call("GET", "/v1/assistant/list", "").await.json, json!([]));
        assistant(&app, "history", json!({ "ID": CHANNEL })).await.problem(405, "invalid-field");
    });
}

#[test]
fn identifiers_find_and_are_assigned_as_the_reference_says() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let refused = async |method: &str, body: Value, expected: &str| {
            assert_eq!(assistant(&app, method, body).await.problem(405, "invalid-field"), expected);
        };
        let taken = async |method: &str, body: Value, field: &str| {
            let problem = assistant(&app, method, body).await;
            let expected = format!("{field} belongs to another dialogue of this account");
            assert_eq!(problem.problem(405, "identifier-taken"), expected);
            assert_eq!(problem.json["errors"][0]["field"], field);
        };
        assistant(&app, "create", json!({"ID": CHANNEL, "ExternalID": "7"})).await;
        assistant(&app, "create", json!({"ID": OTHER, "ExternalID": 8})).await;
        taken("create", json!({ "ID": CHANNEL }), "ID").await;
        taken("create", json!({ "ExternalID": 8 }), "ExternalID").await;
        for method in ["history", "delete"] {
            let body = json!({"ID": CHANNEL, "ExternalID": 8});
            refused(method, body, "ExternalID does not belong to the dialogue that ID names; give one of the two")
                .await;
            refused(method, json!({ "ExternalID": 9 }), "ExternalID names no dialogue of this account").await;
            refused(method, json!({ "ID": FIRST }), "ID names no dialogue of this account").await;
            refused(method, json!({"ExternalID": 0}), "ID is required, or ExternalID").await;
            refused(method, json!({ "ID": "x" }), "ID takes a UUID, such as 57bb5a9a-e115-4a0e-a15d-85527b82a344")
                .await;
        }
        assert_eq!(assistant(&app, "history", json!({"ID": CHANNEL, "ExternalID": 7})).await.status, 200);
        taken("update", json!({"ID": CHANNEL, "ExternalID": 8}), "ExternalID").await;
        let assigned = assistant(&app, "update", json!({"ID": CHANNEL, "ExternalID": 9})).await;
        assert_eq!(assigned.json["ExternalID"], 9);
        refused("update", json!({ "ExternalID": 7 }), "ExternalID names no dialogue of this account").await;
        let found = assistant(&app, "update", json!({"ExternalID": 9, "IsActive": "false"})).await;
        assert_eq!((found.status, &found.json["ID"]), (StatusCode::OK, &json!(CHANNEL)));
        let freed = assistant(&app, "update", json!({"ID": CHANNEL, "ExternalID": 0})).await;
        assert_eq!(freed.json["ExternalID"], 0, "0 = none");
        refused("history", json!({ "ExternalID": 9 }), "ExternalID names no dialogue of this account").await;
    });
}

#[test]
fn messages_are_changed_by_their_identifiers_and_not_answered() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        assistant(&app, "create", json!({ "ID": CHANNEL })).await;
        assistant(&app, "create", json!({ "ID": OTHER })).await;
        let send = async |body: Value| {
            let mut body = body;
            if body["ChannelID"].is_null() {
                body["ChannelID"] = json!(CHANNEL);
            }
            assistant(&app, "message", body).await
        };
        let load = json!({"ID": FIRST, "Message": "one", "Role": "user", "Period": "2024-01-01T10:00:00"});
        send(load).await;
        let load =
            json!({"ID": SECOND, "ExternalID": 5, "Message": "two", "Role": "assistant", "Period": "2024-01-01"});
        let stored = send(load).await;
        assert_eq!(stored.json["UsersID"], "");
        assert_eq!((&stored.json["AssistantID"], &stored.json["Message"]), (&json!(SECOND), &json!("two")));
        send(json!({"ID": THIRD, "Message": "three", "Role": "user", "Period": "2024-01-02T00:00:00+02:00"})).await;
        let texts = async || said(&app, CHANNEL).await.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ");
        assert_eq!(texts().await, "two one three", "by Period");

        let changed = send(json!({"ID": FIRST, "ExternalID": 6, "Message": "ONE"})).await;
        assert_eq!((&changed.json["UsersID"], &changed.json["Message"]), (&json!(FIRST), &json!("")));
        let changed = send(json!({"ExternalID": "5", "Message": "TWO", "Period": "2025-01-01"})).await;
        assert_eq!((&changed.json["AssistantID"], &changed.json["Message"]), (&json!(SECOND), &json!("TWO")));
        assert_eq!(texts().await, "ONE three TWO");
        assert_eq!(send(json!({"ExternalID": 6, "Message": "one"})).await.json["UsersID"], FIRST);

        let refused = async |body: Value, expected: &str| {
            assert_eq!(send(body).await.problem(405, "invalid-field"), expected);
        };
        let taken = async |body: Value, field: &str| {
            let expected = format!("{field} belongs to another message of this account");
            assert_eq!(send(body).await.problem(405, "identifier-taken"), expected);
        };
        taken(json!({"ID": FIRST, "ExternalID": 5, "Message": "x"}), "ExternalID").await;
        taken(json!({"ID": OTHER, "ExternalID": 5, "Message": "x", "Role": "user"}), "ExternalID").await;
        taken(json!({"ID": OTHER, "ExternalID": 5, "Message": "x"}), "ExternalID").await;
        taken(json!({"ChannelID": OTHER, "ID": FIRST, "Message": "x"}), "ID").await;
        taken(json!({"ChannelID": OTHER, "ExternalID": 5, "Message": "x"}), "ExternalID").await;
        let role = "Role is “user” for this message and cannot be changed";
        refused(json!({"ID": FIRST, "Message": "x", "Role": "assistant"}), role).await;
        refused(json!({"Message": " "}), "Message is required").await;
        refused(json!({"Message": "a\u{0}b"}), "Message takes text without the character U+0000").await;
        refused(json!({"Message": "x", "Role": "system"}), "Role takes user, assistant").await;
        let stream = json!({"Message": "x", "Stream": true, "Asynch": true});
        refused(stream, "Stream cannot be combined with Asynch; give one of the two").await;
        let told = json!({"Message": "x", "Role": "user", "OutWebHook": "ftp://example.com"});
        assert!(send(told).await.problem(405, "invalid-field").starts_with("OutWebHook"));
        let mut nowhere = json!({"Message": "x"});
        nowhere["ChannelExternalID"] = json!(77);
        let answer = assistant(&app, "message", nowhere).await;
        assert_eq!(answer.problem(405, "invalid-field"), "ChannelExternalID names no dialogue of this account");
        assert_eq!(texts().await, "one three TWO", "what was refused has changed nothing");

        assistant(&app, "update", json!({"ID": CHANNEL, "IsActive": false})).await;
        send(json!({"Message": "x"})).await.problem(405, "inactive-channel");
        send(json!({"Message": "x", "Role": "user"})).await.problem(405, "inactive-channel");
    });
}

#[test]
fn history_is_read_in_parts() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        assistant(&app, "create", json!({ "ID": CHANNEL })).await;
        let mut ids = Vec::new();
        for number in 0..7 {
            let body = json!({"ChannelID": CHANNEL, "Message": number.to_string(), "Role": "user",
                              "Period": format!("2024-01-0{}T00:00:00Z", 1 + number / 2)});
            ids.push(assistant(&app, "message", body).await.json["UsersID"].clone());
        }
        let texts = async |part: Value| {
            let mut body = part;
            body["ID"] = json!(CHANNEL);
            let answer = assistant(&app, "history", body).await;
            let messages = answer.json["Messages"].as_array().expect("messages").clone();
            messages.iter().map(|message| message["Message"].as_str().expect("text").to_owned()).collect::<String>()
        };
        assert_eq!(texts(json!({})).await, "0123456");
        assert_eq!(texts(json!({"Limit": 3})).await, "456");
        assert_eq!(texts(json!({"Limit": "3", "Before": ids[4]})).await, "123");
        assert_eq!(texts(json!({"Before": ids[1]})).await, "0");
        assert_eq!(texts(json!({"Before": "2024-01-02"})).await, "01");
        assert_eq!(texts(json!({"Before": "2024-01-01"})).await, "");
        let refused = async |part: Value| {
            let mut body = part;
            body["ID"] = json!(CHANNEL);
            assistant(&app, "history", body).await.problem(405, "invalid-field")
        };
        assert_eq!(refused(json!({"Limit": 0})).await, "Limit takes a whole number from 1 to 10000");
        assert_eq!(refused(json!({"Before": OTHER})).await, "Before names no message of this dialogue");
        assert!(refused(json!({"Before": "soon"})).await.starts_with("Before takes the ID of a message, or a date"));
    });
}

#[test]
fn dialogues_of_other_accounts_are_like_ones_that_do_not_exist() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let other = app.new_key("other@example.com").await;
        let theirs = json!({"ID": CHANNEL, "ExternalID": 7, "User": "theirs"}).to_string();
        assert_eq!(app.call_with(&other, "POST", "/v1/assistant/create", theirs).await.status, 200);
        let said_there = json!({"ChannelID": CHANNEL, "ID": FIRST, "ExternalID": 5, "Message": "x", "Role": "user"});
        let sent = app.call_with(&other, "POST", "/v1/assistant/message", said_there.to_string()).await;
        assert_eq!(sent.status, 200);
        for id in [CHANNEL, OTHER] {
            for method in ["update", "delete", "history"] {
                let problem = assistant(&app, method, json!({ "ID": id })).await.problem(405, "invalid-field");
                assert_eq!(problem, "ID names no dialogue of this account");
            }
            let body = json!({"ChannelID": id, "Message": "x"});
            let problem = assistant(&app, "message", body).await.problem(405, "invalid-field");
            assert_eq!(problem, "ChannelID names no dialogue of this account");
        }
        // The same identifiers are free for this account.
        assert_eq!(assistant(&app, "create", json!({"ID": CHANNEL, "ExternalID": 7})).await.status, 200);
        let own = json!({"ChannelID": CHANNEL, "ID": FIRST, "ExternalID": 5, "Message": "own", "Role": "user"});
        assert_eq!(assistant(&app, "message", own).await.status, 200);
        assert_eq!(said(&app, CHANNEL).await, [("user".to_owned(), "own".to_owned())]);
        assistant(&app, "delete", json!({ "ID": CHANNEL })).await;
        let history =
            app.call_with(&other, "POST", "/v1/assistant/history", json!({ "ID": CHANNEL }).to_string()).await;
        assert_eq!((&history.json["User"], &history.json["Messages"][0]["Message"]), (&json!("theirs"), &json!("x")));
    });
}

#[test]
fn an_answer_rests_on_what_was_handed_over_and_is_paid_by_its_tokens() {
    on_both_engines(async |engine| {
        let model = seller().await;
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        let channel = channel(&app).await;
        let ask = json!({"ChannelID": channel, "ID": FIRST, "Message": QUESTION, "Additionally": MATERIAL});
        let mut dry = ask.clone();
        dry["DryRun"] = json!(true);
        let price = assistant(&app, "message", dry).await;
        assert_eq!(price.json["Price"].to_string(), "8.192", "{price:?}");
        assert_eq!(said(&app, &channel).await, []);

        let answer = assistant(&app, "message", ask).await;
        assert_eq!((answer.status, &answer.json["Message"]), (StatusCode::OK, &json!(PRICE)), "{answer:?}");
        assert_eq!((&answer.json["UsersID"], &answer.json["Status"]), (&json!(FIRST), &json!("Success")));
        assert_eq!(answer.json["KnowledgeBase"], json!([]));
        assert_eq!(answer.json["Sources"][0]["Passage"], MATERIAL);
        assert_ne!(answer.json["Context"], "");
        assert_eq!(answer.header("charge"), "0.018 GBP", "18 tokens");
        assert_eq!(app.balance().await, "24.982");
        let expected = [("user", QUESTION), ("assistant", PRICE)].map(|(who, text)| (who.to_owned(), text.to_owned()));
        assert_eq!(said(&app, &channel).await, expected);
        let history = assistant(&app, "history", json!({ "ID": channel })).await;
        assert_eq!(history.json["Messages"][1]["ID"], answer.json["AssistantID"]);
        assert_eq!(history.json["Context"], answer.json["Context"]);

        // What was handed over is remembered.
        let again = assistant(&app, "message", json!({"ChannelID": channel, "Message": QUESTION})).await;
        assert_eq!(again.json["Message"], PRICE);
        let service = json!({"Start": "2020-01-01", "End": "2040-01-01", "Type": "Service", "Period": "Month"});
        let statistics = app.post("/v1/info/statistics", service.to_string()).await;
        assert_eq!(statistics.json[0]["Service"], "/v1/assistant/message");
        assert_eq!(statistics.json[0]["Sum"].to_string(), "0.036");
        app.verified().await;
    });
}

/// A file of the readers' tests, in Base64.
fn file(name: &str) -> String {
    use base64::Engine;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../cmes-documents/tests/data").join(name);
    base64::engine::general_purpose::STANDARD.encode(std::fs::read(path).expect("a file"))
}

#[test]
fn files_are_read_and_remembered() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let channel = channel(&app).await;
        for name in ["reportlab.pdf", "python-docx.docx", "manual.html"] {
            let load = json!({"ChannelID": channel, "Message": name, "Role": "user", "Additionally": file(name)});
            assert_eq!(assistant(&app, "message", load).await.status, 200, "{name}");
        }
        let damaged = json!({"ChannelID": channel, "Message": "x", "Additionally": file("password.pdf")});
        let refused = assistant(&app, "message", damaged).await.problem(405, "invalid-field");
        assert!(refused.starts_with("Additionally cannot be read: this PDF file is protected"), "{refused}");
        assert_eq!(said(&app, &channel).await.len(), 3);
    });
}

#[test]
fn without_a_model_the_best_passage_is_quoted_or_nothing_is_known() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        set_price(&app).await;
        let channel = channel(&app).await;
        let unknown = assistant(&app, "message", json!({"ChannelID": channel, "Message": QUESTION})).await;
        assert_eq!((unknown.status, &unknown.json["Sources"]), (StatusCode::OK, &json!([])), "{unknown:?}");
        assert_ne!(unknown.json["Message"], "");
        let ask = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL});
        let quoted = assistant(&app, "message", ask).await;
        assert!(quoted.json["Message"].as_str().is_some_and(|text| text.contains("1200 EUR")), "{quoted:?}");
        assert_eq!((quoted.header("charge"), app.balance().await.as_str()), ("", "25"));
        app.verified().await;
    });
}

#[test]
fn when_the_model_fails_the_message_is_kept_and_can_be_sent_again() {
    on_both_engines(async |engine| {
        let script = |asked: &Asked| if asked.number == 0 { Reply::refuse(401, "no") } else { Reply::say(PRICE) };
        let model = ModelServer::start(script).await.expect("a model");
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        let channel = channel(&app).await;
        let ask = json!({"ChannelID": channel, "ID": FIRST, "Message": "What?", "Additionally": MATERIAL});
        let detail = assistant(&app, "message", ask).await.problem(500, "model-failed");
        assert!(detail.contains(FIRST), "{detail}");
        assert_eq!(said(&app, &channel).await, [("user".to_owned(), "What?".to_owned())]);
        assert_eq!(app.balance().await, "25");

        // Sent again, with other words: those are answered.
        let again = json!({"ChannelID": channel, "ID": FIRST, "Message": QUESTION});
        let answer = assistant(&app, "message", again.clone()).await;
        assert_eq!((&answer.json["UsersID"], &answer.json["Message"]), (&json!(FIRST), &json!(PRICE)), "{answer:?}");
        assert_eq!(app.balance().await, "24.982");
        // Now it has an answer, and is only changed.
        let changed = assistant(&app, "message", again).await;
        assert_eq!((&changed.json["AssistantID"], &changed.json["Message"]), (&json!(""), &json!("")));
        let expected = [("user", QUESTION), ("assistant", PRICE)].map(|(who, text)| (who.to_owned(), text.to_owned()));
        assert_eq!(said(&app, &channel).await, expected);
        assert_eq!(app.balance().await, "24.982");
        app.verified().await;
    });
}

#[test]
fn too_little_money_stores_nothing() {
    on_both_engines(async |engine| {
        let model = seller().await;
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        app.clock.advance(Duration::from_secs(2));
        let price = "100".parse().expect("an amount");
        let now = app.clock.now();
        tariffs::set_price(&app.db, &app.app.tariffs, "/v1/assistant/message", price, None, None, now)
            .await
            .expect("set");
        app.clock.advance(Duration::from_secs(2));
        let channel = channel(&app).await;
        assistant(&app, "message", json!({"ChannelID": channel, "Message": "x"}))
            .await
            .problem(402, "not-enough-money");
        assert_eq!(said(&app, &channel).await, []);
        let free = assistant(&app, "message", json!({"ChannelID": channel, "Message": "x", "Role": "user"})).await;
        assert_eq!(free.status, 200, "what is only stored is free");
        app.verified().await;
    });
}

#[test]
fn an_asynchronous_message_is_answered_told_and_found_again() {
    on_both_engines(async |engine| {
        let model = seller().await;
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        let receiver = Receiver::start(|_| StatusCode::NO_CONTENT.into_response()).await.expect("a receiver");
        let channel = channel(&app).await;
        let ask = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL, "Asynch": true,
                         "OutWebHook": receiver.url()});
        let accepted = assistant(&app, "message", ask).await;
        assert_eq!(accepted.status, 202, "{accepted:?}");
        let id = accepted.json["ID"].as_str().expect("an ID").to_owned();
        assert_eq!(result(&app, &id).await.status, 202);
        assert_eq!(said(&app, &channel).await.len(), 1, "the message is there");
        app.work().await;
        app.work().await;
        let done = result(&app, &id).await;
        assert_eq!((done.status, &done.json["Message"]), (StatusCode::OK, &json!(PRICE)));
        assert_eq!(done.header("charge"), "0.018 GBP");
        let received = receiver.received();
        assert_eq!(received.len(), 1);
        assert_eq!(received[0].json["Method"], "/v1/assistant/message");
        assert_eq!(received[0].json["Response"], done.json);
        assert_eq!(received[0].json["Request"]["Message"], QUESTION);

        // What is only stored is told in the same way.
        let load = json!({"ChannelID": channel, "Message": "Hello", "Role": "assistant", "Asynch": true});
        let accepted = assistant(&app, "message", load).await;
        app.work().await;
        let done = result(&app, accepted.json["ID"].as_str().expect("an ID")).await;
        assert_eq!((done.status, &done.json["Message"]), (StatusCode::OK, &json!("Hello")));
        app.verified().await;
    });
}

#[test]
fn an_idempotency_key_asks_once() {
    on_both_engines(async |engine| {
        let model = seller().await;
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        let channel = channel(&app).await;
        let ask = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL}).to_string();
        let first = app.post_with_key("k", "/v1/assistant/message", ask.clone()).await;
        let second = app.post_with_key("k", "/v1/assistant/message", ask).await;
        assert_eq!((first.status, &first.text), (StatusCode::OK, &second.text), "{first:?}");
        assert_eq!(second.header("idempotent-replayed"), "true");
        assert_eq!((said(&app, &channel).await.len(), model.asked().len()), (2, 1));
        assert_eq!(app.balance().await, "24.982");
    });
}

#[tokio::test]
async fn the_prices_of_the_reference_stand_first() {
    let app = TestApp::new(Engine::Sqlite).await;
    set_price(&app).await;
    let tariffs = app.anonymous("GET", "/v1/info/tariffs").await;
    let methods: Vec<&Value> =
        tariffs.json.as_array().expect("a list").iter().map(|tariff| &tariff["Method"]).collect();
    assert_eq!(methods, ["/v1/leadgeneration", "/v1/enrichment", "/v1/assistant/message"]);
}
