//! States, provinces and regions as they stand in postal addresses.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Country, fold};

const STATES: &str = include_str!("../../data/states.tsv");

/// A state, province or region of a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The country that it is part of.
    pub country: Country,
    /// Short form in postal use (`NC`); empty where there is none.
    pub short: &'static str,
    /// Full name in local form.
    pub name: &'static str,
}

impl State {
    /// By short form or name, within a country.
    #[must_use]
    pub fn find(country: Country, text: &str) -> Option<Self> {
        if text.len() > 60 {
            return None;
        }
        BY_NAME.get(&(country, fold(text))).copied()
    }

    /// Every state with each of its names, short forms left out.
    pub fn named() -> impl Iterator<Item = (Self, &'static str)> {
        entries().flat_map(|(state, names)| names.split(',').map(move |name| (state, name)))
    }

    /// The states of a country.
    pub fn of(country: Country) -> impl Iterator<Item = Self> {
        ALL.iter().filter(move |state| state.country == country).copied()
    }
}

static ALL: LazyLock<Vec<State>> = LazyLock::new(|| entries().map(|(state, _)| state).collect());

static BY_NAME: LazyLock<HashMap<(Country, String), State>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for (state, names) in entries() {
        for name in names.split(',').chain([state.short]).filter(|name| !name.is_empty()) {
            map.entry((state.country, fold(name))).or_insert(state);
        }
    }
    map
});

/// Every state with the list of its names.
fn entries() -> impl Iterator<Item = (State, &'static str)> {
    STATES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).flat_map(
        |(code, list)| {
            let country = Country::from_code(code);
            list.split(';').filter_map(move |entry| {
                let (short, names) = entry.split_once('=').unwrap_or(("", entry));
                let name = names.split(',').next().unwrap_or_default();
                Some((State { country: country?, short, name }, names))
            })
        },
    )
}
