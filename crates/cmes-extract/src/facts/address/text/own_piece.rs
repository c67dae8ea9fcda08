//! What stands in the same piece as the postal code.

use crate::facts::address::postal::{self, City, Code};
use crate::facts::address::street::{self, Part};
use crate::facts::address::words::{Kind, kind, role};
use crate::places::{Country, State};

use super::{Gathered, Text, has_digit};

impl Text<'_> {
    /// What stands in the same piece as the code.
    pub(super) fn read_own_piece(&self, at: usize, code: &Code, found: &mut Gathered) -> bool {
        let line = self.pieces[at].line;
        let mut after = code.after.as_str();
        if let Some(country) =
            Country::from_name(after.trim_matches(|c: char| !c.is_alphanumeric())).filter(|_| after.len() > 2)
        {
            found.country = Some(country);
            if !is_city_state(country) {
                after = "";
            }
        }
        if !after.is_empty() {
            let city_first = code.before.is_empty() || !matches!(kind(&code.before), Kind::Plain);
            if city_first {
                found.city = postal::city(after);
                // "1600 Main Street": the number of a house.
                if found.city.is_none() && !code.distinct {
                    return false;
                }
            }
        }
        if code.before.is_empty() {
            return true;
        }
        let before = code.before.trim_end_matches([',', ' ', '-', '–']);
        match kind(before) {
            // A county, though an island far away is called so too.
            Kind::Country if code.country().is_some_and(|country| State::find(country, before).is_some()) => {
                before.clone_into(&mut found.state);
            }
            Kind::Country => {
                found.country = found.country.or(Country::from_name(before));
                if found.city.is_none() && found.country.is_some_and(is_city_state) {
                    found.city = Some(City { name: before.to_owned(), ..City::default() });
                }
            }
            Kind::Street | Kind::MaybeStreet | Kind::Extra if found.city.is_some() => {
                found.street.push(Part::new(before, line));
            }
            Kind::Street | Kind::MaybeStreet | Kind::Extra => match street::split_city(before) {
                // "Av. Lázaro Cárdenas 1000": the number is the house's.
                Some((street, _)) if !code.distinct && !code.marked && !has_digit(street) => return false,
                Some((street, city)) => {
                    found.street.push(Part::new(street, line));
                    found.city = postal::city(city);
                }
                None if code.distinct || code.marked => found.street.push(Part::new(before, line)),
                None => return false,
            },
            Kind::Number if found.city.is_some() => found.street.push(Part::new(before, line)),
            Kind::Plain if found.city.is_none() => {
                let by_script = || self.by_script(code, before);
                let country =
                    self.expected(code, found).or_else(by_script).filter(|country| Code::is_last_in(*country));
                if !code.distinct && country.is_none() && !is_marked_city(before) && !self.country_follows(at) {
                    return false;
                }
                // "Upton, Gloucestershire GL50 9ZZ": the city stands before.
                if found.state.is_empty()
                    && country.is_some_and(|country| self.is_county(before, country))
                    && self.follows_city(at)
                {
                    before.clone_into(&mut found.state);
                    return true;
                }
                let (rest, state) = country.and_then(|c| postal::split_state(before, c)).unwrap_or((before, ""));
                // "São Paulo 01310": the name of a city may be that of its state.
                let name = if rest.is_empty() { before } else { rest };
                if found.state.is_empty() && !rest.is_empty() {
                    state.clone_into(&mut found.state);
                }
                found.city = postal::city(name);
                return found.city.is_some();
            }
            _ if role(before).is_some() && before.len() < 40 => {}
            _ if code.distinct && found.city.is_some() && before.len() < 4 => {}
            _ => return false,
        }
        true
    }

    /// Whether the name of a country stands within the next pieces.
    fn country_follows(&self, at: usize) -> bool {
        (at + 1..self.pieces.len().min(at + 4)).any(|next| self.kind(next) == Kind::Country)
    }
}

/// `гр. Пловдив`: said to be a city.
fn is_marked_city(text: &str) -> bool {
    ["г.", "гр.", "м.", "mun.", "Mun.", "or. "].iter().any(|mark| text.starts_with(mark))
}

/// Countries that are, or are named like, their main city.
pub(super) fn is_city_state(country: Country) -> bool {
    matches!(country.code(), "LU" | "SG" | "HK" | "MO" | "TN" | "MC" | "SM" | "GI" | "KW" | "DJ" | "PA" | "GT" | "VA")
}
