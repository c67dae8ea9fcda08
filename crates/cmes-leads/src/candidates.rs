//! What a hit is: a company's own site, a list that names companies, or nothing of use.
//!
//! Told first by the address, title and snippet of a hit ([`by_hit`]), then by the
//! page ([`by_page`]). In doubt it is a company: what is none answers to no query when it
//! is judged, whereas a company that was taken for a list is lost.

mod hosts;
mod items;
mod lists;
mod names;
mod pages;
mod paging;
mod words;

use cmes_extract::fold::fold;
use cmes_extract::page::{Page, prefix};
use url::Url;

pub use hosts::known as known_host;

/// What stands at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A company's own site, as far as can be told.
    Company,
    /// A directory, marketplace or list article: worth reading for the companies that it names, never a lead.
    Listing,
    /// Neither; the word says what: `social-network`, `news`, `jobs`, `parked`, `encyclopedia`, …
    Useless(&'static str),
}

/// A company that a list names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its own site, where the list links to it.
    pub site: Option<Url>,
    /// The list's own page about it, where its site may be found.
    pub entry: Option<Url>,
    /// What the list says of it, such as its city.
    pub about: String,
}

/// What stands at an address, by the address, title and snippet of a hit alone.
#[must_use]
pub fn by_hit(url: &Url, title: &str, snippet: &str) -> Kind {
    if let Some(kind) = hosts::kind(url) {
        return kind;
    }
    let title = fold(prefix(title, 300));
    let snippet = fold(prefix(snippet, 1_000));
    // A snippet is running text, in which one such phrase says little.
    let is_list = lists::titles(&title) > 0 || lists::titles(&snippet) > 1 || lists::is_path(url);
    if is_list { Kind::Listing } else { Kind::Company }
}

/// What a page is, now that it has been read.
#[must_use]
pub fn by_page(page: &Page) -> Kind {
    pages::kind(page)
}

/// What a site is, by those of its pages that were read: what its first page says, or a list when several others are lists.
#[must_use]
pub fn by_pages(site: &[Page]) -> Kind {
    const SEVERAL: usize = 2;
    let Some((home, others)) = site.split_first() else { return Kind::Company };
    match by_page(home) {
        Kind::Company if others.iter().filter(|page| by_page(page) == Kind::Listing).count() >= SEVERAL => {
            Kind::Listing
        }
        kind => kind,
    }
}

/// The companies that a list names, in its order, at most 200.
#[must_use]
pub fn named(page: &Page) -> Vec<Named> {
    items::named(page)
}

/// The next page of a list that has several.
#[must_use]
pub fn next_page(page: &Page) -> Option<Url> {
    paging::next(page)
}

/// The own site of the company that a list's page is about.
#[must_use]
pub fn entry_site(page: &Page) -> Option<Url> {
    items::entry_site(page)
}

#[cfg(test)]
mod tests;
