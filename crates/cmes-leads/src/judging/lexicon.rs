//! Words for what companies do, in any language: the catalogue of trades of
//! `cmes-extract` and `data/activities.txt` beside it, and how a text means them.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_extract::fold::{fold, is_unspaced};
use cmes_extract::trades;
use cmes_types::LanguageCode;

use super::setting::SETTING;

/// What a word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Made or sold.
    Good,
    /// Done for others, or a trade with a name of its own.
    Service,
    /// What is done with goods.
    Work,
    /// A material or property.
    Quality,
    /// What a company does with its goods.
    Role,
    /// Nothing about what companies do.
    Noise,
}

/// A concept: goods, a service, a role.
#[derive(Debug)]
pub(crate) struct Concept {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// Says little beside something more exact.
    pub(crate) is_vague: bool,
    /// Names customers more often than what a company does.
    pub(crate) is_market: bool,
    /// The families that it belongs to.
    groups: String,
}

impl Concept {
    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.split_ascii_whitespace()
    }

    /// Whether two belong to one family.
    pub(crate) fn is_kin(&self, other: &Self) -> bool {
        self.groups().any(|group| other.groups().any(|known| known == group))
    }
}

struct Word {
    concept: u16,
    /// It may begin within a word.
    inside: bool,
    /// It ends with a word.
    whole: bool,
    /// It names customers alone.
    market: bool,
    language: Option<LanguageCode>,
}

/// A concept that a text names.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub(crate) concept: u16,
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// End of the word in which it ends.
    reach: usize,
    /// It names those whom something is for.
    pub(crate) is_audience: bool,
    /// It only says of what sort something else is: the pipes in "pipe cleaning".
    pub(crate) is_specifying: bool,
}

pub(crate) struct Lexicon {
    pub(crate) concepts: Vec<Concept>,
    words: Vec<Word>,
    finder: AhoCorasick,
    heads: AhoCorasick,
    ids: HashMap<String, u16>,
}

pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

impl Lexicon {
    fn read() -> Self {
        let mut read = Self {
            concepts: Vec::new(),
            words: Vec::new(),
            finder: AhoCorasick::new(Vec::<&str>::new()).expect("no pattern is within the limits"),
            heads: AhoCorasick::builder()
                .match_kind(aho_corasick::MatchKind::LeftmostLongest)
                .build(HEADS)
                .expect("a few words are within the limits"),
            ids: HashMap::new(),
        };
        let mut patterns = Vec::new();
        for listed in trades::listed() {
            let kind = match (listed.is_role, listed.is_service) {
                (true, _) => Kind::Role,
                (false, true) => Kind::Service,
                (false, false) => Kind::Good,
            };
            let concept = Concept {
                id: listed.id.to_owned(),
                kind,
                is_vague: listed.is_generic,
                is_market: listed.is_market,
                groups: listed.groups.to_owned(),
            };
            read.add(concept, listed.words, &mut patterns);
        }
        for line in include_str!("../../data/activities.txt").lines().filter(|line| !line.starts_with('#')) {
            let Some((head, words)) = line.split_once(": ") else { continue };
            let (kind, id) = head.split_once(' ').unwrap_or_default();
            let kind = match kind {
                "good" => Kind::Good,
                "service" => Kind::Service,
                "work" => Kind::Work,
                "quality" => Kind::Quality,
                "role" => Kind::Role,
                _ => Kind::Noise,
            };
            let (id, group) = id.split_once('@').unwrap_or((id, ""));
            let concept = Concept {
                id: id.to_owned(),
                kind,
                is_vague: matches!(kind, Kind::Work | Kind::Quality),
                is_market: false,
                groups: group.to_owned(),
            };
            read.add(concept, words, &mut patterns);
        }
        read.finder = AhoCorasick::new(&patterns).expect("some thousand short patterns are within the limits");
        read
    }

