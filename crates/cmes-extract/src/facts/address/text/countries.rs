//! The country of an address: by what stands beside its code, by the words of
//! the street, by the script, by the site.

use cmes_types::LanguageCode;

use crate::facts::address::postal::{Code, city as city_name};
use crate::facts::address::words::{Kind, is_plain, street_languages};
use crate::places::{Country, State};

use super::{Gathered, Text};

impl Text<'_> {
    /// The country to which the code should belong, as far as known.
    pub(super) fn expected(&self, code: &Code, found: &Gathered) -> Option<Country> {
        found
            .country
            .or(code.prefix)
            .or_else(|| code.country())
            .or(self.hints.country.filter(|country| code.may_be(*country)))
    }

    /// Takes `Joinville/SC`, the city with its state.
    pub(super) fn take_both(&self, text: &str, code: &Code, found: &mut Gathered) -> bool {
        let Some((city, state)) = text.rsplit_once('/') else { return false };
        let (city, state) = (city.trim(), state.trim());
        let is_state = |country| State::find(country, state).is_some_and(|known| known.short == state);
        if !is_plain(city) || !found.state.is_empty() || !self.expected(code, found).is_some_and(is_state) {
            return false;
        }
        found.city = city_name(city);
        state.clone_into(&mut found.state);
        true
    }

    /// Whether a name is a county's, where those are written before the code.
    pub(super) fn is_county(&self, text: &str, country: Country) -> bool {
        matches!(country.code(), "GB" | "IE" | "IN")
            && self.city_comes_before(text)
            && State::find(country, text).is_some()
    }

    /// Whether the piece before may be a city: a plain name after a street.
    pub(super) fn follows_city(&self, at: usize) -> bool {
        at >= 2
            && self.connected(at - 1, at)
            && self.kind(at - 1) == Kind::Plain
            && self.connected(at - 2, at - 1)
            && matches!(self.kind(at - 2), Kind::Street | Kind::MaybeStreet | Kind::Extra | Kind::Plain)
    }

    /// The country whose codes look so and whose language is written so.
    pub(super) fn by_script(&self, code: &Code, text: &str) -> Option<Country> {
        let script = script_language(text)?;
        let speaks = |country: &Country| country.languages().next().is_some_and(|language| language.as_str() == script);
        code.countries.split(' ').filter_map(Country::from_code).find(speaks)
    }

    /// The country that code, street words, site and language point to.
    pub(super) fn guess(&self, code: &Code, found: &Gathered) -> Option<Country> {
        if let Some(country) = code.country() {
            return Some(country);
        }
        let languages: Vec<_> = found.street.iter().flat_map(|part| street_languages(&part.text)).collect();
        // English is written to foreigners everywhere.
        let speaks = |country: Country| {
            languages.iter().all(|language| *language == "en")
                || country.languages().any(|language| languages.iter().any(|l| *l == language.as_str()))
        };
        let possible = |country: &Country| code.may_be(*country);
        if let Some(country) = self.hints.country.filter(possible)
            && speaks(country)
        {
            return Some(country);
        }
        let candidates: Vec<Country> = code.countries.split(' ').filter_map(Country::from_code).collect();
        let first_of = |language: &str| {
            candidates
                .iter()
                .copied()
                .find(|country| country.languages().next().is_some_and(|l| l.as_str() == language))
        };
        // Too small to be meant where a larger one writes alike.
        let is_small = |country: &Country| matches!(country.code(), "LU" | "LI" | "MC" | "SM" | "VA" | "AD");
        let first_of = |language: &str| match language {
            "de" if code.zip.len() == 4 && found.is_swiss() => Country::from_code("CH"),
            _ => first_of(language).filter(|country| !is_small(country)),
        };
        let script = found.city.as_ref().and_then(|city| script_language(&city.name));
        // English is the language of too many countries to tell one.
        let page = self.hints.language.as_ref().map(LanguageCode::as_str).filter(|language| *language != "en");
        script
            .and_then(first_of)
            .or_else(|| page.filter(|page| languages.is_empty() || languages.contains(page)).and_then(first_of))
            .or_else(|| one(&languages).filter(|language| *language != "en").and_then(first_of))
            .or(self.hints.country.filter(possible))
    }
}

/// The language that a script stands for.
fn script_language(text: &str) -> Option<&'static str> {
    text.chars().find_map(|c| match c {
        'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' => Some("uk"),
        '\u{370}'..='\u{3ff}' => Some("el"),
        '\u{590}'..='\u{5ff}' => Some("he"),
        '\u{e00}'..='\u{e7f}' => Some("th"),
        '\u{ac00}'..='\u{d7a3}' => Some("ko"),
        'ř' | 'ů' | 'ě' => Some("cs"),
        'ľ' | 'ĺ' | 'ŕ' => Some("sk"),
        _ => None,
    })
}

/// The language in question if the words leave no other.
fn one(languages: &[&'static str]) -> Option<&'static str> {
    let first = languages.first()?;
    languages.iter().all(|language| language == first).then_some(*first)
}
