//! The parts of the engine, made from the configuration.

use std::sync::Arc;
use std::time::Duration;

use cmes_app::enrichment::{Enricher, Settings};
use cmes_app::tariffs::{Tariff, Tariffs};
use cmes_app::{App, Authenticator};
use cmes_fetch::{BudgetLimits, FetchOptions, Fetcher};
use cmes_server::ServerOptions;
use cmes_store::{Connect, Db};
use cmes_types::SystemClock;

use crate::commands::Failure;
use crate::config::Config;

/// The reader of companies.
pub fn enricher(config: &Config) -> Result<Enricher, Failure> {
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
    let budget = BudgetLimits {
        time: Duration::from_secs(fetch.total_timeout_s),
        requests: fetch.total_requests,
        bytes: fetch.total_bytes,
    };
    let fetcher = Fetcher::new(options).map_err(Failure::because)?;
    Ok(Enricher::new(fetcher, Settings { max_pages: fetch.max_pages, budget }))
}

/// The database, its schema up to date.
pub async fn database(config: &Config) -> Result<Db, Failure> {
    let connect = Connect { url: config.database_url(), max_connections: config.database.max_connections };
    Db::connect(&connect).await.map_err(|error| {
        let address = cmes_store::db::without_password(&connect.url);
        Failure::because(error).with(&format!("the database is {address}; check database.url and “cmes doctor”"))
    })
}

/// The use cases.
pub async fn app(config: &Config) -> Result<App, Failure> {
    Ok(App {
        db: database(config).await?,
        enricher: enricher(config)?,
        authenticator: Authenticator::default(),
        tariffs: tariffs(config),
        clock: Arc::new(SystemClock),
    })
}

fn tariffs(config: &Config) -> Tariffs {
    let billing = &config.billing;
    let prices = billing.tariffs.iter().map(|(method, tariff)| Tariff {
        method: method.clone(),
        description: tariff.description.clone(),
        rules: tariff.rules.clone(),
        price: tariff.price,
    });
    Tariffs { base: billing.currency.clone(), prices: prices.collect(), rates: billing.rates.clone() }
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
        parallel_requests: limits.parallel_requests,
        parallel_enrichments: limits.parallel_enrichments,
        patience: Duration::from_secs(limits.shutdown_timeout_s),
    }
}
