//! Whether what was found can answer a question at all.
//!
//! Scores of a search compare its passages with each other and say nothing of an absent answer. What says something:
//! a code that is asked for and stands nowhere, how many of the question's telling words one passage has, and, with an
//! embedder, how near its meaning is on the scale of that model. In one language both have to agree, for a passage about
//! the same thing is near also when it does not have what is asked for; in two languages nearness alone can tell.

use cmes_types::LanguageCode;

use super::values::{self, Kind};
use super::words::{Words, codes};
use super::{Passage, language};

/// How well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Nothing there answers it.
    None,
    /// A model may find an answer.
    Perhaps,
    /// So well that the passage may be quoted.
    Well,
}

/// The fit, and the place of the passage that fits best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fitting {
    pub(super) fit: Fit,
    pub(super) best: usize,
}

/// Share of the telling words from which on a passage fits well.
const WELL: f64 = 0.6;
/// The same where a code is asked for and found.
const WELL_CODED: f64 = 0.5;
/// The same where one passage leads.
const LEADING: f64 = 0.4;
/// The same of a passage that is very near.
const WELL_NEAR: f64 = 0.3;
/// Without nearness, in two languages: words can be the same by chance alone.
const WELL_ABROAD: f64 = 0.3;
/// One passage leads when no other article has more than this share of its score.
const LEAD: f64 = 0.75;
/// A passage that answers is at three quarters of the way from what has nothing to do with a question to what answers it.
pub(super) const NEAR: f64 = 0.75;
/// The same of one that holds a value of the kind that is asked for, which says something in any two languages.
const NEAR_WITH_VALUE: f64 = 0.6;
/// The same of one that leads and has all of the words.
const NEAR_WITH_WORDS: f64 = 0.5;
/// This one is nearer than answers are on average.
const VERY_NEAR: f64 = 1.2;
/// Farther than what has nothing to do with a question.
const FAR: f64 = 0.0;
/// A passage that was found later is better when it has so much more of the words.
const MORE: f64 = 0.25;
/// So many of the first are compared.
const FIRST: usize = 4;

