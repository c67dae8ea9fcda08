//! The pages are sound: links lead somewhere, JSON-LD parses, charsets hold.

use std::collections::BTreeSet;

use cmes_testkit::{SavedPage, Site, all_sites, saved_pages, site};
use scraper::{Html, Selector};
use url::Url;

fn select<'a>(document: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    document.select(&Selector::parse(selector).expect("a valid selector")).collect()
}

/// Every page with its site.
fn pages() -> Vec<(Site, SavedPage)> {
    let of = |site: Site| site.saved_pages().into_iter().map(move |page| (site.clone(), page));
    all_sites().into_iter().flat_map(of).collect()
}

fn answers(site: &Site, path: &str) -> bool {
    site.file(path).is_some() || site.redirect(path).is_some_and(|(to, _)| site.file(&to).is_some())
}

#[test]
fn there_are_enough_sites_and_pages() {
    assert!(all_sites().len() >= 14);
    assert!(saved_pages().len() >= 100);
    let hosts: BTreeSet<_> = saved_pages().into_iter().map(|page| page.site).collect();
    assert_eq!(hosts.len(), cmes_testkit::sites().len(), "each site has pages");
}

#[test]
fn every_internal_link_resolves() {
    let places = [("a[href]", "href"), ("img[src]", "src"), ("script[src]", "src"), ("link[rel=stylesheet]", "href")];
    for (site, page) in pages() {
        let document = Html::parse_document(&page.html);
        let base = Url::parse(&page.url).expect("saved pages have absolute URLs");
        for (selector, attribute) in places {
            for element in select(&document, selector) {
                let Ok(link) = base.join(element.attr(attribute).unwrap_or_default()) else { continue };
                let own = matches!(link.scheme(), "http" | "https") && link.host_str() == base.host_str();
                assert!(!own || answers(&site, link.path()), "{}: {link} does not exist", page.url);
            }
        }
    }
}

#[test]
fn sitemaps_and_redirects_lead_to_pages() {
    for site in all_sites() {
        for redirect in &site.config.redirects {
            assert!(answers(&site, &redirect.to), "{}: {}", site.name, redirect.to);
        }
        let Some(sitemap) = site.file("/sitemap.xml") else { continue };
        for entry in sitemap.text().split("<loc>").skip(1) {
            let address = entry.split('<').next().unwrap_or_default();
            let url = Url::parse(address).expect("an absolute URL");
            assert_eq!(url.host_str(), Some(site.host().as_str()), "{}: {address}", site.name);
            assert!(answers(&site, url.path()), "{}: {address} does not exist", site.name);
        }
    }
}

#[test]
fn json_ld_parses() {
    let mut count = 0;
    for page in saved_pages() {
        for script in select(&Html::parse_document(&page.html), "script[type='application/ld+json']") {
            let text: String = script.text().collect();
            serde_json::from_str::<serde_json::Value>(&text).unwrap_or_else(|error| panic!("{}: {error}", page.url));
            count += 1;
        }
    }
    assert!(count > 10, "sites with JSON-LD are among them");
}

#[test]
fn pages_survive_the_charset_of_their_site() {
    for (site, page) in pages() {
        let path = Url::parse(&page.url).expect("saved pages have absolute URLs").path().to_owned();
        let file = site.file(&path).expect("a saved page has a file");
        let label = site.config.charset.as_deref().unwrap_or("utf-8");
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a known charset");
        let sent = site.bytes(file, &site.origin());
        let (text, _, broken) = encoding.decode(&sent);
        let lost = page.html.lines().zip(text.lines()).find(|(one, other)| one != other);
        assert!(!broken && lost.is_none(), "{}: not the same in {label}: {lost:?}", page.url);
    }
}

#[test]
fn robots_rules_are_known_to_saved_pages() {
    let furulund = site("furulund-solteknik.example").expect("a demo site");
    assert!(furulund.forbidden("/internt/telefonlista/"));
    assert!(!furulund.forbidden("/kontakt/"));
}
