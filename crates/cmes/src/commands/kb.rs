//! `cmes kb`: importing into knowledge bases and searching them, without a server.
//!
//! What was imported is indexed before the command ends, so that it can be searched
//! where no server runs; where one does, the two share the work.

mod files;

use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cmes_app::knowledge::bases;
use cmes_app::knowledge::import::{self, Importer, Origin, Outcome, Parts, Read, Status};
use cmes_app::knowledge::search::{self, Search, Within};
use cmes_app::{App, accounts, worker};
use cmes_store::articles::Parent;
use cmes_store::identifiers::Identifiers;
use cmes_store::knowledge_bases::{self, NamedBase, NewBase};
use cmes_types::AccountId;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio_util::sync::CancellationToken;

use super::{Failure, print};
use crate::arguments::Kb;
use crate::config::Config;
use crate::{output, parts};

pub async fn run(config: &Config, command: Kb) -> Result<(), Failure> {
    let app = Arc::new(parts::app(config).await?);
    let outcome = match command {
        Kb::Import { from, account, name, remove_missing, max_pages } => {
            let account = account_of(&app, &account).await?;
            let base = match base_named(&app, account, &name).await? {
                Some(base) => base,
                None => made(&app, account, &name).await?,
            };
            let wish =
                Wish { from: &from, remove_missing, max_pages: usize::try_from(max_pages).unwrap_or(usize::MAX) };
            import(config, &app, account, base, &wish).await
        }
        Kb::Search { query, account, name, limit, json } => {
            let account = account_of(&app, &account).await?;
            let within = match &name {
                Some(name) => {
                    let base = base_named(&app, account, name).await?;
                    let base = base.ok_or_else(|| Failure::new(format!("there is no knowledge base named {name}")))?;
                    Some([Within::Base(base.key)])
                }
                None => None,
            };
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let wish = Search { query: &query, within: within.as_ref().map(|within| &within[..]), limit };
            find(&app, account, &wish, json).await
        }
    };
    app.db.close().await;
    outcome
}

async fn account_of(app: &App, email: &str) -> Result<AccountId, Failure> {
    Ok(accounts::by_email(&app.db, email).await.map_err(Failure::because)?.id)
}

/// The knowledge base of this name; none if there is none.
async fn base_named(app: &App, account: AccountId, name: &str) -> Result<Option<NamedBase>, Failure> {
    let all = knowledge_bases::list(&app.db, account, None).await.map_err(Failure::because)?;
    let mut named = all.iter().filter(|base| base.name == name);
    let Some(base) = named.next() else { return Ok(None) };
    if named.next().is_some() {
        return Err(Failure::new(format!("several knowledge bases are named {name}; rename all but one of them")));
    }
    let given = Identifiers { id: Some(base.names.id), ..Identifiers::default() };
    Ok(Some(bases::named(&app.db, account, &given).await.map_err(Failure::because)?))
}

async fn made(app: &App, account: AccountId, name: &str) -> Result<NamedBase, Failure> {
    let new = NewBase { identifiers: Identifiers::default(), name, body: "" };
    let names = bases::create(&app.db, account, new, None, app.clock.now()).await.map_err(Failure::because)?;
    let given = Identifiers { id: Some(names.id), ..Identifiers::default() };
    bases::named(&app.db, account, &given).await.map_err(Failure::because)
}

struct Wish<'w> {
    from: &'w str,
    remove_missing: bool,
    max_pages: usize,
}

async fn import(
    config: &Config,
    app: &Arc<App>,
    account: AccountId,
    base: NamedBase,
    wish: &Wish<'_>,
) -> Result<(), Failure> {
    let engine = Parts { db: &app.db, fetcher: &app.fetcher, clock: app.clock.as_ref() };
    let mut importer = Importer::new(engine, account, base, Parent::Top);
    let bar = progress_bar();
    let outcomes = match Origin::at(wish.from) {
        Some(Origin::Url(url)) => {
            let mut seen = |outcome: &Outcome, done: usize, of: usize| show(&bar, outcome, done, of);
            import::from_web(&mut importer, &url, wish.max_pages, wish.remove_missing, &mut seen)
                .await
                .map_err(Failure::because)
        }
        _ => from_path(&mut importer, Path::new(wish.from), wish.remove_missing, &bar).await,
    };
    bar.finish_and_clear();
    let outcomes = outcomes?;
    let count = |status| outcomes.iter().filter(|outcome| outcome.status == status).count();
    index(config, app).await?;
    print(&format!(
        "{} created, {} updated, {} unchanged, {} removed, {} failed\n",
        count(Status::Created),
        count(Status::Updated),
        count(Status::Unchanged),
        count(Status::Removed),
        count(Status::Failed),
    ))?;
    match count(Status::Failed) {
        0 if outcomes.is_empty() => Err(Failure::new(format!(
            "there is nothing to import at {}; PDF, DOCX, XLSX, ODT, ODS, HTML, Markdown, CSV and text can be read",
            output::harmless(wish.from)
        ))),
        0 => Ok(()),
        failed => {
            Err(Failure::new(format!("{failed} of {} could not be imported; the lines above say why", outcomes.len())))
        }
    }
}

