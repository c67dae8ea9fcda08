//! A server that speaks the protocol of OpenAI and says what it is told to say,
//! well-behaved or not. With raw replies it stands for any other service too.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its number, from 0.
    pub number: usize,
    /// Its path, such as `/v1/chat/completions`.
    pub path: String,
    /// What stands behind the question mark of its address.
    pub query: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, byte for byte.
    pub body: Bytes,
    /// Its body as JSON; null when it is none.
    pub json: Value,
}

impl Asked {
    /// Whether the answer is to be streamed.
    #[must_use]
    pub fn wants_stream(&self) -> bool {
        self.json["stream"] == true
    }

    /// `json_schema`, `json_object`, or nothing.
    #[must_use]
    pub fn format(&self) -> Option<&str> {
        self.json["response_format"]["type"].as_str()
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Says this, as one document or as a stream, whichever was asked for, with token counts.
    Say(String),
    /// Sends this body with this status.
    Raw {
        /// The status.
        status: u16,
        /// Headers, such as `retry-after`.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: String,
    },
    /// Sends these events, and then ends, breaks off, or says nothing more.
    Events(Vec<String>, End),
    /// Announces a body and breaks off in its middle.
    Cut,
    /// Sends a body without end.
    Endless,
    /// Takes the request and never answers.
    Hang,
}

/// How a stream of events ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With `[DONE]`.
    Done,
    /// Without it, as if all were said.
    Silent,
    /// The connection breaks.
    Broken,
    /// It stays open, and nothing comes.
    Open,
}

impl Reply {
    /// Says this.
    pub fn say(text: impl Into<String>) -> Reply {
        Reply::Say(text.into())
    }

    /// Refuses with this status and message, as the protocol has it.
    #[must_use]
    pub fn refuse(status: u16, message: &str) -> Reply {
        Reply::json(status, &json!({"error": {"message": message, "type": "invalid_request_error", "code": status}}))
    }

    /// This document with this status.
    #[must_use]
    pub fn json(status: u16, document: &Value) -> Reply {
        Reply::Raw {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: document.to_string(),
        }
    }

    /// A vector for each text of the request, made from its letters.
    #[must_use]
    pub fn vectors(asked: &Asked) -> Reply {
        let texts = asked.json["input"].as_array().cloned().unwrap_or_default();
        let vector = |text: &Value| {
            text.as_str()
                .unwrap_or_default()
                .bytes()
                .fold([1.0, 2.0, 3.0], |[a, b, c], byte| [b, c, a + f64::from(byte)])
        };
        let items = texts.iter().enumerate().map(|(index, text)| json!({"index": index, "embedding": vector(text)}));
        Reply::json(200, &json!({"data": items.collect::<Vec<_>>(), "usage": {"prompt_tokens": 3 * texts.len()}}))
    }

    /// With the pause that is asked for.
    #[must_use]
    pub fn retry_after(self, seconds: &str) -> Reply {
        match self {
            Reply::Raw { status, mut headers, body } => {
                headers.push(("retry-after", seconds.to_owned()));
                Reply::Raw { status, headers, body }
            }
            other => other,
        }
    }
}

/// The event that adds this text.
#[must_use]
pub fn delta(text: &str) -> String {
    json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]}).to_string()
}

/// The event that ends an answer for this reason.
#[must_use]
pub fn finish(reason: &str) -> String {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}).to_string()
}

/// The event that counts the tokens.
#[must_use]
pub fn usage(prompt: u32, cached: u32, completion: u32) -> String {
    json!({"choices": [], "usage": counts(prompt, cached, completion)}).to_string()
}

/// A whole answer.
#[must_use]
pub fn document(message: &Value, reason: &str) -> Value {
    json!({
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": counts(11, 4, 7),
    })
}

fn counts(prompt: u32, cached: u32, completion: u32) -> Value {
    json!({
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "prompt_tokens_details": {"cached_tokens": cached},
    })
}

type Script = dyn Fn(&Asked) -> Reply + Send + Sync;

struct Shared {
    script: Box<Script>,
    asked: Mutex<Vec<Asked>>,
    /// How many were asked.
    count: AtomicUsize,
    is_remembered: bool,
}

/// Answers on loopback until it is dropped.
pub struct ModelServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl ModelServer {
    /// Answers each request by this function.
    ///
    /// # Errors
    /// When loopback cannot be listened on.
    pub async fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> std::io::Result<Self> {
        Self::serve(Box::new(script), true).await
    }

    /// The same without keeping what is asked: where memory is measured.
    ///
    /// # Errors
    /// When loopback cannot be listened on.
    pub async fn start_without_memory(
        script: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Self::serve(Box::new(script), false).await
    }

    async fn serve(script: Box<Script>, is_remembered: bool) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { script, asked: Mutex::default(), count: AtomicUsize::new(0), is_remembered });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, shared, server })
    }

    /// The address to give as `llm.base_url`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Its address without a path.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let json = serde_json::from_slice(&body).unwrap_or_default();
    let (path, query) = (uri.path().to_owned(), uri.query().unwrap_or_default().to_owned());
    let asked = {
        // Numbers are given in the order in which they are kept.
        let mut all = shared.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let number = shared.count.fetch_add(1, Ordering::Relaxed);
        let asked = Asked { number, path, query, headers, body, json };
        if shared.is_remembered {
            all.push(asked.clone());
        }
        asked
    };
    respond((shared.script)(&asked), &asked).await
}

async fn respond(reply: Reply, asked: &Asked) -> Response {
    match reply {
        Reply::Say(text) if asked.wants_stream() => {
            let pieces = text.split_inclusive(' ').map(delta);
            events(pieces.chain([finish("stop"), usage(11, 4, 7)]).collect(), End::Done)
        }
        Reply::Say(text) => {
            let document = document(&json!({"role": "assistant", "content": text}), "stop");
            built(200, &[("content-type", "application/json".to_owned())], Body::from(document.to_string()))
        }
        Reply::Raw { status, headers, body } => built(status, &headers, Body::from(body)),
        Reply::Events(list, end) => events(list, end),
        Reply::Cut => {
            let broken = stream::iter([Ok(Bytes::from_static(b"{\"choices\": ["))]).chain(break_off());
            built(200, &[("content-type", "application/json".to_owned())], Body::from_stream(broken))
        }
        Reply::Endless => {
            let block = Bytes::from(vec![b' '; 64 * 1024]);
            let endless = stream::repeat(block).map(Ok::<_, std::io::Error>);
            built(200, &[("content-type", "application/json".to_owned())], Body::from_stream(endless))
        }
        Reply::Hang => std::future::pending().await,
    }
}

fn events(list: Vec<String>, end: End) -> Response {
    let lines = list.into_iter().map(|event| Ok(Bytes::from(format!("data: {event}\n\n"))));
    let lines = stream::iter(lines.collect::<Vec<_>>());
    let body = match end {
        End::Done => Body::from_stream(lines.chain(stream::iter([Ok(Bytes::from_static(b"data: [DONE]\n\n"))]))),
        End::Silent => Body::from_stream(lines),
        End::Broken => Body::from_stream(lines.chain(break_off())),
        End::Open => Body::from_stream(lines.chain(stream::pending())),
    };
    built(200, &[("content-type", "text/event-stream".to_owned())], body)
}

/// What was sent before has to leave first.
fn break_off() -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::once(async {
        tokio::task::yield_now().await;
        Err(std::io::ErrorKind::ConnectionReset.into())
    })
}

fn built(status: u16, headers: &[(&'static str, String)], body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(*name, value);
        }
    }
    response
}
