//! Reading one page: redirects by hand, so that each step is judged and asked
//! of its own robots.txt, and the answer as text.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tokio::time::Instant;
use tracing::Instrument;
use url::Url;

use crate::budget::{Budget, FetchEvent};
use crate::charset::decode;
use crate::content::{ContentKind, charset_of_header, kind_of_header};
use crate::error::FetchError;
use crate::fetcher::{Ask, Fetcher, Freshness};
use crate::freshness::{Headers, header};
use crate::pace::Gap;
use crate::policy::{shown, shown_host};
use crate::transport::{Answer, BodyLimit, kind_or_sniffed};

/// More than any honest site needs (browsers allow twenty).
const MAX_REDIRECTS: usize = 8;

/// Cookies of one chain of redirects; a page that sets more is not for us.
const MAX_COOKIES: usize = 20;

/// A page that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where the page is: the last URL of the redirects.
    pub url: Url,
    /// What was asked for.
    pub requested: Url,
    /// The status code, 200 to 299.
    pub status: u16,
    /// All headers of the answer, names in lower case.
    pub headers: Vec<(String, String)>,
    /// What kind of document it is.
    pub content_type: ContentKind,
    /// The document, without transfer compression.
    pub body: Bytes,
    /// The document as text; empty if it is not made of text.
    pub text: String,
    /// The charset that it was decoded from; empty if it was not.
    pub charset: &'static str,
    /// Where it comes from.
    pub from_cache: Freshness,
    /// It is only the beginning: too long, or the connection broke off.
    pub truncated: bool,
    /// The URLs that answered with a redirect, in order; `requested` is the first.
    pub redirects: Vec<Url>,
}

impl Fetched {
    /// The first value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// Did a redirect lead from https to http?
    pub fn was_downgraded(&self) -> bool {
        let secure_once = self.redirects.iter().any(|url| url.scheme() == "https");
        secure_once && self.url.scheme() == "http"
    }
}

impl Fetcher {
    /// Reads the page at this URL.
    ///
    /// # Errors
    /// Any [`FetchError`]; a status other than 2xx is one.
    pub async fn page(&self, url: &Url, budget: &Budget) -> Result<Fetched, FetchError> {
        let host = shown_host(url);
        let span = tracing::debug_span!("page", host, path = url.path());
        let started = Instant::now();
        budget.tell(|| FetchEvent::Started { url: url.clone() });
        let outcome = self.follow(url, budget).instrument(span.clone()).await;
        let outcome = outcome.map_err(|error| seen_from(&host, error));
        let _entered = span.enter();
        match &outcome {
            Ok(page) => {
                tracing::debug!(status = page.status, bytes = page.body.len(), source = ?page.from_cache, "read");
                budget.tell(|| FetchEvent::Finished {
                    url: url.clone(),
                    status: page.status,
                    bytes: page.body.len(),
                    elapsed: started.elapsed(),
                    cached: page.from_cache == Freshness::Fresh,
                });
            }
            Err(error) => {
                tracing::debug!(kind = ?error.kind(), "not read");
                budget.tell(|| FetchEvent::Failed { url: url.clone(), reason: error.to_string() });
            }
        }
        outcome
    }

    async fn follow(&self, requested: &Url, budget: &Budget) -> Result<Fetched, FetchError> {
        let mut url = requested.clone();
        let mut redirects = Vec::new();
        let mut cookies = Cookies::default();
        loop {
            url.set_fragment(None);
            let ask = self.permission(&url, redirects.is_empty(), &cookies, budget).await?;
            let (answer, freshness) = self.obtain(&url, ask, budget).await?;
            if (200..=299).contains(&answer.status) {
                return Ok(fetched(requested, url, redirects, answer, freshness));
            }
            let Some(next) = redirect_target(&url, answer.status, &answer.headers) else {
                return Err(status_error(&url, &answer));
            };
            let gained_cookie = cookies.take(&url, &answer.headers);
            redirects.push(std::mem::replace(&mut url, next));
            url.set_fragment(None);
            // Coming back is sensible only for someone who now brings a cookie.
            let circular = redirects.contains(&url) && !gained_cookie;
            if circular || redirects.len() > MAX_REDIRECTS {
                return Err(FetchError::Protocol { host: shown_host(&url), reason: "it redirects in a circle" });
            }
        }
    }

