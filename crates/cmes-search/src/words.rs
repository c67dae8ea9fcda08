//! The words of an activity, for providers that know companies by what they do.
//!
//! What leaves this module can stand in a string or a regular expression of any
//! query language: letters, digits, and in names a few signs that end neither.

use std::sync::LazyLock;

use cmes_types::{CompanySearch, LanguageCode};
use snowball_stemmers_rs::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Most words of an activity; a longer one is a sentence.
const MOST: usize = 6;
/// Shorter words stand in everything; where a sign is a word, two of them say enough.
const SHORTEST: usize = 3;
const SHORTEST_OF_SIGNS: usize = 2;
const FIRST_SIGN: char = '\u{2e80}';
/// Longest word and longest name of a place, in characters.
const LONGEST: usize = 60;

/// Beginnings of words that do not say what a company does.
const GENERIC: &str = include_str!("../data/generic_words.txt");

static BEGINNINGS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| GENERIC.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect());

/// The country of a search, if it is a code.
pub(crate) fn country(search: &CompanySearch) -> Option<&str> {
    let is_code = |code: &&str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    search.country.as_deref().filter(is_code)
}

/// The place of a search, without any sign that means something to a query language.
pub(crate) fn locality(search: &CompanySearch) -> Option<String> {
    let harmless = |letter: char| is_letter(letter) || " -'’.".contains(letter);
    let text: String =
        search.locality.as_deref()?.chars().take(LONGEST).map(|c| if harmless(c) { c } else { ' ' }).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().any(char::is_alphanumeric).then_some(text)
}

/// The words of an activity, in lower case; those that say nothing are left out, unless there are no others.
pub(crate) fn words(activity: &str, language: LanguageCode) -> Vec<String> {
    let function_words = stop_words::lookup(language.as_str()).unwrap_or_default();
    let all: Vec<String> = activity
        .split(|letter: char| !is_letter(letter))
        .filter(|word| is_long_enough(word))
        .map(str::to_lowercase)
        .filter(|word| is_generic(word) || !function_words.contains(&word.as_str()))
        .take(MOST)
        .collect();
    let telling: Vec<String> = all.iter().filter(|word| !is_generic(word)).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

fn is_long_enough(word: &str) -> bool {
    let shortest = if word.starts_with(|first| first >= FIRST_SIGN) { SHORTEST_OF_SIGNS } else { SHORTEST };
    (shortest..=LONGEST).contains(&word.chars().count())
}

/// The activity as one phrase whose last word is a stem: the beginning of "pipe manufacturer" as of "pipe manufacturing".
pub(crate) fn phrase(activity: &str, language: LanguageCode) -> String {
    let mut all: Vec<String> = activity
        .split(|letter: char| !is_letter(letter))
        .filter(|word| !word.is_empty())
        .take(MOST)
        .map(str::to_lowercase)
        .collect();
    if let Some(last) = all.last_mut() {
        *last = stem(last, language);
    }
    all.join(" ").chars().take(LONGEST).collect()
}

/// What a word and its inflected forms begin with; never so short that it begins everything.
pub(crate) fn stem(word: &str, language: LanguageCode) -> String {
    let Some(algorithm) = algorithm(language) else { return word.to_owned() };
    let stem = Stemmer::create(algorithm).stem(word).into_owned();
    // Some end in a letter that not every form has: "bakeri" of "bakery" and "bakeries".
    let stem = if language == LanguageCode::ENGLISH { stem.trim_end_matches('i') } else { &stem };
    if word.starts_with(stem) && stem.chars().count() >= SHORTEST { stem.to_owned() } else { word.to_owned() }
}

/// Lower case, without accents.
pub(crate) fn folded(text: &str) -> String {
    text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || is_combining_mark(letter)
}

fn is_generic(word: &str) -> bool {
    let word = folded(word);
    BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
}

fn algorithm(language: LanguageCode) -> Option<Algorithm> {
    Some(match language.as_str() {
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        "no" | "nb" | "nn" => Algorithm::Norwegian,
        "pl" => Algorithm::Polish,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What would mean something to SPARQL, Overpass QL or a regular expression.
    pub(crate) const HOSTILE: &[&str] = &[
        "pumps\" . } DROP ALL #",
        "pumps\"];out;node[\"name\"",
        "pumps\\u0022 . ?s ?p ?o",
        "pumps\\\" } UNION { ?a ?b ?c",
        "pum.*ps|(a+)+$[^x]{9}",
        "pumps\n]; (._;>;); out meta;",
        "pumps'''@en } #",
        "pumps\u{0}\u{1b}[2J\u{202e}<x>",
    ];

    fn code(text: &str) -> LanguageCode {
        text.parse().expect("a language")
    }

    #[test]
    fn words_that_say_what_companies_do() {
        let check = |activity: &str, language: &str, expected: &[&str]| {
            assert_eq!(words(activity, code(language)), expected, "{activity}");
        };
        check("Pipe and valve manufacturers", "en", &["pipe", "valve"]);
        check("Hersteller von Pumpen & Ventilen", "de", &["pumpen", "ventilen"]);
        check("fabricants de tubes en acier", "fr", &["tubes", "acier"]);
        check("Производители труб", "ru", &["труб"]);
        check("管道 制造商", "zh", &["管道", "制造商"]);
        check("manufacturers", "en", &["manufacturers"]);
        check("a b & -", "en", &[]);
        check(&"rohr ".repeat(500), "de", &["rohr"; MOST]);
    }

    #[test]
    fn beginnings_of_all_forms_of_a_word() {
        let check = |word: &str, language: &str, expected: &str| assert_eq!(stem(word, code(language)), expected);
        check("manufacturers", "en", "manufactur");
        check("pipes", "en", "pipe");
        check("bakeries", "en", "baker");
        check("bakery", "en", "baker");
        check("pumpen", "de", "pump");
        check("трубы", "ru", "труб");
        check("管道", "zh", "管道");
        assert_eq!(phrase("Pipe Manufacturers", code("en")), "pipe manufactur");
    }

    #[test]
    fn nothing_leaves_that_means_something_to_a_query_language() {
        for text in HOSTILE {
            let search = CompanySearch {
                locality: Some((*text).to_owned()),
                country: Some("D\"".to_owned()),
                ..CompanySearch::default()
            };
            let place = locality(&search).expect("letters");
            assert!(place.chars().all(|c| c.is_alphanumeric() || " -'’.".contains(c)), "{place}");
            assert_eq!(country(&search), None);
            for word in
                words(text, code("en")).into_iter().chain(phrase(text, code("en")).split(' ').map(str::to_owned))
            {
                assert!(word.chars().all(char::is_alphanumeric), "{word}");
            }
        }
    }
}
