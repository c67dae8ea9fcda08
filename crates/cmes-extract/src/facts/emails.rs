//! E-mail addresses of the company.

use std::collections::{HashMap, HashSet};

use cmes_types::Method;

use crate::facts::phones::setting::{self, Kind};
use crate::facts::phones::{holders, others};
use crate::facts::{Finding, Site, names, people, snippet};
use crate::page::{Page, Region};
use crate::structured::{Item, Value};

pub(crate) mod owners;
pub(crate) mod ranks;
pub(crate) mod scan;
#[cfg(test)]
mod tests;

use owners::Owner;

/// Confidence in an address that stands with one person only: the site's own,
/// yet not the company's general one.
pub const PERSONAL: f32 = 0.4;

/// Most addresses looked at on one page, and returned of a site.
const MOST_READ: usize = 1_000;
const MOST: usize = 60;

/// Addresses in lower case, the main one first, each once. Those of single
/// people come last, with the confidence [`PERSONAL`].
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<String>> {
    find_beside(site, &people::cards(site))
}

/// The same, when the site's people are known already.
pub(crate) fn find_beside(site: &Site<'_>, people: &[people::Card]) -> Vec<Finding<String>> {
    rank(sightings(site), people, site.domain)
}

/// Every address of the site's own domain, in order.
pub(crate) fn own(site: &Site<'_>) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for page in site.pages {
        let links = page.links.iter().flat_map(|link| scan::mailto(&link.href));
        let lines = page.lines.iter().flat_map(|line| scan::addresses(&line.text));
        for address in links.chain(lines).take(MOST_READ) {
            if owners::of(&address, site.domain) == Owner::Site && seen.insert(address.clone()) {
                out.push(address);
            }
        }
    }
    out
}

/// An address seen somewhere.
struct Sighting {
    address: String,
    owner: Owner,
    page: u16,
    line: Option<u32>,
    /// How plainly the site presents it as its own.
    context: i32,
    confidence: f32,
    method: Method,
    snippet: String,
    whose: Whose,
}

/// Whose an address is, by what stands around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Nothing speaks for a person.
    Companys,
    /// A person is named with it here.
    Persons,
    /// A person is named from whose name it is made: theirs wherever it stands.
    Named,
}

fn local_of(address: &str) -> &str {
    address.split('@').next().unwrap_or_default()
}

fn sightings(site: &Site<'_>) -> Vec<Sighting> {
    let mut out = Vec::new();
    let own_mail = others::has_own_mail(site.pages, site.domain);
    for (at, page) in (0u16..).zip(site.pages) {
        let (kind, foreign) = (setting::kind(page), setting::foreign(page));
        let view = View { page, at, kind, foreign, domain: site.domain, own_mail };
        view.structured(&mut out);
        view.links(&mut out);
        view.text(&mut out);
        view.images(&mut out);
    }
    out
}

/// A page while its addresses are gathered.
struct View<'a> {
    page: &'a Page,
    at: u16,
    kind: Kind,
    foreign: Vec<bool>,
    domain: &'a str,
    /// The site shows addresses at its own domain.
    own_mail: bool,
}

