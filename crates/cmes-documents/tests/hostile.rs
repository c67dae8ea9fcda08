//! Files made to do harm, or broken ones: each ends in a document or in a message
//! for its owner, within the limits, and quickly.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use cmes_documents::{Limits, ReadError, from_body, from_bytes, from_markdown, from_page};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use zip::write::{SimpleFileOptions, ZipWriter};

fn read(name: &str, bytes: &[u8]) -> Result<usize, ReadError> {
    from_bytes(name, None, bytes, &Limits::default()).map(|document| document.blocks.len())
}

fn data(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a file of the tests")
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a file");
        zip.write_all(content).expect("memory");
    }
    zip.finish().expect("a container").into_inner()
}

fn word(document: &str) -> Vec<u8> {
    packed(&[("word/document.xml", document.as_bytes())])
}

/// A PDF of these objects, numbered from 1; the first is its catalog.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (place, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n", place + 1).as_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let start = bytes.len();
    let trailer = format!("{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    bytes.extend_from_slice(trailer.as_bytes());
    bytes
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = format!("<<{dictionary}/Length {}>>\nstream\n", content.len()).into_bytes();
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(b"\nendstream");
    bytes
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

/// A page of which this is the description, with these objects from number 6 on.
fn page(content: Vec<u8>, resources: &str, others: Vec<Vec<u8>>) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>{resources}>>>>"
        )
        .into_bytes(),
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ];
    objects.extend(others);
    pdf(&objects)
}

const TEXT: &[u8] = b"BT /F 12 Tf 50 700 Td (Hello pump) Tj ET";

#[test]
fn the_page_of_these_tests_is_read() {
    assert_eq!(read("a.pdf", &page(stream("", TEXT), "", Vec::new())), Ok(1));
}

