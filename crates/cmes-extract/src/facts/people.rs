//! People whom the site names, with position, e-mail and phone.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use cmes_types::{Contact, Method};

use crate::facts::emails::owners::Owner;
use crate::facts::phones::setting::{self, Kind};
use crate::facts::phones::{others, regions, whole};
use crate::facts::{Finding, Site, emails, names};
use crate::page::{Page, Region};

mod alike;
mod cards;
pub(crate) mod described;
pub(crate) mod lines;
pub(crate) mod matching;
pub(crate) mod name;
mod reachable;
mod tables;
#[cfg(test)]
mod tests;
pub(crate) mod titles;

/// A person at one place of the site.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    /// Index of the page.
    pub page: u16,
    /// Lines that speak of this person; empty for structured data.
    pub lines: Range<u32>,
    /// What is said.
    pub contact: Contact,
    /// How it was read.
    pub method: Method,
    /// The words.
    pub snippet: String,
    /// How far it is trusted.
    pub confidence: f32,
}

/// Most people read of one site.
const MOST: usize = 300;

/// People in the order of the pages, each once.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<Contact>> {
    merge(&cards(site))
}

/// Everybody at every place.
pub(crate) fn cards(site: &Site<'_>) -> Vec<Card> {
    let mut cards = Vec::new();
    for (at, page) in (0u16..).zip(site.pages) {
        if cards.len() >= MOST {
            break;
        }
        cards.extend(described::read(page, at));
        if setting::kind(page) != Kind::News {
            Reader::new(site, page, at).read(&mut cards);
        }
    }
    cards.truncate(MOST);
    unshare(&mut cards);
    join_addresses(site, &mut cards);
    cards
}

/// A page while its people are gathered.
struct Reader<'a> {
    page: &'a Page,
    domain: &'a str,
    at: u16,
    foreign: Vec<bool>,
    regions: Vec<String>,
}

/// Where a person was found in the text.
struct Found {
    named: lines::Named,
    /// Line of the name.
    line: u32,
    /// First and last line of name and title.
    span: Range<u32>,
    /// The name is a line of its own, so that what follows is about it.
    own_line: bool,
    /// The lines that are about nobody else, where the markup says so.
    whole: Option<Range<u32>>,
    confidence: f32,
}

impl<'a> Reader<'a> {
    fn new(site: &Site<'a>, page: &'a Page, at: u16) -> Self {
        Self { page, domain: site.domain, at, foreign: foreign(page), regions: regions::of(site, Some(page)) }
    }

    fn read(&self, out: &mut Vec<Card>) {
        let found = self.found();
        let kind = setting::kind(self.page);
        for (at, person) in found.iter().enumerate() {
            let next = found.get(at + 1).map(|next| next.span.start.max(person.span.end));
            let previous = at.checked_sub(1).and_then(|at| found.get(at)).map_or(0, |previous| previous.span.end);
            let card = self.card(person, previous, next);
            // Among open positions a town stands where a name would; only who
            // can be reached is a person.
            let reached = !(card.contact.email.is_empty() && card.contact.phone.is_empty());
            let counts = match kind {
                Kind::Careers => person.named.announced || reached,
                // There authorities and hosts are named; the company's own answer at its domain.
                // Who is responsible is the company itself as a rule.
                Kind::Privacy => {
                    emails::owners::of(&card.contact.email, self.domain) == Owner::Site
                        && !setting::mentions(&card.contact.name.to_lowercase(), names::label(self.domain))
                }
                _ => true,
            };
            if counts {
                out.push(card);
            }
        }
    }

