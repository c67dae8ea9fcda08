//! Messages to addresses that customers name.

use std::time::{Duration, Instant};

use bytes::Bytes;
use cmes_fetch::{FetchError, FetchErrorKind, FetchOptions, Fetcher, Posted};
use url::Url;

use crate::server::{
    closed_port, fetcher, hosts, options, redirect, response, serve, serve_connections, serve_tls, url,
};

const TIMEOUT: Duration = Duration::from_secs(5);

async fn post(fetcher: &Fetcher, url: &Url) -> Result<Posted, FetchError> {
    let headers = [("content-type", "application/json".to_owned()), ("webhook-id", "msg_1".to_owned())];
    fetcher.post(url, &headers, Bytes::from_static(b"{}"), TIMEOUT).await
}

#[tokio::test]
async fn a_message_arrives_with_its_headers() {
    let server = serve(|_| response(204, &[], "")).await;
    let posted = post(&fetcher(options()), &server.url("/hook?a=1")).await.expect("an answer");
    assert_eq!(posted, Posted { status: 204, retry_after: None });
    // No robots.txt is asked for: nothing is read.
    let seen = server.seen();
    assert_eq!(seen.iter().map(|seen| seen.path.as_str()).collect::<Vec<_>>(), ["/hook?a=1"]);
    assert_eq!((seen[0].header("webhook-id"), seen[0].header("content-length")), (Some("msg_1"), Some("2")));
}

#[tokio::test]
async fn status_and_pause_are_told_and_redirects_not_followed() {
    let server = serve(|seen| match seen.path.as_str() {
        "/moved" => redirect(307, "/elsewhere"),
        "/busy" => response(429, &[("retry-after", "120")], "later"),
        _ => response(500, &[("retry-after", "nonsense")], "x".repeat(100_000)),
    })
    .await;
    let fetcher = fetcher(options());
    let answer = async |path: &str| post(&fetcher, &server.url(path)).await.expect("an answer");
    assert_eq!(answer("/moved").await, Posted { status: 307, retry_after: None });
    assert_eq!(answer("/busy").await, Posted { status: 429, retry_after: Some(Duration::from_secs(120)) });
    assert_eq!(answer("/broken").await, Posted { status: 500, retry_after: None });
    assert_eq!(server.paths(), ["/moved", "/busy", "/broken"]);
}

#[tokio::test]
async fn addresses_that_are_not_public_get_no_connection() {
    let server = serve(|_| response(200, &[], "")).await;
    let named = hosts(&[("hook.example", server.address)]);
    let strict = fetcher(FetchOptions { hosts: named, ..FetchOptions::default() });
    let port = server.address.port();
    for text in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://localhost:{port}/"),
        "http://hook.example/".to_owned(),
        "http://169.254.169.254/".to_owned(),
    ] {
        let error = post(&strict, &url(&text)).await.expect_err("refused");
        assert_eq!(error.kind(), FetchErrorKind::NotPublic, "{text}");
    }
    let error = post(&strict, &url("http://user:secret@example.com/")).await.expect_err("refused");
    assert_eq!(error.kind(), FetchErrorKind::BadUrl);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_receiver_that_is_silent_or_down_costs_no_more_than_the_time_for_it() {
    let silent = serve_connections(|stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let begun = Instant::now();
    let limit = Duration::from_millis(200);
    let outcome = fetcher(options()).post(&url(&format!("http://{silent}/")), &[], Bytes::new(), limit).await;
    assert_eq!(outcome, Err(FetchError::Timeout { host: "127.0.0.1".into(), limit }));
    assert!(begun.elapsed() < TIMEOUT, "{:?}", begun.elapsed());
    let down = closed_port().await;
    let error = post(&fetcher(options()), &url(&format!("http://{down}/"))).await.expect_err("nobody there");
    assert_eq!(error.kind(), FetchErrorKind::Connect);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_trusted_gets_no_message() {
    let server = serve_tls(&["hook.example"], |_| response(200, &[], "")).await;
    let named = hosts(&[("hook.example", server.address)]);
    let error = post(&fetcher(FetchOptions { hosts: named.clone(), ..options() }), &url("https://hook.example/"))
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), FetchErrorKind::Tls);
    assert_eq!(server.seen().len(), 0);
    let certificate = server.certificate.clone().expect("a certificate");
    let trusting = fetcher(FetchOptions { hosts: named, extra_root_certificates: vec![certificate], ..options() });
    assert_eq!(post(&trusting, &url("https://hook.example/")).await.expect("an answer").status, 200);
}
