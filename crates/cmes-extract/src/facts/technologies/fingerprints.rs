//! The data file of fingerprints, made ready for matching: all literals of one
//! place are looked for at once.

use std::collections::{BTreeMap, HashMap};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use super::Technology;

/// What the fingerprints are for.
pub(super) const CATEGORIES: &[&str] = &[
    "A/B testing",
    "Advertising",
    "Analytics",
    "CDN and hosting",
    "CMS",
    "CRM",
    "Captcha and security",
    "Chat",
    "Consent",
    "E-mail marketing",
    "ERP",
    "Fonts and icons",
    "Forms and surveys",
    "Helpdesk",
    "JavaScript framework",
    "JavaScript library",
    "Maps",
    "Marketing automation",
    "Monitoring",
    "Online shop",
    "Operating system",
    "Payment",
    "Programming language",
    "Recruiting",
    "Reviews",
    "Scheduling",
    "Search",
    "Site builder",
    "Static site generator",
    "Tag manager",
    "Translation",
    "UI library",
    "Video",
    "Web framework",
    "Web server",
    "Widgets and sharing",
    "Wiki, forum and learning",
    "WordPress plugin or theme",
];

/// One product as written in the data file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Entry {
    pub headers: BTreeMap<String, String>,
    pub cookies: Vec<String>,
    pub meta: BTreeMap<String, String>,
    pub scripts: Vec<String>,
    pub images: Vec<String>,
    pub html: Vec<String>,
    pub inline: Vec<String>,
    pub implies: Vec<String>,
}

/// Category → name → patterns.
pub(super) type Entries = BTreeMap<String, BTreeMap<String, Entry>>;

/// What is wrong with the data file; the tests show it to whoever edits it.
pub(super) type Invalid = String;

/// What a header or a `<meta>` must contain.
#[derive(Debug)]
pub(super) enum Pattern {
    Anything,
    Part(String),
    Regex(Regex),
}

impl Pattern {
    fn new(pattern: &str) -> Result<Self, Invalid> {
        Ok(match pattern.strip_prefix("regex:") {
            Some(regex) => {
                Self::Regex(RegexBuilder::new(regex).case_insensitive(true).build().map_err(|e| e.to_string())?)
            }
            None if pattern.is_empty() => Self::Anything,
            None => Self::Part(pattern.to_ascii_lowercase()),
        })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Part(part) => text.to_ascii_lowercase().contains(part.as_str()),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// A place where a pattern was found.
pub(super) struct Part {
    pub technology: usize,
    pub start: usize,
    pub end: usize,
    /// The pattern is a path without host.
    pub is_path: bool,
    /// The pattern begins with an angle bracket.
    pub is_tag: bool,
}

/// The patterns of one place.
#[derive(Debug, Default)]
pub(super) struct Texts {
    literals: Option<AhoCorasick>,
    /// Per literal: the technology, whether it is a path, whether it is a tag.
    owners: Vec<(usize, bool, bool)>,
    regexes: RegexSet,
    regex_owners: Vec<(usize, bool)>,
}

impl Texts {
    fn new(patterns: &[(usize, &str)], kind: Option<AhoCorasickKind>) -> Result<Self, Invalid> {
        let is_host = |p: &str| p.starts_with("//") || p.starts_with('.');
        let literal = patterns.iter().filter(|(_, p)| !p.starts_with("regex:"));
        let regex = patterns.iter().filter_map(|(owner, p)| Some((*owner, p.strip_prefix("regex:")?)));
        let literals = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(kind)
            .build(literal.clone().map(|(_, p)| p))
            .map_err(|e| e.to_string())?;
        let regexes = RegexSetBuilder::new(regex.clone().map(|(_, p)| p))
            .case_insensitive(true)
            .build()
            .map_err(|e| e.to_string())?;
        Ok(Self {
            literals: Some(literals),
            owners: literal.map(|(owner, p)| (*owner, !is_host(p), p.starts_with('<'))).collect(),
            regexes,
            regex_owners: regex.map(|(owner, p)| (owner, p.starts_with('/') && !p.starts_with("//"))).collect(),
        })
    }

    /// Every pattern in the text, literals ordered by their ends, also where
    /// they overlap.
    pub(super) fn matches<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Part> + 'a {
        let literals = self.literals.iter().flat_map(move |literals| literals.find_overlapping_iter(text));
        let literals = literals.filter_map(|found| {
            let (technology, is_path, is_tag) = *self.owners.get(found.pattern().as_usize())?;
            Some(Part { technology, start: found.start(), end: found.end(), is_path, is_tag })
        });
        let regexes = (!self.regexes.is_empty()).then(|| self.regexes.matches(text));
        let regexes = regexes.into_iter().flatten().filter_map(move |index| {
            let (technology, is_path) = *self.regex_owners.get(index)?;
            Some(Part { technology, start: 0, end: text.len(), is_path, is_tag: false })
        });
        literals.chain(regexes)
    }
}

/// All fingerprints; technologies are referred to by their index.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    pub technologies: Vec<Technology>,
    pub headers: HashMap<String, Vec<(Pattern, usize)>>,
    pub metas: HashMap<String, Vec<(Pattern, usize)>>,
    pub scripts: Texts,
    pub images: Texts,
    pub html: Texts,
    pub inline: Texts,
    pub implies: Vec<Vec<usize>>,
    cookies: Vec<(String, Option<String>, usize)>,
}

