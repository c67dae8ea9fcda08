//! The app under test: real router, real database, demo sites on loopback, a
//! clock moved by hand.

use std::collections::BTreeMap;
use std::future::Future;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use cmes_app::accounts::{self, MakeKey, OpenAccount};
use cmes_app::directory::{self, Directory};
use cmes_app::enrichment::{Enricher, Settings};
use cmes_app::knowledge::search::Knowledge;
use cmes_app::leads::{self, Finder};
use cmes_app::metrics::Metrics;
use cmes_app::tariffs::{Tariff, TariffBook, Tariffs};
use cmes_app::turns::Turns;
use cmes_app::{App, Authenticator, worker};
use cmes_browser::Browser;
use cmes_fetch::{BudgetLimits, FetchOptions, Fetcher};
use cmes_models::openai::{Limits, OpenAiChat, OpenAiSettings};
use cmes_models::{Embedder, Models};
use cmes_queue::Queue;
use cmes_search::{SearchProvider, Searcher, SearxNg, ServiceSettings};
use cmes_server::{Server, ServerOptions};
use cmes_store::jobs::{self, Claim, JobKind, Lease};
use cmes_store::{Connect, Db};
use cmes_testkit::SearchServer;
use cmes_testkit::models::ModelServer;
use cmes_testkit::{DemoSites, Site, TestEmbedder};
use cmes_types::{AccountId, Clock, Currency, Timestamp};
use http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

/// A database engine to test on.
#[derive(Clone, Copy, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A clock moved by hand.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.milliseconds(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).expect("a short time"), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_milliseconds(self.0.load(Ordering::SeqCst))
    }
}

/// Everything a test needs; dropped, it is gone.
pub struct TestApp {
    pub app: Arc<App>,
    pub server: Arc<Server>,
    pub router: Router,
    pub db: Db,
    /// Address of the database.
    pub url: String,
    pub clock: Arc<TestClock>,
    pub key: String,
    sites: Option<DemoSites>,
    models: Models,
    _folder: tempfile::TempDir,
}

/// A process beside the test's own.
pub struct Process {
    pub router: Router,
    pub db: Db,
}

/// An answer, its body as JSON where it is.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Asserts a problem of this kind and returns its detail.
    #[track_caller]
    pub fn problem(&self, status: u16, name: &str) -> String {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json["type"], format!("/problems/{name}"), "{self:?}");
        assert_eq!(self.json["status"], status);
        assert_eq!(self.json["requestId"], self.header("request-id"));
        self.json["detail"].as_str().expect("a detail").to_owned()
    }
}

/// Runs a test on SQLite and, where there is one, on PostgreSQL.
pub fn on_both_engines<F: Future<Output = ()>>(test: impl Fn(Engine) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(test(Engine::Sqlite));
    if std::env::var("TEST_POSTGRES_URL").is_ok() {
        runtime.block_on(test(Engine::Postgres));
    } else {
        writeln!(std::io::stderr(), "not run on PostgreSQL: TEST_POSTGRES_URL is not set").expect("standard error");
    }
}

