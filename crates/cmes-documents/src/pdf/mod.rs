//! PDF: what is no text is taken out within limits (`clean`), the rest is
//! interpreted glyph by glyph (`glyphs`), and lines, columns, headings and tables
//! are seen from where the glyphs stand (`lines`, `columns`, `flow`).
//!
//! Two libraries share the work, because neither does all of it: lopdf decrypts,
//! repairs, and unpacks within limits; hayro knows fonts and their encodings, and
//! unpacks without limits, which does no harm to what was unpacked already.

mod clean;
mod columns;
mod flow;
mod furniture;
mod glyphs;
mod lines;

use cmes_types::Document;

use crate::limits::Meter;
use crate::{Limits, ReadError};

const KIND: &str = "PDF file";
/// Files may nest deeply; their interpreter calls itself at each level.
const STACK: usize = 128 * 1024 * 1024;

/// The document of a PDF file.
///
/// # Errors
/// Any [`ReadError`].
pub fn from_pdf(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || read(bytes, limits));
        let reading = reading.map_err(|error| ReadError::damaged(KIND, error))?;
        reading.join().unwrap_or_else(|payload| {
            // The interpreter has no way to be told to stop: the one who draws unwinds it with the reason.
            let stopped = payload.downcast::<ReadError>().map(|error| *error);
            Err(stopped.unwrap_or_else(|_| ReadError::damaged(KIND, "it misleads the program that reads it")))
        })
    })
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let mut meter = Meter::new(*limits);
    let cleaned = clean::clean(bytes, &mut meter)?;
    let pages = glyphs::pages(cleaned.bytes, &mut meter)?;
    let pages = furniture::without(pages.into_iter().map(lines::segments).collect());
    let mut document = flow::document(pages.into_iter().map(columns::columns).collect());
    if document.is_empty() && cleaned.left_out > 0 {
        return Err(ReadError::TooLarge { limit: clean::LARGEST_STREAM as u64, what: "bytes in one of its parts" });
    }
    document.title = cleaned.title.filter(|title| !title.is_empty());
    Ok(document)
}
