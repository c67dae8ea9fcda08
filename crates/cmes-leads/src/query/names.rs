//! Names of trades that the catalogue of `cmes-extract` does not have (`data/names.tsv`), by which they are searched for in
//! other languages than the query's.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_extract::trades;
use cmes_types::LanguageCode;

/// A trade with its name in each of the catalogue's languages.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    /// What it is in `data/activities.txt`.
    pub id: &'static str,
    is_service: bool,
    names: Vec<&'static str>,
}

static NAMES: LazyLock<HashMap<&'static str, Names>> = LazyLock::new(|| {
    let lines = include_str!("../../data/names.tsv").lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| {
        let mut parts = line.split('\t');
        let (kind, id) = parts.next()?.split_once(' ')?;
        Some((id, Names { id, is_service: kind == "service", names: parts.collect() }))
    };
    lines.filter_map(read).collect()
});

impl Names {
    pub(super) fn of(id: &str) -> Option<&'static Self> {
        NAMES.get(id)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        NAMES.values()
    }

    /// In a language: the companies of a service ("locksmiths"), or goods as they stand after "manufacturer of".
    #[must_use]
    pub fn name(&self, language: LanguageCode) -> Option<&'static str> {
        let column = trades::languages().position(|known| known == language)?;
        self.names.get(column).copied().filter(|name| !name.is_empty())
    }

    /// Whether companies are called so themselves.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.is_service
    }
}
