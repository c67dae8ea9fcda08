//! A SearXNG that knows the world: a real server on loopback with SearXNG's JSON.
//!
//! It ranks all pages of the world by words and by the ideas behind them, so that
//! lists, news and wrong companies come up among the right ones, as they do.

mod index;
mod words;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::World;
use index::{Found, Index};

/// Results of a page, as of most engines.
const PER_PAGE: usize = 10;
/// Pages after which there are no more.
const PAGES: usize = 5;

/// What goes wrong, as it does with real instances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An answer with this status: 403 where JSON is not allowed, 429 from the limiter, 500.
    Status(u16),
    /// 429 that says after how many seconds to come again.
    RetryAfter(u32),
    /// The page for browsers instead of JSON.
    Html,
    /// JSON that breaks off.
    Cut,
    /// No results, since these engines do not answer.
    Unresponsive,
    /// The right answer, so much later.
    Slow(Duration),
}

/// A question as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Searched {
    /// `q`.
    pub text: String,
    /// `language`, or `all`.
    pub language: String,
    /// `pageno`, from 1.
    pub page: usize,
}

struct Shared {
    index: Index,
    delay: Duration,
    failures: Mutex<Vec<Failure>>,
    always: Mutex<Option<Failure>>,
    searched: Mutex<Vec<Searched>>,
}

/// Answers until it is dropped.
pub struct WorldSearch {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl WorldSearch {
    /// Serves the pages of this world, each answer later by this delay.
    ///
    /// # Errors
    ///
    /// When loopback gives no port.
    pub async fn start(world: &World, delay: Duration) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            index: Index::new(world),
            delay,
            failures: Mutex::default(),
            always: Mutex::default(),
            searched: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, shared, server })
    }

    /// Its address, as an operator would write it into the configuration.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next answers fail so, one after the other.
    pub fn fail(&self, failures: impl IntoIterator<Item = Failure>) {
        self.shared.failures.lock().unwrap_or_else(PoisonError::into_inner).extend(failures);
    }

    /// All answers fail so from now on, or none does.
    pub fn fail_always(&self, failure: Option<Failure>) {
        *self.shared.always.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// What was asked so far.
    #[must_use]
    pub fn searched(&self) -> Vec<Searched> {
        self.shared.searched.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for WorldSearch {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The ranking without a server: what the engine alone answers.
pub struct Ranking(Index);

impl Ranking {
    /// Of the pages of this world.
    #[must_use]
    pub fn new(world: &World) -> Self {
        Self(Index::new(world))
    }

    /// Addresses of the pages that it finds, best first.
    #[must_use]
    pub fn urls(&self, text: &str, language: &str) -> Vec<String> {
        self.0.search(text, language, 0, PAGES * PER_PAGE).into_iter().map(|found| found.page.url.clone()).collect()
    }
}

impl Shared {
    fn failure(&self) -> Option<Failure> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.is_empty() {
            return self.always.lock().unwrap_or_else(PoisonError::into_inner).clone();
        }
        Some(failures.remove(0))
    }
}

async fn answer(State(shared): State<Arc<Shared>>, uri: Uri, body: Bytes) -> Response {
    if !matches!(uri.path(), "/" | "/search") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let form = uri.query().map_or_else(|| body.to_vec(), |query| query.as_bytes().to_vec());
    let field = |name: &str| {
        url::form_urlencoded::parse(&form).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let Some(text) = field("q").filter(|text| !text.trim().is_empty()) else {
        return (StatusCode::BAD_REQUEST, "No query").into_response();
    };
    let page = field("pageno").and_then(|page| page.parse().ok()).unwrap_or(1);
    let language = field("language").unwrap_or_else(|| "all".to_owned());
    let searched = Searched { text, language, page };
    shared.searched.lock().unwrap_or_else(PoisonError::into_inner).push(searched.clone());
    if !shared.delay.is_zero() {
        tokio::time::sleep(shared.delay).await;
    }
    match shared.failure() {
        Some(Failure::Status(status)) => StatusCode::from_u16(status).unwrap_or_default().into_response(),
        Some(Failure::RetryAfter(seconds)) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
        }
        Some(Failure::Html) => page_for_browsers(&searched.text),
        Some(Failure::Cut) => json_response(document(&searched, &[], &[]).to_string().split_at(20).0.to_owned()),
        Some(Failure::Unresponsive) => {
            let engines = [("duckduckgo", "CAPTCHA"), ("google", "Suspended: access denied"), ("brave", "timeout")];
            json_response(document(&searched, &[], &engines).to_string())
        }
        Some(Failure::Slow(pause)) => {
            tokio::time::sleep(pause).await;
            results(&shared, &searched)
        }
        None if field("format").as_deref() != Some("json") => page_for_browsers(&searched.text),
        None => results(&shared, &searched),
    }
}

fn results(shared: &Shared, searched: &Searched) -> Response {
    let skipped = searched.page.saturating_sub(1).min(PAGES) * PER_PAGE;
    let found = shared.index.search(&searched.text, &searched.language, skipped, PER_PAGE);
    json_response(document(searched, &found, &[]).to_string())
}

/// SearXNG's document. `number_of_results` is 0 there for most engines.
fn document(searched: &Searched, found: &[Found<'_>], unresponsive: &[(&str, &str)]) -> Value {
    let results: Vec<Value> = found.iter().enumerate().map(|(number, found)| result(number, found)).collect();
    json!({
        "query": searched.text,
        "number_of_results": 0,
        "results": results,
        "answers": [],
        "corrections": [],
        "infoboxes": [],
        "suggestions": [],
        "unresponsive_engines": unresponsive,
    })
}

fn result(number: usize, found: &Found<'_>) -> Value {
    const ENGINES: [&str; 4] = ["google", "duckduckgo", "brave", "bing"];
    let engine = ENGINES[number % ENGINES.len()];
    let url = url::Url::parse(&found.page.url).ok();
    json!({
        "url": found.page.url,
        "title": found.title,
        "content": found.snippet,
        "publishedDate": null,
        "thumbnail": "",
        "engine": engine,
        "template": "default.html",
        "parsed_url": ["http", url.as_ref().and_then(|it| it.host_str()), url.as_ref().map(url::Url::path), "", "", ""],
        "img_src": "",
        "priority": "",
        "engines": [engine],
        "positions": [number + 1],
        "score": found.score,
        "category": "general",
    })
}

fn json_response(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn page_for_browsers(query: &str) -> Response {
    let query = super::page::escape(query);
    let page = format!(
        "<!DOCTYPE html><html><head><title>{query} - SearXNG</title></head><body><form id=\"search\"></form></body></html>"
    );
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}
