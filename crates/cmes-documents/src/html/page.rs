//! The main content of a web page, and what stands around it.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use super::element::is_unseen;

/// Text that a main part has at least, in bytes, and its least share of the page's.
const MAIN_TEXT: usize = 200;
const MAIN_SHARE: usize = 4;
/// Names of classes and ids, cut at hyphens, that mark what stands on every page.
const FURNITURE: [&str; 26] = [
    "ads",
    "advert",
    "advertisement",
    "breadcrumb",
    "breadcrumbs",
    "comments",
    "consent",
    "cookie",
    "cookiebar",
    "cookies",
    "footer",
    "megamenu",
    "menu",
    "modal",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "pagination",
    "popup",
    "related",
    "share",
    "sharing",
    "sidebar",
    "skip",
    "social",
];

/// The part of a page that is its own: `<main>`, a single `<article>`, or what
/// is named so; the whole page when there is none with enough text.
pub(super) fn main(root: NodeRef<'_, Node>) -> NodeRef<'_, Node> {
    let all = length(root);
    let is_enough = |node: &NodeRef<'_, Node>| {
        let own = length(*node);
        own >= MAIN_TEXT || own * MAIN_SHARE >= all
    };
    let named = |wanted: &dyn Fn(&Element) -> bool| {
        let mut found = root.descendants().filter(|node| node.value().as_element().is_some_and(wanted));
        let first = found.next()?;
        // One of several articles is a teaser.
        found.next().is_none().then_some(first)
    };
    let attribute = |element: &Element, name| element.attr(name).unwrap_or_default().trim().to_ascii_lowercase();
    let ways: [&dyn Fn(&Element) -> bool; 4] = [
        &|element| element.name() == "main",
        &|element| attribute(element, "role") == "main",
        &|element| element.name() == "article",
        &|element| matches!(&*attribute(element, "id"), "content" | "main" | "main-content" | "maincontent"),
    ];
    ways.iter().filter_map(|way| named(*way)).find(is_enough).unwrap_or(root)
}

fn length(node: NodeRef<'_, Node>) -> usize {
    let is_code =
        |node: &NodeRef<'_, Node>| node.parent().and_then(|above| above.value().as_element()).is_some_and(is_unseen);
    node.descendants()
        .filter(|node| !is_code(node))
        .filter_map(|node| node.value().as_text())
        .map(|text| text.trim().len())
        .sum()
}

/// Whether an element is part of the site and not of the page: menus, what is
/// above and below the content, lists of nothing but links.
pub(super) fn is_furniture(node: NodeRef<'_, Node>) -> bool {
    let Some(element) = node.value().as_element() else { return false };
    let name = element.name();
    if !matches!(name, "header" | "footer" | "aside" | "div" | "section" | "ul" | "ol" | "form" | "dialog" | "p") {
        return false;
    }
    let role = element.attr("role").unwrap_or_default().trim();
    if matches!(role, "navigation" | "search" | "contentinfo" | "banner" | "complementary" | "dialog" | "alert") {
        return !has_content(node);
    }
    match name {
        "footer" | "aside" | "dialog" => !has_content(node),
        "header" => !is_within_article(node) && !has_content(node),
        "ul" | "ol" if is_menu(node) => true,
        _ => is_named_so(element) && !has_content(node),
    }
}

fn is_named_so(element: &Element) -> bool {
    let names = [element.attr("class"), element.attr("id")];
    names.into_iter().flatten().any(|names| {
        let lower: String = names.chars().take(500).collect::<String>().to_ascii_lowercase();
        lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| FURNITURE.contains(&word))
    })
}

/// Whether the content of a page is in there: then the name means something else.
fn has_content(node: NodeRef<'_, Node>) -> bool {
    let is_it = |name: &str| matches!(name, "main" | "article" | "h1");
    node.descendants().skip(1).filter_map(|node| node.value().as_element()).any(|element| is_it(element.name()))
}

fn is_within_article(node: NodeRef<'_, Node>) -> bool {
    let mut above = node.ancestors().filter_map(|above| above.value().as_element());
    above.any(|above| matches!(above.name(), "article" | "main"))
}

/// Whether a list is a menu: several short lines, all of them links.
fn is_menu(list: NodeRef<'_, Node>) -> bool {
    const LINKS: usize = 4;
    const LONGEST: usize = 40;
    let (mut links, mut linked) = (0, 0);
    for node in list.descendants() {
        if node.value().as_element().is_some_and(|element| element.name() == "a") {
            links += 1;
            linked += length(node);
        }
    }
    links >= LINKS && linked <= links * LONGEST && linked * 10 >= length(list) * 9
}
