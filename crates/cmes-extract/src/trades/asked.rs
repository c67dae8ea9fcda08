//! What somebody looks for, in terms of the catalogue: "pipe manufacturers".

use cmes_types::LanguageCode;

use super::{CATALOGUE, LANGUAGES, Meaning, Role, Trade, column, mentions};

/// An activity that companies are sought by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What they make, sell or do, in the order of the words.
    pub trades: Vec<&'static Trade>,
    /// For whom it is: hotels in "software for hotels".
    pub customers: Vec<&'static Trade>,
    /// What they do with it: the maker in "pump manufacturers".
    pub role: Option<&'static Role>,
}

impl Asked {
    /// Reads an activity in the words of a query.
    #[must_use]
    pub fn read(words: &str, language: Option<LanguageCode>) -> Self {
        let mut asked = Self::default();
        let add = |list: &mut Vec<&'static Trade>, trade| {
            if !list.contains(&trade) {
                list.push(trade);
            }
        };
        for mention in mentions(words, language) {
            match mention.meaning {
                Meaning::Trade(at) => {
                    let Some(trade) = CATALOGUE.trades.get(at) else { continue };
                    add(if mention.is_audience { &mut asked.customers } else { &mut asked.trades }, trade);
                }
                Meaning::Role(at) => asked.role = asked.role.or_else(|| CATALOGUE.roles.get(at)),
            }
        }
        // "Schools", "hotels for companies": who is named alone is sought.
        if asked.trades.is_empty() {
            asked.trades = std::mem::take(&mut asked.customers);
        }
        // What is exact says it better than what is general.
        if asked.trades.iter().any(|trade| !trade.is_generic()) {
            asked.trades.retain(|trade| !trade.is_generic());
        }
        asked
    }
}

/// All trades of the catalogue.
#[must_use]
pub fn all() -> &'static [Trade] {
    &CATALOGUE.trades
}

/// The languages in which trades have names.
pub fn languages() -> impl Iterator<Item = LanguageCode> {
    LANGUAGES.iter().filter_map(|code| code.parse().ok())
}

impl Trade {
    /// What is made, sold or done, as it stands after "manufacturer of"; in one of [`languages`].
    #[must_use]
    pub fn goods(&self, language: LanguageCode) -> Option<&str> {
        column(language).map(|column| self.name(column))
    }

    /// Companies of this trade in the plural ("law firms"), where they have a name of their own.
    #[must_use]
    pub fn companies(&self, language: LanguageCode) -> Option<&str> {
        column(language).and_then(|column| self.market(column))
    }

    /// A company of this trade with its article ("a law firm"), where it has a name of its own.
    #[must_use]
    pub fn company(&self, language: LanguageCode) -> Option<&str> {
        column(language).and_then(|column| self.own(column))
    }

    /// Whether it is a service rather than goods.
    #[must_use]
    pub fn serves(&self) -> bool {
        self.is_service() || self.is_named()
    }
}

impl PartialEq for Trade {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Trade {}

impl PartialEq for Role {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Role {}
