//! The same address in several places brought together in its richest form.

use std::collections::HashMap;

use cmes_types::{Address, Method};

use crate::places::{Country, State, fold};

use super::street::without_units;
use super::{Place, Sighting, words};
use crate::facts::Finding;

/// What makes two addresses the same: code and city, and the same numbers in
/// the street.
fn key(place: &Place) -> (String, String, String) {
    let address = &place.address;
    let digits = |text: &str| {
        let mut out = String::new();
        for c in text.chars() {
            if c.is_numeric() {
                out.push(c);
            } else if !out.ends_with(' ') {
                out.push(' ');
            }
        }
        out.trim().split(' ').next().unwrap_or_default().to_owned()
    };
    let zip = fold(&address.zip).replace(' ', "");
    // With a code the city may be written in several ways.
    let city = if zip.is_empty() { fold(&address.city) } else { String::new() };
    (zip, city, digits(&format!("{} {}", address.street1, address.street2)))
}

/// A form of the street lines and the first place where it stands.
#[derive(Clone, Debug)]
struct Street {
    lines: (String, String),
    page: Option<u16>,
    snippet: String,
}

impl PartialEq for Street {
    fn eq(&self, other: &Self) -> bool {
        self.lines == other.lines
    }
}

/// A sighting with how often each form of its street was seen.
struct Group {
    best: Sighting,
    /// Each form with where it was first seen.
    streets: Vec<(Street, usize)>,
    cities: Vec<(String, usize)>,
    count: usize,
    /// How often it stands in text.
    texts: usize,
}

/// The addresses, each once, with how often text tells each.
pub(super) fn merge(sightings: Vec<Sighting>) -> Vec<(Sighting, usize)> {
    let mut groups: Vec<Group> = Vec::new();
    let mut by_key: HashMap<(String, String, String), usize> = HashMap::new();
    for sighting in sightings {
        let key = key(&sighting.finding.value);
        match by_key.get(&key).and_then(|at| groups.get_mut(*at)) {
            Some(group) => group.add(sighting),
            None => {
                by_key.insert(key, groups.len());
                groups.push(Group::new(sighting));
            }
        }
    }
    absorb_partial(&mut groups);
    join_boxes(&mut groups);
    // Of addresses of one rank the one repeated on every page comes first.
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups.into_iter().map(|group| (group.texts, group)).map(|(texts, group)| (group.finish(), texts)).collect()
}

/// Addresses without street, or without code, that are part of another.
fn absorb_partial(groups: &mut Vec<Group>) {
    let house = |address: &Address| format!("{}\n{}", fold(&address.city), fold(without_units(&address.street1)));
    let full: HashMap<String, ()> = groups
        .iter()
        .filter(|group| {
            !group.best.finding.value.address.street1.is_empty() && !group.best.finding.value.address.zip.is_empty()
        })
        .flat_map(|group| {
            let address = &group.best.finding.value.address;
            [fold(&address.zip).replace(' ', ""), house(address)]
        })
        .map(|key| (key, ()))
        .collect();
    groups.retain(|group| {
        let address = &group.best.finding.value.address;
        if address.street1.is_empty() {
            return !full.contains_key(&fold(&address.zip).replace(' ', ""));
        }
        !(address.zip.is_empty() && full.contains_key(&house(address)))
    });
}

/// Puts the box for letters with the street of the same city that has no code:
/// visitors are told the street, letters want the code.
fn join_boxes(groups: &mut Vec<Group>) {
    let is_boxed = |group: &Group| words::is_box(&group.best.finding.value.address.street1);
    let boxes: Vec<Address> = groups
        .iter()
        .filter(|group| is_boxed(group))
        .map(|group| group.best.finding.value.address.clone())
        .filter(|address| !address.zip.is_empty() && address.street2.is_empty())
        .take(4)
        .collect();
    for boxed in boxes {
        let takes = |group: &&mut Group| {
            let address = &group.best.finding.value.address;
            !is_boxed(group)
                && address.zip.is_empty()
                && !address.street1.is_empty()
                && fold(&address.city) == fold(&boxed.city)
        };
        let Some(group) = groups.iter_mut().find(takes) else { continue };
        group.post(&boxed);
        groups.retain(|group| group.best.finding.value.address != boxed);
    }
}

