//! What else a query asks: size, year of foundation, language, certificates.

use std::sync::LazyLock;

use cmes_types::LanguageCode;

use super::words::{Does, Gap, Marks, Token};
use super::{Wanted, What};

mod certificates;

/// A condition and the words that say it.
pub(super) struct Read {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) what: What,
    /// The words are taken out of what the companies do.
    pub(super) is_taken: bool,
}

/// Employees of companies by the words for their size: the European Union's bounds (2003/361/EC), and
/// up to 499 for the German Mittelstand (Institut für Mittelstandsforschung).
const SIZES: &[(Does, Option<u32>, Option<u32>)] = &[
    (Does::Startup, None, Some(100)),
    (Does::Sme, None, Some(249)),
    (Does::Midsize, Some(50), Some(499)),
    (Does::Small, None, Some(49)),
    (Does::Micro, None, Some(9)),
    (Does::Large, Some(250), None),
];
/// Years that are years.
const YEARS: std::ops::RangeInclusive<u32> = 1700..=2100;
/// Most employees that are read.
const MOST: u32 = 10_000_000;

/// Everything that is told by numbers and fixed words.
pub(super) fn read(text: &str, tokens: &[Token], marks: &Marks) -> Vec<Read> {
    let reading = Reading { text, tokens, marks };
    let mut out: Vec<Read> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let read = reading
            .certificate(at)
            .or_else(|| reading.founded(at))
            .or_else(|| reading.employees(at))
            .or_else(|| reading.language(at))
            .or_else(|| reading.size(at));
        match read {
            Some(read) => {
                at = read.to.max(at + 1);
                out.push(read);
            }
            None => at += 1,
        }
    }
    out
}

pub(super) struct Reading<'a> {
    text: &'a str,
    tokens: &'a [Token],
    marks: &'a Marks,
}

