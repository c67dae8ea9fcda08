//! Links, e-mail addresses and mentions of hosts in a text.

use url::Url;

use super::sites;
use crate::facts::emails::{owners, scan};

/// How a host is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// An absolute URL.
    Url(String),
    /// A host typed without scheme, with its path if any.
    Bare(String),
    /// An e-mail address.
    Email(String),
}

/// A host that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// In lower case, as typed.
    pub host: String,
    /// How it is given.
    pub form: Form,
    /// Where it stands.
    pub at: usize,
}

/// A text that is nothing but a link, a domain or an address.
pub(super) fn whole(text: &str) -> Option<Found> {
    let text = text.strip_prefix("mailto:").map_or(text, |rest| rest.split('?').next().unwrap_or(rest));
    if text.contains("://") {
        return url(text, 0);
    }
    if let [address] = scan::addresses(text).as_slice() {
        let host = address.rsplit_once('@')?.1.to_owned();
        return Some(Found { host, form: Form::Email(address.clone()), at: 0 });
    }
    let text = text.trim_start_matches('/');
    let host = sites::bare_host(text)?;
    Some(Found { host, form: Form::Bare(tidy(text)), at: 0 })
}

/// A host typed by hand: the host in lower case, the path as it is.
fn tidy(text: &str) -> String {
    let end = text.find(['/', '?', '#']).unwrap_or(text.len());
    let (host, path) = text.split_at_checked(end).unwrap_or((text, ""));
    let path = if path == "/" { "" } else { path };
    format!("{}{path}", host.trim_end_matches('.').to_lowercase())
}

fn url(text: &str, at: usize) -> Option<Found> {
    let parsed = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = parsed.host_str()?.to_owned();
    // An address of numbers or a name without a dot is nobody's site.
    let named = host.contains('.') || host == "localhost";
    named.then(|| Found { host, form: Form::Url(parsed.into()), at })
}

/// Longest line looked into at once; the rest of a longer one is left out.
const LONGEST: usize = 50_000;

/// Everything in a line, in order.
pub(super) fn find(line: &str) -> Vec<Found> {
    let line = crate::page::prefix(line, LONGEST);
    if !line.contains('.') && !line.contains(['@', '＠', '[', '(']) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let lower = line.to_lowercase();
    let mut from = 0;
    for address in scan::addresses(line) {
        let at = lower.get(from..).and_then(|rest| rest.find(&address)).map_or(from, |at| from + at);
        from = at;
        if let Some((_, host)) = address.rsplit_once('@') {
            out.push(Found { host: host.to_owned(), form: Form::Email(address.clone()), at });
        }
    }
    let mut start = 0;
    for word in line.split(|c: char| {
        c.is_whitespace()
            || matches!(c, '<' | '>' | '"' | '“' | '”' | '«' | '»' | '|' | '、' | '，' | '（' | '）' | '：')
    }) {
        let at = start;
        start +=
            word.len() + line.get(start + word.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if out.len() > 500 {
            break;
        }
        out.extend(in_word(word, at));
    }
    out.sort_by_key(|found| found.at);
    out
}

fn in_word(word: &str, at: usize) -> Option<Found> {
    let word = trim(word);
    if word.len() < 4 || word.len() > 4_096 || !word.contains('.') {
        return None;
    }
    if let Some(colon) = word.find("://") {
        // Markup may touch the link: `[Firm](https://firm.com)`.
        let head = word.get(..colon)?.to_ascii_lowercase();
        let scheme = ["https", "http"].iter().find(|scheme| head.ends_with(**scheme))?;
        return url(word.get(colon - scheme.len()..)?, at);
    }
    if word.contains('@') || word.contains("..") {
        return None;
    }
    // `Web:firm.com`, `www.firm.com/de`.
    let typed = word
        .rsplit_once(':')
        .filter(|(_, rest)| rest.contains('.') && !rest.starts_with('/'))
        .map_or(word, |(_, rest)| rest);
    let typed = trim(typed);
    let host = sites::bare_host(typed)?;
    let www = host.starts_with("www.");
    let written = typed.get(..host.len()).unwrap_or_default();
    let sentence = written.chars().zip(written.chars().skip(1)).any(|(a, b)| a == '.' && b.is_uppercase())
        && written.chars().any(char::is_lowercase);
    if !www && (sites::looks_like_file(&host) || sentence || is_abbreviation(&host)) {
        return None;
    }
    Some(Found { host, form: Form::Bare(tidy(typed)), at })
}

/// `z.b`, `e.g`, `s.r.l`, `node.js` and numbers.
fn is_abbreviation(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    labels.iter().rev().skip(1).all(|label| label.chars().count() <= 1)
        || labels.first().is_some_and(|label| label.chars().all(|c| c.is_ascii_digit()) && labels.len() == 2)
}

fn trim(word: &str) -> &str {
    word.trim_matches([
        '(', ')', '[', ']', '{', '}', ',', ';', '!', '\'', '"', '*', '_', '‘', '’', '´', '`', '。', '¡', '¿',
    ])
    .trim_end_matches(['.', ':', '?'])
}

/// The host of an address that may be a URL or typed by hand.
pub(super) fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host.strip_prefix("www.").unwrap_or(host).to_lowercase()
}

/// The site to which mail at a host belongs: its registrable domain.
pub(super) fn site_of(host: &str) -> String {
    owners::registrable(host).unwrap_or(host).to_owned()
}

/// Whether two hosts belong to one site.
pub(super) fn same_site(a: &str, b: &str) -> bool {
    !a.is_empty() && !b.is_empty() && site_of(a) == site_of(b.strip_prefix("www.").unwrap_or(b))
}

/// Links that share something rather than show a profile.
pub(super) fn is_share(url: &str) -> bool {
    ["/sharer", "/share?", "/intent/", "/shareArticle", "share-offsite", "/dialog/", "/plugins/", "/watch?", "/status/"]
        .iter()
        .any(|part| url.contains(part))
}