impl Fingerprints {
    pub(super) fn parse(text: &str) -> Result<Self, Invalid> {
        let entries: Entries = toml::from_str(text).map_err(|e| e.to_string())?;
        if let Some(unknown) = entries.keys().find(|category| !CATEGORIES.contains(&category.as_str())) {
            return Err(format!("{unknown} is no category"));
        }
        let mut list: Vec<(&str, &str, &Entry)> = entries
            .iter()
            .flat_map(|(category, products)| {
                products.iter().map(move |(name, e)| (name.as_str(), category.as_str(), e))
            })
            .collect();
        list.sort_by_cached_key(|(name, ..)| name.to_lowercase());
        let index: HashMap<&str, usize> = list.iter().enumerate().map(|(i, (name, ..))| (*name, i)).collect();
        let mut all = Self::default();
        for (technology, (name, category, entry)) in list.iter().enumerate() {
            all.technologies.push(Technology { name: (*name).to_owned(), category: (*category).to_owned() });
            for (map, patterns) in [(&mut all.headers, &entry.headers), (&mut all.metas, &entry.meta)] {
                for (place, pattern) in patterns {
                    map.entry(place.to_lowercase()).or_default().push((Pattern::new(pattern)?, technology));
                }
            }
            for cookie in &entry.cookies {
                let (start, rest) = cookie.split_once('*').map_or((cookie.as_str(), None), |(a, b)| (a, Some(b)));
                all.cookies.push((start.to_owned(), rest.map(str::to_owned), technology));
            }
            let implied = entry.implies.iter().map(|other| {
                index.get(other.as_str()).copied().ok_or_else(|| format!("{name} implies unknown {other}"))
            });
            all.implies.push(implied.collect::<Result<_, _>>()?);
        }
        // The two long places deserve the fastest automaton, short ones the smaller.
        let fast = Some(AhoCorasickKind::DFA);
        all.html = Texts::new(&gather(&list, |e| &e.html), fast)?;
        all.inline = Texts::new(&gather(&list, |e| &e.inline), fast)?;
        all.scripts = Texts::new(&gather(&list, |e| &e.scripts), None)?;
        all.images = Texts::new(&gather(&list, |e| &e.images), None)?;
        Ok(all)
    }

    /// The technologies that set a cookie of this name.
    pub(super) fn cookie(&self, name: &str) -> impl Iterator<Item = usize> {
        self.cookies
            .iter()
            .filter(move |(start, rest, _)| match rest {
                Some(rest) => name.strip_prefix(start.as_str()).is_some_and(|tail| tail.ends_with(rest.as_str())),
                None => name == start,
            })
            .map(|(.., technology)| *technology)
    }
}

fn gather<'a>(list: &[(&str, &str, &'a Entry)], place: fn(&Entry) -> &Vec<String>) -> Vec<(usize, &'a str)> {
    list.iter()
        .enumerate()
        .flat_map(|(technology, (.., entry))| place(entry).iter().map(move |pattern| (technology, pattern.as_str())))
        .collect()
}
