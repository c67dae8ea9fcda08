//! `cargo xtask models-bench --echo`: how fast the server answers while models work beside it.
//!
//! The server with every layer listens on loopback, as `cmes serve` does, in the process of the models. A client asks
//! for an echo every few milliseconds, whether the one before was fast or not, so that a pause is seen by all requests
//! that fall into it.

#![expect(clippy::print_stdout, reason = "printing is what the command is for")]

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;
use cmes_app::accounts::{self, MakeKey, OpenAccount};
use cmes_fetch::ServiceClient;
use cmes_models::{ChatModel, Embedder, Kind};
use cmes_server::{Server, ServerOptions};
use cmes_store::{Connect, Db};
use cmes_types::{Clock, Currency, Money, SystemClock};
use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::models_bench::{counting, later, passage, question};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Requests of a round, and the pause between two.
const REQUESTS: usize = 4_000;
const PAUSE: Duration = Duration::from_millis(5);
const BODY: &str = r#"{ "Content": "info@c-mes.co.uk", "LanguageCode": "en", "Asynch": false }"#;

/// Models that are given work without end.
pub struct Busy {
    pub embedder: Option<Arc<dyn Embedder>>,
    pub chat: Option<Arc<dyn ChatModel>>,
}

pub async fn run(busy: Busy) -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("cmes-echo-{}", std::process::id()));
    let outcome = measure(busy, &format!("sqlite:{}", folder.join("echo.db").display())).await;
    let _ = std::fs::remove_dir_all(&folder);
    outcome.map_err(io::Error::other)
}

async fn measure(busy: Busy, database: &str) -> Outcome<()> {
    let (url, key) = serve(database).await?;
    let client = Client::new(&url, &key)?;
    client.round("nothing else").await?;
    if let Some(embedder) = busy.embedder {
        let (first, second) = (embed(Arc::clone(&embedder)).await?, embed(embedder).await?);
        client.round("embedding passages").await?;
        [first, second].iter().for_each(JoinHandle::abort);
    }
    if let Some(chat) = busy.chat {
        let (first, second) = (write(Arc::clone(&chat)).await?, write(chat).await?);
        client.round("two answers being written").await?;
        [first, second].iter().for_each(JoinHandle::abort);
    }
    Ok(())
}

/// The server on loopback, and a key for it.
async fn serve(database: &str) -> Outcome<(Url, String)> {
    let db = Db::connect(&Connect::to(database)).await?;
    let now = SystemClock.now();
    let open = OpenAccount {
        email: "bench@example.com".into(),
        password: None,
        currency: Currency::gbp(),
        credit: Money::ZERO,
        is_operator: false,
    };
    accounts::open(&db, &open, now).await?;
    let make = MakeKey { account: open.email, project: "Default".into(), name: "Bench".into(), expires_at: None };
    let key = accounts::make_key(&db, &make, now).await?;
    let options = ServerOptions { requests_per_minute: u32::MAX, ..ServerOptions::default() };
    let server = Server::new(Arc::new(crate::queue::app(db)?), options);
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let url = Url::parse(&format!("http://{}/v1/echo", listener.local_addr()?))?;
    tokio::spawn(cmes_server::serve(server, listener, std::future::pending()));
    Ok((url, key))
}

/// Embeds passages until it is aborted; returns when the model is loaded.
async fn embed(embedder: Arc<dyn Embedder>) -> Outcome<JoinHandle<()>> {
    embedder.embed(Kind::Query, vec!["pumps".to_owned()], later()).await?;
    Ok(tokio::spawn(async move {
        for start in (0..).step_by(32) {
            let passages = (start..start + 32).map(passage).collect();
            if embedder.embed(Kind::Passage, passages, later()).await.is_err() {
                break;
            }
        }
    }))
}

/// Writes answers to long questions until it is aborted; returns when the model is loaded.
async fn write(chat: Arc<dyn ChatModel>) -> Outcome<JoinHandle<()>> {
    chat.chat(question("Say yes.", 1), later()).await?;
    Ok(tokio::spawn(async move {
        for start in (0..).step_by(100) {
            let text = format!("{}\n{}", passage(usize::try_from(start).unwrap_or(0)), counting(start));
            if chat.chat(question(&text, 100), later()).await.is_err() {
                break;
            }
        }
    }))
}

struct Client {
    client: ServiceClient,
    url: Url,
    headers: HeaderMap,
}

impl Client {
    fn new(url: &Url, key: &str) -> Outcome<Self> {
        let client = ServiceClient::new(Duration::from_secs(60))?;
        let headers = [
            (axum::http::header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (axum::http::header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {key}"))?),
        ];
        Ok(Self { client, url: url.clone(), headers: headers.into_iter().collect() })
    }

    async fn round(&self, beside: &str) -> Outcome<()> {
        self.ask(Instant::now()).await?;
        let start = Instant::now();
        let asked = (0..REQUESTS).map(|number| {
            let due = start + PAUSE * u32::try_from(number).unwrap_or(u32::MAX);
            async move {
                tokio::time::sleep_until(due.into()).await;
                self.ask(due).await
            }
        });
        let mut times = join_all(asked).await.into_iter().collect::<Outcome<Vec<Duration>>>()?;
        times.sort();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
        println!(
            "echo beside {beside}: p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms, longest {:.1} ms",
            at(0.5),
            at(0.99),
            at(0.999),
            at(1.0)
        );
        Ok(())
    }

    /// Time from when it was due to the end of the answer.
    async fn ask(&self, due: Instant) -> Outcome<Duration> {
        let answer = self.client.ask(&self.url, self.headers.clone(), Bytes::from_static(BODY.as_bytes())).await?;
        let status = answer.status;
        answer.body(64 * 1024).await?;
        if status == 200 { Ok(due.elapsed()) } else { Err(format!("the server answers with {status}").into()) }
    }
}
