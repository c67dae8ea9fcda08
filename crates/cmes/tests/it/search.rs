//! Providers of search: what `cmes doctor` says of each.

use cmes_testkit::models::{Asked, ModelServer, Reply};
use serde_json::json;

use crate::support::Place;

const KEY: &str = "Key-Secret-1234567890";

/// Every service of search at one address, told apart by their paths.
fn services(asked: &Asked) -> Reply {
    let hit = json!([{"url": "https://steel.example/", "link": "https://steel.example/", "title": "Steel"}]);
    match asked.path.as_str() {
        "/searxng/search" => {
            Reply::json(200, &json!({"results": hit, "unresponsive_engines": [["google", "Suspended: CAPTCHA"]]}))
        }
        "/brave/web/search" => Reply::json(200, &json!({"query": {}, "web": {"results": hit}})),
        "/serper/search" => Reply::json(403, &json!({"message": format!("Unauthorized: {KEY}")})),
        "/tavily/search" => Reply::json(200, &json!({"results": []})),
        "/wikidata" => Reply::json(200, &json!({"results": {"bindings": []}})),
        _ => Reply::Raw { status: 504, headers: Vec::new(), body: String::new() },
    }
}

#[test]
fn doctor_asks_each_provider_once_and_says_what_to_do() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let server = runtime.block_on(ModelServer::start(services)).expect("loopback can be listened on");
    let place = Place::empty();
    place.write("key", &format!("{KEY}\n"));
    let mut text =
        "[search]\nproviders = [\"searxng\", \"brave\", \"serper\", \"tavily\", \"wikidata\", \"overpass\"]\n"
            .to_owned();
    text.push_str(&format!("[search.searxng]\nurl = \"{}/searxng\"\n", server.origin()));
    for name in ["brave", "serper", "tavily"] {
        text.push_str(&format!("[search.{name}]\nbase_url = \"{}/{name}\"\napi_key_file = \"key\"\n", server.origin()));
    }
    for name in ["wikidata", "overpass"] {
        text.push_str(&format!("[search.{name}]\nbase_url = \"{}/{name}\"\n", server.origin()));
    }
    place.write("cmes.toml", &text);
    let output = place.run(&["doctor"]);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{report}");
    let check = |name: &str, mark: &str, words: &str| {
        let line = report.lines().find(|line| line.split(' ').nth(1) == Some(name));
        let line = line.unwrap_or_else(|| panic!("no line of {name}: {report}"));
        assert!(line.starts_with(mark) && line.contains(words), "{line}");
    };
    check("searxng", "✓", "it answers; searxng: its search engine google (Suspended: CAPTCHA) does not respond");
    check("brave", "✓", "search: it answers");
    check("serper", "✗", "it refuses the key (status 403); check search.serper.api_key");
    check("tavily", "✓", "it found nothing for a trial");
    check("wikidata", "✓", "it found nothing for a trial");
    check("overpass", "✗", "it has a fault of its own (status 504)");
    assert_eq!(server.asked().len(), 6);
    assert!(!report.to_lowercase().contains(&KEY.to_lowercase()), "{report}");
    assert!(
        server.asked().iter().all(|asked| asked.headers["user-agent"].to_str().is_ok_and(|it| it.contains("cmes/")))
    );
}

#[test]
fn doctor_without_providers_says_what_is_found_then() {
    let place = Place::empty();
    let report = place.ok(&["doctor"]);
    assert!(report.contains("companies are found in the directory alone"), "{report}");
    place.write("cmes.toml", "[search.searxng]\nurl = \"http://user:hidden@127.0.0.1:1/\"\n");
    let output = place.run(&["doctor"]);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(report.contains("search.searxng.url: 127.0.0.1 is no address that can be asked"), "{report}");
    assert!(output.status.code() == Some(1) && !report.contains("hidden"), "{report}");
}
