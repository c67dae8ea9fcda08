//! What can go wrong when a page is read, in sentences that a user can act on.
//!
//! The sentences name the host that the user gave and never the address it
//! leads to: that would tell a stranger what the inside of a network looks like.

use std::time::Duration;

/// Why a page could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The address policy forbids the address.
    #[error(
        "{host} leads to {rule}, and only public addresses are read; the operator can allow it with fetch.allow_networks"
    )]
    NotPublic {
        /// The host as the link names it.
        host: String,
        /// What kind of address it is.
        rule: &'static str,
    },
    /// The site's robots.txt forbids the page.
    #[error("{url} may not be read: {reason}")]
    Robots {
        /// The page.
        url: String,
        /// What its robots.txt says, or why it could not be asked.
        reason: RobotsReason,
    },
    /// The server answered, but not with a page.
    #[error("{url} answered {status}: {}", status_advice(*status))]
    Status {
        /// The page that gave this answer (after redirects).
        url: String,
        /// The status code.
        status: u16,
        /// The pause that the server asks for.
        retry_after: Option<Duration>,
    },
    /// The server took longer than a page may take.
    #[error("{host} took longer than {} to answer; try again later", seconds(*limit))]
    Timeout {
        /// The host that was slow.
        host: String,
        /// The limit.
        limit: Duration,
    },
    /// More bytes than a page may have, in a format that cannot be cut.
    #[error("{url} is larger than {limit} bytes; the operator can raise fetch.max_page_bytes")]
    TooLarge {
        /// The document.
        url: String,
        /// The limit.
        limit: u64,
    },
    /// The name has no address.
    #[error("{host} has no address; check the spelling of the domain")]
    Dns {
        /// The host.
        host: String,
        /// Whether asking again may help (the name server was not reached).
        temporary: bool,
    },
    /// Nothing answers at that address.
    #[error("{host} does not answer; check the address, or try again later")]
    Connect {
        /// The host.
        host: String,
    },
    /// The secure connection failed.
    #[error("{host} offers no secure connection that can be trusted: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The server broke the rules of HTTP.
    #[error("{host} sent an answer that cannot be understood: {reason}")]
    Protocol {
        /// The host.
        host: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The whole enrichment has used up what it may use.
    #[error("reading stopped: the limit of {limit} for one enrichment was reached")]
    Budget {
        /// Which one.
        limit: BudgetLimit,
    },
    /// The document is no page that could be the start of a site.
    #[error("{url} is not a web page but {found}; give the address of the site itself")]
    NotAPage {
        /// The document.
        url: String,
        /// What it is.
        found: &'static str,
    },
    /// The link itself cannot be used.
    #[error("{url} cannot be read: {reason}")]
    BadUrl {
        /// The link, without query and credentials.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// Why robots.txt stands against a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RobotsReason {
    /// A rule in it forbids the page.
    Disallowed,
    /// The server failed to deliver it, which RFC 9309 (§2.3.1.4) reads as "no".
    Unavailable(u16),
}

impl std::fmt::Display for RobotsReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RobotsReason::Disallowed => f.write_str("the site's robots.txt asks programs not to read it"),
            RobotsReason::Unavailable(status) => {
                write!(f, "the site failed to deliver its robots.txt (status {status}); try again later")
            }
        }
    }
}

/// The parts of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetLimit {
    /// Time.
    Time,
    /// Number of requests.
    Requests,
    /// Bytes read.
    Bytes,
}

impl std::fmt::Display for BudgetLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            BudgetLimit::Time => "time",
            BudgetLimit::Requests => "requests",
            BudgetLimit::Bytes => "bytes read",
        })
    }
}

/// The classes of errors, for decisions and statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchErrorKind {
    /// The address policy forbids it.
    NotPublic,
    /// robots.txt forbids it.
    Robots,
    /// The server answered with this status.
    Status(u16),
    /// Too slow.
    Timeout,
    /// Too large.
    TooLarge,
    /// No such name.
    Dns,
    /// No connection.
    Connect,
    /// No secure connection.
    Tls,
    /// Not HTTP, or too many redirects.
    Protocol,
    /// The budget is used up.
    Budget,
    /// Not a page.
    NotAPage,
    /// Not a usable link.
    BadUrl,
}

