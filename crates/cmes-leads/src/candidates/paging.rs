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
/// What the number of a list's first entry on a page is called in addresses, in lower case.
const OFFSETS: &[&str] = &[
    "start",
    "offset",
    "from",
    "skip",
    "begin",
    "first",
    "startrow",
    "startat",
    "limitstart",
    "firstresult",
    "inicio",
    "debut",
];
/// Entries of a page, at least and at most: less is the first page by another address, more is a year or a price.
const ENTRIES: std::ops::RangeInclusive<u32> = 5..=200;
/// Links of a page that are looked at.
const LINKS: usize = 3_000;

/// The page after this one, as its links say: by their relation, or by this page's address with the next number.
pub(super) fn next(page: &Page) -> Option<Url> {
    let here = Place::of(&page.url)?;
    let links = || page.links.iter().take(LINKS).filter_map(|link| Some((&*link.rel, link.url.as_ref()?)));
    let heads = page.heads.iter().map(|head| (head.rel.as_str(), &head.href));
    let is_next = |rel: &str| rel.split_ascii_whitespace().any(|word| word == "next");
    // Where an address has a number, it counts: "next" may be the next article, or lead back to the first page.
    let said = heads.chain(links()).filter(|(rel, _)| is_next(rel)).map(|(_, url)| url).find(|url| {
        domain_of(url) == domain_of(&page.url)
            && Place::of(url).is_some_and(|there| there.stem != here.stem || there.is_behind(&here))
    });
    let same_list = || {
        let places = links().filter_map(|(_, url)| Some((Place::of(url)?, url)));
        places.filter(|(there, _)| there.stem == here.stem)
    };
    let counted = || same_list().find(|(there, _)| there.page() == here.page().saturating_add(1)).map(|(_, url)| url);
    // Pages that are counted by entries: the nearest one behind, whatever a page holds.
    let nearest = || {
        let behind = same_list().filter(|(there, _)| {
            there.page() == here.page() && ENTRIES.contains(&there.offset().saturating_sub(here.offset()))
        });
        behind.min_by_key(|(there, _)| there.offset()).map(|(_, url)| url)
    };
    let mut next = said.or_else(counted).or_else(nearest)?.clone();
    next.set_fragment(None);
    (matches!(next.scheme(), "http" | "https")).then_some(next)
}

/// An address, apart from where in a list it begins.
#[derive(Debug, Default, PartialEq, Eq)]
struct Place {
    stem: String,
    begin: Option<Begin>,
}

/// Where in a list an address begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    /// At the page of this number, from 1.
    Page(u32),
    /// Behind so many entries.
    Offset(u32),
}

impl Place {
    fn of(url: &Url) -> Option<Self> {
        let mut begin = None;
        let mut pairs: Vec<String> = Vec::new();
        for (key, value) in url.query_pairs() {
            match Begin::of(&key, &value).filter(|_| begin.is_none()) {
                Some(found) => begin = Some(found),
                None => pairs.push(format!("{key}={value}")),
            }
        }
        pairs.sort_unstable();
        let mut parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            _ if begin.is_some() => {}
            [before @ .., name, value] if Begin::of(name, value).is_some() => {
                begin = Begin::of(name, value);
                parts = before.to_vec();
            }
            [before @ .., last] => {
                let bare = last.split('.').next().unwrap_or_default();
                let found = bare.rsplit_once(['-', '_']).and_then(|(name, value)| Begin::of(name, value));
                if found.is_some() {
                    begin = found;
                    parts = before.to_vec();
                }
            }
            [] => {}
        }
        let host = url.host_str()?;
        let host = host.strip_prefix("www.").unwrap_or(host);
        Some(Self { stem: format!("{host}/{}?{}", parts.join("/"), pairs.join("&")), begin })
    }

    fn page(&self) -> u32 {
        if let Some(Begin::Page(number)) = self.begin { number } else { 1 }
    }

    fn offset(&self) -> u32 {
        if let Some(Begin::Offset(entries)) = self.begin { entries } else { 0 }
    }

    fn is_behind(&self, other: &Self) -> bool {
        self.page() > other.page() || self.offset() > other.offset()
    }
}

impl Begin {
    /// Where a list begins, where a name and a number say it.
    fn of(name: &str, value: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let number = || -> Option<u32> {
            let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
            if is_number && (1..=6).contains(&value.len()) { value.parse().ok() } else { None }
        };
        if NUMBERED.contains(&name.as_str()) && value.len() <= 4 {
            number().map(Self::Page)
        } else if OFFSETS.contains(&name.as_str()) {
            number().map(Self::Offset)
        } else {
            None
        }
    }
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
        // Counted by entries, in the query or the path; the page's size shows in what is linked.
        check(list, "<a href='?start=40'>3</a><a href='?start=20'>2</a>", Some("https://list.example/pipes?start=20"));
        check(
            "https://list.example/pipes?offset=40&q=a",
            "<a href='?q=a&offset=0'>1</a><a href='?q=a&offset=20'>2</a><a href='?q=a&offset=980'>50</a><a href='?q=a&offset=60'>4</a>",
            Some("https://list.example/pipes?q=a&offset=60"),
        );
        check(
            "https://list.example/pipes/from/20",
            "<a href='/pipes/from/30/'>3</a>",
            Some("https://list.example/pipes/from/30/"),
        );
        check(list, "<a href='?start=1'>1</a><a href='?start=26'>2</a>", Some("https://list.example/pipes?start=26"));
        check(list, "<a rel=next href='?Offset=20'>Next</a>", Some("https://list.example/pipes?Offset=20"));
        // The last page, years, prices, and numbers beyond any.
        check(
            "https://list.example/pipes?start=40",
            "<a rel=next href='?start=0'>Start</a><a href='?start=20'>2</a><a href='?start=40'>3</a>",
            None,
        );
        check(list, "<a href='?from=2024'>2024</a><a href='?from=50&to=100'>50 to 100</a>", None);
        check(list, "<a href='?start=99999999999'>x</a><a href='?start=-20'>x</a><a href='?start=2e1'>x</a>", None);
        // Nothing that would lead back, elsewhere, or to another list.
        check("https://list.example/pipes?page=3", "<a rel=next href='?page=1'>Start</a><a href='?page=2'>2</a>", None);
        check(list, "<a rel=next href='https://other.example/'>Next</a>", None);
        check(list, "<a href='/pumps?page=2'>2</a><a href='/pipes?year=2'>2</a><a href='?page=999999'>x</a>", None);
        check(list, "<a rel=next href='javascript:next()'>Next</a>", None);
        check(list, "<p>x", None);
    }
}
