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
