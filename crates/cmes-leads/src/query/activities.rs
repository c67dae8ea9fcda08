//! What the companies do: the words of a query that say nothing else, and what
//! they are in the catalogue of trades.

use cmes_extract::trades::{self, Asked, Role, Trade};
use cmes_types::LanguageCode;

use super::names::Names;
use super::words::{Does, Gap, Marks, Token};
use crate::without::is_left_out;

/// Something that companies do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// In the words of the query: "Pipe manufacturers".
    pub words: String,
    /// The same without the word for the role, where that stands by itself: "Pipe".
    pub thing: String,
    /// What it is in the catalogue of trades; empty where the catalogue does not know it.
    pub trades: Vec<&'static Trade>,
    /// What it is by `data/names.tsv` and `data/trades*.tsv`, where the catalogue does not know it, or only as something wider.
    pub named: Vec<&'static Names>,
    /// For whom it is: hotels in "software for hotels".
    pub customers: Vec<&'static Trade>,
    /// What they do with it: the maker in "pipe manufacturers".
    pub role: Option<&'static Role>,
}

impl Activity {
    /// An activity in words, with what the catalogue knows of it.
    #[must_use]
    pub fn of(words: &str, language: LanguageCode) -> Self {
        let mut asked = Asked::read(words, Some(language));
        asked.trades.retain(|trade| !is_left_out(&trade.id));
        Self {
            words: words.to_owned(),
            thing: words.to_owned(),
            trades: asked.trades,
            named: Vec::new(),
            customers: asked.customers,
            role: asked.role,
        }
    }

    /// Finds out what words are that the judging knows and the catalogue does not.
    pub(super) fn look_up(&mut self, language: LanguageCode) {
        // Insurance brokers are more exact than insurance, which the catalogue finds in their name.
        let whole = crate::judging::named_whole(&self.words, language);
        if !whole.iter().any(|id| self.trades.iter().any(|trade| trade.id == *id)) {
            self.named = whole.into_iter().filter_map(Names::of).collect();
        }
        if !self.named.is_empty() {
            self.trades.clear();
            return;
        }
        let ids = crate::judging::concepts(&self.words, language);
        // The catalogue knows the bakery in "bakery machines", and not the machines.
        self.trades.retain(|trade| !ids.iter().any(|id| crate::judging::is_namesake(id, &trade.id)));
        if !self.trades.is_empty() {
            // A brewery's beer is exact, that it is a drink too is not.
            let ids: Vec<&str> = self.trades.iter().map(|trade| trade.id.as_str()).collect();
            self.trades.sort_by_key(|trade| crate::judging::is_family_of_any(&trade.id, &ids));
            return;
        }
        for id in ids {
            if let Some(trade) = trades::all().iter().find(|trade| trade.id == id) {
                self.trades.push(trade);
            } else if let Some(names) = Names::of(id) {
                self.named.push(names);
            }
        }
    }

    /// The trades of the vocabulary that it names, by their ids.
    #[must_use]
    pub fn ids(&self, language: LanguageCode) -> Vec<&'static str> {
        let known = self.trades.iter().map(|trade| trade.id.as_str()).chain(self.named.iter().map(|names| names.id));
        known.chain(crate::judging::concepts(&self.words, language)).collect()
    }

    /// Whether no vocabulary has it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.trades.is_empty() && self.named.is_empty()
    }

    /// Whether the catalogue knows anything of it.
    pub(super) fn is_known(&self) -> bool {
        !self.trades.is_empty() || self.role.is_some()
    }
}

