//! Providers of search against servers on this machine, well-behaved and other ones.

mod failures;
mod recorded;
mod searcher;
mod setting_aside;

use std::sync::Arc;

use cmes_search::{Brave, Overpass, SearchProvider, SearxNg, Serper, ServiceSettings, SetupError, Tavily, Wikidata};
use cmes_testkit::models::{Asked, ModelServer, Reply};
use cmes_types::{Clock, CompanySearch, SystemClock};
use url::Url;

const KEY: &str = "Key-Secret-1234567890";

const PROVIDERS: [&str; 6] = ["searxng", "brave", "serper", "tavily", "wikidata", "overpass"];

async fn serve(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> ModelServer {
    ModelServer::start(script).await.expect("loopback can be listened on")
}

fn settings(origin: &str) -> ServiceSettings {
    ServiceSettings {
        base_url: Some(Url::parse(origin).expect("a URL")),
        api_key: Some(cmes_fetch::ApiKey::new(KEY)),
        ..ServiceSettings::new("cmes/test (+https://operator.example)")
    }
}

fn built(name: &str, settings: ServiceSettings) -> Result<Arc<dyn SearchProvider>, SetupError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ok(match name {
        "searxng" => Arc::new(SearxNg::new(settings, clock)?),
        "brave" => Arc::new(Brave::new(settings, clock)?),
        "serper" => Arc::new(Serper::new(settings, clock)?),
        "tavily" => Arc::new(Tavily::new(settings, clock)?),
        "wikidata" => Arc::new(Wikidata::new(settings, clock)?),
        "overpass" => Arc::new(Overpass::new(settings, clock)?),
        other => panic!("there is no provider {other}"),
    })
}

fn provider(name: &str, server: &ModelServer) -> Arc<dyn SearchProvider> {
    built(name, settings(&server.origin())).expect("settings that can be used")
}

fn pipes() -> CompanySearch {
    CompanySearch {
        text: "pipe manufacturers USA".to_owned(),
        activity: "pipe manufacturers".to_owned(),
        country: Some("US".to_owned()),
        most: 2,
        ..CompanySearch::default()
    }
}

/// A file of `tests/data`.
fn recorded(name: &str) -> String {
    let path = format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn answer(status: u16, body: impl Into<String>) -> Reply {
    Reply::Raw { status, headers: vec![("content-type", "application/json".to_owned())], body: body.into() }
}

fn with_header(reply: Reply, name: &'static str, value: &str) -> Reply {
    match reply {
        Reply::Raw { status, mut headers, body } => {
            headers.push((name, value.to_owned()));
            Reply::Raw { status, headers, body }
        }
        other => other,
    }
}
