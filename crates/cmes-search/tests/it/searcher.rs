//! All providers at once: merging, failing together, keeping answers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cmes_search::{AnswerCache, Answered, Found, FoundBy, SearchError, SearchProvider, Searcher};
use cmes_testkit::models::{ModelServer, Reply};
use cmes_types::{Clock, CompanySearch, Hit, Timestamp};
use futures_util::future::BoxFuture;

use crate::{answer, pipes, provider, recorded, serve};

/// A clock that is set by hand.
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_milliseconds(self.0.load(Ordering::SeqCst))
    }
}

fn clock() -> Arc<Hand> {
    Arc::new(Hand(AtomicI64::new(1_800_000_000_000)))
}

/// Answers that are kept in memory.
#[derive(Default)]
struct InMemory(Mutex<HashMap<String, String>>);

impl AnswerCache for InMemory {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move { self.0.lock().expect("no panic").get(key).cloned() })
    }

    fn put<'a>(&'a self, key: &'a str, answer: String) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            self.0.lock().expect("no panic").insert(key.to_owned(), answer);
        })
    }
}

/// The companies that this server knows, given from outside.
struct Directory;

impl SearchProvider for Directory {
    fn name(&self) -> &'static str {
        "directory"
    }

    fn is_remote(&self) -> bool {
        false
    }

    fn search<'a>(&'a self, _search: &'a CompanySearch) -> BoxFuture<'a, Result<Found, SearchError>> {
        let hit = Hit { url: "https://carolinaconduit.example/".to_owned(), ..Hit::default() };
        Box::pin(async move { Ok(Found { hits: vec![hit], remarks: Vec::new() }) })
    }
}

async fn serving(name: &'static str) -> (Arc<dyn SearchProvider>, ModelServer) {
    let server = serve(move |_| answer(200, recorded(&format!("{name}.json")))).await;
    (provider(name, &server), server)
}

async fn failing(name: &'static str) -> (Arc<dyn SearchProvider>, ModelServer) {
    let server = serve(|_| answer(503, "")).await;
    (provider(name, &server), server)
}

#[tokio::test]
async fn all_are_asked_and_those_that_fail_are_named() {
    let (brave, _b) = serving("brave").await;
    let (serper, _s) = serving("serper").await;
    let (searxng, _x) = failing("searxng").await;
    let counted: Arc<Mutex<Vec<Answered>>> = Arc::default();
    let searcher = Searcher::new(vec![searxng, brave, serper, Arc::new(Directory)], clock());
    let observer = Arc::clone(&counted);
    let searcher = searcher.observed_by(Arc::new(move |answered| observer.lock().expect("no panic").push(answered)));
    let merged = searcher.search(&pipes(), None).await.expect("an answer");
    let urls: Vec<&str> = merged.hits.iter().map(|site| site.hit.url.as_str()).collect();
    let expected =
        ["https://ohiopipe.example/", "https://carolinaconduit.example/", "https://www.lonestartubes.example/products"];
    assert_eq!(urls, expected);
    let by = [FoundBy { provider: "brave", rank: 1 }, FoundBy { provider: "serper", rank: 1 }];
    assert_eq!(merged.hits[0].found_by, by);
    let failures: Vec<&str> = merged.failures.iter().map(|error| error.provider).collect();
    assert_eq!(failures, ["searxng"]);
    let mut counted: Vec<_> =
        counted.lock().expect("no panic").iter().map(|one| (one.provider, one.outcome.ok(), one.is_kept)).collect();
    counted.sort_unstable();
    let expected = [
        ("brave", Some(2), false),
        ("directory", Some(1), false),
        ("searxng", None, false),
        ("serper", Some(2), false),
    ];
    assert_eq!(counted, expected);
}

#[tokio::test]
async fn when_all_fail_it_says_what_to_configure() {
    let (brave, _b) = failing("brave").await;
    let (searxng, _s) = failing("searxng").await;
    let searcher = Searcher::new(vec![searxng, brave], clock());
    let message = searcher.search(&pipes(), None).await.expect_err("nobody answers").to_string();
    for word in [
        "searxng: it has a fault of its own (status 503)",
        "brave: it has a fault",
        "cmes doctor",
        "search.searxng.url",
        "search.tavily.api_key",
        "cmes directory import",
    ] {
        assert!(message.contains(word), "{message} lacks {word}");
    }
}

#[tokio::test]
async fn without_a_provider_it_says_what_to_configure() {
    let message = Searcher::new(Vec::new(), clock()).search(&pipes(), None).await.expect_err("nobody").to_string();
    assert!(message.starts_with("no provider of search is configured; set search.searxng.url"), "{message}");
    assert!(message.contains("cmes directory import"), "{message}");
}

#[tokio::test]
async fn answers_are_kept_by_provider_and_question() {
    let (brave, server) = serving("brave").await;
    let hand = clock();
    let cache = InMemory::default();
    let day = Duration::from_secs(24 * 3_600);
    let searcher =
        Searcher::new(vec![brave, Arc::new(Directory)], Arc::clone(&hand) as Arc<dyn Clock>).keeping_for(day);
    let ask = async |text: &str| {
        let search = CompanySearch { text: text.to_owned(), ..pipes() };
        let merged = searcher.search(&search, Some(&cache)).await.expect("an answer");
        assert_eq!(merged.hits.len(), 3);
        server.asked().len()
    };
    assert_eq!(ask("pipe manufacturers USA").await, 1);
    assert_eq!(ask(" Pipe  MANUFACTURERS usa").await, 1);
    assert_eq!(ask("tube manufacturers USA").await, 2);
    hand.0.fetch_add(i64::try_from(day.as_millis()).expect("a day"), Ordering::SeqCst);
    assert_eq!(ask("pipe manufacturers USA").await, 3);
    // What this server knows itself is not kept.
    assert!(cache.0.lock().expect("no panic").keys().all(|key| key.starts_with("search:brave:")));
}

#[tokio::test]
async fn a_kept_answer_serves_while_its_provider_fails() {
    let server = serve(|asked| if asked.number == 0 { answer(200, recorded("brave.json")) } else { Reply::Cut }).await;
    let cache = InMemory::default();
    let searcher = Searcher::new(vec![provider("brave", &server)], clock());
    for _ in 0..3 {
        assert!(searcher.search(&pipes(), Some(&cache)).await.is_ok());
    }
    let other = CompanySearch { text: "tubes".to_owned(), ..pipes() };
    assert!(searcher.search(&other, Some(&cache)).await.is_err());
    // A failure is not kept.
    assert_eq!(cache.0.lock().expect("no panic").len(), 1);
}
