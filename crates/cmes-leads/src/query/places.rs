//! Places: countries, regions, areas and cities by their names in many
//! languages, and whether a company's address is in one.

use cmes_extract::places::{Country, State, fold};
use cmes_types::LanguageCode;

mod found;
mod inflected;
mod meaning;
mod preceding;
mod table;

pub(super) use found::{Found, find};
pub(super) use table::is_name;
use table::{City, Known, Region, TABLE};

/// Somewhere that companies are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In the words of the query: "USA".
    pub words: String,
    /// The country, where it is known.
    pub country: Option<Country>,
    /// A state or region, in local form.
    pub region: Option<String>,
    /// A city, in local form.
    pub city: Option<String>,
    /// Kilometres around the city that count as well: "near Stuttgart".
    pub around: Option<u16>,
    /// It is one of the countries or regions of a larger area that `words` names: "DACH".
    pub is_part: bool,
}

/// The countries that a text in a language names, or has places of.
pub(crate) fn countries_in(text: &str, language: LanguageCode) -> Vec<Country> {
    let tokens = super::words::tokens(text);
    let mut marks = super::words::Marks::of(text, &tokens);
    marks.settle(language, &tokens);
    let found = find(text, &tokens, &marks, language, &vec![false; tokens.len()]);
    let mut countries: Vec<Country> =
        found.into_iter().flat_map(|found| found.places).filter_map(|place| place.country).collect();
    // "Eksportujemy do Niemiec i Czech": in any case, behind any preposition.
    let inflected = tokens.iter().skip(1).filter(|token| token.is_capital);
    countries.extend(inflected.filter_map(|token| match TABLE.inflected.find(&token.word, true, false) {
        Some(Known::Country(country)) => Some(country),
        _ => None,
    }));
    // "Exporting to the United States": behind "to" no company has its seat, so it is not found as such.
    let words: Vec<&str> = tokens.iter().map(|token| token.word.as_str()).collect();
    let spans =
        (0..tokens.len()).flat_map(|from| (1..=3).filter_map(move |length| Some((from, from.checked_add(length)?))));
    countries.extend(spans.filter_map(|(from, to)| {
        tokens.get(from).filter(|token| token.is_capital || !token.word.is_ascii())?;
        Country::from_name(&words.get(from..to)?.join(" "))
    }));
    countries.sort_by(|one, other| one.code().cmp(other.code()));
    countries.dedup();
    countries
}

impl Place {
    /// Whether a company is there, by its address: country, state or region, and city, each as far as
    /// it is known and in whatever language. `None` where that does not tell.
    ///
    /// Names are compared without regard to case and accents and in all languages of the
    /// data ("Munich" is "München"); a city is known to be in its region, a province in
    /// its region, and a district that is named after its city ("Stuttgart-Vaihingen") in that city.
    #[must_use]
    pub fn holds(&self, country: Option<Country>, state: &str, city: &str) -> Option<bool> {
        let located = City::of_company(country, state, city);
        let country = country.or(located.map(|city| city.country));
        match (self.country, country) {
            (Some(own), Some(other)) if own != other => return Some(false),
            (Some(_), Some(_)) if self.region.is_none() && self.city.is_none() => return Some(true),
            (Some(_), None) => return None,
            _ => {}
        }
        let country = country?;
        let in_region = self.region.as_deref().and_then(|region| Region::holds(country, region, state, located));
        let Some(own) = self.city.as_deref() else { return in_region };
        if in_region == Some(false) && self.around.is_none() {
            return Some(false);
        }
        if city.trim().is_empty() {
            return None;
        }
        let sought = City::named(country, own, self.region.as_deref());
        if let (Some(sought), Some(located), Some(kilometres)) = (sought, located, self.around) {
            return Some(sought.kilometres_to(located) <= f32::from(kilometres));
        }
        let same = match (sought, located) {
            (Some(sought), Some(located)) => sought == located,
            _ => false,
        };
        if same || is_of_city(&fold(city), &fold(own)) || sought.is_some_and(|sought| sought.has_district(city)) {
            return Some(true);
        }
        // A small place may be within reach of the city; the data does not know it.
        if self.around.is_some() { None } else { Some(false) }
    }

    /// The name as it is best understood in a language: the country's in that language, a city's local
    /// one in the languages of its country and the English one elsewhere.
    #[must_use]
    pub fn name(&self, language: LanguageCode) -> String {
        let country = || self.country.map(|country| country.name(language).to_owned());
        let is_local = self.languages().contains(&language);
        if let Some(city) = &self.city {
            let known = self.country.and_then(|country| City::named(country, city, self.region.as_deref()));
            return known.filter(|_| !is_local).map_or_else(|| city.clone(), |known| known.english().to_owned());
        }
        if let Some(region) = &self.region {
            let known = self.country.and_then(|country| Region::named(country, region));
            return known.filter(|_| !is_local).map_or_else(|| region.clone(), |known| known.english().to_owned());
        }
        country().unwrap_or_else(|| self.words.clone())
    }

