//! Which hosts can be a company's site.

use std::collections::HashMap;
use std::sync::LazyLock;

use url::{Host, Url};

use crate::facts::emails::{owners, scan};

/// A company's own site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSite {
    /// Its host, in lower case, as in DNS, without `www.`.
    pub host: String,
    /// The registrable domain of the host (public suffix list).
    pub domain: String,
}

/// The site of a company that is given by its address, with or without scheme; none when the text is no address of
/// the web, or one where companies are written about instead of being at home.
#[must_use]
pub fn own_site(written: &str) -> Option<OwnSite> {
    /// Longest address that is looked at, in bytes.
    const LONGEST: usize = 2_000;
    let written = written.trim().trim_matches(['<', '>', '"', '\'']);
    if written.len() > LONGEST || written.contains(char::is_whitespace) {
        return None;
    }
    let url = match written.split_once("://") {
        Some(("http" | "https", _)) => Url::parse(written),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => {
            Url::parse(&format!("https://{rest}"))
        }
        Some(_) => return None,
        None => Url::parse(&format!("https://{}", written.trim_start_matches('/'))),
    };
    let url = url.ok().filter(|url| url.username().is_empty())?;
    let Some(Host::Domain(host)) = url.host() else { return None };
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let domain = psl::domain_str(host)?;
    let exists = scan::domain_exists(host) && domain != "localhost";
    (exists && can_be_company(host)).then(|| OwnSite { host: host.to_owned(), domain: domain.to_owned() })
}

static OTHERS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("../../data/not_company_sites.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(kind, hosts)| hosts.split_whitespace().map(move |host| (host, kind)))
        .collect()
});

/// What a host (without `www.`) is known for, such as `social` or `maps`, if it
/// is not the site of the company that a text is about.
#[must_use]
pub fn known_for(host: &str) -> Option<&'static str> {
    kind(host)
}

fn kind(host: &str) -> Option<&'static str> {
    let mut rest = host;
    loop {
        if let Some(kind) = OTHERS.get(rest) {
            return Some(kind);
        }
        rest = rest.split_once('.')?.1;
    }
}

/// Whether a host is a social network's.
pub(super) fn is_social(host: &str) -> bool {
    kind(host.strip_prefix("www.").unwrap_or(host)) == Some("social")
}

/// Whether a host can be the site of the company that is written about.
pub(super) fn can_be_company(host: &str) -> bool {
    let bare = host.strip_prefix("www.").unwrap_or(host);
    !host.is_empty() && kind(bare).is_none() && !owners::is_provider(bare) && !is_machine(bare)
}

/// Hosts of tracking and sending, by their first label.
fn is_machine(host: &str) -> bool {
    let mut labels = host.split('.');
    let first = labels.next().unwrap_or_default();
    let below = labels.count() >= 2;
    below && (host.starts_with("mx") || MACHINES.contains(&first))
}

const MACHINES: &[&str] = &[
    "click",
    "clicks",
    "track",
    "tracking",
    "trk",
    "links",
    "link",
    "email",
    "unsubscribe",
    "newsletter",
    "mailing",
    "go",
    "t",
    "e",
    "url",
    "open",
    "pixel",
    "img",
    "cdn",
    "static",
    "assets",
];

/// The host of an address typed without scheme, in lower case, when its last
/// part exists; the rest of the text is its path.
pub(super) fn bare_host(text: &str) -> Option<String> {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = host.rsplit_once(':').map_or((host, ""), |(host, port)| (host, port));
    if !port.chars().all(|c| c.is_ascii_digit()) || host.contains(['@', ' ', ',', ':']) || !host.contains('.') {
        return None;
    }
    let host = host.trim_end_matches('.').to_lowercase();
    let fits = host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
    (fits && scan::domain_exists(&host)).then_some(host)
}

/// Endings that are file names more often than sites when nothing else speaks
/// for a site.
pub(super) fn looks_like_file(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    matches!(
        last,
        "md" | "py"
            | "sh"
            | "rs"
            | "zip"
            | "mov"
            | "so"
            | "cab"
            | "ps"
            | "pub"
            | "java"
            | "cc"
            | "ms"
            | "bat"
            | "app"
            | "bz"
            | "gz"
            | "cs"
            | "vb"
            | "ai"
            | "pl"
            | "vi"
            | "by"
            | "in"
            | "at"
            | "is"
            | "it"
            | "no"
            | "to"
            | "me"
            | "so."
    ) && host.matches('.').count() == 1
        && is_wordlike(host, last)
}

/// `file.md`, `e.g.it`: the first part is very short, or the ending is a
/// usual one of files.
fn is_wordlike(host: &str, last: &str) -> bool {
    let first = host.split('.').next().unwrap_or_default();
    matches!(last, "md" | "py" | "sh" | "rs" | "zip" | "mov" | "cab" | "ps" | "java" | "bat" | "gz" | "vb")
        || first.chars().count() <= 2
}
