//! The stem of an Arabic word: without what is written together with it.
//!
//! Conjunction, preposition and article stand in front of a word without a space, pronouns behind it. A light stemmer takes
//! these and the endings of number and gender away and leaves what is inside of the word alone (after light10 of Larkey,
//! Ballesteros and Connell 2007, "Light stemming for Arabic Information Retrieval", which leaves single prepositions and
//! most pronouns in place). Snowball's stemmer leaves more forms apart: it found less, with an index a tenth larger.

/// With the article, the longest first.
const ARTICLES: [&str; 5] = ["بال", "كال", "فال", "لل", "ال"];
/// With and for. ("As" and the sign of the future are the first letters of more words than they are put before.)
const PREPOSITIONS: [&str; 2] = ["ب", "ل"];
/// Their, her, our, your.
const PRONOUNS: [&str; 5] = ["هما", "هم", "ها", "نا", "كم"];
/// Of number and gender; the letter that ends feminine words is folded to that of a pronoun.
const ENDINGS: [&str; 8] = ["ان", "ات", "ون", "ين", "يه", "وا", "ه", "ي"];
/// Of case, and of the feminine before another ending.
const LAST: [&str; 2] = ["ا", "ت"];

/// The stem of a [folded](super::forms::folded) word.
pub(crate) fn stem(word: &str) -> &str {
    let word = without(word, str::strip_prefix, &["و"], 3);
    let bare = without(word, str::strip_prefix, &ARTICLES, 2);
    let bare = if bare.len() == word.len() { without(word, str::strip_prefix, &PREPOSITIONS, 4) } else { bare };
    [&PRONOUNS[..], &ENDINGS, &LAST].iter().fold(bare, |word, parts| without(word, str::strip_suffix, parts, 3))
}

/// A word without the first of some parts that it has and that leaves so many letters.
fn without<'a>(
    word: &'a str,
    strip: fn(&'a str, &'static str) -> Option<&'a str>,
    parts: &[&'static str],
    left: usize,
) -> &'a str {
    let mut stripped = parts.iter().filter_map(|part| strip(word, part));
    stripped.find(|rest| rest.chars().count() >= left).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        let check = |forms: &[&str], expected: &str| {
            forms.iter().for_each(|form| assert_eq!(stem(form), expected, "{form}"));
        };
        check(&["مضخه", "المضخه", "والمضخه", "بالمضخه", "للمضخه", "مضخات", "المضخات", "بمضخه"], "مضخ");
        check(&["كتاب", "الكتاب", "وكتاب", "كتابهم", "كتابها", "كتابنا", "بكتاب"], "كتاب");
        check(&["مهندس", "المهندسون", "مهندسين", "والمهندسين", "للمهندس"], "مهندس");
    }

    #[test]
    fn short_words_stay_as_they_are() {
        for word in ["", "و", "ال", "ولد", "باب", "ماء", "هنا", "pump"] {
            assert_eq!(stem(word), word);
        }
    }
}
