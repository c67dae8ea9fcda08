//! Word's DOCX (ECMA-376): paragraphs with their headings and lists, tables,
//! notes where they are referred to. What was deleted with changes tracked, what
//! is hidden, and the table of contents are left out.

use std::collections::HashMap;

use cmes_types::Document;

use super::styles::Styles;
use crate::archive::Archive;
use crate::blocks::{Blocks, has_header};
use crate::limits::Meter;
use crate::words::tidy;
use crate::xml::{Piece, Tag, walk};
use crate::{Limits, ReadError};

pub(super) const KIND: &str = "Word file";
/// Most columns that a cell spans.
const WIDEST_SPAN: usize = 50;
/// Tables within tables.
const DEEPEST_TABLE: usize = 20;

/// The document of a DOCX file.
///
/// # Errors
/// Any [`ReadError`].
pub fn from_docx(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let mut meter = Meter::new(*limits);
    let mut archive = Archive::open(bytes, KIND, &meter)?;
    read(&mut archive, &mut meter)
}

fn read(archive: &mut Archive<'_>, meter: &mut Meter) -> Result<Document, ReadError> {
    let body = archive.read("word/document.xml", meter)?;
    let body = body.ok_or_else(|| ReadError::damaged(KIND, "its text is missing"))?;
    let styles = match archive.read("word/styles.xml", meter)? {
        Some(styles) => Styles::read(&styles, meter)?,
        None => Styles::default(),
    };
    let mut notes = HashMap::new();
    for part in ["footnote", "endnote"] {
        if let Some(bytes) = archive.read(&format!("word/{part}s.xml"), meter)? {
            read_notes(&bytes, part, &mut notes, meter)?;
        }
    }
    let mut reader = Reader { styles, notes, ..Reader::default() };
    if let Some(core) = archive.read("docProps/core.xml", meter)? {
        reader.blocks.title = title(&core, meter)?;
    }
    walk(&body, KIND, meter, |piece, meter| match piece {
        Piece::Start(tag) => reader.start(&tag, meter),
        Piece::End(name) => reader.end(name, meter),
        Piece::Text(text) => reader.text(text, meter),
    })?;
    reader.end_paragraphs();
    Ok(reader.blocks.document())
}

fn title(core: &[u8], meter: &mut Meter) -> Result<Option<String>, ReadError> {
    let (mut title, mut is_title) = (None, false);
    walk(core, KIND, meter, |piece, _| {
        match piece {
            Piece::Start(tag) => is_title = tag.name == "title",
            Piece::End(_) => is_title = false,
            Piece::Text(text) if is_title => title.get_or_insert_with(String::new).push_str(text),
            Piece::Text(_) => {}
        }
        Ok(())
    })?;
    Ok(title)
}

