//! The ranking: BM25 over title, text and host, the page's language and country preferred.

use std::collections::{BTreeMap, HashMap};

use super::super::{World, WorldPage};
use super::words::{Lexicon, Terms, Words};

/// How often a term stands in a page, and how long pages are.
pub(super) struct Index {
    words: Words,
    pages: Vec<WorldPage>,
    postings: HashMap<String, Vec<(usize, f64)>>,
    lengths: Vec<f64>,
    mean: f64,
}

/// A page that was found.
pub(super) struct Found<'a> {
    pub page: &'a WorldPage,
    pub title: String,
    pub snippet: String,
}

/// A word of the title counts as so many of the text.
const TITLE: f64 = 4.0;
/// The same for the words of the host.
const HOST: f64 = 3.0;
/// An idea that is only behind the words counts less than a word.
const IDEA: f64 = 0.8;
/// Pages of one host among the results, as engines group them.
const OF_ONE_HOST: usize = 2;
const SNIPPET: usize = 160;

impl Index {
    #[expect(clippy::cast_precision_loss, reason = "thousands of pages")]
    pub fn new(world: &World) -> Self {
        let words = Words::new(&world.data, &Lexicon::read());
        let mut index =
            Self { words, pages: world.pages.clone(), postings: HashMap::new(), lengths: Vec::new(), mean: 1.0 };
        for number in 0..index.pages.len() {
            index.add(number);
        }
        index.mean = index.lengths.iter().sum::<f64>() / index.lengths.len().max(1) as f64;
        index
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred words")]
    fn add(&mut self, number: usize) {
        let Some(page) = self.pages.get(number) else { return };
        let host = host(&page.url);
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        let mut count = |terms: Terms, weight: f64| {
            terms.into_iter().for_each(|term| *counts.entry(term).or_default() += weight);
        };
        let text = self.words.terms(&page.text, true);
        self.lengths.push(text.len() as f64);
        count(text, 1.0);
        count(self.words.terms(&page.title, true), TITLE);
        count(self.words.terms(&host.replace(['.', '-'], " "), true), HOST);
        // An engine knows where a site belongs by its top-level domain.
        if !host.ends_with(".com") && !host.ends_with(".example") {
            count(page.country.iter().map(|country| format!("@{country}")).collect(), HOST);
        }
        for (term, count) in counts {
            self.postings.entry(term).or_default().push((number, count));
        }
    }

    /// Pages with anything of the question, best first: so many, after those that are skipped.
    pub fn search(&self, query: &str, language: &str, skipped: usize, count: usize) -> Vec<Found<'_>> {
        let mut terms = self.words.terms(query, false);
        terms.sort();
        terms.dedup();
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        for term in &terms {
            let Some(postings) = self.postings.get(term) else { continue };
            let weight = self.rarity(postings.len()) * if term.starts_with('@') { IDEA } else { 1.0 };
            for (page, count) in postings {
                let length = self.lengths.get(*page).map_or(1.0, |length| length / self.mean);
                *scores.entry(*page).or_default() += weight * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length));
            }
        }
        let mut ranked: Vec<(usize, f64)> =
            scores.into_iter().map(|(page, score)| (page, score * self.preference(page, language))).collect();
        ranked.sort_by(|(page, score), (other_page, other)| other.total_cmp(score).then(page.cmp(other_page)));
        let mut of_host: HashMap<&str, usize> = HashMap::new();
        let pages = ranked.into_iter().filter_map(|(number, _)| self.pages.get(number));
        let mut kept = Vec::new();
        for page in pages {
            let seen = of_host.entry(host(&page.url)).or_default();
            *seen += 1;
            if *seen <= OF_ONE_HOST && kept.len() < super::PAGES * super::PER_PAGE {
                kept.push(page);
            }
        }
        kept.into_iter().skip(skipped).take(count).map(|page| found(page, query)).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "thousands of pages")]
    fn rarity(&self, holding: usize) -> f64 {
        let (all, holding) = (self.pages.len() as f64, holding as f64);
        (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln()
    }

    /// Home pages and pages in the wanted language come before others.
    fn preference(&self, page: usize, language: &str) -> f64 {
        let Some(page) = self.pages.get(page) else { return 0.0 };
        let wanted = language.split('-').next().unwrap_or_default();
        let of_language = if page.language == wanted { 1.3 } else { 1.0 };
        let is_home = page.url.matches('/').count() == 3 && page.url.ends_with('/');
        of_language * if is_home { 1.2 } else { 1.0 }
    }
}

fn host(url: &str) -> &str {
    url.split('/').nth(2).unwrap_or_default()
}

fn found<'a>(page: &'a WorldPage, query: &str) -> Found<'a> {
    let title = match page.title.chars().count() {
        0 => host(&page.url).to_owned(),
        1..=70 => page.title.clone(),
        _ => format!("{} ...", page.title.chars().take(66).collect::<String>()),
    };
    // The snippet begins a little before the first word of the question.
    let lower = page.text.to_lowercase();
    let wanted = query.split_whitespace().map(str::to_lowercase).filter(|word| word.chars().count() > 3);
    let at = wanted.filter_map(|word| lower.find(&word)).min().unwrap_or_default();
    let at = lower.get(..at).map_or(0, |before| before.chars().count()).saturating_sub(40);
    let snippet: String = page.text.chars().skip(at).take(SNIPPET).collect();
    let snippet = match snippet.is_empty() {
        true => String::new(),
        false => format!("{snippet} ..."),
    };
    Found { page, title, snippet }
}
