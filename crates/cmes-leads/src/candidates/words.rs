//! Words on pages of lists (`data/listing_words.txt`).

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_extract::fold::fold;
use cmes_extract::page::prefix;

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

/// Whether a title says that what it names is a list: "American Pipe Directory", "Rohr-Branchenbuch".
pub(super) fn ends_as_list(title: &str) -> bool {
    let folded = fold(prefix(title, 300));
    let parts = folded.split([',', '|', ':', '·', '–', '—']).flat_map(|part| part.split(" - "));
    parts.map(str::trim).any(|part| list("lists").iter().any(|word| part.ends_with(word.as_str())))
}
