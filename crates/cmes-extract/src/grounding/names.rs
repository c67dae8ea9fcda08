//! Which words of a sentence are written like names.

use cmes_types::LanguageCode;

/// What has a capital inside a sentence, or capitals within the word. The first
/// word is a name only by the latter. Where nouns have capitals too (German),
/// those are left out that are nouns by their ending or by the word in front.
pub(super) fn of(sentence: &str, language: LanguageCode) -> Vec<&str> {
    let has_noun_capitals = matches!(language.as_str(), "de" | "lb");
    let mut names = Vec::new();
    let mut before = "";
    for (at, token) in tokens(sentence).enumerate() {
        let mut chars = token.chars();
        let is_capital = chars.next().is_some_and(char::is_uppercase);
        let has_inner = chars.any(char::is_uppercase);
        let is_ordinary = at == 0 || has_noun_capitals && (is_noun(token) || is_attribute(before));
        if token.chars().count() > 1 && (has_inner || is_capital && !is_ordinary) {
            names.push(token);
        }
        before = token;
    }
    names
}

fn tokens(sentence: &str) -> impl Iterator<Item = &str> {
    let is_between = |c: char| {
        c.is_whitespace() || matches!(c, '/' | '(' | ')' | ',' | ';' | ':' | '"' | '“' | '”' | '«' | '»' | '—' | '–')
    };
    sentence
        .split(is_between)
        .map(|token| token.trim_matches(|c: char| !c.is_alphanumeric()))
        .map(|token| token.strip_suffix("'s").or_else(|| token.strip_suffix("’s")).unwrap_or(token))
        .filter(|token| token.chars().any(char::is_alphabetic))
}

/// Endings of German nouns; names that end so (`München`) pass, too.
const NOUN_ENDINGS: &[&str] = &[
    "en",
    "ern",
    "eln",
    "er",
    "ung",
    "heit",
    "keit",
    "schaft",
    "tion",
    "tät",
    "ment",
    "werk",
    "werke",
    "bau",
    "technik",
    "handel",
    "system",
    "systeme",
    "betrieb",
    "bereich",
    "kunde",
    "service",
    "dienst",
    "dienste",
    "geräte",
    "anlage",
    "teile",
    "produkte",
    "lösung",
    "software",
    "hardware",
    "ware",
    "stoff",
    "stoffe",
    "zeug",
    "zeuge",
    "industrie",
    "ie",
    "ik",
    "ur",
    "nis",
    "tum",
    "ling",
    "chen",
    "lein",
    "or",
    "ismus",
    "jahr",
    "jahre",
    "stück",
    "sitz",
    "standort",
    "standorte",
    "team",
    "angebot",
    "projekt",
    "projekte",
    "markt",
    "qualität",
    "beratung",
    "tigte",
    "stellte",
    "teiligte",
    "wandte",
    "leute",
];

fn is_noun(token: &str) -> bool {
    NOUN_ENDINGS.iter().any(|ending| token.to_lowercase().ends_with(ending))
}

/// Articles, adjectives in their endings, numbers: a noun follows.
fn is_attribute(token: &str) -> bool {
    const WORDS: &[&str] = &[
        "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines", "kein", "keine",
        "ihr", "ihre", "ihren", "ihrem", "ihrer", "sein", "seine", "seinen", "seinem", "seiner", "zum", "zur", "im",
        "am", "beim", "vom", "pro", "als", "viele", "mehrere", "alle",
    ];
    let is_adjective = token.chars().count() > 4
        && token.chars().all(char::is_lowercase)
        && ["e", "en", "er", "es", "em"].iter().any(|ending| token.ends_with(ending));
    WORDS.contains(&token.to_lowercase().as_str()) || is_adjective || token.chars().all(|c| c.is_ascii_digit())
}
