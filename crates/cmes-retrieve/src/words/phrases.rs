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

/// The phrases that a question quotes.
///
/// An [`crate::Index`] knows which words a passage has and not their order (that would double its memory), so this is
/// asked of the passages that have them all, which a search puts first, and whose texts are at hand.
#[derive(Clone, Debug)]
pub struct Quoted(Vec<Vec<String>>);

impl Quoted {
    /// Those between quotation marks of any language.
    #[must_use]
    pub fn of(question: &str) -> Self {
        let question = normalised(question);
        let quoted = parts(&question).into_iter().filter(|(_, is_quoted)| *is_quoted);
        Self(quoted.map(|(phrase, _)| words(phrase)).filter(|phrase| !phrase.is_empty()).collect())
    }

    /// Whether the question quotes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many of them a text has, word by word. Letter case, accents and signs between the words do not matter.
    #[must_use]
    pub fn held_by(&self, text: &str) -> usize {
        if self.is_empty() {
            return 0;
        }
        let text = words(&normalised(text));
        self.0.iter().filter(|phrase| text.windows(phrase.len()).any(|window| window == **phrase)).count()
    }
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
    use super::{Quoted, parts};

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
        let check = |question: &str, text: &str, expected: usize| {
            assert_eq!(Quoted::of(question).held_by(text), expected, "{question} {text}");
        };
        check("\"red valve\"", "The Red  Valve, closed", 1);
        check("\"red valve\"", "A valve that is red", 0);
        check("„red valve“ or «green pump»", "a green pump and a red valve", 2);
        check("red valve", "A red valve", 0);
        check("「电池保修」", "整机保修两年，电池保修六个月", 1);
        assert!(Quoted::of("red valve").is_empty());
    }
}
