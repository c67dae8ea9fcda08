//! Pages, files and sitemaps of the web, read under its rules by `cmes_fetch`.

use std::collections::HashSet;
use std::time::Duration;

use cmes_fetch::{Budget, BudgetLimits, ContentKind, FetchError, Fetched};
use cmes_store::identifiers::Identifiers;
use url::Url;

use super::importer::failed;
use super::{Importer, Outcome, Read};
use crate::Error;

/// Most sitemaps that an index of them names.
const SITEMAPS: usize = 50;
/// Time for a page, robots.txt and pauses included, beside the time that every import has.
const PAGE_TIME: Duration = Duration::from_secs(3);
const TIME: Duration = Duration::from_secs(120);
/// Bytes of a page, on average.
const PAGE_BYTES: u64 = 1024 * 1024;
const BYTES: u64 = 64 * 1024 * 1024;

/// What is to be imported.
pub(super) struct Wish<'w> {
    pub(super) url: &'w Url,
    /// For a single page or file.
    pub(super) identifiers: Identifiers,
    pub(super) name: Option<&'w str>,
    /// For a sitemap.
    pub(super) max_pages: usize,
    pub(super) remove_missing: bool,
}

/// Imports what is at an address; says whether it was a sitemap.
pub(super) async fn import(
    importer: &mut Importer<'_>,
    wish: &Wish<'_>,
    seen: &mut (dyn FnMut(&Outcome, usize, usize) + Send),
) -> Result<(Vec<Outcome>, bool), Error> {
    let pages = u32::try_from(wish.max_pages).unwrap_or(u32::MAX);
    let budget = Budget::new(BudgetLimits {
        time: TIME + PAGE_TIME * pages,
        requests: pages.saturating_mul(4).saturating_add(100),
        bytes: BYTES + PAGE_BYTES * u64::from(pages),
    });
    let first = match importer.parts.fetcher.page(wish.url, &budget).await {
        Ok(page) => page,
        Err(error) => {
            let outcome = failed(wish.url.as_str(), error.to_string());
            seen(&outcome, 1, 1);
            return Ok((vec![outcome], false));
        }
    };
    let Some(map) = Sitemap::of(&first) else {
        let outcome = take(importer, wish.url, Ok(first), wish.identifiers, wish.name).await?;
        seen(&outcome, 1, 1);
        return Ok((vec![outcome], false));
    };
    let (pages, is_all) = pages_of(importer, map, wish, &budget).await;
    let mut outcomes = Vec::new();
    for (place, url) in pages.iter().enumerate() {
        let page = importer.parts.fetcher.page(url, &budget).await;
        let outcome = take(importer, url, page, Identifiers::default(), None).await?;
        seen(&outcome, place + 1, pages.len());
        outcomes.push(outcome);
    }
    if wish.remove_missing && is_all {
        let there: HashSet<String> = pages.iter().map(source).chain([source(wish.url)]).collect();
        let mut sites: Vec<String> =
            pages.iter().map(|url| format!("{}/", url.origin().ascii_serialization())).collect();
        sites.sort();
        sites.dedup();
        for site in sites {
            for outcome in importer.remove_missing(&site, &there).await? {
                seen(&outcome, pages.len(), pages.len());
                outcomes.push(outcome);
            }
        }
    }
    Ok((outcomes, true))
}

/// The address without the place within the page.
fn source(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.to_string()
}

async fn take(
    importer: &mut Importer<'_>,
    url: &Url,
    page: Result<Fetched, FetchError>,
    identifiers: Identifiers,
    name: Option<&str>,
) -> Result<Outcome, Error> {
    let source = source(url);
    let page = match page {
        Ok(page) if page.truncated => {
            return Ok(failed(&source, "it is longer than what is read of the web (fetch.max_page_bytes)".to_owned()));
        }
        Ok(page) => page,
        Err(error) => return Ok(failed(&source, error.to_string())),
    };
    let media_type = page.header("content-type").map(str::to_owned);
    let is_page = page.content_type == ContentKind::Html;
    let read = Read {
        source: &source,
        sections: Vec::new(),
        identifiers,
        name,
        media_type: media_type.as_deref(),
        bytes: page.body.to_vec(),
        page: is_page.then_some(page.text),
    };
    importer.take(read).await
}

/// What a sitemap names (sitemaps.org): pages, or further sitemaps.
struct Sitemap {
    pages: Vec<Url>,
    sitemaps: Vec<Url>,
}

impl Sitemap {
    /// The sitemap that a page is; none if it is another one.
    fn of(page: &Fetched) -> Option<Self> {
        let is_xml = matches!(page.content_type, ContentKind::Xml | ContentKind::Text);
        let head = page.text.get(..page.text.floor_char_boundary(2_000)).unwrap_or_default();
        let (is_index, is_map) = (head.contains("<sitemapindex"), head.contains("<urlset"));
        if !is_xml || !(is_index || is_map) {
            return None;
        }
        let urls = locations(&page.text).filter(|url| site(url) == site(&page.url)).collect();
        let none = Vec::new();
        Some(if is_index { Self { pages: none, sitemaps: urls } } else { Self { pages: urls, sitemaps: none } })
    }
}

/// What the addresses of one site have in common: a sitemap speaks for its own alone.
fn site(url: &Url) -> Option<&str> {
    url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host))
}

/// The addresses of a sitemap's text; they have no markup within.
fn locations(text: &str) -> impl Iterator<Item = Url> {
    text.split("<loc>").skip(1).filter_map(|rest| {
        let address =
            rest.split('<').next()?.trim().replace("&amp;", "&").replace("&apos;", "'").replace("&quot;", "\"");
        Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    })
}

/// The pages of a sitemap and of those that it names, each once, and whether they are all.
async fn pages_of(importer: &Importer<'_>, map: Sitemap, wish: &Wish<'_>, budget: &Budget) -> (Vec<Url>, bool) {
    let mut is_all = map.sitemaps.len() <= SITEMAPS;
    let mut pages = map.pages;
    for url in map.sitemaps.iter().take(SITEMAPS) {
        match importer.parts.fetcher.page(url, budget).await.map(|page| (page.truncated, Sitemap::of(&page))) {
            Ok((false, Some(further))) => pages.extend(further.pages),
            Ok((true, Some(further))) => {
                pages.extend(further.pages);
                is_all = false;
            }
            _ => is_all = false,
        }
    }
    let mut known = HashSet::new();
    pages.retain(|url| known.insert(source(url)));
    is_all &= pages.len() <= wish.max_pages;
    pages.truncate(wish.max_pages);
    (pages, is_all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_sitemaps_are_read() {
        let text =
            "<urlset><url><loc> https://a.example/x?a=1&amp;b=2 </loc></url><url><loc>mailto:a</loc></url></urlset>";
        let found: Vec<String> = locations(text).map(|url| url.to_string()).collect();
        assert_eq!(found, ["https://a.example/x?a=1&b=2"]);
    }
}
