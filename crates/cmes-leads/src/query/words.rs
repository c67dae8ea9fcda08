//! The words of a query and what the small ones among them do (`data/words.toml`).

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_extract::places::fold;
use cmes_types::LanguageCode;

use super::places::is_name;

mod cut;
pub(super) use cut::{Gap, Token, tokens};

fn is_known(word: &str) -> bool {
    let folded = fold(word);
    WORDS.phrases.contains_key(&folded) || is_name(&folded)
}

/// What a word or phrase does in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Does {
    In,
    Near,
    Of,
    To,
    Or,
    And,
    Not,
    /// Those who do nothing else: "only", "pure".
    Mere,
    With,
    That,
    Market,
    /// Words for those who ask: "we", "our".
    Asker,
    Make,
    Request,
    Filler,
    Company,
    Employees,
    AtLeast,
    AtMost,
    Between,
    Until,
    OrMore,
    OrFewer,
    Founded,
    After,
    Before,
    Since,
    Speak,
    Site,
    Startup,
    Sme,
    Midsize,
    Small,
    Micro,
    Large,
    /// A role, by its name in the catalogue of trades.
    Role(&'static str),
}

impl Does {
    fn of(section: &str) -> Option<Self> {
        Some(match section {
            "in" => Self::In,
            "near" => Self::Near,
            "of" => Self::Of,
            "to" => Self::To,
            "or" => Self::Or,
            "and" => Self::And,
            "not" => Self::Not,
            "mere" => Self::Mere,
            "with" => Self::With,
            "that" => Self::That,
            "market" => Self::Market,
            "asker" => Self::Asker,
            "make" => Self::Make,
            "request" => Self::Request,
            "filler" => Self::Filler,
            "company" => Self::Company,
            "employees" => Self::Employees,
            "at-least" => Self::AtLeast,
            "at-most" => Self::AtMost,
            "between" => Self::Between,
            "until" => Self::Until,
            "or-more" => Self::OrMore,
            "or-fewer" => Self::OrFewer,
            "founded" => Self::Founded,
            "after" => Self::After,
            "before" => Self::Before,
            "since" => Self::Since,
            "speak" => Self::Speak,
            "site" => Self::Site,
            "startup" => Self::Startup,
            "sme" => Self::Sme,
            "midsize" => Self::Midsize,
            "small" => Self::Small,
            "micro" => Self::Micro,
            "large" => Self::Large,
            "maker" => Self::Role("maker"),
            "wholesale" => Self::Role("wholesale"),
            "retail" => Self::Role("shop"),
            "installer" => Self::Role("installer"),
            "supplier" => Self::Role("supplier"),
            "association" => Self::Role("association"),
            _ => return None,
        })
    }
}

/// An entry of the lists: what it does, in which language (none: in any).
type Entry = (Does, Option<LanguageCode>);

struct Words {
    phrases: HashMap<String, Vec<Entry>>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let sections: toml::Table =
        toml::from_str(include_str!("../../data/words.toml")).expect("the file is fixed and read by the tests");
    let mut phrases: HashMap<String, Vec<Entry>> = HashMap::new();
    for (section, languages) in &sections {
        let (Some(does), Some(languages)) = (Does::of(section), languages.as_table()) else { continue };
        for (language, list) in languages {
            let language = language.parse().ok();
            for phrase in list.as_str().unwrap_or_default().split(',').map(str::trim) {
                let folded = if phrase.len() == 1 && !phrase.is_ascii() { phrase.to_owned() } else { fold(phrase) };
                let entries = phrases.entry(if folded.is_empty() { phrase.to_owned() } else { folded }).or_default();
                if !entries.contains(&(does, language)) {
                    entries.push((does, language));
                }
            }
        }
    }
    for (sign, does) in
        [("+", Does::OrMore), (">", Does::AtLeast), ("≥", Does::AtLeast), ("<", Does::AtMost), ("≤", Does::AtMost)]
    {
        phrases.entry(sign.to_owned()).or_default().push((does, None));
    }
    phrases.entry("&".to_owned()).or_default().push((Does::And, None));
    Words { phrases }
});

/// Most words of a phrase.
const LONGEST_PHRASE: usize = 5;

/// What the words of a query do.
pub(super) struct Marks {
    /// For each word, the phrases that begin there.
    at: Vec<Vec<(Does, usize, Option<LanguageCode>)>>,
}

