//! Street lines: put together, split in two, parted from the city.

use super::words::{Kind, is_street_word, kind, words};
use crate::places::fold;

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
    // In Brazil number and unit stand together, the quarter apart.
    "bloco",
    "sala",
    "conj",
    "conjunto",
    "andar",
    "loja",
    "apto",
    "galpao",
    "lote",
    "quadra",
];

/// The two street lines from their parts in reading order: the street with its
/// number and what stands before it, then what stands after.
pub(super) fn compose(parts: &[String]) -> (String, String) {
    let mut parts: Vec<String> = parts.iter().map(|part| tidy(part)).filter(|part| !part.is_empty()).collect();
    // Letters go to the box, visitors to the street.
    let has_street = parts.iter().any(|part| matches!(kind(part), Kind::Street | Kind::MaybeStreet) && !is_box(part));
    if has_street && let Some(at) = parts.iter().position(|part| is_box(part)) {
        let moved = parts.remove(at);
        parts.push(moved);
    }
    let street = parts
        .iter()
        .rposition(|part| kind(part) == Kind::Street)
        .or_else(|| parts.iter().position(|part| kind(part) == Kind::MaybeStreet))
        // Without a street the building and its estate take its place.
        .unwrap_or_else(|| parts.iter().rposition(|part| kind(part) == Kind::Extra && !is_box(part)).unwrap_or(0));
    // Where houses have no numbers the building goes before its street.
    let numberless =
        parts.get(street).is_some_and(|part| kind(part) == Kind::MaybeStreet && !part.contains(char::is_numeric));
    let building = street > 0
        && numberless
        && parts.iter().take(street).all(|part| kind(part) == Kind::Extra)
        && is_arabic(&parts[street]);
    let mut end = (street + usize::from(!building)).min(parts.len());
    while parts.get(end).is_some_and(|part| continues(part)) {
        end += 1;
    }
    let (first, second) = parts.split_at(end);
    let comma = if parts.iter().any(|part| is_arabic(part)) { "، " } else { ", " };
    let (first, second) = (first.join(comma), second.join(comma));
    // "Z.I." alone says that there is an industrial estate, not which.
    let second = if is_bare_zone(&second) { String::new() } else { second };
    match (split_unit(&first), second.is_empty()) {
        (Some((street, unit)), true) => (street.to_owned(), unit.to_owned()),
        _ => (first, second),
    }
}

fn is_arabic(text: &str) -> bool {
    text.contains(|c: char| ('\u{600}'..='\u{6ff}').contains(&c))
}

fn continues(part: &str) -> bool {
    let words = words(part);
    kind(part) == Kind::Number
        || words.first().is_some_and(|word| CONTINUES.contains(&word.as_str()))
        || words.last().is_some_and(|word| word == "andar")
}

fn is_bare_zone(part: &str) -> bool {
    matches!(fold(part).as_str(), "zi" | "za" | "zac" | "z i" | "z a")
}

fn is_box(part: &str) -> bool {
    let folded = fold(part);
    [
        "po box",
        "postfach",
        "p o box",
        "postbus",
        "casella postale",
        "apartado",
        "caixa postal",
        "postboks",
        "box ",
        "bp ",
        "cs ",
        "а я",
        "boite postale",
        "postilokero",
        "pl ",
    ]
    .iter()
    .any(|start| folded.starts_with(start))
        && folded.contains(|c: char| c.is_ascii_digit())
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
