//! Ranking: which passages answer a question best, by words and by meaning.

use std::collections::HashSet;

use crate::{Index, vectors, words};

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
    let mut hits: Vec<Hit> = Vec::new();
    for (source, Searched { index, only }) in searched.iter().enumerate() {
        for (article, entry) in index.entries().filter(|(article, _)| only.is_none_or(|only| only.contains(article))) {
            let found = entry.words.iter().filter(|(word, _)| asked.contains(word)).count();
            #[expect(clippy::cast_precision_loss, reason = "a share of some words")]
            let share = found as f32 / asked.len().max(1) as f32;
            let near = match (query.vector, &entry.vector) {
                (Some(vector), Some(packed)) => vectors::dot(vector, packed).max(0.0),
                _ => 0.0,
            };
            if share > 0.0 || near > 0.0 {
                hits.push(Hit { source, article, chunk: entry.key, score: f32::midpoint(share, near) });
            }
        }
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk)));
    hits.truncate(limit);
    hits
}
