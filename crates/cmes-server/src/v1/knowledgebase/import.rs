//! `knowledgebase/entry/import`: files and web pages become articles.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use cmes_app::identifiers::{ARTICLE, BASE};
use cmes_app::knowledge::import::{self, Import, LONGEST_SOURCE, MOST_PAGES, Origin, USUAL_PAGES};
use cmes_app::knowledge::{articles, bases};
use cmes_app::tasks::Work;
use cmes_store::identifiers::Identifiers;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::LONGEST_NAME;
use super::identifiers::{self, ArticleIdentifierFields, BaseIdentifierFields, ParentIdentifierFields};
use crate::Server;
use crate::idempotency::IdempotencyRecord;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};
use crate::v1::tasks::{self, Accepted, Delivery};

/// What is imported: a file, or what is at an address. Identifiers and name of an article are for a single one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = ImportRequest)]
pub(crate) struct ImportFields {
    #[serde(flatten)]
    base: BaseIdentifierFields,
    #[serde(flatten)]
    parent: ParentIdentifierFields,
    #[serde(flatten)]
    article: ArticleIdentifierFields,
    /// What the article is called; by default the name of the file, or the title of the page.
    #[schema(required = false)]
    name: String,
    /// A file as Base64: PDF, DOCX, XLSX, ODT, ODS, HTML, Markdown, CSV or text.
    #[schema(required = false, example = "UHVtcCBQNyBtb3ZlcyAzMCBtwrMvaC4=")]
    file: String,
    /// Its name; by it, importing again finds the article. Folders in it become sections.
    #[schema(required = false, example = "manuals/p7.txt")]
    file_name: String,
    /// Instead of a file: address of a page, a file or a sitemap.
    #[serde(rename = "URL")]
    #[schema(required = false)]
    url: String,
    /// Most pages of a sitemap.
    #[schema(required = false, default = 500, maximum = 5000)]
    max_pages: i64,
    /// Whether articles imported from the sitemap's site are deleted when it does not name them any more.
    #[schema(required = false, default = false)]
    remove_missing: bool,
    /// Whether to answer at once with a task's ID, for `getresult`.
    #[schema(required = false, default = false)]
    asynch: bool,
    /// Address that is told about the end (http or https).
    #[serde(rename = "OutWebHook")]
    #[schema(required = false)]
    out_web_hook: String,
    /// Do nothing, return the price.
    #[schema(required = false, default = false)]
    dry_run: bool,
}

/// The same, as the handler needs it.
pub(crate) struct ImportRequest {
    base: Identifiers,
    parent: Option<Identifiers>,
    article: Identifiers,
    name: Option<String>,
    from: Option<Origin>,
    max_pages: usize,
    remove_missing: bool,
    delivery: Delivery,
}

impl FromFields for ImportRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        fields.alias("Content", "File");
        Self {
            base: identifiers::required(fields, &BASE),
            parent: identifiers::parent(fields),
            article: identifiers::read(fields, &ARTICLE),
            name: fields.kept_name("Name", LONGEST_NAME),
            from: origin(fields),
            max_pages: fields
                .integer("MaxPages", 1..=i64::try_from(MOST_PAGES).unwrap_or(i64::MAX))
                .and_then(|pages| usize::try_from(pages).ok())
                .unwrap_or(USUAL_PAGES),
            remove_missing: fields.boolean("RemoveMissing").unwrap_or_default(),
            delivery: Delivery::from_fields(fields, false),
        }
    }
}

fn origin(fields: &mut Fields) -> Option<Origin> {
    let content = fields.text("File", usize::MAX).filter(|content| !content.trim().is_empty());
    let name = fields.text("FileName", LONGEST_SOURCE).unwrap_or_default();
    let url = fields.text("URL", LONGEST_SOURCE).filter(|url| !url.trim().is_empty());
    match (content, url) {
        (Some(_), Some(_)) => fields.refuse("URL", "cannot be given together with File; give one of the two"),
        (None, None) => fields.refuse("File", "is required, or URL"),
        (Some(content), None) => {
            if import::source_of(&name).is_empty() {
                fields.refuse("FileName", "is required with File: by it, importing again finds the article");
            }
            return Some(Origin::File { name, content });
        }
        (None, Some(text)) => {
            let origin = Origin::at(&text);
            if origin.is_none() {
                fields.refuse("URL", "takes an address that begins with http:// or https://");
            }
            return origin;
        }
    }
    None
}

/// What became of what was imported.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ImportAnswer {
    /// Each file or page.
    entries: Vec<ImportedEntry>,
    /// How many new articles there are.
    created: i64,
    /// How many articles say something else than before.
    updated: i64,
    /// How many say what they said before.
    unchanged: i64,
    /// How many files or pages could not be read.
    failed: i64,
    /// How many articles were deleted.
    removed: i64,
}

/// A file or page and what became of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ImportedEntry {
    /// Name of the file, or address.
    #[schema(example = "manuals/p7.txt")]
    source: String,
    /// `Created`, `Updated`, `Unchanged`, `Failed` or `Removed`.
    #[schema(example = "Created")]
    status: String,
    /// The UUID of its article.
    #[serde(rename = "ID")]
    #[schema(required = false)]
    id: Uuid,
    /// Your own number of it; 0 = none.
    #[serde(rename = "ExternalID")]
    #[schema(required = false)]
    external_id: i64,
    /// Its number in your account.
    #[schema(required = false, example = 2141)]
    code: i64,
    /// What it is called, when that was decided now.
    #[schema(required = false, example = "p7")]
    name: String,
    /// Why it failed.
    #[schema(required = false)]
    reason: String,
}

/// Imports a file, a page or a sitemap (extension). What was imported before is changed where it has changed.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/entry/import",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_entry_import",
    request_body = ImportFields,
    responses(
        (status = 200, description = "What became of each file or page; with `DryRun`, the price.", body = ImportAnswer),
        (status = 202, description = "With `Asynch`: the task's identifier.", body = Accepted),
        (status = 405, description = "Error in request; also when a single file or page cannot be read.",
         body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn import(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    record: IdempotencyRecord,
    Input(request): Input<ImportRequest>,
) -> Result<Response, Problem> {
    let app = &server.app;
    let base = bases::named(&app.db, caller.account, &request.base).await?;
    let parent = match request.parent {
        Some(given) => articles::parent(&app.db, caller.account, &base, given).await?,
        None => None,
    };
    let Some(from) = request.from else { return Err(cmes_app::Error::field("File", "is required, or URL").into()) };
    if let Origin::File { content, .. } = &from {
        // A task that can only fail is not begun.
        import::decoded(content)?;
    }
    let import = Import {
        base: base.names.id,
        parent,
        id: request.article.id,
        external_id: request.article.external_id,
        code: request.article.code,
        name: request.name,
        from,
        remove_missing: request.remove_missing,
        max_pages: request.max_pages,
    };
    tasks::answer(&server, &caller, record, Work::Import(import), None, request.delivery).await
}
