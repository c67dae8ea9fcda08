//! A title taken apart: modifiers, position or rank and function, place.

use super::catalogue::{Gender, Id, Language, Meaning, Sense};
use super::items::{Item, items, normal, pieces};
use crate::places::Country;

/// A title as it was understood: at least one part.
#[derive(Clone, Debug)]
pub(super) struct Title {
    pub parts: Vec<Part>,
}

/// One of the positions that somebody holds.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// What joins it to the one before.
    pub joint: Joint,
    /// The outermost first.
    pub modifiers: Vec<Id>,
    pub core: Core,
    pub gender: Option<Gender>,
    pub place: Option<(Joint, Place)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Core {
    Position(Id),
    Ranked(Id, Vec<Id>),
    Department(Vec<Id>),
}

#[derive(Clone, Debug)]
pub(super) enum Place {
    Country(Country),
    Region(Id),
    /// As it is written.
    Name(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    Comma,
    Slash,
    Dash,
    Bracket,
    And,
    Ampersand,
}

/// Endings by which a word names women and men alike.
const FOR_BOTH: [&str; 9] = ["/-in", "/in", "*in", ":in", "_in", "(in)", "·e", "(e)", "(a)"];

/// Most functions of one position: "Sales, Marketing and Service".
const MOST_FUNCTIONS: usize = 3;

/// Most steps of looking for a reading: a title is short, its words have few senses.
const STEPS: usize = 200;

/// Reads a folded title by the words of these languages; `None` unless all of it is understood.
pub(super) fn read(folded: &str, languages: &[&Language], places: &[&str]) -> Option<Title> {
    let mut text = folded.to_owned();
    let mut is_for_both = false;
    for ending in FOR_BOTH {
        while let Some(at) = text.find(ending) {
            let after = text.get(at + ending.len()..).unwrap_or_default();
            if at == 0 || after.starts_with(char::is_alphanumeric) {
                break;
            }
            text.replace_range(at..at + ending.len(), "");
            is_for_both = true;
        }
    }
    let items = items(&text)?.into_iter().flat_map(|item| pieces(item, languages)).collect();
    let mut reader = Reader { items, languages, places, steps: STEPS };
    let mut parts = reader.parts(0, Joint::Comma)?;
    if is_for_both {
        parts.iter_mut().for_each(|part| part.gender = None);
    }
    (!parts.is_empty()).then_some(Title { parts })
}

struct Reader<'a> {
    items: Vec<Item>,
    languages: &'a [&'a Language],
    places: &'a [&'a str],
    steps: usize,
}

/// Where a reading of something ends.
type End = usize;

