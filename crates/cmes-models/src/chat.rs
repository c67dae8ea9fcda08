//! Asking a language model.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use tokio::time::Instant;

use crate::Model;
use crate::error::{ModelError, ModelErrorKind};
use crate::schema::JsonSchema;

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The one who gives the task; what it says stands above all else.
    System,
    /// The one who asks, and the material.
    User,
    /// The model itself, in earlier turns.
    Assistant,
}

impl Role {
    /// The name that chat templates and APIs use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub text: String,
}

impl Message {
    /// From the one who gives the task.
    pub fn system(text: impl Into<String>) -> Message {
        Message { role: Role::System, text: text.into() }
    }

    /// From the one who asks.
    pub fn user(text: impl Into<String>) -> Message {
        Message { role: Role::User, text: text.into() }
    }

    /// From the model, earlier.
    pub fn assistant(text: impl Into<String>) -> Message {
        Message { role: Role::Assistant, text: text.into() }
    }
}

/// What is asked of a model. What stays the same from call to call belongs in
/// front: providers keep what they have read of a common beginning.
#[derive(Clone, Debug)]
pub struct ChatRequest {
    /// The conversation so far, the system's message first.
    pub messages: Vec<Message>,
    /// The shape of the answer; without it, free text.
    pub schema: Option<Arc<JsonSchema>>,
    /// Longest answer in tokens, thoughts that are not shown included.
    pub max_tokens: u32,
    /// 0 = always the likeliest word; above, more variety.
    pub temperature: f32,
    /// With the same seed a provider answers alike, as far as it can.
    pub seed: Option<u64>,
}

impl ChatRequest {
    /// A question to be answered soberly (temperature 0, a fixed seed), in so many tokens at most.
    #[must_use]
    pub fn new(messages: Vec<Message>, max_tokens: u32) -> ChatRequest {
        ChatRequest { messages, schema: None, max_tokens, temperature: 0.0, seed: Some(1) }
    }

    /// The answer must be JSON of this shape.
    #[must_use]
    pub fn with_schema(self, schema: Arc<JsonSchema>) -> ChatRequest {
        ChatRequest { schema: Some(schema), ..self }
    }
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The model had said everything.
    Stop,
    /// `max_tokens` was reached: the text is only a beginning. An answer with a
    /// schema never ends so; there it is [`ModelErrorKind::SchemaViolated`].
    Length,
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenCounts {
    /// Tokens read, the cached ones included.
    pub prompt: u32,
    /// Those of them that the provider knew already.
    pub cached: u32,
    /// Tokens written.
    pub completion: u32,
    /// The provider did not count, so that these are estimates from the length of the texts.
    pub estimated: bool,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatAnswer {
    /// What the model said, without its thoughts. With a schema: JSON that keeps
    /// to it, and nothing around it.
    pub text: String,
    /// Why it ended.
    pub finish: Finish,
    /// What it took.
    pub tokens: TokenCounts,
}

/// A part of an answer that is given while it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatEvent {
    /// More text, never empty.
    Delta(String),
    /// The end: always the last event of an answer that did not fail, with the
    /// text of all deltas together.
    Done(ChatAnswer),
}

/// An answer to come.
pub type ChatFuture<'a> = BoxFuture<'a, Result<ChatAnswer, ModelError>>;

/// An answer that is being written. It ends after [`ChatEvent::Done`] or after an error.
pub type ChatStream<'a> = BoxStream<'a, Result<ChatEvent, ModelError>>;

/// A language model.
///
/// To cancel, drop the future or the stream: the provider stops as soon as it can.
pub trait ChatModel: Model {
    /// Asks, and gives the answer while it is written. After the first delta
    /// nothing is asked again. With a schema the deltas are the raw text;
    /// whether it keeps to the schema is known at the end.
    fn stream(&self, request: ChatRequest, deadline: Instant) -> ChatStream<'_>;

    /// Asks, and gives the whole answer, or why there is none by the deadline.
    fn chat(&self, request: ChatRequest, deadline: Instant) -> ChatFuture<'_> {
        let stream = self.stream(request, deadline);
        Box::pin(whole(stream, self.name()))
    }
}

async fn whole(mut stream: ChatStream<'_>, model: &str) -> Result<ChatAnswer, ModelError> {
    while let Some(event) = stream.next().await {
        if let ChatEvent::Done(answer) = event? {
            return Ok(answer);
        }
    }
    Err(ModelError::new(ModelErrorKind::CutStream, model))
}
