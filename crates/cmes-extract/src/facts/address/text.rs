//! Addresses in running lines of text: a postal code is looked for first, then
//! the city beside it and the street before (or, as some countries write,
//! after) it.

use std::cell::OnceCell;

use cmes_types::{Address, LanguageCode};

use crate::page::Page;
use crate::places::{Country, fold};

use super::pieces::{End, Piece, cut};
use super::postal::{self, City, Code};
use super::street::{self, Part};
use super::words::{Kind, Role, kind};

mod backward;
mod countries;
mod east_asian;
mod forward;
mod labels;
mod own_piece;
mod uncoded;

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
    /// The country is no more than likely by the code's form and the words.
    pub guessed: bool,
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

/// What speaks for an address and its country; see [`Draft`].
#[derive(Clone, Copy, Debug, Default)]
struct Sure {
    strong: bool,
    prose: bool,
    distinct: bool,
    named: bool,
    guessed: bool,
}

/// What was gathered around a code.
#[derive(Default)]
struct Gathered {
    city: Option<City>,
    state: String,
    country: Option<Country>,
    /// Parts of the street in reading order.
    street: Vec<Part>,
    /// First and last piece taken.
    first: usize,
    last: usize,
}

impl Gathered {
    fn has_street(&self) -> bool {
        self.street.iter().any(|part| matches!(part.kind(), Kind::Street | Kind::MaybeStreet))
    }

    /// `Bahnhofstrasse`, which only the Swiss write without ß.
    fn is_swiss(&self) -> bool {
        self.street.iter().any(|part| part.text.to_lowercase().contains("strasse"))
    }

    /// A street with its number, in one part or two.
    fn is_strong(&self) -> bool {
        let is_street = |pair: &[Part]| pair[0].kind() == Kind::MaybeStreet && pair[1].kind() == Kind::Number;
        self.street.iter().any(|part| part.kind() == Kind::Street) || self.street.windows(2).any(is_street)
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
        self.without_code_and_country();
        let mut drafts;
        (self.used, drafts) = (beginning.0, std::mem::replace(&mut self.drafts, beginning.1));
        drafts.sort_by_key(|draft| draft.lines);
        drafts
    }

    fn kind(&self, at: usize) -> Kind {
        self.kinds.get(at).map_or(Kind::Noise, |known| *known.get_or_init(|| kind(&self.pieces[at].text)))
    }

    /// A piece as a part of the street.
    fn part(&self, at: usize) -> Part {
        Part::new(&self.pieces[at].text, self.pieces[at].line)
    }

    fn around_code(&mut self, at: usize) {
        let Some(code) = self.codes[at].clone() else { return };
        if code.is_local() && !self.hints.country.is_some_and(|country| code.may_be(country)) {
            return;
        }
        let mut found =
            Gathered { first: at, last: at, state: code.state.unwrap_or_default().to_owned(), ..Gathered::default() };
        if !self.read_own_piece(at, &code, &mut found) {
            return;
        }
        self.backward(at, &code, &mut found);
        self.forward(at, &code, &mut found);
        self.finish(&code, &found);
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
            || found.street.iter().any(|part| part.kind() == Kind::Extra)
            || code.distinct
            || code.marked
            || named.is_some();
        if !reachable {
            return;
        }
        let (street1, street2) = street::compose(&found.street, country);
        let address =
            Address { state, zip: code.zip.clone(), city: city.name.clone(), street1, street2, ..Address::default() };
        let sure = Sure {
            strong,
            prose: city.prose,
            distinct: code.distinct || code.marked,
            named: named.is_some(),
            guessed: named.or(code.prefix).is_none() && code.country().is_none() && country != self.hints.country,
        };
        self.add(address, country, (found.first, found.last), sure);
    }

    fn add(&mut self, address: Address, country: Option<Country>, (first, last): (usize, usize), sure: Sure) {
        let (role, label) = self.label(first);
        let own = self.owner(first);
        let care_of = self.in_care(first, last);
        self.used[first..=last].fill(true);
        let line = |at: usize| self.pieces.get(at).map_or(0, |piece| piece.line);
        let Sure { strong, prose, distinct, named, guessed } = sure;
        // An aside in a sentence, of somebody else.
        if !matches!(role, Some(Role::Head | Role::Branch | Role::Postal)) && self.in_brackets(first) {
            return;
        }
        let lines = (line(first), line(last));
        self.drafts.push(Draft {
            address,
            country,
            label,
            role,
            lines,
            strong,
            prose,
            distinct,
            named,
            guessed,
            own,
            care_of,
        });
    }
}

fn has_digit(text: &str) -> bool {
    text.contains(char::is_numeric)
}

/// `Свердловская область`, `woj. wielkopolskie`, `Московская обл.`.
fn region_name(text: &str) -> Option<String> {
    let folded = fold(text);
    let marks = ["tỉnh ", "Tỉnh ", "woj.", "województwo", "jud.", "Jud.", "județul ", "judeţul "];
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
    super::words::is_noise_word(city.split(' ').next().unwrap_or_default()) && !super::words::is_tel_aviv(city)
}
