//! Postings that do not change any more, compact.

use super::Tail;

/// Most passages of one segment: what a search adds up for one fits into the cache of a core, and a slot into 16 bits.
pub(super) const LARGEST: u32 = if cfg!(test) { 64 } else { 1 << 16 };

/// Most bytes of lists, so that 32 bits point into them.
pub(super) const MOST_BYTES: usize = 1 << 30;

/// Marks an offset that is none: 16 bits of a slot and 8 of a count are below.
const ONE: u32 = 1 << 31;

/// The words of passages with neighbouring slots.
#[derive(Debug)]
pub(crate) struct Segment {
    start: u32,
    passages: u32,
    /// How many of its passages do not count any more, and are still in the lists.
    buried: u32,
    /// Ascending.
    words: Vec<u32>,
    /// Where the list of each word starts; of a word in one passage only (half of the words are such), that passage
    /// instead, as [`ONE`] with its slot (after `start`) and its count.
    offsets: Vec<u32>,
    /// A list is its length, then for each passage how far its slot is from the one before (the first: from
    /// `start`), doubled, with 1 added when a count other than 1 follows in a byte. The others are LEB128.
    lists: Vec<u8>,
}

impl Segment {
    /// Of the passages in the tail; those that do not count are left out.
    pub(super) fn freeze(mut tail: Tail, alive: impl Fn(u32) -> bool) -> Self {
        tail.entries.sort_unstable();
        let mut writer = Writer::default();
        for (word, local, count) in tail.entries() {
            if alive(tail.start + local) {
                writer.push(word, local, count);
            }
        }
        writer.finish(tail.start, tail.passages)
    }

    /// One of several that follow each other, with `passages` slots from `start` on. `new` gives the number that a
    /// slot has in it, none for one that is left out; numbers ascend.
    pub(super) fn merge(parts: &[Self], start: u32, passages: u32, new: impl Fn(u32) -> Option<u32>) -> Self {
        let mut writer = Writer::default();
        writer.lists.reserve(parts.iter().map(|part| part.lists.len()).sum());
        let mut parts: Vec<(&Self, usize)> = parts.iter().map(|part| (part, 0)).collect();
        while let Some(word) = parts.iter().filter_map(|(part, at)| part.words.get(*at).copied()).min() {
            for (part, at) in &mut parts {
                if part.words.get(*at) != Some(&word) {
                    continue;
                }
                for (local, count) in part.list(*at) {
                    if let Some(slot) = new(part.start + local) {
                        writer.push(word, slot.saturating_sub(start), count);
                    }
                }
                *at += 1;
            }
        }
        writer.finish(start, passages)
    }

    /// Bytes of its lists.
    pub(super) fn bytes(&self) -> usize {
        self.lists.len()
    }

    pub(super) fn bury(&mut self) {
        self.buried += 1;
    }

    /// Its first slot.
    pub(crate) fn start(&self) -> u32 {
        self.start
    }

    /// Number of slots.
    pub(crate) fn passages(&self) -> u32 {
        self.passages
    }

    /// Where a word is found: slots counted from `start`, ascending, each with how often; those that do not count are
    /// among them.
    pub(crate) fn find(&self, word: u32) -> Option<List<'_>> {
        self.words.binary_search(&word).ok().map(|at| self.list(at))
    }

    fn list(&self, at: usize) -> List<'_> {
        let offset = self.offsets.get(at).copied().unwrap_or(ONE - 1);
        if offset & ONE != 0 {
            let one = ((offset >> 8) & 0xffff, offset.to_le_bytes()[0]);
            return List { one: Some(one), bytes: &[], left: 0, local: 0 };
        }
        let mut bytes = self.lists.get(offset as usize..).unwrap_or_default();
        let left = number(&mut bytes).unwrap_or_default();
        List { one: None, bytes, left, local: 0 }
    }

    /// Number of passages with a word, of those that count.
    pub(super) fn frequency(&self, word: u32, alive: impl Fn(u32) -> bool) -> u32 {
        match self.find(word) {
            None => 0,
            Some(list) if self.buried == 0 => list.left + u32::from(list.one.is_some()),
            Some(list) => {
                u32::try_from(list.filter(|(local, _)| alive(self.start + local)).count()).unwrap_or(u32::MAX)
            }
        }
    }

    /// Of what it points to, in bytes.
    pub(super) fn memory(&self) -> usize {
        (self.words.capacity() + self.offsets.capacity()) * size_of::<u32>() + self.lists.capacity()
    }
}

/// The passages with one word.
#[derive(Debug)]
pub(crate) struct List<'a> {
    one: Option<(u32, u8)>,
    bytes: &'a [u8],
    left: u32,
    local: u32,
}

impl Iterator for List<'_> {
    type Item = (u32, u8);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let Some(left) = self.left.checked_sub(1) else { return self.one.take() };
        self.left = left;
        let step = number(&mut self.bytes)?;
        self.local += step >> 1;
        let count = if step & 1 == 0 { 1 } else { *self.bytes.split_off_first()? };
        Some((self.local, count))
    }
}

/// Reads a number in LEB128.
#[inline]
fn number(bytes: &mut &[u8]) -> Option<u32> {
    let first = *bytes.split_off_first()?;
    if first < 0x80 {
        return Some(u32::from(first));
    }
    let mut number = u32::from(first & 0x7f);
    for shift in (7..32).step_by(7) {
        let byte = *bytes.split_off_first()?;
        number |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Some(number)
}

/// Writes lists, word by word.
#[derive(Debug, Default)]
struct Writer {
    words: Vec<u32>,
    offsets: Vec<u32>,
    lists: Vec<u8>,
    /// The list of the word that is being written, without its length.
    list: Vec<u8>,
    word: u32,
    length: u32,
    last: u32,
    count: u8,
}

impl Writer {
    fn push(&mut self, word: u32, local: u32, count: u8) {
        if word != self.word {
            self.end_list();
            self.word = word;
        }
        put(&mut self.list, (local - self.last) << 1 | u32::from(count != 1));
        if count != 1 {
            self.list.push(count);
        }
        (self.last, self.count) = (local, count);
        self.length += 1;
    }

    fn end_list(&mut self) {
        if self.length > 0 {
            self.words.push(self.word);
        }
        if self.length == 1 {
            self.offsets.push(ONE | self.last << 8 | u32::from(self.count));
            self.list.clear();
        } else if self.length > 1 {
            self.offsets.push(u32::try_from(self.lists.len()).unwrap_or(ONE - 1));
            put(&mut self.lists, self.length);
            self.lists.append(&mut self.list);
        }
        (self.length, self.last) = (0, 0);
    }

    fn finish(mut self, start: u32, passages: u32) -> Segment {
        self.end_list();
        let Self { mut words, mut offsets, mut lists, .. } = self;
        words.shrink_to_fit();
        offsets.shrink_to_fit();
        lists.shrink_to_fit();
        Segment { start, passages, buried: 0, words, offsets, lists }
    }
}

/// Writes a number in LEB128.
#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
