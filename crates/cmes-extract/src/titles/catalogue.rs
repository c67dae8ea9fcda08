//! The catalogue of titles as it is read from its files.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use cmes_types::LanguageCode;

use super::items::normal;
use crate::fold::{fold, is_unspaced};

macro_rules! files {
    ($($code:literal)*) => {
        [$(($code, include_str!(concat!("../../data/titles/", $code, ".txt")))),*]
    };
}

/// A language each.
static FILES: &[(&str, &str)] = &files!(
    "ar" "bg" "ca" "cs" "da" "de" "el" "en" "es" "et" "fa" "fi" "fr" "he" "hi" "hr" "hu" "id" "it" "ja" "ko" "lt" "lv"
    "nl" "no" "pl" "pt" "ro" "ru" "sk" "sl" "sv" "th" "tr" "uk" "vi" "zh"
);

/// Languages whose words are put together without a blank.
const COMPOUNDING: [&str; 12] = ["de", "nl", "sv", "da", "no", "fi", "et", "hu", "ja", "zh", "ko", "th"];

/// An entry of the catalogue: where it stands among all.
pub(super) type Id = u16;

/// What words stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Meaning {
    /// A whole position: managing director.
    Position(Id),
    /// What one is in a function: head, specialist.
    Rank(Id),
    /// What one works at: sales.
    Function(Id),
    /// A rank in a function that has a name of its own: plant manager.
    Ranked(Id, Id),
    /// Senior, deputy.
    Modifier(Id),
    Region(Id),
    /// Between rank and function: of, for.
    Link,
    /// Beside a function, without telling more: department.
    Department,
    And,
}

/// Whom a word says to be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Masculine,
    Feminine,
    /// The office rather than who holds it: "Leitung".
    Neutral,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Sense {
    pub meaning: Meaning,
    pub gender: Option<Gender>,
}

/// How one language names an entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forms {
    pub masculine: Option<&'static str>,
    pub feminine: Option<&'static str>,
    pub neutral: Option<&'static str>,
    /// As it stands with something else: a function after a rank.
    pub complement: Option<&'static str>,
    pub genitive: Option<&'static str>,
    /// With `{l}` for a function's name, `{x}` for its complement, `{p}` for what a modifier stands
    /// with and `{g}` for the genitive of that.
    pub pattern: Pattern,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pattern {
    pub masculine: Option<&'static str>,
    pub feminine: Option<&'static str>,
    pub neutral: Option<&'static str>,
    pub genitive: Option<&'static str>,
}

/// Letters that a language is written with, as far as titles need telling apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Other,
}

impl Script {
    /// Of the first letter that is no ASCII; Latin where there is none.
    pub(super) fn of(text: &str) -> Self {
        let letter = text.chars().find(|c| c.is_alphabetic() && !c.is_ascii());
        match letter.unwrap_or('a') {
            '\u{80}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | 'a' => Self::Latin,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{590}'..='\u{5ff}' => Self::Hebrew,
            '\u{600}'..='\u{6ff}' => Self::Arabic,
            _ => Self::Other,
        }
    }
}

/// The words and names of one language.
#[derive(Debug)]
pub(super) struct Language {
    pub code: LanguageCode,
    pub script: Script,
    /// Whether titles can be given in it.
    pub is_target: bool,
    pub is_compounding: bool,
    /// Whether it puts no blank between words.
    pub is_unspaced: bool,
    /// What joins two titles or two functions.
    pub and: &'static str,
    /// Senses of words and phrases, folded, blanks between words.
    phrases: HashMap<String, Vec<Sense>>,
    /// Words of the longest phrase.
    pub longest: usize,
    forms: HashMap<Meaning, Forms>,
}

impl Language {
    pub(super) fn senses(&self, phrase: &str) -> &[Sense] {
        self.phrases.get(phrase).map_or(&[], Vec::as_slice)
    }

    #[cfg(test)]
    pub(super) fn meanings(&self) -> impl Iterator<Item = &Meaning> {
        self.forms.keys()
    }

    pub(super) fn forms(&self, meaning: Meaning) -> Option<&Forms> {
        self.forms.get(&meaning)
    }
}

static CATALOGUE: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let mut ids = HashMap::new();
    let names: HashSet<&str> = FILES.iter().flat_map(|(_, file)| file.lines().filter_map(id_of)).collect();
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    for (id, name) in (0..).zip(names) {
        ids.insert(name, id);
    }
    FILES.iter().filter_map(|(code, file)| read(code, file, &ids)).collect()
});

