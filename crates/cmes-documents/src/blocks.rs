//! Documents in the making: texts become blocks when they are complete.

use cmes_types::{Block, Document};

use crate::words::tidy;

/// Deepest level of a list that is told apart.
pub(crate) const DEEPEST_ITEM: u8 = 12;

/// Gathers blocks; what is empty is left out.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    pub(crate) title: Option<String>,
    pub(crate) blocks: Vec<Block>,
}

impl Blocks {
    pub(crate) fn heading(&mut self, level: u8, text: &str) {
        let text = tidy(text);
        if !text.is_empty() {
            self.blocks.push(Block::Heading { level: level.clamp(1, 6), text });
        }
    }

    pub(crate) fn paragraph(&mut self, text: &str) {
        let text = tidy(text);
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph(text));
        }
    }

    pub(crate) fn item(&mut self, depth: u8, text: &str) {
        let text = tidy(text);
        if !text.is_empty() {
            self.blocks.push(Block::Item { depth: depth.min(DEEPEST_ITEM), text });
        }
    }

    pub(crate) fn preformatted(&mut self, text: &str) {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let text = lines.join("\n");
        let text = text.trim_matches('\n');
        if !text.trim().is_empty() {
            self.blocks.push(Block::Preformatted(text.to_owned()));
        }
    }

    /// A table of rows, of which the first `headers` name the columns. Rows and
    /// columns without a word are left out; one cell is a paragraph.
    pub(crate) fn table(&mut self, headers: usize, rows: Vec<Vec<String>>) {
        let mut header: Vec<String> = Vec::new();
        let mut body: Vec<Vec<String>> = Vec::new();
        for (place, row) in rows.into_iter().enumerate() {
            let row: Vec<String> = row.iter().map(|cell| tidy(cell)).collect();
            if place < headers {
                merge_header(&mut header, row);
            } else if row.iter().any(|cell| !cell.is_empty()) {
                body.push(row);
            }
        }
        if header.iter().all(String::is_empty) {
            header.clear();
        }
        drop_empty_columns(&mut header, &mut body);
        if body.is_empty() && !header.is_empty() {
            body.push(std::mem::take(&mut header));
        }
        match body.as_mut_slice() {
            [] => {}
            [row] if header.is_empty() && row.len() == 1 => {
                let cell = std::mem::take(&mut row[0]);
                self.paragraph(&cell);
            }
            _ => self.blocks.push(Block::Table { header, rows: body }),
        }
    }

    pub(crate) fn document(self) -> Document {
        let title = self.title.map(|title| tidy(&title)).filter(|title| !title.is_empty());
        Document { title, blocks: self.blocks }
    }
}

/// Several header rows are one: "Price" above "net" is "Price net".
fn merge_header(header: &mut Vec<String>, row: Vec<String>) {
    if header.len() < row.len() {
        header.resize(row.len(), String::new());
    }
    for (above, cell) in header.iter_mut().zip(row) {
        if above.is_empty() {
            *above = cell;
        } else if !cell.is_empty() && *above != cell {
            above.push(' ');
            above.push_str(&cell);
        }
    }
}

fn drop_empty_columns(header: &mut Vec<String>, rows: &mut [Vec<String>]) {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default().max(header.len());
    let mut is_used = vec![false; width];
    for row in rows.iter().chain(std::iter::once(&*header)) {
        for (used, cell) in is_used.iter_mut().zip(row) {
            *used |= !cell.is_empty();
        }
    }
    if is_used.iter().all(|used| *used) {
        return;
    }
    for row in rows.iter_mut().chain(std::iter::once(header)) {
        let mut used = is_used.iter();
        row.retain(|_| used.next().copied().unwrap_or(true));
    }
}

/// Whether the first of these rows names the columns: every column has a name
/// of its own, none is a number, and below them something looks different.
pub(crate) fn has_header(rows: &[Vec<String>]) -> bool {
    let [first, rest @ ..] = rows else { return false };
    if rest.is_empty() || first.len() < 2 {
        return false;
    }
    let is_figure = |cell: &str| cell.chars().any(|letter| letter.is_ascii_digit());
    let names: std::collections::HashSet<&str> = first.iter().map(String::as_str).collect();
    let are_names = first.iter().all(|cell| {
        let cell = cell.trim();
        !cell.is_empty() && cell.chars().count() <= 60 && !starts_as_figure(cell)
    });
    let is_wide_enough = rest.iter().all(|row| row.len() <= first.len());
    let figures_below = rest.iter().take(20).flatten().any(|cell| is_figure(cell));
    let no_figures = !first.iter().any(|cell| is_figure(cell));
    let is_short = |row: &Vec<String>| row.iter().map(|cell| cell.chars().count()).sum::<usize>();
    let longer_below = rest.iter().take(20).map(is_short).max().unwrap_or_default() > is_short(first);
    are_names && names.len() == first.len() && is_wide_enough && ((no_figures && figures_below) || longer_below)
}

fn starts_as_figure(cell: &str) -> bool {
    let rest = cell.trim_start_matches(['-', '+', '€', '$', '£', '(', ' ']);
    rest.starts_with(|letter: char| letter.is_ascii_digit())
}
