//! `echo` against a bare axum handler, over HTTP on loopback.
//!
//! Both servers run in this process. A batch is eight connections that each
//! send fifty requests at once, so that both cores are busy all the time and
//! the time of a batch is the work of its 400 requests, not the waiting.
//! `bare` answers the same JSON object without key, limits, ids and metrics.
//!
//! Run with `cargo bench -p cmes-server --bench echo`; compare the two as a ratio.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::post;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use bytes::Bytes;
use cmes_app::accounts::{self, MakeKey, OpenAccount};
use cmes_app::directory::{self, Directory};
use cmes_app::enrichment::{Enricher, Settings};
use cmes_app::knowledge::search::Knowledge;
use cmes_app::leads::{self, Finder};
use cmes_app::metrics::Metrics;
use cmes_app::turns::Turns;
use cmes_app::{App, Authenticator, TariffBook, Tariffs};
use cmes_fetch::{BudgetLimits, FetchOptions, Fetcher};
use cmes_models::Models;
use cmes_queue::Queue;
use cmes_search::Searcher;
use cmes_server::{Server, ServerOptions};
use cmes_store::{Connect, Db};
use cmes_types::{Clock, Currency, Money, SystemClock};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CONNECTIONS: usize = 8;
const PIPELINED: usize = 50;
const BODY: &str = r#"{ "Content": "info@c-mes.co.uk", "LanguageCode": "en", "Asynch": false }"#;

async fn bare(headers: http::HeaderMap, body: Bytes) -> Json<serde_json::Value> {
    let content_type = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    Json(json!({
        "RequestType": "POST",
        "ApiKey": "apikey-55*******************************91",
        "Content-Type": content_type,
        "Method": "/v1/echo",
        "Content-Lenght": body.len(),
        "Status": "The request was successfully completed",
        "IP": "127.0.0.1",
        "RequestBody": String::from_utf8_lossy(&body),
    }))
}

async fn listen(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    // As the server does; else the time is that of delayed acknowledgements.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// The server with every layer, and a key for it.
async fn cmes(folder: &tempfile::TempDir) -> (Router, String) {
    let url = format!("sqlite:{}", folder.path().join("bench.db").display());
    let db = Db::connect(&Connect::to(url)).await.expect("a database");
    let now = SystemClock.now();
    let open = OpenAccount {
        email: "bench@example.com".into(),
        password: None,
        currency: Currency::gbp(),
        credit: Money::ZERO,
        is_operator: false,
    };
    accounts::open(&db, &open, now).await.expect("an account");
    let make = MakeKey { account: open.email, project: "Default".into(), name: "Bench".into(), expires_at: None };
    let key = accounts::make_key(&db, &make, now).await.expect("a key");
    let fetcher = Fetcher::new(FetchOptions::default()).expect("a fetcher");
    let enricher = Enricher::new(fetcher.clone(), Settings { max_pages: 10, budget: BudgetLimits::default() });
    let models = Models::none("measuring needs no model");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = App {
        directory: Directory::new(db.clone(), models.clone(), clock, directory::Settings::default()),
        queue: Queue::new(db.clone(), Arc::new(SystemClock), Duration::from_secs(30)),
        db,
        finder: Finder::new(
            Searcher::new(Vec::new(), Arc::new(SystemClock)),
            enricher.clone(),
            leads::Settings::default(),
        ),
        enricher,
        fetcher,
        models,
        authenticator: Authenticator::default(),
        tariffs: TariffBook::new(Tariffs { base: Currency::gbp(), prices: Vec::new(), rates: BTreeMap::new() }),
        clock: Arc::new(SystemClock),
        order: cmes_app::assistants::order::Order::default(),
        calls: Turns::new(1, 1, Duration::from_secs(1)),
        problem_document: cmes_server::problem::document,
        knowledge: Knowledge::new(0),
        metrics: Metrics::default(),
    };
    let options = ServerOptions { requests_per_minute: u32::MAX, ..ServerOptions::default() };
    (cmes_server::router(&Server::new(Arc::new(app), options)), key)
}

/// Sends the requests of one connection at once and reads until all are answered.
async fn exchange(stream: &mut TcpStream, requests: &[u8]) {
    stream.write_all(requests).await.expect("sent");
    let (mut answered, mut buffer, mut kept) = (0, vec![0; 64 * 1024], 0);
    let start = "HTTP/1.1 200";
    while answered < PIPELINED {
        let read = stream.read(&mut buffer[kept..]).await.expect("received");
        assert!(read > 0, "the server closed the connection");
        let filled = kept + read;
        // Both servers answer in ASCII; a longer answer shall not cost the client's time.
        let text = std::str::from_utf8(&buffer[..filled]).expect("ASCII");
        answered += text.matches(start).count();
        // A status line may be cut in two; its beginning is looked at again.
        kept = (start.len() - 1).min(filled);
        buffer.copy_within(filled - kept..filled, 0);
    }
    black_box(answered);
}

fn echo(criterion: &mut Criterion) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (ours, key) = runtime.block_on(cmes(&folder));
    let request = format!(
        "POST /v1/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let requests = request.repeat(PIPELINED).into_bytes();
    let mut group = criterion.benchmark_group("echo");
    group.throughput(Throughput::Elements((CONNECTIONS * PIPELINED) as u64));
    for (name, router) in [("bare", Router::new().route("/v1/echo", post(bare))), ("cmes", ours)] {
        let address = runtime.block_on(listen(router));
        let mut streams = Vec::new();
        for _ in 0..CONNECTIONS {
            let stream = runtime.block_on(TcpStream::connect(address)).expect("connected");
            stream.set_nodelay(true).expect("a setting that every socket has");
            streams.push(stream);
        }
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                runtime.block_on(futures_util::future::join_all(
                    streams.iter_mut().map(|stream| exchange(stream, &requests)),
                ))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, echo);
criterion_main!(benches);
