//! The scripted SearXNG answers as SearXNG does, and what it finds looks like a real web.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cmes_testkit::Searched;
use cmes_testkit::world::search::Ranking;
use cmes_testkit::world::{Kind, Part, Verdict, World, WorldSearch};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::world;

async fn start() -> WorldSearch {
    WorldSearch::start(world(), Duration::ZERO).await.expect("a free port")
}

/// Status, head and body of `GET /search?…`.
async fn get(search: &WorldSearch, query: &str) -> (u16, String, String) {
    let address = search.url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.expect("the server listens");
    let request = format!("GET /search?{query} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("the server answers");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    (status, head.to_lowercase(), body.to_owned())
}

async fn results(search: &WorldSearch, query: &str) -> Vec<Value> {
    let (status, _, body) = get(search, query).await;
    assert_eq!(status, 200, "{query}");
    let document: Value = serde_json::from_str(&body).expect("JSON");
    document["results"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn ten_results_a_page_on_five_pages() {
    let search = start().await;
    let mut urls = BTreeSet::new();
    for page in 1..=5 {
        let found = results(&search, &format!("q=pipe+manufacturers+USA&format=json&language=en&pageno={page}")).await;
        assert_eq!(found.len(), 10, "page {page}");
        for result in &found {
            for field in ["url", "title", "content", "engine"] {
                assert!(result[field].is_string(), "{field}: {result}");
            }
            assert!(result["score"].is_number() && result["engines"].is_array(), "{result}");
            urls.insert(result["url"].to_string());
        }
    }
    assert_eq!(urls.len(), 50);
    assert!(results(&search, "q=pipe+manufacturers+USA&format=json&pageno=6").await.is_empty());
    let asked = search.searched();
    let first = Searched { text: "pipe manufacturers USA".to_owned(), language: "en".to_owned(), page: 1 };
    assert_eq!((asked.len(), asked.first()), (6, Some(&first)));
}

#[tokio::test]
async fn other_requests_are_answered_as_by_searxng() {
    let search = start().await;
    let (status, head, _) = get(&search, "q=pumps").await;
    assert!(status == 200 && head.contains("text/html"), "without format=json the page for browsers comes: {head}");
    assert_eq!(get(&search, "format=json").await.0, 400);
    assert!(results(&search, "q=xyzzyplugh&format=json").await.is_empty());
}

/// Every right answer can be found, and never without wrong ones: the engine has work to do.
#[test]
fn what_is_found_holds_the_right_ones_among_others() {
    let ranking = Ranking::new(world());
    check_found(&ranking, Part::First);
    check_found(&ranking, Part::New);
    check_found(&ranking, Part::Third);
}

fn check_found(ranking: &Ranking, part: Part) {
    let world = world();
    let mut missing = Vec::new();
    let (mut wanted, mut found, mut kinds) = (0, 0, BTreeMap::<&str, usize>::new());
    for query in World::queries_of(part) {
        let matches = world.matches(&query);
        let hosts: Vec<String> = ranking
            .urls(&query.text, &query.language)
            .iter()
            .filter_map(|url| url.split('/').nth(2).map(str::to_owned))
            .collect();
        let right: BTreeSet<String> =
            hosts.iter().filter_map(|host| world.company(host)).map(|it| it.host.clone()).collect();
        wanted += matches.len();
        found += matches.intersection(&right).count();
        for host in &hosts {
            let kind = match world.kinds.get(host) {
                Some(Kind::Company | Kind::Duplicate(_)) if world.verdict(&query, host) == Verdict::Wrong => {
                    "wrong company"
                }
                Some(Kind::Company | Kind::Duplicate(_)) => "company",
                Some(Kind::List(_)) => "list",
                Some(Kind::Article) => "article",
                Some(Kind::Parked(_)) => "parked",
                Some(Kind::Hostile) => "hostile",
                None => "unknown",
            };
            *kinds.entry(kind).or_default() += 1;
        }
        missing.extend(matches.difference(&right).cloned());
    }
    assert!(found * 10 >= wanted * 8, "{found} of {wanted}; {missing:?}");
    for kind in ["wrong company", "list", "article", "parked", "hostile"] {
        assert!(kinds.get(kind).is_some_and(|count| *count >= 5), "{kind}: {kinds:?}");
    }
    assert!(!kinds.contains_key("unknown"), "{kinds:?}");
}

#[test]
fn the_directory_is_a_table_of_companies() {
    let world = world();
    let csv = world.directory_csv();
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert!(rows.len() >= 300, "{}", rows.len());
    let unquoted = |row: &&&str| !row.contains('"');
    let cells: Vec<Vec<&str>> = rows.iter().filter(unquoted).map(|row| row.split(',').collect()).collect();
    assert!(cells.iter().all(|cells| cells.len() == 5), "{cells:?}");
    let empty = |column: usize| cells.iter().filter(|cells| cells[column].is_empty()).count();
    assert!(empty(4) >= 30 && empty(1) >= 5 && empty(0) == 0, "{} {}", empty(4), empty(1));
    let parked = world.kinds.iter().filter(|(_, kind)| matches!(kind, Kind::Parked(_)));
    for (host, _) in parked {
        assert!(csv.contains(&format!(",{host},")), "{host}");
    }
}
