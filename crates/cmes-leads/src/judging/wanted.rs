//! What an activity of a query asks for: things, what makes them more exact,
//! and what is done with them.

use cmes_types::LanguageCode;

use super::lexicon::{Concept, Kind, LEXICON, Mention, is_joined, padded};
use super::setting::SETTING;
use super::texts::Telling;
use crate::query::Activity;
use crate::query::is_export;
use cmes_extract::fold::fold;

/// Something that a query names, by concepts of the lexicon or by its word.
#[derive(Clone, Debug)]
pub(crate) enum Unit {
    /// Any of these concepts.
    Concepts(Vec<u16>),
    /// A word that the lexicon does not know, folded, without its ending.
    Word(String),
}

/// One of several things that will do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Topic {
    /// What it is.
    pub(crate) heads: Vec<Unit>,
    /// Of what sort.
    pub(crate) sorts: Vec<Unit>,
    /// The query's own words for it, without their endings.
    pub(crate) words: Vec<String>,
}

/// What an activity asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// One of these has to be met.
    pub(crate) topics: Vec<Topic>,
    /// Names of the roles of which one has to be met; none for any.
    pub(crate) roles: Vec<&'static str>,
    /// Roles that are part of the name of a trade.
    within: Vec<&'static str>,
}

impl Wanted {
    /// Reads an activity: its words, and where the lexicon does not find in them what the catalogue of trades says that
    /// they are ("clínicas dentales" are dentists, not any clinics), the trades.
    pub(crate) fn of(activity: &Activity, language: LanguageCode) -> Self {
        let mut wanted = Self::read(&activity.words, language);
        let is_trade = |id: &str| activity.trades.iter().any(|trade| trade.id == id);
        let is_exact = |concept: &Concept| is_trade(&concept.id) && !concept.is_vague;
        let concepts = LEXICON.concepts.iter().zip(0_u16..).filter(|(concept, _)| is_exact(concept));
        let concepts: Vec<u16> = concepts.map(|(_, at)| at).collect();
        // Dental suppliers are no dentists, though the catalogue finds dentists in their name.
        let is_namesake = |at: &u16| wanted.has_namesake_of(LEXICON.id(*at));
        if !concepts.is_empty() && !concepts.iter().any(|at| wanted.has_concept(*at) || is_namesake(at)) {
            let words = wanted.topics.iter().flat_map(|topic| topic.words.clone()).collect();
            wanted.topics = vec![Topic { heads: vec![Unit::Concepts(concepts)], sorts: Vec::new(), words }];
        }
        let is_exporter = activity.words.split_whitespace().any(|word| is_export(&fold(word)));
        let role = activity.role.map(|role| role.id.as_str()).filter(|_| !is_exporter);
        if let Some(role) = role.filter(|role| wanted.roles.is_empty() && !wanted.within.contains(role)) {
            wanted.roles.push(role);
        }
        wanted
    }

    /// Reads an activity in the words of a query.
    pub(crate) fn read(words: &str, language: LanguageCode) -> Self {
        let folded = LEXICON.plain(padded(words), Some(language));
        let mentions = LEXICON.mentions(&folded, Some(language));
        let mut wanted = Self::default();
        for mention in &mentions {
            if mention.kind == Kind::Role {
                let id = LEXICON.id(mention.concept);
                // The shop in "bookshops" is part of what they are, and nothing beside it.
                let is_part = |other: &Mention| {
                    other.kind == Kind::Service && other.start < mention.start && mention.end <= other.reach()
                };
                if mentions.iter().any(is_part) {
                    wanted.within.push(id);
                    continue;
                }
                // Who exports something may make it or deal in it.
                if folded.get(mention.start..).is_some_and(is_export) {
                    continue;
                }
                if !wanted.roles.contains(&id) {
                    wanted.roles.push(id);
                }
            }
        }
        let mut topic = Topic::default();
        let mut last_end = 0;
        for (start, end) in spans(&folded, &mentions) {
            let between = folded.get(last_end..start).unwrap_or_default();
            if is_alternative(between) && !topic.heads.is_empty() {
                wanted.topics.push(std::mem::take(&mut topic));
            }
            last_end = end;
            topic.take_words(folded.get(start..end).unwrap_or_default(), start, &mentions);
            // "Instaladores" are those who install, and no installation beside.
            let is_role = |one: &Mention| {
                one.kind == Kind::Work
                    && mentions
                        .iter()
                        .any(|role| role.kind == Kind::Role && role.start <= one.start && one.start < role.end)
            };
            let within = |one: &&Mention| one.start >= start && one.start < end;
            let named: Vec<&Mention> =
                mentions.iter().filter(within).filter(|one| is_topic(one.kind) && !is_role(one)).collect();
            if named.is_empty() {
                let text = folded.get(start..end).unwrap_or_default();
                let is_known = mentions.iter().any(|one| one.start < end && start < one.end);
                if !is_known && !SETTING.is_idle(text) && !text.chars().all(|c| c.is_ascii_digit()) {
                    topic.heads.push(Unit::Word(stem(text)));
                }
                continue;
            }
            topic.take(&named);
        }
        if !topic.heads.is_empty() || !topic.sorts.is_empty() {
            wanted.topics.push(topic);
        }
        wanted.topics.iter_mut().for_each(Topic::settle);
        // A sort that stands before several things goes with all of them only in
        // the first: "stainless steel pipes and fittings" may be fittings of brass.
        wanted
    }

