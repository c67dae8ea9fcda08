//! People recognised by their likeness to others: lists of people repeat one
//! pattern, so what looks like a card of a person is one, whatever the words of
//! the position are.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{lines, titles};
use crate::facts::links;
use crate::page::{Page, Region};

/// A name with the position beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Like {
    /// The name.
    pub name: String,
    /// The position as written.
    pub title: String,
    /// Line of the name.
    pub line: u32,
    /// Line of the position, right above or below.
    pub title_line: u32,
}

/// How a name and its position look, and which of them comes first.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Look {
    name: u64,
    title: u64,
    below: bool,
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
    let usual = usual_classes(page);
    let look = |name: u32, title: u32| Look {
        name: signature(page, &usual, name),
        title: signature(page, &usual, title),
        below: title > name,
    };
    let beside = known.iter().filter(|(line, title)| line.abs_diff(*title) == 1);
    let looks: HashSet<Look> = beside.map(|(line, title)| look(*line, *title)).collect();
    let mut found: Vec<(Look, Like, bool)> = Vec::new();
    let count = u32::try_from(page.lines.len()).unwrap_or(u32::MAX);
    for line in 0..count {
        let Some(written) = page.lines.get(line as usize) else { break };
        if is_used(line) || !counts(line) || written.text.len() > 200 || titles::is_title(&written.text) {
            continue;
        }
        let Some(names) = lines::names(&written.text).or_else(|| lines::leading_names(&written.text)) else { continue };
        let [name] = names.as_slice() else { continue };
        let introduced = team.get(line as usize).copied().unwrap_or(false) && written.region != Region::Footer;
        for title_line in [line + 1, line.wrapping_sub(1)] {
            let text = page.lines.get(title_line as usize).map_or("", |line| line.text.as_str());
            if is_used(title_line) || !counts(title_line) || !may_be_title(text) {
                continue;
            }
            let look = look(line, title_line);
            if looks.contains(&look) || introduced {
                let like = Like { name: name.clone(), title: lines::clean(text), line, title_line };
                found.push((look, like, introduced));
            }
        }
    }
    chosen(found, &looks)
}

/// Those who look like known people; without any, a pattern that repeats where
/// people are introduced. Of two readings of a name the more frequent counts.
fn chosen(found: Vec<(Look, Like, bool)>, looks: &HashSet<Look>) -> Vec<Like> {
    let mut often: HashMap<Look, usize> = HashMap::new();
    for (look, ..) in &found {
        *often.entry(*look).or_default() += 1;
    }
    let weight = |look: &Look| (looks.contains(look), often.get(look).copied().unwrap_or_default(), look.below);
    let mut best: HashMap<u32, (Look, Like)> = HashMap::new();
    for (look, like, introduced) in found {
        let repeats = introduced && often.get(&look).is_some_and(|count| *count >= 2);
        if !looks.contains(&look) && !repeats {
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

/// A few words that may be a position: no name, sentence, number, address or
/// call to do something.
fn may_be_title(text: &str) -> bool {
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
        && lines::names(text).is_none()
}
