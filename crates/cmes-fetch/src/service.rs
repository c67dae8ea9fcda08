//! Sending to a service that the operator named, such as a collector of traces.
//!
//! It may well stand in a private network and the operator, not a page or a
//! customer, says where it is: no address is judged, nothing is kept in the
//! cache. TLS is that of the fetcher, and the answer is limited all the same.

use std::error::Error;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Client, StatusCode};

use crate::error::SetupError;
use crate::tls;

/// What such services answer is short.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Sends requests to a service of the operator's.
#[derive(Debug, Clone)]
pub struct ServiceClient(Client);

impl ServiceClient {
    /// A client whose requests may take so long, answer included.
    ///
    /// # Errors
    /// [`SetupError::Client`] when TLS cannot be set up.
    pub fn new(timeout: Duration) -> Result<ServiceClient, SetupError> {
        let tls = tls::client_config(&[]).map_err(|error| SetupError::Client(Box::new(error)))?;
        let builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(timeout);
        let client = builder.build().map_err(|error| SetupError::Client(Box::new(error)))?;
        Ok(ServiceClient(client))
    }

    /// Sends a body and gives status, headers and body of the answer, whatever its status.
    ///
    /// # Errors
    /// When there is no answer in time, or one that is too long.
    pub async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<(StatusCode, HeaderMap, Bytes), Box<dyn Error + Send + Sync>> {
        let mut response = self.0.post(url).headers(headers).body(body).send().await?;
        let mut answer = BytesMut::new();
        while let Some(chunk) = response.chunk().await? {
            if answer.len() + chunk.len() > LONGEST_ANSWER {
                return Err("the answer is too long".into());
            }
            answer.extend_from_slice(&chunk);
        }
        Ok((response.status(), std::mem::take(response.headers_mut()), answer.freeze()))
    }
}
