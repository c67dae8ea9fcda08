//! The pages as if they had been fetched and saved, for what needs no server.

use crate::site::{Site, sites};

/// One page as a fetcher would hand it on: text, already decoded.
#[derive(Clone, Debug)]
pub struct SavedPage {
    /// Name of the site, such as `nordwind-pumpen.example`.
    pub site: String,
    /// Where the page was read.
    pub url: String,
    /// Response headers.
    pub headers: Vec<(String, String)>,
    /// The markup.
    pub html: String,
}

/// Every HTML page of every site, ordered by site and path. Pages that
/// robots.txt forbids are among them; [`Site::forbidden`] tells which.
///
/// # Panics
///
/// When a file cannot be read.
#[must_use]
pub fn saved_pages() -> Vec<SavedPage> {
    sites().iter().flat_map(Site::saved_pages).collect()
}
