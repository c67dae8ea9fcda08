//! Whether what a query asks for is a company's own trade.
//!
//! Each text that tells what the company does is held against the wanted thing:
//! named plainly it counts whole, named as a customer's trade or to specify
//! something else it counts little, denied it counts against. The sum is compared
//! with the weight of everything else that the company names. The role (maker,
//! wholesale, shop, installer) is weighed in the same way.

use std::collections::HashMap;

use cmes_types::{LanguageCode, Standing};

use super::lexicon::{Kind, LEXICON};
use super::setting::SETTING;
use super::texts::Texts;
use super::wanted::{Named, Topic, Unit, Wanted, is_material, is_of_material, named};
use super::weights::{Role, Weights};
use crate::query::{Activity, Query};

/// What came of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) standing: Standing,
    /// 0 to 1: how plainly it is the company's own trade.
    pub(crate) strength: f32,
    /// The text that shows it, by its place in the list.
    pub(crate) shown: Option<usize>,
}

/// Weight from which a thing is a company's own, with most of its weight elsewhere or not.
const OWN: f32 = 1.6;
/// Weight that is enough where little else is told.
const LITTLE: f32 = 1.0;
/// What a thing must have of the main thing's weight when the company says in the query's own words that it does it.
const SHARE_SAID: f32 = 0.2;
/// What it must have of the weight of the company's main thing: goods are one
/// of several; a service is what a company is; what is mostly somebody's customer
/// has to be the main thing.
const SHARE: f32 = 0.28;
const SHARE_OF_SERVICE: f32 = 0.5;
const SHARE_OF_MARKET: f32 = 0.9;
/// What it must have of the weight of anything else where companies say what they are.
const SHARE_STATED: f32 = 0.5;
/// What a material must have of the weight of another one, of which the company's goods are too.
const SHARE_OF_MATERIAL: f32 = 0.25;
/// Weight of another trade from which a company is plainly of that.
const OTHER: f32 = 3.0;
/// The same, when only the first page was read.
const OTHER_AT_ONCE: f32 = 5.0;
/// What counts of a text that names it for others, or to specify something else.
pub(super) const BESIDE: f32 = 0.12;
/// What a text counts that has the thing, but not its sort.
const UNSORTED: f32 = 0.5;

/// Holds an activity against a company's texts.
pub(crate) fn judge(
    activity: &Activity,
    query: LanguageCode,
    texts: &Texts<'_>,
    is_whole: bool,
    likeness: Option<f32>,
) -> Outcome {
    let wanted = Wanted::of(activity, query);
    if wanted.topics.is_empty() {
        return by_role_alone(&wanted, texts);
    }
    let weights = Weights::of(texts, &wanted);
    let best = wanted
        .topics
        .iter()
        .map(|topic| weigh(topic, texts, query))
        .max_by(|a, b| a.total().total_cmp(&b.total()))
        .unwrap_or_default();
    let total = best.total();
    let (other, other_at) = weights.other;
    // Who says in its title or first sentence, in the query's own words, that this is what it does, is believed.
    let share = if best.said >= OWN { SHARE_SAID } else { wanted.share_needed() };
    // A wholesaler for dentists is none; a factory that prints textiles is a textile printer.
    let is_trade = wanted.roles.iter().any(|role| matches!(*role, "wholesale" | "shop"));
    let is_trade_for = wanted.is_named_company() && is_trade;
    let role = if wanted.is_service() && !is_trade_for { Role::default() } else { weights.role(&wanted.roles) };
    // Little is enough where nothing else is told; of goods, where the role is.
    let is_little_enough = wanted.roles.is_empty() || role.is_shown;
    // What a company is by its title and first sentences it is, however often the rest names something else.
    let is_stated = best.stated >= OWN && best.stated >= weights.stated * share.max(SHARE_STATED);
    // Who is asked for as what it is says so there; where something else stands instead, that is what the company is.
    let is_something_else = !asks_for_goods(&wanted) && best.stated < LITTLE && weights.stated >= OTHER;
    let is_own = is_stated
        || !is_something_else && total >= OWN && total >= other * share
        || !is_something_else
            && is_little_enough
            && total >= LITTLE
            && total >= other * (share + 0.3)
            && best.own >= LITTLE;
    let mut outcome = Outcome { shown: best.shown, ..Outcome::default() };
    let exactness = (total / 8.0).min(1.0) * 0.5 + (total / (total + other).max(0.1)) * 0.5;
    outcome.strength = exactness * role.share * if best.is_sorted { 1.0 } else { 0.5 };
    outcome.standing = if best.is_denied {
        Standing::Misses
    } else if let Some(at) = weights.association.filter(|_| !wanted.is_of("association")) {
        // Those who do something together with others do not do it themselves.
        outcome.shown = Some(at);
        Standing::Misses
    } else if is_trade_for && !role.is_shown {
        if is_whole { Standing::Misses } else { Standing::Open }
    } else if let Some(at) = weights.serves(&wanted, total, is_stated) {
        // Who makes or sells something to hotels is none.
        outcome.shown = Some(at);
        Standing::Misses
    } else if is_own && role.is_other {
        outcome.shown = role.shown.or(outcome.shown);
        Standing::Misses
    } else if is_own && !wanted.is_service() && !role.is_shown && weights.service >= total && asks_for_goods(&wanted) {
        // A plumber names pipes, and makes or sells none.
        Standing::Open
    } else if is_own && best.is_sorted {
        Standing::Meets
    } else if is_own {
        Standing::Open
    } else {
        let needed = if is_whole { OTHER } else { OTHER_AT_ONCE };
        let is_plain = if is_whole { total <= other * 0.15 } else { total <= 0.2 };
        // The other thing may be another name of a trade that no vocabulary has.
        let is_alike = likeness.is_some_and(|likeness| likeness >= ALIKE);
        if other >= needed && is_plain && best.is_checkable && !is_alike {
            outcome.shown = other_at;
            Standing::Misses
        } else {
            Standing::Open
        }
    };
    lean(&mut outcome, likeness, is_whole, role.is_other);
    outcome
}

