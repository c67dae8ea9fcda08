//! What companies do, by a catalogue of trades (`data/trades`): which trade a
//! text names, which ones are a company's own, and what an offer is about.
//!
//! Words are looked for in texts of any language; a trade is an entry of the
//! catalogue and has names in a few ([`LANGUAGES`]).

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_types::LanguageCode;
use serde::Deserialize;

use crate::fold::fold;

mod asked;
mod mentions;
mod occupation;

pub use asked::{Asked, all, languages};
use mentions::mentions;
pub use occupation::Occupation;
pub(crate) use occupation::{ASSOCIATION, Account};

/// The languages in which trades have names, in the order of the files.
pub(crate) const LANGUAGES: [&str; 9] = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru"];

/// Where a language stands in [`LANGUAGES`].
pub(crate) fn column(language: LanguageCode) -> Option<usize> {
    LANGUAGES.iter().position(|known| *known == language.as_str())
}

/// A phrase in each of [`LANGUAGES`].
type Names = [String; LANGUAGES.len()];

/// Something that companies make, sell or do.
#[derive(Debug)]
pub struct Trade {
    /// Its name in the catalogue.
    pub id: String,
    entry: Entry,
}

/// An entry of the catalogue; its parts are explained in `data/trades/README.md`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    words: String,
    names: Names,
    trade: Option<Names>,
    market: Option<Names>,
    #[serde(default)]
    groups: String,
    #[serde(default)]
    buyers: String,
    #[serde(default)]
    kinds: String,
    #[serde(default)]
    grown: bool,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    generic: bool,
    #[serde(default)]
    market_only: bool,
    #[serde(default)]
    field: bool,
}

impl Trade {
    /// As it stands after "manufacturer of".
    pub(crate) fn name(&self, column: usize) -> &str {
        self.entry.names.get(column).map_or("", String::as_str)
    }

    /// What a company of this trade is ("a law firm").
    pub(crate) fn own(&self, column: usize) -> Option<&str> {
        self.entry.trade.as_ref()?.get(column).map(String::as_str)
    }

    /// Companies of this trade, as customers.
    pub(crate) fn market(&self, column: usize) -> Option<&str> {
        self.entry.market.as_ref()?.get(column).map(String::as_str)
    }

    /// Whether it says little beside something more exact.
    pub(crate) fn is_generic(&self) -> bool {
        self.entry.generic
    }

    /// A special field of those with a name of their own.
    pub(crate) fn is_field(&self) -> bool {
        self.entry.field
    }

    /// Whether a company of this trade has a name of its own ("a law firm").
    pub(crate) fn is_named(&self) -> bool {
        self.entry.trade.is_some()
    }

    pub(crate) fn is_software(&self) -> bool {
        self.groups().any(|group| group == "software")
    }

    pub(crate) fn is_service(&self) -> bool {
        self.entry.kind == "service"
    }

    /// Groups of trades that it belongs to.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        self.entry.groups.split_ascii_whitespace()
    }

    /// Whether it grows or is caught, and so is not manufactured.
    pub(crate) fn is_grown(&self) -> bool {
        self.entry.grown
    }

    /// More exact trades that belong to it.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.entry.kinds.split_ascii_whitespace()
    }

    /// Trades, groups and roles of those who buy it.
    pub(crate) fn buyers(&self) -> impl Iterator<Item = &str> {
        self.entry.buyers.split_ascii_whitespace()
    }
}

/// What a company does with its goods.
#[derive(Debug)]
pub struct Role {
    /// Its name in the catalogue, such as `maker`.
    pub id: String,
    words: String,
    phrase: Names,
}

impl Role {
    /// The role by its name in the catalogue.
    #[must_use]
    pub fn of(id: &str) -> Option<&'static Self> {
        CATALOGUE.roles.iter().find(|role| role.id == id)
    }

    /// What a company in this role is; `{x}` stands for the goods.
    pub(crate) fn phrase(&self, column: usize) -> &str {
        self.phrase.get(column).map_or("", String::as_str)
    }
}

/// What a word of the catalogue stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Meaning {
    Trade(usize),
    Role(usize),
}

/// A word of the catalogue and where it counts.
struct Word {
    meaning: Meaning,
    /// It may begin within a word.
    inside: bool,
    /// It ends with a word.
    whole: bool,
    /// It names customers, never what a company is.
    market: bool,
    language: Option<LanguageCode>,
}

struct Catalogue {
    trades: Vec<Trade>,
    roles: Vec<Role>,
    finder: AhoCorasick,
    words: Vec<Word>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::read);

