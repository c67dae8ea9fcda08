//! Plain text: paragraphs, lists, underlined headings, columns held apart by tabs.

use cmes_types::Document;

use crate::blocks::{Blocks, has_header};
use crate::words::{is_numbered, item_text, push_line};

/// The document of a plain text.
#[must_use]
pub fn from_text(text: &str) -> Document {
    let mut reader = Reader::default();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(level) = lines.peek().and_then(|below| underline(line, below)) {
            reader.flush();
            reader.blocks.heading(level, line);
            lines.next();
        } else if line.trim_matches([' ', '\t', '\r', '\u{c}']).is_empty() {
            reader.flush();
        } else if is_row(line) {
            let mut rows = vec![cells(line)];
            while let Some(next) = lines.next_if(|next| is_row(next)) {
                rows.push(cells(next));
            }
            reader.rows(rows);
        } else {
            reader.line(line);
        }
    }
    reader.flush();
    reader.blocks.document()
}

#[derive(Default)]
struct Reader {
    blocks: Blocks,
    paragraph: String,
    /// Lines of the paragraph, and whether it is an item, how deep.
    lines: usize,
    item: Option<u8>,
    /// Indentation of the items around, outermost first.
    indents: Vec<usize>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let indent = line.chars().take_while(|letter| letter.is_whitespace()).count();
        let content = item_text(line).or_else(|| is_numbered(line).then(|| line.trim_start()));
        if let Some(content) = content {
            self.end_paragraph();
            self.indents.retain(|outer| *outer < indent);
            self.item = Some(u8::try_from(self.indents.len()).unwrap_or(u8::MAX));
            self.indents.push(indent);
            self.paragraph.push_str(content.trim_end());
        } else {
            push_line(&mut self.paragraph, line.trim());
        }
        self.lines += 1;
    }

    /// A blank line: lists go on behind it, when items follow.
    fn flush(&mut self) {
        if self.item.is_none() {
            self.indents.clear();
        }
        self.end_paragraph();
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let lines = std::mem::take(&mut self.lines);
        match self.item.take() {
            Some(depth) => self.blocks.item(depth, &paragraph),
            None if lines == 1 && is_shouted(&paragraph) => self.blocks.heading(2, &paragraph),
            None => self.blocks.paragraph(&paragraph),
        }
    }

    /// Lines of cells: a table, if there are several and they are alike.
    fn rows(&mut self, rows: Vec<Vec<String>>) {
        if rows.len() < 2 {
            for row in rows {
                self.line(&row.join(" "));
            }
            return;
        }
        self.flush();
        let headers = usize::from(has_header(&rows));
        self.blocks.table(headers, rows);
    }
}

/// A line of cells that tabs hold apart.
fn is_row(line: &str) -> bool {
    line.trim().contains('\t') && item_text(line).is_none()
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches([' ', '\r']).split('\t').map(str::to_owned).collect()
}

/// The level of a heading whose underline is the line below it.
fn underline(line: &str, below: &str) -> Option<u8> {
    let below = below.trim();
    let length = below.chars().count();
    let is_underline = |mark: char| length >= 3 && below.chars().all(|letter| letter == mark);
    let is_title = !line.trim().is_empty() && line.trim().chars().count() <= 120 && !line.contains('\t');
    let level = if is_underline('=') {
        1
    } else if is_underline('-') || is_underline('~') {
        2
    } else {
        return None;
    };
    is_title.then_some(level)
}

/// A short line alone in capital letters.
fn is_shouted(line: &str) -> bool {
    let letters = line.chars().filter(|letter| letter.is_alphabetic()).count();
    let capitals = line.chars().filter(|letter| letter.is_uppercase()).count();
    letters >= 4 && capitals == letters && line.chars().count() <= 80 && !line.ends_with(['.', '!', ','])
}

#[cfg(test)]
mod tests {
    use cmes_types::Block::{Heading, Item, Paragraph, Table};

    use super::*;

    #[test]
    fn the_structure_of_a_text_is_seen() {
        let text = "Pump P7\n=======\n\nThe pump moves up to\n30 m³/h of water.\r\n\r\nMAINTENANCE\n\n- Check the oil\n  every month\n  - and its level\n- Clean the filter\n\n1. Switch off\n2. Wait\n\nModel\tPower\nP7\t3 kW\nP9\t5 kW\n";
        let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let item = |depth, text: &str| Item { depth, text: text.to_owned() };
        assert_eq!(
            from_text(text).blocks,
            [
                Heading { level: 1, text: "Pump P7".to_owned() },
                Paragraph("The pump moves up to 30 m³/h of water.".to_owned()),
                Heading { level: 2, text: "MAINTENANCE".to_owned() },
                item(0, "Check the oil every month"),
                item(1, "and its level"),
                item(0, "Clean the filter"),
                item(0, "1. Switch off"),
                item(0, "2. Wait"),
                Table {
                    header: owned(&["Model", "Power"]),
                    rows: vec![owned(&["P7", "3 kW"]), owned(&["P9", "5 kW"])]
                },
            ]
        );
    }
}
