//! What kind of value a question asks for, and whether a text holds one: "how long" asks for a time, and "three days" is
//! one, in whatever languages the two are.

use std::collections::HashSet;
use std::sync::LazyLock;

use cmes_extract::fold::{fold, is_unspaced};

use super::words::tokens;

/// Kinds, and by what they are asked for and shown.
static KINDS: LazyLock<Vec<Signs>> = LazyLock::new(|| {
    let all: [(&'static str, Kind); 7] = [
        ("price", Kind::Price),
        ("time", Kind::Time),
        ("weight", Kind::Weight),
        ("percent", Kind::Percent),
        ("phone", Kind::Phone),
        ("mail", Kind::Mail),
        ("person", Kind::Person),
    ];
    all.into_iter()
        .map(|(name, kind)| {
            let (endings, asks): (Vec<String>, Vec<String>) =
                of(name, "asks").into_iter().partition(|ask| ask.starts_with('-'));
            let endings: Vec<String> = endings.iter().map(|ending| ending.trim_start_matches('-').to_owned()).collect();
            let words = asks.iter().chain(&endings).cloned().collect();
            let phrases = asks.into_iter().filter(|ask| !is_word(ask)).collect();
            let (alone, anywhere): (Vec<String>, Vec<String>) =
                of(name, "signs").into_iter().partition(|sign| is_word(sign));
            Signs { kind, words, endings, phrases, alone: alone.into_iter().collect(), anywhere }
        })
        .collect()
});

/// Whether it stands between blanks and is one word.
fn is_word(sign: &str) -> bool {
    sign.chars().all(char::is_alphanumeric) && !sign.chars().any(is_unspaced)
}

/// How one asks for a measure.
static MEASURES: LazyLock<Vec<String>> = LazyLock::new(|| of("measure", "asks"));

/// The words of one sort of a kind.
fn of(kind: &str, sort: &str) -> Vec<String> {
    let lines = include_str!("values.txt").lines().filter(|line| !line.starts_with('#'));
    let lists =
        lines.filter_map(|line| line.strip_prefix(kind)?.strip_prefix(' ')?.strip_prefix(sort)?.strip_prefix(' '));
    lists.flat_map(|list| list.split(';')).map(fold).map(|word| word.trim().to_owned()).collect()
}

struct Signs {
    kind: Kind,
    /// Words that ask for it; of scripts without blanks also the pairs of signs that telling words are made of.
    words: HashSet<String>,
    /// Those that also end compounds.
    endings: Vec<String>,
    /// Several words, or those of scripts without blanks.
    phrases: Vec<String>,
    /// Words that show it.
    alone: HashSet<String>,
    /// What shows it wherever it stands.
    anywhere: Vec<String>,
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An amount of money.
    Price,
    /// How long something takes, or when it is.
    Time,
    Weight,
    Percent,
    Phone,
    Mail,
    /// Somebody's name.
    Person,
}

/// Letters of what stands before the ending of a compound.
const TOPIC: usize = 4;
/// Digits of a telephone number.
const OF_PHONE: usize = 7;

/// The kind of value that a telling word asks for, if it does.
pub(super) fn of_word(word: &str) -> Option<Kind> {
    let asks = |signs: &&Signs| {
        signs.words.contains(word) || signs.endings.iter().any(|ending| word.ends_with(ending.as_str()))
    };
    KINDS.iter().find(asks).map(|signs| signs.kind)
}

/// The telling words of a text, without those by which it asks for a measure ("how high"); of a compound that asks for a
/// value ("Versandkosten") what the value is of.
pub(super) fn telling(text: &str) -> Vec<String> {
    let folded = fold(text);
    let said = format!(" {} ", tokens(&folded).collect::<Vec<_>>().join(" "));
    let is_said = |ask: &&String| said.contains(&format!(" {ask} "));
    let measured: Vec<&str> = MEASURES.iter().filter(is_said).flat_map(|ask| ask.split(' ')).collect();
    let telling = super::words::telling(text).into_iter().filter(|word| !measured.contains(&word.as_str()));
    telling.map(|word| topic(&word).unwrap_or(&word).to_owned()).collect()
}

/// What stands before the ending that asks for a value, without the `s` that joins the two.
fn topic(word: &str) -> Option<&str> {
    let endings = KINDS.iter().flat_map(|signs| &signs.endings);
    let topics = endings.filter_map(|ending| word.strip_suffix(ending.as_str()));
    let shortest = topics.min_by_key(|topic| topic.len())?;
    let topic = shortest.strip_suffix('s').unwrap_or(shortest);
    (topic.chars().count() >= TOPIC).then_some(topic)
}

/// The kinds of values that a question asks for.
pub(super) fn asked(question: &str) -> Vec<Kind> {
    let folded = fold(question);
    let words: Vec<&str> = tokens(&folded).collect();
    let text = format!(" {} ", words.join(" "));
    let is_there = |ask: &String| {
        if ask.chars().any(is_unspaced) { folded.contains(ask.as_str()) } else { text.contains(&format!(" {ask} ")) }
    };
    let is_asked = |signs: &&Signs| {
        signs.phrases.iter().any(is_there) || words.iter().any(|word| of_word(word) == Some(signs.kind))
    };
    KINDS.iter().filter(is_asked).map(|signs| signs.kind).collect()
}

/// Whether a text holds a value of this kind.
pub(super) fn holds(kind: Kind, text: &str) -> bool {
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    match kind {
        Kind::Price | Kind::Weight | Kind::Percent => has_digit && shows(kind, text),
        // "Two years" and "am Samstag" are times without a digit.
        Kind::Time => shows(kind, text) || has_clock(text),
        Kind::Phone => has_phone(text),
        Kind::Mail => text.contains('@'),
        Kind::Person => has_name(text),
    }
}

/// Whether a unit or sign of the kind stands there, also right behind a figure (`5kg`).
fn shows(kind: Kind, text: &str) -> bool {
    let Some(signs) = KINDS.iter().find(|signs| signs.kind == kind) else { return false };
    let folded = fold(text);
    let mut words = tokens(&folded).map(|word| word.trim_start_matches(|c: char| c.is_ascii_digit()));
    words.any(|word| signs.alone.contains(word)) || signs.anywhere.iter().any(|sign| folded.contains(sign.as_str()))
}

/// `9:30`, `9.30` is a price as well.
fn has_clock(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let ends = |part: &str| part.chars().next_back().is_some_and(|c| c.is_ascii_digit());
    let begins = |part: &str| part.chars().take_while(char::is_ascii_digit).count() == 2;
    parts.windows(2).any(|pair| matches!(pair, [hour, minute] if ends(hour) && begins(minute)))
}

fn has_phone(text: &str) -> bool {
    let is_within = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '(' | ')' | '-' | '/' | '.');
    text.split(|c| !is_within(c)).any(|run| run.chars().filter(char::is_ascii_digit).count() >= OF_PHONE)
}

