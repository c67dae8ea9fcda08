//! Whether a company answers to a query, by what its own pages say.
//!
//! [`judge`] is called twice: with the first page alone, where it says "misses"
//! only of what is plain, and with all pages and the profile made of them.
//! What a page tells visitors or machines to do is text like any other, and
//! hidden text is not read.
//!
//! The fit is a sum, each part from 0 to 1:
//!
//! | share | part |
//! |---|---|
//! | 0.55 | strength of the activity: how plainly, and beside how much else, the site names it as its own |
//! | 0.20 | place: city 1, region 0.95, country 0.9, a branch there 0.6, not known 0.35; 1 where none is asked |
//! | 0.15 | further conditions: each met 1, open 0.4; 1 where none is asked |
//! | 0.10 | what the profile holds: a name, a way to reach the company, an address; a half before there is one |
//!
//! What misses something keeps a tenth of it.

mod activity;
mod conditions;
mod lexicon;
mod meant;
mod phrases;
mod place;
mod setting;
mod texts;
mod wanted;
mod weights;
mod whole;

pub use activity::ALIKE;
use cmes_extract::page::{Page, prefix};
use cmes_types::{CompanyData, Condition, LanguageCode, Standing};

use crate::query::Query;
use texts::Texts;

/// A company as far as it is known: after its first page, or with its whole profile.
#[derive(Clone, Copy, Debug)]
pub struct Company<'a> {
    /// The pages that were read, the first one first.
    pub pages: &'a [Page],
    /// The profile made of them in English, with `extended` filled; none yet after the first page.
    pub data: Option<&'a CompanyData>,
    /// How near what the company says of itself is to activities that no vocabulary has, by an embedder, where there is
    /// one: 0 as any trade is, 1 as the nearest of all trades. Evidence beside the words, never against them.
    pub likeness: Option<f32>,
}

/// How a company stands to a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// What is asked, in the order of the query: of its activities and of its places
    /// those that are met, or the nearest one where none is; then every condition.
    pub conditions: Vec<Condition>,
    /// How well it fits, 0 to 1: orders the leads.
    pub fit: f64,
    /// How the company stands to the activities, of which one has to be met.
    pub activity: Standing,
    /// Whether something that is asked is open and nothing speaks for it: a place of which the site shows no sign,
    /// a certificate or another claim that it does not make.
    pub is_doubtful: bool,
}

impl Judgement {
    /// Whether nothing that is asked for is missed, what the companies do is met, and the rest is met or can be left
    /// open in good faith: few sites tell how many people work there, but a company tells where it is and what it
    /// is certified to.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.may_match() && self.activity == Standing::Meets && !self.is_doubtful
    }

    /// Whether nothing that is asked for is missed: after the first page, whether
    /// it is worth reading on.
    #[must_use]
    pub fn may_match(&self) -> bool {
        self.conditions.iter().all(|condition| condition.standing != Standing::Misses)
    }
}

/// The few texts that say best what a company is: title, description, first heading and sentence.
#[must_use]
pub fn descriptions(company: &Company<'_>) -> Vec<String> {
    const MOST: usize = 5;
    const LONGEST: usize = 300;
    let mut list: Vec<(f32, &str)> = Texts::of(company)
        .list
        .iter()
        .filter(|text| text.is_line && text.weight >= 1.0)
        .map(|text| (text.weight, text.text))
        .collect();
    list.sort_by(|a, b| b.0.total_cmp(&a.0));
    list.into_iter().take(MOST).map(|(_, text)| prefix(text, LONGEST).to_owned()).collect()
}

/// What words of a query name, by the ids of trades in the catalogue and in `data/activities.txt`.
pub(crate) fn concepts(words: &str, language: LanguageCode) -> Vec<&'static str> {
    wanted::concepts(words, language)
}

/// The trades that a word or phrase names which is all that words of a query say: "insurance brokers".
pub(crate) fn named_whole(words: &str, language: LanguageCode) -> Vec<&'static str> {
    whole::named_whole(words, language)
}

/// Whether a trade shares words with another, or with what that one is a kind of, and nothing else: who makes bakery
/// machines does not bake.
pub(crate) fn is_namesake(id: &str, of: &str) -> bool {
    wanted::is_namesake(id, of)
}

/// Whether a trade is the family of another one of these.
pub(crate) fn is_family_of_any(id: &str, others: &[&str]) -> bool {
    let others = others.iter().filter(|other| **other != id);
    others.filter_map(|other| lexicon::LEXICON.of_id(other)).any(|other| other.is_kind_of(id))
}

/// Longest sentence shown, in bytes.
const SENTENCE: usize = 240;

