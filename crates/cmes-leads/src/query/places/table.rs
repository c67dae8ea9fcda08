//! The names of places, read once from the data files.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_extract::places::{Country, State, fold};

use super::inflected::Inflected;

/// A city of the data.
#[derive(Debug)]
pub(in super::super) struct City {
    local: &'static str,
    english: &'static str,
    pub(super) country: Country,
    region: Option<u16>,
    latitude: f32,
    longitude: f32,
    /// Inhabitants in thousands.
    pub(super) thousands: u32,
}

impl PartialEq for City {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl City {
    pub(super) fn local(&self) -> &'static str {
        self.local
    }

    pub(super) fn english(&self) -> &'static str {
        self.english
    }

    pub(super) fn region(&self) -> Option<&'static Region> {
        self.region.and_then(|at| TABLE.region(at))
    }

    pub(super) fn region_index(&self) -> Option<u16> {
        self.region
    }

    /// As the crow flies; the earth is flat enough for the distances asked about.
    pub(super) fn kilometres_to(&self, other: &Self) -> f32 {
        const DEGREE: f32 = 111.2;
        let north = (self.latitude - other.latitude) * DEGREE;
        let middle = f32::midpoint(self.latitude, other.latitude).to_radians();
        let east = (self.longitude - other.longitude) * DEGREE * middle.cos();
        north.hypot(east)
    }
}

/// A state, province or region.
#[derive(Debug)]
pub(in super::super) struct Region {
    pub(super) country: Country,
    names: Vec<&'static str>,
    /// What it holds, folded.
    parts: Vec<String>,
}

impl PartialEq for Region {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Region {
    /// In local form.
    pub(super) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// The first name in plain Latin letters behind the local one, which is the English one as a rule.
    pub(super) fn english(&self) -> &'static str {
        let mut others = self.names.iter().skip(1).copied();
        others.find(|name| name.is_ascii() && name.len() > 3).unwrap_or_else(|| self.name())
    }

    pub(super) fn has_part(&self, folded: &str) -> bool {
        self.parts.iter().any(|part| part == folded)
    }

    pub(super) fn has_parts(&self) -> bool {
        !self.parts.is_empty()
    }
}

/// Part of an area.
#[derive(Clone, Copy, Debug)]
pub(super) enum Member {
    Country(Country),
    Region(u16),
    /// All around a city, in kilometres.
    Around(u16, u16),
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Known {
    Country(Country),
    Region(u16),
    Area(u16),
    City(u16),
}

/// A name of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) known: Known,
    /// One of its usual names; the others count only where a place is expected.
    pub(super) is_usual: bool,
}

pub(super) struct Table {
    pub(super) cities: Vec<City>,
    regions: Vec<Region>,
    areas: Vec<Vec<Member>>,
    names: HashMap<String, Vec<Entry>>,
    /// Words for companies of a country, or beginnings of them: whether it is the whole word.
    demonyms: Vec<(String, bool, Country)>,
    /// Names in languages that inflect them.
    pub(super) inflected: Inflected,
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

/// Whether a folded text is the name of a place.
pub(in super::super) fn is_name(folded: &str) -> bool {
    TABLE.names.contains_key(folded) || Country::from_name(folded).is_some()
}

impl Table {
    pub(super) fn known<'a>(&'a self, folded: &str) -> impl Iterator<Item = &'a Entry> + use<'a> {
        self.names.get(folded).into_iter().flatten()
    }

    pub(super) fn region(&self, at: u16) -> Option<&Region> {
        self.regions.get(usize::from(at))
    }

    pub(super) fn city(&self, at: u16) -> Option<&City> {
        self.cities.get(usize::from(at))
    }

