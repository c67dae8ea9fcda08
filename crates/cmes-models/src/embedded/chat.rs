//! A chat model from a GGUF file.
//!
//! One thread owns the model and computes all conversations together, a step at a time: each that writes gets a word
//! further, and what is left of the step reads prompts. What conversations have in common at their beginning is read once.

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};
use tokio::time::Instant;

use super::backend::{check_processor, spare_cores};
use super::chat_slots::Asked;
use super::chat_thread::Thread;
use crate::chat::{ChatEvent, ChatModel, ChatRequest, ChatStream, Message};
use crate::error::{ModelError, ModelErrorKind};
use crate::{Model, Readiness};

/// How the chat model works.
#[derive(Clone, Debug)]
pub struct ChatSettings {
    /// Its name, as operators know it.
    pub name: String,
    /// The GGUF file.
    pub file: PathBuf,
    /// Threads that compute. More are only faster while the machine has nothing else to do.
    pub threads: usize,
    /// Conversations that are computed together; as many beginnings are kept.
    pub together: usize,
    /// Tokens of all conversations together. Every one of them takes memory.
    pub context: u32,
    /// Questions that may wait; more are refused.
    pub queue: usize,
    /// After how long without a question the memory is given back.
    pub idle: Duration,
}

impl ChatSettings {
    /// One thread less than there are cores, four conversations, 8,192 tokens, 32 questions, ten minutes.
    #[must_use]
    pub fn new(name: impl Into<String>, file: PathBuf) -> Self {
        Self {
            name: name.into(),
            file,
            threads: spare_cores(),
            together: 4,
            context: 8192,
            queue: 32,
            idle: Duration::from_secs(600),
        }
    }
}

/// A chat model in this process.
#[derive(Debug)]
pub struct EmbeddedChat {
    settings: ChatSettings,
    thread: Thread,
}

impl EmbeddedChat {
    /// A chat model that is loaded when it is first asked.
    #[must_use]
    pub fn new(settings: ChatSettings) -> Self {
        Self { thread: Thread::start(settings.clone()), settings }
    }

    fn failure(&self, kind: ModelErrorKind) -> ModelError {
        ModelError::new(kind, &self.settings.name)
    }
}

impl Model for EmbeddedChat {
    fn provider(&self) -> &'static str {
        "embedded"
    }

    fn name(&self) -> &str {
        &self.settings.name
    }

    fn readiness(&self) -> Readiness {
        if let Err(error) = check_processor() {
            return Readiness::NotReady(error.to_string());
        }
        if self.settings.file.is_file() {
            Readiness::Ready
        } else {
            Readiness::NotReady(format!(
                "its file is not on this machine; fetch it with cmes models pull {}",
                self.name()
            ))
        }
    }

    fn check(&self, deadline: Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        Box::pin(async move {
            let begun = Instant::now();
            let answer = self.chat(ChatRequest::new(vec![Message::user("Say yes.")], 1), deadline).await?;
            Ok(format!("read {} tokens and answered after {} ms", answer.tokens.prompt, begun.elapsed().as_millis()))
        })
    }
}

impl ChatModel for EmbeddedChat {
    fn stream(&self, request: ChatRequest, deadline: Instant) -> ChatStream<'_> {
        let (sender, events) = tokio::sync::mpsc::unbounded_channel();
        let asked = Asked { request, deadline: deadline.into_std(), events: sender };
        if let Err(kind) = self.thread.ask(asked) {
            return stream::once(async move { Err(self.failure(kind)) }).boxed();
        }
        stream::unfold(Some(events), move |events| async move {
            let mut events = events?;
            let event = match tokio::time::timeout_at(deadline, events.recv()).await {
                Ok(Some(event)) => event,
                Ok(None) => Err(self.failure(ModelErrorKind::Cancelled)),
                Err(_elapsed) => Err(self.failure(ModelErrorKind::Timeout)),
            };
            let more = matches!(event, Ok(ChatEvent::Delta(_)));
            // Dropping the receiver is what stops the thread's work on it.
            Some((event, more.then_some(events)))
        })
        .boxed()
    }
}
