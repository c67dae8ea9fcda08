//! Every way in which a model can fail, at every use of it over HTTP: what comes is the documented problem or what there
//! is without a model, and the failure costs nothing.
//!
//! The failures themselves, each with its class, are in `cmes-models/tests/it` (`failures.rs` for chat, also in the middle of a
//! stream, `embeddings.rs`), those of texts of profiles and of their embedder in `cmes-app/src/writing/tests.rs`; an embedder
//! that never answers a search and one that refuses single passages are in `indexing.rs`.

use std::sync::Arc;
use std::time::Duration;

use cmes_models::ModelErrorKind;
use cmes_store::articles::State;
use cmes_testkit::models::{End, ModelServer, Reply, delta};
use cmes_testkit::{Behaviour, SearchReply, SearchServer, TestEmbedder};
use serde_json::json;

use crate::assistants::{MATERIAL, QUESTION, assistant, channel, said, set_price};
use crate::indexing::{Base, DEMO};
use crate::leads::{PUMPS, names, submit};
use crate::support::{TestApp, on_both_engines};
use crate::tasks::result;

/// Longest time for an answer where nothing comes.
const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(20);

/// What a server does, and how long it is waited for.
fn failures() -> Vec<(Reply, Duration)> {
    let html = |status| Reply::Raw { status, headers: Vec::new(), body: "<html>Welcome!</html>".to_owned() };
    let quick = [
        Reply::refuse(401, "no"),
        Reply::refuse(429, "slow down").retry_after("3600"),
        Reply::refuse(500, "oops"),
        html(200),
        html(503),
        Reply::say(""),
        Reply::Cut,
        Reply::Events(vec![delta("The pump "), delta("costs ")], End::Broken),
    ];
    quick.into_iter().map(|reply| (reply, LONG)).chain([(Reply::Hang, SHORT)]).collect()
}

/// Every kind of failure of an embedder.
fn embedder_failures() -> Vec<Behaviour> {
    use ModelErrorKind as Kind;
    let pause = Duration::from_secs(60);
    let kinds = [
        Kind::Unavailable,
        Kind::Resting { pause },
        Kind::Refused,
        Kind::RateLimited { retry_after: Some(pause) },
        Kind::NoCredit,
        Kind::BudgetUsedUp { pause },
        Kind::NoSuchModel,
        Kind::Timeout,
        Kind::CutStream,
        Kind::Nonsense,
    ];
    kinds.map(Behaviour::Fail).to_vec()
}

#[test]
fn a_message_ends_in_the_documented_problem_and_costs_nothing() {
    on_both_engines(async |engine| {
        for (reply, timeout) in failures() {
            let shown = format!("{reply:?}");
            let model = ModelServer::start(move |_| reply.clone()).await.expect("a model");
            let app = TestApp::with_model_within(engine, &model, timeout).await;
            set_price(&app).await;
            let channel = channel(&app).await;
            let ask = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL});
            let detail = assistant(&app, "message", ask.clone()).await.problem(500, "model-failed");
            assert!(detail.contains("send it again"), "{shown}: {detail}");
            let mut streamed = ask;
            streamed["Stream"] = json!(true);
            let answer = assistant(&app, "message", streamed).await;
            let text = &answer.text;
            assert!(text.contains("/problems/model-failed"), "{shown}: {text}");
            // The questions are kept; nothing was answered, and nothing paid.
            assert!(said(&app, &channel).await.iter().all(|(who, _)| who == "user"), "{shown}");
            assert_eq!(app.balance().await, "25", "{shown}");
            app.verified().await;
        }
    });
}

#[test]
fn leads_are_looked_for_in_the_words_of_the_query() {
    on_both_engines(async |engine| {
        for (reply, timeout) in failures() {
            let shown = format!("{reply:?}");
            let search = SearchServer::start(|_, _| SearchReply::hosts(&[PUMPS])).await.expect("a server");
            let model = ModelServer::start(move |_| reply.clone()).await.expect("a model");
            let app = TestApp::with_model_within(engine, &model, timeout).await.searching_with(&search);
            let id = submit(&app, json!({})).await;
            app.work().await;
            let answer = result(&app, &id).await;
            assert_eq!(names(&answer).len(), 1, "{shown}: {answer:?}");
            assert!(!model.asked().is_empty(), "{shown}");
            app.verified().await;
        }
    });
}

#[test]
fn articles_are_found_by_their_words_and_embedded_later() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        for (number, behaviour) in embedder_failures().into_iter().enumerate() {
            // The vectors of questions are kept.
            let question = format!("returned goods {number}");
            let base = Base::new(&test, DEMO, &format!("{behaviour:?}")).await;
            base.add("Returns", "Goods are returned within thirty days.").await;
            embedder.behave(behaviour.clone());
            base.work().await;
            assert_eq!(base.states().await, [State::Words], "{behaviour:?}");
            let found = base.found(&question).await;
            assert!(!found.by_meaning && found.passages.len() == 1, "{behaviour:?}: {found:?}");

            embedder.behave(Behaviour::Answer);
            test.clock.advance(Duration::from_secs(120));
            base.work().await;
            assert_eq!(base.states().await, [State::Indexed], "{behaviour:?}");
            // Now the question alone cannot be embedded.
            embedder.behave(behaviour.clone());
            let found = base.found(&question).await;
            assert!(!found.by_meaning && found.passages.len() == 1, "{behaviour:?}: {found:?}");
            embedder.behave(Behaviour::Answer);
            assert!(base.found(&question).await.by_meaning, "{behaviour:?}");
        }
    });
}

#[test]
fn messages_are_answered_from_what_words_find() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let base = Base::new(&test, DEMO, "Prices").await;
        base.add("Pumps", MATERIAL).await;
        base.work().await;
        for behaviour in embedder_failures().into_iter().chain([Behaviour::Hang]) {
            embedder.behave(behaviour.clone());
            let channel = channel(&test).await;
            let ask = json!({"ChannelID": channel, "Message": QUESTION});
            let answer = assistant(&test, "message", ask).await;
            let text = answer.json["Message"].as_str().unwrap_or_default();
            assert!(text.contains("1200 EUR"), "{behaviour:?}: {answer:?}");
        }
    });
}

#[test]
fn health_says_that_a_model_is_left_alone_and_is_healthy_itself() {
    on_both_engines(async |engine| {
        let model = ModelServer::start(|_| Reply::refuse(500, "oops")).await.expect("a model");
        let app = TestApp::with_model(engine, &model).await;
        let state = async || {
            let health = app.anonymous("GET", "/health").await;
            assert_eq!(health.status, 200, "{health:?}");
            health.json["language_model"]["state"].as_str().expect("a state").to_owned()
        };
        assert_eq!(state().await, "ready");
        let channel = channel(&app).await;
        let ask = json!({"ChannelID": channel, "Message": QUESTION, "Additionally": MATERIAL});
        for _ in 0..2 {
            assistant(&app, "message", ask.clone()).await.problem(500, "model-failed");
        }
        let asked = model.asked().len();
        assistant(&app, "message", ask).await.problem(500, "model-failed");
        assert_eq!(model.asked().len(), asked, "it is left alone");
        let said = state().await;
        assert!(said.contains("failed several times in a row"), "{said}");
    });
}
