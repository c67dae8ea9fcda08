//! What an element's name and attributes say of it.

use cmes_extract::tag;
use scraper::node::Element;

/// Whether nothing of an element is shown as text.
pub(crate) fn is_unseen(element: &Element) -> bool {
    let name = element.name();
    is_textless(name) || (name != "body" && is_hidden(element))
}

fn is_textless(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "noframes"
            | "template"
            | "title"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "audio"
            | "video"
            | "canvas"
            | "select"
            | "datalist"
            | "textarea"
            | "button"
            | "nav"
            | "rp"
            | "rt"
    )
}

fn is_hidden(element: &Element) -> bool {
    let style = element.attr("style").unwrap_or_default();
    let style: String =
        style.chars().take(1_000).filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    element.attr("hidden").is_some()
        || element.attr("aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
        || style.contains("display:none")
        || style.contains("visibility:hidden")
}

/// Whether an element begins and ends a line. Controls, of which nothing is read, stand within one.
pub(crate) fn is_block(name: &str) -> bool {
    tag::is_block(name) && !matches!(name, "button" | "select" | "option")
}
