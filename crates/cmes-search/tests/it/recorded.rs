//! What each provider is asked, and what is read of its answer.

use cmes_search::Found;
use cmes_testkit::models::{Asked, ModelServer, Reply};
use cmes_types::CompanySearch;
use serde_json::json;
use url::form_urlencoded;

use crate::{KEY, answer, pipes, provider, recorded, serve};

async fn found(name: &str, search: &CompanySearch, reply: fn(&Asked) -> Reply) -> (Found, ModelServer) {
    let server = serve(reply).await;
    let found = provider(name, &server).search(search).await.expect("an answer");
    (found, server)
}

fn urls(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.url.as_str()).collect()
}

fn parameter(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[track_caller]
fn check_parameters(asked: &Asked, expected: &[(&str, Option<&str>)]) {
    for (name, value) in expected {
        assert_eq!(parameter(&asked.query, name).as_deref(), *value, "{name} of {}", asked.query);
    }
}

#[tokio::test]
async fn searxng() {
    let search = CompanySearch {
        text: " Rohrhersteller\nDeutschland ".to_owned(),
        language: "de".parse().expect("a language"),
        country: Some("DE".to_owned()),
        ..pipes()
    };
    let (found, server) = found("searxng", &search, |_| answer(200, recorded("searxng.json"))).await;
    assert_eq!(urls(&found), ["https://www.nordrohr.example/", "https://verzeichnis.example/rohre"]);
    assert_eq!(found.hits[0].title, "Nordrohr GmbH – Stahlrohre aus Hamburg");
    assert_eq!(found.hits[0].snippet, "Hersteller von Stahlrohren und Präzisionsrohren seit 1954.");
    let remarks = [
        "searxng: its search engine google (Suspended: CAPTCHA) does not respond",
        "searxng: its search engine qwant (timeout) does not respond",
    ];
    assert_eq!(found.remarks, remarks);
    let asked = server.asked();
    assert_eq!((asked.len(), asked[0].path.as_str()), (1, "/search"));
    let expected = [
        ("q", Some("Rohrhersteller Deutschland")),
        ("format", Some("json")),
        ("language", Some("de-DE")),
        ("pageno", Some("1")),
    ];
    check_parameters(&asked[0], &expected);
    assert_eq!(asked[0].headers["user-agent"], "cmes/test (+https://operator.example)");
    // There is no key that could be sent.
    assert!(!format!("{:?}", asked[0].headers).contains(KEY));
}

#[tokio::test]
async fn brave() {
    let (found, server) = found("brave", &pipes(), |_| answer(200, recorded("brave.json"))).await;
    assert_eq!(urls(&found), ["https://ohiopipe.example/", "https://www.lonestartubes.example/products"]);
    assert_eq!(found.hits[0].title, "Ohio Pipe Works | Seamless Steel Pipes");
    assert_eq!(found.hits[0].snippet, "We make seamless and welded steel pipes in Toledo, Ohio.");
    let asked = server.asked();
    assert_eq!((asked.len(), asked[0].path.as_str()), (1, "/web/search"));
    let expected = [
        ("q", Some("pipe manufacturers USA")),
        ("country", Some("US")),
        ("search_lang", Some("en")),
        ("count", Some("2")),
        ("offset", Some("0")),
    ];
    check_parameters(&asked[0], &expected);
    assert_eq!(asked[0].headers["x-subscription-token"], KEY);
}

#[tokio::test]
async fn what_brave_does_not_know_is_not_asked_for() {
    let search = CompanySearch {
        country: Some("EE".to_owned()),
        language: "sw".parse().expect("a language"),
        most: 100,
        ..pipes()
    };
    let (found, server) = found("brave", &search, |_| answer(200, recorded("brave-nothing.json"))).await;
    assert_eq!(found, Found::default());
    check_parameters(&server.asked()[0], &[("country", Some("ALL")), ("search_lang", None), ("count", Some("20"))]);
}

#[tokio::test]
async fn serper() {
    let (found, server) = found("serper", &pipes(), |_| answer(200, recorded("serper.json"))).await;
    assert_eq!(urls(&found), ["https://ohiopipe.example/", "https://carolinaconduit.example/"]);
    assert_eq!(found.hits[1].snippet, "PVC conduit and pipe.");
    let asked = server.asked();
    assert_eq!((asked.len(), asked[0].path.as_str()), (1, "/search"));
    let expected = json!({"q": "pipe manufacturers USA", "gl": "us", "hl": "en", "num": 10, "page": 1});
    assert_eq!(asked[0].json, expected);
    assert_eq!(
        (&asked[0].headers["x-api-key"], &asked[0].headers["content-type"]),
        (&KEY.parse().expect("a header"), &"application/json".parse().expect("a header"))
    );
}

#[tokio::test]
async fn tavily() {
    let (found, server) = found("tavily", &pipes(), |_| answer(200, recorded("tavily.json"))).await;
    assert_eq!(urls(&found), ["https://ohiopipe.example/", "https://pipeguide.example/top-10"]);
    let asked = server.asked();
    assert_eq!((asked.len(), asked[0].path.as_str()), (1, "/search"));
    let expected = json!({
        "query": "pipe manufacturers USA",
        "topic": "general",
        "search_depth": "basic",
        "max_results": 2,
        "country": "united states",
    });
    assert_eq!(asked[0].json, expected);
    assert_eq!(asked[0].headers["authorization"], format!("Bearer {KEY}"));
}

#[tokio::test]
async fn wikidata() {
    let (found, server) = found("wikidata", &pipes(), |_| answer(200, recorded("wikidata.json"))).await;
    assert_eq!(urls(&found), ["https://www.nordrohr.example/", "http://rheintube.example/"]);
    assert_eq!(
        (found.hits[0].title.as_str(), found.hits[0].snippet.as_str()),
        ("Nordrohr", "deutscher Rohrhersteller")
    );
    assert_eq!(found.hits[1].title, "");
    let asked = &server.asked()[0];
    assert_eq!((asked.path.as_str(), parameter(&asked.query, "format").as_deref()), ("/", Some("json")));
    let query = parameter(&asked.query, "query").expect("a query");
    assert!(query.contains("mwapi:search \"pipe manufactur\"") && query.contains("wdt:P297 \"US\""), "{query}");
    assert_eq!(asked.headers["user-agent"], "cmes/test (+https://operator.example)");
}

#[tokio::test]
async fn overpass() {
    let search = CompanySearch {
        activity: "Rohre und Pumpen".to_owned(),
        language: "de".parse().expect("a language"),
        country: Some("DE".to_owned()),
        locality: Some("Hamburg".to_owned()),
        ..pipes()
    };
    let (found, server) = found("overpass", &search, |_| answer(200, recorded("overpass.json"))).await;
    // Both words fit the second one, which therefore comes first.
    assert_eq!(urls(&found), ["https://www.nordrohr.example/", "http://alsterpumpen.example/"]);
    assert_eq!((found.hits[0].title.as_str(), found.hits[1].snippet.as_str()), ("Nordrohr", "Hamburg"));
    let asked = &server.asked()[0];
    assert_eq!(asked.headers["content-type"], "application/x-www-form-urlencoded");
    let body = std::str::from_utf8(&asked.body).expect("a form");
    let query = parameter(body, "data").expect("a query");
    assert!(query.starts_with("[out:json][timeout:40][maxsize:134217728];"), "{query}");
    assert!(query.contains("\"name\"=\"Hamburg\"") && query.contains("~\"rohr|pump\",i]"), "{query}");
}

#[tokio::test]
async fn those_that_know_companies_by_what_they_do_are_not_asked_without_it() {
    for name in ["wikidata", "overpass"] {
        let search = CompanySearch { activity: " & ".to_owned(), ..pipes() };
        let (found, server) = found(name, &search, |_| answer(200, "{}")).await;
        assert_eq!((found.hits.len(), found.remarks.len(), server.asked().len()), (0, 1, 0), "{name}");
        assert!(found.remarks[0].contains("does not say what they do") || found.remarks[0].contains("what they do"));
    }
    let search = CompanySearch { country: None, ..pipes() };
    let (found, server) = found("overpass", &search, |_| answer(200, "{}")).await;
    assert!(found.remarks[0].contains("where they are") && server.asked().is_empty(), "{:?}", found.remarks);
}

/// Two hits a page, as each provider counts its pages.
fn page(asked: &Asked) -> Reply {
    let from_query = |name: &str| parameter(&asked.query, name).and_then(|page| page.parse::<u64>().ok());
    let page = from_query("pageno").or_else(|| from_query("offset")).or_else(|| asked.json["page"].as_u64());
    let page = page.unwrap_or_default();
    let url = |place: u64| format!("https://company-{}.example/", page * 2 + place);
    let list: Vec<_> = [0, 1].map(|place| json!({"url": url(place), "link": url(place), "title": "T"})).to_vec();
    answer(
        200,
        json!({
            "query": {"original": "x"}, "searchParameters": {},
            "results": list, "web": {"results": list}, "organic": list,
        })
        .to_string(),
    )
}

#[tokio::test]
async fn as_many_pages_as_are_needed_up_to_a_few() {
    let check = async |name: &str, most: usize, requests: usize, hits: usize| {
        let search = CompanySearch { most, ..pipes() };
        let (found, server) = found(name, &search, page).await;
        assert_eq!((server.asked().len(), found.hits.len()), (requests, hits), "{name}");
        assert_eq!(found.remarks, [""; 0], "{name}");
    };
    for name in ["searxng", "brave", "serper"] {
        check(name, 1, 1, 1).await;
        check(name, 5, 3, 5).await;
    }
    check("searxng", 100, 4, 8).await;
    check("brave", 100, 5, 10).await;
    check("serper", 100, 5, 10).await;
    check("tavily", 100, 1, 2).await;
}

#[tokio::test]
async fn pages_end_where_nothing_new_comes() {
    let same = |_: &Asked| answer(200, recorded("serper.json"));
    let (found, server) = found("serper", &CompanySearch { most: 50, ..pipes() }, same).await;
    assert_eq!((found.hits.len(), server.asked().len()), (2, 2));
}

#[tokio::test]
async fn a_page_that_fails_leaves_the_pages_before_it() {
    let second_fails = |asked: &Asked| if asked.number == 0 { page(asked) } else { answer(500, "") };
    let (found, _server) = found("serper", &CompanySearch { most: 50, ..pipes() }, second_fails).await;
    assert_eq!(found.hits.len(), 2);
    assert!(found.remarks[0].starts_with("serper: it has a fault of its own (status 500)"), "{:?}", found.remarks);
}
