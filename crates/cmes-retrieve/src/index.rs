//! What search needs of one knowledge base, in memory.

use std::collections::HashMap;

use crate::words;

/// A passage as the index takes it.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    /// Its key.
    pub key: i64,
    /// By [`words::pack`].
    pub words: &'a [u8],
    /// By [`crate::vectors::pack`]; none while it is not made.
    pub vector: Option<&'a [u8]>,
}

/// The passages of one knowledge base.
#[derive(Debug, Default)]
pub struct Index {
    articles: HashMap<i64, Vec<Entry>>,
}

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: i64,
    pub(crate) words: Vec<(u32, u8)>,
    pub(crate) vector: Option<Vec<u8>>,
}

impl Index {
    /// One without passages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts an article's passages (in their order) in the place of those that it had.
    pub fn replace(&mut self, article: i64, passages: &[Passage<'_>]) {
        let entries = passages.iter().map(|passage| Entry {
            key: passage.key,
            words: words::unpack(passage.words).collect(),
            vector: passage.vector.map(<[u8]>::to_vec),
        });
        self.articles.insert(article, entries.collect());
    }

    /// Takes an article's passages out.
    pub fn remove(&mut self, article: i64) {
        self.articles.remove(&article);
    }

    /// Number of passages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.articles.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory that it uses, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let of = |entry: &Entry| 64 + entry.words.len() * 8 + entry.vector.as_ref().map_or(0, Vec::len);
        self.articles.values().flatten().map(of).sum()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (i64, &Entry)> {
        self.articles.iter().flat_map(|(article, entries)| entries.iter().map(|entry| (*article, entry)))
    }
}
