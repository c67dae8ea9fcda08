//! Plain text.

use cmes_types::{Block, Document};

/// The document of a plain text: its paragraphs.
#[must_use]
pub fn from_text(text: &str) -> Document {
    let paragraphs = text.split("\n\n").map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    Document { title: None, blocks: paragraphs.filter(|text| !text.is_empty()).map(Block::Paragraph).collect() }
}
