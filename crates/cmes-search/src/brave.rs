//! Brave Search, an index of its own, with a key.
//!
//! Its API: <https://api-dashboard.search.brave.com/api-reference/web/search/get>.

use std::time::Duration;

use cmes_types::{CompanySearch, Hit, LanguageCode};
use http::{HeaderMap, HeaderName};
use serde_json::Value;

use crate::Found;
use crate::error::{SearchError, SearchErrorKind};
use crate::hits::{Pages, hits, typed, wanted};
use crate::provider::provider;
use crate::service::{About, Question};

/// Where the API is.
const BASE_URL: &str = "https://api.search.brave.com/res/v1";

/// Most hits of a page, and the pages that are asked for; the API has ten.
const PAGE: usize = 20;
const PAGES: usize = 5;

static ABOUT: About = About {
    name: "brave",
    address_setting: "search.brave.base_url",
    own_address: Some(BASE_URL),
    key: Some(("search.brave.api_key", HeaderName::from_static("x-subscription-token"), "")),
    budget_setting: "search.brave.daily_budget",
    timeout: Duration::from_secs(15),
    parallel: 4,
    explain,
    pause,
};

/// An unknown key is answered with 422 and this word.
fn explain(_status: u16, words: &str) -> Option<(SearchErrorKind, String)> {
    if words.contains("subscription_token_invalid") {
        return Some((SearchErrorKind::Refused, "it does not know the key; check search.brave.api_key".to_owned()));
    }
    (words.contains("option_not_in_plan") || words.contains("usage_limit_exceeded")).then(|| {
        let message = "the plan of its key is used up or does not include web search; change it there";
        (SearchErrorKind::Refused, message.to_owned())
    })
}

/// `X-RateLimit-Remaining: 0, 1000` and `X-RateLimit-Reset: 1, 1419704` say which
/// limit is reached (a second's, a month's) and in how many seconds it ends.
fn pause(headers: &HeaderMap) -> Option<Duration> {
    let numbers = |name: &str| -> Option<Vec<u64>> {
        let list = headers.get(name)?.to_str().ok()?;
        list.split(',').map(|number| number.trim().parse().ok()).collect()
    };
    let remaining = numbers("x-ratelimit-remaining")?;
    let reset = numbers("x-ratelimit-reset")?;
    let reached = remaining.iter().zip(reset).filter(|(left, _)| **left == 0);
    reached.map(|(_, seconds)| Duration::from_secs(seconds.clamp(1, 24 * 3_600))).max()
}

/// Countries that the API knows; others are a refused request, so that it looks everywhere then.
const COUNTRIES: &str = "AR AU AT BE BR CA CL DK FI FR DE GR HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES \
    SE CH TW TR GB US";
/// Languages that the API knows, where it calls them by their ISO code.
const LANGUAGES: &str = "ar eu bn bg ca hr cs da nl en et fi fr gl de gu he hi hu is it kn ko lv lt ms ml mr nb pl pa \
    ro ru sr sk sl es sv ta te th tr uk vi";

fn country(search: &CompanySearch) -> &str {
    let known = |code: &&str| COUNTRIES.split(' ').any(|known| known == *code);
    search.country.as_deref().filter(known).unwrap_or("ALL")
}

fn language(language: LanguageCode, country: Option<&str>) -> Option<String> {
    let code = match (language.as_str(), country) {
        ("ja", _) => "jp",
        ("no" | "nn", _) => "nb",
        ("pt", Some("BR")) => "pt-br",
        ("pt", _) => "pt-pt",
        ("zh", Some("TW" | "HK" | "MO")) => "zh-hant",
        ("zh", _) => "zh-hans",
        (code, _) if LANGUAGES.split(' ').any(|known| known == code) => code,
        _ => return None,
    };
    Some(code.to_owned())
}

provider! {
    /// Brave Search.
    Brave
}

impl Brave {
    async fn look(&self, search: &CompanySearch) -> Result<Found, SearchError> {
        // Longer questions are refused.
        let text = typed(search, 400, 50);
        if text.is_empty() {
            return Ok(Found::default());
        }
        // Pages are counted in their own size.
        let count = wanted(search).min(PAGE);
        let mut pages = Pages::new(search);
        for page in 0..PAGES {
            let mut url = self.0.url("web/search");
            url.query_pairs_mut()
                .append_pair("q", &text)
                .append_pair("country", country(search))
                .append_pair("count", &count.to_string())
                .append_pair("offset", &page.to_string())
                .append_pair("result_filter", "web")
                .append_pair("text_decorations", "false");
            if let Some(language) = language(search.language, search.country.as_deref()) {
                url.query_pairs_mut().append_pair("search_lang", &language);
            }
            let (found, has_more) = match self.0.ask(&Question { url, body: None }, |answer| self.read(answer)).await {
                Ok(page) => page,
                Err(error) => return pages.finish(Some(error)),
            };
            if !pages.add(found) || !has_more {
                break;
            }
        }
        pages.finish(None)
    }

    /// Hits, and whether there are more of them. The part `web` is left out when nothing was found.
    fn read(&self, answer: &Value) -> Result<(Vec<Hit>, bool), SearchError> {
        let query = answer.get("query").filter(|query| query.is_object());
        let web = answer.get("web").filter(|web| !web.is_null());
        let found = match web {
            None => Some(Vec::new()),
            Some(web) if web.is_object() => hits(web.get("results"), ["url", "title", "description"]),
            Some(_) => None,
        };
        let (Some(query), Some(found)) = (query, found) else { return Err(self.0.nonsense("no list of results")) };
        let has_more = query.get("more_results_available") != Some(&Value::Bool(false));
        Ok((found, has_more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_as_brave_calls_them() {
        let check = |code: &str, country: Option<&str>, expected: Option<&str>| {
            assert_eq!(language(code.parse().expect("a language"), country).as_deref(), expected, "{code}");
        };
        check("de", Some("AT"), Some("de"));
        check("ja", None, Some("jp"));
        check("pt", Some("BR"), Some("pt-br"));
        check("zh", None, Some("zh-hans"));
        check("zh", Some("TW"), Some("zh-hant"));
        check("nn", None, Some("nb"));
        check("sw", None, None);
    }

    #[test]
    fn the_pause_is_that_of_the_limit_which_is_reached() {
        let check = |remaining: &str, reset: &str, expected: Option<u64>| {
            let mut headers = HeaderMap::new();
            headers.insert("x-ratelimit-remaining", remaining.parse().expect("a header"));
            headers.insert("x-ratelimit-reset", reset.parse().expect("a header"));
            assert_eq!(pause(&headers).map(|pause| pause.as_secs()), expected, "{remaining} {reset}");
        };
        check("0, 1000", "1, 1419704", Some(1));
        check("0, 0", "1, 1419704", Some(86_400));
        check("1, 1000", "1, 1419704", None);
        check("none", "1", None);
        assert_eq!(pause(&HeaderMap::new()), None);
    }
}
