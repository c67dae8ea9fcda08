//! `cmes leads`: companies for a query, with a scripted search engine and the demo sites.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use cmes_testkit::{SearchReply, SearchServer};
use serde_json::Value;

use crate::support::{Place, stderr};

const PUMPS: &str = "nordwind-pumpen.example";
const BOLTS: &str = "thornfield-fasteners.example";
const VALVES: &str = "haicheng-valve.example";
const PARKED: &str = "goldfinch-trading.example";
/// Asks for all of them, in more than one search.
const QUERY: &str = "manufacturers of pumps, fasteners or valves";
const NO_MODELS: &str = "[embeddings]\nprovider = \"none\"\n[llm]\nprovider = \"none\"\n";

/// A folder whose configuration names a search engine, for as long as that runs.
struct Searching {
    place: Place,
    server: SearchServer,
    _runtime: tokio::runtime::Runtime,
}

fn searching(answer: impl Fn(usize, &str) -> SearchReply + Send + Sync + 'static) -> Searching {
    let place = Place::with_sites();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let server = runtime.block_on(SearchServer::start(answer)).expect("loopback can be listened on");
    configure(&place, &format!("[search.searxng]\nurl = \"{}\"\n", server.url()));
    Searching { place, server, _runtime: runtime }
}

fn configure(place: &Place, more: &str) {
    let text = std::fs::read_to_string(place.path("cmes.toml")).expect("the configuration");
    place.write("cmes.toml", &format!("{text}{NO_MODELS}{more}"));
}

fn finding(hosts: &'static [&'static str]) -> Searching {
    searching(|_, _| SearchReply::hosts(hosts))
}

fn json(printed: &str) -> Vec<Value> {
    serde_json::from_str(printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

#[test]
fn a_card_is_printed_for_each_lead() {
    let it = finding(&[PUMPS, PARKED, BOLTS]);
    let output = it.place.run(&["leads", QUERY, "--max", "5", "--explain"]);
    let cards = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    assert!(output.status.success(), "{}", stderr(&output));
    for part in ["Nordwind Pumpen GmbH", "Thornfield Fasteners", "Query", "✓", "Evidence"] {
        assert!(cards.contains(part), "{part} is not in\n{cards}");
    }
    assert!(!cards.contains('\u{1b}'), "no colours into a pipe");
    let said = stderr(&output);
    assert!(said.contains("2 of 5 leads found"), "{said}");
    assert!(!it.place.ok(&["leads", QUERY, "--max", "1"]).contains("Evidence"));
}

#[test]
fn leads_are_printed_as_they_are_found() {
    // The second search is not answered, so that the program has more to do when the first card is printed.
    let it = searching(|number, _| if number == 0 { SearchReply::hosts(&[PUMPS]) } else { SearchReply::Hang });
    let mut child = it
        .place
        .command(&["leads", QUERY])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let is_name = |line: &String| line.contains("Nordwind Pumpen GmbH");
    let name = lines.map_while(Result::ok).find(is_name);
    let ended = child.try_wait().expect("its state");
    child.kill().expect("it is stopped");
    child.wait().expect("it ends");
    assert!(name.is_some(), "the card is printed");
    assert!(ended.is_none(), "while the search goes on");
}

#[test]
fn json_is_an_array_whatever_is_found() {
    let it = finding(&[PUMPS, BOLTS, VALVES]);
    // Asked for more than there are, every search is made to its end; with fewer, the rest would be left out.
    let leads = json(&it.place.ok(&["leads", QUERY, "--json", "--max", "5"]));
    assert_eq!(leads.len(), 3);
    assert!(leads.iter().all(|lead| lead["CompanyName"].is_string() && lead.get("Conditions").is_none()), "{leads:?}");
    let asked = it.server.asked().len();
    assert_eq!(json(&it.place.ok(&["leads", QUERY, "--json", "--max", "2"])).len(), 2);
    let explained = json(&it.place.ok(&["leads", QUERY, "--json", "--max", "1", "--explain", "--extended"]));
    assert_eq!(explained.len(), 1);
    assert!(explained[0]["Conditions"].is_array() && explained[0]["Extended"].is_object(), "{explained:?}");
    assert_eq!(it.server.asked().len(), asked, "the answers are kept");
    assert_eq!(finding(&[PARKED]).place.ok(&["leads", QUERY, "--json"]), "[]\n");
}

#[test]
fn a_table_is_written_for_spreadsheets() {
    let it = finding(&[PUMPS, BOLTS]);
    assert_eq!(it.place.ok(&["leads", QUERY, "--csv", "leads.csv"]), "");
    let mut table = csv::Reader::from_path(it.place.path("leads.csv")).expect("a table");
    let header: Vec<String> = table.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(header[..3], ["CompanyName", "Web", "Country"]);
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().expect("rows");
    let mut names: Vec<&str> = rows.iter().filter_map(|row| row.get(0)).collect();
    names.sort_unstable();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0], "Nordwind Pumpen GmbH");
    let cells = rows.iter().flatten();
    let is_number = |cell: &str| cell.chars().all(|c| c.is_ascii_digit() || "+-. ()".contains(c));
    assert!(cells.clone().any(|cell| cell.starts_with('+')), "a telephone number");
    for cell in cells {
        assert!(!cell.starts_with(['=', '@', '+', '-']) || is_number(cell), "a formula: {cell}");
    }
    // With nobody found, a header alone.
    let none = finding(&[PARKED]);
    none.place.ok(&["leads", QUERY, "--csv", "none.csv"]);
    let text = std::fs::read_to_string(none.place.path("none.csv")).expect("a table");
    assert_eq!(text.lines().count(), 1);
    assert!(
        none.place.fails(1, &["leads", QUERY, "--csv", "no/folder.csv"]).contains("no/folder.csv cannot be written")
    );
    none.place.fails(2, &["leads", QUERY, "--csv", "a.csv", "--json"]);
}

