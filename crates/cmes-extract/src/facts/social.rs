//! The company's own profiles on social networks.

use cmes_types::WebLink;

use crate::facts::{Finding, Site};
/// Profiles, one per network.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<WebLink>> {
    let _ = site;
    Vec::new()
}
