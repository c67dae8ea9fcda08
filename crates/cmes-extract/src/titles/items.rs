//! The words of a title and what stands between them.

use super::catalogue::{Language, Meaning, Sense};
use super::reading::Joint;
use crate::fold::is_unspaced;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Word(String),
    Joint(Joint),
    Close,
}

/// Words of a folded text with a blank between them, as phrases of the catalogue are compared.
pub(super) fn normal(folded: &str) -> String {
    let items = items(folded).unwrap_or_default();
    let words: Vec<String> =
        items.into_iter().filter_map(|item| if let Item::Word(word) = item { Some(word) } else { None }).collect();
    words.join(" ")
}

/// The words of a folded text and what stands between them; `None` where something else stands.
pub(super) fn items(folded: &str) -> Option<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let flush = |word: &mut String, items: &mut Vec<Item>| {
        if !word.is_empty() {
            items.push(Item::Word(std::mem::take(word)));
        }
    };
    let mut letters = folded.chars().peekable();
    while let Some(c) = letters.next() {
        let is_hebrew = |c: char| matches!(c, '\u{5d0}'..='\u{5ea}');
        // Marks of Indic scripts and of Thai are no letters, but within words.
        let joint = match c {
            c if c.is_alphanumeric()
                || matches!(c, '\u{900}'..='\u{e7f}' | '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{655}') =>
            {
                word.push(c);
                None
            }
            '.' => None,
            '"' | '\u{5f4}' | '\u{5f3}' | '\''
                if is_hebrew(before) && letters.peek().is_some_and(|c| is_hebrew(*c)) =>
            {
                None
            }
            '-' if before.is_whitespace() => Some(Some(Item::Joint(Joint::Dash))),
            ',' | ';' | '、' | '·' | '・' | '|' | '•' | ':' => Some(Some(Item::Joint(Joint::Comma))),
            '/' => Some(Some(Item::Joint(Joint::Slash))),
            '(' | '（' => Some(Some(Item::Joint(Joint::Bracket))),
            ')' | '）' => Some(Some(Item::Close)),
            '&' | '+' => Some(Some(Item::Word("&".to_owned()))),
            '-' | '\'' => Some(None),
            c if c.is_whitespace() => Some(None),
            _ => return None,
        };
        if let Some(joint) = joint {
            flush(&mut word, &mut items);
            items.extend(joint);
        }
        before = c;
    }
    flush(&mut word, &mut items);
    Some(with_initials(items))
}

/// "R", "&", "D" are one word.
fn with_initials(items: Vec<Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    let is_initial =
        |item: Option<&Item>| matches!(item, Some(Item::Word(word)) if word != "&" && word.chars().count() == 1);
    let mut rest = items.into_iter().peekable();
    while let Some(item) = rest.next() {
        let is_ampersand = item == Item::Word("&".to_owned());
        if is_ampersand
            && is_initial(joined.last())
            && is_initial(rest.peek())
            && let (Some(Item::Word(first)), Some(Item::Word(second))) = (joined.last_mut(), rest.peek())
        {
            first.push('&');
            first.push_str(second);
            rest.next();
        } else {
            joined.push(item);
        }
    }
    joined
}

/// A word that no language knows, cut into words that one knows.
pub(super) fn pieces(item: Item, languages: &[&Language]) -> Vec<Item> {
    let Item::Word(word) = &item else { return vec![item] };
    if languages.iter().any(|language| !language.senses(word).is_empty()) {
        return vec![item];
    }
    let cut = languages.iter().find_map(|language| match language.code.as_str() {
        _ if language.is_compounding => cut(word, language),
        "he" | "ar" | "fa" => without_and(word, language),
        _ => None,
    });
    cut.map_or_else(|| vec![item.clone()], |words| words.into_iter().map(|word| Item::Word(word.to_owned())).collect())
}

/// The fewest known words that make up a word.
fn cut<'a>(word: &'a str, language: &Language) -> Option<Vec<&'a str>> {
    const MOST: usize = 5;
    let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).skip(1).chain([word.len()]).collect();
    if ends.len() > 40 {
        return None;
    }
    let mut best: Vec<(usize, Vec<&'a str>)> = vec![(0, Vec::new())];
    for end in ends {
        let found = best
            .iter()
            .filter(|(_, words)| words.len() < MOST)
            .filter_map(|(start, words)| {
                let piece = word.get(*start..end)?;
                // A Chinese or Korean letter is a syllable or a word.
                let is_dense = piece.chars().all(|c| is_unspaced(c) || matches!(c, '\u{ac00}'..='\u{d7af}'));
                let least = if is_dense { 2 } else { 3 };
                let is_whole = |sense: &Sense| {
                    !matches!(sense.meaning, Meaning::Link | Meaning::Department | Meaning::And | Meaning::Region(_))
                };
                let is_known = language.senses(piece).iter().any(is_whole);
                (is_known && piece.chars().count() >= least)
                    .then(|| words.iter().copied().chain([piece]).collect::<Vec<_>>())
            })
            .min_by_key(Vec::len);
        best.extend(found.map(|words| (end, words)));
    }
    best.into_iter().find(|(end, words)| *end == word.len() && words.len() > 1).map(|(_, words)| words)
}

/// Hebrew and Arabic write "and" as the first letter of the next word.
fn without_and<'a>(word: &'a str, language: &Language) -> Option<Vec<&'a str>> {
    let rest = word.strip_prefix(['ו', 'و'])?;
    (!language.senses(rest).is_empty()).then(|| vec!["&", rest])
}
