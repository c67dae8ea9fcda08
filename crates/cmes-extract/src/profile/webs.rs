//! The company's sites: main domain and path, and further domains of its own.

use cmes_types::{Method, WebLink};
use url::Url;

use super::{web_link, without_www};
use crate::content::{Content, Origin};
use crate::facts::{Finding, Site, names};
use crate::fold::key;

/// Most further domains; a group with one for each country has dozens.
const MOST: usize = 20;

/// The sites, the main one first, each once.
pub(super) fn find(site: &Site<'_>, content: &Content) -> Vec<Finding<WebLink>> {
    let Some(home) = site.pages.first() else { return from_content(content) };
    let Some(mut main) = web_link(&home.url) else { return Vec::new() };
    main.link = main_path(site, content, &home.url);
    let mut webs = vec![Finding {
        value: main,
        page: Some(0),
        method: Method::Link,
        snippet: home.url.to_string(),
        confidence: 0.95,
    }];
    let label = key(names::label(site.domain));
    for (at, page) in site.pages.iter().enumerate().take(20) {
        let heads = page.heads.iter().filter(|head| head.rel == "canonical" || !head.hreflang.is_empty());
        let stated = heads.map(|head| (head.href.clone(), 0.8, Method::Meta));
        let schema = page
            .items
            .iter()
            .filter(|item| item.is_organization())
            .flat_map(|item| item.texts("sameAs").chain(item.texts("url")));
        let same = schema.filter_map(|text| Url::parse(text).ok()).map(|url| (url, 0.75, Method::SchemaOrg));
        let links = page.links.iter().filter_map(|link| link.url.clone()).map(|url| (url, 0.5, Method::Link));
        for (url, confidence, method) in stated.chain(same).chain(links) {
            let Some(host) = further(&url, site.domain, &label) else { continue };
            if webs.len() > MOST || webs.iter().any(|known| known.value.host == host) {
                continue;
            }
            let page = u16::try_from(at).ok();
            let value = WebLink { host, link: "/".to_owned() };
            webs.push(Finding { value, page, method, snippet: url.to_string(), confidence });
        }
    }
    webs
}

/// The host of another domain under the same name: `nordwind.com` beside `nordwind.de`.
fn further(url: &Url, domain: &str, label: &str) -> Option<String> {
    let host = url.host_str()?.to_ascii_lowercase();
    let other = psl::domain_str(&host)?;
    let same = other != domain && label.len() >= 4 && key(names::label(other)) == label;
    // Networks carry the company's name before their own domain.
    (same && matches!(url.scheme(), "http" | "https")).then(|| without_www(other).to_owned())
}

/// The path under which a company has its site on a host that it shares with
/// others, where exactly that was asked for; else the root.
fn main_path(site: &Site<'_>, content: &Content, home: &Url) -> String {
    const SHARED: [&str; 5] = ["sites.google.com", "facebook.com", "notion.site", "carrd.co", "linktr.ee"];
    let host = without_www(home.host_str().unwrap_or_default());
    let is_shared = SHARED.contains(&host) || home.path().starts_with("/~");
    let given = content.candidates.iter().filter(|candidate| candidate.origin == Origin::Whole);
    let is_given =
        given.filter_map(|candidate| Url::parse(&candidate.address).ok()).any(|url| url.path() == home.path());
    let only_below = site.pages.iter().all(|page| page.url.path().starts_with(home.path()));
    if is_shared && is_given && only_below { home.path().to_owned() } else { "/".to_owned() }
}

/// Without a page that could be read, what the Content gives as the site.
fn from_content(content: &Content) -> Vec<Finding<WebLink>> {
    let best = content.candidates.first();
    best.map(|candidate| (host_of(&candidate.address), candidate))
        .filter(|(host, _)| !host.is_empty())
        .map(|(host, candidate)| Finding {
            value: WebLink { host, link: "/".to_owned() },
            page: None,
            method: Method::Content,
            snippet: candidate.snippet.clone(),
            confidence: 0.6,
        })
        .into_iter()
        .collect()
}

/// The host of an address that may be a bare one, without `www.`.
pub(super) fn host_of(address: &str) -> String {
    let parsed = Url::parse(address).ok().filter(|url| url.has_host());
    let url = parsed.or_else(|| Url::parse(&format!("http://{address}")).ok());
    url.as_ref().and_then(Url::host_str).map(|host| without_www(host).to_ascii_lowercase()).unwrap_or_default()
}
