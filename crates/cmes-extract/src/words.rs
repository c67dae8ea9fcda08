//! Lists of words, kept as text files beside the code that uses them.

use aho_corasick::{AhoCorasick, MatchKind};

/// The entries of a list: one a line, `#` begins a comment, `_` at an edge of
/// an entry stands for a blank.
pub(crate) fn list(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(entry).collect()
}

fn entry(line: &str) -> String {
    let (before, line) = line.strip_prefix('_').map_or(("", line), |rest| (" ", rest));
    let (line, after) = line.strip_suffix('_').map_or((line, ""), |rest| (rest, " "));
    [before, line, after].concat()
}

/// Finds the first of the entries in a text, the longest where several begin.
/// Case counts beyond ASCII.
pub(crate) fn finder<S: AsRef<str>>(entries: &[S]) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(entries.iter().map(AsRef::as_ref))
        .expect("some hundred short patterns are within the automaton's limits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_without_comments() {
        assert_eq!(list("# one\nbuilds_\n\nA_G"), ["builds ", "A_G"]);
        assert!(finder(&["gmbh", "gmbh & co"]).find("X GmbH & Co.").is_some_and(|found| found.len() == 9));
    }
}
