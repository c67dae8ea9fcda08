//! Where a query names places.

use std::collections::HashSet;
use std::sync::LazyLock;

use cmes_extract::places::{Country, State, fold};
use cmes_types::LanguageCode;

use super::super::words::{Does, Gap, Marks, Token, phrase};
use super::Place;
use super::table::{Known, Member, TABLE};

/// Places that a query names at one point.
#[derive(Clone, Debug)]
pub(in super::super) struct Found {
    /// The words, from the preposition on.
    pub(in super::super) from: usize,
    pub(in super::super) to: usize,
    /// Where the name begins.
    pub(in super::super) name: usize,
    /// One, or all parts of an area.
    pub(in super::super) places: Vec<Place>,
    /// It is told by a word such as "German".
    pub(in super::super) is_demonym: bool,
}

/// Names that are words too (`data/ambiguous.txt`).
static AMBIGUOUS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/ambiguous.txt").lines().filter(|line| !line.starts_with('#'));
    // A mark behind a name says that it was thought about and is a place first.
    lines.flat_map(str::split_ascii_whitespace).filter(|name| !name.ends_with('_')).map(fold).collect()
});

/// Most words of a name.
const LONGEST: usize = 5;
/// Kilometres that count as near, where no number says it.
const NEAR: u16 = 40;
/// Farthest distance that is read.
const FARTHEST: u32 = 1_000;
/// Inhabitants, in thousands, from which a city is known by its name alone, and from which it comes before a region.
const KNOWN: u32 = 100;
/// Short forms of countries that are understood in small letters.
const SHORT: [&str; 8] = ["usa", "uk", "uae", "eua", "eeuu", "сша", "оаэ", "рф"];
/// Units of distance, folded.
const KILOMETRES: [&str; 10] =
    ["km", "kms", "kilometer", "kilometern", "kilometers", "kilometres", "kilometros", "chilometri", "км", "kilometre"];
const MILES: [&str; 3] = ["miles", "mile", "mi"];
/// Words around a distance, folded.
const AROUND: [&str; 16] = [
    "radius",
    "umkreis",
    "rayon",
    "radio",
    "raggio",
    "raio",
    "straal",
    "promieniu",
    "радиусе",
    "within",
    "dans",
    "un",
    "von",
    "um",
    "a",
    "em",
];
/// Regions that come before a large city of their name.
const REGIONS_FIRST: [(&str, &str); 2] = [("CA", "Quebec"), ("ES", "La Rioja")];

/// A name with all that it may stand for.
struct Span {
    /// From the preposition on, where there is one.
    from: usize,
    name: usize,
    to: usize,
    known: Vec<Known>,
    around: Option<u16>,
}

/// What stands before a name.
#[derive(Default)]
struct Before {
    from: usize,
    /// A preposition that says where.
    is_expected: bool,
    /// "of", which may.
    is_of: bool,
    /// "to" or "for": a market, not a seat.
    is_target: bool,
    around: Option<u16>,
}

/// Every place of a query, in order. Words in `used` mean something else.
pub(in super::super) fn find(
    text: &str,
    tokens: &[Token],
    marks: &Marks,
    language: LanguageCode,
    used: &[bool],
) -> Vec<Found> {
    let reading = Reading { text, tokens, marks, language, used };
    let mut spans: Vec<Span> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match reading.span(at, spans.last()) {
            Some(span) => {
                at = span.to;
                spans.push(span);
            }
            None => at += 1,
        }
    }
    let mut found = reading.joined(spans);
    let demonyms: Vec<Found> = (0..tokens.len())
        .filter(|at| !found.iter().any(|found| (found.from..found.to).contains(at)))
        .filter_map(|at| reading.demonym(at))
        .collect();
    found.extend(demonyms);
    found.sort_by_key(|found| found.from);
    found
}

struct Reading<'a> {
    text: &'a str,
    tokens: &'a [Token],
    marks: &'a Marks,
    language: LanguageCode,
    used: &'a [bool],
}

