//! The words of a passage or question, in the form in which they are compared.
//!
//! What is compared is a hash of a word's form. Ordinary words are hashed together
//! with the language of their passage, names (what is written with a capital),
//! numbers, codes and pairs of letters without it. A question in another language then
//! meets a passage where the two can mean the same, in names and numbers, and
//! not where words only look alike: those did more harm than good when measured.

use std::collections::BTreeMap;

pub(crate) mod forms;
pub(crate) mod language;
pub(crate) mod phrases;
pub(crate) mod segment;

use language::{Language, of_function_word, recognised, tally};
use segment::Segment;

/// Version of the packed form: passages that were packed by another one are packed anew.
pub const VERSION: u32 = 2;

/// Most words of a question that count; the others of a pasted page would say little more.
const MOST_ASKED: usize = 64;

/// Packs the words of a passage for storing: what an [`crate::Index`] needs to
/// know of them, and nothing that could be read again.
#[must_use]
pub fn pack(context: &str, text: &str) -> Vec<u8> {
    let (context, text) = (segment::normalised(context), segment::normalised(text));
    // A text of a few words is in the language of what stands above it.
    let language = recognised(&text).or_else(|| recognised(&context));
    let mut counts: BTreeMap<u32, u8> = BTreeMap::new();
    let mut add = |word: u32| {
        let count = counts.entry(word).or_default();
        *count = count.saturating_add(1);
    };
    if let Some(language) = language {
        add(marker(language));
    }
    let mut form = String::new();
    for text in [&context, &text] {
        segment::segments(text, |segment| {
            form.clear();
            match segment {
                Segment::Word(word) => {
                    let lower = forms::lower(word);
                    let is_name = word.chars().next().is_some_and(|first| !first.is_lowercase());
                    let own = language.filter(|language| !is_name || of_function_word(&lower).contains(*language));
                    own_prefix(own, &mut form);
                    forms::stemmed(&lower, language, &mut form);
                }
                Segment::Number(digits) => forms::number(digits, &mut form),
                Segment::Pair(pair) => form.push_str(pair),
                Segment::Joined(text) => forms::joined(text, &mut form),
            }
            add(hash(&form));
        });
    }
    counts.iter().flat_map(|(word, count)| word.to_le_bytes().into_iter().chain([*count])).collect()
}

fn own_prefix(language: Option<Language>, form: &mut String) {
    if let Some(language) = language {
        form.push_str(language.code());
        form.push(' ');
    }
}

/// The word that every passage in a language has.
pub(crate) fn marker(language: Language) -> u32 {
    hash(&format!("{} ", language.code()))
}

/// What a question asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// Hashes of the forms in which a passage may have it; each is in one term only. An ordinary word
    /// has some of its own in each language, which only passages in that language have.
    pub(crate) forms: Vec<(u32, Option<Language>)>,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    /// A word that says little in the question's language.
    Function,
    /// One between quotation marks.
    Quoted,
    /// An article number, a name of a standard: letters and digits, or several parts with a digit.
    Code,
}

/// The terms of a question to passages in some languages.
pub(crate) fn asked(question: &str, languages: &[Language]) -> Vec<Term> {
    let question = segment::normalised(question);
    let tally = tally(&question);
    let likely = tally.likely();
    let likely_there: Vec<Language> = languages.iter().copied().filter(|language| likely.contains(*language)).collect();
    let mut terms: Vec<Term> = Vec::new();
    let mut form = String::new();
    for (part, is_quoted) in phrases::parts(&question) {
        segment::segments(part, |segment| {
            let mut forms: Vec<(u32, Option<Language>)> = Vec::new();
            let mut add = |form: &mut String, of: Option<Language>| {
                forms.push((hash(form), of));
                form.clear();
            };
            let mut kind = if is_quoted { Kind::Quoted } else { Kind::Word };
            match segment {
                Segment::Word(word) => {
                    let lower = forms::lower(word);
                    for language in &likely_there {
                        own_prefix(Some(*language), &mut form);
                        forms::stemmed(&lower, Some(*language), &mut form);
                        add(&mut form, Some(*language));
                    }
                    if tally.best().is_some() && of_function_word(&lower).meets(likely) {
                        kind = Kind::Function;
                    } else {
                        // As a name, whatever language its passage is in, and in a passage of unknown language.
                        for language in languages.iter().copied().map(Some).chain([None]) {
                            forms::stemmed(&lower, language, &mut form);
                            add(&mut form, None);
                        }
                    }
                }
                Segment::Number(digits) => {
                    forms::number(digits, &mut form);
                    add(&mut form, None);
                }
                Segment::Pair(pair) => {
                    form.push_str(pair);
                    add(&mut form, None);
                }
                Segment::Joined(text) => {
                    forms::joined(text, &mut form);
                    add(&mut form, None);
                    if text.contains(|letter: char| letter.is_ascii_digit()) {
                        kind = Kind::Code;
                    }
                }
            }
            forms.sort_unstable();
            forms.dedup();
            forms.retain(|form| terms.iter().all(|term| !term.forms.contains(form)));
            if !forms.is_empty() && terms.len() < MOST_ASKED {
                terms.push(Term { forms, kind });
            }
        });
    }
    terms
}

/// The words of a packed form with their counts.
pub(crate) fn unpack(packed: &[u8]) -> impl Iterator<Item = (u32, u8)> {
    packed.chunks_exact(5).map(|entry| (u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]), entry[4]))
}

/// FNV-1a of 32 bits (RFC 9923).
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
