//! Where companies are looked for: one trait, and one file per provider of search.
//!
//! A provider answers a [`CompanySearch`] with [`Hit`]s, best first. What becomes
//! of them, which are companies, lists or nothing of use, is not decided here.

mod error;

use cmes_types::{CompanySearch, Hit};
use futures_util::future::BoxFuture;

pub use error::{SearchError, SearchErrorKind};

/// What a provider answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

    /// Looks for companies.
    fn search<'a>(&'a self, search: &'a CompanySearch) -> BoxFuture<'a, Result<Found, SearchError>>;
}
