//! From written digits to a telephone number in international format.

use rlibphonenumber::enums::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType};

/// A valid number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// E.164 with the extension, if any, by which numbers are compared.
    pub key: String,
    /// International format, extension included.
    pub text: String,
    /// Whether it is surely a mobile number.
    pub mobile: bool,
    /// Whether the caller pays nothing or a part, from within the country.
    pub service: bool,
}

/// Reads a number as written; `regions` are the countries (two letters) whose
/// national form is tried, in order.
pub(crate) fn read(written: &str, extension: &str, regions: &[&str]) -> Option<Number> {
    let digits = clean(written);
    let bare = digits.trim_start_matches('+');
    if !(5..=17).contains(&bare.len()) {
        return None;
    }
    if digits.starts_with('+') {
        return parse(None, &digits, extension);
    }
    let international = bare.strip_prefix("00").filter(|rest| !rest.starts_with('0'));
    if let Some(number) = international.and_then(|rest| parse(None, &format!("+{rest}"), extension)) {
        return Some(number);
    }
    regions.iter().find_map(|code| {
        let region = Region::try_from(*code).ok()?;
        parse(Some(region), bare, extension).or_else(|| {
            let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region)?.to_string();
            bare.strip_prefix(code.as_str())?;
            parse(None, &format!("+{bare}"), extension)
        })
    })
}

/// Reads a local number that stands right behind a whole one, whose country and
/// area it shares: `(495) 123-45-67, 123-45-68`.
pub(crate) fn read_beside(written: &str, extension: &str, other: &Number) -> Option<Number> {
    let digits = clean(written);
    let whole = other.key.split('x').next()?;
    let shared = whole.get(..whole.len().checked_sub(digits.len())?)?;
    // What is left holds country and area at least.
    (digits.len() >= 5 && digits.bytes().all(|b| b.is_ascii_digit()) && shared.len() >= 3)
        .then(|| parse(None, &format!("{shared}{digits}"), extension))
        .flatten()
}

/// The country (two letters) of a number in international form.
pub(crate) fn region_of(international: &str) -> Option<impl AsRef<str> + use<>> {
    let number = PHONE_NUMBER_UTIL.parse(international, None).ok()?;
    PHONE_NUMBER_UTIL.get_region_for_number(&number).map(|region| region.as_region_str())
}

fn parse(region: Option<Region>, digits: &str, extension: &str) -> Option<Number> {
    let number = PHONE_NUMBER_UTIL.parse(digits, region).ok()?;
    if !PHONE_NUMBER_UTIL.is_valid_number(&number) {
        return None;
    }
    let kind = PHONE_NUMBER_UTIL.get_number_type(&number);
    let mut key = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).to_string();
    let mut text = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::International).to_string();
    if !extension.is_empty() {
        key.push('x');
        key.push_str(extension);
        text.push_str(" ext. ");
        text.push_str(extension);
    }
    let service = matches!(
        kind,
        PhoneNumberType::TollFree | PhoneNumberType::SharedCost | PhoneNumberType::PremiumRate | PhoneNumberType::UAN
    );
    Some(Number { key, text, mobile: kind == PhoneNumberType::Mobile, service })
}

/// The digits in ASCII, with a leading `+` if there is one; the trunk `(0)`
/// after a country code is left out.
pub(crate) fn clean(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    for c in written.chars() {
        match (digit(c), c) {
            (Some(digit), _) => out.push(digit),
            (None, '+' | '＋') if out.is_empty() => out.push('+'),
            _ => {}
        }
    }
    let international = out.starts_with('+') || out.starts_with("00");
    if international && let Some(at) = trunk(written) {
        let before = written.get(..at).unwrap_or_default().chars().filter(|c| digit(*c).is_some()).count();
        let at = before + usize::from(out.starts_with('+'));
        if at > 1 && out.get(at..=at) == Some("0") {
            out.remove(at);
        }
    }
    out
}

/// Where a `(0)` stands.
fn trunk(written: &str) -> Option<usize> {
    ["(0)", "[0]", "( 0 )", "（0）", "(０)"].iter().filter_map(|form| written.find(form)).min()
}

/// The value of a decimal digit of the scripts in which numbers are written.
pub(crate) fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '০'..='৯' => '০',
        '๐'..='๙' => '๐',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}
