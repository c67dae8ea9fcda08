//! The promise about knowledge bases, kept by the built program while it is killed in the middle of indexing: what was
//! stored is found, whole, in its last edition and once, and nothing is left to be done.

use std::sync::Arc;
use std::time::Duration;

use cmes_testkit::models::{ModelServer, Reply};
use serde_json::{Value, json};

use crate::support::Place;
use crate::survival::{Random, Service, ask, client, configure, new_database, runtime, say};

const ARTICLES: usize = 40;
const PARTS: usize = 4;
const KILLS: usize = 6;
/// Everything has to be over after this time; it is much more than is needed.
const PATIENCE: Duration = Duration::from_secs(240);

/// Parts that are passages of their own, each with the number of its article and edition.
fn body(number: usize, edition: usize) -> String {
    let part = |part: usize| format!("{}Chapter{part}of{number}edition{edition}.", "Filling words. ".repeat(45));
    (0..PARTS).map(part).collect::<Vec<_>>().join("\n\n")
}

async fn survive(database: Option<String>, processes: usize) {
    let random = Random::new();
    let embedder = ModelServer::start(Reply::vectors).await.expect("loopback can be listened on");
    let place = tokio::task::spawn_blocking(Place::with_sites).await.expect("a place");
    configure(&place, database.as_deref());
    let models = format!(
        "\n[llm]\nprovider = \"none\"\n[embeddings]\nprovider = \"openai\"\nbase_url = \"{}\"\nmodel = \"m\"\n",
        embedder.url()
    );
    let text = std::fs::read_to_string(place.path("cmes.toml")).expect("the configuration");
    place.write("cmes.toml", &(text + &models));
    place.ok(&["account", "create", "ann@example.com"]);
    let key = place.ok(&["key", "create", "--account", "ann@example.com"]).trim().to_owned();
    let service = Arc::new(Service::start(place, processes));
    let client = client();
    let call = async |method: &str, body: Value, once: &str| {
        let path = format!("/v1/knowledgebase/{method}");
        let (status, answer) = ask(&service, &client, &key, &path, &body, once).await;
        assert_eq!(status, 200, "{method}: {answer}");
        answer
    };
    let base = json!({"KnowledgebaseExternalID": 1});
    call("create", json!({"Name": "Books", "KnowledgebaseExternalID": 1}), "create").await;

    let edit = async {
        for edition in 1..=2 {
            for number in 0..ARTICLES {
                let article = json!({
                    "KnowledgebaseExternalID": 1, "ExternalID": number + 1, "Name": format!("Book {number}"),
                    "Body": body(number, edition),
                });
                let method = if edition == 1 { "entry/create" } else { "entry/update" };
                call(method, article, &format!("{edition}-{number}")).await;
            }
        }
    };
    let kill = async {
        for _ in 0..KILLS {
            let moment = Duration::from_millis(50 + random.below(1_500) as u64);
            let _ = tokio::time::timeout(moment, std::future::pending::<()>()).await;
            let (service, number) = (Arc::clone(&service), random.below(processes));
            tokio::task::spawn_blocking(move || service.kill_one(number)).await.expect("killed");
        }
    };
    tokio::join!(edit, kill);
    let indexed = async { while call("info", base.clone(), "").await["IsIndexed"] != true {} };
    tokio::time::timeout(PATIENCE, indexed).await.expect("everything is indexed in time");

    for number in 0..ARTICLES {
        let restricted = json!({
            "KnowledgebaseExternalID": 1, "ExternalID": number + 1, "Limit": 100,
            "Query": format!("filling words Chapter0of{number}edition2"),
        });
        let answer = call("search", restricted, "").await;
        assert_eq!(answer["SearchedBy"], "WordsAndMeaning");
        let texts: Vec<&str> =
            answer["Passages"].as_array().expect("a list").iter().filter_map(|p| p["Text"].as_str()).collect();
        let text = texts.join("\n");
        assert!(!text.contains("edition1"), "an old edition is found: {text}");
        for part in 0..PARTS {
            assert_eq!(text.matches(&format!("Chapter{part}of{number}edition2")).count(), 1, "{text}");
        }
    }
    let asked = json!({"Query": "Chapter3of7edition2", "Limit": 1});
    let answer = call("search", asked, "").await;
    assert_eq!(answer["Passages"][0]["ExternalID"], 8, "{answer}");
}

#[test]
fn killed_in_mid_index_again_and_again_all_is_found_whole_and_once_on_sqlite() {
    runtime().block_on(survive(None, 1));
}

#[test]
fn killed_in_mid_index_again_and_again_all_is_found_whole_and_once_on_postgresql_with_two_processes() {
    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
        say("not run on PostgreSQL: TEST_POSTGRES_URL is not set");
        return;
    };
    runtime().block_on(async {
        survive(Some(new_database(&server, "knowledge").await), 2).await;
    });
}
