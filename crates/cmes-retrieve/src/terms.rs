//! What texts are about: their most telling words.

use std::collections::HashMap;

/// Most words that are kept of an article, and given of a base.
pub const MOST: usize = 60;

/// The telling words of a text with their counts, most frequent first; at most [`MOST`].
#[must_use]
pub fn of_text(text: &str) -> Vec<(String, u32)> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 3) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    let mut counts: Vec<(String, u32)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(MOST);
    counts
}

/// The key terms of several texts (each by [`of_text`]), most telling first.
#[must_use]
pub fn joined(texts: &[Vec<(String, u32)>]) -> Vec<String> {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for (word, count) in texts.iter().flatten() {
        *counts.entry(word).or_default() += count;
    }
    let mut counts: Vec<(&str, u32)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    counts.into_iter().take(MOST).map(|(word, _)| word.to_owned()).collect()
}
