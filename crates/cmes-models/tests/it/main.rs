//! The provider `openai` against servers on this machine, well-behaved and other ones.

mod chat;
mod embeddings;
mod failures;
mod pull;
mod real;
mod streams;

use std::sync::Arc;
use std::time::Duration;

use cmes_models::openai::{ApiKey, Limits, OpenAiChat, OpenAiSettings};
use cmes_models::{ChatRequest, JsonSchema, Message};
use cmes_testkit::models::{Asked, ModelServer, Reply};
use cmes_types::SystemClock;
use tokio::time::Instant;
use url::Url;

const KEY: &str = "sk-Secret-1234567890";

async fn serve(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> ModelServer {
    ModelServer::start(script).await.expect("loopback can be listened on")
}

/// Pauses that cost a test no time.
fn limits() -> Limits {
    Limits { first_pause: Duration::from_millis(1), timeout: Duration::from_secs(20), ..Limits::default() }
}

fn settings(url: &str, limits: Limits) -> OpenAiSettings {
    let base_url = Url::parse(url).expect("a URL");
    OpenAiSettings { base_url, api_key: Some(ApiKey::new(KEY)), model: "test-model".to_owned(), limits, proxy: None }
}

fn chat_with(server: &ModelServer, limits: Limits) -> OpenAiChat {
    OpenAiChat::new(settings(&server.url(), limits), Arc::new(SystemClock)).expect("settings that can be used")
}

fn chat(server: &ModelServer) -> OpenAiChat {
    chat_with(server, limits())
}

/// A deadline that is not meant to be reached.
fn later() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

/// A deadline that is.
fn soon() -> Instant {
    Instant::now() + Duration::from_millis(100)
}

fn question() -> ChatRequest {
    ChatRequest::new(vec![Message::system("You are brief."), Message::user("What is sold here?")], 200)
}

fn schema() -> Arc<JsonSchema> {
    let text = r#"{"type": "object", "required": ["name", "age"], "additionalProperties": false,
                   "properties": {"name": {"type": "string"}, "age": {"type": "integer", "maximum": 150}}}"#;
    Arc::new(JsonSchema::new("person", text).expect("a schema"))
}

const GOOD: &str = r#"{"name": "Ann", "age": 41}"#;
const WRONG: &str = r#"{"name": "Ann", "age": "41"}"#;
