//! What search needs of one knowledge base, in memory.
//!
//! Each passage has a *slot*: its number in the order of coming. An article's passages have neighbouring slots. What
//! an article loses, or had before it was replaced, stays behind as a slot that does not count; when a quarter of
//! them are such, the others get new numbers. The [`Postings`] say which slots contain a word, the [`Rows`] hold their
//! vectors.

mod by_words;
mod find;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

pub(crate) use find::{Bm25, MOST_ASKED};

use crate::postings::Postings;
use crate::postings::list::LARGEST_COUNT;
use crate::vectors::rows::Rows;
use crate::words;
use crate::words::language::Language;

/// Up to this number of slots that do not count, none get new numbers. (Tests meet the limit with few.)
const FEW: usize = if cfg!(test) { 8 } else { 512 };

/// A passage as the index takes it.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    /// Its key.
    pub key: i64,
    /// By [`words::pack`].
    pub words: &'a [u8],
    /// By [`crate::vectors::pack`]; none while it is not made. An index compares vectors of one dimension, that of
    /// the first; a passage with others is found by its words.
    pub vector: Option<&'a [u8]>,
}

/// The passages of one knowledge base.
#[derive(Debug, Default)]
pub struct Index {
    /// The slots of each article, of those that have some.
    articles: HashMap<i64, Range<u32>>,
    slots: Slots,
    postings: Postings,
    rows: Rows,
    /// Words of the first and the last passage of each article.
    outer_words: u64,
}

/// By slot.
#[derive(Debug, Default)]
struct Slots {
    /// Key of the article.
    articles: Vec<i64>,
    /// Key of the passage.
    passages: Vec<i64>,
    /// In words; longer ones count as the longest.
    lengths: Vec<u16>,
    /// Languages.
    languages: Vec<Option<Language>>,
    /// Whether it counts.
    alive: Vec<bool>,
    /// Number of those that do not.
    dead: usize,
    /// Words of those that do.
    words: u64,
    /// By language, how many of those that count are in it.
    of_languages: BTreeMap<Language, u32>,
}

