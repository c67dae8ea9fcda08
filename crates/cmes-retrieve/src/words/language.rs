//! Which language a text is in, by its function words.
//!
//! They are half of the words of any text, and the same look-up says which words
//! of a question carry little meaning. On the questions of XQuAD (a line each) this was right
//! where recognition by groups of three letters took one of eleven English ones for Danish or Afrikaans.

use std::collections::HashMap;
use std::sync::LazyLock;

use snowball_stemmers_rs::Algorithm;

use super::forms;
use super::segment::{Segment, segments};

/// A language: its place in the list of those with known function words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Language(u8);

/// A set of languages, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Languages(u64);

/// How many languages there can be.
const MOST: usize = 64;

/// The languages of each function word, which is in lower case.
static FUNCTION_WORDS: LazyLock<HashMap<&'static str, Languages>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Languages> = HashMap::new();
    for language in Language::all() {
        for word in stop_words::lookup(language.code()).unwrap_or_default() {
            table.entry(word).or_default().insert(language);
        }
    }
    table
});

impl Language {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..stop_words::available_languages().len().min(MOST)).filter_map(|place| u8::try_from(place).ok()).map(Self)
    }

    /// Its code of two letters (ISO 639-1).
    pub(crate) fn code(self) -> &'static str {
        stop_words::available_languages().get(usize::from(self.0)).copied().unwrap_or_default()
    }

    /// Its stemmer: of every language for which Snowball has one, but Arabic, which has one of [its own](super::arabic).
    pub(crate) fn stemmer(self) -> Option<Algorithm> {
        Some(match self.code() {
            "ca" => Algorithm::Catalan,
            "cs" | "sk" => Algorithm::Czech,
            "da" => Algorithm::Danish,
            "de" => Algorithm::German,
            "el" => Algorithm::Greek,
            "en" => Algorithm::English,
            "eo" => Algorithm::Esperanto,
            "es" => Algorithm::Spanish,
            "et" => Algorithm::Estonian,
            "eu" => Algorithm::Basque,
            "fa" => Algorithm::Persian,
            "fi" => Algorithm::Finnish,
            "fr" => Algorithm::French,
            "ga" => Algorithm::Irish,
            "hi" => Algorithm::Hindi,
            "hr" => Algorithm::Serbian,
            "hu" => Algorithm::Hungarian,
            "hy" => Algorithm::Armenian,
            "id" | "ms" => Algorithm::Indonesian,
            "it" => Algorithm::Italian,
            "lt" => Algorithm::Lithuanian,
            "nl" | "af" => Algorithm::Dutch,
            "no" => Algorithm::Norwegian,
            "pl" => Algorithm::Polish,
            "pt" => Algorithm::Portuguese,
            "ro" => Algorithm::Romanian,
            "ru" => Algorithm::Russian,
            "st" => Algorithm::Sesotho,
            "sv" => Algorithm::Swedish,
            "tr" => Algorithm::Turkish,
            "uk" => Algorithm::Ukrainian,
            _ => return None,
        })
    }
}

impl Languages {
    pub(crate) fn insert(&mut self, language: Language) {
        self.0 |= 1 << language.0;
    }

    pub(crate) fn contains(self, language: Language) -> bool {
        self.0 & (1 << language.0) != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a language is in both.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl FromIterator<Language> for Languages {
    fn from_iter<I: IntoIterator<Item = Language>>(languages: I) -> Self {
        let mut set = Self::default();
        languages.into_iter().for_each(|language| set.insert(language));
        set
    }
}

/// The languages in which a word, in lower case, says little by itself.
pub(crate) fn of_function_word(lower: &str) -> Languages {
    FUNCTION_WORDS.get(lower).copied().unwrap_or_default()
}

/// How many function words of each language a text has.
#[derive(Clone, Debug)]
pub(crate) struct Tally([u16; MOST]);

impl Tally {
    pub(crate) fn new() -> Self {
        Self([0; MOST])
    }

    /// Counts a word, given as the languages in which it is a function word.
    pub(crate) fn add(&mut self, languages: Languages) {
        let mut left = languages.0;
        while left != 0 {
            if let Some(count) = self.0.get_mut(left.trailing_zeros() as usize) {
                *count = count.saturating_add(1);
            }
            left &= left - 1;
        }
    }

    /// The language with most; none of a text without function words. Between equals the one of which more words are known.
    pub(crate) fn best(&self) -> Option<Language> {
        let known = |language: &Language| stop_words::lookup(language.code()).unwrap_or_default().len();
        Language::all()
            .filter(|language| self.of(*language) > 0)
            .max_by_key(|language| (self.of(*language), known(language)))
    }

    /// The languages that the text may be in: those with at least half as many function words as the best.
    /// All, when it has none: of a code or a lone noun nobody knows.
    pub(crate) fn likely(&self) -> Languages {
        let most = self.0.iter().copied().max().unwrap_or(0);
        Language::all().filter(|language| self.of(*language) * 2 > most || most == 0).collect()
    }

    fn of(&self, language: Language) -> u16 {
        self.0.get(usize::from(language.0)).copied().unwrap_or(0)
    }
}

/// The language of a normalised text.
pub(crate) fn recognised(text: &str) -> Option<Language> {
    tally(text).best()
}

/// The function words of a normalised text. One that is mostly in a script without spaces is in the language of
/// that script: the foreign words in it say nothing.
pub(crate) fn tally(text: &str) -> Tally {
    let mut tally = Tally::new();
    let mut words = 0;
    let mut pairs: [(&str, usize); 4] = [("zh", 0), ("ja", 0), ("ko", 0), ("th", 0)];
    segments(text, |segment| match segment {
        Segment::Word(word) => {
            tally.add(of_function_word(&forms::lower(word)));
            words += 1;
        }
        Segment::Pair(pair) => {
            let code = match pair.chars().next().map_or(0, u32::from) {
                0x0e00..=0x0e7f => "th",
                0x3040..=0x30ff => "ja",
                0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7ff => "ko",
                _ => "zh",
            };
            pairs.iter_mut().filter(|(of, _)| *of == code).for_each(|(_, count)| *count += 1);
        }
        Segment::Number(_) | Segment::Joined(_) => {}
    });
    let all: usize = pairs.iter().map(|(_, count)| count).sum();
    if all <= words {
        return tally;
    }
    // Japanese has Chinese letters too, Chinese no Japanese ones.
    let is_of = |(code, count): &&(&str, usize)| *count * if *code == "ja" { 4 } else { 2 } > all;
    let script = pairs.iter().rev().find(is_of).map(|(code, _)| *code);
    let mut tally = Tally::new();
    tally.add(Language::all().filter(|language| Some(language.code()) == script).collect());
    tally
}