    pub(super) fn members(&self, area: u16) -> &[Member] {
        self.areas.get(usize::from(area)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn cities_named<'a>(&'a self, folded: &str) -> impl Iterator<Item = &'a City> + use<'a> {
        self.known(folded).filter_map(|entry| match entry.known {
            Known::City(at) => self.city(at),
            _ => None,
        })
    }

    /// The country that a word makes companies part of: "deutsche".
    pub(super) fn demonym(&self, word: &str) -> Option<Country> {
        let from = self.demonyms.partition_point(|(stem, ..)| stem.as_str() <= word);
        // The stems with which the word begins stand shortly before it in the order.
        let near = self.demonyms.get(from.saturating_sub(DEMONYMS_NEAR)..from).unwrap_or_default();
        let fits = |stem: &str, is_whole: bool| if is_whole { stem == word } else { word.starts_with(stem) };
        near.iter().rev().find(|(stem, is_whole, _)| fits(stem, *is_whole)).map(|(.., country)| *country)
    }

    fn read() -> Self {
        let mut table = Self {
            cities: Vec::new(),
            regions: Vec::new(),
            areas: Vec::new(),
            names: HashMap::with_capacity(40_000),
            demonyms: Vec::new(),
            inflected: Inflected::default(),
        };
        table.read_regions();
        table.read_cities(include_str!("../../../data/cities.tsv"));
        table.read_areas(include_str!("../../../data/areas.tsv"));
        for line in lines(include_str!("../../../data/demonyms.tsv")) {
            let Some((code, stems)) = line.split_once('\t') else { continue };
            let Some(country) = Country::from_code(code) else { continue };
            table.demonyms.extend(stems.split(',').map(|stem| {
                let whole = stem.strip_suffix('_');
                (fold(whole.unwrap_or(stem)), whole.is_some(), country)
            }));
        }
        table.demonyms.sort_unstable();
        table.inflected = Inflected::of(&table);
        table
    }

    fn add(&mut self, name: &str, known: Known, is_usual: bool) {
        let (name, is_usual) = name.strip_prefix('~').map_or((name, is_usual), |name| (name, false));
        let entries = self.names.entry(fold(name)).or_default();
        match entries.iter_mut().find(|entry| entry.known == known) {
            Some(entry) => entry.is_usual |= is_usual,
            None => entries.push(Entry { known, is_usual }),
        }
    }

    fn read_regions(&mut self) {
        for (state, name) in State::named() {
            self.add_region(state.country, state.name, &[name], "");
        }
        for line in lines(include_str!("../../../data/regions.tsv")) {
            let mut fields = line.split('\t');
            let (Some(code), Some(names)) = (fields.next(), fields.next()) else { continue };
            let Some(country) = Country::from_code(code) else { continue };
            let names: Vec<&str> = names.split(',').collect();
            let first = names.first().copied().unwrap_or_default();
            let first = first.strip_prefix('~').unwrap_or(first);
            let local = State::find(country, first).map_or(first, |state| state.name);
            self.add_region(country, local, &names, fields.next().unwrap_or_default());
        }
    }

    fn add_region(&mut self, country: Country, local: &'static str, names: &[&'static str], parts: &'static str) {
        let known = self.regions.iter().position(|region| region.country == country && region.name() == local);
        let at = known.unwrap_or_else(|| {
            self.regions.push(Region { country, names: vec![local], parts: Vec::new() });
            self.regions.len() - 1
        });
        let Ok(index) = u16::try_from(at) else { return };
        if let Some(region) = self.regions.get_mut(at) {
            let new = names.iter().map(|name| name.strip_prefix('~').unwrap_or(name)).filter(|name| *name != local);
            region.names.extend(new);
            region.parts.extend(parts.split(',').filter(|part| !part.is_empty()).map(fold));
        }
        for name in [local].iter().chain(names) {
            // What is short or marked is a word too; the local name is among the others where it is given.
            self.add(name, Known::Region(index), !names.iter().any(|marked| marked.strip_prefix('~') == Some(name)));
        }
    }

