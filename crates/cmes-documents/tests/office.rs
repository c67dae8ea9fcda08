//! What office files may hold, written by hand.

use std::io::{Cursor, Write as _};

use cmes_documents::{Limits, ReadError, from_bytes, to_html};
use zip::write::{SimpleFileOptions, ZipWriter};

fn packed(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a file");
        zip.write_all(content.as_bytes()).expect("memory");
    }
    zip.finish().expect("a container").into_inner()
}

fn word(body: &str, others: &[(&str, &str)]) -> Result<String, ReadError> {
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\" xmlns:mc=\"mc\"><w:body>{body}</w:body></w:document>"
    );
    let mut files = vec![("word/document.xml", document.as_str())];
    files.extend_from_slice(others);
    from_bytes("a.docx", None, &packed(&files), &Limits::default()).map(|document| to_html(&document))
}

fn paragraph(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn headings_are_known_in_every_language_of_word() {
    let styles = r#"<w:styles>
        <w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
        <w:style w:styleId="Eigene"><w:name w:val="Meine"/><w:basedOn w:val="berschrift1"/></w:style>
        <w:style w:styleId="Rang"><w:name w:val="Rang"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
        <w:style w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>
        <w:style w:styleId="Liste"><w:name w:val="List"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
    </w:styles>"#;
    let body = [
        paragraph(r#"<w:pStyle w:val="Verzeichnis1"/>"#, "Wartung 3"),
        paragraph(r#"<w:pStyle w:val="berschrift1"/>"#, "Wartung"),
        paragraph(r#"<w:pStyle w:val="Eigene"/>"#, "Reinigung &amp; &#196;l"),
        paragraph(r#"<w:pStyle w:val="Rang"/>"#, "Filter"),
        paragraph(r#"<w:pStyle w:val="Liste"/>"#, "ein Punkt"),
        paragraph(r#"<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>"#, "darunter"),
        paragraph(r#"<w:outlineLvl w:val="9"/>"#, "Text"),
    ];
    let html = word(&body.concat(), &[("word/styles.xml", styles)]).expect("a document");
    assert_eq!(
        html,
        "<h1>Wartung</h1>\n<h1>Reinigung &amp; Äl</h1>\n<h3>Filter</h3>\n<ul>\n<li>ein Punkt<ul>\n<li>darunter</li>\n\
         </ul></li>\n</ul>\n<p>Text</p>\n"
    );
}

#[test]
fn deleted_and_hidden_text_is_left_out_and_notes_are_not() {
    let body = "<w:p><w:r><w:t xml:space=\"preserve\">The price is </w:t></w:r><w:del><w:r><w:delText>10</w:delText><w:t>11\
                </w:t></w:r></w:del><w:ins><w:r><w:t>12 EUR</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret\
                </w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>";
    let notes =
        "<w:footnotes><w:footnote w:id=\"2\"><w:p><w:r><w:t>without tax</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let html = word(body, &[("word/footnotes.xml", notes)]).expect("a document");
    assert_eq!(html, "<p>The price is 12 EUR (without tax)</p>\n");
}

#[test]
fn tables_keep_their_columns() {
    let cell = |properties: &str, text: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
    };
    let row =
        |properties: &str, cells: &[String]| format!("<w:tr><w:trPr>{properties}</w:trPr>{}</w:tr>", cells.concat());
    let rows = [
        row("<w:tblHeader/>", &[cell("", "Model"), cell("<w:gridSpan w:val=\"2\"/>", "Power")]),
        row("", &[cell("<w:vMerge w:val=\"restart\"/>", "P7"), cell("", "3"), cell("", "kW")]),
        row("", &[cell("<w:vMerge/>", ""), cell("", "5"), cell("", "kW")]),
    ];
    let html = word(&format!("<w:tbl>{}</w:tbl>", rows.concat()), &[]).expect("a document");
    assert_eq!(
        html,
        "<table>\n<thead><tr><th>Model</th><th>Power</th><th></th></tr></thead>\n<tr><td>P7</td><td>3</td><td>kW</td></tr>\n\
         <tr><td>P7</td><td>5</td><td>kW</td></tr>\n</table>\n"
    );
}

#[test]
fn opendocument_files_are_read() {
    let content = r#"<office:document-content><office:body><office:text>
        <text:tracked-changes><text:p>gone</text:p></text:tracked-changes>
        <text:h text:outline-level="2">Pumps</text:h>
        <text:p>Moves<text:s/>water<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>clean</text:p>
        </text:note-body></text:note>.</text:p>
        <text:list><text:list-item><text:p>Oil</text:p><text:list><text:list-item><text:p>level</text:p></text:list-item>
        </text:list></text:list-item></text:list>
        <table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell>
        <table:table-cell><text:p>B</text:p></table:table-cell></table:table-row></table:table-header-rows>
        <table:table-row><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell
        table:number-columns-repeated="2000"/></table:table-row></table:table>
        </office:text></office:body></office:document-content>"#;
    let files = [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content),
        ("META-INF/manifest.xml", "<m/>"),
    ];
    let document = from_bytes("a.odt", None, &packed(&files), &Limits::default()).expect("a document");
    assert_eq!(
        to_html(&document),
        "<h2>Pumps</h2>\n<p>Moves water (clean).</p>\n<ul>\n<li>Oil<ul>\n<li>level</li>\n</ul></li>\n</ul>\n<table>\n\
         <thead><tr><th>A</th><th>B</th></tr></thead>\n<tr><td>1</td></tr>\n</table>\n"
    );
    let files = [("content.xml", content), ("META-INF/manifest.xml", "<manifest:encryption-data/>")];
    let read = from_bytes("a.odt", None, &packed(&files), &Limits::default());
    assert_eq!(read, Err(ReadError::Protected { kind: "OpenDocument file" }));
}
