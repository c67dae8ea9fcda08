//! What texts and addresses say about a page, by words in many languages.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_types::LinkKind;
use unicode_normalization::UnicodeNormalization;

/// What a page is about, by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Meaning {
    /// One of the kinds of the answer.
    Kind(LinkKind),
    /// Whose site it is; of the kind Legal.
    Imprint,
    /// Where it is; of the kind Contacts.
    Places,
    /// Nothing to list: home, sign-in, cart, search, languages.
    Skip,
    /// The words say nothing, such as "read more".
    Vague,
}

impl Meaning {
    /// The kind, when the page may be listed.
    pub(super) fn kind(self) -> Option<LinkKind> {
        match self {
            Self::Kind(kind) => Some(kind),
            Self::Imprint => Some(LinkKind::Legal),
            Self::Places => Some(LinkKind::Contacts),
            Self::Skip | Self::Vague => None,
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Some(Self::Kind(match name {
            "About" => LinkKind::About,
            "Contacts" => LinkKind::Contacts,
            "ProductsAndServices" => LinkKind::ProductsAndServices,
            "Industries" => LinkKind::Industries,
            "Team" => LinkKind::Team,
            "Careers" => LinkKind::Careers,
            "News" => LinkKind::News,
            "Blog" => LinkKind::Blog,
            "Support" => LinkKind::Support,
            "Partners" => LinkKind::Partners,
            "Pricing" => LinkKind::Pricing,
            "Legal" => LinkKind::Legal,
            "Imprint" => return Some(Self::Imprint),
            "Places" => return Some(Self::Places),
            "Skip" => return Some(Self::Skip),
            "Vague" => return Some(Self::Vague),
            _ => return None,
        }))
    }
}

/// Kind → language → phrases.
pub(super) type Tables = BTreeMap<String, BTreeMap<String, Vec<String>>>;

pub(super) const DATA: &str = include_str!("../../../data/link_words.toml");

struct Words {
    phrases: HashMap<String, Meaning>,
    fill: HashSet<String>,
    /// Phrases of scripts that put no blanks between words.
    dense: Option<AhoCorasick>,
    dense_meanings: Vec<Meaning>,
    /// Words in the longest phrase.
    longest: usize,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let tables: Tables = toml::from_str(DATA).unwrap_or_default();
    let mut words =
        Words { phrases: HashMap::new(), fill: HashSet::new(), dense: None, dense_meanings: Vec::new(), longest: 1 };
    let mut dense = Vec::new();
    for (name, languages) in &tables {
        for phrase in languages.values().flatten().map(|phrase| fold(phrase)) {
            let Some(meaning) = Meaning::from_name(name) else {
                words.fill.insert(phrase);
                continue;
            };
            if is_dense(&phrase) {
                dense.push(phrase.replace(' ', ""));
                words.dense_meanings.push(meaning);
            }
            words.longest = words.longest.max(phrase.split(' ').count());
            words.phrases.insert(phrase, meaning);
        }
    }
    words.dense = AhoCorasick::builder().match_kind(aho_corasick::MatchKind::LeftmostLongest).build(dense).ok();
    words
});

/// Lower case without accents; whatever is no letter or digit is a blank.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            '\u{300}'..='\u{36f}' => {}
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'ı' => out.push('i'),
            _ if c.is_alphanumeric() || is_mark(c) => out.push(c),
            _ => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Vowel signs of Indic and Thai script and voicing marks of kana belong to
/// the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{d7f}' | '\u{e30}'..='\u{e4e}' | '\u{3099}' | '\u{309a}' | '\u{30fc}')
}

fn is_dense(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{e00}'..='\u{e7f}' | '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
}

/// What a short text means and how plainly: 1 when it says nothing else.
pub(super) fn meaning(text: &str) -> Option<(Meaning, f32)> {
    let words = &*WORDS;
    if text.len() > 150 {
        return None;
    }
    let folded = fold(text);
    if let Some(meaning) = words.phrases.get(&folded) {
        return Some((*meaning, 1.0));
    }
    if is_dense(&folded) {
        return dense(words, &folded);
    }
    let all: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
    let tokens: Vec<&str> = all.iter().copied().filter(|word| !words.fill.contains(*word)).collect();
    if let Some(meaning) = words.phrases.get(&tokens.join(" ")) {
        return Some((*meaning, 0.95));
    }
    // Longer texts are headlines and sentences, not names of pages.
    if tokens.len() > 5 || all.len() > 7 {
        return None;
    }
    parts(words, &all)
}

/// The longest phrase within; of equally long ones the first.
fn parts(words: &Words, tokens: &[&str]) -> Option<(Meaning, f32)> {
    let total: usize = tokens.iter().map(|t| t.chars().count()).sum();
    let mut best: Option<(Meaning, usize)> = None;
    for start in 0..tokens.len() {
        for end in (start + 1..=tokens.len().min(start + words.longest)).rev() {
            let phrase = tokens.get(start..end).unwrap_or_default().join(" ");
            let length = phrase.chars().filter(|c| *c != ' ').count();
            // A word of two letters in company means nothing.
            if let Some(meaning) = words.phrases.get(&phrase)
                && meaning.kind().is_some()
                && length > 3
                && best.is_none_or(|(_, longest)| length > longest)
            {
                best = Some((*meaning, length));
            }
        }
    }
    let (meaning, length) = best?;
    Some((meaning, length as f32 / total.max(1) as f32 * 0.9))
}

fn dense(words: &Words, folded: &str) -> Option<(Meaning, f32)> {
    let text = folded.replace(' ', "");
    let total = text.chars().count();
    if total > 40 {
        return None;
    }
    let mut best: Option<(Meaning, usize)> = None;
    for found in words.dense.as_ref()?.find_iter(&text) {
        let length = text.get(found.start()..found.end()).map_or(0, |part| part.chars().count());
        if let Some(meaning) = words.dense_meanings.get(found.pattern().as_usize())
            && (meaning.kind().is_some() || length == total)
            && best.is_none_or(|(_, longest)| length > longest)
        {
            best = Some((*meaning, length));
        }
    }
    let (meaning, length) = best?;
    Some((meaning, length as f32 / total.max(1) as f32))
}
