//! What a page that is being rendered asks for.

use cmes_fetch::{Budget, FetchErrorKind, FetchOptions, Fetcher, Part};
use url::Url;

use crate::server::{fetcher, options, redirect, response, serve};

async fn part(fetcher: &Fetcher, url: &Url) -> Result<Part, FetchErrorKind> {
    let headers = vec![("accept", "application/json".to_owned())];
    fetcher.part(url, headers, &Budget::default()).await.map_err(|error| error.kind())
}

#[tokio::test]
async fn an_answer_is_given_as_it_came_and_redirects_are_left_to_who_asked() {
    let server = serve(|seen| match seen.path.as_str() {
        "/moved" => redirect(302, "/data"),
        "/data" => response(200, &[("content-type", "application/json"), ("x-total", "7")], "{}"),
        _ => response(404, &[], "nothing"),
    })
    .await;
    let fetcher = fetcher(options());
    let moved = part(&fetcher, &server.url("/moved")).await.expect("an answer");
    assert_eq!((moved.status, moved.header("location")), (302, Some("/data")));
    let data = part(&fetcher, &server.url("/data")).await.expect("an answer");
    assert_eq!((data.status, data.header("x-total"), &*data.body), (200, Some("7"), &b"{}"[..]));
    let nothing = part(&fetcher, &server.url("/nothing")).await.expect("an answer");
    assert_eq!((nothing.status, nothing.body.len()), (404, 0));
    let asked: Vec<_> = server.seen().iter().map(|seen| seen.header("accept").map(str::to_owned)).collect();
    assert_eq!(asked[1..], vec![Some("application/json".to_owned()); 3]);
}

#[tokio::test]
async fn the_rules_for_pages_hold() {
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => response(200, &[], "User-agent: *\nDisallow: /api/"),
        _ => response(200, &[("content-type", "text/javascript")], "x".repeat(2_000)),
    })
    .await;
    let small = fetcher(FetchOptions { max_page_bytes: 1_000, ..options() });
    assert_eq!(part(&small, &server.url("/api/data")).await, Err(FetchErrorKind::Robots));
    assert_eq!(part(&small, &server.url("/half.js")).await, Err(FetchErrorKind::TooLarge));
    let before = server.connections();
    let strict = fetcher(FetchOptions::default());
    assert_eq!(part(&strict, &server.url("/a.js")).await, Err(FetchErrorKind::NotPublic));
    assert_eq!(server.connections(), before);
}
