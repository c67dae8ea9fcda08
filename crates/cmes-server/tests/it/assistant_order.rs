//! The order of answers in a channel, and what becomes of it when processes die.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use cmes_testkit::models::{Asked, ModelServer, Reply};
use futures_util::future::join_all;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::assistants::{MATERIAL, PRICE, QUESTION, assistant, channel, said, seller, set_price};
use crate::support::{LEASE, TestApp, on_both_engines};
use crate::tasks::result;

/// Hands over the prices of items 1 to 20.
async fn hand_over(app: &TestApp, channel: &str) {
    let items: Vec<String> = (1..=20).map(|number| format!("Item {number} costs {} EUR.", 100 + number)).collect();
    let body = json!({"ChannelID": channel, "Message": "Our prices.", "Role": "user", "Additionally": items.join(" ")});
    assert_eq!(assistant(app, "message", body).await.status, 200);
}

/// A model that knows the price of the item that is asked for last.
fn prices(asked: &Asked) -> Reply {
    let texts = asked.json["messages"].to_string();
    let (_, last) = texts.rsplit_once("does item ").unwrap_or_default();
    let number: usize = last.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    Reply::say(format!("Item {number} costs {} EUR.", 100 + number))
}

fn question(number: usize) -> String {
    format!("What does item {number} cost?")
}

/// The users' messages and the answers, each in the order of the history, by the number of their item.
async fn order(app: &TestApp, channel: &str) -> (Vec<usize>, Vec<usize>) {
    let number = |text: &str| text.split(' ').find_map(|word| word.parse().ok()).unwrap_or_default();
    let (users, answers): (Vec<_>, Vec<_>) =
        said(app, channel).await.into_iter().skip(1).partition(|(by, _)| by == "user");
    let numbers = |said: Vec<(String, String)>| said.iter().map(|(_, text)| number(text)).collect();
    (numbers(users), numbers(answers))
}

#[test]
fn twenty_messages_at_once_are_answered_one_after_the_other_in_their_order() {
    on_both_engines(async |engine| {
        let model = ModelServer::start(prices).await.expect("a model");
        let app = TestApp::with_model(engine, &model).await;
        let channel = channel(&app).await;
        hand_over(&app, &channel).await;
        let ask = async |number: usize| {
            let body = json!({"ChannelID": channel, "Message": question(number)});
            let answer = assistant(&app, "message", body).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.json["Message"], format!("Item {number} costs {} EUR.", 100 + number));
        };
        join_all((1..=20).map(ask)).await;
        let (asked, answered) = order(&app, &channel).await;
        assert_eq!((asked.len(), &answered), (20, &asked), "answered in the order of arrival");
        // Each answer was asked for when the one before was there: it is in what the model read.
        for (at, call) in model.asked().iter().enumerate().skip(1) {
            let before = format!("Item {} costs", asked[at - 1]);
            let turns = call.json["messages"].as_array().expect("messages");
            assert!(
                turns.iter().any(|turn| turn["role"] == "assistant"
                    && turn["content"].as_str().is_some_and(|text| text.starts_with(&before))),
                "{before}: {turns:?}"
            );
        }
    });
}

#[test]
fn processes_and_ways_of_asking_share_the_order() {
    on_both_engines(async |engine| {
        let model = ModelServer::start(prices).await.expect("a model");
        let app = TestApp::with_model(engine, &model).await;
        let (other, router) = app.another_process();
        let channel = channel(&app).await;
        hand_over(&app, &channel).await;
        // One after the other into the line: by a worker, by this process, by the other one, by a worker.
        let send = |number: usize, asynch: bool| {
            let body = json!({"ChannelID": channel, "Message": question(number), "Asynch": asynch});
            let request = Request::post("/v1/assistant/message")
                .header(header::AUTHORIZATION, format!("Bearer {}", app.key))
                .body(axum::body::Body::from(body.to_string()))
                .expect("a request");
            let router = if number.is_multiple_of(2) { router.clone() } else { app.router.clone() };
            async move { router.oneshot(request).await.expect("an answer").status() }
        };
        let stored = async |count: usize| {
            while said(&app, &channel).await.len() < count + 1 {
                tokio::task::yield_now().await;
            }
        };
        assert_eq!(send(1, true).await, StatusCode::ACCEPTED);
        let second = tokio::spawn(send(2, false));
        stored(2).await;
        let third = tokio::spawn(send(3, false));
        stored(3).await;
        assert_eq!(send(4, true).await, StatusCode::ACCEPTED);
        assert_eq!(model.asked().len(), 0, "nobody works on the first");
        let work = async {
            while order(&app, &channel).await.1.len() < 4 {
                cmes_app::worker::run_once(&other, &cmes_app::worker::Settings::default()).await.expect("worked");
                tokio::task::yield_now().await;
            }
        };
        let ((), second, third) = tokio::join!(work, second, third);
        assert_eq!((second.expect("no panic"), third.expect("no panic")), (StatusCode::OK, StatusCode::OK));
        assert_eq!(order(&app, &channel).await, (vec![1, 2, 3, 4], vec![1, 2, 3, 4]));
    });
}

