//! What a text names of the catalogue, and what of it are those whom something
//! is for.

use std::sync::LazyLock;

use cmes_types::LanguageCode;
use serde::Deserialize;

use super::{CATALOGUE, Meaning, Trade, Word};
use crate::fold::{fold, is_unspaced};
use crate::page::prefix;

/// Something of the catalogue that a text names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub(super) meaning: Meaning,
    start: usize,
    end: usize,
    /// Named as those whom something is for.
    pub(super) is_audience: bool,
    /// What the word beside it makes of it.
    pub(super) turn: Option<Turn>,
    /// A role that others have.
    pub(super) is_of_others: bool,
}

/// What a word beside a trade's makes of it (`data/trades/turns.toml`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Something else: pipes in "pipe cleaning", hotels in "hotel supplies".
    Another,
    /// It is dealt in.
    Deals,
}

/// Beginnings of words, folded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Turns {
    another: String,
    service: String,
    goods: String,
    deals: String,
}

static TURNS: LazyLock<Vec<(String, bool, Sort)>> = LazyLock::new(|| {
    let Turns { another, service, goods, deals } =
        toml::from_str(include_str!("../../data/trades/turns.toml")).expect("the file is fixed and read by the tests");
    let sorted = [(another, Sort::Another), (service, Sort::Service), (goods, Sort::Goods), (deals, Sort::Deals)];
    let words = sorted.iter().flat_map(|(list, sort)| list.split(',').map(|word| (word.trim(), *sort)));
    words.map(|(word, sort)| (fold(word.trim_end_matches('_')), word.ends_with('_'), sort)).collect()
});

#[derive(Clone, Copy, Debug)]
enum Sort {
    Another,
    Service,
    Goods,
    Deals,
}

/// Small words between a word and what it is of or for.
const LINKS: &[&str] = &[
    "de", "del", "della", "delle", "dei", "di", "du", "des", "da", "do", "of", "van", "von", "per", "pour", "para",
    "for", "fur", "voor", "dla", "для", "la", "le", "les", "il", "i", "el", "los", "las",
];

/// Words before those whom something is for, folded; and behind them.
const FOR: &[&str] = &[
    " for ",
    " fur ",
    " pour ",
    " para ",
    " per ",
    " voor ",
    " dla ",
    " для ",
    " til ",
    " till ",
    " για ",
    " pro ",
    " pentru ",
    " cho ",
    " to help ",
    " aux ",
];
const FOR_BEHIND: &[&str] = &["向け", "向けの", "위한", "위해", " icin ", "대상"];
/// Text of which more says nothing new.
const LONGEST: usize = 4_000;

/// What a text names, in order, each word once; the longest where one stands in another.
pub(super) fn mentions(text: &str, language: Option<LanguageCode>) -> Vec<Mention> {
    let folded = padded(text);
    let mut found: Vec<Mention> = CATALOGUE
        .finder
        .find_overlapping_iter(&folded)
        .filter_map(|hit| {
            let word = CATALOGUE.words.get(hit.pattern().as_usize())?;
            let is_spoken = word.language.is_none_or(|own| language == Some(own));
            let counts = is_spoken && stands(&folded, hit.start(), hit.end(), word);
            let is_audience = word.market;
            counts.then_some(Mention {
                meaning: word.meaning,
                start: hit.start(),
                end: hit.end(),
                is_audience,
                turn: None,
                is_of_others: false,
            })
        })
        .collect();
    let all = found.clone();
    found.retain(|one| !all.iter().any(|other| is_within(one, other)));
    found.sort_by_key(|mention| mention.start);
    let audiences = audiences(&folded);
    for mention in &mut found {
        mention.is_audience |= audiences.iter().any(|(from, to)| (*from..*to).contains(&mention.start));
    }
    // "Valve castings" are castings for valves, "fundición de válvulas" too.
    let specified: Vec<bool> = (0..found.len())
        .map(|at| {
            let Some(one) = found.get(at) else { return false };
            let is_first = found.get(at + 1).is_some_and(|next| is_head_behind(&folded, one, next));
            is_first
                || at.checked_sub(1).and_then(|at| found.get(at)).is_some_and(|last| is_head_before(&folded, last, one))
        })
        .collect();
    for (mention, is_specifying) in found.iter_mut().zip(specified) {
        mention.is_audience |= is_specifying;
        mention.turn = turn(&folded, mention);
        mention.is_of_others = is_of_others(&folded, mention);
    }
    found
}

/// Whether a role is that of others: "valves from 25 makers", "Ersatzteile aller Hersteller".
fn is_of_others(text: &str, mention: &Mention) -> bool {
    const OTHERS: &[&str] = &[
        "from",
        "all",
        "various",
        "von",
        "aller",
        "verschiedener",
        "diverser",
        "namhafter",
        "van",
        "od",
        "roznych",
        "от",
        "разных",
        "tutti",
        "todos",
        "tous",
        "alla",
        "alle",
    ];
    let is_role = matches!(mention.meaning, Meaning::Role(_));
    let before = text.get(..mention.start).unwrap_or_default();
    let part = before.rsplit(|c: char| !c.is_alphanumeric() && c != ' ').next().unwrap_or_default();
    is_role && part.split(' ').rev().filter(|word| !word.is_empty()).take(2).any(|word| OTHERS.contains(&word))
}