impl View<'_> {
    fn structured(&self, out: &mut Vec<Sighting>) {
        let person = |item: &Item| item.types.iter().any(|kind| kind == "Person");
        let mut open: Vec<(&Item, bool)> = self.page.items.iter().map(|item| (item, person(item))).collect();
        let mut seen = 0;
        while let Some((item, personal)) = open.pop() {
            seen += 1;
            if seen > 2_000 {
                break;
            }
            for (name, value) in &item.properties {
                match value {
                    Value::Item(inner)
                        if !matches!(
                            name.as_str(),
                            "review"
                                | "author"
                                | "member"
                                | "members"
                                | "creator"
                                | "sponsor"
                                | "publisher"
                                | "customer"
                                | "client"
                        ) =>
                    {
                        open.push((inner, personal || person(inner)));
                    }
                    Value::Text(text) if name == "email" => {
                        let text = text.trim().trim_start_matches("mailto:");
                        for address in scan::addresses(text).into_iter().take(3) {
                            let owner = owners::of(&address, self.domain);
                            let other = owner == Owner::Other && !owners::has_brand(&address, self.domain);
                            if owner == Owner::Nobody || other && self.own_mail {
                                continue;
                            }
                            out.push(Sighting {
                                snippet: snippet(text, &address),
                                address,
                                owner,
                                page: self.at,
                                line: None,
                                context: 30,
                                confidence: 0.95,
                                method: Method::SchemaOrg,
                                whose: if personal { Whose::Persons } else { Whose::Companys },
                            });
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn links(&self, out: &mut Vec<Sighting>) {
        let mut read = 0;
        for link in &self.page.links {
            if read > MOST_READ || link.region == Region::Overlay {
                continue;
            }
            for address in scan::mailto(&link.href) {
                read += 1;
                let line = self.page.lines.get(link.line as usize);
                let text = line.map_or("", |line| line.text.as_str());
                let context = self.context(link.line, link.region, true);
                let snippet = if text.is_empty() { link.href.clone() } else { snippet(text, &link.text) };
                self.push(out, address, link.line, context, Method::Link, snippet);
            }
        }
    }

    fn text(&self, out: &mut Vec<Sighting>) {
        let mut read = 0;
        for (at, line) in (0u32..).zip(&self.page.lines) {
            if read > MOST_READ || line.hidden || line.region == Region::Overlay {
                continue;
            }
            for address in scan::addresses(&line.text) {
                read += 1;
                let context = self.context(at, line.region, is_labelled(&line.text) || self.labelled_above(at));
                let local = address.split('@').next().unwrap_or_default();
                let snippet = snippet(&line.text, local);
                self.push(out, address, at, context, Method::Text, snippet);
            }
        }
    }

    /// Addresses of the site's own domain that stand in a picture, by its description.
    fn images(&self, out: &mut Vec<Sighting>) {
        for image in self.page.images.iter().filter(|image| image.alt.contains('@')).take(20) {
            let line = self.page.elements.get(image.element as usize).map_or(0, |element| element.lines.start);
            for address in scan::addresses(&image.alt) {
                if owners::of(&address, self.domain) == Owner::Site {
                    let context = self.context(line, image.region, true);
                    self.push(out, address, line, context, Method::Text, snippet(&image.alt, &image.alt));
                }
            }
        }
    }

    fn labelled_above(&self, at: u32) -> bool {
        let above = at.checked_sub(1).and_then(|at| self.page.lines.get(at as usize));
        above.is_some_and(|line| line.text.chars().count() <= 30 && is_labelled(&line.text))
    }

    fn push(&self, out: &mut Vec<Sighting>, address: String, line: u32, context: i32, method: Method, snippet: String) {
        let owner = owners::of(&address, self.domain);
        let foreign = self.foreign.get(line as usize).copied().unwrap_or(false);
        let accepted = match owner {
            Owner::Site => true,
            Owner::Brand => !foreign,
            // The address of a mail provider or of another house counts where
            // the site presents it as its own.
            Owner::Provider => !foreign && context >= 10,
            Owner::Other => {
                let own = !self.own_mail || owners::has_brand(&address, self.domain);
                !foreign && own && context >= 20 && self.kind != Kind::Privacy
            }
            Owner::Nobody => false,
        };
        if !accepted {
            return;
        }
        let confidence = match owner {
            Owner::Site => 0.95,
            Owner::Brand => 0.85,
            _ => 0.7,
        };
        let whose = if ranks::is_role(local_of(&address)) { Whose::Companys } else { self.whose(&address, line) };
        out.push(Sighting {
            address,
            owner,
            page: self.at,
            line: Some(line),
            context,
            confidence,
            method,
            snippet,
            whose,
        });
    }

    /// Whose an address is that names no department.
    fn whose(&self, address: &str, line: u32) -> Whose {
        let local = local_of(address);
        let label = names::label(self.domain);
        // The company's name may be its owner's.
        if local.chars().count() >= 4 && label.contains(local) {
            return Whose::Companys;
        }
        let holder = holders::holder(self.page, line, label);
        let text = self.page.lines.get(line as usize).map_or("", |line| line.text.as_str());
        if holders::is_named_near(self.page, line, local, label) || holders::names_whose(text, local, label) {
            Whose::Named
        } else if self.kind != Kind::Imprint
            && holder.is_some_and(|holder| holder.titled && may_be_theirs(local, &holder.name))
        {
            Whose::Persons
        } else {
            Whose::Companys
        }
    }

    /// How plainly a place presents an address as the company's own.
    fn context(&self, line: u32, region: Region, labelled: bool) -> i32 {
        let page = match self.kind {
            Kind::Contact | Kind::Imprint => 15,
            Kind::Home | Kind::Team => 5,
            Kind::Careers | Kind::News => -10,
            Kind::Privacy => -25,
            Kind::Other => 0,
        };
        let region = match region {
            Region::Header | Region::Nav | Region::Footer => 15,
            Region::Aside => -2,
            _ => page,
        };
        let foreign = if self.foreign.get(line as usize).copied().unwrap_or(false) { -40 } else { 0 };
        region + foreign + if labelled { 6 } else { 0 }
    }
}

/// Whether an address that stands with a person may be theirs alone. One of a
/// word that has nothing of the name is a desk's at which they sit, as far as
/// names in Latin letters tell.
fn may_be_theirs(local: &str, name: &str) -> bool {
    let latin =
        name.chars().filter(|c| c.is_alphabetic()).all(|c| c < '\u{250}' || ('\u{1e00}'..='\u{1eff}').contains(&c));
    let letters = local.chars().filter(|c| c.is_alphabetic()).count();
    !latin
        || letters < 4
        || ranks::is_post(local)
        || ranks::is_personal(local)
        || people::matching::matches(local, name)
}

/// Whether a text calls what it holds an e-mail address.
fn is_labelled(text: &str) -> bool {
    let lower = crate::page::prefix(text, 400).to_lowercase();
    [
        "mail",
        "correo",
        "courriel",
        "почта",
        "posta",
        "pec",
        "メール",
        "邮箱",
        "邮件",
        "이메일",
        "메일",
        "البريد",
        "ایمیل",
        "epost",
        "e-post",
        "sähköposti",
        "דוא",
        "poczta",
        "電子郵件",
        "信箱",
        "✉",
        "📧",
        "e:",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Everything known of one address.
struct Known {
    best: Sighting,
    context: i32,
    pages: HashSet<u16>,
    personal: bool,
    first: usize,
}

fn rank(sightings: Vec<Sighting>, cards: &[people::Card], domain: &str) -> Vec<Finding<String>> {
    let places: HashMap<(u16, u32), &people::Card> =
        cards.iter().flat_map(|card| card.lines.clone().map(move |line| ((card.page, line), card))).collect();
    let owned: HashSet<&str> = cards.iter().map(|card| card.contact.email.as_str()).collect();
    let owner_of =
        |address: &str| cards.iter().find(|card| card.contact.email == address).map(|card| card.contact.name.as_str());
    let mut known: HashMap<String, Known> = HashMap::new();
    let mut named: HashSet<String> = HashSet::new();
    for (first, sighting) in sightings.into_iter().enumerate() {
        let card = sighting.line.and_then(|line| places.get(&(sighting.page, line)));
        if sighting.whose == Whose::Named {
            named.insert(sighting.address.clone());
        }
        let own = |card: &&people::Card| card.contact.email == sighting.address;
        let theirs = |card: &people::Card| may_be_theirs(local_of(&sighting.address), &card.contact.name);
        let personal = sighting.whose != Whose::Companys || card.copied().filter(own).is_some_and(theirs);
        let page = sighting.page;
        match known.get_mut(&sighting.address) {
            None => {
                let context = sighting.context;
                let entry = Known { best: sighting, context, pages: HashSet::from([page]), personal, first };
                known.insert(entry.best.address.clone(), entry);
            }
            Some(entry) => {
                entry.pages.insert(page);
                entry.personal &= personal;
                entry.context = entry.context.max(sighting.context);
                if sighting.confidence > entry.best.confidence {
                    entry.best = sighting;
                }
            }
        }
    }
    let mut all: Vec<Known> = known.into_values().collect();
    for entry in &mut all {
        let local = local_of(&entry.best.address);
        let address = entry.best.address.as_str();
        let someones = (owned.contains(address) || named.contains(address)) && !ranks::is_role(local);
        entry.personal = (entry.personal && !ranks::is_desk(local))
            || someones && owner_of(address).is_none_or(|name| may_be_theirs(local, name))
            || (entry.best.owner != Owner::Other && ranks::is_personal(local) && !owners::has_brand(address, domain));
    }
    // Another house's privacy officer is not the company.
    all.retain(|entry| entry.best.owner == Owner::Site || !ranks::is_last(entry.local()));
    all.sort_unstable_by_key(|entry| (std::cmp::Reverse(entry.score()), entry.first));
    all.into_iter().take(MOST).map(Known::finding).collect()
}

impl Known {
    fn local(&self) -> &str {
        local_of(&self.best.address)
    }

    fn score(&self) -> i32 {
        let owner = match self.best.owner {
            Owner::Site => 0,
            Owner::Brand => -15,
            _ => -75,
        };
        let role = ranks::score(self.local()).unwrap_or(60);
        let role = if self.personal && role > -50 { -30 } else { role };
        let pages = i32::try_from(self.pages.len().min(4)).unwrap_or(4);
        role + owner + (self.context.clamp(-20, 30)) / 2 + pages * 2
    }

    fn finding(self) -> Finding<String> {
        Finding {
            confidence: if self.personal { PERSONAL } else { self.best.confidence },
            value: self.best.address,
            page: Some(self.best.page),
            method: self.best.method,
            snippet: self.best.snippet,
        }
    }
}
