//! Files that real programs wrote, read as their readers see them.

use cmes_documents::{Limits, ReadError, from_bytes, to_html};

fn read(name: &str) -> Result<String, ReadError> {
    let path = format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("a file of the tests");
    from_bytes(name, None, &bytes, &Limits::default()).map(|document| to_html(&document))
}

#[test]
fn files_of_common_programs_are_read_with_their_structure() {
    for name in [
        "chromium.pdf",
        "two-columns.pdf",
        "reportlab.pdf",
        "no-copying.pdf",
        "fpdf.pdf",
        "python-docx.docx",
        "openpyxl.xlsx",
    ] {
        insta::assert_snapshot!(name, read(name).expect("a document"));
    }
}

#[test]
fn what_needs_a_password_says_so() {
    for (name, kind) in [("password.pdf", "PDF file"), ("password.xlsx", "Office file")] {
        assert_eq!(read(name), Err(ReadError::Protected { kind }), "{name}");
    }
}

#[test]
fn numbers_of_a_pdf_stay_whole() {
    let text = read("chromium.pdf").expect("a document");
    for number in ["+44 208 068 4673", "127.0 bar", "1,234.56 rpm"] {
        assert!(text.contains(number), "{number}");
    }
}
