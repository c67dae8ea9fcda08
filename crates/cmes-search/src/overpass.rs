//! OpenStreetMap, asked by the Overpass API: works, workshops and offices with a
//! website, by what their tags say, without a key.
//!
//! Its language: <https://wiki.openstreetmap.org/wiki/Overpass_API/Overpass_QL>.
//! Without an activity, or without a country or place, there is nothing that
//! could be looked for.

use std::time::Duration;

use cmes_types::{CompanySearch, Hit};
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::Found;
use crate::error::{SearchError, SearchErrorKind};
use crate::hits::{Pages, hit, wanted};
use crate::provider::provider;
use crate::service::{About, Question};
use crate::words::{country, folded, locality, stem, words};

/// Where the API is.
const BASE_URL: &str = "https://overpass-api.de/api/interpreter";

/// Longest time that it may compute, in seconds, and the memory that it may use, in bytes: small requests are
/// answered first.
const TIMEOUT_S: u64 = 40;
const MAX_SIZE: u64 = 128 * 1024 * 1024;
/// Objects that are listed for each hit that is wanted: it lists them in the order of their numbers, not of their worth.
const CHOICE: usize = 5;

/// What is a company that may sell to others.
const COMPANIES: &[&str] = &[
    "\"office\"=\"company\"",
    "\"man_made\"=\"works\"",
    "\"industrial\"",
    "\"craft\"",
    "\"shop\"~\"^(wholesale|trade)$\"",
    "\"wholesale\"",
];
/// Tags that say what a company does, in any language (`description:de`).
const TELLING: &str = "name|official_name|operator|brand|description|product|industrial|craft|trade|wholesale|works";

static ABOUT: About = About {
    name: "overpass",
    address_setting: "search.overpass.base_url",
    own_address: Some(BASE_URL),
    key: None,
    budget_setting: "search.overpass.daily_budget",
    timeout: Duration::from_secs(TIMEOUT_S + 20),
    // Each address has two places there.
    parallel: 1,
    explain: |_, _| None,
    pause: |_| None,
};

provider! {
    /// OpenStreetMap by the Overpass API.
    Overpass
}

impl Overpass {
    async fn look(&self, search: &CompanySearch) -> Result<Found, SearchError> {
        let mut pages = Pages::new(search);
        let stems = stems(search);
        let Some(query) = query(search, &stems) else {
            let lacking = if stems.is_empty() { "what they do" } else { "where they are" };
            pages.remark(format!("overpass: it cannot look for companies by a search that does not say {lacking}"));
            return pages.finish(None);
        };
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("data", &query).finish();
        let question = Question { url: self.0.url(""), body: Some(("application/x-www-form-urlencoded", body)) };
        let (found, remark) = self.0.ask(&question, |answer| self.read(answer, &stems)).await?;
        if let Some(remark) = remark {
            pages.remark(format!("overpass: {remark}"));
        }
        pages.add(found);
        pages.finish(None)
    }

    /// Hits, and what it remarks. Faults are reported in an answer that went well otherwise.
    fn read(&self, answer: &Value, stems: &[String]) -> Result<(Vec<Hit>, Option<String>), SearchError> {
        let elements = answer.get("elements").and_then(Value::as_array);
        let elements = elements.ok_or_else(|| self.0.nonsense("no list of elements"))?;
        let remark = answer.get("remark").and_then(Value::as_str);
        let remark: Option<String> = remark.map(|text| text.chars().filter(|c| !c.is_control()).take(120).collect());
        match remark {
            Some(remark) if elements.is_empty() && remark.contains("error") => {
                let message = format!("it did not finish ({remark}); name a smaller place, or try again later");
                Err(self.0.error(SearchErrorKind::Failed, message))
            }
            remark => Ok((ranked(elements, stems), remark)),
        }
    }
}

fn stems(search: &CompanySearch) -> Vec<String> {
    words(&search.activity, search.language).iter().map(|word| stem(word, search.language)).collect()
}

fn query(search: &CompanySearch, stems: &[String]) -> Option<String> {
    let area = area(search)?;
    if stems.is_empty() {
        return None;
    }
    let site = "[~\"^(contact:)?website$\"~\".\"]";
    let fits = format!("[~\"^({TELLING})(:[a-z]+)?$\"~\"{}\",i]", stems.join("|"));
    let kinds: String = COMPANIES.iter().map(|kind| format!("nwr[{kind}]{site}{fits}(area.place);")).collect();
    let most = wanted(search) * CHOICE;
    Some(format!("[out:json][timeout:{TIMEOUT_S}][maxsize:{MAX_SIZE}];{area}({kinds});out tags {most};"))
}

