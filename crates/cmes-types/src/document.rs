//! What a text is made of, whatever kind of file it came from: readers make a
//! [`Document`] of it, and passages are cut from one.

use serde::{Deserialize, Serialize};

/// A text with its structure, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its own title, where it has one (metadata, `<title>`).
    pub title: Option<String>,
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// A part of a document. Texts have no line feeds except in [`Block::Preformatted`],
/// and single spaces between words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// The heading of what follows, until the next one of its level or a higher one.
    Heading {
        /// 1 is the highest.
        level: u8,
        /// Its words.
        text: String,
    },
    /// Running text.
    Paragraph(String),
    /// One item of a list.
    Item {
        /// 0 for an item of the outermost list.
        depth: u8,
        /// Its words.
        text: String,
    },
    /// Rows of cells; each row has as many cells as it has.
    Table {
        /// The cells that name the columns; empty when nothing says so.
        header: Vec<String>,
        /// The others.
        rows: Vec<Vec<String>>,
    },
    /// Text whose line feeds and spaces mean something.
    Preformatted(String),
}

impl Document {
    /// Whether there is no word in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }
}
