//! Structured data in attributes: microdata (HTML) and RDFa Lite.
//!
//! Both say on elements where a thing begins and which property an element
//! holds, so one walk without recursion serves both.

use std::collections::HashMap;

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

use super::{DEEPEST, Item, MOST, Syntax, TEXT, Value, is_element, local};
use crate::page::{collapse, prefix};

/// Most properties read of one page.
const PROPERTIES: usize = 20_000;
/// Most `itemref` targets followed on one page, and nodes read of each: a page
/// may name its whole body a thousand times.
const REFERENCES: usize = 40;
const REFERENCED_NODES: usize = 2_000;

/// Reads the top-level things written in one of the two syntaxes.
pub(super) fn read(tree: &Html, base: &Url, syntax: Syntax) -> Vec<Item> {
    let mut walk = Walk { base, syntax, ids: HashMap::new(), references: REFERENCES, properties: PROPERTIES };
    if syntax == Syntax::Microdata {
        walk.ids = referenced(tree);
    }
    walk.read(tree.tree.root(), usize::MAX, None).0
}

/// The elements that an `itemref` names, by their identifier.
fn referenced(tree: &Html) -> HashMap<String, NodeRef<'_, Node>> {
    let wanted: std::collections::HashSet<&str> = tree
        .tree
        .values()
        .filter_map(Node::as_element)
        .filter_map(|element| element.attr("itemref"))
        .flat_map(str::split_whitespace)
        .collect();
    let mut ids = HashMap::new();
    if wanted.is_empty() {
        return ids;
    }
    for node in tree.tree.nodes() {
        if let Some(id) = node.value().as_element().and_then(|element| element.attr("id"))
            && wanted.contains(id)
        {
            ids.entry(id.to_owned()).or_insert(node);
        }
    }
    ids
}

struct Walk<'a> {
    base: &'a Url,
    syntax: Syntax,
    ids: HashMap<String, NodeRef<'a, Node>>,
    references: usize,
    properties: usize,
}

/// An element that is open and means something.
enum Open {
    /// A thing, with the names of the properties whose value it is.
    Item(Item, Vec<String>),
    /// Properties whose value is the text of the element, which begins there.
    Text(Vec<String>, usize),
}

impl<'a> Walk<'a> {
    /// Reads the things below a node; `outer` collects the properties that
    /// belong to none of them.
    fn read(&mut self, root: NodeRef<'a, Node>, nodes: usize, outer: Option<Item>) -> (Vec<Item>, Option<Item>) {
        let mut found = Found { items: Vec::new(), open: Vec::new(), text: String::new(), outer };
        // Which elements on the path have an entry in `open`.
        let mut marks: Vec<bool> = Vec::new();
        for edge in root.traverse().take(nodes) {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => marks.push(self.enter(element, &mut found)),
                    Node::Text(text) => found.push_text(text, node),
                    _ => {}
                },
                Edge::Close(node) => {
                    if node.value().is_element() && marks.pop() == Some(true) {
                        found.leave();
                    }
                }
            }
        }
        while !found.open.is_empty() {
            found.leave();
        }
        (found.items, found.outer)
    }

    /// Opens what the element begins; says whether there is anything to close.
    fn enter(&mut self, element: &'a Element, found: &mut Found) -> bool {
        found.separate(element.name());
        let names = self.names(element);
        if names.is_empty() && !self.is_item(element) {
            return false;
        }
        self.properties = self.properties.saturating_sub(names.len());
        if self.properties == 0 || found.items.len() >= MOST {
            return false;
        }
        if self.is_item(element) {
            if found.open.iter().filter(|open| matches!(open, Open::Item(..))).count() >= DEEPEST {
                return false;
            }
            let item = self.item(element);
            found.open.push(Open::Item(item, names));
            return true;
        }
        if !found.is_within_item() {
            return false;
        }
        match self.attribute(element) {
            Some(value) => {
                found.add(&names, &Value::Text(value));
                false
            }
            None => {
                found.open.push(Open::Text(names, found.text.len()));
                true
            }
        }
    }

    fn is_item(&self, element: &Element) -> bool {
        element.attr(if self.syntax == Syntax::Microdata { "itemscope" } else { "typeof" }).is_some()
    }

    /// The names of the properties whose value the element is.
    fn names(&self, element: &Element) -> Vec<String> {
        let attribute = if self.syntax == Syntax::Microdata { "itemprop" } else { "property" };
        let names = element.attr(attribute).unwrap_or_default().split_whitespace();
        let foreign = ["og:", "fb:", "article:", "twitter:"];
        let own = names.filter(|name| !foreign.iter().any(|prefix| name.starts_with(prefix)));
        own.take(8).map(|name| local(name).to_owned()).collect()
    }

    fn item(&mut self, element: &'a Element) -> Item {
        let (kind, id) = if self.syntax == Syntax::Microdata { ("itemtype", "itemid") } else { ("typeof", "resource") };
        let types = element.attr(kind).unwrap_or_default().split_whitespace();
        let mut item = Item {
            types: types.take(8).map(|kind| local(kind).to_owned()).collect(),
            id: prefix(element.attr(id).unwrap_or_default().trim(), TEXT).to_owned(),
            properties: Vec::new(),
            syntax: self.syntax,
        };
        let references = element.attr("itemref").filter(|_| self.syntax == Syntax::Microdata);
        for target in references.unwrap_or_default().split_whitespace() {
            let Some(node) = self.ids.get(target).copied() else { continue };
            let Some(left) = self.references.checked_sub(1) else { break };
            self.references = left;
            // References within what is referred to are not followed: a circle.
            let ids = std::mem::take(&mut self.ids);
            let (_, filled) = self.read(node, REFERENCED_NODES, Some(item));
            self.ids = ids;
            item = filled.unwrap_or_default();
        }
        item
    }

    /// The value that an attribute holds, by the kind of element; `None` when
    /// its text is the value.
    fn attribute(&self, element: &Element) -> Option<String> {
        let attr = |name: &str| element.attr(name);
        if let Some(content) = attr("content") {
            return Some(collapse(prefix(content, TEXT)));
        }
        let address = match element.name() {
            "a" | "area" | "link" => attr("href"),
            "img" | "audio" | "video" | "embed" | "iframe" | "source" | "track" => attr("src").or(attr("data-src")),
            "object" => attr("data"),
            "meta" => return Some(String::new()),
            "data" | "meter" => return attr("value").map(collapse),
            "time" => return attr("datetime").map(collapse),
            _ => attr("resource").filter(|_| self.syntax == Syntax::Rdfa),
        };
        let address = prefix(address?.trim(), TEXT);
        // A template's `<a itemprop="name" href="…">` wraps the text that is meant.
        let is_link = matches!(element.name(), "a" | "area");
        let names = element.attr("itemprop").or(element.attr("property")).unwrap_or_default();
        if is_link && names.split_whitespace().all(|name| holds_text(local(name))) {
            return None;
        }
        Some(self.base.join(address).map_or_else(|_| address.to_owned(), String::from))
    }
}

