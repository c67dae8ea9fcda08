//! `cmes leads`: companies that answer to a query, without server, account or key.
//!
//! The database is opened all the same: the directory of known companies is in it,
//! and what providers of search answered is kept there.

mod table;

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cmes_app::Error;
use cmes_app::enrichment::observer;
use cmes_app::leads::{FindLeads, LONGEST_QUERY, Lead, Search};
use cmes_extract::profile::domain_of;
use cmes_fetch::FetchEvent;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::watch;

use super::{Failure, card, enrich, print};
use crate::arguments::Leads;
use crate::config::Config;
use crate::{output, parts};
use table::Table;

pub async fn run(config: &Config, arguments: Leads) -> Result<(), Failure> {
    let request = FindLeads { max_count: arguments.max, enrich: enrich::wish(arguments.query, arguments.wish)? };
    if request.enrich.content.trim().is_empty() {
        return Err(Failure::new("the query is empty; say which companies, such as “Pipe manufacturers, USA”"));
    }
    let length = request.enrich.content.chars().count();
    if length > LONGEST_QUERY {
        return Err(Failure::new(format!("the query has {length} characters; it takes {LONGEST_QUERY} at most")));
    }
    let most = config.limits.max_count;
    if request.max_count > most {
        return Err(Failure::new(format!("--max takes a whole number from 1 to {most} (limits.max_count)")));
    }
    let mut shown = match &arguments.csv {
        Some(path) => Shown::Csv(Box::new(Table::new(created(path)?).map_err(|error| unwritable(path, &error))?)),
        None if arguments.json => Shown::Json,
        None => Shown::Cards,
    };
    let app = parts::app(config).await?;
    let bar = progress_bar(request.max_count);
    let sites = Arc::new(Mutex::new(Sites::default()));
    let (seen, counted) = (bar.clone(), Arc::clone(&sites));
    let observer = observer(move |event| {
        if let FetchEvent::Started { url } = &event {
            seen.set_message(output::harmless(url.as_str()));
        }
        counted.lock().unwrap_or_else(PoisonError::into_inner).note(&event);
    });
    let tariffs = app.tariffs.current(&app.db, app.clock.now()).await.map_err(Failure::because)?;
    let (remarks, told) = watch::channel(Vec::new());
    let search =
        Search { request: &request, finished: Vec::new(), tariffs: &tariffs, observer: Some(observer), remarks };
    let mut count = 0;
    let outcome = {
        let (bar, shown, count, directory) = (&bar, &mut shown, &mut count, &app.directory);
        let is_whole = request.enrich.exceptions.trim().is_empty();
        let mut taker = |lead: Lead, number: usize| {
            *count = number;
            let told = bar.suspend(|| shown.lead(&lead, number));
            bar.set_position(number as u64);
            Box::pin(async move {
                told.map_err(Error::internal)?;
                if is_whole {
                    directory.note(&lead.data).await;
                }
                Ok(())
            }) as _
        };
        app.finder.find(search, &mut taker).await
    };
    bar.finish_and_clear();
    app.db.close().await;
    shown.end(count)?;
    outcome.map_err(Failure::because)?;
    told.borrow().iter().for_each(|remark| output::note(&output::harmless(remark)));
    if count < request.max_count as usize {
        let sites = sites.lock().unwrap_or_else(PoisonError::into_inner).to_string();
        let wanted = request.max_count;
        output::note(&format!(
            "{count} of {wanted} leads found, {sites}: no more of the companies found answer to the query"
        ));
    }
    Ok(())
}

/// What was read, for whoever gets fewer leads than wanted.
#[derive(Default)]
struct Sites {
    pages: usize,
    /// Sites by their domain: whether anything of them was read.
    read: HashMap<String, bool>,
}

impl Sites {
    fn note(&mut self, event: &FetchEvent) {
        match event {
            FetchEvent::Finished { url, .. } => {
                self.pages += 1;
                self.read.insert(domain_of(url), true);
            }
            FetchEvent::Failed { url, .. } => {
                self.read.entry(domain_of(url)).or_insert(false);
            }
            FetchEvent::Started { .. } | FetchEvent::Rendered { .. } => {}
        }
    }
}

impl fmt::Display for Sites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pages read", self.pages)?;
        match self.read.values().filter(|is_read| !**is_read).count() {
            0 => Ok(()),
            1 => f.write_str(", 1 site could not be read"),
            count => write!(f, ", {count} sites could not be read"),
        }
    }
}

fn created(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &dyn std::error::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {error}", path.display()))
}

/// Where leads go as they are found.
enum Shown {
    Cards,
    /// One array, an element at a time.
    Json,
    Csv(Box<Table>),
}

impl Shown {
    fn lead(&mut self, lead: &Lead, number: usize) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        match self {
            Self::Cards => {
                let line = if number > 1 { "\n" } else { "" };
                output::print(&format!("{line}{}", card::render(&lead.data, card::width())))?;
            }
            Self::Json => {
                let before = if number > 1 { ",\n" } else { "[\n" };
                output::print(&format!("{before}{}", serde_json::to_string_pretty(&lead.data)?))?;
            }
            Self::Csv(table) => table.add(&lead.data)?,
        }
        Ok(())
    }

    fn end(self, count: usize) -> Result<(), Failure> {
        match self {
            Self::Json => print(if count > 0 { "\n]\n" } else { "[]\n" }),
            Self::Cards | Self::Csv(_) => Ok(()),
        }
    }
}

/// How many leads are found, on a terminal; elsewhere nothing moves.
fn progress_bar(most: u32) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(u64::from(most));
    if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {bar:20.cyan} {pos}/{len} leads {wide_msg:.dim}") {
        bar.set_style(style);
    }
    bar.set_message("searching");
    bar.enable_steady_tick(Duration::from_millis(80));
    bar
}
