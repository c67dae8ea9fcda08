//! Phrases of the lexicon in other forms than those in which it has them: "clínicas dentales" is what "clínica
//! dental" is, "biura rachunkowe" what "biuro rachunkowe" is.
//!
//! Every word of a phrase may have another ending. What endings are is not known; of a word of five letters or more the
//! last few are left out, of shorter ones none.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use super::lexicon::{Word, is_joined};
use super::wanted::stem_length;

/// Phrases whose first words begin alike: a vocabulary has many "manufacturers of", so what follows is their key.
#[derive(Default)]
struct Alike {
    /// By places in [`Phrases::all`].
    by_key: HashMap<Box<str>, Vec<u32>>,
    /// Those without a key.
    others: Vec<u32>,
}

/// All phrases, found by the beginning of their first words.
pub(super) struct Phrases {
    firsts: AhoCorasick,
    /// In the order of the patterns of `firsts`.
    alike: Vec<Alike>,
    all: Vec<Phrase>,
    /// Their texts, one behind the other: of a large vocabulary, every byte of each counts.
    text: String,
}

/// Where a phrase stands.
struct Phrase {
    /// Among the words of the lexicon.
    word: u32,
    from: u32,
    to: u32,
    /// Its last word may go on.
    is_open: bool,
}

impl Default for Phrases {
    fn default() -> Self {
        Self {
            firsts: AhoCorasick::new(Vec::<&str>::new()).expect("no pattern is within the limits"),
            alike: Vec::new(),
            all: Vec::new(),
            text: String::new(),
        }
    }
}

/// Letters of the shortest first word that has other forms.
const SHORTEST: usize = 5;

/// Whether a pattern is a phrase that is found here, in the form in which it is given as well.
pub(super) fn is_phrase(pattern: &str, word: &Word) -> bool {
    let first = pattern.split_once(' ').map(|(first, _)| first).filter(|_| !word.inside);
    let is_word = |first: &str| first.chars().count() >= SHORTEST && first.chars().all(char::is_alphanumeric);
    first.is_some_and(is_word) && !pattern.chars().any(is_joined)
}

impl Phrases {
    /// Of patterns of the lexicon and what they are.
    pub(super) fn of(patterns: &[String], words: &[Word]) -> Self {
        let mut made = Self::default();
        let mut firsts: Vec<&str> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for (at, (pattern, word)) in patterns.iter().zip(words).enumerate() {
            let Some((first, rest)) = pattern.split_once(' ').filter(|_| is_phrase(pattern, word)) else { continue };
            let stem = first.get(..stem_length(first)).unwrap_or(first);
            let place = *places.entry(stem).or_insert_with(|| {
                firsts.push(stem);
                made.alike.push(Alike::default());
                made.alike.len() - 1
            });
            let (from, to) = (made.text.len(), made.text.len() + pattern.len());
            let own = short(made.all.len());
            made.text.push_str(pattern);
            made.all.push(Phrase { word: short(at), from: short(from), to: short(to), is_open: !word.whole });
            if let Some(alike) = made.alike.get_mut(place) {
                match key(rest, word.whole) {
                    Some(key) => alike.by_key.entry(key.into_boxed_str()).or_default().push(own),
                    None => alike.others.push(own),
                }
            }
        }
        made.firsts = AhoCorasick::new(&firsts).expect("some thousand short patterns are within the limits");
        made
    }

    /// The words of the lexicon that a folded text has in some form, with where they stand.
    pub(super) fn find<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        let begins = |at: usize| {
            let before = folded.get(..at).and_then(|text| text.chars().next_back());
            !before.is_some_and(char::is_alphanumeric)
        };
        let hits = self.firsts.find_overlapping_iter(folded).filter(move |hit| begins(hit.start()));
        hits.flat_map(move |hit| {
            let start = hit.start();
            let alike = self.alike.get(hit.pattern().as_usize());
            let behind = folded.get(hit.end()..).unwrap_or_default().trim_start_matches(char::is_alphanumeric);
            let keyed = alike.into_iter().flat_map(move |alike| {
                keys(behind).into_iter().filter_map(|key| alike.by_key.get(key.as_str())).flatten()
            });
            let others = alike.map_or(&[][..], |alike| alike.others.as_slice());
            keyed.chain(others).filter_map(move |at| {
                let phrase = self.all.get(usize::try_from(*at).ok()?)?;
                let end = start + self.length(phrase, folded.get(start..)?)?;
                Some((usize::try_from(phrase.word).ok()?, start, end))
            })
        })
    }

    /// How long a phrase is at the start of a text, in bytes.
    fn length(&self, phrase: &Phrase, text: &str) -> Option<usize> {
        let Phrase { from, to, is_open, .. } = phrase;
        let phrase = self.text.get(usize::try_from(*from).ok()?..usize::try_from(*to).ok()?)?;
        let mut length = 0;
        let mut words = phrase.split(' ').peekable();
        while let Some(word) = words.next() {
            if length > 0 {
                length += text.get(length..)?.strip_prefix([' ', '-']).map(|_| 1)?;
            }
            // The last word of a pattern is often cut already.
            if *is_open && words.peek().is_none() {
                return text.get(length..)?.starts_with(word).then_some(length + word.len());
            }
            let (stem, most) = endings(word);
            let rest = text.get(length..)?.strip_prefix(stem)?;
            let more = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            if rest.get(..more)?.chars().count() > most {
                return None;
            }
            length += stem.len() + more;
        }
        Some(length)
    }
}

/// A word without its ending, and how many letters may follow.
fn endings(word: &str) -> (&str, usize) {
    let letters = word.chars().count();
    if letters < 4 {
        return (word, 0);
    }
    let stem = word.get(..stem_length(word)).unwrap_or(word);
    (stem, letters - stem.chars().count() + 2)
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
