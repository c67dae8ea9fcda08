//! `Idempotency-Key`: repeated requests have one effect and one answer.

use std::time::Duration;

use http::{Request, header};
use serde_json::json;

use crate::support::{TestApp, on_both_engines};

const SITE: &str = r#"{"Content": "nordwind-pumpen.example"}"#;

#[test]
fn the_first_answer_is_repeated_for_a_day_and_costs_nothing() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let first = app.post_with_key("a", "/v1/enrichment", SITE).await;
        assert_eq!(
            (first.status.as_u16(), first.header("charge"), first.header("idempotent-replayed")),
            (200, "0.1 GBP", "")
        );
        let again = app.post_with_key("a", "/v1/enrichment", SITE).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!((again.header("charge"), again.header("idempotent-replayed")), ("", "true"));
        assert_eq!(again.header("content-type"), first.header("content-type"));
        assert_ne!(again.header("request-id"), first.header("request-id"));
        assert_eq!(app.balance().await, "24.9");
        app.clock.advance(Duration::from_secs(24 * 3600 + 1));
        let later = app.post_with_key("a", "/v1/enrichment", SITE).await;
        assert_eq!((later.header("idempotent-replayed"), app.balance().await.as_str()), ("", "24.8"));
        app.verified().await;
    });
}

#[test]
fn errors_are_repeated_too() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let first = app.post_with_key("e", "/v1/enrichment", r#"{"Content": "hello"}"#).await;
        first.problem(405, "nothing-to-enrich");
        let again = app.post_with_key("e", "/v1/enrichment", r#"{"Content": "hello"}"#).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.header("content-type"), "application/problem+json");
        // Any POST: also those that are no tasks.
        let echo = app.post_with_key("e2", "/v1/echo", "x").await;
        assert_eq!(app.post_with_key("e2", "/v1/echo", "x").await.text, echo.text);
    });
}

#[test]
fn an_answer_too_large_to_be_kept_is_given_anew() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let large = "x".repeat(1_100_000);
        for _ in 0..2 {
            let answer = app.post_with_key("large", "/v1/echo", large.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.header("idempotent-replayed")), (200, ""));
        }
        app.post_with_key("large", "/v1/echo", "y").await.problem(405, "idempotency-key-reused");
    });
}

#[test]
fn another_request_with_the_same_key_is_refused() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        app.post_with_key("a", "/v1/echo", "x").await;
        app.post_with_key("a", "/v1/echo", "y").await.problem(405, "idempotency-key-reused");
        app.post_with_key("a", "/v1/echo?z", "x").await.problem(405, "idempotency-key-reused");
        // Another account's keys are its own; without a key everything is new.
        let other = app.new_key("other@example.com").await;
        let request = Request::post("/v1/echo")
            .header(header::AUTHORIZATION, format!("Bearer {other}"))
            .header("Idempotency-Key", "a")
            .body("y".into())
            .expect("a request");
        assert_eq!(app.send(request).await.status, 200);
    });
}

/// The acceptance of the issue: the same key twenty times at once.
#[test]
fn twenty_at_once_make_one_task_and_one_charge() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let body = json!({"Content": "nordwind-pumpen.example", "Asynch": true}).to_string();
        let calls = (0..20).map(|_| app.post_with_key("twenty", "/v1/enrichment", body.clone()));
        let answers = futures_util::future::join_all(calls).await;
        let mut ids: Vec<String> =
            answers.iter().filter(|a| a.status == 202).map(|a| a.json["ID"].to_string()).collect();
        assert!(answers.iter().all(|a| a.status == 202 || a.json["type"] == "/problems/still-running"), "{answers:?}");
        ids.dedup();
        assert_eq!(ids.len(), 1);
        let refused = answers.iter().find(|a| a.status == 405);
        assert!(refused.is_none_or(|a| a.header("retry-after") == "5"));
        app.work().await;
        assert_eq!(app.balance().await, "24.9");

        let calls = (0..20).map(|_| app.post_with_key("twenty-2", "/v1/enrichment", SITE));
        let answers = futures_util::future::join_all(calls).await;
        assert_eq!(answers.iter().filter(|a| a.header("charge") == "0.1 GBP").count(), 1);
        assert_eq!(app.balance().await, "24.8");
        app.verified().await;
    });
}

#[test]
fn what_the_server_could_not_do_is_done_at_the_next_try() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        // No rate: an internal error, for which the client may come back.
        let franc = cmes_app::accounts::OpenAccount {
            email: "franc@example.com".into(),
            password: None,
            currency: "CHF".parse().expect("a currency"),
            credit: "1".parse().expect("an amount"),
            is_operator: false,
        };
        let now = cmes_types::Clock::now(&*app.clock);
        cmes_app::accounts::open(&app.db, &franc, now).await.expect("opened");
        let key = app.another_key("franc@example.com", None).await;
        let request = || {
            Request::post("/v1/enrichment")
                .header(header::AUTHORIZATION, format!("Bearer {key}"))
                .header("Idempotency-Key", "later")
                .body(SITE.into())
                .expect("a request")
        };
        app.send(request()).await.problem(500, "internal");
        let rate = "1.1".parse().expect("a rate");
        cmes_app::tariffs::set_rate(&app.db, &"CHF".parse().expect("a currency"), rate, now).await.expect("set");
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(app.send(request()).await.header("charge"), "0.11 CHF");
    });
}

#[test]
fn keys_that_are_none_are_refused() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        for key in ["", " ", &"k".repeat(256)] {
            let detail = app.post_with_key(key, "/v1/echo", "x").await.problem(405, "invalid-field");
            assert!(detail.starts_with("Idempotency-Key"), "{detail}");
        }
        // Who asks is known before the key is looked at.
        let request = Request::post("/v1/echo").header("Idempotency-Key", "a").body("x".into()).expect("a request");
        app.send(request).await.problem(401, "unauthenticated");
        // And a GET has no need of it.
        let request = Request::get("/v1/echo")
            .header(header::AUTHORIZATION, format!("Bearer {}", app.key))
            .header("Idempotency-Key", "")
            .body("x".into())
            .expect("a request");
        assert_eq!(app.send(request).await.status, 200);
    });
}

#[test]
fn a_repetition_counts_once_against_the_rate() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let first = app.post_with_key("r", "/v1/echo", "x").await;
        let second = app.post_with_key("r", "/v1/echo", "x").await;
        assert_eq!(
            (first.header("ratelimit"), second.header("ratelimit")),
            ("\"key\";r=599;t=60", "\"key\";r=598;t=60")
        );
    });
}
