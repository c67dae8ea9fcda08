//! Tables of data, and the tables that only lay out a page.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element;

use super::element::{is_block, is_unseen};
use crate::words::push_tidy;
use cmes_extract::tag;

/// Most columns or rows that one cell spans.
const WIDEST_SPAN: usize = 50;
/// Most columns of a table.
const WIDEST: usize = 200;
/// Longest text of a cell of data, in bytes; more is a column of a page.
const LONGEST_CELL: usize = 2_000;

/// A table of data.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) caption: String,
    /// How many of the rows name the columns.
    pub(super) headers: usize,
    pub(super) rows: Vec<Vec<String>>,
}

/// Whether a table holds data: no table and no heading is in it, and it has
/// several columns and rows, or says that it names its columns.
pub(super) fn is_data(table: NodeRef<'_, Node>) -> bool {
    let attribute = |name| table.value().as_element().and_then(|element| element.attr(name)).unwrap_or_default();
    if matches!(attribute("role"), "presentation" | "none") {
        return false;
    }
    let (mut rows, mut cells, mut widest, mut names, mut in_row) = (0, 0, 0, 0, 0);
    for node in table.descendants().skip(1) {
        let Some(element) = node.value().as_element() else { continue };
        match element.name() {
            "table" => return false,
            "tr" => {
                rows += 1;
                in_row = 0;
            }
            name @ ("td" | "th") => {
                cells += 1;
                in_row += 1;
                widest = widest.max(in_row);
                names += usize::from(name == "th");
                let length: usize =
                    node.descendants().filter_map(|node| node.value().as_text()).map(|text| text.len()).sum();
                if length > LONGEST_CELL {
                    return false;
                }
            }
            name if tag::heading(name).is_some() => return false,
            _ => {}
        }
    }
    cells >= 2 && rows >= 2 && (widest >= 2 || names > 0)
}

/// Reads a table for which [`is_data`] holds.
pub(super) fn read(table: NodeRef<'_, Node>) -> Table {
    let mut read = Table::default();
    // Cells that reach down into the rows below, by column: rows left and text.
    let mut reaching: Vec<(usize, String)> = Vec::new();
    let mut is_head = true;
    for node in table.descendants().skip(1) {
        let Some(element) = node.value().as_element() else { continue };
        match element.name() {
            "caption" => read.caption = text(node),
            "tr" if !is_unseen(element) => {
                let (row, names) = row(node, &mut reaching);
                is_head &= names || is_in_head(node);
                read.headers += usize::from(is_head && !row.is_empty());
                if !row.is_empty() {
                    read.rows.push(row);
                }
            }
            _ => {}
        }
    }
    read
}

fn is_in_head(row: NodeRef<'_, Node>) -> bool {
    row.parent().and_then(|above| above.value().as_element()).is_some_and(|above| above.name() == "thead")
}

/// The cells of a row, and whether all of them are names.
fn row(row: NodeRef<'_, Node>, reaching: &mut Vec<(usize, String)>) -> (Vec<String>, bool) {
    let mut cells: Vec<String> = Vec::new();
    let mut names = true;
    for node in row.children() {
        let Some(element) = node.value().as_element() else { continue };
        let is_name = element.name() == "th";
        if !(is_name || element.name() == "td") || is_unseen(element) {
            continue;
        }
        names &= is_name;
        from_above(&mut cells, reaching);
        let text = text(node);
        let (columns, rows) = (span(element, "colspan"), span(element, "rowspan"));
        for place in 0..columns.min(WIDEST.saturating_sub(cells.len())) {
            // A name holds for all columns that it spans, a value is told once.
            let text = if place == 0 || is_name { text.clone() } else { String::new() };
            if reaching.len() <= cells.len() {
                reaching.resize(cells.len() + 1, (0, String::new()));
            }
            if rows > 1 {
                reaching[cells.len()] = (rows - 1, text.clone());
            }
            cells.push(text);
        }
    }
    if cells.is_empty() {
        return (cells, false);
    }
    from_above(&mut cells, reaching);
    (cells, names)
}

/// Adds the cells that reach into this row at this place.
fn from_above(cells: &mut Vec<String>, reaching: &mut [(usize, String)]) {
    while let Some((rows, text)) = reaching.get_mut(cells.len()).filter(|(rows, _)| *rows > 0) {
        *rows -= 1;
        cells.push(text.clone());
    }
}

fn span(element: &Element, name: &str) -> usize {
    element.attr(name).and_then(|value| value.trim().parse().ok()).unwrap_or(1).clamp(1, WIDEST_SPAN)
}

/// The text of a cell, in one line.
fn text(cell: NodeRef<'_, Node>) -> String {
    let mut text = String::new();
    let mut unseen = 0_usize;
    for edge in cell.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    if unseen > 0 || is_unseen(element) {
                        unseen += 1;
                    } else if is_block(element.name()) || element.name() == "br" {
                        push_tidy(&mut text, " ");
                    }
                }
                Node::Text(piece) if unseen == 0 => push_tidy(&mut text, piece),
                _ => {}
            },
            Edge::Close(node) => {
                if let Some(element) = node.value().as_element() {
                    if unseen > 0 {
                        unseen -= 1;
                    } else if is_block(element.name()) {
                        push_tidy(&mut text, " ");
                    }
                }
            }
        }
    }
    text.truncate(text.trim_end().len());
    text
}
