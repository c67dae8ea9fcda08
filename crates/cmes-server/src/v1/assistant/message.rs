//! `assistant/message`: something is said, and answered.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use cmes_app::assistants::messages::{self, Received, Sent};
use cmes_app::assistants::{LONGEST_MESSAGE, MOST_NAMED};
use cmes_app::identifiers::{CHANNEL, MESSAGE};
use cmes_app::tasks::{State as Stands, Work};
use cmes_types::{MessageAnswer, Speaker};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{number, stream};
use crate::Server;
use crate::context::RequestContext;
use crate::idempotency::IdempotencyRecord;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};
use crate::v1::identifiers;
use crate::v1::tasks::{self, Accepted, Delivery};

/// What is said.
#[derive(Debug, ToSchema)]
#[schema(as = MessageRequest, rename_all = "PascalCase")]
#[expect(dead_code, reason = "documents the fields; they are read into what the app takes")]
pub(crate) struct MessageFields {
    /// When it was said (ISO 8601; without zone it is UTC); by default now.
    #[schema(required = false)]
    period: String,
    /// ID of the dialogue; it or `ChannelExternalID` is required.
    #[schema(rename = "ChannelID", required = false, example = "66bb5a0a-a125-4a7d-a22d-85527c82a590")]
    channel_id: Uuid,
    /// Your own number for the dialogue.
    #[schema(rename = "ChannelExternalID", required = false)]
    channel_external_id: i64,
    /// ID of the message. That of a message which is there changes it, and nothing is answered, unless its answer
    /// has failed: then it is answered now.
    #[schema(rename = "ID", required = false)]
    id: Uuid,
    /// Your own number for the message; likewise. Given together with `ID`, it becomes its number.
    #[schema(rename = "ExternalID", required = false, example = 1877)]
    external_id: i64,
    /// What is said.
    #[schema(example = "Hello! I would like to learn more about the products and services your company offers.")]
    message: String,
    /// Codes of articles, sections or whole knowledge bases to answer from; by default all that the dialogue may use.
    #[schema(required = false)]
    knowledge_base: Vec<i64>,
    /// Further material, text or a file in Base64: used for this answer, and remembered in the dialogue.
    #[schema(required = false)]
    additionally: String,
    /// `user` or `assistant`: the message belongs to an earlier dialogue, and is only stored.
    #[schema(required = false)]
    role: Speaker,
    /// Whether to answer at once with a task's ID, for `getresult`.
    #[schema(required = false, default = false)]
    asynch: bool,
    /// Address that is told about the end (http or https).
    #[schema(rename = "OutWebHook", required = false)]
    out_web_hook: String,
    /// Extension: answer as server-sent events: `delta` (`{"Delta": "…"}`) with each part of the text as it is
    /// written, and at the end `result` with the whole answer, or `error` with a problem.
    #[schema(required = false, default = false)]
    stream: bool,
    /// Extension: do nothing, return the price.
    #[schema(required = false, default = false)]
    dry_run: bool,
}

/// The same, as the handler needs it.
pub(crate) struct MessageRequest {
    sent: Sent,
    is_streamed: bool,
    delivery: Delivery,
}

impl FromFields for MessageRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        let delivery = Delivery::from_fields(fields, false);
        let is_streamed = fields.boolean("Stream").unwrap_or_default();
        if is_streamed && delivery.is_asynch() {
            fields.refuse("Stream", "cannot be combined with Asynch; give one of the two");
        }
        let roles = [("user", Speaker::User), ("assistant", Speaker::Assistant)];
        let sent = Sent {
            channel: identifiers::required(fields, &CHANNEL),
            identifiers: identifiers::read(fields, &MESSAGE),
            text: text(fields),
            period: fields.date("Period"),
            role: fields.choice("Role", &roles),
            codes: fields.list("KnowledgeBase", "whole numbers", MOST_NAMED, number).unwrap_or_default(),
            additionally: fields.kept_text("Additionally", usize::MAX).filter(|text| !text.trim().is_empty()),
        };
        Self { sent, is_streamed, delivery }
    }
}

fn text(fields: &mut Fields) -> String {
    let before = fields.faults();
    let text = fields.kept_text("Message", LONGEST_MESSAGE).unwrap_or_default();
    if text.trim().is_empty() && fields.faults() == before {
        fields.refuse("Message", "is required");
    }
    text
}

/// Says something in a dialogue, and returns the assistant's answer.
#[utoipa::path(
    post,
    path = "/v1/assistant/message",
    tag = "Assistants",
    operation_id = "assistant_message",
    request_body = MessageFields,
    responses(
        (status = 200, description = "The answer; with `Stream`, as server-sent events; with `DryRun`, the price.",
         body = MessageAnswer),
        (status = 202, description = "With `Asynch`: the task's identifier.", body = Accepted),
        (status = 402, description = "Not enough money.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 405, description = "Error in request.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 500, description = "Also when the model failed; the message is kept and can be sent again with its ID.",
         body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn message(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    record: IdempotencyRecord,
    Extension(context): Extension<Arc<RequestContext>>,
    Input(request): Input<MessageRequest>,
) -> Result<Response, Problem> {
    let app = &server.app;
    let MessageRequest { sent, is_streamed, delivery } = request;
    // Looked at as a message, it would seem to be a change of the one that it stored itself.
    if let Some(record) = record.0
        && let Some(before) = cmes_app::tasks::before(app, caller.account, record).await?
    {
        return match before {
            (_, Stands::Ended(ended)) if is_streamed => stream::whole(&ended, &caller.currency),
            before => tasks::again(before, &caller, &delivery),
        };
    }
    // What would be refused later is refused before something is stored.
    delivery.check(app)?;
    match messages::receive(&app.db, caller.account, &sent, delivery.is_dry(), app.clock.now()).await? {
        Received::Stored(answer) if delivery.is_plain() && is_streamed => Ok(stream::of_one(&answer)),
        Received::Stored(answer) if delivery.is_plain() => Ok(Json(answer).into_response()),
        Received::Stored(answer) => tasks::answer(&server, &caller, record, Work::Stored(answer), None, delivery).await,
        Received::Asked(asked, ask) if is_streamed && !delivery.is_dry() => {
            let request = delivery.request(app, record, Work::Message(ask), Some(asked))?;
            stream::answer(&server, &caller, &request, context.id).await
        }
        Received::Asked(asked, ask) => {
            tasks::answer(&server, &caller, record, Work::Message(ask), Some(asked), delivery).await
        }
    }
}
