//! Serper, results of Google, with a key.
//!
//! Its API: <https://serper.dev/playground> shows it once one has signed in.

use std::time::Duration;

use cmes_types::{CompanySearch, Hit};
use http::HeaderName;
use serde_json::{Value, json};

use crate::Found;
use crate::error::{SearchError, SearchErrorKind};
use crate::hits::{Pages, hits, typed};
use crate::provider::provider;
use crate::service::{About, Question};
use crate::words::country;

/// Where the API is.
const BASE_URL: &str = "https://google.serper.dev";

/// Ten hits are one credit; more of them at once cost two.
const PAGE: usize = 10;
const PAGES: usize = 5;

static ABOUT: About = About {
    name: "serper",
    address_setting: "search.serper.base_url",
    own_address: Some(BASE_URL),
    key: Some(("search.serper.api_key", HeaderName::from_static("x-api-key"), "")),
    budget_setting: "search.serper.daily_budget",
    timeout: Duration::from_secs(15),
    parallel: 4,
    explain,
    pause: |_| None,
};

fn explain(status: u16, words: &str) -> Option<(SearchErrorKind, String)> {
    (status == 400 && words.contains("not enough credits"))
        .then(|| (SearchErrorKind::Refused, "its account has no credits left; buy some there".to_owned()))
}

provider! {
    /// Serper.
    Serper
}

impl Serper {
    async fn look(&self, search: &CompanySearch) -> Result<Found, SearchError> {
        let text = typed(search, 1_000, 100);
        if text.is_empty() {
            return Ok(Found::default());
        }
        let mut asked = json!({"q": text, "hl": search.language, "num": PAGE});
        if let Some(country) = country(search) {
            asked["gl"] = country.to_lowercase().into();
        }
        let mut pages = Pages::new(search);
        for page in 1..=PAGES {
            asked["page"] = page.into();
            let body = Some(("application/json", asked.to_string()));
            let question = Question { url: self.0.url("search"), body };
            let found = match self.0.ask(&question, |answer| self.read(answer)).await {
                Ok(found) => found,
                Err(error) => return pages.finish(Some(error)),
            };
            if !pages.add(found) {
                break;
            }
        }
        pages.finish(None)
    }

    /// The list is left out when nothing was found.
    fn read(&self, answer: &Value) -> Result<Vec<Hit>, SearchError> {
        let is_answer = answer.get("searchParameters").is_some_and(Value::is_object);
        let found = hits(answer.get("organic"), ["link", "title", "snippet"]).filter(|_| is_answer);
        found.ok_or_else(|| self.0.nonsense("no list of results"))
    }
}
