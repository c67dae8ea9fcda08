//! Limits on size, time and number.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use cmes_server::ServerOptions;
use http::{Request, header};

use crate::support::{TestApp, on_both_engines};

#[test]
fn a_body_over_the_limit_is_413() {
    on_both_engines(async |engine| {
        let options = ServerOptions { max_body_bytes: 100, ..ServerOptions::default() };
        let app = TestApp::with(engine, options, false).await;
        assert_eq!(app.post("/v1/echo", "x".repeat(100)).await.status, 200);
        assert!(app.post("/v1/echo", "x".repeat(101)).await.problem(413, "content-too-large").contains("100"));
        app.post("/v1/enrichment", "x".repeat(101)).await.problem(413, "content-too-large");
        // Without a length that is known beforehand.
        let pieces =
            futures_util::stream::iter((0..20).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(b"0123456789"))));
        app.post("/v1/echo", Body::from_stream(pieces)).await.problem(413, "content-too-large");
    });
}

#[test]
fn a_body_that_does_not_arrive_is_given_up() {
    on_both_engines(async |engine| {
        let options = ServerOptions { body_timeout: Duration::from_millis(20), ..ServerOptions::default() };
        let app = TestApp::with(engine, options, false).await;
        let never = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
        app.post("/v1/echo", Body::from_stream(never)).await.problem(405, "incomplete-body");
        let broken = futures_util::stream::iter([Err::<Bytes, _>(std::io::Error::other("gone"))]);
        app.post("/v1/echo", Body::from_stream(broken)).await.problem(405, "incomplete-body");
    });
}

#[test]
fn a_key_has_so_many_requests_a_minute() {
    on_both_engines(async |engine| {
        let options = ServerOptions { requests_per_minute: 2, ..ServerOptions::default() };
        let app = TestApp::with(engine, options, false).await;
        let answer = app.call("GET", "/v1/echo", "").await;
        assert_eq!(answer.header("ratelimit-policy"), "\"key\";q=2;w=60");
        assert_eq!(answer.header("ratelimit"), "\"key\";r=1;t=60");
        assert_eq!(app.call("GET", "/v1/echo", "").await.status, 200);
        let answer = app.call("GET", "/v1/echo", "").await;
        answer.problem(429, "too-many-requests");
        assert_eq!((answer.header("retry-after"), answer.header("ratelimit")), ("60", "\"key\";r=0;t=60"));
        // Another key has its own, and the next minute begins anew.
        let other = app.new_key("other@example.com").await;
        assert_eq!(app.call_with(&other, "GET", "/v1/echo", "").await.status, 200);
        app.clock.advance(Duration::from_secs(60));
        assert_eq!(app.call("GET", "/v1/echo", "").await.status, 200);
    });
}

#[test]
fn a_stopping_or_busy_server_turns_requests_away() {
    on_both_engines(async |engine| {
        let app =
            TestApp::with(engine, ServerOptions { parallel_requests: 0, ..ServerOptions::default() }, false).await;
        let answer = app.call("GET", "/v1/echo", "").await;
        answer.problem(503, "unavailable");
        assert_eq!(answer.header("retry-after"), "1");

        let app = TestApp::new(engine).await;
        app.server.stop();
        app.call("GET", "/v1/echo", "").await.problem(503, "unavailable");
        let health = app.anonymous("GET", "/health").await;
        assert_eq!((health.status.as_u16(), health.json["status"].as_str()), (503, Some("stopping")));
    });
}

#[test]
fn odd_headers_do_no_harm() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let request = Request::post("/v1/echo")
            .header(header::AUTHORIZATION, format!("Bearer {}", app.key))
            .header(header::CONTENT_TYPE, &b"text/\xe4"[..])
            .header(header::CONTENT_LENGTH, "many")
            .body("x".into())
            .expect("a request");
        assert_eq!(app.send(request).await.json["RequestBody"], "x");
    });
}
