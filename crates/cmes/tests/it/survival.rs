//! The promise about money and tasks, kept by the built program while it is
//! killed again and again: every task ends once, every lead is charged once,
//! every webhook arrives, and the ledger adds up.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use cmes_testkit::{Receiver, SearchReply, SearchServer};
use serde_json::{Value, json};

use crate::support::{Place, Serving};

const TASKS: usize = 160;
const KILLS: usize = 12;
/// Everything has to be over after this time; it is much more than is needed.
const PATIENCE: Duration = Duration::from_secs(240);
/// Sites with a company, so that each task is a lead.
const SITES: [&str; 4] =
    ["nordwind-pumpen.example", "atelier-lumen.example", "furulund-solteknik.example", "info@nordwind-pumpen.example"];

/// One of so many tasks looks for leads instead.
const SEARCHING: usize = 10;
/// The companies that it finds, and asks for.
const FOUND: [&str; 3] = ["nordwind-pumpen.example", "thornfield-fasteners.example", "haicheng-valve.example"];
const QUERY: &str = "manufacturers of pumps, fasteners or valves";

pub fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("standard error");
}

/// Random moments, the same ones for the same seed.
pub struct Random(AtomicU64);

impl Random {
    pub fn new() -> Self {
        let seed = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(1, |time| time.subsec_nanos());
        say(&format!("seed {seed}"));
        Self(AtomicU64::new(u64::from(seed) | 1))
    }

    pub fn below(&self, limit: usize) -> usize {
        let step = |x: u64| x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let before = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |x| Some(step(x))).expect("always");
        usize::try_from(step(before) >> 33).expect("31 bits") % limit
    }
}

/// Several processes of one service.
pub struct Service {
    pub place: Place,
    processes: Mutex<Vec<Serving>>,
    urls: Mutex<Vec<String>>,
}

impl Service {
    pub fn start(place: Place, processes: usize) -> Self {
        let started: Vec<Serving> = (0..processes).map(|_| Serving::start(&place, &[])).collect();
        let urls = started.iter().map(|serving| serving.url.clone()).collect();
        Self { place, processes: Mutex::new(started), urls: Mutex::new(urls) }
    }

    fn url(&self, number: usize) -> String {
        let urls = self.urls.lock().expect("nobody panicked");
        urls[number % urls.len()].clone()
    }

    /// Kills one process and starts another in its place.
    pub fn kill_one(&self, number: usize) {
        let mut processes = self.processes.lock().expect("nobody panicked");
        let at = number % processes.len();
        processes.remove(at).kill();
        processes.insert(at, Serving::start(&self.place, &[]));
        self.urls.lock().expect("nobody panicked")[at] = processes[at].url.clone();
    }
}

pub fn configure(place: &Place, database: Option<&str>) {
    let mut text = std::fs::read_to_string(place.path("cmes.toml")).expect("the configuration");
    text = text.replace("[log]", "[limits]\ntask_lease_s = 2\nrequests_per_minute = 1000000\n[log]");
    if let Some(url) = database {
        text.push_str(&format!("\n[database]\nurl = \"{url}\"\n"));
    }
    place.write("cmes.toml", &text);
}

/// Asks until the service, which is being killed, has answered.
pub async fn ask(
    service: &Service,
    client: &reqwest::Client,
    key: &str,
    path: &str,
    body: &Value,
    once: &str,
) -> (u16, Value) {
    let mut number = once.len();
    loop {
        number += 1;
        let mut request = client
            .post(format!("{}{path}", service.url(number)))
            .bearer_auth(key)
            .timeout(Duration::from_secs(20))
            .body(body.to_string());
        if !once.is_empty() {
            request = request.header("Idempotency-Key", once);
        }
        if let Ok(response) = request.send().await {
            let status = response.status().as_u16();
            let text = response.text().await.unwrap_or_default();
            let json: Value = serde_json::from_str(&text).unwrap_or_default();
            // An answer that was cut off, a first request that died, a server that stops: once more.
            let is_final = !json.is_null() && status != 503 && json["type"] != "/problems/still-running";
            if is_final {
                return (status, json);
            }
        }
        // The next process may be up already; if not, a connection is refused at once.
        let _ = tokio::time::timeout(Duration::from_millis(20), std::future::pending::<()>()).await;
    }
}

