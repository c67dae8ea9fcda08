//! Postal codes: their formats, and where in a piece of text one stands.

use std::borrow::Cow;

use super::words::{is_box, street_languages};
use crate::places::{Country, State, fold};

pub(super) use city::{City, city};
pub(super) use code::Code;
use code::{FIVE, FOUR, MALTA, SEVEN, SIX, THREE};

mod city;
mod code;

/// Prefixes of codes by country; one-letter ones are the old car signs.
const PREFIXES: &[(&str, &str)] = &[
    ("D", "DE"),
    ("A", "AT"),
    ("F", "FR"),
    ("B", "BE"),
    ("L", "LU"),
    ("I", "IT"),
    ("E", "ES"),
    ("P", "PT"),
    ("S", "SE"),
    ("N", "NO"),
    ("H", "HU"),
    ("FIN", "FI"),
    ("FL", "LI"),
    ("SLO", "SI"),
    ("SRB", "RS"),
    ("CRO", "HR"),
    ("EST", "EE"),
];

/// The country of a prefix that stands alone: `D - 10115 Berlin`.
pub(super) fn prefix_country(text: &str) -> Option<Country> {
    if text.len() > 3 || !text.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let code = PREFIXES.iter().find(|(prefix, _)| *prefix == text).map(|(_, code)| *code);
    code.or((text.len() == 2).then_some(text)).and_then(Country::from_code)
}

/// Words before a code that say what it is.
const MARKS: &[&str] = &[
    "cep",
    "cp",
    "plz",
    "cap",
    "pin",
    "pincode",
    "zip",
    "postcode",
    "zipcode",
    "postal",
    "tk",
    "тк",
    "τκ",
    "індекс",
    "индекс",
    "邮编",
    "邮政编码",
    "우편번호",
    "우",
    "cod",
    "postal code",
    "郵便番号",
    "codigo",
    "postleitzahl",
    "pc",
    "posta",
    "邮政",
    "code postal",
    "psc",
    "irsz",
    "postnummer",
    "postinumero",
    "indeks",
    "kode",
    "poskod",
    "pk",
    "пк",
    "код",
    "מיקוד",
    "البريدي",
    "รหัสไปรษณีย์",
];

/// Finds the postal code in a piece; the last one that can be, since numbers of
/// houses stand before it.
pub(super) fn find(text: &str) -> Option<Code> {
    let text = &*western(text);
    if text.len() > 220 || text.bytes().filter(u8::is_ascii_digit).count() < 2 {
        return None;
    }
    let tokens = tokens(text);
    if tokens.len() > 24 {
        return None;
    }
    // Figures that go on after it are a telephone number's.
    let follows_box = |code: &Code| !code.before.contains(char::is_numeric) && is_box(&format!("{} 1", code.before));
    let is_code = |code: &Code| !code.after.starts_with(|c: char| c.is_ascii_digit()) && !follows_box(code);
    let distinct = (0..tokens.len()).rev().find_map(|at| distinct(text, &tokens, at).filter(is_code));
    distinct.or_else(|| (0..tokens.len()).rev().find_map(|at| plain(text, &tokens, at).filter(is_code)))
}

/// The digits of Arabic and Persian as those of the West.
fn western(text: &str) -> Cow<'_, str> {
    let digit = |c: char| match c {
        '\u{660}'..='\u{669}' => char::from_digit(c as u32 - 0x660, 10),
        '\u{6f0}'..='\u{6f9}' => char::from_digit(c as u32 - 0x6f0, 10),
        _ => None,
    };
    if text.is_ascii() || !text.contains(|c| digit(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| digit(c).unwrap_or(c)).collect())
}

/// Words of a text with their places, brackets taken off.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let base = text.as_ptr() as usize;
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | ':'))
        .map(|word| word.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '.' | ';')))
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - base, word))
        .collect()
}

/// A pattern of `A` (letter), `9` (digit), `?` (either), and literal characters.
fn looks(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(c, p)| match p {
            b'A' => c.is_ascii_uppercase(),
            b'9' => c.is_ascii_digit(),
            b'?' => c.is_ascii_uppercase() || c.is_ascii_digit(),
            p => c == p,
        })
}

fn looks_one(text: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| looks(text, pattern))
}

