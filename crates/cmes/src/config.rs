//! The configuration: `cmes.toml`, overruled by the environment.
//!
//! Each section is a struct whose fields are its keys; `cmes.example.toml`
//! documents every one of them, and a test holds the two together. Unknown keys
//! and bad values stop the start with a message that names the key, where it
//! stands and what is accepted.

mod address;
mod environment;
mod models;
mod search;
mod secret;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use cmes_types::{Currency, Money};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;

pub use models::{Embeddings, EmbeddingsProvider, Llm, LlmProvider, Models};
pub use search::{Keyed, Keyless, Provider, Search};
pub use secret::Secret;

/// The documentation of every key with its default.
#[cfg(test)]
pub const EXAMPLE: &str = include_str!("../../../cmes.example.toml");
/// File that is read when it is there and no other is named.
pub const DEFAULT_FILE: &str = "cmes.toml";

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub server: Server,
    pub data: Data,
    pub database: Database,
    pub llm: Llm,
    pub embeddings: Embeddings,
    pub models: Models,
    pub fetch: Fetch,
    pub browser: Browser,
    pub search: Search,
    pub knowledge: Knowledge,
    pub billing: Billing,
    pub limits: Limits,
    pub log: Log,
}

/// Section `server`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    pub listen: SocketAddr,
    #[serde(deserialize_with = "address::optional")]
    pub public_url: Option<Url>,
    pub trusted_proxies: Vec<IpNet>,
}

/// Section `data`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    pub dir: PathBuf,
}

/// Section `database`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// May hold a password.
    pub url: Option<Secret>,
    pub max_connections: u32,
}

/// Section `fetch`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fetch {
    pub allow_networks: Vec<IpNet>,
    pub resolve: BTreeMap<String, SocketAddr>,
    /// May hold a password.
    pub proxy: Option<Secret>,
    pub user_agent: String,
    pub max_pages: usize,
    pub per_host_delay_ms: u64,
    pub page_timeout_s: u64,
    pub max_page_bytes: u64,
    pub total_timeout_s: u64,
    pub total_requests: u32,
    pub total_bytes: u64,
    pub cache_bytes: u64,
}

/// Section `browser`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Browser {
    pub path: BrowserPath,
}

/// Which browser renders pages that are made by script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "PathBuf", into = "PathBuf")]
pub enum BrowserPath {
    /// The Chromium that is installed, if there is one.
    #[default]
    Auto,
    /// None.
    Off,
    /// This program.
    At(PathBuf),
}

impl From<PathBuf> for BrowserPath {
    fn from(path: PathBuf) -> Self {
        match path.to_str() {
            Some("auto") => Self::Auto,
            Some("off") => Self::Off,
            _ => Self::At(path),
        }
    }
}

impl From<BrowserPath> for PathBuf {
    fn from(path: BrowserPath) -> Self {
        match path {
            BrowserPath::Auto => Self::from("auto"),
            BrowserPath::Off => Self::from("off"),
            BrowserPath::At(path) => path,
        }
    }
}

/// Section `knowledge`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Knowledge {
    pub index_bytes: usize,
}

/// Section `billing`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Billing {
    pub currency: Currency,
    pub tariffs: BTreeMap<String, Tariff>,
    pub rates: BTreeMap<String, Money>,
}

/// The price of a method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    pub price: Money,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub rules: String,
}

/// Section `limits`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub max_body_bytes: usize,
    pub body_timeout_s: u64,
    pub requests_per_minute: u32,
    pub max_count: u32,
    pub parallel_requests: usize,
    pub parallel_calls: usize,
    pub parallel_calls_per_account: usize,
    pub parallel_tasks: usize,
    pub parallel_tasks_per_account: usize,
    pub parallel_webhooks: usize,
    pub parallel_webhooks_per_account: usize,
    pub parallel_indexing: usize,
    pub parallel_indexing_per_account: usize,
    pub task_lease_s: u64,
    pub retention_days: u64,
    pub shutdown_timeout_s: u64,
}

/// Section `log`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub format: LogFormat,
    pub level: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Server {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), public_url: None, trusted_proxies: Vec::new() }
    }
}

impl Default for Data {
    fn default() -> Self {
        Self { dir: PathBuf::from("./data") }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, max_connections: 10 }
    }
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            allow_networks: Vec::new(),
            resolve: BTreeMap::new(),
            proxy: None,
            user_agent: cmes_fetch::default_user_agent(),
            max_pages: 10,
            per_host_delay_ms: 150,
            page_timeout_s: 10,
            max_page_bytes: 5 * 1024 * 1024,
            total_timeout_s: 45,
            total_requests: 40,
            total_bytes: 40 * 1024 * 1024,
            cache_bytes: 512 * 1024 * 1024,
        }
    }
}

