//! `cmes directory`: the companies that this server knows.

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::time::Duration;

use cmes_app::App;
use cmes_app::directory::embedding::Embedding;
use cmes_app::directory::import::Report;
use cmes_extract::places::Country;
use cmes_store::companies::{self, Company};
use cmes_types::CompanySearch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::Instant;

use super::{Failure, print};
use crate::arguments::Directory;
use crate::config::Config;
use crate::{output, parts};

/// Companies that are read at once for a list.
const PAGE: usize = 1_000;
/// Longest time for loading the model of the embedder, which this process has just been started without.
const LOADING: Duration = Duration::from_secs(60);

pub async fn run(config: &Config, command: Directory) -> Result<(), Failure> {
    let app = parts::app(config).await?;
    let outcome = match command {
        Directory::Import { file } => import(&app, &file).await,
        Directory::Search { query, country, locality, lang, limit, json } => {
            let country = country.as_deref().map(code).transpose()?;
            let most = usize::try_from(limit).unwrap_or(usize::MAX);
            let search =
                CompanySearch { text: query.clone(), language: lang, activity: query, country, locality, most };
            find(&app, &search, json).await
        }
        Directory::Embed => embed(&app).await,
        Directory::List { country, limit } => {
            let country = country.as_deref().map(code).transpose()?;
            list(&app, country.as_deref(), limit.unwrap_or(usize::MAX)).await
        }
        Directory::Status => status(&app).await,
        Directory::Delete { domains } => delete(&app, &domains).await,
    };
    app.db.close().await;
    outcome
}

/// A country by its code, or also by its name.
fn code(country: &str) -> Result<String, Failure> {
    let found = Country::from_code(country).or_else(|| Country::from_name(country));
    found.map(|country| country.code().to_owned()).ok_or_else(|| {
        Failure::new(format!("{} is no country; give its two letters, such as DE", output::harmless(country)))
    })
}

async fn import(app: &App, file: &Path) -> Result<(), Failure> {
    let bar = progress_bar("{bar:30.cyan} {bytes}/{total_bytes} {eta} {wide_msg}");
    let reader: Box<dyn Read + Send> = if file == Path::new("-") {
        Box::new(bar.wrap_read(std::io::stdin()))
    } else {
        let unreadable = |error: std::io::Error| Failure::new(format!("{} cannot be read: {error}", file.display()));
        let opened = std::fs::File::open(file).map_err(unreadable)?;
        let metadata = opened.metadata().map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(Failure::new(format!("{} is a folder; give a CSV or JSONL file", file.display())));
        }
        bar.set_length(metadata.len());
        Box::new(bar.wrap_read(opened))
    };
    let told = |rows: usize| bar.set_message(format!("{rows} rows"));
    let report = app.directory.import(reader, told).await;
    bar.finish_and_clear();
    let report = report.map_err(Failure::because)?;
    tell(&report);
    print(&format!(
        "{} added, {} updated, {} unchanged, {} refused\n",
        report.added, report.updated, report.unchanged, report.refused
    ))?;
    if report.rows == report.refused {
        return Err(Failure::new(match report.rows {
            0 => "there is no company in this file, only the names of columns".to_owned(),
            rows => format!("none of {rows} rows could be imported; the lines above say why"),
        }));
    }
    Ok(())
}

/// Says which rows were not taken, and how companies are found that have no vectors yet.
fn tell(report: &Report) {
    for trouble in &report.troubles {
        output::note(&format!("✗ line {}: {}", trouble.line, output::harmless(&trouble.reason)));
    }
    let more = report.refused.saturating_sub(report.troubles.len());
    if more > 0 {
        output::note(&format!("and {more} more rows"));
    }
}