    /// Judges a URL and asks its robots.txt.
    async fn permission(
        &self,
        url: &Url,
        is_first: bool,
        cookies: &Cookies,
        budget: &Budget,
    ) -> Result<Ask, FetchError> {
        self.shared.policy.judge_url(url)?;
        let crawl_delay = self.check_robots(url, budget).await?;
        let gap = match crawl_delay {
            Some(delay) => Gap::Of(delay.max(self.shared.options.per_host_delay)),
            None if is_first => Gap::Of(self.shared.options.per_host_delay),
            None => Gap::None,
        };
        let limit = BodyLimit { bytes: self.shared.options.max_page_bytes, cut_anything: false };
        let own_headers = cookies.for_host(url).map(|cookie| ("cookie", cookie)).into_iter().collect();
        Ok(Ask { gap, limit, own_headers })
    }
}

/// Where a redirect of a site leads inside a network concerns nobody outside:
/// the host that the user gave is the one that leads there.
fn seen_from(host: &str, error: FetchError) -> FetchError {
    match error {
        FetchError::NotPublic { rule, .. } => FetchError::NotPublic { host: host.to_owned(), rule },
        other => other,
    }
}

/// Where a redirect points; none if the answer is no redirect or says nonsense.
pub(crate) fn redirect_target(from: &Url, status: u16, headers: &Headers) -> Option<Url> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    from.join(header(headers, "location")?.trim()).ok()
}

fn status_error(url: &Url, answer: &Answer) -> FetchError {
    let retry_after = header(&answer.headers, "retry-after").and_then(|value| pause(value.trim()));
    FetchError::Status { url: shown(url), status: answer.status, retry_after }
}

/// Retry-After: seconds or a date; a day at most, so that it can be added to any clock.
pub(crate) fn pause(value: &str) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_secs(24 * 3600);
    let pause = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(value).ok()?.duration_since(SystemTime::now()).ok()?,
    };
    Some(pause.min(LONGEST))
}

fn fetched(requested: &Url, url: Url, redirects: Vec<Url>, answer: Answer, from_cache: Freshness) -> Fetched {
    let content_type = header(&answer.headers, "content-type");
    let kind = kind_or_sniffed(content_type.and_then(kind_of_header), &answer.body);
    let (text, charset) = if kind.is_text() {
        let declared = content_type.and_then(charset_of_header);
        decode(&answer.body, kind, declared, url.host_str().unwrap_or_default())
    } else {
        (String::new(), "")
    };
    Fetched {
        url,
        requested: requested.clone(),
        status: answer.status,
        headers: answer.headers,
        content_type: kind,
        body: answer.body,
        text,
        charset,
        from_cache,
        truncated: answer.truncated,
        redirects,
    }
}

/// Cookies within one chain of redirects: some sites set one, send the visitor
/// back to the same address and show the page only to who brings it. They go to
/// the very host that set them and are forgotten with the page.
#[derive(Debug, Default)]
struct Cookies {
    set: Vec<(String, String, String)>,
}

impl Cookies {
    /// Takes what an answer sets; says whether anything is new.
    fn take(&mut self, url: &Url, headers: &Headers) -> bool {
        let host = url.host_str().unwrap_or_default();
        let mut gained = false;
        for (_, value) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = value.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            let (name, value) = (name.trim(), value.trim());
            let sendable = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
            if name.is_empty() || !sendable(name) || !sendable(value) {
                continue;
            }
            gained |= self.remember(host, name, value);
        }
        gained
    }

    fn remember(&mut self, host: &str, name: &str, value: &str) -> bool {
        let full = self.set.len() >= MAX_COOKIES;
        match self.set.iter_mut().find(|(at, known, _)| at == host && known == name) {
            Some((_, _, old)) if old == value => return false,
            Some((_, _, old)) => value.clone_into(old),
            None if full => return false,
            None => self.set.push((host.to_owned(), name.to_owned(), value.to_owned())),
        }
        true
    }

    fn for_host(&self, url: &Url) -> Option<String> {
        let host = url.host_str().unwrap_or_default();
        let pairs = self.set.iter().filter(|(at, _, _)| at == host).map(|(_, name, value)| format!("{name}={value}"));
        let header = pairs.collect::<Vec<_>>().join("; ");
        (!header.is_empty()).then_some(header)
    }
}
