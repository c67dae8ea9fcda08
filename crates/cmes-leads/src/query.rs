//! What a sentence asks for.
//!
//! [`Query::read`] finds the parts of a sentence in any language that the data
//! knows: places ([`places`]), numbers and fixed words such as sizes and
//! certificates, exclusions, and what is left: what the companies do, with its
//! trades in the catalogue of `cmes-extract`. [`Query::searches`] says what to ask
//! providers of search for it. No model takes part in either.

use cmes_extract::places::Country;
use cmes_types::LanguageCode;

mod activities;
mod conditions;
mod language;
pub(crate) mod names;
pub mod places;
mod reading;
mod searches;
mod words;
pub(crate) use reading::is_export;

pub use activities::Activity;
pub use names::Names;
pub use places::Place;

/// A sentence as it is understood. Of `activities` and of `places` a company
/// has to meet one; of `conditions`, every one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// The sentence as it was given.
    pub text: String,
    /// The language that it is in.
    pub language: LanguageCode,
    /// What the companies do; empty where that cannot be told.
    pub activities: Vec<Activity>,
    /// Where they are; empty for anywhere.
    pub places: Vec<Place>,
    /// What else is asked of them.
    pub conditions: Vec<Wanted>,
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
    /// Whether only those are excluded that do nothing else: "not those who only pull down houses".
    pub is_mere: bool,
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
    /// It sells to these countries, or works with them: "exporting to Germany".
    Market(Vec<Country>),
    /// Anything that the pages can say: a certificate ("ISO 9001"), a material.
    Words(String),
    /// One of several such things: "wallboxes or heat pumps".
    AnyOf(Vec<String>),
}

/// Text that is read, in bytes: what comes behind adds no condition.
const LONGEST: usize = 1_000;

impl Query {
    /// Reads a sentence. Text in which nothing is found has no activities and
    /// is searched as it is.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let mut end = text.len().min(LONGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        reading::read(text, text.get(..end).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
