//! Section `search`: where companies are looked for.

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

use super::{ConfigError, Secret};

/// Section `search`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Search {
    pub providers: Providers,
    pub keep_days: u64,
    pub searxng: Instance,
    pub brave: Keyed,
    pub serper: Keyed,
    pub tavily: Keyed,
    pub wikidata: Keyless,
    pub overpass: Keyless,
    pub directory: Directory,
}

/// A provider that the operator runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Instance {
    #[serde(deserialize_with = "super::address::optional")]
    pub url: Option<Url>,
    pub daily_budget: Option<u64>,
}

/// A provider that wants a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keyed {
    pub api_key: Option<Secret>,
    #[serde(deserialize_with = "super::address::optional")]
    pub base_url: Option<Url>,
    pub daily_budget: Option<u64>,
}

/// A provider that is open to all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keyless {
    #[serde(deserialize_with = "super::address::optional")]
    pub base_url: Option<Url>,
    pub daily_budget: Option<u64>,
}

/// The companies known to this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Directory {
    pub grow: bool,
    pub index_bytes: usize,
}

impl Default for Directory {
    fn default() -> Self {
        let cmes_app::directory::Settings { grow, index_bytes } = cmes_app::directory::Settings::default();
        Self { grow, index_bytes }
    }
}

/// A provider by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    Searxng,
    Brave,
    Serper,
    Tavily,
    Wikidata,
    Overpass,
    /// The companies that this server knows.
    Directory,
}

/// Which providers are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Providers {
    /// Those with an address or a key, then the directory.
    #[default]
    Auto,
    /// These, in this order.
    These(Vec<Provider>),
}

impl Serialize for Providers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => serializer.serialize_str("auto"),
            Self::These(list) => list.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Providers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AutoOrList)
    }
}

struct AutoOrList;

impl<'de> Visitor<'de> for AutoOrList {
    type Value = Providers;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("auto or a list of searxng, brave, serper, tavily, wikidata, overpass, directory")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Providers, E> {
        match text {
            "auto" => Ok(Providers::Auto),
            other => Err(E::invalid_value(serde::de::Unexpected::Str(other), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Providers, A::Error> {
        let mut providers = Vec::new();
        while let Some(provider) = list.next_element()? {
            if !providers.contains(&provider) {
                providers.push(provider);
            }
        }
        Ok(Providers::These(providers))
    }
}

impl Default for Search {
    fn default() -> Self {
        Self {
            providers: Providers::Auto,
            keep_days: 7,
            searxng: Instance::default(),
            brave: Keyed::default(),
            serper: Keyed::default(),
            tavily: Keyed::default(),
            wikidata: Keyless::default(),
            overpass: Keyless::default(),
            directory: Directory::default(),
        }
    }
}

impl Search {
    /// The providers that are asked, in their order.
    pub fn order(&self) -> Vec<Provider> {
        match &self.providers {
            Providers::These(list) => list.clone(),
            Providers::Auto => {
                let configured = self.lacking().into_iter().filter(|(_, _, is_lacking)| !is_lacking);
                configured.map(|(provider, _, _)| provider).chain([Provider::Directory]).collect()
            }
        }
    }

    /// What each provider needs that it may lack.
    fn lacking(&self) -> [(Provider, &'static str, bool); 4] {
        let has_no_key = |section: &Keyed| section.api_key.as_ref().is_none_or(|key| key.expose().trim().is_empty());
        [
            (Provider::Searxng, "searxng, which needs search.searxng.url", self.searxng.url.is_none()),
            (Provider::Brave, "brave, which needs search.brave.api_key", has_no_key(&self.brave)),
            (Provider::Serper, "serper, which needs search.serper.api_key", has_no_key(&self.serper)),
            (Provider::Tavily, "tavily, which needs search.tavily.api_key", has_no_key(&self.tavily)),
        ]
    }
}

/// Whoever is listed has what it needs, and a budget allows something.
pub(super) fn check(search: &Search) -> Result<(), ConfigError> {
    let order = search.order();
    let lacking =
        search.lacking().into_iter().find(|(provider, _, is_lacking)| *is_lacking && order.contains(provider));
    if let Some((_, what, _)) = lacking {
        return Err(ConfigError::new(format!("search.providers lists {what}")));
    }
    let budgets = [
        ("searxng", search.searxng.daily_budget),
        ("brave", search.brave.daily_budget),
        ("serper", search.serper.daily_budget),
        ("tavily", search.tavily.daily_budget),
        ("wikidata", search.wikidata.daily_budget),
        ("overpass", search.overpass.daily_budget),
    ];
    match budgets.into_iter().find(|(_, budget)| *budget == Some(0)) {
        Some((name, _)) => {
            let advice = "it takes a whole number from 1; leave the provider out of search.providers to ask it nothing";
            Err(ConfigError::new(format!("search.{name}.daily_budget is 0; {advice}")))
        }
        None => Ok(()),
    }
}
