//! The JSON of the protocol, read tolerantly: servers leave out what they do not
//! know, and add what we do not.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Serialize)]
pub(super) struct ChatBody<'a> {
    pub(super) model: &'a str,
    pub(super) messages: Vec<WireMessage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response_format: Option<ResponseFormat<'a>>,
}

#[derive(Serialize)]
pub(super) struct WireMessage<'a> {
    pub(super) role: &'static str,
    pub(super) content: &'a str,
}

#[derive(Serialize)]
pub(super) struct StreamOptions {
    pub(super) include_usage: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ResponseFormat<'a> {
    JsonSchema { json_schema: NamedSchema<'a> },
    JsonObject,
}

#[derive(Serialize)]
pub(super) struct NamedSchema<'a> {
    pub(super) name: &'a str,
    pub(super) strict: bool,
    pub(super) schema: &'a RawValue,
}

/// A whole answer, or one event of a stream: they differ in one word.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Chunk {
    pub(super) choices: Vec<Choice>,
    pub(super) usage: Option<Usage>,
    pub(super) error: Option<Problem>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Choice {
    #[serde(alias = "message")]
    pub(super) delta: Option<Part>,
    pub(super) finish_reason: Option<String>,
}

/// Thoughts (`reasoning_content`, `reasoning`) and calls of tools, which nobody asked for, are not read.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Part {
    content: Value,
    refusal: Option<String>,
}

impl Part {
    pub(super) fn text(&self) -> String {
        match &self.content {
            Value::String(text) => text.clone(),
            // Content in pieces, as newer servers send it.
            Value::Array(pieces) => pieces.iter().filter_map(|piece| piece["text"].as_str()).collect(),
            _ => self.refusal.clone().unwrap_or_default(),
        }
    }
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(default)]
pub(super) struct Usage {
    pub(super) prompt_tokens: u32,
    pub(super) completion_tokens: u32,
    pub(super) prompt_tokens_details: Option<PromptDetails>,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(default)]
pub(super) struct PromptDetails {
    pub(super) cached_tokens: Option<u32>,
}

#[derive(Deserialize)]
pub(super) struct ErrorBody {
    error: Option<Problem>,
    message: Option<String>,
    detail: Option<Value>,
}

impl ErrorBody {
    /// The problem, wherever the server writes it.
    pub(super) fn problem(self) -> Option<Problem> {
        let text = |text: String| Problem::Text(text);
        self.error.or(self.message.map(text)).or(self.detail.map(|detail| text(detail.to_string())))
    }
}

/// A problem as an object or as a mere sentence.
#[derive(Deserialize, Debug)]
#[serde(untagged)]
pub(super) enum Problem {
    Object(ProblemObject),
    Text(String),
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct ProblemObject {
    message: Value,
    code: Value,
    r#type: Value,
    param: Value,
}

impl Problem {
    /// All that is said, in lower case.
    pub(super) fn words(&self) -> String {
        match self {
            Problem::Text(text) => text.to_lowercase(),
            Problem::Object(object) => {
                let said = [&object.message, &object.code, &object.r#type, &object.param];
                let words: Vec<&str> = said.into_iter().filter_map(|value| value.as_str()).collect();
                words.join(" ").to_lowercase()
            }
        }
    }
}

#[derive(Serialize)]
pub(super) struct EmbeddingBody<'a> {
    pub(super) model: &'a str,
    pub(super) input: &'a [String],
    pub(super) encoding_format: &'static str,
}

#[derive(Deserialize)]
pub(super) struct EmbeddingList {
    pub(super) data: Vec<EmbeddingItem>,
    pub(super) usage: Option<Usage>,
}

#[derive(Deserialize)]
pub(super) struct EmbeddingItem {
    /// Servers that leave it out send the vectors in the order of the texts.
    pub(super) index: Option<usize>,
    pub(super) embedding: Vec<f32>,
}

#[derive(Deserialize)]
pub(super) struct ModelList {
    #[serde(default)]
    pub(super) data: Vec<ModelItem>,
}

#[derive(Deserialize)]
pub(super) struct ModelItem {
    pub(super) id: String,
}
