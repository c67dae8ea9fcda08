//! `cmes models`: which models there are, and fetching them.

use std::io::IsTerminal;
use std::time::Duration;

use cmes_models::catalogue::{Catalogue, CatalogueModel, Presence};
use cmes_models::pull::{PullEvent, PullOptions, Pulled, Puller};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use url::Url;

use super::{Failure, print};
use crate::arguments::Models;
use crate::config::Config;
use crate::{models, output};

/// The index of Python packages unless another is named.
const INDEX: &str = "https://pypi.org/simple";
/// The variable by which pip is told of another; read here alone.
const INDEX_VARIABLE: &str = "PIP_INDEX_URL";

pub async fn run(config: &Config, arguments: Models) -> Result<(), Failure> {
    let catalogue = Catalogue::built_in().map_err(Failure::because)?;
    match arguments {
        Models::List => list(config, &catalogue),
        Models::Pull { names } => pull(config, &catalogue, &names).await,
    }
}

fn list(config: &Config, catalogue: &Catalogue) -> Result<(), Failure> {
    let folder = models::folder(config);
    let line = |model: &CatalogueModel| {
        let presence = match model.presence(&folder) {
            Presence::There => "there",
            Presence::Damaged => "damaged",
            Presence::Missing => "missing",
        };
        let megabytes = model.size.div_ceil(1_000_000);
        format!("{}\t{}\t{megabytes} MB\t{}\t{presence}\t{}\n", model.name, model.kind, model.licence, model.about)
    };
    print(&catalogue.models.iter().map(line).collect::<String>())
}

async fn pull(config: &Config, catalogue: &Catalogue, names: &[String]) -> Result<(), Failure> {
    let wanted = wanted(catalogue, names)?;
    let folder = models::folder(config);
    let options = PullOptions {
        folder: folder.clone(),
        index: index(config)?,
        proxy: models::proxy(config),
        pause: Duration::from_secs(2),
    };
    let puller = Puller::new(options).map_err(Failure::because)?;
    for model in wanted {
        let bar = progress_bar(model);
        let pulled = puller.pull(model, &|event| show(&bar, event)).await;
        bar.finish_and_clear();
        let path = model.path(&folder);
        match pulled.map_err(Failure::because)? {
            Pulled::Fetched => print(&format!("{} is fetched: {}\n", model.name, path.display()))?,
            Pulled::WasThere => print(&format!("{} is there: {}\n", model.name, path.display()))?,
        }
    }
    Ok(())
}

fn wanted<'a>(catalogue: &'a Catalogue, names: &[String]) -> Result<Vec<&'a CatalogueModel>, Failure> {
    if names.is_empty() {
        return Ok(catalogue.models.iter().filter(|model| catalogue.is_default(model)).collect());
    }
    let find = |name: &String| {
        catalogue.find(name).ok_or_else(|| {
            Failure::new(format!("there is no model {name}; cmes models list shows those that there are"))
        })
    };
    names.iter().map(find).collect()
}

/// The configured index, else pip's, else the public one.
fn index(config: &Config) -> Result<Url, Failure> {
    let configured = config.models.index.as_ref().map(|index| index.expose().to_owned());
    let text = configured.or_else(|| std::env::var(INDEX_VARIABLE).ok()).unwrap_or_else(|| INDEX.to_owned());
    // The text may hold a password and is not shown.
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| Failure::new(format!("models.index (or {INDEX_VARIABLE}) is no address; it looks like {INDEX}")))
}

/// A bar on a terminal; elsewhere only what happens is said.
fn progress_bar(model: &CatalogueModel) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(Some(model.size), ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(model.size);
    let template =
        "{prefix} {bar:30.cyan} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta} {wide_msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_prefix(model.name.clone());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn show(bar: &ProgressBar, event: PullEvent) {
    let line = match event {
        PullEvent::Bytes(count) => return bar.set_position(count),
        PullEvent::Checking => return bar.set_message("checking"),
        PullEvent::Waiting => "another process fetches this model; waiting for it".to_owned(),
        PullEvent::Asking(source) => {
            // What the last source gave does not count for this one.
            bar.reset();
            format!("from {source}")
        }
        PullEvent::Failed(source, reason) => format!("✗ {}", output::harmless(&format!("{source}: {reason}"))),
    };
    if bar.is_hidden() {
        output::note(&line);
    } else {
        bar.println(line);
    }
}
