//! `assistant/…`: dialogues with an assistant; [`message`] and [`history`] are what is said in them.

pub(crate) mod history;
pub(crate) mod message;
mod stream;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cmes_app::assistants::messages::SUCCESS;
use cmes_app::assistants::scope::{self, BaseName};
use cmes_app::assistants::{LONGEST_CONTEXT, LONGEST_NAME, LONGEST_SYSTEM, MOST_NAMED, channels};
use cmes_app::identifiers::DIALOGUE;
use cmes_app::{App, Error};
use cmes_store::channels::{Change, Channel, NewChannel};
use cmes_store::identifiers::Identifiers;
use cmes_types::{AccountId, ids};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Server;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};
use crate::v1::identifiers;

/// A whole number, also in quotes.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Takes the knowledge bases that a dialogue is restricted to.
fn base_names(fields: &mut Fields) -> Option<Vec<BaseName>> {
    fields.list("Knowledgebases", "IDs or Codes of knowledge bases", MOST_NAMED, |value| {
        let id = value.as_str().and_then(|text| Uuid::parse_str(text.trim()).ok()).map(BaseName::Id);
        id.or_else(|| number(value).map(BaseName::Code))
    })
}

/// The restriction to knowledge bases of these names; an empty list is none.
async fn restriction(app: &App, account: AccountId, names: &[BaseName]) -> Result<Option<Vec<i64>>, Error> {
    Ok(if names.is_empty() { None } else { Some(scope::bases(&app.db, account, names).await?) })
}

/// What a dialogue is made with; all of it may be left out.
#[derive(Debug, ToSchema)]
#[schema(as = AssistantCreateRequest, rename_all = "PascalCase")]
#[expect(dead_code, reason = "documents the fields; they are read into what the store takes")]
pub(crate) struct CreateFields {
    /// ID of the dialogue; made by the server when left out.
    #[schema(rename = "ID", required = false)]
    id: Uuid,
    /// Your own number for the dialogue; 0 = none.
    #[schema(rename = "ExternalID", required = false, default = 0)]
    external_id: i64,
    /// Instructions for the answers.
    #[schema(required = false, example = "You are a sales assistant at C-MES Solutions Ltd.")]
    system: String,
    /// Name of the one who asks.
    #[schema(required = false, example = "WebSiteVisitor #23094990")]
    user: String,
    /// Name of the assistant.
    #[schema(required = false, example = "Sales assistant")]
    assistant: String,
    /// Extension: IDs or Codes of the knowledge bases that its answers may rest on; by default all of the account.
    #[schema(required = false)]
    knowledgebases: Vec<String>,
}

/// The same, as the handler needs it.
pub(crate) struct CreateRequest {
    bases: Vec<BaseName>,
    identifiers: Identifiers,
    system: String,
    user: String,
    assistant: String,
}

impl FromFields for CreateRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            bases: base_names(fields).unwrap_or_default(),
            identifiers: identifiers::read(fields, &DIALOGUE),
            system: fields.kept_text("System", LONGEST_SYSTEM).unwrap_or_default(),
            user: fields.kept_text("User", LONGEST_NAME).unwrap_or_default(),
            assistant: fields.kept_text("Assistant", LONGEST_NAME).unwrap_or_default(),
        }
    }
}

/// A dialogue that was made, changed or deleted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = AssistantNames)]
pub(crate) struct ChannelNames {
    /// ID of the dialogue.
    #[serde(rename = "ID")]
    #[schema(example = "66bb5a0a-a125-4a7d-a22d-85527c82a590")]
    id: Uuid,
    /// Your own number for it; 0 = none.
    #[serde(rename = "ExternalID")]
    #[schema(example = 890)]
    external_id: i64,
    /// `Success`.
    #[schema(example = "Success")]
    status: &'static str,
}

impl From<Channel> for ChannelNames {
    fn from(channel: Channel) -> Self {
        Self { id: channel.id, external_id: channel.external_id, status: SUCCESS }
    }
}

