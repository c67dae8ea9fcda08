//! Words for what companies do, in any language: the catalogue of trades of `cmes-extract`, `data/activities.txt`,
//! the names and phrases of `query::names` beside it, and how a text means them.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_extract::fold::{fold, is_unspaced};
use cmes_extract::trades;
use cmes_types::LanguageCode;

use super::meant::{is_compounding, settle};
use super::phrases::{Phrases, is_phrase};
use super::setting::SETTING;
use crate::query::names;
use crate::without::is_left_out;

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
    /// What is asked of companies of many trades: private label, a driver, horses.
    Claim,
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
    /// A concept with which it shares words and nothing else: the pipes of "briar pipes".
    pub(crate) instead_of: Option<String>,
}

impl Concept {
    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.split_ascii_whitespace()
    }

    /// Whether it belongs to the family of this name: beer to drinks.
    pub(crate) fn is_kind_of(&self, family: &str) -> bool {
        self.groups().any(|group| group == family)
    }

    /// Whether two belong to one family.
    pub(crate) fn is_kin(&self, other: &Self) -> bool {
        self.groups().any(|group| other.is_kind_of(group))
    }
}

pub(super) struct Word {
    concept: u16,
    /// It may begin within a word.
    pub(super) inside: bool,
    /// It ends with a word.
    pub(super) whole: bool,
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
    pub(super) reach: usize,
    /// It names those whom something is for.
    pub(crate) is_audience: bool,
    /// It only says of what sort something else is: the pipes in "pipe cleaning".
    pub(crate) is_specifying: bool,
}

impl Mention {
    /// End of the word in which it ends.
    pub(crate) fn reach(&self) -> usize {
        self.reach
    }
}

