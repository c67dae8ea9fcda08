//! One request and its answer: the only place where bytes leave the program.
//!
//! Redirects, robots.txt, pace and cache are decided above. Here are the limits
//! of time and size, and the translation of everything that a network and a
//! foreign server can do into a [`FetchError`].

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Client, Response};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use crate::budget::Budget;
use crate::content::{ContentKind, kind_of_bytes, kind_of_header};
use crate::error::{FetchError, SetupError};
use crate::freshness::{Headers, header};
use crate::options::FetchOptions;
use crate::policy::{AddressPolicy, shown, shown_host};
use crate::resolve::{GuardedResolver, ResolveError, table_of_hosts};
use crate::tls;

/// What pages are asked for as; servers that negotiate by it give us HTML.
pub(crate) const ACCEPT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Of a page that takes too long, this much is worth more than an error.
const ENOUGH_WHEN_SLOW: usize = 16 * 1024;

/// Bytes and headers of one answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
    /// The body is only the beginning: it was too long, or the connection broke.
    pub(crate) truncated: bool,
    pub(crate) received: SystemTime,
}

/// How much of a body is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit {
    pub(crate) bytes: u64,
    /// Take the beginning whatever the format is, not only of text.
    pub(crate) cut_anything: bool,
}

/// The HTTP client with the rules that hold for every request.
#[derive(Debug)]
pub(crate) struct Transport {
    client: Client,
    resolver: GuardedResolver,
    behind_proxy: bool,
    page_timeout: Duration,
}

impl Transport {
    pub(crate) fn new(options: &FetchOptions, policy: Arc<AddressPolicy>) -> Result<Transport, SetupError> {
        let proxy = options.proxy.as_deref().map(parse_proxy).transpose()?;
        let resolver = GuardedResolver {
            policy,
            hosts: Arc::new(table_of_hosts(&options.hosts)),
            lookup: options.lookup.clone(),
            proxy_host: proxy.as_ref().and_then(|(_, host)| host.clone()),
        };
        let user_agent =
            reqwest::header::HeaderValue::from_str(&options.user_agent).map_err(|_| SetupError::UserAgent)?;
        let tls = tls::client_config(&options.extra_root_certificates)
            .map_err(|error| SetupError::Client(Box::new(error)))?;
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(resolver.clone())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(user_agent)
            // Half, so that a host whose port is filtered leaves time for the other scheme.
            .connect_timeout(options.page_timeout / 2)
            .pool_max_idle_per_host(options.per_host_parallel)
            .pool_idle_timeout(Duration::from_secs(30))
            // Generous sites send more than the usual 16 KiB (cookies, policies).
            .http2_max_header_list_size(64 * 1024)
            // Old servers bend the rules of HTTP/1; browsers put up with it, so do we.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true);
        let behind_proxy = proxy.is_some();
        if let Some((proxy, _)) = proxy {
            builder = builder.proxy(proxy);
        }
        let client = builder.build().map_err(|error| SetupError::Client(Box::new(error)))?;
        Ok(Transport { client, resolver, behind_proxy, page_timeout: options.page_timeout })
    }

    /// Asks for this URL, which the address policy has judged. Charged to the budget.
    pub(crate) async fn get(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        limit: BodyLimit,
        budget: &Budget,
    ) -> Result<Answer, FetchError> {
        budget.take_request()?;
        let until = Instant::now() + self.page_timeout;
        let work = self.exchange(url, headers, limit, until, budget);
        budget.wait_for_host(&shown_host(url), self.page_timeout, work).await
    }

    async fn exchange(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        limit: BodyLimit,
        until: Instant,
        budget: &Budget,
    ) -> Result<Answer, FetchError> {
        if self.behind_proxy {
            self.judge_before_proxy(url).await?;
        }
        let mut request = self.client.get(url.clone());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = request.send().await.map_err(|error| translated(&error, url))?;
        let status = response.status().as_u16();
        let headers = plain_headers(response.headers());
        let (body, truncated) = match status {
            200..=299 => {
                let named_kind = header(&headers, "content-type").and_then(kind_of_header);
                Body { url, named_kind, limit, until }.read(response, budget).await?
            }
            _ => {
                drain(response, budget).await;
                (Bytes::new(), false)
            }
        };
        Ok(Answer { status, headers, body, truncated, received: SystemTime::now() })
    }

    /// Sends a body to this URL, which the address policy has judged, and reads
    /// nothing of the answer but its status and headers. The caller limits the time.
    pub(crate) async fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<(u16, Headers), FetchError> {
        if self.behind_proxy {
            self.judge_before_proxy(url).await?;
        }
        let mut request = self.client.post(url.clone()).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = request.send().await.map_err(|error| translated(&error, url))?;
        let answer = (response.status().as_u16(), plain_headers(response.headers()));
        drain(response, &Budget::default()).await;
        Ok(answer)
    }

