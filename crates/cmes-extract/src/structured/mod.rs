//! Structured data: JSON-LD, microdata and RDFa, read into one shape.
//!
//! Sites mix the three freely and write them with every mistake there is, so
//! the shape is what they have in common: things with types and properties,
//! names without vocabulary. Nesting and number are limited; what goes beyond
//! is left out.

use scraper::{Html, Node};
use url::Url;

mod json_ld;
mod markup;
mod organizations;

/// Deepest nesting of things that is read.
pub const DEEPEST: usize = 8;
/// Most things kept of one page, resolved references included.
const MOST: usize = 5_000;
/// Longest text of one property, in bytes.
const TEXT: usize = 4_000;

/// A thing described by structured data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// Its types without vocabulary, such as `Organization`.
    pub types: Vec<String>,
    /// Its identifier (`@id`, `itemid`, `resource`), as written.
    pub id: String,
    /// Properties, names without vocabulary, such as `telephone`; the values of
    /// one name in order.
    pub properties: Vec<(String, Value)>,
    /// The syntax in which it was written.
    pub syntax: Syntax,
}

/// The value of a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, number or address, white space collapsed.
    Text(String),
    /// Another thing.
    Item(Box<Item>),
}

/// How structured data was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// `<script type="application/ld+json">`.
    #[default]
    JsonLd,
    /// `itemscope` and `itemprop`.
    Microdata,
    /// `typeof` and `property`.
    Rdfa,
}

impl Item {
    /// The values of a property, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        self.properties.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The first text of a property that is not empty.
    #[must_use]
    pub fn text<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.texts(name).next()
    }

    /// The texts of a property that are not empty.
    pub fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values(name).filter_map(|value| match value {
            Value::Text(text) if !text.is_empty() => Some(text.as_str()),
            _ => None,
        })
    }

    /// The things that are values of a property.
    pub fn items<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.values(name).filter_map(|value| match value {
            Value::Item(item) => Some(&**item),
            Value::Text(_) => None,
        })
    }

    /// Whether it is of one of these types.
    #[must_use]
    pub fn is_a(&self, types: &[&str]) -> bool {
        self.types.iter().any(|own| types.iter().any(|other| own.eq_ignore_ascii_case(other)))
    }

    /// Whether it is an organisation: schema.org's `Organization` or a type below it.
    #[must_use]
    pub fn is_organization(&self) -> bool {
        self.types.iter().any(|own| organizations::is_organization(own))
    }

    /// This thing (depth 0) and all within it, outer before inner.
    pub fn nested(&self) -> impl Iterator<Item = (usize, &Self)> {
        all(std::slice::from_ref(self))
    }
}

/// All things in a list and within its members, each with its depth, outer before inner.
pub fn all(items: &[Item]) -> impl Iterator<Item = (usize, &Item)> {
    let mut open: Vec<(usize, &Item)> = items.iter().rev().map(|item| (0, item)).collect();
    std::iter::from_fn(move || {
        let (depth, item) = open.pop()?;
        open.extend(item.properties.iter().rev().filter_map(|(_, value)| match value {
            Value::Item(inner) => Some((depth + 1, &**inner)),
            Value::Text(_) => None,
        }));
        Some((depth, item))
    })
}

/// Reads the top-level items of a page.
pub(crate) fn read(tree: &Html, base: &Url) -> Vec<Item> {
    let mut scripts = Vec::new();
    let (mut microdata, mut rdfa) = (false, false);
    for node in tree.tree.nodes() {
        let Some(element) = node.value().as_element() else { continue };
        if element.name() == "script" && element.attr("type").is_some_and(json_ld::is_its_type) {
            let text = node.children().filter_map(|child| child.value().as_text().map(|text| &**text));
            scripts.push(text.collect::<String>());
        }
        microdata |= element.attr("itemscope").is_some();
        rdfa |= element.attr("typeof").is_some();
    }
    let mut items = json_ld::read(&scripts);
    if microdata {
        items.extend(markup::read(tree, base, Syntax::Microdata));
    }
    if rdfa {
        items.extend(markup::read(tree, base, Syntax::Rdfa));
    }
    items
}

/// The name without vocabulary: `http://schema.org/name`, `schema:name` and
/// `name` are the same.
fn local(name: &str) -> &str {
    let name = name.trim();
    let end = name.trim_end_matches(['/', '#']);
    if name.contains("://") {
        return end.rsplit(['/', '#']).next().unwrap_or_default();
    }
    end.rsplit([':', '/', '#']).next().unwrap_or_default()
}

/// Whether a tree node is an element of this name.
fn is_element(node: &Node, name: &str) -> bool {
    node.as_element().is_some_and(|element| element.name() == name)
}

#[cfg(test)]
mod tests;
