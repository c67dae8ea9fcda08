//! Whether a written sentence says only what its material says.
//!
//! A language model writes well and invents easily. Every sentence of it is
//! held against the material: its numbers, its names, its places, the claims
//! that are easily added ("leading", "certified"), and, where material and
//! sentence are in one language, its words. What fails is not sent.
//!
//! The check errs on the side of dropping: a sentence that is right, but says
//! it in words that stand nowhere, is lost, and the next one says enough.

use std::collections::HashSet;

use cmes_types::LanguageCode;

use crate::fold::{fold, is_unspaced};
use crate::places::Country;

mod claims;
mod instructions;
mod names;
mod numbers;
#[cfg(test)]
mod tests;

pub use instructions::is_instruction;
pub use numbers::number_word;

use claims::Claim;

/// What a sentence says beyond its material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A number that stands nowhere.
    Number(String),
    /// A name that stands nowhere.
    Name(String),
    /// A country that is neither named nor the company's.
    Place(String),
    /// Praise or a certificate that the material does not give.
    Claim(String),
    /// A link, mailbox or telephone number, which texts have no business to hold.
    Contact,
    /// It speaks to a machine, as instructions hidden in pages do.
    Instruction,
    /// Too few of its words stand in the material.
    Unsupported,
    /// Words of the material's language in a text of another one.
    Untranslated(String),
}

impl Fault {
    /// What is wrong, without the words, which may be somebody's name.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Name(_) => "name",
            Self::Place(_) => "place",
            Self::Claim(_) => "claim",
            Self::Contact => "contact",
            Self::Instruction => "instruction",
            Self::Unsupported => "unsupported",
            Self::Untranslated(_) => "untranslated",
        }
    }
}

/// Texts that sentences may rest on, prepared for many questions.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    numbers: HashSet<String>,
    /// Beginnings of words, folded; see [`Ground::has_word`].
    beginnings: HashSet<String>,
    /// Pairs of letters in scripts without blanks.
    pairs: HashSet<[char; 2]>,
    /// Names as they stand, their letters alone.
    run: String,
    claims: HashSet<Claim>,
    countries: HashSet<Country>,
    language: Option<LanguageCode>,
}

/// Words from this length on count as content; shorter ones hold a sentence together.
const CONTENT: usize = 5;
/// The shortest beginning by which two forms of a word are known to be one.
const STEM: usize = 4;
/// Letters of two words from which on they are no accident.
const COPIED: usize = 9;
/// The share of content words, in percent, that has to stand in the material.
const SUPPORT: usize = 50;

