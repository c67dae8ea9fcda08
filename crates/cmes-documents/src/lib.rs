//! Bytes of files to [`Document`]s: pure, with limits on everything, and never a panic.
//!
//! [`from_bytes`] recognises a file by what is in it and hands it to its reader;
//! each can be had by itself. Files come from strangers: everything that a file
//! makes large, deep or long is counted ([`Limits`]), and what cannot be read ends
//! in a [`ReadError`] that tells its owner what to do.

mod archive;
mod blocks;
mod charset;
mod csv;
mod error;
mod html;
mod kind;
mod limits;
mod markdown;
mod office;
mod pdf;
pub mod stream;
mod text;
mod words;
mod xml;

pub use csv::from_csv;
pub use error::ReadError;
pub use html::{from_html, from_page, to_html};
pub use limits::Limits;
pub use markdown::from_markdown;
pub use office::{from_docx, from_opendocument, from_spreadsheet};
pub use pdf::from_pdf;
pub use text::from_text;

use cmes_types::Document;
use kind::Kind;
use limits::Meter;

/// The document of a file. `name` is its name, `declared` the media type that
/// it came with: both are asked only where the bytes do not tell.
///
/// # Errors
/// Any [`ReadError`].
pub fn from_bytes(name: &str, declared: Option<&str>, bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let mut meter = Meter::new(*limits);
    if bytes.len() > limits.file {
        return Err(ReadError::TooLarge { limit: limits.file as u64, what: "bytes" });
    }
    let kind = kind::kind(name, declared, bytes, &meter)?;
    let (document, called) = match kind {
        Kind::Pdf => (from_pdf(bytes, limits)?, "PDF file"),
        Kind::Docx => (from_docx(bytes, limits)?, "Word file"),
        Kind::Spreadsheet => (from_spreadsheet(bytes, limits)?, "Excel file"),
        Kind::OpenDocument => (from_opendocument(bytes, limits)?, "OpenDocument file"),
        Kind::Html | Kind::Markdown | Kind::Csv | Kind::Text => {
            meter.text(bytes.len())?;
            let text = charset::decode(bytes);
            let document = match kind {
                Kind::Html => from_html(&text),
                Kind::Markdown => from_markdown(&text),
                Kind::Csv => from_csv(&text, limits)?,
                _ => from_text(&text),
            };
            (document, "file")
        }
    };
    if document.is_empty() { Err(ReadError::NoText { kind: called }) } else { Ok(document) }
}

/// The body of an article, text or HTML, as a document.
#[must_use]
pub fn from_body(body: &str) -> Document {
    if is_html(body) { from_html(body) } else { from_text(body) }
}

/// Whether a text is HTML: a tag that HTML knows stands in it.
pub(crate) fn is_html(text: &str) -> bool {
    const LONGEST_TAG: usize = 2_000;
    const TAGS: [&str; 38] = [
        "a",
        "article",
        "b",
        "blockquote",
        "body",
        "br",
        "code",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "hr",
        "html",
        "i",
        "img",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "span",
        "strong",
        "table",
        "td",
        "th",
        "tr",
        "u",
        "ul",
    ];
    // Where the next tag ends, for all that begin before: the text is looked through for it once, however many begin.
    let mut end = None;
    text.match_indices('<').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let length = rest.bytes().take(11).take_while(u8::is_ascii_alphanumeric).count();
        let name = rest.get(..length).unwrap_or_default();
        let after = rest.get(length..).unwrap_or_default();
        TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name))
            && (after.starts_with(['>', '/']) || after.starts_with(char::is_whitespace))
            && {
                let from = text.len() - after.len();
                if end.is_none_or(|end| end < from) {
                    end = Some(after.find('>').map_or(usize::MAX, |within| from + within));
                }
                after.starts_with('/') || end.is_some_and(|end| end - from < LONGEST_TAG)
            }
    })
}
