//! The site's own noteworthy pages, and which of them to read next.

use cmes_types::AdditionalLink;
use url::Url;

use crate::facts::{Finding, Site};
/// Noteworthy pages with what they are about, each once, in a stable order.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<AdditionalLink>> {
    let _ = site;
    Vec::new()
}

/// Pages worth reading for a profile, best first: imprint, contact, about,
/// team, products; not those in `site.pages`. `sitemap` are addresses from the
/// site's sitemaps, which count when the pages do not link to such a page.
#[must_use]
pub fn worth_reading(site: &Site<'_>, sitemap: &[Url]) -> Vec<Url> {
    let _ = (site, sitemap);
    Vec::new()
}
