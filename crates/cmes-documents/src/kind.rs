//! What a file is: by its first bytes, and where those are text, by its name.

use crate::ReadError;
use crate::archive::Archive;
use crate::charset::is_text;
use crate::limits::Meter;

/// A kind of file that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pdf,
    Docx,
    Spreadsheet,
    OpenDocument,
    Html,
    Markdown,
    Csv,
    Text,
}

/// Recognises a file.
pub(crate) fn kind(name: &str, declared: Option<&str>, bytes: &[u8], meter: &Meter) -> Result<Kind, ReadError> {
    let begins = |signature: &[u8]| bytes.starts_with(signature);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty);
    }
    let head = bytes.get(..1024).unwrap_or(bytes);
    // ISO 32000-1, annex H.3.4.1: other bytes may stand before.
    if contains(head, b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        return container(bytes, meter);
    }
    if begins(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Err(compound(bytes));
    }
    if begins(b"{\\rtf") {
        return Err(unsupported("a file in RTF", "save it as DOCX or PDF"));
    }
    let is_picture =
        [&b"\x89PNG"[..], b"GIF8", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*"].iter().any(|one| begins(one))
            || (begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"));
    if is_picture && !is_text(bytes) {
        return Err(unsupported("a picture", "make text of it by text recognition (OCR)"));
    }
    if !is_text(bytes) {
        return Err(ReadError::Unknown);
    }
    text_kind(name, declared, head)
}

fn unsupported(kind: &'static str, advice: &'static str) -> ReadError {
    ReadError::Unsupported { kind, advice }
}

fn text_kind(name: &str, declared: Option<&str>, head: &[u8]) -> Result<Kind, ReadError> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let is_page = ["<!doctype html", "<html", "<head", "<body", "<?xml"].iter().any(|begin| head.starts_with(begin));
    if is_page {
        return Ok(Kind::Html);
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "html" | "htm" | "xhtml" => return Ok(Kind::Html),
        "md" | "markdown" | "mdown" | "mkd" => return Ok(Kind::Markdown),
        "csv" | "tsv" | "tab" => return Ok(Kind::Csv),
        "txt" | "text" | "log" => return Ok(Kind::Text),
        _ => {}
    }
    let declared = declared.and_then(|declared| declared.split(';').next()).unwrap_or_default().trim();
    Ok(match declared.to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Kind::Html,
        "text/markdown" | "text/x-markdown" => Kind::Markdown,
        "text/csv" | "text/tab-separated-values" => Kind::Csv,
        _ if crate::is_html(head) => Kind::Html,
        "text/plain" => Kind::Text,
        // As a rule what a server or a program left in place of the file: nobody wants that for an article.
        _ if NO_TEXT.contains(&ending.as_str()) => {
            let advice = "give it the ending of what it is (.txt, .csv, .md), or save the file itself anew";
            return Err(unsupported("plain text under the name of another kind of file", advice));
        }
        _ => Kind::Text,
    })
}

/// Endings of files that are never plain text. (Tables in HTML under the name of a workbook are common, and are read.)
const NO_TEXT: [&str; 10] = ["pdf", "docx", "doc", "xlsx", "xls", "odt", "ods", "pptx", "ppt", "odp"];

/// What a ZIP container is, by the files in it.
fn container(bytes: &[u8], meter: &Meter) -> Result<Kind, ReadError> {
    let archive = Archive::open(bytes, "ZIP container", meter)?;
    if archive.has("word/document.xml") {
        return Ok(Kind::Docx);
    }
    if archive.has("xl/workbook.xml") {
        return Ok(Kind::Spreadsheet);
    }
    if archive.has("xl/workbook.bin") {
        return Err(unsupported("a binary Excel file (.xlsb)", "save it as .xlsx"));
    }
    if archive.has("ppt/presentation.xml") {
        return Err(unsupported("a presentation", "save it as PDF"));
    }
    if archive.has("content.xml") && archive.has("META-INF/manifest.xml") {
        return Ok(Kind::OpenDocument);
    }
    Err(unsupported("a ZIP archive", "unpack it and import the files in it"))
}

/// What a compound file is (MS-CFB: Office before 2007, or an encrypted file of
/// today), by the names of its streams, which are UTF-16.
fn compound(bytes: &[u8]) -> ReadError {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(bytes, &name)
    };
    if has("EncryptedPackage") {
        ReadError::Protected { kind: "Office file" }
    } else if has("WordDocument") {
        unsupported("an old Word file (.doc)", "save it as .docx")
    } else if has("Workbook") {
        unsupported("an old Excel file (.xls)", "save it as .xlsx")
    } else if has("PowerPoint Document") {
        unsupported("an old presentation (.ppt)", "save it as PDF")
    } else {
        ReadError::Unknown
    }
}

pub(crate) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
