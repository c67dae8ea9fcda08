//! The cache: no request while fresh, a conditional one afterwards.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cmes_fetch::{FetchOptions, Fetched, Fetcher, Freshness};
use url::Url;

use crate::server::{Seen, budget, fetcher, missing, options, redirect, response, serve};

fn cached(dir: &Path) -> Fetcher {
    fetcher(FetchOptions { cache_dir: Some(dir.to_owned()), ..options() })
}

/// A new process on the same folder, so that only the disk remembers.
async fn visit(dir: &Path, url: &Url) -> Fetched {
    cached(dir).page(url, &budget()).await.expect("it is a page")
}

const TYPE: (&str, &str) = ("content-type", "text/html; charset=utf-8");

#[tokio::test]
async fn a_fresh_page_needs_no_request() {
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => missing(),
        _ => response(
            200,
            &[TYPE, ("cache-control", "max-age=600"), ("set-cookie", "a=1"), ("set-cookie", "b=2")],
            "Grüße",
        ),
    })
    .await;
    let dir = tempfile::tempdir().expect("a folder");
    let first = visit(dir.path(), &server.url("/a")).await;
    assert_eq!(first.from_cache, Freshness::Network);
    let second = visit(dir.path(), &server.url("/a")).await;
    assert_eq!(second.from_cache, Freshness::Fresh);
    assert_eq!(server.paths(), ["/a"]);
    // Nothing is lost on the way through the disk.
    assert_eq!(Fetched { from_cache: Freshness::Network, ..second }, first);
    // A part behind `#` is the same page, a query is not.
    assert_eq!(visit(dir.path(), &server.url("/a#part")).await.from_cache, Freshness::Fresh);
    assert_eq!(visit(dir.path(), &server.url("/a?x")).await.from_cache, Freshness::Network);
}

#[tokio::test]
async fn fresh_pages_and_robots_cost_no_budget() {
    let server = serve(|_| response(200, &[TYPE, ("cache-control", "max-age=600")], "")).await;
    let dir = tempfile::tempdir().expect("a folder");
    visit(dir.path(), &server.url("/")).await;
    let budget = budget();
    cached(dir.path()).page(&server.url("/"), &budget).await.expect("it is stored");
    assert_eq!((budget.requests_used(), server.seen().len()), (0, 2));
}

fn conditional(seen: &Seen, etag: &str, body: &str) -> axum::response::Response {
    let headers = [TYPE, ("cache-control", "no-cache"), ("etag", etag), ("x-version", body)];
    if seen.header("if-none-match") == Some(etag) {
        return response(304, &[("etag", etag), ("cache-control", "no-cache"), ("x-checked", "yes")], "");
    }
    response(200, &headers, body.to_owned())
}

#[tokio::test]
async fn a_stale_page_is_asked_about_and_replaced_when_it_changed() {
    let version = Arc::new(AtomicUsize::new(1));
    let current = Arc::clone(&version);
    let server = serve(move |seen| match (seen.path.as_str(), current.load(Ordering::SeqCst)) {
        ("/robots.txt", _) => missing(),
        (_, 1) => conditional(seen, "\"one\"", "first"),
        _ => conditional(seen, "W/\"two\"", "second"),
    })
    .await;
    let dir = tempfile::tempdir().expect("a folder");
    let url = server.url("/");
    assert_eq!(visit(dir.path(), &url).await.text, "first");
    for _ in 0..2 {
        let again = visit(dir.path(), &url).await;
        assert_eq!((again.text.as_str(), again.from_cache, again.status), ("first", Freshness::Revalidated, 200));
        assert_eq!((again.header("x-checked"), again.header("x-version")), (Some("yes"), Some("first")));
        assert_eq!(again.charset, "UTF-8");
    }
    version.store(2, Ordering::SeqCst);
    let changed = visit(dir.path(), &url).await;
    assert_eq!((changed.text.as_str(), changed.from_cache), ("second", Freshness::Network));
    assert_eq!(visit(dir.path(), &url).await.from_cache, Freshness::Revalidated);
}