    /// The proxy resolves names itself; what resolves here is judged all the same.
    async fn judge_before_proxy(&self, url: &Url) -> Result<(), FetchError> {
        let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
        match self.resolver.addresses(name).await {
            Err(ResolveError::NotPublic { rule }) => Err(FetchError::NotPublic { host: shown_host(url), rule }),
            Ok(_) | Err(ResolveError::NoAddress { .. }) => Ok(()),
        }
    }
}

fn parse_proxy(text: &str) -> Result<(reqwest::Proxy, Option<String>), SetupError> {
    let url = Url::parse(text).map_err(|_| SetupError::Proxy)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(SetupError::Proxy);
    }
    let host = url.host_str().map(str::to_ascii_lowercase);
    let proxy = reqwest::Proxy::all(text).map_err(|_| SetupError::Proxy)?;
    Ok((proxy, host))
}

/// Names in lower case (as HTTP/2 has them), values as text.
fn plain_headers(headers: &HeaderMap) -> Headers {
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// How the body of one answer is to be read.
struct Body<'a> {
    url: &'a Url,
    named_kind: Option<ContentKind>,
    limit: BodyLimit,
    /// When the page has taken too long.
    until: Instant,
}

impl Body<'_> {
    /// The body, and whether it is only a beginning.
    async fn read(&self, mut response: Response, budget: &Budget) -> Result<(Bytes, bool), FetchError> {
        let announced = response.content_length().unwrap_or(0);
        if announced > self.limit.bytes && self.named_kind.is_some() && !self.may_cut(b"") {
            return Err(self.too_large());
        }
        let mut body = BytesMut::new();
        loop {
            let chunk = match timeout_at(self.until, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => return Ok((body.freeze(), false)),
                // A page whose end is missing still says most of what it has to say.
                Ok(Err(_)) if !body.is_empty() && self.may_cut(&body) => return Ok((body.freeze(), true)),
                Ok(Err(error)) => return Err(translated(&error, self.url)),
                Err(_) if body.len() >= ENOUGH_WHEN_SLOW && self.may_cut(&body) => return Ok((body.freeze(), true)),
                // The caller's clock, which is no earlier, ends this and names the limit.
                Err(_) => std::future::pending().await,
            };
            budget.take_bytes(chunk.len())?;
            let room = usize::try_from(self.limit.bytes).unwrap_or(usize::MAX) - body.len();
            if chunk.len() > room {
                body.extend_from_slice(&chunk[..room]);
                return if self.may_cut(&body) { Ok((body.freeze(), true)) } else { Err(self.too_large()) };
            }
            body.extend_from_slice(&chunk);
        }
    }

    fn may_cut(&self, body: &[u8]) -> bool {
        self.limit.cut_anything || kind_or_sniffed(self.named_kind, body).is_text()
    }

    fn too_large(&self) -> FetchError {
        FetchError::TooLarge { url: shown(self.url), limit: self.limit.bytes }
    }
}

/// Reads the little that usually comes with an error or a redirect: an HTTP/1
/// connection can be used again only when its answer has been read.
async fn drain(mut response: Response, budget: &Budget) {
    const ENOUGH: usize = 16 * 1024;
    const SHORTLY: Duration = Duration::from_millis(100);
    let reading = async {
        let mut count = 0;
        while let Ok(Some(chunk)) = response.chunk().await {
            count += chunk.len();
            if budget.take_bytes(chunk.len()).is_err() || count > ENOUGH {
                break;
            }
        }
    };
    let _ = timeout_at(Instant::now() + SHORTLY, reading).await;
}

/// The kind of a document by its header, else by its bytes.
pub(crate) fn kind_or_sniffed(named: Option<ContentKind>, body: &[u8]) -> ContentKind {
    named.unwrap_or_else(|| kind_of_bytes(body))
}

/// Finds the cause that a user can do something about.
fn translated(error: &reqwest::Error, url: &Url) -> FetchError {
    let host = shown_host(url);
    for cause in causes(error) {
        if let Some(refused) = cause.downcast_ref::<ResolveError>() {
            return match refused {
                ResolveError::NotPublic { rule } => FetchError::NotPublic { host, rule },
                ResolveError::NoAddress { temporary } => FetchError::Dns { host, temporary: *temporary },
            };
        }
        if let Some(fault) = cause.downcast_ref::<rustls::Error>() {
            return FetchError::Tls { host, reason: tls::reason(fault) };
        }
    }
    if error.is_connect() {
        FetchError::Connect { host }
    } else if error.is_builder() {
        FetchError::BadUrl { url: shown(url), reason: "it cannot be put into a request" }
    } else if error.is_decode() {
        FetchError::Protocol { host, reason: "its compressed content is damaged" }
    } else if error.is_body() {
        FetchError::Protocol { host, reason: "the connection broke off in the middle" }
    } else {
        FetchError::Protocol { host, reason: "it does not follow HTTP" }
    }
}

/// The error and everything below it. `io::Error` hides what it wraps from
/// `source`, so it is opened.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&current| {
        let wrapped = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match wrapped {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => current.source(),
        }
    })
}
