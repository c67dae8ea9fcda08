//! How a text names what is wanted.

use super::super::lexicon::is_joined;
use super::super::texts::Telling;
use super::Unit;

/// A folded word without its ending, so that its other forms begin alike.
pub(crate) fn stem(word: &str) -> String {
    word.get(..stem_length(word)).unwrap_or(word).to_owned()
}

/// Bytes of a word without its ending.
pub(crate) fn stem_length(word: &str) -> usize {
    let length = word.chars().count();
    let keep = match length {
        0..=4 => length,
        5 => 4,
        6..=8 => length - 2,
        _ => length - 3,
    };
    word.char_indices().nth(keep).map_or(word.len(), |(at, _)| at)
}

/// How a text names a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named {
    /// Not at all.
    Not,
    /// As those whom something is for, or to specify something else.
    Beside,
    /// As what it is about.
    Plainly,
}

/// How a text names a unit, and where.
pub(crate) fn named(unit: &Unit, text: &Telling<'_>) -> (Named, usize) {
    match unit {
        Unit::Concepts(all) => {
            let found = text.mentions.iter().filter(|one| all.contains(&one.concept)).map(|one| {
                let is_beside = one.is_audience || one.is_specifying;
                (if is_beside { Named::Beside } else { Named::Plainly }, one.start)
            });
            found.max_by_key(|(named, at)| (*named, usize::MAX - *at)).unwrap_or((Named::Not, 0))
        }
        Unit::Word(stem) => word_in(stem, &text.folded)
            .map_or((Named::Not, 0), |at| (if text.is_for_others(at) { Named::Beside } else { Named::Plainly }, at)),
    }
}

/// Where a folded text has a word of this stem, or a compound that ends in one.
pub(crate) fn word_in(stem: &str, folded: &str) -> Option<usize> {
    word_itself_in(stem, folded).or_else(|| first_part_in(stem, folded))
}

/// Where a folded text has a word that is the first part of a compound: the "robinie" of "robinienholz", which says as much.
fn first_part_in(stem: &str, folded: &str) -> Option<usize> {
    const SHORTEST: usize = 6;
    const REST: usize = 3;
    if stem.chars().count() < SHORTEST + 2 || stem.chars().any(is_joined) {
        return None;
    }
    let mut at = 0;
    folded.split_inclusive(|c: char| !c.is_alphanumeric()).find_map(|word| {
        let start = at;
        at += word.len();
        let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let letters = word.chars().count();
        // The last letter may be another where parts are joined.
        let (last, _) = word.char_indices().next_back().filter(|_| letters >= SHORTEST)?;
        let is_part = letters + REST <= stem.chars().count() + 2 && stem.starts_with(word.get(..last)?);
        is_part.then_some(start)
    })
}

fn word_itself_in(stem: &str, folded: &str) -> Option<usize> {
    let length = stem.chars().count();
    folded.match_indices(stem).map(|(at, _)| at).find(|at| {
        let before = folded.get(..*at).and_then(|text| text.chars().next_back());
        let rest = folded.get(at + stem.len()..).unwrap_or_default();
        let is_apart = stem.chars().next().is_some_and(is_joined);
        let rest = rest.chars().take_while(|c| c.is_alphanumeric()).count();
        let begins = !before.is_some_and(char::is_alphanumeric);
        is_apart || begins && rest <= if length < 4 { 1 } else { 5 } || !begins && length >= 5 && rest <= 3
    })
}