impl FetchError {
    /// The class of this error.
    pub fn kind(&self) -> FetchErrorKind {
        match self {
            FetchError::NotPublic { .. } => FetchErrorKind::NotPublic,
            FetchError::Robots { .. } => FetchErrorKind::Robots,
            FetchError::Status { status, .. } => FetchErrorKind::Status(*status),
            FetchError::Timeout { .. } => FetchErrorKind::Timeout,
            FetchError::TooLarge { .. } => FetchErrorKind::TooLarge,
            FetchError::Dns { .. } => FetchErrorKind::Dns,
            FetchError::Connect { .. } => FetchErrorKind::Connect,
            FetchError::Tls { .. } => FetchErrorKind::Tls,
            FetchError::Protocol { .. } => FetchErrorKind::Protocol,
            FetchError::Budget { .. } => FetchErrorKind::Budget,
            FetchError::NotAPage { .. } => FetchErrorKind::NotAPage,
            FetchError::BadUrl { .. } => FetchErrorKind::BadUrl,
        }
    }

    /// Can the same read succeed a little later without anybody changing anything?
    pub fn is_temporary(&self) -> bool {
        match self {
            FetchError::Timeout { .. } | FetchError::Connect { .. } | FetchError::Budget { .. } => true,
            FetchError::Dns { temporary, .. } => *temporary,
            FetchError::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            FetchError::Robots { reason, .. } => matches!(reason, RobotsReason::Unavailable(_)),
            _ => false,
        }
    }
}

/// Why a [`crate::Fetcher`] could not be built: the configuration is at fault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// `fetch.proxy` is not a URL of a proxy.
    #[error("fetch.proxy is not the address of a proxy; it looks like http://proxy.example:3128")]
    Proxy,
    /// `fetch.user_agent` cannot be sent.
    #[error("fetch.user_agent contains characters that cannot be sent in a header")]
    UserAgent,
    /// The cache folder cannot be written.
    #[error("the cache folder {folder} cannot be used: {source}; make it writable for cmes")]
    CacheFolder {
        /// The folder.
        folder: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn status_advice(status: u16) -> &'static str {
    match status {
        401 | 402 | 403 | 407 | 451 => "the site does not show this page to programs; it may still open in a browser",
        404 | 410 => "there is no such page; check the address",
        429 => "the site asks for a pause; try again later",
        500..=599 => "the site has a fault of its own; try again later",
        300..=399 => "it points elsewhere without saying where",
        _ => "the site refused the request",
    }
}

fn seconds(limit: Duration) -> String {
    if limit.as_millis().is_multiple_of(1000) {
        format!("{} s", limit.as_secs())
    } else {
        format!("{} ms", limit.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: &FetchError, sentence: &str, temporary: bool) {
        assert_eq!(error.to_string(), sentence);
        assert_eq!(error.is_temporary(), temporary, "{sentence}");
    }

    #[test]
    fn errors_are_sentences() {
        let host = || "example.com".to_owned();
        let url = || "https://example.com/a".to_owned();
        check(
            &FetchError::NotPublic { host: host(), rule: "a private address" },
            "example.com leads to a private address, and only public addresses are read; the operator can allow it with fetch.allow_networks",
            false,
        );
        check(
            &FetchError::Robots { url: url(), reason: RobotsReason::Disallowed },
            "https://example.com/a may not be read: the site's robots.txt asks programs not to read it",
            false,
        );
        check(
            &FetchError::Robots { url: url(), reason: RobotsReason::Unavailable(503) },
            "https://example.com/a may not be read: the site failed to deliver its robots.txt (status 503); try again later",
            true,
        );
        check(
            &FetchError::Status { url: url(), status: 404, retry_after: None },
            "https://example.com/a answered 404: there is no such page; check the address",
            false,
        );
        check(
            &FetchError::Status { url: url(), status: 503, retry_after: None },
            "https://example.com/a answered 503: the site has a fault of its own; try again later",
            true,
        );
        check(
            &FetchError::Timeout { host: host(), limit: Duration::from_secs(10) },
            "example.com took longer than 10 s to answer; try again later",
            true,
        );
        check(
            &FetchError::Dns { host: host(), temporary: false },
            "example.com has no address; check the spelling of the domain",
            false,
        );
        check(
            &FetchError::Budget { limit: BudgetLimit::Requests },
            "reading stopped: the limit of requests for one enrichment was reached",
            true,
        );
    }
}
