//! Telephone numbers of the company.

use std::collections::HashSet;

use cmes_types::Method;

use crate::facts::{Finding, Site, people, snippet};
use crate::page::{Line, Link, Page, Region};
use crate::structured::{Item, Value};

pub(crate) mod holders;
pub(crate) mod labels;
pub(crate) mod number;
pub(crate) mod others;
mod rank;
pub(crate) mod regions;
pub(crate) mod scan;
mod scores;
pub(crate) mod setting;
mod setting_words;
mod spoken;
#[cfg(test)]
mod tests;

use labels::Label;
use number::Number;
use scores::{label_score, score_words, words_around};
use setting::Kind;
pub(crate) use spoken::{Spoken, spoken, whole};
use spoken::{Target, marks};

/// Most numbers looked at on one page.
const MOST_READ: usize = 400;

/// Confidence in a number that stands with one person only: the site's own,
/// yet not the company's general one.
pub const PERSONAL: f32 = 0.4;

/// Numbers in international format, the main one first, each once. Those of
/// single people come last, with the confidence [`PERSONAL`].
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<String>> {
    find_beside(site, &people::cards(site))
}

/// The same, when the site's people are known already.
pub(crate) fn find_beside(site: &Site<'_>, people: &[people::Card]) -> Vec<Finding<String>> {
    rank::rank(sightings(site), people)
}

/// A number seen somewhere.
struct Sighting {
    number: Number,
    page: u16,
    /// The line, when it stands in the text.
    line: Option<u32>,
    score: i32,
    confidence: f32,
    method: Method,
    snippet: String,
    /// Described as a person's by structured data.
    personal: bool,
    /// Among other people's news or in legal texts, where it counts only when
    /// nothing else is found.
    weak: bool,
}

fn sightings(site: &Site<'_>) -> Vec<Sighting> {
    let mut out = Vec::new();
    let mut fax: HashSet<String> = HashSet::new();
    let own_mail = others::has_own_mail(site.pages, site.domain);
    for (page_at, page) in (0u16..).zip(site.pages) {
        let regions = regions::of(site, Some(page));
        let view = View {
            page,
            at: page_at,
            kind: setting::kind(page),
            regions: regions.iter().map(String::as_str).collect(),
            domain: site.domain,
            brand: site.domain.split('.').next().unwrap_or_default(),
            own_mail,
            directory: own_mail && others::is_directory(page, site.domain),
            foreign: setting::foreign(page),
            headings: setting::headings(page),
            marks: marks(page),
        };
        view.structured(&mut out);
        view.links(&mut out, &mut fax);
        view.text(&mut out, &mut fax);
    }
    let spoken: HashSet<String> = out
        .iter()
        .filter(|s| s.confidence >= 0.85 && !fax.contains(&s.number.key))
        .map(|s| s.number.key.clone())
        .collect();
    out.retain(|s| !fax.contains(&s.number.key) || spoken.contains(&s.number.key));
    drop_unseen(&mut out);
    let strong: HashSet<String> = out.iter().filter(|s| !s.weak).map(|s| s.number.key.clone()).collect();
    out.retain(|s| !s.weak || strong.contains(&s.number.key) || (strong.is_empty() && s.score > 0));
    out
}

/// Numbers of structured data count where the site shows none, or some of them:
/// what themes and plugins were delivered with is not shown anywhere.
fn drop_unseen(sightings: &mut Vec<Sighting>) {
    let described = |s: &Sighting| s.method == Method::SchemaOrg;
    let seen: HashSet<&str> =
        sightings.iter().filter(|s| !described(s) && s.confidence >= 0.85).map(|s| s.number.key.as_str()).collect();
    let confirmed = sightings.iter().any(|s| described(s) && seen.contains(s.number.key.as_str()));
    if !seen.is_empty() && !confirmed {
        sightings.retain(|s| !described(s));
    }
}

/// A page while its numbers are gathered.
struct View<'a> {
    page: &'a Page,
    at: u16,
    kind: Kind,
    regions: Vec<&'a str>,
    domain: &'a str,
    /// The first part of the site's domain.
    brand: &'a str,
    /// The site shows addresses at its own domain.
    own_mail: bool,
    /// The page lists other houses.
    directory: bool,
    foreign: Vec<bool>,
    headings: Vec<Option<u32>>,
    marks: Vec<Option<Label>>,
}