impl Wanted {
    fn share_needed(&self) -> f32 {
        let concepts: Vec<_> = self.concepts().collect();
        if concepts.iter().any(|one| one.is_market) {
            SHARE_OF_MARKET
        } else if !concepts.is_empty() && concepts.iter().all(|one| one.kind == Kind::Service) {
            SHARE_OF_SERVICE
        } else {
            SHARE
        }
    }
}

impl Wanted {
    /// Whether it is what a company is, such as a hotel or a dentist, rather than what it makes, sells or does.
    pub(super) fn is_named_company(&self) -> bool {
        let heads = self.topics.iter().flat_map(|topic| &topic.heads);
        let is_service = |at: &u16| LEXICON.concept(*at).is_some_and(|one| one.kind == Kind::Service);
        let is_one = |unit: &Unit| matches!(unit, Unit::Concepts(all) if all.iter().all(is_service));
        !self.topics.is_empty() && heads.into_iter().all(is_one)
    }
}

/// Whether makers or sellers of something are asked for.
fn asks_for_goods(wanted: &Wanted) -> bool {
    wanted.roles.iter().any(|role| matches!(*role, "maker" | "wholesale" | "shop"))
}

/// From here on a site speaks of what is asked rather than of any trade: nearly as near as the nearest one.
pub const ALIKE: f32 = 0.85;

/// What likeness of meaning adds: it orders (a tenth of the strength), and decides alone only where the words cannot,
/// because no vocabulary has them.
fn lean(outcome: &mut Outcome, likeness: Option<f32>, is_whole: bool, is_other_role: bool) {
    let Some(likeness) = likeness else { return };
    let agreement = likeness.clamp(0.0, 1.0);
    outcome.strength = outcome.strength * 0.9 + agreement * 0.1;
    if outcome.standing == Standing::Open && is_whole && !is_other_role && likeness >= ALIKE {
        outcome.standing = Standing::Meets;
        outcome.strength = outcome.strength.max(agreement * 0.4);
    }
}

/// A query for "manufacturers" alone.
fn by_role_alone(wanted: &Wanted, texts: &Texts<'_>) -> Outcome {
    if wanted.roles.is_empty() {
        // Nothing is asked for: any company does it.
        return Outcome { standing: Standing::Meets, strength: 0.5, shown: None };
    }
    let role = Weights::of(texts, wanted).role(&wanted.roles);
    let standing = match (role.is_other, role.is_shown) {
        (true, _) => Standing::Misses,
        (false, true) => Standing::Meets,
        (false, false) => Standing::Open,
    };
    Outcome { standing, strength: role.share * 0.7, shown: role.shown }
}

/// What texts say of one topic.
#[derive(Clone, Debug, Default)]
struct Weighed {
    own: f32,
    beside: f32,
    is_sorted: bool,
    is_denied: bool,
    /// Whether the site's words can say it at all.
    is_checkable: bool,
    /// Weight of the heaviest text that says it in the query's own words.
    said: f32,
    /// What of `own` stands where a company says what it is.
    stated: f32,
    shown: Option<usize>,
}

impl Weighed {
    fn total(&self) -> f32 {
        self.own + self.beside
    }
}

