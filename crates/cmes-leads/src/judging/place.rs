//! Whether a company is where a query asks for.

use cmes_extract::facts::{Site, country};
use cmes_extract::fold::fold;
use cmes_extract::page::Page;
use cmes_extract::places::Country;
use cmes_extract::profile::domain_of;
use cmes_types::{Address, Standing};

use super::lexicon::padded;
use super::{Company, Judged};
use crate::query::Place;

/// How sure a country has to be that stands in no address.
const SURE: f32 = 0.7;
/// What a place is worth that is not known.
const UNKNOWN: f32 = 0.35;
/// What a branch is worth where the head office is elsewhere.
const BRANCH: f32 = 0.6;

/// Holds the places of a query, of which one will do, against a company.
pub(super) fn judge(places: &[Place], company: &Company<'_>) -> Vec<Judged> {
    if places.is_empty() {
        return Vec::new();
    }
    let evidence = Evidence::of(company);
    places.iter().map(|place| one(place, company, &evidence)).collect()
}

/// Where a company is, as far as it shows.
struct Evidence<'a> {
    /// The country, with how sure it is and the page and words that show it.
    country: Option<(Country, f32, String, String)>,
    address: Option<&'a Address>,
}

impl<'a> Evidence<'a> {
    fn of(company: &Company<'a>) -> Self {
        let address = company.data.map(|data| &data.address).filter(|address| !address.is_empty());
        let known = address.and_then(|address| country_of(&address.country));
        if let (Some(own), Some(address)) = (known, address) {
            let (words, url) = shown(address, company.pages);
            return Self { country: Some((own, 1.0, words, url)), address: Some(address) };
        }
        let domain = company.pages.first().map(|page| domain_of(&page.url)).unwrap_or_default();
        let site = Site { pages: company.pages, domain: &domain, language: None, country: None };
        let found = country::find(&site).map(|found| {
            let page = found.page.and_then(|page| company.pages.get(usize::from(page))).or(company.pages.first());
            (found.value, found.confidence, found.snippet, page.map(|page| page.url.to_string()).unwrap_or_default())
        });
        Self { country: found, address }
    }
}

fn one(place: &Place, company: &Company<'_>, evidence: &Evidence<'_>) -> Judged {
    let judged = |standing, worth, sentence: &str, url: &str| Judged {
        words: place.words.clone(),
        standing,
        sentence: sentence.to_owned(),
        url: url.to_owned(),
        worth,
        is_doubtful: false,
    };
    // Nothing, or nothing sure, speaks for the place.
    let doubtful =
        |worth, sentence: &str, url: &str| Judged { is_doubtful: true, ..judged(Standing::Open, worth, sentence, url) };
    let exactness = match (&place.city, &place.region) {
        (Some(_), _) => 1.0,
        (None, Some(_)) => 0.95,
        (None, None) => 0.9,
    };
    let empty = Address::default();
    let address = evidence.address.unwrap_or(&empty);
    let known = evidence.country.as_ref();
    let (words, url) = known.map(|(_, _, words, url)| (words.as_str(), url.as_str())).unwrap_or_default();
    let is_sure = known.is_some_and(|(_, confidence, ..)| *confidence >= SURE);
    let own = known.map(|(country, ..)| *country);
    match place.holds(own, &address.state, &address.city) {
        Some(true) if is_sure => judged(Standing::Meets, exactness, words, url),
        Some(true) => judged(Standing::Open, UNKNOWN + 0.2, words, url),
        Some(false) => {
            let locations =
                company.data.and_then(|data| data.extended.as_ref()).into_iter().flat_map(|more| &more.locations);
            let branch = locations.filter(|location| {
                let own = country_of(&location.address.country).or(own.filter(|_| location.address.country.is_empty()));
                place.holds(own, &location.address.state, &location.address.city) == Some(true)
            });
            if let Some(branch) = branch.into_iter().next() {
                let (words, url) = shown(&branch.address, company.pages);
                return judged(Standing::Meets, BRANCH * exactness, &words, &url);
            }
            if !is_sure {
                return doubtful(UNKNOWN * 0.5, words, url);
            }
            judged(Standing::Misses, 0.0, words, url)
        }
        None => {
            // The region or city may be named where the address is not read as one.
            let name = place.city.as_deref().or(place.region.as_deref());
            let said = name.and_then(|name| named_in(name, company.pages));
            match said {
                Some((line, url)) if own.is_none() || own == place.country => {
                    judged(Standing::Meets, exactness * 0.7, &line, &url)
                }
                _ => doubtful(UNKNOWN, words, url),
            }
        }
    }
}

fn country_of(name: &str) -> Option<Country> {
    Country::from_name(name).or_else(|| Country::from_code(name))
}

/// The line of the pages that shows an address, or its parts.
fn shown(address: &Address, pages: &[Page]) -> (String, String) {
    let city = fold(&address.city);
    let street = fold(&address.street1);
    let mut best: Option<(u8, usize, &str, &Page)> = None;
    if !city.is_empty() {
        for page in pages {
            for line in page.lines.iter().filter(|line| !line.hidden && line.text.len() <= 240) {
                let text = fold(&line.text);
                if !text.contains(&city) {
                    continue;
                }
                let zip = !address.zip.is_empty() && text.contains(&fold(&address.zip));
                let worth = u8::from(zip) * 2 + u8::from(!street.is_empty() && text.contains(&street));
                if best.is_none_or(|(known, length, ..)| {
                    (worth, usize::MAX - line.text.len()) > (known, usize::MAX - length)
                }) {
                    best = Some((worth, line.text.len(), &line.text, page));
                }
            }
        }
    }
    if let Some((_, _, line, page)) = best {
        return (line.to_owned(), page.url.to_string());
    }
    let parts = [&address.street1, &address.zip, &address.city, &address.state, &address.country];
    let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    (parts.join(", "), pages.first().map(|page| page.url.to_string()).unwrap_or_default())
}

/// A short line with a number that names a place: an address rather than a market.
fn named_in(name: &str, pages: &[Page]) -> Option<(String, String)> {
    let name = padded(name.trim());
    let name = name.trim();
    if name.chars().count() < 3 {
        return None;
    }
    pages.iter().find_map(|page| {
        let mut lines = page.lines.iter().filter(|line| !line.hidden && line.text.len() <= 160);
        let line = lines.find(|line| {
            let text = padded(&line.text);
            line.text.chars().any(|c| c.is_ascii_digit())
                && text.match_indices(name).any(|(at, _)| is_word(&text, at, name.len()))
        })?;
        Some((line.text.clone(), page.url.to_string()))
    })
}

fn is_word(text: &str, at: usize, length: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at + length..).and_then(|text| text.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}
