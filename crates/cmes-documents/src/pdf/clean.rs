//! A PDF with nothing in it but what text needs: decrypted, repaired, every
//! stream unpacked within limits, pictures and colours gone.

use std::collections::HashMap;

use lopdf::{DecompressError, Dictionary, Document, Error, LoadOptions, Object, ObjectId, Stream};

use super::KIND;
use crate::ReadError;
use crate::limits::Meter;
use crate::words::tidy;

/// Largest stream: a font of all Chinese characters has about twenty MiB.
pub(super) const LARGEST_STREAM: usize = 24 * 1024 * 1024;
/// Largest description of a page or a part of one: drawings by machine are larger, and no text.
const LARGEST_PAGE: usize = 8 * 1024 * 1024;
/// What objects in streams may be unpacked to in all: this, and some for each byte of the file.
const OBJECTS: usize = 4 * 1024 * 1024;
const OBJECTS_A_BYTE: usize = 4;
/// Most objects.
const MOST_OBJECTS: usize = 1_000_000;
/// Deepest nesting of arrays and dictionaries.
const DEEPEST: usize = 100;
/// Entries of dictionaries that lead to what is no text.
const NO_TEXT: [&[u8]; 16] = [
    b"AA",
    b"AF",
    b"AcroForm",
    b"Annots",
    b"ColorSpace",
    b"Metadata",
    b"Names",
    b"OpenAction",
    b"OutputIntents",
    b"Pattern",
    b"PieceInfo",
    b"SMask",
    b"Shading",
    b"StructTreeRoot",
    b"TR",
    b"Thumb",
];
/// Filters of pictures.
const PICTURES: [&[u8]; 4] = [b"DCTDecode", b"JPXDecode", b"CCITTFaxDecode", b"JBIG2Decode"];

/// A PDF made harmless.
pub(super) struct Cleaned {
    pub(super) bytes: Vec<u8>,
    pub(super) title: Option<String>,
    /// Streams left out because they were too large.
    pub(super) left_out: usize,
}

/// Cleans a PDF.
pub(super) fn clean(bytes: &[u8], meter: &mut Meter) -> Result<Cleaned, ReadError> {
    let mut pdf = load(bytes)?;
    meter.step(pdf.objects.len() as u64)?;
    let pages = pdf.get_pages().len();
    if pages > meter.limits().pages {
        return Err(ReadError::TooLarge { limit: meter.limits().pages as u64, what: "pages" });
    }
    if pages == 0 {
        return Err(ReadError::damaged(KIND, "it has no pages"));
    }
    let title = title(&pdf);
    let mut left_out = 0;
    let fonts = fonts(&pdf);
    let mut unpacked_fonts = 0_u64;
    for (id, object) in &mut pdf.objects {
        strip(object, 0);
        if let Object::Stream(stream) = object {
            left_out += usize::from(!unpack(stream, meter)?);
            // A font program may be that of many fonts, and each reads it.
            let times = fonts.iter().filter(|font| *font == id).count() as u64;
            unpacked_fonts = unpacked_fonts.saturating_add(times.saturating_mul(stream.content.len() as u64));
        }
    }
    meter.step(unpacked_fonts / 8)?;
    pdf.trailer.remove(b"Encrypt");
    pdf.encryption_state = None;
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).map_err(|error| ReadError::damaged(KIND, error))?;
    Ok(Cleaned { bytes, title, left_out })
}

/// Whether a table of the file's objects names one place again and again: each
/// time, the object there would be read.
fn repeats_places(bytes: &[u8]) -> bool {
    const MOST: usize = 100;
    let mut times: HashMap<&[u8], usize> = HashMap::new();
    // ISO 32000-1, 7.5.4: ten digits, a space, five digits, a space and the letter n.
    let is_entry = |entry: &&[u8]| entry.ends_with(b" n") && entry.iter().take(10).all(u8::is_ascii_digit);
    let mut rest = bytes;
    while let Some(end) = rest.windows(3).position(|letters| letters[..2] == *b" n" && letters[2].is_ascii_whitespace())
    {
        let entry = rest.get((end + 2).saturating_sub(18)..end + 2).unwrap_or_default();
        if let Some(place) = Some(entry).filter(is_entry).and_then(|entry| entry.get(..10)) {
            let times = times.entry(place).or_default();
            *times += 1;
            if *times > MOST {
                return true;
            }
        }
        rest = rest.get(end + 3..).unwrap_or_default();
    }
    false
}

