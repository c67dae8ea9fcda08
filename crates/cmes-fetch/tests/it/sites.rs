//! From a bare domain to its page: https, http, `www.`.

use std::net::SocketAddr;

use cmes_fetch::{FetchError, FetchErrorKind, FetchOptions, Fetched, Fetcher, SiteAddress};

use crate::server::{
    Server, budget, closed_port, fetcher, hosts, html, missing, options, redirect, response, serve, serve_tls,
};

fn knowing(names: &[(&str, SocketAddr)], trusted: &[&Server]) -> Fetcher {
    let certificates = trusted.iter().filter_map(|server| server.certificate.clone());
    fetcher(FetchOptions { hosts: hosts(names), extra_root_certificates: certificates.collect(), ..options() })
}

async fn open(fetcher: &Fetcher, site: &str) -> Result<Fetched, FetchError> {
    let site: SiteAddress = site.parse().expect("the test writes a valid address");
    fetcher.open_site(&site, &budget()).await
}

#[tokio::test]
async fn https_comes_first_and_speaks_http2() {
    let server = serve_tls(&["shop.example"], |_| html("secure")).await;
    let fetcher = knowing(&[("shop.example", server.address)], &[&server]);
    let page = open(&fetcher, "shop.example").await.expect("it is there");
    assert_eq!(page.url.as_str(), "https://shop.example/");
    let seen = server.seen();
    assert!(seen.iter().all(|seen| seen.version == axum::http::Version::HTTP_2), "{seen:?}");
    assert_eq!(server.connections(), 1, "robots.txt and the page share a connection");
}

#[tokio::test]
async fn http_comes_next() {
    let server = serve(|_| html("plain")).await;
    let fetcher = knowing(&[("old.example", server.address)], &[]);
    let page = open(&fetcher, "old.example/about").await.expect("it is there");
    assert_eq!(page.url.as_str(), "http://old.example/about");
}

#[tokio::test]
async fn then_www_is_tried() {
    let server = serve_tls(&["www.only.example"], |_| html("with www")).await;
    let nobody = closed_port().await;
    let bare_closed = knowing(&[("only.example", nobody), ("www.only.example", server.address)], &[&server]);
    let page = open(&bare_closed, "only.example").await.expect("it is there");
    assert_eq!(page.url.as_str(), "https://www.only.example/");
    let bare_unknown = fetcher(FetchOptions {
        hosts: hosts(&[("www.only.example", server.address)]),
        extra_root_certificates: server.certificate.iter().cloned().collect(),
        lookup: cmes_fetch::NameLookup::new(|_| async { Ok(Vec::new()) }),
        ..options()
    });
    let page = open(&bare_unknown, "only.example").await.expect("it is there");
    assert_eq!(page.url.as_str(), "https://www.only.example/");
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_not_accepted() {
    let server = serve_tls(&["shop.example"], |_| html("secure")).await;
    let stranger = knowing(&[("shop.example", server.address), ("www.shop.example", closed_port().await)], &[]);
    let error = open(&stranger, "https://shop.example/").await.expect_err("not trusted");
    assert_eq!(
        error,
        FetchError::Tls { host: "shop.example".to_owned(), reason: "its certificate comes from an unknown authority" }
    );
    let other_name = knowing(&[("other.example", server.address)], &[&server]);
    let error = open(&other_name, "https://other.example/").await.expect_err("made out to another name");
    assert_eq!(
        error,
        FetchError::Tls { host: "other.example".to_owned(), reason: "its certificate is made out to another name" }
    );
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn the_most_telling_error_is_reported() {
    let nobody = closed_port().await;
    let check = async |fetcher: Fetcher, site: &str, kind: FetchErrorKind, word: &str| {
        let error = open(&fetcher, site).await.expect_err(site);
        assert_eq!(error.kind(), kind, "{site}: {error}");
        assert!(error.to_string().contains(word), "{error}");
    };
    let closed = knowing(&[("a.example", nobody), ("www.a.example", nobody)], &[]);
    check(closed, "a.example", FetchErrorKind::Connect, "a.example").await;

    let failing = serve(|_| missing()).await;
    let status = knowing(&[("a.example", failing.address), ("www.a.example", nobody)], &[]);
    check(status, "a.example", FetchErrorKind::Status(404), "404").await;

    let inside = "10.0.0.1:80".parse().expect("an address");
    let not_public = knowing(&[("a.example", inside), ("www.a.example", failing.address)], &[]);
    check(not_public, "a.example", FetchErrorKind::NotPublic, "private").await;

    let unknown =
        fetcher(FetchOptions { lookup: cmes_fetch::NameLookup::new(|_| async { Ok(Vec::new()) }), ..options() });
    check(unknown, "no-such.example", FetchErrorKind::Dns, "no-such.example").await;
}

#[tokio::test]
async fn a_site_that_says_no_is_not_asked_at_its_other_doors() {
    let shut = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => response(200, &[], "User-agent: *\nDisallow: /"),
        _ => html("secret"),
    })
    .await;
    let www = serve(|_| html("www")).await;
    let fetcher = knowing(&[("a.example", shut.address), ("www.a.example", www.address)], &[]);
    let error = open(&fetcher, "a.example").await.expect_err("it says no");
    assert_eq!(error.kind(), FetchErrorKind::Robots);
    assert_eq!((www.connections(), shut.paths().len()), (0, 0));
}

#[tokio::test]
async fn a_dead_link_leads_to_the_root_of_its_site() {
    let server = serve(|seen| match seen.path.as_str() {
        "/" => html("home"),
        "/file.pdf" => response(200, &[("content-type", "application/pdf")], "%PDF-1.7"),
        "/forbidden" => response(403, &[], ""),
        _ => missing(),
    })
    .await;
    let fetcher = knowing(&[("a.example", server.address)], &[]);
    for link in ["http://a.example/gone?x=1", "http://a.example/file.pdf", "a.example/gone"] {
        let page = open(&fetcher, link).await.unwrap_or_else(|error| panic!("{link}: {error}"));
        assert_eq!(page.url.as_str(), "http://a.example/", "{link}");
    }
    let error = open(&fetcher, "http://a.example/forbidden").await.expect_err("not dead but shut");
    assert_eq!(error.kind(), FetchErrorKind::Status(403));
}

#[tokio::test]
async fn what_is_no_page_is_named() {
    let server = serve(|seen| match seen.path.as_str() {
        "/" => response(200, &[("content-type", "application/pdf")], "%PDF-1.7"),
        "/mislabelled" => response(200, &[("content-type", "text/plain")], "\n<!DOCTYPE html><p>x"),
        _ => missing(),
    })
    .await;
    let fetcher = knowing(&[("a.example", server.address)], &[]);
    let error = open(&fetcher, "http://a.example/").await.expect_err("a PDF");
    assert_eq!(error.kind(), FetchErrorKind::NotAPage);
    assert!(error.to_string().contains("a PDF document"), "{error}");
    open(&fetcher, "http://a.example/mislabelled").await.expect("a page under a wrong name");
}

#[tokio::test]
async fn a_site_that_moved_is_followed() {
    let new = serve_tls(&["new.example"], |_| html("moved")).await;
    let old = serve(|_| redirect(301, "https://new.example/home")).await;
    let fetcher = knowing(&[("old.example", old.address), ("new.example", new.address)], &[&new]);
    let page = open(&fetcher, "old.example").await.expect("it moved");
    assert_eq!(page.url.as_str(), "https://new.example/home");
}
