//! What several providers found, in one order.
//!
//! Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): a site's worth is the
//! sum of 1/(60 + rank) over the providers that found it, so that what two of
//! them find goes before what one finds, and no scores have to be compared.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use cmes_types::Hit;
use url::{Host, Url};

use crate::words::folded;

/// The constant of the method: how little the first places differ.
const SMOOTHING: f64 = 60.0;

/// A provider that found something, and at which place of its list, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundBy {
    /// Its name.
    pub provider: &'static str,
    /// The best place of the site in its list.
    pub rank: usize,
}

/// One site, or one company of which only the name is known.
#[derive(Clone, Debug, PartialEq)]
pub struct MergedHit {
    /// The page of the site that was placed best.
    pub hit: Hit,
    /// Who found the site, in the order of the configuration.
    pub found_by: Vec<FoundBy>,
    /// Other pages of the same site, such as further lists of a directory.
    pub others: Vec<Hit>,
    /// The sum of reciprocal ranks.
    pub worth: f64,
}

/// Merges the lists of providers, best first. Sites are told apart by their
/// registrable domain, pages by their address.
pub(crate) fn merged(lists: &[(&'static str, Vec<Hit>)]) -> Vec<MergedHit> {
    let mut sites: Vec<Site> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (provider, hits) in lists {
        for (place, hit) in hits.iter().enumerate() {
            let key = site(hit);
            match places.entry(key) {
                Entry::Occupied(known) => {
                    if let Some(site) = sites.get_mut(*known.get()) {
                        site.add(provider, place + 1, hit);
                    }
                }
                Entry::Vacant(free) => {
                    free.insert(sites.len());
                    let mut site = Site::default();
                    site.add(provider, place + 1, hit);
                    sites.push(site);
                }
            }
        }
    }
    let mut merged: Vec<MergedHit> = sites.into_iter().filter_map(Site::merged).collect();
    // Stable: of equal ones the provider that is configured first decides.
    merged.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    merged
}

#[derive(Default)]
struct Site {
    /// Its pages with their best place, each once.
    pages: Vec<(usize, String, Hit)>,
    found_by: Vec<FoundBy>,
}

impl Site {
    fn add(&mut self, provider: &'static str, rank: usize, hit: &Hit) {
        // Lists are gone through from their top: the first place is the best one.
        if self.found_by.iter().all(|by| by.provider != provider) {
            self.found_by.push(FoundBy { provider, rank });
        }
        let key = page(hit);
        match self.pages.iter_mut().find(|(_, known, _)| *known == key) {
            Some((best, _, known)) => {
                *best = rank.min(*best);
                if known.snippet.is_empty() {
                    known.snippet.clone_from(&hit.snippet);
                }
            }
            None => self.pages.push((rank, key, hit.clone())),
        }
    }

    fn merged(mut self) -> Option<MergedHit> {
        self.pages.sort_by_key(|(rank, _, _)| *rank);
        let mut pages = self.pages.into_iter().map(|(_, _, hit)| hit);
        let hit = pages.next()?;
        // Ranks are far below what a float holds exactly.
        let worth = self.found_by.iter().map(|by| 1.0 / (SMOOTHING + by.rank as f64)).sum();
        Some(MergedHit { hit, found_by: self.found_by, others: pages.collect(), worth })
    }
}

/// What a hit is told apart by: its registrable domain, its address without a domain, or its name.
fn site(hit: &Hit) -> String {
    let Ok(url) = Url::parse(&hit.url) else {
        return format!("name:{}", folded(&hit.title).split_whitespace().collect::<Vec<_>>().join(" "));
    };
    match url.host() {
        Some(Host::Domain(host)) => {
            let host = host.trim_end_matches('.');
            psl::domain_str(host).unwrap_or(host).to_owned()
        }
        Some(other) => other.to_string(),
        None => url.to_string(),
    }
}

/// A page without what does not change it: scheme, `www.`, the last slash, the fragment, and marks of advertising.
fn page(hit: &Hit) -> String {
    let Ok(url) = Url::parse(&hit.url) else { return String::new() };
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let is_mark = |key: &str| key.starts_with("utm_") || ["gclid", "fbclid", "msclkid", "srsltid"].contains(&key);
    let query: Vec<String> =
        url.query_pairs().filter(|(key, _)| !is_mark(key)).map(|(key, value)| format!("{key}={value}")).collect();
    format!("{host}{}?{}", url.path().trim_end_matches('/'), query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(urls: &[&str]) -> Vec<Hit> {
        urls.iter().map(|url| Hit { url: (*url).to_owned(), ..Hit::default() }).collect()
    }

    fn order(merged: &[MergedHit]) -> Vec<&str> {
        merged.iter().map(|site| site.hit.url.as_str()).collect()
    }

    #[test]
    fn what_two_find_goes_before_what_one_finds() {
        let merged = merged(&[
            ("brave", list(&["https://a.example/", "https://b.example/", "https://c.example/"])),
            ("serper", list(&["https://d.example/", "https://www.c.example/"])),
        ]);
        let expected = ["https://c.example/", "https://a.example/", "https://d.example/", "https://b.example/"];
        // c: 1/63 + 1/62; its page is the same with and without www, placed best at 2.
        assert_eq!(order(&merged), expected);
        let by = [FoundBy { provider: "brave", rank: 3 }, FoundBy { provider: "serper", rank: 2 }];
        assert_eq!((merged[0].found_by.as_slice(), merged[0].others.len()), (by.as_slice(), 0));
        assert!((merged[0].worth - (1.0 / 63.0 + 1.0 / 62.0)).abs() < 1e-12);
    }

    #[test]
    fn a_site_counts_once_and_its_other_pages_are_kept() {
        let merged = merged(&[(
            "brave",
            list(&[
                "https://www.rohr.co.uk/pipes",
                "https://shop.rohr.co.uk/",
                "http://rohr.co.uk/pipes/?utm_source=x#top",
                "https://other.co.uk/",
            ]),
        )]);
        assert_eq!(order(&merged), ["https://www.rohr.co.uk/pipes", "https://other.co.uk/"]);
        let others: Vec<&str> = merged[0].others.iter().map(|hit| hit.url.as_str()).collect();
        assert_eq!(others, ["https://shop.rohr.co.uk/"]);
        assert_eq!(merged[0].found_by, [FoundBy { provider: "brave", rank: 1 }]);
    }

    #[test]
    fn sites_of_a_host_that_many_share_are_apart() {
        let merged = merged(&[("brave", list(&["https://a.github.io/", "https://b.github.io/", "http://192.0.2.1/"]))]);
        assert_eq!(merged.len(), 3);
    }

    #[test]
    fn companies_without_a_site_are_told_by_their_name() {
        let named = |title: &str| Hit { title: title.to_owned(), ..Hit::default() };
        let merged = merged(&[
            ("directory", vec![named("Röhren  GmbH"), named("Pumpen AG")]),
            ("wikidata", vec![named("rohren gmbh")]),
        ]);
        assert_eq!((merged.len(), merged[0].found_by.len()), (2, 2));
    }
}
