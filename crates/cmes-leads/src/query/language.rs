//! The language of a query, which is mostly too short for statistics: its small
//! words, the words of trades, its letters, and the form of its names decide.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_extract::facts::language::detect_if_plain;
use cmes_extract::places::{Country, fold};
use cmes_extract::trades;
use cmes_types::LanguageCode;

use super::names::all_names;
use super::words::{Marks, Token};

/// The words of the names of trades, folded, with the languages in which they are.
static VOCABULARY: LazyLock<HashMap<String, Vec<LanguageCode>>> = LazyLock::new(|| {
    let catalogue = trades::languages().flat_map(|language| {
        let names = move |trade: &'static trades::Trade| {
            [trade.goods(language), trade.companies(language), trade.company(language)]
        };
        trades::all().iter().flat_map(names).flatten().map(move |name| (language, name))
    });
    let mut words: HashMap<String, Vec<LanguageCode>> = HashMap::new();
    let mut add = |key: String, language| {
        let languages = words.entry(key).or_default();
        if !languages.contains(&language) {
            languages.push(language);
        }
    };
    let named = catalogue.map(|name| (name, true)).chain(all_names().map(|name| (name, false)));
    for ((language, name), is_of_catalogue) in named {
        for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= SHORTEST) {
            let folded = fold(word);
            // Endings differ in a query: the beginning of a long word of the catalogue is known too. Those of rarer trades
            // are often a word of another language: "distillati" and "distilleries".
            if is_of_catalogue {
                add(folded.chars().take(STEM).collect(), language);
            }
            if let Some(single) = folded.strip_suffix('s').filter(|single| single.len() > SHORTEST) {
                add(single.to_owned(), language);
            }
            add(folded, language);
        }
    }
    words
});

/// The folded names of countries, which may be the only words that tell the language: "gjuterier i Sverige".
static COUNTRIES: LazyLock<HashMap<String, Vec<LanguageCode>>> = LazyLock::new(|| {
    let mut names: HashMap<String, Vec<LanguageCode>> = HashMap::new();
    for language in COUNTRY_NAMES.iter().filter_map(|code| code.parse::<LanguageCode>().ok()) {
        for country in Country::all() {
            names.entry(fold(country.name(language))).or_default().push(language);
        }
    }
    names
});

/// Languages in which names of countries tell the language.
const COUNTRY_NAMES: [&str; 13] = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "tr", "da", "hu"];

/// Letters of the shortest word that says something, and of the beginning by which a long one is known.
const SHORTEST: usize = 4;
const STEM: usize = 7;

/// Whether a word is one of the names of trades, so that a place of that name needs more to be one.
pub(super) fn is_vocabulary(folded: &str) -> bool {
    VOCABULARY.contains_key(folded)
}

/// Letters that few languages have.
const LETTERS: &[(&str, &str)] = &[
    ("ß", "de"),
    ("äöü", "de"),
    ("ñ¿", "es"),
    ("ãõ", "pt"),
    ("łżśńęąźć", "pl"),
    ("řěů", "cs"),
    ("å", "sv"),
    ("ø", "da"),
    ("ğı\u{307}", "tr"),
    ("őű", "hu"),
    ("șțăşţ", "ro"),
    ("èêœç", "fr"),
];

/// Endings that few languages have, folded.
const ENDINGS: &[(&str, &str)] = &[
    ("dores", "es pt"),
    ("cantes", "es pt"),
    ("ciones", "es"),
    ("cion", "es"),
    ("coes", "pt"),
    ("eiros", "pt"),
    ("eurs", "fr"),
    ("ciers", "fr"),
    ("aires", "fr"),
    ("zioni", "it"),
    ("tori", "it"),
    ("isti", "it"),
    ("eria", "it es"),
    ("ungen", "de"),
    ("schaft", "de"),
    ("ereien", "de"),
    ("betriebe", "de"),
    ("hersteller", "de"),
    ("handler", "de"),
    ("firmen", "de"),
    ("anbieter", "de"),
    ("agenturen", "de"),
    ("dienstleister", "de"),
    ("fabriken", "de"),
    ("kanzleien", "de"),
    ("hauser", "de"),
    ("leri", "tr"),
    ("lari", "tr"),
    ("bedrijven", "nl"),
    ("fabrieken", "nl"),
    ("czne", "pl"),
    ("owe", "pl"),
    ("ing", "en"),
    ("ers", "en"),
];