impl Reader<'_> {
    /// Senses of the words from here, the longest phrase first.
    fn senses(&self, at: usize) -> Vec<(Sense, End)> {
        let mut found: Vec<(Sense, End)> = Vec::new();
        let longest = self.languages.iter().map(|language| language.longest).max().unwrap_or(1);
        let words: Vec<&str> = self
            .items
            .iter()
            .skip(at)
            .take(longest)
            .map_while(|item| if let Item::Word(word) = item { Some(word.as_str()) } else { None })
            .collect();
        for count in (1..=words.len()).rev() {
            let phrase = words.get(..count).unwrap_or_default().join(" ");
            for language in self.languages {
                for sense in language.senses(&phrase) {
                    let is_known = |(known, end): &(Sense, End)| known.meaning == sense.meaning && *end == at + count;
                    if !found.iter().any(is_known) {
                        found.push((*sense, at + count));
                    }
                }
            }
        }
        found
    }

    fn parts(&mut self, at: usize, joint: Joint) -> Option<Vec<Part>> {
        for (part, end) in self.part(at, joint) {
            self.steps = self.steps.checked_sub(1)?;
            if end == self.items.len() {
                return Some(vec![part]);
            }
            for (joint, next) in self.joints(end) {
                if let Some(rest) = self.parts(next, joint) {
                    return Some(std::iter::once(part).chain(rest).collect());
                }
            }
        }
        None
    }

    /// What may stand between two positions.
    fn joints(&self, at: usize) -> Vec<(Joint, End)> {
        match self.items.get(at) {
            Some(Item::Joint(joint @ (Joint::Comma | Joint::Slash | Joint::Dash))) => vec![(*joint, at + 1)],
            Some(Item::Word(word)) => {
                let and = self.senses(at).into_iter().filter(|(sense, _)| sense.meaning == Meaning::And);
                let joint = if word == "&" { Joint::Ampersand } else { Joint::And };
                let mut found: Vec<(Joint, End)> = and.map(|(_, end)| (joint, end)).collect();
                if self.languages.iter().any(|language| language.is_unspaced) {
                    found.push((Joint::Comma, at));
                }
                found
            }
            _ => Vec::new(),
        }
    }

    /// Readings of one position from here, the longest first.
    fn part(&self, at: usize, joint: Joint) -> Vec<(Part, End)> {
        let mut found: Vec<(Part, End)> = Vec::new();
        for (modifiers, start, gender) in self.modifiers(at) {
            for (core, end, own) in self.cores(start, modifiers.is_empty()) {
                let gender = own.or(gender);
                let part = Part { joint, modifiers: modifiers.clone(), core, gender, place: None };
                let trailing =
                    if self.has_trailing_modifiers() { self.modifiers(end) } else { vec![(Vec::new(), end, None)] };
                for (after, end, last) in trailing {
                    let modifiers = after.into_iter().chain(part.modifiers.iter().copied()).collect();
                    let part = Part { modifiers, gender: part.gender.or(last), ..part.clone() };
                    if let Some((joint, place, end)) = self.place(end) {
                        found.push((Part { place: Some((joint, place)), ..part.clone() }, end));
                    }
                    found.push((part, end));
                }
            }
        }
        found.sort_by_key(|(_, end)| std::cmp::Reverse(*end));
        found
    }

    /// Whether adjectives stand behind: "directeur adjoint". In other languages, what is written so
    /// means something else ("Associate Principal").
    fn has_trailing_modifiers(&self) -> bool {
        const TRAILING: [&str; 9] = ["fr", "es", "it", "pt", "ro", "ca", "he", "ar", "id"];
        self.languages.iter().any(|language| TRAILING.contains(&language.code.as_str()))
    }

    /// None and more modifiers from here.
    fn modifiers(&self, at: usize) -> Vec<(Vec<Id>, End, Option<Gender>)> {
        let mut found = vec![(Vec::new(), at, None)];
        let mut next = 0;
        while let Some((known, at, gender)) = found.get(next).cloned() {
            next += 1;
            if known.len() == 2 {
                continue;
            }
            for (sense, end) in self.senses(at) {
                if let Meaning::Modifier(id) = sense.meaning {
                    let all = known.iter().copied().chain([id]).collect();
                    found.push((all, end, gender.or(sense.gender)));
                }
            }
        }
        found
    }

    fn cores(&self, at: usize, is_bare: bool) -> Vec<(Core, End, Option<Gender>)> {
        let mut found = Vec::new();
        for (sense, end) in self.senses(at) {
            let gender = sense.gender;
            match sense.meaning {
                Meaning::Position(id) => found.push((Core::Position(id), end, gender)),
                Meaning::Ranked(rank, function) => found.push((Core::Ranked(rank, vec![function]), end, gender)),
                Meaning::Rank(rank) => {
                    for (functions, end) in self.governed(end) {
                        found.push((Core::Ranked(rank, functions), end, gender));
                    }
                    found.push((Core::Ranked(rank, Vec::new()), end, gender));
                }
                Meaning::Function(_) => {}
                Meaning::Modifier(_) | Meaning::Region(_) | Meaning::Link | Meaning::Department | Meaning::And => {}
            }
        }
        let start = self.after(Meaning::Department, at).map_or(at, |end| self.after_links(end));
        for (functions, end) in self.functions(start, MOST_FUNCTIONS) {
            let is_split = matches!(self.items.get(end), Some(Item::Joint(Joint::Comma | Joint::Dash)));
            for (sense, last) in self.senses(if is_split { end + 1 } else { end }) {
                let is_whole = !is_split || last == self.items.len();
                if let Meaning::Rank(rank) = sense.meaning
                    && is_whole
                {
                    found.push((Core::Ranked(rank, functions.clone()), last, sense.gender));
                }
            }
            if is_bare {
                let end = self.after(Meaning::Department, end).unwrap_or(end);
                found.push((Core::Department(functions), end, None));
            }
        }
        found
    }

    /// Functions that follow a rank. In English something stands between: "Director Sales" is
    /// written as well, but "assistant" and "lead" stand before other ranks.
    fn governed(&self, at: usize) -> Vec<(Vec<Id>, End)> {
        let is_english = self.languages.len() == 1
            && self.languages.iter().all(|language| language.code == cmes_types::LanguageCode::ENGLISH);
        let is_split = matches!(self.items.get(at), Some(Item::Joint(Joint::Dash | Joint::Comma | Joint::Bracket)));
        let mut found = Vec::new();
        let mut start = at + usize::from(is_split);
        loop {
            if is_split || start > at || !is_english {
                found.extend(self.functions(start, MOST_FUNCTIONS).into_iter().map(|(ids, end)| {
                    let end = self.after(Meaning::Department, end).unwrap_or(end);
                    (ids, if is_split { self.closed(end) } else { end })
                }));
            }
            match self.after(Meaning::Link, start).or_else(|| self.after(Meaning::Department, start)) {
                Some(end) => start = end,
                None => return found,
            }
        }
    }

    fn after(&self, meaning: Meaning, at: usize) -> Option<End> {
        self.senses(at).into_iter().find(|(sense, _)| sense.meaning == meaning).map(|(_, end)| end)
    }

    fn after_links(&self, at: usize) -> usize {
        let mut at = at;
        while let Some(end) = self.after(Meaning::Link, at).or_else(|| self.after(Meaning::Department, at)) {
            at = end;
        }
        at
    }

    /// Functions from here, as many as are joined, the most first.
    fn functions(&self, at: usize, most: usize) -> Vec<(Vec<Id>, End)> {
        let mut found = Vec::new();
        for (sense, end) in self.senses(at) {
            let Meaning::Function(id) = sense.meaning else { continue };
            let is_and = |(sense, _): &(Sense, End)| sense.meaning == Meaning::And;
            let joined = match self.items.get(end) {
                Some(Item::Joint(Joint::Slash)) => Some(end + 1),
                Some(Item::Joint(Joint::Comma)) => Some(end + 1),
                _ => self.senses(end).into_iter().find(is_and).map(|(_, end)| end),
            };
            if let Some(next) = joined.filter(|_| most > 1) {
                for (more, last) in self.functions(self.after_links(next), most - 1) {
                    found.push((std::iter::once(id).chain(more).collect(), last));
                }
            }
            found.push((vec![id], end));
        }
        found
    }

    /// A country, a part of the world or a known town from here to the end or a bracket.
    fn place(&self, at: usize) -> Option<(Joint, Place, End)> {
        let (joint, start) = match self.items.get(at)? {
            Item::Joint(joint @ (Joint::Comma | Joint::Dash | Joint::Bracket)) => (*joint, at + 1),
            Item::Word(_) => (Joint::Comma, at),
            Item::Joint(_) | Item::Close => return None,
        };
        let start = self.after_links(start);
        for (sense, end) in self.senses(start) {
            if let Meaning::Region(id) = sense.meaning {
                return Some((joint, Place::Region(id), self.closed(end)));
            }
        }
        let words: Vec<&str> = self
            .items
            .get(start..)?
            .iter()
            .take(4)
            .map_while(|item| if let Item::Word(word) = item { Some(word.as_str()) } else { None })
            .collect();
        (1..=words.len()).rev().find_map(|count| {
            let name = words.get(..count)?.join(" ");
            let end = self.closed(start + count);
            let town = self.places.iter().find(|place| normal(&crate::fold::fold(place)) == name);
            if let Some(town) = town {
                return Some((joint, Place::Name((*town).to_owned()), end));
            }
            if let Some(known) = INTERNATIONAL.iter().find(|known| known.to_lowercase() == name) {
                return Some((joint, Place::Name((*known).to_owned()), end));
            }
            (name.chars().count() > 3)
                .then(|| Country::from_name(&name))
                .flatten()
                .map(|own| (joint, Place::Country(own), end))
        })
    }

    fn closed(&self, end: usize) -> usize {
        if self.items.get(end) == Some(&Item::Close) { end + 1 } else { end }
    }
}

/// Parts of the world that have one name in all languages.
const INTERNATIONAL: [&str; 13] =
    ["EMEA", "DACH", "APAC", "LATAM", "MENA", "CEE", "GCC", "CIS", "UK", "USA", "EU", "Benelux", "ASEAN"];
