//! What the company does, in the words of its own site.

use crate::facts::{Finding, Site};
/// Two to four of the site's best sentences.
#[must_use]
pub fn find(site: &Site<'_>) -> Option<Finding<String>> {
    let _ = site;
    None
}
