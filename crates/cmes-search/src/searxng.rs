//! SearXNG, a search engine of search engines that one runs oneself.
//!
//! Its API: <https://docs.searxng.org/dev/search_api.html>. The format `json` has
//! to be switched on in its `settings.yml`; until then it answers 403.

use std::time::Duration;

use cmes_types::{CompanySearch, Hit};
use serde_json::Value;

use crate::Found;
use crate::error::{SearchError, SearchErrorKind};
use crate::hits::{Pages, hits, typed};
use crate::provider::provider;
use crate::service::{About, Question};
use crate::words::country;

/// A page has ten hits or more, by the engines behind it.
const PAGES: usize = 4;

static ABOUT: About = About {
    name: "searxng",
    address_setting: "search.searxng.url",
    own_address: None,
    key: None,
    budget_setting: "search.searxng.daily_budget",
    timeout: Duration::from_secs(15),
    parallel: 4,
    explain,
    pause: |_| None,
};

fn explain(status: u16, _words: &str) -> Option<(SearchErrorKind, String)> {
    match status {
        403 => {
            let message = "it does not give its answers as JSON (status 403); add json to search.formats in its \
                settings.yml and start it anew";
            Some((SearchErrorKind::Refused, message.to_owned()))
        }
        429 => {
            let message = "its limiter takes cmes for a robot (status 429); set server.limiter to false in its \
                settings.yml, or let the address of cmes pass in its limiter.toml";
            Some((SearchErrorKind::Limited, message.to_owned()))
        }
        _ => None,
    }
}

provider! {
    /// A SearXNG of the operator's.
    SearxNg
}

impl SearxNg {
    async fn look(&self, search: &CompanySearch) -> Result<Found, SearchError> {
        let text = typed(search, 1_000, 100);
        if text.is_empty() {
            return Ok(Found::default());
        }
        let language = match country(search) {
            Some(country) => format!("{}-{country}", search.language),
            None => search.language.to_string(),
        };
        let mut pages = Pages::new(search);
        for page in 1..=PAGES {
            let mut url = self.0.url("search");
            url.query_pairs_mut()
                .append_pair("q", &text)
                .append_pair("format", "json")
                .append_pair("language", &language)
                .append_pair("pageno", &page.to_string());
            let (found, silent) = match self.0.ask(&Question { url, body: None }, |answer| self.read(answer)).await {
                Ok(page) => page,
                Err(error) => return pages.finish(Some(error)),
            };
            for engine in silent {
                pages.remark(format!("searxng: its search engine {engine} does not respond"));
            }
            if !pages.add(found) {
                break;
            }
        }
        pages.finish(None)
    }

    /// Hits, and engines that did not respond.
    fn read(&self, answer: &Value) -> Result<(Vec<Hit>, Vec<String>), SearchError> {
        let found = answer.get("results").and_then(|list| hits(Some(list), ["url", "title", "content"]));
        let found = found.ok_or_else(|| self.0.nonsense("no list of results"))?;
        let silent = unresponsive(answer);
        // Which engines were asked is not told: nothing found while some keep silent is no answer.
        if found.is_empty() && !silent.is_empty() {
            let message = format!(
                "its search engines do not respond ({}); enable others in its settings.yml, or try again later",
                silent.join(", ")
            );
            return Err(self.0.error(SearchErrorKind::Failed, message));
        }
        Ok((found, silent))
    }
}

/// Pairs of an engine and why it did not respond.
fn unresponsive(answer: &Value) -> Vec<String> {
    let list = answer.get("unresponsive_engines").and_then(Value::as_array);
    let shown = |pair: &Value| {
        let part = |place: usize| pair.get(place).and_then(Value::as_str).map(short);
        Some(match (part(0)?, part(1)) {
            (engine, Some(why)) => format!("{engine} ({why})"),
            (engine, None) => engine,
        })
    };
    list.into_iter().flatten().take(20).filter_map(shown).collect()
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
