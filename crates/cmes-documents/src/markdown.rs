//! Markdown: CommonMark with the tables, footnotes and lists of definitions that people use.

use cmes_types::Document;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::blocks::Blocks;
use crate::html::from_html;

/// The document of a Markdown text.
#[must_use]
pub fn from_markdown(text: &str) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader::default();
    for event in Parser::new_ext(text, options) {
        reader.event(event);
    }
    reader.flush();
    reader.blocks.document()
}

#[derive(Default)]
struct Reader {
    blocks: Blocks,
    text: String,
    lists: u8,
    /// Whether the first text of the innermost item has been taken.
    items: Vec<bool>,
    rows: Vec<Vec<String>>,
    html: String,
    /// Within code or metadata, where spaces and lines stay as they are.
    is_verbatim: bool,
    struck: usize,
    term: String,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(html) if html.to_ascii_lowercase().starts_with("<br") => self.text.push(' '),
            Event::Text(text) if self.struck == 0 => self.text.push_str(&text),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.text.push(if self.is_verbatim { '\n' } else { ' ' }),
            Event::Rule => self.flush(),
            Event::TaskListMarker(done) => self.text.push_str(if done { "[x] " } else { "[ ] " }),
            Event::Text(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(_) => {
                self.flush();
                self.lists = self.lists.saturating_add(1);
            }
            Tag::Item => self.items.push(false),
            Tag::CodeBlock(_) | Tag::MetadataBlock(_) => {
                self.flush();
                self.is_verbatim = true;
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::Strikethrough => self.struck += 1,
            Tag::Table(_) | Tag::Heading { .. } | Tag::HtmlBlock => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.text);
                self.blocks.heading(rank(level), &text);
            }
            TagEnd::Item => {
                self.flush();
                self.items.pop();
            }
            TagEnd::List(_) => self.lists = self.lists.saturating_sub(1),
            TagEnd::Paragraph => self.flush(),
            TagEnd::CodeBlock => {
                self.is_verbatim = false;
                let text = std::mem::take(&mut self.text);
                self.blocks.preformatted(&text);
            }
            TagEnd::MetadataBlock(_) => {
                self.is_verbatim = false;
                let text = std::mem::take(&mut self.text);
                let title = text.lines().find_map(|line| line.strip_prefix("title:"));
                self.blocks.title = title.map(|title| title.trim().trim_matches(['"', '\'']).to_owned());
            }
            TagEnd::TableCell => {
                let text = std::mem::take(&mut self.text);
                if let Some(row) = self.rows.last_mut() {
                    row.push(text);
                }
            }
            TagEnd::Table => {
                let rows = std::mem::take(&mut self.rows);
                self.blocks.table(1, rows);
            }
            TagEnd::HtmlBlock => {
                let html = std::mem::take(&mut self.html);
                self.blocks.blocks.extend(from_html(&html).blocks);
            }
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::DefinitionListTitle => self.term = std::mem::take(&mut self.text),
            TagEnd::DefinitionListDefinition => {
                let (term, text) = (std::mem::take(&mut self.term), std::mem::take(&mut self.text));
                let colon = if term.is_empty() { "" } else { ": " };
                self.blocks.item(self.lists, &format!("{term}{colon}{text}"));
            }
            _ => {}
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        let is_further = self.items.last_mut().is_none_or(|taken| std::mem::replace(taken, true));
        if is_further {
            self.blocks.paragraph(&text);
        } else {
            self.blocks.item(self.lists.saturating_sub(1), &text);
        }
    }
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use cmes_types::Block::{Heading, Item, Paragraph, Preformatted, Table};

    use super::*;

    #[test]
    fn the_structure_of_markdown_is_read() {
        let text = "---\ntitle: \"Pumps\"\n---\n# Pump *P7*\n\nMoves **30 m³/h**\nof [water](https://x.example/).\n\n- Oil\n  - level\n- Filter\n\n  more on it\n\n| Model | Power |\n|---|--:|\n| P7 | 3 kW |\n\n```sh\npump  start\n```\n\n<p>From <b>HTML</b></p>\n\n~~old~~ new<br>line\n";
        let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let document = from_markdown(text);
        assert_eq!(document.title.as_deref(), Some("Pumps"));
        assert_eq!(
            document.blocks,
            [
                Heading { level: 1, text: "Pump P7".to_owned() },
                Paragraph("Moves 30 m³/h of water.".to_owned()),
                Item { depth: 0, text: "Oil".to_owned() },
                Item { depth: 1, text: "level".to_owned() },
                Item { depth: 0, text: "Filter".to_owned() },
                Paragraph("more on it".to_owned()),
                Table { header: owned(&["Model", "Power"]), rows: vec![owned(&["P7", "3 kW"])] },
                Preformatted("pump  start".to_owned()),
                Paragraph("From HTML".to_owned()),
                Paragraph("new line".to_owned()),
            ]
        );
    }
}
