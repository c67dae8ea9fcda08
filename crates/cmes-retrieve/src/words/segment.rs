//! Cutting a text into words, in any script.
//!
//! Not the word boundaries of UAX 29: those keep `3,5` and `can't` but break
//! `AB-1234/5` and `ISO9001`, which here are wanted both whole and in parts,
//! and leave scripts without spaces as single letters, of which pairs are made here.

use std::borrow::Cow;
use std::iter::Peekable;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

/// Longest word, in letters; what is longer is cut there. No word of a language is,
/// but a data: URL may be.
const LONGEST: usize = 40;

/// A part of a text by which it can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    /// Letters and marks, in lower case or not.
    Word(&'a str),
    /// Digits, perhaps with points between them.
    Number(&'a str),
    /// A letter or a pair of letters of a script that is written without spaces.
    Pair(&'a str),
    /// Words and numbers that no space parts, with what stands between them.
    Joined(&'a str),
}

/// The text as [`segments`] takes it: compatible forms made one (`ﬁ`, `１`, half-width
/// katakana), digits of all scripts made `0` to `9`, letters composed.
pub(crate) fn normalised(text: &str) -> Cow<'_, str> {
    let plain = |letter: char| {
        !matches!(letter, '\u{a0}' | '\u{202f}' | '™' | '®' | '©' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
            && (letter.is_ascii() || digit(letter).is_none())
    };
    if text.chars().all(plain) && is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let mut letters = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            // A space that must not break stands between the thousands of a number.
            '\u{a0}' | '\u{202f}'
                if letters.ends_with(|last: char| last.is_ascii_digit())
                    && rest.peek().is_some_and(char::is_ascii_digit) =>
            {
                letters.push('\'');
            }
            '™' | '®' | '©' => letters.push(' '),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            letter => match digit(letter) {
                Some(digit) => letters.push(digit),
                None => letters.push(letter),
            },
        }
    }
    Cow::Owned(letters.nfkc().collect())
}

/// First digits of the scripts that have digits of their own (Unicode category Nd, the common ones).
const ZEROS: [u32; 20] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
    0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810, 0xff10,
];

fn digit(letter: char) -> Option<char> {
    if letter < '\u{660}' {
        return None;
    }
    let code = u32::from(letter);
    let at = ZEROS.partition_point(|zero| *zero <= code);
    let value = code - ZEROS.get(at.checked_sub(1)?)?;
    char::from_digit(value, 10)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Dense,
    /// Stands inside of words and codes, and joins them when nothing else is between.
    Joint,
    Other,
}

fn class(letter: char) -> Class {
    match letter {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '-' | '.' | ',' | '\'' | '/' | '_' | '@' | ':' | '#' | '+' | '&' | '’' | '‐' | '‑' | '٫' | '٬' => {
            Class::Joint
        }
        letter if letter.is_ascii() => Class::Other,
        letter if is_dense(letter) => Class::Dense,
        letter if letter.is_alphanumeric() || is_combining_mark(letter) => Class::Letter,
        _ => Class::Other,
    }
}

/// Whether a letter's script is written without spaces between words, or (Korean)
/// with endings that change what stands between them: pairs of letters serve better there.
pub(crate) fn is_dense(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1100..=0x11ff | 0x1780..=0x17ff | 0x1950..=0x19df | 0x1a20..=0x1aaf
        | 0x2e80..=0x2fdf | 0x3005..=0x3007 | 0x3041..=0x30fa | 0x30fc..=0x318f | 0x31a0..=0x31ff | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff | 0xa9e0..=0xa9ff | 0xaa60..=0xaa7f | 0xac00..=0xd7ff | 0xf900..=0xfaff | 0xff66..=0xff9f
        | 0x1b000..=0x1b16f | 0x20000..=0x3ffff)
}

/// The segments of a [`normalised`] text, in the order in which they stand.
pub(crate) fn segments<'a>(text: &'a str, mut found: impl FnMut(Segment<'a>)) {
    let mut letters = text.char_indices().map(|(at, letter)| (at, letter, class(letter))).peekable();
    // Where a run without spaces began, and how many parts it has so far.
    let (mut joined_from, mut parts) = (0, 0);
    let mut joint_before = false;
    let mut end = 0;
    while let Some((at, letter, kind)) = letters.next() {
        let is_part = matches!(kind, Class::Letter | Class::Digit);
        if is_part && parts == 0 {
            joined_from = at;
        }
        match kind {
            Class::Letter => {
                end = part_end(&mut letters, at, letter, |kind, _| kind == Class::Letter);
                // C++, C#: the sign is part of the name.
                if end - at <= 2 && letters.peek().is_some_and(|(_, letter, _)| matches!(letter, '+' | '#')) {
                    let name_end = part_end(&mut letters, at, letter, |_, letter| matches!(letter, '+' | '#'));
                    found(Segment::Joined(&text[at..name_end.max(end)]));
                }
                found(Segment::Word(&text[at..end]));
                parts += 1;
                joint_before = false;
            }
            Class::Digit => {
                // A point between digits belongs to the number.
                end = number_end(text, at);
                while letters.next_if(|(next, ..)| *next < end).is_some() {}
                found(Segment::Number(&text[at..end]));
                parts += 1;
                joint_before = false;
            }
            Class::Joint if parts > 0 && !joint_before => joint_before = true,
            Class::Dense => {
                let end = part_end(&mut letters, at, letter, |kind, _| kind == Class::Dense);
                pairs(&text[at..end], &mut found);
            }
            Class::Joint | Class::Other => {}
        }
        let is_over = match kind {
            Class::Letter | Class::Digit => false,
            Class::Joint => !joint_before,
            Class::Dense | Class::Other => true,
        };
        if is_over || letters.peek().is_none() {
            if parts > 1 {
                found(Segment::Joined(&text[joined_from..end]));
            }
            (parts, joint_before) = (0, false);
        }
    }
}

/// Where the part that begins with a letter at `from` ends.
fn part_end(
    letters: &mut Peekable<impl Iterator<Item = (usize, char, Class)>>,
    from: usize,
    first: char,
    wanted: impl Fn(Class, char) -> bool,
) -> usize {
    let mut end = from + first.len_utf8();
    let mut count = 1;
    while let Some((next, letter, _)) = letters.next_if(|(_, letter, kind)| count < LONGEST && wanted(*kind, *letter)) {
        end = next + letter.len_utf8();
        count += 1;
    }
    end
}

/// Where the number that begins at `from` ends: digits, and single points between them.
fn number_end(text: &str, from: usize) -> usize {
    let mut end = from;
    let mut joint = None;
    for (at, letter) in text[from..].char_indices().take(LONGEST) {
        match letter {
            '0'..='9' => {
                end = from + at + 1;
                joint = None;
            }
            '.' | ',' | '\'' | '’' | '٫' | '٬' if joint.is_none() => joint = Some(letter),
            _ => break,
        }
    }
    end
}

fn pairs<'a>(run: &'a str, found: &mut impl FnMut(Segment<'a>)) {
    let mut before: Option<usize> = None;
    for (at, letter) in run.char_indices() {
        // A mark belongs to the letter before it.
        let end = at + letter.len_utf8();
        if let Some(before) = before {
            found(Segment::Pair(&run[before..end]));
        }
        before = Some(at);
    }
    if let Some(only) = before.filter(|at| *at == 0) {
        found(Segment::Pair(&run[only..]));
    }
}
