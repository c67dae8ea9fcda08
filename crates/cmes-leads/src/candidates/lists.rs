//! Words by which lists of companies are known.

use std::sync::LazyLock;

use regex::RegexSet;
use url::Url;

/// Patterns of titles of lists, over folded text.
static TITLES: LazyLock<RegexSet> = LazyLock::new(|| {
    let patterns =
        include_str!("../../data/list_titles.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    RegexSet::new(patterns).expect("the file is fixed and read by the tests")
});

/// How many of the patterns a folded text has. What speaks of "us" is no list.
pub(super) fn titles(folded: &str) -> usize {
    const OWN: &[&str] = &[
        " our ", " we ", " unser", " wir ", " notre ", " nos ", " nuestr", " nostr", " noss", " onze ", " nasz",
        " наш", " мы ",
    ];
    let padded = format!(" {folded} ");
    if OWN.iter().any(|word| padded.contains(word)) { 0 } else { TITLES.matches(folded).iter().count() }
}

/// Whether an address is that of a list: `/blog/top-10-pipe-manufacturers`.
pub(super) fn is_path(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    path.split('/').any(|part| {
        let words: Vec<&str> = part.split(['-', '_']).collect();
        let is_number = |word: &str| !word.is_empty() && word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit());
        let ranks = words.windows(2).any(|pair| matches!(pair, ["top" | "best", number] if is_number(number)));
        ranks && words.len() >= 4 || part.starts_with("list-of-") && words.len() >= 4
    })
}
