//! Phrases between quotation marks: whoever quotes wants the words as they stand.

use super::forms;
use super::segment::{Segment, normalised, segments};

/// Marks before and after a quotation. The ones that are alike on both sides come first, as they may not be
/// told from each other by their place.
const MARKS: [(char, char); 7] = [('"', '"'), ('„', '“'), ('„', '”'), ('“', '”'), ('«', '»'), ('»', '«'), ('「', '」')];

/// Longest phrase, in bytes: what is longer is a text that happens to have a mark in it.
const LONGEST: usize = 200;

/// The parts of a question, and whether each is quoted.
pub(crate) fn parts(question: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = question;
    while let Some((start, open)) = rest.char_indices().find(|(_, letter)| MARKS.iter().any(|(open, _)| open == letter))
    {
        let (before, quoted) = rest.split_at(start);
        let quoted = &quoted[open.len_utf8()..];
        let is_end = |letter: char| MARKS.contains(&(open, letter));
        parts.push((before, false));
        match quoted.find(is_end).filter(|end| *end <= LONGEST) {
            Some(end) => {
                parts.push((&quoted[..end], true));
                rest = quoted[end..].trim_start_matches(is_end);
            }
            None => rest = quoted,
        }
    }
    parts.push((rest, false));
    parts
}

/// Whether a text has all phrases that a question quotes, word by word; none when it quotes nothing.
/// Letter case, accents and signs between the words do not matter.
///
/// An [`crate::Index`] knows which words a passage has and not their order (that would double its memory), so this is
/// asked of the few passages that were found, whose texts are at hand.
#[must_use]
pub fn has_quoted(question: &str, text: &str) -> Option<bool> {
    let question = normalised(question);
    let phrases: Vec<Vec<String>> =
        parts(&question).into_iter().filter(|(_, is_quoted)| *is_quoted).map(|(phrase, _)| words(phrase)).collect();
    let phrases: Vec<Vec<String>> = phrases.into_iter().filter(|phrase| !phrase.is_empty()).collect();
    if phrases.is_empty() {
        return None;
    }
    let text = words(&normalised(text));
    Some(phrases.iter().all(|phrase| text.windows(phrase.len()).any(|window| window == phrase)))
}

/// Words, numbers and pairs of letters in their order.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    segments(text, |segment| {
        let mut form = String::new();
        match segment {
            Segment::Word(word) => forms::folded(&forms::lower(word), &mut form),
            Segment::Number(digits) => forms::number(digits, &mut form),
            Segment::Pair(pair) => form.push_str(pair),
            Segment::Joined(_) => return,
        }
        words.push(form);
    });
    words
}

#[cfg(test)]
mod tests {
    use super::{has_quoted, parts};

    #[test]
    fn marks_of_many_languages_quote() {
        for question in ["a \"b c\" d", "a „b c“ d", "a “b c” d", "a «b c» d", "a 「b c」 d"] {
            let quoted: Vec<&str> = parts(question).into_iter().filter(|part| part.1).map(|part| part.0).collect();
            assert_eq!(quoted, ["b c"], "{question}");
        }
        assert!(parts("a 5\" pipe").iter().all(|part| !part.1));
    }

    #[test]
    fn quoted_words_have_to_stand_together() {
        assert_eq!(has_quoted("\"red valve\"", "The Red  Valve, closed"), Some(true));
        assert_eq!(has_quoted("\"red valve\"", "A valve that is red"), Some(false));
        assert_eq!(has_quoted("red valve", "A valve"), None);
        assert_eq!(has_quoted("「电池保修」", "整机保修两年，电池保修六个月"), Some(true));
    }
}
