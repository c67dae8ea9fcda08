//! The parts of the engine, made from the configuration.

use std::sync::Arc;
use std::time::Duration;

use cmes_app::directory::{self, Directory};
use cmes_app::enrichment::{Enricher, Settings};
use cmes_app::knowledge::search::Knowledge;
use cmes_app::leads::{self, Finder, KeptAnswers};
use cmes_app::metrics::Metrics;
use cmes_app::tariffs::{Tariff, TariffBook, Tariffs};
use cmes_app::turns::Turns;
use cmes_app::writing::Writer;
use cmes_app::{App, Authenticator, model_calls, worker};
use cmes_browser::Browser;
use cmes_fetch::{BudgetLimits, FetchOptions, Fetcher};
use cmes_models::Models;
use cmes_queue::Queue;
use cmes_search::{SearchProvider, Searcher};
use cmes_server::ServerOptions;
use cmes_store::{Connect, Db};
use cmes_types::{Clock, SystemClock};

use crate::commands::Failure;
use crate::config::{BrowserPath, Config};
use crate::{models, search};

/// The reader of the web.
pub fn fetcher(config: &Config) -> Result<Fetcher, Failure> {
    let fetch = &config.fetch;
    let options = FetchOptions {
        allow_networks: fetch.allow_networks.clone(),
        hosts: fetch.resolve.clone(),
        proxy: fetch.proxy.as_ref().map(|proxy| proxy.expose().to_owned()),
        user_agent: fetch.user_agent.clone(),
        per_host_delay: Duration::from_millis(fetch.per_host_delay_ms),
        page_timeout: Duration::from_secs(fetch.page_timeout_s),
        max_page_bytes: fetch.max_page_bytes,
        cache_dir: Some(config.data.dir.join("cache")),
        cache_max_bytes: fetch.cache_bytes,
        ..FetchOptions::default()
    };
    Fetcher::new(options).map_err(Failure::because)
}

/// The reader of companies.
pub fn enricher(config: &Config, fetcher: Fetcher) -> Result<Enricher, Failure> {
    let fetch = &config.fetch;
    let budget = BudgetLimits {
        time: Duration::from_secs(fetch.total_timeout_s),
        requests: fetch.total_requests,
        bytes: fetch.total_bytes,
    };
    let browser = browser(config, fetcher.clone())?;
    Ok(Enricher::new(fetcher, Settings { max_pages: fetch.max_pages, budget }).with_browser(browser))
}

/// The browser for pages that are made by script, if there is to be one.
pub fn browser(config: &Config, fetcher: Fetcher) -> Result<Option<Browser>, Failure> {
    let program = match &config.browser.path {
        BrowserPath::Off => None,
        BrowserPath::Auto => cmes_browser::installed(),
        BrowserPath::At(path) if path.is_file() => Some(path.clone()),
        BrowserPath::At(path) => {
            let path = path.display();
            return Err(Failure::new(format!("browser.path: there is no program {path}; name one, or auto, or off")));
        }
    };
    Ok(program.map(|program| Browser::new(program, fetcher, cmes_browser::Limits::default())))
}

/// The writer of texts.
pub fn writer(config: &Config, models: &Models) -> Writer {
    Writer::new(models.chat(), models.embedder(), Duration::from_secs(config.llm.timeout_s))
}

/// The finder of leads.
pub fn finder(searcher: Searcher, enricher: Enricher, models: &Models, db: Db, clock: Arc<dyn Clock>) -> Finder {
    let kept = KeptAnswers::new(db, clock);
    Finder::new(searcher, enricher, leads::Settings::default())
        .remembering(Arc::new(kept))
        .worded_by(models.chat())
        .meant_by(models.embedder())
}

/// The database, its schema up to date.
pub async fn database(config: &Config) -> Result<Db, Failure> {
    let connect = Connect { max_connections: config.database.max_connections, ..Connect::to(config.database_url()) };
    Db::connect(&connect).await.map_err(|error| {
        let address = cmes_store::db::without_password(&connect.url);
        Failure::because(error).with(&format!("the database is {address}; check database.url and “cmes doctor”"))
    })
}

/// The use cases.
pub async fn app(config: &Config) -> Result<App, Failure> {
    let limits = &config.limits;
    let db = database(config).await?;
    let fetcher = fetcher(config)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let metrics = Metrics::default();
    let models = model_calls::counted(&models::models(config, &clock)?, &metrics);
    let writer = writer(config, &models).remembering(db.clone(), Arc::clone(&clock));
    let enricher = enricher(config, fetcher.clone())?.writing_with(writer);
    let settings =
        directory::Settings { grow: config.search.directory.grow, index_bytes: config.search.directory.index_bytes };
    let directory = Directory::new(db.clone(), models.clone(), Arc::clone(&clock), settings);
    let provider: Arc<dyn SearchProvider> = Arc::new(directory.clone());
    let searcher = search::searcher(config, Some(&provider), &clock)?.observed_by(metrics.of_providers());
    Ok(App {
        directory,
        queue: Queue::new(db.clone(), Arc::clone(&clock), Duration::from_secs(limits.task_lease_s)),
        finder: finder(searcher, enricher.clone(), &models, db.clone(), Arc::clone(&clock)),
        db,
        enricher,
        fetcher,
        models,
        authenticator: Authenticator::default(),
        tariffs: TariffBook::new(tariffs(config)),
        clock,
        order: cmes_app::assistants::order::Order::default(),
        calls: Turns::new(
            limits.parallel_calls,
            limits.parallel_calls_per_account,
            Duration::from_secs(limits.shutdown_timeout_s),
        ),
        problem_document: cmes_server::problem::document,
        knowledge: Knowledge::new(config.knowledge.index_bytes),
        metrics,
    })
}

/// What a worker does at once and for how long.
pub fn worker_settings(config: &Config) -> worker::Settings {
    let limits = &config.limits;
    worker::Settings {
        tasks: limits.parallel_tasks,
        tasks_per_account: limits.parallel_tasks_per_account,
        webhooks: limits.parallel_webhooks,
        webhooks_per_account: limits.parallel_webhooks_per_account,
        indexing: limits.parallel_indexing,
        indexing_per_account: limits.parallel_indexing_per_account,
        retention: Duration::from_secs(limits.retention_days.saturating_mul(24 * 3600)),
        grace: WORKER_GRACE.min(Duration::from_secs(limits.shutdown_timeout_s)),
    }
}

/// A task that ends within this time when the process stops need not begin anew elsewhere.
const WORKER_GRACE: Duration = Duration::from_secs(3);

/// The prices and rates of the configuration.
pub fn tariffs(config: &Config) -> Tariffs {
    let billing = &config.billing;
    let prices = billing.tariffs.iter().map(|(method, tariff)| Tariff {
        method: method.clone(),
        description: tariff.description.clone(),
        rules: tariff.rules.clone(),
        price: tariff.price,
    });
    let base = billing.currency.clone();
    Tariffs { base, prices: prices.collect(), rates: billing.rates.clone() }
}

/// Settings of the server.
pub fn server_options(config: &Config) -> ServerOptions {
    let limits = &config.limits;
    ServerOptions {
        public_url: config.server.public_url.as_ref().map(ToString::to_string),
        trusted_proxies: config.server.trusted_proxies.clone(),
        max_body_bytes: limits.max_body_bytes,
        body_timeout: Duration::from_secs(limits.body_timeout_s),
        requests_per_minute: limits.requests_per_minute,
        max_count: limits.max_count,
        parallel_requests: limits.parallel_requests,
        patience: Duration::from_secs(limits.shutdown_timeout_s),
    }
}
