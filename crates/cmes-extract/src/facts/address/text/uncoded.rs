//! Addresses without a postal code: those that end with their country, and
//! those that a label or their place on the page shows to be one.

use crate::facts::address::pieces::End;
use crate::facts::address::postal::{self, City, Code};
use crate::facts::address::street::Part;
use crate::facts::address::words::{Kind, Role, role};
use crate::page::Region;
use crate::places::{Country, State};

use super::own_piece::is_city_state;
use super::{Gathered, MOST, REACH, Text, region_name};

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
            let code = none(Some(country));
            let mut found = Gathered { first: at, last: at, country: Some(country), ..Gathered::default() };
            self.backward(at, &code, &mut found);
            if found.city.is_none() && is_city_state(country) {
                found.city = Some(City { name: self.pieces[at].text.clone().into_owned(), ..City::default() });
            }
            if found.city.is_some()
                && (found.is_strong() || found.street.len() > 1 || found.street.iter().any(Part::is_box))
            {
                found.last = at;
                self.finish(&code, &found);
            }
        }
    }

    /// Names of countries have no digits; asked before the piece is taken apart.
    fn may_be_country(&self, at: usize) -> bool {
        let text = &self.pieces[at].text;
        text.len() <= 60 && !text.bytes().any(|b| b.is_ascii_digit())
    }

    /// Streets with a city after them and neither code nor country, on a site
    /// whose country is known: where a label calls them an address, or in a
    /// footer on one line.
    pub(super) fn without_code_and_country(&mut self) {
        let Some(country) = self.hints.country else { return };
        let mut tried = 0;
        for at in 0..self.pieces.len() {
            if tried > MOST {
                break;
            }
            if !self.is_numbered_street(at) {
                continue;
            }
            tried += 1;
            let first = self.units_before(at);
            if !self.is_presented(first) {
                continue;
            }
            let mut found = Gathered { first, last: at, ..Gathered::default() };
            found.street.extend((first..=at).map(|q| self.part(q)));
            self.city_after(at, country, &mut found);
            if found.city.is_some() {
                self.finish(&none(Some(country)), &found);
            }
        }
    }

    /// A street with its house's number, in one piece or two: `ул. Ленина, д. 5`.
    fn is_numbered_street(&self, at: usize) -> bool {
        // Asked before pieces are taken apart: a house has a number.
        let has_number = |at: usize| self.pieces.get(at).is_some_and(|piece| piece.text.contains(char::is_numeric));
        if self.used[at] {
            return false;
        }
        if has_number(at) {
            // "Lô B2", "12 Nguyễn Huệ": what a label leads is a place all the same.
            return match self.kind(at) {
                Kind::Street => true,
                Kind::MaybeStreet | Kind::Extra => self.is_labelled(at),
                _ => false,
            };
        }
        let is_followed = self.pieces.get(at + 1).is_some_and(|next| next.line == self.pieces[at].line);
        is_followed && has_number(at + 1) && self.kind(at) == Kind::MaybeStreet && self.kind(at + 1) == Kind::Number
    }

    /// Where the units before a street on its line begin.
    fn units_before(&self, at: usize) -> usize {
        let line = self.pieces[at].line;
        let is_unit = |q: &usize| {
            let piece = &self.pieces[*q];
            piece.line == line && piece.end != End::Colon && self.kind(*q) == Kind::Extra && !self.used[*q]
        };
        (0..at).rev().take(REACH).take_while(is_unit).last().unwrap_or(at)
    }

    /// Whether a label or the place on the page shows that an address begins.
    fn is_presented(&self, first: usize) -> bool {
        let line = self.pieces[first].line;
        let region = self.page.lines.get(line as usize).map(|line| line.region);
        region == Some(Region::Footer) || self.is_labelled(first)
    }

    /// Whether a label before a piece, or alone above it, leads to an address.
    fn is_labelled(&self, first: usize) -> bool {
        let Some(label) = first.checked_sub(1).and_then(|before| self.pieces.get(before)) else { return false };
        let line = self.pieces[first].line;
        let is_near = label.line == line && label.end == End::Colon || label.line + 1 == line;
        let says = || matches!(role(&label.text), Some(Role::Plain | Role::Head | Role::Branch));
        is_near && label.text.chars().count() <= 40 && says()
    }

    /// Takes what goes on with the street and the city after it: on its line, or
    /// in a block that a label leads on the next.
    fn city_after(&self, at: usize, country: Country, found: &mut Gathered) {
        let own = self.pieces[at].line;
        let element = |line: u32| self.page.lines.get(line as usize).map(|line| (line.element, line.region));
        for q in at + 1..self.pieces.len().min(at + REACH) {
            let region = region_name(&self.pieces[q].text);
            let piece = &self.pieces[q];
            let is_next = piece.line == own + 1
                && element(own) == element(piece.line)
                && element(own).is_some_and(|(_, region)| region != Region::Footer);
            if self.used[q] || !(piece.line == own || is_next) || !self.connected(q - 1, q) || piece.end == End::Colon {
                break;
            }
            match self.kind(q) {
                _ if region.is_some() && found.state.is_empty() => found.state = region.unwrap_or_default(),
                Kind::Extra | Kind::Number | Kind::MaybeStreet if found.city.is_none() => {
                    found.street.push(self.part(q));
                }
                Kind::Plain if found.city.is_none() && role(&piece.text).is_none() => {
                    found.city = postal::city(&piece.text).filter(|city| !city.prose);
                    if found.city.is_none() {
                        break;
                    }
                }
                Kind::Plain if found.state.is_empty() && State::find(country, &piece.text).is_some() => {
                    found.state = piece.text.clone().into_owned();
                }
                _ => break,
            }
            found.last = q;
        }
    }
}

/// No code, in the place of one.
fn none(country: Option<Country>) -> Code {
    Code {
        zip: String::new(),
        countries: "",
        prefix: country,
        state: None,
        distinct: false,
        marked: false,
        before: String::new(),
        after: String::new(),
    }
}
