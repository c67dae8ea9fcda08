//! Which part of the sentence each word belongs to: what they do, what they have, what they must not be.

use cmes_types::LanguageCode;

use super::super::places::Found;
use super::super::words::{Does, Gap};
use super::{Clause, Reading, set};

impl Reading<'_> {
    /// Says for each word to which part of the sentence it belongs.
    pub(super) fn divide(&mut self, found: &[Found]) {
        const OPENING: [Does; 7] =
            [Does::Not, Does::With, Does::That, Does::Market, Does::In, Does::Near, Does::Request];
        self.clauses = vec![Clause::Main; self.tokens.len()];
        let (mut clause, mut at) = (Clause::Main, 0);
        // Whether words stood in the part that are no place.
        let mut has_words = false;
        while at < self.tokens.len() {
            // "No firms, that only trade".
            let is_told = |at: usize| !has_words && self.marks.is(at, Does::That);
            if self.gap(at) == Gap::Break
                && at > 0
                && !(clause == Clause::Not && (is_told(at) || self.goes_on(at, found)))
            {
                (clause, has_words) = (Clause::Main, false);
            }
            if let Some(place) =
                found.iter().find(|found| found.from == at && !found.is_demonym && found.from < found.name)
            {
                // A place with its preposition belongs to the sentence, not to what went before.
                let is_own = match clause {
                    Clause::Not => !has_words,
                    Clause::With => self.is_site(at),
                    Clause::Market => true,
                    Clause::Main => false,
                };
                // "Die auch für Verlage in Österreich drucken": where their customers are.
                if clause == Clause::With && self.is_of_customers(at) {
                    self.assign(at, place.to, Clause::Market);
                    at = place.to;
                    continue;
                }
                if !is_own {
                    (clause, has_words) = (Clause::Main, false);
                }
                let not = self.marks.length(at, Does::Not);
                if not == 0
                    || not <= place.name - place.from
                        && self.marks.is(at, Does::In)
                        && not == self.marks.length(at, Does::In)
                {
                    self.assign(at, place.to, clause);
                    at = place.to;
                    continue;
                }
            }
            if self.gap(at) == Gap::Minus {
                let end =
                    (at + 1..self.tokens.len()).find(|at| self.gap(*at) != Gap::Hyphen).unwrap_or(self.tokens.len());
                self.assign(at, end, Clause::Not);
                (at, clause) = (end, Clause::Main);
                continue;
            }
            let opening = self.marks.longest(at, &OPENING).filter(|_| !self.is_used(at));
            let Some((does, length)) = opening else {
                let says_nothing = self.marks.is_any(at, &[Does::Filler, Does::And, Does::Or])
                    || clause == Clause::Not && self.marks.is(at, Does::Company);
                let is_place = found.iter().any(|found| (found.from..found.to).contains(&at));
                has_words |= !self.is_used(at) && !is_place && !says_nothing;
                self.assign(at, at + 1, clause);
                at += 1;
                continue;
            };
            at += match does {
                Does::Not if self.excludes(at, length) => {
                    if is_behind(self.language) {
                        self.exclude_before(at, found);
                    } else {
                        (clause, has_words) = (Clause::Not, false);
                    }
                    (at..at + length).for_each(|at| set(&mut self.used, at));
                    length
                }
                Does::With => {
                    (clause, has_words) = (Clause::With, false);
                    (at..at + length).for_each(|at| set(&mut self.used, at));
                    length
                }
                Does::That if self.is_relative(at) => {
                    let end = self.asker_clause(at, found).unwrap_or(at + length);
                    (at..end).for_each(|at| set(&mut self.used, at));
                    // "Not those who …" goes on to exclude.
                    if clause != Clause::Not || has_words {
                        clause = if self.is_doing(at + length) { Clause::Main } else { Clause::With };
                    }
                    if clause != Clause::Main {
                        self.relative.push(at + length);
                    }
                    has_words = false;
                    end - at
                }
                Does::Market => {
                    (clause, has_words) = (Clause::Market, true);
                    self.assign(at, at + length, clause);
                    length
                }
                _ => {
                    self.assign(at, at + 1, clause);
                    1
                }
            };
        }
    }

    fn assign(&mut self, from: usize, to: usize, clause: Clause) {
        (from..to).for_each(|at| {
            if let Some(own) = self.clauses.get_mut(at) {
                *own = clause;
            }
        });
    }

    /// Whether what comes behind a comma is excluded too: "except France, Spain"; "ohne Händler, Importeure".
    fn goes_on(&self, at: usize, found: &[Found]) -> bool {
        let end = (at + 1..self.tokens.len()).find(|at| self.gap(*at) == Gap::Break).unwrap_or(self.tokens.len());
        let is_place = found.iter().any(|found| found.from <= at && found.to >= end && found.name == found.from);
        let was_place = found.iter().any(|found| found.to == at && self.clause(found.name) == Clause::Not);
        let is_role = (at..end)
            .all(|at| self.marks.role(at).is_some() || self.marks.is_any(at, &[Does::And, Does::Or, Does::Filler]));
        let was_role = at.checked_sub(1).is_some_and(|last| self.marks.role(last).is_some());
        is_place && was_place || is_role && was_role
    }

    /// "non-ferrous" excludes nothing, and "no" is "in the" in Portuguese.
    fn excludes(&self, at: usize, length: usize) -> bool {
        self.gap(at + length) != Gap::Hyphen && at + length <= self.tokens.len()
    }

    /// Languages in which what is excluded stands first.
    fn exclude_before(&mut self, at: usize, found: &[Found]) {
        let place = found.iter().rev().find(|found| found.to <= at && at - found.to <= 1);
        match place {
            Some(place) => self.assign(place.from, place.to, Clause::Not),
            None => self.assign(at.saturating_sub(1), at, Clause::Not),
        }
    }

    /// "die" is an article too, unless a comma stands before it.
    fn is_relative(&self, at: usize) -> bool {
        let is_article = self.marks.is(at, Does::Filler) || self.marks.is(at, Does::And);
        !is_article || self.gap(at) == Gap::Break
    }

    /// Where a clause ends that speaks of those who ask: "that we could sell our packaging to" says nothing of the companies,
    /// "who make parts for our factory" does.
    fn asker_clause(&self, at: usize, found: &[Found]) -> Option<usize> {
        let is_end = |at: usize| self.gap(at) == Gap::Break || found.iter().any(|found| found.from == at);
        let end = (at + 1..self.tokens.len()).find(|at| is_end(*at)).unwrap_or(self.tokens.len());
        (at..end).any(|at| self.is_asker(at)).then_some(end)
    }

    /// Whether a place in a relative clause stands behind those for whom something is done.
    fn is_of_customers(&self, place: usize) -> bool {
        self.relative.last().is_some_and(|start| {
            (*start..place.saturating_sub(1)).any(|at| self.marks.is(at, Does::To))
                && (*start..place).all(|at| self.gap(at) != Gap::Break || at == *start)
        })
    }

    /// Whether a relative clause says what the companies do: "that make pumps", "die Pumpen herstellen".
    fn is_doing(&self, at: usize) -> bool {
        let end = (at + 1..self.tokens.len()).find(|at| self.gap(*at) == Gap::Break).unwrap_or(self.tokens.len());
        let is_verb = |at: usize| {
            // "Für" in "die auch für Verlage drucken" is no verb.
            let is_small = self.tokens.get(at).is_some_and(|token| !token.is_capital);
            self.marks.is(at, Does::Make) && !self.marks.is(at, Does::To) && is_small
        };
        is_verb(at) || end > at && is_verb(end - 1)
    }
}

/// Languages in which the word for "except" stands behind.
fn is_behind(language: LanguageCode) -> bool {
    matches!(language.as_str(), "ja" | "ko" | "tr" | "hu" | "fi")
}
