//! Tables as text: which sign holds the cells apart, and whether the first line
//! names the columns, is seen from the rows.

use ::csv::{ReaderBuilder, StringRecord};
use cmes_types::Document;

use crate::blocks::{Blocks, has_header};
use crate::limits::Meter;
use crate::{Limits, ReadError};

/// Rows from which the sign is guessed.
const LOOKED_AT: usize = 50;

/// The document of a table as text.
///
/// # Errors
/// [`ReadError::TooLarge`].
pub fn from_csv(text: &str, limits: &Limits) -> Result<Document, ReadError> {
    let mut meter = Meter::new(*limits);
    let (text, said) = said_delimiter(text);
    let delimiter = said.unwrap_or_else(|| guessed_delimiter(text));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in records(text, delimiter) {
        meter.cells(record.len().max(1))?;
        meter.text(record.as_slice().len())?;
        rows.push(record.iter().map(str::to_owned).collect());
    }
    let mut blocks = Blocks::default();
    // Lines of a single cell above the table say what it is.
    let widest = rows.iter().map(Vec::len).max().unwrap_or_default();
    let is_note = |row: &&Vec<String>| widest > 1 && row.iter().filter(|cell| !cell.trim().is_empty()).count() <= 1;
    let notes = rows.iter().take_while(is_note).count();
    for note in rows.drain(..notes) {
        blocks.paragraph(&note.join(" "));
    }
    let headers = usize::from(has_header(&rows));
    blocks.table(headers, rows);
    Ok(blocks.document())
}

fn records(text: &str, delimiter: u8) -> impl Iterator<Item = StringRecord> {
    let reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    // The text is UTF-8 and rows may differ in length, so that nothing else can be wrong.
    reader.into_records().map_while(Result::ok)
}

/// Excel's own first line, `sep=;`.
pub(crate) fn said_delimiter(text: &str) -> (&str, Option<u8>) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    match line.trim().strip_prefix("sep=").map(str::as_bytes) {
        Some(&[delimiter]) if delimiter.is_ascii() => (rest, Some(delimiter)),
        _ => (text, None),
    }
}

/// The sign that gives the most rows of the same number of cells, and of those the most cells.
pub(crate) fn guessed_delimiter(text: &str) -> u8 {
    let mut best = (0, b',');
    for delimiter in [b',', b';', b'\t', b'|'] {
        let widths: Vec<usize> = records(text, delimiter).take(LOOKED_AT).map(|record| record.len()).collect();
        let usual = widths.iter().copied().max_by_key(|width| widths.iter().filter(|other| *other == width).count());
        let Some(usual) = usual.filter(|width| *width > 1) else { continue };
        let alike = widths.iter().filter(|width| **width == usual).count();
        let score = alike * 100 + usual.min(99);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use cmes_types::Block::{Paragraph, Table};

    use super::*;

    fn check(text: &str, header: &[&str], rows: &[&[&str]]) {
        let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let table = Table { header: owned(header), rows: rows.iter().map(|row| owned(row)).collect() };
        assert_eq!(from_csv(text, &Limits::default()).expect("a table").blocks, [table], "{text}");
    }

    #[test]
    fn delimiters_and_headers_are_guessed() {
        check("Model,Price\nP7,\"1,200\"\nP9,1500\n", &["Model", "Price"], &[&["P7", "1,200"], &["P9", "1500"]]);
        check("Modell;Preis\r\nP7;12,50\r\nP9;13,00\r\n", &["Modell", "Preis"], &[&["P7", "12,50"], &["P9", "13,00"]]);
        check("P7\t12\nP9\t13\n", &[], &[&["P7", "12"], &["P9", "13"]]);
        check("sep=|\nName|Note\nA|\"two\nlines\"\n", &["Name", "Note"], &[&["A", "two lines"]]);
    }

    #[test]
    fn a_line_above_the_table_is_no_row() {
        let document = from_csv("Price list 2026;;\nModel;kW;EUR\nP7;3;1200\n", &Limits::default()).expect("a table");
        assert_eq!(document.blocks.first(), Some(&Paragraph("Price list 2026".to_owned())));
        assert!(matches!(&document.blocks[1], Table { header, .. } if header.len() == 3));
    }

    #[test]
    fn cells_are_limited() {
        let text = "a,b\n".repeat(2_000_000);
        assert!(matches!(from_csv(&text, &Limits::default()), Err(ReadError::TooLarge { what: "cells", .. })));
    }
}