/// Words that stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Run {
    pub(super) fn words<'a>(&self, text: &'a str, tokens: &[Token]) -> &'a str {
        let start = tokens.get(self.from).map_or(0, |token| token.start);
        let end = self.to.checked_sub(1).and_then(|at| tokens.get(at)).map_or(start, |token| token.end);
        text.get(start..end).unwrap_or_default()
    }

    /// Without the small words at its edges; `None` when nothing else is left.
    pub(super) fn trimmed(self, tokens: &[Token], marks: &Marks, is_activity: bool) -> Option<Self> {
        const FRONT: [Does; 14] = [
            Does::Request,
            Does::Filler,
            Does::In,
            Does::Near,
            Does::Of,
            Does::To,
            Does::And,
            Does::Or,
            Does::With,
            Does::That,
            Does::AtLeast,
            Does::AtMost,
            Does::Between,
            Does::Until,
        ];
        const BACK: [Does; 11] = [
            Does::Request,
            Does::Filler,
            Does::In,
            Does::Near,
            Does::Of,
            Does::To,
            Does::And,
            Does::Or,
            Does::With,
            Does::That,
            Does::Founded,
        ];
        let (mut from, mut to) = (self.from, self.to);
        loop {
            let small = marks.longest(from, &FRONT).map(|(_, length)| length).filter(|length| from + length <= to);
            let is_name = |at: usize| marks.role(at).is_some();
            let counted = tokens
                .get(from)
                .is_some_and(|token| token.number().is_some() || token.word.len() == 1 && token.word.is_ascii());
            // "companies that make pumps", "Firmen für Reinigung": the company says nothing where more follows.
            let company =
                Some(marks.length(from, Does::Company)).filter(|length| *length > 0 && is_activity && !is_name(from));
            let rest = company.map(|length| from + length).filter(|rest| {
                *rest < to
                    && marks.is_any(
                        *rest,
                        &[
                            Does::Make,
                            Does::That,
                            Does::To,
                            Does::In,
                            Does::Request,
                            Does::With,
                            Does::Filler,
                            Does::Near,
                        ],
                    )
            });
            let make = Some(marks.length(from, Does::Make)).filter(|length| {
                let is_said = from > self.from || *length > 1 || marks.length_before(from, Does::That) > 0;
                *length > 0 && is_activity && from + length < to && is_said
            });
            let step =
                small.filter(|_| !is_name(from)).or(make).or(counted.then_some(1)).or(rest.map(|rest| rest - from));
            match step {
                Some(step) if from + step < to || small.is_some() || counted => from += step.max(1),
                _ => break,
            }
            if from >= to {
                return None;
            }
        }
        while to > from {
            let last = to - 1;
            let is_sign = tokens.get(last).is_some_and(|token| !token.word.chars().any(char::is_alphanumeric));
            let small = BACK.iter().map(|does| marks.length_before(to, *does)).max().unwrap_or(0);
            let is_request = small > 0 && marks.role(last).is_none();
            if is_sign {
                to = last;
            } else if is_request && to - small >= from {
                to -= small;
            } else if is_activity && marks.length_before(to, Does::Make) > 0 && is_verb_last(tokens, marks, from, to) {
                to -= marks.length_before(to, Does::Make);
            } else {
                break;
            }
        }
        // Companies as such are nothing that they do.
        let all_company = (from..to).all(|at| {
            marks.is_any(at, &[Does::Company, Does::Filler, Does::Make, Does::Request, Does::Large, Does::Small])
                && marks.role(at).is_none()
        });
        (from < to && !(all_company && is_activity)).then_some(Self { from, to })
    }
}

/// "… die Pumpen herstellen": the verb at the end of a German clause.
fn is_verb_last(tokens: &[Token], marks: &Marks, from: usize, to: usize) -> bool {
    let has_more = to - from > 1;
    has_more && tokens.get(to - 1).is_some_and(|token| !token.is_capital) && marks.role(to - 1).is_none()
}

/// Cuts words at "or", at commas and where something else stood between them.
pub(super) fn runs(tokens: &[Token], marks: &Marks, counts: impl Fn(usize) -> bool, splits: &[Does]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    while at < tokens.len() {
        let is_counted = counts(at);
        let is_break = tokens.get(at).is_some_and(|token| matches!(token.gap, Gap::Break | Gap::Minus));
        if let Some(from) = open.filter(|_| !is_counted || is_break) {
            out.push(Run { from, to: at });
            open = None;
        }
        if !is_counted {
            at += 1;
            continue;
        }
        if let Some((_, length)) = marks.longest(at, splits) {
            if let Some(from) = open.take() {
                out.push(Run { from, to: at });
            }
            at += length;
            continue;
        }
        open.get_or_insert(at);
        at += 1;
    }
    out.extend(open.map(|from| Run { from, to: tokens.len() }));
    out
}
