//! Street lines: put together, split in two, parted from the city.

use super::words::{Kind, is_box, is_care_of, is_street_word, is_unit, kind, words};
use crate::places::{Country, fold};

/// Parts that go on with the number of the house rather than within it.
const CONTINUES: &[&str] = &[
    "nave",
    "parcela",
    "корп",
    "корпус",
    "стр",
    "строение",
    "лит",
    "литера",
    "вл",
    "владение",
    "km",
    "км",
    "manzana",
    // In Brazil number and block stand together, the quarter apart.
    "bloco",
    "galpao",
    "lote",
    "quadra",
];

/// A part of the street lines and the line of the page on which it stands.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub text: String,
    pub line: u32,
}

impl Part {
    pub(super) fn new(text: &str, line: u32) -> Self {
        Self { text: text.to_owned(), line }
    }

    pub(super) fn kind(&self) -> Kind {
        kind(&self.text)
    }

    pub(super) fn is_box(&self) -> bool {
        is_box(&self.text)
    }
}

/// The two street lines from their parts in reading order: the street with its
/// number and what stands before it or with it on its line, then what stands
/// on lines of its own and what the country's letters have on a second line.
pub(super) fn compose(parts: &[Part], country: Option<Country>) -> (String, String) {
    let tidied = parts.iter().map(|part| Part { text: tidy(&part.text), ..*part });
    let mut parts: Vec<Part> = tidied.filter(|part| !part.text.is_empty() && !is_bare_zone(&part.text)).collect();
    // Letters go to the box, visitors to the street.
    let is_street = |part: &Part| matches!(part.kind(), Kind::Street | Kind::MaybeStreet) && !part.is_box();
    let boxed = parts.iter().any(is_street).then(|| parts.iter().position(Part::is_box)).flatten();
    let boxed = boxed.map(|at| parts.remove(at));
    // The letters go to somebody else's house.
    let care_of = parts.iter().position(|part| is_care_of(&part.text)).filter(|_| parts.iter().any(is_street));
    let care_of = care_of.map(|at| parts.remove(at));
    let (mut end, is_building) = end_of_first(&parts);
    while !is_building
        && let (Some(part), Some(before)) = (parts.get(end), end.checked_sub(1).and_then(|at| parts.get(at)))
    {
        if !continues(&part.text) && (part.line != before.line || is_second_line(&part.text, country)) {
            break;
        }
        end += 1;
    }
    let comma = if parts.iter().any(|part| is_arabic(&part.text)) { "، " } else { ", " };
    let join =
        |parts: &mut dyn Iterator<Item = &Part>| parts.map(|part| part.text.as_str()).collect::<Vec<_>>().join(comma);
    let first = join(&mut parts.iter().take(end));
    let second = join(&mut care_of.iter().chain(parts.iter().skip(end)).chain(&boxed));
    match split_unit(&first).filter(|_| second.is_empty() && country.is_none_or(has_units_apart)) {
        Some((street, unit)) => (street.to_owned(), unit.to_owned()),
        None => (first, second),
    }
}

/// How many parts make the first line for what they are, and whether it is the
/// building before its street.
fn end_of_first(parts: &[Part]) -> (usize, bool) {
    let street = parts
        .iter()
        .rposition(|part| part.kind() == Kind::Street)
        .or_else(|| parts.iter().position(|part| part.kind() == Kind::MaybeStreet))
        // Without a street the building and its estate take its place.
        .unwrap_or_else(|| parts.iter().rposition(|part| part.kind() == Kind::Extra && !part.is_box()).unwrap_or(0));
    // Where houses have no numbers the building goes before its street.
    let numberless = |part: &Part| part.kind() == Kind::MaybeStreet && !part.text.contains(char::is_numeric);
    let building = street > 0
        && parts.get(street).is_some_and(|part| numberless(part) && is_arabic(&part.text))
        && parts.iter().take(street).all(|part| part.kind() == Kind::Extra);
    ((street + usize::from(!building)).min(parts.len()), building)
}

