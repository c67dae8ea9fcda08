//! Words for what the company does: those that its titles, headings and text
//! use most, and that its `keywords` name.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use cmes_types::Method;

use crate::facts::address::{PageKind, page_kind};
use crate::facts::{Finding, Site, names};
use crate::fold::{fold, is_unspaced, key};
use crate::page::{Line, Page, Region, prefix};

/// Most words.
const MOST: usize = 15;
/// Words that are used less often tell nothing.
const LEAST: u32 = 4;
/// Text of one page that is counted, in lines.
const LINES: usize = 2_000;

/// What is known of one word.
#[derive(Default)]
struct Count {
    weight: u32,
    /// Pages with it.
    pages: u32,
    last: Option<u16>,
    /// As it was written first, and where.
    written: String,
    first: u16,
    snippet: String,
}

/// The words, most telling first; `others` are folded words that tell nothing
/// (names of people and places).
#[must_use]
pub fn find(site: &Site<'_>, others: &HashSet<String>) -> Vec<Finding<String>> {
    let mut found = named(site);
    let own: Vec<String> = found.iter().map(|finding| key(&finding.value)).collect();
    let counted = counted(site, others).into_iter().filter(|finding| {
        let key = key(&finding.value);
        own.iter().all(|own| !own.contains(&key))
    });
    found.extend(counted);
    found.truncate(MOST);
    found
}

/// The `keywords` of the home page that its text bears out.
fn named(site: &Site<'_>) -> Vec<Finding<String>> {
    let Some(home) = site.pages.first() else { return Vec::new() };
    let keywords = prefix(home.meta("keywords").unwrap_or_default(), 2_000);
    let text: String = site
        .pages
        .iter()
        .flat_map(|page| page.lines.iter().take(LINES))
        .map(|line| fold(prefix(&line.text, 2_000)) + "\n")
        .take(8_000)
        .collect();
    let mut words: Vec<&str> = keywords.split([',', ';', '、', '，']).map(str::trim).collect();
    words.retain(|word| (2..=40).contains(&word.chars().count()) && text.contains(&fold(word)));
    let mut seen = HashSet::new();
    words.retain(|word| seen.insert(fold(word)));
    let said = |word: &str| Finding {
        value: word.to_owned(),
        page: Some(0),
        method: Method::Meta,
        snippet: prefix(keywords, 200).to_owned(),
        confidence: 0.7,
    };
    words.into_iter().take(MOST).map(said).collect()
}

fn counted(site: &Site<'_>, others: &HashSet<String>) -> Vec<Finding<String>> {
    let language = site.language.map(|language| language.to_string()).unwrap_or_default();
    let stops = stop_words::lookup(language.as_str()).unwrap_or_default();
    let english = stop_words::lookup("en").unwrap_or_default();
    // Without a list for the language every text is full of small words.
    if stops.is_empty() {
        return Vec::new();
    }
    let stops: HashSet<String> = stops.iter().chain(english).map(|word| fold(word)).collect();
    let brand = key(names::label(site.domain));
    let mut counts: HashMap<String, Count> = HashMap::new();
    for (index, page) in (0_u16..).zip(site.pages) {
        if matches!(page_kind(page), PageKind::Legal | PageKind::Imprint) {
            continue;
        }
        for (text, weight) in texts(page) {
            for word in words(text) {
                let folded = fold(word);
                if stops.contains(&folded)
                    || others.contains(&folded)
                    || CHAFF_WORDS.contains(folded.as_str())
                    || brand.contains(&key(word))
                {
                    continue;
                }
                let count = counts.entry(folded).or_default();
                if count.written.is_empty() {
                    count.written = word.to_owned();
                    count.first = index;
                    count.snippet = crate::facts::snippet(text, word);
                }
                count.weight += weight;
                if count.last != Some(index) {
                    count.last = Some(index);
                    count.pages += 1;
                }
            }
        }
    }
    let mut ranked: Vec<(String, Count)> = counts.into_iter().filter(|(_, count)| count.weight >= LEAST).collect();
    ranked.sort_by(|(a_word, a), (b_word, b)| (b.weight, b.pages, a_word).cmp(&(a.weight, a.pages, b_word)));
    // Of several forms of a word the most used one stays.
    let mut kept: Vec<(String, Count)> = Vec::new();
    for (word, count) in ranked.into_iter().take(MOST * 4) {
        let stem = |word: &str| word.chars().take(word.chars().count().saturating_sub(2).max(4)).collect::<String>();
        if !kept.iter().any(|(known, _)| known.starts_with(&stem(&word)) || word.starts_with(&stem(known))) {
            kept.push((word, count));
        }
    }
    let said = |(_, count): (String, Count)| Finding {
        value: count.written,
        page: Some(count.first),
        method: Method::Text,
        snippet: count.snippet,
        confidence: 0.5,
    };
    kept.into_iter().take(MOST).map(said).collect()
}

/// The texts of a page with their weights.
fn texts(page: &Page) -> impl Iterator<Item = (&str, u32)> {
    let head = [(page.title.as_str(), 2), (page.meta("description").unwrap_or_default(), 2)];
    let own = |region: Region| !matches!(region, Region::Nav | Region::Overlay | Region::Footer | Region::Aside);
    // What is but a link leads to other pages, wherever it stands.
    let links: HashSet<&str> = page.links.iter().map(|link| link.text.trim()).collect();
    let is_text = move |line: &&Line| !line.hidden && own(line.region) && !links.contains(line.text.as_str());
    let lines = page.lines.iter().take(LINES).filter(is_text);
    let lines = lines.map(|line| (prefix(&line.text, 2_000), if line.heading > 0 { 3 } else { 1 }));
    head.into_iter().chain(lines)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'')))
        .map(|word| word.trim_matches(['-', '\'']));
    words.filter(|word| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        letters >= 4 && word.chars().count() <= 40 && letters * 2 > word.chars().count() && !word.contains(is_unspaced)
    })
}

/// Words, folded, of sites rather than of what they are about.
const CHAFF: &str = "home kontakt contact contacts about team news blog cookie cookies email e-mail mail telefon phone \
    telefax menu page seite website webseite read more mehr click impressum datenschutz privacy policy \
    gmbh company unternehmen firma empresa entreprise azienda year years jahre jahren people welcome \
    willkommen bienvenue servicio info online copyright rights reserved monday friday montag freitag uhr \
    street strasse http https lesen weitere suite lire leer saber anfrage angebot kunden customers \
    clients clientes www telefono tel telephone address adresse direccion indirizzo подробнее главная \
    контакты компания компании телефон polityka prywatnosci aktualnosci besucher regon bonjour \
    protection confidentialite legales offene retour versand gratis verzending";

static CHAFF_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| CHAFF.split(' ').collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_tell_what_is_done() {
        let url = url::Url::parse("https://nordwind.de/").expect("a URL");
        let html = "<title>Nordwind – Pumpen für Schiffe</title><meta name=keywords content='Lenzpumpen, Roboter'>\
            <h1>Pumpen und Lenzpumpen</h1><p>Wir bauen Pumpen für Schiffe. Unsere Pumpen sind für Schiffe und Häfen.";
        let page = [crate::page::read(&crate::page::RawPage { url: &url, headers: &[], html })];
        let site = Site { pages: &page, domain: "nordwind.de", language: "de".parse().ok(), country: None };
        let found: Vec<_> = find(&site, &HashSet::new()).into_iter().map(|found| found.value).collect();
        assert_eq!(found, ["Lenzpumpen", "Schiffe"], "`Roboter` is nowhere, `Pumpen` within `Lenzpumpen`");
    }
}