/// The country, or a place of this name in it, whichever language the name is in.
fn area(search: &CompanySearch) -> Option<String> {
    let country =
        country(search).map(|code| format!("area[\"ISO3166-1\"=\"{code}\"][\"boundary\"=\"administrative\"]"));
    let Some(place) = locality(search) else { return Some(format!("{}->.place;", country?)) };
    let within = if country.is_some() { "(area.country)" } else { "" };
    let names = ["name".to_owned(), format!("name:{}", search.language), "name:en".to_owned()];
    let named: String = names
        .iter()
        .map(|key| format!("rel[\"boundary\"=\"administrative\"][\"{key}\"=\"{place}\"]{within};"))
        .collect();
    let country = country.map(|area| format!("{area}->.country;")).unwrap_or_default();
    Some(format!("{country}({named});map_to_area->.place;"))
}

/// Those that most of the words fit come first.
fn ranked(elements: &[Value], stems: &[String]) -> Vec<Hit> {
    let mut companies: Vec<(usize, Hit)> = elements
        .iter()
        .filter_map(|element| {
            let tags = element.get("tags")?.as_object()?;
            Some((fitting(tags, stems), company(tags)?))
        })
        .collect();
    companies.sort_by_key(|(fitting, _)| std::cmp::Reverse(*fitting));
    companies.into_iter().map(|(_, hit)| hit).collect()
}

fn fitting(tags: &Map<String, Value>, stems: &[String]) -> usize {
    let is_telling = |key: &str| TELLING.split('|').any(|telling| key.split(':').next() == Some(telling));
    let texts: Vec<String> =
        tags.iter().filter(|(key, _)| is_telling(key)).filter_map(|(_, value)| value.as_str()).map(folded).collect();
    stems.iter().filter(|stem| texts.iter().any(|text| text.contains(&folded(stem)))).count()
}

fn company(tags: &Map<String, Value>) -> Option<Hit> {
    let tag = |key: &str| tags.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    // Several values of one tag are separated by semicolons.
    let site = tag("website").or_else(|| tag("contact:website"))?.split(';').next()?.trim();
    let address = if site.contains("://") { site.to_owned() } else { format!("http://{site}") };
    let name = tag("name").or_else(|| tag("operator")).or_else(|| tag("brand"))?;
    let said = ["description", "product", "industrial", "craft", "trade", "wholesale", "addr:city"];
    let snippet: Vec<&str> = said.iter().filter_map(|key| tag(key)).filter(|text| *text != "yes").collect();
    hit(&address, name, &snippet.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::HOSTILE;

    fn search(activity: &str, country: Option<&str>, locality: Option<&str>) -> CompanySearch {
        CompanySearch {
            activity: activity.to_owned(),
            country: country.map(str::to_owned),
            locality: locality.map(str::to_owned),
            most: 10,
            ..CompanySearch::default()
        }
    }

    fn asked(search: &CompanySearch) -> Option<String> {
        query(search, &stems(search))
    }

    #[test]
    fn no_words_change_the_query() {
        let skeleton = |query: &str| query.split('"').step_by(2).map(str::to_owned).collect::<Vec<_>>();
        let expected = asked(&search("pumps", Some("DE"), Some("Hamburg"))).expect("a query");
        for text in HOSTILE {
            let query = asked(&search(text, Some("DE"), Some(text))).expect("a query");
            assert!(!query.contains('\\') && !query.contains('\n'), "{query}");
            assert_eq!(skeleton(&query), skeleton(&expected), "{text}");
        }
    }

    #[test]
    fn what_is_asked() {
        let text = asked(&search("Pipe and valve manufacturers", Some("US"), None)).expect("a query");
        assert!(text.starts_with("[out:json][timeout:40][maxsize:134217728];area[\"ISO3166-1\"=\"US\"]"), "{text}");
        assert!(text.contains("~\"pipe|valv\",i](area.place)") && text.ends_with("out tags 50;"), "{text}");
        let text = asked(&search("pipes", None, Some("Wien"))).expect("a query");
        assert!(text.contains("[\"name\"=\"Wien\"];") && text.contains("map_to_area->.place;"), "{text}");
        assert_eq!(asked(&search("pipes", None, None)), None);
        assert_eq!(asked(&search("", Some("US"), None)), None);
    }
}
