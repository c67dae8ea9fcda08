//! `knowledgebase/…`: knowledge bases, and in [`entry`] their articles.

pub(crate) mod entry;
mod identifiers;
pub(crate) mod import;
pub(crate) mod search;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cmes_app::identifiers::BASE;
use cmes_app::knowledge::bases;
use cmes_store::identifiers::Identifiers;
use cmes_store::knowledge_bases::{self, BaseChanges, KnowledgeBase, NewBase};
use serde::Serialize;
use utoipa::ToSchema;

use self::identifiers::{BaseIdentifierFields, BaseNames, OwnNames};
use crate::Server;
use crate::idempotency::IdempotencyRecord;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};

/// Longest name of a knowledge base or article, in characters.
const LONGEST_NAME: usize = 500;
/// Longest description of a knowledge base, in characters.
const LONGEST_DESCRIPTION: usize = 10_000;

/// What a knowledge base is made with; all but the name may be left out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = KnowledgebaseRequest)]
pub(crate) struct BaseFields {
    /// What it is called.
    #[schema(example = "C-MES Solutions Ltd")]
    name: String,
    /// What it is about.
    #[schema(required = false, example = "Company description for job of sales assistant robot")]
    body: String,
    #[serde(flatten)]
    identifiers: BaseIdentifierFields,
}

/// The same, as the handler needs it.
pub(crate) struct CreateRequest {
    identifiers: Identifiers,
    name: String,
    body: String,
}

impl FromFields for CreateRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        identifiers::allow_short_names(fields);
        Self {
            identifiers: identifiers::read(fields, &BASE),
            name: name(fields),
            body: fields.kept_text("Body", LONGEST_DESCRIPTION).unwrap_or_default(),
        }
    }
}

/// A name that has to be there.
fn name(fields: &mut Fields) -> String {
    let before = fields.faults();
    let name = fields.kept_name("Name", LONGEST_NAME);
    if name.is_none() && fields.faults() == before {
        fields.refuse("Name", "is required");
    }
    name.unwrap_or_default()
}

/// Makes a knowledge base.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/create",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_create",
    request_body = BaseFields,
    responses(
        (status = 200, description = "Its names.", body = BaseNames),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn create(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    IdempotencyRecord(record): IdempotencyRecord,
    Input(request): Input<CreateRequest>,
) -> Result<Json<BaseNames>, Problem> {
    let app = &server.app;
    let new = NewBase { identifiers: request.identifiers, name: &request.name, body: &request.body };
    Ok(Json(bases::create(&app.db, caller.account, new, record, app.clock.now()).await?.into()))
}

/// Which knowledge base is meant.
pub(crate) struct BaseRequest(Identifiers);

impl FromFields for BaseRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        identifiers::allow_short_names(fields);
        Self(identifiers::required(fields, &BASE))
    }
}

/// A knowledge base.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = Knowledgebase)]
pub(crate) struct BaseInfo {
    #[serde(flatten)]
    names: OwnNames,
    /// What it is called.
    #[schema(example = "C-MES Solutions Ltd")]
    name: String,
    /// What it is about.
    body: String,
    /// Its most telling words.
    #[schema(example = "c-mes collaborative manufacturing execution system software")]
    content: String,
    /// Number of its articles.
    #[schema(example = 64)]
    entries_count: i64,
    /// Number of tokens of its articles.
    #[schema(example = 16090)]
    tokens: i64,
    /// The same number.
    #[schema(example = 16090)]
    total_tokens: i64,
    /// Whether every article of it is indexed. An article that cannot be is not found, so it is false then too;
    /// `entry/list` says which one and why.
    is_indexed: bool,
}

impl From<KnowledgeBase> for BaseInfo {
    fn from(base: KnowledgeBase) -> Self {
        Self {
            names: base.names.into(),
            name: base.name,
            body: base.body,
            content: base.content,
            entries_count: base.articles,
            tokens: base.tokens,
            total_tokens: base.tokens,
            is_indexed: base.is_indexed,
        }
    }
}

/// Returns a knowledge base.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/info",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_info",
    request_body = BaseIdentifierFields,
    responses(
        (status = 200, description = "The knowledge base.", body = BaseInfo),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn info(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(BaseRequest(identifiers)): Input<BaseRequest>,
) -> Result<Json<BaseInfo>, Problem> {
    Ok(Json(bases::info(&server.app.db, caller.account, &identifiers).await?.into()))
}

/// Returns all knowledge bases, in order of making.
#[utoipa::path(
    get,
    path = "/v1/knowledgebase/list",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_list",
    responses(
        (status = 200, description = "The knowledge bases.", body = [BaseInfo]),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn list(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
) -> Result<Json<Vec<BaseInfo>>, Problem> {
    let bases = knowledge_bases::list(&server.app.db, caller.account, None).await.map_err(cmes_app::Error::from)?;
    Ok(Json(bases.into_iter().map(BaseInfo::from).collect()))
}

/// What is to be changed of the knowledge base that the first identifier names; the others become its own.
pub(crate) struct UpdateRequest {
    identifiers: Identifiers,
    name: Option<String>,
    body: Option<String>,
}

impl FromFields for UpdateRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        identifiers::allow_short_names(fields);
        Self {
            identifiers: identifiers::required(fields, &BASE),
            name: fields.kept_name("Name", LONGEST_NAME),
            body: fields.kept_text("Body", LONGEST_DESCRIPTION),
        }
    }
}

/// Changes a knowledge base (extension). The first identifier finds it, others that are given become its own; a name
/// or description that is left out stays.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/update",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_update",
    request_body = BaseFields,
    responses(
        (status = 200, description = "Its names.", body = BaseNames),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn update(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<UpdateRequest>,
) -> Result<Json<BaseNames>, Problem> {
    let app = &server.app;
    let changes = BaseChanges { name: request.name.as_deref(), body: request.body.as_deref() };
    let names = bases::update(&app.db, caller.account, &request.identifiers, &changes, app.clock.now()).await?;
    Ok(Json(names.into()))
}

/// What was deleted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = KnowledgebaseDeleted)]
pub(crate) struct Deleted {
    #[serde(flatten)]
    names: BaseNames,
    /// That it worked.
    #[schema(example = "Success")]
    status: &'static str,
}

/// Deletes a knowledge base with all its articles.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/delete",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_delete",
    request_body = BaseIdentifierFields,
    responses(
        (status = 200, description = "It is deleted.", body = Deleted),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn delete(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(BaseRequest(identifiers)): Input<BaseRequest>,
) -> Result<Json<Deleted>, Problem> {
    let app = &server.app;
    let names = bases::delete(&app.db, caller.account, &identifiers, app.clock.now()).await?;
    Ok(Json(Deleted { names: names.into(), status: "Success" }))
}
