//! Every way in which a service can fail ends in its class, whichever provider it is.

use std::time::Duration;

use cmes_search::{SearchError, SearchErrorKind as Kind, ServiceSettings};
use cmes_testkit::models::Reply;
use cmes_types::error_chain;
use serde_json::json;

use crate::{KEY, PROVIDERS, answer, built, pipes, recorded, serve, settings, with_header};

async fn failure_of(name: &str, reply: Reply, timeout: Duration) -> SearchError {
    let server = serve(move |_| reply.clone()).await;
    let settings = ServiceSettings { timeout: Some(timeout), ..settings(&server.origin()) };
    let provider = built(name, settings).expect("settings that can be used");
    let error = provider.search(&pipes()).await.expect_err("a failure");
    assert!(error.to_string().starts_with(&format!("{name}: ")), "{error}");
    let told = format!("{error} {error:?} {}", error_chain(&error)).to_lowercase();
    assert!(!told.contains(&KEY.to_lowercase()) && !told.contains(&server.origin()), "{told}");
    error
}

/// The same failure of every provider.
async fn check(reply: Reply, expected: Kind, words: &str) {
    for name in PROVIDERS {
        check_one(name, reply.clone(), expected, words).await;
    }
}

async fn check_one(name: &str, reply: Reply, expected: Kind, words: &str) {
    let timeout = Duration::from_millis(if matches!(reply, Reply::Hang) { 100 } else { 20_000 });
    let shown = format!("{reply:?}");
    let error = failure_of(name, reply, timeout).await;
    let shown = shown.chars().take(200).collect::<String>();
    assert_eq!(error.kind, expected, "{name}, {shown}: {}", error_chain(&error));
    assert!(error.to_string().contains(words), "{shown}: {error}");
}

#[tokio::test]
async fn what_the_status_says() {
    check(answer(401, format!("{{\"error\": \"wrong key {KEY}\"}}")), Kind::Refused, "").await;
    check(answer(403, format!("<html>{KEY}</html>")), Kind::Refused, "403").await;
    check(answer(402, ""), Kind::Refused, "plan").await;
    check(answer(429, ""), Kind::Limited, "").await;
    check(answer(500, "oops"), Kind::Failed, "try again later").await;
    check(answer(502, "<html>Bad gateway</html>"), Kind::Failed, "502").await;
    check(answer(504, ""), Kind::Failed, "504").await;
    check(answer(400, "{}"), Kind::Rejected, "does not accept the question").await;
    check(answer(404, "<h1>Not found</h1>"), Kind::Nonsense, "check search.").await;
    check(with_header(answer(302, ""), "location", "/elsewhere"), Kind::Nonsense, "sends us elsewhere").await;
    check(answer(204, ""), Kind::Nonsense, "204").await;
}

#[tokio::test]
async fn what_is_no_answer() {
    check(answer(200, "<html>Welcome!</html>"), Kind::Nonsense, "cannot be understood").await;
    check(answer(200, ""), Kind::Nonsense, "cannot be understood").await;
    check(answer(200, "{\"results\": [{\"url\": \"htt"), Kind::Nonsense, "cannot be understood").await;
    check(answer(200, "\u{0}\u{1}"), Kind::Nonsense, "").await;
    check(answer(200, "[".repeat(100_000)), Kind::Nonsense, "").await;
    for document in [json!(null), json!([]), json!("x"), json!(7), json!({}), json!({"error": "x"})] {
        check(answer(200, document.to_string()), Kind::Nonsense, "check search.").await;
    }
    check(Reply::Endless, Kind::Nonsense, "too long").await;
    check(Reply::Cut, Kind::Unreachable, "broke off").await;
    check(Reply::Hang, Kind::Unreachable, "does not answer within 1 second").await;
}