    fn read_cities(&mut self, file: &'static str) {
        let (mut country, mut region) = (None, None);
        for line in lines(file) {
            if let Some(group) = line.strip_prefix('@') {
                let (code, name) = group.split_once('\t').unwrap_or((group, ""));
                country = Country::from_code(code);
                region = country.and_then(|country| self.region_index(country, name));
                continue;
            }
            let fields: Vec<&'static str> = line.split('\t').collect();
            let &[thousands, latitude, longitude, names] = fields.as_slice() else { continue };
            let names: Vec<&'static str> = names.split(',').collect();
            let (Some(country), Some(&local), Some(&english)) = (country, names.first(), names.get(1)) else {
                continue;
            };
            let Ok(at) = u16::try_from(self.cities.len()) else { continue };
            let english = if english == "=" { local } else { english };
            self.cities.push(City {
                local,
                english,
                country,
                region,
                latitude: latitude.parse().unwrap_or_default(),
                longitude: longitude.parse().unwrap_or_default(),
                thousands: thousands.parse().unwrap_or_default(),
            });
            self.add(local, Known::City(at), true);
            self.add(english, Known::City(at), true);
            for name in names.iter().skip(2) {
                self.add(name, Known::City(at), !name.is_ascii() || is_like(name, local) || is_like(name, english));
            }
        }
    }

    fn region_index(&self, country: Country, name: &str) -> Option<u16> {
        self.known(&fold(name)).find_map(|entry| match entry.known {
            Known::Region(at) if self.region(at).is_some_and(|region| region.country == country) => Some(at),
            _ => None,
        })
    }

    fn read_areas(&mut self, file: &'static str) {
        for line in lines(file) {
            let Some((names, members)) = line.split_once('\t') else { continue };
            let Ok(at) = u16::try_from(self.areas.len()) else { continue };
            let members = self.members_of(members);
            self.areas.push(members);
            for name in names.split(',') {
                self.add(name, Known::Area(at), true);
            }
        }
    }

    /// "AT CH IT:Valle d'Aosta DE:Essen+35": a member begins at each code.
    fn members_of(&self, list: &'static str) -> Vec<Member> {
        let mut texts: Vec<String> = Vec::new();
        for word in list.split(' ') {
            let code = word.split(':').next().unwrap_or_default();
            let begins = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
            match texts.last_mut().filter(|_| !begins) {
                Some(last) => {
                    last.push(' ');
                    last.push_str(word);
                }
                None => texts.push(word.to_owned()),
            }
        }
        texts.iter().filter_map(|text| self.member(text)).collect()
    }

    fn member(&self, text: &str) -> Option<Member> {
        let Some((code, name)) = text.split_once(':') else { return Country::from_code(text).map(Member::Country) };
        let country = Country::from_code(code)?;
        let Some((city, kilometres)) = name.split_once('+') else {
            return self.region_index(country, name).map(Member::Region);
        };
        let folded = fold(city);
        let at = self.known(&folded).find_map(|entry| match entry.known {
            Known::City(at) if self.city(at).is_some_and(|city| city.country == country) => Some(at),
            _ => None,
        });
        at.zip(kilometres.parse().ok()).map(|(at, kilometres)| Member::Around(at, kilometres))
    }

    #[cfg(test)]
    pub(super) fn areas(&self) -> u16 {
        u16::try_from(self.areas.len()).unwrap_or(u16::MAX)
    }

    /// All names with what they stand for.
    pub(super) fn all_names(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.names.iter().flat_map(|(name, entries)| entries.iter().map(move |entry| (name.as_str(), entry)))
    }
}

/// Stems before a word that are compared with it.
const DEMONYMS_NEAR: usize = 12;

/// Whether a name is a spelling of another: it begins like it and is about as long ("Frankfurt", "Munique").
fn is_like(name: &str, other: &str) -> bool {
    let (name, other) = (fold(name), fold(other));
    let common = name.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    name.chars().count() >= 5 && common >= 4
}

/// The lines of a file that are no comments.
fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}
