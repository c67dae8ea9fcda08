//! Addresses in running lines of text: a postal code is looked for first, then
//! the city beside it and the street before (or, as some countries write,
//! after) it.

use std::cell::OnceCell;

use cmes_types::{Address, LanguageCode};

use crate::page::Page;
use crate::places::{Country, State, fold};

use super::pieces::{End, Piece, cut};
use super::postal::{self, City, Code};
use super::street;
use super::words::{Kind, Role, kind, role};

mod countries;
mod east_asian;
mod labels;

/// What is known of the site beforehand.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints {
    /// Country of the company or of its domain.
    pub country: Option<Country>,
    /// Language of the page.
    pub language: Option<LanguageCode>,
    /// Registrable domain of the site, folded without its suffix.
    pub domain: String,
}

/// An address as found, before it is judged.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub address: Address,
    pub country: Option<Country>,
    pub label: String,
    pub role: Option<Role>,
    /// First and last line that it took.
    pub lines: (u32, u32),
    /// The street is one beyond doubt.
    pub strong: bool,
    /// The text went on like a sentence.
    pub prose: bool,
    /// The code's form, or a word beside it, shows that it is one.
    pub distinct: bool,
    /// The country is named beside it.
    pub named: bool,
    /// The company named just before it is this site's own, or another.
    pub own: Option<bool>,
    /// It is somebody else's: the letters go to the company in care of them.
    pub care_of: bool,
}

/// Most pieces that are looked at before and after a code.
const REACH: usize = 9;

/// Most codes that are looked into; a page with more is a directory of others.
const MOST: usize = 2_000;

/// A page's text, cut into pieces that are understood as far as they can be
/// without knowing the country.
pub(super) struct Text<'a> {
    page: &'a Page,
    hints: Hints,
    pieces: Vec<Piece<'a>>,
    /// The postal code of each piece.
    codes: Vec<Option<Code>>,
    /// What each piece is, found out when asked for.
    kinds: Vec<OnceCell<Kind>>,
    /// Pieces that belong to an address already.
    used: Vec<bool>,
    drafts: Vec<Draft>,
}

/// What was gathered around a code.
#[derive(Default)]
struct Gathered {
    city: Option<City>,
    state: String,
    country: Option<Country>,
    /// Parts of the street in reading order; true where a line ends after it.
    street: Vec<String>,
    /// First and last piece taken.
    first: usize,
    last: usize,
}

impl Gathered {
    fn has_street(&self) -> bool {
        self.street.iter().any(|part| matches!(kind(part), Kind::Street | Kind::MaybeStreet))
    }

    fn is_strong(&self) -> bool {
        self.street.iter().any(|part| kind(part) == Kind::Street)
    }
}

impl<'a> Text<'a> {
    pub(super) fn new(page: &'a Page, hints: Hints) -> Self {
        let pieces = cut(page);
        let (used, kinds) = (vec![false; pieces.len()], vec![OnceCell::new(); pieces.len()]);
        let mut text = Self { page, hints, used, kinds, pieces, codes: Vec::new(), drafts: Vec::new() };
        text.east_asian();
        let pieces = text.pieces.iter().zip(&text.used);
        text.codes = pieces.map(|(piece, used)| if *used { None } else { postal::find(&piece.text) }).collect();
        text
    }

    /// All addresses, read as they are written in a country.
    pub(super) fn addresses(&mut self, country: Option<Country>) -> Vec<Draft> {
        let beginning = (self.used.clone(), self.drafts.clone());
        self.hints.country = country;
        // Codes that can be nothing else take their streets first.
        let mut tried = 0;
        for distinct in [true, false] {
            for at in 0..self.pieces.len() {
                if tried > MOST || self.drafts.len() > MOST / 10 {
                    break;
                }
                if self.codes[at].as_ref().is_some_and(|code| code.distinct == distinct) && !self.used[at] {
                    tried += 1;
                    self.around_code(at);
                }
            }
        }
        self.without_code();
        let mut drafts;
        (self.used, drafts) = (beginning.0, std::mem::replace(&mut self.drafts, beginning.1));
        drafts.sort_by_key(|draft| draft.lines);
        drafts
    }

    fn kind(&self, at: usize) -> Kind {
        self.kinds.get(at).map_or(Kind::Noise, |known| *known.get_or_init(|| kind(&self.pieces[at].text)))
    }

