//! The country in which the company is at home.

use crate::facts::{Finding, Site};
use crate::places::Country;
/// The country, from addresses, international phone numbers, the domain and
/// the language. `site.country` is not yet known here.
#[must_use]
pub fn find(site: &Site<'_>) -> Option<Finding<Country>> {
    let _ = site;
    None
}
