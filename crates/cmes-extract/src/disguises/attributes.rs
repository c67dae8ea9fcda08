//! E-mail addresses in attributes, from which a script or a style makes text:
//! `data-user="info" data-domain="firm.test"`, `<joomla-hidden-mail first="aW5mbw==" …>`.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::facts::emails::owners::{self, Owner};
use crate::facts::emails::scan;

/// Longest value looked into, and most values of one element.
const LONGEST: usize = 200;
const MOST: usize = 12;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Names of attributes that hold what stands before the `@`.
const LOCAL: &[&str] =
    &["user", "name", "first", "local", "account", "mailbox", "box", "login", "mail", "part1", "before"];

/// Names of attributes that may hold a whole address in a form that does not show its `@`.
const WHOLE: &[&str] = &["mail", "addr", "enc", "text", "href", "contact"];

/// Looks for the addresses of one domain.
pub(crate) struct Seeker {
    domain: String,
    /// The domain in every form, as [`FORMS`] read them.
    written: [String; 4],
}

impl Seeker {
    pub(crate) fn new(domain: &str) -> Self {
        let encoded = BASE64.encode(domain).trim_end_matches('=').to_owned();
        let backwards = domain.chars().rev().collect();
        Self { domain: domain.to_owned(), written: [domain.to_owned(), backwards, encoded, rotate(domain)] }
    }

    /// The address at the domain that an element's attributes hold, in one of
    /// them or in two, plain, backwards, in base64 or moved by 13 letters. Of
    /// usual elements only the attributes of the page's own (`data-…`) count.
    pub(crate) fn address<'a>(
        &self,
        element: &str,
        attributes: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    ) -> Option<String> {
        let custom = element.contains('-');
        let counts = move |(name, value): &(&str, &str)| {
            (custom || name.starts_with("data-")) && (3..=LONGEST).contains(&value.len()) && !value.contains(['{', '<'])
        };
        let attributes = attributes.filter(counts).take(MOST);
        let whole = |(name, value): (&str, &str)| {
            let hidden = || WHOLE.iter().any(|part| name.contains(part)).then(|| base64(value)).flatten();
            if value.contains('@') {
                FORMS.iter().filter_map(|form| form(value)).find_map(|text| own(&text, &self.domain))
            } else {
                hidden().filter(|text| text.contains('@')).and_then(|text| own(&text, &self.domain))
            }
        };
        if let Some(address) = attributes.clone().find_map(whole) {
            return Some(address);
        }
        let form = attributes.clone().find_map(|(_, value)| {
            let value = value.trim().trim_start_matches('@').trim_end_matches('=');
            self.written.iter().position(|written| written == value)
        });
        let form = FORMS.get(form?)?;
        attributes.filter(|(name, _)| LOCAL.iter().any(|part| name.contains(part))).find_map(|(_, value)| {
            own(&format!("{}@{}", form(value)?.trim_end_matches('@'), self.domain), &self.domain)
        })
    }
}

fn own(text: &str, domain: &str) -> Option<String> {
    scan::addresses(text).into_iter().find(|address| owners::of(address, domain) == Owner::Site)
}

/// What a value may be written in.
const FORMS: [fn(&str) -> Option<String>; 4] = [plain, backwards, base64, rotated];

fn plain(value: &str) -> Option<String> {
    Some(value.trim().to_owned())
}

fn backwards(value: &str) -> Option<String> {
    Some(value.trim().chars().rev().collect())
}

fn base64(value: &str) -> Option<String> {
    let value = value.trim();
    let fits = value.len() >= 4 && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    let decoded = fits.then(|| BASE64.decode(value).ok()).flatten()?;
    String::from_utf8(decoded).ok()
}

fn rotated(value: &str) -> Option<String> {
    Some(rotate(value.trim()))
}

fn rotate(text: &str) -> String {
    let moved = |first: u8, c: u8| char::from(first + (c - first + 13) % 26);
    let rotate = |c: char| match c {
        'a'..='z' => moved(b'a', c as u8),
        'A'..='Z' => moved(b'A', c as u8),
        c => c,
    };
    text.chars().map(rotate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_attributes() {
        let check = |element: &str, attributes: &[(&str, &str)], expected: Option<&str>| {
            let found = Seeker::new("firm.co.uk").address(element, attributes.iter().copied());
            assert_eq!(found.as_deref(), expected, "{attributes:?}");
        };
        check("span", &[("data-user", "info"), ("data-domain", "firm.co.uk")], Some("info@firm.co.uk"));
        check("span", &[("data-name", "ofni"), ("data-domain", "ku.oc.mrif")], Some("info@firm.co.uk"));
        check("x-mail", &[("first", "aW5mbw=="), ("last", "ZmlybS5jby51aw==")], Some("info@firm.co.uk"));
        check("a", &[("data-email", "info@firm.co.uk")], Some("info@firm.co.uk"));
        check("a", &[("data-enc", "vasb@svez.pb.hx")], Some("info@firm.co.uk"));
        check("a", &[("data-mail", "aW5mb0BmaXJtLmNvLnVr")], Some("info@firm.co.uk"));
        // Other houses, data of scripts, attributes that mean something else.
        check("a", &[("data-email", "info@agency.com")], None);
        check("div", &[("data-settings", "{\"to\":\"info@firm.co.uk\"}")], None);
        check("input", &[("placeholder", "you@firm.co.uk")], None);
        check("div", &[("data-domain", "firm.co.uk"), ("data-plan", "pro")], None);
    }
}
