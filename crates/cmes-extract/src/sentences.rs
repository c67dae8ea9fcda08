//! Text cut into sentences.

use std::collections::HashSet;

use crate::fold::is_unspaced;

/// Words after which a full stop ends no sentence, folded, without that stop.
const ABBREVIATIONS: &[&str] = &[
    "al",
    "approx",
    "art",
    "av",
    "avda",
    "bzw",
    "ca",
    "co",
    "corp",
    "dhr",
    "dott",
    "dr",
    "e.g",
    "etc",
    "evtl",
    "ggf",
    "gmbh & co",
    "i.e",
    "inc",
    "ing",
    "inkl",
    "jr",
    "ltd",
    "m.in",
    "max",
    "mevr",
    "min",
    "mio",
    "mr",
    "mrs",
    "ms",
    "mt",
    "no",
    "np",
    "nr",
    "o.a",
    "p.ej",
    "ph",
    "prof",
    "resp",
    "rtg",
    "sp",
    "sr",
    "sra",
    "st",
    "str",
    "tel",
    "tzn",
    "u.a",
    "ul",
    "usw",
    "vgl",
    "vs",
    "z.b",
    "zzgl",
    "д",
    "г",
    "им",
    "млн",
    "млрд",
    "обл",
    "стр",
    "т.е",
    "тел",
    "тыс",
    "ул",
];

/// The sentences of a text, each with its end mark, without blanks around.
///
/// A full stop after an abbreviation, an initial or a short number (`19. Jahrhundert`)
/// and one before a small letter end nothing; the marks of Chinese and Japanese
/// need no blank after them.
#[must_use]
pub fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '。' | '！' | '？' | '｡' | '।' | '؟' => true,
            '!' | '?' | '…' | '.' => {
                let after = text.get(at + c.len_utf8()..).unwrap_or_default();
                is_end(text.get(start..at).unwrap_or_default(), c, after)
            }
            _ => false,
        };
        if !ends {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((next, mark)) = chars.next_if(|(_, mark)| is_closing(*mark)) {
            end = next + mark.len_utf8();
        }
        push(text.get(start..end), &mut sentences);
        start = end;
    }
    push(text.get(start..), &mut sentences);
    sentences
}

fn push<'a>(sentence: Option<&'a str>, sentences: &mut Vec<&'a str>) {
    sentences.extend(sentence.map(str::trim).filter(|sentence| !sentence.is_empty()));
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '“' | '’' | '»' | '«' | ')' | ']' | '」' | '』' | '）' | '.' | '!' | '?')
}

fn is_end(before: &str, mark: char, after: &str) -> bool {
    let rest = after.trim_start_matches(is_closing);
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return false;
    }
    if mark != '.' {
        return true;
    }
    let next = rest.trim_start().trim_start_matches(['„', '“', '"', '«', '(', '¿', '¡']).chars().next();
    let Some(next) = next else { return true };
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default().trim_start_matches(['(', '„', '"']);
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let is_ordinal = !word.is_empty() && word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    !(next.is_lowercase() || is_initial || is_ordinal || ABBREVIATIONS.contains(&crate::fold::fold(word).as_str()))
}

/// Whether a text ends as a sentence does.
#[must_use]
pub fn is_ended(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', '»', ')', '」', '』', '）'])
        .ends_with(['.', '!', '?', '…', '。', '！', '？', '｡', '।', '؟'])
}

/// How much of the shorter sentence's words stand in the other, 0 to 1.
#[must_use]
pub fn overlap(one: &str, other: &str) -> f32 {
    let (one, other) = (terms(one), terms(other));
    let common = one.intersection(&other).count();
    let least = one.len().min(other.len()).max(1);
    f32::from(u16::try_from(common).unwrap_or(u16::MAX)) / f32::from(u16::try_from(least).unwrap_or(u16::MAX))
}

/// Words, or pairs of characters in scripts without blanks.
fn terms(text: &str) -> HashSet<String> {
    let folded = crate::fold::fold(text);
    let mut terms: HashSet<String> = folded
        .split(|c: char| !c.is_alphanumeric() || is_unspaced(c))
        .filter(|word| word.chars().count() > 3)
        .map(str::to_owned)
        .collect();
    let dense: Vec<char> = folded.chars().filter(|c| is_unspaced(*c)).collect();
    terms.extend(dense.windows(2).map(|pair| pair.iter().collect::<String>()));
    terms
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sentences_end_where_readers_see_it() {
        for (text, expected) in [
            ("One. Two! Three? Four", vec!["One.", "Two!", "Three?", "Four"]),
            ("Dr. Ann Lee and J. Smith, e.g. today. Next.", vec!["Dr. Ann Lee and J. Smith, e.g. today.", "Next."]),
            (
                "Im 19. Jahrhundert gegründet. Heute 3.5 Mio. Pumpen.",
                vec!["Im 19. Jahrhundert gegründet.", "Heute 3.5 Mio. Pumpen."],
            ),
            ("精密加工です。試作から量産まで。", vec!["精密加工です。", "試作から量産まで。"]),
            ("He said “Yes.” Then left.", vec!["He said “Yes.”", "Then left."]),
            ("Visit example.com now.", vec!["Visit example.com now."]),
            ("", vec![]),
        ] {
            assert_eq!(split(text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "\\PC*") {
            let kept: String = split(&text).concat().split_whitespace().collect();
            prop_assert_eq!(kept, text.split_whitespace().collect::<String>());
        }
    }
}
