//! Why a page was not rendered. None of it is fatal: the page stays as it was sent.

use std::time::Duration;

use cmes_fetch::FetchError;

/// Why there is no rendered page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrowserError {
    /// Chromium does not start.
    #[error("the browser {program} does not start: {reason}")]
    Start {
        /// What was started.
        program: String,
        /// What stands in the way, and what to do.
        reason: String,
    },
    /// More pages wait than is sensible, or the time of the enrichment ended while waiting.
    #[error("too many pages wait for the browser")]
    Busy,
    /// The browser, or the page in it, ended before its time.
    #[error("the page made the browser end")]
    Crashed,
    /// The page did not come to rest, not even so that its text could be taken.
    #[error("the page was not rendered within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// The browser used more memory than it may.
    #[error("the page needs more than {} MiB of memory", .0 / (1024 * 1024))]
    Memory(u64),
    /// The page leads on and on.
    #[error("the page leads in a circle")]
    Circle,
    /// The page leads to where nothing can or may be read.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}
