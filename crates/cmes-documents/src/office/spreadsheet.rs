//! Excel's XLSX: each sheet under its name, its tables apart where empty rows part them.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader as _, Xlsx};
use cmes_types::Document;

use crate::archive::Archive;
use crate::blocks::{Blocks, has_header};
use crate::limits::Meter;
use crate::{Limits, ReadError};

pub(super) const KIND: &str = "Excel file";
/// Most sheets.
const SHEETS: usize = 500;

/// The document of an XLSX file.
///
/// # Errors
/// Any [`ReadError`].
pub fn from_spreadsheet(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let mut meter = Meter::new(*limits);
    // The reader of workbooks has no limits of its own: what it will unpack is unpacked here first.
    let mut archive = Archive::open(bytes, KIND, &meter)?;
    for name in archive.names() {
        archive.read(&name, &mut meter)?;
    }
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|error: calamine::XlsxError| damaged(&error))?;
    let sheets = workbook.sheets_metadata().to_vec();
    let is_shown = |sheet: &&calamine::Sheet| {
        sheet.typ == calamine::SheetType::WorkSheet && sheet.visible == calamine::SheetVisible::Visible
    };
    let shown: Vec<_> = sheets.iter().filter(is_shown).take(SHEETS).collect();
    let mut blocks = Blocks::default();
    for sheet in &shown {
        let rows = rows(&mut workbook, &sheet.name, &mut meter)?;
        if rows.is_empty() {
            continue;
        }
        if shown.len() > 1 {
            blocks.heading(1, &sheet.name);
        }
        tables(rows, &mut blocks, &mut meter)?;
    }
    Ok(blocks.document())
}

fn damaged(error: &calamine::XlsxError) -> ReadError {
    match error {
        calamine::XlsxError::Password => ReadError::Protected { kind: KIND },
        other => ReadError::damaged(KIND, other),
    }
}

/// The filled cells of a row, with their columns.
type Row = (u32, Vec<(u32, String)>);

fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, meter: &mut Meter) -> Result<Vec<Row>, ReadError> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|error| damaged(&error))?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
        meter.step(1)?;
        let text = text(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        meter.cells(1)?;
        meter.text(text.len())?;
        let (row, column) = cell.get_position();
        match rows.last_mut() {
            Some((last, cells)) if *last == row => cells.push((column, text)),
            _ => rows.push((row, vec![(column, text)])),
        }
    }
    Ok(rows)
}

/// A cell as Excel would show it without a format.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Float(number) => number_text(*number),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::Error(_) | DataRef::Empty => String::new(),
        other => Data::from(other.clone()).to_string(),
    }
}

/// Excel shows fifteen digits; the two beyond them are noise of the arithmetic.
fn number_text(number: f64) -> String {
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if shown.abs() < 1e-9 || shown.abs() >= 1e15 { format!("{shown:e}") } else { shown.to_string() }.replace("0e0", "0")
}

fn moment_text(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        return number_text(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        (hour, minute, second) if moment.as_f64() < 1.0 => format!("{hour:02}:{minute:02}:{second:02}"),
        (hour, minute, second) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    }
}

/// Makes tables of rows: an empty row ends one, and a lone cell says what follows.
fn tables(rows: Vec<Row>, blocks: &mut Blocks, meter: &mut Meter) -> Result<(), ReadError> {
    let mut table: Vec<Row> = Vec::new();
    for row in rows {
        if table.last().is_some_and(|(last, _)| row.0 != last + 1) {
            table_of(std::mem::take(&mut table), blocks, meter)?;
        }
        table.push(row);
    }
    table_of(table, blocks, meter)
}

fn table_of(rows: Vec<Row>, blocks: &mut Blocks, meter: &mut Meter) -> Result<(), ReadError> {
    let columns: BTreeSet<u32> = rows.iter().flat_map(|(_, cells)| cells.iter().map(|(column, _)| *column)).collect();
    let columns: Vec<u32> = columns.into_iter().collect();
    let notes = if columns.len() > 1 { rows.iter().take_while(|(_, cells)| cells.len() == 1).count() } else { 0 };
    // Cells without text count here: a few far apart would make a table of millions.
    meter.cells((rows.len() - notes).saturating_mul(columns.len()))?;
    let mut table = Vec::new();
    for (place, (_, cells)) in rows.into_iter().enumerate() {
        if place < notes {
            cells.iter().for_each(|(_, text)| blocks.paragraph(text));
            continue;
        }
        let mut row = vec![String::new(); columns.len()];
        for (column, text) in cells {
            if let Some(cell) = columns.binary_search(&column).ok().and_then(|place| row.get_mut(place)) {
                *cell = text;
            }
        }
        table.push(row);
    }
    let headers = usize::from(has_header(&table));
    blocks.table(headers, table);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_excel_does() {
        for (number, shown) in [(0.7 + 0.1, "0.8"), (1200.0, "1200"), (0.0, "0"), (-0.5, "-0.5"), (0.1 + 0.2, "0.3")] {
            assert_eq!(number_text(number), shown);
        }
    }
}
