//! HTML, both ways.

use cmes_types::{Block, Document};

/// The document of an HTML text.
#[must_use]
pub fn from_html(html: &str) -> Document {
    let mut text = String::new();
    let mut is_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push('\n');
            }
            letter if !is_tag => text.push(letter),
            _ => {}
        }
    }
    super::from_text(&text)
}

/// A document as HTML that [`from_html`] reads again.
#[must_use]
pub fn to_html(document: &Document) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut html = String::new();
    for block in &document.blocks {
        if let Block::Paragraph(text) = block {
            html.push_str(&format!("<p>{}</p>\n", escaped(text)));
        }
    }
    html
}
