//! What both halves of a search need, and the one that goes by meaning.

use std::collections::HashSet;
use std::ops::Range;

use super::Index;
use crate::vectors::rows::Question;
use crate::words::language::Language;

/// How BM25 weighs counts against lengths (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework").
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bm25 {
    /// From which count on more of a word hardly matter: 1.2 as a rule.
    pub(crate) k1: f32,
    /// How much the length matters, from 0 to 1: 0.75 as a rule.
    pub(crate) b: f32,
    /// Average length of all passages that are searched, in words.
    pub(crate) average_length: f32,
    /// The same of passages with their surroundings (see [`Found::surrounded`]).
    pub(crate) average_surrounded: f32,
}

/// Most words that are asked for; of more, the first.
pub(crate) const MOST_ASKED: usize = 64;

/// How much of a passage's surroundings counts: of each of the two passages beside it in the article.
pub(crate) const BESIDE: f32 = 0.5;

/// A passage that was found by words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) slot: u32,
    /// The sum of weight × count × (k1 + 1) / (count + k1 × (1 - b + b × length / average)) over its words.
    pub(crate) score: f32,
    /// The same of the passage in its surroundings, as if its text were one with [`BESIDE`] of the passages beside it,
    /// and each of them had a word once at most.
    pub(crate) surrounded: f32,
    /// Whether it has a form of each quoted word.
    pub(crate) has_quoted: bool,
}

/// What is known of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Key of the article.
    pub(crate) article: i64,
    /// Key of the passage.
    pub(crate) passage: i64,
    /// In words.
    pub(crate) length: u16,
    /// Its language, as far as it is known.
    pub(crate) language: Option<Language>,
}

/// Bit n: contains the n-th word that was asked for.
pub(super) type Matched = u64;

/// What of the words is in a passage and in those before and behind it in the article.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    pub(super) before: Matched,
    pub(super) own: Matched,
    pub(super) behind: Matched,
}

/// A word that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) word: u32,
    pub(super) weight: f32,
    pub(super) bit: Matched,
}

impl Index {
    /// What is known of a slot.
    pub(crate) fn slot(&self, slot: u32) -> Option<Slot> {
        let at = slot as usize;
        let slots = &self.slots;
        Some(Slot {
            article: *slots.articles.get(at)?,
            passage: *slots.passages.get(at)?,
            length: *slots.lengths.get(at)?,
            language: *slots.languages.get(at)?,
        })
    }

    /// The slots of every so many passages.
    pub(crate) fn every(&self, step: usize) -> impl Iterator<Item = u32> + use<> {
        const SOME: usize = 64;
        let mut found = Vec::new();
        let (mut passed, mut next) = (0, 0);
        for (alive, first) in self.slots.alive.chunks(SOME).zip((0u32..).step_by(SOME)) {
            let here = alive.iter().map(|alive| usize::from(*alive)).sum::<usize>();
            // Most chunks have none that is wanted.
            while next < passed + here {
                let slots = alive.iter().zip(first..).filter_map(|(alive, slot)| alive.then_some(slot));
                found.extend(slots.skip(next - passed).take(1));
                next += step.max(1);
            }
            passed += here;
        }
        found.into_iter()
    }

    /// The slots of the passages before and behind one in its article.
    pub(crate) fn beside(&self, slot: u32) -> [Option<u32>; 2] {
        let article = self.slots.articles.get(slot as usize);
        let is_beside =
            |beside: &u32| self.slots.is_alive(*beside) && self.slots.articles.get(*beside as usize) == article;
        [slot.checked_sub(1).filter(is_beside), slot.checked_add(1).filter(is_beside)]
    }

    /// How many of its passages are in each language.
    pub(crate) fn languages(&self) -> impl Iterator<Item = (Language, u32)> {
        self.slots.of_languages.iter().map(|(language, count)| (*language, *count))
    }

    /// Total length of its passages, in words.
    pub(crate) fn total_length(&self) -> u64 {
        self.slots.words
    }