#[test]
fn a_process_that_dies_in_the_middle_of_an_answer_leaves_one_answer_and_one_charge() {
    on_both_engines(async |engine| {
        let asked = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&asked);
        let script = move |_: &Asked| match seen.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::Hang,
            _ => Reply::say(PRICE),
        };
        let model = ModelServer::start(script).await.expect("a model");
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        let channel = channel(&app).await;
        let id = "88bb5a0a-a125-4a7d-a22d-85527c82a601";
        let body = json!({"ChannelID": channel, "ID": id, "Message": QUESTION, "Additionally": MATERIAL}).to_string();
        let request = Request::post("/v1/assistant/message")
            .header(header::AUTHORIZATION, format!("Bearer {}", app.key))
            .header("Idempotency-Key", "k")
            .body(axum::body::Body::from(body.clone()))
            .expect("a request");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let process = app.process_of_its_own().await;
                    let is_asked = async {
                        while asked.load(Ordering::SeqCst) == 0 {
                            tokio::task::yield_now().await;
                        }
                    };
                    tokio::select! {
                        answer = process.router.clone().oneshot(request) => panic!("the model hangs: {answer:?}"),
                        () = is_asked => {}
                    }
                });
                runtime.shutdown_background();
            });
        });
        assert_eq!(said(&app, &channel).await.len(), 1, "the message was stored before the model was asked");
        // Another one comes to wait behind it.
        let next = assistant(&app, "message", json!({"ChannelID": channel, "Message": QUESTION, "Asynch": true})).await;
        app.work().await;
        assert_eq!(asked.load(Ordering::SeqCst), 1, "the first may still be answered");
        app.clock.advance(LEASE);
        app.work().await;
        app.work().await;
        let speakers: Vec<String> = said(&app, &channel).await.into_iter().map(|(by, _)| by).collect();
        assert_eq!(speakers, ["user", "user", "assistant", "assistant"]);
        assert_eq!(result(&app, next.json["ID"].as_str().expect("an ID")).await.status, 200);
        assert_eq!(
            (asked.load(Ordering::SeqCst), app.balance().await.as_str()),
            (3, "24.964"),
            "two answers of 18 tokens"
        );
        app.verified().await;
    });
}

/// A model that is down as long as this says so.
async fn unreliable() -> (ModelServer, Arc<AtomicBool>) {
    let is_down = Arc::new(AtomicBool::new(true));
    let seen = Arc::clone(&is_down);
    let script = move |_: &Asked| match seen.load(Ordering::SeqCst) {
        // Other failures in a row let the client of the model rest for half a minute.
        true => Reply::refuse(429, "busy"),
        false => Reply::say(PRICE),
    };
    (ModelServer::start(script).await.expect("a model"), is_down)
}

#[test]
fn a_message_whose_model_is_down_is_tried_again_while_nobody_waits_for_it() {
    on_both_engines(async |engine| {
        let (model, is_down) = unreliable().await;
        let app = TestApp::with_model(engine, &model).await;
        let channel = channel(&app).await;
        let body = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL, "Asynch": true});
        let id = assistant(&app, "message", body).await.json["ID"].as_str().expect("an ID").to_owned();
        app.work().await;
        assert_eq!(result(&app, &id).await.status, 202, "it rests");
        is_down.store(false, Ordering::SeqCst);
        app.work().await;
        assert_eq!(result(&app, &id).await.status, 202, "its moment has not come");
        app.clock.advance(Duration::from_secs(6));
        app.work().await;
        assert_eq!(result(&app, &id).await.json["Message"], PRICE);
    });
}

