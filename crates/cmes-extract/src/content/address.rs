//! A postal address in a signature. Better none than a wrong one.

use std::sync::LazyLock;

use cmes_types::Address;
use regex::Regex;

use crate::facts::snippet;

/// Words by which a street is known, and a house number.
static STREET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:\b\d{1,5}[a-z]?,? (?:\S+ ){1,4}(?:street|st|road|rd|lane|ln|avenue|ave|drive|dr|boulevard|blvd|way|square|court|place|parkway|highway|close|terrace|row)\b",
        r"|\S*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|gatan|vägen|gata|gate|vej|gade|straat|laan|plein|kade|katu|tie)[ ,]+\d{1,4} ?[a-z]?\b",
        r"|\b\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|bd|place|chemin|allée|quai|route|impasse|cours)\b",
        r"|\b(?:calle|c/|avda\.?|avenida|av\.|plaza|paseo|rua|via|viale|piazza|corso|largo|ul\.|ulica|al\.|aleja|ул\.|улица|пр\.|проспект)\s?\S.{1,50}?\d{1,4})"
    ))
    .expect("a fixed pattern")
});
/// Postal code and city.
static CITY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[A-Z]{1,2}[- ])?(\d{2}-\d{3}|\d{3} \d{2}|\d{4} [A-Z]{2}|\d{4,6}) (\p{Lu}[\p{L} .'’()/-]{1,40})$")
        .expect("a fixed pattern")
});

/// The address in a signature, with the line in which it stands.
pub(super) fn find(lines: &[String]) -> Option<(Address, String)> {
    for (at, line) in lines.iter().enumerate() {
        if line.len() > 250 || line.contains('@') {
            continue;
        }
        let parts: Vec<&str> = line.split(['|', '·', '•']).map(str::trim).collect();
        let Some(part_at) = parts.iter().position(|part| STREET.is_match(part)) else { continue };
        let street = parts.get(part_at).copied().unwrap_or_default();
        let next = parts.get(part_at + 1).copied().or_else(|| lines.get(at + 1).map(|line| line.trim()));
        return Some((split(street, next), snippet(line, street)));
    }
    None
}

fn split(street: &str, next: Option<&str>) -> Address {
    let city = |text: &str| {
        CITY.captures(text.trim().trim_end_matches(['.', ',']))
            .map(|found| (found[1].to_owned(), found[2].trim().to_owned()))
    };
    if let Some((zip, city)) = next.and_then(city) {
        return Address { street1: street.to_owned(), zip, city, ..Address::default() };
    }
    if let Some((first, last)) = street.rsplit_once(", ")
        && let Some((zip, city)) = city(last)
    {
        return Address { street1: first.to_owned(), zip, city, ..Address::default() };
    }
    Address { street1: street.to_owned(), ..Address::default() }
}
