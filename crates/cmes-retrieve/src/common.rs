//! What questions have in common, and is no part of what they ask.
//!
//! The vectors that embedding models make of questions lie close together: a large part of each says that it is a
//! question, and in which language. With that part, passages in the question's language, and those that sound like
//! questions, are near to every question. It is the mean of a few questions of all kinds (`data/questions.tsv`, the same
//! twelve in each language), and most of it is taken away. On the sets of `docs/quality.md` that
//! finds more in other languages than the question's, and as much in the same.

use crate::words::language::recognised;
use crate::words::segment::normalised;

/// How much is taken away: of more, questions lose what they ask.
const SHARE: f32 = 0.4;

/// Language and question, tab-separated.
const QUESTIONS: &str = include_str!("../data/questions.tsv");

/// What a question's vector without its common part depends on beside the embedder: whoever keeps what was measured with
/// such vectors keeps this with it.
#[must_use]
pub fn version() -> String {
    format!("{SHARE}\n{QUESTIONS}")
}

/// How many each language has.
const OF_LANGUAGE: usize = 12;

/// Questions of all kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Questions {
    /// Their language (ISO 639-1); empty when they are in many.
    pub language: &'static str,
    /// As they are asked.
    pub texts: Vec<&'static str>,
}

/// Questions of all kinds in the language of one; where it has none that is known, one of each language.
#[must_use]
pub fn like(question: &str) -> Questions {
    let language = recognised(&normalised(question)).map_or("", |language| language.code());
    let all: Vec<(&str, &str)> = QUESTIONS.lines().filter_map(|line| line.split_once('\t')).collect();
    let texts: Vec<&str> = all.iter().filter(|(of, _)| *of == language).map(|(_, text)| *text).collect();
    if !texts.is_empty() {
        return Questions { language, texts };
    }
    // Another one of each, so that they ask for different things.
    let of_languages = all.chunks(OF_LANGUAGE).enumerate();
    let texts = of_languages.filter_map(|(place, some)| some.get(place % OF_LANGUAGE)).map(|(_, text)| *text);
    Questions { language: "", texts: texts.collect() }
}

/// The mean of vectors: what they have in common. Empty when they are none, or not of one dimension.
#[must_use]
pub fn mean(vectors: &[Vec<f32>]) -> Vec<f32> {
    let dimension = vectors.first().map_or(0, Vec::len);
    if vectors.iter().any(|vector| vector.len() != dimension) {
        return Vec::new();
    }
    let mut mean = vec![0.0; dimension];
    #[expect(clippy::cast_precision_loss, reason = "there are few")]
    let share = 1.0 / vectors.len() as f32;
    for vector in vectors {
        mean.iter_mut().zip(vector).for_each(|(sum, value)| *sum += share * value);
    }
    mean
}

/// The vector of a question without most of what it has in common with others; as it is when that is of another dimension.
#[must_use]
pub fn without(mut vector: Vec<f32>, common: &[f32]) -> Vec<f32> {
    if vector.len() == common.len() {
        vector.iter_mut().zip(common).for_each(|(value, common)| *value -= SHARE * common);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_in_the_language_of_the_one_that_is_asked() {
        assert_eq!(like("Who is the owner of the house?").texts.len(), OF_LANGUAGE);
        assert_eq!(like("Wer ist der Besitzer des Hauses?").language, "de");
        assert_eq!(like("谁是这座房子的主人").language, "zh");
        // Of a code nobody knows.
        let any = like("4711");
        assert_eq!(any.language, "");
        assert!(any.texts.len() > 20 && any.texts[0].is_ascii() && !any.texts[9].is_ascii(), "{any:?}");
    }

    #[test]
    fn every_language_has_its_questions_and_is_recognised() {
        let lines: Vec<(&str, &str)> = QUESTIONS.lines().filter_map(|line| line.split_once('\t')).collect();
        for of_language in lines.chunks(OF_LANGUAGE) {
            let (language, texts): (Vec<&str>, Vec<&str>) = of_language.iter().copied().unzip();
            assert_eq!(language, [language[0]; OF_LANGUAGE]);
            assert_eq!(like(&texts.join(" ")).language, language[0], "{texts:?}");
        }
    }

    #[test]
    fn what_is_common_is_taken_away() {
        let common = mean(&[vec![1.0, 0.0], vec![1.0, 1.0]]);
        assert_eq!(common, [1.0, 0.5]);
        assert_eq!(without(vec![1.0, 1.0], &common), [0.6, 0.8]);
        assert_eq!(without(vec![1.0], &common), [1.0]);
        assert!(mean(&[]).is_empty());
        assert!(mean(&[vec![1.0], vec![1.0, 2.0]]).is_empty());
    }
}
