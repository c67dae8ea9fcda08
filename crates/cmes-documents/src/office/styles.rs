//! The styles of a DOCX: which of them are headings and lists. Their ids are in
//! the language of the program that wrote them; the names of the built-in ones
//! are English everywhere (ECMA-376, 17.7.4.9).

use std::collections::HashMap;

use crate::ReadError;
use crate::limits::Meter;
use crate::xml::{Piece, walk};

/// What a style says of a paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    name: String,
    based_on: Option<String>,
    /// From 0; 9 is running text.
    outline: Option<u8>,
    list_level: Option<u8>,
}

/// All styles, by id.
#[derive(Debug, Default)]
pub(super) struct Styles(HashMap<String, Style>);

/// How long a chain of styles that rest on each other may be.
const LONGEST_CHAIN: usize = 20;
/// Levels of headings.
const HEADINGS: u8 = 6;

impl Styles {
    /// Reads `word/styles.xml`.
    pub(super) fn read(bytes: &[u8], meter: &mut Meter) -> Result<Self, ReadError> {
        let mut styles = HashMap::new();
        let mut open: Option<(String, Style)> = None;
        walk(bytes, super::docx::KIND, meter, |piece, _| {
            match piece {
                Piece::Start(tag) if tag.name == "style" => {
                    open = tag.attribute("styleId").map(|id| (id, Style::default()));
                }
                Piece::Start(tag) => {
                    let Some((_, style)) = &mut open else { return Ok(()) };
                    let value = || tag.attribute("val");
                    match tag.name {
                        "name" => style.name = value().unwrap_or_default().to_lowercase(),
                        "basedOn" => style.based_on = value(),
                        "outlineLvl" => style.outline = value().and_then(|level| level.parse().ok()),
                        "numPr" => style.list_level = Some(style.list_level.unwrap_or_default()),
                        "ilvl" => style.list_level = value().and_then(|level| level.parse().ok()),
                        "numId" if value().as_deref() == Some("0") => style.list_level = None,
                        _ => {}
                    }
                }
                Piece::End("style") => styles.extend(open.take()),
                _ => {}
            }
            Ok(())
        })?;
        Ok(Self(styles))
    }

    /// The first answer of a style or one that it rests on.
    fn find<T>(&self, id: &str, ask: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut id = id;
        for _ in 0..LONGEST_CHAIN {
            let style = self.0.get(id)?;
            if let Some(answer) = ask(style) {
                return Some(answer);
            }
            id = style.based_on.as_deref()?;
        }
        None
    }

    /// The level of a heading; none for running text.
    pub(super) fn heading(&self, id: &str) -> Option<u8> {
        let level = self.find(id, |style| {
            if let Some(outline) = style.outline {
                return Some(outline + 1);
            }
            if style.name == "title" {
                return Some(1);
            }
            style.name.strip_prefix("heading ").and_then(|level| level.trim().parse().ok())
        });
        // Files without styles.xml have the English ids as a rule.
        let level = level.or_else(|| {
            let missing = !self.0.contains_key(id);
            missing.then(|| id.strip_prefix("Heading").and_then(|level| level.parse().ok())).flatten()
        });
        level.filter(|level| (1..=9).contains(level)).map(|level| level.min(HEADINGS))
    }

    /// The level of a list, if a style makes one.
    pub(super) fn list_level(&self, id: &str) -> Option<u8> {
        self.find(id, |style| style.list_level)
    }

    /// Whether it is a line of a table of contents.
    pub(super) fn is_contents(&self, id: &str) -> bool {
        self.find(id, |style| style.name.starts_with("toc ").then_some(())).is_some()
    }
}
