//! What a document is: by its Content-Type, or by its first bytes if it has none.

/// The kinds of documents that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentKind {
    /// HTML and XHTML.
    Html,
    /// Other XML: sitemaps, feeds.
    Xml,
    /// Plain text, scripts, style sheets.
    Text,
    /// PDF.
    Pdf,
    /// An image, SVG included.
    Image,
    /// JSON.
    Json,
    /// Anything else.
    Other,
}

impl ContentKind {
    /// Is it made of text, so that it is decoded and a part of it is useful?
    pub fn is_text(self) -> bool {
        matches!(self, ContentKind::Html | ContentKind::Xml | ContentKind::Text | ContentKind::Json)
    }

    /// The kind in words that fit behind "it is".
    pub fn described(self) -> &'static str {
        match self {
            ContentKind::Html => "a web page",
            ContentKind::Xml => "an XML document",
            ContentKind::Text => "plain text",
            ContentKind::Pdf => "a PDF document",
            ContentKind::Image => "an image",
            ContentKind::Json => "JSON data",
            ContentKind::Other => "a file of another kind",
        }
    }
}

/// The kind named by a Content-Type; none if it names nothing or nothing useful.
pub(crate) fn kind_of_header(content_type: &str) -> Option<ContentKind> {
    let essence = content_type.split([';', ',']).next().unwrap_or_default().trim().to_ascii_lowercase();
    Some(match essence.as_str() {
        // Servers say this about files that they know nothing about.
        "" | "application/octet-stream" | "application/unknown" | "unknown/unknown" | "*/*" => return None,
        "text/html" | "application/xhtml+xml" | "application/vnd.wap.xhtml+xml" => ContentKind::Html,
        "text/xml" | "application/xml" => ContentKind::Xml,
        "application/json" | "text/json" => ContentKind::Json,
        "application/pdf" | "application/x-pdf" => ContentKind::Pdf,
        "application/javascript" | "application/x-javascript" | "application/ecmascript" => ContentKind::Text,
        other if other.starts_with("image/") => ContentKind::Image,
        other if other.ends_with("+xml") => ContentKind::Xml,
        other if other.ends_with("+json") => ContentKind::Json,
        other if other.starts_with("text/") => ContentKind::Text,
        _ => ContentKind::Other,
    })
}

/// The kind of a document without a useful Content-Type.
pub(crate) fn kind_of_bytes(body: &[u8]) -> ContentKind {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let start = body.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(body.len());
    let body = &body[start..];
    let head = body[..body.len().min(512)].to_ascii_lowercase();
    let begins = |signatures: &[&[u8]]| signatures.iter().any(|signature| head.starts_with(signature));
    if begins(&[b"%pdf-"]) {
        return ContentKind::Pdf;
    }
    if begins(&[b"\x89png", b"gif8", b"\xff\xd8\xff", b"<svg", b"\0\0\x01\0"]) || is_webp(&head) {
        return ContentKind::Image;
    }
    if begins(&[
        b"<!doctype html",
        b"<html",
        b"<head",
        b"<body",
        b"<!--",
        b"<title",
        b"<meta",
        b"<div",
        b"<p>",
        b"<script",
    ]) {
        return ContentKind::Html;
    }
    if begins(&[b"<?xml"]) {
        let html =
            head.windows(5).any(|window| window == b"<html") || head.windows(9).any(|window| window == b"doctype h");
        return if html { ContentKind::Html } else { ContentKind::Xml };
    }
    // Text has none of the control characters that binary formats are full of.
    let binary = |&byte: &u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    if head.iter().any(binary) { ContentKind::Other } else { ContentKind::Text }
}

fn is_webp(head: &[u8]) -> bool {
    head.starts_with(b"riff") && head.get(8..12) == Some(b"webp")
}

/// The charset parameter of a Content-Type.
pub(crate) fn charset_of_header(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let check = |header, kind| assert_eq!(kind_of_header(header), kind, "{header}");
        check("text/html", Some(ContentKind::Html));
        check("TEXT/HTML; charset=utf-8", Some(ContentKind::Html));
        check("text/html, text/html", Some(ContentKind::Html));
        check("application/xhtml+xml", Some(ContentKind::Html));
        check("application/rss+xml", Some(ContentKind::Xml));
        check("application/ld+json", Some(ContentKind::Json));
        check("image/svg+xml", Some(ContentKind::Image));
        check("text/plain", Some(ContentKind::Text));
        check("application/pdf", Some(ContentKind::Pdf));
        check("video/mp4", Some(ContentKind::Other));
        check("application/octet-stream", None);
        check("", None);
    }

    #[test]
    fn bytes() {
        let check = |body: &[u8], kind| assert_eq!(kind_of_bytes(body), kind, "{}", body.escape_ascii());
        check(b"\xef\xbb\xbf \n<!DOCTYPE HTML><p>", ContentKind::Html);
        check(b"<?xml version='1.0'?><!DOCTYPE html PUBLIC ''><html>", ContentKind::Html);
        check(b"<?xml version='1.0'?><urlset/>", ContentKind::Xml);
        check(b"%PDF-1.7", ContentKind::Pdf);
        check(b"\x89PNG\r\n", ContentKind::Image);
        check(b"RIFF\x01\x02\x03\x04WEBPVP8", ContentKind::Image);
        check(b"plain words", ContentKind::Text);
        check(b"PK\x03\x04", ContentKind::Other);
        check(b"", ContentKind::Text);
    }

    #[test]
    fn charsets() {
        let check = |header, charset| assert_eq!(charset_of_header(header), charset, "{header}");
        check("text/html; charset=UTF-8", Some("UTF-8"));
        check("text/html;Charset = \"gbk\" ; x=y", Some("gbk"));
        check("text/html; x=y; charset='big5'", Some("big5"));
        check("text/html", None);
        check("text/html; charset=", None);
    }
}