    fn text(&self, at: u32) -> &'a str {
        self.page.lines.get(at as usize).map_or("", |line| line.text.as_str())
    }

    /// Whether a line may name the company's people.
    fn counts(&self, at: u32) -> bool {
        let hidden = |line: &crate::page::Line| line.hidden || matches!(line.region, Region::Overlay | Region::Nav);
        !self.foreign.get(at as usize).copied().unwrap_or(false)
            && self.page.lines.get(at as usize).is_some_and(|line| !hidden(line))
    }

    fn found(&self) -> Vec<Found> {
        let rows = tables::read(self.page, &|line| self.counts(line));
        let within: HashSet<u32> = rows.iter().flat_map(|row| row.lines.clone()).collect();
        let mut out = self.found_in_text(&within);
        out.extend(rows.into_iter().map(|row| Found {
            named: lines::Named { name: row.name, title: row.title, ..lines::Named::default() },
            line: row.line,
            span: row.line..row.line + 1,
            own_line: true,
            whole: Some(row.lines),
            confidence: 0.85,
        }));
        out.extend(self.found_alike(&out, &within));
        out.retain(|found| !self.is_quoted(found) && !self.is_anothers(found));
        out.sort_by_key(|found| found.line);
        out
    }

    /// Whether the words before a name in its line give the person to another
    /// house: `Agent for Italy: Example S.r.l., Ann Lee`.
    fn is_anothers(&self, found: &Found) -> bool {
        let text = self.text(found.line);
        let end = found.named.at + found.named.name.len();
        let before = text.get(..end).unwrap_or(text);
        !found.own_line && others::given_away(before) && setting::names_another(text, names::label(self.domain))
    }

    /// Whether somebody is quoted: a customer as a rule, whose position is one
    /// at another firm.
    fn is_quoted(&self, found: &Found) -> bool {
        let above = found.span.start.checked_sub(1).map_or("", |at| self.text(at)).trim();
        let marks = ['“', '”', '„', '"', '«', '»', '❝', '❞', '「', '」'];
        let quote = above.chars().count() > 12 && (above.starts_with(marks) || above.ends_with(marks));
        let firm = [" at ", " @ ", " bei ", " chez ", " presso "].iter().find_map(|at| {
            found.named.title.split_once(at).map(|(_, firm)| firm).filter(|firm| firm.starts_with(char::is_uppercase))
        });
        let own = |firm: &str| {
            let first = firm.split([' ', ',']).next().unwrap_or_default().to_lowercase();
            self.page.url.host_str().is_some_and(|host| host.contains(&first))
        };
        (quote && found.whole.is_none() && !found.named.announced) || firm.is_some_and(|firm| !own(firm))
    }

    /// People who look like those found.
    fn found_alike(&self, found: &[Found], within: &HashSet<u32>) -> Vec<Found> {
        if setting::kind(self.page) == Kind::Careers {
            return Vec::new();
        }
        let mut used: HashSet<u32> = within.clone();
        used.extend(found.iter().flat_map(|found| found.span.clone()));
        let known: Vec<(u32, u32)> = found
            .iter()
            .filter(|found| found.own_line && found.whole.is_none() && found.span.end - found.span.start <= 2)
            .map(|found| {
                let after = found.span.end - 1;
                (found.line, if found.span.start < found.line { found.span.start } else { after })
            })
            .collect();
        let counts = |line: u32| self.counts(line);
        let alike = alike::read(self.page, &known, &counts, &|line| used.contains(&line));
        used.extend(alike.iter().flat_map(|like| [like.line, like.title_line]));
        let reachable = reachable::read(self.page, self.domain, &counts, &|line| used.contains(&line));
        alike
            .into_iter()
            .chain(reachable)
            .map(|like| Found {
                named: lines::Named { name: like.name, title: like.title, ..lines::Named::default() },
                line: like.line,
                span: like.line.min(like.title_line)..like.line.max(like.title_line) + 1,
                own_line: true,
                whole: None,
                confidence: 0.82,
            })
            .collect()
    }

    /// People in all lines but those of tables that have been read.
    fn found_in_text(&self, read: &HashSet<u32>) -> Vec<Found> {
        let mut out: Vec<Found> = Vec::new();
        let mut pending: Option<(String, u32)> = None;
        let kind = setting::kind(self.page);
        let count = u32::try_from(self.page.lines.len()).unwrap_or(u32::MAX);
        let mut at = 0;
        while at < count && out.len() < MOST {
            let line = at;
            at += 1;
            if read.contains(&line) || !self.counts(line) {
                pending = None;
                continue;
            }
            let text = self.text(line);
            let inline = lines::read(text);
            if !inline.is_empty() {
                let whole = inline.len() == 1;
                let detail = whole && (text.contains('@') || text.chars().filter(|c| c.is_numeric()).count() >= 6);
                for named in inline {
                    // Among open positions, only who can be reached is a person.
                    if kind == Kind::Careers && !(named.announced || detail) {
                        continue;
                    }
                    let named = self.with_row_title(named, pending.as_ref());
                    let frame = self
                        .page
                        .lines
                        .get(line as usize)
                        .is_some_and(|l| matches!(l.region, Region::Header | Region::Footer));
                    // What follows `Director: Ann Lee` is the company's, what follows
                    // `Contact person: Ann Lee` is hers.
                    let alone = !named.announced || titles::introduces(text);
                    let own_line = whole && text.chars().count() < 80 && alone && !frame && kind != Kind::Imprint;
                    out.push(Found { named, line, span: line..line + 1, own_line, whole: None, confidence: 0.8 });
                }
                continue;
            }
            let names = lines::names(text).filter(|_| !titles::is_title(text));
            let alone = names.is_some();
            let above = pending.as_ref().filter(|(_, title)| line - title <= 6);
            if let Some(names) = names.or_else(|| above.and_then(|_| lines::leading_names(text))) {
                let title = self.title_of(line, above, out.last());
                // With more than a name, the line is a person's only below a title.
                if let Some((title, span, below)) = title.filter(|(.., below)| alone || !below) {
                    let own_line = names.len() == 1;
                    for name in names {
                        let named = lines::Named { name, title: title.clone(), ..lines::Named::default() };
                        let confidence = if own_line && below { 0.9 } else { 0.8 };
                        out.push(Found { named, line, span: span.clone(), own_line, whole: None, confidence });
                    }
                    if below {
                        at = span.end.max(at);
                        pending = None;
                    }
                }
                continue;
            }
            pending = self.announced(text, line).or(pending.filter(|(_, title)| is_detail(text) && line - title <= 6));
        }
        out
    }

    /// A title that stands alone and announces names.
    fn announced(&self, text: &str, line: u32) -> Option<(String, u32)> {
        let text = text.trim();
        if text.chars().count() > 90 {
            return None;
        }
        if titles::represents(text) && !titles_in(text) {
            return Some((String::new(), line));
        }
        titles::is_title(text).then(|| (lines::clean(text), line))
    }

    /// In tables the row's head is the title when the cell gives none.
    fn with_row_title(&self, mut named: lines::Named, pending: Option<&(String, u32)>) -> lines::Named {
        if named.title.is_empty()
            && let Some((title, _)) = pending
        {
            named.title.clone_from(title);
        }
        named
    }

    /// The title of a name that is a line of its own, from the line below or
    /// above, whichever shares the smaller element.
    fn title_of(
        &self,
        line: u32,
        above: Option<&(String, u32)>,
        previous: Option<&Found>,
    ) -> Option<(String, Range<u32>, bool)> {
        let next = line + 1;
        let below = self.text(next);
        let with_contact = titles::leading(below);
        let below_fits = self.counts(next)
            && (titles::is_title(below) || with_contact.is_some())
            && lines::names(below).is_none()
            && (with_contact.is_some() || lines::read(below).is_empty())
            && !below.trim_end().ends_with(':');
        let above = above.filter(|(_, at)| previous.is_none_or(|previous| *at >= previous.span.start));
        let first = |at: u32| self.closer(at, line, next) || at + 1 == line && self.alternate(at, line, next);
        if below_fits && !above.is_some_and(|(_, at)| first(*at)) {
            return Some((lines::clean(with_contact.unwrap_or(below)), line..next + 1, true));
        }
        let (title, at) = above?;
        // A title for several belongs to the card of the first.
        let start = if previous.is_some_and(|previous| previous.line > *at) { line } else { (*at).min(line) };
        Some((title.clone(), start..line + 1, false))
    }

    /// Whether the lines above and below a name are set alike and the name is
    /// not: a list in which each title stands before its name.
    fn alternate(&self, above: u32, name: u32, below: u32) -> bool {
        let set = |at: u32| {
            let line = self.page.lines.get(at as usize)?;
            let element = self.page.elements.get(line.element as usize)?;
            Some((line.heading, element.name, &element.class))
        };
        set(above) == set(below) && set(above) != set(name)
    }

    /// Whether `a` stands closer to `line` than `b` does.
    fn closer(&self, a: u32, line: u32, b: u32) -> bool {
        let with = |other: u32| self.common(line, other).map_or(u32::MAX, |range| range.end - range.start);
        with(a) < with(b)
    }

    /// The lines of the smallest element around both.
    fn common(&self, a: u32, b: u32) -> Option<Range<u32>> {
        let element = self.page.lines.get(a as usize)?.element;
        self.page
            .ancestors(element)
            .map(|(_, around)| around.lines.clone())
            .find(|lines| lines.contains(&a) && lines.contains(&b))
    }
}

