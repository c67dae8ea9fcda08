//! What the company does, in the words of its own site.
//!
//! Nothing is written here: sentences are picked from descriptions and
//! paragraphs by what they say, and stand in the answer as they stand there.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_types::Method;

use crate::facts::{Finding, Site, names};
use crate::fold::{fold, is_unspaced, key};
use crate::grounding::is_instruction;
use crate::page::{Line, Page, Region, prefix};
use crate::sentences;
use crate::structured;
use crate::trades::Occupation;
use crate::words;

/// Longest answer, in characters.
const LONGEST: usize = 600;
/// Most sentences of an answer, and most looked at.
const MOST: usize = 4;
const CANDIDATES: usize = 400;
/// What the first paragraph of the first page is worth more than others.
const LEAD: f32 = 0.2;
/// Most sentences looked at for a writer.
const TELLING: usize = 60;

/// Parts of words, folded, that say what a company makes or does, in the
/// languages of most sites.
static ACTIVITY: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("business/activity.txt")));

/// Parts of words, folded, of sentences that say nothing about the business.
static CHAFF: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("business/chaff.txt")));

static ACTIVITY_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&ACTIVITY));
static CHAFF_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&CHAFF));

/// A sentence with where it stands.
struct Candidate {
    text: String,
    page: usize,
    method: Method,
    score: f32,
    order: usize,
}

/// What a sentence is worth more that names what the company does.
const TOPIC: f32 = 0.3;

/// Two to four of the site's best sentences.
#[must_use]
pub fn find(site: &Site<'_>) -> Option<Finding<String>> {
    found(&choose(gather(site)))
}

/// The same with a look at what the company does: sentences that name it come first.
#[must_use]
pub fn find_about(site: &Site<'_>, occupation: &Occupation) -> Option<Finding<String>> {
    let mut candidates = gather(site);
    for candidate in &mut candidates {
        if occupation.is_named_in(&candidate.text, site) {
            candidate.score += TOPIC;
        }
    }
    found(&choose(candidates))
}

fn found(chosen: &[Candidate]) -> Option<Finding<String>> {
    let best = chosen.iter().max_by(|a, b| a.score.total_cmp(&b.score))?;
    let (page, method, score) = (best.page, best.method, best.score);
    let text = join(chosen);
    let snippet = prefix(&text, 200).to_owned();
    let confidence = (score / 1.6).clamp(0.2, 0.9);
    Some(Finding { value: text, page: u16::try_from(page).ok(), method, snippet, confidence })
}

/// The sentences that tell most about the business, as many as so many
/// characters hold, in the order in which they stand: what a writer needs.
#[must_use]
pub fn telling(site: &Site<'_>, characters: usize) -> Vec<String> {
    telling_with_pages(site, characters).into_iter().map(|(_, text)| text).collect()
}

/// The same, each with the page on which it stands.
pub(crate) fn telling_with_pages(site: &Site<'_>, characters: usize) -> Vec<(u16, String)> {
    let mut candidates = gather(site);
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.order.cmp(&b.order)));
    let mut room = characters;
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in candidates.into_iter().take(TELLING) {
        let length = candidate.text.chars().count();
        let repeats = chosen.iter().any(|known| sentences::overlap(&known.text, &candidate.text) > 0.7);
        if length <= room && !repeats {
            room -= length;
            chosen.push(candidate);
        }
    }
    chosen.sort_by_key(|candidate| candidate.order);
    let page = |candidate: &Candidate| u16::try_from(candidate.page).unwrap_or_default();
    chosen.into_iter().map(|candidate| (page(&candidate), candidate.text)).collect()
}

/// Whether a page is of a kind that tells about the business.
#[must_use]
pub fn is_about_business(page: &Page) -> bool {
    worth(page, 1).is_some()
}

fn gather(site: &Site<'_>) -> Vec<Candidate> {
    let brands = names::brand_words(site.pages, site.domain);
    let mut all = Gathered { candidates: Vec::new(), seen: HashSet::new(), brands };
    for (at, page) in site.pages.iter().enumerate() {
        if speaks(page, site) {
            all.page(page, at);
        }
    }
    all.candidates
}

/// Whether a page is in the language of the site, as far as it says.
fn speaks(page: &Page, site: &Site<'_>) -> bool {
    let Some(language) = site.language else { return true };
    page.lang.parse::<cmes_types::LanguageCode>().map_or(true, |own| own == language)
}

