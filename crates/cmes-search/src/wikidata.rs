//! Wikidata, which knows well-known companies by what they do, without a key.
//!
//! Asked in SPARQL (<https://query.wikidata.org>): items that are called like the
//! activity (`EntitySearch`), and the companies whose industry, product or kind
//! they are. Only companies with an official website are of use. Without an
//! activity there is nothing that could be looked for.

use std::time::Duration;

use cmes_types::{CompanySearch, Hit};
use serde_json::Value;

use crate::Found;
use crate::error::{SearchError, SearchErrorKind};
use crate::hits::{Pages, hit, wanted};
use crate::provider::provider;
use crate::service::{About, Question};
use crate::words::{country, locality, phrase, stem, words};

/// Where the API is.
const BASE_URL: &str = "https://query.wikidata.org/sparql";

/// Items that are called like a word and taken for the activity.
const TOPICS: usize = 10;
/// Words that are looked up, the whole activity included: each is a question of its own to its search.
const LOOKED_UP: usize = 5;

static ABOUT: About = About {
    name: "wikidata",
    address_setting: "search.wikidata.base_url",
    own_address: Some(BASE_URL),
    key: None,
    budget_setting: "search.wikidata.daily_budget",
    // It gives up after 60 s by itself.
    timeout: Duration::from_secs(65),
    // Its operators ask for one at a time.
    parallel: 1,
    explain,
    pause: |_| None,
};

fn explain(status: u16, words: &str) -> Option<(SearchErrorKind, String)> {
    if status == 403 {
        let message = "it refuses to answer this reader (status 403); give fetch.user_agent a name by which its \
            operators can reach you";
        return Some((SearchErrorKind::Refused, message.to_owned()));
    }
    (status >= 500 && words.contains("timeout")).then(|| {
        let message = format!("it found no answer in its own time (status {status}); try again later");
        (SearchErrorKind::Failed, message)
    })
}

provider! {
    /// Wikidata.
    Wikidata
}

impl Wikidata {
    async fn look(&self, search: &CompanySearch) -> Result<Found, SearchError> {
        let mut pages = Pages::new(search);
        let Some(query) = query(search) else {
            pages.remark("wikidata: it looks for companies by what they do, which this search does not say".to_owned());
            return pages.finish(None);
        };
        let mut url = self.0.url("");
        url.query_pairs_mut().append_pair("query", &query).append_pair("format", "json");
        pages.add(self.0.ask(&Question { url, body: None }, |answer| self.read(answer)).await?);
        pages.finish(None)
    }

    fn read(&self, answer: &Value) -> Result<Vec<Hit>, SearchError> {
        let rows = answer.pointer("/results/bindings").and_then(Value::as_array);
        let rows = rows.ok_or_else(|| self.0.nonsense("no list of results"))?;
        let hits: Vec<Hit> = rows.iter().filter_map(company).collect();
        if hits.is_empty() && !rows.is_empty() {
            return Err(self.0.nonsense("no result is a company"));
        }
        Ok(hits)
    }
}

fn company(row: &Value) -> Option<Hit> {
    let value = |name: &str| row.pointer(&format!("/{name}/value")).and_then(Value::as_str).unwrap_or_default();
    // Without a label in one of the languages, its number stands in for it.
    let is_number = value("company").rsplit('/').next() == Some(value("companyLabel"));
    let name = if is_number { "" } else { value("companyLabel") };
    hit(value("website"), name, value("companyDescription"))
}

