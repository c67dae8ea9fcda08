//! The products on which the site is built, by their fingerprints.
//!
//! A product counts by what it leaves behind in headers, markup and addresses
//! of what the page loads, never by being mentioned or linked to.

use std::collections::HashSet;
use std::sync::LazyLock;

use cmes_types::Method;

use crate::facts::Finding;
use crate::page::{HeadLink, Page, prefix};

mod fingerprints;
#[cfg(test)]
mod tests;

use fingerprints::{Fingerprints, Texts};

/// The file is part of the program; a test proves that it can be read.
static FINGERPRINTS: LazyLock<Fingerprints> =
    LazyLock::new(|| Fingerprints::parse(include_str!("../../data/technologies.toml")).unwrap_or_default());

/// A product that can be recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technology {
    /// Its name, such as `WordPress`.
    pub name: String,
    /// What it is for, such as `CMS`.
    pub category: String,
}

/// Every product that can be recognised, in alphabetical order.
#[must_use]
pub fn all() -> &'static [Technology] {
    &FINGERPRINTS.technologies
}

/// What a product is for.
#[must_use]
pub fn category(name: &str) -> Option<&'static str> {
    all().iter().find(|technology| technology.name == name).map(|technology| technology.category.as_str())
}

/// Products by name, each once, in alphabetical order.
#[must_use]
pub fn find(pages: &[Page]) -> Vec<Finding<String>> {
    let known = &*FINGERPRINTS;
    let mut found: Vec<Option<Finding<String>>> = vec![None; known.technologies.len()];
    for (index, page) in pages.iter().enumerate() {
        let mut seen = Seen { found: &mut found, page: u16::try_from(index).ok() };
        headers(known, page, &mut seen);
        metas(known, page, &mut seen);
        addresses(known, page, &mut seen);
        markup(known, page, &mut seen);
        scripts(known, page, &mut seen);
    }
    implied(known, &mut found);
    found.into_iter().flatten().collect()
}

/// What has been recognised so far; the first evidence stays.
struct Seen<'a> {
    found: &'a mut [Option<Finding<String>>],
    page: Option<u16>,
}

impl Seen<'_> {
    fn has(&self, technology: usize) -> bool {
        self.found.get(technology).is_none_or(Option::is_some)
    }

    fn add(&mut self, technology: usize, method: Method, confidence: f32, snippet: &str) {
        if self.has(technology) {
            return;
        }
        let (Some(slot), Some(known)) = (self.found.get_mut(technology), all().get(technology)) else { return };
        let snippet = prefix(snippet.trim(), 200).to_owned();
        *slot = Some(Finding { value: known.name.clone(), page: self.page, method, snippet, confidence });
    }
}

fn headers(known: &Fingerprints, page: &Page, seen: &mut Seen<'_>) {
    for (name, value) in &page.headers {
        if name == "set-cookie" {
            let cookie = value.split(['=', ';']).next().unwrap_or_default().trim();
            for technology in known.cookie(cookie) {
                // The value of a cookie is nobody's business.
                seen.add(technology, Method::Header, 0.9, &format!("{name}: {cookie}"));
            }
        }
        for (pattern, technology) in known.headers.get(name.as_str()).into_iter().flatten() {
            if pattern.matches(value) {
                seen.add(*technology, Method::Header, 0.95, &format!("{name}: {value}"));
            }
        }
    }
}

fn metas(known: &Fingerprints, page: &Page, seen: &mut Seen<'_>) {
    for meta in &page.metas {
        for (pattern, technology) in known.metas.get(meta.name.as_str()).into_iter().flatten() {
            if pattern.matches(&meta.content) {
                seen.add(*technology, Method::Meta, 0.95, &format!("{}: {}", meta.name, meta.content));
            }
        }
    }
}

/// Longest address looked at; longer ones carry data, not a place.
const ADDRESS: usize = 2_000;

/// What the page loads: scripts, frames, style sheets, images.
fn addresses(known: &Fingerprints, page: &Page, seen: &mut Seen<'_>) {
    let mut done = HashSet::new();
    let home = page.url.host_str().unwrap_or_default();
    let scripts = page.scripts.iter().map(|script| script.src.as_str());
    for src in scripts.chain(page.heads.iter().filter(|head| loads(head)).map(|head| head.href.as_str())) {
        if (src.starts_with("http") || src.starts_with("//")) && done.insert(src) {
            address(&known.scripts, prefix(src, ADDRESS), &|| is_code(src) || is_own(src, home), seen);
        }
    }
    let images = page.images.iter().map(|image| image.src.as_str());
    for src in images.chain(without_scripts(&page.html)) {
        if src.starts_with("http") && done.insert(src) {
            let src = prefix(src, ADDRESS);
            address(&known.images, src, &|| is_own(src, home), seen);
            address_path(&known.scripts, src, home, seen);
        }
    }
}