    /// Adds words to a concept, which is as it was first given.
    fn add(&mut self, given: Concept, list: &str, patterns: &mut Vec<String>) {
        let next = u16::try_from(self.concepts.len()).unwrap_or(u16::MAX);
        let concept = *self.ids.entry(given.id.clone()).or_insert(next);
        if concept == next {
            self.concepts.push(given);
        }
        for word in list.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let is_code = |code: &str| code.len() == 2 && code.is_ascii();
            let (language, word) = match word.split_once(':') {
                Some((code, rest)) if is_code(code) => (code.parse().ok(), rest),
                _ => (None, word),
            };
            let (market, word) = word.strip_prefix('>').map_or((false, word), |word| (true, word));
            let (inside, word) = word.strip_prefix('*').map_or((false, word), |word| (true, word));
            let (whole, word) = word.strip_suffix('_').map_or((false, word), |word| (true, word));
            patterns.push(fold(word));
            self.words.push(Word { concept, inside, whole, market, language });
        }
    }

    pub(crate) fn concept(&self, index: u16) -> Option<&Concept> {
        self.concepts.get(usize::from(index))
    }

    pub(crate) fn id(&self, index: u16) -> &str {
        self.concept(index).map_or("", |concept| concept.id.as_str())
    }

    /// What a folded text with a blank at both ends names, in order.
    pub(crate) fn mentions(&self, folded: &str, language: Option<LanguageCode>) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        for hit in self.finder.find_overlapping_iter(folded) {
            let Some(word) = self.words.get(hit.pattern().as_usize()) else { continue };
            let is_spoken = word.language.is_none_or(|own| language == Some(own));
            if !is_spoken || !stands(folded, hit.start(), hit.end(), word) {
                continue;
            }
            let Some(concept) = self.concept(word.concept) else { continue };
            found.push(Mention {
                concept: word.concept,
                kind: concept.kind,
                start: hit.start(),
                end: hit.end(),
                reach: reach(folded, hit.end()),
                is_audience: word.market,
                is_specifying: false,
            });
            if found.len() > MOST {
                break;
            }
        }
        found.sort_by_key(|mention| (mention.start, std::cmp::Reverse(mention.end), mention.concept));
        found.dedup_by(|a, b| a.concept == b.concept && a.start < b.end);
        settle(folded, language, &mut found);
        found
    }
}

impl Lexicon {
    /// A folded text in the forms in which the lexicon has its words: English
    /// plurals of words in `y` ("wineries"), and apart from the rest of a compound what a company
    /// does with it ("uhren hersteller").
    pub(crate) fn plain(&self, folded: String, language: Option<LanguageCode>) -> String {
        if language.is_some_and(|own| own.as_str() == "en") && folded.contains("ies") {
            let mut plain = String::with_capacity(folded.len());
            let mut rest = folded.as_str();
            while let Some(at) = rest.find("ies") {
                let (before, behind) = rest.split_at(at);
                let behind = behind.get(3..).unwrap_or_default();
                let is_plural =
                    !behind.starts_with(char::is_alphanumeric) && before.chars().rev().take(2).all(char::is_alphabetic);
                plain.push_str(before);
                plain.push_str(if is_plural { "y" } else { "ies" });
                rest = behind;
            }
            plain.push_str(rest);
            return plain;
        }
        if is_compounding(language) { self.parted(folded) } else { folded }
    }

    fn parted(&self, folded: String) -> String {
        let mut cuts: Vec<usize> = Vec::new();
        for hit in self.heads.find_iter(&folded) {
            let (start, end) = (hit.start(), hit.end());
            let before = folded.get(..start).unwrap_or_default();
            let letters = before.chars().rev().take_while(|c| c.is_alphabetic()).count();
            let rest = folded.get(end..).unwrap_or_default().chars().take_while(|c| c.is_alphanumeric()).count();
            if letters >= 3 && rest <= 3 {
                cuts.push(start);
            }
        }
        let mut parted = folded;
        for at in cuts.into_iter().rev() {
            parted.insert(at, ' ');
        }
        parted
    }
}

/// Ends of compounds that name what a company does with the rest of the word.
const HEADS: &[&str] = &[
    "hersteller",
    "herstellung",
    "fabrikant",
    "fabrik",
    "produzent",
    "produktion",
    "handler",
    "haendler",
    "handlung",
    "handel",
    "vertrieb",
    "lieferant",
    "anbieter",
    "grosshand",
    "manufaktur",
    "verarbeiter",
    "importeur",
    "exporteur",
    "unternehmen",
    "betriebe",
    "firmen",
    "producent",
    "leverancier",
    "handelaar",
    "groothandel",
    "tillverkare",
    "leverantor",
    "producent",
    "grossist",
    "valmistaj",
    "gyarto",
];

/// Most mentions of one text.
const MOST: usize = 200;

