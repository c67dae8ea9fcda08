//! Which trade a company has, by what its site says most plainly.

use std::collections::{HashMap, HashSet};

use super::{CATALOGUE, Meaning, Role, Trade, mentions};
use crate::facts::{Site, business};
use crate::fold::key;
use crate::page::{Line, Page, Region, prefix};

/// What a company does, in terms of the catalogue.
#[derive(Clone, Debug, Default)]
pub struct Occupation {
    /// What it makes, sells or does, most telling first.
    pub trades: Vec<&'static Trade>,
    /// What it does with them.
    pub role: Option<&'static Role>,
    /// Trades that it names as customers.
    pub markets: Vec<&'static Trade>,
    /// The page and the words that name the first trade.
    pub seen: Option<(u16, String)>,
}

/// Weight from which a trade is a company's own, and what it must have of the
/// first one's weight.
const LEAST: f32 = 2.0;
const SHARE: f32 = 0.4;
/// Most trades and markets.
const MOST: usize = 3;
const MOST_MARKETS: usize = 4;
/// What is said of those whom something is for counts less for what it is.
const AUDIENCE: f32 = 0.3;
/// Weight from which a special field is named beside its trade.
const FIELD: f32 = 1.0;
/// What those are who do something together with others.
pub(crate) const ASSOCIATION: &str = "association";
/// Headings of a page that are read.
const HEADINGS: usize = 12;
/// Descriptions in structured data that are read, of one page.
const DESCRIPTIONS: usize = 3;

#[derive(Default)]
struct Weights {
    trades: HashMap<usize, f32>,
    /// What is taken off for being said of those whom something is for.
    taken: HashMap<usize, f32>,
    roles: HashMap<usize, f32>,
    markets: HashMap<usize, f32>,
    /// Where a trade was named with most weight.
    seen: HashMap<usize, (f32, u16, String)>,
}

impl Occupation {
    /// Of a site, with the name of its company.
    #[must_use]
    pub fn of(site: &Site<'_>, name: &str) -> Self {
        let mut weights = Weights::default();
        let mut known = HashSet::new();
        let mut count = |text: &str, page: u16, weight: f32| {
            if known.insert(key(text)) {
                weights.add(site, text, page, weight);
            }
        };
        count(name, 0, 2.0);
        for (index, page) in (0_u16..).zip(site.pages) {
            if !business::is_about_business(page) {
                continue;
            }
            let is_home = index == 0;
            count(&page.title, index, if is_home { 3.0 } else { 1.0 });
            for name in ["description", "og:description", "keywords"] {
                count(page.meta(name).unwrap_or_default(), index, if is_home { 3.0 } else { 1.0 });
            }
            for text in page
                .items
                .iter()
                .filter(|item| item.is_organization())
                .flat_map(|item| item.texts("description"))
                .take(DESCRIPTIONS)
            {
                count(text, index, 3.0);
            }
            for line in headings(page) {
                count(&line.text, index, if is_home { 1.5 } else { 0.75 });
            }
        }
        for (page, text) in business::telling_with_pages(site, 2_000) {
            count(&text, page, 1.0);
        }
        weights.decided()
    }

    /// Whether a text says what it does. That it is an association says little where more is known.
    pub(crate) fn is_named_in(&self, text: &str, site: &Site<'_>) -> bool {
        let tells = |trade: &Trade| trade.id != ASSOCIATION || self.trades.len() == 1;
        mentions(text, site.language).iter().any(|mention| {
            let Meaning::Trade(at) = mention.meaning else { return false };
            CATALOGUE.trades.get(at).is_some_and(|trade| self.has(&trade.id) && tells(trade))
        })
    }

    /// Whether a trade is one of its own.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.trades.iter().any(|own| own.id == id)
    }
}

