//! HTML, both ways.

mod element;
mod page;
mod read;
mod table;
mod write;

use cmes_types::Document;

pub use write::to_html;

/// The document of an HTML text: all that a reader of it sees, menus apart.
#[must_use]
pub fn from_html(html: &str) -> Document {
    let tree = cmes_extract::parse::parse(html);
    read::read(tree.tree.root(), &|_| false)
}

/// The document of a web page: its main content, without what stands on every
/// page of its site. A page that is nothing else is taken as it is.
#[must_use]
pub fn from_page(html: &str) -> Document {
    let tree = cmes_extract::parse::parse(html);
    let mut document = read::read(page::main(tree.tree.root()), &page::is_furniture);
    if document.is_empty() {
        document = read::read(tree.tree.root(), &|_| false);
    }
    document.title = read::title(tree.tree.root());
    document
}

#[cfg(test)]
mod tests;
