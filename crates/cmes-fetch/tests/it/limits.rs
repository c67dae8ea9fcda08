//! Whatever a server sends and however slowly, a read ends in time and in size.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use cmes_fetch::{Budget, BudgetLimit, BudgetLimits, FetchError, FetchErrorKind, FetchOptions, Fetched};
use futures_util::stream::{self, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::time::Instant;
use url::Url;

use crate::server::{
    budget, closed_port, fetcher, html, missing, options, read, response, serve, serve_bytes, serve_connections, url,
};

const LIMIT: usize = 100_000;

async fn read_limited(url: &Url) -> Result<Fetched, FetchError> {
    fetcher(FetchOptions { max_page_bytes: LIMIT as u64, ..options() }).page(url, &budget()).await
}

fn gzip_bomb() -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..16 {
        gzip.write_all(&[b' '; 1 << 20]).expect("memory takes everything");
    }
    gzip.finish().expect("memory takes everything")
}

fn brotli_bomb() -> Vec<u8> {
    let mut brotli = Vec::new();
    let plain = vec![b' '; 16 << 20];
    let fast = brotli::enc::BrotliEncoderParams { quality: 2, ..Default::default() };
    brotli::BrotliCompress(&mut plain.as_slice(), &mut brotli, &fast).expect("memory takes everything");
    brotli
}

#[tokio::test]
async fn compression_bombs_are_cut() {
    for (encoding, bomb) in [("gzip", gzip_bomb()), ("br", brotli_bomb())] {
        assert!(bomb.len() < LIMIT, "{} bytes of {encoding}", bomb.len());
        let server = serve(move |seen| match seen.path.as_str() {
            "/page" => response(200, &[("content-type", "text/html"), ("content-encoding", encoding)], bomb.clone()),
            "/file" => {
                response(200, &[("content-type", "application/zip"), ("content-encoding", encoding)], bomb.clone())
            }
            _ => missing(),
        })
        .await;
        let budget = budget();
        let fetcher = fetcher(FetchOptions { max_page_bytes: LIMIT as u64, ..options() });
        let page = fetcher.page(&server.url("/page"), &budget).await.expect("the beginning is text");
        assert_eq!((page.body.len(), page.truncated), (LIMIT, true));
        let error = fetcher.page(&server.url("/file"), &budget).await.expect_err("half a file is no use");
        assert_eq!(error.kind(), FetchErrorKind::TooLarge);
        assert!(budget.bytes_used() < 4 * LIMIT as u64, "{} bytes were unpacked", budget.bytes_used());
    }
}

#[tokio::test]
async fn long_pages_are_cut_and_long_files_refused() {
    let body = |length: usize| Body::from(vec![b'x'; length]);
    let server = serve(move |seen| match seen.path.as_str() {
        "/page" => response(200, &[("content-type", "text/html")], body(LIMIT + 1)),
        "/fits" => response(200, &[("content-type", "text/html")], body(LIMIT)),
        "/pdf" => response(200, &[("content-type", "application/pdf")], body(LIMIT + 1)),
        "/nameless" => response(200, &[], Body::from([&b"PK\x03\x04"[..], &[0; LIMIT]].concat())),
        "/endless" => {
            let chunk = Bytes::from_static(&[b'x'; 4096]);
            let endless = stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
            response(200, &[("content-type", "text/html")], Body::from_stream(endless))
        }
        _ => missing(),
    })
    .await;
    for (path, truncated) in [("/page", true), ("/fits", false), ("/endless", true)] {
        let page = read_limited(&server.url(path)).await.expect(path);
        assert_eq!((page.body.len(), page.truncated), (LIMIT, truncated), "{path}");
    }
    for path in ["/pdf", "/nameless"] {
        let error = read_limited(&server.url(path)).await.expect_err(path);
        assert_eq!(error.kind(), FetchErrorKind::TooLarge, "{path}");
    }
}

