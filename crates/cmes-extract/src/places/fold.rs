//! Comparing names without regard to case, accents and punctuation.

use crate::fold::{for_each_letter, push_plain};

/// The text in lower case without accents and punctuation, words separated by
/// single blanks. Letters that have no accent to take off but are written
/// without one by others (`ø`, `ł`, `ß`) are replaced as well.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for_each_letter(text, |c| match c {
        'a'..='z' | '0'..='9' => out.push(c),
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' => {}
        '.' | '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '\u{200b}'..='\u{200f}' => {}
        'ς' => out.push('σ'),
        'أ' | 'إ' | 'آ' => out.push('ا'),
        'ى' => out.push('ي'),
        c if c.is_alphanumeric() || is_mark(c) => push_plain(&mut out, c),
        _ if out.ends_with(' ') || out.is_empty() => {}
        _ => out.push(' '),
    });
    out.truncate(out.trim_end().len());
    out
}

/// Vowel signs that are part of the word in the scripts of South and South-East
/// Asia, and the Japanese voicing marks.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3099}' | '\u{309a}')
}