fn weigh(topic: &Topic, texts: &Texts<'_>, query: LanguageCode) -> Weighed {
    let same = texts.language.is_none_or(|own| own == query);
    let can_tell = |unit: &Unit| same || matches!(unit, Unit::Concepts(_));
    let mut found = Weighed { is_checkable: topic.heads.iter().all(can_tell), ..Weighed::default() };
    let mut sorts: Vec<f32> = vec![0.0; topic.sorts.len()];
    let mut materials: HashMap<u16, f32> = HashMap::new();
    let mut best = (0.0, usize::MAX);
    let mut denied = 0.0;
    for (index, text) in texts.list.iter().enumerate() {
        for (sort, weight) in topic.sorts.iter().zip(&mut sorts) {
            if named(sort, text).0 != Named::Not {
                *weight += text.weight;
            }
        }
        let mut least = Named::Plainly;
        let (mut heads, mut at) = (0_u8, 0);
        for head in &topic.heads {
            let (how, place) = named(head, text);
            if how != Named::Not {
                heads += 1;
                least = least.min(how);
                at = at.max(place);
            }
        }
        if heads == 0 {
            continue;
        }
        for one in text.mentions.iter().filter(|one| is_material(one)) {
            *materials.entry(one.concept).or_default() += text.weight;
        }
        // What is asked for may be what something is for: then the rest is its head.
        let coverage = f32::from(heads) / topic.heads.len() as f32;
        let has_sorts = topic.sorts.iter().all(|sort| !can_tell(sort) || named(sort, text).0 != Named::Not);
        let weight = text.weight * coverage * coverage * if has_sorts { 1.0 } else { UNSORTED };
        if text.is_line && SETTING.is_denied(&text.folded, at) {
            denied += weight;
            if best.0 <= 0.0 {
                found.shown = Some(index);
            }
            continue;
        }
        if least == Named::Beside || text.is_usage {
            found.beside += weight * BESIDE;
            continue;
        }
        found.own += weight;
        if text.is_statement() {
            found.stated += weight;
        }
        let is_said = || topic.words_in(&text.folded).is_some_and(|at| !text.is_for_others(at));
        if text.page == 0 && weight > found.said && is_said() {
            found.said = weight;
        }
        // A sentence shows it better than a word of a menu, and a short one better than a long one.
        let length = text.text.chars().count();
        let fits = if (12..=240).contains(&length) { 1.0 } else { 0.4 };
        let is_shown = if text.is_line { 1.0 } else { 0.2 };
        let shows = weight.min(1.6) * fits * is_shown;
        if shows > best.0 || shows == best.0 && length < best.1 {
            best = (shows, length);
            found.shown = Some(index);
        }
    }
    found.beside = found.beside.min(0.8);
    found.is_denied = denied > 0.0 && denied >= found.own * 0.6;
    let other = |wanted: &[u16]| {
        let others = materials.iter().filter(|(at, _)| !wanted.contains(at));
        others.map(|(_, weight)| *weight).fold(0.0, f32::max)
    };
    // Who casts aluminium and names iron once casts no iron.
    let is_said = |sort: &Unit, weight: f32| match sort {
        Unit::Concepts(all) if all.iter().any(|at| is_of_material(*at)) => weight >= other(all) * SHARE_OF_MATERIAL,
        _ => true,
    };
    found.is_sorted = topic
        .sorts
        .iter()
        .zip(&sorts)
        .all(|(sort, weight)| *weight > 0.0 && is_said(sort, *weight) || !can_tell(sort) || is_soft(sort));
    found
}

/// Sorts that say little: what is made for industry is seldom called so.
fn is_soft(unit: &Unit) -> bool {
    matches!(unit, Unit::Concepts(all) if all.iter().any(|at| matches!(LEXICON.id(*at), "industrial" | "machines" | "software")))
}

/// The text by which a company shows a role or a thing that a query excludes. Of those who do nothing else (`is_mere`)
/// it is shown only where what is asked for is less plain.
pub(crate) fn excluded(words: &str, is_mere: bool, query: &Query, texts: &Texts<'_>) -> Option<usize> {
    let wanted = Wanted::read(words, query.language);
    let weights = Weights::of(texts, &wanted);
    if wanted.topics.is_empty() {
        let heaviest = weights.roles.values().map(|(weight, _)| *weight).fold(0.0, f32::max);
        let own = wanted.roles.iter().filter_map(|role| weights.roles.get(role));
        let (weight, shown) = own.copied().max_by(|a, b| a.0.total_cmp(&b.0))?;
        let share = if is_mere { 1.0 } else { 0.4 };
        return if weight >= 1.0 && weight >= heaviest * share { shown } else { None };
    }
    let asked: Vec<Topic> =
        query.activities.iter().flat_map(|activity| Wanted::of(activity, query.language).topics).collect();
    // Of timber builders "no carpenters for roof trusses" excludes by the roof trusses, since all of them are carpenters.
    let is_asked_too = |topic: &Topic| topic.heads.iter().all(|head| asked.iter().any(|other| other.has(head)));
    if wanted.roles.is_empty() && wanted.topics.iter().all(is_asked_too) {
        let says = |topic: &Topic| texts.list.iter().position(|text| topic.words_in(&text.folded).is_some());
        return wanted.topics.iter().find_map(says);
    }
    let weigh_all = |topics: &[Topic]| {
        let all = topics.iter().map(|topic| weigh(topic, texts, query.language));
        all.max_by(|a, b| a.own.total_cmp(&b.own))
    };
    let best = weigh_all(&wanted.topics)?;
    if is_mere && weigh_all(&asked).is_some_and(|asked| asked.own >= best.own) {
        return None;
    }
    // Dealers in machines are excluded, not who has machines.
    let has_role = wanted.roles.is_empty() || weights.role(&wanted.roles).is_shown;
    if best.own >= 0.8 && !best.is_denied && has_role { best.shown } else { None }
}
