//! The half of a search that goes by words.
//!
//! Slots are looked at in windows, whose sums stay in the cache of a core. Words that are in many passages say little: once
//! passages are known that these alone cannot reach, they are only counted where other words bring a passage near
//! those (as in MaxScore, Turtle and Flood 1995, "Query evaluation: strategies and optimizations"). Of few
//! articles, their windows alone are read.

use std::collections::HashSet;
use std::ops::Range;

use super::Index;
use super::find::{Around, Asked, BESIDE, Bm25, Found, MOST_ASKED, Matched, overlapping, quoted_bits, sorted};
use crate::best::{Best, Scored};
use crate::postings::Segment;
use crate::postings::list::{Dense, List, Sparse};

/// Slots of a window. (Tests meet the limit with few.)
const WINDOW: usize = if cfg!(test) { 16 } else { 2048 };

/// Slots between two ranges of one window: reading on costs less than beginning anew.
const GAP: u32 = 32;

/// Scores are added up in whole parts of a nat, so that a sum does not depend on the order of its parts.
const UNIT: f32 = 65_536.0;

/// More than any passage has by its words.
const FIRST: f32 = 1e6;

/// Lengths for which the weight of a word that is there once is made once.
const SHORT: u16 = 512;

impl Bm25 {
    /// What a word of a weight of 1 adds to the score.
    fn saturation(&self, count: f32, norm: f32) -> f32 {
        (self.k1 + 1.0) * count / (count + norm)
    }

    /// What counts are compared with in a text of a length.
    fn norm(&self, length: f32, average: f32) -> f32 {
        self.k1 * (1.0 - self.b) + self.k1 * self.b / average.max(1.0) * length
    }
}

/// What a part of a score counts; something at least, so that no word is too common to be found.
#[inline]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
pub(super) fn units(weight: f32, saturation: f32) -> u32 {
    ((weight * saturation * UNIT) as u32).saturating_add(1)
}

/// In nats.
#[expect(clippy::cast_precision_loss, reason = "a figure to order by")]
pub(super) fn nats(units: u32) -> f32 {
    units as f32 / UNIT
}

/// What is asked, with what it takes to weigh it.
struct Asking<'a> {
    asked: Vec<Asked>,
    bm25: &'a Bm25,
    /// By length, of a word that is there once.
    once: Vec<f32>,
    quoted: Vec<Matched>,
}

impl Asking<'_> {
    #[inline]
    fn units(&self, asked: &Asked, length: u16, count: u8) -> u32 {
        let saturation = match self.once.get(usize::from(length)) {
            Some(once) if count == 1 => *once,
            _ => {
                let norm = self.bm25.norm(f32::from(length), self.bm25.average_length);
                self.bm25.saturation(f32::from(count), norm)
            }
        };
        units(asked.weight, saturation)
    }

    /// More than a word adds to any score.
    fn most(&self, asked: &Asked) -> u32 {
        units(asked.weight, self.bm25.k1 + 1.0)
    }

    fn has_quoted(&self, matched: Matched) -> bool {
        !self.quoted.is_empty() && self.quoted.iter().all(|any| matched & any != 0)
    }
}

