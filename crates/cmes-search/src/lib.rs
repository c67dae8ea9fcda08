//! Where companies are looked for: one trait, and one file per provider of search.
//!
//! A provider answers a [`CompanySearch`] with [`Hit`]s, best first. What becomes
//! of them, which are companies, lists or nothing of use, is not decided here.
//! A [`Searcher`] asks all that are configured and merges what they found
//! (`searcher`, `merge`); what was found is kept for a while by whoever gives it
//! an [`AnswerCache`] (`kept`).
//!
//! Each service is asked through `service`: a turn, the budget of the day, a
//! rest after failures, and a sentence about every refusal that says what to do.

mod brave;
mod error;
mod hits;
mod kept;
mod merge;
mod overpass;
mod provider;
mod searcher;
mod searxng;
mod serper;
mod service;
mod tavily;
mod wikidata;
mod words;

use cmes_types::{CompanySearch, Hit};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

pub use brave::Brave;
pub use error::{NoAnswer, SearchError, SearchErrorKind, SetupError};
pub use kept::AnswerCache;
pub use merge::{FoundBy, MergedHit};
pub use overpass::Overpass;
pub use searcher::{Answered, Merged, Observer, Searcher};
pub use searxng::SearxNg;
pub use serper::Serper;
pub use service::ServiceSettings;
pub use tavily::Tavily;
pub use wikidata::Wikidata;

/// What a provider answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    /// What it found, best first.
    pub hits: Vec<Hit>,
    /// What the operator should know although there is an answer, such as a
    /// search engine behind the provider that does not respond; one sentence each.
    pub remarks: Vec<String>,
}

/// A place where companies can be looked for.
pub trait SearchProvider: Send + Sync {
    /// Its name in the configuration, such as `searxng`.
    fn name(&self) -> &'static str;

    /// Whether its answers are kept for a while. One that answers from this
    /// server's own knowledge is asked each time.
    fn is_remote(&self) -> bool {
        true
    }

    /// Looks for companies.
    fn search<'a>(&'a self, search: &'a CompanySearch) -> BoxFuture<'a, Result<Found, SearchError>>;
}
