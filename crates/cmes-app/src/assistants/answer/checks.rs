//! Whether a sentence of a model may be sent.
//!
//! It may when one passage, or those that it names together, hold its figures, codes, names, claims and links, and
//! enough of its words. What the user said supports nothing: else a model that agrees with a wrong price would be right.
//! Links, mailboxes and telephone numbers are taken from articles alone, for these are the owner's own.
//! What is about the machine, and what stands in the owner's instructions and nowhere else, is not sent.

use cmes_extract::facts::language::is_other;
use cmes_extract::fold::{fold, is_unspaced};
use cmes_extract::grounding::{Fault, Ground};
use cmes_types::LanguageCode;

use super::query::search_query;
use super::values;
use super::words::{Words, codes, telling, tokens};
use super::{Material, Origin, Passage, contacts, fit, language, orders, parts, prompt, rows};

/// What is to be done with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It rests on these passages, by their places.
    Kept(Vec<usize>),
    /// It says nothing by itself ("Yes."): it goes with the next one.
    Empty,
    /// It is not sent.
    Dropped(&'static str),
}

/// Share of the telling words, in percent, that has to stand in the passages.
const SUPPORT: usize = 40;
/// A run of so many letters that stands in the instructions is from there; of scripts without blanks, so many signs.
const RUN: usize = 24;
const DENSE_RUN: usize = 8;
/// Share of the best passage's score from which on a sentence in another language may rest on one.
const NEAR: f64 = 0.4;
/// Longer words that stand nowhere are no words.
const LONGEST_WORD: usize = 24;
/// Letters from which on a single word gives the instructions away.
const TELLTALE: usize = 5;

/// What sentences are held against.
pub(super) struct Checker<'a> {
    passages: &'a [Passage],
    texts: Vec<String>,
    words: Vec<Words>,
    languages: Vec<Option<LanguageCode>>,
    asked: &'a str,
    question: Words,
    /// What was searched for, without the value that is asked for: a price says nothing of what it is the price of.
    subject: Vec<String>,
    owner: Words,
    owner_run: String,
    task_run: String,
    language: LanguageCode,
}

impl<'a> Checker<'a> {
    /// For answers in a language from these passages.
    pub(super) fn new(material: &'a Material, passages: &'a [Passage], language: LanguageCode) -> Self {
        let texts: Vec<String> =
            passages.iter().map(|passage| format!("{}\n{}\n{}", passage.name, passage.context, passage.text)).collect();
        Self {
            words: texts.iter().map(|text| Words::of(text)).collect(),
            languages: passages.iter().map(|passage| language::of(&passage.text)).collect(),
            asked: &material.question,
            question: Words::of(&material.question),
            subject: subject(&search_query(&material.question, &material.turns, &material.context)),
            owner: Words::of(&material.system),
            owner_run: run(&material.system),
            task_run: run(prompt::TASK),
            passages,
            texts,
            language,
        }
    }

    /// Whether a sentence may be sent, and on what it rests; `cited` are the places of passages that it names.
    pub(super) fn check(&self, sentence: &str, cited: &[usize]) -> Verdict {
        if orders::is_of_itself(sentence) || sentence.contains(prompt::NO_ANSWER) {
            return Verdict::Dropped("of itself");
        }
        if self.leaks(sentence) {
            return Verdict::Dropped("instructions");
        }
        if is_other(sentence, self.language, None) {
            return Verdict::Dropped("language");
        }
        let plain = without_contacts(sentence);
        let is_empty = telling(&plain).is_empty() && codes(&plain).is_empty() && plain.len() == sentence.len();
        if is_empty && !sentence.chars().any(char::is_numeric) {
            return Verdict::Empty;
        }
        let mut cited: Vec<usize> = cited.iter().copied().filter(|at| *at < self.passages.len()).collect();
        cited.dedup();
        let mut reason = "no passage";
        if !cited.is_empty() {
            match self.fault(sentence, &plain, &cited, true) {
                None => return Verdict::Kept(self.by_use(cited, &plain)),
                Some(fault) => reason = fault,
            }
        }
        let alone = (0..self.passages.len()).filter(|at| match self.fault(sentence, &plain, &[*at], false) {
            None => true,
            Some(fault) => {
                if cited.is_empty() && *at == 0 {
                    reason = fault;
                }
                false
            }
        });
        // Of equals the better found.
        let best = alone.max_by_key(|at| (self.share(&plain, &[*at]), std::cmp::Reverse(*at)));
        best.map_or(Verdict::Dropped(reason), |at| Verdict::Kept(vec![at]))
    }

