//! `cmes enrich`: the main job without server, account or key.

use std::io::{IsTerminal, Read};
use std::sync::Arc;
use std::time::Duration;

use cmes_app::enrichment::{self, Progress, observer};
use cmes_fetch::FetchEvent;
use cmes_types::{Clock, SystemClock};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use url::Url;

use super::{Failure, card, print};
use crate::arguments::{Enrich, Wish};
use crate::config::Config;
use crate::{models, output, parts};

/// Longest Content that is read from standard input or a file.
const LONGEST: u64 = 10 * 1024 * 1024;

pub async fn run(config: &Config, arguments: Enrich) -> Result<(), Failure> {
    let content = if arguments.content == "-" { read(std::io::stdin(), "standard input")? } else { arguments.content };
    let request = wish(content, arguments.wish)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let models = models::models(config, &clock)?;
    let enricher = parts::enricher(config, parts::fetcher(config)?)?.writing_with(parts::writer(config, &models));
    let bar = progress_bar();
    let shown = bar.clone();
    let observer = observer(move |event| show(&shown, &event));
    let tariffs = Arc::new(parts::tariffs(config));
    let outcome = enricher.enrich(&request, &tariffs, Some(observer), Progress::unseen()).await;
    bar.finish_and_clear();
    let data = outcome.map_err(Failure::because)?;
    if arguments.json {
        let json = serde_json::to_string_pretty(&data).map_err(Failure::because)?;
        return print(&format!("{json}\n"));
    }
    print(&card::render(&data, card::width()))
}

/// What is asked for, in the currency of the prices.
pub fn wish(content: String, wish: Wish) -> Result<enrichment::Enrich, Failure> {
    Ok(enrichment::Enrich {
        content,
        exceptions: wish.exceptions.unwrap_or_default(),
        products_and_services: offer(wish.products)?,
        language: wish.lang,
        explain: wish.explain,
        currency: String::new(),
        extended: wish.extended,
    })
}

/// What the user offers: a text, or with @ before it the name of a file that holds it.
fn offer(argument: Option<String>) -> Result<String, Failure> {
    let Some(text) = argument else { return Ok(String::new()) };
    let Some(path) = text.strip_prefix('@') else { return Ok(text) };
    let file = std::fs::File::open(path).map_err(|error| Failure::new(format!("{path} cannot be read: {error}")))?;
    read(file, path)
}

fn read(source: impl Read, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = source.take(LONGEST).read_to_end(&mut bytes);
    read.map_err(|error| Failure::new(format!("{name} cannot be read: {error}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A spinner on a terminal; elsewhere nothing moves.
fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {wide_msg}") {
        bar.set_style(style);
    }
    bar.set_message("reading Content");
    bar.enable_steady_tick(Duration::from_millis(80));
    bar
}

fn show(bar: &ProgressBar, event: &FetchEvent) {
    let line = match event {
        FetchEvent::Started { url } => {
            bar.set_message(format!("reading {}", shown(url)));
            return;
        }
        FetchEvent::Finished { url, bytes, elapsed, cached, .. } => {
            let source = if *cached { "from the cache".to_owned() } else { format!("{} ms", elapsed.as_millis()) };
            format!("{} {} {}", mark("✓", true), shown(url), dim(&format!("{} kB, {source}", bytes.div_ceil(1000))))
        }
        FetchEvent::Rendered { url, elapsed } => {
            format!("{} {} {}", mark("✓", true), shown(url), dim(&format!("rendered, {} ms", elapsed.as_millis())))
        }
        FetchEvent::Failed { url, reason } => {
            format!("{} {} {}", mark("✗", false), shown(url), dim(&output::harmless(reason)))
        }
    };
    if bar.is_hidden() {
        output::note(&line);
    } else {
        bar.println(line);
    }
}

fn shown(url: &Url) -> String {
    output::harmless(url.as_str())
}

fn mark(sign: &str, good: bool) -> String {
    let style = console::Style::new().for_stderr();
    let style = if good { style.green() } else { style.yellow() };
    style.apply_to(sign).to_string()
}

fn dim(text: &str) -> String {
    console::Style::new().for_stderr().dim().apply_to(text).to_string()
}
