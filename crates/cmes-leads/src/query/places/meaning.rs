//! What the names of a query stand for: the larger of two namesakes, the city of
//! "Paris, Texas", all countries of an area.

use cmes_extract::places::{Country, fold};

use super::super::words::Gap;
use super::Place;
use super::found::{Found, Reading, Span};
use super::table::{City, Known, Member, Region, TABLE};

/// Inhabitants, in thousands, from which a city is known by its name alone, and from which it comes before a region.
pub(super) const KNOWN: u32 = 100;
/// Regions that come before a large city of their name.
const REGIONS_FIRST: [(&str, &str); 2] = [("CA", "Quebec"), ("ES", "La Rioja")];

/// Countries whose cities come before namesakes up to three times as large: "Valencia" is the Spanish one.
const HOME: [&str; 16] =
    ["DE", "FR", "IT", "ES", "GB", "US", "NL", "BE", "AT", "CH", "PL", "PT", "SE", "DK", "CA", "IE"];

impl Reading<'_> {
    /// Puts together what belongs together ("Paris, Texas") and decides what each name stands for.
    pub(super) fn joined(&self, spans: Vec<Span>) -> Vec<Found> {
        let mut out = Vec::new();
        let mut spans = spans.into_iter().peekable();
        while let Some(mut span) = spans.next() {
            let mut best = self.best(&span.known);
            while let Some(next) = spans.peek() {
                let is_next = self.is_joined(span.to, next.from) && !self.is_connected(span.to);
                let pair = is_next.then(|| narrower(&span.known, &next.known)).flatten();
                // "Paris, Texas": a city that the data does not have there, as American addresses have it.
                if let (None, true, Some(place)) = (pair, is_next && best.is_some(), self.american(&span, next)) {
                    out.push(Found {
                        from: span.from,
                        to: next.to,
                        name: span.name,
                        places: vec![place],
                        is_demonym: false,
                    });
                    best = None;
                    spans.next();
                    break;
                }
                let Some(known) = pair else { break };
                span.to = next.to;
                span.known = vec![known];
                best = Some(known);
                spans.next();
            }
            let Some(known) = best else { continue };
            let words = self.words(span.name, span.to);
            let places = self.places(known, &words, span.around);
            if !places.is_empty() {
                out.push(Found { from: span.from, to: span.to, name: span.name, places, is_demonym: false });
            }
        }
        out
    }

    /// A city before the comma, a state of North America behind it.
    fn american(&self, city: &Span, state: &Span) -> Option<Place> {
        let is_city = city.known.iter().any(|known| matches!(known, Known::City(_)))
            && !city.known.iter().any(|known| matches!(known, Known::Country(_)));
        let region = state.known.iter().find_map(|known| match known {
            Known::Region(at) => TABLE.region(*at).filter(|region| matches!(region.country.code(), "US" | "CA")),
            _ => None,
        })?;
        let follows = self.gap(state.name) == Gap::Break && state.name == city.to;
        (is_city && follows).then(|| Place {
            words: self.words(city.name, state.to),
            country: Some(region.country),
            region: Some(region.name().to_owned()),
            city: Some(self.words(city.name, city.to)),
            ..Place::default()
        })
    }

    /// What a name by itself stands for.
    pub(super) fn best(&self, known: &[Known]) -> Option<Known> {
        let is_english = self.language.as_str() == "en";
        known.iter().copied().max_by_key(|one| match *one {
            Known::Country(country) if is_english && country.code() == "GE" => 1,
            Known::Country(_) => 5_000_000,
            Known::Area(_) => 4_000_000,
            Known::City(at) => {
                let (thousands, weight) = TABLE.city(at).map_or((0, 0), |city| (city.thousands, weight(city)));
                if thousands >= KNOWN { 1_000_000 + weight } else { weight }
            }
            Known::Region(at) => {
                let is_first = TABLE
                    .region(at)
                    .is_some_and(|region| REGIONS_FIRST.contains(&(region.country.code(), region.name())));
                if is_first { 3_000_000 } else { 900_000 }
            }
        })
    }

    pub(super) fn words(&self, from: usize, to: usize) -> String {
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        let end = to.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(start, |token| token.end);
        self.text.get(start..end).unwrap_or_default().to_owned()
    }

    fn places(&self, known: Known, words: &str, around: Option<u16>) -> Vec<Place> {
        let place = Place { words: words.to_owned(), ..Place::default() };
        match known {
            Known::Country(country) => vec![Place { country: Some(country), ..place }],
            Known::Region(at) => region(at, place).into_iter().collect(),
            Known::City(at) => city(at, Place { around, ..place }).into_iter().collect(),
            Known::Area(at) => {
                let member = |member: &Member| {
                    let place = Place { is_part: true, ..place.clone() };
                    match *member {
                        Member::Country(country) => Some(Place { country: Some(country), ..place }),
                        Member::Region(at) => region(at, place),
                        Member::Around(at, kilometres) => city(at, Place { around: Some(kilometres), ..place }),
                    }
                };
                TABLE.members(at).iter().filter_map(member).collect()
            }
        }
    }
}