/// Companies by industry (P452), product (P1056) or kind (P31), with a website
/// (P856), in the country (P17) whose code (P297) is given, with their seat
/// (P159) in the place, and not dissolved (P576). Those that the whole activity
/// fits come first.
fn query(search: &CompanySearch) -> Option<String> {
    let language = search.language;
    let words = words(&search.activity, language);
    if words.is_empty() {
        return None;
    }
    let mut topics: Vec<(String, u8)> = vec![(phrase(&search.activity, language), 2)];
    topics.extend(words.iter().map(|word| (stem(word, language), 1)));
    topics.dedup_by(|(later, _), (earlier, _)| later == earlier);
    topics.truncate(LOOKED_UP);
    let topics: Vec<String> = topics
        .iter()
        .map(|(text, points)| {
            format!(
                "{{ SERVICE wikibase:mwapi {{ bd:serviceParam wikibase:api \"EntitySearch\" . \
                 bd:serviceParam wikibase:endpoint \"www.wikidata.org\" . bd:serviceParam mwapi:search \"{text}\" . \
                 bd:serviceParam mwapi:language \"{language}\" . bd:serviceParam wikibase:limit {TOPICS} . \
                 ?topic wikibase:apiOutputItem mwapi:item . }} BIND({points} AS ?points) }}"
            )
        })
        .collect();
    let place = country(search)
        .map(|code| format!("?company wdt:P17 ?country . ?country wdt:P297 \"{code}\" . "))
        .unwrap_or_default();
    let seat = locality(search)
        .map(|name| {
            format!(
                "VALUES ?name {{ \"{name}\"@{language} \"{name}\"@en \"{name}\"@mul }} ?seat rdfs:label ?name . \
                 ?company wdt:P159 ?at . ?at wdt:P131* ?seat . "
            )
        })
        .unwrap_or_default();
    let most = wanted(search);
    Some(format!(
        "SELECT ?company ?companyLabel ?companyDescription ?website WHERE {{ \
         {{ SELECT ?company (SAMPLE(?site) AS ?website) (MAX(?points) AS ?best) (COUNT(DISTINCT ?topic) AS ?topics) \
         WHERE {{ {topics} ?company (wdt:P452|wdt:P1056|wdt:P31) ?topic . ?company wdt:P856 ?site . {place}{seat}\
         FILTER NOT EXISTS {{ ?company wdt:P576 ?end . }} }} \
         GROUP BY ?company ORDER BY DESC(?best) DESC(?topics) LIMIT {most} }} \
         SERVICE wikibase:label {{ bd:serviceParam wikibase:language \"{language},mul,en\" . }} \
         }} ORDER BY DESC(?best) DESC(?topics)",
        topics = topics.join(" UNION "),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::HOSTILE;

    fn search(activity: &str, locality: Option<&str>) -> CompanySearch {
        CompanySearch {
            activity: activity.to_owned(),
            locality: locality.map(str::to_owned),
            country: Some("DE".to_owned()),
            most: 10,
            ..CompanySearch::default()
        }
    }

    /// What stands between the strings of a query.
    fn skeleton(query: &str) -> Vec<&str> {
        query.split('"').step_by(2).collect()
    }

    #[test]
    fn no_words_change_the_query() {
        let benign = ["pumps", "pumps valves", "pumps valves pipes"].map(|text| query(&search(text, Some("Hamburg"))));
        let benign: Vec<String> = benign.into_iter().flatten().collect();
        let known: Vec<&str> = benign.iter().flat_map(|query| skeleton(query)).collect();
        for text in HOSTILE {
            let query = query(&search(text, Some(text))).expect("a query");
            assert!(!query.contains('\\') && !query.contains('\n'), "{query}");
            let parts = skeleton(&query);
            assert!(parts.iter().all(|part| known.contains(part)), "{text}: {query}");
            assert_eq!((parts.first(), parts.last()), (known.first(), known.last()), "{text}");
        }
    }

    #[test]
    fn what_is_asked() {
        let text = query(&search("Pipe manufacturers", Some("Frankfurt am Main"))).expect("a query");
        for part in [
            "mwapi:search \"pipe manufactur\"",
            "mwapi:search \"pipe\"",
            "?country wdt:P297 \"DE\"",
            "\"Frankfurt am Main\"@en",
            "LIMIT 10",
        ] {
            assert!(text.contains(part), "{text} lacks {part}");
        }
        assert_eq!(query(&search(" - ", None)), None);
    }
}
