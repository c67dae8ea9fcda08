//! The sentences of an answer while it is written: each is checked when it is complete, and only then told.

use cmes_extract::fold::is_unspaced;
use cmes_extract::sentences;
use cmes_models::{ChatAnswer, Finish};

use super::checks::{Checker, Verdict};

/// Most sentences of an answer; more is no answer to a question.
const MOST: usize = 12;
/// What is left of an answer.
pub(super) struct Written {
    /// Everything that was told.
    pub(super) text: String,
    /// Places of the passages that it rests on, in the order in which they come.
    pub(super) used: Vec<usize>,
}

/// Takes parts of an answer and tells its sentences.
pub(super) struct Sentences<'a> {
    checker: &'a Checker<'a>,
    /// What has come and is not judged yet.
    rest: String,
    /// Sentences that say nothing by themselves and wait for the next one.
    waiting: String,
    /// What stands between the last sentence and the next.
    gap: &'static str,
    written: Written,
    count: usize,
}

impl<'a> Sentences<'a> {
    pub(super) fn new(checker: &'a Checker<'a>) -> Self {
        let written = Written { text: String::new(), used: Vec::new() };
        Self { checker, rest: String::new(), waiting: String::new(), gap: "", written, count: 0 }
    }

    /// More of the answer.
    pub(super) fn add(&mut self, text: &str, tell: &mut (dyn FnMut(&str) + Send)) {
        self.rest.push_str(text);
        while let Some(end) = complete(&self.rest) {
            let sentence: String = self.rest.drain(..end).collect();
            self.judge(&sentence, tell);
        }
    }

    /// The answer is complete. What was cut off by its limit is not told.
    pub(super) fn end(mut self, answer: &ChatAnswer, tell: &mut (dyn FnMut(&str) + Send)) -> Written {
        let rest = std::mem::take(&mut self.rest);
        if answer.finish == Finish::Stop || sentences::is_ended(rest.trim_end()) {
            self.judge(&rest, tell);
        }
        self.written
    }

    fn judge(&mut self, raw: &str, tell: &mut (dyn FnMut(&str) + Send)) {
        let (text, cited) = without_marks(raw);
        let sentence = text.trim();
        let ends_line = raw.trim_end_matches([' ', '\r']).ends_with('\n');
        if !sentence.is_empty() && self.count < MOST {
            self.count += 1;
            match self.checker.check(sentence, &cited) {
                Verdict::Kept(used) => {
                    let waiting = std::mem::take(&mut self.waiting);
                    let told = [self.gap, &waiting, sentence].concat();
                    self.gap =
                        if sentence.ends_with(|c: char| is_unspaced(c) || "。！？".contains(c)) { "" } else { " " };
                    tell(&told);
                    self.written.text.push_str(&told);
                    for at in used {
                        if !self.written.used.contains(&at) {
                            self.written.used.push(at);
                        }
                    }
                }
                Verdict::Empty if self.waiting.is_empty() => self.waiting = format!("{sentence} "),
                Verdict::Empty => {}
                Verdict::Dropped(reason) => {
                    tracing::debug!(reason, "a written sentence was left out");
                    self.waiting.clear();
                }
            }
        }
        if ends_line && !self.written.text.is_empty() {
            self.gap = "\n";
        }
    }
}

/// Where the first sentence ends, with the marks of passages behind it, if it is sure that it does.
fn complete(text: &str) -> Option<usize> {
    let line_end = text.find('\n').map(|at| at + 1);
    let line = line_end.and_then(|end| text.get(..end)).unwrap_or(text);
    let mut pieces = sentences::split(line).into_iter();
    let first = pieces.next();
    let second = pieces.next();
    if let (Some(first), Some(_)) = (first, second) {
        let mut end = line.find(first)? + first.len();
        // Marks may stand behind the full stop.
        loop {
            let rest = line.get(end..)?;
            let blanks = rest.len() - rest.trim_start().len();
            let marked = rest.trim_start();
            if !marked.starts_with('[') {
                break;
            }
            match marked.find(']') {
                Some(close) if is_mark(marked.get(1..close)?) => end += blanks + close + 1,
                Some(_) => break,
                // It may become a mark.
                None if line_end.is_none() => return None,
                None => break,
            }
        }
        if line.get(end..).is_some_and(|rest| !rest.trim().is_empty()) {
            return Some(end);
        }
    }
    line_end
}

/// The numbers of passages: `1`, `1, 2`.
fn is_mark(inside: &str) -> bool {
    !inside.is_empty() && inside.len() <= 24 && inside.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' '))
}

/// A sentence without the marks of passages, and their places.
fn without_marks(text: &str) -> (String, Vec<usize>) {
    let (mut plain, mut cited) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once(']') {
            Some((inside, behind)) if is_mark(inside) => {
                let numbers = inside.split([',', ' ']).filter_map(|number| number.parse::<usize>().ok());
                cited.extend(numbers.filter_map(|number| number.checked_sub(1)));
                // The blank in front of a mark goes with it.
                plain.truncate(plain.trim_end().len());
                rest = behind;
            }
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    (plain, cited)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off_and_sentences_end_behind_them() {
        let marks = without_marks("It costs 12 EUR [1, 3]. See [this](x) [2].");
        assert_eq!(marks, ("It costs 12 EUR. See [this](x).".to_owned(), vec![0, 2, 1]));
        for (text, expected) in [
            ("It costs 12 EUR. [1] It", Some("It costs 12 EUR. [1]")),
            ("It costs 12 EUR. [1", None),
            ("It costs 12 EUR. [1][2]", None),
            ("It costs 12 EUR.", None),
            ("- A: 1\n- B", Some("- A: 1\n")),
            ("它三天到。然后", Some("它三天到。")),
        ] {
            assert_eq!(complete(text).and_then(|end| text.get(..end)), expected, "{text}");
        }
    }
}