    /// Whether it asks for a service, which has no makers or dealers.
    pub(crate) fn is_service(&self) -> bool {
        let is_one = |unit: &Unit| match unit {
            Unit::Concepts(all) => all.iter().any(|at| {
                LEXICON
                    .concept(*at)
                    .is_some_and(|one| matches!(one.kind, Kind::Service | Kind::Work) || one.id.contains("software"))
            }),
            Unit::Word(_) => false,
        };
        self.topics.iter().all(|topic| topic.heads.iter().any(is_one))
    }

    /// Whether it names the concept of this name.
    pub(crate) fn is_of(&self, id: &str) -> bool {
        LEXICON.concepts.iter().zip(0_u16..).any(|(concept, at)| concept.id == id && self.has_concept(at))
    }

    /// Whether a concept is the family of one that is wanted: drinks, where beer is.
    pub(crate) fn is_family(&self, id: &str) -> bool {
        let units = self.topics.iter().flat_map(|topic| &topic.heads);
        let concepts = units.flat_map(|unit| match unit {
            Unit::Concepts(all) => all.as_slice(),
            Unit::Word(_) => &[],
        });
        concepts.into_iter().filter_map(|at| LEXICON.concept(*at)).any(|one| one.groups().any(|group| group == id))
    }

    /// Whether it asks for materials and properties alone.
    pub(crate) fn is_quality(&self) -> bool {
        let heads = self.topics.iter().flat_map(|topic| &topic.heads);
        let mut heads = heads.peekable();
        heads.peek().is_some()
            && heads.all(|unit| match unit {
                Unit::Concepts(all) => {
                    all.iter().all(|at| LEXICON.concept(*at).is_some_and(|one| one.kind == Kind::Quality))
                }
                Unit::Word(_) => false,
            })
    }

    /// Whether it names what shares words with the concept of this name and nothing else.
    fn has_namesake_of(&self, id: &str) -> bool {
        let others = LEXICON.concepts.iter().zip(0_u16..).filter(|(one, _)| one.instead_of.as_deref() == Some(id));
        others.into_iter().any(|(_, at)| self.has_concept(at))
    }

    pub(crate) fn has_concept(&self, concept: u16) -> bool {
        let units = self.topics.iter().flat_map(|topic| topic.heads.iter().chain(&topic.sorts));
        units.into_iter().any(|unit| matches!(unit, Unit::Concepts(all) if all.contains(&concept)))
    }
}