/// The texts of footnotes or endnotes, by part and id.
fn read_notes(
    bytes: &[u8],
    part: &'static str,
    notes: &mut HashMap<(&'static str, String), String>,
    meter: &mut Meter,
) -> Result<(), ReadError> {
    let (mut id, mut text, mut is_text) = (None, String::new(), false);
    walk(bytes, KIND, meter, |piece, meter| {
        match piece {
            Piece::Start(tag) if tag.name == part => id = tag.attribute("id"),
            Piece::Start(tag) => is_text = tag.name == "t",
            Piece::End(name) if name == part => {
                let text = tidy(&std::mem::take(&mut text));
                if let Some(id) = id.take().filter(|_| !text.is_empty()) {
                    notes.insert((part, id), text);
                }
            }
            Piece::End("p") => text.push(' '),
            Piece::End(_) => is_text = false,
            Piece::Text(piece) if is_text => {
                meter.text(piece.len())?;
                text.push_str(piece);
            }
            Piece::Text(_) => {}
        }
        Ok(())
    })
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: String,
    outline: Option<u8>,
    list_level: Option<u8>,
    /// It says itself that it is in no list.
    is_unlisted: bool,
    notes: Vec<String>,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    headers: usize,
    /// Whether the row that is open names the columns.
    is_header: bool,
    /// Columns that the open cell spans, and whether it goes on the one above.
    span: usize,
    goes_on: bool,
}

#[derive(Default)]
struct Reader {
    blocks: Blocks,
    styles: Styles,
    notes: HashMap<(&'static str, String), String>,
    /// Paragraphs stand within others in text boxes.
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    is_text: bool,
    is_hidden: bool,
    is_run: bool,
    /// Open elements that are left out.
    left_out: usize,
}

impl Reader {
    fn start(&mut self, tag: &Tag<'_>, meter: &mut Meter) -> Result<(), ReadError> {
        if matches!(tag.name, "del" | "moveFrom" | "Fallback" | "sdtPr") {
            self.left_out += 1;
        }
        if self.left_out > 0 {
            return Ok(());
        }
        let value = || tag.attribute("val");
        let number = || value().and_then(|value| value.parse::<u8>().ok());
        match tag.name {
            "p" => self.paragraphs.push(Paragraph::default()),
            "r" => (self.is_run, self.is_hidden) = (true, false),
            "t" => self.is_text = true,
            "vanish" if self.is_run => self.is_hidden = !matches!(value().as_deref(), Some("0" | "false")),
            "tab" | "br" | "cr" if self.is_run => self.push(" "),
            "noBreakHyphen" => self.push("-"),
            "tbl" if self.tables.len() < DEEPEST_TABLE => self.tables.push(Table::default()),
            "footnoteReference" | "endnoteReference" => {
                let part = if tag.name == "footnoteReference" { "footnote" } else { "endnote" };
                let note = tag.attribute("id").and_then(|id| self.notes.get(&(part, id)));
                if let (Some(note), Some(paragraph)) = (note, self.paragraphs.last_mut()) {
                    meter.text(note.len())?;
                    paragraph.notes.push(note.clone());
                }
            }
            _ => {}
        }
        if let Some(table) = self.tables.last_mut() {
            match tag.name {
                "tr" => {
                    table.rows.push(Vec::new());
                    table.is_header = false;
                }
                "tblHeader" => table.is_header = !matches!(value().as_deref(), Some("0" | "false")),
                "tc" => {
                    meter.cells(1)?;
                    (table.span, table.goes_on) = (1, false);
                    if let Some(row) = table.rows.last_mut() {
                        row.push(String::new());
                    }
                }
                "gridSpan" => table.span = number().map_or(1, usize::from).clamp(1, WIDEST_SPAN),
                "vMerge" => table.goes_on = value().as_deref() != Some("restart"),
                _ => {}
            }
        }
        if let Some(paragraph) = self.paragraphs.last_mut() {
            match tag.name {
                "pStyle" => paragraph.style = value().unwrap_or_default(),
                "outlineLvl" => paragraph.outline = number(),
                "numPr" => paragraph.list_level = Some(0),
                "ilvl" => paragraph.list_level = number(),
                "numId" if value().as_deref() == Some("0") => {
                    paragraph.list_level = None;
                    paragraph.is_unlisted = true;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str, meter: &mut Meter) -> Result<(), ReadError> {
        if matches!(name, "del" | "moveFrom" | "Fallback" | "sdtPr") {
            self.left_out = self.left_out.saturating_sub(1);
        }
        if self.left_out > 0 {
            return Ok(());
        }
        match name {
            "t" => self.is_text = false,
            "r" => self.is_run = false,
            "p" => self.end_paragraph(),
            "tc" => self.end_cell(meter)?,
            "tr" => {
                if let Some(table) = self.tables.last_mut()
                    && table.is_header
                    && table.headers + 1 == table.rows.len()
                {
                    table.headers += 1;
                }
            }
            "tbl" => self.end_table(),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str, meter: &mut Meter) -> Result<(), ReadError> {
        if self.is_text && !self.is_hidden && self.left_out == 0 {
            meter.text(text.len())?;
            self.push(text);
        }
        Ok(())
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn end_paragraph(&mut self) {
        let Some(mut paragraph) = self.paragraphs.pop() else { return };
        for note in &paragraph.notes {
            paragraph.text.push_str(&format!(" ({note})"));
        }
        if let Some(cell) =
            self.tables.last_mut().and_then(|table| table.rows.last_mut()).and_then(|row| row.last_mut())
        {
            cell.push(' ');
            cell.push_str(&paragraph.text);
            return;
        }
        let style = &paragraph.style;
        if self.styles.is_contents(style) {
            return;
        }
        let heading = match paragraph.outline {
            Some(level) => (level < 9).then_some(level + 1),
            None => self.styles.heading(style),
        };
        let listed = || if paragraph.is_unlisted { None } else { self.styles.list_level(style) };
        if let Some(level) = heading {
            self.blocks.heading(level, &paragraph.text);
        } else if let Some(level) = paragraph.list_level.or_else(listed) {
            self.blocks.item(level, &paragraph.text);
        } else {
            self.blocks.paragraph(&paragraph.text);
        }
    }

    /// What a damaged file leaves open.
    fn end_paragraphs(&mut self) {
        while !self.paragraphs.is_empty() {
            self.end_paragraph();
        }
        while !self.tables.is_empty() {
            self.end_table();
        }
    }

    fn end_cell(&mut self, meter: &mut Meter) -> Result<(), ReadError> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        let (above, row) = match table.rows.as_mut_slice() {
            [.., above, row] => (Some(&*above), row),
            [row] => (None, row),
            [] => return Ok(()),
        };
        let place = row.len().saturating_sub(1);
        if table.goes_on
            && let (Some(cell), Some(above)) = (row.last_mut(), above.and_then(|above| above.get(place)))
        {
            meter.text(above.len())?;
            cell.clone_from(above);
        }
        meter.cells(table.span.saturating_sub(1))?;
        for _ in 1..table.span {
            row.push(String::new());
        }
        table.span = 1;
        table.goes_on = false;
        Ok(())
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        let outer = self.tables.last_mut().and_then(|outer| outer.rows.last_mut()).and_then(|row| row.last_mut());
        if let Some(cell) = outer {
            for text in table.rows.iter().flatten() {
                cell.push(' ');
                cell.push_str(text);
            }
            return;
        }
        // A frame around paragraphs is no table.
        if table.rows.iter().all(|row| row.len() <= 1) {
            for text in table.rows.iter().flatten() {
                self.blocks.paragraph(text);
            }
            return;
        }
        let headers = if table.headers > 0 { table.headers } else { usize::from(has_header(&tidied(&table.rows))) };
        self.blocks.table(headers, table.rows);
    }
}

fn tidied(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    rows.iter().take(21).map(|row| row.iter().map(|cell| tidy(cell)).collect()).collect()
}