/// One thing that is asked, judged.
#[derive(Clone, Debug, Default)]
struct Judged {
    words: String,
    standing: Standing,
    sentence: String,
    url: String,
    /// 0 to 1.
    worth: f32,
    /// Whether it is open although a company for which it holds would show it.
    is_doubtful: bool,
}

impl Judged {
    fn condition(&self) -> Condition {
        Condition {
            condition: self.words.clone(),
            standing: self.standing,
            sentence: shortened(&self.sentence),
            url: if self.sentence.is_empty() { String::new() } else { self.url.clone() },
        }
    }
}

/// Holds a company against a query.
#[must_use]
pub fn judge(query: &Query, company: &Company<'_>) -> Judgement {
    let texts = Texts::of(company);
    let activities: Vec<Judged> = query
        .activities
        .iter()
        .map(|activity| {
            let likeness = company.likeness.filter(|_| activity.is_unknown());
            let found = activity::judge(activity, query.language, &texts, company.data.is_some(), likeness);
            let text = found.shown.and_then(|at| texts.list.get(at));
            Judged {
                words: activity.words.clone(),
                standing: found.standing,
                sentence: text.map(|text| text.text.to_owned()).unwrap_or_default(),
                url: text
                    .and_then(|text| company.pages.get(text.page))
                    .map(|page| page.url.to_string())
                    .unwrap_or_default(),
                worth: found.strength,
                is_doubtful: false,
            }
        })
        .collect();
    let places = place::judge(&query.places, company);
    let others: Vec<Judged> =
        query.conditions.iter().map(|wanted| conditions::judge(wanted, query, company, &texts)).collect();
    let mut judgement = Judgement {
        activity: nearest(&activities).map_or(Standing::Meets, |one| one.standing),
        is_doubtful: nearest(&places).into_iter().chain(&others).any(|one| one.is_doubtful),
        fit: fit(&activities, &places, &others, company),
        ..Judgement::default()
    };
    for alternatives in [&activities, &places] {
        let met = alternatives.iter().filter(|one| one.standing == Standing::Meets);
        judgement.conditions.extend(met.map(Judged::condition));
        let best = nearest(alternatives).filter(|best| best.standing != Standing::Meets);
        judgement.conditions.extend(best.map(Judged::condition));
    }
    judgement.conditions.extend(others.iter().map(Judged::condition));
    judgement
}

/// The one of several that is met best, or missed least.
fn nearest(alternatives: &[Judged]) -> Option<&Judged> {
    let rank = |one: &Judged| match one.standing {
        Standing::Meets => 2,
        Standing::Open => 1,
        Standing::Misses => 0,
    };
    alternatives.iter().rev().max_by(|a, b| rank(a).cmp(&rank(b)).then(a.worth.total_cmp(&b.worth)))
}

fn fit(activities: &[Judged], places: &[Judged], others: &[Judged], company: &Company<'_>) -> f64 {
    let activity = nearest(activities).map_or(0.5, |one| one.worth);
    let place = nearest(places).map_or(1.0, |one| one.worth);
    let worth = |one: &Judged| match one.standing {
        Standing::Meets => 1.0,
        Standing::Open => 0.4,
        Standing::Misses => 0.0,
    };
    let held = if others.is_empty() { 1.0 } else { others.iter().map(worth).sum::<f32>() / others.len() as f32 };
    let complete = company.data.map_or(0.5, |data| {
        let reached = !data.phones.is_empty() || !data.emails.is_empty();
        let parts = [(!data.company_name.is_empty(), 0.4), (reached, 0.4), (!data.address.is_empty(), 0.2)];
        parts.into_iter().map(|(is_there, worth)| if is_there { worth } else { 0.0 }).sum::<f32>()
    });
    let sum = 0.55 * activity + 0.2 * place + 0.15 * held + 0.1 * complete;
    let is_missed = [nearest(activities), nearest(places)]
        .into_iter()
        .flatten()
        .chain(others)
        .any(|one| one.standing == Standing::Misses);
    let fit = f64::from(sum) * if is_missed { 0.1 } else { 1.0 };
    (fit.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0
}

/// A sentence of at most [`SENTENCE`] bytes, cut after a word.
fn shortened(sentence: &str) -> String {
    let sentence = sentence.trim();
    if sentence.len() <= SENTENCE {
        return sentence.to_owned();
    }
    let cut = prefix(sentence, SENTENCE - "…".len());
    let cut = cut.rfind(' ').filter(|at| *at > SENTENCE / 2).and_then(|at| cut.get(..at)).unwrap_or(cut);
    format!("{}…", cut.trim_end_matches([',', ';', ' ']))
}

#[cfg(test)]
mod tests;