impl Marks {
    /// Looks up every phrase.
    pub(super) fn of(text: &str, tokens: &[Token]) -> Self {
        let mut at = Vec::with_capacity(tokens.len());
        for start in 0..tokens.len() {
            let mut found = Vec::new();
            for length in (1..=LONGEST_PHRASE).rev() {
                let Some(phrase) = phrase(text, tokens, start, length) else { continue };
                let entries = WORDS.phrases.get(&phrase).into_iter().flatten();
                found.extend(entries.map(|(does, language)| (*does, length, *language)));
            }
            at.push(found);
        }
        Self { at }
    }

    /// How many languages' lists each phrase is in, by language: what the language of the query is told by.
    pub(super) fn votes(&self) -> impl Iterator<Item = (LanguageCode, f32)> {
        self.at.iter().flat_map(|found| {
            let longest = found.iter().map(|(_, length, _)| *length).max().unwrap_or(0);
            let languages: Vec<LanguageCode> = found
                .iter()
                .filter(|(_, length, language)| *length == longest && language.is_some())
                .filter_map(|(.., language)| *language)
                .collect();
            let distinct = languages.iter().collect::<std::collections::HashSet<_>>().len().max(1);
            let mut known = Vec::new();
            languages
                .into_iter()
                .filter(move |language| {
                    let is_new = !known.contains(language);
                    known.push(*language);
                    is_new
                })
                .map(move |language| (language, longest as f32 / distinct as f32))
                .collect::<Vec<_>>()
        })
    }

    /// Leaves what counts in a language: what other languages say of a word is
    /// kept where the language says nothing of it and it is long enough to be no accident.
    pub(super) fn settle(&mut self, language: LanguageCode, tokens: &[Token]) {
        for (found, token) in self.at.iter_mut().zip(tokens) {
            let is_own = |own: Option<LanguageCode>| own.is_none_or(|own| own == language);
            let longest = found.iter().filter(|(.., own)| is_own(*own)).map(|(_, length, _)| *length).max();
            let is_long = token.word.chars().count() > 3 || !token.word.is_ascii();
            found.retain(|(_, length, own)| {
                is_own(*own) || (is_long && longest.is_none_or(|longest| *length > longest))
            });
        }
    }

    /// How many words from here do this; 0 for none.
    pub(super) fn length(&self, at: usize, does: Does) -> usize {
        self.at
            .get(at)
            .into_iter()
            .flatten()
            .filter(|(known, ..)| *known == does)
            .map(|(_, length, _)| *length)
            .max()
            .unwrap_or(0)
    }

    /// Whether a phrase begins here that does this.
    pub(super) fn is(&self, at: usize, does: Does) -> bool {
        self.length(at, does) > 0
    }

    /// Whether a word by itself does one of these.
    pub(super) fn is_any(&self, at: usize, does: &[Does]) -> bool {
        does.iter().any(|does| self.is(at, *does))
    }

    /// The longest phrase from here that does one of these.
    pub(super) fn longest(&self, at: usize, does: &[Does]) -> Option<(Does, usize)> {
        does.iter()
            .map(|does| (*does, self.length(at, *does)))
            .filter(|(_, length)| *length > 0)
            .max_by_key(|(_, length)| *length)
    }

    /// How many words that do this end right before here; 0 for none.
    pub(super) fn length_before(&self, at: usize, does: Does) -> usize {
        (1..=LONGEST_PHRASE)
            .rev()
            .find(|length| {
                let begins = |start: &usize| {
                    self.at.get(*start).into_iter().flatten().any(|(known, own, _)| *known == does && own == length)
                };
                at.checked_sub(*length).filter(begins).is_some()
            })
            .unwrap_or(0)
    }

    /// The role that a word names.
    pub(super) fn role(&self, at: usize) -> Option<(&'static str, usize)> {
        self.at.get(at).into_iter().flatten().find_map(|(does, length, _)| match does {
            Does::Role(role) => Some((*role, *length)),
            _ => None,
        })
    }

    /// Whether anything of the lists begins here.
    pub(super) fn is_small(&self, at: usize) -> bool {
        self.at.get(at).is_some_and(|found| !found.is_empty())
    }
}

/// The words from here, folded, where no part of the sentence ends among them.
pub(super) fn phrase(text: &str, tokens: &[Token], start: usize, length: usize) -> Option<String> {
    let part = tokens.get(start..start.checked_add(length)?)?;
    let (first, last) = (part.first()?, part.last()?);
    let is_whole = part.iter().skip(1).all(|token| !matches!(token.gap, Gap::Break | Gap::Minus | Gap::Slash));
    if length == 1 {
        return Some(first.word.clone());
    }
    is_whole.then(|| fold(text.get(first.start..last.end).unwrap_or_default()))
}

/// Whether a word is one of the lists, in any language.
pub(super) fn is_listed(folded: &str) -> bool {
    WORDS.phrases.contains_key(folded)
}
