//! Services that the operator named.

use std::error::Error;

use axum::http::HeaderMap;
use bytes::Bytes;
use cmes_fetch::{ServiceClient, ServiceError, ServiceOptions, ServiceProxy};

use crate::server::{closed_port, redirect, response, serve, url};

fn client(options: &ServiceOptions) -> ServiceClient {
    ServiceClient::with(options).expect("a client")
}

#[tokio::test]
async fn redirects_are_followed_only_when_that_is_asked_for() {
    let server =
        serve(|seen| if seen.path == "/there" { response(200, &[], "file") } else { redirect(302, "/there") }).await;
    let answer = async |redirects| {
        let client = client(&ServiceOptions { redirects, ..ServiceOptions::default() });
        client.get(&server.url("/"), HeaderMap::new()).await.expect("an answer")
    };
    assert_eq!(answer(0).await.status, 302);
    assert_eq!(answer(1).await.body(4).await.expect("a body"), "file");
}

#[tokio::test]
async fn an_answer_has_a_limit_and_its_pause_is_told() {
    let server = serve(|_| response(429, &[("retry-after", "7")], "x".repeat(100))).await;
    let client = client(&ServiceOptions::default());
    let answer = client.ask(&server.url("/"), HeaderMap::new(), Bytes::new()).await.expect("an answer");
    assert_eq!((answer.status, answer.retry_after().map(|pause| pause.as_secs())), (429, Some(7)));
    assert!(matches!(answer.body(99).await, Err(ServiceError::TooLong(99))));
}

#[tokio::test]
async fn failures_name_no_address() {
    let down = closed_port().await;
    let address = url(&format!("http://user:secret@{down}/path"));
    let error = client(&ServiceOptions::default()).get(&address, HeaderMap::new()).await.expect_err("nobody there");
    assert!(matches!(error, ServiceError::Connect(_)));
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told.push_str(&error.to_string());
        cause = error.source();
    }
    assert!(!told.contains("secret") && !told.contains("/path"), "{told}");
}

#[tokio::test]
async fn a_proxy_is_asked_for_all_but_what_is_excepted() {
    let proxy = serve(|_| response(200, &[], "by proxy")).await;
    let server = serve(|_| response(200, &[], "direct")).await;
    let proxy = |except: &str| {
        Some(ServiceProxy { url: format!("http://anna:Secret@{}", proxy.address), except: except.to_owned() })
    };
    let ask = async |except: &str, address: &str| {
        let client = client(&ServiceOptions { proxy: proxy(except), ..ServiceOptions::default() });
        client.get(&url(address), HeaderMap::new()).await.expect("an answer").body(20).await.expect("a body")
    };
    assert_eq!(ask("", "http://models.example/v1").await, "by proxy");
    assert_eq!(ask("other.example", "http://models.example/v1").await, "by proxy");
    assert_eq!(ask("other.example, 127.0.0.0/8", server.url("/").as_str()).await, "direct");
    let options = ServiceOptions { proxy: proxy("other.example"), ..ServiceOptions::default() };
    assert!(!format!("{options:?}").contains("Secret"), "{options:?}");
    let wrong = ServiceProxy { url: String::new(), except: String::new() };
    assert!(ServiceClient::with(&ServiceOptions { proxy: Some(wrong), ..ServiceOptions::default() }).is_err());
}