impl Reading<'_> {
    fn is_used(&self, at: usize) -> bool {
        self.used.get(at).copied().unwrap_or(false)
    }

    fn gap(&self, at: usize) -> Gap {
        self.tokens.get(at).map_or(Gap::Break, |token| token.gap)
    }

    /// Whether a part of the sentence ends before this word.
    fn ends(&self, at: usize) -> bool {
        self.gap(at) == Gap::Break || self.is_used(at)
    }

    /// The longest name that begins here and counts as one.
    fn span(&self, at: usize, last: Option<&Span>) -> Option<Span> {
        let before = self.before(at);
        if before.is_target {
            return None;
        }
        (1..=LONGEST).rev().find_map(|length| {
            let to = at + length;
            if (at..to).any(|at| self.is_used(at)) {
                return None;
            }
            let name = phrase(self.text, self.tokens, at, length)?;
            let known = self.known(at, to, &name, &before, last)?;
            Some(Span { from: before.from, name: at, to, known, around: before.around })
        })
    }

    fn before(&self, name: usize) -> Before {
        let mut before = Before { from: name, ..Before::default() };
        let mut at = name;
        let mut is_near = false;
        while at > 0 && (at == name || self.gap(at) != Gap::Break) && !self.ends_between(at, name) {
            let word = self.tokens.get(at - 1).map_or("", |token| token.word.as_str());
            let near = self.marks.length_before(at, Does::Near);
            let within = self.marks.length_before(at, Does::In);
            let is_in =
                |at: usize| self.marks.length_before(at, Does::In) > 0 || self.marks.length_before(at, Does::Near) > 0;
            if near >= within && near > 0 {
                (is_near, before.is_expected) = (true, true);
                at -= near;
            } else if within > 0 {
                before.is_expected = true;
                at -= within;
            } else if let Some(kilometres) = self.distance(at) {
                before.around = Some(kilometres);
                before.is_expected = true;
                at -= 2;
            } else if AROUND.contains(&word) && before.around.is_some() {
                at -= 1;
            } else if self.marks.length_before(at, Does::Not) > 0 && at == name {
                before.is_expected = true;
                break;
            } else if self.marks.is(at - 1, Does::To) && at == name {
                before.is_target = true;
                break;
            } else if self.marks.is(at - 1, Does::Filler) && is_in(at - 1) && at > 1 {
                at -= 1;
            } else if self.marks.is(at - 1, Does::Of) {
                before.is_of = true;
                at -= 1;
            } else {
                break;
            }
            if at > 0 && self.is_used(at - 1) {
                break;
            }
        }
        before.from = if before.is_expected || before.is_of { at } else { name };
        if is_near && before.around.is_none() {
            before.around = Some(NEAR);
        }
        before
    }

    fn ends_between(&self, at: usize, name: usize) -> bool {
        self.gap(name) == Gap::Break || (at..name).any(|at| self.is_used(at))
    }

    /// A number with a unit of distance right before here.
    fn distance(&self, at: usize) -> Option<u16> {
        let unit = self.tokens.get(at.checked_sub(1)?)?;
        let number = self.tokens.get(at.checked_sub(2)?)?.number().filter(|number| *number <= FARTHEST)?;
        let kilometres = if KILOMETRES.contains(&unit.word.as_str()) {
            number
        } else if MILES.contains(&unit.word.as_str()) {
            number * 8 / 5
        } else {
            return None;
        };
        u16::try_from(kilometres).ok()
    }

    /// What a name stands for, where it counts as one.
    fn known(&self, at: usize, to: usize, name: &str, before: &Before, last: Option<&Span>) -> Option<Vec<Known>> {
        let token = self.tokens.get(at)?;
        let follows = last.is_some_and(|last| self.is_joined(last.to, before.from));
        if let Some(state) = self.state(at, to, last).filter(|_| follows) {
            return Some(vec![state]);
        }
        // A part of its own: ", Bayern" or "Bayern:" at the beginning.
        let is_apart =
            self.gap(at) == Gap::Break && (to == self.tokens.len() || self.ends(to) || self.is_connected(to));
        // "в Казани и Перми": the second name of a list.
        let is_continued = last
            .is_some_and(|last| last.to < at && (last.to..at).all(|at| self.marks.is_any(at, &[Does::And, Does::Or])));
        let is_expected = before.is_expected
            || is_continued
            || before.is_of && (token.is_capital || !token.word.is_ascii())
            || is_apart
            || follows;
        let mut known: Vec<(Known, bool)> =
            Country::from_name(name).map(|country| (Known::Country(country), true)).into_iter().collect();
        known.extend(TABLE.known(name).map(|entry| (entry.known, entry.is_usual)));
        if known.is_empty() {
            let form = self.form(at, to, name, before.is_expected || is_continued)?;
            known.push((form, true));
        }
        let letters = name.chars().count();
        let is_short = letters <= 3 && name.is_ascii() || letters < 2;
        if is_short
            && !(token.is_upper && !self.is_shouted())
            && !SHORT.contains(&name)
            && !(token.is_capital && is_expected)
        {
            return None;
        }
        let is_word = to == at + 1 && (self.marks.is_small(at) || super::super::language::is_vocabulary(name));
        let is_ambiguous = is_word || AMBIGUOUS.contains(name);
        let is_capital =
            token.is_capital || !token.word.is_ascii() && !token.word.chars().any(|c| c.is_lowercase() && c < 'ɐ');
        let is_last = to == self.tokens.len()
            || self.ends(to)
            || self.is_connected(to)
            || self.marks.is_any(to, &[Does::With, Does::That]);
        let is_plain = |known: &(Known, bool)| known.1 && self.is_large(known.0);
        let counts = if is_ambiguous {
            // German nouns have capitals too, but the first word of a text always may.
            let after_small = at == 1 || at > 1 && !self.tokens.get(at - 1).is_some_and(|token| token.is_capital);
            self.is_confirmed(to, &known)
                || is_expected && (is_capital || self.is_small_lettered() && is_last)
                || is_capital && is_last && after_small && letters > 3
        } else if known.iter().any(is_plain) {
            !self.tokens.get(at).is_some_and(|token| token.gap == Gap::Hyphen)
        } else {
            is_expected && (is_capital || self.is_small_lettered())
                || known.iter().any(|known| known.1) && is_capital && is_last && at > 0
        };
        // What is a place only by an unusual name gives way to what is one by a usual name.
        if known.iter().any(|known| known.1) {
            known.retain(|known| known.1);
        }
        counts.then(|| known.into_iter().map(|(known, _)| known).collect())
    }

    /// A name with an ending, prefix or particle.
    fn form(&self, at: usize, to: usize, name: &str, is_expected: bool) -> Option<Known> {
        if to == at + 1 && super::super::words::is_listed(name) {
            return None;
        }
        let has_suffixes = matches!(self.language.as_str(), "fi" | "hu" | "tr" | "et");
        if let Some(known) = TABLE.inflected.find(name, is_expected, has_suffixes) {
            return Some(known);
        }
        // "서울의", "في برلين", "بالرياض": what stands around the name.
        const BEHIND: [&str; 7] = ["에서", "에", "의", "내", "시", "지역", "산"];
        const FRONT: [&str; 5] = ["بال", "وال", "ال", "ب", "ل"];
        let bare = BEHIND.iter().find_map(|end| name.strip_suffix(fold(end).as_str()));
        let bare = bare.or_else(|| FRONT.iter().find_map(|front| name.strip_prefix(fold(front).as_str())));
        if let Some(bare) = bare.filter(|bare| bare.chars().count() >= 2) {
            return usual(bare);
        }
        // "Münchner Agenturen", "Berliner Startups".
        let is_german = self.language.as_str() == "de" && self.tokens.get(at).is_some_and(|token| token.is_capital);
        let stem = name.strip_suffix("er").filter(|stem| is_german && stem.len() > 3)?;
        [
            stem.to_owned(),
            format!("{stem}en"),
            format!("{stem}e"),
            format!("{}en", stem.strip_suffix('n').unwrap_or(stem)),
        ]
        .iter()
        .find_map(|name| usual(name))
        .filter(|known| matches!(known, Known::City(at) if TABLE.city(*at).is_some_and(|city| city.thousands >= KNOWN)))
    }

    /// "TX" behind a city of Texas.
    fn state(&self, at: usize, to: usize, last: Option<&Span>) -> Option<Known> {
        let token = self.tokens.get(at).filter(|token| to == at + 1 && token.is_upper && token.word.len() <= 3)?;
        let countries = last?.known.iter().filter_map(|known| country_of(*known));
        countries
            .filter_map(|country| State::find(country, &token.word).filter(|state| !state.short.is_empty()))
            .find_map(|state| {
                TABLE.known(&fold(state.name)).find_map(|entry| match entry.known {
                    Known::Region(at) if TABLE.region(at).is_some_and(|region| region.country == state.country) => {
                        Some(entry.known)
                    }
                    _ => None,
                })
            })
    }

    /// Whether nothing but a preposition or "of" is between two names.
    fn is_joined(&self, last: usize, from: usize) -> bool {
        last == from
            || (last < from && (last..from).all(|at| self.marks.is_any(at, &[Does::In, Does::Of, Does::Filler])))
    }

    /// "and" or "or" before another name.
    fn is_connected(&self, at: usize) -> bool {
        self.marks.is_any(at, &[Does::And, Does::Or, Does::Not])
    }

    /// Whether the country of a name stands right behind it: "Reading UK".
    fn is_confirmed(&self, to: usize, known: &[(Known, bool)]) -> bool {
        (1..=3).filter_map(|length| phrase(self.text, self.tokens, to, length)).any(|name| {
            let country = Country::from_name(&name);
            country.is_some_and(|country| {
                known
                    .iter()
                    .any(|(known, _)| !matches!(known, Known::Country(_)) && country_of(*known) == Some(country))
            })
        })
    }

    fn is_large(&self, known: Known) -> bool {
        match known {
            Known::City(at) => TABLE.city(at).is_some_and(|city| city.thousands >= KNOWN),
            _ => true,
        }
    }

    /// The text has no capital letters at all.
    fn is_small_lettered(&self) -> bool {
        !self.tokens.iter().any(|token| token.is_capital)
    }

    /// The text has capital letters alone.
    fn is_shouted(&self) -> bool {
        self.tokens.len() > 2 && self.tokens.iter().filter(|token| token.is_upper).count() * 2 > self.tokens.len()
    }

    /// Puts together what belongs together ("Paris, Texas") and decides what each name stands for.
    fn joined(&self, spans: Vec<Span>) -> Vec<Found> {
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
    fn best(&self, known: &[Known]) -> Option<Known> {
        let is_english = self.language.as_str() == "en";
        known.iter().copied().max_by_key(|one| match *one {
            Known::Country(country) if is_english && country.code() == "GE" => 1,
            Known::Country(_) => 5_000_000,
            Known::Area(_) => 4_000_000,
            Known::City(at) => TABLE
                .city(at)
                .map_or(0, |city| if city.thousands >= KNOWN { 1_000_000 + city.thousands } else { city.thousands }),
            Known::Region(at) => {
                let is_first = TABLE
                    .region(at)
                    .is_some_and(|region| REGIONS_FIRST.contains(&(region.country.code(), region.name())));
                if is_first { 3_000_000 } else { 900_000 }
            }
        })
    }

    fn words(&self, from: usize, to: usize) -> String {
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

    /// "German manufacturers".
    fn demonym(&self, at: usize) -> Option<Found> {
        if self.is_used(at) {
            return None;
        }
        let token = self.tokens.get(at)?;
        let country = TABLE.demonym(&token.word)?;
        let words = self.words(at, at + 1);
        let place = Place { words, country: Some(country), ..Place::default() };
        Some(Found { from: at, to: at + 1, name: at, places: vec![place], is_demonym: true })
    }
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

fn country_of(known: Known) -> Option<Country> {
    match known {
        Known::Country(country) => Some(country),
        Known::Region(at) => TABLE.region(at).map(|region| region.country),
        Known::City(at) => TABLE.city(at).map(|city| city.country),
        Known::Area(_) => None,
    }
}

/// The place of a usual name.
fn usual(name: &str) -> Option<Known> {
    let country = Country::from_name(name).map(Known::Country);
    country.or_else(|| TABLE.known(name).find(|entry| entry.is_usual).map(|entry| entry.known))
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
            TABLE.city(at).is_some_and(|city| city.region_index() == Some(region))
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
