//! The same against a real server, when `TEST_OPENAI_URL` names one, such as
//! `http://127.0.0.1:8081/v1`. `TEST_OPENAI_MODEL` and `TEST_OPENAI_KEY`
//! say more about it; `TEST_OPENAI_EMBEDDINGS` = 1 when it embeds too.

#![expect(clippy::print_stdout, reason = "what the server said is the point of running this by hand")]

use std::sync::Arc;
use std::time::Duration;

use cmes_models::openai::{ApiKey, Limits, OpenAiChat, OpenAiEmbedder, OpenAiSettings, Prefixes};
use cmes_models::{ChatEvent, ChatModel, ChatRequest, Embedder, Finish, Kind, Message, Model};
use cmes_types::SystemClock;
use futures_util::TryStreamExt;
use tokio::time::Instant;
use url::Url;

use crate::schema;

fn variable(name: &str) -> Option<String> {
    std::env::var(format!("TEST_OPENAI_{name}")).ok().filter(|value| !value.is_empty())
}

fn settings() -> Option<OpenAiSettings> {
    Some(OpenAiSettings {
        base_url: Url::parse(&variable("URL")?).expect("TEST_OPENAI_URL is a URL"),
        api_key: variable("KEY").map(|key| ApiKey::new(&key)),
        model: variable("MODEL").unwrap_or_else(|| "default".to_owned()),
        limits: Limits { timeout: Duration::from_secs(300), ..Limits::default() },
        proxy: None,
    })
}

fn later() -> Instant {
    Instant::now() + Duration::from_secs(600)
}

#[tokio::test]
async fn a_real_server_chats() {
    let Some(settings) = settings() else { return };
    let chat = OpenAiChat::new(settings, Arc::new(SystemClock)).expect("usable");
    println!("{}", chat.check(later()).await.expect("a server"));

    let question =
        vec![Message::system("You answer in one short sentence."), Message::user("What is the capital of France?")];
    let answer = chat.chat(ChatRequest::new(question.clone(), 60), later()).await.expect("an answer");
    println!("{answer:?}");
    assert!(answer.text.contains("Paris"), "{answer:?}");

    let events: Vec<ChatEvent> =
        chat.stream(ChatRequest::new(question, 60), later()).try_collect().await.expect("a stream");
    let Some(ChatEvent::Done(streamed)) = events.last() else { panic!("no end") };
    println!("{streamed:?}, {} events", events.len());
    assert!(events.len() > 2 && streamed.text.contains("Paris"), "{events:?}");

    let person = vec![Message::user("Ann Miller is 41 years old. Give her name and age.")];
    let request = ChatRequest::new(person.clone(), 100).with_schema(schema());
    let shaped = chat.chat(request, later()).await.expect("JSON");
    println!("{shaped:?}");
    assert!(shaped.text.contains("Ann") && shaped.text.contains("41"), "{shaped:?}");

    let cut = chat
        .chat(ChatRequest::new(vec![Message::user("Count from 1 to 100.")], 8), later())
        .await
        .expect("a beginning");
    println!("{cut:?}");
    assert_eq!(cut.finish, Finish::Length);
}

#[tokio::test]
async fn a_real_server_embeds() {
    let Some(settings) = settings().filter(|_| variable("EMBEDDINGS").is_some()) else { return };
    let embedder = OpenAiEmbedder::new(settings, Prefixes::default(), Arc::new(SystemClock)).expect("usable");
    let texts = ["a pump for ships", "pumps on a boat", "the price of tea"].map(str::to_owned).to_vec();
    let vectors = embedder.embed(Kind::Passage, texts, later()).await.expect("vectors").vectors;
    let cosine = |a: usize, b: usize| vectors[a].iter().zip(&vectors[b]).map(|(x, y)| x * y).sum::<f32>();
    println!("dimension {:?}, {} and {}", embedder.dimension(), cosine(0, 1), cosine(0, 2));
    assert!(cosine(0, 1) > cosine(0, 2));
}
