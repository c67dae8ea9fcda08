//! The language in which the company communicates.

use cmes_types::LanguageCode;

use crate::facts::Finding;
use crate::page::Page;
/// The language of the site, from its text and what its markup declares.
#[must_use]
pub fn find(pages: &[Page]) -> Option<Finding<LanguageCode>> {
    let _ = pages;
    None
}
