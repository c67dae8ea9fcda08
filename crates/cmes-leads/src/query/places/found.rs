//! Where a query names places.

use std::collections::HashSet;
use std::sync::LazyLock;

use cmes_extract::places::{Country, State, fold};
use cmes_types::LanguageCode;

use super::super::words::{Does, Gap, Marks, Token, phrase};
use super::Place;
use super::meaning::{KNOWN, country_of, usual};
use super::preceding::Before;
use super::table::{Known, TABLE};

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
/// Most words such as "German" that are looked at.
const MOST_DEMONYMS: usize = 4;
/// Short forms of countries that are understood in small letters.
const SHORT: [&str; 8] = ["usa", "uk", "uae", "eua", "eeuu", "сша", "оаэ", "рф"];

/// A name with all that it may stand for.
pub(super) struct Span {
    /// From the preposition on, where there is one.
    pub(super) from: usize,
    pub(super) name: usize,
    pub(super) to: usize,
    pub(super) known: Vec<Known>,
    pub(super) around: Option<u16>,
}

/// Every place of a query, in order. Words in `used` mean something else.
pub(in super::super) fn find(
    text: &str,
    tokens: &[Token],
    marks: &Marks,
    language: LanguageCode,
    used: &[bool],
) -> Vec<Found> {
    let capitals = tokens.iter().filter(|token| token.is_capital).count();
    let upper = tokens.iter().filter(|token| token.is_upper).count();
    let is_shouted = tokens.len() > 2 && upper * 2 > tokens.len();
    let reading = Reading { text, tokens, marks, language, used, is_small_lettered: capitals == 0, is_shouted };
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
        .take(MOST_DEMONYMS)
        .collect();
    found.extend(demonyms);
    found.sort_by_key(|found| found.from);
    found
}

pub(super) struct Reading<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) marks: &'a Marks,
    pub(super) language: LanguageCode,
    pub(super) used: &'a [bool],
    /// The text has no capital letters at all.
    is_small_lettered: bool,
    /// The text has capital letters in the main.
    is_shouted: bool,
}

/// The country of this name. Extraction takes Scotland in an address for the United Kingdom, as it is; who asks for
/// companies in Scotland means that part. "England" is said for the whole in many languages.
fn country(name: &str) -> Option<Country> {
    let is_part = |known: Known| match known {
        Known::Region(at) => TABLE.region(at).is_some_and(|region| region.name() != "England"),
        _ => false,
    };
    let named = Country::from_name(name)?;
    let mut regions = TABLE.known(name).filter(|entry| is_part(entry.known) && country_of(entry.known) == Some(named));
    regions.next().is_none().then_some(named)
}

impl Reading<'_> {
    pub(super) fn is_used(&self, at: usize) -> bool {
        self.used.get(at).copied().unwrap_or(false)
    }

    pub(super) fn gap(&self, at: usize) -> Gap {
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
            country(name).map(|country| (Known::Country(country), true)).into_iter().collect();
        known.extend(TABLE.known(name).map(|entry| (entry.known, entry.is_usual)));
        if known.is_empty() {
            // "W Czechach, Szwecji i na Węgrzech": so does each that follows.
            let is_listed = follows && before.from == at && token.is_capital;
            let form = self.form(at, to, name, before.is_expected || is_continued || is_listed)?;
            known.push((form, true));
        }
        let letters = name.chars().count();
        let is_short = letters <= 3 && name.is_ascii() || letters < 2;
        let is_told = token.is_upper && !self.is_shouted || token.is_capital && is_expected;
        if is_short && !is_told && !SHORT.contains(&name) {
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
                || is_expected && (is_capital || self.is_small_lettered && is_last)
                || is_capital && is_last && after_small && letters > 3
        } else if known.iter().any(is_plain) {
            !self.tokens.get(at).is_some_and(|token| token.gap == Gap::Hyphen)
        } else {
            is_expected && (is_capital || self.is_small_lettered)
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
            return self.best(&usual(bare));
        }
        // "In den Niederlanden", "aus den Vereinigten Staaten".
        if let Some(plain) = name.strip_suffix('n').filter(|_| is_expected && self.language.as_str() == "de")
            && let Some(country) = Country::from_name(plain)
        {
            return Some(Known::Country(country));
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
        .find_map(|name| self.best(&usual(name)))
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
    pub(super) fn is_joined(&self, last: usize, from: usize) -> bool {
        last == from
            || (last < from && (last..from).all(|at| self.marks.is_any(at, &[Does::In, Does::Of, Does::Filler])))
    }

    /// "and" or "or" before another name.
    pub(super) fn is_connected(&self, at: usize) -> bool {
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
