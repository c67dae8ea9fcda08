//! What an activity of a query asks for: things, what makes them more exact,
//! and what is done with them.

use cmes_types::LanguageCode;

use super::lexicon::{Concept, Kind, LEXICON, Mention, padded};
use super::meant::is_topic;
use super::setting::SETTING;
use crate::query::Activity;
use crate::query::is_export;
use cmes_extract::fold::fold;

mod naming;
mod topic;
pub(crate) use naming::{Named, named, stem, stem_length, word_in};
use topic::is_beside;
pub(crate) use topic::{is_material, is_of_material};

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

impl Topic {
    /// Whether what it is about includes this.
    pub(crate) fn has(&self, unit: &Unit) -> bool {
        self.heads.iter().any(|own| match (own, unit) {
            (Unit::Concepts(own), Unit::Concepts(other)) => other.iter().all(|at| own.contains(at)),
            (Unit::Word(own), Unit::Word(other)) => own == other,
            _ => false,
        })
    }
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
        // Die castings are castings, and more exact. Services of one family are often the same companies.
        let is_good = |at: &u16| LEXICON.concept(*at).is_some_and(|one| one.kind == Kind::Good);
        let is_kind = |at: &u16| is_good(at) && wanted.is_family(LEXICON.id(*at));
        // "Residuos sanitarios" are waste, and no sanitary ware beside.
        let is_part = |at: &u16| {
            let folded = LEXICON.plain(padded(&activity.words), Some(language));
            let mentions = LEXICON.mentions(&folded, Some(language));
            let mut own = mentions.iter().filter(|one| one.concept == *at).peekable();
            own.peek().is_some() && own.all(|one| wanted.is_within_longer(one, &mentions))
        };
        let is_met = |at: &u16| wanted.has_concept(*at) || is_kind(at) || is_namesake(at) || is_part(at);
        // Insurance brokers are more exact than insurance, which the catalogue finds in their name.
        let told = super::whole::named_whole(&activity.words, language);
        let is_told = || !told.is_empty() && !told.iter().any(|id| is_trade(id));
        if !concepts.is_empty() && !concepts.iter().any(is_met) && !is_told() {
            let words = wanted.topics.iter().flat_map(|topic| topic.words.clone()).collect();
            wanted.topics = vec![Topic { heads: vec![Unit::Concepts(concepts)], sorts: Vec::new(), words }];
        }
        wanted.take_names(&told);
        let is_exporter = activity.words.split_whitespace().any(|word| is_export(&fold(word)));
        let role = activity.role.map(|role| role.id.as_str()).filter(|_| !is_exporter);
        if let Some(role) = role.filter(|role| wanted.roles.is_empty() && !wanted.within.contains(role)) {
            wanted.roles.push(role);
        }
        wanted.deal();
        wanted
    }

    /// Whether a word is part of a longer phrase that names what is wanted.
    fn is_within_longer(&self, one: &Mention, mentions: &[Mention]) -> bool {
        mentions.iter().any(|other| {
            self.has_concept(other.concept)
                && other.start <= one.start
                && one.end <= other.end
                && other.end - other.start > one.end - one.start + 2
        })
    }

    /// What has the whole name is meant, whatever else its words say: shipyards, and not boats alone.
    fn take_names(&mut self, told: &[&str]) {
        let [Topic { heads, .. }] = self.topics.as_mut_slice() else { return };
        let [Unit::Concepts(all)] = heads.as_mut_slice() else { return };
        let new: Vec<u16> = told.iter().filter_map(|id| LEXICON.find(id)).filter(|at| !all.contains(at)).collect();
        all.extend(new);
    }

    /// Builders' merchants are known by that name, and as who deals in building materials.
    fn deal(&mut self) {
        const ROLE: &str = "wholesale";
        let [Topic { heads, .. }] = self.topics.as_mut_slice() else { return };
        let [Unit::Concepts(all)] = heads.as_mut_slice() else { return };
        let services = all.iter().filter_map(|at| LEXICON.concept(*at)).filter(|one| one.kind == Kind::Service);
        let families = services.flat_map(Concept::groups).filter_map(|group| LEXICON.find(group));
        let is_good = |at: &u16| LEXICON.concept(*at).is_some_and(|one| one.kind == Kind::Good);
        let goods: Vec<u16> = families.filter(is_good).collect();
        if self.within.contains(&ROLE) && self.roles.is_empty() && !goods.is_empty() {
            all.extend(goods);
            self.within.retain(|role| *role != ROLE);
            self.roles.push(ROLE);
        }
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
                mentions.iter().filter(within).filter(|one| is_asked(one.kind) && !is_role(one)).collect();
            let is_idle = SETTING.is_idle(folded.get(start..end).unwrap_or_default());
            if is_idle && named.iter().all(|one| one.kind == Kind::Claim) || named.is_empty() {
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
        !self.roles.contains(&"wholesale") && self.topics.iter().all(|topic| topic.heads.iter().any(is_one))
    }

    /// Whether a role is part of the name of what is wanted: the wholesaler in "food wholesalers".
    pub(super) fn has_within(&self, role: &str) -> bool {
        self.within.contains(&role)
    }

    /// Whether it names the concept of this name.
    pub(crate) fn is_of(&self, id: &str) -> bool {
        LEXICON.concepts.iter().zip(0_u16..).any(|(concept, at)| concept.id == id && self.has_concept(at))
    }

    /// Whether a concept is the family of one that is wanted: drinks, where beer is.
    pub(crate) fn is_family(&self, id: &str) -> bool {
        self.concepts().any(|one| one.is_kind_of(id))
    }

    /// Whether a service is of a kind with one that is wanted: cleaners of tanks beside industrial cleaners are often the same.
    pub(super) fn is_kin_of(&self, concept: &Concept) -> bool {
        let is_kin = |one: &Concept| one.kind == Kind::Service && one.is_kin(concept);
        concept.kind == Kind::Service && self.concepts().any(is_kin)
    }

    /// What it is about, as far as the lexicon knows it.
    pub(crate) fn concepts(&self) -> impl Iterator<Item = &'static Concept> {
        let heads = self.topics.iter().flat_map(|topic| &topic.heads);
        let all = heads.flat_map(|unit| match unit {
            Unit::Concepts(all) => all.as_slice(),
            Unit::Word(_) => &[],
        });
        all.filter_map(|at| LEXICON.concept(*at))
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

/// Ids of what words of a query name exactly, as what they are about.
pub(super) fn concepts(words: &str, language: LanguageCode) -> Vec<&'static str> {
    let folded = LEXICON.plain(padded(words), Some(language));
    let mentions = LEXICON.mentions(&folded, Some(language));
    let is_exact = |one: &&Mention| {
        matches!(one.kind, Kind::Good | Kind::Service)
            && !is_beside(one)
            && LEXICON.concept(one.concept).is_some_and(|concept| !concept.is_vague)
    };
    let exact: Vec<&Mention> = mentions.iter().filter(is_exact).collect();
    // Furniture fittings are no fittings beside: the longer one says alone what is meant.
    let length = |one: &Mention| one.reach() - one.start;
    let is_part = |one: &Mention| {
        exact
            .iter()
            .any(|other| other.start <= one.start && one.reach() <= other.reach() && length(other) > length(one) + 2)
    };
    let is_family = |id: &str| {
        let concepts = exact.iter().filter_map(|other| LEXICON.concept(other.concept));
        concepts.into_iter().any(|other| other.id != id && other.is_kind_of(id))
    };
    let mut ids: Vec<&str> = Vec::new();
    for one in &exact {
        let id = LEXICON.id(one.concept);
        if !ids.contains(&id) && !is_part(one) && !is_family(id) {
            ids.push(id);
        }
    }
    ids
}

/// Whether a trade shares words with another, or with what that one is a kind of, and nothing else.
pub(super) fn is_namesake(id: &str, of: &str) -> bool {
    let Some(own) = LEXICON.of_id(id) else { return false };
    let Some(other) = own.instead_of.as_deref() else { return false };
    !own.is_kind_of(of) && (other == of || LEXICON.of_id(other).is_some_and(|other| other.is_kind_of(of)))
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

/// Whether a query that names it asks for it.
fn is_asked(kind: Kind) -> bool {
    is_topic(kind) || kind == Kind::Claim
}

fn is_alternative(between: &str) -> bool {
    const MARKS: &[char] = &[',', '/', '&', ';', '+', '、', '，', '和', '及', '与'];
    between.contains(MARKS)
        || between
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| SETTING.is_joining(word) && word != "of" && word != "a" && word != "en")
}
