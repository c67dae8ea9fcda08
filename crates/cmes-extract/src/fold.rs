//! Text reduced to what people compare by: no case, no accents, no variants of
//! width.

use unicode_normalization::UnicodeNormalization;

/// Lower case, compatibility forms and accents resolved: `ＧmbH Müller` and
/// `gmbh muller` are the same. Marks that make other letters in their script
/// (Japanese voicing, Indic vowels) stay.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for_each_letter(text, |c| match c {
        // й is a letter of its own, ё is not.
        '\u{306}' if out.ends_with('и') => out.push(c),
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        '’' | '‘' | '`' | '´' => out.push('\''),
        '‐' | '‑' | '–' | '—' | '−' => out.push('-'),
        c => push_plain(&mut out, c),
    });
    if out.is_ascii() { out } else { out.nfc().collect() }
}

/// Gives every letter in lower case, in its compatibility form, with its
/// accents after it (NFKD).
pub(crate) fn for_each_letter(text: &str, mut take: impl FnMut(char)) {
    let mut rest = text;
    while !rest.is_empty() {
        // Most text is ASCII, where nothing has to be looked up.
        let (plain, other) = rest.split_at(rest.bytes().take_while(u8::is_ascii).count());
        plain.chars().for_each(|c| take(c.to_ascii_lowercase()));
        let (other, more) = other.split_at(other.bytes().take_while(|byte| !byte.is_ascii()).count());
        other.nfkd().flat_map(char::to_lowercase).for_each(&mut take);
        rest = more;
    }
}

/// Adds a letter; one that has no accent to take off, but is written without
/// by others (`ø`, `ł`, `ß`), as they write it.
pub(crate) fn push_plain(out: &mut String, c: char) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'þ' => out.push_str("th"),
        'ı' => out.push('i'),
        c => out.push(c),
    }
}

/// The folded letters and digits alone, to compare names whatever stands
/// between their words.
pub(crate) fn key(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a letter is of a script that does without blanks between words.
#[must_use]
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_width_do_not_count() {
        for (text, expected) in [
            ("Müller & Söhne", "muller & sohne"),
            ("GROẞE Straße", "grosse strasse"),
            ("Łódź Ærø İstanbul", "lodz aero istanbul"),
            ("ＡＢＣ", "abc"),
            ("Кёльн, сайт", "кельн, сайт"),
            ("한빛 がく", "한빛 がく"),
        ] {
            assert_eq!(fold(text), expected);
        }
        assert_ne!(fold("がく"), fold("かく"));
        assert_eq!(key("Co-op, Ltd."), "coopltd");
    }
}