impl Group {
    /// Takes code and box of the address for letters.
    fn post(&mut self, boxed: &Address) {
        let add = |second: &mut String| {
            if !second.is_empty() {
                second.push_str(", ");
            }
            second.push_str(&boxed.street1);
        };
        self.best.finding.value.address.zip.clone_from(&boxed.zip);
        add(&mut self.best.finding.value.address.street2);
        self.streets.iter_mut().for_each(|(street, _)| add(&mut street.lines.1));
    }

    fn new(sighting: Sighting) -> Self {
        let mut group = Self { best: sighting.clone(), streets: Vec::new(), cities: Vec::new(), count: 0, texts: 0 };
        group.add(sighting);
        group
    }

    fn add(&mut self, sighting: Sighting) {
        self.count += 1;
        self.texts += usize::from(sighting.finding.method == Method::Text);
        let address = &sighting.finding.value.address;
        let lines = (address.street1.clone(), address.street2.clone());
        count(
            &mut self.streets,
            Street { lines, page: sighting.finding.page, snippet: sighting.finding.snippet.clone() },
        );
        count(&mut self.cities, address.city.clone());
        let other = &sighting.finding.value;
        let mine = &mut self.best.finding.value;
        if mine.address.state.is_empty() {
            mine.address.state.clone_from(&other.address.state);
        }
        if mine.label.is_empty() {
            mine.label.clone_from(&other.label);
        }
        if other.country.is_some() && (mine.country.is_none() || mine.guessed) {
            (mine.country, mine.guessed) = (other.country, other.guessed);
        }
        self.best.rank = self.best.rank.min(sighting.rank);
        if sighting.finding.confidence > self.best.finding.confidence {
            let (address, country, label) = (mine.address.clone(), (mine.country, mine.guessed), mine.label.clone());
            let better = sighting.finding;
            let state =
                if better.value.address.state.is_empty() { address.state } else { better.value.address.state.clone() };
            let own = (better.value.country, better.value.guessed);
            let (country, guessed) = if own.0.is_none() || own.1 { country } else { own };
            let label = if better.value.label.is_empty() { label } else { better.value.label.clone() };
            let address = Address { state, ..better.value.address };
            self.best.finding = Finding { value: Place { address, country, guessed, label }, ..better };
        }
    }

    /// The form of the street that was seen most often; structured data counts
    /// with its own.
    fn finish(mut self) -> Sighting {
        let structured = self.best.finding.method == Method::SchemaOrg && self.best.finding.confidence > 0.94;
        if !structured {
            let address = &mut self.best.finding.value.address;
            if let Some(street) = richest(&self.streets)
                && street.lines != (address.street1.clone(), address.street2.clone())
            {
                (address.street1, address.street2) = street.lines;
                (self.best.finding.page, self.best.finding.snippet) = (street.page, street.snippet);
            }
            if let Some(city) = best_of(&self.cities) {
                self.best.finding.value.address.city = fuller(&city, &self.cities);
            }
        }
        let country = self.best.finding.value.country;
        let is_turkish = country.is_some_and(|country| country.code() == "TR");
        let city = &mut self.best.finding.value.address.city;
        // "CABA" is short for the capital of Argentina.
        let is_short = country.and_then(|country| State::find(country, city)).is_some_and(|state| state.short == *city);
        if !is_turkish && !is_short && is_shouted(city) {
            // As another page writes it, else as maps do.
            let spoken = self.cities.iter().map(|(other, _)| other).find(|o| !is_shouted(o) && fold(o) == fold(city));
            *city = spoken.cloned().unwrap_or_else(|| capitalised(city));
        }
        let place = &mut self.best.finding.value;
        if let Some(name) = place.country.and_then(|country| full_state(country, &place.address.state)) {
            name.clone_into(&mut place.address.state);
        }
        if self.count > 2 {
            self.best.finding.confidence = (self.best.finding.confidence + 0.03).min(0.97);
        }
        self.best
    }
}

