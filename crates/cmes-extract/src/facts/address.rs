//! Postal addresses of the company.
//!
//! Structured data (`items`) and text (`text`) are read page by page; what they
//! found is judged by where it stands, and brought together: the same address
//! in several places is one, in its richest form.

use std::collections::HashMap;

use cmes_types::{Address, LanguageCode, Method};

use crate::facts::{Finding, Site, snippet};
use crate::page::{Page, Region};
use crate::places::{Country, State, fold};

mod cjk;
mod items;
mod pieces;
mod postal;
mod street;
mod text;
mod words;

pub(crate) use page_kind::{PageKind, page_kind};

mod page_kind;

/// An address with what is known of its kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The address; `country` is left empty here and named in the language of
    /// the answer later.
    pub address: Address,
    /// Its country.
    pub country: Option<Country>,
    /// The country is no more than likely: nothing names it.
    pub guessed: bool,
    /// What the site calls it (`Head office`, `Niederlassung Hamburg`), if anything.
    pub label: String,
}

/// Order among the addresses of a company, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Head,
    Organisation,
    /// Registered, and perhaps no more than that.
    Seat,
    Contact,
    Mentioned,
    Branch,
    Postal,
}

/// One address where it was found once.
#[derive(Clone, Debug)]
struct Sighting {
    finding: Finding<Place>,
    rank: Rank,
}

/// Below this, an address is rather somebody else's.
const LEAST: f32 = 0.4;
/// With an address this sure, the doubtful ones are left out.
const SURE: f32 = 0.75;
const DOUBTFUL: f32 = 0.6;

/// Addresses, the head office first, each once.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<Place>> {
    Reader::new(site).find(site.country)
}

/// The pages of a site, taken apart once: its addresses are asked for before
/// its country is known, which they tell, and again when it is.
pub(crate) struct Reader<'a> {
    site: Site<'a>,
    pages: Vec<(&'a Page, PageKind, text::Text<'a>)>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(site: &Site<'a>) -> Self {
        let domain = fold(site.domain.split('.').next().unwrap_or_default()).replace(' ', "");
        let pages = site.pages.iter().map(|page| {
            let language = page_language(site, page);
            let hints = text::Hints { country: None, language, domain: domain.clone() };
            (page, page_kind(page), text::Text::new(page, hints))
        });
        Self { pages: pages.collect(), site: *site }
    }

    /// As [`find`], for a company of this country.
    pub(crate) fn find(&mut self, country: Option<Country>) -> Vec<Finding<Place>> {
        let mut sightings = Vec::new();
        // Without one, the country of the domain is to be expected.
        let country = country.or_else(|| Country::from_tld(self.site.domain.rsplit('.').next().unwrap_or_default()));
        for (index, (page, kind, text)) in (0_u16..).zip(&mut self.pages) {
            structured(page, index, &mut sightings);
            textual(page, *kind, text.addresses(country), index, &mut sightings);
        }
        let mut merged = merge(sightings);
        distrust_unseen(&mut merged);
        if merged.iter().any(|(sighting, _)| sighting.finding.confidence >= SURE) {
            merged.retain(|(sighting, _)| sighting.finding.confidence >= DOUBTFUL);
        }
        merged.sort_by_key(|(sighting, _)| sighting.rank);
        merged.into_iter().map(|(sighting, _)| sighting.finding).collect()
    }
}

/// Structured data that no page shows is what a template or the years have
/// left, where the pages show another address.
fn distrust_unseen(merged: &mut [(Sighting, usize)]) {
    let is_shown = |(sighting, texts): &(Sighting, usize)| {
        let address = &sighting.finding.value.address;
        *texts > 0
            && sighting.rank <= Rank::Contact
            && sighting.finding.confidence >= 0.85
            && !address.street1.is_empty()
            && !address.zip.is_empty()
    };
    if !merged.iter().any(is_shown) {
        return;
    }
    for (sighting, _) in
        merged.iter_mut().filter(|(sighting, texts)| *texts == 0 && sighting.rank == Rank::Organisation)
    {
        sighting.rank = Rank::Mentioned;
        sighting.finding.confidence = LEAST;
    }
}

fn structured(page: &Page, index: u16, sightings: &mut Vec<Sighting>) {
    for found in items::find(&page.items) {
        let snippet = written(&found.address);
        let rank = if found.branch { Rank::Branch } else { Rank::Organisation };
        let value = Place { address: found.address, country: found.country, guessed: false, label: found.label };
        let finding = Finding { value, page: Some(index), method: Method::SchemaOrg, snippet, confidence: 0.95 };
        sightings.push(Sighting { finding, rank });
    }
}

/// The address on one line, as evidence for what has no line of its own.
fn written(address: &Address) -> String {
    let parts = [&address.street1, &address.street2, &address.zip, &address.city, &address.state];
    let text = parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ");
    snippet(&text, "")
}

fn textual(page: &Page, kind: PageKind, drafts: Vec<text::Draft>, index: u16, sightings: &mut Vec<Sighting>) {
    for draft in drafts {
        let Some(confidence) = judge(page, kind, &draft) else { continue };
        if confidence < LEAST {
            continue;
        }
        let rank = rank(kind, &draft, confidence);
        // Elsewhere the heading above a footer's address is the page's.
        let speaks = matches!(kind, PageKind::Contact | PageKind::Branches | PageKind::About | PageKind::Home);
        let named = matches!(rank, Rank::Head | Rank::Seat | Rank::Branch | Rank::Postal);
        let label = if speaks || named { draft.label } else { String::new() };
        let value = Place { address: draft.address, country: draft.country, guessed: draft.guessed, label };
        let method = if in_microformat(page, draft.lines.0) { Method::SchemaOrg } else { Method::Text };
        let finding = Finding { snippet: evidence(page, draft.lines), value, page: Some(index), method, confidence };
        sightings.push(Sighting { finding, rank });
    }
}

