//! What a hit is: a company's own site, a list that names companies, or nothing of use.

use cmes_extract::page::Page;
use url::Url;

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
    let _ = (url, title, snippet);
    Kind::Company
}

/// What a page is, now that it has been read.
#[must_use]
pub fn by_page(page: &Page) -> Kind {
    let _ = page;
    Kind::Company
}

/// The companies that a list names, in its order.
#[must_use]
pub fn named(page: &Page) -> Vec<Named> {
    let _ = page;
    Vec::new()
}
