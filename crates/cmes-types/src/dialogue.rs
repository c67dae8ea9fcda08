//! What is said in a dialogue with an assistant.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who says a message of a dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The one who asks.
    User,
    /// The one who answers.
    Assistant,
}

impl Speaker {
    /// As the API names it and the database stores it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// A passage that an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Source {
    /// Code of the article; 0 for what was handed over with a message.
    pub code: i64,
    /// Name of the article.
    pub name: String,
    /// The passage itself.
    pub passage: String,
}

/// The answer to `assistant/message`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct MessageAnswer {
    /// ID of the user's message; empty when the stored message is the assistant's.
    #[serde(rename = "UsersID")]
    pub users_id: OptionalId,
    /// ID of the assistant's message; empty when there is no answer.
    #[serde(rename = "AssistantID")]
    pub assistant_id: OptionalId,
    /// What the dialogue is about, in one sentence.
    pub context: String,
    /// Text of the assistant's message; empty when there is no answer.
    pub message: String,
    /// `Success`.
    #[schema(example = "Success")]
    pub status: String,
    /// Extension: codes of the articles that the answer rests on, best first.
    pub knowledge_base: Vec<i64>,
    /// Extension: the passages that the answer rests on, best first.
    pub sources: Vec<Source>,
}

/// An identifier, or the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, example = "88bb5a0a-a125-4a7d-a22d-85527c82a600")]
pub struct OptionalId(pub Option<Uuid>);

impl Serialize for OptionalId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(id) => id.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }
}

impl<'de> Deserialize<'de> for OptionalId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(Self(None));
        }
        Uuid::parse_str(&text).map(|id| Self(Some(id))).map_err(serde::de::Error::custom)
    }
}
