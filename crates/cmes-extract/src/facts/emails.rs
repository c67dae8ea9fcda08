//! E-mail addresses of the company.

use crate::facts::{Finding, Site};
/// Addresses in lower case, the main one first, each once.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<String>> {
    let _ = site;
    Vec::new()
}