impl Topic {
    /// Adds the words of a part of a query that say what is wanted, rather than in which role.
    fn take_words(&mut self, text: &str, start: usize, mentions: &[Mention]) {
        let is_other = |at: usize| mentions.iter().any(|one| !is_topic(one.kind) && one.start <= at && at < one.end);
        let mut at = start;
        for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
            let own = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            if !own.is_empty() && !SETTING.is_idle(own) && !is_other(at) {
                self.words.push(stem(own));
            }
            at += word.len();
        }
    }

    /// Where a text holds all of the query's own words for it.
    pub(crate) fn words_in(&self, folded: &str) -> Option<usize> {
        let places: Option<Vec<usize>> = self.words.iter().map(|word| word_in(word, folded)).collect();
        places?.into_iter().max()
    }

    /// Adds what one word or phrase names; mentions that overlap are one thing.
    fn take(&mut self, named: &[&Mention]) {
        let mut groups: Vec<(usize, usize, bool, Vec<u16>)> = Vec::new();
        let (qualities, things): (Vec<&Mention>, Vec<&Mention>) =
            named.iter().copied().partition(|one| is_material(one) && is_within_thing(one, named));
        // The steel in "steel tube" is asked for, though the phrase as a whole is a tube.
        self.sorts.extend(qualities.iter().map(|one| Unit::Concepts(vec![one.concept])));
        for one in things {
            let known = groups.iter_mut().find(|(from, to, ..)| one.start < *to && *from < one.end);
            match known {
                Some((from, to, is_sort, all)) => {
                    // The longer one is the more exact one, and says alone what is meant.
                    let (own, other) = (one.end - one.start, *to - *from);
                    if own > other + 2 {
                        *all = vec![one.concept];
                        (*from, *to, *is_sort) = (one.start, one.end, is_beside(one));
                    } else if own + 2 >= other {
                        all.push(one.concept);
                        *is_sort &= is_beside(one);
                    }
                }
                None => groups.push((one.start, one.end, is_beside(one), vec![one.concept])),
            }
        }
        for (_, _, is_sort, mut all) in groups {
            all.dedup();
            // A brewery's beer is exact, that it is a drink too is not.
            let families: Vec<String> = all
                .iter()
                .filter_map(|at| LEXICON.concept(*at))
                .flat_map(|one| one.groups().filter(|group| *group != one.id).map(str::to_owned).collect::<Vec<_>>())
                .collect();
            if all.len() > 1 {
                all.retain(|at| !families.iter().any(|family| family == LEXICON.id(*at)));
            }
            // A packaging machine is exact, that it is a machine is not. Software is often called nothing else.
            let is_vague =
                |at: &u16| LEXICON.concept(*at).is_none_or(|one| one.is_vague && !one.id.contains("software"));
            if all.iter().any(|at| !is_vague(at)) {
                all.retain(|at| !is_vague(at));
            }
            let list = if is_sort { &mut self.sorts } else { &mut self.heads };
            list.push(Unit::Concepts(all));
        }
    }

    /// Qualities beside a thing are its sort; of several things the lexicon's
    /// words say what it is.
    fn settle(&mut self) {
        let is_quality = |unit: &Unit| match unit {
            Unit::Concepts(all) => all.iter().all(|at| {
                LEXICON.concept(*at).is_some_and(|one| {
                    one.kind == Kind::Quality || one.kind != Kind::Good && one.is_vague && one.kind != Kind::Work
                })
            }),
            Unit::Word(_) => false,
        };
        let is_known = |unit: &Unit| matches!(unit, Unit::Concepts(_)) && !is_quality(unit);
        if self.heads.len() > 1 {
            let has_known = self.heads.iter().any(is_known);
            let has_thing = self.heads.iter().any(|unit| !is_quality(unit));
            let all = std::mem::take(&mut self.heads);
            for unit in all {
                let is_head = if has_known { is_known(&unit) } else { !has_thing || !is_quality(&unit) };
                if is_head { self.heads.push(unit) } else { self.sorts.push(unit) }
            }
        }
        if self.heads.is_empty() {
            self.heads = std::mem::take(&mut self.sorts);
        }
        self.narrow();
        self.widen();
    }

    /// "ERP software" is what ERP is: beside a kinsman that is more exact the
    /// general word says nothing more.
    fn narrow(&mut self) {
        let is_kin = |one: &Unit, other: &Unit| match (one, other) {
            (Unit::Concepts(one), Unit::Concepts(other)) => {
                one.iter().filter_map(|at| LEXICON.concept(*at)).any(|one| {
                    other
                        .iter()
                        .filter_map(|at| LEXICON.concept(*at))
                        .any(|other| one.is_kin(other) && !other.is_vague && !MATERIALS.contains(&other.id.as_str()))
                })
            }
            _ => false,
        };
        let exact: Vec<Unit> =
            self.sorts.iter().filter(|sort| self.heads.iter().any(|head| is_kin(head, sort))).cloned().collect();
        if exact.is_empty() {
            return;
        }
        self.heads = exact;
        self.sorts.retain(|sort| match (sort, &self.heads) {
            (Unit::Concepts(own), heads) => !heads.iter().any(|head| matches!(head, Unit::Concepts(all) if all == own)),
            _ => true,
        });
    }

    /// A general word alone means all of its family.
    fn widen(&mut self) {
        let [Unit::Concepts(all)] = self.heads.as_mut_slice() else { return };
        let vague =
            all.iter().filter_map(|at| LEXICON.concept(*at)).filter(|one| one.is_vague && one.kind == Kind::Good);
        let groups: Vec<&str> = vague.flat_map(|one| one.groups()).collect();
        if groups.is_empty() {
            return;
        }
        for (concept, at) in LEXICON.concepts.iter().zip(0_u16..) {
            let is_thing = matches!(concept.kind, Kind::Good | Kind::Service);
            if is_thing && concept.groups().any(|group| groups.contains(&group)) && !all.contains(&at) {
                all.push(at);
            }
        }
    }
}

