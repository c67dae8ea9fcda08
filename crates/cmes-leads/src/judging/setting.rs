//! How words are meant, by what stands around them (`data/setting.txt`).

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_extract::fold::fold;

/// How words are meant, by what stands around them.
pub(crate) struct Setting {
    /// All words for those whom something is for: texts without one, most of them, are told by one pass.
    any_audience: AhoCorasick,
    /// All words that deny.
    any_not: AhoCorasick,
    audience: Vec<String>,
    audience_behind: Vec<String>,
    who: Vec<String>,
    not: Vec<String>,
    only: Vec<String>,
    usage: AhoCorasick,
    others: AhoCorasick,
    own: Vec<String>,
    sections: Vec<String>,
    idle: Vec<String>,
    joining: Vec<String>,
    heads: Vec<String>,
    verbs: Vec<String>,
    firms: Vec<String>,
    makes: Vec<String>,
    selling: Vec<String>,
    selling_to: Vec<String>,
    abroad: AhoCorasick,
    everywhere: AhoCorasick,
}

pub(crate) static SETTING: LazyLock<Setting> = LazyLock::new(|| {
    let mut lists: HashMap<&str, Vec<String>> = HashMap::new();
    for line in include_str!("../../data/setting.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((kind, phrases)) = line.split_once(':') else { continue };
        let phrases = phrases.split(',').map(|phrase| fold(&phrase.trim().replace('_', " ")));
        lists.entry(kind).or_default().extend(phrases.filter(|phrase| !phrase.trim().is_empty()));
    }
    let mut take = |kind: &str| lists.remove(kind).unwrap_or_default();
    let finder = |list: Vec<String>| AhoCorasick::new(list).expect("some hundred short phrases are within the limits");
    let (audience, audience_behind, who, selling) = (take("for"), take("behind"), take("who"), take("sell"));
    let not = take("not");
    let any_audience = audience.iter().chain(&audience_behind).chain(&who).chain(&selling).cloned().collect();
    Setting {
        any_audience: finder(any_audience),
        any_not: finder(not.clone()),
        audience,
        audience_behind,
        who,
        not,
        only: take("only"),
        usage: finder(take("use")),
        others: finder(take("others")),
        own: take("own"),
        sections: take("section"),
        idle: take("idle"),
        joining: take("or"),
        heads: take("head"),
        verbs: take("verb"),
        firms: take("firm"),
        makes: take("make"),
        selling,
        selling_to: take("to"),
        abroad: finder(take("abroad")),
        everywhere: finder(take("everywhere")),
    }
});

impl Setting {
    /// Words before those whom something is for, and behind them.
    pub(crate) fn for_whom(&self) -> (&[String], &[String]) {
        (&self.audience, &self.audience_behind)
    }

    /// Where a clause about those whom something is for begins and ends: "who makes springs, knows our machines".
    pub(crate) fn who_clause(&self, part: &str) -> Option<(usize, usize)> {
        let from = self.who.iter().filter_map(|word| part.find(word.as_str())).min()?;
        let length = part.get(from..)?.find(", ")?;
        Some((from, from + length))
    }

    /// Whether a text may name those whom something is for.
    pub(crate) fn may_have_audience(&self, folded: &str) -> bool {
        self.any_audience.is_match(folded)
    }

    /// Whether a word before "for" says that what follows is the company's own field.
    pub(crate) fn is_own_field(&self, word: &str) -> bool {
        self.own.iter().any(|own| word == own || own.len() > 6 && word.ends_with(own.as_str()))
    }

    /// Whether a word of a query says nothing.
    pub(crate) fn is_idle(&self, word: &str) -> bool {
        self.idle.iter().any(|idle| idle == word)
    }

    /// Ends of compounds that name what a company does with the rest of the word.
    pub(crate) fn heads(&self) -> &[String] {
        &self.heads
    }

    /// Whether an English word in `s` behind a noun is a verb or says nothing more, rather than what the noun is for.
    pub(crate) fn is_verb(&self, word: &str) -> bool {
        self.verbs.iter().any(|verb| verb == word)
    }

