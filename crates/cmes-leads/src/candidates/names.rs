//! What of a list's lines and links is a name, a number, a site.

use cmes_extract::facts::names;
use cmes_extract::fold::fold;
use cmes_extract::page::{Line, Link, Region, prefix};
use url::Url;

use super::{hosts, words};

/// Longest name and text about it, in characters.
const NAME: usize = 80;
pub(super) const ABOUT: usize = 300;

/// Whether a line is nothing but labels of links that say nothing of the company.
pub(super) fn is_all_labels(text: &str, links: &[Link]) -> bool {
    let mut rest = text.to_owned();
    for link in links.iter().filter(|link| !link.text.is_empty()) {
        let is_label = is_generic(&link.text) || link.url.as_ref().is_some_and(|url| hosts::known(url).is_some());
        if is_label {
            rest = rest.replacen(link.text.trim(), "", 1);
        }
    }
    rest.len() < text.len() && rest.chars().filter(|c| c.is_alphanumeric()).count() < 2
}

pub(super) fn is_generic(text: &str) -> bool {
    let folded = fold(text.trim());
    words::is_one("generic", folded.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Links of an entry that lead elsewhere than to the page about it.
pub(super) fn is_aside(text: &str) -> bool {
    let folded = fold(text.trim());
    [
        "review",
        "compare",
        "map",
        "share",
        "claim",
        "login",
        "bewertung",
        "karte",
        "teilen",
        "avis",
        "opinion",
        "recension",
        "отзыв",
    ]
    .iter()
    .any(|word| folded.contains(word))
}

pub(super) fn is_advertisement(class: &str) -> bool {
    class.split(' ').any(|name| {
        matches!(
            name,
            "ad" | "ads"
                | "advert"
                | "advertisement"
                | "sponsored"
                | "banner"
                | "promo"
                | "adsbygoogle"
                | "social"
                | "share"
                | "breadcrumb"
                | "breadcrumbs"
                | "pagination"
                | "related"
        ) || name.starts_with("ad-")
            || name.starts_with("share-")
            || name.starts_with("social-")
    })
}

pub(super) fn is_matter(region: Region) -> bool {
    matches!(region, Region::Body | Region::Main)
}

pub(super) fn is_shown(line: &Line) -> bool {
    !line.hidden && is_matter(line.region)
}

/// A name as companies have them, rather than a sentence or a number.
pub(super) fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_sentence = text.ends_with(['?', '!', ':']) || text.ends_with('.') && text.split(' ').count() > 6;
    (2..=NAME).contains(&length)
        && letters >= 2
        && letters * 2 >= length
        && text.split_whitespace().count() <= 10
        && !is_sentence
        && !text.contains('@')
}

/// A line without the number or mark in front of it.
pub(super) fn without_number(text: &str) -> Option<(Option<u32>, &str)> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix(['•', '–', '*', '▪', '●', '■', '►', '✓', '✔']).or(text.strip_prefix("- "))
    {
        return Some((None, rest.trim()));
    }
    let bare = text.strip_prefix('#').or(text.strip_prefix("No. ")).or(text.strip_prefix("Nr. ")).unwrap_or(text);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = bare.get(..digits).filter(|digits| (1..=3).contains(&digits.len()))?.parse().ok()?;
    let rest = bare.get(digits..)?;
    let is_hash = bare.len() != text.len();
    let rest = rest
        .strip_prefix(['.', ')', ':', '、', '）', '．'])
        .or(rest.strip_prefix(" - "))
        .or(rest.strip_prefix(" – "))
        .or(is_hash.then_some(rest))?;
    // "1.5 tonnes" and "3.000 Mitarbeiter" are no numbers of entries.
    (!rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.trim().is_empty()).then(|| (Some(number), rest.trim()))
}

pub(super) fn bare(text: &str) -> &str {
    without_number(text).map_or(text.trim(), |(_, rest)| rest)
}

/// The name at the beginning of a line, and the rest of it.
pub(super) fn split_name(text: &str) -> (String, String) {
    const MARKS: &[&str] = &[" – ", " — ", " - ", " | ", ": ", " (", " · ", "，", "：", "（", " • "];
    let text = text.trim().trim_matches('*').trim();
    let cut =
        MARKS.iter().filter_map(|mark| text.find(mark).map(|at| (at, mark.len()))).filter(|(at, _)| *at >= 2).min();
    let (mut name, mut rest) = match cut {
        Some((at, length)) => (text.get(..at).unwrap_or(text), text.get(at + length..).unwrap_or_default()),
        None => (text, ""),
    };
    let (before, whole) = (name, name);
    if let Some((first, behind)) = before.split_once(", ") {
        // "Acme Pipes, Inc., Houston": the form belongs to the name.
        let next = behind.split(", ").next().unwrap_or_default();
        let with_form = first.len() + 2 + next.len();
        let is_form = next.len() <= 20
            && !names::has_legal_form(first)
            && whole.get(..with_form).is_some_and(names::has_legal_form);
        let end = if is_form { with_form } else { first.len() };
        name = whole.get(..end).unwrap_or(whole);
        if rest.is_empty() {
            rest = whole.get(end..).unwrap_or_default().trim_start_matches(", ");
        } else {
            rest = text.get(end..).unwrap_or_default().trim_start_matches(", ");
        }
    }
    let rest = rest.trim().trim_end_matches(')').trim();
    (name.trim().to_owned(), prefix(rest, ABOUT).to_owned())
}

/// A text that is an address: "www.acme.com".
pub(super) fn looks_like_host(text: &str) -> bool {
    let text = text.trim().trim_start_matches("https://").trim_start_matches("http://");
    let host = text.split('/').next().unwrap_or_default();
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && !host.contains([' ', '@', ','])
        && (2..=12).contains(&last.len())
        && last.bytes().all(|b| b.is_ascii_alphabetic())
        && (host.starts_with("www.")
            || text.len() > 5 && host.chars().filter(|c| *c == '.').count() <= 2 && host.len() >= 5)
}

/// The address that a redirect carries as a parameter.
pub(super) fn redirected(url: &Url) -> Option<Url> {
    const NAMES: &[&str] = &[
        "url",
        "u",
        "to",
        "target",
        "dest",
        "destination",
        "redirect",
        "redirect_url",
        "redirecturl",
        "link",
        "goto",
        "go",
        "site",
        "website",
        "out",
        "r",
        "ref",
        "href",
        "web",
        "uri",
        "q",
    ];
    url.query_pairs().filter(|(name, _)| NAMES.contains(&name.to_ascii_lowercase().as_str())).find_map(|(_, value)| {
        let value = value.trim();
        let whole = if value.starts_with("www.") { format!("https://{value}") } else { value.to_owned() };
        let target = Url::parse(&whole).ok()?;
        (matches!(target.scheme(), "http" | "https") && target.host_str()?.contains('.')).then_some(target)
    })
}

/// Whether an address can be a company's own site.
pub(super) fn can_be_site(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| host.contains('.'))
        && hosts::known(url).is_none()
}

pub(super) fn is_share(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    path.contains("/share") || path.contains("/intent/") || path.ends_with("/sharer.php")
}

/// Without what tells where a visitor came from.
pub(super) fn cleaned(mut url: Url) -> Url {
    let is_tracked = url.query_pairs().any(|(name, _)| name.starts_with("utm_") || name == "ref" || name == "gclid");
    if is_tracked {
        url.set_query(None);
    }
    url.set_fragment(None);
    url
}
