//! `/health` for load balancers, `/metrics` for Prometheus.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cmes_models::Serving;
use http::{StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Server;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`, `stopping` or `failing`.
    status: &'static str,
    /// Version of the program.
    version: &'static str,
    /// Engine of the database and whether it answers.
    database: String,
    /// Who writes the descriptive texts. Without one they are the site's own sentences, which is no failure.
    language_model: ModelHealth,
    /// Who finds texts by their meaning. Without one they are found by words alone.
    embeddings: ModelHealth,
}

/// What serves as a model in this process.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelHealth {
    /// `embedded`, `openai` or `none`.
    provider: &'static str,
    /// Name of the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// `ready`, or why not.
    state: String,
}

impl From<Serving> for ModelHealth {
    fn from(serving: Serving) -> ModelHealth {
        ModelHealth { provider: serving.provider, model: serving.model, state: serving.state }
    }
}

/// Whether the server can serve.
#[utoipa::path(
    get,
    path = "/health",
    tag = "Operation",
    operation_id = "health",
    responses(
        (status = 200, description = "It can.", body = Health),
        (status = 503, description = "It is stopping, or its database does not answer.", body = Health),
    )
)]
pub(crate) async fn health(State(server): State<Arc<Server>>) -> Response {
    let db = &server.app.db;
    let answers = tokio::time::timeout(Duration::from_secs(3), db.ping()).await.is_ok_and(|ping| ping.is_ok());
    let status = match (server.is_stopping(), answers) {
        (true, _) => "stopping",
        (false, true) => "ok",
        (false, false) => "failing",
    };
    let database = format!("{}: {}", db.engine(), if answers { "ok" } else { "does not answer" });
    let code = if status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let models = &server.app.models;
    let health = Health {
        status,
        version: env!("CARGO_PKG_VERSION"),
        database,
        language_model: models.chat_serving().into(),
        embeddings: models.embedder_serving().into(),
    };
    (code, Json(health)).into_response()
}

/// The figures of this process in the OpenMetrics text format.
pub(crate) async fn metrics(State(server): State<Arc<Server>>) -> Response {
    // Without an answer of the database the last lengths stand.
    if let Ok(Ok(counts)) = tokio::time::timeout(Duration::from_secs(3), cmes_store::jobs::counts(&server.app.db)).await
    {
        server.metrics.set_jobs(&counts);
    }
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], server.metrics.text()).into_response()
}
