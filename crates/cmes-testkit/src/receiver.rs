//! A receiver of webhooks, as a customer would run one.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A webhook as it arrived.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, byte for byte.
    pub body: String,
    /// Its body as JSON.
    pub json: Value,
}

impl Webhook {
    /// The `webhook-id`, by which attempts of one message are told.
    #[must_use]
    pub fn id(&self) -> &str {
        self.headers.get("webhook-id").and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

type Answer = dyn Fn(usize) -> Response + Send + Sync;

struct Shared {
    answer: Box<Answer>,
    received: Mutex<Vec<Webhook>>,
    count: watch::Sender<usize>,
}

/// Receives webhooks on loopback until it is dropped.
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl Receiver {
    /// Answers the n-th webhook (from 0) by this function.
    ///
    /// # Errors
    /// When loopback cannot be listened on.
    pub async fn start(answer: impl Fn(usize) -> Response + Send + Sync + 'static) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (count, _) = watch::channel(0);
        let shared = Arc::new(Shared { answer: Box::new(answer), received: Mutex::default(), count });
        let router = Router::new().fallback(receive).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, shared, server })
    }

    /// The address to give as `OutWebHook`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What has arrived.
    #[must_use]
    pub fn received(&self) -> Vec<Webhook> {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until so many have arrived.
    pub async fn has_received(&self, count: usize) {
        // The sender lives as long as this value.
        let _ = self.shared.count.subscribe().wait_for(|received| *received >= count).await;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let body = String::from_utf8_lossy(&body).into_owned();
    let json = serde_json::from_str(&body).unwrap_or_default();
    let number = {
        let mut received = shared.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.push(Webhook { headers, body, json });
        received.len()
    };
    shared.count.send_replace(number);
    (shared.answer)(number - 1)
}
