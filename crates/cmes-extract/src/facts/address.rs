//! Postal addresses of the company.
//!
//! Structured data (`items`) and text (`text`) are read page by page; what they
//! found is judged by where it stands, and brought together: the same address
//! in several places is one, in its richest form.

use cmes_types::{Address, LanguageCode, Method};

use crate::facts::{Finding, Site, snippet};
use crate::page::{Page, Region};
use crate::places::{Country, fold};

mod cjk;
mod items;
mod merge;
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
        let mut merged = merge::merge(sightings);
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

#[cfg(test)]
mod tests;