/// Written in capitals throughout, as addresses for letters are in some countries.
/// Not of letters whose small form depends on the language (Turkish, Dutch
/// `IJ`) or on accents that capitals go without (Greek).
pub(super) fn is_shouted(city: &str) -> bool {
    city.chars().filter(|c| c.is_uppercase()).count() > 3
        && city.chars().all(|c| !c.is_alphabetic() || c.is_uppercase() && c < '\u{250}' && c != 'İ')
        && !city.starts_with("IJ")
}

/// `SAINT-ÉTIENNE` as `Saint-Étienne`, `CASTELNUOVO DI PORTO` as `Castelnuovo di Porto`.
pub(super) fn capitalised(city: &str) -> String {
    let mut out = String::with_capacity(city.len());
    let mut words = city.split_inclusive([' ', '-', '\'', '’']);
    if let Some(first) = words.next() {
        push_capitalised(&mut out, first);
    }
    for word in words {
        let small = word.to_lowercase();
        let bare = small.trim_end_matches([' ', '-']);
        // A letter alone is a part of the city: "ODENSE C".
        if bare.chars().count() > 1 && bare != "st" && words::is_particle(bare) {
            out.push_str(&small);
        } else {
            push_capitalised(&mut out, word);
        }
    }
    out
}

fn push_capitalised(out: &mut String, word: &str) {
    let mut letters = word.chars();
    out.extend(letters.next());
    out.extend(letters.flat_map(char::to_lowercase));
}

/// The name of a state that is abbreviated where no short form is in postal use
/// (`N.L.`, `Bucks`).
fn full_state(country: Country, written: &str) -> Option<&'static str> {
    if !matches!(country.code(), "MX" | "AR" | "GB") || written.is_empty() {
        return None;
    }
    let state = State::find(country, written)?;
    (state.short.is_empty() && written.len() < state.name.len()).then_some(state.name)
}

fn count<T: PartialEq>(list: &mut Vec<(T, usize)>, value: T) {
    if let Some((_, times)) = list.iter_mut().find(|(known, _)| *known == value) {
        *times += 1;
    } else if list.len() < 20 {
        // A site with more spellings than this is no site but an attack.
        list.push((value, 1));
    }
}

/// The most frequent form of the street, with the unit that only some of its
/// places tell.
fn richest(streets: &[(Street, usize)]) -> Option<Street> {
    let best = best_of(streets)?;
    let goes_on = |(street, _): &&(Street, usize)| {
        let ((first, second), (house, rest)) = (&street.lines, &best.lines);
        *street != best
            && (rest.is_empty() || second == rest)
            && first.starts_with(house.as_str())
            && without_units(first) == without_units(house)
    };
    let told: Vec<(Street, usize)> = streets.iter().filter(goes_on).cloned().collect();
    best_of(&told).or(Some(best))
}

/// `Frankfurt am Main`, where other places say just `Frankfurt`.
fn fuller(city: &str, all: &[(String, usize)]) -> String {
    let goes_on = |other: &&String| other.strip_prefix(city).is_some_and(|rest| rest.starts_with([' ', '-']));
    let longer = all.iter().map(|(other, _)| other).filter(goes_on).max_by_key(|other| other.len());
    longer.map_or_else(|| city.to_owned(), Clone::clone)
}

/// The most frequent; of equally frequent ones the first.
fn best_of<T: Clone>(list: &[(T, usize)]) -> Option<T> {
    let most = list.iter().map(|(_, times)| *times).max()?;
    list.iter().find(|(_, times)| *times == most).map(|(value, _)| value.clone())
}
