//! Where a list goes on: the next of its pages.

use cmes_extract::page::Page;
use cmes_extract::profile::domain_of;
use url::Url;

/// What the number of a page is called in addresses, in lower case.
const NUMBERED: &[&str] = &[
    "page",
    "p",
    "pg",
    "pag",
    "paged",
    "pageno",
    "page_no",
    "pagenum",
    "pagenumber",
    "currentpage",
    "seite",
    "pagina",
    "strona",
    "strana",
    "stranica",
    "sayfa",
    "sida",
    "side",
    "sivu",
];
/// Links of a page that are looked at.
const LINKS: usize = 3_000;

/// The page after this one, as its links say: by their relation, or by this page's address with the next number.
pub(super) fn next(page: &Page) -> Option<Url> {
    let here = Place::of(&page.url)?;
    let links = || page.links.iter().take(LINKS).filter_map(|link| Some((&*link.rel, link.url.as_ref()?)));
    let heads = page.heads.iter().map(|head| (head.rel.as_str(), &head.href));
    let is_next = |rel: &str| rel.split_ascii_whitespace().any(|word| word == "next");
    // Where an address has a number, it counts: "next" may be the next article, or lead back to the first page.
    let said = heads.chain(links()).filter(|(rel, _)| is_next(rel)).find(|(_, url)| {
        domain_of(url) == domain_of(&page.url)
            && Place::of(url).is_some_and(|there| there.stem != here.stem || there.number > here.number)
    });
    let counted = || {
        links().find(|(_, url)| {
            Place::of(url).is_some_and(|there| there.stem == here.stem && there.number == here.number + 1)
        })
    };
    let mut next = said.or_else(counted)?.1.clone();
    next.set_fragment(None);
    (matches!(next.scheme(), "http" | "https")).then_some(next)
}

/// An address, apart from the number of the page.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    stem: String,
    number: u32,
}

impl Place {
    fn of(url: &Url) -> Option<Self> {
        let mut number = None;
        let mut pairs: Vec<String> = Vec::new();
        for (key, value) in url.query_pairs() {
            match numbered(&key, &value).filter(|_| number.is_none()) {
                Some(found) => number = Some(found),
                None => pairs.push(format!("{key}={value}")),
            }
        }
        pairs.sort_unstable();
        let mut parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            _ if number.is_some() => {}
            [before @ .., name, value] if numbered(name, value).is_some() => {
                number = numbered(name, value);
                parts = before.to_vec();
            }
            [before @ .., last] => {
                let bare = last.split('.').next().unwrap_or_default();
                let found = bare.rsplit_once(['-', '_']).and_then(|(name, value)| numbered(name, value));
                if found.is_some() {
                    number = found;
                    parts = before.to_vec();
                }
            }
            [] => {}
        }
        let host = url.host_str()?;
        let host = host.strip_prefix("www.").unwrap_or(host);
        Some(Self { stem: format!("{host}/{}?{}", parts.join("/"), pairs.join("&")), number: number.unwrap_or(1) })
    }
}

/// The number of a page, where a name calls it one.
fn numbered(name: &str, value: &str) -> Option<u32> {
    let is_name = NUMBERED.contains(&name.to_lowercase().as_str());
    let is_number = (1..=4).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    if is_name && is_number { value.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use cmes_extract::page::{RawPage, read};

    use super::*;

    #[test]
    fn lists_go_on_where_their_links_say() {
        let check = |url: &str, html: &str, expected: Option<&str>| {
            let url = Url::parse(url).expect("a URL");
            let page = read(&RawPage { url: &url, headers: &[], html });
            assert_eq!(next(&page).map(String::from).as_deref(), expected, "{url} {html}");
        };
        let list = "https://list.example/pipes";
        check(list, "<link rel=next href=/pipes/2><p>x", Some("https://list.example/pipes/2"));
        check(
            list,
            "<a rel='nofollow next' href='/pipes?page=2#top'>Next</a>",
            Some("https://list.example/pipes?page=2"),
        );
        check(list, "<a href='?page=3'>3</a><a href='?page=2'>2</a>", Some("https://list.example/pipes?page=2"));
        check(
            "https://www.list.example/pipes/?page=2&sort=a",
            "<a href='/pipes?sort=a&page=3'>3</a>",
            Some("https://www.list.example/pipes?sort=a&page=3"),
        );
        check(list, "<a href='/pipes/page/2/'>2</a>", Some("https://list.example/pipes/page/2/"));
        check(
            "https://list.example/pipes/seite-2.html",
            "<a href='seite-3.html'>3</a>",
            Some("https://list.example/pipes/seite-3.html"),
        );
        // Nothing that would lead back, elsewhere, or to another list.
        check("https://list.example/pipes?page=3", "<a rel=next href='?page=1'>Start</a><a href='?page=2'>2</a>", None);
        check(list, "<a rel=next href='https://other.example/'>Next</a>", None);
        check(list, "<a href='/pumps?page=2'>2</a><a href='/pipes?year=2'>2</a><a href='?page=999999'>x</a>", None);
        check(list, "<a rel=next href='javascript:next()'>Next</a>", None);
        check(list, "<p>x", None);
    }
}
