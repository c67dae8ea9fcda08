//! What the words of one thing come to: what it is, and of what sort.

use super::super::lexicon::{Concept, Kind, LEXICON, Mention};
use super::super::meant::is_small;
use super::super::setting::SETTING;
use super::{Topic, Unit, stem, word_in};

impl Topic {
    /// Adds the words of a part of a query that say what is wanted, rather than in which role.
    pub(super) fn take_words(&mut self, text: &str, start: usize, mentions: &[Mention]) {
        let is_other = |at: usize| mentions.iter().any(|one| is_small(one.kind) && one.start <= at && at < one.end);
        let mut at = start;
        for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
            let own = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            if !own.is_empty() && !SETTING.is_idle(own) && !is_other(at) {
                self.words.push(stem(own));
            }
            at += word.len();
        }
    }

    /// Where a text holds all of the query's own words for it.
    pub(crate) fn words_in(&self, folded: &str) -> Option<usize> {
        let places: Option<Vec<usize>> = self.words.iter().map(|word| word_in(word, folded)).collect();
        places?.into_iter().max()
    }

    /// Adds what one word or phrase names; mentions that overlap are one thing.
    pub(super) fn take(&mut self, named: &[&Mention]) {
        let mut groups: Vec<(usize, usize, bool, Vec<u16>)> = Vec::new();
        let (qualities, things): (Vec<&Mention>, Vec<&Mention>) =
            named.iter().copied().partition(|one| is_material(one) && is_within_thing(one, named));
        // The steel in "steel tube" is asked for, though the phrase as a whole is a tube.
        self.sorts.extend(qualities.iter().map(|one| Unit::Concepts(vec![one.concept])));
        for one in things {
            let known = groups.iter_mut().find(|(from, to, ..)| one.start < *to && *from < one.end);
            match known {
                Some((from, to, is_sort, all)) => {
                    // The longer one is the more exact one, and says alone what is meant.
                    let (own, other) = (one.end - one.start, *to - *from);
                    if own > other + 2 {
                        *all = vec![one.concept];
                        (*from, *to, *is_sort) = (one.start, one.end, is_beside(one));
                    } else if own + 2 >= other {
                        all.push(one.concept);
                        *is_sort &= is_beside(one);
                    }
                }
                None => groups.push((one.start, one.end, is_beside(one), vec![one.concept])),
            }
        }
        for (_, _, is_sort, mut all) in groups {
            all.dedup();
            // A brewery's beer is exact, that it is a drink too is not.
            let families: Vec<String> = all
                .iter()
                .filter_map(|at| LEXICON.concept(*at))
                .flat_map(|one| one.groups().filter(|group| *group != one.id).map(str::to_owned).collect::<Vec<_>>())
                .collect();
            if all.len() > 1 {
                all.retain(|at| !families.iter().any(|family| family == LEXICON.id(*at)));
            }
            // A packaging machine is exact, that it is a machine is not. Software is often called nothing else.
            let is_vague =
                |at: &u16| LEXICON.concept(*at).is_none_or(|one| one.is_vague && !one.id.contains("software"));
            if all.iter().any(|at| !is_vague(at)) {
                all.retain(|at| !is_vague(at));
            }
            let list = if is_sort { &mut self.sorts } else { &mut self.heads };
            list.push(Unit::Concepts(all));
        }
    }

    /// Qualities beside a thing are its sort; of several things the lexicon's
    /// words say what it is.
    pub(super) fn settle(&mut self) {
        let is_quality = |unit: &Unit| match unit {
            Unit::Concepts(all) => all.iter().all(|at| {
                LEXICON.concept(*at).is_some_and(|one| {
                    matches!(one.kind, Kind::Quality | Kind::Claim)
                        || one.kind != Kind::Good && one.is_vague && one.kind != Kind::Work
                })
            }),
            Unit::Word(_) => false,
        };
        let is_known = |unit: &Unit| matches!(unit, Unit::Concepts(_)) && !is_quality(unit);
        if self.heads.len() > 1 {
            let has_known = self.heads.iter().any(is_known);
            let has_thing = self.heads.iter().any(|unit| !is_quality(unit));
            let all = std::mem::take(&mut self.heads);
            for unit in all {
                let is_head = if has_known { is_known(&unit) } else { !has_thing || !is_quality(&unit) };
                if is_head { self.heads.push(unit) } else { self.sorts.push(unit) }
            }
        }
        if self.heads.is_empty() {
            self.heads = std::mem::take(&mut self.sorts);
        }
        self.narrow();
        self.widen();
    }

    /// "ERP software" is what ERP is: beside a kinsman that is more exact the
    /// general word says nothing more.
    fn narrow(&mut self) {
        let is_kin = |one: &Unit, other: &Unit| match (one, other) {
            (Unit::Concepts(one), Unit::Concepts(other)) => {
                one.iter().filter_map(|at| LEXICON.concept(*at)).any(|one| {
                    other
                        .iter()
                        .filter_map(|at| LEXICON.concept(*at))
                        .any(|other| one.is_kin(other) && !other.is_vague && !MATERIALS.contains(&other.id.as_str()))
                })
            }
            _ => false,
        };
        let exact: Vec<Unit> =
            self.sorts.iter().filter(|sort| self.heads.iter().any(|head| is_kin(head, sort))).cloned().collect();
        if exact.is_empty() {
            return;
        }
        self.heads = exact;
        self.sorts.retain(|sort| match (sort, &self.heads) {
            (Unit::Concepts(own), heads) => !heads.iter().any(|head| matches!(head, Unit::Concepts(all) if all == own)),
            _ => true,
        });
    }

    /// A general word alone means all of its family, and goods all their kinds.
    fn widen(&mut self) {
        let [Unit::Concepts(all)] = self.heads.as_mut_slice() else { return };
        let own: Vec<&Concept> =
            all.iter().filter_map(|at| LEXICON.concept(*at)).filter(|one| one.kind == Kind::Good).collect();
        let groups: Vec<&str> = own.iter().filter(|one| one.is_vague).flat_map(|one| one.groups()).collect();
        let is_kind = |concept: &Concept| {
            concept.kind == Kind::Good
                && own.iter().any(|one| concept.instead_of.as_deref() != Some(&one.id) && concept.is_kind_of(&one.id))
        };
        for (concept, at) in LEXICON.concepts.iter().zip(0_u16..) {
            let is_thing = matches!(concept.kind, Kind::Good | Kind::Service);
            let is_family = is_thing && concept.groups().any(|group| groups.contains(&group));
            if (is_family || is_kind(concept)) && !all.contains(&at) {
                all.push(at);
            }
        }
    }
}

pub(super) fn is_beside(one: &Mention) -> bool {
    one.is_specifying || one.is_audience
}

/// Materials that the catalogue has as goods, and that say of other goods what they are made of.
const MATERIALS: &[&str] =
    &["steel", "plastics", "rubber", "timber", "glass", "leather", "concrete", "stone", "ceramics"];

pub(crate) fn is_material(one: &Mention) -> bool {
    is_of_material(one.concept)
}

/// Whether a concept is a material or property.
pub(crate) fn is_of_material(concept: u16) -> bool {
    LEXICON.concept(concept).is_some_and(|one| one.kind == Kind::Quality || MATERIALS.contains(&one.id.as_str()))
}

/// Whether a material is part of a longer phrase that names a thing.
fn is_within_thing(one: &Mention, named: &[&Mention]) -> bool {
    named.iter().any(|other| {
        matches!(other.kind, Kind::Good | Kind::Service)
            && other.concept != one.concept
            && other.start <= one.start
            && one.end <= other.end
            && other.end - other.start > one.end - one.start
    })
}