pub(crate) struct Lexicon {
    pub(crate) concepts: Vec<Concept>,
    words: Vec<Word>,
    /// Finds words that are no phrases.
    finder: AhoCorasick,
    /// What `finder` finds, by places in `words`.
    found: Vec<u32>,
    phrases: Phrases,
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
            found: Vec::new(),
            phrases: Phrases::default(),
            heads: AhoCorasick::builder()
                .match_kind(aho_corasick::MatchKind::LeftmostLongest)
                .build(SETTING.heads())
                .expect("a few words are within the limits"),
            ids: HashMap::new(),
        };
        let mut patterns = Vec::new();
        for listed in trades::listed().filter(|listed| !is_left_out(listed.id)) {
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
                instead_of: None,
            };
            read.add(concept, listed.words, &mut patterns);
        }
        for line in include_str!("../../data/activities.txt").lines().filter(|line| !line.starts_with('#')) {
            let Some((head, words)) = line.split_once(": ") else { continue };
            let concept = given(head);
            if !is_left_out(&concept.id) {
                read.add(concept, words, &mut patterns);
            }
        }
        for row in names::rows() {
            let id = given(row.head).id;
            if is_left_out(&id) {
                continue;
            }
            read.add(given(row.head), row.words, &mut patterns);
            for (language, names) in row.names {
                names.iter().for_each(|name| read.add_name(&id, name, language, &mut patterns));
            }
        }
        for (id, language, phrase) in names::said() {
            read.add_name(id, phrase, language, &mut patterns);
        }
        for (id, language, phrase) in names::claims() {
            if read.find(id).is_none() {
                read.add(given(&format!("claim {id}")), "", &mut patterns);
            }
            read.add_name(id, phrase, language, &mut patterns);
        }
        read.phrases = Phrases::of(&patterns, &read.words);
        let singles = patterns.iter().zip(&read.words).zip(0_u32..).filter(|((text, word), _)| !is_phrase(text, word));
        let (singles, found): (Vec<&str>, _) = singles.map(|((text, _), at)| (text.as_str(), at)).unzip();
        read.found = found;
        read.finder = AhoCorasick::new(&singles).expect("some thousand short patterns are within the limits");
        read
    }

    /// Adds words to a concept, which is as it was first given.
    fn add(&mut self, given: Concept, list: &str, patterns: &mut Vec<String>) {
        let next = u16::try_from(self.concepts.len()).unwrap_or(u16::MAX);
        let concept = *self.ids.entry(given.id.clone()).or_insert(next);
        if concept == next {
            self.concepts.push(given);
        } else if let Some(known) = self.concepts.get_mut(usize::from(concept)) {
            let new: Vec<&str> = given.groups().filter(|group| known.groups().all(|one| one != *group)).collect();
            let groups = format!("{} {}", known.groups, new.join(" "));
            known.groups = groups;
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

    /// Adds the name of a trade in a language, by which it is known in its other forms too, unless `_` behind says that it
    /// has none. Short ones may be other words in other languages.
    fn add_name(&mut self, id: &str, name: &str, language: LanguageCode, patterns: &mut Vec<String>) {
        let Some(concept) = self.find(id) else { return };
        let (name, is_alone) = name.strip_suffix('_').map_or((name, false), |name| (name, true));
        let folded = fold(name);
        // As it stands in the plain form of a text: "renovation company", "stahl handler".
        let plain = self.plain(folded.clone(), Some(language));
        if plain != folded && language.as_str() != "en" {
            self.add_form(concept, &folded, is_alone, language, patterns);
        }
        self.add_form(concept, &plain, is_alone, language, patterns);
    }

    fn add_form(
        &mut self,
        concept: u16,
        folded: &str,
        is_alone: bool,
        language: LanguageCode,
        patterns: &mut Vec<String>,
    ) {
        const DISTINCT: usize = 7;
        let (before, last) = folded.rsplit_once(' ').unwrap_or(("", folded));
        let cut = match last.chars().count() {
            _ if is_alone => 0,
            // A foundry, or foundries, and not what was founded.
            6.. if language.as_str() == "en" && last.ends_with('y') => 1,
            0..=5 => 0,
            6 => 1,
            7..=9 => 2,
            _ => 3,
        };
        let kept: String = last.chars().take(last.chars().count() - cut).collect();
        let is_short = before.is_empty() && kept.chars().count() < DISTINCT;
        let inside = before.is_empty() && cut > 0 && is_compounding(Some(language));
        patterns.push(if before.is_empty() { kept } else { format!("{before} {kept}") });
        let language = (is_short || inside || is_alone).then_some(language);
        self.words.push(Word { concept, inside, whole: cut == 0, market: false, language });
    }

    pub(crate) fn concept(&self, index: u16) -> Option<&Concept> {
        self.concepts.get(usize::from(index))
    }

    /// Where the concept of this name is.
    pub(crate) fn find(&self, id: &str) -> Option<u16> {
        self.ids.get(id).copied()
    }

    /// The concept of this name.
    pub(crate) fn of_id(&self, id: &str) -> Option<&Concept> {
        self.find(id).and_then(|at| self.concept(at))
    }

    pub(crate) fn id(&self, index: u16) -> &str {
        self.concept(index).map_or("", |concept| concept.id.as_str())
    }

    /// What a folded text with a blank at both ends names, in order.
    pub(crate) fn mentions(&self, folded: &str, language: Option<LanguageCode>) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        let hits = self.finder.find_overlapping_iter(folded).filter_map(|hit| {
            let word = self.found.get(hit.pattern().as_usize())?;
            Some((usize::try_from(*word).ok()?, hit.start(), hit.end()))
        });
        for (word, start, end) in hits.chain(self.phrases.find(folded)) {
            let Some(word) = self.words.get(word) else { continue };
            let is_spoken = word.language.is_none_or(|own| language == Some(own));
            if !is_spoken || !stands(folded, start, end, word) {
                continue;
            }
            let Some(concept) = self.concept(word.concept) else { continue };
            found.push(Mention {
                concept: word.concept,
                kind: concept.kind,
                start,
                end,
                reach: reach(folded, end),
                is_audience: word.market,
                is_specifying: false,
            });
            if found.len() > MOST {
                break;
            }
        }
        without_claims_of_things(folded, &mut found);
        self.without_namesakes(&mut found);
        found.sort_by_key(|mention| (mention.start, std::cmp::Reverse(mention.end), mention.concept));
        found.dedup_by(|a, b| a.concept == b.concept && a.start < b.end);
        self.without_names_of_roles(&mut found);
        settle(folded, language, &mut found);
        found
    }

    /// Leaves out trades whose name is also a word for a role, where what the role is about stands before it: the mills in
    /// "tube mills" make tubes and grind no flour.
    fn without_names_of_roles(&self, found: &mut Vec<Mention>) {
        let is_role = |one: &Mention| {
            found.iter().any(|role| role.kind == Kind::Role && role.start == one.start && role.reach == one.reach)
        };
        let is_about_another = |one: &Mention| {
            let own = self.concept(one.concept);
            let before = found.iter().filter(|other| other.kind == Kind::Good && other.reach + 1 == one.start);
            before
                .filter_map(|other| self.concept(other.concept))
                .any(|other| own.is_some_and(|own| !own.is_kin(other)))
        };
        let is_left_out = |one: &Mention| one.kind != Kind::Role && is_role(one) && is_about_another(one);
        if !found.iter().any(|one| one.kind == Kind::Role) {
            return;
        }
        let left_out: Vec<bool> = found.iter().map(is_left_out).collect();
        let mut left_out = left_out.into_iter();
        found.retain(|_| !left_out.next().unwrap_or_default());
    }

    /// Leaves out words that stand in a phrase in which they mean something else.
    fn without_namesakes(&self, found: &mut Vec<Mention>) {
        let phrases: Vec<(usize, usize, &str)> = found
            .iter()
            .filter_map(|one| {
                let other = self.concept(one.concept)?.instead_of.as_deref()?;
                Some((one.start, one.end, other))
            })
            .collect();
        if phrases.is_empty() {
            return;
        }
        let is_within = |one: &Mention| {
            phrases
                .iter()
                .any(|(start, end, other)| one.start < *end && *start < one.end && self.id(one.concept) == *other)
        };
        found.retain(|one| !is_within(one));
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

/// The concept of a line's head: `good id@family`, `service id!other`.
fn given(head: &str) -> Concept {
    let (kind, id) = head.split_once(' ').unwrap_or_default();
    let kind = match kind {
        "good" => Kind::Good,
        "service" => Kind::Service,
        "work" => Kind::Work,
        "quality" => Kind::Quality,
        "claim" => Kind::Claim,
        "role" => Kind::Role,
        _ => Kind::Noise,
    };
    let (id, instead_of) = id.split_once('!').map_or((id, None), |(id, other)| (id, Some(other.to_owned())));
    let (id, group) = id.split_once('@').unwrap_or((id, ""));
    Concept {
        id: id.to_owned(),
        kind,
        is_vague: matches!(kind, Kind::Work | Kind::Quality | Kind::Claim),
        is_market: false,
        groups: group.to_owned(),
        instead_of,
    }
}

/// Leaves out claims where a word names a thing: photovoltaics is a trade of its own. A phrase is more than a word of it:
/// a private label is no label.
fn without_claims_of_things(folded: &str, found: &mut Vec<Mention>) {
    let is_thing = |one: &&Mention| !matches!(one.kind, Kind::Claim | Kind::Noise);
    let things: Vec<(usize, usize)> = found.iter().filter(is_thing).map(|one| (one.start, one.end)).collect();
    let is_free = |one: &Mention| {
        let is_phrase = folded.get(one.start..one.end).is_some_and(|text| text.contains(' '));
        let is_more = |start: &usize, end: &usize| is_phrase && end - start < one.end - one.start;
        things.iter().all(|(start, end)| one.end <= *start || *end <= one.start || is_more(start, end))
    };
    found.retain(|one| one.kind != Kind::Claim || is_free(one));
}

/// Most mentions of one text.
const MOST: usize = 200;

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

/// Folded, with a blank at both ends, so that every word has edges.
pub(crate) fn padded(text: &str) -> String {
    format!(" {} ", fold(text))
}