    fn around_code(&mut self, at: usize) {
        let Some(code) = self.codes[at].clone() else { return };
        let mut found =
            Gathered { first: at, last: at, state: code.state.unwrap_or_default().to_owned(), ..Gathered::default() };
        if !self.read_own_piece(at, &code, &mut found) {
            return;
        }
        self.backward(at, &code, &mut found);
        self.forward(at, &code, &mut found);
        self.finish(&code, &found);
    }

    /// What stands in the same piece as the code.
    fn read_own_piece(&self, at: usize, code: &Code, found: &mut Gathered) -> bool {
        let mut after = code.after.as_str();
        if let Some(country) =
            Country::from_name(after.trim_matches(|c: char| !c.is_alphanumeric())).filter(|_| after.len() > 2)
        {
            found.country = Some(country);
            if !is_city_state(country) {
                after = "";
            }
        }
        if !after.is_empty() {
            let city_first = code.before.is_empty() || !matches!(kind(&code.before), Kind::Plain);
            if city_first {
                found.city = postal::city(after);
                // "1600 Main Street": the number of a house.
                if found.city.is_none() && !code.distinct {
                    return false;
                }
            }
        }
        if code.before.is_empty() {
            return true;
        }
        let before = code.before.trim_end_matches([',', ' ', '-', '–']);
        match kind(before) {
            Kind::Country => {
                found.country = found.country.or(Country::from_name(before));
                if found.city.is_none() && found.country.is_some_and(is_city_state) {
                    found.city = Some(City { name: before.to_owned(), ..City::default() });
                }
            }
            Kind::Street | Kind::MaybeStreet | Kind::Extra if found.city.is_some() => {
                found.street.push(before.to_owned());
            }
            Kind::Street | Kind::MaybeStreet | Kind::Extra => match street::split_city(before) {
                // "Av. Lázaro Cárdenas 1000": the number is the house's.
                Some((street, _)) if !code.distinct && !code.marked && !has_digit(street) => return false,
                Some((street, city)) => {
                    found.street.push(street.to_owned());
                    found.city = postal::city(city);
                }
                None if code.distinct || code.marked => found.street.push(before.to_owned()),
                None => return false,
            },
            Kind::Number if found.city.is_some() => found.street.push(before.to_owned()),
            Kind::Plain if found.city.is_none() => {
                let by_script = || self.by_script(code, before);
                let country =
                    self.expected(code, found).or_else(by_script).filter(|country| Code::is_last_in(*country));
                if !code.distinct && country.is_none() && !self.country_follows(at) {
                    return false;
                }
                // "Upton, Gloucestershire GL50 9ZZ": the city stands before.
                if found.state.is_empty()
                    && country.is_some_and(|country| self.is_county(before, country))
                    && self.follows_city(at)
                {
                    before.clone_into(&mut found.state);
                    return true;
                }
                let (rest, state) = country.and_then(|c| postal::split_state(before, c)).unwrap_or((before, ""));
                // "São Paulo 01310": the name of a city may be that of its state.
                let name = if rest.is_empty() { before } else { rest };
                if found.state.is_empty() && !rest.is_empty() {
                    state.clone_into(&mut found.state);
                }
                found.city = postal::city(name);
                return found.city.is_some();
            }
            _ if role(before).is_some() && before.len() < 40 => {}
            _ if code.distinct && found.city.is_some() && before.len() < 4 => {}
            _ => return false,
        }
        true
    }

    /// Whether the name of a country stands within the next pieces.
    fn country_follows(&self, at: usize) -> bool {
        (at + 1..self.pieces.len().min(at + 4)).any(|next| self.kind(next) == Kind::Country)
    }

    /// Whether two pieces can belong to one address.
    fn connected(&self, first: usize, second: usize) -> bool {
        let (Some(a), Some(b)) = (self.pieces.get(first), self.pieces.get(second)) else { return false };
        if a.line == b.line {
            return a.end != End::Stop;
        }
        let (Some(line), Some(next)) = (self.page.lines.get(a.line as usize), self.page.lines.get(b.line as usize))
        else {
            return false;
        };
        b.line - a.line <= 1 && line.region == next.region && line.heading == next.heading
    }

