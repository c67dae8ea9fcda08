//! Speaking to a service that the operator named, such as a collector of traces,
//! a server of language models, or a place where models are downloaded.
//!
//! It may well stand in a private network and the operator, not a page or a
//! customer, says where it is: no address is judged, nothing is kept in the
//! cache. TLS is that of the fetcher, and every answer is limited all the same.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, Response, StatusCode};
use url::{Host, Url};

use crate::error::SetupError;
use crate::page::pause;
use crate::policy::AddressPolicy;
use crate::tls;

/// What a collector answers is short.
const LONGEST_ANSWER: usize = 64 * 1024;

/// The key to a service, which is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Of this text, without space around it.
    #[must_use]
    pub fn new(text: &str) -> ApiKey {
        ApiKey(text.trim().to_owned())
    }

    /// The text itself, for the header in which it is sent.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What a service said, in lower case, without the key, which some repeat.
    #[must_use]
    pub fn hidden_in(&self, words: &str) -> String {
        if self.0.is_empty() { words.to_owned() } else { words.replace(&self.0.to_lowercase(), "***") }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How a [`ServiceClient`] behaves.
#[derive(Clone, Debug, Default)]
pub struct ServiceOptions {
    /// Longest time for a whole answer; without it, the caller limits the time.
    pub timeout: Option<Duration>,
    /// Longest time for a connection.
    pub connect_timeout: Option<Duration>,
    /// Longest silence in an answer.
    pub read_timeout: Option<Duration>,
    /// Redirects that are followed: for downloads alone. A key would be sent on to strangers.
    pub redirects: usize,
    /// A proxy for all requests but those to hosts that it excepts.
    pub proxy: Option<ServiceProxy>,
}

/// A proxy of the operator's.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceProxy {
    /// Its URL, which may hold a password.
    pub url: String,
    /// Hosts, domains and networks that are reached without it, as the variable `NO_PROXY` lists them.
    pub except: String,
}

impl fmt::Debug for ServiceProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceProxy").field("except", &self.except).finish_non_exhaustive()
    }
}

impl ServiceProxy {
    fn build(&self) -> Result<reqwest::Proxy, SetupError> {
        let proxy = reqwest::Proxy::all(&self.url).map_err(|_| SetupError::Proxy)?;
        Ok(proxy.no_proxy(reqwest::NoProxy::from_string(&self.except)))
    }
}

/// Whether a URL leads to this machine or the network around it, as far as that can be
/// told without resolving its name: an address that is not public, a name without a
/// dot, or below a domain that is reserved for such networks (RFC 6761, 6762, 8375,
/// ICANN's `.internal`) or, as `.lan`, used by them alone. A proxy for the web does
/// not lead there.
#[must_use]
pub fn is_in_house(url: &Url) -> bool {
    const DOMAINS: [&str; 5] = [".internal", ".local", ".localhost", ".home.arpa", ".lan"];
    let is_private = |address: IpAddr| AddressPolicy::default().judge(address).is_err();
    match url.host() {
        Some(Host::Ipv4(address)) => is_private(address.into()),
        Some(Host::Ipv6(address)) => is_private(address.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.') || DOMAINS.iter().any(|domain| name.ends_with(domain))
        }
        None => false,
    }
}

/// Sends requests to a service of the operator's.
#[derive(Debug, Clone)]
pub struct ServiceClient(Client);

/// An answer whose body has not been read.
#[derive(Debug)]
pub struct ServiceAnswer {
    /// Status code.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    response: Response,
}

