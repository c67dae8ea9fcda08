//! What a text names of the catalogue, and what of it are those whom something
//! is for.

use cmes_types::LanguageCode;

use super::{CATALOGUE, Meaning, Trade, Word};
use crate::fold::{fold, is_unspaced};
use crate::page::prefix;

/// Something of the catalogue that a text names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub(super) meaning: Meaning,
    start: usize,
    end: usize,
    /// Named as those whom something is for.
    pub(super) is_audience: bool,
}

/// Words before those whom something is for, folded; and behind them.
const FOR: &[&str] = &[
    " for ",
    " fur ",
    " pour ",
    " para ",
    " per ",
    " voor ",
    " dla ",
    " для ",
    " til ",
    " till ",
    " για ",
    " pro ",
    " pentru ",
    " cho ",
    " to help ",
    " aux ",
];
const FOR_BEHIND: &[&str] = &["向け", "向けの", "위한", "위해", " icin ", "대상"];
/// Text of which more says nothing new.
const LONGEST: usize = 4_000;

/// What a text names, in order, each word once; the longest where one stands in another.
pub(super) fn mentions(text: &str, language: Option<LanguageCode>) -> Vec<Mention> {
    let folded = padded(text);
    let mut found: Vec<Mention> = CATALOGUE
        .finder
        .find_overlapping_iter(&folded)
        .filter_map(|hit| {
            let word = CATALOGUE.words.get(hit.pattern().as_usize())?;
            let is_spoken = word.language.is_none_or(|own| language == Some(own));
            let counts = is_spoken && stands(&folded, hit.start(), hit.end(), word);
            let is_audience = word.market;
            counts.then_some(Mention { meaning: word.meaning, start: hit.start(), end: hit.end(), is_audience })
        })
        .collect();
    let all = found.clone();
    found.retain(|one| !all.iter().any(|other| is_within(one, other)));
    found.sort_by_key(|mention| mention.start);
    let audiences = audiences(&folded);
    for mention in &mut found {
        mention.is_audience |= audiences.iter().any(|(from, to)| (*from..*to).contains(&mention.start));
    }
    // "Valve castings" are castings for valves, "fundición de válvulas" too.
    let specified: Vec<bool> = (0..found.len())
        .map(|at| {
            let Some(one) = found.get(at) else { return false };
            let is_first = found.get(at + 1).is_some_and(|next| is_head_behind(&folded, one, next));
            is_first
                || at.checked_sub(1).and_then(|at| found.get(at)).is_some_and(|last| is_head_before(&folded, last, one))
        })
        .collect();
    for (mention, is_specifying) in found.iter_mut().zip(specified) {
        mention.is_audience |= is_specifying;
    }
    found
}

/// Folded, with a blank at both ends, so that every word has edges.
fn padded(text: &str) -> String {
    format!(" {} ", fold(prefix(text, LONGEST)))
}

/// The words between two mentions of trades, when nothing but words stands there.
fn between<'a>(text: &'a str, one: &Mention, other: &Mention) -> Option<Vec<&'a str>> {
    let is_named = |at: usize| CATALOGUE.trades.get(at).is_some_and(Trade::is_named);
    // A hotel and restaurant is both.
    let are_trades = matches!((one.meaning, other.meaning), (Meaning::Trade(a), Meaning::Trade(b)) if !(is_named(a) && is_named(b)))
        && one.is_audience == other.is_audience;
    let words = text.get(one.end..other.start).filter(|_| are_trades && one.meaning != other.meaning)?;
    let is_plain = words.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    // What is left of the word that was found is an ending.
    let cut = words.find([' ', '-']).unwrap_or(words.len());
    is_plain.then(|| words.get(cut..).unwrap_or_default().split([' ', '-']).filter(|word| !word.is_empty()).collect())
}

/// Whether the second of two names what it is, and the first only of what sort: "valve body castings".
fn is_head_behind(text: &str, one: &Mention, other: &Mention) -> bool {
    const JOINING: &[&str] = &[
        "and", "or", "with", "in", "to", "from", "und", "oder", "mit", "et", "y", "e", "i", "en", "of", "de", "di",
        "du", "des", "da", "do", "van", "von",
    ];
    // Scripts without blanks, and endings that were not read, say nothing of this.
    let is_ascii = text.get(one.start..other.end).is_some_and(|text| text.is_ascii());
    is_ascii
        && between(text, one, other)
            .is_some_and(|words| words.len() < 2 && !words.iter().any(|word| JOINING.contains(word)))
}

/// Whether the first of two names what it is: "fundición de válvulas".
fn is_head_before(text: &str, one: &Mention, other: &Mention) -> bool {
    const OF: &[&str] = &["de", "di", "du", "des", "da", "do", "of", "van", "von"];
    between(text, one, other).is_some_and(|words| matches!(words.as_slice(), [of] if OF.contains(of)))
}

/// Whether a mention is part of a longer one of the same sort, as the hotel in "hotel software".
fn is_within(one: &Mention, other: &Mention) -> bool {
    let same_sort = matches!(
        (one.meaning, other.meaning),
        (Meaning::Trade(_), Meaning::Trade(_)) | (Meaning::Role(_), Meaning::Role(_))
    );
    let is_longer = other.end - other.start > one.end - one.start;
    same_sort && is_longer && one.meaning != other.meaning && other.start <= one.start && one.end <= other.end
}

/// Whether a word that was found stands there as a word.
fn stands(text: &str, start: usize, end: usize, word: &Word) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    let first = text.get(start..).and_then(|text| text.chars().next());
    let is_attached = |c: char| c.is_alphanumeric() && !is_joined(c);
    let begins = word.inside || first.is_some_and(is_joined) || !before.is_some_and(is_attached);
    let ends = !word.whole || !after.is_some_and(is_attached);
    begins && ends
}

/// Letters of scripts in which words are not set apart, or have particles before and behind.
fn is_joined(c: char) -> bool {
    is_unspaced(c) || matches!(c, '\u{590}'..='\u{6ff}' | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}')
}

/// The parts of a text that name those whom something is for.
fn audiences(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = 0;
    let ends = text.char_indices().filter(|(at, c)| match c {
        ';' | '!' | '?' | '|' | '\n' | '。' | '•' | ':' => true,
        '.' | '-' => text.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')),
        _ => false,
    });
    for end in ends.map(|(at, _)| at).chain([text.len()]) {
        let part = text.get(start..end).unwrap_or_default();
        if let Some(at) = FOR.iter().filter_map(|word| part.find(word)).min() {
            spans.push((start + at, end));
        }
        if let Some(at) = FOR_BEHIND.iter().filter_map(|word| part.find(word)).min() {
            spans.push((start, start + at));
        }
        start = end;
    }
    spans
}