impl Ground {
    /// From texts, most of them in this language; what is said to a machine in
    /// them supports nothing.
    #[must_use]
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>, language: Option<LanguageCode>) -> Self {
        let mut ground = Self { language, ..Self::default() };
        for text in texts {
            ground.extend(text);
        }
        ground
    }

    /// More text to rest on.
    pub fn extend(&mut self, text: &str) {
        for sentence in crate::sentences::split(text) {
            if !is_instruction(sentence) {
                self.add(sentence);
            }
        }
    }

    /// A country that the company is known to be in.
    pub fn add_country(&mut self, country: Country) {
        self.countries.insert(country);
    }

    fn add(&mut self, text: &str) {
        self.numbers.extend(numbers::of(text).into_iter().flat_map(|number| number.readings));
        let folded = fold(text);
        for word in words(&folded) {
            let mut end = 0;
            for (count, c) in word.chars().enumerate() {
                end += c.len_utf8();
                if count + 1 >= STEM {
                    self.beginnings.extend(word.get(..end).map(str::to_owned));
                }
            }
        }
        self.pairs.extend(pairs(&folded));
        self.run.push_str(&letters(&folded));
        self.run.push(' ');
        self.claims.extend(claims::of(&folded).into_iter().map(|(claim, _)| claim));
        self.countries.extend(countries(text).map(|(country, _)| country));
    }

    /// What a sentence in this language says that the material does not. Words
    /// are compared when it is the material's language too.
    #[must_use]
    pub fn faults(&self, sentence: &str, language: LanguageCode) -> Vec<Fault> {
        let mut faults = Vec::new();
        if is_instruction(sentence) {
            faults.push(Fault::Instruction);
        }
        if has_contact(sentence) {
            faults.push(Fault::Contact);
        }
        let numbers = numbers::of(sentence).into_iter();
        let unknown = numbers.filter(|number| number.readings.iter().all(|reading| !self.numbers.contains(reading)));
        faults.extend(unknown.map(|number| Fault::Number(number.text)));
        let folded = fold(sentence);
        let added = claims::of(&folded).into_iter().filter(|(claim, _)| !self.claims.contains(claim));
        faults.extend(added.map(|(_, words)| Fault::Claim(words.to_owned())));
        for (country, name) in countries(sentence) {
            if !self.countries.contains(&country) {
                faults.push(Fault::Place(name));
            }
        }
        for name in names::of(sentence, language) {
            if !self.has_name(name) && !is_country(name) {
                faults.push(Fault::Name(name.to_owned()));
            }
        }
        if self.language == Some(language) {
            if self.support(&folded) < SUPPORT {
                faults.push(Fault::Unsupported);
            }
        } else if let Some(words) = self.copied(sentence) {
            faults.push(Fault::Untranslated(words));
        }
        faults
    }

    /// Whether the sentence can be sent.
    #[must_use]
    pub fn bears(&self, sentence: &str, language: LanguageCode) -> bool {
        self.faults(sentence, language).is_empty()
    }

    /// Share of the content words, or of the pairs of letters in scripts without
    /// blanks, that stand in the material, in percent.
    fn support(&self, folded: &str) -> usize {
        let content: Vec<&str> = words(folded).filter(|word| word.chars().count() >= CONTENT).collect();
        let pairs: Vec<[char; 2]> = pairs(folded).collect();
        let known = content.iter().filter(|word| self.has_word(word)).count()
            + pairs.iter().filter(|pair| self.pairs.contains(*pair)).count();
        (known * 100).checked_div(content.len() + pairs.len()).unwrap_or(100)
    }

    /// Two ordinary words that stand so in the material, which is in another
    /// language. One alone may be the same in both.
    fn copied(&self, sentence: &str) -> Option<String> {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        let is_plain = |word: &str| word.starts_with(char::is_lowercase) && word.chars().all(char::is_alphabetic);
        let pairs = words.windows(2).filter_map(|pair| {
            if let [a, b] = *pair { Some((a, b.trim_end_matches(['.', ',', ';', ':']))) } else { None }
        });
        let mut plain =
            pairs.filter(|(a, b)| is_plain(a) && is_plain(b) && a.chars().count() + b.chars().count() >= COPIED);
        let copied = plain.find(|(a, b)| self.run.contains(&letters(&fold(&format!("{a}{b}")))));
        copied.map(|(a, b)| format!("{a} {b}"))
    }

    /// Whether a word stands in the material in any of its forms: as far as two
    /// thirds of its letters.
    fn has_word(&self, word: &str) -> bool {
        let length = word.chars().count();
        let needed = (length * 2).div_ceil(3).max(STEM);
        let end = word.char_indices().nth(needed).map_or(word.len(), |(at, _)| at);
        word.get(..end).is_some_and(|beginning| self.beginnings.contains(beginning))
    }

    /// Names bend in many languages (`Hamburgu`), but not at their beginning.
    fn has_name(&self, name: &str) -> bool {
        let folded = fold(name);
        let plain = letters(&folded);
        self.run.contains(&plain) || (plain.chars().count() > STEM && self.has_word(&plain))
    }
}

/// Words of scripts with blanks.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphabetic() || is_unspaced(c)).filter(|word| !word.is_empty())
}

fn letters(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn pairs(folded: &str) -> impl Iterator<Item = [char; 2]> {
    let chars: Vec<char> = folded.chars().collect();
    let pairs: Vec<[char; 2]> = chars
        .windows(2)
        .filter_map(|pair| if let [a, b] = *pair { (is_unspaced(a) && is_unspaced(b)).then_some([a, b]) } else { None })
        .collect();
    pairs.into_iter()
}

/// Countries that a text names, with the words.
fn countries(text: &str) -> impl Iterator<Item = (Country, String)> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '\'' | '’' | '-'))
        .map(|word| word.trim_matches(['.', '\'', '-']))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (1..=4).rev().find_map(|count| {
            let name = words.get(at..at + count)?.join(" ");
            // Short names (`SR`, `us`) are words too.
            if name.chars().filter(|c| c.is_alphabetic()).count() < STEM || name.starts_with(char::is_lowercase) {
                return None;
            }
            Country::from_name(&name).map(|country| (count, country, name))
        });
        match longest {
            Some((count, country, name)) => {
                found.push((country, name));
                at += count;
            }
            None => at += 1,
        }
    }
    found.into_iter()
}

fn is_country(name: &str) -> bool {
    name.chars().count() >= STEM && Country::from_name(name).is_some()
}

/// A link, a mailbox, or digits enough for a telephone number.
fn has_contact(sentence: &str) -> bool {
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    let lower = sentence.to_lowercase();
    lower.contains("://")
        || lower.contains("www.")
        || lower.contains('@')
        || lower.split(|c: char| c.is_alphabetic()).any(|run| digits(run) >= 8)
        || lower.split_whitespace().any(is_domain)
}

/// `example.com`, but neither `Sp.z o.o.` nor the end of a sentence.
fn is_domain(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((name, ending)) = word.rsplit_once('.') else { return false };
    name.len() >= 4
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        && (ending.len() >= 2 && psl::suffix(word.as_bytes()).is_some_and(|suffix| suffix.is_known()))
}
