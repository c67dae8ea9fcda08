//! Words on pages of lists (`data/listing_words.txt`).

use std::collections::HashMap;
use std::sync::LazyLock;

static WORDS: LazyLock<HashMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let mut lists: HashMap<&str, Vec<String>> = HashMap::new();
    for line in include_str!("../../data/listing_words.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((kind, words)) = line.split_once(':') else { continue };
        let words = words.split(',').map(|word| word.trim().replace('_', " ")).filter(|word| !word.trim().is_empty());
        lists.entry(kind).or_default().extend(words);
    }
    lists
});

/// The words of a kind.
pub(super) fn list(kind: &str) -> &'static [String] {
    WORDS.get(kind).map_or(&[], Vec::as_slice)
}

/// Whether a folded text has one of the words of a kind.
pub(super) fn has_one(kind: &str, folded: &str) -> bool {
    list(kind).iter().any(|word| folded.contains(word.as_str()))
}

/// Whether a folded text is one of the words of a kind.
pub(super) fn is_one(kind: &str, folded: &str) -> bool {
    list(kind).iter().any(|word| word == folded)
}