impl View<'_> {
    fn structured(&self, out: &mut Vec<Sighting>) {
        let mut open: Vec<(&Item, Role)> =
            self.page.items.iter().map(|item| (item, Role::of(item, Role::Company))).collect();
        let mut seen = 0;
        while let Some((item, role)) = open.pop() {
            seen += 1;
            if seen > 2_000 {
                break;
            }
            for (name, value) in &item.properties {
                match value {
                    Value::Item(inner) => {
                        if let Some(outer) = role.within(name) {
                            open.push((inner, Role::of(inner, outer)));
                        }
                    }
                    Value::Text(text) if matches!(name.as_str(), "telephone" | "phone" | "tel") => {
                        out.extend(self.described(item, role, text));
                    }
                    Value::Text(_) => {}
                }
            }
        }
    }

    fn described(&self, item: &Item, role: Role, text: &str) -> Option<Sighting> {
        let country = property(item, "addressCountry").or_else(|| {
            item.properties.iter().find_map(|(name, value)| match value {
                Value::Item(inner) if name == "address" => property(inner, "addressCountry"),
                _ => None,
            })
        });
        let mut regions: Vec<&str> = country.into_iter().filter(|code| code.len() == 2).collect();
        regions.extend(&self.regions);
        let number = whole(text, &regions)?;
        let kind = property(item, "contactType").unwrap_or_default().to_lowercase();
        let department = score_words(&kind);
        let score = match role {
            Role::Company => 75,
            Role::Branch => 45,
            Role::Person => 0,
        };
        Some(Sighting {
            score: score + department,
            personal: role == Role::Person,
            weak: false,
            confidence: 0.95,
            method: Method::SchemaOrg,
            snippet: snippet(text, text),
            page: self.at,
            line: None,
            number,
        })
    }

    fn links(&self, out: &mut Vec<Sighting>, fax: &mut HashSet<String>) {
        for link in self.page.links.iter().filter(|link| Target::is(&link.href)).take(MOST_READ) {
            let Some(target) = Target::of(&link.href) else { continue };
            let Some(number) = whole(&target.number, &self.regions) else { continue };
            let line = self
                .page
                .lines
                .get(link.line as usize)
                .filter(|line| line.element >= link.element || !link.text.is_empty());
            let label = self.link_label(link, line);
            if matches!(label, Some(Label::Fax)) {
                fax.insert(number.key);
                continue;
            }
            let text = line.map_or(link.text.as_str(), |line| line.text.as_str());
            let before = text.find(link.text.as_str()).filter(|_| line.is_some() && !link.text.is_empty());
            let before = before.and_then(|at| text.get(..at)).unwrap_or_default();
            if self.is_foreign(link.line)
                || link.region == Region::Overlay
                || line.is_some() && self.is_with_others(link.line, before)
                || self.directory && matches!(link.region, Region::Body | Region::Main)
            {
                continue;
            }
            let base = if target.weak { 12 } else { 45 };
            out.push(Sighting {
                score: base + self.place(link.line, link.region) + words_around(text, &link.text) + label_score(label),
                personal: line.is_some() && self.is_personal(link.line, before),
                weak: self.is_weak(link.region),
                confidence: if target.weak { 0.6 } else { 0.95 },
                method: Method::Link,
                snippet: if link.text.is_empty() { link.href.clone() } else { snippet(text, &link.text) },
                page: self.at,
                line: Some(link.line),
                number,
            });
        }
    }

    /// What the words before a link, its own text and its icon say of it.
    fn link_label(&self, link: &Link, line: Option<&Line>) -> Option<Label> {
        if link.class.contains("fax") || link.href.to_ascii_lowercase().starts_with("fax:") {
            return Some(Label::Fax);
        }
        let own = link.text.find(|c: char| number::digit(c).is_some() || c == '+').and_then(|at| link.text.get(..at));
        let own = own.and_then(labels::before);
        own.filter(|label| *label != Label::Other).or_else(|| {
            let line = line?;
            let at = line.text.find(link.text.as_str()).filter(|_| !link.text.is_empty());
            let before = at.and_then(|at| line.text.get(..at)).unwrap_or_default();
            if before.trim().is_empty() { self.above(link.line) } else { labels::before(last_part(before)) }
        })
    }

    fn text(&self, out: &mut Vec<Sighting>, fax: &mut HashSet<String>) {
        let mut read = 0;
        for (at, line) in (0u32..).zip(&self.page.lines) {
            if read > MOST_READ {
                break;
            }
            if line.hidden || line.region == Region::Overlay {
                continue;
            }
            let above = || self.above(at).or_else(|| self.marks.get(at as usize).copied().flatten());
            for spoken in spoken(&line.text, &self.regions, above) {
                read += 1;
                if matches!(spoken.label, Some(Label::Fax)) {
                    fax.insert(spoken.number.key);
                    continue;
                }
                let before = line.text.get(..spoken.at).unwrap_or_default();
                if !self.accepts(line, at, &spoken)
                    || self.is_foreign(at)
                    || self.is_anothers(line, before)
                    || self.is_with_others(at, before)
                    || self.directory && matches!(line.region, Region::Body | Region::Main)
                {
                    continue;
                }
                let labelled = matches!(spoken.label, Some(Label::Phone | Label::Mobile | Label::Both));
                let base = if labelled { 40 } else { 20 };
                out.push(Sighting {
                    score: base
                        + self.place(at, line.region)
                        + words_around(&line.text, "")
                        + label_score(spoken.label),
                    personal: self.is_personal(at, before),
                    weak: self.is_weak(line.region),
                    confidence: if labelled { 0.9 } else { 0.6 },
                    method: Method::Text,
                    snippet: snippet(&line.text, &line.text),
                    page: self.at,
                    line: Some(at),
                    number: spoken.number,
                });
            }
        }
    }

    /// Whether a number in the text is a telephone number at all.
    fn accepts(&self, line: &Line, at: u32, spoken: &Spoken) -> bool {
        match spoken.label {
            Some(Label::Phone | Label::Mobile | Label::Both) => true,
            Some(Label::Fax | Label::Other) => false,
            None if spoken.international => true,
            None => {
                let short = line.text.chars().count() <= 160;
                let place = matches!(self.kind, Kind::Contact | Kind::Imprint)
                    || matches!(line.region, Region::Header | Region::Footer)
                    || self.heading(at).is_some_and(|heading| {
                        setting::is_contact(heading)
                            || matches!(labels::alone(heading), Some(Label::Phone | Label::Both))
                    });
                short && place || self.is_below_address(line, at)
            }
        }
    }

    /// Whether a line is nothing but a number, and the line above it a street
    /// or a town: the card of a branch.
    fn is_below_address(&self, line: &Line, at: u32) -> bool {
        let bare = !line.text.chars().any(char::is_alphabetic);
        let above = at.checked_sub(1).and_then(|above| self.page.lines.get(above as usize));
        bare && above
            .is_some_and(|above| above.region == line.region && above.text.len() <= 160 && is_street(&above.text))
    }

    /// The heading above a line.
    fn heading(&self, line: u32) -> Option<&str> {
        let heading = self.headings.get(line as usize).copied().flatten()?;
        self.page.lines.get(heading as usize).map(|line| line.text.as_str())
    }

    /// What the line above, or the term beside it, says of a line that begins with a number.
    fn above(&self, at: u32) -> Option<Label> {
        let at = at as usize;
        let line = self.page.lines.get(at)?;
        let above = self.page.lines.get(at.checked_sub(1)?)?;
        (above.region == line.region).then(|| labels::alone(&above.text)).flatten()
    }

    fn is_foreign(&self, line: u32) -> bool {
        self.foreign.get(line as usize).copied().unwrap_or(false)
    }

    /// Whether the words before a number in its line give it to somebody else.
    fn is_anothers(&self, line: &Line, before: &str) -> bool {
        let prose = matches!(line.region, Region::Body | Region::Main | Region::Aside)
            && !matches!(self.kind, Kind::Contact | Kind::Imprint);
        let footer = line.region == Region::Footer || line.text.contains('©');
        let credited = footer && setting::is_credited(before, self.brand);
        credited || setting::is_foreign_before(before) || prose && setting::names_another(before, self.brand)
    }

    /// Whether words or addresses beside a number give it to another house.
    fn is_with_others(&self, line: u32, before: &str) -> bool {
        others::given_away(before) && !setting::mentions(&before.to_lowercase(), self.brand)
            || others::linked_away(self.page, line, before.len(), self.domain)
            || self.own_mail && others::beside_others_mail(self.page, line, self.domain)
    }

    /// Whether a number stands with a person. In an imprint people stand for
    /// the company, and so do their numbers.
    fn is_personal(&self, line: u32, before: &str) -> bool {
        let central = || {
            let text = self.page.lines.get(line as usize).map_or("", |line| line.text.as_str());
            score_words(&crate::page::prefix(text, 80).to_lowercase()) >= 20
        };
        self.kind != Kind::Imprint
            && !central()
            && (holders::is_addressed(before)
                || holders::holder(self.page, line, self.brand)
                    .is_some_and(|holder| holder.titled || holders::has_mail(self.page, line, &holder.name)))
    }

    /// Whether it stands in the matter of a page about other things.
    fn is_weak(&self, region: Region) -> bool {
        matches!(self.kind, Kind::News | Kind::Privacy) && matches!(region, Region::Body | Region::Main | Region::Aside)
    }

    /// What the place on the site adds.
    fn place(&self, line: u32, region: Region) -> i32 {
        let page = match self.kind {
            Kind::Contact | Kind::Imprint => 15,
            Kind::Home => 5,
            Kind::Careers | Kind::News | Kind::Privacy => -20,
            Kind::Team | Kind::Other => 0,
        };
        let region = match region {
            Region::Header | Region::Nav => 14,
            Region::Footer => 12,
            Region::Aside => -5,
            Region::Overlay => -40,
            Region::Body | Region::Main => page,
        };
        let heading = self.heading(line).unwrap_or_default();
        region + score_words(&crate::page::prefix(heading, 80).to_lowercase())
    }
}

