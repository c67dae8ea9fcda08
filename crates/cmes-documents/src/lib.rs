//! Bytes of files to [`Document`]s: pure, with limits on everything, and never a panic.

mod html;
mod text;

pub use html::{from_html, to_html};
pub use text::from_text;

use cmes_types::Document;

/// The body of an article, text or HTML, as a document.
#[must_use]
pub fn from_body(body: &str) -> Document {
    if is_html(body) { from_html(body) } else { from_text(body) }
}

/// Whether a text is HTML: something in it is an end tag, or a tag that has none.
fn is_html(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["</", "<br", "<p>", "<hr", "<img ", "<!doctype"].iter().any(|tag| lower.contains(tag))
}
