//! `cmes doctor`: checks what the engine needs, and says what to do.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cmes_models::{Model, Models};
use cmes_search::SearchProvider;
use cmes_types::{Clock, CompanySearch, SystemClock};
use console::Style;
use tokio::time::Instant;

use super::{Failure, print};
use crate::config::{BrowserPath, Config};
use crate::{models, parts, search};

/// Less free space than this is a fault: databases stop in the middle of a write.
const LEAST_SPACE: u64 = 500 * 1024 * 1024;
/// 2026-01-01; an earlier clock is wrong, and makes certificates look invalid.
const EARLIEST_MS: i64 = 1_767_225_600_000;

/// A large model takes its time to load.
const MODEL_PATIENCE: Duration = Duration::from_secs(60);

/// Name of a check, and what it found: good, or a fault with what to do.
type Check = (&'static str, Result<String, String>);

pub async fn run(config: Result<Config, Failure>) -> Result<(), Failure> {
    let checks = match config {
        Err(failure) => vec![("configuration", Err(failure.to_string()))],
        Ok(config) => [
            ("configuration", Ok("every key and value is understood".to_owned())),
            ("clock", clock()),
            ("data folder", folder(&config.data.dir)),
            ("disk", space(&config.data.dir)),
            ("database", database(&config).await),
            (
                "reading the web",
                parts::fetcher(&config).map(|_| reading(&config)).map_err(|failure| failure.to_string()),
            ),
            ("language model", language_model(&config).await),
            ("embeddings", embeddings(&config).await),
            ("browser", browser(&config).await),
        ]
        .into_iter()
        .chain(searches(&config).await)
        .collect(),
    };
    print(&checks.iter().map(line).collect::<String>())?;
    match checks.iter().filter(|(_, found)| found.is_err()).count() {
        0 => Ok(()),
        1 => Err(Failure::new("one check failed; what to do stands beside it")),
        n => Err(Failure::new(format!("{n} checks failed; what to do stands beside them"))),
    }
}

fn line((name, found): &Check) -> String {
    let (mark, text) = match found {
        Ok(text) => (Style::new().green().apply_to("✓"), text),
        Err(text) => (Style::new().red().apply_to("✗"), text),
    };
    format!("{mark} {name:<16} {text}\n")
}

fn clock() -> Result<String, String> {
    let now = SystemClock.now();
    if now.milliseconds() < EARLIEST_MS {
        return Err(format!("the machine's clock says {now}; set it, for instance with NTP"));
    }
    Ok(now.to_string())
}

fn folder(dir: &Path) -> Result<String, String> {
    let probe = dir.join(".doctor");
    let written = std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(&probe, b""))
        .and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => Ok(format!("{} can be written to", dir.display())),
        Err(error) => Err(format!("{} cannot be written to ({error}); change data.dir or its owner", dir.display())),
    }
}

fn space(dir: &Path) -> Result<String, String> {
    let stat = rustix::fs::statvfs(dir).map_err(|error| format!("free space is not known: {error}"))?;
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    let shown = format!("{} MB free", free / 1_000_000);
    if free < LEAST_SPACE { Err(format!("only {shown}; make room or move data.dir")) } else { Ok(shown) }
}

async fn database(config: &Config) -> Result<String, String> {
    let db = parts::database(config).await.map_err(|failure| failure.to_string())?;
    db.ping().await.map_err(|error| Failure::because(error).to_string())?;
    Ok(format!("{} answers, its schema is up to date", db.engine()))
}

async fn language_model(config: &Config) -> Result<String, String> {
    let models = loaded(config)?;
    match models.chat() {
        Some(model) => checked(model.as_ref()).await,
        None => Ok(format!("none: {}; texts are the site's own sentences", models.chat_serving().state)),
    }
}

async fn embeddings(config: &Config) -> Result<String, String> {
    let models = loaded(config)?;
    match models.embedder() {
        Some(model) => checked(model.as_ref()).await,
        None => Ok(format!("none: {}; texts are found by words alone", models.embedder_serving().state)),
    }
}

fn loaded(config: &Config) -> Result<Models, String> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    models::models(config, &clock).map_err(|failure| failure.to_string())
}

async fn checked(model: &dyn Model) -> Result<String, String> {
    let found = model.check(Instant::now() + MODEL_PATIENCE).await;
    found.map(|text| format!("{}: {text}", model.provider())).map_err(|error| Failure::because(error).to_string())
}

/// Every provider of search by its name.
async fn searches(config: &Config) -> Vec<Check> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let searcher = match search::searcher(config, None, &clock) {
        Ok(searcher) => searcher,
        Err(failure) => return vec![("search", Err(failure.to_string()))],
    };
    if searcher.providers().is_empty() {
        let found = "no provider is configured: companies are found in the directory alone (docs/search.md)";
        return vec![("search", Ok(found.to_owned()))];
    }
    let mut checks = Vec::new();
    for provider in searcher.providers() {
        checks.push((provider.name(), searched(provider.as_ref()).await));
    }
    checks
}

/// Asks for a company of a small country: one request, and little to compute.
async fn searched(provider: &dyn SearchProvider) -> Result<String, String> {
    let trial = CompanySearch {
        text: "steel manufacturers Luxembourg".to_owned(),
        activity: "steel manufacturers".to_owned(),
        country: Some("LU".to_owned()),
        most: 1,
        ..CompanySearch::default()
    };
    let found = provider.search(&trial).await.map_err(|error| Failure::because(error).to_string())?;
    let answer = if found.hits.is_empty() { "it answers, though it found nothing for a trial" } else { "it answers" };
    let said: Vec<&str> = [answer].into_iter().chain(found.remarks.iter().map(String::as_str)).collect();
    Ok(format!("search: {}", said.join("; ")))
}

/// Starts it, as the first page would.
async fn browser(config: &Config) -> Result<String, String> {
    let describe = |failure: Failure| failure.to_string();
    let browser = parts::browser(config, parts::fetcher(config).map_err(describe)?).map_err(describe)?;
    let Some(browser) = browser else {
        let why = if config.browser.path == BrowserPath::Off { "off" } else { "none installed (package chromium)" };
        return Ok(format!("{why}: pages made by script are read as they are sent"));
    };
    let (product, confinement) = browser.check().await.map_err(|error| error.to_string())?;
    Ok(format!("{} ({product}) runs {confinement}", browser.program().display()))
}

fn reading(config: &Config) -> String {
    match config.fetch.allow_networks.as_slice() {
        [] => "public addresses only".to_owned(),
        networks => {
            format!("public addresses, and {}", networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
    }
}