    /// Total length of its passages with their surroundings, in words.
    #[expect(clippy::cast_precision_loss, reason = "a figure to weigh by")]
    pub(crate) fn total_surrounded(&self) -> f32 {
        // Each stands beside two others, but for the first and the last of an article, which stand beside one.
        self.slots.words as f32 * (1.0 + 2.0 * BESIDE) - self.outer_words as f32 * BESIDE
    }

    /// Number of its passages that contain each of some words, which ascend.
    pub(crate) fn document_frequencies(&self, words: &[u32]) -> Vec<u32> {
        self.postings.frequencies(words, |slot| self.slots.is_alive(slot))
    }

    /// The passages nearest to a question by cosine, best first, at most `top`.
    pub(crate) fn nearest(&self, question: &Question<'_>, only: Option<&HashSet<i64>>, top: usize) -> Vec<(u32, f32)> {
        let scope = self.scope(only);
        let admit = |slot| scope.admits(self, slot);
        let found = self.rows.nearest(question, &scope.ranges, admit, top.min(self.len()), &self.slots.passages);
        found.into_iter().map(|found| (found.slot, found.score)).collect()
    }

    /// The cosine of a passage and a question; none when the passage has no vector, or one of another dimension.
    pub(crate) fn similarity(&self, slot: u32, question: &Question<'_>) -> Option<f32> {
        self.rows.similarity(slot, question)
    }

    pub(super) fn scope<'a>(&self, only: Option<&'a HashSet<i64>>) -> Scope<'a> {
        match only {
            // Few articles are looked at one by one, of many it is asked whether a good passage is in one of them.
            Some(only) if only.len() <= self.articles.len() / 4 => {
                let mut ranges: Vec<Range<u32>> =
                    only.iter().filter_map(|article| self.articles.get(article).cloned()).collect();
                ranges.sort_unstable_by_key(|range| range.start);
                Scope { ranges, only: None }
            }
            _ => Scope { ranges: std::iter::once(0..self.slots.next()).collect(), only },
        }
    }
}

/// Where to search.
pub(super) struct Scope<'a> {
    /// Slots, ascending.
    pub(super) ranges: Vec<Range<u32>>,
    /// Which articles of them, when not all.
    only: Option<&'a HashSet<i64>>,
}

impl Scope<'_> {
    pub(super) fn admits(&self, index: &Index, slot: u32) -> bool {
        let of_article =
            |only: &HashSet<i64>| index.slots.articles.get(slot as usize).is_some_and(|article| only.contains(article));
        index.slots.is_alive(slot) && self.only.is_none_or(of_article)
    }
}

/// Of each quoted word, the bits of its forms; none when a form of one is in no passage.
pub(super) fn quoted_bits(asked: &[(u32, f32)], quoted: &[Vec<u32>]) -> Vec<Matched> {
    let bit = |form: &u32| asked.iter().take(MOST_ASKED).position(|(word, _)| word == form).map_or(0, |at| 1 << at);
    let bits = |forms: &Vec<u32>| Some(forms.iter().fold(0, |all, form| all | bit(form))).filter(|bits| *bits != 0);
    quoted.iter().map(bits).collect::<Option<_>>().unwrap_or_default()
}

/// In the order in which passages have their words, so that sums are the same wherever these stand.
pub(super) fn sorted(asked: &[(u32, f32)]) -> Vec<Asked> {
    let with_bit = asked.iter().take(MOST_ASKED).enumerate();
    let with_bit = with_bit.map(|(at, (word, weight))| Asked { word: *word, weight: *weight, bit: 1 << at });
    let mut sorted: Vec<Asked> = with_bit.collect();
    sorted.sort_by_key(|asked| asked.word);
    sorted.dedup_by_key(|asked| asked.word);
    sorted
}

/// The parts of ascending ranges that are in another.
pub(super) fn overlapping<'a>(ranges: &'a [Range<u32>], with: &'a Range<u32>) -> impl Iterator<Item = Range<u32>> + 'a {
    let from = ranges.partition_point(|range| range.end <= with.start);
    let some = ranges.iter().skip(from).take_while(|range| range.start < with.end);
    some.map(|range| range.start.max(with.start)..range.end.min(with.end))
}