/// How likely a city is meant by its name: its inhabitants, and where companies mostly are that are asked about.
fn weight(city: &City) -> u32 {
    let is_near = HOME.contains(&city.country.code());
    if is_near { city.thousands.saturating_mul(3) } else { city.thousands }
}

fn region(at: u16, place: Place) -> Option<Place> {
    TABLE.region(at).map(|region| Place {
        country: Some(region.country),
        region: Some(region.name().to_owned()),
        ..place
    })
}

fn city(at: u16, place: Place) -> Option<Place> {
    TABLE.city(at).map(|city| Place {
        country: Some(city.country),
        region: city.region().map(|region| region.name().to_owned()),
        city: Some(city.local().to_owned()),
        ..place
    })
}

pub(super) fn country_of(known: Known) -> Option<Country> {
    match known {
        Known::Country(country) => Some(country),
        Known::Region(at) => TABLE.region(at).map(|region| region.country),
        Known::City(at) => TABLE.city(at).map(|city| city.country),
        Known::Area(_) => None,
    }
}

/// The places of a usual name.
pub(super) fn usual(name: &str) -> Vec<Known> {
    let country = Country::from_name(name).map(Known::Country);
    country.into_iter().chain(TABLE.known(name).filter(|entry| entry.is_usual).map(|entry| entry.known)).collect()
}

/// The narrower of two names where one is in the other: the city of "Paris, Texas" or "Texas, Austin".
fn narrower(first: &[Known], second: &[Known]) -> Option<Known> {
    let inside = |inner: &[Known], outer: &[Known]| {
        let pairs = inner.iter().filter(|inner| outer.iter().any(|outer| is_in(**inner, *outer)));
        pairs.copied().max_by_key(|known| match *known {
            Known::City(at) => TABLE.city(at).map_or(0, |city| city.thousands.saturating_add(1_000)),
            Known::Region(_) => 500,
            _ => 0,
        })
    };
    inside(first, second).or_else(|| inside(second, first))
}

fn is_in(inner: Known, outer: Known) -> bool {
    match (inner, outer) {
        (Known::City(_) | Known::Region(_), Known::Country(country)) => country_of(inner) == Some(country),
        (Known::City(at), Known::Region(region)) => {
            let (city, outer) = (TABLE.city(at), TABLE.region(region));
            // The data knows England as the region of Reading: it may be in Berkshire.
            let may_hold = |city: &City, outer: &Region| {
                outer.country == city.country
                    && city.region().is_some_and(|region| region.has_part(&fold(outer.name())))
            };
            city.is_some_and(|city| city.region_index() == Some(region))
                || city.zip(outer).is_some_and(|(city, outer)| may_hold(city, outer))
        }
        (Known::Region(at), Known::Region(outer)) => {
            let (inner, outer) = (TABLE.region(at), TABLE.region(outer));
            inner
                .zip(outer)
                .is_some_and(|(inner, outer)| inner.country == outer.country && outer.has_part(&fold(inner.name())))
        }
        _ => false,
    }
}
