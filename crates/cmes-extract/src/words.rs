//! Lists of words, kept as text files beside the code that uses them.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

/// The entries of a list: one a line, `#` begins a comment, `_` at an edge of
/// an entry stands for a blank.
pub(crate) fn list(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(entry).collect()
}

fn entry(line: &str) -> String {
    let (before, line) = line.strip_prefix('_').map_or(("", line), |rest| (" ", rest));
    let (line, after) = line.strip_suffix('_').map_or((line, ""), |rest| (rest, " "));
    [before, line, after].concat()
}

/// Finds the first of the entries in a text, the longest where several begin.
/// Case counts beyond ASCII.
pub(crate) fn finder<S: AsRef<str>>(entries: &[S]) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(entries.iter().map(AsRef::as_ref))
        .expect("some hundred short patterns are within the automaton's limits")
}

/// Several lists of words, all searched in one pass over a text.
pub(crate) struct Lists<T> {
    finder: AhoCorasick,
    /// To which list each entry belongs.
    owners: Vec<T>,
}

impl<T: Copy> Lists<T> {
    /// From lists in the order in which they count. Case matters: they are
    /// searched in text that is in lower case already.
    pub(crate) fn new<S: AsRef<str>>(lists: impl IntoIterator<Item = (T, impl IntoIterator<Item = S>)>) -> Self {
        let (mut entries, mut owners) = (Vec::new(), Vec::new());
        for (owner, list) in lists {
            entries.extend(list.into_iter().filter(|entry| !entry.as_ref().is_empty()));
            owners.resize(entries.len(), owner);
        }
        let finder = AhoCorasick::new(entries.iter().map(AsRef::as_ref))
            .expect("some hundred short patterns are within the automaton's limits");
        Self { finder, owners }
    }

    /// Every entry in the text with its list, also where one stands within another.
    pub(crate) fn all(&self, text: &str) -> impl Iterator<Item = (T, Range<usize>)> {
        let found = self.finder.find_overlapping_iter(text);
        found.filter_map(|found| Some((*self.owners.get(found.pattern().as_usize())?, found.range())))
    }

    /// The first of the lists with an entry in the text that counts there.
    pub(crate) fn first(&self, text: &str, counts: impl Fn(Range<usize>) -> bool) -> Option<T> {
        let found = self.finder.find_overlapping_iter(text).filter(|found| counts(found.range()));
        found.map(|found| found.pattern().as_usize()).min().and_then(|entry| self.owners.get(entry)).copied()
    }
}

/// Beginnings or endings of words by their outermost letter, so that a word is
/// compared with a few of them only.
pub(crate) struct Edges<T>(HashMap<char, Vec<(String, T)>>);

impl<T: Copy> Edges<T> {
    /// From beginnings, in the order in which they count.
    pub(crate) fn beginnings(list: impl IntoIterator<Item = (String, T)>) -> Self {
        Self::by(list, |part| part.chars().next())
    }

    /// From endings, in the order in which they count.
    pub(crate) fn endings(list: impl IntoIterator<Item = (String, T)>) -> Self {
        Self::by(list, |part| part.chars().next_back())
    }

    fn by(list: impl IntoIterator<Item = (String, T)>, letter: impl Fn(&str) -> Option<char>) -> Self {
        let mut map: HashMap<char, Vec<(String, T)>> = HashMap::new();
        for (part, value) in list {
            map.entry(letter(&part).unwrap_or_default()).or_default().push((part, value));
        }
        Self(map)
    }

    /// What the first beginning of a word says.
    pub(crate) fn beginning(&self, word: &str) -> Option<T> {
        let mut parts = self.0.get(&word.chars().next()?)?.iter();
        parts.find(|(part, _)| word.starts_with(part.as_str())).map(|(_, value)| *value)
    }

    /// What the first ending of a word says, of those before which at least
    /// two letters stand.
    pub(crate) fn ending(&self, word: &str) -> Option<T> {
        let mut parts = self.0.get(&word.chars().next_back()?)?.iter();
        let ends = |part: &str| word.strip_suffix(part).is_some_and(|before| before.chars().nth(1).is_some());
        parts.find(|(part, _)| ends(part)).map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_without_comments() {
        assert_eq!(list("# one\nbuilds_\n\nA_G"), ["builds ", "A_G"]);
        let lists = Lists::new([(1, vec!["gmbh"]), (2, vec!["mb", "gm"])]);
        assert_eq!(lists.first("gmbh", |_| true), Some(1));
        assert_eq!(lists.first("gmbh", |range| range.len() == 2), Some(2));
        assert_eq!(lists.all("gmbh").count(), 3);
        let streets = Edges::endings([("weg".to_owned(), 1), ("g".to_owned(), 2)]);
        assert_eq!(
            (streets.ending("hafenweg"), streets.ending("aweg"), streets.ending("eg")),
            (Some(1), Some(2), None)
        );
        assert_eq!(Edges::beginnings([("dire".to_owned(), 1)]).beginning("director"), Some(1));
        assert!(finder(&["gmbh", "gmbh & co"]).find("X GmbH & Co.").is_some_and(|found| found.len() == 9));
    }
}