/// Countries whose letters have the unit after the street on a second line.
fn has_units_apart(country: Country) -> bool {
    matches!(country.code(), "US" | "CA")
}

/// Whether a part has its place on the second line, though it was written on
/// the first: the unit in North America, the quarter in Brazil and Mexico.
fn is_second_line(part: &str, country: Option<Country>) -> bool {
    const QUARTERS: &[&str] = &["col", "colonia", "fracc", "fraccionamiento", "barrio", "bairro"];
    let begins = |list: &[&str]| words(part).first().is_some_and(|word| list.contains(&word.as_str()));
    country.is_some_and(|country| match country.code() {
        // There the quarter mostly has no word for it.
        "BR" => !is_unit(part),
        "MX" => begins(QUARTERS),
        _ => has_units_apart(country),
    })
}

/// A first line without the units that go on after the house.
pub(super) fn without_units(line: &str) -> &str {
    let mut house = line;
    while let Some((before, part)) = house.rsplit_once([',', '،'])
        && is_unit(part.trim())
    {
        house = before.trim_end();
    }
    house
}

fn is_arabic(text: &str) -> bool {
    text.contains(|c: char| ('\u{600}'..='\u{6ff}').contains(&c))
}

fn continues(part: &str) -> bool {
    let words = words(part);
    kind(part) == Kind::Number || words.first().is_some_and(|word| CONTINUES.contains(&word.as_str()))
}

/// "Z.I." alone says that there is an industrial estate, not which.
fn is_bare_zone(part: &str) -> bool {
    matches!(fold(part).as_str(), "zi" | "za" | "zac" | "z i" | "z a")
}

fn tidy(part: &str) -> String {
    part.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '|' | '"')).to_owned()
}

/// `418 Haywood Mill Road Suite 300`.
fn split_unit(street: &str) -> Option<(&str, &str)> {
    if street.contains(',') || !street.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let lower = street.to_ascii_lowercase();
    let at = [" suite ", " ste ", " ste. ", " unit ", " apt ", " apt. ", " floor ", " fl ", " #"]
        .iter()
        .filter_map(|unit| lower.find(unit))
        .min()?;
    let (first, second) = (street.get(..at)?, street.get(at..)?);
    (words(first).len() >= 2).then_some((first.trim(), second.trim()))
}

/// `418 Haywood Mill Road Asheville`: the city begins after the street word,
/// its direction and its unit.
pub(super) fn split_city(text: &str) -> Option<(&str, &str)> {
    let mut end = None;
    let mut unit = false;
    let mut offset = 0;
    for (index, word) in text.split(' ').enumerate() {
        let next = offset + word.len();
        let folded = fold(word);
        if index > 0 && is_unit_word(&folded) {
            unit = true;
            end = Some(next);
        } else if unit || index > 0 && is_street_word(&folded) && !text.starts_with(word) {
            unit = false;
            end = Some(next);
        } else if end == Some(offset.saturating_sub(1))
            && (matches!(
                word.trim_end_matches([',', '.']),
                "N" | "S" | "E" | "W" | "NE" | "NW" | "SE" | "SW" | "North" | "South" | "East" | "West"
            ) || word.chars().any(|c| c.is_ascii_digit()))
        {
            end = Some(next);
        }
        offset = next + 1;
    }
    let end = end?;
    let (street, city) = (text.get(..end)?, text.get(end..)?.trim_matches([' ', ',', '-', '–']));
    (!city.is_empty() && super::words::is_plain(city) && city.split(' ').count() <= 3)
        .then_some((street.trim_end_matches([',', ' ']), city))
}

fn is_unit_word(word: &str) -> bool {
    matches!(word, "suite" | "ste" | "unit" | "apt" | "floor" | "room" | "rm" | "bldg" | "building")
}
