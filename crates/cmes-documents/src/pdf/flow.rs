//! Columns of lines made into headings, paragraphs, lists and tables.

mod grid;

use std::collections::BTreeMap;

use cmes_types::Document;

use super::columns::Column;
use super::lines::{Segment, rows};
use crate::blocks::{Blocks, has_header};
use crate::words::{ends_sentence, is_numbered, item_text, push_line};

/// How much larger than the text a heading is.
const LARGER: f32 = 1.12;
/// Longest heading, in characters.
const LONGEST_HEADING: usize = 200;

/// The document of all pages.
pub(super) fn document(pages: Vec<Vec<Column>>) -> Document {
    let sizes = Sizes::of(&pages);
    let mut flow = Flow { sizes, blocks: Blocks::default(), open: None, previous: None, indents: Vec::new() };
    for column in pages.into_iter().flatten() {
        flow.column(column);
    }
    flow.end();
    flow.blocks.document()
}

/// The sizes of letters, in half points.
struct Sizes {
    /// Of headings, largest first.
    headings: Vec<i32>,
}

fn half_points(size: f32) -> i32 {
    (size * 2.0).round() as i32
}

impl Sizes {
    fn of(pages: &[Vec<Column>]) -> Self {
        let mut characters: BTreeMap<i32, usize> = BTreeMap::new();
        for segment in pages.iter().flatten().flat_map(|column| &column.segments) {
            *characters.entry(half_points(segment.size)).or_default() += segment.text.len();
        }
        let text = characters.iter().max_by_key(|(_, count)| **count).map_or(0, |(size, _)| *size);
        let is_larger = |size: &i32| *size as f32 >= text as f32 * LARGER && *size > text;
        let headings = characters.keys().rev().copied().filter(is_larger).collect();
        Self { headings }
    }

    /// The level of a heading of this size; none for text.
    fn level(&self, size: f32) -> Option<u8> {
        let place = self.headings.iter().position(|heading| *heading == half_points(size))?;
        Some(u8::try_from(place + 1).unwrap_or(u8::MAX).min(6))
    }
}

/// A line of text.
struct Line {
    text: String,
    x0: f32,
    x1: f32,
    y: f32,
    size: f32,
}

/// A block that the next line may belong to.
struct Open {
    text: String,
    lines: usize,
    level: Option<u8>,
    /// Depth, for an item.
    item: Option<u8>,
}

struct Flow {
    sizes: Sizes,
    blocks: Blocks,
    open: Option<Open>,
    /// The line before; none at the beginning of a column.
    previous: Option<Line>,
    /// Where the items around begin, outermost first.
    indents: Vec<f32>,
}

impl Flow {
    fn column(&mut self, column: Column) {
        self.previous = None;
        let (left, right) = (column.left, column.right);
        let rows: Vec<Vec<Segment>> = rows(column.segments).into_iter().map(with_labels).collect();
        let leading = leading(&rows);
        let mut rest = rows.as_slice();
        while let Some((row, after)) = rest.split_first() {
            if let Some((table, used)) = grid::table(rest) {
                self.end();
                self.previous = None;
                let headers = usize::from(has_header(&table));
                self.blocks.table(headers, table);
                rest = rest.get(used..).unwrap_or_default();
                continue;
            }
            self.line(line(row), left, right, leading);
            rest = after;
        }
    }

    fn line(&mut self, line: Line, left: f32, right: f32, leading: f32) {
        let level = self.sizes.level(line.size).filter(|_| line.text.chars().count() <= LONGEST_HEADING);
        if self.goes_on(&line, level, left, right, leading) {
            if let Some(open) = &mut self.open {
                push_line(&mut open.text, &line.text);
                open.lines += 1;
            }
        } else {
            self.end();
            self.begin(&line, level);
        }
        self.previous = Some(line);
    }

    fn begin(&mut self, line: &Line, level: Option<u8>) {
        let content = item_text(&line.text).or_else(|| is_numbered(&line.text).then_some(line.text.as_str()));
        let item = if level.is_some() { None } else { content };
        let depth = item.map(|_| {
            self.indents.retain(|outer| *outer < line.x0 - 0.5 * line.size);
            let depth = u8::try_from(self.indents.len()).unwrap_or(u8::MAX);
            self.indents.push(line.x0);
            depth
        });
        if item.is_none() {
            self.indents.clear();
        }
        self.open = Some(Open { text: item.unwrap_or(&line.text).to_owned(), lines: 1, level, item: depth });
    }

