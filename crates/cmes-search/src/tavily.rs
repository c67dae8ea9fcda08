//! Tavily, a search made for programs that read, with a key.
//!
//! Its API: <https://docs.tavily.com/documentation/api-reference/endpoint/search>.
//! It has no pages: twenty hits are all that one question gives.

use std::time::Duration;

use cmes_types::CompanySearch;
use http::header::AUTHORIZATION;
use serde_json::json;

use crate::Found;
use crate::error::{SearchError, SearchErrorKind};
use crate::hits::{Pages, hits, typed, wanted};
use crate::provider::provider;
use crate::service::{About, Question};
use crate::words::country;

/// Where the API is.
const BASE_URL: &str = "https://api.tavily.com";

/// Most hits of an answer.
const MOST: usize = 20;

/// What Tavily calls countries: their code, a tab, their name there.
const COUNTRIES: &str = include_str!("../data/tavily_countries.tsv");

static ABOUT: About = About {
    name: "tavily",
    address_setting: "search.tavily.base_url",
    own_address: Some(BASE_URL),
    key: Some(("search.tavily.api_key", AUTHORIZATION, "Bearer ")),
    budget_setting: "search.tavily.daily_budget",
    timeout: Duration::from_secs(20),
    parallel: 4,
    explain,
    pause: |_| None,
};

fn explain(status: u16, _words: &str) -> Option<(SearchErrorKind, String)> {
    matches!(status, 432 | 433).then(|| {
        let message = format!("the plan or the limit of its key is used up (status {status}); raise it there");
        (SearchErrorKind::Refused, message)
    })
}

fn name_of_country(code: &str) -> Option<&'static str> {
    COUNTRIES.lines().find_map(|line| line.strip_prefix(code)?.strip_prefix('\t'))
}

provider! {
    /// Tavily.
    Tavily
}

impl Tavily {
    async fn look(&self, search: &CompanySearch) -> Result<Found, SearchError> {
        // Longer questions are refused.
        let text = typed(search, 400, 100);
        if text.is_empty() {
            return Ok(Found::default());
        }
        // The basic search costs one credit, the advanced one two.
        let mut asked = json!({
            "query": text,
            "topic": "general",
            "search_depth": "basic",
            "max_results": wanted(search).min(MOST),
        });
        if let Some(country) = country(search).and_then(name_of_country) {
            asked["country"] = country.into();
        }
        let body = Some(("application/json", asked.to_string()));
        let question = Question { url: self.0.url("search"), body };
        let found = self.0.ask(&question, |answer| {
            let found = answer.get("results").and_then(|list| hits(Some(list), ["url", "title", "content"]));
            found.ok_or_else(|| self.0.nonsense("no list of results"))
        });
        let mut pages = Pages::new(search);
        pages.add(found.await?);
        pages.finish(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_names_and_codes() {
        for (code, expected) in [("DE", Some("germany")), ("US", Some("united states")), ("XX", None), ("", None)] {
            assert_eq!(name_of_country(code), expected, "{code}");
        }
        for line in COUNTRIES.lines() {
            let (code, name) = line.split_once('\t').expect("a code and a name");
            assert!(code.len() == 2 && !name.is_empty() && name == name.to_lowercase(), "{line}");
        }
    }
}
