//! One web page, read once into flat lists that every extractor works on.
//!
//! The tree of the HTML parser is walked a single time (`reader`). What remains is owned
//! and small: the lines of text that a visitor reads, in order; the elements,
//! each knowing which lines it spans; links, images, `<meta>`s, scripts and
//! structured data. Obfuscations that are undone by machine (Cloudflare's
//! e-mail protection, text written right to left by style) are undone here, so
//! that no extractor has to know of them.
//!
//! Broken markup is the normal case: whatever the parser makes of it is read.

use std::ops::Range;

use url::Url;

use crate::structured::Item;

/// What the network gave for one page.
#[derive(Clone, Debug)]
pub struct RawPage<'a> {
    /// Address after redirects.
    pub url: &'a Url,
    /// Response headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// The decoded document.
    pub html: &'a str,
}

/// A page, read. Indices (`u32`) point into its own lists.
#[derive(Clone, Debug)]
pub struct Page {
    /// Address after redirects.
    pub url: Url,
    /// Response headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The document's source.
    pub html: String,
    /// `lang` (or `xml:lang`) of the root element, as written.
    pub lang: String,
    /// Text of `<title>`.
    pub title: String,
    /// `<meta>` elements that have a name.
    pub metas: Vec<Meta>,
    /// `<link>` elements.
    pub heads: Vec<HeadLink>,
    /// Elements in document order; the first is the root.
    pub elements: Vec<Element>,
    /// Lines of visible text in reading order.
    pub lines: Vec<Line>,
    /// `<a>` and `<area>` elements with an address.
    pub links: Vec<Link>,
    /// `<img>` elements.
    pub images: Vec<Image>,
    /// `<script>` elements that are code, and `<iframe>`s.
    pub scripts: Vec<Script>,
    /// The documents of a `<frameset>`, which hold what such a page shows.
    pub frames: Vec<Url>,
    /// Structured data: JSON-LD, microdata and RDFa, top-level items.
    pub items: Vec<Item>,
}

/// `<meta name|property|http-equiv|itemprop=… content=…>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The name in lower case, such as `og:site_name`.
    pub name: String,
    /// The content, white space collapsed.
    pub content: String,
}

/// `<link rel=… href=…>`.
#[derive(Clone, Debug)]
pub struct HeadLink {
    /// Relations in lower case, separated by blanks.
    pub rel: String,
    /// Absolute address.
    pub href: Url,
    /// `hreflang`, as written.
    pub hreflang: String,
    /// `sizes`, as written.
    pub sizes: String,
}

/// Part of a page by its place in the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// Nothing says where.
    Body,
    /// Banner at the top.
    Header,
    /// Navigation.
    Nav,
    /// What the page is about.
    Main,
    /// Beside the main matter.
    Aside,
    /// At the bottom of every page.
    Footer,
    /// Consent banners and other dialogues.
    Overlay,
}

/// An element, reduced to what extractors ask for.
#[derive(Clone, Debug)]
pub struct Element {
    /// Tag name in lower case.
    pub name: &'static str,
    /// The element around it; the root is its own parent.
    pub parent: u32,
    /// `id`, lower case.
    pub id: Box<str>,
    /// `class`, lower case.
    pub class: Box<str>,
    /// Place in the layout.
    pub region: Region,
    /// Lines of text within it.
    pub lines: Range<u32>,
    /// Links within it.
    pub links: Range<u32>,
}

/// One line of text: what stands between two line breaks or block borders.
#[derive(Clone, Debug)]
pub struct Line {
    /// The text, white space collapsed, never empty.
    pub text: String,
    /// The innermost block element around it.
    pub element: u32,
    /// Place in the layout.
    pub region: Region,
    /// Heading level 1 to 6; 0 for no heading.
    pub heading: u8,
    /// Not shown to a visitor (`hidden`, `display:none`).
    pub hidden: bool,
}

/// A link.
#[derive(Clone, Debug)]
pub struct Link {
    /// `href` as written, decoded from Cloudflare's protection.
    pub href: String,
    /// Absolute address, when it is one.
    pub url: Option<Url>,
    /// Its text; for an image its `alt`; else `title` or `aria-label`.
    pub text: String,
    /// `rel`, lower case.
    pub rel: Box<str>,
    /// `class`, lower case, of the link and of what is within it (icon fonts).
    pub class: String,
    /// The `<a>` element.
    pub element: u32,
    /// First line of text within it or at its place.
    pub line: u32,
    /// Place in the layout.
    pub region: Region,
}

/// An image.
#[derive(Clone, Debug)]
pub struct Image {
    /// Absolute address (lazy-loading attributes included).
    pub src: Url,
    /// `alt` and `title`.
    pub alt: String,
    /// `id` and `class` of the image and the elements close around it, lower case.
    pub hints: String,
    /// Place in the layout.
    pub region: Region,
    /// Address of the link around it.
    pub link: Option<Url>,
    /// The `<img>` element.
    pub element: u32,
}

/// A script or a frame.
#[derive(Clone, Debug)]
pub struct Script {
    /// Absolute address; empty for a script within the page.
    pub src: String,
    /// Text of a script within the page.
    pub text: String,
}

impl Page {
    /// The content of the first `<meta>` of this (lower-case) name.
    #[must_use]
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.metas.iter().find(|meta| meta.name == name).map(|meta| meta.content.as_str()).filter(|c| !c.is_empty())
    }

    /// The values of a response header (lower-case name).
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The lines within an element.
    #[must_use]
    pub fn lines_in(&self, element: u32) -> &[Line] {
        self.elements.get(element as usize).map_or(&[], |e| slice(&self.lines, &e.lines))
    }

    /// The links within an element.
    #[must_use]
    pub fn links_in(&self, element: u32) -> &[Link] {
        self.elements.get(element as usize).map_or(&[], |e| slice(&self.links, &e.links))
    }

    /// The elements around this one, itself first, up to the root.
    pub fn ancestors(&self, element: u32) -> impl Iterator<Item = (u32, &Element)> {
        let mut next = Some(element);
        std::iter::from_fn(move || {
            let index = next?;
            let found = self.elements.get(index as usize)?;
            next = (found.parent != index).then_some(found.parent);
            Some((index, found))
        })
    }
}

fn slice<'a, T>(list: &'a [T], range: &Range<u32>) -> &'a [T] {
    let end = (range.end as usize).min(list.len());
    &list[(range.start as usize).min(end)..end]
}

/// White space collapsed to single blanks, none at the ends; characters
/// without width left out.
#[must_use]
pub fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !is_invisible(*c)));
    }
    out
}

/// Characters without width that sites put into words: soft hyphens, joiners,
/// direction marks, byte order marks.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
        || (c.is_control() && !c.is_whitespace())
}

/// The longest beginning of at most `limit` bytes.
#[must_use]
pub fn prefix(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

/// Reads a page. Never fails: broken markup gives what can be read of it.
#[must_use]
pub fn read(raw: &RawPage<'_>) -> Page {
    crate::reader::read(raw)
}
