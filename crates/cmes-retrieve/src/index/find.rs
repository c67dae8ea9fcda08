//! The two halves of a search, by words and by meaning, and the figures that both need.

use std::collections::HashSet;
use std::ops::Range;

use super::Index;
use crate::best::{Best, Scored};
use crate::vectors::rows::Question;

/// How BM25 weighs counts against lengths (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework").
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bm25 {
    /// From which count on more of a word hardly matter: 1.2 as a rule.
    pub(crate) k1: f32,
    /// How much the length matters, from 0 to 1: 0.75 as a rule.
    pub(crate) b: f32,
    /// Average length of all passages that are searched, in words.
    pub(crate) average_length: f32,
}

/// A passage that was found by words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) slot: u32,
    /// The sum of weight × count × (k1 + 1) / (count + k1 × (1 - b + b × length / average)) over its words.
    pub(crate) score: f32,
    /// Bit n: contains the n-th word that was asked for. Words after the 32nd have none.
    pub(crate) matched: u32,
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
}

/// What is added up for a slot.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    score: f32,
    matched: u32,
}

/// A word that is asked for.
#[derive(Clone, Copy)]
struct Asked {
    word: u32,
    weight: f32,
    bit: u32,
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
        })
    }

    /// Total length of its passages, in words.
    pub(crate) fn total_length(&self) -> u64 {
        self.slots.words
    }

    /// Number of its passages that contain each of some words, which ascend.
    pub(crate) fn document_frequencies(&self, words: &[u32]) -> Vec<u32> {
        self.postings.frequencies(words, |slot| self.slots.is_alive(slot))
    }

    /// The best passages by BM25, best first, at most `top`, and besides, in the same order, those of `also` that
    /// contain one of the words. `asked` are different words, each with its weight (idf × its weight in the
    /// question: given, so that several indices share their statistics); `only`: keys of the articles to search.
    pub(crate) fn words_best(
        &self,
        asked: &[(u32, f32)],
        bm25: &Bm25,
        only: Option<&HashSet<i64>>,
        top: usize,
        also: &[u32],
    ) -> Vec<Found> {
        let asked = sorted(asked);
        let scope = self.scope(only);
        let mut also = also.to_vec();
        also.sort_unstable();
        let mut best = Best::new(top.min(self.len()), &self.slots.passages);
        let mut others = Best::new(also.len(), &self.slots.passages);
        let mut sums = Vec::new();
        for part in 0..=self.postings.segments().len() {
            let slots = self.add_up(part, &asked, bm25, &mut sums);
            let sum = |slot: u32| sums.get((slot - slots.start) as usize).copied().unwrap_or_default();
            for range in overlapping(&scope.ranges, &slots) {
                for slot in range {
                    let Sum { score, matched } = sum(slot);
                    if score > 0.0 && score >= best.floor() && scope.admits(self, slot) {
                        best.offer(slot, score, matched);
                    }
                }
            }
            let from = also.partition_point(|slot| *slot < slots.start);
            for slot in also.iter().skip(from).take_while(|slot| **slot < slots.end) {
                let Sum { score, matched } = sum(*slot);
                if score > 0.0 && self.slots.is_alive(*slot) {
                    others.offer(*slot, score, matched);
                }
            }
        }
        let best = best.into_sorted();
        let taken: HashSet<u32> = best.iter().map(|found| found.slot).collect();
        let others = others.into_sorted().into_iter().filter(|found| !taken.contains(&found.slot));
        let mut found: Vec<Found> = best
            .iter()
            .copied()
            .chain(others)
            .map(|Scored { slot, score, with }| Found { slot, score, matched: with })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        found
    }

    /// Adds up the scores of one segment's slots (the tail is the one after the last), and says which those are.
    fn add_up(&self, part: usize, asked: &[Asked], bm25: &Bm25, sums: &mut Vec<Sum>) -> Range<u32> {
        let tail = self.postings.tail();
        let segment = self.postings.segments().get(part);
        let (start, passages) = segment.map_or((tail.start(), tail.passages()), |part| (part.start(), part.passages()));
        sums.clear();
        sums.resize(passages as usize, Sum::default());
        let lengths = self.slots.lengths.get(start as usize..).unwrap_or_default();
        let of_length = bm25.k1 * bm25.b / bm25.average_length.max(1.0);
        let of_any = bm25.k1 * (1.0 - bm25.b);
        let add = |sums: &mut [Sum], asked: &Asked, local: u32, count: u8| {
            if let (Some(sum), Some(length)) = (sums.get_mut(local as usize), lengths.get(local as usize)) {
                let count = f32::from(count);
                let norm = of_any + of_length * f32::from(*length);
                sum.score += asked.weight * (bm25.k1 + 1.0) * count / (count + norm);
                sum.matched |= asked.bit;
            }
        };
        if let Some(segment) = segment {
            for asked in asked {
                for (local, count) in segment.find(asked.word).into_iter().flatten() {
                    add(sums, asked, local, count);
                }
            }
        } else {
            let mut wanted = [false; 256];
            for asked in asked.iter().filter(|asked| tail.may_have(asked.word)) {
                wanted[usize::from(asked.word.to_le_bytes()[0])] = true;
            }
            for (word, local, count) in tail.entries() {
                if wanted[usize::from(word.to_le_bytes()[0])]
                    && let Ok(at) = asked.binary_search_by_key(&word, |asked| asked.word)
                    && let Some(asked) = asked.get(at)
                {
                    add(sums, asked, local, count);
                }
            }
        }
        start..start + passages
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

    fn scope<'a>(&self, only: Option<&'a HashSet<i64>>) -> Scope<'a> {
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
struct Scope<'a> {
    /// Slots, ascending.
    ranges: Vec<Range<u32>>,
    /// Which articles of them, when not all.
    only: Option<&'a HashSet<i64>>,
}

impl Scope<'_> {
    fn admits(&self, index: &Index, slot: u32) -> bool {
        let of_article =
            |only: &HashSet<i64>| index.slots.articles.get(slot as usize).is_some_and(|article| only.contains(article));
        index.slots.is_alive(slot) && self.only.is_none_or(of_article)
    }
}

/// In the order in which passages have their words, so that sums are the same wherever these stand.
fn sorted(asked: &[(u32, f32)]) -> Vec<Asked> {
    let bit = |at: usize| u32::try_from(at).ok().and_then(|at| 1u32.checked_shl(at)).unwrap_or_default();
    let with_bit =
        asked.iter().enumerate().map(|(at, (word, weight))| Asked { word: *word, weight: *weight, bit: bit(at) });
    let mut sorted: Vec<Asked> = with_bit.collect();
    sorted.sort_by_key(|asked| asked.word);
    sorted.dedup_by_key(|asked| asked.word);
    sorted
}

/// The parts of ascending ranges that are in another.
fn overlapping<'a>(ranges: &'a [Range<u32>], with: &'a Range<u32>) -> impl Iterator<Item = Range<u32>> + 'a {
    let from = ranges.partition_point(|range| range.end <= with.start);
    let some = ranges.iter().skip(from).take_while(|range| range.start < with.end);
    some.map(|range| range.start.max(with.start)..range.end.min(with.end))
}