impl Default for Knowledge {
    fn default() -> Self {
        Self { index_bytes: 256 * 1024 * 1024 }
    }
}

impl Default for Billing {
    fn default() -> Self {
        let money = Money::from_units;
        let tariff = |method: &str, description: &str| {
            let description = description.to_owned();
            (method.to_owned(), Tariff { price: money(10_000_000), description, rules: String::new() })
        };
        Self {
            currency: Currency::gbp(),
            tariffs: BTreeMap::from([
                tariff("/v1/leadgeneration", "Price per generated lead"),
                tariff("/v1/enrichment", "Price per successfully enriched lead"),
            ]),
            rates: BTreeMap::from([("EUR".to_owned(), money(119_698_800)), ("USD".to_owned(), money(134_014_800))]),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body_bytes: 10 * 1024 * 1024,
            body_timeout_s: 30,
            requests_per_minute: 600,
            max_count: 100,
            parallel_requests: 1_000,
            parallel_calls: 16,
            parallel_calls_per_account: 8,
            parallel_tasks: 16,
            parallel_tasks_per_account: 8,
            parallel_webhooks: 32,
            parallel_webhooks_per_account: 8,
            parallel_indexing: 4,
            parallel_indexing_per_account: 2,
            task_lease_s: 30,
            retention_days: 30,
            shutdown_timeout_s: 30,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}

/// A configuration that cannot be used: one sentence that names the key, where
/// it stands and what is accepted.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Config {
    /// Reads the file (`cmes.toml`, if there is one, when none is named) and the
    /// variables `CMES_<SECTION>__<KEY>`, which win.
    ///
    /// # Errors
    /// When the file cannot be read, or a key or value is not known.
    pub fn load(file: Option<&Path>, variables: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut table = read_file(file)?;
        for (path, value) in environment::overrides(variables)? {
            environment::put(&mut table, &path, value);
        }
        // Every part has been checked on its own, so that a mistake is shown
        // where it stands; together they can only fail for a required subkey.
        let config: Self = table.try_into().map_err(|error: toml::de::Error| ConfigError::new(error.to_string()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let has =
            |currency: &str| self.billing.currency.as_str() == currency || self.billing.rates.contains_key(currency);
        if let Some(missing) = ["GBP", "EUR", "USD"].into_iter().find(|currency| !has(currency)) {
            return Err(ConfigError::new(format!(
                "billing.rates has no rate for {missing}; give how much one {} is in it",
                self.billing.currency
            )));
        }
        models::check(&self.llm, &self.embeddings)?;
        search::check(&self.search)?;
        let positive = [
            ("fetch.max_pages", self.fetch.max_pages as u64),
            ("fetch.page_timeout_s", self.fetch.page_timeout_s),
            ("fetch.total_timeout_s", self.fetch.total_timeout_s),
            ("database.max_connections", u64::from(self.database.max_connections)),
            ("llm.timeout_s", self.llm.timeout_s),
            ("llm.max_parallel", self.llm.max_parallel as u64),
            ("embeddings.timeout_s", self.embeddings.timeout_s),
            ("embeddings.max_parallel", self.embeddings.max_parallel as u64),
            ("limits.max_count", u64::from(self.limits.max_count)),
            ("limits.parallel_requests", self.limits.parallel_requests as u64),
            ("limits.parallel_calls", self.limits.parallel_calls as u64),
            ("limits.parallel_calls_per_account", self.limits.parallel_calls_per_account as u64),
            ("limits.parallel_tasks", self.limits.parallel_tasks as u64),
            ("limits.parallel_tasks_per_account", self.limits.parallel_tasks_per_account as u64),
            ("limits.parallel_webhooks", self.limits.parallel_webhooks as u64),
            ("limits.parallel_webhooks_per_account", self.limits.parallel_webhooks_per_account as u64),
            ("limits.parallel_indexing", self.limits.parallel_indexing as u64),
            ("limits.parallel_indexing_per_account", self.limits.parallel_indexing_per_account as u64),
            ("limits.task_lease_s", self.limits.task_lease_s),
            ("limits.retention_days", self.limits.retention_days),
        ];
        match positive.into_iter().find(|(_, value)| *value == 0) {
            Some((key, _)) => Err(ConfigError::new(format!("{key} is 0; it takes a whole number from 1"))),
            None => Ok(()),
        }
    }

    /// Address of the database: the configured one, else a file in `data.dir`.
    #[must_use]
    pub fn database_url(&self) -> String {
        match &self.database.url {
            Some(url) => url.expose().to_owned(),
            None => format!("sqlite:{}", self.data.dir.join("cmes.db").display()),
        }
    }
}

fn read_file(file: Option<&Path>) -> Result<toml::Table, ConfigError> {
    let path = file.unwrap_or(Path::new(DEFAULT_FILE));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => return Ok(toml::Table::new()),
        Err(error) => return Err(ConfigError::new(format!("{} cannot be read: {error}", path.display()))),
    };
    let mistake =
        |error: toml::de::Error| ConfigError::new(format!("{}: {}", path.display(), error.to_string().trim_end()));
    let mut table: toml::Table = toml::from_str(&text).map_err(mistake)?;
    secret::read_files(&mut table)?;
    let without_files = toml::to_string(&table).map_err(|error| ConfigError::new(error.to_string()))?;
    // The text itself, when nothing was put in: then the message shows the line.
    let checked = if text.contains("_file") { &without_files } else { &text };
    toml::from_str::<Config>(checked).map_err(mistake)?;
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example with every `# key = value` line switched on.
    fn example_switched_on() -> String {
        let line_of = |line: &str| {
            let setting = line.strip_prefix("# ").filter(|rest| {
                let key = rest.split_once(" = ").map_or("", |(key, _)| key);
                let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_/\"".contains(c));
                let is_setting = is_key && !rest.contains("(default: ");
                is_setting || rest.starts_with('[')
            });
            setting.unwrap_or(line).to_owned()
        };
        EXAMPLE.lines().map(line_of).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_example_holds_every_key_with_its_default() {
        let config: Config = toml::from_str(&example_switched_on()).expect("the example is a configuration");
        assert_eq!(config, Config::default());
        assert_eq!(toml::from_str::<Config>(EXAMPLE).expect("a configuration"), Config::default());
        let json = serde_json::to_value(Config::default()).expect("plain data");
        for (section, keys) in json.as_object().expect("sections") {
            assert!(EXAMPLE.contains(&format!("[{section}]")), "section {section}");
            for (key, value) in keys.as_object().expect("keys") {
                let documented = [format!("\n# {key} = "), format!("\n# {key}="), format!("[{section}.{key}]")];
                assert!(documented.iter().any(|line| EXAMPLE.contains(line)), "{section}.{key} is not documented");
                let Some(part) = EXAMPLE.split_once(&format!("\n# [{section}.{key}]\n")) else { continue };
                let part = part.1.split("\n[").next().and_then(|part| part.split("\n# [").next()).unwrap_or_default();
                for key in value.as_object().expect("a table").keys() {
                    let documented = [format!("# {key} = "), format!("# \"{key}\" = ")];
                    assert!(documented.iter().any(|line| part.contains(line)), "{section}: {key} is not documented");
                }
            }
        }
    }

    fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let file = tempfile::NamedTempFile::new().expect("an empty file");
        Config::load(Some(file.path()), variables)
    }

    #[test]
    fn variables_are_read_as_the_key_needs_them() {
        let config = load(&[
            ("CMES_SERVER__LISTEN", "127.0.0.1:0"),
            ("CMES_FETCH__ALLOW_NETWORKS", "127.0.0.0/8, ::1/128"),
            ("CMES_FETCH__MAX_PAGES", "3"),
            ("CMES_FETCH__USER_AGENT", "42"),
            ("CMES_LOG__FORMAT", "json"),
            ("CMES_BILLING__RATES", "{EUR = 1.2, USD = \"1.3\"}"),
            ("PATH", "/bin"),
        ])
        .expect("a configuration");
        assert_eq!(config.server.listen.port(), 0);
        assert_eq!(config.fetch.allow_networks.len(), 2);
        assert_eq!((config.fetch.max_pages, config.fetch.user_agent.as_str()), (3, "42"));
        assert_eq!(config.log.format, LogFormat::Json);
        assert_eq!(config.billing.rates["USD"].to_string(), "1.3");
    }

    #[test]
    fn mistakes_are_named_with_what_is_accepted() {
        let check = |name: &str, value: &str, words: &[&str]| {
            let message = load(&[(name, value)]).expect_err("a mistake").to_string();
            for word in words {
                assert!(message.contains(word), "{message:?} lacks {word:?}");
            }
        };
        check("CMES_SERVER__LISTN", "x", &["CMES_SERVER__LISTN", "listen", "trusted_proxies"]);
        check("CMES_SERVR__LISTEN", "x", &["CMES_SERVR__LISTEN", "server", "fetch"]);
        check("CMES_LOG__FORMAT", "xml", &["CMES_LOG__FORMAT", "text", "json"]);
        check("CMES_FETCH__MAX_PAGES", "many", &["CMES_FETCH__MAX_PAGES", "many"]);
        check("CMES_FETCH__MAX_PAGES", "0", &["fetch.max_pages", "from 1"]);
        check("CMES_BILLING__RATES", "{EUR = 1.2}", &["billing.rates", "USD"]);
        check("CMES_BILLING__CURRENCY", "pounds", &["CMES_BILLING__CURRENCY", "ISO 4217"]);
        check("CMES_LLM__PROVIDER", "openai", &["llm.provider", "base_url"]);
        check("CMES_LLM__BASE_URL", "http://127.0.0.1:8081/v1", &["llm.base_url", "model"]);
        check("CMES_EMBEDDINGS__BASE_URL", "http://127.0.0.1:8081/v1", &["embeddings.base_url", "provider to openai"]);
        check("CMES_LLM__MAX_PARALLEL", "0", &["llm.max_parallel", "from 1"]);
        check("CMES_SEARCH__PROVIDERS", "brave", &["search.providers lists brave", "search.brave.api_key"]);
        check("CMES_SEARCH__PROVIDERS", "searxng", &["search.providers lists searxng", "search.searxng.url"]);
        check("CMES_SEARCH__PROVIDERS", "bing, brave", &["CMES_SEARCH__PROVIDERS", "auto or a list of searxng, brave"]);
        check("CMES_SEARCH__BRAVE__KEY", "x", &["CMES_SEARCH__BRAVE__KEY", "api_key", "daily_budget"]);
        check("CMES_SEARCH__GOOGLE__API_KEY", "x", &["CMES_SEARCH__GOOGLE__API_KEY", "serper", "overpass"]);
        check("CMES_SEARCH__SEARXNG__URL", "here", &["CMES_SEARCH__SEARXNG__URL", "here"]);
        check("CMES_SEARCH__OVERPASS__DAILY_BUDGET", "0", &["search.overpass.daily_budget", "from 1"]);
        check("CMES_NONSENSE", "1", &["CMES_NONSENSE", "CMES_<SECTION>__<KEY>"]);
    }

    #[test]
    fn providers_of_search_that_are_configured_are_asked() {
        use Provider::{Brave, Directory, Overpass, Searxng, Tavily};
        let check = |variables: &[(&str, &str)], expected: &[Provider]| {
            assert_eq!(load(variables).expect("a configuration").search.order(), expected, "{variables:?}");
        };
        check(&[], &[Directory]);
        let url = ("CMES_SEARCH__SEARXNG__URL", "http://searxng:8080");
        let key = ("CMES_SEARCH__TAVILY__API_KEY", "tvly-1");
        check(&[key, url], &[Searxng, Tavily, Directory]);
        check(&[key, url, ("CMES_SEARCH__PROVIDERS", "auto")], &[Searxng, Tavily, Directory]);
        check(&[key, ("CMES_SEARCH__PROVIDERS", "overpass, tavily, overpass")], &[Overpass, Tavily]);
        check(&[key, ("CMES_SEARCH__PROVIDERS", "[]")], &[]);
        check(&[("CMES_SEARCH__TAVILY__API_KEY", " ")], &[Directory]);
        let whole = ("CMES_SEARCH__BRAVE", "{api_key = \"k\", daily_budget = 5}");
        let config = load(&[whole, ("CMES_SEARCH__BRAVE__DAILY_BUDGET", "7")]).expect("a configuration");
        assert_eq!((config.search.order(), config.search.brave.daily_budget), (vec![Brave, Directory], Some(7)));
    }

    #[test]
    fn secrets_are_not_printed() {
        let config = load(&[
            ("CMES_DATABASE__URL", "postgres://me:hidden@db/cmes"),
            ("CMES_LLM__API_KEY", "sk-hidden"),
            ("CMES_EMBEDDINGS__API_KEY", "sk-hidden"),
            ("CMES_SEARCH__BRAVE__API_KEY", "sk-hidden"),
            ("CMES_MODELS__INDEX", "https://me:hidden@packages.example/simple"),
        ])
        .expect("a configuration");
        assert_eq!(config.database_url(), "postgres://me:hidden@db/cmes");
        assert!(!format!("{config:?}").contains("hidden"));
        assert!(!toml::to_string(&config).expect("plain data").contains("hidden"));
    }
}
