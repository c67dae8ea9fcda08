//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Path};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderValue, header};

use crate::problem::{self, Kind, Problem};
use crate::{Server, context, health, openapi, v1};

/// Every route, with what surrounds it.
pub fn router(server: &Arc<Server>) -> Router {
    let document: Arc<str> = openapi::json(server.options.public_url.as_deref()).into();
    let reference = utoipa_swagger_ui::SwaggerUi::new("/docs").config(utoipa_swagger_ui::Config::from("/openapi.json"));
    Router::new()
        .route("/v1/assistant/create", post(v1::assistant::create))
        .route("/v1/assistant/update", post(v1::assistant::update))
        .route("/v1/assistant/delete", post(v1::assistant::delete))
        .route("/v1/assistant/history", post(v1::assistant::history::history))
        .route("/v1/assistant/message", post(v1::assistant::message::message))
        .route("/v1/assistant/list", get(v1::assistant::list))
        .route("/v1/enrichment", post(v1::enrichment::enrichment))
        .route("/v1/leadgeneration", post(v1::leadgeneration::leadgeneration))
        .route("/v1/getresult", post(v1::tasks::getresult).get(v1::tasks::getresult_by_query))
        .route("/v1/getresult/events", get(v1::tasks::getresult_events))
        .route("/v1/cancel", post(v1::tasks::cancel))
        .route("/v1/knowledgebase/create", post(v1::knowledgebase::create))
        .route("/v1/knowledgebase/info", post(v1::knowledgebase::info))
        .route("/v1/knowledgebase/list", get(v1::knowledgebase::list).post(v1::knowledgebase::list))
        .route("/v1/knowledgebase/update", post(v1::knowledgebase::update))
        .route("/v1/knowledgebase/delete", post(v1::knowledgebase::delete))
        .route("/v1/knowledgebase/search", post(v1::knowledgebase::search::search))
        .route("/v1/knowledgebase/entry/create", post(v1::knowledgebase::entry::create))
        .route("/v1/knowledgebase/entry/import", post(v1::knowledgebase::import::import))
        .route("/v1/knowledgebase/entry/info", post(v1::knowledgebase::entry::info))
        .route("/v1/knowledgebase/entry/list", post(v1::knowledgebase::entry::list))
        .route("/v1/knowledgebase/entry/update", post(v1::knowledgebase::entry::update))
        .route("/v1/knowledgebase/entry/delete", post(v1::knowledgebase::entry::delete))
        .route("/v1/info/balance", get(v1::info::balance))
        .route("/v1/info/statistics", post(v1::info::statistics))
        .route("/v1/info/tariffs", get(v1::info::tariffs))
        .route("/v1/echo", post(v1::echo::echo).get(v1::echo::echo))
        .route("/health", get(health::health))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(async move || json(&document)))
        .route("/problems/{name}", get(problem_page))
        .route("/", get(async || Redirect::temporary("/docs/")))
        .merge(reference)
        .method_not_allowed_fallback(wrong_method)
        .fallback(no_such_path)
        .layer(axum::middleware::from_fn_with_state(server.clone(), context::around))
        .with_state(server.clone())
}

fn json(text: &str) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text.to_owned()).into_response()
}

async fn problem_page(Path(name): Path<String>) -> Response {
    match problem::page(&name) {
        Some(page) => Html(page).into_response(),
        None => no_such_path().await.into_response(),
    }
}

async fn no_such_path() -> Problem {
    Problem::new(Kind::NotFound, "there is no method at this path; the reference is at /docs/")
}

async fn wrong_method(path: MatchedPath) -> Problem {
    Problem::new(
        Kind::MethodNotAllowed,
        format!("{} does not take this HTTP method; see the header Allow", path.as_str()),
    )
}
