//! Phrases of the lexicon in other forms than those in which it has them: "clínicas dentales" is what "clínica
//! dental" is, "biura rachunkowe" what "biuro rachunkowe" is.
//!
//! Every word of a phrase may have another ending. What endings are is not known; of a word of five letters or more the
//! last few are left out, of shorter ones none.

use aho_corasick::AhoCorasick;

use super::lexicon::{Word, is_joined};
use super::wanted::stem;

/// A word of a phrase.
struct Part {
    stem: String,
    /// Most letters that may follow.
    rest: usize,
}

struct Phrase {
    /// Its place among the words of the lexicon.
    word: usize,
    parts: Vec<Part>,
}

/// All phrases, found by the beginning of their first words.
pub(super) struct Phrases {
    firsts: AhoCorasick,
    /// Phrases that begin alike, in the order of the patterns of `firsts`.
    phrases: Vec<Vec<Phrase>>,
}

impl Default for Phrases {
    fn default() -> Self {
        Self {
            firsts: AhoCorasick::new(Vec::<&str>::new()).expect("no pattern is within the limits"),
            phrases: Vec::new(),
        }
    }
}

/// Letters of the shortest first word that has other forms.
const SHORTEST: usize = 5;

impl Phrases {
    /// Of patterns of the lexicon and what they are.
    pub(super) fn of(patterns: &[String], words: &[Word]) -> Self {
        let mut firsts: Vec<String> = Vec::new();
        let mut phrases: Vec<Vec<Phrase>> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for (at, (pattern, word)) in patterns.iter().zip(words).enumerate() {
            let Some((first, _)) = pattern.split_once(' ').filter(|_| !pattern.chars().any(is_joined)) else {
                continue;
            };
            if first.chars().count() < SHORTEST {
                continue;
            }
            let count = pattern.split(' ').count();
            let parts =
                pattern.split(' ').enumerate().map(|(place, text)| part(text, place + 1 == count && !word.whole));
            let place = *places.entry(stem(first)).or_insert_with_key(|key| {
                firsts.push(format!(" {key}"));
                phrases.push(Vec::new());
                phrases.len() - 1
            });
            if let Some(list) = phrases.get_mut(place) {
                list.push(Phrase { word: at, parts: parts.collect() });
            }
        }
        let firsts = AhoCorasick::new(&firsts).expect("some hundred short patterns are within the limits");
        Self { firsts, phrases }
    }

    /// The words of the lexicon that a folded text has in some form, with where they stand.
    pub(super) fn find<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        self.firsts.find_overlapping_iter(folded).flat_map(move |hit| {
            let start = hit.start() + 1;
            let list = self.phrases.get(hit.pattern().as_usize()).map_or(&[][..], Vec::as_slice);
            list.iter()
                .filter_map(move |phrase| Some((phrase.word, start, start + phrase.length(folded.get(start..)?)?)))
        })
    }
}

/// A word with the endings that it may have; the last word of a pattern is often cut already.
fn part(text: &str, is_cut: bool) -> Part {
    if is_cut {
        return Part { stem: text.to_owned(), rest: usize::MAX };
    }
    let length = text.chars().count();
    let stem = if length < 4 { text.to_owned() } else { stem(text) };
    let kept = stem.chars().count();
    Part { rest: if length < 4 { 0 } else { length - kept + 2 }, stem }
}

impl Phrase {
    /// How long it is at the start of a text, in bytes.
    fn length(&self, text: &str) -> Option<usize> {
        let mut length = 0;
        for (place, part) in self.parts.iter().enumerate() {
            if place > 0 {
                length += text.get(length..)?.strip_prefix([' ', '-']).map(|_| 1)?;
            }
            let rest = text.get(length..)?.strip_prefix(part.stem.as_str())?;
            length += part.stem.len();
            if part.rest == usize::MAX {
                return Some(length);
            }
            let more = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            if rest.get(..more)?.chars().count() > part.rest {
                return None;
            }
            length += more;
        }
        Some(length)
    }
}