/// Properties that never hold an address.
fn holds_text(name: &str) -> bool {
    const TEXTS: [&str; 11] = [
        "name",
        "legalName",
        "jobTitle",
        "streetAddress",
        "postalCode",
        "addressLocality",
        "addressRegion",
        "givenName",
        "familyName",
        "description",
        "headline",
    ];
    TEXTS.contains(&name)
}

struct Found {
    items: Vec<Item>,
    open: Vec<Open>,
    /// Text since the outermost open text property began.
    text: String,
    outer: Option<Item>,
}

impl Found {
    fn is_within_item(&self) -> bool {
        self.outer.is_some() || self.open.iter().any(|open| matches!(open, Open::Item(..)))
    }

    fn takes_text(&self) -> bool {
        self.open.iter().any(|open| matches!(open, Open::Text(..)))
    }

    fn push_text(&mut self, text: &str, node: NodeRef<'_, Node>) {
        let hidden =
            |around: NodeRef<'_, Node>| is_element(around.value(), "script") || is_element(around.value(), "style");
        if self.takes_text() && !node.parent().is_some_and(hidden) {
            self.text.push_str(text);
        }
    }

    /// Blocks and line breaks separate words.
    fn separate(&mut self, element: &str) {
        if self.takes_text() && (element == "br" || crate::tag::is_block(crate::tag::known(element))) {
            self.text.push(' ');
        }
    }

    fn leave(&mut self) {
        match self.open.pop() {
            Some(Open::Text(names, start)) => {
                let text = collapse(prefix(self.text.get(start..).unwrap_or_default(), TEXT));
                if !self.takes_text() {
                    self.text.clear();
                }
                self.add(&names, &Value::Text(text));
            }
            Some(Open::Item(item, names)) => {
                if names.is_empty() || !self.is_within_item() {
                    self.items.push(item);
                } else {
                    self.add(&names, &Value::Item(Box::new(item)));
                }
            }
            None => {}
        }
    }

    /// Adds a value to the innermost thing.
    fn add(&mut self, names: &[String], value: &Value) {
        let inner = self.open.iter_mut().rev().find_map(|open| match open {
            Open::Item(item, _) => Some(item),
            Open::Text(..) => None,
        });
        let Some(item) = inner.or(self.outer.as_mut()) else { return };
        item.properties.extend(names.iter().map(|name| (name.clone(), value.clone())));
    }
}