    /// Takes the street, and where it is not known yet the city, before the code.
    fn backward(&self, at: usize, code: &Code, found: &mut Gathered) {
        let mut localities: Vec<usize> = Vec::new();
        let mut parts: Vec<String> = Vec::new();
        let mut first = found.first;
        let mut strong = found.is_strong();
        let mut seen_street = strong || found.has_street();
        for q in (at.saturating_sub(REACH)..at).rev() {
            if self.used[q] || !self.connected(q, q + 1) || self.pieces[q].end == End::Colon || self.is_title(q) {
                break;
            }
            let text = self.pieces[q].text.as_ref();
            let text_kind = self.kind(q);
            if self.codes[q].as_ref().is_some_and(|code| code.distinct) && text_kind != Kind::Street {
                break;
            }
            if q + 1 == at
                && code.may_have_prefix()
                && let Some(country) = postal::prefix_country(text)
            {
                found.country = found.country.or(Some(country));
                first = q;
                continue;
            }
            if let Some(state) =
                region_name(text).filter(|_| found.state.is_empty() && found.city.is_none() && parts.is_empty())
            {
                found.state = state;
                first = q;
                continue;
            }
            // "Joinville, SC, 89219-600": some states' letters are other words too.
            if found.city.is_none()
                && parts.is_empty()
                && (is_letters(text) && self.take_state(text, code, found) || self.take_both(text, code, found))
            {
                first = q;
                continue;
            }
            let numbered_city = found.city.is_none() && code.countries == "IE" && text.starts_with("Dublin ");
            if text_kind == Kind::Plain || text_kind == Kind::Country || numbered_city {
                if seen_street {
                    if found.city.is_none() && is_cyrillic(text) && self.pieces[q].line == self.pieces[at].line {
                        found.city = postal::city(text);
                        first = q;
                    }
                    if self.is_building_of_unit(q) {
                        parts.push(text.to_owned());
                        continue;
                    }
                    break;
                }
                if found.city.is_none() {
                    if !self.take_state(text, code, found) {
                        found.city = postal::city(text);
                    }
                    first = q;
                    continue;
                }
                if text_kind == Kind::Country || localities.len() >= 2 {
                    break;
                }
                localities.push(parts.len());
                parts.push(text.to_owned());
                continue;
            }
            match text_kind {
                Kind::Street if !strong || self.pieces[q].line == self.pieces[q + 1].line || is_one_street(&parts) => {
                    strong = true;
                }
                // An estate named before its street, not a company with a number.
                Kind::MaybeStreet if !strong => {}
                Kind::MaybeStreet if self.pieces[q].line == self.pieces[q + 1].line && !has_digit(text) => {}
                Kind::Number | Kind::Extra => {}
                _ => break,
            }
            seen_street |= matches!(text_kind, Kind::Street | Kind::MaybeStreet);
            parts.push(text.to_owned());
            if text_kind != Kind::Number {
                localities.clear();
                first = q;
            }
        }
        // Names and numbers that no street stands before are not part of it.
        let keep =
            parts.iter().rposition(|part| !matches!(kind(part), Kind::Plain | Kind::Number)).map_or(0, |last| last + 1);
        // "12 bis, avenue de la République": the number stands first.
        let leads = keep > 0
            && parts.get(keep).is_some_and(|part| kind(part) == Kind::Number)
            && parts.get(keep - 1).is_some_and(|part| !has_digit(part))
            && first > 0
            && self.pieces[first - 1].line == self.pieces[first].line;
        parts.truncate(keep + usize::from(leads));
        first -= usize::from(leads);
        if !seen_street && parts.iter().all(|part| kind(part) != Kind::Extra) {
            parts.clear();
        }
        parts.reverse();
        parts.append(&mut found.street);
        found.street = parts;
        found.first = first;
    }

    /// Takes a state that stands alone beside the code.
    fn take_state(&self, text: &str, code: &Code, found: &mut Gathered) -> bool {
        if !found.state.is_empty() {
            return false;
        }
        let Some(country) = self.expected(code, found) else { return false };
        let Some(state) = State::find(country, text.trim_start_matches("Estado de ")) else { return false };
        // A city of the same name, unless one is still to come.
        if state.short != text && text.chars().count() > 3 && !self.city_comes_before(text) && country.code() != "GB" {
            return false;
        }
        text.clone_into(&mut found.state);
        true
    }

