//! What hosts are known for.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_extract::content;
use cmes_extract::profile::domain_of;
use url::Url;

use super::Kind;

static HOSTS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("../../data/hosts.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(kind, hosts)| hosts.split_whitespace().map(move |host| (host, kind)))
        .collect()
});

/// What the host of an address is known for, such as `directory`, `news` or
/// `social`; nothing of companies' own sites.
#[must_use]
pub fn known(url: &Url) -> Option<&'static str> {
    let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    let bare = host.strip_prefix("www.").unwrap_or(&host);
    let mut rest = bare;
    loop {
        if let Some(kind) = HOSTS.get(rest) {
            return Some(kind);
        }
        match rest.split_once('.') {
            Some((_, next)) if !next.is_empty() => rest = next,
            _ => break,
        }
    }
    let domain = domain_of(url);
    let label = domain.split('.').next().unwrap_or_default();
    if let Some(kind) = HOSTS.get(format!("{label}.*").as_str()) {
        return Some(kind);
    }
    if is_government(bare) {
        return Some("government");
    }
    content::known_for(bare).filter(|kind| match *kind {
        "social" | "short" | "maps" => true,
        // Makers of such services have a site too; what is below is their customers'.
        "meeting" | "files" | "tracking" => url.path().trim_matches('/').contains('/'),
        _ => false,
    })
}

/// What stands at a known host.
pub(super) fn kind(url: &Url) -> Option<Kind> {
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Some(Kind::Useless("no-page"));
    }
    Some(match known(url)? {
        "directory" | "marketplace" | "reviews" => Kind::Listing,
        "social" => Kind::Useless("social-network"),
        "short" => Kind::Useless("short-link"),
        kind => Kind::Useless(kind),
    })
}

/// Names of states: `example.gov`, `example.gov.uk`, `example.gob.mx`.
fn is_government(host: &str) -> bool {
    let mut labels = host.rsplit('.');
    let last = labels.next().unwrap_or_default();
    let before = labels.next().unwrap_or_default();
    let is_state = |label: &str| matches!(label, "gov" | "mil" | "govt" | "gob" | "gouv" | "gub" | "go");
    matches!(last, "gov" | "mil")
        || last.len() == 2 && is_state(before) && labels.next().is_some() && before != "go"
        || matches!((before, last), ("go", "jp" | "kr" | "th" | "id" | "ke" | "tz" | "ug" | "cr"))
}