/// How well these passages fit what was searched for. Nobody can tell of a question without telling words.
pub(super) fn of(asked: &str, wanted: LanguageCode, passages: &[Passage]) -> Fitting {
    if passages.is_empty() {
        return Fitting { fit: Fit::None, best: 0 };
    }
    let texts: Vec<String> =
        passages.iter().map(|passage| format!("{}\n{}\n{}", passage.name, passage.context, passage.text)).collect();
    let words: Vec<Words> = texts.iter().map(|text| Words::of(text)).collect();
    let codes = codes(asked);
    let has_codes = |words: &Words| codes.iter().all(|(key, _)| words.key.contains(key));
    if !codes.is_empty() && !codes.iter().any(|(key, _)| words.iter().any(|words| words.key.contains(key))) {
        return Fitting { fit: Fit::None, best: 0 };
    }
    // Where nobody can tell how near a passage is, a value that stands there says too little: most passages have some.
    let has_nearness = passages.iter().any(|passage| passage.nearness.is_some());
    let wishes: Vec<Wish> =
        wishes(asked).into_iter().filter(|wish| has_nearness || matches!(wish, Wish::Word(_))).collect();
    let has = |at: usize, wish: &Wish| {
        let (Some(words), Some(text)) = (words.get(at), texts.get(at)) else { return false };
        let kind = match wish {
            Wish::Word(word) if words.has(word) => return true,
            Wish::Word(word) => values::of_word(word),
            Wish::Value(kind) => Some(*kind),
        };
        kind.is_some_and(|kind| values::holds(kind, text))
    };
    let found: Vec<Vec<bool>> =
        (0..passages.len()).map(|at| wishes.iter().map(|wish| has(at, wish)).collect()).collect();
    let weights: Vec<f64> = (0..wishes.len()).map(|wish| weight(&found, wish)).collect();
    let share = |at: usize| -> f64 {
        let found = found.get(at).map(Vec::as_slice).unwrap_or_default();
        let known = found.iter().zip(&weights).filter(|(has, _)| **has).map(|(_, weight)| weight).sum::<f64>();
        let share = known / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        if words.get(at).is_some_and(has_codes) { share } else { share / 2.0 }
    };
    let mut best = 0;
    for at in 1..passages.len().min(FIRST) {
        if share(at) >= share(best) + MORE {
            best = at;
        }
    }
    let is_abroad =
        passages.get(best).and_then(|passage| language::of(&passage.text)).is_some_and(|known| known != wanted);
    let share = share(best);
    let leads = leads(best, passages);
    let (kinds, text) = (values::asked(asked), texts.get(best).map(String::as_str).unwrap_or_default());
    let has_values = !kinds.is_empty() && kinds.iter().all(|kind| values::holds(*kind, text));
    let is_topic =
        |wish: &Wish| matches!(wish, Wish::Word(word) if words.get(best).is_some_and(|words| words.has(word)));
    let has_topic = wishes.iter().any(is_topic);
    let enough = if codes.is_empty() { WELL } else { WELL_CODED };
    let is_well = match passages.get(best).and_then(|passage| passage.nearness) {
        Some(nearness) if nearness < FAR && share == 0.0 => return Fitting { fit: Fit::None, best },
        Some(nearness) if is_abroad => nearness >= if has_values { NEAR_WITH_VALUE } else { NEAR },
        Some(nearness) if nearness < NEAR => leads && nearness >= NEAR_WITH_WORDS && share >= wanted_when(nearness),
        Some(nearness) => share >= enough.min(wanted_when(nearness)) || share >= LEADING && leads,
        // That a price stands there says nothing of what it is the price of.
        None if !has_topic => false,
        None if is_abroad => share >= WELL_ABROAD || leads,
        None => share >= enough || share >= LEADING && leads,
    };
    Fitting { fit: if is_well && !wishes.is_empty() { Fit::Well } else { Fit::Perhaps }, best }
}

/// What a passage should have.
enum Wish {
    /// A telling word, or the kind of value that it asks for.
    Word(String),
    /// A kind of value that is asked for in words that tell nothing by themselves ("how long").
    Value(Kind),
}

fn wishes(asked: &str) -> Vec<Wish> {
    let telling = values::telling(asked);
    let is_new = |kind: &Kind| !telling.iter().any(|word| values::of_word(word) == Some(*kind));
    let values: Vec<Wish> = values::asked(asked).into_iter().filter(is_new).map(Wish::Value).collect();
    telling.into_iter().map(Wish::Word).chain(values).collect()
}

/// The share of the words that a passage needs: the nearer it is, the fewer.
fn wanted_when(nearness: f64) -> f64 {
    let between = |(near, wanted): (f64, f64), (nearer, less): (f64, f64)| {
        let way = ((nearness - near) / (nearer - near)).clamp(0.0, 1.0);
        wanted + way * (less - wanted)
    };
    if nearness < NEAR {
        between((NEAR_WITH_WORDS, 1.0), (NEAR, WELL))
    } else {
        between((NEAR, WELL), (VERY_NEAR, WELL_NEAR))
    }
}

/// How much a word tells: the less, the more of the passages have it. The company's own name and a price stand in most.
#[expect(clippy::cast_precision_loss, reason = "counts of passages")]
fn weight(found: &[Vec<bool>], wish: usize) -> f64 {
    let with_it = found.iter().filter(|found| found.get(wish).is_some_and(|has| *has)).count();
    (1.0 + found.len() as f64 / (with_it + 1) as f64).ln()
}

/// Whether the search found nothing like it elsewhere. Its scores are comparable within one search, so this can be said.
fn leads(best: usize, passages: &[Passage]) -> bool {
    let Some(first) = passages.get(best) else { return false };
    let other = passages.iter().filter(|other| (other.origin, other.code) != (first.origin, first.code));
    let second = other.map(|other| other.score).fold(0.0, f64::max);
    second > 0.0 && second <= first.score * LEAD
}