    /// Names of states that are cities' names as well count as the city.
    fn city_comes_before(&self, text: &str) -> bool {
        !matches!(
            fold(text).as_str(),
            "new york" | "washington" | "sao paulo" | "rio de janeiro" | "madrid" | "barcelona" | "valencia" | "quebec"
        )
    }

    /// Takes state and country after the code, and the street where it is still missing.
    fn forward(&self, at: usize, code: &Code, found: &mut Gathered) {
        let mut street = Vec::new();
        let wants_street = !found.has_street() && found.street.is_empty();
        let mut last = at;
        for q in at + 1..self.pieces.len().min(at + REACH) {
            if self.used[q] || !self.connected(q - 1, q) {
                break;
            }
            let text = self.pieces[q].text.as_ref();
            let text_kind = self.kind(q);
            let region = region_name(text);
            if text_kind == Kind::Country && found.country.is_none() {
                found.country = Country::from_name(text);
                last = q;
                continue;
            }
            let expected = self.expected(code, found);
            if let Some(state) = region.filter(|_| found.state.is_empty() && street.is_empty()) {
                found.state = state;
                last = q;
                continue;
            }
            if self.pieces[q].end == End::Colon {
                break;
            }
            if found.city.is_none() {
                if let (Kind::Plain | Kind::Noise, Some(city)) = (text_kind, self.city_alone(text)) {
                    found.city = Some(city);
                    last = q;
                    continue;
                }
            } else if found.state.is_empty()
                && street.is_empty()
                && expected.is_none()
                && let Some(country) = code.country_of_state(text)
            {
                found.country = Some(country);
                text.clone_into(&mut found.state);
                last = q;
                continue;
            } else if found.state.is_empty()
                && street.is_empty()
                && (expected.is_some_and(|country| State::find(country, text).is_some())
                    || text_kind == Kind::Plain
                        && !text.ends_with('.')
                        && (self.pieces[q - 1].end == End::Slash || self.is_followed_by_country(q)))
            {
                text.clone_into(&mut found.state);
                last = q;
                continue;
            }
            let is_code = self
                .codes
                .get(q)
                .is_some_and(|code| code.as_ref().is_some_and(|code| code.distinct || !code.after.is_empty()));
            match text_kind {
                Kind::Street | Kind::MaybeStreet if wants_street && !is_code => street.push(text.to_owned()),
                Kind::Number | Kind::Extra if !street.is_empty() => street.push(text.to_owned()),
                _ => break,
            }
            last = q;
        }
        let next_line = self.pieces.get(last).map(|piece| piece.line) != self.pieces.get(at).map(|piece| piece.line);
        // The street of the next address in a list, not of this one.
        if next_line
            && !street.is_empty()
            && self.codes.get(last + 1).is_some_and(Option::is_some)
            && self.connected(last, last + 1)
        {
            found.last = at;
            return;
        }
        found.street.append(&mut street);
        found.last = last;
    }

    /// Whether the next piece is the name of a country.
    fn is_followed_by_country(&self, q: usize) -> bool {
        self.connected(q, q + 1) && self.kind(q + 1) == Kind::Country
    }

    fn city_alone(&self, text: &str) -> Option<City> {
        let marked = ["г.", "город ", "м.", "місто ", "гр."].iter().any(|mark| text.starts_with(mark));
        (marked || kind(text) == Kind::Plain).then(|| postal::city(text)).flatten()
    }

    fn finish(&mut self, code: &Code, found: &Gathered) {
        let Some(city) = &found.city else { return };
        let (strong, some) = (found.is_strong(), found.has_street());
        if code.is_like_a_year() && !strong || is_other_thing(&city.name) {
            return;
        }
        let named = found.country.or(city.country);
        let country = named.or(code.prefix).or_else(|| self.guess(code, found));
        // Seven digits with a hyphen may be a telephone number, five digits anything.
        if code.countries == "JP" && country.is_none_or(|country| country.code() != "JP") {
            return;
        }
        let state = if found.state.is_empty() { city.state.clone() } else { found.state.clone() };
        // There no code stands without its state.
        if country.is_some_and(|country| country.code() == "US")
            && state.is_empty()
            && !code.marked
            && !code.zip.is_empty()
        {
            return;
        }
        let reachable = some
            || found.street.iter().any(|part| kind(part) == Kind::Extra)
            || code.distinct
            || code.marked
            || named.is_some();
        if !reachable {
            return;
        }
        let (street1, street2) = street::compose(&found.street);
        let address =
            Address { state, zip: code.zip.clone(), city: city.name.clone(), street1, street2, ..Address::default() };
        let prose = city.prose;
        self.add(
            address,
            country,
            (found.first, found.last),
            (strong, prose, code.distinct || code.marked, named.is_some()),
        );
    }

