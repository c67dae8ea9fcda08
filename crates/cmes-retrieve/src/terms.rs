//! What texts are about: their most telling words.

use std::collections::HashMap;

use crate::words::forms;
use crate::words::language::{Language, of_function_word, recognised};
use crate::words::segment::{Segment, normalised, segments};

/// Most words that are kept of an article, and given of a base.
pub const MOST: usize = 60;

/// Fewest letters of a word, and of one that is written in capitals.
const SHORTEST: usize = 3;
const SHORTEST_CAPITALS: usize = 2;

/// Longest name with hyphens.
const LONGEST_NAME: usize = 30;

/// The telling words of a text with their counts, most frequent first, earlier ones first among equals; at most [`MOST`].
/// Words with one stem count as one, in the form that is most frequent.
#[must_use]
pub fn of_text(text: &str) -> Vec<(String, u32)> {
    let text = normalised(text);
    let language = recognised(&text);
    let mut stems: HashMap<String, usize> = HashMap::new();
    let mut terms: Vec<Vec<(String, u32)>> = Vec::new();
    for word in candidates(&text, language) {
        let mut stem = String::new();
        forms::stemmed(&word, language, &mut stem);
        let place = *stems.entry(stem).or_insert(terms.len());
        if place == terms.len() {
            terms.push(Vec::new());
        }
        let Some(forms) = terms.get_mut(place) else { continue };
        match forms.iter_mut().find(|(form, _)| *form == word) {
            Some((_, count)) => *count += 1,
            None => forms.push((word, 1)),
        }
    }
    let mut counts: Vec<(String, u32)> = terms
        .into_iter()
        .filter_map(|forms| {
            let count = forms.iter().map(|(_, count)| count).sum();
            // The first of the most frequent.
            let form = forms.into_iter().rev().max_by_key(|(_, count)| *count)?;
            Some((form.0, count))
        })
        .collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(MOST);
    counts
}

/// The words that may be telling, in lower case, in their order.
fn candidates(text: &str, language: Option<Language>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    // Those that come again are words as a rule.
    let mut pairs: HashMap<&str, u32> = HashMap::new();
    // Which of the words and numbers so far were taken.
    let mut run: Vec<bool> = Vec::new();
    let english = Language::all().find(|language| language.code() == "en");
    segments(text, |segment| match segment {
        Segment::Word(word) => {
            let lower = forms::lower(word);
            let functions = of_function_word(&lower);
            let is_function = [language, english].into_iter().flatten().any(|language| functions.contains(language));
            let letters = word.chars().count();
            let is_capitals = letters >= SHORTEST_CAPITALS && word.chars().all(char::is_uppercase);
            let is_taken = !is_function && (letters >= SHORTEST || is_capitals);
            if is_taken {
                words.push(lower.into_owned());
            }
            run.push(is_taken);
        }
        Segment::Number(_) => run.push(false),
        Segment::Joined(name) => {
            // A name with hyphens takes the place of its parts.
            let parts = name.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()).count();
            let is_name = name.contains('-')
                && name.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
                && name.chars().any(char::is_alphabetic)
                && name.chars().count() <= LONGEST_NAME;
            if is_name {
                let from = run.len().saturating_sub(parts);
                let taken = run.iter().skip(from).filter(|is_taken| **is_taken).count();
                words.truncate(words.len() - taken.min(words.len()));
                words.push(name.to_lowercase());
            }
        }
        Segment::Pair(pair) => {
            *pairs.entry(pair).or_default() += 1;
        }
    });
    let again = pairs.into_iter().filter(|(pair, count)| *count > 1 && of_function_word(pair).is_empty());
    let mut again: Vec<(&str, u32)> = again.collect();
    again.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    words.extend(again.into_iter().flat_map(|(pair, count)| std::iter::repeat_n(pair.to_owned(), count as usize)));
    words
}

/// The key terms of several texts (each by [`of_text`]), most telling first: what is in many texts counts more than what
/// is often in one.
#[must_use]
pub fn joined(texts: &[Vec<(String, u32)>]) -> Vec<String> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut weights: Vec<(&str, f64)> = Vec::new();
    for (word, count) in texts.iter().flatten() {
        let place = *places.entry(word).or_insert(weights.len());
        if place == weights.len() {
            weights.push((word, 0.0));
        }
        if let Some((_, weight)) = weights.get_mut(place) {
            *weight += f64::from(*count).ln_1p();
        }
    }
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    weights.into_iter().take(MOST).map(|(word, _)| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{joined, of_text};

    fn terms(text: &str) -> String {
        joined(&[of_text(text)]).join(" ")
    }

    #[test]
    fn the_telling_words_are_left() {
        let text =
            "C-MES is a collaborative manufacturing execution system. The software product C-MES runs everywhere.";
        assert!(terms(text).starts_with("c-mes collaborative manufacturing execution"), "{}", terms(text));
        assert_eq!(terms("Die Pumpe und die Pumpen sind aus Edelstahl."), "pumpe edelstahl");
        assert_eq!(terms("Насос и насосы из стали"), "насос стали");
        assert!(
            terms("水泵需要保养。水泵的保养很重要。").starts_with("保养 水泵"),
            "{}",
            terms("水泵需要保养。水泵的保养很重要。")
        );
        assert_eq!(terms(""), "");
    }

    #[test]
    fn what_is_in_many_texts_comes_first() {
        let texts = [of_text("valve valve valve valve"), of_text("pump"), of_text("pump"), of_text("pump pump pump")];
        assert_eq!(joined(&texts), ["pump", "valve"]);
    }
}
