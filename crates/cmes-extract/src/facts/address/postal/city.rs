//! The city beside a postal code, parted from what follows it.

use crate::facts::address::words::{self, Kind, kind};
use crate::places::{Country, fold};

/// The city at the beginning of the text after a code, with the state or
/// country that follow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::facts::address) struct City {
    pub name: String,
    pub state: String,
    pub country: Option<Country>,
    /// Text went on that does not belong to an address.
    pub prose: bool,
}

/// Reads a city; `None` if the text cannot begin with one.
pub(in crate::facts::address) fn city(text: &str) -> Option<City> {
    let mut city = City::default();
    let mut text = text.trim_start_matches([' ', '-', '–', ',']).trim();
    for prefix in [
        "г. ",
        "г.",
        "город ",
        "м. ",
        "м.",
        "місто ",
        "гр. ",
        "гр.",
        "TP. ",
        "TP.",
        "Tp. ",
        "tp. ",
        "Thành phố ",
        "thành phố ",
        "mun. ",
        "Mun. ",
        "or. ",
        "Or. ",
    ] {
        text = text.strip_prefix(prefix).unwrap_or(text).trim_start();
    }
    let text = bracketed(text, &mut city);
    let (text, _) = text.split_once(" + ").unwrap_or((text, ""));
    if matches!(kind(text), Kind::Street | Kind::Number | Kind::Organisation) || text.is_empty() {
        return None;
    }
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_end_matches(['.', ',']);
        let first = bare.chars().next().unwrap_or(' ');
        if fold(bare) == "cedex" || fold(bare) == "cdx" || words.len() >= 7 {
            break;
        }
        if words::is_noise_word(bare) && !words::is_tel_aviv(text) || first == '+' {
            city.prose |= words.is_empty();
            break;
        }
        if first.is_ascii_digit() {
            // "Praha 1", "Dublin 2", but not "Paris 8e" nor a telephone number.
            if !words.is_empty() && bare.len() <= 2 && bare.bytes().all(|b| b.is_ascii_digit()) {
                words.push(bare);
            }
            break;
        }
        if first.is_lowercase() && !words::is_particle(bare) && !bare.contains(['\'', '’']) && !words.is_empty() {
            city.prose = true;
            break;
        }
        if first.is_lowercase()
            && words.is_empty()
            && !matches!(bare, "s" | "den" | "la" | "le" | "los" | "las")
            && !bare.contains(['\'', '’'])
        {
            return None;
        }
        if !first.is_alphabetic() && !matches!(first, '\'' | '’' | '(') {
            break;
        }
        words.push(word);
    }
    while words.last().is_some_and(|word| words::is_particle(word) && word.starts_with(char::is_lowercase))
        && words.len() > 1
    {
        words.pop();
    }
    take_country(&mut words, &mut city);
    let name = words.join(" ");
    city.name =
        split_slash(name.trim_matches(|c: char| matches!(c, ',' | '.' | ' ' | ')' | '(' | '"')), &mut city.state);
    (!city.name.is_empty()
        && city.name.chars().count() <= 50
        && city.name.chars().filter(|c| c.is_alphabetic()).count() >= 2)
        .then_some(city)
}

/// Takes what stands in brackets after the city: its province (`(MI)`).
fn bracketed<'a>(text: &'a str, city: &mut City) -> &'a str {
    let Some((name, rest)) = text.split_once('(') else { return text.split_once(')').map_or(text, |(name, _)| name) };
    let (inner, after) = rest.split_once(')').unwrap_or((rest, ""));
    let inner = inner.trim();
    if let Some(country) = Country::from_name(inner).filter(|_| inner.len() > 2) {
        city.country = Some(country);
    } else if !inner.is_empty() && inner.len() <= 40 && words::is_plain(inner) {
        inner.clone_into(&mut city.state);
    }
    if city.country.is_none() {
        city.country = Country::from_name(after.trim_matches(|c: char| !c.is_alphanumeric()));
    }
    name.trim()
}

/// Takes the name of a country off the end.
fn take_country(words: &mut Vec<&str>, city: &mut City) {
    for count in (1..=4).rev() {
        let Some(at) = words.len().checked_sub(count).filter(|at| *at > 0) else { continue };
        // "Ciudad de México" is not in Mexico only by its last word.
        if words.get(at - 1).is_some_and(|word| words::is_particle(word)) {
            continue;
        }
        let tail = words.get(at..).unwrap_or_default().join(" ");
        // Short words are more often part of the name or a province.
        if (tail.chars().count() > 3 || tail == "USA" || tail == "UK")
            && let Some(country) = Country::from_name(&tail)
        {
            city.country = Some(country);
            words.truncate(at);
            return;
        }
    }
}

/// `Poços de Caldas/MG`, `Bağcılar/İstanbul`, `Milano MI`.
fn split_slash(name: &str, state: &mut String) -> String {
    let (first, second) = match name.split_once('/') {
        Some((first, second)) => (first.trim(), second.trim()),
        None => match name.rsplit_once(' ') {
            Some((first, second)) if second.len() == 2 && second.bytes().all(|b| b.is_ascii_uppercase()) => {
                (first, second)
            }
            _ => return name.to_owned(),
        },
    };
    if state.is_empty() && !second.is_empty() {
        second.clone_into(state);
    }
    first.trim_end_matches(['-', ',', ' ']).to_owned()
}