#[test]
fn wrong_counts_are_refused_before_anything_is_searched() {
    let it = finding(&[PUMPS]);
    for count in ["0", "-1", "abc", "1.5", "99999999999"] {
        let said = it.place.fails(2, &["leads", QUERY, &format!("--max={count}")]);
        assert!(said.contains("a whole number from 1"), "{said}");
    }
    let said = it.place.fails(1, &["leads", &"x".repeat(10_000)]);
    assert!(said.contains("10000 characters; it takes 2000 at most"), "{said}");
    assert!(it.place.fails(1, &["leads", "  "]).contains("the query is empty"));
    it.place.fails(2, &["leads"]);
    let said = it.place.fails(1, &["leads", QUERY, "--max", "101"]);
    assert!(said.contains("from 1 to 100 (limits.max_count)"), "{said}");
    assert!(it.server.asked().is_empty());
}

#[test]
fn with_nothing_to_search_in_it_says_what_to_configure() {
    let place = Place::empty();
    place.write("cmes.toml", NO_MODELS);
    for arguments in [["leads", QUERY].as_slice(), &["leads", QUERY, "--json"]] {
        let said = place.fails(1, arguments);
        for words in
            ["it knows no company yet", "cmes directory import FILE", "search.searxng.url", "search.brave.api_key"]
        {
            assert!(said.contains(words), "{words} is not in {said}");
        }
    }
    // A search engine that does not answer is no better.
    let refusing = searching(|_, _| SearchReply::Refuse(403));
    let said = refusing.place.fails(1, &["leads", QUERY]);
    assert!(said.contains("add json to search.formats"), "{said}");
}

#[test]
fn wrong_providers_and_addresses_are_named_with_what_is_taken() {
    let check = |configuration: &str, words: &[&str]| {
        let place = Place::empty();
        place.write("cmes.toml", &format!("{NO_MODELS}{configuration}"));
        let said = place.fails(1, &["leads", QUERY]);
        for word in words {
            assert!(said.contains(word), "{word} is not in {said}");
        }
    };
    check("[search]\nproviders = [\"gogle\"]\n", &["cmes.toml", "gogle", "searxng", "wikidata"]);
    check("[search]\nproviders = []\n", &["no provider of search is configured", "search.searxng.url"]);
    check("[search]\nproviders = [\"searxng\"]\n", &["searxng, which needs search.searxng.url"]);
    check("[search.searxng]\nurl = \"localhost\"\n", &["localhost", "http://127.0.0.1:8888"]);
    check("[search.searxng]\nurl = \"localhost:8080\"\n", &["search.searxng.url", "http://127.0.0.1:8888"]);
    check("[search.searxng]\nurl = \"http://127.0.0.1:1\"\n", &["nothing answers at its address", "fetch.proxy"]);
}

#[test]
fn companies_whose_sites_do_not_answer_are_counted() {
    let place = Place::with_sites();
    configure(&place, "");
    place.write("list.csv", "name,website,country,description\nGone,gone.example,DE,Manufacturer of pumps\n");
    place.ok(&["directory", "import", "list.csv"]);
    let output = place.run(&["leads", "Pumpenhersteller in Deutschland", "--json"]);
    let said = stderr(&output);
    assert!(output.status.success() && output.stdout == b"[]\n", "{said}");
    assert!(said.contains("0 of 10 leads found, 0 pages read, 1 site could not be read"), "{said}");
}

#[test]
fn the_directory_alone_is_enough() {
    let place = Place::with_sites();
    configure(&place, "");
    place.write("list.csv", &format!("name,website,country,description\nNordwind,{PUMPS},DE,Pumps\n"));
    place.ok(&["directory", "import", "list.csv"]);
    let leads = json(&place.ok(&["leads", "Pumpenhersteller in Deutschland", "--json", "--lang", "de"]));
    assert_eq!(leads.len(), 1);
    assert_eq!(
        (&leads[0]["CompanyName"], &leads[0]["Address"]["Country"]),
        (&"Nordwind Pumpen GmbH".into(), &"Deutschland".into())
    );
    // Nobody there is no failure: there is something to search in.
    assert_eq!(place.ok(&["leads", "shipyards in Portugal", "--json"]), "[]\n");
}

#[test]
fn a_provider_that_fails_beside_another_is_named() {
    let it = finding(&[PUMPS]);
    let fails = it.server.url();
    let text = std::fs::read_to_string(it.place.path("cmes.toml")).expect("the configuration");
    let more = format!("[search.tavily]\nbase_url = \"{fails}\"\napi_key = \"secret-key\"\n");
    it.place.write("cmes.toml", &format!("{text}{more}"));
    let output = it.place.run(&["leads", QUERY, "--max", "2"]);
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("tavily: its address has no such API (status 405); check search.tavily.base_url"), "{said}");
    assert!(!said.contains("secret-key"), "{said}");
}