/// Answers robots.txt and then trickles a page, a few bytes each 20 ms, for ever.
async fn trickling() -> SocketAddr {
    serve_connections(|mut stream, request| async move {
        if request.starts_with("GET /robots.txt") {
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
            return;
        }
        let mut piece: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 100000\r\n\r\n";
        while stream.write_all(piece).await.is_ok() {
            piece = b"<p>x";
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

/// Accepts and says nothing.
async fn silent() -> SocketAddr {
    serve_connections(|stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await
}

#[tokio::test]
async fn slow_servers_meet_the_timeout() {
    let limit = Duration::from_millis(150);
    for address in [trickling().await, silent().await] {
        let fetcher = fetcher(FetchOptions { page_timeout: limit, ..options() });
        let begin = Instant::now();
        let error = fetcher.page(&url(&format!("http://{address}/")), &budget()).await.expect_err("too slow");
        assert_eq!(error, FetchError::Timeout { host: "127.0.0.1".to_owned(), limit });
        assert!(error.is_temporary());
        assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    }
}

#[tokio::test]
async fn slow_servers_meet_the_deadline_of_the_whole() {
    for address in [trickling().await, silent().await] {
        let limits = BudgetLimits { time: Duration::from_millis(150), ..BudgetLimits::default() };
        let begin = Instant::now();
        let fetcher = fetcher(options());
        let error =
            fetcher.page(&url(&format!("http://{address}/")), &Budget::new(limits)).await.expect_err("too slow");
        assert_eq!(error, FetchError::Budget { limit: BudgetLimit::Time });
        assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    }
}

#[tokio::test]
async fn of_a_slow_page_that_said_much_the_beginning_is_kept() {
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => missing(),
        path => {
            let kind = if path == "/page" { "text/html" } else { "application/pdf" };
            let beginning = stream::iter([Ok::<_, std::io::Error>(vec![b'x'; 20_000])]);
            let stalled = stream::once(std::future::pending());
            response(200, &[("content-type", kind)], Body::from_stream(beginning.chain(stalled)))
        }
    })
    .await;
    let fetcher = fetcher(FetchOptions { page_timeout: Duration::from_millis(400), ..options() });
    let page = fetcher.page(&server.url("/page"), &budget()).await.expect("most of it is there");
    assert_eq!((page.text.len(), page.truncated), (20_000, true));
    let error = fetcher.page(&server.url("/file"), &budget()).await.expect_err("half a file is no use");
    assert_eq!(error.kind(), FetchErrorKind::Timeout);
}

#[tokio::test]
async fn a_budget_of_requests_is_kept() {
    let server = serve(|_| html("x")).await;
    let fetcher = fetcher(options());
    let budget = Budget::new(BudgetLimits { requests: 3, ..BudgetLimits::default() });
    for path in ["/1", "/2"] {
        fetcher.page(&server.url(path), &budget).await.expect("robots.txt and two pages");
    }
    let error = fetcher.page(&server.url("/3"), &budget).await.expect_err("a fourth request");
    assert_eq!(error, FetchError::Budget { limit: BudgetLimit::Requests });
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_budget_of_bytes_is_kept_across_parallel_reads() {
    let server = serve(|seen| match seen.path.as_str() {
        "/robots.txt" => missing(),
        _ => response(200, &[("content-type", "text/html")], vec![b'x'; 60_000]),
    })
    .await;
    let fetcher = fetcher(options());
    let budget = Budget::new(BudgetLimits { bytes: 100_000, ..BudgetLimits::default() });
    let (one, two) = (server.url("/1"), server.url("/2"));
    let (one, two) = tokio::join!(fetcher.page(&one, &budget), fetcher.page(&two, &budget));
    let failures: Vec<FetchError> = [one, two].into_iter().filter_map(Result::err).collect();
    assert_eq!(failures.first(), Some(&FetchError::Budget { limit: BudgetLimit::Bytes }));
    assert_eq!(budget.bytes_used(), 100_000);
}

async fn check_broken(bytes: &[u8], expected: Result<&str, FetchErrorKind>) {
    let address = serve_bytes(bytes).await;
    let outcome = read(&url(&format!("http://{address}/"))).await;
    let shown = outcome.as_ref().map(|page| page.text.as_str()).map_err(FetchError::kind);
    assert_eq!(shown, expected, "{}", bytes.escape_ascii());
    if let Ok(page) = outcome {
        assert!(page.truncated);
    }
}

#[tokio::test]
async fn a_page_that_breaks_off_is_kept_as_far_as_it_came() {
    check_broken(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 500\r\n\r\n<p>half", Ok("<p>half"))
        .await;
    check_broken(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n7\r\n<p>half\r\n5\r\n<",
        Ok("<p>half<"),
    )
    .await;
    check_broken(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n7\r\n<p>half\r\nzz\r\n",
        Ok("<p>half"),
    )
    .await;
}

#[tokio::test]
async fn what_is_no_http_is_an_error() {
    for garbage in [
        &b""[..],
        b"\r\n\r\n",
        b"hello",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: 500\r\n\r\n%PDF",
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\n\r\nthis is not gzip",
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"\0\0\0\0\0\0\0\0",
    ] {
        check_broken(garbage, Err(FetchErrorKind::Protocol)).await;
    }
}

#[tokio::test]
async fn odd_answers_that_browsers_put_up_with_are_read() {
    for odd in [
        &b"HTTP/1.0 200 OK\r\n\r\n<p>x"[..],
        b"HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\n<p>x",
        b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>x",
        b"HTTP/1.1 200 OK\r\nContent-Type : text/html\r\n\r\n<p>x",
        b"HTTP/1.1 200 OK\r\nbroken header\r\nContent-Type: text/html\r\n\r\n<p>x",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: \xff\xfe\r\nAge: 99999999999999999999\r\n\r\n<p>x",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\n<p>x",
    ] {
        let address = serve_bytes(odd).await;
        let page = read(&url(&format!("http://{address}/"))).await;
        let page = page.unwrap_or_else(|error| panic!("{}: {error}", odd.escape_ascii()));
        assert_eq!((page.text.as_str(), page.truncated), ("<p>x", false));
    }
}

#[tokio::test]
async fn endless_headers_are_refused() {
    let address = serve_connections(|mut stream, _| async move {
        let mut piece: &[u8] = b"HTTP/1.1 200 OK\r\n";
        while stream.write_all(piece).await.is_ok() {
            piece = b"x-filler: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n";
        }
    })
    .await;
    let error = read(&url(&format!("http://{address}/"))).await.expect_err("no end of headers");
    assert_eq!(error.kind(), FetchErrorKind::Protocol);
}

#[tokio::test]
async fn a_closed_port_fails_at_once() {
    let address = closed_port().await;
    let begin = Instant::now();
    let error = read(&url(&format!("https://{address}/"))).await.expect_err("nobody there");
    assert_eq!(error, FetchError::Connect { host: "127.0.0.1".to_owned() });
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
}
