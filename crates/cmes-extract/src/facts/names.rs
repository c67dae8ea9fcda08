//! The name of the company: legal name where the site gives it, else the name it uses.

use crate::facts::{Finding, Site};
/// Names, best first.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<String>> {
    let _ = site;
    Vec::new()
}