fn load(bytes: &[u8]) -> Result<Document, ReadError> {
    if repeats_places(bytes) {
        return Err(ReadError::damaged(KIND, "its table of contents repeats itself"));
    }
    // Each stream of objects has a limit of its own: their number gives the sum.
    let streams = bytes.windows(7).filter(|window| window == b"/ObjStm").count().max(1);
    let objects = OBJECTS.saturating_add(bytes.len().saturating_mul(OBJECTS_A_BYTE)).min(64 * 1024 * 1024);
    let options =
        LoadOptions { max_decompressed_size: Some((objects / streams).max(64 * 1024)), ..LoadOptions::default() };
    let pdf = Document::load_mem_with_options(bytes, options).map_err(|error| failure(&error))?;
    if pdf.trailer.has(b"Encrypt") && pdf.encryption_state.is_none() {
        return Err(ReadError::Protected { kind: KIND });
    }
    if pdf.objects.len() > MOST_OBJECTS {
        return Err(ReadError::TooLarge { limit: MOST_OBJECTS as u64, what: "objects" });
    }
    Ok(pdf)
}

fn failure(error: &Error) -> ReadError {
    match error {
        Error::InvalidPassword | Error::Decryption(_) => ReadError::Protected { kind: KIND },
        Error::Decompress(DecompressError::MemoryLimitExceeded { limit }) => {
            ReadError::TooLarge { limit: *limit as u64, what: "bytes in one of its parts" }
        }
        other => ReadError::damaged(KIND, other),
    }
}

fn title(pdf: &Document) -> Option<String> {
    let information = pdf.trailer.get_deref(b"Info", pdf).ok()?.as_dict().ok()?;
    let title = lopdf::decode_text_string(information.get_deref(b"Title", pdf).ok()?).ok()?;
    Some(tidy(&title.chars().take(500).collect::<String>()))
}

/// The programs of the fonts, each as often as a font has it.
fn fonts(pdf: &Document) -> Vec<ObjectId> {
    const PROGRAMS: [&[u8]; 4] = [b"FontFile", b"FontFile2", b"FontFile3", b"ToUnicode"];
    let dictionaries = pdf.objects.values().filter_map(|object| object.as_dict().ok());
    let programs = dictionaries.flat_map(|font| PROGRAMS.iter().filter_map(|name| font.get(name).ok()));
    programs.filter_map(|program| program.as_reference().ok()).collect()
}

/// Takes out of dictionaries what leads to pictures and colours.
fn strip(object: &mut Object, depth: usize) {
    if depth > DEEPEST {
        *object = Object::Null;
        return;
    }
    match object {
        Object::Array(values) => values.iter_mut().for_each(|value| strip(value, depth + 1)),
        Object::Dictionary(entries) => strip_entries(entries, depth),
        Object::Stream(stream) => strip_entries(&mut stream.dict, depth),
        _ => {}
    }
}

fn strip_entries(entries: &mut Dictionary, depth: usize) {
    for name in NO_TEXT {
        entries.remove(name);
    }
    entries.iter_mut().for_each(|(_, value)| strip(value, depth + 1));
}

/// Unpacks a stream, or empties it if it is no text; says whether it was small enough.
fn unpack(stream: &mut Stream, meter: &mut Meter) -> Result<bool, ReadError> {
    let is = |key: &[u8], name: &[u8]| stream.dict.get(key).and_then(Object::as_name).is_ok_and(|found| found == name);
    let has_picture = stream.filters().is_ok_and(|filters| filters.iter().any(|filter| PICTURES.contains(filter)));
    let is_text = !(is(b"Subtype", b"Image")
        || is(b"Type", b"ObjStm")
        || is(b"Type", b"XRef")
        || is(b"Type", b"EmbeddedFile")
        || is(b"Type", b"Metadata")
        || stream.dict.has(b"N") && stream.dict.has(b"Alternate")
        || has_picture);
    let is_form = is(b"Subtype", b"Form");
    let is_font = stream.dict.has(b"Length1")
        || is(b"Subtype", b"CIDFontType0C")
        || is(b"Subtype", b"Type1C")
        || is(b"Subtype", b"OpenType");
    let largest = if is_font { LARGEST_STREAM } else { LARGEST_PAGE }.min(meter.unpackable());
    let unpacked = if is_text { stream.get_plain_content_with_limit(largest) } else { Ok(Vec::new()) };
    let (mut content, fits) = match unpacked {
        Ok(content) => (content, true),
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => (Vec::new(), false),
        Err(_) => (Vec::new(), true),
    };
    meter.unpack(content.len())?;
    if is_form {
        content = announced(&content);
    }
    stream.dict.remove(b"DecodeParms");
    stream.dict.remove(b"Filter");
    stream.set_content(content);
    Ok(fits)
}

/// How [`announced`] marks a form.
pub(super) const FORM: &[u8] = b"CmesForm";

/// A form that says how long it is each time that it is drawn, so that forms
/// within forms are counted: ten levels of ten calls are ten billion.
fn announced(content: &[u8]) -> Vec<u8> {
    let mut all = format!("/CmesForm <</Length {}>> BDC\n", content.len()).into_bytes();
    all.extend_from_slice(content);
    all.extend_from_slice(b"\nEMC");
    all
}
