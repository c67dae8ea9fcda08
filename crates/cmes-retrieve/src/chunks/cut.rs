//! Cutting running text where it may be cut.

use unicode_segmentation::UnicodeSegmentation as _;

use super::LARGEST_WHOLE;
use crate::tokens;
use crate::words::segment::is_dense;

/// The sentences of a text with the spaces after them (UAX 29), those that are too long cut.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for sentence in text.split_sentence_bounds() {
        match sentences.last_mut() {
            // "approx. 3", "z. B. so", "Dr. No": what ends with a short word and a full stop goes on.
            Some(before) if ends_with_abbreviation(before) => before.push_str(sentence),
            _ => sentences.push(sentence.to_owned()),
        }
    }
    sentences.iter().flat_map(|sentence| fitting(sentence, LARGEST_WHOLE)).collect()
}

/// Whether a text ends with at most three letters and a full stop; a wrong guess makes a passage a sentence longer.
fn ends_with_abbreviation(text: &str) -> bool {
    let Some(text) = text.trim_end().strip_suffix('.') else { return false };
    let letters = text.chars().rev().take_while(|letter| letter.is_alphabetic()).take(4).count();
    let is_short = (1..=3).contains(&letters);
    is_short && text.chars().rev().take(letters).all(|letter| letter.is_alphabetic() && !is_dense(letter))
}

/// A text in pieces of at most so many tokens: cut after a sign, else between words, else anywhere.
pub(super) fn fitting(text: &str, most: u32) -> Vec<String> {
    if tokens::count(text) <= most {
        return vec![text.to_owned()];
    }
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut size = 0;
    // Words with the space after them. What has no spaces is cut into as many letters as a token may have.
    for word in text.split_inclusive(char::is_whitespace).flat_map(|word| pieces_of_word(word, most)) {
        let more = tokens::count(word);
        if size > 0 && size + more > most {
            pieces.push(std::mem::take(&mut piece));
            size = 0;
        }
        piece.push_str(word);
        size += more;
    }
    pieces.push(piece);
    pieces
}

/// A word, in pieces when it is too long; every letter counts as a token then.
fn pieces_of_word(word: &str, most: u32) -> Vec<&str> {
    if tokens::count(word) <= most {
        return vec![word];
    }
    let mut pieces = Vec::new();
    let (mut start, mut letters) = (0, 0);
    for (at, letter) in word.char_indices() {
        let may_end = letters >= most || (letters >= most / 2 && !letter.is_alphanumeric());
        if may_end && at > start {
            pieces.push(&word[start..at]);
            (start, letters) = (at, 0);
        }
        letters += 1;
    }
    pieces.push(&word[start..]);
    pieces
}

/// Sentences put together to parts of about `usual` tokens and of much the same size;
/// all in one when they are not more than `largest`.
pub(super) fn evenly(sentences: &[String], usual: u32, largest: u32) -> Vec<String> {
    let sizes: Vec<u32> = sentences.iter().map(|sentence| tokens::count(sentence)).collect();
    let total: u32 = sizes.iter().sum();
    let parts = if total <= largest { 1 } else { (total + usual / 2) / usual };
    let mut texts: Vec<String> = vec![String::new()];
    let mut before = 0;
    for (sentence, size) in sentences.iter().zip(&sizes) {
        let full = total * u32::try_from(texts.len()).unwrap_or(u32::MAX) / parts.max(1);
        // More of this sentence would stand beyond the part's end than within it.
        if texts.last().is_some_and(|text| !text.is_empty()) && before + size / 2 > full {
            texts.push(String::new());
        }
        if let Some(text) = texts.last_mut() {
            text.push_str(sentence);
        }
        before += size;
    }
    texts.iter().map(|text| text.trim().to_owned()).collect()
}

/// The beginning of a text.
pub(super) fn shortened(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).map_or(text, |(at, _)| &text[..at])
}