/// The slots of a segment, or of the tail.
struct Part<'a> {
    slots: Range<u32>,
    /// Words that are in many of its passages, those that say least first.
    dense: Vec<(Asked, Dense<'a>)>,
    sparse: Vec<(Asked, Sparse<'a>)>,
    is_tail: bool,
}

/// The sums of a window.
struct Sums {
    window: Range<u32>,
    scores: Vec<u32>,
    matched: Vec<Matched>,
}

impl Sums {
    fn matched(&self, slot: u32) -> Matched {
        self.matched.get(slot.wrapping_sub(self.window.start) as usize).copied().unwrap_or_default()
    }

    fn score(&self, slot: u32) -> u32 {
        self.scores.get(slot.wrapping_sub(self.window.start) as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn add(&mut self, at: u32, units: u32, bit: Matched) {
        if let (Some(score), Some(matched)) = (self.scores.get_mut(at as usize), self.matched.get_mut(at as usize)) {
            *score = score.saturating_add(units);
            *matched |= bit;
        }
    }
}

impl Index {
    /// The best passages by BM25, best first, at most `top`, and besides, in the same order, those of `also` that
    /// contain one of the words or stand beside one that does. `asked` are different words, each with its weight (idf ×
    /// its weight in the question: given, so that several indices share their statistics), at most [`MOST_ASKED`];
    /// `quoted`: the forms of each quoted word, passages with one of each come first; `only`: keys of the articles to
    /// search, in which those of `also` are too.
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
        let once = (0..SHORT).map(|length| bm25.saturation(1.0, bm25.norm(f32::from(length), bm25.average_length)));
        let quoted = quoted_bits(asked, quoted);
        let asking = Asking { asked: sorted(asked), bm25, once: once.collect(), quoted };
        let scope = self.scope(only);
        let mut also = also.to_vec();
        also.sort_unstable();
        let mut best = Best::new(top.min(self.len()), &self.slots.passages);
        let mut others: Vec<Scored<Around>> = Vec::with_capacity(also.len());
        let mut sums = Sums { window: 0..0, scores: Vec::new(), matched: Vec::new() };
        // The first and the last slot of each window, which stand beside slots of another.
        let mut edges: Vec<(u32, Matched)> = Vec::new();
        let mut parts = self.parts(&asking);
        for part in &mut parts {
            let mut start = part.slots.start;
            while let Some(window) = next_window(&scope.ranges, start..part.slots.end) {
                start = window.end;
                // Whoever looks for quoted words wants them all.
                let floor = if asking.quoted.is_empty() { best.floor().clamp(0.0, FIRST) } else { 0.0 };
                let (weak, of_weak) = part.weak(&asking, floor);
                self.add_up(part, weak, &asking, window, &mut sums);
                let part: &Part<'_> = part;
                let around = |slot: u32| {
                    let [before, behind] = self.beside(slot).map(|slot| slot.map_or(0, |slot| sums.matched(slot)));
                    Around { before, own: sums.matched(slot), behind }
                };
                let score = |slot: u32| sums.score(slot).saturating_add(self.weak_score(part, weak, &asking, slot));
                // Rounding may not cost the last one its place.
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
                let needed = ((floor * (1.0 - 1e-6) * UNIT) as u32).saturating_sub(of_weak).max(1);
                for range in overlapping(&scope.ranges, &sums.window) {
                    for slot in sums.at_least(needed, range) {
                        let score = nats(score(slot));
                        let score = if asking.has_quoted(sums.matched(slot)) { score + FIRST } else { score };
                        if score >= best.floor() && scope.admits(self, slot) {
                            best.offer(slot, score, around(slot));
                        }
                    }
                }
                let from = also.partition_point(|slot| *slot < sums.window.start);
                for slot in also.iter().skip(from).take_while(|slot| **slot < sums.window.end) {
                    if self.slots.is_alive(*slot) {
                        others.push(Scored { slot: *slot, score: nats(score(*slot)), with: around(*slot) });
                    }
                }
                edges.extend(
                    [sums.window.start, sums.window.end.wrapping_sub(1)].map(|slot| (slot, sums.matched(slot))),
                );
            }
        }
        let best = best.into_sorted();
        let taken: HashSet<u32> = best.iter().map(|found| found.slot).collect();
        let others = others.into_iter().filter(|found| !taken.contains(&found.slot));
        let found = best.iter().copied().chain(others).map(|Scored { slot, score, with }| {
            let with = self.across(slot, with, &edges, &parts);
            let surrounded = self.surrounded(slot, with, &weights, bm25);
            Found { slot, score, surrounded, has_quoted: asking.has_quoted(with.own) }
        });
        let mut found: Vec<Found> = found.filter(|found| found.surrounded > 0.0).collect();
        let key = |found: &Found| self.slots.passages.get(found.slot as usize);
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| key(a).cmp(&key(b))));
        found
    }

    /// Its segments and its tail.
    fn parts(&self, asking: &Asking<'_>) -> Vec<Part<'_>> {
        let tail = self.postings.tail();
        let frozen = self.postings.segments().iter().map(|segment| frozen(segment, &asking.asked));
        let slots = tail.start()..tail.start() + tail.passages();
        frozen.chain([Part { slots, dense: Vec::new(), sparse: Vec::new(), is_tail: true }]).collect()
    }

    /// Adds up the scores of a window's slots, but for so many weak words.
    fn add_up(&self, part: &mut Part<'_>, weak: usize, asking: &Asking<'_>, window: Range<u32>, sums: &mut Sums) {
        let size = window.len();
        sums.window = window;
        sums.scores.clear();
        sums.scores.resize(size, 0);
        sums.matched.clear();
        sums.matched.resize(size, 0);
        let window = sums.window.start..sums.window.end;
        let lengths = self.slots.lengths.get(window.start as usize..).unwrap_or_default();
        let (first, end) = (window.start - part.slots.start, window.end - part.slots.start);
        let length = |at: u32| lengths.get(at as usize).copied().unwrap_or_default();
        if part.is_tail {
            let mut wanted = [false; 256];
            let tail = self.postings.tail();
            for asked in asking.asked.iter().filter(|asked| tail.may_have(asked.word)) {
                wanted[usize::from(asked.word.to_le_bytes()[0])] = true;
            }
            for (word, local, count) in tail.entries_of(first..end) {
                if wanted[usize::from(word.to_le_bytes()[0])]
                    && let Ok(at) = asking.asked.binary_search_by_key(&word, |asked| asked.word)
                    && let Some(asked) = asking.asked.get(at)
                {
                    sums.add(local - first, asking.units(asked, length(local - first), count), asked.bit);
                }
            }
        }
        for (asked, list) in &mut part.sparse {
            list.seek(first);
            while let Some((local, count)) = list.next_before(end) {
                sums.add(local - first, asking.units(asked, length(local - first), count), asked.bit);
            }
        }
        for (asked, list) in part.dense.iter().skip(weak) {
            for local in first..end {
                let count = list.count(local);
                if count > 0 {
                    sums.add(local - first, asking.units(asked, length(local - first), count), asked.bit);
                }
            }
        }
    }

    /// What the words add to a slot's score that were left out.
    fn weak_score(&self, part: &Part<'_>, weak: usize, asking: &Asking<'_>, slot: u32) -> u32 {
        let length = self.slots.lengths.get(slot as usize).copied().unwrap_or_default();
        let of = |(asked, list): &(Asked, Dense<'_>)| match list.count(slot - part.slots.start) {
            0 => 0,
            count => asking.units(asked, length, count),
        };
        part.dense.iter().take(weak).map(of).fold(0, u32::saturating_add)
    }

    /// With what stands beside a slot in another window, and with the words that may have been left out.
    fn across(&self, slot: u32, around: Around, edges: &[(u32, Matched)], parts: &[Part<'_>]) -> Around {
        let matched = |slot: u32| {
            let from = edges.partition_point(|(edge, _)| *edge < slot);
            let at_edge = edges.iter().skip(from).take_while(|(edge, _)| *edge == slot);
            let at_edge = at_edge.fold(0, |all, (_, matched)| all | matched);
            let after = parts.partition_point(|part| part.slots.start <= slot);
            let part = parts.iter().take(after).rev().find(|part| part.slots.contains(&slot));
            let dense = part.into_iter().flat_map(|part| part.dense.iter().map(move |dense| (part.slots.start, dense)));
            let there = dense.filter(|(start, (_, list))| list.count(slot - start) > 0);
            there.fold(at_edge, |all, (_, (asked, _))| all | asked.bit)
        };
        let [before, behind] = self.beside(slot).map(|beside| beside.map_or(0, matched));
        let Around { before: known_before, own, behind: known_behind } = around;
        Around { before: known_before | before, own: own | matched(slot), behind: known_behind | behind }
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
            score += weights.get(bit as usize).copied().unwrap_or_default() * bm25.saturation(count, norm);
            left &= left - 1;
        }
        score
    }
}

impl Sums {
    /// The slots of a range that have so much.
    fn at_least(&self, needed: u32, slots: Range<u32>) -> impl Iterator<Item = u32> + '_ {
        let from = (slots.start - self.window.start) as usize..(slots.end - self.window.start) as usize;
        let scores = self.scores.get(from).unwrap_or_default();
        let some = scores.chunks(16).zip((slots.start..).step_by(16));
        // Most have none.
        let some = some.filter(move |(scores, _)| scores.iter().fold(false, |any, score| any | (*score >= needed)));
        some.flat_map(move |(scores, first)| {
            scores.iter().zip(first..).filter(move |(score, _)| **score >= needed).map(|(_, slot)| slot)
        })
    }
}

