//! Postings that do not change any more, compact.

use super::Tail;
use super::list::{self, List};

/// Most passages of one segment, so that a slot fits into 16 bits.
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
    /// Which of its passages do not count any more, and are still in the lists: slots after `start`, ascending.
    buried: Vec<u16>,
    /// Ascending.
    words: Vec<u32>,
    /// Where the list of each word starts; of a word in one passage only (half of the words are such), that passage
    /// instead, as [`ONE`] with its slot (after `start`) and its count.
    offsets: Vec<u32>,
    /// See [`list`].
    lists: Vec<u8>,
}

impl Segment {
    /// Of the passages in the tail; those that do not count are left out.
    pub(super) fn freeze(mut tail: Tail, alive: impl Fn(u32) -> bool) -> Self {
        tail.entries.sort_unstable();
        let mut writer = Writer::new(tail.passages);
        for (word, local, count) in tail.entries() {
            if alive(tail.start + local) {
                writer.push(word, local, count);
            }
        }
        writer.finish(tail.start)
    }

    /// One of several that follow each other, with `passages` slots from `start` on. `new` gives the number that a
    /// slot has in it, none for one that is left out; numbers ascend.
    pub(super) fn merge(parts: &[Self], start: u32, passages: u32, new: impl Fn(u32) -> Option<u32>) -> Self {
        let mut writer = Writer::new(passages);
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
        writer.finish(start)
    }

    /// Bytes of its lists.
    pub(super) fn bytes(&self) -> usize {
        self.lists.len()
    }

    /// Takes note that a slot does not count any more.
    pub(super) fn bury(&mut self, slot: u32) {
        if let Ok(local) = u16::try_from(slot.saturating_sub(self.start))
            && let Err(at) = self.buried.binary_search(&local)
        {
            self.buried.insert(at, local);
        }
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
            return List::one((offset >> 8) & 0xffff, offset.to_le_bytes()[0]);
        }
        List::read(self.lists.get(offset as usize..).unwrap_or_default(), self.passages)
    }

    /// Number of passages with a word, of those that count.
    pub(super) fn frequency(&self, word: u32) -> u32 {
        let Some(mut list) = self.find(word) else { return 0 };
        let all = list.len();
        let gone = self.buried.iter().filter(|local| list.count_at(u32::from(**local)) > 0).count();
        all.saturating_sub(u32::try_from(gone).unwrap_or(u32::MAX))
    }

    /// Of what it points to, in bytes.
    pub(super) fn memory(&self) -> usize {
        (self.words.capacity() + self.offsets.capacity()) * size_of::<u32>()
            + self.buried.capacity() * size_of::<u16>()
            + self.lists.capacity()
    }
}

/// Writes lists, word by word.
#[derive(Debug)]
struct Writer {
    passages: u32,
    words: Vec<u32>,
    offsets: Vec<u32>,
    lists: Vec<u8>,
    /// Those of the word that is being written.
    entries: Vec<(u32, u8)>,
    word: u32,
}

impl Writer {
    fn new(passages: u32) -> Self {
        let (words, offsets, lists, entries) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { passages, words, offsets, lists, entries, word: 0 }
    }

    fn push(&mut self, word: u32, local: u32, count: u8) {
        if word != self.word {
            self.end_list();
            self.word = word;
        }
        self.entries.push((local, count));
    }

    fn end_list(&mut self) {
        match self.entries.as_slice() {
            [] => return,
            [(local, count)] => self.offsets.push(ONE | local << 8 | u32::from(*count)),
            entries => {
                self.offsets.push(u32::try_from(self.lists.len()).unwrap_or(ONE - 1));
                list::write(&mut self.lists, entries, self.passages);
            }
        }
        self.words.push(self.word);
        self.entries.clear();
    }

    fn finish(mut self, start: u32) -> Segment {
        self.end_list();
        let Self { passages, mut words, mut offsets, mut lists, .. } = self;
        words.shrink_to_fit();
        offsets.shrink_to_fit();
        lists.shrink_to_fit();
        Segment { start, passages, buried: Vec::new(), words, offsets, lists }
    }
}
