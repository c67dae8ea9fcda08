//! Addresses without a postal code.

use crate::facts::address::postal::Code;
use crate::facts::address::street::Part;
use crate::facts::address::words::Kind;
use crate::places::Country;

use super::{Gathered, MOST, Text};

impl Text<'_> {
    /// Addresses of countries without postal codes: they end with the country.
    pub(super) fn without_code(&mut self) {
        let mut tried = 0;
        for at in 1..self.pieces.len() {
            if tried > MOST {
                break;
            }
            if self.used[at] || self.codes[at].is_some() || !self.may_be_country(at) || self.kind(at) != Kind::Country {
                continue;
            }
            tried += 1;
            let Some(country) = Country::from_name(&self.pieces[at].text) else { continue };
            let code = Code {
                zip: String::new(),
                countries: "",
                prefix: Some(country),
                state: None,
                distinct: false,
                marked: false,
                before: String::new(),
                after: String::new(),
            };
            let mut found = Gathered { first: at, last: at, country: Some(country), ..Gathered::default() };
            self.backward(at, &code, &mut found);
            if found.city.is_some()
                && (found.is_strong() || found.street.len() > 1 || found.street.iter().any(Part::is_box))
            {
                found.last = at;
                self.finish(&code, &found);
            }
        }
    }

    /// Names of countries have no digits; asked before the piece is taken apart.
    pub(super) fn may_be_country(&self, at: usize) -> bool {
        let text = &self.pieces[at].text;
        text.len() <= 60 && !text.bytes().any(|b| b.is_ascii_digit())
    }
}
