//! A server that speaks SearXNG's JSON and finds what it is told to find.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
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

type Answer = dyn Fn(usize, &str) -> SearchReply + Send + Sync;

/// The server, until it is dropped.
#[derive(Debug)]
pub struct SearchServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

struct Shared {
    answer: Box<Answer>,
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Deserialize)]
struct Asked {
    q: String,
    #[serde(default)]
    pageno: Option<u32>,
}

impl SearchServer {
    /// Serves on a free port. The function gets the number of a question, from 0, and its words;
    /// it is not asked for second pages, which are empty.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(answer: impl Fn(usize, &str) -> SearchReply + Send + Sync + 'static) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, asked) = (listener.local_addr()?, Arc::default());
        let shared = Arc::new(Shared { answer: Box::new(answer), asked: Arc::clone(&asked) });
        let router = Router::new().route("/search", get(search)).with_state(shared);
        let task = tokio::spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, asked, task })
    }

    /// Its address, for `search.searxng.url`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The questions so far.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for SearchServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn search(State(shared): State<Arc<Shared>>, Query(asked): Query<Asked>) -> Response {
    let found = if asked.pageno.unwrap_or(1) > 1 {
        SearchReply::Found(Vec::new())
    } else {
        let number = {
            let mut all = shared.asked.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(asked.q.clone());
            all.len() - 1
        };
        (shared.answer)(number, &asked.q)
    };
    match found {
        SearchReply::Found(pages) => {
            let results: Vec<_> = pages
                .iter()
                .map(|(url, title, content)| json!({"url": url, "title": title, "content": content, "engine": "test"}))
                .collect();
            let body = json!({"query": asked.q, "number_of_results": 0, "results": results, "answers": [],
                              "corrections": [], "infoboxes": [], "suggestions": [], "unresponsive_engines": []});
            Json(body).into_response()
        }
        SearchReply::Refuse(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, "text/html")], "<h1>No</h1>").into_response()
        }
        SearchReply::Nonsense => ([(header::CONTENT_TYPE, "text/html")], "<h1>Welcome</h1>").into_response(),
        SearchReply::Hang => std::future::pending().await,
    }
}
