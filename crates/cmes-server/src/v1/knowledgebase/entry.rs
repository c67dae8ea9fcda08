//! `knowledgebase/entry/…`: the articles of a knowledge base.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cmes_app::identifiers::{ARTICLE, BASE};
use cmes_app::knowledge::articles::{self, CreateArticle, UpdateArticle};
use cmes_app::knowledge::bases;
use cmes_store::articles::{Entry, Parent, State as Indexing, Which};
use cmes_store::identifiers::{Identifiers, Names};
use serde::Serialize;
use utoipa::ToSchema;

use super::identifiers::{
    self, ArticleIdentifierFields, BaseIdentifierFields, BaseNames, LARGEST_CODE, OwnNames, ParentIdentifierFields,
    ParentNames,
};
use super::{LONGEST_NAME, name};
use crate::Server;
use crate::idempotency::IdempotencyRecord;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};

/// Most articles of one part of a list.
const LARGEST_PAGE: i64 = 1_000;
/// Articles of one part of a list when nothing is said.
const USUAL_PAGE: usize = 100;

/// What an article is made with. Without a parent it stands at the top level.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = ArticleRequest)]
pub(crate) struct ArticleFields {
    #[serde(flatten)]
    base: BaseIdentifierFields,
    #[serde(flatten)]
    parent: ParentIdentifierFields,
    #[serde(flatten)]
    article: ArticleIdentifierFields,
    /// What it is called.
    #[schema(example = "C-MES Solutions Ltd. (Main)")]
    name: String,
    /// What it says: text or HTML.
    #[schema(required = false, example = "<p>C-MES is a software product integrated into ERP systems.</p>")]
    body: String,
}

/// The same, as the handler needs it.
pub(crate) struct CreateRequest {
    base: Identifiers,
    parent: Option<Identifiers>,
    article: Identifiers,
    name: String,
    body: String,
}

impl FromFields for CreateRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            base: identifiers::required(fields, &BASE),
            parent: identifiers::parent(fields),
            article: identifiers::read(fields, &ARTICLE),
            name: name(fields),
            body: fields.kept_text("Body", usize::MAX).unwrap_or_default(),
        }
    }
}

/// Makes an article. The answer comes when it is stored; search finds it a moment later.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/entry/create",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_entry_create",
    request_body = ArticleFields,
    responses(
        (status = 200, description = "Its names.", body = OwnNames),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn create(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    IdempotencyRecord(record): IdempotencyRecord,
    Input(request): Input<CreateRequest>,
) -> Result<Json<OwnNames>, Problem> {
    let app = &server.app;
    let base = bases::named(&app.db, caller.account, &request.base).await?;
    let new = CreateArticle {
        identifiers: request.article,
        parent: request.parent.map_or(Parent::Top, Parent::Named),
        name: &request.name,
        body: request.body,
        source: None,
    };
    let article = articles::create(&app.db, caller.account, &base, new, record, app.clock.now()).await?;
    app.queue.wake();
    Ok(Json(article.names.into()))
}

/// What is to be changed of the article that the first identifier names; the others become its own.
pub(crate) struct UpdateRequest {
    base: Identifiers,
    parent: Option<Identifiers>,
    article: Identifiers,
    name: Option<String>,
    body: Option<String>,
}

impl FromFields for UpdateRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            base: identifiers::required(fields, &BASE),
            parent: identifiers::parent(fields),
            article: identifiers::required(fields, &ARTICLE),
            name: fields.kept_name("Name", LONGEST_NAME),
            body: fields.kept_text("Body", usize::MAX),
        }
    }
}

/// Changes an article. The first of `ID`, `ExternalID` and `Code` finds it, others that are given become its own; a
/// parent, name or body that is left out stays.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/entry/update",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_entry_update",
    request_body = ArticleFields,
    responses(
        (status = 200, description = "Its names.", body = OwnNames),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn update(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<UpdateRequest>,
) -> Result<Json<OwnNames>, Problem> {
    let app = &server.app;
    let base = bases::named(&app.db, caller.account, &request.base).await?;
    let changes = UpdateArticle {
        parent: request.parent.map(Parent::Named),
        name: request.name.as_deref(),
        body: request.body,
        source: None,
    };
    let which = Which::Named(request.article);
    let article = articles::update(&app.db, caller.account, &base, which, changes, app.clock.now()).await?;
    app.queue.wake();
    Ok(Json(article.names.into()))
}

/// Which article is meant.
#[derive(Serialize, ToSchema)]
#[schema(as = ArticleLookup)]
pub(crate) struct LookupFields {
    #[serde(flatten)]
    base: BaseIdentifierFields,
    #[serde(flatten)]
    article: ArticleIdentifierFields,
}

/// The same, as the handler needs it.
pub(crate) struct LookupRequest {
    base: Identifiers,
    article: Identifiers,
}

impl FromFields for LookupRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { base: identifiers::required(fields, &BASE), article: identifiers::required(fields, &ARTICLE) }
    }
}

