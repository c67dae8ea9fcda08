//! Whether what was found can answer a question at all.
//!
//! Scores of a search compare its passages with each other and say nothing of an absent answer. What says something:
//! a code that is asked for and stands nowhere, how many of the question's telling words one passage has, and, with an
//! embedder, how near its meaning is on the scale of that model. In one language both have to agree, for a passage about
//! the same thing is near also when it does not have what is asked for; in two languages nearness alone can tell.

use cmes_types::LanguageCode;

use super::words::{Words, codes, telling};
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
const NEAR: f64 = 0.75;
/// This one is nearer than answers are on average.
const VERY_NEAR: f64 = 1.2;
/// Farther than what has nothing to do with a question.
const FAR: f64 = 0.0;
/// A passage that was found later is better when it has so much more of the words.
const MORE: f64 = 0.25;
/// So many of the first are compared.
const FIRST: usize = 4;

/// Words that ask for a price, folded; a passage with an amount of money has them.
const PRICE: &[&str] = &[
    "price",
    "prices",
    "cost",
    "costs",
    "expensive",
    "fee",
    "preis",
    "preise",
    "kosten",
    "teuer",
    "prix",
    "coute",
    "coutent",
    "tarif",
    "precio",
    "cuesta",
    "cuestan",
    "prezzo",
    "costa",
    "costano",
    "costo",
    "preco",
    "custa",
    "custam",
    "prijs",
    "kost",
    "kosten",
    "cena",
    "ceny",
    "kosztuje",
    "kosztuja",
    "цена",
    "стоимость",
    "стоит",
    "ціна",
    "fiyat",
    "fiyati",
    "ucreti",
    "价格",
    "价钱",
    "値段",
    "価格",
    "السعر",
    "سعر",
];
/// Signs and codes of money.
const MONEY: &[&str] =
    &["eur", "€", "usd", "$", "gbp", "£", "chf", "zł", "pln", "kč", "руб", "грн", "₽", "₴", "¥", "円", "元"];

/// Whether a word asks for a price.
pub(super) fn is_price(word: &str) -> bool {
    PRICE.contains(&word)
}

/// Whether a text holds an amount of money.
pub(super) fn has_money(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.chars().any(|c| c.is_ascii_digit()) && MONEY.iter().any(|sign| lower.contains(sign))
}

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
    let telling = telling(asked);
    let has = |at: usize, word: &String| {
        let (Some(words), Some(text)) = (words.get(at), texts.get(at)) else { return false };
        words.has(word) || is_price(word) && has_money(text)
    };
    let weights: Vec<f64> = telling.iter().map(|word| weight(word, passages.len(), &has)).collect();
    let share = |at: usize| -> f64 {
        let known =
            telling.iter().zip(&weights).filter(|(word, _)| has(at, word)).map(|(_, weight)| weight).sum::<f64>();
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
    let enough = if codes.is_empty() { WELL } else { WELL_CODED };
    let is_well = match passages.get(best).and_then(|passage| passage.nearness) {
        Some(nearness) if nearness < FAR && share == 0.0 => return Fitting { fit: Fit::None, best },
        Some(nearness) if nearness < NEAR => false,
        Some(_) if is_abroad => true,
        Some(nearness) => share >= enough || share >= LEADING && leads || share >= WELL_NEAR && nearness >= VERY_NEAR,
        None if is_abroad => share >= WELL_ABROAD || leads,
        None => share >= enough || share >= LEADING && leads,
    };
    Fitting { fit: if is_well && !telling.is_empty() { Fit::Well } else { Fit::Perhaps }, best }
}

/// How much a word tells: the less, the more of the passages have it. The company's own name and a price stand in most.
#[expect(clippy::cast_precision_loss, reason = "counts of passages")]
fn weight(word: &String, passages: usize, has: &impl Fn(usize, &String) -> bool) -> f64 {
    let with_it = (0..passages).filter(|at| has(*at, word)).count();
    (1.0 + passages as f64 / (with_it + 1) as f64).ln()
}

/// Whether the search found nothing like it elsewhere. Its scores are comparable within one search, so this can be said.
fn leads(best: usize, passages: &[Passage]) -> bool {
    let Some(first) = passages.get(best) else { return false };
    let other = passages.iter().filter(|other| (other.origin, other.code) != (first.origin, first.code));
    let second = other.map(|other| other.score).fold(0.0, f64::max);
    second > 0.0 && second <= first.score * LEAD
}
