//! Puts a query together: which words are places, conditions and exclusions,
//! and what is left as what the companies do.

use cmes_extract::places::Country;
use cmes_types::LanguageCode;

use super::activities::Run;
use super::conditions::{self, Read};
use super::places;
use super::words::{Does, Gap, Marks, Token, tokens};
use super::{Query, Wanted, language};

mod acts;
mod clauses;
mod located;
pub(crate) use located::is_export;

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

    fn is_asker(&self, at: usize) -> bool {
        self.marks.is(at, Does::Asker) && self.marks.length_before(at, Does::To) == 0
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
}
