//! Where companies are, in the form in which places are compared.

use cmes_extract::places::{Country, State, fold};

/// A country in memory: its two letters, or zeros where it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Code([u8; 2]);

impl Code {
    pub(super) const UNKNOWN: Self = Self([0; 2]);

    pub(super) fn of(code: &str) -> Self {
        Country::from_code(code).map_or(Self::UNKNOWN, |country| match *country.code().as_bytes() {
            [a, b] => Self([a, b]),
            _ => Self::UNKNOWN,
        })
    }

    fn country(self) -> Option<Country> {
        std::str::from_utf8(&self.0).ok().and_then(Country::from_code)
    }
}

/// What a city or region of a country is compared by; none without a letter. Short and full names of states are one.
pub(super) fn place(code: Code, text: &str) -> Option<u32> {
    let state = code.country().and_then(|country| State::find(country, text));
    let folded = fold(state.map_or(text, |state| state.name));
    (!folded.is_empty()).then(|| hash(&folded))
}

/// FNV-1a of 32 bits (RFC 9923).
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_same_however_it_is_written() {
        let check = |country: &str, one: &str, other: &str, are_same: bool| {
            let code = Code::of(country);
            assert_eq!(place(code, one) == place(code, other), are_same, "{one} {other}");
        };
        check("DE", "Köln", "KOLN", true);
        check("US", "TX", "Texas", true);
        check("DE", "TX", "Texas", false);
        check("", "Saint-Étienne", "saint etienne", true);
        check("DE", "Köln", "Bonn", false);
        assert_eq!(place(Code::UNKNOWN, " - "), None);
    }
}
