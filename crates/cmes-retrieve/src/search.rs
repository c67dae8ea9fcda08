//! Ranking: which passages answer a question best, by words and by meaning.

use std::collections::{HashMap, HashSet};

use crate::index::{Bm25, Slot};
use crate::vectors::rows::Question;
use crate::{Index, words};

/// A question.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// As it was asked.
    pub text: &'a str,
    /// Its meaning, of unit length; none when there is no embedder.
    pub vector: Option<&'a [f32]>,
}

/// An index to search, and of which articles; none = of all.
#[derive(Clone, Copy, Debug)]
pub struct Searched<'a> {
    /// The index.
    pub index: &'a Index,
    /// Keys of the articles that may be found.
    pub only: Option<&'a HashSet<i64>>,
}

/// A passage that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Which of the indices it is in.
    pub source: usize,
    /// The article's key.
    pub article: i64,
    /// The passage's key.
    pub chunk: i64,
    /// From 0 to 1; comparable within one search.
    pub score: f32,
}

/// The best passages, best first. Several indices are ranked as if they were one.
#[must_use]
pub fn search(searched: &[Searched<'_>], query: &Query<'_>, limit: usize) -> Vec<Hit> {
    let asked: HashSet<u32> = words::words(query.text).collect();
    let sum = |of: &dyn Fn(&Index) -> f64| searched.iter().map(|searched| of(searched.index)).sum::<f64>();
    #[expect(clippy::cast_precision_loss, reason = "figures to weigh by")]
    let passages = sum(&|index| index.len() as f64);
    #[expect(clippy::cast_precision_loss, reason = "figures to weigh by")]
    let average_length = (sum(&|index| index.total_length() as f64) / passages.max(1.0)) as f32;
    let weight = |word: u32| {
        let frequency = sum(&|index| f64::from(index.document_frequency(word)));
        (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln() as f32
    };
    let scored: Vec<(u32, f32)> = asked.iter().map(|word| (*word, weight(*word))).collect();
    let mut hits: Vec<Hit> = Vec::new();
    for (source, Searched { index, only }) in searched.iter().enumerate() {
        let question = query.vector.map(Question::new);
        let near = question.as_ref().map(|question| index.nearest(question, *only, limit)).unwrap_or_default();
        let also: Vec<u32> = near.iter().map(|(slot, _)| *slot).collect();
        let bm25 = Bm25 { k1: 1.2, b: 0.75, average_length };
        let mut shares: HashMap<u32, f32> = also.iter().map(|slot| (*slot, 0.0)).collect();
        #[expect(clippy::cast_precision_loss, reason = "a share of some words")]
        shares.extend(
            index
                .words_best(&scored, &bm25, *only, limit, &also)
                .iter()
                .map(|found| (found.slot, found.matched.count_ones() as f32 / asked.len().max(1) as f32)),
        );
        for (slot, share) in shares {
            let near = question.as_ref().and_then(|question| index.similarity(slot, question)).unwrap_or_default();
            if let Some(Slot { article, passage, .. }) = index.slot(slot) {
                hits.push(Hit { source, article, chunk: passage, score: f32::midpoint(share, near.max(0.0)) });
            }
        }
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk)));
    hits.truncate(limit);
    hits
}