/// Deletes an article with everything below it; search does not find them any more.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/entry/delete",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_entry_delete",
    request_body = LookupFields,
    responses(
        (status = 200, description = "Its names.", body = OwnNames),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn delete(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<LookupRequest>,
) -> Result<Json<OwnNames>, Problem> {
    let app = &server.app;
    let base = bases::named(&app.db, caller.account, &request.base).await?;
    let names = articles::delete(&app.db, caller.account, &base, &request.article, app.clock.now()).await?;
    Ok(Json(names.into()))
}

/// An article, as a list tells it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = ArticleRecord)]
pub(crate) struct ArticleRecord {
    #[serde(flatten)]
    names: OwnNames,
    #[serde(flatten)]
    parent: ParentNames,
    /// What it is called.
    #[schema(example = "C-MES Solutions Ltd. (Main)")]
    name: String,
    /// Number of articles directly below it.
    entries_count: i64,
    /// Number of its tokens.
    tokens: i64,
    /// `Pending`: it is indexed soon, and search may find it by its words already; `Indexed`; `Failed`.
    #[schema(example = "Indexed")]
    state: &'static str,
    /// Why it could not be indexed.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

impl ArticleRecord {
    /// At the top level, an article stands below the base itself.
    fn new(entry: Entry, base: Names) -> Self {
        Self {
            names: entry.names.into(),
            parent: entry.parent.unwrap_or(base).into(),
            name: entry.name,
            entries_count: entry.children,
            tokens: entry.tokens,
            state: match entry.state {
                Indexing::Pending | Indexing::Words => "Pending",
                Indexing::Indexed => "Indexed",
                Indexing::Failed => "Failed",
            },
            failure: entry.failure,
        }
    }
}

/// An article with what it says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = Article)]
pub(crate) struct ArticleInfo {
    #[serde(flatten)]
    record: ArticleRecord,
    #[serde(flatten)]
    base: BaseNames,
    /// What it says, as it was given: text or HTML.
    body: String,
}

/// Returns an article (extension).
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/entry/info",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_entry_info",
    request_body = LookupFields,
    responses(
        (status = 200, description = "The article.", body = ArticleInfo),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn info(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<LookupRequest>,
) -> Result<Json<ArticleInfo>, Problem> {
    let db = &server.app.db;
    let base = bases::named(db, caller.account, &request.base).await?;
    let article = articles::info(db, caller.account, &base, &request.article).await?;
    Ok(Json(ArticleInfo {
        record: ArticleRecord::new(article.entry, base.names),
        base: base.names.into(),
        body: article.body,
    }))
}

/// Which articles are listed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = ArticleListRequest)]
pub(crate) struct ListFields {
    #[serde(flatten)]
    base: BaseIdentifierFields,
    #[serde(flatten)]
    parent: ParentIdentifierFields,
    /// The `Next` of the part before.
    #[schema(required = false)]
    after: i64,
    /// Most articles of a part.
    #[schema(required = false, default = 100, maximum = 1000)]
    limit: i64,
}

/// The same, as the handler needs it.
pub(crate) struct ListRequest {
    base: Identifiers,
    parent: Option<Identifiers>,
    after: i64,
    limit: usize,
}

impl FromFields for ListRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            base: identifiers::required(fields, &BASE),
            parent: identifiers::parent(fields),
            after: fields.integer("After", 0..=LARGEST_CODE).unwrap_or_default(),
            limit: fields
                .integer("Limit", 1..=LARGEST_PAGE)
                .and_then(|limit| usize::try_from(limit).ok())
                .unwrap_or(USUAL_PAGE),
        }
    }
}

/// A part of a list of articles.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = ArticleList)]
pub(crate) struct ArticlePage {
    /// The articles, in the order of their codes.
    entries: Vec<ArticleRecord>,
    /// What to send as `After` for the next part; it is missing in the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

/// Returns the articles of a knowledge base without what they say, in parts (extension): all of them, or with a parent
/// those that stand directly below it. The base itself as parent stands for the top level.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/entry/list",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_entry_list",
    request_body = ListFields,
    responses(
        (status = 200, description = "A part of the list.", body = ArticlePage),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn list(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<ListRequest>,
) -> Result<Json<ArticlePage>, Problem> {
    let db = &server.app.db;
    let base = bases::named(db, caller.account, &request.base).await?;
    let page = articles::list(db, caller.account, &base, request.parent, request.after, request.limit).await?;
    let entries = page.entries.into_iter().map(|entry| ArticleRecord::new(entry, base.names)).collect();
    Ok(Json(ArticlePage { entries, next: page.next }))
}