/// The lines about somebody else. A block of `Ansprechpartner` is the
/// company's, though “partner” is a part of the word.
fn foreign(page: &Page) -> Vec<bool> {
    let mut foreign = setting::foreign(page);
    let says = |words: &str| words.contains("ansprechpartner") || words.contains("gespraechspartner");
    for element in page.elements.iter().filter(|element| says(&element.class) || says(&element.id)) {
        let lines = element.lines.start as usize..(element.lines.end as usize).min(foreign.len());
        if let Some(lines) = foreign.get_mut(lines) {
            lines.fill(false);
        }
    }
    foreign
}

fn titles_in(text: &str) -> bool {
    text.to_lowercase().split_whitespace().skip(1).any(titles::is_word)
}

/// A line that holds a number, an address or a label rather than words.
fn is_detail(text: &str) -> bool {
    text.chars().count() <= 80 && (text.contains('@') || text.chars().filter(|c| c.is_numeric()).count() >= 5)
        || text.chars().count() <= 60
            && (emails::scan::may_hold(text) || crate::facts::phones::labels::alone(text).is_some())
}

/// Numbers and addresses that several people share are the company's and not a
/// person's.
fn unshare(cards: &mut [Card]) {
    let mut phones: HashMap<String, HashSet<String>> = HashMap::new();
    let mut addresses: HashMap<String, HashSet<String>> = HashMap::new();
    for card in cards.iter() {
        let key = matching::key(&card.contact.name);
        phones.entry(card.contact.phone.clone()).or_default().insert(key.clone());
        addresses.entry(card.contact.email.clone()).or_default().insert(key);
    }
    for card in cards {
        let contact = &mut card.contact;
        if phones.get(&contact.phone).is_some_and(|people| people.len() > 1) {
            contact.phone.clear();
        }
        let local = contact.email.split('@').next().unwrap_or_default();
        let shared = addresses.get(&contact.email).is_some_and(|people| people.len() > 1);
        if shared && !matching::is_whole(local, &contact.name) {
            contact.email.clear();
        }
    }
}