#[test]
fn the_next_message_does_not_wait_for_a_model_that_is_down() {
    on_both_engines(async |engine| {
        let (model, is_down) = unreliable().await;
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        let channel = channel(&app).await;
        let first = "88bb5a0a-a125-4a7d-a22d-85527c82a601";
        let body = |id: Option<&str>, is_asynchronous: bool| {
            let mut body = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL});
            body["Asynch"] = is_asynchronous.into();
            if let Some(id) = id {
                body["ID"] = id.into();
            }
            body
        };
        let submit = async |id: Option<&str>| {
            let answer = assistant(&app, "message", body(id, true)).await;
            answer.json["ID"].as_str().expect("an ID").to_owned()
        };
        let of_first = submit(Some(first)).await;
        app.work().await;
        assert_eq!(result(&app, &of_first).await.status, 202, "it rests");
        // Whoever comes wakes it: it is tried before its moment, and leaves the line with its failure.
        let of_second = submit(None).await;
        app.work().await;
        let detail = result(&app, &of_first).await.problem(500, "model-failed");
        assert!(detail.contains(first), "{detail}");
        assert_eq!(result(&app, &of_second).await.status, 202, "the last one rests in its turn");

        // A call that waits for its answer wakes it too, and is answered after it: the order stays.
        is_down.store(false, Ordering::SeqCst);
        let asking = body(None, false);
        let call = assistant(&app, "message", asking);
        let work = async {
            while result(&app, &of_second).await.status == 202 {
                app.work().await;
                tokio::task::yield_now().await;
            }
        };
        let (third, ()) = tokio::join!(call, work);
        assert_eq!((third.status, &third.json["Message"]), (StatusCode::OK, &json!(PRICE)));
        assert_eq!(result(&app, &of_second).await.json["Message"], PRICE);

        // The one that failed can be sent again.
        let again = assistant(&app, "message", body(Some(first), false)).await;
        assert_eq!((&again.json["UsersID"], &again.json["Message"]), (&json!(first), &json!(PRICE)));
        let speakers: Vec<String> = said(&app, &channel).await.into_iter().map(|(by, _)| by).collect();
        assert_eq!(speakers, ["user", "user", "user", "assistant", "assistant", "assistant"]);
        assert_eq!(app.balance().await, "24.946", "three answers of 18 tokens");
        app.verified().await;
    });
}

#[test]
fn an_answer_goes_on_when_its_caller_is_gone() {
    on_both_engines(async |engine| {
        let model = seller().await;
        let app = TestApp::with_model(engine, &model).await;
        let channel = channel(&app).await;
        let body = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL});
        let gone = async {
            while model.asked().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            () = gone => {}
            _ = assistant(&app, "message", body) => {}
        }
        while said(&app, &channel).await.len() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(said(&app, &channel).await[1].1, PRICE);
    });
}

#[test]
fn what_is_stopped_or_deleted_lets_the_next_one_pass() {
    on_both_engines(async |engine| {
        let model = seller().await;
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        let channel = channel(&app).await;
        let submit = async || {
            let body = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL, "Asynch": true});
            let answer = assistant(&app, "message", body).await;
            answer.json["ID"].as_str().expect("an ID").to_owned()
        };
        let stop = async |id: &str| {
            let answer = app.post("/v1/cancel", json!({ "ID": id }).to_string()).await;
            assert_eq!(answer.json["Status"], "Cancelled", "{answer:?}");
        };
        let (first, second, third) = (submit().await, submit().await, submit().await);
        stop(&second).await;
        stop(&first).await;
        app.work().await;
        result(&app, &first).await.problem(405, "cancelled");
        assert_eq!(result(&app, &third).await.status, 200);
        assert_eq!(app.balance().await, "24.982");

        let (fourth, fifth) = (submit().await, submit().await);
        assert_eq!(assistant(&app, "delete", json!({ "ID": channel })).await.status, 200);
        app.work().await;
        for id in [fourth, fifth] {
            let detail = result(&app, &id).await.problem(405, "invalid-field");
            assert_eq!(detail, "ChannelID names no dialogue of this account");
        }
        assert_eq!((model.asked().len(), app.balance().await.as_str()), (1, "24.982"));
        app.verified().await;
    });
}

#[test]
fn a_dialogue_that_is_deleted_while_it_answers_costs_nothing() {
    on_both_engines(async |engine| {
        let model = seller().await;
        let app = TestApp::with_model(engine, &model).await;
        set_price(&app).await;
        let channel = channel(&app).await;
        let body = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL, "Asynch": true});
        let id: Value = assistant(&app, "message", body).await.json["ID"].clone();
        let (process, _) = app.another_process();
        let lease = app.claim(&process, 1, |_| 1).await.remove(0);
        let task = cmes_store::tasks::of_lease(&app.db, &lease).await.expect("the task");
        assistant(&app, "delete", json!({ "ID": channel })).await;
        let ending = cmes_store::tasks::Ending {
            outcome: cmes_store::tasks::Outcome::Success,
            result: "{}".into(),
            captures: Vec::new(),
            delivery: None,
            answer: Some(cmes_store::answering::NewAnswer {
                id: uuid_of(&id),
                text: "late".into(),
                period: task.created_at,
                articles: Vec::new(),
                context: String::new(),
            }),
            leads: 0,
        };
        let ended = cmes_store::tasks::finish(&app.db, &lease, &task, &ending, task.created_at).await;
        assert!(matches!(ended, Err(cmes_store::StoreError::NotFound)), "{ended:?}");
        app.clock.advance(LEASE);
        app.work().await;
        result(&app, id.as_str().expect("an ID")).await.problem(405, "invalid-field");
        assert_eq!(app.balance().await, "25");
        app.verified().await;
    });
}

fn uuid_of(id: &Value) -> uuid::Uuid {
    id.as_str().and_then(|id| id.parse().ok()).expect("a UUID")
}