    /// Whether a line belongs to the block that is open.
    fn goes_on(&self, line: &Line, level: Option<u8>, left: f32, right: f32, leading: f32) -> bool {
        let Some(open) = &self.open else { return false };
        let begins_item = item_text(&line.text).is_some() || is_numbered(&line.text);
        if open.level != level || (begins_item && level.is_none()) {
            return false;
        }
        let Some(previous) = &self.previous else {
            // A sentence goes on in the next column or on the next page.
            let is_middle = line.text.starts_with(char::is_lowercase) || open.text.ends_with('-');
            return level.is_none() && !ends_sentence(&open.text) && is_middle;
        };
        let em = line.size.max(previous.size);
        let down = line.y - previous.y;
        let is_next = down > 0.0 && down <= if level.is_some() { 1.6 * em } else { (1.3 * leading).max(1.25 * em) };
        let is_alike = (line.size - previous.size).abs() <= 0.12 * em;
        if !is_next || !is_alike {
            return false;
        }
        if level.is_some() {
            return open.text.chars().count() + line.text.chars().count() <= LONGEST_HEADING;
        }
        let is_short = previous.x1 < right - 0.2 * (right - left);
        if is_short && ends_sentence(&previous.text) {
            return false;
        }
        // The first line of a paragraph may be indented; an item's lines hang.
        let indent = line.x0 - previous.x0;
        let is_indented = indent > 0.9 * em && open.item.is_none() && (open.lines > 1 || ends_sentence(&previous.text));
        let is_moved = is_short && indent.abs() > 0.9 * em && open.item.is_none();
        let is_outdented = indent < -0.9 * em && open.item.is_some();
        !is_indented && !is_outdented && !is_moved
    }

    /// Ends the block that is open.
    fn end(&mut self) {
        let Some(open) = self.open.take() else { return };
        match (open.level, open.item) {
            (Some(level), _) => self.blocks.heading(level, &open.text),
            (None, Some(depth)) => self.blocks.item(depth, &open.text),
            (None, None) if is_chapter(&open) => self.blocks.heading(self.chapter_level(), &open.text),
            (None, None) => self.blocks.paragraph(&open.text),
        }
    }

    /// Headings as large as the text stand below all others.
    fn chapter_level(&self) -> u8 {
        u8::try_from(self.sizes.headings.len() + 1).unwrap_or(u8::MAX).min(6)
    }
}

/// A line alone that is numbered as chapters are: `3.2 Installation`.
fn is_chapter(open: &Open) -> bool {
    let Some((number, title)) = open.text.split_once(' ') else { return false };
    let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
    let is_number = parts.len() >= 2
        && parts.iter().all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    let is_title = title.starts_with(char::is_uppercase) && title.chars().count() <= 80 && !ends_sentence(title);
    open.lines == 1 && is_number && is_title
}

/// The usual distance of lines, in points.
fn leading(rows: &[Vec<Segment>]) -> f32 {
    let heights = |row: &Vec<Segment>| row.first().map_or(0.0, |first| first.y);
    let mut distances: Vec<f32> =
        rows.windows(2).filter_map(|pair| Some(heights(pair.get(1)?) - heights(pair.first()?))).collect();
    distances.sort_by(f32::total_cmp);
    distances.get(distances.len() / 3).copied().unwrap_or_default()
}

fn line(row: &[Segment]) -> Line {
    let texts: Vec<&str> = row.iter().map(|segment| segment.text.trim()).collect();
    let largest = row.iter().max_by(|a, b| a.text.len().cmp(&b.text.len()));
    Line {
        text: texts.join(" "),
        x0: row.first().map_or(0.0, |first| first.x0),
        x1: row.iter().map(|segment| segment.x1).fold(f32::NEG_INFINITY, f32::max),
        y: row.first().map_or(0.0, |first| first.y),
        size: largest.map_or(0.0, |segment| segment.size),
    }
}

/// Joins the sign or number of an item with its text, which stands apart.
fn with_labels(row: Vec<Segment>) -> Vec<Segment> {
    let mut row = row;
    if let [label, text, ..] = row.as_mut_slice()
        && is_label(label.text.trim())
        && text.x0 - label.x1 < 4.0 * text.size
    {
        text.text = format!("{} {}", label.text.trim(), text.text.trim_start());
        text.x0 = label.x0;
        row.remove(0);
    }
    row
}

fn is_label(text: &str) -> bool {
    let is_number = text.len() <= 8
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.contains('.')
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    item_text(&format!("{text} x")).is_some_and(|rest| rest == "x") || is_numbered(&format!("{text} x")) || is_number
}
