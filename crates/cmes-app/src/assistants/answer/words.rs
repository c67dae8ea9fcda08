//! Which words of a text tell what it is about, and whether a text has them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use cmes_extract::fold::{fold, is_unspaced};

/// The function words of each language.
pub(super) static FUNCTION_WORDS: LazyLock<Vec<(&str, HashSet<String>)>> = LazyLock::new(|| {
    let lines = include_str!("function_words.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(code, words)| (code, words.split(' ').map(fold).collect()))
        .collect()
});
/// In which languages a word is one: a bit for each, in their order.
static ALL: LazyLock<HashMap<&str, u64>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (at, (_, words)) in FUNCTION_WORDS.iter().enumerate() {
        for word in words {
            *all.entry(word.as_str()).or_default() |= 1_u64 << at;
        }
    }
    all
});

/// Shorter words are compared as a whole.
const STEM: usize = 4;
/// Longest ending by which a word grows.
const ENDING: usize = 3;
/// Words from this length on may be part of a compound.
const PART: usize = 5;

/// The words of a text, as they stand: letters and digits, with what joins codes (`A-12`, `NP/200`) left out.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’') && !is_mark(c))
        .map(|word| word.trim_matches(['\'', '’']))
        .filter(|word| !word.is_empty())
}

/// Marks of scripts (vowels of Indic ones, points of Arabic) stand within words.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{e31}' | '\u{e34}'..='\u{e4e}')
}

/// Whether a folded word holds a sentence together in some language.
pub(super) fn is_function(folded: &str) -> bool {
    ALL.contains_key(folded)
}

/// The words that tell what a text is about, folded, each once, in their order. Of scripts without blanks: pairs of
/// characters.
///
/// A word that holds sentences together in one language says something in another ("take", "war", "men"): those of the
/// languages count that have the most such words here.
pub(super) fn telling(text: &str) -> Vec<String> {
    let languages = likeliest(text);
    let is_function = |part: &str| ALL.get(part).is_some_and(|of| of & languages != 0);
    let mut found: Vec<String> = Vec::new();
    for word in tokens(text) {
        let folded = fold(word);
        if folded.chars().any(is_unspaced) {
            let dense: Vec<char> = folded.chars().collect();
            for pair in dense.windows(2).filter(|pair| pair.iter().all(|c| is_telling_sign(*c))) {
                push(&mut found, pair.iter().collect());
            }
            continue;
        }
        for part in folded.split('\'').filter(|part| part.chars().count() > 1) {
            let is_short = part.chars().count() < 3 && !part.chars().any(|c| c.is_ascii_digit());
            if !is_short && !is_function(part) {
                push(&mut found, part.to_owned());
            }
        }
    }
    found
}

/// The languages that most function words of a text are of, as in [`ALL`].
fn likeliest(text: &str) -> u64 {
    let mut counts = [0_u32; u64::BITS as usize];
    for word in tokens(text) {
        for part in fold(word).split('\'') {
            let of = ALL.get(part).copied().unwrap_or_default();
            for (at, count) in counts.iter_mut().enumerate() {
                *count += u32::from(of >> at & 1 == 1);
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let likely = counts.iter().enumerate().filter(|(_, count)| **count == most);
    likely.fold(0, |all, (at, _)| all | 1 << at)
}

fn push(found: &mut Vec<String>, word: String) {
    if !found.contains(&word) {
        found.push(word);
    }
}

/// Signs of scripts without blanks that carry meaning: no hiragana, and none of the most common helpers.
fn is_telling_sign(c: char) -> bool {
    is_unspaced(c)
        && !matches!(c, '\u{3040}'..='\u{309f}')
        && !"的了吗呢是有在和我你们您请问什么多少怎如何哪个吧这那能可以要会不也都就给您".contains(c)
}

/// Numbers and names of products as one writes them: `NP 200`, `np200` and `NP-200` are one, `np200`. Each with the
/// words in which it stands.
pub(super) fn codes(text: &str) -> Vec<(String, String)> {
    let words: Vec<&str> = tokens(text).collect();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at).copied() {
        let next = words.get(at + 1).copied().filter(|next| next.chars().next().is_some_and(|c| c.is_ascii_digit()));
        let is_letters = word.len() <= 5 && word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase());
        let (key, shown, step) = match next {
            Some(next) if is_letters && !is_unit(word) => (format!("{word}{next}"), format!("{word} {next}"), 2),
            _ => (word.to_owned(), word.to_owned(), 1),
        };
        let key = fold(&key);
        let is_code = key.is_ascii()
            && key.chars().any(|c| c.is_ascii_digit())
            && key.chars().any(|c| c.is_ascii_alphabetic())
            && !is_measure(&key);
        if is_code && !found.iter().any(|(known, _)| *known == key) {
            found.push((key, shown));
        }
        at += step;
    }
    found
}

/// `EUR 12` is a price, `USD 5` too.
fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "EUR"
            | "USD"
            | "GBP"
            | "CHF"
            | "PLN"
            | "CZK"
            | "SEK"
            | "NOK"
            | "DKK"
            | "RUB"
            | "UAH"
            | "TRY"
            | "JPY"
            | "CNY"
            | "AM"
            | "PM"
            | "IN"
            | "TO"
            | "OF"
    )
}