struct Around<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl Around<'_> {
    fn code(&self, zip: String, countries: &'static str) -> Code {
        let strip =
            |c: char| c.is_whitespace() || matches!(c, ',' | '-' | '–' | '(' | ')' | ':' | '.' | '[' | ']' | '/');
        let mut before = self.text.get(..self.start).unwrap_or_default().trim_end_matches(strip).trim_start();
        let after = self.text.get(self.end..).unwrap_or_default();
        let after = after.trim_start_matches(|c: char| c != '(' && strip(c)).trim_end();
        let mut marked = false;
        while let Some(rest) = strip_mark(before) {
            marked = true;
            before = rest.trim_end_matches(strip);
        }
        Code {
            zip,
            countries,
            prefix: None,
            state: None,
            distinct: false,
            marked,
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }
}

/// Takes a word such as `CEP` off the end.
fn strip_mark(before: &str) -> Option<&str> {
    let start = before.rfind([' ', '(', ',', ':']).map_or(0, |at| at + 1);
    let word = before.get(start..)?;
    let folded = fold(word);
    (!folded.is_empty() && MARKS.contains(&folded.as_str())).then(|| before.get(..start).unwrap_or_default())
}

/// Codes whose form is a country's own.
fn distinct(text: &str, tokens: &[(usize, &str)], at: usize) -> Option<Code> {
    let &(start, one) = tokens.get(at)?;
    let next = tokens.get(at + 1).copied();
    let end = start + one.len();
    let around = |end: usize| Around { text, start, end };
    let sure = |code: Code| Some(Code { distinct: true, ..code });
    // Only a single blank may stand between the halves of a code.
    let pair = next.filter(|(second, _)| *second == end + 1);
    let pair_end = pair.map_or(end, |(second, two)| second + two.len());
    if let Some((_, two)) = pair {
        if looks(two, "9AA") && looks_one(one, &["A9", "A99", "AA9", "AA99", "A9A", "AA9A"]) && gb_inward(two) {
            return sure(around(pair_end).code(format!("{one} {two}"), "GB"));
        }
        if looks(one, "A9A") && looks(two, "9A9") {
            return sure(with_state(around(pair_end).code(format!("{one} {two}"), "CA"), "CA"));
        }
        if looks_one(one, &["A99", "A9W"]) && looks(two, "????") && two.bytes().any(|b| b.is_ascii_alphabetic()) {
            return sure(around(pair_end).code(format!("{one} {two}"), "IE"));
        }
        if looks(one, "9999")
            && looks(two, "AA")
            && !one.starts_with('0')
            && !matches!(two, "SA" | "SD" | "SS" | "MM" | "KG")
        {
            let code = around(pair_end).code(format!("{one} {two}"), "NL");
            // "1420 NW Lovejoy Street" is the number of a house.
            let languages = street_languages(&code.after);
            let is_house = !languages.is_empty() && languages.iter().all(|language| *language == "en");
            let is_followed = !code.after.is_empty() && !code.after.starts_with(char::is_lowercase);
            if !is_house && (is_followed || code.before.is_empty()) {
                return sure(code);
            }
        }
        if looks(one, "AAA") && looks(two, "9999") && !is_australian(one) {
            return Some(around(pair_end).code(format!("{one} {two}"), MALTA));
        }
        if looks(two, "99999") || looks(two, "99999-9999") {
            let code = us(around_two(text, tokens, at + 1));
            if code.is_some() {
                return code;
            }
        }
    }
    if looks_one(one, &["A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA"])
        && gb_inward(&one[one.len() - 3..])
    {
        let (outward, inward) = one.split_at(one.len() - 3);
        let inward = inward.to_owned();
        return Some(around(end).code(format!("{outward} {inward}"), "GB")).filter(|code| !code.before.is_empty());
    }
    if looks(one, "A9A9A9") || looks(one, "A9A-9A9") {
        let zip = format!("{} {}", &one[..3], &one[one.len() - 3..]);
        return sure(with_state(around(end).code(zip, "CA"), "CA"));
    }
    if looks(one, "A99????") && one.bytes().skip(3).any(|b| b.is_ascii_alphabetic()) && at > 0 {
        return Some(around(end).code(format!("{} {}", &one[..3], &one[3..]), "IE"));
    }
    if looks(one, "9999AA") && next.is_some() {
        return sure(around(end).code(format!("{} {}", &one[..4], &one[4..]), "NL"));
    }
    if looks(one, "99-999") {
        return sure(around(end).code(one.to_owned(), "PL"));
    }
    if looks(one, "9999-999") {
        return sure(around(end).code(one.to_owned(), "PT"));
    }
    if looks(one, "99999-999") || looks(one, "99.999-999") {
        return sure(around(end).code(one.replace('.', ""), "BR"));
    }
    if let Some(country) = lettered(one) {
        return sure(around(end).code(one.to_owned(), country));
    }
    if looks_one(one, &["A9999AAA", "A9999"]) && one.starts_with(|c| !"DFEINSLP".contains(c) || one.len() == 8) {
        return Some(Code { distinct: one.len() == 8, ..around(end).code(one.to_owned(), "AR") });
    }
    if looks(one, "999-9999") {
        return Some(around(end).code(one.to_owned(), "JP"));
    }
    if looks(one, "99999-9999") {
        return us(around(end).code(one.to_owned(), "US"));
    }
    prefixed(text, tokens, at)
}