impl Part<'_> {
    /// How many of the words that are in many passages cannot bring one there that has nothing else, and what they
    /// add at most.
    fn weak(&self, asking: &Asking<'_>, floor: f32) -> (usize, u32) {
        let (mut weak, mut of_weak) = (0, 0_u32);
        for (asked, _) in &self.dense {
            let with = of_weak.saturating_add(asking.most(asked));
            if nats(with) >= floor {
                break;
            }
            (weak, of_weak) = (weak + 1, with);
        }
        (weak, of_weak)
    }
}

fn frozen<'a>(segment: &'a Segment, asked: &[Asked]) -> Part<'a> {
    let slots = segment.start()..segment.start() + segment.passages();
    let mut part = Part { slots, dense: Vec::new(), sparse: Vec::new(), is_tail: false };
    for asked in asked {
        match segment.find(asked.word) {
            Some(List::Dense(list)) => part.dense.push((*asked, list)),
            Some(List::Sparse(list)) => part.sparse.push((*asked, list)),
            None => {}
        }
    }
    part.dense.sort_by(|(a, _), (b, _)| a.weight.total_cmp(&b.weight));
    part
}

/// Where to look next: from the first slot of some ranges (ascending) that is in `slots`.
fn next_window(ranges: &[Range<u32>], slots: Range<u32>) -> Option<Range<u32>> {
    if slots.is_empty() {
        return None;
    }
    let most = u32::try_from(WINDOW).unwrap_or(u32::MAX);
    let mut overlapping = overlapping(ranges, &slots);
    let mut window = overlapping.next()?;
    window.end = window.end.min(window.start.saturating_add(most));
    for range in overlapping {
        if range.start > window.end.saturating_add(GAP) || range.end - window.start > most {
            break;
        }
        window.end = range.end;
    }
    Some(window)
}
