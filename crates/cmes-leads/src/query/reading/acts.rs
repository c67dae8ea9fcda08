//! What is left when places and numbers have been taken: what the companies do, what they have, what they must not be.

use cmes_extract::places::{Country, fold};
use cmes_extract::trades::Role;

use super::super::activities::{Activity, Run, runs};
use super::super::words::Does;
use super::super::{Query, Wanted, What, places};
use super::{Clause, Condition, Reading, set};

impl Reading<'_> {
    /// What is left: what they do, what they have, what they must not be.
    pub(super) fn act(&mut self, query: &mut Query, conditions: &mut Vec<Condition>) {
        self.connect();
        let not = self.left(Clause::Not, &[Does::Or, Does::And, Does::Not]);
        let mut before: Option<(usize, bool)> = None;
        for run in not {
            // "Those who only pull down houses or strip out offices": the word goes for both.
            let goes_on = before.is_some_and(|(to, is_mere)| is_mere && run.from <= to + 1);
            let is_mere = goes_on || (run.from..run.to).any(|at| self.marks.is(at, Does::Mere));
            before = Some((run.to, is_mere));
            let mere = (run.from..run.to).take_while(|at| self.marks.is(*at, Does::Mere)).count();
            let run = Run { from: run.from + mere, ..run };
            let Some(run) = run.trimmed(self.tokens, self.marks, false) else { continue };
            // "No firms that only trade": the firms are those that the rest is about.
            if (run.from..run.to).all(|at| self.marks.is(at, Does::Company) && self.marks.role(at).is_none()) {
                continue;
            }
            let activity = self.activity(self.without_verb(run));
            let words = run.words(self.text, self.tokens).to_owned();
            let what = if activity.is_known() { What::Activity(activity) } else { What::Words(activity.words) };
            conditions.push((run.from, Wanted { words, what, is_excluded: true, is_mere }));
        }
        for run in self.left(Clause::Market, &[]) {
            let Some(run) = run.trimmed(self.tokens, self.marks, false) else { continue };
            if self.is_empty_of_meaning(run) || (run.from..run.to).any(|at| self.is_asker(at)) {
                continue;
            }
            let words = run.words(self.text, self.tokens).to_owned();
            let within = self.markets.iter().filter(|(at, _)| (run.from..run.to).contains(at));
            let mut countries: Vec<Country> = within.map(|(_, country)| *country).collect();
            countries.extend(places::countries_in(&words, self.language));
            countries.sort_by(|one, other| one.code().cmp(other.code()));
            countries.dedup();
            let what = if countries.is_empty() { What::Words(words.clone()) } else { What::Market(countries) };
            conditions.push((run.from, Wanted { what, words, is_excluded: false, is_mere: false }));
        }
        let has_main = self
            .left(Clause::Main, &[Does::Or])
            .into_iter()
            .any(|run| run.trimmed(self.tokens, self.marks, true).is_some());
        for whole in self.left(Clause::With, &[Does::And]) {
            // "Companies that print fabric": nothing else says what they do.
            if !has_main && query.activities.is_empty() && self.relative.iter().any(|start| *start <= whole.from) {
                query.activities.push(self.activity(whole));
                continue;
            }
            let is_asker = (whole.from..whole.to).any(|at| self.is_asker(at));
            let Some(trimmed) = whole.trimmed(self.tokens, self.marks, false).filter(|_| !is_asker) else { continue };
            let alternatives: Vec<String> =
                runs(self.tokens, self.marks, |at| (trimmed.from..trimmed.to).contains(&at), &[Does::Or])
                    .into_iter()
                    .filter_map(|run| run.trimmed(self.tokens, self.marks, false))
                    .filter(|run| !self.is_empty_of_meaning(*run))
                    .map(|run| self.without_verb(run).words(self.text, self.tokens).to_owned())
                    .collect();
            let words = trimmed.words(self.text, self.tokens).to_owned();
            let what = match alternatives.as_slice() {
                [] => continue,
                [one] => What::Words(one.clone()),
                _ => What::AnyOf(alternatives),
            };
            conditions.push((trimmed.from, Wanted { what, words, is_excluded: false, is_mere: false }));
        }
        let mut last: Option<Run> = None;
        for run in self.left(Clause::Main, &[Does::Or]) {
            let Some(run) = run.trimmed(self.tokens, self.marks, true) else { continue };
            let activity = self.activity(run);
            let Some(before) = last else {
                query.activities.push(activity);
                last = Some(run);
                continue;
            };
            if (run.from..run.to).any(|at| self.is_asker(at)) {
                continue;
            }
            let is_between = (before.to..run.from).any(|at| self.is_used(at));
            let is_repeated = self.repeats(&activity.words, &query.activities);
            let known = query.activities.last_mut();
            match known {
                // "Manufacturers in Germany of steel pipes" are one.
                Some(known)
                    if is_between
                        && known.trades.is_empty()
                        && known.role.is_some()
                        && activity.role.is_none()
                        && (!activity.trades.is_empty() || self.is_named(&activity)) =>
                {
                    *known = self.together(known, &activity);
                }
                _ if is_repeated => {}
                _ if is_between && !activity.is_known() => {
                    let words = activity.words;
                    conditions.push((
                        run.from,
                        Wanted { what: What::Words(words.clone()), words, is_excluded: false, is_mere: false },
                    ));
                }
                _ => query.activities.push(activity),
            }
            last = Some(run);
        }
        self.share(&mut query.activities);
    }

    /// What a relative clause is about without its verb, which is worded in many ways: the wallboxes in "that also fit
    /// wallboxes". The verb stands first, in German and Dutch last.
    fn without_verb(&self, run: Run) -> Run {
        let begins = |start: &usize| {
            *start <= run.from && (*start..run.from).all(|at| self.marks.is_any(at, &[Does::Filler, Does::That]))
        };
        let is_small = |at: usize| self.tokens.get(at).is_some_and(|token| !token.is_capital);
        if run.to - run.from < 2 || !self.relative.iter().any(begins) {
            return run;
        }
        match self.language.as_str() {
            "de" | "nl" if is_small(run.to - 1) => Run { to: run.to - 1, ..run },
            "de" | "nl" | "ja" | "ko" | "tr" | "zh" => run,
            _ if is_small(run.from) => Run { from: run.from + 1, ..run },
            _ => run,
        }
    }

    /// "Pump or valve manufacturers": both make something.
    fn share(&self, activities: &mut [Activity]) {
        let role = activities.last().and_then(|activity| activity.role);
        let first = activities.first().and_then(|activity| activity.role);
        for activity in activities
            .iter_mut()
            .filter(|activity| activity.role.is_none() && activity.trades.iter().any(|trade| !trade.serves()))
        {
            activity.role = role.or(first);
        }
    }

    /// Whether the judging knows what it is, though the catalogue does not.
    fn is_named(&self, activity: &Activity) -> bool {
        !crate::judging::concepts(&activity.words, self.language).is_empty()
    }

    fn together(&self, one: &Activity, other: &Activity) -> Activity {
        let words = format!("{} {}", one.words, other.words);
        Activity { words, role: one.role, ..other.clone() }
    }

    fn activity(&self, run: Run) -> Activity {
        let mut activity = Activity::of(run.words(self.text, self.tokens), self.language);
        let own = (run.from..run.to).find_map(|at| self.marks.role(at));
        if let Some((role, _)) = own {
            activity.role = activity.role.or_else(|| Role::of(role));
        }
        activity.thing = self.thing(run).unwrap_or_else(|| activity.words.clone());
        activity
    }

    /// The words of an activity without the one for its role, where that stands first or last.
    fn thing(&self, run: Run) -> Option<String> {
        let length = |at: usize| self.marks.role(at).map_or(0, |(_, length)| length);
        let last = (run.from..run.to).rev().find(|at| length(*at) > 0 && at + length(*at) == run.to);
        let rest = Run { from: run.from + length(run.from), to: last.unwrap_or(run.to) };
        let rest = (rest.from < rest.to).then_some(rest)?.trimmed(self.tokens, self.marks, true)?;
        Some(rest.words(self.text, self.tokens).to_owned())
    }

    /// Whether words say again what the companies do: "printers … who also print".
    fn repeats(&self, words: &str, activities: &[Activity]) -> bool {
        const ALIKE: usize = 5;
        let is_like = |one: &str, other: &str| {
            one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count() >= ALIKE
        };
        let folded = fold(words);
        let known: Vec<String> = activities.iter().map(|activity| fold(&activity.words)).collect();
        folded
            .split_whitespace()
            .all(|word| known.iter().flat_map(|words| words.split_whitespace()).any(|known| is_like(word, known)))
    }

    /// Runs of a part of the sentence that have not been understood otherwise.
    fn left(&self, clause: Clause, splits: &[Does]) -> Vec<Run> {
        runs(self.tokens, self.marks, |at| !self.is_used(at) && self.clause(at) == clause, splits)
    }

    /// "and" between two places, or between two conditions, joins what has been understood.
    fn connect(&mut self) {
        for at in 0..self.tokens.len() {
            let is_small = self.marks.is_any(at, &[Does::And, Does::Or, Does::Filler, Does::In]);
            let is_around = at > 0 && self.is_used(at - 1) && (self.is_used(at + 1) || at + 1 == self.tokens.len());
            if is_small && is_around && !self.is_used(at) {
                set(&mut self.used, at);
            }
        }
    }

    /// What is left of a condition whose number or name was understood: "certification", "staff".
    fn is_empty_of_meaning(&self, run: Run) -> bool {
        (run.from..run.to).all(|at| {
            self.marks
                .is_any(at, &[Does::Filler, Does::Employees, Does::Company, Does::Speak, Does::Request, Does::Make])
                || self.tokens.get(at).is_some_and(|token| token.number().is_some())
        })
    }
}
