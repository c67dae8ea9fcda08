//! People whom the site names, with position, e-mail and phone.

use cmes_types::Contact;

use crate::facts::{Finding, Site};
/// People in the order of the pages, each once.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<Contact>> {
    let _ = site;
    Vec::new()
}
