//! Which passages contain a word, and how often.
//!
//! Passages come with growing slots. The newest are in a tail that is read
//! through, the others in frozen segments: sorted words, each with a compact
//! list of its slots. A full tail becomes a segment, and is merged with those before it that are
//! not much larger, so that there are few segments, and each word is written again a few times only.

pub(crate) mod list;
mod segment;

use std::ops::Range;

pub(crate) use segment::Segment;
use segment::{LARGEST, MOST_BYTES};

/// Most words in the tail: reading through them takes some 30 µs. (Tests meet every limit with few passages.)
const TAIL: usize = if cfg!(test) { 64 } else { 1 << 15 };

/// Bits of words in the tail, in 64s.
const SEEN: usize = (1 << 16) / 64;

/// Word, slot and count of an entry of the tail.
#[expect(clippy::cast_possible_truncation, reason = "the parts that were put together")]
fn parts(entry: u64) -> (u32, u32, u8) {
    ((entry >> 32) as u32, (entry as u32) >> 8, entry as u8)
}

/// Where the bit of a word is.
fn seen(word: u32) -> (usize, u64) {
    let bit = word & 0xffff;
    (bit as usize / 64, 1 << (bit % 64))
}

/// The words of all passages of an index.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    /// One after the other without gaps, from slot 0.
    segments: Vec<Segment>,
    tail: Tail,
}

/// The words of the newest passages.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    start: u32,
    passages: u32,
    /// Passage by passage: word (32 bits), slot after `start` (24), count (8).
    entries: Vec<u64>,
    /// A bit for every value of a word's lowest 16 bits: set when the tail may have such a word. Most words that are
    /// asked about (forms in other languages) are in no passage, and cost a look at this.
    seen: Vec<u64>,
}

impl Tail {
    fn push(&mut self, words: &[(u32, u8)]) {
        self.seen.resize(SEEN, 0);
        let local = u64::from(self.passages);
        for (word, count) in words {
            self.entries.push(u64::from(*word) << 32 | local << 8 | u64::from(*count));
            let (at, bit) = seen(*word);
            if let Some(bits) = self.seen.get_mut(at) {
                *bits |= bit;
            }
        }
        self.passages += 1;
    }

    /// Whether it may have a word; not when this says no.
    pub(crate) fn may_have(&self, word: u32) -> bool {
        let (at, bit) = seen(word);
        self.seen.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// The slot of its first passage.
    pub(crate) fn start(&self) -> u32 {
        self.start
    }

    /// Number of slots.
    pub(crate) fn passages(&self) -> u32 {
        self.passages
    }

    /// Each word with its slot (counted from `start`) and count; the words of a passage ascend.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (u32, u32, u8)> {
        self.entries.iter().copied().map(parts)
    }

    /// Those of passages from one slot (counted from `start`) to before another.
    pub(crate) fn entries_of(&self, slots: Range<u32>) -> impl Iterator<Item = (u32, u32, u8)> {
        let before = |end: u32| self.entries.partition_point(|entry| parts(*entry).1 < end);
        let some = self.entries.get(before(slots.start)..before(slots.end)).unwrap_or_default();
        some.iter().copied().map(parts)
    }
}

impl Postings {
    /// Appends the passage with the next slot. Its words ascend, each is there once; `alive` says
    /// of the slots before it whether they still count.
    pub(crate) fn push(&mut self, words: &[(u32, u8)], alive: impl Fn(u32) -> bool) {
        self.tail.push(words);
        if self.tail.entries.len() >= TAIL || self.tail.passages >= LARGEST {
            self.freeze(alive);
        }
    }

    /// Makes a segment of the tail.
    pub(crate) fn freeze(&mut self, alive: impl Fn(u32) -> bool) {
        if self.tail.passages == 0 {
            return;
        }
        let next = Tail { start: self.tail.start + self.tail.passages, ..Tail::default() };
        let tail = std::mem::replace(&mut self.tail, next);
        self.segments.push(Segment::freeze(tail, &alive));
        self.merge_last(alive);
    }

