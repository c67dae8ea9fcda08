//! State and country after a postal code, and the street where it is still
//! missing.

use crate::facts::address::pieces::End;
use crate::facts::address::postal::{self, City, Code};
use crate::facts::address::words::{Kind, kind};
use crate::places::{Country, State};

use super::{Gathered, REACH, Text, region_name};

impl Text<'_> {
    /// Takes state and country after the code, and the street where it is still missing.
    pub(super) fn forward(&self, at: usize, code: &Code, found: &mut Gathered) {
        let mut street = Vec::new();
        let wants_street = !found.has_street() && found.street.is_empty();
        let mut last = at;
        for q in at + 1..self.pieces.len().min(at + REACH) {
            if self.used[q] || !self.connected(q - 1, q) {
                break;
            }
            let text = self.pieces[q].text.as_ref();
            let text_kind = self.kind(q);
            let region = region_name(text);
            if text_kind == Kind::Country && found.country.is_none() {
                found.country = Country::from_name(text);
                last = q;
                continue;
            }
            let expected = self.expected(code, found);
            if let Some(state) = region.filter(|_| found.state.is_empty() && street.is_empty()) {
                found.state = state;
                last = q;
                continue;
            }
            if self.pieces[q].end == End::Colon {
                break;
            }
            if found.city.is_none() {
                if let (Kind::Plain | Kind::Noise, Some(city)) = (text_kind, self.city_alone(text)) {
                    found.city = Some(city);
                    last = q;
                    continue;
                }
            } else if found.state.is_empty()
                && street.is_empty()
                && expected.is_none()
                && let Some(country) = code.country_of_state(text)
            {
                found.country = Some(country);
                text.clone_into(&mut found.state);
                last = q;
                continue;
            } else if found.state.is_empty()
                && street.is_empty()
                && (expected.is_some_and(|country| State::find(country, text).is_some())
                    || text_kind == Kind::Plain
                        && !text.ends_with('.')
                        && (self.pieces[q - 1].end == End::Slash || self.is_followed_by_country(q)))
            {
                text.clone_into(&mut found.state);
                last = q;
                continue;
            }
            let is_code = self
                .codes
                .get(q)
                .is_some_and(|code| code.as_ref().is_some_and(|code| code.distinct || !code.after.is_empty()));
            match text_kind {
                Kind::Street | Kind::MaybeStreet if wants_street && !is_code => street.push(self.part(q)),
                Kind::Number | Kind::Extra if !street.is_empty() => street.push(self.part(q)),
                _ => break,
            }
            last = q;
        }
        let next_line = self.pieces.get(last).map(|piece| piece.line) != self.pieces.get(at).map(|piece| piece.line);
        // The street of the next address in a list, not of this one.
        if next_line
            && !street.is_empty()
            && self.codes.get(last + 1).is_some_and(Option::is_some)
            && self.connected(last, last + 1)
        {
            found.last = at;
            return;
        }
        found.street.append(&mut street);
        found.last = last;
    }

    /// Whether the next piece is the name of a country.
    pub(super) fn is_followed_by_country(&self, q: usize) -> bool {
        self.connected(q, q + 1) && self.kind(q + 1) == Kind::Country
    }

    pub(super) fn city_alone(&self, text: &str) -> Option<City> {
        let marked = ["г.", "город ", "м.", "місто ", "гр."].iter().any(|mark| text.starts_with(mark));
        (marked || kind(text) == Kind::Plain).then(|| postal::city(text)).flatten()
    }
}
