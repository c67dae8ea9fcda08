//! Postal addresses of the company.

use cmes_types::Address;

use crate::facts::{Finding, Site};
use crate::places::Country;
/// An address with what is known of its kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The address; `country` is left empty here and named in the language of
    /// the answer later.
    pub address: Address,
    /// Its country.
    pub country: Option<Country>,
    /// What the site calls it (`Head office`, `Niederlassung Hamburg`), if anything.
    pub label: String,
}

/// Addresses, the head office first, each once.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<Place>> {
    let _ = site;
    Vec::new()
}
