//! The two halves of a search, by words and by meaning, and the figures that both need.

use std::collections::HashSet;
use std::ops::Range;

use super::Index;
use crate::best::{Best, Scored};
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

impl Bm25 {
    /// What a word of this weight adds to the score.
    fn part(&self, weight: f32, count: f32, norm: f32) -> f32 {
        weight * (self.k1 + 1.0) * count / (count + norm)
    }

    /// What counts are compared with in a text of a length.
    fn norm(&self, length: f32, average: f32) -> f32 {
        self.k1 * (1.0 - self.b) + self.k1 * self.b / average.max(1.0) * length
    }
}

/// Most words that are asked for; of more, the first.
pub(crate) const MOST_ASKED: usize = 64;

/// More than any passage has by its words.
const FIRST: f32 = 1e6;

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

/// What is added up for a slot.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    score: f32,
    matched: Matched,
}

/// Bit n: contains the n-th word that was asked for.
type Matched = u64;

/// What of the words is in a passage and in those before and behind it in the article.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    before: Matched,
    own: Matched,
    behind: Matched,
}

/// A word that is asked for.
#[derive(Clone, Copy)]
struct Asked {
    word: u32,
    weight: f32,
    bit: Matched,
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

    /// The slots of all passages.
    pub(crate) fn all_slots(&self) -> impl Iterator<Item = u32> {
        let alive = self.slots.alive.iter().zip(0u32..);
        alive.filter_map(|(is_alive, slot)| is_alive.then_some(slot))
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

    /// The best passages by BM25, best first, at most `top`, and besides, in the same order, those of `also` that
    /// contain one of the words or stand beside one that does. `asked` are different words, each with its weight (idf ×
    /// its weight in the question: given, so that several indices share their statistics), at most [`MOST_ASKED`];
    /// `quoted`: the forms of each quoted word, passages with one of each come first; `only`: keys of the articles to
    /// search.
    pub(crate) fn words_best(
        &self,
        asked: &[(u32, f32)],
        quoted: &[Vec<u32>],
        bm25: &Bm25,
        only: Option<&HashSet<i64>>,
        top: usize,
        also: &[u32],
    ) -> Vec<Found> {
        let weights: Vec<f32> = asked.iter().take(MOST_ASKED).map(|(_, weight)| *weight).collect();
        let quoted = quoted_bits(asked, quoted);
        let has_quoted = |own: Matched| !quoted.is_empty() && quoted.iter().all(|any| own & any != 0);
        let asked = sorted(asked);
        let scope = self.scope(only);
        let mut also = also.to_vec();
        also.sort_unstable();
        let mut best = Best::new(top.min(self.len()), &self.slots.passages);
        let mut others = Best::new(also.len(), &self.slots.passages);
        let mut sums = Vec::new();
        // The first and the last slot of each part, which stand beside slots of another.
        let mut edges: Vec<(u32, Matched)> = Vec::new();
        for part in 0..=self.postings.segments().len() {
            let slots = self.add_up(part, &asked, bm25, &mut sums);
            let sum = |slot: u32| sums.get(slot.wrapping_sub(slots.start) as usize).copied().unwrap_or_default();
            let around = |slot: u32| {
                let [before, behind] = self.beside(slot).map(|beside| beside.map_or(0, |beside| sum(beside).matched));
                Around { before, own: sum(slot).matched, behind }
            };
            for range in overlapping(&scope.ranges, &slots) {
                for slot in range {
                    let Sum { score, matched } = sum(slot);
                    let score = if has_quoted(matched) { score + FIRST } else { score };
                    if score > 0.0 && score >= best.floor() && scope.admits(self, slot) {
                        best.offer(slot, score, around(slot));
                    }
                }
            }
            let from = also.partition_point(|slot| *slot < slots.start);
            for slot in also.iter().skip(from).take_while(|slot| **slot < slots.end) {
                if self.slots.is_alive(*slot) {
                    others.offer(*slot, sum(*slot).score, around(*slot));
                }
            }
            edges.extend([slots.start, slots.end.wrapping_sub(1)].map(|slot| (slot, sum(slot).matched)));
        }
        let best = best.into_sorted();
        let taken: HashSet<u32> = best.iter().map(|found| found.slot).collect();
        let others = others.into_sorted().into_iter().filter(|found| !taken.contains(&found.slot));
        let found = best.iter().copied().chain(others).map(|Scored { slot, score, with }| {
            let with = self.across(slot, with, &edges);
            let surrounded = self.surrounded(slot, with, &weights, bm25);
            Found { slot, score, surrounded, has_quoted: has_quoted(with.own) }
        });
        let mut found: Vec<Found> = found.filter(|found| found.surrounded > 0.0).collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        found
    }

    /// With what stands beside a slot in another part.
    fn across(&self, slot: u32, around: Around, edges: &[(u32, Matched)]) -> Around {
        let matched = |beside: Option<u32>| {
            edges.iter().filter(|(edge, _)| Some(*edge) == beside).fold(0, |all, (_, matched)| all | matched)
        };
        let [before, behind] = self.beside(slot).map(matched);
        Around { before: around.before | before, behind: around.behind | behind, ..around }
    }

    /// See [`Found::surrounded`].
    fn surrounded(&self, slot: u32, around: Around, weights: &[f32], bm25: &Bm25) -> f32 {
        let length = |slot: u32| self.slots.lengths.get(slot as usize).copied().map_or(0.0, f32::from);
        let beside: f32 = self.beside(slot).into_iter().flatten().map(length).sum();
        let norm = bm25.norm(length(slot) + BESIDE * beside, bm25.average_surrounded);
        let mut left = around.before | around.own | around.behind;
        let mut score = 0.0;
        while left != 0 {
            let bit = left.trailing_zeros();
            let has = |matched: Matched| if matched >> bit & 1 == 1 { 1.0 } else { 0.0 };
            let count = has(around.own) + BESIDE * (has(around.before) + has(around.behind));
            score += bm25.part(weights.get(bit as usize).copied().unwrap_or_default(), count, norm);
            left &= left - 1;
        }
        score
    }

    /// Adds up the scores of one segment's slots (the tail is the one after the last), and says which those are.
    fn add_up(&self, part: usize, asked: &[Asked], bm25: &Bm25, sums: &mut Vec<Sum>) -> Range<u32> {
        let tail = self.postings.tail();
        let segment = self.postings.segments().get(part);
        let (start, passages) = segment.map_or((tail.start(), tail.passages()), |part| (part.start(), part.passages()));
        sums.clear();
        sums.resize(passages as usize, Sum::default());
        let lengths = self.slots.lengths.get(start as usize..).unwrap_or_default();
        let add = |sums: &mut [Sum], asked: &Asked, local: u32, count: u8| {
            if let (Some(sum), Some(length)) = (sums.get_mut(local as usize), lengths.get(local as usize)) {
                let norm = bm25.norm(f32::from(*length), bm25.average_length);
                sum.score += bm25.part(asked.weight, f32::from(count), norm);
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

/// Of each quoted word, the bits of its forms; none when a form of one is in no passage.
fn quoted_bits(asked: &[(u32, f32)], quoted: &[Vec<u32>]) -> Vec<Matched> {
    let bit = |form: &u32| asked.iter().take(MOST_ASKED).position(|(word, _)| word == form).map_or(0, |at| 1 << at);
    let bits = |forms: &Vec<u32>| Some(forms.iter().fold(0, |all, form| all | bit(form))).filter(|bits| *bits != 0);
    quoted.iter().map(bits).collect::<Option<_>>().unwrap_or_default()
}

/// In the order in which passages have their words, so that sums are the same wherever these stand.
fn sorted(asked: &[(u32, f32)]) -> Vec<Asked> {
    let with_bit = asked.iter().take(MOST_ASKED).enumerate();
    let with_bit = with_bit.map(|(at, (word, weight))| Asked { word: *word, weight: *weight, bit: 1 << at });
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
