//! Sending a message to an address that a customer named (a webhook).
//!
//! The same rules hold as for reading: the URL is judged, its name is resolved
//! once, and only a judged address is connected to. Redirects are not followed,
//! because a message is for the one who was named; robots.txt, pace and cache are
//! about reading and do not apply.

use std::time::Duration;

use bytes::Bytes;
use url::Url;

use crate::error::FetchError;
use crate::fetcher::Fetcher;
use crate::freshness::header;
use crate::page::pause;
use crate::policy::shown_host;

/// What the receiver of a message answered; its body is not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The status code.
    pub status: u16,
    /// The pause that it asks for (Retry-After).
    pub retry_after: Option<Duration>,
}

impl Fetcher {
    /// Sends a message as a POST with these headers; everything together may
    /// take so long.
    ///
    /// # Errors
    /// [`FetchError::NotPublic`] and [`FetchError::BadUrl`] when the address may
    /// not be called, otherwise why there is no answer.
    pub async fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: Bytes,
        timeout: Duration,
    ) -> Result<Posted, FetchError> {
        self.policy().judge_url(url)?;
        let answer = self.shared.transport.post(url, headers, body);
        let Ok(answer) = tokio::time::timeout(timeout, answer).await else {
            return Err(FetchError::Timeout { host: shown_host(url), limit: timeout });
        };
        let (status, headers) = answer?;
        let retry_after = header(&headers, "retry-after").and_then(|value| pause(value.trim()));
        Ok(Posted { status, retry_after })
    }
}
