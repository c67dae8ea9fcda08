//! What an offer may bring at a company, by signals that can be named.
//!
//! Neither figure is measured: `EstimatedBudget` is an order of magnitude,
//! `ProbabilityOfSuccess` a rank. Both are computed, so that the same signals
//! give the same figures, each signal's share can be shown
//! ([`Assessment::shares`]), and a language model may only move them within
//! bounds ([`Opinion`]). The scoring is documented in `docs/assessment.md`.

use cmes_types::CompanyData;

use crate::facts::size::Employees;
use crate::facts::{language, technologies};
use crate::places::Country;

mod audience;
mod income;
mod offer;
mod reach;
mod relation;
#[cfg(test)]
mod tests;

pub use offer::{Offer, Period, Price, Target};
pub use reach::Reach;
#[cfg(test)]
pub(crate) use reach::decides;
pub use relation::Relation;

/// What is known of a company with regard to an offer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signals {
    /// How well business and offer fit, 0 to 1; `None` when nothing can tell.
    pub fit: Option<f64>,
    /// As stated by the company.
    pub employees: Option<Employees>,
    /// People whom the site names, and places.
    pub people: usize,
    /// Places of business that the site names.
    pub locations: usize,
    /// Where it is at home.
    pub country: Option<Country>,
    /// How the company stands to the offer by what both do.
    pub relation: Option<Relation>,
    /// Products that the offer names and the company uses.
    pub technologies: Vec<String>,
    /// Products that the offer names and the company does not use, as far as its site shows.
    pub lacking: Vec<String>,
    /// Positions that the company wants to fill.
    pub open_positions: usize,
    /// Whom one can write to.
    pub reach: Reach,
    /// Whether the offer is written in the company's language.
    pub same_language: bool,
}

impl Signals {
    /// What a profile and an offer show without a model. Fit, employees, places
    /// and positions are for the caller to add.
    #[must_use]
    pub fn of(data: &CompanyData, offer: &str) -> Self {
        let folded = crate::fold::fold(offer);
        let is_named = |technology: &&String| has_word(&folded, &crate::fold::fold(technology));
        let known = technologies::all().iter().map(|technology| &technology.name);
        // Many products are called by a common word: their names count as they are written.
        let named = known.filter(|name| has_word(offer, name) || is_called_otherwise(&folded, name));
        let is_used = |name: &&String| data.technologies.contains(name);
        let lacking: Vec<String> = named.filter(|name| !is_used(name)).cloned().collect();
        Self {
            people: data.contacts.len(),
            country: Country::from_name(&data.address.country),
            technologies: {
                let is_named = |name: &&String| is_named(name) || is_called_otherwise(&folded, name);
                data.technologies.iter().filter(is_named).cloned().collect()
            },
            lacking,
            reach: Reach::of(data),
            same_language: language::detect_if_plain(offer).is_some_and(|language| language.as_str() == data.language),
            ..Self::default()
        }
    }
}

/// What products are called in another script, folded.
const OTHER_NAMES: &[(&str, &[&str])] = &[("1C-Bitrix", &["1с-битрикс", "1с битрикс"])];

fn is_called_otherwise(folded: &str, name: &str) -> bool {
    OTHER_NAMES.iter().any(|(known, names)| *known == name && names.iter().any(|name| folded.contains(name)))
}

/// Whether a name stands in a folded text as a word of its own.
fn has_word(folded: &str, name: &str) -> bool {
    let is_edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    name.chars().count() > 2
        && folded.match_indices(name).any(|(at, _)| {
            let before = folded.get(..at).and_then(|text| text.chars().next_back());
            let after = folded.get(at + name.len()..).and_then(|text| text.chars().next());
            is_edge(before) && is_edge(after)
        })
}

/// What a model that has read company and offer thinks of them; how far it may
/// move the figures is fixed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// The company makes or sells such things itself: that the texts are alike is no fit.
    Competitor,
    /// Hardly a customer.
    Unlikely,
    /// It cannot tell.
    Unclear,
    /// Perhaps a customer.
    Possible,
    /// Made for it.
    Likely,
}

