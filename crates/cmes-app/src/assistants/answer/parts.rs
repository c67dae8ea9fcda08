//! Figures belong to what stands around them. In "The warranty on pumps is five years, on controllers two years" each has
//! its part, and a model that takes the other one invents; and the 15 of "iOS 15" is no price.

use cmes_extract::fold::fold;
use cmes_extract::grounding::number_word;
use cmes_extract::sentences;

use super::values;
use super::words::{Words, codes, is_function, telling, tokens};

/// What stands between parts, beside commas and semicolons.
const BETWEEN: &[&str] = &[
    " and ", " or ", " und ", " oder ", " et ", " ou ", " y ", " o ", " e ", " en ", " of ", " i ", " lub ", " и ",
    " или ", " та ", " або ", " ve ", " veya ",
];
/// Numbers that are ordinary words elsewhere.
const SMALL: &[(&str, &str)] = &[
    ("one", "1"),
    ("two", "2"),
    ("ein", "1"),
    ("eine", "1"),
    ("zwei", "2"),
    ("un", "1"),
    ("une", "1"),
    ("deux", "2"),
    ("uno", "1"),
    ("una", "1"),
    ("dos", "2"),
    ("due", "2"),
    ("dois", "2"),
    ("duas", "2"),
    ("twee", "2"),
    ("dwa", "2"),
    ("dwie", "2"),
    ("один", "1"),
    ("одна", "1"),
    ("два", "2"),
    ("две", "2"),
];

/// A figure with its unit, the word behind it.
#[derive(Debug, PartialEq, Eq)]
struct Figure {
    value: String,
    unit: String,
}

/// A part of a sentence.
struct Part {
    words: Words,
    telling: Vec<String>,
    figures: Vec<Figure>,
}

impl Part {
    fn of(text: &str) -> Self {
        Self { words: Words::of(text), telling: telling(text), figures: figures(text) }
    }

    fn figure(&self, unit: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| is_same(&figure.unit, unit))
    }
}

/// Whether each figure of a sentence has the unit that it has there, and stands in the part that the sentence speaks of,
/// or else the question.
pub(super) fn fits(sentence: &str, question: &str, texts: &[&str]) -> bool {
    let said = figures(sentence);
    if !said.iter().all(|figure| has_unit(figure, texts)) {
        return false;
    }
    let (words, asked) = (Words::of(sentence), Words::of(question));
    texts.iter().all(|text| {
        let lines = text.lines().filter(|line| !line.contains(" | "));
        let sentences: Vec<Vec<Part>> = lines.flat_map(sentences::split).map(parts).collect();
        said.iter().all(|figure| {
            let is_right_within = sentences.iter().all(|parts| {
                let rivals: Vec<&Part> = parts.iter().filter(|part| part.figure(&figure.unit).is_some()).collect();
                rivals.len() < 2 || is_right(figure, &said, &rivals, &words) && is_right(figure, &said, &rivals, &asked)
            });
            is_right_within && !is_of_another(figure, &said, &sentences, &[&words, &asked])
        })
    })
}

/// Whether a figure stands in one part of a text, and these words name another one that has its own figure of that unit:
/// "Within Germany it costs 9.90 EUR. To Austria it is 14.90 EUR and to Switzerland 32 EUR." A part is named by what
/// stands nowhere else in the text; the price that is asked for names none.
fn is_of_another(figure: &Figure, said: &[Figure], sentences: &[Vec<Part>], words: &[&Words]) -> bool {
    let all: Vec<&Part> = sentences.iter().flatten().collect();
    let is_named = |part: &Part| {
        let own = part.telling.iter().filter(|word| values::of_word(word).is_none() && value_of(word).is_none());
        let mut own = own.filter(|word| all.iter().filter(|other| other.words.has(word)).count() == 1);
        own.any(|word| words.iter().any(|words| words.has(word)))
    };
    let has_it = |parts: &&Vec<Part>| {
        parts.iter().any(|part| part.figure(&figure.unit).is_some_and(|known| known.value == figure.value))
    };
    let is_unsaid = |part: &Part| {
        let value = part.figure(&figure.unit).map(|figure| &figure.value);
        value.is_some_and(|value| !said.iter().any(|one| is_same(&one.unit, &figure.unit) && one.value == *value))
    };
    // Within a sentence, others may be named by words that later parts leave out.
    let (own, others): (Vec<&Vec<Part>>, Vec<&Vec<Part>>) = sentences.iter().partition(has_it);
    !own.is_empty()
        && !own.into_iter().flatten().any(is_named)
        && others.into_iter().flatten().any(|part| is_unsaid(part) && is_named(part))
}