impl Index {
    /// One without passages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts an article's passages (in their order) in the place of those that it had.
    pub fn replace(&mut self, article: i64, passages: &[Passage<'_>]) {
        self.remove(article);
        let first = self.slots.next();
        for passage in passages {
            self.push(article, passage);
        }
        let slots = first..self.slots.next();
        if !slots.is_empty() {
            self.outer_words += self.slots.outer_words(&slots);
            self.articles.insert(article, slots);
        }
    }

    fn push(&mut self, article: i64, passage: &Passage<'_>) {
        let slot = self.slots.next();
        if slot == u32::MAX {
            return;
        }
        let mut words: Vec<(u32, u8)> = words::unpack(passage.words).collect();
        if !words.is_sorted_by(|a, b| a.0 < b.0) {
            words.sort_unstable();
            words.dedup_by_key(|(word, _)| *word);
        }
        let length = words.iter().map(|(_, count)| u32::from(*count)).sum::<u32>();
        words.iter_mut().for_each(|(_, count)| *count = (*count).clamp(1, LARGEST_COUNT));
        // Which language it is in is kept by slot: in the postings that would be the longest lists.
        let mut language = None;
        words.retain(|(word, _)| match words::marked(*word) {
            Some(marked) => {
                language = Some(marked);
                false
            }
            None => true,
        });
        self.slots.push(article, passage.key, u16::try_from(length).unwrap_or(u16::MAX), language);
        self.postings.push(&words, |slot| self.slots.is_alive(slot));
        if let Some(packed) = passage.vector {
            self.rows.push(slot, packed);
        }
    }

    /// Makes searches as fast as they can be, after filling; what changes later need not be followed by it. (The newest passages
    /// are read through by every search, and of many that are put in, up to some hundred are such.)
    pub fn settle(&mut self) {
        self.postings.freeze(|slot| self.slots.is_alive(slot));
    }

    /// Takes an article's passages out.
    pub fn remove(&mut self, article: i64) {
        if let Some(slots) = self.articles.remove(&article) {
            self.outer_words -= self.slots.outer_words(&slots);
            for slot in slots {
                self.slots.bury(slot);
                self.postings.bury(slot);
            }
        }
        if self.is_empty() {
            *self = Self::default();
        } else if self.slots.dead > FEW && self.slots.dead > self.slots.alive.len() / 4 {
            self.renumber();
        }
    }

    /// Closes the gaps that slots leave which do not count.
    fn renumber(&mut self) {
        let mut next = 0;
        let numbers: Vec<Option<u32>> = self
            .slots
            .alive
            .iter()
            .map(|alive| {
                alive.then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
        let new = |slot: u32| numbers.get(slot as usize).copied().flatten();
        self.postings.renumber(new);
        self.rows.renumber(new);
        self.slots.close();
        for slots in self.articles.values_mut() {
            let start = new(slots.start).unwrap_or_default();
            *slots = start..start + (slots.end - slots.start);
        }
    }

    /// Number of passages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.alive.len() - self.slots.dead
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory that it uses, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        // A hash map has a byte for each place beside it, and an eighth of its places free.
        let articles = (self.articles.capacity() * 8 / 7) * (size_of::<(i64, Range<u32>)>() + 1);
        size_of::<Self>() + articles + self.slots.memory() + self.postings.memory() + self.rows.memory()
    }
}

impl Slots {
    /// The one that comes next.
    fn next(&self) -> u32 {
        u32::try_from(self.alive.len()).unwrap_or(u32::MAX)
    }

    fn push(&mut self, article: i64, passage: i64, length: u16, language: Option<Language>) {
        grow(&mut self.articles);
        grow(&mut self.passages);
        grow(&mut self.lengths);
        grow(&mut self.languages);
        grow(&mut self.alive);
        self.articles.push(article);
        self.passages.push(passage);
        self.lengths.push(length);
        self.languages.push(language);
        self.alive.push(true);
        self.words += u64::from(length);
        if let Some(language) = language {
            *self.of_languages.entry(language).or_default() += 1;
        }
    }

    /// Words of the first and of the last of some.
    fn outer_words(&self, slots: &Range<u32>) -> u64 {
        let length = |slot: u32| self.lengths.get(slot as usize).copied().map_or(0, u64::from);
        length(slots.start) + length(slots.end.saturating_sub(1))
    }

    fn is_alive(&self, slot: u32) -> bool {
        self.alive.get(slot as usize).copied().unwrap_or_default()
    }

    fn bury(&mut self, slot: u32) {
        if let Some(alive) = self.alive.get_mut(slot as usize)
            && std::mem::take(alive)
        {
            self.dead += 1;
            self.words -= self.lengths.get(slot as usize).copied().map_or(0, u64::from);
            let language = self.languages.get(slot as usize).copied().flatten();
            if let Some(count) = language.and_then(|language| self.of_languages.get_mut(&language)) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// Forgets those that do not count.
    fn close(&mut self) {
        retain(&mut self.articles, &self.alive);
        retain(&mut self.passages, &self.alive);
        retain(&mut self.lengths, &self.alive);
        retain(&mut self.languages, &self.alive);
        self.alive.retain(|alive| *alive);
        self.dead = 0;
    }

    fn memory(&self) -> usize {
        (self.articles.capacity() + self.passages.capacity()) * size_of::<i64>()
            + self.lengths.capacity() * size_of::<u16>()
            + self.languages.capacity() * size_of::<Option<Language>>()
            + self.alive.capacity()
    }
}

fn retain<T>(values: &mut Vec<T>, which: &[bool]) {
    let mut which = which.iter();
    values.retain(|_| which.next().copied().unwrap_or_default());
}

/// Makes room for one more, and some: doubling would leave up to half of the memory unused.
pub(crate) fn grow<T>(values: &mut Vec<T>) {
    if values.len() == values.capacity() {
        values.reserve_exact(values.len() / 32 + 16);
    }
}
