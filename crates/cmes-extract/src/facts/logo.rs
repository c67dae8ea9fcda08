//! The logo of the company.

use url::Url;

use crate::facts::{Finding, Site};
/// Addresses of images that may be the logo, best first.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<Url>> {
    let _ = site;
    Vec::new()
}
