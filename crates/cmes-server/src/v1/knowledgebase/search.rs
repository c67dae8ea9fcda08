//! `knowledgebase/search` (extension): the passages that answer a question best.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cmes_app::identifiers::{ARTICLE, BASE};
use cmes_app::knowledge::search::{self, Found, FoundPassage, LONGEST_QUERY, MOST_PASSAGES, Search};
use cmes_store::identifiers::Identifiers;
use serde::Serialize;
use utoipa::ToSchema;

use super::identifiers::{self, ArticleIdentifierFields, BaseIdentifierFields, BaseNames, OwnNames};
use crate::Server;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};

/// Passages of an answer when nothing is said.
const USUAL_PASSAGES: usize = 10;

/// What is searched for, and where: in a knowledge base, in all of the account when none is named, or in an article
/// with everything below it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = SearchRequest)]
pub(crate) struct SearchFields {
    /// A question, words, an article number, or a phrase in quotes, in any language; at most 4,000 characters.
    #[schema(example = "How often is the filter of the P-7 changed?")]
    query: String,
    #[serde(flatten)]
    base: BaseIdentifierFields,
    #[serde(flatten)]
    article: ArticleIdentifierFields,
    /// Most passages, from 1 to 100.
    #[schema(required = false, default = 10)]
    limit: i64,
}

/// The same, as the handler needs it.
pub(crate) struct SearchRequest {
    query: String,
    base: Identifiers,
    article: Identifiers,
    limit: usize,
}

impl FromFields for SearchRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        let most = i64::try_from(MOST_PASSAGES).unwrap_or(i64::MAX);
        let limit = fields.integer("Limit", 1..=most).and_then(|limit| usize::try_from(limit).ok());
        Self {
            query: fields.required_text("Query", LONGEST_QUERY),
            base: identifiers::read(fields, &BASE),
            article: identifiers::read(fields, &ARTICLE),
            limit: limit.unwrap_or(USUAL_PASSAGES),
        }
    }
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = SearchAnswer)]
pub(crate) struct SearchAnswer {
    /// The best first; empty when nothing fits.
    passages: Vec<Passage>,
    /// What was compared: `WordsAndMeaning`, or `Words` alone when no model of meanings is configured or it did not
    /// answer in time.
    #[schema(example = "WordsAndMeaning")]
    searched_by: &'static str,
    /// Whether all that is stored there could be found; false while articles are being indexed.
    is_indexed: bool,
}

/// A part of an article.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = SearchPassage)]
pub(crate) struct Passage {
    #[serde(flatten)]
    article: OwnNames,
    /// What the article is called.
    #[schema(example = "Filters")]
    name: String,
    /// The sections, the article and the headings above the passage, outermost first.
    #[schema(example = "Pumps > P-7 > Filters")]
    context: String,
    /// What it says.
    #[schema(example = "The filter is changed every 500 hours.")]
    text: String,
    /// How well it fits, from 0 to 1; comparable within one answer.
    #[schema(example = 0.8123)]
    score: f64,
    #[serde(flatten)]
    base: BaseNames,
    /// What the knowledge base is called.
    #[schema(example = "C-MES Solutions Ltd")]
    knowledgebase_name: String,
}

impl From<FoundPassage> for Passage {
    fn from(found: FoundPassage) -> Self {
        Self {
            article: found.article.into(),
            name: found.article_name,
            context: found.context,
            text: found.text,
            score: (f64::from(found.score) * 1e4).round() / 1e4,
            base: found.base.into(),
            knowledgebase_name: found.base_name,
        }
    }
}

impl From<Found> for SearchAnswer {
    fn from(found: Found) -> Self {
        Self {
            passages: found.passages.into_iter().map(Passage::from).collect(),
            searched_by: if found.by_meaning { "WordsAndMeaning" } else { "Words" },
            is_indexed: found.is_indexed,
        }
    }
}

/// Finds the passages that answer a question best (extension), by their words and their meaning, also across languages.
#[utoipa::path(
    post,
    path = "/v1/knowledgebase/search",
    tag = "Knowledge bases",
    operation_id = "knowledgebase_search",
    request_body = SearchFields,
    responses(
        (status = 200, description = "The passages.", body = SearchAnswer),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn search(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<SearchRequest>,
) -> Result<Json<SearchAnswer>, Problem> {
    let app = &server.app;
    let within = search::named(&app.db, caller.account, &request.base, &request.article).await?;
    let asked =
        Search { query: &request.query, within: within.as_ref().map(std::slice::from_ref), limit: request.limit };
    Ok(Json(search::search(app, caller.account, &asked).await?.into()))
}
