//! A document as HTML.

use cmes_types::{Block, Document};

/// A document as HTML that [`super::from_html`] reads again.
#[must_use]
pub fn to_html(document: &Document) -> String {
    let mut html = String::new();
    if let Some(title) = &document.title {
        element(&mut html, "title", title);
    }
    // How many lists are open.
    let mut lists = 0_u8;
    for block in &document.blocks {
        if let Block::Item { depth, text } = block {
            open_lists(&mut html, &mut lists, depth.saturating_add(1));
            html.push_str("<li>");
            escape(&mut html, text);
            continue;
        }
        open_lists(&mut html, &mut lists, 0);
        match block {
            Block::Heading { level, text } => element(&mut html, &format!("h{}", level.clamp(&1, &6)), text),
            Block::Paragraph(text) => element(&mut html, "p", text),
            // The parser drops the first line feed.
            Block::Preformatted(text) => element(&mut html, "pre", &format!("\n{text}")),
            Block::Table { header, rows } => table(&mut html, header, rows),
            Block::Item { .. } => {}
        }
    }
    open_lists(&mut html, &mut lists, 0);
    html
}

/// Opens or closes lists until so many are open.
fn open_lists(html: &mut String, lists: &mut u8, wanted: u8) {
    if *lists >= wanted && *lists > 0 {
        html.push_str("</li>\n");
    }
    while *lists > wanted {
        *lists -= 1;
        html.push_str("</ul>");
        html.push_str(if *lists > 0 { "</li>\n" } else { "\n" });
    }
    let from = *lists;
    while *lists < wanted {
        html.push_str(if *lists > from { "<li><ul>" } else { "<ul>" });
        html.push('\n');
        *lists += 1;
    }
}

fn table(html: &mut String, header: &[String], rows: &[Vec<String>]) {
    html.push_str("<table>\n");
    if !header.is_empty() {
        html.push_str("<thead>");
        row(html, "th", header);
        html.push_str("</thead>\n");
    }
    for cells in rows {
        row(html, "td", cells);
        html.push('\n');
    }
    html.push_str("</table>\n");
}

fn row(html: &mut String, name: &str, cells: &[String]) {
    html.push_str("<tr>");
    for cell in cells {
        html.push_str(&format!("<{name}>"));
        escape(html, cell);
        html.push_str(&format!("</{name}>"));
    }
    html.push_str("</tr>");
}

fn element(html: &mut String, name: &str, text: &str) {
    html.push_str(&format!("<{name}>"));
    escape(html, text);
    html.push_str(&format!("</{name}>\n"));
}

fn escape(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            other => html.push(other),
        }
    }
}
