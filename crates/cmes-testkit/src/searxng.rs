//! A server that speaks SearXNG's JSON and finds what it is told to find.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What the server does with a question.
#[derive(Clone, Debug)]
pub enum SearchReply {
    /// Finds these pages: address, title, text.
    Found(Vec<(String, String, String)>),
    /// Answers with this status.
    Refuse(u16),
    /// Answers with a page instead of data.
    Nonsense,
    /// Takes the question and never answers.
    Hang,
}

impl SearchReply {
    /// Finds the home pages of these hosts.
    #[must_use]
    pub fn hosts(hosts: &[&str]) -> Self {
        Self::Found(hosts.iter().map(|host| (format!("http://{host}/"), (*host).to_owned(), String::new())).collect())
    }
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

type Answer = dyn Fn(&Searched) -> SearchReply + Send + Sync;

/// The server, until it is dropped.
#[derive(Debug)]
pub struct SearchServer {
    address: SocketAddr,
    searched: Arc<Mutex<Vec<Searched>>>,
    task: JoinHandle<()>,
}

struct Shared {
    answer: Box<Answer>,
    delay: Duration,
    searched: Arc<Mutex<Vec<Searched>>>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    format: String,
    language: Option<String>,
    pageno: Option<usize>,
}

impl SearchServer {
    /// Serves on a free port. The function gets the number of a question, from 0, and its words;
    /// it is not asked for second pages, which are empty.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(answer: impl Fn(usize, &str) -> SearchReply + Send + Sync + 'static) -> std::io::Result<Self> {
        let count = AtomicUsize::new(0);
        let answer = move |searched: &Searched| {
            if searched.page > 1 {
                return SearchReply::Found(Vec::new());
            }
            answer(count.fetch_add(1, Ordering::SeqCst), &searched.text)
        };
        Self::answering(Duration::ZERO, answer).await
    }

    /// Serves on a free port, each answer later by this delay, page after page.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn answering(
        delay: Duration,
        answer: impl Fn(&Searched) -> SearchReply + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, searched) = (listener.local_addr()?, Arc::default());
        let shared = Arc::new(Shared { answer: Box::new(answer), delay, searched: Arc::clone(&searched) });
        let router = Router::new().route("/search", get(search)).with_state(shared);
        let task = tokio::spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, searched, task })
    }

    /// Its address, for `search.searxng.url`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The questions so far, without those for further pages.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.searched().into_iter().filter(|searched| searched.page == 1).map(|searched| searched.text).collect()
    }

    /// All that was asked so far.
    #[must_use]
    pub fn searched(&self) -> Vec<Searched> {
        self.searched.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for SearchServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn search(State(shared): State<Arc<Shared>>, Query(asked): Query<Asked>) -> Response {
    if asked.q.trim().is_empty() {
        return (StatusCode::BAD_REQUEST, "No query").into_response();
    }
    let language = asked.language.unwrap_or_else(|| "all".to_owned());
    let searched = Searched { text: asked.q, language, page: asked.pageno.unwrap_or(1) };
    shared.searched.lock().unwrap_or_else(PoisonError::into_inner).push(searched.clone());
    if !shared.delay.is_zero() {
        tokio::time::sleep(shared.delay).await;
    }
    match (shared.answer)(&searched) {
        SearchReply::Found(_) if asked.format != "json" => page_for_browsers(),
        SearchReply::Found(pages) => Json(document(&searched, &pages)).into_response(),
        SearchReply::Refuse(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, "text/html")], "<h1>No</h1>").into_response()
        }
        SearchReply::Nonsense => page_for_browsers(),
        SearchReply::Hang => std::future::pending().await,
    }
}

/// SearXNG's document. `number_of_results` is 0 there for most engines.
fn document(searched: &Searched, pages: &[(String, String, String)]) -> Value {
    const ENGINES: [&str; 4] = ["google", "duckduckgo", "brave", "bing"];
    let result = |(number, (url, title, content)): (usize, &(String, String, String))| {
        let engine = ENGINES[number % ENGINES.len()];
        json!({"url": url, "title": title, "content": content, "engine": engine, "engines": [engine],
               "positions": [number + 1], "score": 1.0, "category": "general",
               "template": "default.html", "publishedDate": null, "thumbnail": "", "img_src": ""})
    };
    let results: Vec<Value> = pages.iter().enumerate().map(result).collect();
    json!({"query": searched.text, "number_of_results": 0, "results": results, "answers": [], "corrections": [],
           "infoboxes": [], "suggestions": [], "unresponsive_engines": []})
}

fn page_for_browsers() -> Response {
    let page =
        "<!DOCTYPE html><html><head><title>SearXNG</title></head><body><form id=\"search\"></form></body></html>";
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}