/// Ids of what words of a query name exactly, as what they are about.
pub(super) fn concepts(words: &str, language: LanguageCode) -> Vec<&'static str> {
    let folded = LEXICON.plain(padded(words), Some(language));
    let mentions = LEXICON.mentions(&folded, Some(language));
    let is_exact = |one: &&Mention| {
        matches!(one.kind, Kind::Good | Kind::Service)
            && !is_beside(one)
            && LEXICON.concept(one.concept).is_some_and(|concept| !concept.is_vague)
    };
    let mut ids: Vec<&str> = Vec::new();
    for one in mentions.iter().filter(is_exact) {
        let id = LEXICON.id(one.concept);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn is_beside(one: &Mention) -> bool {
    one.is_specifying || one.is_audience
}

/// Materials that the catalogue has as goods, and that say of other goods what they are made of.
const MATERIALS: &[&str] =
    &["steel", "plastics", "rubber", "timber", "glass", "leather", "concrete", "stone", "ceramics"];

fn is_material(one: &Mention) -> bool {
    one.kind == Kind::Quality || MATERIALS.contains(&LEXICON.id(one.concept))
}

/// Whether a material is part of a longer phrase that names a thing.
fn is_within_thing(one: &Mention, named: &[&Mention]) -> bool {
    named.iter().any(|other| {
        matches!(other.kind, Kind::Good | Kind::Service)
            && other.concept != one.concept
            && other.start <= one.start
            && one.end <= other.end
            && other.end - other.start > one.end - one.start
    })
}

fn is_topic(kind: Kind) -> bool {
    !matches!(kind, Kind::Role | Kind::Noise)
}

/// Words of a folded text; phrases that the lexicon knows are one.
fn spans(folded: &str, mentions: &[Mention]) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        let rest = folded.get(at..).unwrap_or_default();
        let Some(skip) = rest.find(char::is_alphanumeric) else { break };
        let start = at + skip;
        let rest = folded.get(start..).unwrap_or_default();
        let word = start + rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let phrase = mentions.iter().filter(|one| one.start >= start && one.start < word).map(|one| one.end).max();
        let end = phrase.map_or(word, |end| end.max(word));
        // The end of a phrase is the end of its word.
        let rest = folded.get(end..).unwrap_or_default();
        let end = end + if end > word { rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()) } else { 0 };
        spans.push((start, end));
        at = end.max(start + 1);
    }
    // The words that join are none.
    spans.retain(|(start, end)| {
        let word = folded.get(*start..*end).unwrap_or_default();
        !SETTING.is_joining(word) || mentions.iter().any(|one| one.start >= *start && one.end <= *end)
    });
    spans
}

fn is_alternative(between: &str) -> bool {
    const MARKS: &[char] = &[',', '/', '&', ';', '+', '、', '，', '和', '及', '与'];
    between.contains(MARKS)
        || between
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| SETTING.is_joining(word) && word != "of" && word != "a" && word != "en")
}

/// A folded word without its ending, so that its other forms begin alike.
pub(crate) fn stem(word: &str) -> String {
    let length = word.chars().count();
    let keep = match length {
        0..=4 => length,
        5 => 4,
        6..=8 => length - 2,
        _ => length - 3,
    };
    word.chars().take(keep).collect()
}

/// How a text names a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named {
    /// Not at all.
    Not,
    /// As those whom something is for, or to specify something else.
    Beside,
    /// As what it is about.
    Plainly,
}

/// How a text names a unit, and where.
pub(crate) fn named(unit: &Unit, text: &Telling<'_>) -> (Named, usize) {
    match unit {
        Unit::Concepts(all) => {
            let found = text.mentions.iter().filter(|one| all.contains(&one.concept)).map(|one| {
                let is_beside = one.is_audience || one.is_specifying;
                (if is_beside { Named::Beside } else { Named::Plainly }, one.start)
            });
            found.max_by_key(|(named, at)| (*named, usize::MAX - *at)).unwrap_or((Named::Not, 0))
        }
        Unit::Word(stem) => word_in(stem, &text.folded)
            .map_or((Named::Not, 0), |at| (if text.is_for_others(at) { Named::Beside } else { Named::Plainly }, at)),
    }
}

/// Where a folded text has a word of this stem, or a compound that ends in one.
pub(crate) fn word_in(stem: &str, folded: &str) -> Option<usize> {
    let length = stem.chars().count();
    folded.match_indices(stem).map(|(at, _)| at).find(|at| {
        let before = folded.get(..*at).and_then(|text| text.chars().next_back());
        let rest = folded.get(at + stem.len()..).unwrap_or_default();
        let is_apart = stem.chars().next().is_some_and(is_joined);
        let rest = rest.chars().take_while(|c| c.is_alphanumeric()).count();
        let begins = !before.is_some_and(char::is_alphanumeric);
        is_apart || begins && rest <= if length < 4 { 1 } else { 5 } || !begins && length >= 5 && rest <= 3
    })
}
