//! The form in which a word is compared: lower case, stem, no accents.

use std::borrow::Cow;

use snowball_stemmers_rs::Stemmer;
use unicode_normalization::char::decompose_canonical;

use super::arabic::stem;
use super::language::Language;

/// A word in lower case.
pub(crate) fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Cow::Borrowed(word)
    } else if word.is_ascii() {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Owned(word.to_lowercase())
    }
}

/// Puts the comparable form of a word in lower case at the end of `form`: its stem in a language, then without accents.
pub(crate) fn stemmed(lower: &str, language: Option<Language>, form: &mut String) {
    if language.is_some_and(|language| language.code() == "ar") {
        return arabic(lower, form);
    }
    match language.and_then(Language::stemmer) {
        Some(algorithm) => folded(&Stemmer::create(algorithm).stem(lower), form),
        None => folded(lower, form),
    }
}

/// Puts the comparable form of an Arabic word at the end of `form`.
pub(crate) fn arabic(word: &str, form: &mut String) {
    let mut whole = String::with_capacity(word.len());
    folded(word, &mut whole);
    form.push_str(stem(&whole));
}

/// A number with the thousands joined and a decimal point.
pub(crate) fn number(digits: &str, form: &mut String) {
    let is_joint = |letter: char| !letter.is_ascii_digit();
    let joints = digits.matches(is_joint).count();
    let thousands = digits.split(is_joint).skip(1).all(|part| part.len() == 3)
        && digits.split(is_joint).next().is_some_and(|first| first.len() <= 3 && first != "0");
    let mut left = joints;
    for letter in digits.chars() {
        if letter.is_ascii_digit() {
            form.push(letter);
        } else {
            // 1.234,5: the last of several kinds is the decimal one.
            left -= 1;
            if !thousands && (left == 0 || joints == 1 || is_date(digits)) {
                form.push('.');
            }
        }
    }
}

/// 12.05.2024, 192.168.1.1: the same sign several times and not between thousands.
fn is_date(digits: &str) -> bool {
    let mut joints = digits.chars().filter(|letter| !letter.is_ascii_digit());
    let first = joints.next();
    joints.all(|joint| Some(joint) == first)
}

/// What was written together, without the signs in it.
pub(crate) fn joined(text: &str, form: &mut String) {
    let mut word = String::new();
    for letter in text.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, '+' | '#')) {
        word.extend(letter.to_lowercase());
    }
    folded(&word, form);
}

/// Lower case without accents, and the letters of a script that are one to its readers made one.
pub(crate) fn folded(word: &str, form: &mut String) {
    for letter in word.chars() {
        match letter {
            'a'..='z' | '0'..='9' => form.push(letter),
            'ß' => form.push_str("ss"),
            'æ' => form.push_str("ae"),
            'œ' => form.push_str("oe"),
            'ø' => form.push('o'),
            'đ' | 'ð' => form.push('d'),
            'ł' => form.push('l'),
            'ı' => form.push('i'),
            'þ' => form.push_str("th"),
            'ς' => form.push('σ'),
            'ё' => form.push('е'),
            'ґ' => form.push('г'),
            // Vowel signs, tatweel and points, and the forms of one letter (Arabic, Persian, Hebrew).
            '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' | '\u{591}'..='\u{5c7}' => {}
            'أ' | 'إ' | 'آ' | 'ٱ' => form.push('ا'),
            'ى' | 'ی' => form.push('ي'),
            'ک' => form.push('ك'),
            'ة' | 'ۀ' => form.push('ه'),
            '\u{c0}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}' => decompose_canonical(letter, |part| {
                if !('\u{300}'..='\u{36f}').contains(&part) {
                    form.push(part);
                }
            }),
            letter => form.push(letter),
        }
    }
}
