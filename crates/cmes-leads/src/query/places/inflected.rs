//! Names of places in languages that inflect them: "в Подмосковье", "w Niemczech", "Saksassa".

use std::collections::HashMap;

use cmes_extract::places::{Country, fold};

use super::table::{Entry, Known, Table};

/// Languages whose names of countries are inflected.
const LANGUAGES: [&str; 14] = ["ru", "uk", "be", "bg", "pl", "cs", "sk", "hr", "sr", "sl", "fi", "hu", "tr", "el"];
/// Countries whose own names are.
const COUNTRIES: [&str; 15] =
    ["RU", "UA", "BY", "BG", "PL", "CZ", "SK", "HR", "RS", "SI", "FI", "HU", "TR", "GR", "KZ"];
/// What is put behind a whole name in languages without prepositions (Finnish, Hungarian, Turkish).
const SUFFIXES: [&str; 26] = [
    "ssa", "sta", "lla", "lta", "ssa", "ban", "ben", "bol", "on", "en", "i", "da", "de", "ta", "te", "dan", "den",
    "daki", "deki", "taki", "teki", "n", "in", "nin", "nda", "sa",
];

/// Names by the first letters of their first word.
#[derive(Default)]
pub(super) struct Inflected(HashMap<String, Vec<(String, Known)>>);

impl Inflected {
    pub(super) fn of(table: &Table) -> Self {
        let mut all: HashMap<String, Vec<(String, Known)>> = HashMap::new();
        let mut add = |name: &str, known: Known| {
            if let Some(key) = key(name) {
                all.entry(key).or_default().push((name.to_owned(), known));
            }
        };
        for country in Country::all() {
            for language in LANGUAGES.iter().filter_map(|code| code.parse().ok()) {
                add(&fold(country.name(language)), Known::Country(country));
            }
        }
        let is_own = |country: Country| COUNTRIES.contains(&country.code());
        for (name, Entry { known, is_usual }) in table.all_names() {
            let counts = match *known {
                Known::City(at) => table.city(at).is_some_and(|city| is_own(city.country)),
                Known::Region(at) => table.region(at).is_some_and(|region| is_own(region.country)),
                Known::Area(_) => true,
                Known::Country(_) => false,
            };
            let is_cyrillic = name.chars().next().is_some_and(|c| ('а'..='я').contains(&c));
            if *is_usual && (counts || is_cyrillic) {
                add(name, *known);
            }
        }
        for list in all.values_mut() {
            list.sort_by(|one, other| one.0.cmp(&other.0));
            list.dedup();
        }
        Self(all)
    }

    /// What a folded name may be a form of; `is_expected` where a preposition stands before it, `has_suffixes`
    /// in languages that have endings instead.
    pub(super) fn find(&self, name: &str, is_expected: bool, has_suffixes: bool) -> Option<Known> {
        // Polish: "we Włoszech" are "Włochy".
        let turned = name.strip_suffix("szech").map(|stem| format!("{stem}chy"));
        let name = turned.as_deref().unwrap_or(name);
        let list = self.0.get(&key(name)?)?;
        let forms = list.iter().filter_map(|(known, place)| {
            let common = match (is_expected, has_suffixes) {
                (true, _) => common(name, known),
                (false, true) => suffixed(name, known),
                (false, false) => None,
            }?;
            // "На Урале": the Urals, of which nothing is left out, rather than Uralsk.
            Some((common, std::cmp::Reverse(known.chars().count()), *place))
        });
        forms.max_by_key(|(common, rest, _)| (*common, *rest)).map(|(_, _, place)| place)
    }
}

fn key(name: &str) -> Option<String> {
    let mut letters = name.chars();
    let key: String = letters.by_ref().take(3).collect();
    let is_word = key.chars().count() == 3 && key.chars().all(char::is_alphabetic);
    is_word.then_some(key)
}

/// Letters that a form and a name have in common, where each word differs in its ending alone.
fn common(form: &str, name: &str) -> Option<usize> {
    let mut shared = 0;
    let (mut forms, mut names) = (form.split(' '), name.split(' '));
    loop {
        let (form, name) = match (forms.next(), names.next()) {
            (None, None) => return Some(shared),
            (Some(form), Some(name)) => (form, name),
            _ => return None,
        };
        let same = form.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
        let (form, name) = (form.chars().count(), name.chars().count());
        let is_form = same == form && same == name || same >= 3 && name - same <= 2 && form - same <= 4;
        if !is_form {
            return None;
        }
        shared += same;
    }
}

/// The letters of a whole name with an ending behind it.
fn suffixed(form: &str, name: &str) -> Option<usize> {
    let rest = form.strip_prefix(name)?.trim_start();
    let letters = name.chars().count();
    (letters >= 5 && SUFFIXES.contains(&rest)).then_some(letters)
}