/// Codes that begin with the letters of their country, and their forms.
const LETTERED: &[(&str, &str)] =
    &[("AD999", "AD"), ("AZ9999", "AZ"), ("LV9999", "LV"), ("LT99999", "LT"), ("MD9999", "MD")];

/// The country of `AD500`, `LV1010`.
fn lettered(text: &str) -> Option<&'static str> {
    LETTERED.iter().find(|(form, _)| looks(text, form) && text.get(..2) == form.get(..2)).map(|(_, country)| *country)
}

fn is_australian(state: &str) -> bool {
    Country::from_code("AU").is_some_and(|country| State::find(country, state).is_some())
}

fn around_two(text: &str, tokens: &[(usize, &str)], at: usize) -> Code {
    let (start, zip) = tokens.get(at).copied().unwrap_or((0, ""));
    Around { text, start, end: start + zip.len() }.code(zip.to_owned(), "US")
}

fn gb_inward(text: &str) -> bool {
    text.bytes().skip(1).all(|b| !b"CIKMOV".contains(&b)) && !text.ends_with("GB") && !text.ends_with("TB")
}

/// A five-digit code after the name of a state is a United States' one.
fn us(code: Code) -> Option<Code> {
    let code = with_state(code, "US");
    code.state.is_some().then_some(Code { distinct: true, ..code })
}

/// Takes a state off the end of what stands before the code.
fn with_state(mut code: Code, country: &str) -> Code {
    if let Some((rest, state)) = Country::from_code(country).and_then(|country| split_state(&code.before, country)) {
        code.state = Some(state);
        code.before = rest.to_owned();
    }
    code
}

/// Takes the state off the end of a text, in the form in postal use.
pub(super) fn split_state(text: &str, country: Country) -> Option<(&str, &'static str)> {
    let text = text.trim_end_matches([',', ' ', '.', ')', '-', '–']);
    let mut starts =
        text.char_indices().rev().filter(|(_, c)| matches!(c, ' ' | ',' | '/' | '-' | '(')).map(|(at, _)| at + 1);
    for _ in 0..4 {
        let start = starts.next().unwrap_or(0);
        let word = text.get(start..)?;
        // Two small letters are a word ("in", "or"), not a state.
        let short = word.chars().filter(|c| c.is_alphabetic()).count() <= 2;
        if !(short && word.chars().any(char::is_lowercase))
            && let Some(state) = State::find(country, word)
        {
            let rest = text.get(..start).unwrap_or_default().trim_end_matches([',', ' ', '-', '–', '/', '(']);
            return Some((rest, if state.short.is_empty() { state.name } else { state.short }));
        }
        if start == 0 {
            break;
        }
    }
    None
}

