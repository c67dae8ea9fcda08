//! People recognised by their likeness to others: lists of people repeat one
//! pattern, so what looks like a card of a person is one, whatever the words of
//! the position are.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{lines, name, titles};
use crate::facts::links;
use crate::page::{Link, Page, Region};
use crate::places::{Country, State};

/// A name with the position beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Like {
    /// The name.
    pub name: String,
    /// The position as written.
    pub title: String,
    /// Line of the name.
    pub line: u32,
    /// Line of the position: right above or below, or the name's own.
    pub title_line: u32,
}

/// How a name and its position look, and how they are ordered.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Look {
    name: u64,
    title: u64,
    order: Order,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Order {
    Above,
    Below,
    /// In one line, with this separator between them.
    Inline(char),
}

/// People whose position is made of no known words. `known` are those who have
/// been found, with the lines of their name and position; `counts` tells
/// whether a line may name the company's people, `is_used` whether it has been read.
pub(crate) fn read(
    page: &Page,
    known: &[(u32, u32)],
    counts: &dyn Fn(u32) -> bool,
    is_used: &dyn Fn(u32) -> bool,
) -> Vec<Like> {
    let team = teams(page);
    if known.is_empty() && !team.contains(&true) {
        return Vec::new();
    }
    let linked = linked(page);
    let usual = usual_classes(page);
    let look = |name: u32, title: u32| Look {
        name: signature(page, &usual, name),
        title: signature(page, &usual, title),
        order: match title.cmp(&name) {
            Ordering::Less => Order::Above,
            Ordering::Equal => Order::Inline(separator(page, name)),
            Ordering::Greater => Order::Below,
        },
    };
    let near = |line: u32, title: u32| line.abs_diff(title) <= 1 && (line != title || separator(page, line) != ' ');
    let sections = sections(page);
    let section = |line: u32| sections.get(line as usize).copied().unwrap_or((None, false));
    let mut vouching: HashMap<Look, usize> = HashMap::new();
    for (line, title) in known.iter().filter(|(line, title)| near(*line, *title)) {
        *vouching.entry(look(*line, *title)).or_default() += 1;
    }
    let homes: HashSet<Option<u32>> = known.iter().map(|(line, _)| section(*line).0).collect();
    let names: HashSet<u64> = vouching.keys().map(|look| look.name).collect();
    let mut found: Vec<(Look, Like, bool)> = Vec::new();
    let count = u32::try_from(page.lines.len()).unwrap_or(u32::MAX);
    for line in 0..count {
        let Some(written) = page.lines.get(line as usize) else { break };
        let introduced = team.get(line as usize).copied().unwrap_or(false) && written.region != Region::Footer;
        // Elsewhere only what is set as a known name is.
        if !introduced && !names.contains(&signature(page, &usual, line)) {
            continue;
        }
        if is_used(line) || !counts(line) || written.text.len() > 200 || titles::is_title(&written.text) {
            continue;
        }
        let (home, about_else) = section(line);
        if about_else && !homes.contains(&home) {
            continue;
        }
        if let Some((name, rest, separator)) =
            lines::name_and_rest(&written.text).filter(|(_, rest, _)| may_be_title(rest))
        {
            let look = look(line, line);
            // A comma and parentheses stand between other things as well, such as towns.
            if vouching.contains_key(&look) || introduced && separator == '-' {
                let like = Like { name, title: lines::clean(rest), line, title_line: line };
                found.push((look, like, introduced));
                continue;
            }
        }
        let Some(names) = lines::names(&written.text).or_else(|| lines::leading_names(&written.text)) else { continue };
        let [name] = names.as_slice() else { continue };
        for title_line in [line + 1, line.wrapping_sub(1)] {
            let text = page.lines.get(title_line as usize).map_or("", |line| line.text.as_str());
            if is_used(title_line) || !counts(title_line) || !may_be_title(text) || linked.contains(&title_line) {
                continue;
            }
            let look = look(line, title_line);
            if vouching.contains_key(&look) || introduced {
                let like = Like { name: name.clone(), title: lines::clean(text), line, title_line };
                found.push((look, like, introduced));
            }
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    chosen(page, found, &vouching)
}

/// Those who look like known people; without any, a pattern that repeats where
/// people are introduced and shows a sign of them. Of two readings of a name
/// the more frequent counts.
fn chosen(page: &Page, found: Vec<(Look, Like, bool)>, vouching: &HashMap<Look, usize>) -> Vec<Like> {
    let mut often: HashMap<Look, usize> = HashMap::new();
    let mut signs: HashSet<Look> = HashSet::new();
    let photos = photos(page);
    for (look, like, _) in &found {
        *often.entry(*look).or_default() += 1;
        if photos.contains(&like.line) || name::has_title(&like.name) || titles::has_word(&like.title) {
            signs.insert(*look);
        }
    }
    let count = |look: &Look| often.get(look).copied().unwrap_or_default();
    let weight = |look: &Look| (vouching.contains_key(look), count(look), look.order);
    let mut best: HashMap<u32, (Look, Like)> = HashMap::new();
    for (look, like, introduced) in found {
        let vouched = vouching.get(&look).copied().unwrap_or_default();
        let counts = match (vouched, introduced) {
            (0, introduced) => introduced && count(&look) >= 2 && signs.contains(&look),
            (_, true) => true,
            // Elsewhere, what is offered may be set as the owner is.
            (vouched, false) => vouched >= count(&look),
        };
        if !counts {
            continue;
        }
        match best.get(&like.line) {
            Some((other, _)) if weight(other) >= weight(&look) => {}
            _ => drop(best.insert(like.line, (look, like))),
        }
    }
    // A line is the position of one person only.
    let mut out: Vec<Like> = best.into_values().map(|(_, like)| like).collect();
    out.sort_by_key(|like| like.line);
    let mut taken = HashSet::new();
    out.retain(|like| taken.insert(like.title_line));
    out
}

/// Lines that are nothing but the text of a link, such as “profile”.
pub(super) fn linked(page: &Page) -> HashSet<u32> {
    let is_whole = |link: &&Link| page.lines.get(link.line as usize).is_some_and(|line| line.text == link.text);
    page.links.iter().filter(is_whole).map(|link| link.line).collect()
}

/// Lines that stand close to a picture that is no symbol.
fn photos(page: &Page) -> HashSet<u32> {
    let mut out = HashSet::new();
    for image in page.images.iter().take(500) {
        let src = image.src.path().to_lowercase();
        if src.ends_with(".svg") || src.contains("icon") || src.contains("logo") {
            continue;
        }
        let near = |lines: &std::ops::Range<u32>| lines.end - lines.start <= 8;
        for (_, around) in page.ancestors(image.element).take(6).filter(|(_, around)| near(&around.lines)) {
            out.extend(around.lines.clone());
        }
    }
    out
}

/// What stands between name and position of a line; a blank when nothing does.
fn separator(page: &Page, line: u32) -> char {
    let text = page.lines.get(line as usize).map_or("", |line| line.text.as_str());
    lines::name_and_rest(text).map_or(' ', |(.., separator)| separator)
}

/// Beginnings of words in headings of sections that hold no people, though
/// their parts are often set in the same way.
const THINGS: &[&str] = &[
    "award",
    "auszeichnung",
    "project",
    "projekt",
    "referen",
    "certif",
    "zertifi",
    "process",
    "ablauf",
    "schritt",
    "how it works",
    "why ",
    "warum",
    "benefit",
    "vorteil",
    "value",
    "werte",
    "valeurs",
    "valores",
    "valori",
    "mission",
    "vision",
    "office",
    "standort",
    "event",
    "veranstalt",
    "faq",
    "gallery",
    "galerie",
    "history",
    "geschichte",
    "offer",
    "angebot",
    "prix",
    "premio",
    "premi ",
    "numbers",
    "zahlen",
    "ceny",
    "nagrody",
    "награды",
    "client",
    "kunden",
    "customer",
    "proces",
    "avantage",
    "ventaja",
    "vantag",
    "advantage",
    "proyecto",
    "progett",
    "realis",
];

static IS_THING: LazyLock<AhoCorasick> = LazyLock::new(|| crate::words::finder(THINGS));

fn is_about_things(heading: &str) -> bool {
    let begins = |at: usize| !heading.get(..at).is_some_and(|before| before.ends_with(char::is_alphabetic));
    IS_THING.find_iter(crate::page::prefix(heading, 200)).any(|found| begins(found.start()))
}

/// For each line, the heading of the section around its card, and whether the
/// section is about something else than people: values, products, news.
fn sections(page: &Page) -> Vec<(Option<u32>, bool)> {
    // Level, line and whether the section is about something else.
    let mut open: Vec<(u8, Option<u32>, bool)> = Vec::new();
    let mut out = Vec::with_capacity(page.lines.len());
    for (at, line) in (0u32..).zip(&page.lines) {
        if line.heading > 0 {
            open.retain(|(level, ..)| *level < line.heading);
        }
        // A heading of one level may be a name: it is in the section above it.
        let around = open.last().map_or((None, false), |(_, heading, else_)| (*heading, *else_));
        out.push(around);
        if line.heading > 0 {
            let text = line.text.as_str();
            let (heading, about_else) = match lines::names(text) {
                Some(_) => around,
                None => (Some(at), links::is_about_else(text) || is_about_things(text)),
            };
            open.push((line.heading, heading, about_else));
        }
    }
    out
}

/// For each line, whether it stands where people are introduced: on a page of
/// that name or below such a heading.
fn teams(page: &Page) -> Vec<bool> {
    let mut out = Vec::with_capacity(page.lines.len());
    let whole = links::is_team_page(&page.url);
    let mut section: Option<u8> = None;
    for line in &page.lines {
        if line.heading > 0 {
            if links::is_team(&line.text) {
                section = Some(line.heading);
            } else if section.is_some_and(|level| line.heading <= level) {
                section = None;
            }
        }
        out.push(whole || section.is_some());
    }
    out
}

/// A class without the number that builders put at its end.
fn class_name(class: &str) -> &str {
    let end = class
        .find(|c: char| c.is_ascii_digit())
        .map_or(class.len(), |digit| class.get(..digit).and_then(|head| head.rfind(['-', '_'])).map_or(0, |at| at + 1));
    class.get(..end).unwrap_or_default()
}

/// Classes that more than one element has; the others are names that builders
/// give to every single element.
fn usual_classes(page: &Page) -> HashSet<&str> {
    let mut once = HashSet::new();
    let classes = page.elements.iter().flat_map(|element| element.class.split_ascii_whitespace().take(CLASSES));
    classes.map(class_name).filter(|class| !once.insert(*class)).collect()
}

/// Most classes looked at of one element.
const CLASSES: usize = 6;

/// How a line is set: names and classes of the elements close around it.
fn signature(page: &Page, usual: &HashSet<&str>, line: u32) -> u64 {
    let mut hasher = DefaultHasher::new();
    let Some(line) = page.lines.get(line as usize) else { return 0 };
    line.heading.hash(&mut hasher);
    for (_, element) in page.ancestors(line.element).take(2) {
        element.name.hash(&mut hasher);
        let classes = element.class.split_ascii_whitespace().take(CLASSES).map(class_name);
        for class in classes.filter(|class| usual.contains(class)) {
            class.hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// Whether a text is a country's or a state's name: offices are set as people are.
fn is_place(text: &str) -> bool {
    let states = ["US", "CA", "AU"].into_iter().filter_map(Country::from_code);
    Country::from_name(text).is_some() || states.into_iter().any(|country| State::find(country, text).is_some())
}

/// A few words that may be a position: no name, sentence, number, address or
/// call to do something.
pub(super) fn may_be_title(text: &str) -> bool {
    let text = text.trim();
    let chars = text.chars().count();
    (3..=60).contains(&chars)
        && text.split_whitespace().count() <= 7
        && !text.chars().any(|c| c.is_numeric() && !titles::is_unspaced(c))
        && text.chars().next().is_some_and(char::is_alphabetic)
        && !text.contains(['@', '?', '!', '"', '“', '„', '»', ':', '…', '→', '©', '|'])
        && !text.ends_with(['.', ','])
        && !titles::is_other(text)
        && !titles::is_vacancy(text)
        && !is_place(text)
        && lines::names(text).is_none()
}