#[tokio::test]
async fn a_date_of_change_is_enough_to_ask() {
    const CHANGED: &str = "Tue, 10 Mar 2020 12:00:00 GMT";
    let server = serve(|seen| match (seen.path.as_str(), seen.header("if-modified-since")) {
        ("/robots.txt", _) => missing(),
        // Such an answer need not repeat the date.
        (_, Some(CHANGED)) => response(304, &[], ""),
        _ => response(200, &[TYPE, ("cache-control", "max-age=0"), ("last-modified", CHANGED)], "page"),
    })
    .await;
    let dir = tempfile::tempdir().expect("a folder");
    visit(dir.path(), &server.url("/")).await;
    let again = visit(dir.path(), &server.url("/")).await;
    assert_eq!((again.text.as_str(), again.from_cache), ("page", Freshness::Revalidated));
}

#[tokio::test]
async fn what_may_not_be_stored_is_not() {
    let server = serve(|seen| match seen.path.as_str() {
        "/secret" => response(200, &[TYPE, ("cache-control", "no-store")], "x"),
        "/cut" => response(200, &[TYPE, ("cache-control", "max-age=600")], vec![b'x'; 2000]),
        _ => missing(),
    })
    .await;
    let dir = tempfile::tempdir().expect("a folder");
    for path in ["/secret", "/cut", "/secret", "/cut"] {
        let fetcher =
            fetcher(FetchOptions { cache_dir: Some(dir.path().to_owned()), max_page_bytes: 1000, ..options() });
        let page = fetcher.page(&server.url(path), &budget()).await.expect("it is a page");
        assert_eq!(page.from_cache, Freshness::Network, "{path}");
    }
    assert_eq!(server.paths(), ["/secret", "/cut", "/secret", "/cut"]);
}

#[tokio::test]
async fn a_permanent_redirect_is_remembered() {
    let server = serve(|seen| match seen.path.as_str() {
        "/old" => redirect(301, "/new"),
        "/new" => response(200, &[TYPE], "page"),
        _ => missing(),
    })
    .await;
    let dir = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        let page = visit(dir.path(), &server.url("/old")).await;
        assert_eq!((page.url, page.redirects), (server.url("/new"), vec![server.url("/old")]));
    }
    assert_eq!(server.paths(), ["/old", "/new"]);
}

#[tokio::test]
async fn what_was_shown_to_the_bearer_of_a_cookie_is_not_stored() {
    let server = serve(|seen| match (seen.path.as_str(), seen.header("cookie")) {
        ("/robots.txt", _) => missing(),
        (_, None) => response(302, &[("location", "/"), ("set-cookie", "seen=1")], ""),
        _ => response(200, &[TYPE, ("cache-control", "max-age=600")], "inside"),
    })
    .await;
    let dir = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        assert_eq!(visit(dir.path(), &server.url("/")).await.from_cache, Freshness::Network);
    }
    assert_eq!(server.paths().len(), 4);
}

#[tokio::test]
async fn a_damaged_file_costs_one_request() {
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => missing(),
        _ => response(200, &[TYPE, ("cache-control", "max-age=600")], "page"),
    })
    .await;
    let dir = tempfile::tempdir().expect("a folder");
    visit(dir.path(), &server.url("/")).await;
    let folder = std::fs::read_dir(dir.path()).expect("it is there").next().expect("one folder").expect("an entry");
    for file in std::fs::read_dir(folder.path()).expect("it is there") {
        std::fs::write(file.expect("an entry").path(), "damaged").expect("it can be written");
    }
    assert_eq!(visit(dir.path(), &server.url("/")).await.from_cache, Freshness::Network);
    assert_eq!(visit(dir.path(), &server.url("/")).await.from_cache, Freshness::Fresh);
}

#[tokio::test]
async fn what_is_stored_is_still_judged() {
    let server = serve(|_| response(200, &[TYPE, ("cache-control", "max-age=600")], "")).await;
    let dir = tempfile::tempdir().expect("a folder");
    visit(dir.path(), &server.url("/")).await;
    let strict = fetcher(FetchOptions { cache_dir: Some(dir.path().to_owned()), ..FetchOptions::default() });
    let error = strict.page(&server.url("/"), &budget()).await.expect_err("no longer allowed");
    assert_eq!(error.kind(), cmes_fetch::FetchErrorKind::NotPublic);
}
