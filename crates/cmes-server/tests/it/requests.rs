//! The rules for every request (`spec`, §1): keys, fields, bodies, statuses.

use std::time::Duration;

use axum::body::Body;
use cmes_types::{Clock, Timestamp};
use http::{Request, header};
use serde_json::json;

use crate::support::{Answer, TestApp, on_both_engines};

async fn with_authorization(app: &TestApp, value: &[u8]) -> Answer {
    let request = Request::get("/v1/echo").header(header::AUTHORIZATION, value).body(Body::empty()).expect("a request");
    app.send(request).await
}

#[test]
fn without_a_bearer_key_it_is_401() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = app.anonymous("GET", "/v1/echo").await;
        let detail = answer.problem(401, "unauthenticated");
        assert!(detail.contains("Authorization: Bearer"), "{detail}");
        assert_eq!(answer.json["title"], "Authorization error");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        for value in [&b"Basic dXNlcjpwYXNz"[..], b"Bearer", b"Bearer ", b"Bearer \xff\xfe", b"apikey-123"] {
            with_authorization(&app, value).await.problem(401, "unauthenticated");
        }
    });
}

#[test]
fn a_key_that_is_not_valid_is_403() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = with_authorization(&app, b"Bearer apikey-00000000000000000000000000000000000").await;
        answer.problem(403, "key-not-valid");
        assert_eq!(answer.json["title"], "API Key is not valid");
        with_authorization(&app, b"Bearer x").await.problem(403, "key-not-valid");

        let soon = Timestamp::from_milliseconds(app.clock.now().milliseconds() + 500);
        let expiring = app.another_key("demo@example.com", Some(soon)).await;
        assert_eq!(app.call_with(&expiring, "GET", "/v1/echo", "").await.status, 200);
        // Expiry is exact even for a key that was seen a moment ago.
        app.clock.advance(Duration::from_millis(500));
        app.call_with(&expiring, "GET", "/v1/echo", "").await.problem(403, "key-not-valid");
    });
}

#[test]
fn a_revoked_key_ends_within_a_second_and_no_other_does() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let other = app.another_key("demo@example.com", None).await;
        assert_eq!(app.call_with(&other, "GET", "/v1/echo", "").await.status, 200);
        let keys = cmes_store::keys::list(&app.db, None).await.expect("keys");
        let id = keys.iter().find(|key| key.masked == cmes_app::authentication::mask(&other)).expect("the key").id;
        cmes_app::accounts::revoke_key(&app.db, id, app.clock.now()).await.expect("revoked");
        app.clock.advance(Duration::from_secs(1));
        app.call_with(&other, "GET", "/v1/echo", "").await.problem(403, "key-not-valid");
        assert_eq!(app.call("GET", "/v1/echo", "").await.status, 200);
    });
}

#[test]
fn a_closed_account_has_no_valid_keys() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let close = "update accounts set closed_at = 1";
        match &app.db {
            cmes_store::Db::Sqlite(sqlite) => drop(sqlx::query(close).execute(&sqlite.writer).await.expect("closed")),
            cmes_store::Db::Postgres(pool) => drop(sqlx::query(close).execute(pool).await.expect("closed")),
        }
        app.call("GET", "/v1/echo", "").await.problem(403, "key-not-valid");
    });
}

#[test]
fn bodies_are_read_tolerantly() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        // DryRun answers without reading anything from the web.
        for body in [
            r#"{"Content": "x", "DryRun": true}"#,
            r#"{"CONTENT": "x", "dryrun": "TRUE"}"#,
            "{\"content\": \"a \\\n b\", \"DryRun\": true,}",
            "\u{feff}{\"Content\": \"x\", // why\n \"DryRun\": true, \"Exceptions\": null}",
        ] {
            let answer = app.post("/v1/enrichment", body).await;
            assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, DRY_RUN), "{body}");
            assert_eq!(answer.header("ignored-fields"), "");
        }
        let answer = app.post("/v1/enrichment", r#"{"Content": "x", "DryRun": true, "Langage": "de", "a b": 1}"#).await;
        assert_eq!((answer.status.as_u16(), answer.header("ignored-fields")), (200, "Langage, a%20b"));
    });
}

const DRY_RUN: &str =
    r#"{"DryRun":true,"Price":0.1,"Currency":"GBP","Description":"Price per successfully enriched lead"}"#;

#[test]
fn bodies_that_are_no_object_are_405() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        for body in [
            &b"{"[..],
            b"[]",
            b"\"text\"",
            b"{'Content': 'x'}",
            b"{ \"ID\" = \"57bb5a9a\" }",
            b"{ \"ChannelID\": \"66\" \"externalid\": 1877 }",
            b"\xff\xfe{\x00}\x00",
        ] {
            let answer = app.post("/v1/enrichment", body).await;
            let detail = answer.problem(405, "bad-json");
            assert_eq!(answer.json["title"], "Error in request");
            assert!(!detail.is_empty());
        }
        let deep = "[".repeat(100_000);
        app.post("/v1/enrichment", format!("{{\"a\": {deep}")).await.problem(405, "bad-json");
    });
}

#[test]
fn fields_at_fault_are_all_named() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        app.post("/v1/enrichment", "").await.problem(405, "invalid-field");
        let body = r#"{"content": 5, "LanguageCode": "klingon", "Asynch": "maybe", "Explain": 1, "Exceptions": ["a"]}"#;
        let answer = app.post("/v1/enrichment", body).await;
        answer.problem(405, "invalid-field");
        let mut fields: Vec<_> =
            answer.json["errors"].as_array().expect("a list").iter().map(|e| e["field"].clone()).collect();
        fields.sort_by_key(ToString::to_string);
        assert_eq!(
            fields,
            [json!("Asynch"), json!("Content"), json!("Exceptions"), json!("Explain"), json!("LanguageCode")]
        );
        let answer = app.post("/v1/enrichment", r#"{"Content": "a", "content": "b"}"#).await;
        let detail = answer.problem(405, "duplicate-field");
        assert!(detail.contains("Content") && detail.contains("content"), "{detail}");
    });
}

#[test]
fn a_wrong_method_is_405_with_allow_and_a_wrong_path_404() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = app.call("GET", "/v1/enrichment", "").await;
        answer.problem(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), "POST");
        let answer = app.call("DELETE", "/v1/info/tariffs", "").await;
        answer.problem(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), "GET,HEAD");
        for path in ["/v1", "/v1/", "/v2/echo", "/v1/echo/more", "/nothing"] {
            app.call("POST", path, "").await.problem(404, "not-found");
        }
    });
}

#[test]
fn every_answer_has_an_id_of_its_own() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let (a, b) = (app.call("GET", "/v1/echo", "").await, app.anonymous("GET", "/nothing").await);
        let id = |answer: &Answer| uuid::Uuid::parse_str(answer.header("request-id")).expect("a UUID");
        assert_ne!(id(&a), id(&b));
        assert_eq!(id(&a).get_version_num(), 7);
    });
}

#[test]
fn tariffs_need_no_key_and_match_the_reference() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = app.anonymous("GET", "/v1/info/tariffs").await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.text,
            r#"[{"Method":"/v1/leadgeneration","Description":"Price per generated lead","PriceRules":"","PriceGBP":0.1,"PriceEUR":0.1196988,"PriceUSD":0.1340148},{"Method":"/v1/enrichment","Description":"Price per successfully enriched lead","PriceRules":"","PriceGBP":0.1,"PriceEUR":0.1196988,"PriceUSD":0.1340148}]"#
        );
    });
}