fn page_language(site: &Site<'_>, page: &Page) -> Option<LanguageCode> {
    page.lang.parse().ok().or(site.language)
}

/// The lines of an address.
fn evidence(page: &Page, (first, last): (u32, u32)) -> String {
    let lines =
        page.lines.get(first as usize..=(last as usize).min(page.lines.len().saturating_sub(1))).unwrap_or_default();
    snippet(&lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(", "), "")
}

/// Whether a line stands in an hCard or vCard.
fn in_microformat(page: &Page, line: u32) -> bool {
    let element = page.lines.get(line as usize).map_or(0, |line| line.element);
    page.ancestors(element).take(8).any(|(_, element)| {
        element
            .class
            .split(' ')
            .any(|class| matches!(class, "adr" | "p-adr" | "h-adr" | "street-address" | "p-street-address"))
    })
}

/// How sure it is that these lines are the company's own address.
fn judge(page: &Page, kind: PageKind, draft: &text::Draft) -> Option<f32> {
    let line = page.lines.get(draft.lines.0 as usize)?;
    let marked = page.ancestors(line.element).take(8).any(|(_, element)| element.name == "address")
        || in_microformat(page, draft.lines.0);
    let mut confidence: f32 = match (line.region, kind) {
        (Region::Footer, _) => 0.85,
        (_, PageKind::Imprint | PageKind::Contact) => 0.9,
        (_, PageKind::Home | PageKind::About | PageKind::Branches) => 0.8,
        (Region::Header | Region::Aside | Region::Nav, _) => 0.75,
        (_, PageKind::Legal) => 0.6,
        (_, PageKind::Other) => 0.55,
        (_, PageKind::Foreign) => 0.35,
    };
    if marked && kind != PageKind::Foreign {
        confidence = confidence.max(if kind == PageKind::Other { 0.7 } else { 0.88 });
    }
    match draft.role {
        Some(words::Role::Foreign) => return None,
        Some(words::Role::Head) if kind != PageKind::Foreign => confidence = confidence.max(0.8),
        _ => {}
    }
    let has_street = !draft.address.street1.is_empty();
    match (has_street, draft.strong) {
        (false, _) => confidence -= if draft.named || draft.role.is_some() { 0.25 } else { 0.45 },
        (true, false) => confidence -= if draft.distinct || draft.named { 0.05 } else { 0.15 },
        (true, true) => {}
    }
    if draft.prose {
        confidence -= 0.35;
    }
    if draft.address.zip.is_empty() && !draft.named {
        confidence -= 0.2;
    }
    // Another company's address: in a legal notice the host's, elsewhere a
    // customer's. But many a company's domain is not its name.
    if draft.own == Some(false) && !matches!(kind, PageKind::Contact) && line.region != Region::Footer {
        confidence -= 0.15;
    }
    Some(confidence)
}

fn rank(kind: PageKind, draft: &text::Draft, confidence: f32) -> Rank {
    match draft.role {
        // The register's letters go to the accountants, the customers do not.
        Some(words::Role::Head) if draft.care_of => Rank::Postal,
        Some(words::Role::Head) if words::is_registered(&draft.label) => Rank::Seat,
        Some(words::Role::Head) => Rank::Head,
        Some(words::Role::Branch) => Rank::Branch,
        Some(words::Role::Postal) => Rank::Postal,
        _ if draft.address.street1.is_empty() => Rank::Postal,
        _ if draft.care_of => Rank::Mentioned,
        _ if kind == PageKind::Branches && confidence < 0.85 => Rank::Branch,
        _ if confidence >= 0.8 => Rank::Contact,
        _ => Rank::Mentioned,
    }
}

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
fn merge(sightings: Vec<Sighting>) -> Vec<(Sighting, usize)> {
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
    let full: HashMap<String, ()> = groups
        .iter()
        .filter(|group| {
            !group.best.finding.value.address.street1.is_empty() && !group.best.finding.value.address.zip.is_empty()
        })
        .flat_map(|group| {
            let address = &group.best.finding.value.address;
            [fold(&address.zip).replace(' ', ""), format!("{}\n{}", fold(&address.city), fold(&address.street1))]
        })
        .map(|key| (key, ()))
        .collect();
    groups.retain(|group| {
        let address = &group.best.finding.value.address;
        if address.street1.is_empty() {
            return !full.contains_key(&fold(&address.zip).replace(' ', ""));
        }
        !(address.zip.is_empty() && full.contains_key(&format!("{}\n{}", fold(&address.city), fold(&address.street1))))
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
fn is_shouted(city: &str) -> bool {
    city.chars().filter(|c| c.is_uppercase()).count() > 3
        && city.chars().all(|c| !c.is_alphabetic() || c.is_uppercase() && c < '\u{250}' && c != 'İ')
        && !city.starts_with("IJ")
}

/// `SAINT-ÉTIENNE` as `Saint-Étienne`, `CASTELNUOVO DI PORTO` as `Castelnuovo di Porto`.
fn capitalised(city: &str) -> String {
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
    let same = streets.iter().filter(|(street, _)| street.lines.0 == best.lines.0 && !street.lines.1.is_empty());
    let told: Vec<(Street, usize)> = same.cloned().collect();
    if best.lines.1.is_empty() { best_of(&told).or(Some(best)) } else { Some(best) }
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

#[cfg(test)]
mod tests;