    /// Merges the last segments, as far back as each is not more than three times as large as all after it.
    fn merge_last(&mut self, alive: impl Fn(u32) -> bool) {
        let mut first = self.segments.len();
        let (mut passages, mut bytes) = (0, 0);
        for segment in self.segments.iter().rev() {
            let fits = passages + segment.passages() <= LARGEST && bytes + segment.bytes() <= MOST_BYTES;
            if passages > 0 && (segment.passages() > 3 * passages || !fits) {
                break;
            }
            first -= 1;
            passages += segment.passages();
            bytes += segment.bytes();
        }
        if self.segments.len() - first > 1 {
            let parts = self.segments.split_off(first);
            let start = parts.first().map_or(0, Segment::start);
            self.segments.push(Segment::merge(&parts, start, passages, |slot| alive(slot).then_some(slot)));
        }
    }

    /// Takes note that a slot does not count any more.
    pub(crate) fn bury(&mut self, slot: u32) {
        let after = self.segments.partition_point(|segment| segment.start() <= slot);
        if slot < self.tail.start
            && let Some(segment) = after.checked_sub(1).and_then(|at| self.segments.get_mut(at))
        {
            segment.bury(slot);
        }
    }

    /// Gives the slots that are left new numbers. `new` is the number of a slot, none for one that is gone;
    /// it keeps the order and leaves no gap.
    pub(crate) fn renumber(&mut self, new: impl Fn(u32) -> Option<u32>) {
        let mut start = 0;
        for segment in &mut self.segments {
            let old = segment.start()..segment.start() + segment.passages();
            let passages = u32::try_from(old.filter(|slot| new(*slot).is_some()).count()).unwrap_or(u32::MAX);
            *segment = Segment::merge(std::slice::from_ref(segment), start, passages, &new);
            start += passages;
        }
        self.segments.retain(|segment| segment.passages() > 0);
        let tail = std::mem::take(&mut self.tail);
        let passages = (tail.start..tail.start + tail.passages).filter(|slot| new(*slot).is_some()).count();
        self.tail = Tail { start, passages: u32::try_from(passages).unwrap_or(u32::MAX), ..tail };
        self.tail.entries.retain_mut(|entry| {
            #[expect(clippy::cast_possible_truncation, reason = "the lower half holds the slot and the count")]
            let slot = new(tail.start + (*entry as u32 >> 8));
            let local = u64::from(slot.unwrap_or_default().saturating_sub(start));
            *entry = *entry & 0xffff_ffff_0000_00ff | local << 8;
            slot.is_some()
        });
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    pub(crate) fn tail(&self) -> &Tail {
        &self.tail
    }

    /// Number of passages with each of some words (ascending), of those that count. The tail is read through
    /// once for all of them.
    pub(crate) fn frequencies(&self, words: &[u32], alive: impl Fn(u32) -> bool) -> Vec<u32> {
        let frozen = |word| self.segments.iter().map(|segment| segment.frequency(word)).sum();
        let mut frequencies: Vec<u32> = words.iter().map(|word| frozen(*word)).collect();
        let mut wanted = [false; 256];
        for word in words.iter().filter(|word| self.tail.may_have(**word)) {
            wanted[usize::from(word.to_le_bytes()[0])] = true;
        }
        for (word, local, _) in self.tail.entries() {
            if wanted[usize::from(word.to_le_bytes()[0])]
                && let Ok(at) = words.binary_search(&word)
                && let Some(frequency) = frequencies.get_mut(at)
                && alive(self.tail.start + local)
            {
                *frequency += 1;
            }
        }
        frequencies
    }

    /// In bytes.
    pub(crate) fn memory(&self) -> usize {
        let segments = self.segments.iter().map(|segment| size_of::<Segment>() + segment.memory()).sum::<usize>();
        segments + (self.tail.entries.capacity() + self.tail.seen.capacity()) * size_of::<u64>()
    }
}