    /// What a sentence says beyond these passages together.
    fn fault(&self, sentence: &str, plain: &str, at: &[usize], is_cited: bool) -> Option<&'static str> {
        if !self.has_contacts(sentence, at) {
            return Some("contact");
        }
        let has_key = |key: &str| self.of(at).any(|words| words.key.contains(key));
        if codes(plain).iter().any(|(key, _)| !has_key(key)) {
            return Some("code");
        }
        let is_same = at
            .iter()
            .any(|at| self.languages.get(*at).is_none_or(|known| known.is_none_or(|known| known == self.language)));
        let texts = at.iter().filter_map(|at| self.texts.get(*at)).map(String::as_str);
        let ground = Ground::new(texts, is_same.then_some(self.language));
        let faults = ground.faults(plain, self.language);
        // A sentence that says where to write or call has few other words.
        let contacts = contacts::of(sentence).len();
        let counts = |fault: &&Fault| match fault {
            Fault::Contact | Fault::Untranslated(_) => false,
            Fault::Unsupported => contacts == 0,
            _ => true,
        };
        if let Some(fault) = faults.iter().find(counts) {
            return Some(fault.kind());
        }
        let texts: Vec<&str> = at.iter().filter_map(|at| self.texts.get(*at)).map(String::as_str).collect();
        if !rows::fits(plain, self.asked, &texts) {
            return Some("row");
        }
        if !parts::fits(plain, self.asked, &texts) {
            return Some("part");
        }
        let words = telling(plain);
        if words.iter().any(|word| word.chars().count() > LONGEST_WORD && !self.of(at).any(|known| known.has(word))) {
            return Some("no word");
        }
        if (!is_same || contacts > 0) && words.iter().any(|word| self.is_owners(word, at)) {
            return Some("instructions");
        }
        if is_same {
            if !at.iter().any(|at| self.is_about(*at)) {
                return Some("of something else");
            }
            let is_dense = plain.chars().any(is_unspaced);
            let words = words.len().max(1);
            let share = (self.share(plain, at) * words + 100 * 2 * contacts) / (words + 2 * contacts);
            return (!is_dense && share < SUPPORT).then_some("unsupported");
        }
        // Words cannot be compared: it has to be about the question, or about something that has the same name in both.
        let is_asked = words.iter().any(|word| self.question.has(word));
        let has_anchor = words.iter().any(|word| self.of(at).any(|known| known.has(word)));
        if !at.iter().all(|at| self.is_near(*at)) {
            return Some("far");
        }
        (!(has_anchor || is_cited && is_asked)).then_some("no anchor")
    }

    /// Whether a passage was found about as well as the best, and its meaning is near where that is known: others have
    /// figures, too, of something else.
    fn is_near(&self, at: usize) -> bool {
        let articles = self.passages.iter().filter(|passage| passage.origin == Origin::Article);
        let best = articles.map(|passage| passage.score).fold(0.0, f64::max);
        let is_like = |passage: &Passage| passage.nearness.is_none_or(|nearness| nearness >= fit::NEAR);
        self.passages.get(at).is_some_and(|passage| {
            passage.origin == Origin::Attachment || passage.score >= best * NEAR && is_like(passage)
        })
    }

    /// Whether a passage has to do with what was asked: by one of its words, or by its meaning. A small model gives the
    /// figure of the last passage it read as readily as that of the right one.
    fn is_about(&self, at: usize) -> bool {
        let Some((passage, words)) = self.passages.get(at).zip(self.words.get(at)) else { return false };
        passage.origin == Origin::Attachment
            || self.subject.is_empty()
            || passage.nearness.is_some_and(|nearness| nearness >= fit::NEAR)
            || self.subject.iter().any(|word| words.has(word))
    }

    fn of<'b>(&'b self, at: &'b [usize]) -> impl Iterator<Item = &'b Words> {
        at.iter().filter_map(|at| self.words.get(*at))
    }

    /// Share of the telling words that these passages have, in percent.
    fn share(&self, plain: &str, at: &[usize]) -> usize {
        let words: Vec<String> =
            telling(plain).into_iter().filter(|word| !word.chars().all(char::is_numeric)).collect();
        let known = words.iter().filter(|word| self.of(at).any(|known| known.has(word))).count();
        (known * 100).checked_div(words.len()).unwrap_or(100)
    }

    /// Of the passages that are named those that have something to do with it; the most first.
    fn by_use(&self, cited: Vec<usize>, plain: &str) -> Vec<usize> {
        let mut shares: Vec<(usize, usize)> = cited.iter().map(|at| (self.share(plain, &[*at]), *at)).collect();
        shares.sort_by_key(|(share, at)| (std::cmp::Reverse(*share), *at));
        let used: Vec<usize> = shares.iter().filter(|(share, _)| *share > 0).map(|(_, at)| *at).collect();
        if used.is_empty() { cited } else { used }
    }

    fn has_contacts(&self, sentence: &str, at: &[usize]) -> bool {
        let wanted = contacts::of(sentence);
        if wanted.is_empty() {
            return true;
        }
        let articles =
            at.iter().filter_map(|at| self.passages.get(*at)).filter(|passage| passage.origin == Origin::Article);
        let known: Vec<contacts::Contact> =
            articles.flat_map(|passage| contacts::of(&passage.text)).map(|(contact, _)| contact).collect();
        wanted.iter().all(|(contact, _)| known.contains(contact))
    }

    /// Whether a word stands in the owner's instructions and in neither passages nor question.
    fn is_owners(&self, word: &str, at: &[usize]) -> bool {
        word.chars().count() >= TELLTALE
            && self.owner.has(word)
            && !self.of(at).any(|known| known.has(word))
            && !self.question.has(word)
    }

    /// Whether a sentence repeats the instructions, however it is written.
    fn leaks(&self, sentence: &str) -> bool {
        let forward = run(sentence);
        let backward: String = forward.chars().rev().collect();
        let is_there = |part: &str| self.words.iter().any(|words| words.key.contains(part));
        let all: Vec<usize> = (0..self.passages.len()).collect();
        for said in [&forward, &backward] {
            // Short instructions as a whole.
            let is_whole = self.owner_run.chars().count() >= DENSE_RUN
                && said.contains(&self.owner_run)
                && !is_there(&self.owner_run);
            if is_whole {
                return true;
            }
            let chars: Vec<char> = said.chars().collect();
            let size = if chars.iter().any(|c| is_unspaced(*c)) { DENSE_RUN } else { RUN };
            for window in chars.windows(size) {
                let part: String = window.iter().collect();
                let is_instruction = self.owner_run.contains(&part) || self.task_run.contains(&part);
                if is_instruction && !is_there(&part) {
                    return true;
                }
            }
        }
        telling(sentence).iter().filter(|word| self.is_owners(word, &all)).count() >= 2
            || tokens(sentence).any(|word| {
                word.chars().any(|c| c.is_ascii_digit()) && {
                    let word = fold(word);
                    word.chars().count() >= 3 && self.owner.has(&word) && !self.of(&all).any(|known| known.has(&word))
                }
            })
    }
}

fn subject(asked: &str) -> Vec<String> {
    let mut words = values::telling(asked);
    words.retain(|word| values::of_word(word).is_none());
    words
}

/// Letters and digits alone.
fn run(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn without_contacts(sentence: &str) -> String {
    let mut plain = sentence.to_owned();
    for (_, shown) in contacts::of(sentence) {
        plain = plain.replace(shown, " ");
    }
    plain
}
