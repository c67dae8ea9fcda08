//! Cutting a document into passages.

use cmes_types::{Block, Document};

use crate::tokens;

/// Most tokens of a passage, but for one that cannot be cut.
const LARGEST: u32 = 200;

/// A passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The sections and headings above it, outermost first, joined by ` > `.
    pub context: String,
    /// Its text, as it is shown.
    pub text: String,
    /// Size of the text in tokens (see [`tokens::count`]).
    pub tokens: u32,
}

/// Cuts a document into passages. `path` names the sections above it and the
/// article itself, outermost first.
#[must_use]
pub fn chunks(path: &[&str], document: &Document) -> Vec<Chunk> {
    let mut headings: Vec<(u8, &str)> = Vec::new();
    let mut chunks: Vec<Chunk> = Vec::new();
    for block in &document.blocks {
        let text = match block {
            Block::Heading { level, text } => {
                headings.retain(|(above, _)| above < level);
                headings.push((*level, text));
                continue;
            }
            Block::Paragraph(text) | Block::Item { text, .. } | Block::Preformatted(text) => text.clone(),
            Block::Table { header, rows } => {
                let lines = std::iter::once(header).chain(rows).map(|cells| cells.join(" | "));
                lines.collect::<Vec<_>>().join("\n")
            }
        };
        let context =
            path.iter().copied().chain(headings.iter().map(|(_, text)| *text)).collect::<Vec<_>>().join(" > ");
        let tokens = tokens::count(&text);
        match chunks.last_mut() {
            Some(last) if last.context == context && last.tokens + tokens <= LARGEST => {
                last.text.push('\n');
                last.text.push_str(&text);
                last.tokens += tokens;
            }
            _ => chunks.push(Chunk { context, text, tokens }),
        }
    }
    chunks
}