async fn survive(database: Option<String>, processes: usize) {
    let random = Random::new();
    let place = tokio::task::spawn_blocking(Place::with_sites).await.expect("a place");
    configure(&place, database.as_deref());
    let search = SearchServer::start(|_, _| SearchReply::hosts(&FOUND)).await.expect("a search engine");
    let text = std::fs::read_to_string(place.path("cmes.toml")).expect("the configuration");
    place.write("cmes.toml", &format!("{text}\n[search.searxng]\nurl = \"{}\"\n", search.url()));
    place.ok(&["account", "create", "ann@example.com", "--credit", "100"]);
    let key = place.ok(&["key", "create", "--account", "ann@example.com"]).trim().to_owned();
    let secret = place.ok(&["webhook", "secret", "--account", "ann@example.com"]).trim().to_owned();
    // Now and then the receiver fails.
    let receiver = Receiver::start(|number| match number % 25 {
        7 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    })
    .await
    .expect("a receiver");
    let service = Arc::new(Service::start(place, processes));
    let client = client();

    let submit = async {
        let mut ids = Vec::new();
        for number in 0..TASKS {
            let (path, content) = match number % SEARCHING {
                0 => ("/v1/leadgeneration", QUERY),
                _ => ("/v1/enrichment", SITES[number % SITES.len()]),
            };
            let body = json!({"Content": content, "MaxCount": FOUND.len(), "Asynch": true, "OutWebHook": receiver.url(), "Number": number});
            let (status, answer) = ask(&service, &client, &key, path, &body, &format!("task-{number}")).await;
            assert_eq!(status, 202, "{answer}");
            ids.push(answer["ID"].as_str().expect("an ID").to_owned());
        }
        ids
    };
    let kill = async {
        for _ in 0..KILLS {
            // After a few more webhooks or a moment, whichever comes first.
            let count = receiver.received().len() + 1 + random.below(12);
            let moment = Duration::from_millis(50 + random.below(1_500) as u64);
            let _ = tokio::time::timeout(moment, receiver.has_received(count)).await;
            let (service, number) = (Arc::clone(&service), random.below(processes));
            tokio::task::spawn_blocking(move || service.kill_one(number)).await.expect("killed");
        }
    };
    let (ids, ()) = tokio::join!(submit, kill);
    let ids: BTreeSet<String> = ids.into_iter().collect();
    assert_eq!(ids.len(), TASKS, "each request made a task of its own");

    // Every webhook arrives.
    let all = async {
        let mut seen = 0;
        loop {
            let told: BTreeSet<String> =
                receiver.received().iter().map(|w| w.json["ID"].as_str().unwrap_or_default().to_owned()).collect();
            if told.is_superset(&ids) {
                return;
            }
            seen = receiver.received().len().max(seen) + 1;
            receiver.has_received(seen).await;
        }
    };
    tokio::time::timeout(PATIENCE, all).await.expect("every webhook arrives in time");
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let verifier = standardwebhooks::Webhook::new(&secret).expect("a secret");
    for webhook in receiver.received() {
        assert_eq!(webhook.json["Status"], "Success", "{}", webhook.body);
        verifier.verify(webhook.body.as_bytes(), &webhook.headers).expect("a valid signature");
        let task = webhook.json["ID"].as_str().expect("an ID").to_owned();
        messages.entry(task).or_default().insert(webhook.id().to_owned());
    }
    assert!(messages.values().all(|ids| ids.len() == 1), "a task ended twice: {messages:?}");
    assert_eq!(messages.len(), TASKS);

    // Every task has one result, which is the webhook's, and no company is in it twice.
    let mut leads: BTreeMap<String, usize> = BTreeMap::new();
    for webhook in receiver.received() {
        let (status, result) =
            ask(&service, &client, &key, "/v1/getresult", &json!({"ID": webhook.json["ID"]}), "").await;
        assert_eq!((status, &result), (200, &webhook.json["Response"]));
        let count = result.as_array().map_or(1, |found| {
            let names: BTreeSet<&str> = found.iter().filter_map(|lead| lead["CompanyName"].as_str()).collect();
            assert_eq!((names.len(), found.len()), (FOUND.len(), FOUND.len()), "{result}");
            found.len()
        });
        leads.insert(webhook.json["ID"].to_string(), count);
    }
    // Every lead is charged once.
    let count: usize = leads.values().sum();
    assert_eq!(count, TASKS + TASKS / SEARCHING * (FOUND.len() - 1));
    let (_, records) =
        ask(&service, &client, &key, "/v1/info/statistics", &json!({"Start": "2000-01-01", "End": "2999-12-31"}), "")
            .await;
    let charged: f64 = records.as_array().into_iter().flatten().filter_map(|record| record["Sum"].as_f64()).sum();
    assert_eq!(format!("{charged:.1}"), "19.2", "{count} leads for 0.1 each");
    assert!(service.place.ok(&["account", "list"]).contains("\t80.8 GBP\t"), "{count} leads for 0.1 each");
    assert!(service.place.ok(&["ledger", "verify"]).starts_with("every balance equals its ledger"));
    // What stops in peace leaves nothing behind.
    for serving in service.processes.lock().expect("nobody panicked").drain(..) {
        let (code, log) = serving.stop();
        assert_eq!(code, Some(0), "{log}");
    }
}

