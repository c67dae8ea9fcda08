//! Trades whose name is all that a query says: "insurance brokers" are that, though insurance is another trade.

use cmes_types::LanguageCode;

use super::lexicon::{Concept, Kind, LEXICON, Mention, padded};
use super::meant::is_small;
use super::setting::SETTING;

/// Ids of the trades that a word or phrase names which holds all words that say what is wanted: "insurance brokers".
pub(super) fn named_whole(words: &str, language: LanguageCode) -> Vec<&'static str> {
    const ENDING: usize = 4;
    let folded = LEXICON.plain(padded(words), Some(language));
    let mentions = LEXICON.mentions(&folded, Some(language));
    let is_thing = |one: &&Mention| {
        matches!(one.kind, Kind::Good | Kind::Service)
            && !one.is_audience
            && LEXICON.concept(one.concept).is_some_and(|concept| !concept.is_vague && !concept.is_market)
    };
    let is_beside = |at: usize| mentions.iter().any(|one| is_small(one.kind) && one.start <= at && at < one.end);
    let mut at = 0;
    let mut own: Vec<(usize, usize)> = Vec::new();
    for word in folded.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let text = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !text.is_empty() && !is_beside(at) && !SETTING.is_idle(text) {
            own.push((at, at + text.len()));
        }
        at += word.len();
    }
    // "Builders' merchants" says nothing but what they do with things.
    let all = || (folded.len() - folded.trim_start().len(), folded.trim_end().len());
    let (from, to) = own.first().zip(own.last()).map_or_else(all, |(first, last)| (first.0, last.1));
    let holds = |one: &&Mention| {
        let has_words = folded.get(one.start..one.reach()).is_some_and(|text| text.contains(' '));
        let ending = folded.get(one.end..one.reach()).unwrap_or_default().chars().count();
        one.start <= from && to <= one.reach() && (has_words || ending <= ENDING)
    };
    let whole: Vec<&Mention> = mentions.iter().filter(is_thing).filter(holds).collect();
    // As where things overlap: a little longer is no more exact.
    let longest = whole.iter().map(|one| one.end - one.start).max().unwrap_or(0);
    let is_longest = |one: &&Mention| one.end - one.start + 2 >= longest;
    let whole: Vec<&Concept> =
        whole.into_iter().filter(is_longest).filter_map(|one| LEXICON.concept(one.concept)).collect();
    // A pressure vessel is exact, that it is a tank is not. Services of one family are often the same companies.
    let is_family =
        |id: &str| whole.iter().any(|other| other.id != id && other.kind == Kind::Good && other.is_kind_of(id));
    whole.iter().map(|one| one.id.as_str()).filter(|id| !is_family(id)).collect()
}