/// Whether a line has a number of a house or a town, a comma and several words.
fn is_street(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= 3).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    words >= 2 && text.contains(',') && (2..=14).contains(&digits) && scan::scan(text).is_empty()
}

/// Whose data an item of structured data holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Company,
    Branch,
    Person,
}

impl Role {
    fn of(item: &Item, outer: Self) -> Self {
        let is = |name: &str| item.types.iter().any(|kind| kind == name);
        let has = |name: &str| item.properties.iter().any(|(property, _)| property == name);
        if is("Person") || is("Physician") && outer == Self::Person {
            Self::Person
        } else if outer == Self::Branch || has("parentOrganization") || has("branchOf") {
            Self::Branch
        } else {
            outer
        }
    }

    /// The role of what hangs on a property; `None` for other people's things.
    fn within(self, property: &str) -> Option<Self> {
        match property {
            "review" | "author" | "creator" | "sponsor" | "provider" | "seller" | "customer" | "client" | "brand"
            | "member" | "members" | "memberOf" | "parentOrganization" | "worksFor" | "funder" | "copyrightHolder"
            | "itemReviewed" | "manufacturer" | "organizer" | "performer" | "affiliation" | "alumniOf" => matches!(
                property,
                "provider"
                    | "seller"
                    | "manufacturer"
                    | "copyrightHolder"
                    | "organizer"
                    | "creator"
                    | "brand"
                    | "worksFor"
            )
            .then_some(self)
            .filter(|_| !matches!(property, "creator")),
            "department" | "subOrganization" | "location" | "branch" | "containsPlace" => Some(Self::Branch),
            _ => Some(self),
        }
    }
}

fn property<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.properties.iter().find_map(|(property, value)| match value {
        Value::Text(text) if property == name => Some(text.as_str()),
        _ => None,
    })
}

/// The last part of a line, after the number before.
fn last_part(text: &str) -> &str {
    let at = text.rfind(|c: char| number::digit(c).is_some()).map_or(0, |at| text.ceil_char_boundary(at + 1));
    let rest = text.get(at..).unwrap_or_default();
    if rest.chars().any(char::is_alphanumeric) { rest } else { text }
}
