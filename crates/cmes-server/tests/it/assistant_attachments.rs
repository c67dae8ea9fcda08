//! What is handed over with messages, found by its meaning.

use std::sync::Arc;

use cmes_testkit::models::{ModelServer, Reply};
use cmes_testkit::{Behaviour, TestEmbedder};
use serde_json::{Value, json};

use crate::assistants::{assistant, channel};
use crate::support::{TestApp, on_both_engines};

/// No word of it stands in the material; "electricity" begins like it, which is the same meaning to the embedder.
const QUESTION: &str = "Which electromotors do you repair quickly?";
const MATERIAL: &str = "Electricity is billed each month.";

async fn hand_over(app: &TestApp, channel: &str, material: &str) {
    let body = json!({"ChannelID": channel, "Message": "See this.", "Role": "user", "Additionally": material});
    assert_eq!(assistant(app, "message", body).await.status, 200);
}

async fn ask(app: &TestApp, channel: &str, additionally: Option<&str>) -> Value {
    let mut body = json!({"ChannelID": channel, "Message": QUESTION});
    if let Some(material) = additionally {
        body["Additionally"] = material.into();
    }
    let answer = assistant(app, "message", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

/// How often a text stands in what the model read last; none when it was not asked.
fn shown(model: &ModelServer, text: &str) -> Option<usize> {
    model.asked().last().map(|asked| asked.json["messages"].to_string().matches(text).count())
}

#[test]
fn attachments_are_found_by_meaning_and_embedded_once() {
    on_both_engines(async |engine| {
        let model = ModelServer::start(|_| Reply::say("NO_ANSWER")).await.expect("a model");
        let app = TestApp::with_model(engine, &model).await;
        let channel = channel(&app).await;
        hand_over(&app, &channel, "Gardens are green in spring.").await;
        hand_over(&app, &channel, MATERIAL).await;
        ask(&app, &channel, None).await;
        assert_eq!(shown(&model, MATERIAL), None, "by words nothing is found, and no model asked");

        let embedder = Arc::new(TestEmbedder::new("one"));
        embedder.behave(Behaviour::Refuse("spring"));
        let app = app.also_embedding_with(embedder.clone());
        cmes_app::knowledge::nearness::measured(&app.app).await;
        ask(&app, &channel, None).await;
        assert_eq!(shown(&model, MATERIAL), Some(1));
        // The pieces, and the texts of the scale.
        let (first, questions) = (embedder.passages(), embedder.questions());
        ask(&app, &channel, None).await;
        assert_eq!((embedder.passages(), embedder.questions()), (first, questions), "all vectors are kept");

        // Handed over again it is the same piece, and is shown once.
        ask(&app, &channel, Some(MATERIAL)).await;
        assert_eq!((embedder.passages(), shown(&model, MATERIAL)), (first, Some(1)));

        // Vectors of another embedder are not compared with.
        let other = Arc::new(TestEmbedder::new("two"));
        let app = app.also_embedding_with(other.clone());
        ask(&app, &channel, None).await;
        assert_eq!((other.passages() > 0, shown(&model, MATERIAL)), (true, Some(1)));
        // One that fails leaves the words.
        other.behave(Behaviour::Fail(cmes_models::ModelErrorKind::Unavailable));
        hand_over(&app, &channel, "Electromotors are sold in Linz.").await;
        ask(&app, &channel, None).await;
        assert_eq!(shown(&model, "sold in Linz"), Some(1));
    });
}

#[test]
fn what_cosines_mean_is_measured_once_for_all_processes_and_nobody_waits_for_it() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("one"));
        let app = TestApp::new(engine).await.embedding_with(Some(embedder.clone()));
        let measured = cmes_app::knowledge::nearness::measured(&app.app).await;
        let asked = (embedder.passages(), embedder.questions());
        assert!(asked.0 > 0 && asked.1 > 0, "{asked:?}");
        // After a start the database knows.
        let (other, _) = app.another_process();
        assert_eq!(cmes_app::knowledge::nearness::scale(&other).await, measured);
        assert_eq!((embedder.passages(), embedder.questions()), asked);

        let slow = Arc::new(TestEmbedder::new("two"));
        slow.behave(Behaviour::Hang);
        let app = app.embedding_with(Some(slow));
        assert_eq!(cmes_app::knowledge::nearness::scale(&app.app).await, None, "it does not wait");
    });
}