/// The catalogue's words of a language.
pub(super) fn of(language: LanguageCode) -> Option<&'static Language> {
    let code = match language.as_str() {
        "nb" | "nn" => "no",
        "sr" | "bs" => "hr",
        code => code,
    };
    all().find(|known| known.code.as_str() == code)
}

pub(super) fn all() -> impl Iterator<Item = &'static Language> {
    CATALOGUE.iter()
}

fn id_of(line: &'static str) -> Option<&'static str> {
    let (id, _) = line.split_once(" = ")?;
    (!id.contains('.')).then_some(id)
}

fn read(code: &str, file: &'static str, ids: &HashMap<&'static str, Id>) -> Option<Language> {
    let mut language = Language {
        code: code.parse().ok()?,
        script: Script::Other,
        is_target: file.contains("[regions]"),
        is_compounding: COMPOUNDING.contains(&code),
        is_unspaced: matches!(code, "ja" | "zh" | "th"),
        and: "&",
        phrases: HashMap::new(),
        longest: 1,
        forms: HashMap::new(),
    };
    language.phrases.insert("&".to_owned(), vec![Sense { meaning: Meaning::And, gender: None }]);
    let mut section = "";
    for line in file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if line.starts_with('[') {
            section = line;
            continue;
        }
        let (id, items) = line.split_once(" = ").unwrap_or(("", line));
        let meaning = match (section, id.split_once('.')) {
            ("[links]", _) => Meaning::Link,
            ("[and]", _) => Meaning::And,
            ("[departments]", _) => Meaning::Department,
            (_, Some((rank, function))) => Meaning::Ranked(*ids.get(rank)?, *ids.get(function)?),
            ("[positions]", _) => Meaning::Position(*ids.get(id)?),
            ("[ranks]", _) => Meaning::Rank(*ids.get(id)?),
            ("[functions]", _) => Meaning::Function(*ids.get(id)?),
            ("[modifiers]", _) => Meaning::Modifier(*ids.get(id)?),
            _ => Meaning::Region(*ids.get(id)?),
        };
        language.add(meaning, items);
    }
    language.script = Script::of(&language.phrases.keys().map(String::as_str).collect::<String>());
    if language.script == Script::Other {
        language.is_unspaced |= language.phrases.keys().any(|phrase| phrase.chars().any(is_unspaced));
    }
    Some(language)
}

impl Language {
    fn add(&mut self, meaning: Meaning, items: &'static str) {
        let items: Vec<&'static str> = items.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
        // The first name and what belongs to it are what is written; the others are known.
        let mut group = 0;
        for (index, item) in items.iter().enumerate() {
            let (gender, rest) = if let Some(rest) = item.strip_prefix('~') {
                (Some(Gender::Feminine), rest)
            } else if let Some(rest) = item.strip_prefix('=') {
                (Some(Gender::Neutral), rest)
            } else {
                group += usize::from(!item.starts_with(['@', '+', '^']));
                let is_pair = items.get(index + 1).is_some_and(|next| next.starts_with('~'));
                (is_pair.then_some(Gender::Masculine), *item)
            };
            let forms = self.forms.entry(meaning).or_default();
            if let Some(genitive) = rest.strip_prefix('^') {
                match genitive.strip_prefix('@') {
                    Some(pattern) => forms.pattern.genitive = Some(pattern),
                    None => {
                        forms.genitive.get_or_insert(genitive);
                        self.learn(genitive, meaning, None);
                    }
                }
                continue;
            }
            if let Some(pattern) = rest.strip_prefix('@') {
                let place = match gender {
                    Some(Gender::Feminine) => &mut forms.pattern.feminine,
                    Some(Gender::Neutral) => &mut forms.pattern.neutral,
                    _ => &mut forms.pattern.masculine,
                };
                place.get_or_insert(pattern);
                continue;
            }
            if let Some(complement) = rest.strip_prefix('+') {
                forms.complement.get_or_insert(complement);
                self.learn(complement, meaning, None);
                continue;
            }
            let place = match gender {
                Some(Gender::Feminine) => &mut forms.feminine,
                Some(Gender::Neutral) => &mut forms.neutral,
                _ => &mut forms.masculine,
            };
            if group == 1 {
                place.get_or_insert(rest);
            }
            if meaning == Meaning::And && self.and == "&" {
                self.and = rest;
            }
            self.learn(rest, meaning, gender);
        }
    }

    fn learn(&mut self, words: &str, meaning: Meaning, gender: Option<Gender>) {
        let phrase = normal(&fold(words));
        self.longest = self.longest.max(phrase.split(' ').count());
        let senses = self.phrases.entry(phrase).or_default();
        if !senses.iter().any(|known| known.meaning == meaning) {
            senses.push(Sense { meaning, gender });
        }
    }
}
