use cmes_extract::content::Content;
use cmes_extract::page::{RawPage, read};
use cmes_extract::places::Country;
use cmes_extract::profile::{Material, Reading, assemble};
use cmes_types::{EmployeeRange, Extended, LanguageCode};
use proptest::prelude::*;
use url::Url;

use super::*;
use crate::query::{Activity, Place, Wanted, What};

mod activities;
mod conditions;

fn page(address: &str, html: &str) -> Page {
    let url = Url::parse(address).expect("a URL");
    read(&RawPage { url: &url, headers: &[], html })
}

fn language(code: &str) -> LanguageCode {
    code.parse().expect("a language")
}

fn activity(code: &str, words: &str) -> Query {
    let activities = vec![Activity::of(words, language(code))];
    Query { language: language(code), activities, ..Query::default() }
}

fn profile(pages: &[Page]) -> Option<CompanyData> {
    let content = Content::default();
    match assemble(&Material { pages, content: &content, language: LanguageCode::ENGLISH, extended: true }) {
        Reading::Profile(data, _) => Some(*data),
        Reading::NotACompany(_) => None,
    }
}

fn judged(html: &str, query: &Query) -> Judgement {
    let pages = [page("https://www.acme.example/", html)];
    let data = profile(&pages);
    judge(query, &Company { pages: &pages, data: data.as_ref(), likeness: None })
}

const MEETS: char = '+';
const MISSES: char = '-';
const OPEN: char = '?';

fn sign(standing: Standing) -> char {
    match standing {
        Standing::Meets => MEETS,
        Standing::Misses => MISSES,
        Standing::Open => OPEN,
    }
}

/// Queries `language:words` held against a page; `no` stands for "misses or open".
fn check(html: &str, queries: &[(&str, &str)]) {
    for (expected, query) in queries {
        let (code, words) = query.split_once(':').expect("a language");
        let judgement = judged(html, &activity(code, words));
        let found = sign(judgement.activity);
        let fits = match *expected {
            "yes" => judgement.is_match(),
            "no" => !judgement.is_match(),
            other => other.starts_with(found),
        };
        assert!(fits, "{query}: {found}, not {expected}: {:?}\n{html}", judgement.conditions);
    }
}

#[test]
fn the_first_page_alone_is_judged_with_caution() {
    let pages = [page(
        "https://acme.example/",
        "<html lang=en><title>Acme Group</title><main><h1>Welcome</h1><p>Quality and service since 1950.",
    )];
    let first = judge(&activity("en", "pipe manufacturers"), &Company { pages: &pages, data: None, likeness: None });
    assert!(first.may_match() && !first.is_match() && first.activity == Standing::Open);
    let html = "<html lang=en><title>Miller & Partners – law firm</title><meta name=description content='Law firm in Boston: lawyers for companies.'><main><h1>Lawyers in Boston</h1><p>Our attorneys advise companies.";
    let pages = [page("https://miller.example/", html)];
    let first = judge(&activity("en", "pipe manufacturers"), &Company { pages: &pages, data: None, likeness: None });
    assert!(!first.may_match(), "{first:?}");
}

#[test]
fn hostile_pages_cost_little() {
    let sentences =
        "<p>We manufacture pipes for pumps, and do not make valves for hotels and restaurants. ".repeat(24_000);
    let nested = "<div>".repeat(200_000) + "<p>We make pipes.";
    let line = format!("<p>{}", "rohrrohrpumpe ".repeat(140_000));
    for html in [sentences, nested, line] {
        let pages = [page("https://acme.example/", &html)];
        let begun = std::time::Instant::now();
        let query = Query {
            conditions: vec![Wanted {
                words: "x".into(),
                what: What::Words("stainless pipe fitters".into()),
                is_excluded: false,
                is_mere: false,
            }],
            ..activity("en", "pipe manufacturers")
        };
        let _ = judge(&query, &Company { pages: &pages, data: None, likeness: None });
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    }
}

#[test]
fn every_word_of_the_lexicon_can_be_read() {
    assert!(lexicon::LEXICON.concepts.len() > 280, "{}", lexicon::LEXICON.concepts.len());
    for line in
        include_str!("../../data/activities.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let (head, words) = line.split_once(": ").expect("a line has words");
        let (kind, id) = head.split_once(' ').expect("a line has a kind");
        assert!(["good", "service", "work", "quality", "role", "noise"].contains(&kind) && !id.is_empty(), "{line}");
        assert!(words.split(',').all(|word| word.trim().chars().count() >= 1), "{line}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(title in "\\PC{0,120}", text in "\\PC{0,300}", words in "\\PC{0,60}", code in prop::sample::select(vec!["en", "de", "ru", "zh", "ar"])) {
        let html = format!("<html lang={code}><title>{title}</title><h1>{words}</h1><p>{text}. {words}.");
        let query = Query {
            conditions: vec![Wanted { words: words.clone(), what: What::Words(words.clone()), is_excluded: false, is_mere: false }, Wanted { words: words.clone(), what: What::Words(text), is_excluded: true, is_mere: false }],
            places: vec![Place { words: words.clone(), city: Some(words.clone()), ..Place::default() }],
            ..activity(code, &words)
        };
        let judgement = judged(&html, &query);
        prop_assert!((0.0..=1.0).contains(&judgement.fit));
        prop_assert!(judgement.conditions.iter().all(|one| one.sentence.len() <= SENTENCE));
    }
}

#[test]
fn foundries_of_each_kind_are_told_apart() {
    let check = |code: &str, words: &str, expected: &str| {
        let wanted = wanted::Wanted::of(&Activity::of(words, language(code)), language(code));
        assert!(wanted.is_of(expected), "{words}: {wanted:?}");
        assert!(!wanted.is_of("castings"), "{words}: {wanted:?}");
    };
    check("en", "die casting manufacturers", "die-castings");
    check("de", "Druckgießereien", "die-castings");
    check("it", "fonderie di pressofusione", "die-castings");
    check("en", "iron foundries", "iron-castings");
    check("de", "Eisengießereien", "iron-castings");
    check("en", "light alloy foundries", "aluminium-castings");
    check("fr", "fonderies d'aluminium", "aluminium-castings");
    check("pl", "odlewnie aluminium", "aluminium-castings");
    check("en", "steel foundries", "steel-castings");
    check("de", "Feingießereien", "investment-castings");
    check("it", "microfusione", "investment-castings");
}