/// Whether a figure has its unit beside it in these texts. Where they do not use the unit, or not the figure, nobody can tell.
fn has_unit(figure: &Figure, texts: &[&str]) -> bool {
    let (mut has_value, mut has_unit) = (false, false);
    for text in texts {
        let words: Vec<&str> = text.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let Some(value) = value_of(word) else { continue };
            let beside = [at.checked_sub(1), at.checked_add(1)].into_iter().flatten().filter_map(|at| words.get(at));
            let is_there = beside.filter_map(|word| unit_of(word)).any(|unit| is_same(&unit, &figure.unit));
            let is_value = value == figure.value;
            if is_there && is_value {
                return true;
            }
            has_unit |= is_there;
            has_value |= is_value;
        }
    }
    !(has_value && has_unit)
}

/// Whether a figure is that of the part that these words name. A later part leaves out what the first one says ("on
/// controllers two years"): the words of the first name it only where no later one is named.
fn is_right(figure: &Figure, said: &[Figure], rivals: &[&Part], words: &Words) -> bool {
    let value = |part: &Part| part.figure(&figure.unit).map(|figure| figure.value.clone()).unwrap_or_default();
    let Some(own) = rivals.iter().position(|part| value(part) == figure.value) else { return true };
    let is_named = |at: usize| {
        let others = || rivals.iter().enumerate().filter(|(other, _)| *other != at);
        rivals.get(at).is_some_and(|part| {
            let own = part.telling.iter().filter(|word| !others().any(|(_, other)| other.words.has(word)));
            // The figure itself names nothing.
            let is_figure = |word: &String| value_of(word).is_some_and(|digits| value(part).contains(&digits));
            own.filter(|word| !is_figure(word)).any(|word| words.has(word))
        })
    };
    let is_said = |part: &Part| said.iter().any(|one| is_same(&one.unit, &figure.unit) && one.value == value(part));
    rivals
        .iter()
        .enumerate()
        .filter(|(at, part)| *at != own && !is_said(part) && is_named(*at))
        .all(|(at, _)| at < own && is_named(own))
}

/// Singular and plural are one unit.
fn is_same(unit: &str, other: &str) -> bool {
    unit == other || unit.len().min(other.len()) >= 3 && (unit.starts_with(other) || other.starts_with(unit))
}

/// The parts of a sentence that have a figure; one without any is a part.
fn parts(sentence: &str) -> Vec<Part> {
    let mut plain = sentence.replace(", ", "\n").replace("; ", "\n");
    for words in BETWEEN {
        plain = plain.replace(words, "\n");
    }
    let mut parts: Vec<Part> = plain.split('\n').map(Part::of).collect();
    if parts.iter().all(|part| part.figures.is_empty()) {
        return vec![Part::of(sentence)];
    }
    parts.retain(|part| !part.figures.is_empty());
    parts
}