/// Decides what each mention is in its text.
fn settle(text: &str, language: Option<LanguageCode>, found: &mut [Mention]) {
    let audiences = if found.is_empty() { Vec::new() } else { audiences(text, found) };
    for at in 0..found.len() {
        let Some(one) = found.get(at).cloned() else { continue };
        let is_audience = audiences.iter().any(|(from, to)| (*from..*to).contains(&one.start));
        let is_specifying = is_topic(one.kind)
            && (is_specifying(text, language, found, at, &one) || is_joined_to_specifying(text, found, at, &one));
        if let Some(mention) = found.get_mut(at) {
            mention.is_audience |= is_audience;
            mention.is_specifying = is_specifying;
        }
    }
}

/// The pipes in "nettoyage de cuves et tuyaux": what was specified goes on.
fn is_joined_to_specifying(text: &str, found: &[Mention], at: usize, one: &Mention) -> bool {
    const AND: &[&str] = &[" and ", " et ", " y ", " e ", " und ", " i ", " и ", " en ", " og ", " och ", " a ", ", "];
    let before =
        found.get(..at).unwrap_or_default().iter().rev().find(|other| is_topic(other.kind) && other.reach <= one.start);
    before.is_some_and(|other| {
        let is_behind_head =
            found.get(..at).unwrap_or_default().iter().any(|head| is_topic(head.kind) && head.reach < other.start);
        other.is_specifying
            && is_behind_head
            && text.get(other.reach..one.start).is_some_and(|between| AND.contains(&between))
    })
}

fn is_topic(kind: Kind) -> bool {
    !matches!(kind, Kind::Role | Kind::Noise)
}

/// Languages that put words together to one, the last of which says what it is.
fn is_compounding(language: Option<LanguageCode>) -> bool {
    language.is_some_and(|own| {
        matches!(own.as_str(), "de" | "nl" | "sv" | "da" | "nb" | "nn" | "no" | "fi" | "et" | "hu" | "is")
    })
}

/// Languages in which what it is stands before that of which it is.
fn is_head_first(language: Option<LanguageCode>) -> bool {
    language.is_some_and(|own| {
        matches!(
            own.as_str(),
            "ru" | "uk"
                | "be"
                | "pl"
                | "cs"
                | "sk"
                | "bg"
                | "sr"
                | "hr"
                | "sl"
                | "ar"
                | "he"
                | "vi"
                | "th"
                | "fr"
                | "es"
                | "it"
                | "pt"
                | "ro"
                | "ca"
        )
    })
}

fn is_specifying(text: &str, language: Option<LanguageCode>, found: &[Mention], at: usize, one: &Mention) -> bool {
    const OPEN: &[&str] =
        &["of", "for", "fur", "de", "di", "do", "da", "del", "von", "van", "voor", "pour", "para", "per", "dla", "a"];
    const OF: &[&str] = &[
        " de ", " di ", " du ", " des ", " da ", " do ", " of ", " van ", " von ", " d'", " del ", " della ", " dei ",
        " delle ", " de la ", " der ",
    ];
    let others = || found.iter().enumerate().filter(move |(index, other)| *index != at && other.concept != one.concept);
    // Part of a longer word or phrase that ends elsewhere.
    if others().any(|(_, other)| {
        is_topic(other.kind) && other.start <= one.start && other.end > one.end && other.reach > one.reach
    }) {
        return true;
    }
    // Another begins within the rest of the word, or right behind it.
    let next = others()
        .filter(|(_, other)| other.start >= one.end)
        .min_by_key(|(_, other)| (other.start, usize::MAX - other.end));
    let adjacent = next.filter(|(_, other)| {
        let between = text.get(one.end..other.start).unwrap_or_default();
        let is_in_word =
            other.start <= one.reach && between.chars().count() <= 3 && between.chars().all(char::is_alphabetic);
        let behind = text.get(one.reach.min(other.start)..other.start).unwrap_or_default();
        is_in_word || other.start >= one.reach && matches!(behind, " " | "-" | "")
    });
    // A phrase that ends with "of" or "for" has what it is in front.
    let own = text.get(one.start..one.end).unwrap_or_default();
    let is_open = own.rsplit_once(' ').is_some_and(|(_, last)| OPEN.contains(&last));
    if let Some((_, other)) = adjacent.filter(|_| !is_open) {
        let is_first = is_head_first(language) && one.kind != Kind::Quality && !is_unspaced_at(text, one.start);
        return is_topic(other.kind) && !is_first && other.kind != Kind::Quality;
    }
    let rest = text.get(one.end..one.reach).unwrap_or_default();
    if is_compounding(language) && rest.chars().count() >= 5 && rest.is_ascii() {
        return true;
    }
    if language.is_some_and(|own| own.as_str() == "en") && is_before_plural(text, one) {
        return true;
    }
    // "Fundición de válvulas", "ремонт насосов".
    let last = others()
        .filter(|(_, other)| other.reach <= one.start && is_topic(other.kind))
        .max_by_key(|(_, other)| other.end);
    last.is_some_and(|(_, other)| {
        let between = text.get(other.reach..one.start).unwrap_or_default();
        let of = OF.contains(&between) && other.kind != Kind::Quality;
        of || between == " " && is_head_first(language) && other.kind == Kind::Work
    })
}