#[test]
fn files_of_no_kind_say_what_is_read() {
    assert_eq!(read("a.pdf", b""), Err(ReadError::Empty));
    assert_eq!(read("a.txt", b" \r\n\t "), Err(ReadError::Empty));
    let noise: Vec<u8> = (0..100_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    assert_eq!(read("a.docx", &noise), Err(ReadError::Unknown));
    let advice = |name: &str, bytes: &[u8]| read(name, bytes).expect_err("not read").to_string();
    assert!(advice("a.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").contains("OCR"));
    assert!(advice("a.doc", b"{\\rtf1 text}").contains("DOCX"));
    assert!(advice("a.pdf", &packed(&[("a.txt", b"text")])).contains("unpack"));
    assert!(advice("a.pdf", b"version https://git-lfs.github.com/spec/v1").contains("plain text"));
    assert!(advice("a.XLS", b"a;b\n1;2").contains(".csv"));
    let declared = from_bytes("a.pdf", Some("text/plain; charset=utf-8"), b"a text", &Limits::default());
    assert_eq!(declared.map(|document| document.blocks.len()), Ok(1));
    let old: Vec<u8> = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
        .into_iter()
        .chain("WordDocument".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert!(advice("a.doc", &old).contains("save it as .docx"));
}

#[test]
fn the_content_tells_the_kind_where_the_name_is_wrong() {
    assert_eq!(read("a.pdf", &data("python-docx.docx")), read("a.docx", &data("python-docx.docx")));
    assert_eq!(read("a.docx", &data("fpdf.pdf")), read("a.pdf", &data("fpdf.pdf")));
    assert_eq!(read("a.xlsx", b"<!doctype html><p>an error page"), Ok(1));
    assert_eq!(read("noname", "Grüße".as_bytes()), Ok(1));
}

#[test]
fn cut_files_say_that_they_are_damaged_or_give_what_is_left() {
    for name in ["chromium.pdf", "two-columns.pdf", "reportlab.pdf", "python-docx.docx", "openpyxl.xlsx"] {
        let whole = data(name);
        for part in [1, 3, 5, 7, 9] {
            let cut = whole.get(..whole.len() * part / 10).expect("a part");
            match read(name, cut) {
                Ok(_) | Err(ReadError::Damaged { .. } | ReadError::NoText { .. }) => {}
                other => panic!("{name} {part}: {other:?}"),
            }
        }
    }
}

#[test]
fn flipped_bytes_never_do_harm() {
    for name in ["reportlab.pdf", "no-copying.pdf", "fpdf.pdf", "openpyxl.xlsx"] {
        let whole = data(name);
        for seed in 0..60_usize {
            let mut broken = whole.clone();
            for change in 0..8_usize {
                let place = (seed * 7919 + change * 104_729) % broken.len();
                broken[place] ^= u8::try_from(1 + (seed + change) % 255).expect("a byte");
            }
            let _ = read(name, &broken);
        }
    }
}

#[test]
fn what_unpacks_to_too_much_is_not_unpacked() {
    let zeros = vec![b' '; 12 * 1024 * 1024];
    let bomb = packed(&[("word/document.xml", &zeros)]);
    assert!(bomb.len() < 1024 * 1024);
    assert!(matches!(read("a.docx", &bomb), Err(ReadError::TooLarge { .. })));
    let sheet = packed(&[("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", &zeros)]);
    assert!(matches!(read("a.xlsx", &sheet), Err(ReadError::TooLarge { .. })));
    let many: Vec<(String, &[u8])> = (0..30_000).map(|n| (format!("word/{n}"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    assert!(matches!(read("a.docx", &packed(&many)), Err(ReadError::TooLarge { what: "files in it", .. })));
    // Once, and once more within.
    for content in [deflated(&zeros), deflated(&deflated(&zeros))] {
        let filters = if content.len() < 4_000 { "/Filter[/FlateDecode/FlateDecode]" } else { "/Filter/FlateDecode" };
        let read = read("a.pdf", &page(stream(filters, &content), "", Vec::new()));
        assert!(matches!(read, Err(ReadError::TooLarge { .. })), "{read:?}");
    }
}

#[test]
fn xml_neither_expands_nor_nests_without_end() {
    let mut laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">".to_owned();
    for level in 1..10 {
        let inner = format!("&lol{};", level - 1).repeat(10);
        let _ = write!(laughs, "<!ENTITY lol{level} \"{inner}\">");
    }
    laughs.push_str("]><w:document><w:p><w:r><w:t>&lol9; ha</w:t></w:r></w:p></w:document>");
    assert_eq!(read("a.docx", &word(&laughs)), Ok(1));
    let deep = "<w:p>".repeat(100_000);
    assert!(matches!(read("a.docx", &word(&deep)), Err(ReadError::TooLarge { what: "levels of nesting", .. })));
    let external = "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><w:p><w:r><w:t>&x;</w:t></w:r></w:p>";
    assert_eq!(read("a.docx", &word(external)), Err(ReadError::NoText { kind: "Word file" }));
}

#[test]
fn gigantic_tables_are_refused_before_they_are_made() {
    let cells = "<w:tc><w:tcPr><w:gridSpan w:val=\"255\"/></w:tcPr><w:p/></w:tc>".repeat(40_000);
    assert!(matches!(
        read("a.docx", &word(&format!("<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))),
        Err(ReadError::TooLarge { .. })
    ));
    let cell = "<table:table-cell table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell>";
    let row = format!("<table:table-row table:number-rows-repeated=\"1048576\">{}</table:table-row>", cell.repeat(20));
    let content = format!("<office:spreadsheet><table:table table:name=\"a\">{row}</table:table></office:spreadsheet>");
    let sheet = packed(&[("content.xml", content.as_bytes()), ("META-INF/manifest.xml", b"<m/>")]);
    assert!(matches!(read("a.ods", &sheet), Err(ReadError::TooLarge { .. })));
    // A diagonal of few cells is a table of millions.
    let mut csv = String::new();
    for row in 0..3_000 {
        let _ = writeln!(csv, "{}x", ",".repeat(row % 1_000));
    }
    assert!(matches!(read("a.csv", csv.as_bytes()), Err(ReadError::TooLarge { what: "cells", .. })));
}

#[test]
fn pdfs_that_refer_to_themselves_come_to_an_end() {
    // A page tree that is its own child, pages without end.
    let loops =
        pdf(&[b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>".to_vec()]);
    assert!(read("a.pdf", &loops).is_err());
    let parent = pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>".to_vec(),
    ]);
    assert!(read("a.pdf", &parent).is_err());
    // A form that draws itself.
    let form = stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>", b"/X Do /X Do");
    let content = [TEXT, b" /X Do"].concat();
    let tired = Limits { steps: 2_000_000, ..Limits::default() };
    let itself = page(stream("", &content), "/XObject<</X 6 0 R>>", vec![form]);
    assert!(matches!(from_bytes("a.pdf", None, &itself, &tired), Ok(_) | Err(ReadError::TooLarge { .. })));
    // Forty levels of forms, each drawing the next twice.
    let forms = (0..40).map(|level| {
        let dictionary = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {} 0 R>>>>",
            if level == 39 { 6 } else { level + 7 }
        );
        stream(&dictionary, b"/X Do /X Do")
    });
    let laughs = page(stream("", &content), "/XObject<</X 6 0 R>>", forms.collect());
    let read = from_bytes("a.pdf", None, &laughs, &tired);
    assert_eq!(read, Err(ReadError::TooLarge { limit: 2_000_000, what: "parts to be read" }));
}

#[test]
fn arrays_nest_without_harm() {
    let deep = [b"<</Type/Catalog/Pages 2 0 R/X ".to_vec(), b"[".repeat(200_000), b"]".repeat(200_000), b">>".to_vec()]
        .concat();
    let _ = read("a.pdf", &pdf(&[deep, b"<</Type/Pages/Kids[]/Count 0>>".to_vec()]));
}

#[test]
fn states_that_are_never_taken_back_do_no_harm() {
    let content = stream("", &b"q ".repeat(200_000));
    assert!(read("a.pdf", &page(content, "", Vec::new())).is_err());
}

#[test]
fn a_page_that_stands_for_thousands_is_read_once_or_not() {
    let kids: String = "3 0 R ".repeat(5_000);
    let many = pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count 5000>>").into_bytes(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_vec(),
    ]);
    assert!(read("a.pdf", &many).is_err());
}

#[test]
fn a_table_that_names_one_large_object_many_times_is_not_believed() {
    let mut bytes = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n".to_vec();
    let at = bytes.len();
    bytes.extend_from_slice(b"2 0 obj\n");
    bytes.extend_from_slice(&stream("", &vec![b'x'; 2_000_000]));
    bytes.extend_from_slice(b"\nendobj\n");
    let start = bytes.len();
    let mut table = "xref\n0 20000\n0000000000 65535 f \n0000000009 00000 n \n".to_owned();
    for _ in 2..20_000 {
        let _ = writeln!(table, "{at:010} 00000 n ");
    }
    let _ = write!(table, "trailer\n<</Size 20000/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    bytes.extend_from_slice(table.as_bytes());
    assert!(read("a.pdf", &bytes).is_err());
}

#[test]
fn markup_of_nothing_but_tags_costs_little() {
    for html in [
        "<div>".repeat(50_000),
        "<table><tr><td>".repeat(5_000),
        "<ul><li>".repeat(10_000),
        "<a ".repeat(20_000),
        "<td colspan=1000 rowspan=1000>x".repeat(5_000),
        format!("<table>{}</table>", "<tr><td colspan=99 rowspan=99>x".repeat(1_000)),
        "<dl><dt>".repeat(5_000),
        "<".repeat(1_000_000),
        "<a ".repeat(200_000),
    ] {
        let _ = from_body(&html);
        let _ = from_page(&html);
    }
    for text in ["> ".repeat(50_000), "* ".repeat(50_000), "[".repeat(50_000), "`".repeat(100_001), "|a".repeat(50_000)]
    {
        let _ = from_markdown(&text);
        let _ = from_body(&text);
    }
}

#[test]
fn limits_are_what_the_caller_says() {
    let small = Limits { file: 10, ..Limits::default() };
    let read = |limits: &Limits, name: &str, bytes: &[u8]| from_bytes(name, None, bytes, limits).map(|_| ());
    let too_large = |what, limit| Err(ReadError::TooLarge { limit, what });
    assert_eq!(read(&small, "a.txt", b"a text that is longer"), too_large("bytes", 10));
    let few = Limits { pages: 3, ..Limits::default() };
    assert_eq!(read(&few, "a.pdf", &data("reportlab.pdf")), too_large("pages", 3));
    let short = Limits { text: 100, ..Limits::default() };
    assert_eq!(read(&short, "a.docx", &data("python-docx.docx")), too_large("bytes of text", 100));
    let narrow = Limits { cells: 5, ..Limits::default() };
    assert_eq!(read(&narrow, "a.xlsx", &data("openpyxl.xlsx")), too_large("cells", 5));
    let tired = Limits { steps: 100, ..Limits::default() };
    assert_eq!(read(&tired, "a.pdf", &data("chromium.pdf")), too_large("parts to be read", 100));
}