impl Reading<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.word.as_str())
    }

    fn is_joined(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.gap != Gap::Break)
    }

    /// A number with its thousands, and where it ends: "1,000", "1.000", "1 000".
    fn number(&self, at: usize) -> Option<(u32, usize)> {
        let first = self.tokens.get(at)?;
        let (mut number, mut to) = (first.number()?, at + 1);
        while let Some(next) = self.tokens.get(to) {
            let before = self.tokens.get(to - 1)?;
            let between = self.text.get(before.end..next.start)?;
            let is_group = next.word.len() == 3 && next.word.bytes().all(|byte| byte.is_ascii_digit());
            let is_first = number < 1_000 && number > 0 || to > at + 1;
            if !(is_group && is_first && matches!(between, "," | "." | "'" | "’" | "\u{a0}" | "\u{202f}" | " ")) {
                break;
            }
            number = number.checked_mul(1_000)?.checked_add(next.word.parse().ok()?)?;
            to += 1;
        }
        (number <= MOST).then_some((number, to))
    }

    /// "more than 50 employees", "50-200 Mitarbeiter", "従業員50人以上".
    fn employees(&self, at: usize) -> Option<Read> {
        let mut start = at;
        let mut is_named = false;
        // Words for employees in front, as in Japanese and "staff: 50+".
        if self.marks.is(start, Does::Employees) && !self.word(start).is_ascii()
            || self.number(at + 1).is_some() && self.marks.is(at, Does::Employees)
        {
            is_named = true;
            start += self.marks.length(start, Does::Employees);
        }
        let bounds = [Does::AtLeast, Does::AtMost, Does::Between];
        let (bound, length) =
            self.marks.longest(start, &bounds).map_or((None, 0), |(does, length)| (Some(does), length));
        let (first, mut to) = self.number(start + length)?;
        let (mut least, mut most) = match bound {
            Some(Does::AtLeast) => (Some(first), None),
            Some(Does::AtMost) => (None, Some(first)),
            _ => (None, None),
        };
        let is_range_mark = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| token.gap == Gap::Hyphen || token.gap == Gap::Break && self.is_dash(at))
        };
        let until = self.marks.length(to, Does::Until);
        if let Some((second, end)) =
            self.number(to).filter(|_| is_range_mark(to)).or_else(|| self.number(to + until).filter(|_| until > 0))
        {
            (least, most, to) = (Some(first.min(second)), Some(first.max(second)), end);
        }
        if YEARS.contains(&first) && first > 1_900 && bound.is_some() && !self.marks.is(to, Does::Employees) {
            return None;
        }
        // Signs and words behind: "+", "or more", and the word for employees, in either order.
        for _ in 0..3 {
            if let Some((does, length)) = self.marks.longest(to, &[Does::OrMore, Does::OrFewer]) {
                if does == Does::OrMore {
                    (least, most) = (Some(first), None);
                } else {
                    (least, most) = (None, Some(first));
                }
                to += length;
            } else if self.marks.is(to, Does::Employees) && !is_named {
                is_named = true;
                to += self.marks.length(to, Does::Employees);
            } else if self.marks.is(to, Does::Employees)
                && self.tokens.get(to).is_some_and(|token| token.gap == Gap::Joined)
            {
                to += 1;
            }
        }
        if !is_named {
            return None;
        }
        if (least, most) == (None, None) {
            // "with 50 employees" is about as many.
            (least, most) = (Some(first / 2), Some(first.saturating_mul(2)));
        }
        Some(Read { from: at, to, what: What::Employees(least, most), is_taken: true })
    }

    fn is_dash(&self, at: usize) -> bool {
        let between = at.checked_sub(1).and_then(|last| {
            let (last, next) = (self.tokens.get(last)?, self.tokens.get(at)?);
            self.text.get(last.end..next.start)
        });
        between.is_some_and(|between| matches!(between.trim(), "-" | "–" | "—" | ".." | "..." | "~"))
    }

    /// "founded after 2015", "seit 1990".
    fn founded(&self, at: usize) -> Option<Read> {
        let mut to = at;
        let mut is_named = false;
        for _ in 0..2 {
            let length = self.marks.length(to, Does::Founded);
            is_named |= length > 0;
            to += length;
        }
        // Japanese and Turkish have the year first; elsewhere the word does.
        let kinds = [Does::After, Does::Before, Does::Since, Does::Between, Does::AtLeast];
        let (kind, length) = self.marks.longest(to, &kinds).map_or((None, 0), |(does, length)| (Some(does), length));
        if !is_named && kind != Some(Does::Since) {
            return None;
        }
        to += length;
        while self.marks.is_any(to, &[Does::In, Does::Filler])
            && self.is_joined(to)
            && self.number(to).is_none()
            && to < at + 8
        {
            to += 1;
        }
        let year = |at: usize| self.tokens.get(at).and_then(Token::number).filter(|year| YEARS.contains(year));
        let first = year(to)?;
        // "since" alone may stand before any number.
        if !is_named && self.marks.is(to + 1, Does::Employees) {
            return None;
        }
        to += 1;
        let second = (self.marks.is(to, Does::Until)
            || self.tokens.get(to).is_some_and(|token| token.gap == Gap::Hyphen))
        .then(|| year(to + usize::from(self.marks.is(to, Does::Until))))
        .flatten();
        let (from, until) = match (kind, second) {
            (_, Some(second)) => (Some(first.min(second)), Some(first.max(second))),
            (Some(Does::After), _) => (Some(first + 1), None),
            (Some(Does::Before), _) => (None, Some(first - 1)),
            (Some(Does::Since | Does::AtLeast), _) => (Some(first), None),
            _ => (Some(first), Some(first)),
        };
        if second.is_some() {
            to += 1 + usize::from(self.marks.is(to, Does::Until));
        }
        let short = |year: Option<u32>| year.and_then(|year| u16::try_from(year).ok());
        Some(Read { from: at, to, what: What::Founded(short(from), short(until)), is_taken: true })
    }

    /// "English-speaking", "deutschsprachig", "qui parlent anglais".
    fn language(&self, at: usize) -> Option<Read> {
        let word = self.word(at);
        let code = LANGUAGES.iter().find_map(|(stem, is_whole, code)| {
            let fits = if *is_whole { word == stem } else { word.starts_with(stem.as_str()) };
            fits.then_some(*code)
        })?;
        // One word says both: "deutschsprachig", "francophone", "англоязычные".
        let says_itself = ["sprach", "sprech", "phon", "fon", "язычн", "hablant", "talig", "parlant"]
            .iter()
            .any(|part| word.find(part).is_some_and(|found| found > 2));
        let (mut from, mut to) = (at, at + 1);
        let mut is_spoken = says_itself;
        let behind = self.marks.length(to, Does::Speak);
        if behind > 0 && self.is_joined(to) && !self.marks.is(to, Does::In) {
            is_spoken = true;
            to += behind;
        }
        // "speak English", "website in English", "на английском языке", "с английским языком".
        for _ in 0..3 {
            let speak = self.marks.length_before(from, Does::Speak);
            let of = self.marks.length_before(from, Does::Of).max(self.marks.length_before(from, Does::In));
            if speak > 0 && self.is_joined(from) {
                from -= speak;
                is_spoken = true;
            } else if !is_spoken
                && of > 0
                && self.is_joined(from)
                && self.marks.length_before(from - of, Does::Speak) > 0
            {
                from -= of;
            } else {
                break;
            }
        }
        if !is_spoken {
            return None;
        }
        for does in [Does::That, Does::With] {
            from -= self.marks.length_before(from, does).min(from);
        }
        Some(Read { from, to, what: What::Language(code), is_taken: true })
    }

    /// "SMEs", "Mittelstand", "large companies", "startups".
    fn size(&self, at: usize) -> Option<Read> {
        // "Software for SMEs" says who its customers are.
        let before = |does: Does| self.marks.length_before(at, does) > 0 && self.is_joined(at);
        if at > 0
            && (before(Does::To)
                || before(Does::Make) && self.marks.length_before(at, Does::Make) == 1 && self.is_for(at - 1))
        {
            return None;
        }
        let (does, length) = self
            .marks
            .longest(at, &[Does::Sme, Does::Startup, Does::Midsize, Does::Micro, Does::Small, Does::Large])?;
        let to = at + length;
        // "Small" alone may be said of what they make.
        let is_of_companies = || {
            let ahead = |at: usize| {
                let company =
                    (at..at + 3).take_while(|at| self.is_joined(*at)).any(|at| self.marks.is(at, Does::Company));
                company || self.marks.role(at).is_some()
            };
            let behind = at > 0 && self.marks.is(at - 1, Does::Company);
            let is_size_itself = !self.word(at).is_ascii()
                && self.word(at).chars().next().is_some_and(cmes_extract::fold::is_unspaced)
                || matches!(
                    self.word(at),
                    "konzerne" | "grossunternehmen" | "multinationals" | "tpe" | "kleinunternehmen" | "kleinbetriebe"
                );
            ahead(to) || behind || is_size_itself
        };
        let is_sure = matches!(does, Does::Sme | Does::Startup | Does::Midsize | Does::Micro);
        if !is_sure && !is_of_companies() {
            return None;
        }
        let (_, least, most) = SIZES.iter().find(|(known, ..)| *known == does)?;
        Some(Read {
            from: at,
            to,
            what: What::Employees(*least, *most),
            is_taken: does != Does::Startup && does != Does::Micro,
        })
    }

    fn is_for(&self, at: usize) -> bool {
        matches!(self.word(at), "for" | "fur" | "pour" | "para" | "per" | "voor" | "dla" | "для")
    }
}

/// The words of a condition, as a condition.
pub(super) fn wanted(text: &str, tokens: &[Token], read: &Read, is_excluded: bool) -> Wanted {
    let start = tokens.get(read.from).map_or(0, |token| token.start);
    let end = read.to.checked_sub(1).and_then(|at| tokens.get(at)).map_or(start, |token| token.end);
    let words = text.get(start..end).unwrap_or_default().to_owned();
    Wanted { words, what: read.what.clone(), is_excluded, is_mere: false }
}

/// Beginnings of the names of languages, the longest first, with whether they are whole words.
static LANGUAGES: LazyLock<Vec<(String, bool, LanguageCode)>> = LazyLock::new(|| {
    let file = include_str!("../../data/languages.tsv");
    let mut out = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let Some((code, stems)) = line.split_once('\t') else { continue };
        let Ok(code) = code.parse() else { continue };
        for stem in stems.split(',') {
            let whole = stem.strip_suffix('_');
            out.push((cmes_extract::places::fold(whole.unwrap_or(stem)), whole.is_some(), code));
        }
    }
    out.sort_by_key(|(stem, ..)| std::cmp::Reverse(stem.len()));
    out
});
