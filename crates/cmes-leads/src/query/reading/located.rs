//! Which of the places of a sentence the companies are in, and which ones they must not be in.

use cmes_types::LanguageCode;

use super::super::activities::Activity;
use super::super::places::{Found, Place};
use super::super::words::{Does, Gap};
use super::super::{Query, Wanted, What};
use super::{Clause, Condition, Reading, set};

impl Reading<'_> {
    /// Takes the places, positive and excluded ones.
    pub(super) fn locate(&mut self, found: Vec<Found>, query: &mut Query, conditions: &mut Vec<Condition>) {
        let is_named =
            |found: &&Found| !found.is_demonym && matches!(self.clause(found.name), Clause::Main | Clause::With);
        let has_place = found.iter().any(|found| is_named(&found));
        let mut excluded: Vec<Place> = Vec::new();
        for found in found {
            let clause = self.clause(found.name);
            let is_kept = match clause {
                Clause::Market => false,
                Clause::With => !self.is_site(found.from) && !found.is_demonym,
                Clause::Not => true,
                Clause::Main => !found.is_demonym || !has_place && self.is_of_companies(&found),
            };
            if clause == Clause::Market {
                let countries = found.places.iter().filter_map(|place| place.country);
                self.markets.extend(countries.map(|country| (found.name, country)));
            }
            if !is_kept {
                continue;
            }
            (found.from..found.to).for_each(|at| set(&mut self.used, at));
            if clause == Clause::Not {
                for place in found.places {
                    let words = self.words(found.name, found.to);
                    excluded.push(place.clone());
                    conditions.push((
                        found.name,
                        Wanted { words, what: What::Place(place), is_excluded: true, is_mere: false },
                    ));
                }
                // "Keine chinesischen Händler": the word behind goes with the country.
                if found.is_demonym {
                    let is_their = |at: usize| self.marks.role(at).is_some() || self.marks.is(at, Does::Company);
                    let end = (found.to..self.tokens.len()).find(|at| self.gap(*at) == Gap::Break || !is_their(*at));
                    (found.to..end.unwrap_or(self.tokens.len())).for_each(|at| set(&mut self.used, at));
                }
                continue;
            }
            for place in found.places {
                let is_new = |known: &Place| {
                    known.country != place.country || known.region != place.region || known.city != place.city
                };
                if query.places.iter().all(is_new) {
                    query.places.push(place);
                }
            }
        }
        query.places.retain(|place| !excluded.iter().any(|out| covers(out, place)));
    }

    /// Whether "German" says where the companies are: not for what is imported or eaten.
    fn is_of_companies(&self, found: &Found) -> bool {
        let is_capital = self.tokens.get(found.name).is_some_and(|token| token.is_capital || !token.word.is_ascii());
        let is_english = self.language == LanguageCode::ENGLISH && self.tokens.iter().any(|token| token.is_capital);
        if is_english && !is_capital && found.name > 0 {
            return false;
        }
        let end = (found.to..self.tokens.len()).find(|at| self.gap(*at) == Gap::Break).unwrap_or(self.tokens.len());
        let begin = (0..found.from).rev().find(|at| self.gap(at + 1) == Gap::Break).map_or(0, |at| at + 1);
        let words = self.words(begin, end);
        let activity = Activity::of(&words, self.language);
        // "Turkish spice exporters" are there, importers of Turkish spices are not.
        let is_exporter = self.tokens.get(begin..end).unwrap_or_default().iter().any(|token| is_export(&token.word));
        if is_exporter {
            return true;
        }
        let is_trader = activity.role.is_some_and(|role| matches!(role.id.as_str(), "wholesale" | "shop"))
            || (begin..end).any(|at| matches!(self.marks.role(at), Some(("wholesale" | "shop", _))));
        let is_kitchen = activity.trades.iter().any(|trade| matches!(trade.id.as_str(), "restaurant" | "catering"));
        !is_trader && !is_kitchen
    }
}

/// How words for exporters begin, in the languages of queries.
const EXPORT: [&str; 6] = ["export", "esport", "eksport", "экспорт", "vyvoz", "ihrac"];

/// Whether a folded word is one for those who export.
pub(crate) fn is_export(word: &str) -> bool {
    EXPORT.iter().any(|export| word.starts_with(export))
}

/// Whether all of a place is within another.
fn covers(outer: &Place, inner: &Place) -> bool {
    outer.country == inner.country
        && (outer.region.is_none() && outer.city.is_none()
            || outer.city.is_none() && outer.region == inner.region
            || outer.city == inner.city && outer.region == inner.region)
}