impl TestApp {
    /// With default limits and no sites.
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, ServerOptions::default(), false).await
    }

    /// With the demo sites served on loopback.
    pub async fn with_sites(engine: Engine) -> Self {
        Self::with(engine, ServerOptions::default(), true).await
    }

    /// With this model behind a server, which answers as it was told; webhooks may go to loopback.
    pub async fn with_model(engine: Engine, server: &ModelServer) -> Self {
        Self::with_model_within(engine, server, Limits::default().timeout).await
    }

    /// The same, with so much time for an answer of the model.
    pub async fn with_model_within(engine: Engine, server: &ModelServer, timeout: Duration) -> Self {
        let test = Self::with_sites(engine).await;
        let settings = OpenAiSettings {
            base_url: server.url().parse().expect("an address"),
            api_key: None,
            model: "scripted".into(),
            limits: Limits { timeout, max_parallel: 32, first_pause: Duration::from_millis(1), ..Limits::default() },
            proxy: None,
        };
        let chat = OpenAiChat::new(settings, test.clock.clone()).expect("a model");
        test.remade(Models::new(Ok(Arc::new(chat)), Err("none".to_owned())), INDEX_BYTES)
    }

    pub async fn with(engine: Engine, options: ServerOptions, with_sites: bool) -> Self {
        Self::made(engine, options, with_sites, |url| Connect { max_connections: 5, ..Connect::to(url) }).await
    }

    /// With the demo sites and a database that is connected to in this way.
    pub async fn connected(engine: Engine, connect: impl Fn(String) -> Connect) -> Self {
        Self::made(engine, ServerOptions::default(), true, connect).await
    }

    async fn made(
        engine: Engine,
        options: ServerOptions,
        with_sites: bool,
        connect: impl Fn(String) -> Connect,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = url_of_new_database(engine, &folder).await;
        let db = Db::connect(&connect(url.clone())).await.expect("the database");
        let sites = if with_sites { Some(DemoSites::start(None).await.expect("the demo sites start")) } else { None };
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000_000)));
        let models = Models::none("tests have no model");
        let app = Arc::new(app(db.clone(), clock.clone(), sites.as_ref(), models.clone()));
        let server = Server::new(app.clone(), options);
        let router = cmes_server::router(&server);
        let mut test = Self { app, server, router, db, url, clock, key: String::new(), sites, models, _folder: folder };
        test.key = test.new_key("demo@example.com").await;
        test
    }

    /// Another process on the same database: its own leases, its own router.
    pub fn another_process(&self) -> (Arc<App>, Router) {
        let app = Arc::new(app(self.db.clone(), self.clock.clone(), self.sites.as_ref(), self.models.clone()));
        let router = cmes_server::router(&Server::new(app.clone(), ServerOptions::default()));
        (app, router)
    }

    /// The same with a connection of its own, so that it can die with its runtime.
    pub async fn process_of_its_own(&self) -> Process {
        let db = Db::connect(&Connect::to(self.url.clone())).await.expect("the database");
        let app = Arc::new(app(db.clone(), self.clock.clone(), self.sites.as_ref(), self.models.clone()));
        Process { db, router: cmes_server::router(&Server::new(app, ServerOptions::default())) }
    }

    /// The same process with this embedder, or none.
    pub fn embedding_with(self, embedder: Option<Arc<TestEmbedder>>) -> Self {
        let embedder = embedder.map(|embedder| embedder as Arc<dyn Embedder>).ok_or_else(|| "none".to_owned());
        self.remade(Models::new(Err("none".to_owned()), embedder), INDEX_BYTES)
    }

    /// The same process with this embedder, a real one.
    pub fn with_embedder(self, embedder: Arc<dyn Embedder>) -> Self {
        self.remade(Models::new(Err("none".to_owned()), Ok(embedder)), INDEX_BYTES)
    }

    /// The same process with so much memory for indices.
    pub fn with_index_bytes(self, bytes: usize) -> Self {
        let models = self.models.clone();
        self.remade(models, bytes)
    }

    /// The same process with this embedder beside its model.
    pub fn also_embedding_with(self, embedder: Arc<TestEmbedder>) -> Self {
        let chat = self.models.chat().ok_or_else(|| "none".to_owned());
        self.remade(Models::new(chat, Ok(embedder as Arc<dyn Embedder>)), INDEX_BYTES)
    }

    fn remade(self, models: Models, index_bytes: usize) -> Self {
        let app = app(self.db.clone(), self.clock.clone(), self.sites.as_ref(), models.clone());
        let app = Arc::new(App { knowledge: Knowledge::new(index_bytes), ..app });
        let server = Server::new(app.clone(), ServerOptions::default());
        Self { router: cmes_server::router(&server), server, app, models, ..self }
    }

    /// The server, started again with a connection of the usual kind.
    pub async fn restarted(self) -> Self {
        self.db.close().await;
        let db = Db::connect(&Connect::to(self.url.clone())).await.expect("the database");
        let app = Arc::new(app(db.clone(), self.clock.clone(), self.sites.as_ref(), self.models.clone()));
        let server = Server::new(app.clone(), ServerOptions::default());
        Self { router: cmes_server::router(&server), server, app, db, ..self }
    }

    /// Works on everything that is ready.
    pub async fn work(&self) {
        worker::run_once(&self.app, &worker::Settings::default()).await.expect("the queue is worked off");
    }

    /// Takes tasks for a process, as its worker would, and does nothing with them.
    pub async fn claim(
        &self,
        process: &App,
        limit: usize,
        room: impl Fn(AccountId) -> usize + Sync + 'static,
    ) -> Vec<Lease> {
        let (worker, until) = (process.queue.worker(), process.queue.lease_end());
        let claim = Claim { kind: JobKind::Task, worker, limit, room: &room, full: Vec::new(), until };
        jobs::claim(&self.db, claim).await.expect("claimed")
    }

    /// The same with jobs of any kind, of any number of one account.
    pub async fn claim_kind(&self, process: &App, kind: JobKind, limit: usize) -> Vec<Lease> {
        let (worker, until) = (process.queue.worker(), process.queue.lease_end());
        let claim = Claim { kind, worker, limit, room: &|_| usize::MAX, full: Vec::new(), until };
        jobs::claim(&self.db, claim).await.expect("claimed")
    }

    /// How often a page of this demo site was asked for.
    pub fn site_requests_of(&self, host: &str) -> u64 {
        let requests = self.sites.as_ref().map(DemoSites::requests).unwrap_or_default();
        requests.iter().filter(|(url, _)| url.split('/').next() == Some(host)).map(|(_, count)| count).sum()
    }

    /// How often this page (`host/path`) was asked for.
    pub fn page_requests(&self, page: &str) -> u64 {
        self.sites.as_ref().and_then(|sites| sites.requests().get(page).copied()).unwrap_or_default()
    }

    /// The same process, with these sites beside the demo sites.
    pub async fn serving(self, more: Vec<Site>) -> Self {
        let all = cmes_testkit::sites().into_iter().chain(more).collect();
        let sites = Some(DemoSites::serve(all, None).await.expect("the sites are served"));
        let models = self.models.clone();
        Self { sites, ..self }.remade(models, INDEX_BYTES)
    }

    /// This server as a provider of search that is waited for so long.
    pub fn searxng(&self, server: &SearchServer, timeout: Option<Duration>) -> Arc<dyn SearchProvider> {
        let base_url = Some(server.url().parse().expect("an address"));
        let settings = ServiceSettings { base_url, timeout, ..ServiceSettings::new("cmes-tests") };
        Arc::new(SearxNg::new(settings, self.clock.clone()).expect("a provider"))
    }

    /// The same process, whose one provider of search is this server.
    pub fn searching_with(self, server: &SearchServer) -> Self {
        self.searching_in(|test| vec![test.searxng(server, None)])
    }

    /// The same process with these providers of search.
    pub fn searching_in(self, providers: impl FnOnce(&Self) -> Vec<Arc<dyn SearchProvider>>) -> Self {
        let app = app(self.db.clone(), self.clock.clone(), self.sites.as_ref(), self.models.clone());
        let searcher = Searcher::new(providers(&self), self.clock.clone()).observed_by(app.metrics.of_providers());
        let finder = Finder::new(searcher, app.enricher.clone(), leads::Settings::default());
        let finder = finder.worded_by(self.models.chat()).meant_by(self.models.embedder());
        let app = Arc::new(App { finder, ..app });
        let server = Server::new(app.clone(), ServerOptions::default());
        Self { router: cmes_server::router(&server), server, app, ..self }
    }

    /// How often a page of the demo sites was asked for.
    pub fn site_requests(&self) -> u64 {
        self.sites.as_ref().map_or(0, |sites| sites.requests().values().sum())
    }

    /// The balance as the API tells it.
    pub async fn balance(&self) -> String {
        self.call("GET", "/v1/info/balance", "").await.json["Balance"].to_string()
    }

    /// Asserts that every balance equals its ledger.
    #[track_caller]
    pub fn verified(&self) -> impl Future<Output = ()> {
        let db = self.db.clone();
        async move {
            let found = cmes_store::ledger::verify(&db).await.expect("the ledger is read");
            assert_eq!(found.faults, Vec::<String>::new());
        }
    }

    /// A key of a new account.
    pub async fn new_key(&self, email: &str) -> String {
        let open = OpenAccount {
            email: email.to_owned(),
            password: None,
            currency: Currency::gbp(),
            credit: "25".parse().expect("an amount"),
            is_operator: false,
        };
        accounts::open(&self.db, &open, self.clock.now()).await.expect("an account");
        self.another_key(email, None).await
    }

    /// One more key of an account.
    pub async fn another_key(&self, email: &str, expires_at: Option<Timestamp>) -> String {
        let make = MakeKey { account: email.to_owned(), project: "Default".into(), name: "Test".into(), expires_at };
        accounts::make_key(&self.db, &make, self.clock.now()).await.expect("a key")
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_to(self.router.clone(), request).await
    }

    /// Sends a request to this process.
    pub async fn send_to(&self, router: Router, request: Request<Body>) -> Answer {
        let response = router.oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, text, json }
    }

    /// A request with the test's key.
    pub async fn call(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        self.call_with(&self.key, method, path, body).await
    }

    /// A request with this key.
    pub async fn call_with(&self, key: &str, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        self.call_on(self.router.clone(), key, method, path, body).await
    }

    /// A request with this key to this process.
    pub async fn call_on(&self, router: Router, key: &str, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into())
            .expect("a request");
        self.send_to(router, request).await
    }

    /// A request without key.
    pub async fn anonymous(&self, method: &str, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        self.send(request).await
    }

    /// A POST with an Idempotency-Key.
    pub async fn post_with_key(&self, idempotency_key: &str, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header("Idempotency-Key", idempotency_key)
            .body(body.into())
            .expect("a request");
        self.send(request).await
    }

    /// Runs a statement past all rules; the error as text.
    pub async fn sql(&self, statement: &'static str) -> Result<(), String> {
        let outcome = match &self.db {
            Db::Sqlite(sqlite) => sqlx::query(statement).execute(&sqlite.writer).await.map(|_| ()),
            Db::Postgres(pool) => sqlx::query(statement).execute(pool).await.map(|_| ()),
        };
        outcome.map_err(|error| error.to_string())
    }

    /// What a query counts.
    pub async fn count(&self, query: &'static str) -> i64 {
        let counted = match &self.db {
            Db::Sqlite(sqlite) => sqlx::query_scalar(query).fetch_one(&sqlite.readers).await,
            Db::Postgres(pool) => sqlx::query_scalar(query).fetch_one(pool).await,
        };
        counted.expect("a number")
    }

    pub async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.call("POST", path, body).await
    }
}

