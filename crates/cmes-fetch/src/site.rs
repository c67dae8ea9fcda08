//! Opening a company's site from what a person writes: a domain or a link.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use crate::budget::Budget;
use crate::content::ContentKind;
use crate::error::{FetchError, FetchErrorKind, RobotsReason};
use crate::fetcher::Fetcher;
use crate::page::Fetched;
use crate::policy::shown;

/// The address of a site as a person gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteAddress {
    /// Without a scheme, `example.com` or `example.com/about`: held as an https URL.
    Domain(Url),
    /// With a scheme: taken as it is.
    Url(Url),
}

impl SiteAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`FetchError::BadUrl`] for what can be no address of a site.
    pub fn parse(text: &str) -> Result<SiteAddress, FetchError> {
        let text = text.trim();
        let bad = |_| FetchError::BadUrl {
            url: text.chars().take(100).collect(),
            reason: "it is neither a domain nor a link",
        };
        if has_scheme(text) {
            return Url::parse(text).map(SiteAddress::Url).map_err(bad);
        }
        let rest = text.strip_prefix("//").unwrap_or(text);
        Url::parse(&format!("https://{rest}")).map(SiteAddress::Domain).map_err(bad)
    }

    /// The address as a URL; https where none was given.
    pub fn url(&self) -> &Url {
        match self {
            SiteAddress::Domain(url) | SiteAddress::Url(url) => url,
        }
    }
}

impl FromStr for SiteAddress {
    type Err = FetchError;

    fn from_str(text: &str) -> Result<SiteAddress, FetchError> {
        SiteAddress::parse(text)
    }
}

impl fmt::Display for SiteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SiteAddress::Domain(url) => f.write_str(url.as_str().trim_start_matches("https://")),
            SiteAddress::Url(url) => f.write_str(url.as_str()),
        }
    }
}

