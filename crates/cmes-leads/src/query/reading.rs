//! Puts a query together: which words are places, conditions and exclusions,
//! and what is left as what the companies do.

use cmes_extract::places::Country;
use cmes_extract::trades::Role;
use cmes_types::LanguageCode;

use super::activities::{Activity, Run, runs};
use super::conditions::{self, Read};
use super::places::{self, Found, Place};
use super::words::{Does, Gap, Marks, Token, tokens};
use super::{Query, Wanted, What, language};

/// What a part of the sentence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    /// What they do.
    Main,
    /// What they must not be: "except", "keine".
    Not,
    /// What they have: "with".
    With,
    /// What they do for others, elsewhere: "exporting to".
    Market,
}

/// Most of each that is kept.
const MOST_ACTIVITIES: usize = 6;
const MOST_PLACES: usize = 60;
const MOST_CONDITIONS: usize = 40;

/// Reads a sentence, of which `text` is as much as is read.
pub(super) fn read(whole: &str, text: &str) -> Query {
    let tokens = tokens(text);
    let mut marks = Marks::of(text, &tokens);
    let language = language::of(text, &tokens, &marks);
    marks.settle(language, &tokens);
    let begin = introduction(&tokens, &marks);
    let reads: Vec<Read> =
        conditions::read(text, &tokens, &marks).into_iter().filter(|read| read.from >= begin).collect();
    let mut used = vec![false; tokens.len()];
    (0..begin).for_each(|at| set(&mut used, at));
    for read in reads.iter().filter(|read| read.is_taken) {
        (read.from..read.to).for_each(|at| set(&mut used, at));
    }
    let found = places::find(text, &tokens, &marks, language, &used);
    let mut reading = Reading {
        text,
        tokens: &tokens,
        marks: &marks,
        language,
        used,
        clauses: Vec::new(),
        relative: Vec::new(),
        markets: Vec::new(),
    };
    reading.divide(&found);
    let mut query = Query { text: whole.to_owned(), language, ..Query::default() };
    let mut conditions = reading.told(&reads);
    // "No startups": the word is a condition and nothing else.
    for read in &reads {
        if reading.clause(read.from) == Clause::Not {
            (read.from..read.to).for_each(|at| set(&mut reading.used, at));
        }
    }
    reading.locate(found, &mut query, &mut conditions);
    reading.act(&mut query, &mut conditions);
    conditions.sort_by_key(|(at, _)| *at);
    query.conditions.extend(conditions.into_iter().map(|(_, wanted)| wanted));
    query.activities.truncate(MOST_ACTIVITIES);
    query.activities.iter_mut().for_each(|activity| activity.look_up(language));
    query.places.truncate(MOST_PLACES);
    query.conditions.truncate(MOST_CONDITIONS);
    query
}

/// Where the request begins, where those who ask say first who they are: "We are a roastery. Please find importers of tea".
fn introduction(tokens: &[Token], marks: &Marks) -> usize {
    /// Words of a greeting, at most; and of "we are a …", at least.
    const GREETING: usize = 5;
    const SHORTEST: usize = 3;
    let Some(start) = (0..tokens.len().min(GREETING)).find(|at| marks.is(*at, Does::Asker)) else { return 0 };
    let request = (start..tokens.len()).find(|at| marks.length(*at, Does::Request) > 0);
    let request = request.filter(|at| at - start >= SHORTEST);
    request.map(|at| at + marks.length(at, Does::Request)).filter(|end| *end < tokens.len()).unwrap_or(0)
}

fn set(used: &mut [bool], at: usize) {
    if let Some(used) = used.get_mut(at) {
        *used = true;
    }
}

struct Reading<'a> {
    text: &'a str,
    tokens: &'a [Token],
    marks: &'a Marks,
    language: LanguageCode,
    /// Words that have been understood.
    used: Vec<bool>,
    clauses: Vec<Clause>,
    /// Where clauses begin that say what companies have or do, with "that".
    relative: Vec<usize>,
    /// Countries that are markets, with where they stand.
    markets: Vec<(usize, Country)>,
}

/// A condition with where it stands.
type Condition = (usize, Wanted);