/// What a page is worth for this purpose.
fn worth(page: &Page, at: usize) -> Option<f32> {
    let path = fold(page.url.path());
    let says = |words: &[&str]| words.iter().any(|word| path.contains(word));
    if says(&[
        "privacy",
        "datenschutz",
        "cookie",
        "impressum",
        "imprint",
        "legal",
        "terms",
        "agb",
        "privacidad",
        "confidential",
        "policy",
        "karriere",
        "career",
        "jobs",
        "stellen",
        "recruit",
        "rodo",
        "politika",
        "polityka",
        "voorwaarden",
        "integritet",
        "blog",
        "news",
        "aktuelles",
        "actualit",
        "noticia",
        "aktualn",
    ]) {
        return None;
    }
    let is_about = says(&[
        "about",
        "ueber",
        "uber-",
        "unternehmen",
        "company",
        "profil",
        "a-propos",
        "agence",
        "entreprise",
        "empresa",
        "quienes",
        "nosotros",
        "chi-siamo",
        "azienda",
        "studio",
        "over-ons",
        "om-oss",
        "om-os",
        "o-nas",
        "o-firmie",
        "hakkimizda",
        "kurumsal",
        "sobre",
        "quem-somos",
        "meista",
        "gaiyou",
        "firma",
    ]);
    Some(match (at, is_about) {
        (0, _) => 0.1,
        (_, true) => 0.12,
        _ => -0.15,
    })
}

struct Gathered {
    candidates: Vec<Candidate>,
    seen: HashSet<String>,
    brands: Vec<String>,
}

impl Gathered {
    fn page(&mut self, page: &Page, at: usize) {
        let Some(worth) = worth(page, at) else { return };
        for name in ["description", "og:description", "twitter:description", "dc.description"] {
            if let Some(content) = page.meta(name) {
                self.text(content, at, Method::Meta, worth + 0.3, true);
            }
        }
        let publishers = page.items.iter().flat_map(|item| item.items("publisher"));
        let own = page.items.iter().chain(publishers).filter(|item| item.is_organization());
        for (_, item) in own.flat_map(structured::Item::nested).filter(|(depth, _)| *depth == 0).take(5) {
            for text in item.texts("description").chain(item.texts("slogan")).take(2) {
                self.text(text, at, Method::SchemaOrg, worth + 0.35, true);
            }
        }
        // What the first page says first says what the company is there for.
        let mut lead = if at == 0 { LEAD } else { 0.0 };
        for line in &page.lines {
            if self.candidates.len() >= CANDIDATES {
                return;
            }
            if is_paragraph(line, page) {
                self.text(&line.text, at, Method::Text, worth + lead, false);
                lead = 0.0;
            }
        }
    }

    fn text(&mut self, text: &str, page: usize, method: Method, worth: f32, is_description: bool) {
        let text = prefix(text, 3_000);
        for (number, sentence) in sentences::split(text).into_iter().take(12).enumerate() {
            if !is_description && !sentences::is_ended(sentence) || sentence.ends_with("...") || sentence.ends_with('…')
            {
                continue;
            }
            let Some(score) = self.judge(sentence) else { continue };
            if !self.seen.insert(key(sentence)) {
                // Said again elsewhere: it is what the site says of itself.
                let known = self.candidates.iter_mut().find(|known| key(&known.text) == key(sentence));
                if let Some(known) = known.filter(|known| known.page != page || known.method != method) {
                    known.score += 0.02;
                }
                continue;
            }
            let later = f32::from(u8::try_from(number.min(5)).unwrap_or(5)) * 0.04;
            let order = self.candidates.len();
            let score = score + worth - later;
            self.candidates.push(Candidate { text: sentence.to_owned(), page, method, score, order });
        }
    }

