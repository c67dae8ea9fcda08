//! Cutting a document into passages.
//!
//! Passages are small, two or three sentences: one vector says little of a long text, and
//! the question is about one sentence of it as a rule. What stands around a passage counts when it is
//! ranked ([`crate::search()`] looks at its neighbours), so nothing is kept twice by overlapping. On the sets of
//! `docs/quality.md` that found nearly as much as passages of twice the size with vectors of
//! each sentence besides, for half of the computing and a third of the memory.

mod cut;

use cmes_types::{Block, Document};

use crate::tokens;
use cut::{sentences, shortened};

/// What long texts are cut to, in tokens.
const USUAL: u32 = 60;
/// Most tokens of a passage that is put together or left whole.
const LARGEST: u32 = 90;
/// Most tokens of a table, a preformatted text or a sentence that is left whole.
const LARGEST_WHOLE: u32 = 200;
/// Most letters of a heading; what is longer is a paragraph in disguise.
const LONGEST_HEADING: usize = 200;
/// Most letters of a path of headings.
const LONGEST_CONTEXT: usize = 400;

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

impl Chunk {
    /// The text of which a vector is made.
    #[must_use]
    pub fn embedded_text(&self) -> String {
        if self.context.is_empty() { self.text.clone() } else { format!("{}\n{}", self.context, self.text) }
    }
}

/// Cuts a document into passages. `path` names the sections above it and the
/// article itself, outermost first.
#[must_use]
pub fn chunks(path: &[&str], document: &Document) -> Vec<Chunk> {
    let mut cutter = Cutter { path, headings: Vec::new(), chunks: Vec::new(), open: None };
    for block in &document.blocks {
        cutter.block(block);
    }
    cutter.close_headings(0);
    cutter.close();
    cutter.chunks
}

struct Heading<'a> {
    level: u8,
    text: &'a str,
    /// Whether something stands below it.
    has_text: bool,
}

struct Cutter<'a> {
    path: &'a [&'a str],
    headings: Vec<Heading<'a>>,
    chunks: Vec<Chunk>,
    /// The passage that more may be added to.
    open: Option<(String, u32)>,
}

impl<'a> Cutter<'a> {
    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Heading { level, text } if text.chars().count() <= LONGEST_HEADING => {
                self.close_headings(*level);
                self.close();
                self.headings.push(Heading { level: *level, text, has_text: false });
            }
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Item { text, .. } => {
                for part in cut::evenly(&sentences(text), USUAL, LARGEST) {
                    self.add(&part, LARGEST);
                }
            }
            Block::Table { header, rows } => {
                let line = |cells: &Vec<String>| cells.join(" | ");
                let head = (!header.is_empty()).then(|| line(header));
                self.lines(head.as_deref(), &rows.iter().map(line).collect::<Vec<_>>());
            }
            Block::Preformatted(text) => self.lines(None, &text.lines().map(str::to_owned).collect::<Vec<_>>()),
        }
    }

    /// Adds lines that belong together: all in one passage, else several, each of which begins with `head`.
    fn lines(&mut self, head: Option<&str>, lines: &[String]) {
        let head_tokens = head.map_or(0, tokens::count);
        let mut part = String::new();
        let mut size = 0;
        for line in lines.iter().flat_map(|line| cut::fitting(line, LARGEST_WHOLE)) {
            let more = tokens::count(&line);
            if size > 0 && size + more > LARGEST_WHOLE {
                self.add(&part, LARGEST);
                self.close();
                size = 0;
            }
            if size == 0 {
                part.clear();
                part.push_str(head.unwrap_or_default());
                size = head_tokens;
            }
            if !part.is_empty() {
                part.push('\n');
            }
            part.push_str(&line);
            size += more;
        }
        if lines.is_empty() {
            part.push_str(head.unwrap_or_default());
        }
        self.add(&part, LARGEST);
    }

    /// Adds a text to the open passage while there is room for it, else begins one with it.
    fn add(&mut self, text: &str, most: u32) {
        if text.trim().is_empty() {
            return;
        }
        self.headings.iter_mut().for_each(|heading| heading.has_text = true);
        let more = tokens::count(text);
        match &mut self.open {
            Some((open, size)) if *size + more <= most => {
                open.push('\n');
                open.push_str(text);
                *size += more;
            }
            _ => {
                self.close();
                self.open = Some((text.to_owned(), more));
            }
        }
    }

    fn close(&mut self) {
        if let Some((text, tokens)) = self.open.take() {
            let names = self.path.iter().copied().chain(self.headings.iter().map(|heading| heading.text));
            let names: Vec<&str> = names.filter(|name| !name.trim().is_empty()).collect();
            let context = shortened(&names.join(" > "), LONGEST_CONTEXT).to_owned();
            self.chunks.push(Chunk { context, text, tokens });
        }
    }

    /// Leaves the headings of a level and of those below it. One with nothing below it is a text by itself.
    fn close_headings(&mut self, level: u8) {
        while let Some(last) = self.headings.last().filter(|last| last.level >= level) {
            let (text, has_text) = (last.text, last.has_text);
            if has_text {
                self.close();
            }
            self.headings.pop();
            if !has_text {
                self.add(text, LARGEST);
            }
        }
    }
}

#[cfg(test)]
mod tests;
