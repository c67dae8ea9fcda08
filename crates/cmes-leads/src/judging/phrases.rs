//! Phrases of the lexicon in other forms than those in which it has them: "clínicas dentales" is what "clínica
//! dental" is, "biura rachunkowe" what "biuro rachunkowe" is.
//!
//! Every word of a phrase may have another ending. What endings are is not known; of a word of five letters or more the
//! last few are left out, of shorter ones none.

use std::collections::HashMap;

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

/// Phrases whose first words begin alike: a vocabulary has many "manufacturers of", so what follows is their key.
#[derive(Default)]
struct Alike {
    by_key: HashMap<String, Vec<Phrase>>,
    /// Those without a key.
    others: Vec<Phrase>,
}

/// All phrases, found by the beginning of their first words.
pub(super) struct Phrases {
    firsts: AhoCorasick,
    /// In the order of the patterns of `firsts`.
    phrases: Vec<Alike>,
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
        let mut phrases: Vec<Alike> = Vec::new();
        let mut places = HashMap::new();
        for (at, (pattern, word)) in patterns.iter().zip(words).enumerate() {
            let Some((first, rest)) = pattern.split_once(' ').filter(|_| !pattern.chars().any(is_joined)) else {
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
                phrases.push(Alike::default());
                phrases.len() - 1
            });
            if let Some(alike) = phrases.get_mut(place) {
                let phrase = Phrase { word: at, parts: parts.collect() };
                match key(rest, word.whole) {
                    Some(key) => alike.by_key.entry(key).or_default().push(phrase),
                    None => alike.others.push(phrase),
                }
            }
        }
        let firsts = AhoCorasick::new(&firsts).expect("some hundred short patterns are within the limits");
        Self { firsts, phrases }
    }

    /// The words of the lexicon that a folded text has in some form, with where they stand.
    pub(super) fn find<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        self.firsts.find_overlapping_iter(folded).flat_map(move |hit| {
            let start = hit.start() + 1;
            let alike = self.phrases.get(hit.pattern().as_usize());
            let behind = folded.get(hit.end()..).unwrap_or_default().trim_start_matches(char::is_alphanumeric);
            let keyed = alike
                .into_iter()
                .flat_map(move |alike| keys(behind).into_iter().filter_map(|key| alike.by_key.get(&key)).flatten());
            let others = alike.map_or(&[][..], |alike| alike.others.as_slice());
            keyed
                .chain(others)
                .filter_map(move |phrase| Some((phrase.word, start, start + phrase.length(folded.get(start..)?)?)))
        })
    }
}

/// Letters of a word by which a phrase is found.
const KEY: usize = 3;

fn is_short(word: &str) -> bool {
    word.chars().count() <= KEY
}

/// The key of what follows the first word of a pattern: its short words, which have no other forms, up to the beginning of
/// the first one that is longer.
fn key(rest: &str, is_whole: bool) -> Option<String> {
    let mut key = String::new();
    let mut words = rest.split(' ').peekable();
    while let Some(word) = words.next() {
        key.push(' ');
        key.extend(word.chars().take(KEY));
        if !is_short(word) {
            break;
        }
        let is_cut = words.peek().is_none() && !is_whole;
        if is_cut || !word.chars().all(char::is_alphanumeric) {
            return None;
        }
    }
    Some(key)
}

/// The keys of phrases that may go on with a text.
fn keys(text: &str) -> Vec<String> {
    let (mut keys, mut key, mut rest) = (Vec::new(), String::new(), text);
    while let Some(next) = rest.strip_prefix([' ', '-']) {
        let end = next.find(|c: char| !c.is_alphanumeric()).unwrap_or(next.len());
        let (word, behind) = next.split_at(end);
        key.push(' ');
        keys.push(key.chars().chain(next.chars().take(KEY)).collect());
        if !is_short(word) || word.is_empty() {
            break;
        }
        key.push_str(word);
        if word.chars().count() < KEY {
            keys.push(key.clone());
        }
        rest = behind;
    }
    keys
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
