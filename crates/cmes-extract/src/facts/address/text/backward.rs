//! The street, and where it is not known yet the city, before a postal code.

use crate::facts::address::pieces::End;
use crate::facts::address::postal::{self, Code};
use crate::facts::address::street::Part;
use crate::facts::address::words::Kind;
use crate::places::{Country, State, fold};

use super::own_piece::is_city_state;
use super::{Gathered, REACH, Text, has_digit, region_name};

impl Text<'_> {
    /// Takes the street, and where it is not known yet the city, before the code.
    pub(super) fn backward(&self, at: usize, code: &Code, found: &mut Gathered) {
        let mut localities: Vec<usize> = Vec::new();
        let mut parts: Vec<Part> = Vec::new();
        let mut first = found.first;
        let mut strong = found.is_strong();
        let mut seen_street = strong || found.has_street();
        for q in (at.saturating_sub(REACH)..at).rev() {
            if self.used[q] || !self.connected(q, q + 1) || self.pieces[q].end == End::Colon || self.is_title(q) {
                break;
            }
            let text = self.pieces[q].text.as_ref();
            let text_kind = self.kind(q);
            if self.codes[q].as_ref().is_some_and(|code| code.distinct) && text_kind != Kind::Street {
                break;
            }
            if q + 1 == at
                && code.may_have_prefix()
                && let Some(country) = postal::prefix_country(text)
            {
                found.country = found.country.or(Some(country));
                first = q;
                continue;
            }
            if let Some(state) =
                region_name(text).filter(|_| found.state.is_empty() && found.city.is_none() && parts.is_empty())
            {
                found.state = state;
                first = q;
                continue;
            }
            // "Joinville, SC, 89219-600": some states' letters are other words too.
            if found.city.is_none()
                && parts.is_empty()
                && (is_letters(text) && self.take_state(text, code, found) || self.take_both(text, code, found))
            {
                first = q;
                continue;
            }
            // "Україна, 03150, м. Київ": from the largest to the smallest.
            if text_kind == Kind::Country
                && found.country.or(code.country()).is_none()
                && found.city.is_none()
                && parts.is_empty()
                && let Some(country) = Country::from_name(text).filter(|country| !is_city_state(*country))
                && self.pieces[q].line == self.pieces[at].line
            {
                found.country = Some(country);
                first = q;
                continue;
            }
            let numbered_city = found.city.is_none() && code.countries == "IE" && text.starts_with("Dublin ");
            if text_kind == Kind::Plain || text_kind == Kind::Country || numbered_city {
                if seen_street {
                    if found.city.is_none() && is_cyrillic(text) && self.pieces[q].line == self.pieces[at].line {
                        found.city = postal::city(text);
                        first = q;
                    }
                    if self.is_building_of_unit(q) {
                        parts.push(self.part(q));
                        continue;
                    }
                    break;
                }
                if found.city.is_none() {
                    if !self.take_state(text, code, found) {
                        found.city = postal::city(text);
                    }
                    first = q;
                    continue;
                }
                if text_kind == Kind::Country || localities.len() >= 2 {
                    break;
                }
                localities.push(parts.len());
                parts.push(self.part(q));
                continue;
            }
            match text_kind {
                Kind::Street if !strong || self.pieces[q].line == self.pieces[q + 1].line || is_one_street(&parts) => {
                    strong = true;
                }
                // An estate named before its street, not a company with a number.
                Kind::MaybeStreet if !strong => {}
                Kind::MaybeStreet if self.pieces[q].line == self.pieces[q + 1].line && !has_digit(text) => {}
                Kind::Number | Kind::Extra => {}
                _ => break,
            }
            seen_street |= matches!(text_kind, Kind::Street | Kind::MaybeStreet);
            parts.push(self.part(q));
            if text_kind != Kind::Number {
                localities.clear();
                first = q;
            }
        }
        // Names and numbers that no street stands before are not part of it.
        let keep = parts
            .iter()
            .rposition(|part| !matches!(part.kind(), Kind::Plain | Kind::Number))
            .map_or(0, |last| last + 1);
        // "12 bis, avenue de la République": the number stands first.
        let leads = keep > 0
            && parts.get(keep).is_some_and(|part| part.kind() == Kind::Number)
            && parts.get(keep - 1).is_some_and(|part| !has_digit(&part.text) || is_named_number(&parts[keep].text))
            && first > 0
            && self.pieces[first - 1].line == self.pieces[first].line;
        parts.truncate(keep + usize::from(leads));
        first -= usize::from(leads);
        if !seen_street && parts.iter().all(|part| part.kind() != Kind::Extra) {
            parts.clear();
        }
        parts.reverse();
        parts.append(&mut found.street);
        found.street = parts;
        found.first = first;
    }

    /// Takes a state that stands alone beside the code.
    pub(super) fn take_state(&self, text: &str, code: &Code, found: &mut Gathered) -> bool {
        if !found.state.is_empty() {
            return false;
        }
        let Some(country) = self.expected(code, found) else { return false };
        let Some(state) = State::find(country, text.trim_start_matches("Estado de ")) else { return false };
        // A city of the same name, unless one is still to come.
        if state.short != text && text.chars().count() > 3 && !self.city_comes_before(text) && country.code() != "GB" {
            return false;
        }
        text.clone_into(&mut found.state);
        true
    }

    /// Names of states that are cities' names as well count as the city.
    pub(super) fn city_comes_before(&self, text: &str) -> bool {
        !matches!(
            fold(text).as_str(),
            "new york" | "washington" | "sao paulo" | "rio de janeiro" | "madrid" | "barcelona" | "valencia" | "quebec"
        )
    }
}

/// Two or three capitals, as states are abbreviated.
fn is_letters(text: &str) -> bool {
    matches!(text.len(), 2 | 3) && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// `House 12`, which no street's own number looks like.
fn is_named_number(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
}

fn is_one_street(parts: &[Part]) -> bool {
    parts.len() <= 1
}

fn is_cyrillic(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{400}'..='\u{4ff}'))
}
