//! JSON-LD as sites write it.
//!
//! No processor of the standard: contexts are not loaded, names count without
//! their vocabulary. References by `@id` are followed within the page, never in
//! a circle and only so deep and so often that the result stays small.

use std::collections::HashMap;

use cmes_types::lenient_json;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use serde_json::{Map, Value as Json};

use super::{DEEPEST, Item, MOST, Syntax, TEXT, Value, local};
use crate::page::{collapse, prefix};

/// Whether a script's `type` says JSON-LD; parameters and case do not matter.
pub(super) fn is_its_type(kind: &str) -> bool {
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/ld+json")
}

/// Reads the scripts of one page; references reach from one to another.
pub(super) fn read(scripts: &[String]) -> Vec<Item> {
    let documents: Vec<Json> = scripts.iter().flat_map(|script| parse(script)).collect();
    let mut nodes = HashMap::new();
    for document in &documents {
        index(document, &mut nodes);
    }
    let mut reader = Reader { nodes, path: Vec::new(), left: MOST };
    let mut items = Vec::new();
    for document in &documents {
        reader.top(document, 0, &mut items);
    }
    items
}

/// The JSON of a script; several objects one after another are forgiven.
fn parse(script: &str) -> Vec<Json> {
    let text = unwrap(script);
    if let Ok(value) = lenient_json::from_str(text) {
        return vec![value];
    }
    if text.contains("&quot;")
        && let Ok(value) = lenient_json::from_str(&decode(text))
    {
        return vec![value];
    }
    let mended = lenient_json::normalize(text);
    serde_json::Deserializer::from_str(&mended).into_iter().map_while(Result::ok).collect()
}

/// Without the comment or CDATA marks that hide scripts from ancient browsers.
fn unwrap(script: &str) -> &str {
    const BEFORE: [&str; 6] = ["<!--", "<![CDATA[", "//", "/*", "*/", "\u{feff}"];
    const AFTER: [&str; 6] = ["-->", "]]>", "//", "/*", "*/", ";"];
    let mut text = script.trim();
    while let Some(rest) = BEFORE.iter().find_map(|mark| text.strip_prefix(mark)) {
        // A comment with words in it is left to the lenient parser.
        if !rest.trim_start().starts_with(['<', '/', '*', '{', '[', '\u{feff}']) {
            break;
        }
        text = rest.trim_start();
    }
    while let Some(rest) = AFTER.iter().find_map(|mark| text.strip_suffix(mark)) {
        text = rest.trim_end();
    }
    text
}

/// Finds the objects that have an identifier; of several with the same one,
/// that which says most counts.
fn index<'a>(value: &'a Json, nodes: &mut HashMap<&'a str, &'a Map<String, Json>>) {
    match value {
        Json::Array(values) => values.iter().for_each(|value| index(value, nodes)),
        Json::Object(object) => {
            if let Some(id) = object.get("@id").and_then(Json::as_str).filter(|_| !is_reference(object)) {
                let known = nodes.entry(id).or_insert(object);
                if known.len() < object.len() {
                    *known = object;
                }
            }
            object.values().for_each(|value| index(value, nodes));
        }
        _ => {}
    }
}

/// Whether an object only points to another (`{"@id": "…"}`).
fn is_reference(object: &Map<String, Json>) -> bool {
    object.keys().all(|key| key == "@id" || key == "@type")
}

struct Reader<'a> {
    nodes: HashMap<&'a str, &'a Map<String, Json>>,
    /// Identifiers of the references that are being followed.
    path: Vec<&'a str>,
    /// Things that may still be made.
    left: usize,
}

impl<'a> Reader<'a> {
    /// Reads the things of a document: an object, an array or an `@graph`.
    fn top(&mut self, value: &'a Json, depth: usize, items: &mut Vec<Item>) {
        match value {
            Json::Array(values) if depth < DEEPEST => {
                values.iter().for_each(|value| self.top(value, depth + 1, items));
            }
            Json::Object(object) => {
                if object.keys().any(|key| !matches!(key.as_str(), "@context" | "@graph" | "@id")) {
                    items.extend(self.item(object, 0));
                }
                if let Some(graph) = object.get("@graph").filter(|_| depth < DEEPEST) {
                    self.top(graph, depth + 1, items);
                }
            }
            _ => {}
        }
    }

    fn item(&mut self, object: &'a Map<String, Json>, depth: usize) -> Option<Item> {
        self.left = self.left.checked_sub(1)?;
        let id = object.get("@id").and_then(Json::as_str).unwrap_or_default();
        let target = self.nodes.get(id).copied().filter(|_| is_reference(object));
        let object = target.unwrap_or(object);
        if !id.is_empty() {
            self.path.push(id);
        }
        let mut item = Item { id: prefix(id, TEXT).to_owned(), syntax: Syntax::JsonLd, ..Item::default() };
        for (key, value) in object {
            match key.as_str() {
                "@type" | "type" => item.types.extend(types(value)),
                "@id" | "@context" | "@graph" | "@reverse" => {}
                name => self.property(local(name), value, depth, &mut item.properties),
            }
        }
        if !id.is_empty() {
            self.path.pop();
        }
        Some(item)
    }

    fn property(&mut self, name: &str, value: &'a Json, depth: usize, properties: &mut Vec<(String, Value)>) {
        match value {
            Json::Null => {}
            Json::Bool(yes) => properties.push((name.to_owned(), Value::Text(yes.to_string()))),
            Json::Number(number) => properties.push((name.to_owned(), Value::Text(number.to_string()))),
            Json::String(text) => properties.push((name.to_owned(), Value::Text(clean(text)))),
            Json::Array(values) => {
                values.iter().for_each(|value| self.property(name, value, depth, properties));
            }
            Json::Object(object) => {
                if let Some(inner) = ["@value", "@list", "@set"].iter().find_map(|key| object.get(*key)) {
                    self.property(name, inner, depth, properties);
                } else if depth < DEEPEST && !self.is_on_path(object) {
                    let item = self.item(object, depth + 1);
                    properties.extend(item.map(|item| (name.to_owned(), Value::Item(Box::new(item)))));
                }
            }
        }
    }

    /// Whether an object points back to one that is being read.
    fn is_on_path(&self, object: &Map<String, Json>) -> bool {
        is_reference(object) && object.get("@id").and_then(Json::as_str).is_some_and(|id| self.path.contains(&id))
    }
}

fn types(value: &Json) -> Vec<String> {
    match value {
        Json::String(kind) => vec![local(kind).to_owned()],
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).map(|kind| local(kind).to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// White space collapsed, character references decoded, tags left out:
/// content management systems put HTML into these strings.
fn clean(text: &str) -> String {
    let text = prefix(text, TEXT);
    if !text.contains('&') && !text.contains("</") && !text.contains("<br") {
        return collapse(text);
    }
    let once = decode(text);
    // Some encode twice: `&amp;uuml;`.
    collapse(&if once.contains('&') && once.contains(';') { decode(&once) } else { once })
}

/// The characters of an HTML text, with a blank for each tag.
fn decode(text: &str) -> String {
    let tokenizer = Tokenizer::new(Characters::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[derive(Default)]
struct Characters(std::cell::RefCell<String>);

impl TokenSink for Characters {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.0.borrow_mut().push_str(&text),
            Token::TagToken(_) => self.0.borrow_mut().push(' '),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