/// Gives people without an address the one that is made from their name.
fn join_addresses(site: &Site<'_>, cards: &mut [Card]) {
    if !cards.iter().any(|card| card.contact.email.is_empty()) {
        return;
    }
    let taken: HashSet<String> = cards.iter().map(|card| card.contact.email.clone()).collect();
    let free: Vec<String> =
        emails::own(site).into_iter().filter(|address| !taken.contains(address)).take(200).collect();
    let people: HashSet<String> = cards.iter().map(|card| card.contact.name.clone()).collect();
    for address in free {
        let local = address.split('@').next().unwrap_or_default();
        if emails::ranks::is_role(local) {
            continue;
        }
        let fits: Vec<&String> = people.iter().filter(|name| matching::matches(local, name)).take(2).collect();
        if let [name] = fits.as_slice() {
            for card in cards.iter_mut().filter(|card| card.contact.name == **name && card.contact.email.is_empty()) {
                card.contact.email.clone_from(&address);
            }
        }
    }
}

/// Each person once: what the places say is put together, the best first.
pub(crate) fn merge(cards: &[Card]) -> Vec<Finding<Contact>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut out: Vec<Finding<Contact>> = Vec::new();
    for card in cards {
        let found = Finding {
            value: card.contact.clone(),
            page: Some(card.page),
            method: card.method,
            snippet: card.snippet.clone(),
            confidence: card.confidence,
        };
        match places.get(&matching::key(&found.value.name)).and_then(|at| out.get_mut(*at)) {
            Some(known) => combine(known, found),
            None => {
                places.insert(matching::key(&found.value.name), out.len());
                out.push(found);
            }
        }
    }
    out
}

fn combine(known: &mut Finding<Contact>, other: Finding<Contact>) {
    // `대표` is short for `대표이사`.
    let (mine, theirs) = (&known.value.job_position, &other.value.job_position);
    if mine.contains(titles::is_unspaced) && theirs.len() > mine.len() && theirs.starts_with(mine.as_str()) {
        known.value.job_position.clone_from(theirs);
    }
    let better = other.confidence > known.confidence;
    let take = |mine: &mut String, theirs: &String, longer: bool| {
        if mine.is_empty() || (better && !theirs.is_empty() && !longer) || (longer && theirs.len() > mine.len()) {
            mine.clone_from(theirs);
        }
    };
    take(&mut known.value.name, &other.value.name, true);
    take(&mut known.value.job_position, &other.value.job_position, false);
    take(&mut known.value.email, &other.value.email, false);
    take(&mut known.value.phone, &other.value.phone, false);
    if better {
        known.confidence = other.confidence;
        known.method = other.method;
        known.snippet = other.snippet;
        known.page = other.page;
    }
}