async fn find(app: &App, search: &CompanySearch, json: bool) -> Result<(), Failure> {
    if let Some(embedder) = app.models.embedder()
        && let Err(error) = embedder.check(Instant::now() + LOADING).await
    {
        output::note(&format!("companies are found by words alone: {error}"));
    }
    let found = app.directory.find(search).await.map_err(Failure::because)?;
    found.remarks.iter().for_each(|remark| output::note(remark));
    if json {
        let text = serde_json::to_string_pretty(&found.hits).map_err(Failure::because)?;
        return print(&format!("{text}\n"));
    }
    let lines = found.hits.iter().map(|hit| {
        let [title, url, snippet] = [&hit.title, &hit.url, &hit.snippet].map(|text| output::harmless(text));
        format!("{title}\t{url}\n    {snippet}\n")
    });
    print(&lines.collect::<String>())
}

async fn embed(app: &App) -> Result<(), Failure> {
    let embedder = app.models.embedder();
    let identity = embedder.as_ref().map(|embedder| embedder.identity());
    let counts = companies::counts(&app.db, identity).await.map_err(Failure::because)?;
    let bar = progress_bar("{bar:30.cyan} {pos}/{len} {eta}");
    bar.set_length(u64::try_from(counts.companies - counts.with_vectors).unwrap_or_default());
    let told = |count: usize| bar.set_position(count as u64);
    let outcome = app.directory.embed(app.queue.worker(), true, true, told).await;
    bar.finish_and_clear();
    match outcome.map_err(Failure::because)? {
        Embedding::Done(count) => print(&format!("{count} companies embedded\n")),
        Embedding::Elsewhere => {
            Err(Failure::new("another process is making the vectors of the directory; see “cmes directory status”"))
        }
        Embedding::Impossible => {
            Err(Failure::new("there is no embedder: run “cmes models pull”, or set the section [embeddings]"))
        }
    }
}

async fn list(app: &App, country: Option<&str>, limit: usize) -> Result<(), Failure> {
    let (mut behind, mut left) = (String::new(), limit);
    while left > 0 {
        let most = i64::try_from(left.min(PAGE)).unwrap_or_default();
        let page = companies::list(&app.db, country, &behind, most).await.map_err(Failure::because)?;
        let Some(last) = page.last() else { break };
        behind.clone_from(&last.domain);
        left = left.saturating_sub(page.len());
        print(&page.iter().map(line).collect::<String>())?;
    }
    Ok(())
}

fn line(company: &Company) -> String {
    let Company { domain, name, country, city, employees, about, .. } = company;
    let cells = [domain, name, country, city, employees, about].map(|cell| output::harmless(cell));
    format!("{}\n", cells.join("\t"))
}

async fn status(app: &App) -> Result<(), Failure> {
    let embedder = app.models.embedder();
    let identity = embedder.as_ref().map(|embedder| embedder.identity());
    let counts = companies::counts(&app.db, identity).await.map_err(Failure::because)?;
    let meaning = match identity {
        Some(_) => format!("{} of them", counts.with_vectors),
        None => "none, for there is no embedder (“cmes models pull”)".to_owned(),
    };
    app.directory.warm_up().await;
    let (bytes, searched) = app.directory.memory();
    print(&format!(
        "companies: {}\nof these from enrichments: {}\nfound by words: {searched}\nfound by meaning: {meaning}\n\
         memory for searching: {:.1} MB\n",
        counts.companies,
        counts.from_enrichment,
        bytes as f64 / 1e6,
    ))
}

async fn delete(app: &App, domains: &[String]) -> Result<(), Failure> {
    let given: Vec<String> = domains
        .iter()
        .map(|written| {
            let site = cmes_extract::content::own_site(written);
            site.map_or_else(|| written.trim().to_lowercase(), |site| site.domain)
        })
        .collect();
    let deleted = companies::delete(&app.db, &given).await.map_err(Failure::because)?;
    print(&format!("{deleted} deleted\n"))?;
    match deleted {
        0 => Err(Failure::new("no company has such a domain; see “cmes directory list”")),
        _ => Ok(()),
    }
}

/// A bar on a terminal; elsewhere nothing.
fn progress_bar(template: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(1);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
