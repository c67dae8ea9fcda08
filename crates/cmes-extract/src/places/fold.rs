//! Comparing names without regard to case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;

/// The text in lower case without accents and punctuation, words separated by
/// single blanks. Letters that have no accent to take off but are written
/// without one by others (`ø`, `ł`, `ß`) are replaced as well.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' => {}
            '.' | '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '\u{200b}'..='\u{200f}' => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            'أ' | 'إ' | 'آ' => out.push('ا'),
            'ى' => out.push('ي'),
            c if c.is_alphanumeric() || is_mark(c) => out.push(c),
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Vowel signs that are part of the word in the scripts of South and South-East
/// Asia, and the Japanese voicing marks.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3099}' | '\u{309a}')
}