    /// How much a sentence says about the business; `None` for none at all.
    fn judge(&self, sentence: &str) -> Option<f32> {
        let letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
        let is_dense = sentence.chars().filter(|c| is_unspaced(*c)).count() * 2 > letters;
        let length = sentence.chars().count();
        let (least, good, most) = if is_dense { (12, 18, 150) } else { (30, 55, 320) };
        if length < least || length > most || letters * 10 < length * 6 {
            return None;
        }
        if sentence.ends_with(['?', '？', '؟']) || sentence.starts_with(['"', '“', '„', '«', '»', '「', '‹', '•', '*'])
        {
            return None;
        }
        if is_instruction(sentence) {
            return None;
        }
        let folded = fold(sentence);
        if CHAFF_WORDS.is_match(&folded) || digits(sentence) > 9 {
            return None;
        }
        let found = ACTIVITY_WORDS.find_iter(&folded).take(8);
        let activities: HashSet<usize> = found.map(|word| word.pattern().as_usize()).collect();
        let mut score: f32 = match activities.len() {
            0 => 0.0,
            1 => 0.35,
            _ => 0.45,
        };
        let plain: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        if self.brands.iter().any(|brand| plain.contains(brand.as_str())) {
            score += 0.25;
        }
        if length >= good {
            score += 0.15;
        }
        if sentence.ends_with(['!', '！']) {
            score -= 0.25;
        }
        Some(score)
    }
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// Whether a line is running text of the page's own matter.
fn is_paragraph(line: &Line, page: &Page) -> bool {
    if line.hidden || line.heading > 0 || line.text.len() < 30 || !matches!(line.region, Region::Main | Region::Body) {
        return false;
    }
    let around = page.ancestors(line.element).take(4);
    !around.into_iter().any(|(_, element)| {
        matches!(element.name, "blockquote" | "figure" | "form" | "li" | "td" | "button" | "address" | "cite" | "nav")
            || ["testimonial", "quote", "cookie", "review", "teaser-news", "footer", "banner", "modal"]
                .iter()
                .any(|word| element.class.contains(word))
    })
}

/// The best sentences that say different things, in the order in which they stand.
fn choose(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.order.cmp(&b.order)));
    let least = if candidates.iter().any(|candidate| candidate.score >= 0.5) { 0.4 } else { 0.2 };
    let mut chosen: Vec<Candidate> = Vec::new();
    let mut length = 0;
    for candidate in candidates {
        if chosen.len() >= MOST || candidate.score < least {
            break;
        }
        let more = candidate.text.chars().count() + 1;
        let repeats = chosen.iter().any(|known| sentences::overlap(&known.text, &candidate.text) > 0.5);
        if length + more > LONGEST || repeats {
            continue;
        }
        length += more;
        chosen.push(candidate);
    }
    chosen.sort_by_key(|candidate| candidate.order);
    chosen
}

/// The sentences as one text; a description without full stop gets one.
fn join(chosen: &[Candidate]) -> String {
    let mut text = String::new();
    for candidate in chosen {
        let dense =
            candidate.text.ends_with(['。', '！']) || candidate.text.chars().next_back().is_some_and(is_unspaced);
        if !text.is_empty() && !text.ends_with(['。', '！']) {
            text.push(' ');
        }
        text.push_str(&candidate.text);
        if !sentences::is_ended(&candidate.text) {
            text.push(if dense { '。' } else { '.' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::page::{RawPage, read};

    fn check(html: &str, expected: Option<&str>) {
        let url = Url::parse("https://www.nordwind.com/").expect("a URL");
        let pages = [read(&RawPage { url: &url, headers: &[], html })];
        let site = Site { pages: &pages, domain: "nordwind.com", language: None, country: None };
        assert_eq!(find(&site).map(|found| found.value).as_deref(), expected, "{html}");
    }

    #[test]
    fn the_sentences_that_say_what_it_does_are_taken() {
        check(
            "<meta name=description content='Nordwind manufactures centrifugal pumps for water works'>\
             <nav>We manufacture menus for everyone who likes long menus.</nav>\
             <main><h1>Power that moves water</h1><p>Welcome to our new website, we are glad to see you here.\
             <p>Our engineers develop pump systems for ships and for the chemical industry. Click here to learn more about cookies.\
             <p>Is this a question about what we manufacture in Hamburg?\
             <blockquote>They deliver great products and the service was always friendly.</blockquote></main>\
             <footer>Nordwind delivers products to many countries, all rights reserved.</footer>",
            Some(
                "Nordwind manufactures centrifugal pumps for water works. Our engineers develop pump systems for ships and for the chemical industry.",
            ),
        );
    }

    #[test]
    fn sentences_are_taken_once_and_in_their_language() {
        check(
            "<meta name=description content='Wir entwickeln und fertigen Kreiselpumpen für die Wasserwirtschaft.'>\
             <meta property=og:description content='Wir entwickeln und fertigen Kreiselpumpen für die Wasserwirtschaft!'>",
            Some("Wir entwickeln und fertigen Kreiselpumpen für die Wasserwirtschaft."),
        );
        check(
            "<p>株式会社青空精機は長野県の精密切削加工メーカーです。医療機器向け部品を試作から量産まで承ります。",
            Some("株式会社青空精機は長野県の精密切削加工メーカーです。医療機器向け部品を試作から量産まで承ります。"),
        );
    }

    #[test]
    fn a_page_that_says_nothing_gives_nothing() {
        check("<p>Home<p>Contact<p>Please accept cookies to continue using this fine website.", None);
    }
}