#[tokio::test]
async fn lists_that_are_none_and_fields_without_a_value() {
    // One document with the list of every provider in it.
    let document = |list: serde_json::Value| {
        let document = json!({
            "query": {}, "searchParameters": {}, "elements": list, "organic": list, "web": {"results": list},
            "results": if list.is_array() { list.clone() } else { json!("none") },
        });
        answer(200, document.to_string())
    };
    for name in ["searxng", "brave", "serper", "tavily"] {
        check_one(name, document(json!("none")), Kind::Nonsense, "cannot be understood").await;
        let empty =
            json!([null, 7, "x", [], {}, {"url": null, "link": 7, "title": []}, {"url": "javascript:alert(1)"}]);
        check_one(name, document(empty), Kind::Nonsense, "cannot be understood").await;
    }
    check_one("brave", answer(200, r#"{"query": {}, "web": []}"#), Kind::Nonsense, "").await;
    check_one("overpass", document(json!({"tags": {}})), Kind::Nonsense, "").await;
    for bindings in [json!("none"), json!([{"website": {"value": null}}, null])] {
        let document = json!({"results": {"bindings": bindings}});
        check_one("wikidata", answer(200, document.to_string()), Kind::Nonsense, "").await;
    }
}

#[tokio::test]
async fn nobody_there() {
    let gone = serve(|_| Reply::Hang).await.origin();
    for name in PROVIDERS {
        let error = built(name, settings(&gone)).expect("usable").search(&pipes()).await.expect_err("nobody");
        assert_eq!(error.kind, Kind::Unreachable, "{error}");
        assert!(error.to_string().contains("nothing answers at its address; check search."), "{error}");
    }
}

#[tokio::test]
async fn the_pause_that_is_asked_for_is_told() {
    for name in PROVIDERS {
        let error = failure_of(name, answer(429, "").retry_after("7"), Duration::from_secs(20)).await;
        assert_eq!((error.kind, error.retry_after), (Kind::Limited, Some(Duration::from_secs(7))), "{error}");
    }
    let limits = with_header(answer(429, recorded("brave-rate.json")), "x-ratelimit-remaining", "1, 0");
    let limits = with_header(limits, "x-ratelimit-reset", "1, 3600");
    let error = failure_of("brave", limits, Duration::from_secs(20)).await;
    assert_eq!(error.retry_after, Some(Duration::from_secs(3_600)));
    assert!(error.to_string().contains("asked again in 60 minutes"), "{error}");
}

#[tokio::test]
async fn what_the_services_say_in_their_own_way() {
    check_one("searxng", answer(403, "<h1>Forbidden</h1>"), Kind::Refused, "add json to search.formats").await;
    check_one("searxng", answer(429, ""), Kind::Limited, "set server.limiter to false").await;
    let silent = json!({"results": [], "unresponsive_engines": [["google", "CAPTCHA"], ["bing"], [7], null, "x"]});
    let words = "its search engines do not respond (google (CAPTCHA), bing)";
    check_one("searxng", answer(200, silent.to_string()), Kind::Failed, words).await;
    check_one("brave", answer(422, recorded("brave-key.json")), Kind::Refused, "check search.brave.api_key").await;
    check_one("brave", answer(401, ""), Kind::Refused, "check search.brave.api_key").await;
    let credits = answer(400, r#"{"message": "Not enough credits", "statusCode": 400}"#);
    check_one("serper", credits, Kind::Refused, "no credits left").await;
    let unauthorized = answer(403, r#"{"message": "Unauthorized.", "statusCode": 403}"#);
    check_one("serper", unauthorized, Kind::Refused, "check search.serper.api_key").await;
    let plan = answer(432, r#"{"detail": {"error": "This request exceeds your plan's set usage limit."}}"#);
    check_one("tavily", plan, Kind::Refused, "(status 432)").await;
    check_one("wikidata", answer(403, "Too many requests"), Kind::Refused, "fetch.user_agent").await;
    let timeout = answer(500, "SPARQL-QUERY … java.util.concurrent.TimeoutException");
    check_one("wikidata", timeout, Kind::Failed, "in its own time").await;
    let remark =
        json!({"elements": [], "remark": "runtime error: Query timed out in \"query\" at line 1 after 41 seconds."});
    check_one("overpass", answer(200, remark.to_string()), Kind::Failed, "name a smaller place").await;
}

#[tokio::test]
async fn nothing_found_is_no_failure() {
    let nothing = json!({"query": {}, "searchParameters": {}, "results": [], "elements": []}).to_string();
    for name in PROVIDERS {
        let body = if name == "wikidata" { r#"{"results": {"bindings": []}}"#.to_owned() } else { nothing.clone() };
        let server = serve(move |_| answer(200, body.clone())).await;
        let found = crate::provider(name, &server).search(&pipes()).await.expect("an answer");
        assert_eq!(found, cmes_search::Found::default(), "{name}");
    }
}

#[tokio::test]
async fn a_proxy_is_asked_for_services_outside_of_the_house() {
    let proxy = serve(|_| answer(502, "")).await;
    let server = serve(|_| answer(200, recorded("tavily.json"))).await;
    let through = |base: &str| {
        let proxy = cmes_fetch::ServiceProxy { url: proxy.origin(), except: String::new() };
        built("tavily", ServiceSettings { proxy: Some(proxy), ..settings(base) }).expect("usable")
    };
    let outside = through("http://search.example/").search(&pipes()).await.expect_err("the proxy refuses");
    assert_eq!((outside.kind, proxy.asked().len()), (Kind::Failed, 1));
    assert!(through(&server.origin()).search(&pipes()).await.is_ok());
    assert_eq!((proxy.asked().len(), server.asked().len()), (1, 1));
}

#[test]
fn settings_that_cannot_be_used() {
    let check = |settings: ServiceSettings, words: &str| {
        for name in ["searxng", "brave"] {
            let message = built(name, settings.clone()).err().expect("a mistake").to_string();
            assert!(message.contains(words) && !message.contains("secret"), "{message}");
        }
    };
    for address in ["mailto:a@example.com", "ftp://example.com/", "https://user:secret@example.com/"] {
        check(settings(address), "is no address that can be asked");
    }
    let mut wrong = settings("http://127.0.0.1/");
    wrong.user_agent = "two\nlines".to_owned();
    check(wrong, "fetch.user_agent");
    let key = cmes_fetch::ApiKey::new("a secret\nkey");
    let wrong = ServiceSettings { api_key: Some(key), ..settings("http://127.0.0.1/") };
    let message = built("brave", wrong).err().expect("a mistake").to_string();
    assert!(message.contains("search.brave.api_key") && !message.contains("secret"), "{message}");
    for name in PROVIDERS {
        // Without an address it is the provider's own; a SearXNG has none.
        assert_eq!(built(name, ServiceSettings::new("cmes/test")).is_ok(), name != "searxng", "{name}");
    }
}
