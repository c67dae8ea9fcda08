//! The OpenAPI document and the pages made from tables are checked in.

use cmes_server::ServerOptions;

use crate::support::{Engine, TestApp};

fn checked_in(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    std::fs::read_to_string(path).expect("a file made by `cargo xtask generate`")
}

#[test]
fn the_document_is_the_checked_in_one() {
    assert!(cmes_server::openapi::json(None) == checked_in("openapi.json"), "run `cargo xtask generate` and commit");
    assert!(cmes_server::problem::markdown() == checked_in("problems.md"), "run `cargo xtask generate` and commit");
}

#[tokio::test]
async fn the_document_is_served_and_names_every_method() {
    let app = TestApp::new(Engine::Sqlite).await;
    let answer = app.anonymous("GET", "/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.json["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for path in [
        "/v1/assistant/create",
        "/v1/assistant/update",
        "/v1/assistant/delete",
        "/v1/assistant/history",
        "/v1/assistant/message",
        "/v1/assistant/list",
        "/v1/enrichment",
        "/v1/getresult",
        "/v1/getresult/events",
        "/v1/cancel",
        "/v1/info/balance",
        "/v1/info/statistics",
        "/v1/info/tariffs",
        "/v1/echo",
        "/health",
    ] {
        assert!(answer.json["paths"][path].is_object(), "{path}");
    }
    let fields = &answer.json["components"]["schemas"]["CompanyData"]["properties"];
    assert!(fields["SocialNetsLinks"].is_object() && fields["EstimatedBudget"].is_object(), "{fields}");
    assert!(answer.json["components"]["schemas"]["EnrichmentRequest"]["properties"]["LanguageCode"].is_object());
}

#[tokio::test]
async fn the_document_names_the_servers_public_address() {
    let options = ServerOptions { public_url: Some("https://cmes.example.com/".into()), ..ServerOptions::default() };
    let app = TestApp::with(Engine::Sqlite, options, false).await;
    let answer = app.anonymous("GET", "/openapi.json").await;
    assert_eq!(answer.json["servers"][0]["url"], "https://cmes.example.com");
}