/// Where letters of a script begin and end, and what is written in it.
fn script(text: &str) -> Option<&'static str> {
    let has = |range: std::ops::RangeInclusive<char>| text.chars().any(|c| range.contains(&c));
    let any = |letters: &str| text.chars().any(|c| letters.contains(c));
    let code = if has('\u{3040}'..='\u{30ff}') {
        "ja"
    } else if has('\u{ac00}'..='\u{d7a3}') {
        "ko"
    } else if has('\u{4e00}'..='\u{9fff}') {
        "zh"
    } else if has('\u{400}'..='\u{4ff}') {
        if any("іїєґІЇЄҐ") { "uk" } else { "ru" }
    } else if has('\u{600}'..='\u{6ff}') {
        if any("گچپژ") { "fa" } else { "ar" }
    } else if has('\u{590}'..='\u{5ff}') {
        "he"
    } else if has('\u{370}'..='\u{3ff}') {
        "el"
    } else if has('\u{e00}'..='\u{e7f}') {
        "th"
    } else if has('\u{900}'..='\u{97f}') {
        "hi"
    } else {
        return None;
    };
    Some(code)
}

/// The language of a query, as far as it can be told; English where nothing tells.
pub(super) fn of(text: &str, tokens: &[Token], marks: &Marks) -> LanguageCode {
    if let Some(code) = script(text) {
        return code.parse().unwrap_or_default();
    }
    let mut votes: HashMap<LanguageCode, f32> = HashMap::new();
    for (language, weight) in marks.votes() {
        *votes.entry(language).or_default() += weight;
    }
    for token in tokens {
        let stem: String = token.word.chars().take(STEM).collect();
        let known = VOCABULARY.get(&token.word).or_else(|| VOCABULARY.get(&stem).filter(|_| stem.len() >= STEM));
        for known in [known, COUNTRIES.get(&token.word)].into_iter().flatten() {
            for language in known {
                *votes.entry(*language).or_default() += 1.0 / known.len() as f32;
            }
        }
    }
    let lower = text.to_lowercase();
    for (letters, code) in LETTERS {
        if let (true, Ok(language)) = (lower.chars().any(|c| letters.contains(c)), code.parse()) {
            *votes.entry(language).or_default() += 0.6;
        }
    }
    for token in tokens.iter().filter(|token| token.word.len() > 6) {
        let Some((_, codes)) = ENDINGS.iter().find(|(ending, _)| token.word.ends_with(ending)) else { continue };
        let codes: Vec<LanguageCode> = codes.split(' ').filter_map(|code| code.parse().ok()).collect();
        for code in &codes {
            *votes.entry(*code).or_default() += 0.5 / codes.len() as f32;
        }
    }
    if let Some(plain) = detect_if_plain(text) {
        *votes.entry(plain).or_default() += 1.0;
    }
    // The first of the languages with most votes, English before others.
    let rank = |language: LanguageCode| trades::languages().position(|known| known == language).unwrap_or(usize::MAX);
    let mut ranked: Vec<(LanguageCode, f32)> = votes.into_iter().collect();
    ranked.sort_by(|one, other| {
        other.1.total_cmp(&one.1).then(rank(one.0).cmp(&rank(other.0))).then(one.0.cmp(&other.0))
    });
    ranked.first().filter(|(_, votes)| *votes >= LEAST).map_or(LanguageCode::ENGLISH, |(language, _)| *language)
}

/// Votes that a language needs.
const LEAST: f32 = 0.3;
