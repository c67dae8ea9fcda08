//! Which trade a company has, by what its site says most plainly.

use std::collections::{HashMap, HashSet};

use super::mentions::Turn;
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
    /// What can be said of it.
    pub(crate) account: Account,
}

/// What can be said of a company without taking what it names for what it is: less than is known of it, since what is said
/// has to be right.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    /// What it makes, sells or does, most telling first; none where that is in doubt.
    pub(crate) trades: Vec<&'static Trade>,
    /// More exact trades of these that it names as well.
    pub(crate) kinds: Vec<&'static Trade>,
    /// What it does with them, where that is clear.
    pub(crate) role: Option<&'static Role>,
    /// Trades are named, and none of them plainly as its own.
    pub(crate) is_in_doubt: bool,
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
/// Weight from which a more exact trade is told beside its own.
const KIND: f32 = 1.0;
const MOST_KINDS: usize = 5;
/// What a second trade that is another sort of company must have of the first one's weight.
const SECOND: f32 = 0.5;
/// Part of the weight of all texts below which one text that names a sort of company may name others.
const ASIDE: f32 = 0.35;
/// Part of its weight from which on a trade is what the words beside it make of it.
const TURNED: f32 = 0.5;
/// Groups of goods that are installed where they are used.
const INSTALLED: &[&str] = &["building", "building-services", "building-supply"];
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
    /// What is said of the company itself.
    own: HashMap<usize, f32>,
    /// The weight of all texts.
    total: f32,
    /// In how many texts it is.
    texts: HashMap<usize, usize>,
    /// Of that, what the words beside it make something else of, and what is dealt in.
    turned: HashMap<usize, f32>,
    dealt: HashMap<usize, f32>,
    roles: HashMap<usize, f32>,
    /// Without those that others have.
    own_roles: HashMap<usize, f32>,
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
                weights.total += if text.is_empty() { 0.0 } else { weight };
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
        let mentions = mentions(text, site.language);
        let is = |meaning, turn| mentions.iter().any(|other| other.meaning == meaning && other.turn == Some(turn));
        let mut own = HashSet::new();
        for mention in &mentions {
            if !own.insert((mention.meaning, mention.is_audience)) {
                continue;
            }
            let full = weight;
            let weight = if mention.is_audience { full * AUDIENCE } else { full };
            match mention.meaning {
                Meaning::Trade(at) => {
                    *self.trades.entry(at).or_default() += weight;
                    *self.taken.entry(at).or_default() += full - weight;
                    if !mention.is_audience {
                        *self.own.entry(at).or_default() += full;
                        *self.texts.entry(at).or_default() += 1;
                        for (turn, list) in [(Turn::Another, &mut self.turned), (Turn::Deals, &mut self.dealt)] {
                            *list.entry(at).or_default() += if is(mention.meaning, turn) { full } else { 0.0 };
                        }
                    }
                    let seen = self.seen.entry(at).or_default();
                    if seen.0 < weight {
                        *seen = (weight, page, prefix(text, 200).to_owned());
                    }
                    *self.markets.entry(at).or_default() += if mention.is_audience { 2.0 } else { 0.75 };
                }
                Meaning::Role(at) if !mention.is_audience => {
                    *self.roles.entry(at).or_default() += weight;
                    *self.own_roles.entry(at).or_default() += if mention.is_of_others { 0.0 } else { weight };
                }
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
        let account = self.account(&ranked);
        Occupation {
            account,
            seen: ranked.first().and_then(|(_, at, _)| self.seen.get(at)).map(|(_, page, text)| (*page, text.clone())),
            trades,
            role: roles.first().and_then(|(at, _)| CATALOGUE.roles.get(**at)),
            markets: markets.into_iter().map(|(trade, ..)| trade).collect(),
        }
    }

    /// What can be said, of trades with their weights.
    fn account(&self, ranked: &[(&'static Trade, usize, f32)]) -> Account {
        let of = |list: &HashMap<usize, f32>, at: usize| list.get(&at).copied().unwrap_or_default();
        let is_own = |at: usize| {
            let own = of(&self.own, at);
            own >= KIND && of(&self.turned, at) < own * TURNED
        };
        let role = |id: &str| {
            let weight = CATALOGUE.roles.iter().position(|role| role.id == id).map(|at| of(&self.roles, at));
            weight.unwrap_or_default()
        };
        let is_association = ranked.iter().any(|(trade, ..)| trade.id == ASSOCIATION);
        let Some((first, at, weight)) = ranked.iter().find(|(trade, ..)| !trade.is_field()).copied() else {
            return Account::default();
        };
        // Who sells to hotels is none, and speaks of them too.
        let is_aside = self.texts.get(&at).is_none_or(|texts| *texts < 2) && of(&self.own, at) < self.total * ASIDE;
        let is_sold_to = role("wholesale") >= LEAST || is_aside;
        if !is_association && (!is_own(at) || first.is_named() && is_sold_to) {
            return Account { is_in_doubt: true, ..Account::default() };
        }
        let trades: Vec<&'static Trade> = ranked
            .iter()
            .filter(|(trade, at, own)| {
                let is_enough = trade.id == first.id || !trade.is_named() || *own >= weight * SECOND;
                is_association || trade.is_field() || is_own(*at) && is_enough
            })
            .map(|(trade, ..)| *trade)
            .collect();
        let mut kinds: Vec<(&'static Trade, usize, f32)> = self
            .own
            .iter()
            .filter_map(|(at, weight)| Some((CATALOGUE.trades.get(*at)?, *at, *weight)))
            .filter(|(kind, at, _)| is_own(*at) && trades.iter().all(|known| known.id != kind.id))
            .filter(|(kind, ..)| trades.iter().any(|trade| trade.kinds().any(|id| id == kind.id)))
            .collect();
        kinds.sort_by(|(_, one, a), (_, other, b)| b.total_cmp(a).then(one.cmp(other)));
        kinds.truncate(MOST_KINDS);
        Account {
            trades,
            kinds: kinds.into_iter().map(|(trade, ..)| trade).collect(),
            role: self.clear_role(first, of(&self.dealt, at) >= of(&self.own, at) * TURNED),
            is_in_doubt: false,
        }
    }

    /// The role that is named most, where it can be one of these goods and no other is named as often.
    fn clear_role(&self, first: &Trade, is_dealt_in: bool) -> Option<&'static Role> {
        let mut roles: Vec<(&'static Role, f32)> = self
            .own_roles
            .iter()
            .filter_map(|(at, weight)| Some((CATALOGUE.roles.get(*at)?, *weight)))
            .filter(|(role, _)| match role.id.as_str() {
                // At a maker's, "Montage" is assembly.
                "installer" => first.groups().any(|group| INSTALLED.contains(&group)),
                // Dealers speak of makers.
                "maker" => !is_dealt_in,
                _ => true,
            })
            .filter(|(_, weight)| *weight >= 1.0)
            .collect();
        roles.sort_by(|(one, a), (other, b)| b.total_cmp(a).then_with(|| one.id.cmp(&other.id)));
        match roles.as_slice() {
            [(_, one), (_, other), ..] if one <= other => None,
            [(role, _), ..] => Some(role),
            [] => None,
        }
    }
}
