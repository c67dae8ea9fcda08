//! Job titles in the language of the answer.
//!
//! A catalogue (`data/titles`, a file a language) knows positions, ranks,
//! functions and what stands before them, so that "Leiterin Einkauf", "Jefa de
//! compras" and "Head of Purchasing" are one rank and one function. A title is
//! translated when every word of it is understood; else it stays as the site
//! writes it: half a translation would be worse than none. No model is asked.

use cmes_types::LanguageCode;

use crate::fold::fold;

mod catalogue;
mod items;
mod reading;
#[cfg(test)]
mod tests;
mod writing;

use catalogue::{Language, Script};
use reading::Title;

/// What becomes of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// It is in the language of the answer already.
    AsIs,
    /// In the language of the answer, and the language that its words are of.
    Translated(String, LanguageCode),
    /// Not wholly understood, or the catalogue has no names in that language.
    Unknown,
}

/// Longest title that is looked at, in bytes.
const LONGEST: usize = 200;

/// Whether the catalogue has names of positions in a language.
#[must_use]
pub fn names_in(language: LanguageCode) -> bool {
    catalogue::of(language).is_some_and(|found| found.is_target)
}

/// Whether a model's rendering of a title in another language can be given: a title by our own
/// recogniser, about as long, with no number, sign or name that the original does not have.
#[must_use]
pub fn is_rendering(text: &str, original: &str, names: &[&str]) -> bool {
    let (new, old) = (fold(text), fold(original));
    let has = |c: char| old.contains(c);
    let is_own =
        |c: char| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '\'' | '&' | ',' | '/') || has(c);
    let is_named = names.iter().flat_map(|name| name.split_whitespace()).map(fold).any(|name| {
        name.chars().count() > 3 && new.split_whitespace().any(|word| word == name) && !old.contains(&name)
    });
    crate::facts::people::titles::is_title(text)
        && new.chars().all(is_own)
        && text.chars().count() <= 2 * original.chars().count() + 30
        && text.split_whitespace().count() <= 8
        && !is_named
}

/// Puts a title into the language of an answer. `spoken` is the language of
/// the site; `places` are names that may stand in a title and stay as they are,
/// such as the company's town.
#[must_use]
pub fn translate(title: &str, spoken: Option<LanguageCode>, to: LanguageCode, places: &[&str]) -> Given {
    let Some(target) = catalogue::of(to).filter(|target| target.is_target) else { return Given::Unknown };
    let title = title.trim();
    if title.is_empty() || title.len() > LONGEST {
        return Given::Unknown;
    }
    let folded = fold(title);
    let read = |languages: &[&Language]| reading::read(&folded, languages, places);
    let spoken = spoken.and_then(catalogue::of);
    let english = catalogue::of(LanguageCode::ENGLISH);
    let is_own = spoken.is_some_and(|spoken| spoken.code == target.code);
    // English is written on sites of all languages. A single word may be of both and mean two things.
    let is_english = target.code == LanguageCode::ENGLISH && title.split_whitespace().count() > 1;
    if (is_own || is_english) && read(&[target]).is_some() {
        return Given::AsIs;
    }
    let given = |title: &Title, from: &Language| match writing::write(title, target) {
        Some(text) if fold(&text) == folded => Given::AsIs,
        Some(text) => Given::Translated(text, from.code),
        None => Given::Unknown,
    };
    if let Some(spoken) = spoken.filter(|_| !is_own) {
        if let Some(title) = read(&[spoken]) {
            return given(&title, spoken);
        }
    } else if read(&[target]).is_some() {
        return Given::AsIs;
    }
    if let Some(english) = english
        && let Some(title) = read(&[english])
    {
        return given(&title, english);
    }
    // English words among those of the site: "Leiterin Customer Success".
    if let (Some(spoken), Some(english)) = (spoken, english)
        && let Some(title) = read(&[spoken, english])
    {
        return if is_own { Given::AsIs } else { given(&title, spoken) };
    }
    // Another language, when all that know the words say the same.
    let script = Script::of(&folded);
    let mut found = Given::Unknown;
    for language in catalogue::all().filter(|language| language.script == script) {
        let Some(title) = read(&[language]) else { continue };
        let other = if language.code == target.code { Given::AsIs } else { given(&title, language) };
        let is_same = |one: &Given, other: &Given| match (one, other) {
            (Given::Translated(one, _), Given::Translated(other, _)) => one == other,
            (one, other) => one == other,
        };
        match &found {
            Given::Unknown => found = other,
            known if is_same(known, &other) => {}
            _ => return Given::Unknown,
        }
    }
    found
}