/// "Timber trucks", "wine glasses": an English noun before the plural of another.
fn is_before_plural(text: &str, one: &Mention) -> bool {
    const VERBS: &[&str] = &[
        "offers",
        "supplies",
        "provides",
        "makes",
        "produces",
        "sells",
        "delivers",
        "manufactures",
        "has",
        "was",
        "does",
        "builds",
        "serves",
        "specialises",
        "specializes",
        "imports",
        "exports",
        "distributes",
        "combines",
        "stands",
        "always",
        "us",
        "this",
        "products",
        "solutions",
        "systems",
        "services",
        "goods",
        "plus",
        "its",
        "as",
        "is",
        "brings",
        "means",
        "helps",
        "business",
        "process",
        "sales",
        "parts",
        "components",
        "experts",
        "specialists",
        "professionals",
        "across",
        "express",
        "works",
        "stocks",
        "types",
        "grades",
        "brands",
        "blends",
        "varieties",
        "ranges",
        "sizes",
        "needs",
        "supplies",
        "lines",
        "series",
    ];
    let word = text.get(one.start..one.reach).unwrap_or_default();
    let Some(rest) = text.get(one.reach..).and_then(|rest| rest.strip_prefix(' ')) else { return false };
    let next = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !word.ends_with('s') && next.len() > 4 && next.ends_with('s') && !next.ends_with("ss") && !VERBS.contains(&next)
}

fn is_unspaced_at(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is_unspaced)
}

/// Where the word ends that goes on at a place.
fn reach(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let is_apart = text.get(..end).and_then(|text| text.chars().next_back()).is_some_and(is_unspaced);
    if is_apart {
        return end;
    }
    end + rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
}

/// Whether a word that was found stands there as a word.
fn stands(text: &str, start: usize, end: usize, word: &Word) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    let first = text.get(start..).and_then(|text| text.chars().next());
    let is_attached = |c: char| c.is_alphanumeric() && !is_joined(c);
    let begins = word.inside || first.is_some_and(is_joined) || !before.is_some_and(is_attached);
    let ends = !word.whole || !after.is_some_and(is_attached);
    begins && ends
}

/// Letters of scripts in which words are not set apart, or have particles before and behind.
pub(crate) fn is_joined(c: char) -> bool {
    is_unspaced(c) || matches!(c, '\u{590}'..='\u{6ff}' | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}')
}

/// The parts of a text that name those whom something is for.
fn audiences(text: &str, found: &[Mention]) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = 0;
    let ends = text.char_indices().filter(|(at, c)| match c {
        ';' | '!' | '?' | '|' | '\n' | '。' | '•' | ':' => true,
        '.' | '-' => text.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')),
        _ => false,
    });
    for end in ends.map(|(at, _)| at).chain([text.len()]) {
        let part = text.get(start..end).unwrap_or_default();
        if let Some(at) = SETTING.for_whom().0.iter().filter_map(|word| part.find(word.as_str())).min() {
            // "Specialists for pumps" have pumps for their own field.
            let before = part.get(..at).unwrap_or_default().trim_end();
            let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let is_own = SETTING.is_own_field(word)
                && !found.iter().any(|one| {
                    (start..start + at).contains(&one.start) && is_topic(one.kind) && one.kind != Kind::Quality
                });
            if !is_own {
                spans.push((start + at, end));
            }
        }
        if let Some(at) = SETTING.for_whom().1.iter().filter_map(|word| part.find(word.as_str())).min() {
            spans.push((start, start + at));
        }
        start = end;
    }
    spans
}

/// Folded, with a blank at both ends, so that every word has edges.
pub(crate) fn padded(text: &str) -> String {
    format!(" {} ", fold(text))
}