impl Reading<'_> {
    fn gap(&self, at: usize) -> Gap {
        self.tokens.get(at).map_or(Gap::Break, |token| token.gap)
    }

    fn clause(&self, at: usize) -> Clause {
        self.clauses.get(at).copied().unwrap_or(Clause::Main)
    }

    fn is_used(&self, at: usize) -> bool {
        self.used.get(at).copied().unwrap_or(true)
    }

    fn words(&self, from: usize, to: usize) -> String {
        Run { from, to }.words(self.text, self.tokens).to_owned()
    }

    /// Says for each word to which part of the sentence it belongs.
    fn divide(&mut self, found: &[Found]) {
        const OPENING: [Does; 7] =
            [Does::Not, Does::With, Does::That, Does::Market, Does::In, Does::Near, Does::Request];
        self.clauses = vec![Clause::Main; self.tokens.len()];
        let (mut clause, mut at) = (Clause::Main, 0);
        // Whether words stood in the part that are no place.
        let mut has_words = false;
        while at < self.tokens.len() {
            if self.gap(at) == Gap::Break && at > 0 && !(clause == Clause::Not && self.goes_on(at, found)) {
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
                has_words |= !self.is_used(at)
                    && !found.iter().any(|found| (found.from..found.to).contains(&at))
                    && !self.marks.is_any(at, &[Does::Filler, Does::And, Does::Or]);
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
                    clause = if self.is_doing(at + length) { Clause::Main } else { Clause::With };
                    if clause == Clause::With {
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

    fn is_asker(&self, at: usize) -> bool {
        self.marks.is(at, Does::Asker) && self.marks.length_before(at, Does::To) == 0
    }

    /// Whether a place in a relative clause stands behind those for whom something is done.
    fn is_of_customers(&self, place: usize) -> bool {
        self.relative.last().is_some_and(|start| {
            (*start..place.saturating_sub(1)).any(|at| self.marks.is(at, Does::To))
                && (*start..place).all(|at| self.gap(at) != Gap::Break || at == *start)
        })
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

    /// Whether a word right before here says that the company has something there: "with a branch in London".
    fn is_site(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|last| self.marks.is(last, Does::Site))
    }

    /// The conditions that numbers and fixed words tell.
    fn told(&self, reads: &[Read]) -> Vec<Condition> {
        let wanted = |read: &Read| {
            let is_excluded =
                self.clause(read.from) == Clause::Not || self.clause(read.to.saturating_sub(1)) == Clause::Not;
            (read.from, conditions::wanted(self.text, self.tokens, read, is_excluded))
        };
        reads.iter().map(wanted).collect()
    }

    /// Takes the places, positive and excluded ones.
    fn locate(&mut self, found: Vec<Found>, query: &mut Query, conditions: &mut Vec<Condition>) {
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
                    conditions.push((found.name, Wanted { words, what: What::Place(place), is_excluded: true }));
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

    /// What is left: what they do, what they have, what they must not be.
    fn act(&mut self, query: &mut Query, conditions: &mut Vec<Condition>) {
        self.connect();
        let not = self.left(Clause::Not, &[Does::Or, Does::And, Does::Not]);
        for run in not {
            let Some(run) = run.trimmed(self.tokens, self.marks, false) else { continue };
            let activity = self.activity(run);
            let words = activity.words.clone();
            let what = if activity.is_known() { What::Activity(activity) } else { What::Words(words.clone()) };
            conditions.push((run.from, Wanted { words, what, is_excluded: true }));
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
            conditions.push((run.from, Wanted { what, words, is_excluded: false }));
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
            conditions.push((trimmed.from, Wanted { what, words, is_excluded: false }));
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
                _ if is_between && !activity.is_known() => {
                    let words = activity.words;
                    conditions.push((run.from, Wanted { what: What::Words(words.clone()), words, is_excluded: false }));
                }
                _ => query.activities.push(activity),
            }
            last = Some(run);
        }
        self.share(&mut query.activities);
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
        activity
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

/// How words for exporters begin, in the languages of queries.
const EXPORT: [&str; 6] = ["export", "esport", "eksport", "экспорт", "vyvoz", "ihrac"];

/// Whether a folded word is one for those who export.
pub(crate) fn is_export(word: &str) -> bool {
    EXPORT.iter().any(|export| word.starts_with(export))
}

/// Languages in which the word for "except" stands behind.
fn is_behind(language: LanguageCode) -> bool {
    matches!(language.as_str(), "ja" | "ko" | "tr" | "hu" | "fi")
}

/// Whether all of a place is within another.
fn covers(outer: &Place, inner: &Place) -> bool {
    outer.country == inner.country
        && (outer.region.is_none() && outer.city.is_none()
            || outer.city.is_none() && outer.region == inner.region
            || outer.city == inner.city && outer.region == inner.region)
}
