//! What the names of HTML elements mean for reading: which begin a new line,
//! which are headings, and to which part of the layout an element belongs.

use crate::page::Region;

/// Elements that matter by name; every other one is `other`.
const KNOWN: &[&str] = &[
    "a",
    "abbr",
    "address",
    "area",
    "article",
    "aside",
    "b",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "meta",
    "nav",
    "noframes",
    "noscript",
    "object",
    "ol",
    "option",
    "p",
    "picture",
    "pre",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strong",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "ul",
    "video",
];

/// The name as a constant.
pub(crate) fn known(name: &str) -> &'static str {
    KNOWN.binary_search(&name).ok().and_then(|at| KNOWN.get(at)).copied().unwrap_or("other")
}

/// Whether text before and after it stands on different lines.
#[must_use]
pub fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "title"
            | "tr"
            | "ul"
    )
}

/// The level of a heading element.
#[must_use]
pub fn heading(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// The place of an element in the layout, given that of its parent.
pub(crate) fn region(name: &str, role: Option<&str>, id: Option<&str>, class: Option<&str>, outer: Region) -> Region {
    if outer == Region::Overlay {
        return outer;
    }
    let by_role = match role {
        Some("navigation" | "menu" | "menubar") => Some(Region::Nav),
        Some("banner") => Some(Region::Header),
        Some("contentinfo") => Some(Region::Footer),
        Some("main") => Some(Region::Main),
        Some("complementary") => Some(Region::Aside),
        Some("dialog" | "alertdialog") => Some(Region::Overlay),
        _ => None,
    };
    by_role.or_else(|| by_name(name, outer)).or_else(|| by_hints(name, id, class, outer)).unwrap_or(outer)
}

fn by_name(name: &str, outer: Region) -> Option<Region> {
    match name {
        "nav" => Some(Region::Nav),
        // Within an article or the main part, these are that part's own.
        "footer" if outer == Region::Body => Some(Region::Footer),
        "header" if outer == Region::Body => Some(Region::Header),
        "main" | "article" if outer == Region::Body => Some(Region::Main),
        "aside" if matches!(outer, Region::Body | Region::Main) => Some(Region::Aside),
        "dialog" => Some(Region::Overlay),
        _ => None,
    }
}

/// Layouts of `<div>`s say by id and class what they are.
fn by_hints(name: &str, id: Option<&str>, class: Option<&str>, outer: Region) -> Option<Region> {
    if !matches!(name, "div" | "section" | "table" | "td" | "tr" | "ul" | "other") {
        return None;
    }
    let words = || [id, class].into_iter().flatten().flat_map(|text| text.split_ascii_whitespace());
    let any = |names: &[&str]| words().any(|word| names.iter().any(|name| word.eq_ignore_ascii_case(name)));
    let contains = |part: &str| words().any(|word| word.to_ascii_lowercase().contains(part));
    if contains("cookie") || contains("consent") || contains("cmplz") || contains("gdpr") {
        return Some(Region::Overlay);
    }
    if any(&[
        "footer",
        "site-footer",
        "page-footer",
        "colophon",
        "footer-wrapper",
        "main-footer",
        "global-footer",
        "pagefooter",
    ]) {
        return Some(Region::Footer);
    }
    if outer != Region::Body {
        return None;
    }
    if any(&["nav", "navbar", "navigation", "menu", "main-menu", "mainmenu", "main-nav", "topnav", "sidenav"]) {
        return Some(Region::Nav);
    }
    any(&["header", "site-header", "masthead", "topbar", "top-bar", "main-header", "pageheader"])
        .then_some(Region::Header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_ordered() {
        assert!(KNOWN.is_sorted());
        assert_eq!((known("div"), known("my-widget")), ("div", "other"));
    }
}
