//! `assistant/history`: what was said in a dialogue.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cmes_app::assistants::channels;
use cmes_app::assistants::messages::{self, Part, Point, SUCCESS};
use cmes_app::identifiers::DIALOGUE;
use cmes_store::identifiers::Identifiers;
use cmes_store::messages::Message;
use cmes_types::{DayEnd, Speaker, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Server;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};
use crate::v1::identifiers;

/// Most messages that are given at once when `Limit` is given.
const MOST: i64 = 10_000;
/// Longest text that may stand for a point in a history.
const LONGEST_POINT: usize = 100;

/// Which dialogue, and how much of it.
#[derive(Debug, ToSchema)]
#[schema(as = HistoryRequest, rename_all = "PascalCase")]
#[expect(dead_code, reason = "documents the fields; they are read into a part of a history")]
pub(crate) struct HistoryFields {
    /// ID of the dialogue; it or `ExternalID` is required.
    #[schema(rename = "ID", required = false, example = "66bb5a0a-a125-4a7d-a22d-85527c82a590")]
    id: Uuid,
    /// Your own number for the dialogue.
    #[schema(rename = "ExternalID", required = false)]
    external_id: i64,
    /// Extension: only the last so many messages (of those before `Before`).
    #[schema(required = false, minimum = 1, maximum = 10_000)]
    limit: i64,
    /// Extension: only what was said before this: the ID of a message, or a moment (ISO 8601).
    #[schema(required = false)]
    before: String,
}

/// The same, as the handler needs it.
pub(crate) struct HistoryRequest {
    identifiers: Identifiers,
    part: Part,
}

impl FromFields for HistoryRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        let identifiers = identifiers::required(fields, &DIALOGUE);
        let limit = fields.integer("Limit", 1..=MOST);
        let before = fields.text("Before", LONGEST_POINT).filter(|text| !text.trim().is_empty());
        let before = before.and_then(|text| {
            let message = Uuid::parse_str(text.trim()).map(Point::Message);
            let point = message.or_else(|_| Timestamp::parse(&text, DayEnd::Start).map(Point::Moment)).ok();
            if point.is_none() {
                fields
                    .refuse("Before", "takes the ID of a message, or a date of ISO 8601, such as 2024-11-01T17:04:56Z");
            }
            point
        });
        Self { identifiers, part: Part { limit, before } }
    }
}

/// A dialogue with what was said in it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct History {
    /// Name of the one who asks.
    #[schema(example = "John Smith")]
    user: String,
    /// Name of the assistant.
    #[schema(example = "Sales assistant")]
    assistant: String,
    /// What the dialogue is about.
    #[schema(example = "The parties are currently engaged in a regular conversation.")]
    context: String,
    /// What was said, oldest first.
    messages: Vec<HistoryMessage>,
    /// `Success`.
    #[schema(example = "Success")]
    status: &'static str,
}

/// A message of a dialogue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HistoryMessage {
    /// When it was said (UTC).
    #[schema(example = "2024-04-27T12:00:00Z")]
    period: String,
    /// ID of the dialogue.
    #[serde(rename = "ChannelID")]
    channel_id: Uuid,
    /// ID of the message.
    #[serde(rename = "ID")]
    id: Uuid,
    /// Your own number for it; 0 = none.
    #[serde(rename = "ExternalID")]
    external_id: i64,
    /// Codes of the articles that an answer rests on.
    knowledge_base: Vec<i64>,
    /// `user` or `assistant`.
    role: Speaker,
    /// Its text.
    message: String,
}

/// Returns what was said in a dialogue, oldest first.
#[utoipa::path(
    post,
    path = "/v1/assistant/history",
    tag = "Assistants",
    operation_id = "assistant_history",
    request_body = HistoryFields,
    responses(
        (status = 200, description = "The dialogue.", body = History),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn history(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<HistoryRequest>,
) -> Result<Json<History>, Problem> {
    let db = &server.app.db;
    let channel = channels::find(db, caller.account, &request.identifiers, &DIALOGUE).await?;
    let messages = messages::history(db, caller.account, channel.key, request.part).await?;
    let message = |message: Message| HistoryMessage {
        period: message.period.to_string(),
        channel_id: channel.id,
        id: message.id,
        external_id: message.external_id,
        knowledge_base: message.articles,
        role: message.speaker,
        message: message.text,
    };
    Ok(Json(History {
        user: channel.user,
        assistant: channel.assistant,
        context: channel.context,
        messages: messages.into_iter().map(message).collect(),
        status: SUCCESS,
    }))
}
