//! A chat model whose answers are kept in a folder: what it has answered once is not asked again, so that a change of
//! the checks is measured on the same answers in seconds. Another prompt is another question.

use std::path::PathBuf;
use std::sync::Arc;

use cmes_models::{
    ChatAnswer, ChatEvent, ChatModel, ChatRequest, ChatStream, Finish, Model, ModelError, Readiness, TokenCounts,
};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

/// The model, and the folder.
#[derive(Debug)]
pub struct Recorded {
    model: Arc<dyn ChatModel>,
    folder: PathBuf,
}

/// An answer as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    asked: Vec<String>,
    text: String,
    is_whole: bool,
    prompt_tokens: u32,
    completion_tokens: u32,
}

impl Recorded {
    pub fn new(model: Arc<dyn ChatModel>, folder: PathBuf) -> std::io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { model, folder })
    }

    fn file(&self, asked: &[String]) -> PathBuf {
        let hash = asked.iter().fold(Sha256::new(), |hash, text| hash.chain_update(text).chain_update([0])).finalize();
        let name: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(format!("{name}.json"))
    }
}

fn known(file: &std::path::Path) -> Option<ChatAnswer> {
    let kept: Kept = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    let tokens = TokenCounts { prompt: kept.prompt_tokens, completion: kept.completion_tokens, ..Default::default() };
    let finish = if kept.is_whole { Finish::Stop } else { Finish::Length };
    Some(ChatAnswer { text: kept.text, finish, tokens })
}

fn keep(file: &std::path::Path, asked: Vec<String>, answer: &ChatAnswer) {
    let kept = Kept {
        asked,
        text: answer.text.clone(),
        is_whole: answer.finish == Finish::Stop,
        prompt_tokens: answer.tokens.prompt,
        completion_tokens: answer.tokens.completion,
    };
    // Not kept, it is asked again.
    let _ = serde_json::to_vec_pretty(&kept).map(|bytes| std::fs::write(file, bytes));
}

impl Model for Recorded {
    fn provider(&self) -> &'static str {
        self.model.provider()
    }

    fn name(&self) -> &str {
        self.model.name()
    }

    fn readiness(&self) -> Readiness {
        self.model.readiness()
    }

    fn check(&self, deadline: Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        self.model.check(deadline)
    }
}

impl ChatModel for Recorded {
    fn stream(&self, request: ChatRequest, deadline: Instant) -> ChatStream<'_> {
        let asked: Vec<String> = request.messages.iter().map(|message| message.text.clone()).collect();
        let file = self.file(&asked);
        if let Some(answer) = known(&file) {
            let events = [Ok(ChatEvent::Delta(answer.text.clone())), Ok(ChatEvent::Done(answer))];
            return futures_util::stream::iter(events).boxed();
        }
        let keeping = move |event: &Result<ChatEvent, ModelError>| {
            if let Ok(ChatEvent::Done(answer)) = event {
                keep(&file, asked.clone(), answer);
            }
        };
        self.model.stream(request, deadline).inspect(keeping).boxed()
    }
}