fn app(db: Db, clock: Arc<TestClock>, sites: Option<&DemoSites>, models: Models) -> App {
    // Receivers of webhooks are on loopback too.
    let options = FetchOptions {
        allow_networks: sites.iter().map(|_| "127.0.0.0/8".parse().expect("a network")).collect(),
        hosts: sites.map(DemoSites::hosts).unwrap_or_default(),
        per_host_delay: Duration::ZERO,
        ..FetchOptions::default()
    };
    let fetcher = Fetcher::new(options).expect("a fetcher");
    let enricher = Enricher::new(fetcher.clone(), Settings { max_pages: 10, budget: BudgetLimits::default() })
        .with_browser(browser(&fetcher));
    App {
        directory: Directory::new(db.clone(), models.clone(), clock.clone(), directory::Settings::default()),
        queue: Queue::new(db.clone(), clock.clone(), LEASE),
        db,
        finder: Finder::new(Searcher::new(Vec::new(), clock.clone()), enricher.clone(), leads::Settings::default()),
        enricher,
        fetcher,
        models,
        authenticator: Authenticator::default(),
        tariffs: TariffBook::new(tariffs()),
        clock,
        order: cmes_app::assistants::order::Order::default(),
        calls: Turns::new(16, 16, Duration::from_secs(30)),
        problem_document: cmes_server::problem::document,
        knowledge: Knowledge::new(INDEX_BYTES),
        metrics: Metrics::default(),
    }
}