/// `230v`, `5kg`, `24h`, `1st`: a number with its unit is no code.
fn is_measure(key: &str) -> bool {
    let digits = key.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < key.len()
        && matches!(
            digits,
            "v" | "w"
                | "kw"
                | "kwh"
                | "a"
                | "kg"
                | "g"
                | "t"
                | "m"
                | "cm"
                | "mm"
                | "km"
                | "l"
                | "ml"
                | "h"
                | "hz"
                | "bar"
                | "am"
                | "pm"
                | "st"
                | "nd"
                | "rd"
                | "th"
                | "x"
                | "db"
                | "s"
                | "min"
                | "e"
                | "er"
                | "eur"
                | "usd"
                | "k"
                | "mb"
                | "gb"
        )
}

/// What stands in a text, for comparing.
#[derive(Debug, Default)]
pub(super) struct Words {
    whole: HashSet<String>,
    pairs: HashSet<String>,
    /// Letters and digits alone.
    pub(super) key: String,
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut words = Self::default();
        words.add(text);
        words
    }

    pub(super) fn add(&mut self, text: &str) {
        let folded = fold(text);
        for word in tokens(&folded) {
            if word.chars().any(is_unspaced) {
                let dense: Vec<char> = word.chars().collect();
                self.pairs.extend(dense.windows(2).map(|pair| pair.iter().collect::<String>()));
            } else {
                self.whole.extend(word.split('\'').filter(|part| !part.is_empty()).map(str::to_owned));
            }
        }
        self.key.extend(folded.chars().filter(|c| c.is_alphanumeric()));
        self.key.push(' ');
    }

    /// Whether a telling word stands there, in any of its forms or as part of a compound.
    pub(super) fn has(&self, word: &str) -> bool {
        let length = word.chars().count();
        if self.whole.contains(word) || self.pairs.contains(word) {
            return true;
        }
        if length < STEM || word.chars().any(|c| c.is_ascii_digit()) {
            return false;
        }
        let plain = without_participle(word);
        self.whole.iter().any(|known| are_forms(known, word) || are_forms(&without_participle(known), &plain))
    }
}

/// Whether two words are forms of one, or one is a part of the other.
fn are_forms(known: &str, word: &str) -> bool {
    let (known_length, length) = (known.chars().count(), word.chars().count());
    let needed = (length * 2).div_ceil(3).max(STEM);
    let common = known.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    // Endings are short; what is longer is another word, or a compound.
    common >= needed && known_length <= length + ENDING
        || length >= PART && known.contains(word)
        || known_length >= PART && word.contains(known)
}

/// What stands before the `ge` of German and Dutch participles, folded: "abgeholt" is of "abholen".
const BEFORE_PARTICIPLES: &[&str] = &[
    "", "ab", "an", "auf", "aus", "bei", "ein", "fest", "frei", "her", "hin", "los", "mit", "nach", "um", "vor", "weg",
    "zu", "zuruck", "zusammen", "aan", "af", "in", "op", "uit", "terug",
];

/// A word without the `ge` of a German or Dutch participle; as it is when it is none.
fn without_participle(word: &str) -> Cow<'_, str> {
    if !word.ends_with(['t', 'd', 'n']) {
        return Cow::Borrowed(word);
    }
    let stem = |before: &&str| {
        let stem = word.strip_prefix(before)?.strip_prefix("ge")?;
        (stem.chars().count() >= STEM).then(|| Cow::Owned(format!("{before}{stem}")))
    };
    BEFORE_PARTICIPLES.iter().find_map(stem).unwrap_or(Cow::Borrowed(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_words_are_left_of_questions() {
        for (text, expected) in [
            ("How much does the pump NP 200 cost?", "pump 200 cost"),
            ("And how long?", ""),
            ("Wie lange ist die Garantie für Filter?", "garantie filter"),
            ("Quel est le délai de livraison ?", "delai livraison"),
            ("¿Cuánto cuesta el envío?", "cuesta envio"),
            ("А какая гарантия?", "гарантия"),
            ("保修期多长？", "保修 修期"),
        ] {
            assert_eq!(telling(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn codes_are_one_however_they_are_written() {
        for (text, expected) in [
            ("the pump NP 200, the NP-300 and np400", "np200 np300 np400"),
            ("EUR 12, 230V, 24h, 3 days", ""),
            ("model A12/B", "a12"),
        ] {
            let found: Vec<String> = codes(text).into_iter().map(|(key, _)| key).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn words_are_found_in_their_forms() {
        let words = Words::of(
            "Die Lieferzeiten betragen drei Werktage. Pumps are delivered. 保修期为两年. Sie werden gekündigt und abgeholt.",
        );
        for (word, expected) in [
            ("lieferzeit", true),
            ("werktag", true),
            ("pump", true),
            ("delivery", true),
            ("保修", true),
            ("kundigen", true),
            ("abholen", true),
            ("garantie", false),
            ("200", false),
            ("lief", false),
        ] {
            assert_eq!(words.has(word), expected, "{word}");
        }
    }
}