/// Addresses within `<noscript>`, which is plain text to the parser: the
/// counting images of trackers stand there.
fn without_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<noscript").skip(1).flat_map(|rest| {
        let inner = rest.split("</noscript").next().unwrap_or_default();
        inner.split("src=").skip(1).filter_map(|value| value.strip_prefix(['"', '\''])?.split(['"', '\'']).next())
    })
}

fn address(texts: &Texts, src: &str, path_counts: &dyn Fn() -> bool, seen: &mut Seen<'_>) {
    for part in texts.matches(src) {
        if !seen.has(part.technology) && (!part.is_path || path_counts()) {
            seen.add(part.technology, Method::Markup, 0.9, src);
        }
    }
}

/// An image of the site's own tells by its path which system keeps it.
fn address_path(texts: &Texts, src: &str, home: &str, seen: &mut Seen<'_>) {
    for part in texts.matches(src) {
        if part.is_path && !seen.has(part.technology) && is_own(src, home) {
            seen.add(part.technology, Method::Markup, 0.85, src);
        }
    }
}

/// Links in the head that load something or prepare for it, not those that
/// name another page.
fn loads(head: &HeadLink) -> bool {
    const NAMES: &[&str] = &[
        "alternate",
        "author",
        "bookmark",
        "canonical",
        "help",
        "license",
        "me",
        "next",
        "prev",
        "profile",
        "publisher",
        "search",
    ];
    !head.rel.split(' ').any(|rel| NAMES.contains(&rel))
        || head.rel.split(' ').any(|rel| matches!(rel, "stylesheet" | "preload"))
}

/// A script or a style sheet runs on the page, wherever it is kept.
fn is_code(src: &str) -> bool {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    path.ends_with(".js") || path.ends_with(".css") || path.ends_with(".mjs")
}

/// Whether the address is on a host of the same registrable domain.
fn is_own(src: &str, home: &str) -> bool {
    let host = src.split_once("//").map_or("", |(_, rest)| rest);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host == home || psl::domain_str(host).is_some_and(|domain| psl::domain_str(home) == Some(domain))
}

/// The source. A part counts within a tag or a comment, not in text: an
/// article may show code.
fn markup(known: &Fingerprints, page: &Page, seen: &mut Seen<'_>) {
    let (html, bytes) = (page.html.as_str(), page.html.as_bytes());
    let (mut read, mut within) = (0, false);
    for part in known.html.matches(html) {
        if seen.has(part.technology) {
            continue;
        }
        // Parts come ordered by their ends, so each byte is looked at once.
        let end = part.end.max(read);
        if let Some(angle) = bytes.get(read..end).and_then(|b| b.iter().rposition(|c| matches!(c, b'<' | b'>'))) {
            let at = read + angle;
            within = bytes.get(at) == Some(&b'<')
                && bytes.get(at + 1).is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, b'!' | b'/' | b'?'));
        }
        read = end;
        if within || part.is_tag {
            let start = html.floor_char_boundary(part.start.saturating_sub(60));
            let stop = html.floor_char_boundary(html.len().min(part.end + 80));
            let around = html.get(start..stop).unwrap_or_default();
            seen.add(part.technology, Method::Markup, 0.85, &crate::page::collapse(around));
        }
    }
}

fn scripts(known: &Fingerprints, page: &Page, seen: &mut Seen<'_>) {
    for script in &page.scripts {
        for part in known.inline.matches(&script.text) {
            if !seen.has(part.technology) {
                let snippet = crate::facts::snippet(&script.text, script.text.get(part.start..part.end).unwrap_or(""));
                seen.add(part.technology, Method::Markup, 0.85, &snippet);
            }
        }
    }
}

/// What runs on something proves that something.
fn implied(known: &Fingerprints, found: &mut [Option<Finding<String>>]) {
    let mut open: Vec<usize> = (0..found.len()).filter(|i| found.get(*i).is_some_and(Option::is_some)).collect();
    while let Some(technology) = open.pop() {
        let Some(cause) = found.get(technology).cloned().flatten() else { continue };
        for implied in known.implies.get(technology).into_iter().flatten() {
            let (Some(slot), Some(known)) = (found.get_mut(*implied), all().get(*implied)) else { continue };
            if slot.is_none() {
                let confidence = cause.confidence * 0.9;
                *slot =
                    Some(Finding { value: known.name.clone(), method: Method::Inferred, confidence, ..cause.clone() });
                open.push(*implied);
            }
        }
    }
}
