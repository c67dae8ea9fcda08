//! The providers of search, made from the configuration.

use std::sync::Arc;
use std::time::Duration;

use cmes_fetch::ApiKey;
use cmes_search::{
    Brave, Overpass, SearchProvider, Searcher, SearxNg, Serper, ServiceSettings, SetupError, Tavily, Wikidata,
};
use cmes_types::Clock;
use url::Url;

use crate::commands::Failure;
use crate::config::{Config, Keyed, Keyless, Provider, Secret};
use crate::models;

/// Everybody who is asked for companies. The directory of the companies that
/// this server knows is given from outside; without it, it is left out.
pub fn searcher(
    config: &Config,
    directory: Option<&Arc<dyn SearchProvider>>,
    clock: &Arc<dyn Clock>,
) -> Result<Searcher, Failure> {
    let mut providers: Vec<Arc<dyn SearchProvider>> = Vec::new();
    for name in config.search.order() {
        let provider = match name {
            Provider::Directory => directory.cloned(),
            remote => self::remote(config, remote, clock).map_err(Failure::because)?,
        };
        providers.extend(provider);
    }
    let keep = Duration::from_secs(config.search.keep_days.saturating_mul(24 * 3_600));
    Ok(Searcher::new(providers, Arc::clone(clock)).keeping_for(keep))
}

/// A provider outside of this program.
fn remote(
    config: &Config,
    name: Provider,
    clock: &Arc<dyn Clock>,
) -> Result<Option<Arc<dyn SearchProvider>>, SetupError> {
    let search = &config.search;
    let clock = Arc::clone(clock);
    let keyed =
        |section: &Keyed| settings(config, section.base_url.as_ref(), section.api_key.as_ref(), section.daily_budget);
    let keyless = |section: &Keyless| settings(config, section.base_url.as_ref(), None, section.daily_budget);
    Ok(match name {
        Provider::Searxng => {
            let searxng = &search.searxng;
            let settings = settings(config, searxng.url.as_ref(), None, searxng.daily_budget);
            Some(Arc::new(SearxNg::new(settings, clock)?))
        }
        Provider::Brave => Some(Arc::new(Brave::new(keyed(&search.brave), clock)?)),
        Provider::Serper => Some(Arc::new(Serper::new(keyed(&search.serper), clock)?)),
        Provider::Tavily => Some(Arc::new(Tavily::new(keyed(&search.tavily), clock)?)),
        Provider::Wikidata => Some(Arc::new(Wikidata::new(keyless(&search.wikidata), clock)?)),
        Provider::Overpass => Some(Arc::new(Overpass::new(keyless(&search.overpass), clock)?)),
        Provider::Directory => None,
    })
}

fn settings(config: &Config, url: Option<&Url>, key: Option<&Secret>, daily_budget: Option<u64>) -> ServiceSettings {
    ServiceSettings {
        base_url: url.cloned(),
        api_key: key.map(|key| ApiKey::new(key.expose())),
        proxy: models::proxy(config),
        daily_requests: daily_budget,
        ..ServiceSettings::new(&config.fetch.user_agent)
    }
}