impl Opinion {
    /// Steps away from no opinion.
    fn steps(self) -> i32 {
        match self {
            Self::Competitor | Self::Unlikely => -2,
            Self::Unclear => 0,
            Self::Possible => 1,
            Self::Likely => 2,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Competitor => "competitor",
            Self::Unlikely => "unlikely",
            Self::Unclear => "unclear",
            Self::Possible => "possible",
            Self::Likely => "likely",
        }
    }
}

/// Points of probability for one step of an [`Opinion`].
const STEP_POINTS: i32 = 7;
/// Factors of the budget for -2 to 2 steps.
const STEP_FACTORS: [f64; 5] = [0.5, 0.7, 1.0, 1.4, 2.0];

/// What one signal adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The signal's name, such as `Fit`.
    pub signal: &'static str,
    /// Its value, in figures or in the words of the material.
    pub value: String,
    /// Points of probability.
    pub points: i32,
    /// Factor of the budget, 1 for none.
    pub factor: f64,
}

/// The two figures, and how they came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Possible sales in the next twelve months, in whole pounds sterling,
    /// two figures of which count.
    pub budget_gbp: u64,
    /// Probability of a contract, in percent.
    pub probability: u8,
    /// Every signal that was known, with what it added.
    pub shares: Vec<Share>,
}

impl Assessment {
    /// The budget in a currency of which a pound buys so much, two figures of
    /// which count.
    #[must_use]
    pub fn budget_in(&self, pound: f64) -> u64 {
        two_figures(self.budget_gbp as f64 * pound)
    }
}

/// Chance of any proposal, in percent, before anything is known.
const BASE_POINTS: i32 = 8;
/// What the best fit adds, and what is assumed when fit cannot be told.
const FIT_POINTS: f64 = 45.0;
const UNKNOWN_FIT: f64 = 0.3;
/// Most that the fit of a competitor's business counts.
const COMPETITOR_FIT: f64 = 0.1;
/// Most that it counts when the offer is meant for others.
const OTHERS_FIT: f64 = 0.5;
/// What a company spends a year on one supplier, in pounds, for one employee of a small one in a
/// high-income country. An assumption, for the order of magnitude.
const SPENDING_PER_HEAD: f64 = 400.0;
/// Larger companies spend less a head.
const SCALE: f64 = 0.85;
/// Share of the employees that a price a head is paid for.
const USERS: f64 = 0.3;

/// The figures for these signals and this offer. `rate`: pounds for one unit of
/// a currency, `None` where that is not known.
#[must_use]
pub fn assess(
    signals: &Signals,
    offer: &Offer,
    opinion: Option<Opinion>,
    rate: impl Fn(&str) -> Option<f64>,
) -> Assessment {
    let mut shares = Vec::new();
    let mut add = |signal, value: String, points, factor| shares.push(Share { signal, value, points, factor });
    let (least, most) = fit_bounds(signals.relation.as_ref(), opinion);
    // Words alone tell a competitor too.
    let fit = signals.fit.or((most <= COMPETITOR_FIT).then_some(0.0)).map(|fit| fit.clamp(least, most));
    add(
        "Fit",
        fit.map_or_else(|| "unknown".to_owned(), |fit| format!("{fit:.2}")),
        (fit.unwrap_or(UNKNOWN_FIT) * FIT_POINTS).round() as i32,
        0.3 + 1.2 * fit.unwrap_or(UNKNOWN_FIT),
    );
    if let Some(relation) = &signals.relation {
        let (points, factor) = relation.weight();
        add("Trade", relation.to_string(), points, factor);
    }
    let (heads, is_stated) = heads(signals);
    let size = if is_stated { heads.to_string() } else { format!("{heads} (not stated)") };
    add("Size", size, target_points(offer.target, heads, is_stated), 1.0);
    if let Some(country) = signals.country {
        let points = match offer.countries.as_slice() {
            [] => 0,
            named if named.contains(&country) => 4,
            _ => -8,
        };
        add("Country", country.code().to_owned(), points, income::factor(country));
    }
    if !signals.technologies.is_empty() {
        let points = 6 * i32::try_from(signals.technologies.len().min(2)).unwrap_or(2);
        add("Technologies", signals.technologies.join(", "), points, 1.1);
    } else if !signals.lacking.is_empty() {
        add("Technologies", format!("none of {}", signals.lacking.join(", ")), -10, 0.8);
    }
    if offer.is_for_hiring {
        let is_hiring = signals.open_positions > 0;
        let points = if is_hiring { 14 } else { -8 };
        add("Hiring", signals.open_positions.to_string(), points, if is_hiring { 1.3 } else { 0.7 });
    } else if signals.open_positions > 0 {
        let is_growing = signals.open_positions >= 5;
        add(
            "Hiring",
            signals.open_positions.to_string(),
            if is_growing { 6 } else { 4 },
            if is_growing { 1.2 } else { 1.1 },
        );
    }
    add("Contacts", signals.reach.to_string(), signals.reach.points(), 1.0);
    if signals.same_language {
        add("Language", "same".to_owned(), 3, 1.0);
    }
    if let Some(opinion) = opinion {
        let steps = opinion.steps();
        let factor = usize::try_from(steps + 2).ok().and_then(|at| STEP_FACTORS.get(at)).copied().unwrap_or(1.0);
        add("Opinion", opinion.name().to_owned(), steps * STEP_POINTS, factor);
    }
    let points = BASE_POINTS + shares.iter().map(|share| share.points).sum::<i32>();
    let factor: f64 = shares.iter().map(|share| share.factor).product();
    let priced = offer.price.as_ref().and_then(|price| Some(yearly(price, heads) * rate(&price.currency)?));
    // A stated price is what the supplier asks everywhere: country and size do
    // not make it smaller, and nobody buys less than one.
    let budget = match priced {
        Some(amount) => amount * factor_beside_country(&shares).max(1.0),
        None => SPENDING_PER_HEAD * f64::from(heads).powf(SCALE) * factor,
    };
    Assessment { budget_gbp: two_figures(budget), probability: u8::try_from(points.clamp(1, 95)).unwrap_or(1), shares }
}