/// The Chromium that `TEST_BROWSER` names, or that is installed. It is started only
/// for pages made by script, which one of the demo sites has.
fn browser(fetcher: &Fetcher) -> Option<Browser> {
    let limits = cmes_browser::Limits { time: Duration::from_secs(30), ..cmes_browser::Limits::default() };
    Some(Browser::new(browser_program()?, fetcher.clone(), limits))
}

pub fn browser_program() -> Option<PathBuf> {
    std::env::var_os("TEST_BROWSER").map(PathBuf::from).or_else(cmes_browser::installed)
}

/// Memory for indices in the tests.
const INDEX_BYTES: usize = 64 * 1024 * 1024;

/// Length of a lease in the tests.
pub const LEASE: Duration = Duration::from_secs(30);

fn tariffs() -> Tariffs {
    let money = |text: &str| text.parse().expect("an amount");
    let tariff = |method: &str, description: &str| Tariff {
        method: method.into(),
        description: description.into(),
        rules: String::new(),
        price: money("0.1"),
    };
    Tariffs {
        base: Currency::gbp(),
        prices: vec![
            tariff("/v1/leadgeneration", "Price per generated lead"),
            tariff("/v1/enrichment", "Price per successfully enriched lead"),
        ],
        rates: BTreeMap::from([("EUR".to_owned(), money("1.196988")), ("USD".to_owned(), money("1.340148"))]),
    }
}

/// Address of an empty database of its own.
pub async fn url_of_new_database(engine: Engine, folder: &tempfile::TempDir) -> String {
    match engine {
        Engine::Sqlite => format!("sqlite:{}", folder.path().join("test.db").display()),
        Engine::Postgres => new_postgres_database().await,
    }
}

/// Makes a database with a name that no other test has.
async fn new_postgres_database() -> String {
    use sqlx::Connection;
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("TEST_POSTGRES_URL").expect("the address of a PostgreSQL server");
    let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
    let name = format!("cmes_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::SeqCst));
    let mut connection = sqlx::PgConnection::connect(&server).await.expect("PostgreSQL answers");
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(create).execute(&mut connection).await.expect("a new database");
    format!("{base}/{name}")
}
