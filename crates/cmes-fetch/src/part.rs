//! What a page that is being rendered asks for: its scripts and data.
//!
//! The browser opens no connections; each of its requests is made here, under
//! the rules that hold for pages. Only the pause between two requests is left
//! out: the parts belong to a page that has waited for its turn.

use bytes::Bytes;
use url::Url;

use crate::budget::Budget;
use crate::error::FetchError;
use crate::fetcher::{Ask, Fetcher};
use crate::pace::Gap;
use crate::policy::shown;
use crate::transport::BodyLimit;

/// One answer as it came, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The status code.
    pub status: u16,
    /// All headers of the answer, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, without transfer compression; empty unless the status is 2xx.
    pub body: Bytes,
}

impl Part {
    /// The first value of a header, by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        crate::freshness::header(&self.headers, name)
    }
}

impl Fetcher {
    /// Makes one request. A redirect is an answer: who follows it asks again, so
    /// that each step is judged. An answer to `own_headers` is not cached.
    ///
    /// # Errors
    /// Any [`FetchError`] but that of a status; half a script is none, so what is
    /// too large is an error too.
    pub async fn part(
        &self,
        url: &Url,
        own_headers: Vec<(&'static str, String)>,
        budget: &Budget,
    ) -> Result<Part, FetchError> {
        self.policy().judge_url(url)?;
        self.check_robots(url, budget).await?;
        let bytes = self.shared.options.max_page_bytes;
        let ask = Ask { gap: Gap::None, limit: BodyLimit { bytes, cut_anything: false }, own_headers };
        let (answer, _) = self.obtain(url, ask, budget).await?;
        if answer.truncated {
            return Err(FetchError::TooLarge { url: shown(url), limit: bytes });
        }
        Ok(Part { status: answer.status, headers: answer.headers, body: answer.body })
    }
}
