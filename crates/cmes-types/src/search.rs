//! Looking for companies: what providers of search are asked and what they answer.

use serde::{Deserialize, Serialize};

use crate::LanguageCode;

/// One question to the providers of search. Those that take a sentence read
/// `text`; those that know companies by their properties read the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanySearch {
    /// As one types it into a search engine, in `language`: "Rohrhersteller USA".
    pub text: String,
    /// The language of its words.
    pub language: LanguageCode,
    /// What the companies do, without a place: "Rohrhersteller".
    pub activity: String,
    /// Country where they are, ISO 3166-1 alpha-2 in capitals.
    pub country: Option<String>,
    /// City or region where they are, as a search engine understands it.
    pub locality: Option<String>,
    /// Most answers that are of use.
    pub most: usize,
}

/// Something that a provider found: a page, or a company that it knows by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hit {
    /// The page, or the company's site; empty when only the name is known.
    pub url: String,
    /// The page's title, or the company's name.
    pub title: String,
    /// What the provider shows of the page or knows of the company.
    pub snippet: String,
}
