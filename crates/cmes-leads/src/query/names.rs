//! Names of trades that the catalogue of `cmes-extract` does not have (`data/names.tsv`, `data/trades*.tsv`), and of all trades in
//! languages that it does not have (`data/names-more.tsv`), by which they are searched for in other languages than the query's;
//! and what companies say of themselves (`data/said*.tsv`, `data/claims.tsv`), by which the judging knows them.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_extract::trades;
use cmes_types::LanguageCode;

use crate::without::is_left_out;

/// A trade with its name in each of the catalogue's languages.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    /// What it is in `data/activities.txt`.
    pub id: &'static str,
    is_service: bool,
    names: Vec<&'static str>,
}

/// Languages of `data/trades*.tsv` and `data/names-more.tsv` beside those of the catalogue.
const FURTHER: [&str; 3] = ["cs", "sv", "tr"];

/// Trades with their names, by what they are about. The head of the first says how they are read.
const TRADES: [&str; 4] = [
    include_str!("../../data/trades.tsv"),
    include_str!("../../data/trades-services.tsv"),
    include_str!("../../data/trades-industry.tsv"),
    include_str!("../../data/trades-materials.tsv"),
];

/// What companies say of themselves, by trade. The head of each says how they are read.
const SAID: [&str; 4] = [
    include_str!("../../data/said-services.tsv"),
    include_str!("../../data/said-industry.tsv"),
    include_str!("../../data/said-materials.tsv"),
    include_str!("../../data/said-more.tsv"),
];

/// A line of `data/trades*.tsv`.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// `service id@family`
    pub(crate) head: &'static str,
    /// The names in each language, of which the first is searched for. `_` behind one: a word in no other form.
    pub(crate) names: Vec<(LanguageCode, Vec<&'static str>)>,
    /// Further words, as in `data/activities.txt`.
    pub(crate) words: &'static str,
}

impl Row {
    /// `service` and `id`.
    fn kind_and_id(&self) -> (&'static str, &'static str) {
        let (kind, rest) = self.head.split_once(' ').unwrap_or_default();
        (kind, rest.split(['@', '!']).next().unwrap_or_default())
    }
}

/// The trades of `data/trades*.tsv`.
pub(crate) fn rows() -> impl Iterator<Item = Row> {
    TRADES.into_iter().flat_map(lines).filter_map(|line| {
        let mut cells = line.split('\t');
        let head = cells.next()?;
        let names = languages().take(11).filter_map(|language| {
            let names = cells.next()?.split(" / ").map(str::trim).filter(|name| !name.is_empty()).collect();
            Some((language, names))
        });
        let names = names.collect();
        Some(Row { head, names, words: cells.next().unwrap_or_default() })
    })
}

/// Phrases of `data/said*.tsv` with their trade and language.
pub(crate) fn said() -> impl Iterator<Item = (&'static str, LanguageCode, &'static str)> {
    SAID.into_iter().flat_map(phrases)
}

/// Phrases of `data/claims.tsv` with what they claim and their language.
pub(crate) fn claims() -> impl Iterator<Item = (&'static str, LanguageCode, &'static str)> {
    phrases(include_str!("../../data/claims.tsv"))
}

fn phrases(file: &'static str) -> impl Iterator<Item = (&'static str, LanguageCode, &'static str)> {
    lines(file).filter_map(|line| line.split_once('\t')).flat_map(|(id, cells)| {
        let cells = languages().zip(cells.split('\t'));
        cells.flat_map(move |(language, cell)| {
            let phrases = cell.split(" / ").filter(|phrase| !phrase.is_empty());
            phrases.map(move |phrase| (id, language, phrase))
        })
    })
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn languages() -> impl Iterator<Item = LanguageCode> {
    trades::languages().chain(FURTHER.iter().filter_map(|code| code.parse().ok()))
}

static NAMES: LazyLock<HashMap<&'static str, Names>> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut parts = line.split('\t');
        let (kind, id) = parts.next()?.split_once(' ')?;
        Some((id, Names { id, is_service: kind == "service", names: parts.collect() }))
    };
    let mut all: HashMap<&'static str, Names> = lines(include_str!("../../data/names.tsv")).filter_map(read).collect();
    for row in rows() {
        let (kind, id) = row.kind_and_id();
        let first = |names: &[&'static str]| names.first().map_or("", |name| name.trim_end_matches('_'));
        let names = row.names.iter().map(|(_, names)| first(names)).collect();
        all.entry(id).or_insert(Names { id, is_service: kind == "service", names });
    }
    all.retain(|id, _| !is_left_out(id));
    all
});

