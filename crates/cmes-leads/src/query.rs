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
    /// Founded in these years, the first and the last one included.
    Founded(Option<u16>, Option<u16>),
    /// The company communicates in this language.
    Language(LanguageCode),
    /// It does this; in a query always as something that is excluded.
    Activity(Activity),
    /// It is there; in a query always as something that is excluded.
    Place(Place),
    /// Anything that the pages can say: a certificate, a material, a market.
    Words(String),
}

impl Activity {
    /// An activity in words of a language.
    #[must_use]
    pub fn of(words: &str, language: LanguageCode) -> Self {
        let _ = language;
        Self { words: words.to_owned() }
    }
}

impl Place {
    /// Whether a company in this country, state and city is at this place; `None`
    /// where that does not follow.
    #[must_use]
    pub fn holds(&self, country: Option<Country>, state: &str, city: &str) -> Option<bool> {
        if let (Some(asked), Some(own)) = (self.country, country)
            && asked != own
        {
            return Some(false);
        }
        let is_same = |asked: &str, own: &str| {
            let (asked, own) = (cmes_extract::fold::fold(asked), cmes_extract::fold::fold(own));
            own.contains(asked.as_str()) || asked.contains(own.as_str())
        };
        if let Some(asked) = &self.city {
            return if city.is_empty() { None } else { Some(is_same(asked, city)) };
        }
        if let Some(asked) = &self.region {
            return match (state.is_empty(), city.is_empty()) {
                (true, _) => None,
                (false, _) if is_same(asked, state) => Some(true),
                // Regions and the states in addresses are not always of one sort.
                (false, _) if state.len() <= 3 || asked.len() <= 3 => None,
                (false, _) => Some(false),
            };
        }
        match (self.country, country) {
            (Some(_), Some(_)) => Some(true),
            (Some(_), None) => None,
            // A place that is not known as one.
            (None, _) => None,
        }
    }
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