    /// Whether the rest of a compound names a company of its first part: the practice in "Zahnarztpraxis"; of goods
    /// also what is made of them: the systems in "Rohrsysteme".
    pub(crate) fn is_company_of(&self, rest: &str, is_good: bool) -> bool {
        // "Loodgietersbedrijf": letters that join the parts of a compound.
        let joined = ["", "s", "n", "en", "es", "er", "e"];
        let begins = |list: &[String]| {
            let mut rests = joined.iter().filter_map(|letters| rest.strip_prefix(letters));
            rests.any(|rest| list.iter().any(|word| rest.starts_with(word.as_str())))
        };
        begins(&self.firms) || is_good && begins(&self.makes)
    }

    /// Whether a word is one for a company, its people or what it does.
    pub(crate) fn is_firm(&self, word: &str) -> bool {
        self.firms.iter().any(|firm| word.starts_with(firm.as_str()))
    }

    /// Where a part of a sentence names those to whom something is sold: "sells linen to hotels".
    pub(crate) fn sold_to(&self, part: &str) -> Option<usize> {
        let verb =
            self.selling.iter().filter_map(|word| part.find(word.as_str()).map(|at| at + word.len() - 1)).min()?;
        let behind = part.get(verb..)?;
        self.selling_to.iter().filter_map(|word| behind.find(word.as_str())).min().map(|at| verb + at)
    }

    /// Whether a word joins two things.
    pub(crate) fn is_joining(&self, word: &str) -> bool {
        self.joining.iter().any(|joining| joining == word)
    }

    /// Whether a text tells what a company uses, buys or serves.
    pub(crate) fn is_usage(&self, folded: &str) -> bool {
        self.usage.is_match(folded)
    }

    /// Whether a text speaks of what is sold or delivered elsewhere.
    pub(crate) fn is_abroad(&self, folded: &str) -> bool {
        self.abroad.is_match(folded)
    }

    /// Whether a text speaks of all the world or of a continent.
    pub(crate) fn is_everywhere(&self, folded: &str) -> bool {
        self.everywhere.is_match(folded)
    }

    /// Whether makers or dealers that a text names are others.
    pub(crate) fn is_of_others(&self, folded: &str) -> bool {
        self.others.is_match(folded)
    }

    /// Whether a heading begins with words for customers, partners or news.
    pub(crate) fn begins_section(&self, folded: &str) -> bool {
        self.sections.iter().any(|words| {
            folded.strip_prefix(words.as_str()).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        })
    }

    /// Whether a line about a certificate says that there is none.
    pub(crate) fn not_certified(&self, folded: &str) -> bool {
        let denies = self.not.iter().any(|word| folded.contains(word.as_str()));
        denies && !self.only.iter().any(|word| folded.contains(word.as_str()))
    }

    /// Whether the part of a sentence around a place denies what it says.
    pub(crate) fn is_denied(&self, folded: &str, at: usize) -> bool {
        if folded.starts_with(' ') && !self.any_not.is_match(folded) {
            return false;
        }
        let (from, to) = clause(folded, at);
        let part = folded.get(from..to).unwrap_or_default();
        let denies = self.not.iter().any(|word| part.contains(word.as_str()) || part.starts_with(word.trim_start()));
        denies && !self.only.iter().any(|word| part.contains(word.as_str()))
    }
}

/// The part of a sentence around a place: between commas, stops and "but".
fn clause(text: &str, at: usize) -> (usize, usize) {
    const BREAKS: &[&str] = &[
        ". ",
        "! ",
        "? ",
        "; ",
        ": ",
        ", ",
        "。",
        "、",
        "，",
        " but ",
        " sondern ",
        " aber ",
        " mais ",
        " sino ",
        " pero ",
        " ma ",
        " mas ",
        " maar ",
        " ale ",
        " lecz ",
        " но ",
        " а ",
        " | ",
        " - ",
    ];
    let before = text.get(..at).unwrap_or_default();
    let behind = text.get(at..).unwrap_or_default();
    let from = BREAKS.iter().filter_map(|mark| before.rfind(mark).map(|found| found + mark.len() - 1)).max();
    let to = BREAKS.iter().filter_map(|mark| behind.find(mark)).min().map_or(text.len(), |found| at + found);
    let from = from.unwrap_or(0);
    (text.floor_char_boundary(from), text.floor_char_boundary(to))
}