/// How far the meaning of texts may go against what the words of the catalogue and a model say.
fn fit_bounds(relation: Option<&Relation>, opinion: Option<Opinion>) -> (f64, f64) {
    match relation {
        _ if opinion == Some(Opinion::Competitor) => (0.0, COMPETITOR_FIT),
        Some(Relation::SellsTheSame(_)) => (0.0, COMPETITOR_FIT),
        Some(Relation::MeantForOthers(_)) => (0.0, OTHERS_FIT),
        Some(Relation::MeantFor(_) | Relation::PassesOn(_) | Relation::Buys(_)) => (UNKNOWN_FIT, 1.0),
        None => (0.0, 1.0),
    }
}

fn factor_beside_country(shares: &[Share]) -> f64 {
    shares.iter().filter(|share| share.signal != "Country").map(|share| share.factor).product()
}

/// Employees: as stated, else as many as people and places let one think.
fn heads(signals: &Signals) -> (u32, bool) {
    match signals.employees {
        Some(Employees { from, to }) => (from.midpoint(to).max(1), true),
        None => {
            let seen = (signals.people * 2).max(signals.locations * 8);
            (u32::try_from(seen.clamp(5, 50)).unwrap_or(50), false)
        }
    }
}

fn target_points(target: Option<Target>, heads: u32, is_stated: bool) -> i32 {
    let Some(target) = target.filter(|_| is_stated) else { return 0 };
    match target {
        Target::Small if heads < 50 => 6,
        Target::Medium if (10..250).contains(&heads) => 6,
        Target::Large if heads >= 250 => 6,
        // A number is meant as it is said.
        Target::Between(from, to) if (from..=to).contains(&heads) => 8,
        Target::Between(..) => -14,
        _ => -8,
    }
}

/// What a price comes to in a year at a company of this size.
fn yearly(price: &Price, heads: u32) -> f64 {
    let times = match price.period {
        Period::Once | Period::Year => 1.0,
        Period::Quarter => 4.0,
        Period::Month => 12.0,
    };
    let units = if price.is_per_head { (f64::from(heads) * USERS).max(1.0) } else { 1.0 };
    price.amount * times * units
}

/// Rounded to two figures; more would promise more than is known.
fn two_figures(amount: f64) -> u64 {
    if !amount.is_finite() || amount < 1.0 {
        return 0;
    }
    let scale = 10_f64.powf(amount.log10().floor() - 1.0).max(1.0);
    ((amount / scale).round() * scale).min(1e12) as u64
}