impl Catalogue {
    fn read() -> Self {
        #[derive(Deserialize)]
        struct RoleEntry {
            words: String,
            phrase: Names,
        }
        let files = [
            include_str!("../data/trades/goods.toml"),
            include_str!("../data/trades/software.toml"),
            include_str!("../data/trades/services.toml"),
            include_str!("../data/trades/industry.toml"),
            include_str!("../data/trades/professions.toml"),
        ];
        let (mut trades, mut roles) = (Vec::new(), Vec::new());
        let (mut patterns, mut words) = (Vec::new(), Vec::new());
        let mut add = |list: &str, meaning| {
            for word in list.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                let (language, word) =
                    word.split_once(':').map_or((None, word), |(code, word)| (code.parse().ok(), word));
                let (market, word) = word.strip_prefix('>').map_or((false, word), |word| (true, word));
                let (inside, word) = word.strip_prefix('*').map_or((false, word), |word| (true, word));
                let (whole, word) = word.strip_suffix('_').map_or((false, word), |word| (true, word));
                patterns.push(fold(word));
                words.push(Word { meaning, inside, whole, market, language });
            }
        };
        for file in files {
            let entries: toml::map::Map<String, toml::Value> =
                toml::from_str(file).expect("the file is fixed and read by the tests");
            for (id, value) in entries {
                let entry: Entry = value.try_into().expect("the file is fixed and read by the tests");
                add(&entry.words, Meaning::Trade(trades.len()));
                trades.push(Trade { id, entry });
            }
        }
        let file = include_str!("../data/trades/roles.toml");
        let entries: HashMap<String, RoleEntry> =
            toml::from_str(file).expect("the file is fixed and read by the tests");
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (id, entry) in entries {
            add(&entry.words, Meaning::Role(roles.len()));
            roles.push(Role { id, words: entry.words, phrase: entry.phrase });
        }
        let finder =
            AhoCorasick::new(&patterns).expect("some thousand short patterns are within the automaton's limits");
        Self { trades, roles, finder, words }
    }
}

/// An entry of the catalogue with its words, in the notation of `data/trades/README.md`.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Its name in the catalogue.
    pub id: &'static str,
    /// Its words, with commas between.
    pub words: &'static str,
    /// What companies do with goods, rather than a trade.
    pub is_role: bool,
    /// Is done for others, or names what a company is, rather than goods.
    pub is_service: bool,
    /// Says little beside something more exact.
    pub is_generic: bool,
    /// Names customers more often than what a company does.
    pub is_market: bool,
    /// The groups of trades that it belongs to, with blanks between.
    pub groups: &'static str,
}

/// All that the catalogue holds, for those who search with its words.
pub fn listed() -> impl Iterator<Item = Listed> {
    let trades = CATALOGUE.trades.iter().map(|trade| Listed {
        id: &trade.id,
        words: &trade.entry.words,
        is_role: false,
        is_service: trade.is_service() || trade.is_named(),
        is_generic: trade.entry.generic,
        is_market: trade.entry.market_only,
        groups: &trade.entry.groups,
    });
    let roles = CATALOGUE.roles.iter().map(|role| Listed {
        id: &role.id,
        words: &role.words,
        is_role: true,
        is_service: false,
        is_generic: false,
        is_market: false,
        groups: "",
    });
    trades.chain(roles)
}

/// The trades that a text names as what is made, sold or done, in its order, each once. `language` is that of the text,
/// where it is known: some words count in one language alone.
#[must_use]
pub fn named(text: &str, language: Option<LanguageCode>) -> Vec<&'static Trade> {
    let mut trades: Vec<&'static Trade> = Vec::new();
    for mention in mentions(text, language).iter().filter(|mention| !mention.is_audience) {
        let Meaning::Trade(at) = mention.meaning else { continue };
        if let Some(trade) = CATALOGUE.trades.get(at).filter(|trade| trades.iter().all(|known| known.id != trade.id)) {
            trades.push(trade);
        }
    }
    trades
}

/// What an offer is about.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// What is sold.
    pub sold: Vec<&'static Trade>,
    /// Trades that it is meant for.
    pub wanted: Vec<&'static Trade>,
    /// Roles that it is meant for.
    pub wanted_roles: Vec<&'static Role>,
}

impl Proposal {
    /// Reads an offer.
    #[must_use]
    pub fn read(offer: &str) -> Self {
        let language = crate::facts::language::detect_if_plain(offer);
        let mut read = Self::default();
        for mention in mentions(offer, language) {
            match (mention.meaning, mention.is_audience) {
                (Meaning::Trade(at), is_audience) => {
                    let Some(trade) = CATALOGUE.trades.get(at) else { continue };
                    let list = if is_audience { &mut read.wanted } else { &mut read.sold };
                    if !list.iter().any(|known| known.id == trade.id) {
                        list.push(trade);
                    }
                }
                (Meaning::Role(at), true) => {
                    let Some(role) = CATALOGUE.roles.get(at) else { continue };
                    if !read.wanted_roles.iter().any(|known| known.id == role.id) {
                        read.wanted_roles.push(role);
                    }
                }
                (Meaning::Role(_), false) => {}
            }
        }
        // "Software for warehouse management" sells the second, not to it.
        if read.sold.iter().all(|trade| trade.is_generic()) {
            let (software, others) =
                read.wanted.into_iter().partition(|trade| trade.is_software() && !trade.is_generic());
            read.sold.extend::<Vec<_>>(software);
            read.wanted = others;
        }
        if read.sold.iter().any(|trade| !trade.is_generic()) {
            read.sold.retain(|trade| !trade.is_generic());
        }
        // What is only ever a customer is not sold.
        read.sold.retain(|trade| !trade.entry.market_only);
        read
    }
}

#[cfg(test)]
mod tests;
