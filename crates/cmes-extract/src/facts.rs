//! One file per fact: a pure function from pages to findings with evidence.

use cmes_types::{LanguageCode, Method};

use crate::page::Page;
use crate::places::Country;

pub mod address;
pub mod business;
pub mod certifications;
pub mod country;
pub mod emails;
pub mod founded;
pub mod hours;
pub mod identifiers;
pub mod industry;
pub mod keywords;
pub mod language;
pub mod links;
pub mod logo;
pub mod names;
pub mod offered;
pub mod people;
pub mod phones;
pub mod size;
pub mod social;
pub mod technologies;
pub mod vacancies;

/// What an extractor looks at: the pages read of one site, and what the
/// extractors before it have found out about the whole of it.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The pages, home first.
    pub pages: &'a [Page],
    /// Registrable domain of the site, lower case, such as `example.co.uk`.
    pub domain: &'a str,
    /// Language in which the site speaks.
    pub language: Option<LanguageCode>,
    /// Country of the company, as far as known; decides how national phone
    /// numbers and addresses are read.
    pub country: Option<Country>,
}

/// A value that was found, with the material that bears it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding<T> {
    /// The value.
    pub value: T,
    /// Index of the page in the list given; `None` when it stands in the
    /// request's Content.
    pub page: Option<u16>,
    /// How it was read.
    pub method: Method,
    /// The words around it, see [`snippet`].
    pub snippet: String,
    /// 0 (a guess) to 1 (certain).
    pub confidence: f32,
}

/// Longest snippet kept, in bytes.
const SNIPPET: usize = 200;

/// At most 200 bytes of `text` around the first place where `value` stands.
#[must_use]
pub fn snippet(text: &str, value: &str) -> String {
    let at = text.find(value).unwrap_or(0);
    let lead = SNIPPET.saturating_sub(value.len()) / 3;
    let start = text.floor_char_boundary(at.saturating_sub(lead));
    let end = text.floor_char_boundary(text.len().min(start + SNIPPET));
    text.get(start..end).unwrap_or_default().trim().to_owned()
}
