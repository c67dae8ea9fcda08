//! What operators look at: health, metrics, problem pages, the reference page.

use serde_json::json;

use crate::support::{Engine, TestApp, on_both_engines};

#[test]
fn health_names_the_database() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = app.anonymous("GET", "/health").await;
        let name = match engine {
            Engine::Sqlite => "SQLite: ok",
            Engine::Postgres => "PostgreSQL: ok",
        };
        assert_eq!((answer.status.as_u16(), answer.json["database"].as_str()), (200, Some(name)));
        let nobody = json!({"provider": "none", "state": "tests have no model"});
        assert_eq!((&answer.json["language_model"], &answer.json["embeddings"]), (&nobody, &nobody));
        app.db.close().await;
        let answer = app.anonymous("GET", "/health").await;
        assert_eq!((answer.status.as_u16(), answer.json["status"].as_str()), (503, Some("failing")));
    });
}

#[test]
fn metrics_count_requests_by_route_not_by_path() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        app.call("GET", "/v1/echo", "").await;
        app.anonymous("GET", "/some/secret@example.com").await;
        let text = app.anonymous("GET", "/metrics").await.text;
        assert!(text.contains("cmes_http_requests_total{route=\"/v1/echo\",status=\"200\"} 1"), "{text}");
        assert!(text.contains("route=\"unmatched\",status=\"404\"} 1"), "{text}");
        assert!(!text.contains("secret"), "{text}");
        assert!(text.ends_with("# EOF\n"));
    });
}

#[test]
fn every_problem_type_has_a_page() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        for kind in cmes_server::problem::KINDS {
            let answer = app.anonymous("GET", &kind.kind.uri()).await;
            assert!(answer.status == 200 && answer.text.contains(kind.name), "{}", kind.name);
        }
        app.anonymous("GET", "/problems/none").await.problem(404, "not-found");
    });
}

#[test]
fn the_reference_page_needs_no_network() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let page = app.anonymous("GET", "/docs/").await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("//unpkg") && !page.text.contains("https://cdn"), "{}", page.text);
        let bundle = app.anonymous("GET", "/docs/swagger-ui-bundle.js").await;
        assert!(bundle.status == 200 && bundle.text.len() > 100_000);
        assert_eq!(app.anonymous("GET", "/").await.header("location"), "/docs/");
    });
}