/// Why there is no answer. What it prints names no address: that may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Nothing answers there.
    #[error("nothing answers there")]
    Connect(#[source] Box<dyn Error + Send + Sync>),
    /// It took too long.
    #[error("it takes too long")]
    Timeout,
    /// The answer broke off, or does not follow HTTP.
    #[error("the answer broke off")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
    /// The answer is longer than such answers are.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

impl ServiceClient {
    /// A client whose requests may take so long, answer included.
    ///
    /// # Errors
    /// [`SetupError::Client`] when TLS cannot be set up.
    pub fn new(timeout: Duration) -> Result<ServiceClient, SetupError> {
        ServiceClient::with(&ServiceOptions { timeout: Some(timeout), ..ServiceOptions::default() })
    }

    /// A client with these options.
    ///
    /// # Errors
    /// [`SetupError::Client`] when TLS cannot be set up, [`SetupError::Proxy`] when the proxy is no URL of one.
    pub fn with(options: &ServiceOptions) -> Result<ServiceClient, SetupError> {
        let tls = tls::client_config(&[]).map_err(|error| SetupError::Client(Box::new(error)))?;
        let redirect = match options.redirects {
            0 => reqwest::redirect::Policy::none(),
            most => reqwest::redirect::Policy::limited(most),
        };
        let mut builder = Client::builder().tls_backend_preconfigured(tls).redirect(redirect).no_proxy();
        if let Some(timeout) = options.timeout {
            builder = builder.timeout(timeout);
        }
        if let Some(timeout) = options.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(timeout) = options.read_timeout {
            builder = builder.read_timeout(timeout);
        }
        if let Some(proxy) = &options.proxy {
            builder = builder.proxy(proxy.build()?);
        }
        let client = builder.build().map_err(|error| SetupError::Client(Box::new(error)))?;
        Ok(ServiceClient(client))
    }

    /// Asks for what is at this URL.
    ///
    /// # Errors
    /// When no answer begins.
    pub async fn get(&self, url: &Url, headers: HeaderMap) -> Result<ServiceAnswer, ServiceError> {
        self.send(Method::GET, url, headers, Bytes::new()).await
    }

    /// Sends a body, and gives the answer as soon as it begins, whatever its status.
    ///
    /// # Errors
    /// When no answer begins.
    pub async fn ask(&self, url: &Url, headers: HeaderMap, body: Bytes) -> Result<ServiceAnswer, ServiceError> {
        self.send(Method::POST, url, headers, body).await
    }

    async fn send(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<ServiceAnswer, ServiceError> {
        let request = self.0.request(method, url.clone()).headers(headers).body(body);
        let mut response = request.send().await.map_err(failure)?;
        let headers = std::mem::take(response.headers_mut());
        Ok(ServiceAnswer { status: response.status().as_u16(), headers, response })
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
        let answer = self.ask(&Url::parse(url)?, headers, body).await?;
        let status = StatusCode::from_u16(answer.status)?;
        let headers = answer.headers.clone();
        Ok((status, headers, answer.body(LONGEST_ANSWER).await?))
    }
}

impl ServiceAnswer {
    /// The pause that the service asks for (Retry-After).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.headers.get("retry-after").and_then(|value| value.to_str().ok()).and_then(|value| pause(value.trim()))
    }

    /// The next part of the body, or nothing at its end.
    ///
    /// # Errors
    /// When the body breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, ServiceError> {
        self.response.chunk().await.map_err(failure)
    }

    /// The whole body, which may have so many bytes.
    ///
    /// # Errors
    /// When it breaks off or is longer.
    pub async fn body(mut self, limit: usize) -> Result<Bytes, ServiceError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if chunk.len() > limit - body.len() {
                return Err(ServiceError::TooLong(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

fn failure(error: reqwest::Error) -> ServiceError {
    let error = error.without_url();
    if error.is_connect() {
        ServiceError::Connect(Box::new(error))
    } else if error.is_timeout() {
        ServiceError::Timeout
    } else {
        ServiceError::Broken(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_in_the_house() {
        let check = |text: &str, expected: bool| {
            assert_eq!(is_in_house(&Url::parse(text).expect("a URL")), expected, "{text}");
        };
        for text in [
            "http://127.0.0.1:8081/v1",
            "http://[::1]/",
            "http://10.1.2.3/",
            "http://[fd00::1]/",
            "http://localhost:11434/",
            "http://ollama:11434/",
            "http://gpu.internal:8000/v1",
            "http://models.lan./",
        ] {
            check(text, true);
        }
        for text in
            ["https://api.openai.com/v1", "http://1.1.1.1/", "http://[2606:4700::1111]/", "http://xlan.example/"]
        {
            check(text, false);
        }
    }
}