fn figures(text: &str) -> Vec<Figure> {
    let words: Vec<&str> = text.split_whitespace().collect();
    // What stands behind the number of a product ("NP 200 costs") is no unit.
    let codes: Vec<String> = codes(text).iter().filter_map(|(_, shown)| value_of(shown.rsplit(' ').next()?)).collect();
    let figure = |(value, unit): (&&str, &&str)| Some(Figure { value: value_of(value)?, unit: unit_of(unit)? });
    let figures = words.iter().zip(words.iter().skip(1)).filter_map(figure);
    figures.filter(|figure| !codes.contains(&figure.value)).collect()
}

/// A word that may be a unit: one that says something.
fn unit_of(word: &str) -> Option<String> {
    let unit = fold(tokens(word).next()?);
    (unit.chars().all(char::is_alphabetic) && !is_function(&unit)).then_some(unit)
}

fn value_of(word: &str) -> Option<String> {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        return (!word.chars().any(char::is_alphabetic)).then_some(digits);
    }
    let folded = fold(tokens(word).next()?);
    let small = || SMALL.iter().find(|(known, _)| *known == folded).map(|(_, value)| *value);
    number_word(&folded).or_else(small).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_belong_to_their_parts() {
        let warranty = "The warranty on all pumps is five years, on controllers two years. Keep the invoice.";
        let hoses = "Hoses with 25 mm cost 3.20 EUR per metre, those with 50 mm cost 6.90 EUR per metre.";
        let shipping = "To Austria it is 14.90 EUR and to Switzerland 32 EUR.";
        let rental = "The NP 200 can be rented for 38 EUR a day or 190 EUR a week.";
        for (text, sentence, expected) in [
            (warranty, "The warranty on a controller is five years.", false),
            (warranty, "The warranty on a controller is two years.", true),
            (warranty, "The warranty on a controller is 2 years.", true),
            (warranty, "The warranty on pumps is two years.", false),
            (warranty, "The warranty on pumps is five years.", true),
            (warranty, "The warranty is five years on pumps and two years on controllers.", true),
            (hoses, "Hoses with 50 mm cost 3.20 EUR.", false),
            (hoses, "Hoses with 50 mm cost 6.90 EUR per metre.", true),
            (hoses, "Hoses with 25 mm cost 3.20 EUR per metre.", true),
            (shipping, "Shipping to Switzerland costs 14.90 EUR.", false),
            (shipping, "Shipping to Switzerland costs 32 EUR.", true),
            (shipping, "Shipping to Austria costs 14.90 EUR.", true),
            (rental, "It can be rented for 38 EUR a day.", true),
            (rental, "It costs 38 EUR a week.", false),
            ("The NP 100 costs 349 EUR. The NP 200 lifts more.", "The NP 200 costs 349 EUR.", true),
            ("It costs 410 EUR. The app runs on iOS 15 or later.", "Collecting costs 15 EUR.", false),
            ("Es kostet 410 EUR, die Abholung EUR 15.", "Die Abholung kostet 15 EUR.", true),
            (rental, "A week costs 190 EUR.", true),
        ] {
            assert_eq!(fits(sentence, "", &[text]), expected, "{sentence}");
        }
        let all = format!("Shipping costs\nShipping within Germany costs 9.90 EUR. {shipping} We deliver with DHL.");
        for (asked, sentence, expected) in [
            ("What does delivery to Switzerland cost?", "9.90 EUR", false),
            ("What does delivery to Switzerland cost?", "32 EUR", true),
            ("What does delivery to Austria cost?", "Delivery costs 9.90 EUR.", false),
            ("What does shipping cost?", "Shipping within Germany costs 9.90 EUR.", true),
            ("What does delivery to Poland cost?", "Shipping within Germany costs 9.90 EUR.", true),
            ("Switzerland?", "It is 9.90 EUR within Germany and 32 EUR to Switzerland.", true),
        ] {
            assert_eq!(fits(sentence, asked, &[&all]), expected, "{asked} {sentence}");
        }
        let asked = "How long is the warranty on a controller?";
        assert!(fits("Two years.", asked, &[warranty]) && !fits("Five years.", asked, &[warranty]));
    }
}