/// Two words with capitals next to each other, of which the first does not begin the text.
fn has_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_capital = |word: &str| {
        word.chars().next().is_some_and(char::is_uppercase) && word.chars().nth(1).is_some_and(char::is_lowercase)
    };
    let is_whole = |word: &str| word.chars().next_back().is_some_and(char::is_alphabetic);
    words
        .windows(2)
        .any(|pair| matches!(pair, [first, last] if is_capital(first) && is_whole(first) && is_capital(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_ask_for_kinds_of_values() {
        for (question, expected) in [
            ("What does it cost?", vec![Kind::Price]),
            ("Wie hoch sind die Versandkosten?", vec![Kind::Price]),
            ("Wie lange dauert das?", vec![Kind::Time]),
            ("Lieferzeit?", vec![Kind::Time]),
            ("Сколько дней занимает доставка?", vec![Kind::Time]),
            ("保修期多久？", vec![Kind::Time]),
            ("Combien pèse la pompe ?", vec![Kind::Weight]),
            ("Who is the owner, and what is his phone number?", vec![Kind::Phone, Kind::Person]),
            ("Which colours are there?", vec![]),
        ] {
            assert_eq!(asked(question), expected, "{question}");
        }
    }

    #[test]
    fn compounds_tell_what_the_value_is_of() {
        for (text, expected) in [
            ("Wie hoch sind die Versandkosten?", "versand"),
            ("Wie hoch liegt der Ort?", "liegt ort"),
            ("Öffnungszeiten?", "offnung"),
            ("Was sind die Kosten?", "kosten"),
            ("What are shipping costs?", "shipping costs"),
        ] {
            assert_eq!(telling(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn texts_hold_values() {
        for (kind, text, expected) in [
            (Kind::Price, "It is 45 EUR.", true),
            (Kind::Price, "Prices are in EUR.", false),
            (Kind::Price, "Founded in Europe in 1974.", false),
            (Kind::Time, "It takes three days.", true),
            (Kind::Time, "Open from 9:00.", true),
            (Kind::Time, "需要三天。", true),
            (Kind::Time, "It is made of steel.", false),
            (Kind::Weight, "Gewicht: 5kg", true),
            (Kind::Weight, "It is 5 m long.", false),
            (Kind::Percent, "A discount of 2 %.", true),
            (Kind::Phone, "Call +49 421 5550 120.", true),
            (Kind::Phone, "In 2024 we sold 120 pumps.", false),
            (Kind::Person, "It was founded by Anna Berg.", true),
            (Kind::Person, "It was founded in Graz.", false),
        ] {
            assert_eq!(holds(kind, text), expected, "{text}");
        }
    }
}