/// `D-10115`, `CH 3099`, `LV-1050`, `SE-111 22`.
fn prefixed(text: &str, tokens: &[(usize, &str)], at: usize) -> Option<Code> {
    let &(start, one) = tokens.get(at)?;
    let (letters, digits) = one.split_once(['-', '–']).unwrap_or(("", ""));
    let first_end = start + one.len();
    let (letters, digits, mut end, blank) = if letters.is_empty() {
        let &(second, two) = tokens.get(at + 1)?;
        (one, two, second + two.len(), true)
    } else {
        (letters, digits, first_end, false)
    };
    if !(1..=3).contains(&letters.len()) || !letters.bytes().all(|b| b.is_ascii_uppercase()) || !all_digits(digits) {
        return None;
    }
    // Without a hyphen only the letters of a country of four or five digits
    // count, and only in front of everything: "CH 3099 Bern".
    if blank && (at != 0 || letters.len() != 2) {
        return None;
    }
    let country = PREFIXES
        .iter()
        .find(|(prefix, _)| *prefix == letters)
        .and_then(|(_, code)| Country::from_code(code))
        .or_else(|| Country::from_code(letters).filter(|_| letters.len() == 2))?;
    if blank
        && !matches!(
            country.code(),
            "CH" | "DE" | "AT" | "FR" | "BE" | "LU" | "NL" | "SE" | "DK" | "NO" | "FI" | "IT" | "ES"
        )
    {
        return None;
    }
    let mut zip = digits.to_owned();
    let after = tokens.iter().find(|(second, _)| *second == end + 1);
    if let Some((second, rest)) = after
        && looks(digits, "999")
        && looks(rest, "99")
    {
        zip = format!("{digits} {rest}");
        end = second + rest.len();
    } else if let Some((second, rest)) = after
        && country.code() == "NL"
        && looks(rest, "AA")
    {
        zip = format!("{digits} {rest}");
        end = second + rest.len();
    } else if !(4..=6).contains(&digits.len()) {
        return None;
    }
    // There the letters belong to the code itself.
    if matches!(country.code(), "LV" | "LT" | "MD" | "AZ" | "AD") {
        zip = format!("{}-{zip}", country.code());
    }
    let code = Around { text, start, end }.code(zip, "");
    Some(Code { prefix: Some(country), distinct: true, ..code })
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Codes that are mere digits.
fn plain(text: &str, tokens: &[(usize, &str)], at: usize) -> Option<Code> {
    let &(start, one) = tokens.get(at)?;
    if !all_digits(one) {
        return dashed(text, start, one);
    }
    let end = start + one.len();
    let next = tokens.get(at + 1).filter(|(second, _)| *second == end + 1);
    // The first half of a code was tried before its second.
    let halved =
        at > 0 && tokens.get(at - 1).is_some_and(|(s, t)| s + t.len() + 1 == start && all_digits(t) && t.len() == 3);
    if let Some(&(second, two)) = next.filter(|_| one.len() == 3 && !halved) {
        let around = Around { text, start, end: second + two.len() };
        if looks(two, "99") {
            return Some(around.code(format!("{one} {two}"), spaced(one)));
        }
        if looks(two, "999") && !one.starts_with('0') {
            return Some(around.code(format!("{one} {two}"), "IN"));
        }
    }
    let around = Around { text, start, end };
    let begins = at == 0 && tokens.get(1).is_some_and(|(_, next)| !next.starts_with(|c: char| c.is_ascii_digit()));
    let mut code = match one.len() {
        3 if begins => around.code(one.to_owned(), THREE),
        4 => around.code(one.to_owned(), FOUR),
        5 => around.code(one.to_owned(), FIVE),
        6 => around.code(one.to_owned(), SIX),
        7 => around.code(one.to_owned(), SEVEN),
        8 => around.code(format!("{}-{}", &one[..5], &one[5..]), "BR"),
        _ => return None,
    };
    if one.len() == 8 && !code.marked {
        return None;
    }
    if one.len() == 4
        && let Some((rest, state)) = Country::from_code("AU").and_then(|country| split_state(&code.before, country))
    {
        code = Code { state: Some(state), before: rest.to_owned(), countries: "AU", distinct: true, ..code };
    }
    Some(code)
}

/// A city and its code joined by a hyphen: `Mumbai-400001`, `Dhaka-1205`.
fn dashed(text: &str, start: usize, one: &str) -> Option<Code> {
    let (name, digits) = one.rsplit_once(['-', '–'])?;
    if !all_digits(digits) || !name.chars().all(char::is_alphabetic) || name.chars().count() < 4 {
        return None;
    }
    let countries = match digits.len() {
        4 => "BD",
        5 => "PK",
        6 => "IN",
        _ => return None,
    };
    let at = start + one.len() - digits.len();
    Some(Around { text, start: at, end: start + one.len() }.code(digits.to_owned(), countries))
}

/// `392-0099`.
pub(super) fn is_japanese(text: &str) -> bool {
    looks(text, "999-9999")
}

fn spaced(first: &str) -> &'static str {
    match first.as_bytes().first() {
        Some(b'8' | b'9' | b'0') => "SK SE GR",
        Some(b'1'..=b'7') => "CZ SE GR",
        _ => "",
    }
}
