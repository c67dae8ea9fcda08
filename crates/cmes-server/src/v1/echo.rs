//! `echo`: what of a request arrives at the server.

use axum::Json;
use http::{HeaderMap, Method, Uri, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::input::{Authenticated, ClientIp, RawBody};
use crate::problem::{Problem, ProblemDocument};

/// What the server received.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Echo {
    /// HTTP method of the request.
    #[schema(example = "POST")]
    request_type: String,
    /// The API key, masked.
    #[schema(example = "apikey-55*******************************91")]
    api_key: String,
    /// Value of the header Content-Type.
    #[serde(rename = "Content-Type")]
    #[schema(example = "application/json")]
    content_type: String,
    /// Path of the method.
    #[schema(example = "/v1/echo")]
    method: String,
    /// Length of the body in bytes; the reference spells it so.
    #[serde(rename = "Content-Lenght")]
    #[schema(example = 88)]
    content_length: usize,
    /// That it worked.
    status: &'static str,
    /// Address of the client.
    #[serde(rename = "IP")]
    ip: String,
    /// The body.
    request_body: String,
}

/// Returns the request.
#[utoipa::path(
    method(get, post),
    path = "/v1/echo",
    tag = "Info",
    operation_id = "echo",
    request_body(content = String, description = "Any data.", content_type = "application/json"),
    responses(
        (status = 200, description = "What the server received.", body = Echo),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn echo(
    caller: Authenticated,
    ClientIp(ip): ClientIp,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Result<Json<Echo>, Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    Ok(Json(Echo {
        request_type: method.to_string(),
        api_key: caller.masked.clone(),
        content_type: content_type.unwrap_or_default(),
        method: uri.path().to_owned(),
        content_length: body.len(),
        status: "The request was successfully completed",
        ip: ip.map(|ip| ip.to_string()).unwrap_or_default(),
        request_body: String::from_utf8_lossy(&body).into_owned(),
    }))
}
