//! The words of a passage or question, in the form in which they are compared.
//!
//! What is compared is a hash of a word's form. Words are hashed together with the language of their passage, numbers, codes
//! and pairs of letters without it, and names (what is written with a capital) both ways. A question in another language then
//! meets a passage where the two can mean the same, in names and numbers, and
//! not where words only look alike: those did more harm than good when measured.

use std::collections::BTreeMap;
use std::sync::LazyLock;

mod arabic;
pub(crate) mod forms;
pub(crate) mod language;
pub(crate) mod phrases;
pub(crate) mod segment;

use language::{Language, of_function_word, recognised, tally};
use segment::Segment;

/// Version of the packed form: passages that were packed by another one are packed anew.
pub const VERSION: u32 = 3;

/// Most words of a question that count; the others of a pasted page would say little more.
const MOST_ASKED: usize = 64;

/// Packs the words of a passage for storing: what an [`crate::Index`] needs to
/// know of them, and nothing that could be read again.
#[must_use]
pub fn pack(context: &str, text: &str) -> Vec<u8> {
    pack_marked(context, text, &[])
}

/// The same of a passage that also has these marks: names, given by who packs it, of what it is about. They are found
/// by [`crate::search_marked`] alone, and never by words.
#[must_use]
pub fn pack_marked(context: &str, text: &str, marks: &[&str]) -> Vec<u8> {
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
    marks.iter().for_each(|mark| add(of_mark(mark)));
    let mut form = String::new();
    for text in [&context, &text] {
        segment::segments(text, |segment| {
            form.clear();
            match segment {
                Segment::Word(word) => {
                    let lower = forms::lower(word);
                    own_prefix(language, &mut form);
                    let prefix = form.len();
                    forms::stemmed(&lower, language, &mut form);
                    let is_function = language.is_some_and(|language| of_function_word(&lower).contains(language));
                    if is_capital(word) && !is_function {
                        add(hash(form.get(prefix..).unwrap_or_default()));
                    }
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

/// What stands before the form of an ordinary word.
fn own_prefix(language: Option<Language>, form: &mut String) {
    form.push_str(language.map_or("?", Language::code));
    form.push(' ');
}

/// Whether a word is written as names are; in scripts without capitals each is.
fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(|first| !first.is_lowercase())
}

/// The word that every passage in a language has.
fn marker(language: Language) -> u32 {
    hash(&format!("{} ", language.code()))
}

/// What stands for a mark. (Forms with a blank have a language's two letters or a "?" before it.)
fn of_mark(mark: &str) -> u32 {
    hash(&format!("mark {mark}"))
}

/// The term of a question that asks for a mark: as with a number, that one is wanted and none that is like it.
pub(crate) fn asked_mark(mark: &str) -> Term {
    Term { forms: vec![Form { hash: of_mark(mark), language: None, share: 1.0 }], kind: Kind::Code, is_quoted: false }
}

/// The markers of all languages, ascending.
static MARKERS: LazyLock<Vec<(u32, Language)>> = LazyLock::new(|| {
    let mut markers: Vec<(u32, Language)> = Language::all().map(|language| (marker(language), language)).collect();
    markers.sort_unstable();
    markers
});

/// The language of the passages that have this word; none of an ordinary word.
pub(crate) fn marked(word: u32) -> Option<Language> {
    let at = MARKERS.binary_search_by_key(&word, |(marker, _)| *marker).ok()?;
    MARKERS.get(at).map(|(_, language)| *language)
}

/// What a question asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    /// The forms in which a passage may have it; each is in one term only.
    pub(crate) forms: Vec<Form>,
    pub(crate) kind: Kind,
    /// Whether it stands between quotation marks.
    pub(crate) is_quoted: bool,
}

impl Term {
    pub(crate) fn hashes(&self) -> Vec<u32> {
        self.forms.iter().map(|form| form.hash).collect()
    }
}

/// A form of a term.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Form {
    pub(crate) hash: u32,
    /// The language of the passages that can have it, when it is an ordinary word of one.
    pub(crate) language: Option<Language>,
    /// How much of the term's weight it has.
    pub(crate) share: f32,
}

/// The share that being written like a name has of a word's weight. An ordinary passage in the question's language that has
/// a name has the word as well, so that both shares count; one in another language has the name alone.
const NAME: f32 = 0.5;
/// The same, for a word that the question has in small letters.
const LIKE_NAME: f32 = 0.2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    /// A word that says little in the question's language.
    Function,
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
            let mut forms: Vec<Form> = Vec::new();
            let mut add = |form: &mut String, language: Option<Language>, share: f32| {
                forms.push(Form { hash: hash(form), language, share });
                form.clear();
            };
            let mut kind = Kind::Word;
            match segment {
                Segment::Word(word) => {
                    let lower = forms::lower(word);
                    let is_function = tally.best().is_some() && of_function_word(&lower).meets(likely);
                    let name = match (is_function, is_capital(word)) {
                        (true, _) => 0.0,
                        (false, true) => NAME,
                        (false, false) => LIKE_NAME,
                    };
                    for language in likely_there.iter().copied().map(Some).chain([None]) {
                        own_prefix(language, &mut form);
                        forms::stemmed(&lower, language, &mut form);
                        add(&mut form, language, 1.0 - name);
                    }
                    if is_function {
                        kind = Kind::Function;
                    } else {
                        for language in languages.iter().copied().map(Some).chain([None]) {
                            forms::stemmed(&lower, language, &mut form);
                            add(&mut form, None, name);
                        }
                    }
                }
                Segment::Number(digits) => {
                    forms::number(digits, &mut form);
                    add(&mut form, None, 1.0);
                }
                Segment::Pair(pair) => {
                    form.push_str(pair);
                    add(&mut form, None, 1.0);
                }
                Segment::Joined(text) => {
                    forms::joined(text, &mut form);
                    add(&mut form, None, 1.0);
                    if text.contains(|letter: char| letter.is_ascii_digit()) {
                        kind = Kind::Code;
                    }
                }
            }
            forms.sort_by_key(|form| form.hash);
            forms.dedup_by_key(|form| form.hash);
            for term in &mut terms {
                let before = forms.len();
                forms.retain(|form| term.forms.iter().all(|known| known.hash != form.hash));
                term.is_quoted |= is_quoted && forms.len() < before;
            }
            if !forms.is_empty() && terms.len() < MOST_ASKED {
                terms.push(Term { forms, kind, is_quoted });
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
pub(crate) fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
