//! robots.txt is asked for, obeyed and remembered.

use std::time::Duration;

use cmes_fetch::{FetchError, FetchErrorKind, FetchOptions, RobotsReason};
use tokio::time::Instant;

use crate::server::{
    Seen, Server, budget, fetcher, hosts, html, missing, options, read, redirect, response, serve, url,
};

async fn site(robots: impl Fn(&Seen) -> axum::response::Response + Send + Sync + 'static) -> Server {
    serve(move |seen| if seen.path == "/robots.txt" { robots(seen) } else { html("page") }).await
}

async fn site_with(robots: &'static str) -> Server {
    site(move |_| response(200, &[("content-type", "text/plain")], robots)).await
}

async fn check(server: &Server, path: &str, allowed: bool) {
    match read(&server.url(path)).await {
        Ok(_) => assert!(allowed, "{path} was read"),
        Err(error) => {
            assert!(!allowed, "{path}: {error}");
            assert_eq!(error.kind(), FetchErrorKind::Robots);
            assert!(!error.is_temporary());
            assert_eq!(server.paths(), Vec::<String>::new(), "a forbidden page was asked for");
        }
    }
}

#[tokio::test]
async fn rules_are_obeyed() {
    let server =
        site_with("User-agent: *\nDisallow: /\n\nUser-agent: cmes\nDisallow: /private\nAllow: /private/press\n").await;
    check(&server, "/private/x", false).await;
    check(&server, "/", true).await;
    check(&server, "/private/press/1", true).await;
}

#[tokio::test]
async fn a_site_may_forbid_everything() {
    let server = site_with("User-agent: *\nDisallow: /").await;
    check(&server, "/", false).await;
}

#[tokio::test]
async fn without_a_robots_txt_everything_is_allowed() {
    for status in [400, 401, 403, 404, 410] {
        let server = site(move |_| response(status, &[], "User-agent: *\nDisallow: /")).await;
        check(&server, "/a", true).await;
    }
}

#[tokio::test]
async fn a_failing_server_forbids_for_a_while() {
    let server = site(|_| response(503, &[], "")).await;
    let error = read(&server.url("/a")).await.expect_err("nothing may be read");
    let FetchError::Robots { reason, .. } = &error else { panic!("{error}") };
    assert_eq!(*reason, RobotsReason::Unavailable(503));
    assert!(error.is_temporary());
    assert_eq!(server.paths(), Vec::<String>::new());
}

#[tokio::test]
async fn it_is_read_once_for_all_pages() {
    let server = site_with("User-agent: *\nCrawl-delay: 0").await;
    let fetcher = fetcher(options());
    let budget = budget();
    let (one, two) = (server.url("/1"), server.url("/2"));
    let (one, two) = tokio::join!(fetcher.page(&one, &budget), fetcher.page(&two, &budget));
    assert!(one.is_ok() && two.is_ok());
    fetcher.page(&server.url("/3"), &budget).await.expect("it is there");
    let asked = server.seen().iter().filter(|seen| seen.path == "/robots.txt").count();
    assert_eq!(asked, 1);
    assert_eq!(budget.requests_used(), 4, "it is charged like a page");
}

#[tokio::test]
async fn its_redirects_are_followed() {
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => redirect(301, "/r1"),
        "/r1" => redirect(302, "/r2"),
        "/r2" => response(200, &[], "User-agent: *\nDisallow: /a"),
        _ => html("page"),
    })
    .await;
    let error = read(&server.url("/a")).await.expect_err("forbidden");
    assert_eq!(error.kind(), FetchErrorKind::Robots);
    let endless =
        serve(|seen| if seen.path.contains("robots") { redirect(302, "/robots.txt") } else { html("x") }).await;
    read(&endless.url("/a")).await.expect("no rules were found");
}

#[tokio::test]
async fn every_host_of_a_redirect_is_asked() {
    let shut = site_with("User-agent: *\nDisallow: /").await;
    let open = serve(|seen| if seen.path == "/" { redirect(302, "http://shut.example/") } else { missing() }).await;
    let hosts = hosts(&[("open.example", open.address), ("shut.example", shut.address)]);
    let fetcher = fetcher(FetchOptions { hosts, ..options() });
    let error = fetcher.page(&url("http://open.example/"), &budget()).await.expect_err("the target is shut");
    assert_eq!(error.kind(), FetchErrorKind::Robots);
    assert!(error.to_string().contains("shut.example"), "{error}");
    assert_eq!(shut.paths(), Vec::<String>::new());
}

#[tokio::test]
async fn a_huge_file_is_read_up_to_its_limit() {
    let rules = "User-agent: *\nDisallow: /a\n";
    let filler = "# filler\n".repeat(100_000);
    let late = "User-agent: *\nDisallow: /b\n";
    let robots: &'static str = Box::leak(format!("{rules}{filler}{late}").into_boxed_str());
    let server = site_with(robots).await;
    let error = read(&server.url("/a")).await.expect_err("forbidden at the beginning");
    assert_eq!(error.kind(), FetchErrorKind::Robots);
    read(&server.url("/b")).await.expect("the rule stands too late");
}

#[tokio::test]
async fn an_unreachable_host_is_its_own_error() {
    let closed = crate::server::closed_port().await;
    let error = read(&url(&format!("http://{closed}/"))).await.expect_err("nobody there");
    assert_eq!(error.kind(), FetchErrorKind::Connect);
    assert!(error.is_temporary());
}

#[tokio::test]
async fn sitemaps_are_listed() {
    let server = site_with("Sitemap: https://www.example.com/one.xml\nSitemap: /two.xml\nSitemap: http://[").await;
    let found = fetcher(options()).sitemaps(&server.url("/"), &budget()).await.expect("there is a robots.txt");
    assert_eq!(found, [url("https://www.example.com/one.xml"), server.url("/two.xml")]);
}

#[tokio::test]
async fn a_crawl_delay_is_kept() {
    let server = site_with("User-agent: *\nCrawl-delay: 0.1").await;
    let fetcher = fetcher(options());
    let budget = budget();
    let begin = Instant::now();
    for path in ["/0", "/1", "/2"] {
        fetcher.page(&server.url(path), &budget).await.expect("it is there");
    }
    assert!(begin.elapsed() >= Duration::from_millis(200), "{:?}", begin.elapsed());
}