/// `https://…`, and the slips that browsers forgive (`http:/…`, `http:\\…`); in
/// `example.com:8080` the colon belongs to the port.
fn has_scheme(text: &str) -> bool {
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if begins("http:") || begins("https:") {
        return true;
    }
    let Some((scheme, _)) = text.split_once("://") else { return false };
    !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

impl Fetcher {
    /// Reads the page at which a site starts.
    ///
    /// A domain is tried with https, then http, then both with `www.`. A page
    /// that is gone or is no page leads to the root of its site.
    ///
    /// # Errors
    /// The most telling error of all tries.
    pub async fn open_site(&self, site: &SiteAddress, budget: &Budget) -> Result<Fetched, FetchError> {
        let start = match site {
            SiteAddress::Url(url) => return self.page_or_root(url, budget).await,
            SiteAddress::Domain(url) => url,
        };
        let mut worst: Option<FetchError> = None;
        for host in hosts_to_try(start) {
            for candidate in schemes_to_try(&host) {
                let error = match self.page_or_root(&candidate, budget).await {
                    Ok(page) => return Ok(page),
                    Err(error) => error,
                };
                let next = what_next(&error);
                worst = Some(match worst {
                    Some(known) => more_telling(known, error),
                    None => error,
                });
                match next {
                    Next::OtherScheme => {}
                    Next::OtherHost => break,
                    Next::GiveUp => return Err(worst.unwrap_or_else(|| no_host(start))),
                }
            }
        }
        Err(worst.unwrap_or_else(|| no_host(start)))
    }

    /// The page, or the root of its site if that page is gone or no page.
    async fn page_or_root(&self, url: &Url, budget: &Budget) -> Result<Fetched, FetchError> {
        let error = match self.start_page(url, budget).await {
            Ok(page) => return Ok(page),
            Err(error) => error,
        };
        let gone = matches!(error.kind(), FetchErrorKind::Status(404 | 410) | FetchErrorKind::NotAPage);
        let too_large = matches!(error.kind(), FetchErrorKind::TooLarge);
        let mut root = url.clone();
        root.set_path("/");
        root.set_query(None);
        root.set_fragment(None);
        let mut plain = url.clone();
        plain.set_fragment(None);
        if !(gone || too_large) || root == plain {
            return Err(error);
        }
        self.start_page(&root, budget).await.map_err(|at_root| more_telling(error, at_root))
    }

    async fn start_page(&self, url: &Url, budget: &Budget) -> Result<Fetched, FetchError> {
        let page = self.page(url, budget).await?;
        if is_web_page(&page) {
            return Ok(page);
        }
        Err(FetchError::NotAPage { url: shown(&page.url), found: page.content_type.described() })
    }
}

/// HTML, also under a wrong name as some servers send it.
fn is_web_page(page: &Fetched) -> bool {
    match page.content_type {
        ContentKind::Html => true,
        ContentKind::Text | ContentKind::Xml => {
            let head: String = page.text.chars().take(1024).collect();
            let head = head.to_ascii_lowercase();
            head.contains("<html") || head.contains("<!doctype html")
        }
        _ => false,
    }
}

/// The host as given, then with `www.`.
fn hosts_to_try(start: &Url) -> Vec<Url> {
    let mut hosts = vec![start.clone()];
    if let Some(Host::Domain(name)) = start.host()
        && !name.starts_with("www.")
    {
        let mut with_www = start.clone();
        if with_www.set_host(Some(&format!("www.{name}"))).is_ok() {
            hosts.push(with_www);
        }
    }
    hosts
}

fn schemes_to_try(url: &Url) -> Vec<Url> {
    let mut plain = url.clone();
    let changed = plain.set_scheme("http").is_ok();
    let mut urls = vec![url.clone()];
    urls.extend(changed.then_some(plain));
    urls
}

enum Next {
    OtherScheme,
    OtherHost,
    GiveUp,
}

fn what_next(error: &FetchError) -> Next {
    match error {
        // The site has spoken; asking at its other doors would be rude.
        FetchError::Robots { reason: RobotsReason::Disallowed, .. } | FetchError::Status { status: 429, .. } => {
            Next::GiveUp
        }
        FetchError::Budget { .. } | FetchError::BadUrl { .. } => Next::GiveUp,
        // These concern the name, whatever the scheme.
        FetchError::Dns { .. } | FetchError::NotPublic { .. } => Next::OtherHost,
        _ => Next::OtherScheme,
    }
}

/// Which of two errors tells the user more about the site.
fn more_telling(first: FetchError, second: FetchError) -> FetchError {
    fn rank(error: &FetchError) -> u8 {
        match error.kind() {
            FetchErrorKind::NotPublic => 12,
            FetchErrorKind::Robots => 11,
            FetchErrorKind::Status(_) => 10,
            FetchErrorKind::TooLarge => 9,
            FetchErrorKind::NotAPage => 8,
            FetchErrorKind::Protocol => 7,
            FetchErrorKind::Budget => 6,
            FetchErrorKind::Tls => 5,
            FetchErrorKind::Timeout => 4,
            FetchErrorKind::Connect => 3,
            FetchErrorKind::BadUrl => 2,
            FetchErrorKind::Dns => 1,
        }
    }
    if rank(&second) > rank(&first) { second } else { first }
}

fn no_host(url: &Url) -> FetchError {
    FetchError::BadUrl { url: shown(url), reason: "it names no host" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, ()>) {
        let parsed = SiteAddress::parse(text);
        let shown = parsed.as_ref().map(|site| match site {
            SiteAddress::Domain(url) => format!("domain {url}"),
            SiteAddress::Url(url) => format!("url {url}"),
        });
        assert_eq!(shown.map_err(|_| ()), expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn addresses_as_people_write_them() {
        check("example.com", Ok("domain https://example.com/"));
        check("  Example.COM/About?x=1 ", Ok("domain https://example.com/About?x=1"));
        check("example.com:8080", Ok("domain https://example.com:8080/"));
        check("//example.com", Ok("domain https://example.com/"));
        check("bücher.example", Ok("domain https://xn--bcher-kva.example/"));
        check("127.1", Ok("domain https://127.0.0.1/"));
        check("http://example.com", Ok("url http://example.com/"));
        check("HTTPS://example.com/a", Ok("url https://example.com/a"));
        check("http:/example.com", Ok("url http://example.com/"));
        check("http:\\\\example.com\\a", Ok("url http://example.com/a"));
        check("ftp://example.com/", Ok("url ftp://example.com/"));
        for nothing in ["", "http://", "javascript:alert(1)", "data:text/html,x", "exa mple.com", "https://[::1"] {
            check(nothing, Err(()));
        }
    }

    #[test]
    fn an_address_prints_as_it_was_meant() {
        assert_eq!(SiteAddress::parse("Example.com").expect("a domain").to_string(), "example.com/");
        assert_eq!(SiteAddress::parse("http://a.b/c").expect("a URL").to_string(), "http://a.b/c");
    }

    #[test]
    fn www_is_added_to_names_without_it() {
        let tried = |text: &str| {
            let url = SiteAddress::parse(text).expect("an address").url().clone();
            let hosts = hosts_to_try(&url);
            hosts.iter().flat_map(schemes_to_try).map(String::from).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            tried("a.example"),
            "https://a.example/ http://a.example/ https://www.a.example/ http://www.a.example/"
        );
        assert_eq!(tried("www.a.example"), "https://www.a.example/ http://www.a.example/");
        assert_eq!(tried("192.0.2.1"), "https://192.0.2.1/ http://192.0.2.1/");
    }
}