/// What the words beside a trade's make of it: the rest of the same word, the next word, and the one before.
fn turn(text: &str, mention: &Mention) -> Option<Turn> {
    let Meaning::Trade(at) = mention.meaning else { return None };
    let trade = CATALOGUE.trades.get(at).filter(|trade| !trade.is_software())?;
    let is_of_people = trade.is_named() || trade.is_service() || trade.entry.market_only;
    let is_joined = |c: char| c.is_alphanumeric();
    let (before, after) = (text.get(..mention.start)?, text.get(mention.end..)?);
    let tail = after.split(|c| !is_joined(c)).next().unwrap_or_default();
    let next = after.get(tail.len()..)?.strip_prefix([' ', '-']).unwrap_or_default();
    let next = next.split(|c| !is_joined(c)).next().unwrap_or_default();
    let before = before.trim_end_matches(is_joined);
    let before = before.rsplit(|c| !is_joined(c) && c != ' ').next().unwrap_or_default();
    let last = before.split(' ').rev().find(|word| !word.is_empty() && !LINKS.contains(word)).unwrap_or_default();
    TURNS.iter().find_map(|(word, is_whole, sort)| {
        let is = |seen: &str| if *is_whole { seen == word } else { seen.starts_with(word.as_str()) };
        let is_within = if *is_whole { tail.ends_with(word.as_str()) } else { tail.contains(word.as_str()) };
        // What stands in the trade's own words belongs to it.
        if !(is_within || is(next) || is(last)) || trade.entry.words.contains(word.as_str()) {
            return None;
        }
        match sort {
            Sort::Another => Some(Turn::Another),
            Sort::Service => (!is_of_people).then_some(Turn::Another),
            Sort::Goods => is_of_people.then_some(Turn::Another),
            Sort::Deals => Some(if is_of_people { Turn::Another } else { Turn::Deals }),
        }
    })
}

/// Folded, with a blank at both ends, so that every word has edges.
fn padded(text: &str) -> String {
    format!(" {} ", fold(prefix(text, LONGEST)))
}

/// The words between two mentions of trades, when nothing but words stands there.
fn between<'a>(text: &'a str, one: &Mention, other: &Mention) -> Option<Vec<&'a str>> {
    let is_named = |at: usize| CATALOGUE.trades.get(at).is_some_and(Trade::is_named);
    // A hotel and restaurant is both.
    let are_trades = matches!((one.meaning, other.meaning), (Meaning::Trade(a), Meaning::Trade(b)) if !(is_named(a) && is_named(b)))
        && one.is_audience == other.is_audience;
    let words = text.get(one.end..other.start).filter(|_| are_trades && one.meaning != other.meaning)?;
    let is_plain = words.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    // What is left of the word that was found is an ending.
    let cut = words.find([' ', '-']).unwrap_or(words.len());
    is_plain.then(|| words.get(cut..).unwrap_or_default().split([' ', '-']).filter(|word| !word.is_empty()).collect())
}

/// Whether the second of two names what it is, and the first only of what sort: "valve body castings".
fn is_head_behind(text: &str, one: &Mention, other: &Mention) -> bool {
    const JOINING: &[&str] = &[
        "and", "or", "with", "in", "to", "from", "und", "oder", "mit", "et", "y", "e", "i", "en", "of", "de", "di",
        "du", "des", "da", "do", "van", "von",
    ];
    // Scripts without blanks, and endings that were not read, say nothing of this.
    let is_ascii = text.get(one.start..other.end).is_some_and(|text| text.is_ascii());
    is_ascii
        && between(text, one, other)
            .is_some_and(|words| words.len() < 2 && !words.iter().any(|word| JOINING.contains(word)))
}

/// Whether the first of two names what it is: "fundición de válvulas".
fn is_head_before(text: &str, one: &Mention, other: &Mention) -> bool {
    const OF: &[&str] = &["de", "di", "du", "des", "da", "do", "of", "van", "von"];
    between(text, one, other).is_some_and(|words| matches!(words.as_slice(), [of] if OF.contains(of)))
}

/// Whether a mention is part of a longer one of the same sort, as the hotel in "hotel software".
fn is_within(one: &Mention, other: &Mention) -> bool {
    let same_sort = matches!(
        (one.meaning, other.meaning),
        (Meaning::Trade(_), Meaning::Trade(_)) | (Meaning::Role(_), Meaning::Role(_))
    );
    let is_longer = other.end - other.start > one.end - one.start;
    same_sort && is_longer && one.meaning != other.meaning && other.start <= one.start && one.end <= other.end
}

/// Whether a word that was found stands there as a word.
fn stands(text: &str, start: usize, end: usize, word: &Word) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    let first = text.get(start..).and_then(|text| text.chars().next());
    let is_attached = |c: char| c.is_alphanumeric() && !is_joined(c);
    let begins = word.inside || first.is_some_and(is_joined) || !before.is_some_and(is_attached);
    let ends = !word.whole || !after.is_some_and(is_attached);
    begins && ends
}

/// Letters of scripts in which words are not set apart, or have particles before and behind.
fn is_joined(c: char) -> bool {
    is_unspaced(c) || matches!(c, '\u{590}'..='\u{6ff}' | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}')
}

/// The parts of a text that name those whom something is for.
fn audiences(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = 0;
    let ends = text.char_indices().filter(|(at, c)| match c {
        ';' | '!' | '?' | '|' | '\n' | '。' | '•' | ':' => true,
        '.' | '-' => text.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')),
        _ => false,
    });
    for end in ends.map(|(at, _)| at).chain([text.len()]) {
        let part = text.get(start..end).unwrap_or_default();
        if let Some(at) = FOR.iter().filter_map(|word| part.find(word)).min() {
            spans.push((start + at, end));
        }
        if let Some(at) = FOR_BEHIND.iter().filter_map(|word| part.find(word)).min() {
            spans.push((start, start + at));
        }
        start = end;
    }
    spans
}
