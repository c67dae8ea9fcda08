//! What a sentence asks for.

use cmes_extract::places::Country;
use cmes_types::{CompanySearch, LanguageCode};

/// A sentence as it is understood. Of `activities` and of `places` a company
/// has to meet one; of `conditions`, every one.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The sentence as it was given.
    pub text: String,
    /// The language that it is in.
    pub language: LanguageCode,
    /// What the companies do.
    pub activities: Vec<Activity>,
    /// Where they are; empty for anywhere.
    pub places: Vec<Place>,
    /// What else is asked of them.
    pub conditions: Vec<Wanted>,
}

/// Something that companies do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// In the words of the query: "Pipe manufacturers".
    pub words: String,
}

/// Somewhere that companies are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In the words of the query: "USA".
    pub words: String,
    /// The country, where it is known.
    pub country: Option<Country>,
    /// A state or region, in local form.
    pub region: Option<String>,
    /// A city, in local form.
    pub city: Option<String>,
}

/// A further condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// In the words of the query: "with more than 50 employees".
    pub words: String,
    /// What is asked.
    pub what: What,
    /// Whether it must not hold.
    pub is_excluded: bool,
}

/// What a condition is about.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// So many employees, at least and at most.
    Employees(Option<u32>, Option<u32>),
    /// The company communicates in this language.
    Language(LanguageCode),
    /// Anything that the pages can say: a certificate, a material, a market.
    Words(String),
}

impl Query {
    /// Reads a sentence.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self { text: text.trim().to_owned(), ..Self::default() }
    }

    /// What to ask providers of search, best first: in the language of the query
    /// and in the languages of its places, then with wider words.
    #[must_use]
    pub fn searches(&self) -> Vec<CompanySearch> {
        vec![CompanySearch { text: self.text.clone(), language: self.language, ..CompanySearch::default() }]
    }
}
