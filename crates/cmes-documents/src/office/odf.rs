//! OpenDocument texts and spreadsheets (ISO 26300): both keep what is shown in
//! paragraphs of `content.xml`, numbers and dates as they are displayed.

use cmes_types::Document;

use crate::archive::Archive;
use crate::blocks::{Blocks, has_header};
use crate::limits::Meter;
use crate::words::tidy;
use crate::xml::{Piece, Tag, walk};
use crate::{Limits, ReadError};

const KIND: &str = "OpenDocument file";
/// Most times that a filled cell or row is repeated: more are the empty end of a sheet.
const MOST_REPEATED: usize = 1_000;
/// Most spaces or columns that stand without text.
const WIDEST_GAP: usize = 100;

/// The document of an ODT or ODS file.
///
/// # Errors
/// Any [`ReadError`].
pub fn from_opendocument(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let mut meter = Meter::new(*limits);
    let mut archive = Archive::open(bytes, KIND, &meter)?;
    let manifest = archive.read("META-INF/manifest.xml", &mut meter)?.unwrap_or_default();
    if String::from_utf8_lossy(&manifest).contains("encryption-data") {
        return Err(ReadError::Protected { kind: KIND });
    }
    let content = archive.read("content.xml", &mut meter)?;
    let content = content.ok_or_else(|| ReadError::damaged(KIND, "its text is missing"))?;
    let mut reader = Reader::default();
    walk(&content, KIND, &mut meter, |piece, meter| match piece {
        Piece::Start(tag) => reader.start(&tag, meter),
        Piece::End(name) => reader.end(name, meter),
        Piece::Text(text) => reader.text(text, meter),
    })?;
    Ok(reader.blocks.document())
}

#[derive(Default)]
struct Reader {
    blocks: Blocks,
    is_sheet: bool,
    text: String,
    /// Paragraphs open: text stands in them alone, but for notes within.
    paragraphs: usize,
    level: u8,
    lists: u8,
    /// Whether the first paragraph of the innermost item has been taken.
    items: Vec<bool>,
    left_out: usize,
    /// Tables open; those within others are part of a cell.
    tables: usize,
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
    headers: usize,
    in_header: bool,
    repeated_cell: usize,
    repeated_row: usize,
}

fn is_left_out(name: &str) -> bool {
    matches!(name, "tracked-changes" | "table-of-content" | "annotation" | "annotation-end" | "desc" | "forms")
}

impl Reader {
    fn start(&mut self, tag: &Tag<'_>, meter: &mut Meter) -> Result<(), ReadError> {
        if is_left_out(tag.name) {
            self.left_out += 1;
        }
        if self.left_out > 0 {
            return Ok(());
        }
        let number = |name| tag.attribute(name).and_then(|value| value.parse::<usize>().ok());
        match tag.name {
            "spreadsheet" => self.is_sheet = true,
            "p" | "h" => {
                self.paragraphs += 1;
                if tag.name == "h" {
                    self.level = number("outline-level").and_then(|level| u8::try_from(level).ok()).unwrap_or(1);
                }
            }
            "s" => self.text.push(' '),
            "tab" | "line-break" => self.text.push(' '),
            "note-body" => self.text.push_str(" ("),
            "note-citation" => self.left_out += 1,
            "list" => self.lists = self.lists.saturating_add(1),
            "list-item" => self.items.push(false),
            "table" => {
                self.tables += 1;
                if self.tables == 1 && self.is_sheet {
                    self.blocks.heading(1, &tag.attribute("name").unwrap_or_default());
                }
            }
            "table-header-rows" => self.in_header = true,
            "table-row" if self.tables == 1 => {
                self.row.clear();
                self.repeated_row = number("number-rows-repeated").unwrap_or(1);
            }
            "table-cell" | "covered-table-cell" if self.tables == 1 => {
                meter.cells(1)?;
                self.cell.clear();
                self.repeated_cell = number("number-columns-repeated").unwrap_or(1);
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, meter: &mut Meter) -> Result<(), ReadError> {
        if is_left_out(name) || name == "note-citation" {
            self.left_out = self.left_out.saturating_sub(1);
        }
        if self.left_out > 0 {
            return Ok(());
        }
        match name {
            "p" | "h" => self.end_paragraph(name),
            "note-body" => {
                self.text.truncate(self.text.trim_end().len());
                self.text.push(')');
            }
            "list" => self.lists = self.lists.saturating_sub(1),
            "list-item" => {
                self.items.pop();
            }
            "table-header-rows" => self.in_header = false,
            "table-cell" | "covered-table-cell" if self.tables == 1 => {
                let cell = tidy(&self.cell);
                let most = if cell.is_empty() { WIDEST_GAP } else { MOST_REPEATED };
                let times = self.repeated_cell.min(most);
                meter.cells(times)?;
                meter.text(times.saturating_mul(cell.len()))?;
                self.row.extend(std::iter::repeat_n(cell, times));
            }
            "table-row" if self.tables == 1 => self.end_row(meter)?,
            "table" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.end_table();
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str, meter: &mut Meter) -> Result<(), ReadError> {
        if self.paragraphs > 0 && self.left_out == 0 {
            meter.text(text.len())?;
            self.text.push_str(text);
        }
        Ok(())
    }

    fn end_paragraph(&mut self, name: &str) {
        self.paragraphs = self.paragraphs.saturating_sub(1);
        if self.paragraphs > 0 {
            // A note within a paragraph.
            self.text.push(' ');
            return;
        }
        let text = std::mem::take(&mut self.text);
        if self.tables > 0 {
            self.cell.push(' ');
            self.cell.push_str(&text);
        } else if name == "h" {
            self.blocks.heading(self.level, &text);
        } else if self.items.last_mut().is_none_or(|taken| std::mem::replace(taken, true)) {
            self.blocks.paragraph(&text);
        } else {
            self.blocks.item(self.lists.saturating_sub(1), &text);
        }
    }

    fn end_row(&mut self, meter: &mut Meter) -> Result<(), ReadError> {
        let filled = self.row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        self.row.truncate(filled);
        let row = std::mem::take(&mut self.row);
        if row.is_empty() {
            // An empty row ends a table of a sheet.
            if self.is_sheet {
                self.end_table();
            }
            return Ok(());
        }
        let times = self.repeated_row.min(MOST_REPEATED);
        meter.cells(times.saturating_mul(row.len()))?;
        meter.text(times.saturating_sub(1).saturating_mul(row.iter().map(String::len).sum()))?;
        self.headers += if self.in_header { times } else { 0 };
        self.rows.extend(std::iter::repeat_n(row, times));
        Ok(())
    }

    fn end_table(&mut self) {
        let (rows, headers) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.headers));
        let headers = if headers > 0 { headers } else { usize::from(has_header(&rows)) };
        self.blocks.table(headers, rows);
    }
}