    /// The languages that companies there write in, main one first: the region's own where it has one.
    #[must_use]
    pub fn languages(&self) -> Vec<LanguageCode> {
        let Some(country) = self.country else { return Vec::new() };
        let region = self.region.as_deref().or_else(|| {
            City::named(country, self.city.as_deref()?, None).and_then(|city| city.region()).map(|region| region.name())
        });
        let own = region.and_then(|region| {
            let row = REGION_LANGUAGES.iter().find(|(code, names, _)| {
                *code == country.code() && names.split('|').any(|name| fold(name) == fold(region))
            });
            row.map(|(.., languages)| *languages)
        });
        let spoken = |list: &str| list.split(' ').filter_map(|code| code.parse().ok()).collect::<Vec<_>>();
        own.map_or_else(|| country.languages().take(MOST_LANGUAGES).collect(), spoken)
    }
}

/// Main languages of a country that are searched in.
const MOST_LANGUAGES: usize = 3;

/// Regions that do not speak the first language of their country.
const REGION_LANGUAGES: &[(&str, &str, &str)] = &[
    ("BE", "Vlaanderen", "nl"),
    ("BE", "Wallonie", "fr"),
    ("BE", "Bruxelles", "fr nl"),
    ("CH", "Vaud|Genève|Neuchâtel|Jura", "fr"),
    ("CH", "Fribourg|Valais", "fr de"),
    ("CH", "Ticino", "it"),
    (
        "CH",
        "Zürich|Bern|Luzern|Aargau|St. Gallen|Basel-Stadt|Basel-Landschaft|Thurgau|Solothurn|Zug|Schwyz|Schaffhausen|\
         Glarus|Uri|Obwalden|Nidwalden|Graubünden",
        "de",
    ),
    ("CA", "Quebec", "fr en"),
    ("IT", "Trentino-Alto Adige", "it de"),
    ("ES", "Cataluña", "es ca"),
];

/// Whether an address names a city with more behind it: "Paris 8e", "Stuttgart-Vaihingen", "Lyon Cedex 03".
fn is_of_city(address: &str, city: &str) -> bool {
    !city.is_empty() && address.strip_prefix(city).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

impl City {
    /// The city of a company's address.
    fn of_company(country: Option<Country>, state: &str, city: &str) -> Option<&'static Self> {
        if city.trim().is_empty() || city.len() > LONGEST_NAME {
            return None;
        }
        let region = country.filter(|_| !state.trim().is_empty()).and_then(|country| Region::of_state(country, state));
        let candidates = TABLE.cities_named(&fold(city));
        let here = candidates.filter(|city| country.is_none_or(|country| city.country == country));
        here.max_by_key(|city| (region.is_some() && city.region() == region, city.thousands))
    }

    /// A city by its local name.
    fn named(country: Country, name: &str, region: Option<&str>) -> Option<&'static Self> {
        let region = region.and_then(|region| Region::named(country, region));
        let candidates = TABLE.cities_named(&fold(name)).filter(|city| city.country == country);
        candidates.max_by_key(|city| (region.is_some() && city.region() == region, city.thousands))
    }

    /// Whether an address names a district of it, in any of its names.
    fn has_district(&self, address: &str) -> bool {
        let folded = fold(address);
        is_of_city(&folded, &fold(self.local())) || is_of_city(&folded, &fold(self.english()))
    }
}

/// Longest name that is looked up, in bytes.
const LONGEST_NAME: usize = 120;

impl Region {
    /// Whether a company's state, or else its city, is in a region.
    fn holds(country: Country, region: &str, state: &str, city: Option<&City>) -> Option<bool> {
        let own = Self::named(country, region);
        if !state.trim().is_empty() && state.len() <= LONGEST_NAME {
            let folded = fold(state);
            if folded == fold(region) {
                return Some(true);
            }
            if let Some(own) = own
                && own.has_part(&folded)
            {
                return Some(true);
            }
            let other = Self::of_state(country, state);
            let same = other.zip(own).map(|(other, own)| other == own || own.has_part(&fold(other.name())));
            // A state that is no such part tells only where regions of one sort are compared.
            if same == Some(true) || (same == Some(false) && own.is_some_and(|own| !own.has_parts())) {
                return same;
            }
        }
        let of_city = city.and_then(City::region)?;
        let own = own?;
        (own == of_city || own.has_part(&fold(of_city.name()))).then_some(true).or(Some(false))
    }

    /// The region of an address, by its name or short form.
    fn of_state(country: Country, state: &str) -> Option<&'static Self> {
        if state.len() > LONGEST_NAME {
            return None;
        }
        Self::named(country, state)
            .or_else(|| State::find(country, state).and_then(|state| Self::named(country, state.name)))
    }

    /// A region by any of its names.
    fn named(country: Country, name: &str) -> Option<&'static Self> {
        TABLE.known(&fold(name)).find_map(|entry| match entry.known {
            Known::Region(at) => TABLE.region(at).filter(|region| region.country == country),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