fn headings(page: &Page) -> impl Iterator<Item = &Line> {
    let is_own = |line: &&Line| {
        (1..=3).contains(&line.heading) && !line.hidden && matches!(line.region, Region::Main | Region::Body)
    };
    page.lines.iter().filter(is_own).take(HEADINGS)
}

impl Weights {
    fn add(&mut self, site: &Site<'_>, text: &str, page: u16, weight: f32) {
        let mut own = HashSet::new();
        for mention in mentions(text, site.language) {
            if !own.insert((mention.meaning, mention.is_audience)) {
                continue;
            }
            let full = weight;
            let weight = if mention.is_audience { full * AUDIENCE } else { full };
            match mention.meaning {
                Meaning::Trade(at) => {
                    *self.trades.entry(at).or_default() += weight;
                    *self.taken.entry(at).or_default() += full - weight;
                    let seen = self.seen.entry(at).or_default();
                    if seen.0 < weight {
                        *seen = (weight, page, prefix(text, 200).to_owned());
                    }
                    *self.markets.entry(at).or_default() += if mention.is_audience { 2.0 } else { 0.75 };
                }
                Meaning::Role(at) if !mention.is_audience => *self.roles.entry(at).or_default() += weight,
                Meaning::Role(_) => {}
            }
        }
    }

    fn decided(mut self) -> Occupation {
        // An association for refrigeration is one of refrigeration.
        let association = CATALOGUE.trades.iter().position(|trade| trade.id == ASSOCIATION);
        if association.is_some_and(|at| self.trades.get(&at).is_some_and(|weight| *weight >= LEAST)) {
            self.taken.iter().for_each(|(at, more)| *self.trades.entry(*at).or_default() += more);
        }
        let mut ranked: Vec<(&'static Trade, usize, f32)> = self
            .trades
            .iter()
            .filter_map(|(at, weight)| Some((CATALOGUE.trades.get(*at)?, *at, *weight)))
            .filter(|(trade, _, weight)| *weight >= if trade.is_field() { FIELD } else { LEAST })
            .filter(|(trade, ..)| !trade.entry.market_only)
            .collect();
        ranked.sort_by(|(_, one, a), (_, other, b)| b.total_cmp(a).then(one.cmp(other)));
        // What is exact says it better than what is general.
        if ranked.iter().any(|(trade, ..)| !trade.is_generic() && !trade.is_field()) {
            ranked.retain(|(trade, ..)| !trade.is_generic());
        }
        let first = ranked.iter().find(|(trade, ..)| !trade.is_field()).map_or(0.0, |(_, _, weight)| *weight);
        ranked.retain(|(trade, _, weight)| trade.is_field() || *weight >= first * SHARE);
        ranked.truncate(MOST);
        let trades: Vec<&'static Trade> = ranked.iter().map(|(trade, ..)| *trade).collect();
        let is_own = |trade: &Trade| trades.iter().any(|own| own.id == trade.id);
        let mut markets: Vec<(&'static Trade, usize, f32)> = self
            .markets
            .iter()
            .filter_map(|(at, weight)| Some((CATALOGUE.trades.get(*at)?, *at, *weight)))
            .filter(|(trade, _, weight)| *weight >= 1.5 && trade.entry.market.is_some() && !is_own(trade))
            .collect();
        markets.sort_by(|(_, one, a), (_, other, b)| b.total_cmp(a).then(one.cmp(other)));
        markets.truncate(MOST_MARKETS);
        let mut roles: Vec<(&usize, &f32)> = self.roles.iter().filter(|(_, weight)| **weight >= 1.0).collect();
        roles.sort_by(|(one, a), (other, b)| b.total_cmp(a).then(one.cmp(other)));
        Occupation {
            seen: ranked.first().and_then(|(_, at, _)| self.seen.get(at)).map(|(_, page, text)| (*page, text.clone())),
            trades,
            role: roles.first().and_then(|(at, _)| CATALOGUE.roles.get(**at)),
            markets: markets.into_iter().map(|(trade, ..)| trade).collect(),
        }
    }
}