    /// Addresses of countries without postal codes: they end with the country.
    fn without_code(&mut self) {
        let mut tried = 0;
        for at in 1..self.pieces.len() {
            if tried > MOST {
                break;
            }
            if self.used[at] || self.codes[at].is_some() || !self.may_be_country(at) || self.kind(at) != Kind::Country {
                continue;
            }
            tried += 1;
            let Some(country) = Country::from_name(&self.pieces[at].text) else { continue };
            let code = Code {
                zip: String::new(),
                countries: "",
                prefix: Some(country),
                state: None,
                distinct: false,
                marked: false,
                before: String::new(),
                after: String::new(),
            };
            let mut found = Gathered { first: at, last: at, country: Some(country), ..Gathered::default() };
            self.backward(at, &code, &mut found);
            let is_box = |part: &String| fold(part).starts_with("po box") || part.starts_with("ص.ب");
            if found.city.is_some() && (found.is_strong() || found.street.len() > 1 || found.street.iter().any(is_box))
            {
                found.last = at;
                self.finish(&code, &found);
            }
        }
    }

    /// Names of countries have no digits; asked before the piece is taken apart.
    fn may_be_country(&self, at: usize) -> bool {
        let text = &self.pieces[at].text;
        text.len() <= 60 && !text.bytes().any(|b| b.is_ascii_digit())
    }

    fn add(
        &mut self,
        address: Address,
        country: Option<Country>,
        (first, last): (usize, usize),
        flags: (bool, bool, bool, bool),
    ) {
        let (role, label) = self.label(first);
        let own = self.owner(first);
        let care_of = self.in_care(first, last);
        self.used[first..=last].fill(true);
        let line = |at: usize| self.pieces.get(at).map_or(0, |piece| piece.line);
        let (strong, prose, distinct, named) = flags;
        // An aside in a sentence, of somebody else.
        if !matches!(role, Some(Role::Head | Role::Branch | Role::Postal)) && self.in_brackets(first) {
            return;
        }
        let lines = (line(first), line(last));
        self.drafts.push(Draft { address, country, label, role, lines, strong, prose, distinct, named, own, care_of });
    }
}

/// Countries that are, or are named like, their main city.
fn is_city_state(country: Country) -> bool {
    matches!(country.code(), "LU" | "SG" | "MC" | "SM" | "GI" | "KW" | "DJ" | "PA" | "GT" | "VA")
}

/// Two or three capitals, as states are abbreviated.
fn is_letters(text: &str) -> bool {
    matches!(text.len(), 2 | 3) && text.bytes().all(|b| b.is_ascii_uppercase())
}

fn has_digit(text: &str) -> bool {
    text.contains(char::is_numeric)
}

fn is_one_street(parts: &[String]) -> bool {
    parts.len() <= 1
}

fn is_cyrillic(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{400}'..='\u{4ff}'))
}

/// `Свердловская область`, `woj. wielkopolskie`, `Московская обл.`.
fn region_name(text: &str) -> Option<String> {
    let folded = fold(text);
    let marks = ["woj.", "województwo", "jud.", "Jud.", "județul ", "judeţul "];
    if let Some(rest) = marks.iter().find_map(|mark| text.strip_prefix(mark)) {
        return Some(rest.trim().to_owned());
    }
    let ends = ["область", "обл", "край", "респ", "республика", "ао"];
    let starts = ["республика ", "респ "];
    let is_region =
        ends.iter().any(|end| folded.ends_with(end)) || starts.iter().any(|start| folded.starts_with(start));
    (is_region && folded.split(' ').count() <= 4 && !folded.contains("ооо") && folded.contains(' '))
        .then(|| text.to_owned())
}

/// Words after a number that make it a quantity.
fn is_other_thing(city: &str) -> bool {
    super::words::is_noise_word(city.split(' ').next().unwrap_or_default())
}