pub fn client() -> reqwest::Client {
    // The client wants one even for plain connections; another test may have chosen it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

#[test]
fn killed_again_and_again_nothing_is_lost_and_nothing_paid_twice_on_sqlite() {
    runtime().block_on(survive(None, 1));
}

#[test]
fn killed_again_and_again_nothing_is_lost_and_nothing_paid_twice_on_postgresql_with_three_processes() {
    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
        say("not run on PostgreSQL: TEST_POSTGRES_URL is not set");
        return;
    };
    runtime().block_on(async {
        survive(Some(new_database(&server, "survival").await), 3).await;
    });
}

/// The address of a database that nobody else has.
pub async fn new_database(server: &str, name: &str) -> String {
    use sqlx::Connection;
    let name = format!("cmes_{name}_{}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(server).await.expect("PostgreSQL answers");
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(create).execute(&mut connection).await.expect("a new database");
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    format!("{base}/{name}")
}

/// A server that is asked to stop hands its tasks back: with a lease of ten
/// minutes, nobody would wait for its end.
#[test]
fn a_stopped_server_hands_its_tasks_back_and_the_next_one_goes_on() {
    let place = Place::with_sites();
    configure(&place, None);
    let text = std::fs::read_to_string(place.path("cmes.toml")).expect("the configuration");
    // A slow site, so that tasks are under way when the server stops.
    place.write(
        "cmes.toml",
        &text
            .replace("task_lease_s = 2", "task_lease_s = 600")
            .replace("per_host_delay_ms = 0", "per_host_delay_ms = 400"),
    );
    place.ok(&["account", "create", "ann@example.com", "--credit", "100"]);
    let key = place.ok(&["key", "create", "--account", "ann@example.com"]).trim().to_owned();
    runtime().block_on(async {
        let service = Service::start(place, 1);
        let client = client();
        let mut ids = Vec::new();
        for number in 0..12 {
            let body = json!({"Content": SITES[number % SITES.len()], "Asynch": true});
            let (_, answer) = ask(&service, &client, &key, "/v1/enrichment", &body, "").await;
            ids.push(answer["ID"].clone());
        }
        let serving = service.processes.lock().expect("nobody panicked").remove(0);
        let (code, log) = serving.stop();
        assert_eq!(code, Some(0), "{log}");
        let text = std::fs::read_to_string(service.place.path("cmes.toml")).expect("the configuration");
        service.place.write("cmes.toml", &text.replace("per_host_delay_ms = 400", "per_host_delay_ms = 0"));
        let again = Serving::start(&service.place, &[]);
        let results = async {
            for id in &ids {
                let url = format!("{}/v1/getresult/events?ID={}", again.url, id.as_str().expect("an ID"));
                let events =
                    client.get(url).bearer_auth(&key).send().await.expect("an answer").text().await.expect("events");
                assert!(events.contains("\"Status\":\"Success\""), "{events}");
            }
        };
        tokio::time::timeout(Duration::from_secs(120), results).await.expect("no lease has to end first");
        assert!(service.place.ok(&["account", "list"]).contains("\t98.8 GBP\t"));
    });
}