/// Makes a dialogue with the assistant.
#[utoipa::path(
    post,
    path = "/v1/assistant/create",
    tag = "Assistants",
    operation_id = "assistant_create",
    request_body = CreateFields,
    responses(
        (status = 200, description = "Its identifiers.", body = ChannelNames),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn create(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<CreateRequest>,
) -> Result<Json<ChannelNames>, Problem> {
    let app = &server.app;
    let now = app.clock.now();
    let new = NewChannel {
        id: request.identifiers.id.unwrap_or_else(|| ids::uuid_at(now)),
        external_id: request.identifiers.external_id.unwrap_or_default(),
        system: request.system,
        user: request.user,
        assistant: request.assistant,
        bases: restriction(app, caller.account, &request.bases).await?,
    };
    channels::create(&app.db, caller.account, &new, now).await?;
    Ok(Json(ChannelNames { id: new.id, external_id: new.external_id, status: SUCCESS }))
}

/// What is to be changed of a dialogue; what is left out stays.
#[derive(Debug, ToSchema)]
#[schema(as = AssistantUpdateRequest, rename_all = "PascalCase")]
#[expect(dead_code, reason = "documents the fields; they are read into what the store takes")]
pub(crate) struct UpdateFields {
    /// ID of the dialogue; it or `ExternalID` is required.
    #[schema(rename = "ID", required = false)]
    id: Uuid,
    /// Your own number for the dialogue. Given together with `ID`, it becomes its number.
    #[schema(rename = "ExternalID", required = false)]
    external_id: i64,
    /// Instructions for the answers.
    #[schema(required = false)]
    system: String,
    /// Name of the one who asks.
    #[schema(required = false, example = "John Smith")]
    user: String,
    /// Name of the assistant.
    #[schema(required = false)]
    assistant: String,
    /// What the dialogue is about; the next answer brings it up to date.
    #[schema(required = false)]
    context: String,
    /// Whether it takes messages.
    #[schema(required = false)]
    is_active: bool,
    /// Extension: IDs or Codes of the knowledge bases that its answers may rest on; an empty list = all of the account.
    #[schema(required = false)]
    knowledgebases: Vec<String>,
}

/// The same, as the handler needs it.
pub(crate) struct UpdateRequest {
    identifiers: Identifiers,
    change: Change,
    bases: Option<Vec<BaseName>>,
}

impl FromFields for UpdateRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        let identifiers = identifiers::required(fields, &DIALOGUE);
        let change = Change {
            external_id: None,
            system: fields.kept_text("System", LONGEST_SYSTEM),
            user: fields.kept_text("User", LONGEST_NAME),
            assistant: fields.kept_text("Assistant", LONGEST_NAME),
            context: fields.kept_text("Context", LONGEST_CONTEXT),
            is_active: fields.boolean("IsActive"),
            bases: None,
        };
        Self { identifiers, change, bases: base_names(fields) }
    }
}

/// Changes a dialogue.
#[utoipa::path(
    post,
    path = "/v1/assistant/update",
    tag = "Assistants",
    operation_id = "assistant_update",
    request_body = UpdateFields,
    responses(
        (status = 200, description = "Its identifiers.", body = ChannelNames),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn update(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<UpdateRequest>,
) -> Result<Json<ChannelNames>, Problem> {
    let app = &server.app;
    let bases = match &request.bases {
        Some(names) => Some(restriction(app, caller.account, names).await?),
        None => None,
    };
    let change = Change { bases, ..request.change };
    let channel = channels::update(&app.db, caller.account, &request.identifiers, change, app.clock.now()).await?;
    Ok(Json(channel.into()))
}

/// Which dialogue is meant.
#[derive(Debug, ToSchema)]
#[schema(as = AssistantRequest, rename_all = "PascalCase")]
#[expect(dead_code, reason = "documents the fields; they are read into names")]
pub(crate) struct ChannelFields {
    /// ID of the dialogue; it or `ExternalID` is required.
    #[schema(rename = "ID", required = false, example = "66bb5a0a-a125-4a7d-a22d-85527c82a590")]
    id: Uuid,
    /// Your own number for the dialogue.
    #[schema(rename = "ExternalID", required = false)]
    external_id: i64,
}

/// The same, as the handler needs it.
pub(crate) struct ChannelRequest(Identifiers);

impl FromFields for ChannelRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(identifiers::required(fields, &DIALOGUE))
    }
}

/// Deletes a dialogue with everything that was said in it.
#[utoipa::path(
    post,
    path = "/v1/assistant/delete",
    tag = "Assistants",
    operation_id = "assistant_delete",
    request_body = ChannelFields,
    responses(
        (status = 200, description = "The identifiers that it had.", body = ChannelNames),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn delete(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(ChannelRequest(identifiers)): Input<ChannelRequest>,
) -> Result<Json<ChannelNames>, Problem> {
    let app = &server.app;
    Ok(Json(channels::delete(&app.db, caller.account, &identifiers, app.clock.now()).await?.into()))
}

/// A dialogue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = Assistant)]
pub(crate) struct ChannelInfo {
    /// ID of the dialogue.
    #[serde(rename = "ID")]
    #[schema(example = "66bb5a0a-a125-4a7d-a22d-85527c82a590")]
    id: Uuid,
    /// Your own number for it; 0 = none.
    #[serde(rename = "ExternalID")]
    #[schema(example = 890)]
    external_id: i64,
    /// Name of the one who asks.
    #[schema(example = "John Smith")]
    user: String,
    /// Name of the assistant.
    #[schema(example = "Sales assistant")]
    assistant: String,
    /// Instructions for the answers.
    #[schema(example = "You are a sales assistant at C-MES Solutions Ltd.")]
    system: String,
    /// What the dialogue is about.
    #[schema(example = "The parties are currently engaged in a regular conversation.")]
    context: String,
    /// Whether it takes messages.
    is_active: bool,
}

/// Returns all dialogues, oldest first.
#[utoipa::path(
    get,
    path = "/v1/assistant/list",
    tag = "Assistants",
    operation_id = "assistant_list",
    responses(
        (status = 200, description = "The dialogues.", body = [ChannelInfo]),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn list(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
) -> Result<Json<Vec<ChannelInfo>>, Problem> {
    let channels = cmes_store::channels::list(&server.app.db, caller.account).await.map_err(Error::from)?;
    let info = |channel: Channel| ChannelInfo {
        id: channel.id,
        external_id: channel.external_id,
        user: channel.user,
        assistant: channel.assistant,
        system: channel.system,
        context: channel.context,
        is_active: channel.is_active,
    };
    Ok(Json(channels.into_iter().map(info).collect()))
}
