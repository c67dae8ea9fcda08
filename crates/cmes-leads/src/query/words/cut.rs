//! Cuts a query into words.

use cmes_extract::fold::is_unspaced;
use cmes_extract::places::fold;

use super::is_known;

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) enum Gap {
    /// A blank, or nothing at the beginning.
    Space,
    /// Nothing, an apostrophe or a dot: the word goes on.
    Joined,
    /// A hyphen within a word.
    Hyphen,
    /// A hyphen in front of a word, which excludes it.
    Minus,
    /// A slash.
    Slash,
    /// A comma, bracket, dash or whatever else ends a part of the sentence.
    Break,
}

/// A word, number or sign of the query.
#[derive(Clone, Debug)]
pub(in crate::query) struct Token {
    pub(in crate::query) start: usize,
    pub(in crate::query) end: usize,
    /// Folded.
    pub(in crate::query) word: String,
    pub(in crate::query) gap: Gap,
    /// Begins with a capital letter.
    pub(in crate::query) is_capital: bool,
    /// Has capital letters alone.
    pub(in crate::query) is_upper: bool,
}

impl Token {
    /// A whole number, as far as it is one by itself.
    pub(in crate::query) fn number(&self) -> Option<u32> {
        let digits = self.word.bytes().all(|byte| byte.is_ascii_digit());
        let thousands = || self.word.strip_suffix('k')?.parse::<u32>().ok()?.checked_mul(1_000);
        if digits { self.word.parse().ok() } else { thousands() }
    }
}

/// Signs that are words.
const SIGNS: [char; 6] = ['+', '>', '<', '≥', '≤', '&'];

/// Cuts a text into words.
pub(in crate::query) fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut open: Option<usize> = None;
    let mut last: Option<char> = None;
    let close = |from: usize, to: usize, out: &mut Vec<Token>| push(text, from, to, out);
    for (at, c) in text.char_indices() {
        let is_letter = c.is_alphanumeric() || is_mark(c);
        let changes = last.is_some_and(|last| is_unspaced(last) != is_unspaced(c));
        if let Some(from) = open.filter(|_| !is_letter || changes) {
            close(from, at, &mut out);
            open = None;
        }
        if is_letter {
            open.get_or_insert(at);
        } else if SIGNS.contains(&c) {
            close(at, at + c.len_utf8(), &mut out);
        }
        last = is_letter.then_some(c);
    }
    if let Some(from) = open {
        close(from, text.len(), &mut out);
    }
    out
}

/// Accents and vowel signs that stand by themselves.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}')
}

/// Adds what stands there; text without blanks is cut where words are known.
fn push(text: &str, from: usize, to: usize, out: &mut Vec<Token>) {
    let part = text.get(from..to).unwrap_or_default();
    if !part.chars().next().is_some_and(is_unspaced) {
        return add(text, from, to, out);
    }
    let ends: Vec<usize> = part.char_indices().map(|(at, _)| from + at).skip(1).chain([to]).collect();
    let (mut open, mut at) = (from, 0);
    while let Some(&end) = ends.get(at) {
        let start = at.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(from);
        let is_counted = start == from && out.last().is_some_and(|token| token.number().is_some());
        let known = (at..ends.len().min(at + LONGEST_UNSPACED)).rev().find(|last| {
            let word = ends.get(*last).and_then(|end| text.get(start..*end)).unwrap_or_default();
            if *last == at && !is_counted { PARTICLES.contains(&word) } else { is_known(word) }
        });
        match known {
            Some(last) => {
                if open < start {
                    add(text, open, start, out);
                }
                let end = ends.get(last).copied().unwrap_or(end);
                add(text, start, end, out);
                open = end;
                at = last + 1;
            }
            None => at += 1,
        }
    }
    if open < to {
        add(text, open, to, out);
    }
}

/// Most letters of a word that is looked for in text without blanks.
const LONGEST_UNSPACED: usize = 8;

/// Single letters that are words there.
const PARTICLES: [&str; 4] = ["の", "的", "在", "で"];

fn add(text: &str, start: usize, end: usize, out: &mut Vec<Token>) {
    let part = text.get(start..end).unwrap_or_default();
    let is_sign = part.chars().all(|c| SIGNS.contains(&c));
    let word = if is_sign { part.to_owned() } else { fold(part) };
    let before = text.get(out.last().map_or(0, |token| token.end)..start).unwrap_or_default();
    if word.is_empty() {
        return;
    }
    let first = part.chars().next();
    let is_upper = part.chars().any(char::is_uppercase) && !part.chars().any(char::is_lowercase);
    out.push(Token {
        start,
        end,
        word,
        gap: gap(before, out.is_empty(), first.is_some_and(char::is_alphabetic)),
        is_capital: first.is_some_and(char::is_uppercase),
        is_upper,
    });
}

fn gap(before: &str, is_first: bool, is_word: bool) -> Gap {
    let inner = before.trim();
    match inner {
        "-" | "–" | "−" if is_word && before.ends_with(inner) && (is_first || before.len() > inner.len()) => {
            Gap::Minus
        }
        "-" | "‐" | "‑" | "–" if before.len() == inner.len() => Gap::Hyphen,
        "/" => Gap::Slash,
        "" if before.is_empty() && !is_first => Gap::Joined,
        "'" | "’" | "‘" | "." | "ʼ" | "`" | "·" if before.len() == inner.len() => Gap::Joined,
        "" | "'" | "’" | "\"" | "“" | "”" | "„" | "«" | "»" | "*" | "#" | "&" | "_" => Gap::Space,
        _ => Gap::Break,
    }
}
