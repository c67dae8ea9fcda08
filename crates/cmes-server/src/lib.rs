//! The HTTP face of cmes: routes, authentication, tolerant input, problem
//! answers, request ids, limits, metrics.
//!
//! What a method *does* is in `cmes-app`; here it is only asked for and its
//! outcome rendered. The way of a request: `context` (id, log line, metrics) →
//! `router` → `input` (who asks, with which fields) → `v1` (the handler) →
//! `cmes-app`. Errors take the way back as a [`problem::Problem`].

mod context;
mod health;
mod idempotency;
mod input;
pub mod metrics;
pub mod openapi;
pub mod problem;
mod rate;
mod router;
mod serve;
mod v1;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cmes_app::App;
use ipnet::IpNet;
use tokio::sync::Semaphore;

pub use router::router;
pub use serve::serve;

/// Settings of the server.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// Address under which clients reach this server, for links.
    pub public_url: Option<String>,
    /// Networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Longest request body, in bytes.
    pub max_body_bytes: usize,
    /// Longest time for a request body to arrive.
    pub body_timeout: Duration,
    /// Requests per minute and key.
    pub requests_per_minute: u32,
    /// Most leads that one call may ask for.
    pub max_count: u32,
    /// Requests that are worked on at once; more are turned away with 503.
    pub parallel_requests: usize,
    /// Longest wait for open requests when stopping.
    pub patience: Duration,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            public_url: None,
            trusted_proxies: Vec::new(),
            max_body_bytes: 10 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            requests_per_minute: 600,
            max_count: 100,
            parallel_requests: 1_000,
            patience: Duration::from_secs(30),
        }
    }
}

/// What the handlers share.
pub struct Server {
    pub(crate) app: Arc<App>,
    pub(crate) options: ServerOptions,
    pub(crate) metrics: metrics::Metrics,
    pub(crate) rate: rate::RateLimiter,
    pub(crate) request_ids: context::RequestIds,
    pub(crate) requests: Semaphore,
    pub(crate) event_streams: Arc<Semaphore>,
    stopping: AtomicBool,
}

impl Server {
    /// A server for this app.
    #[must_use]
    pub fn new(app: Arc<App>, options: ServerOptions) -> Arc<Self> {
        Arc::new(Self {
            metrics: metrics::Metrics::new(&app.metrics),
            rate: rate::RateLimiter::new(options.requests_per_minute),
            request_ids: context::RequestIds::new(),
            requests: Semaphore::new(options.parallel_requests),
            event_streams: Arc::new(Semaphore::new(options.parallel_requests)),
            stopping: AtomicBool::new(false),
            app,
            options,
        })
    }

    /// From now on new requests are turned away with 503.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
