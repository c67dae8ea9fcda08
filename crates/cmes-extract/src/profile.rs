//! Findings of all pages and of the Content made into one profile.

use cmes_types::{CompanyData, Evidence, LanguageCode};

use crate::content::Content;
use crate::page::Page;

/// What a profile is made from.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The pages read, home first.
    pub pages: &'a [Page],
    /// The request's Content.
    pub content: &'a Content,
    /// Language of the answer.
    pub language: LanguageCode,
}

/// The outcome of reading a company out of its material.
#[derive(Clone, Debug)]
pub enum Reading {
    /// A profile with the evidence for every value.
    Profile(Box<CompanyData>, Vec<Evidence>),
    /// The pages are nobody's profile (parked, for sale); holds the words that show it.
    NotACompany(String),
}

/// Reads the company out of its material.
#[must_use]
pub fn assemble(material: &Material<'_>) -> Reading {
    let _ = material;
    Reading::Profile(Box::default(), Vec::new())
}

/// The registrable domain of the site that the pages are of, lower case.
#[must_use]
pub fn domain_of(pages: &[Page]) -> String {
    registrable_domain(pages.first().and_then(|page| page.url.host_str()).unwrap_or_default())
}

/// The part of a host that its owner has registered (Public Suffix List);
/// addresses and unknown names as they are.
#[must_use]
pub fn registrable_domain(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return host;
    }
    psl::domain_str(&host).map_or_else(|| host.clone(), str::to_owned)
}
