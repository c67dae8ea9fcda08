//! Pages arrive as text, whatever charset and compression they come in.

use std::io::Write;

use cmes_fetch::{ContentKind, Fetched};

use crate::server::{html, missing, read, response, serve};

const RUSSIAN: &[u8] = b"\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0";

async fn fetched(headers: &'static [(&'static str, &'static str)], body: Vec<u8>) -> Fetched {
    let server = serve(move |seen| match seen.path.as_str() {
        "/" => response(200, headers, body.clone()),
        _ => missing(),
    })
    .await;
    read(&server.url("/")).await.expect("it is a page")
}

#[tokio::test]
async fn the_charset_of_the_header_is_used() {
    let page = fetched(&[("content-type", "text/html; charset=windows-1251")], RUSSIAN.to_vec()).await;
    assert_eq!((page.text.as_str(), page.charset), ("Привет, мир", "windows-1251"));
    assert_eq!(page.body.as_ref(), RUSSIAN);
}

#[tokio::test]
async fn the_charset_of_the_page_is_used() {
    let mut body = b"<meta charset=windows-1251>".to_vec();
    body.extend_from_slice(RUSSIAN);
    let page = fetched(&[("content-type", "text/html")], body).await;
    assert!(page.text.ends_with("Привет, мир"), "{}", page.text);
}

#[tokio::test]
async fn a_byte_order_mark_is_used() {
    let body: Vec<u8> = "\u{feff}Grüße".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let page = fetched(&[("content-type", "text/html; charset=utf-8")], body).await;
    assert_eq!((page.text.as_str(), page.charset), ("Grüße", "UTF-16LE"));
}

#[tokio::test]
async fn compression_is_undone() {
    let text = "<p>Rohre für die Industrie</p>".repeat(50);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).expect("memory takes everything");
    let gzip = gzip.finish().expect("memory takes everything");
    let page = fetched(&[("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip")], gzip).await;
    assert_eq!(page.text, text);
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(text.as_bytes()).expect("memory takes everything");
    let zlib = zlib.finish().expect("memory takes everything");
    let page = fetched(&[("content-type", "text/html; charset=utf-8"), ("content-encoding", "deflate")], zlib).await;
    assert_eq!(page.text, text);
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut text.as_bytes(), &mut brotli, &brotli::enc::BrotliEncoderParams::default())
        .expect("memory takes everything");
    let page = fetched(&[("content-type", "text/html; charset=utf-8"), ("content-encoding", "br")], brotli).await;
    assert_eq!(page.text, text);
}

#[tokio::test]
async fn the_request_is_honest_and_takes_compression() {
    let server = serve(|_| html("x")).await;
    read(&server.url("/")).await.expect("it is a page");
    let seen = server.seen().pop().expect("it was asked");
    assert_eq!(
        seen.header("user-agent"),
        Some(format!("cmes/{} (+https://github.com/cmes-project/cmes)", env!("CARGO_PKG_VERSION")).as_str())
    );
    let encodings = seen.header("accept-encoding").unwrap_or_default();
    for encoding in ["gzip", "br", "deflate"] {
        assert!(encodings.contains(encoding), "{encodings}");
    }
    assert!(seen.header("accept").is_some_and(|accept| accept.starts_with("text/html")));
    for absent in ["cookie", "referer", "authorization"] {
        assert_eq!(seen.header(absent), None);
    }
}

#[tokio::test]
async fn kinds_are_told_apart_and_only_text_is_decoded() {
    let check = |page: Fetched, kind: ContentKind, decoded: bool| {
        assert_eq!((page.content_type, !page.text.is_empty()), (kind, decoded));
        assert_eq!(page.charset.is_empty(), !decoded);
    };
    check(fetched(&[("content-type", "application/pdf")], b"%PDF-1.7".to_vec()).await, ContentKind::Pdf, false);
    check(fetched(&[("content-type", "image/png")], b"\x89PNG".to_vec()).await, ContentKind::Image, false);
    check(fetched(&[("content-type", "application/rss+xml")], b"<rss/>".to_vec()).await, ContentKind::Xml, true);
    check(fetched(&[("content-type", "application/ld+json")], b"{}".to_vec()).await, ContentKind::Json, true);
    check(fetched(&[("content-type", "text/plain")], b"words".to_vec()).await, ContentKind::Text, true);
    check(fetched(&[], b"<!DOCTYPE html><p>x".to_vec()).await, ContentKind::Html, true);
    check(fetched(&[("content-type", "application/zip")], b"PK\x03\x04".to_vec()).await, ContentKind::Other, false);
}

#[tokio::test]
async fn all_headers_are_given_as_the_server_sent_them() {
    let headers =
        &[("content-type", "text/html"), ("set-cookie", "a=1"), ("set-cookie", "b=2"), ("X-Powered-By", "Grüße")];
    let page = fetched(headers, b"x".to_vec()).await;
    let cookies: Vec<&str> =
        page.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert_eq!(page.header("x-powered-by"), Some("Grüße"));
}