/// Imports a file, or the files of a folder with its folders as sections.
async fn from_path(
    importer: &mut Importer<'_>,
    path: &Path,
    remove_missing: bool,
    bar: &ProgressBar,
) -> Result<Vec<Outcome>, Failure> {
    let found = files::below(path)?;
    let mut outcomes = Vec::new();
    for (place, file) in found.files.iter().enumerate() {
        let outcome = match files::read(&file.path) {
            Ok(bytes) => {
                let read = Read {
                    source: &file.source,
                    sections: import::folders(&file.source, found.skipped_folders),
                    identifiers: Identifiers::default(),
                    name: None,
                    media_type: None,
                    bytes,
                    page: None,
                };
                importer.take(read).await.map_err(Failure::because)?
            }
            Err(reason) => Outcome {
                source: file.source.clone(),
                status: Status::Failed,
                names: None,
                name: None,
                reason: Some(reason),
            },
        };
        show(bar, &outcome, place + 1, found.files.len());
        outcomes.push(outcome);
    }
    if let Some(prefix) = found.prefix.filter(|_| remove_missing) {
        let there: HashSet<String> = found.files.into_iter().map(|file| file.source).collect();
        for outcome in importer.remove_missing(&prefix, &there).await.map_err(Failure::because)? {
            show(bar, &outcome, there.len(), there.len());
            outcomes.push(outcome);
        }
    }
    Ok(outcomes)
}

/// Indexes what was imported.
async fn index(config: &Config, app: &Arc<App>) -> Result<(), Failure> {
    let ended = CancellationToken::new();
    let leases = {
        let (queue, ended) = (Arc::clone(&app.queue), ended.clone());
        tokio::spawn(async move { queue.keep_leases(ended).await })
    };
    let indexed = worker::index_once(app, &parts::worker_settings(config)).await;
    ended.cancel();
    leases.await.map_err(Failure::because)?;
    indexed.map_err(Failure::because)
}

async fn find(app: &Arc<App>, account: AccountId, wish: &Search<'_>, json: bool) -> Result<(), Failure> {
    let found = search::search(app, account, wish).await.map_err(Failure::because)?;
    if !found.is_indexed {
        output::note("some articles are not indexed yet; “cmes serve” does that");
    }
    if json {
        let passages: Vec<_> = found
            .passages
            .iter()
            .map(|passage| {
                serde_json::json!({
                    "Score": passage.score,
                    "Knowledgebase": passage.base_name,
                    "ID": passage.article.id,
                    "Code": passage.article.code,
                    "ExternalID": passage.article.external_id,
                    "Name": passage.article_name,
                    "Context": passage.context,
                    "Text": passage.text,
                })
            })
            .collect();
        let text = serde_json::to_string_pretty(&passages).map_err(Failure::because)?;
        return print(&format!("{text}\n"));
    }
    let passages = found.passages.iter().map(|passage| {
        let text = passage.text.lines().map(output::harmless).collect::<Vec<_>>().join("\n");
        format!("{:.2}  {}\n{text}\n", passage.score, output::harmless(&passage.context))
    });
    print(&passages.collect::<Vec<_>>().join("\n"))
}

/// A bar on a terminal; elsewhere only what happens is said.
fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(1);
    if let Ok(style) = ProgressStyle::with_template("{bar:30.cyan} {pos}/{len} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn show(bar: &ProgressBar, outcome: &Outcome, done: usize, of: usize) {
    bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
    bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    let source = output::harmless(&outcome.source);
    let line = match (outcome.status, &outcome.reason) {
        (Status::Failed, reason) => {
            format!("✗ {source}: {}", output::harmless(reason.as_deref().unwrap_or("it could not be imported")))
        }
        (Status::Unchanged, _) => format!("= {source}"),
        (Status::Removed, _) => format!("- {source}"),
        (Status::Updated, _) => format!("~ {source}"),
        (Status::Created, _) => format!("+ {source}"),
    };
    if bar.is_hidden() {
        output::note(&line);
    } else {
        bar.println(line);
    }
}