/// Companies in languages that the catalogue does not have, by the id of their trade.
static MORE: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut parts = line.split('\t');
        Some((parts.next()?, parts.collect()))
    };
    lines(include_str!("../../data/names-more.tsv")).filter_map(read).collect()
});

/// Every name of these files with its language.
pub(super) fn all_names() -> impl Iterator<Item = (LanguageCode, &'static str)> {
    let listed = rows()
        .flat_map(|row| row.names)
        .flat_map(|(language, names)| names.into_iter().map(move |name| (language, name)));
    let searched = NAMES.values().flat_map(|names| languages().zip(names.names.iter().copied()));
    let further = || FURTHER.iter().filter_map(|code| code.parse().ok());
    let more = MORE.values().flat_map(move |names| further().zip(names.iter().copied()));
    listed.chain(searched).chain(more)
}

/// What companies of a trade are called in a language that the catalogue does not have.
pub(super) fn companies(id: &str, language: LanguageCode) -> Option<&'static str> {
    let at = FURTHER.iter().position(|code| *code == language.as_str())?;
    MORE.get(id)?.get(at).copied().filter(|name| !name.is_empty())
}

impl Names {
    pub(super) fn of(id: &str) -> Option<&'static Self> {
        NAMES.get(id)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        NAMES.values()
    }

    /// In a language: the companies of a service ("locksmiths"), or goods as they stand after "manufacturer of".
    #[must_use]
    pub fn name(&self, language: LanguageCode) -> Option<&'static str> {
        let column = languages().position(|known| known == language)?;
        self.names.get(column).copied().filter(|name| !name.is_empty())
    }

    /// Whether companies are called so themselves.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.is_service
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn phrases_have_a_trade_and_a_cell_for_each_language() {
        let claims = include_str!("../../data/claims.tsv");
        for line in SAID.into_iter().chain([claims]).flat_map(lines) {
            assert_eq!(line.split('\t').count(), 13, "{line}");
        }
        let known: HashSet<&str> = NAMES.keys().copied().chain(trades::listed().map(|listed| listed.id)).collect();
        let unknown: HashSet<&str> = said().map(|(id, ..)| id).filter(|id| !known.contains(id)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        assert!(said().count() > 100_000 && claims_of("private-label") > 30, "{}", said().count());
    }

    fn claims_of(id: &str) -> usize {
        claims().filter(|(own, ..)| *own == id).count()
    }

    #[test]
    fn each_trade_of_the_lists_has_names_of_its_own_in_every_language() {
        let (mut ids, mut firsts) = (HashSet::new(), HashSet::new());
        for line in TRADES.into_iter().flat_map(lines) {
            let cells = line.split('\t').count();
            assert!((12..=13).contains(&cells), "{cells} cells: {line}");
        }
        for row in rows() {
            let (kind, id) = row.kind_and_id();
            assert!(matches!(kind, "good" | "service") && !id.is_empty(), "{}", row.head);
            assert!(ids.insert(id), "{id} is there twice");
            for (language, names) in &row.names {
                assert!(
                    !names.is_empty() && names.iter().all(|name| !name.trim_matches('_').is_empty()),
                    "{id} {language}"
                );
                let first = names.first().expect("one name").trim_end_matches('_');
                assert!(
                    firsts.insert((language.to_string(), first)),
                    "{first} ({language}) names two trades, one {id}"
                );
            }
        }
    }
}
