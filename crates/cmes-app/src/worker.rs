//! What a process does beside answering: it keeps its leases; a worker works on
//! tasks and webhooks, indexes knowledge bases and the directory, takes care of
//! what others left behind, and deletes what is too old.

use std::sync::Arc;
use std::time::Duration;

use cmes_queue::{Line, Work};
use cmes_store::jobs::JobKind;
use cmes_store::{answers, deliveries, idempotency, indexing, tasks};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::{App, Error, IDEMPOTENCY_AGE, directory, knowledge};

/// How much a worker does at once, and how long results are kept.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Tasks at once.
    pub tasks: usize,
    /// Tasks of one account at once.
    pub tasks_per_account: usize,
    /// Webhooks at once.
    pub webhooks: usize,
    /// Webhooks of one account at once.
    pub webhooks_per_account: usize,
    /// Knowledge bases that are indexed at once: as many whose articles are cut, and as many whose passages are embedded.
    pub indexing: usize,
    /// Knowledge bases of one account among them.
    pub indexing_per_account: usize,
    /// How long results and delivered messages are kept.
    pub retention: Duration,
    /// How long running work may go on when the process stops.
    pub grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tasks: 16,
            tasks_per_account: 8,
            webhooks: 32,
            webhooks_per_account: 8,
            indexing: 4,
            indexing_per_account: 2,
            retention: Duration::from_secs(30 * 24 * 3600),
            grace: Duration::from_secs(3),
        }
    }
}

/// Pause between looks for abandoned calls.
const SWEEP_PAUSE: Duration = Duration::from_secs(1);
/// Pause between clean-ups.
const CLEAN_PAUSE: Duration = Duration::from_secs(60);
/// How long it is known which articles were deleted. An index in memory that was not used for so long is built anew.
pub const REMOVALS_AGE: Duration = Duration::from_secs(24 * 3600);
/// Rows deleted in one statement: each holds SQLite's one writer for a moment.
const CLEANED: i64 = 500;

/// Works until `stop`, then hands back what is unfinished.
pub async fn run(app: Arc<App>, settings: Settings, stop: CancellationToken) {
    let lines = lines(&app, &settings);
    let care = tokio::spawn(take_care(Arc::clone(&app), settings, stop.clone()));
    let directory = tokio::spawn(keep_directory(Arc::clone(&app), stop.clone()));
    Arc::clone(&app.queue).work(lines, stop, settings.grace).await;
    // They only wait for the same signal.
    let _ = tokio::join!(care, directory);
}

/// Reads the directory into memory, and makes the vectors of its companies as they come.
async fn keep_directory(app: Arc<App>, stop: CancellationToken) {
    tokio::select! {
        () = app.directory.warm_up() => {}
        () = stop.cancelled() => return,
    }
    directory::embedding::keep_up(app.directory.clone(), app.queue.worker(), stop).await;
}

/// Works on what is ready now, and returns when that is done.
///
/// # Errors
/// When the database fails.
pub async fn run_once(app: &Arc<App>, settings: &Settings) -> Result<(), Error> {
    crate::tasks::sweep(app).await?;
    Arc::clone(&app.queue).work_off(lines(app, settings)).await?;
    if let Err(trouble) = app.directory.embed(app.queue.worker(), true, false, |_| {}).await {
        tracing::warn!(error = cmes_types::error_chain(&trouble), "the directory is not embedded now");
    }
    Ok(())
}

/// Indexes what is to be indexed now, and nothing else, and returns when that is done.
///
/// # Errors
/// When the database fails.
pub async fn index_once(app: &Arc<App>, settings: &Settings) -> Result<(), Error> {
    let mut lines = lines(app, settings);
    lines.retain(|line| matches!(line.kind, JobKind::Index | JobKind::Embed));
    Ok(Arc::clone(&app.queue).work_off(lines).await?)
}

fn lines(app: &Arc<App>, settings: &Settings) -> Vec<Line> {
    let on_tasks: Work = {
        let app = Arc::clone(app);
        Arc::new(move |lease| {
            let app = Arc::clone(&app);
            Box::pin(async move { crate::tasks::run(&app, lease).await }.instrument(crate::tasks::span()))
        })
    };
    let on_webhooks: Work = {
        let app = Arc::clone(app);
        Arc::new(move |lease| {
            let app = Arc::clone(&app);
            Box::pin(async move { crate::webhooks::run(&app, lease).await }.instrument(crate::webhooks::span()))
        })
    };
    let on_articles: Work = {
        let app = Arc::clone(app);
        Arc::new(move |lease| {
            let app = Arc::clone(&app);
            Box::pin(async move { knowledge::indexing::run(&app, lease).await })
        })
    };
    let mut lines = vec![
        Line { kind: JobKind::Task, slots: settings.tasks, per_account: settings.tasks_per_account, work: on_tasks },
        Line {
            kind: JobKind::Webhook,
            slots: settings.webhooks,
            per_account: settings.webhooks_per_account,
            work: on_webhooks,
        },
        Line {
            kind: JobKind::Index,
            slots: settings.indexing,
            per_account: settings.indexing_per_account,
            work: on_articles,
        },
    ];
    // Passages are left to processes that have an embedder.
    if app.models.embedder().is_some() {
        let app = Arc::clone(app);
        let work: Work = Arc::new(move |lease| {
            let app = Arc::clone(&app);
            Box::pin(async move { knowledge::indexing::run_vectors(&app, lease).await })
        });
        let (slots, per_account) = (settings.indexing, settings.indexing_per_account);
        lines.push(Line { kind: JobKind::Embed, slots, per_account, work });
    }
    lines
}

async fn take_care(app: Arc<App>, settings: Settings, stop: CancellationToken) {
    let mut cleaned: Option<tokio::time::Instant> = None;
    let mut is_start = true;
    loop {
        if let Err(error) = crate::tasks::sweep(&app).await {
            tracing::warn!(
                error = cmes_types::error_chain(&error),
                "abandoned calls could not be looked for; trying again"
            );
        }
        if cleaned.is_none_or(|at| at.elapsed() >= CLEAN_PAUSE) {
            cleaned = Some(tokio::time::Instant::now());
            // What was made differently is made anew: at the start all of it, later what nobody could embed before.
            if let Err(error) = knowledge::indexing::request_outdated(&app, is_start).await {
                tracing::warn!(
                    error = cmes_types::error_chain(&error),
                    "knowledge bases could not be looked through; trying again"
                );
            } else {
                is_start = false;
            }
            // The first message then finds it measured.
            knowledge::nearness::scale(&app).await;
            if let Err(error) = clean(&app, settings.retention).await {
                tracing::warn!(
                    error = cmes_types::error_chain(&error),
                    "old results could not be deleted; trying again"
                );
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(SWEEP_PAUSE) => {}
        }
    }
}

/// Deletes results and messages that are older than `retention`, and first
/// answers that are not repeated any more; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn clean(app: &App, retention: Duration) -> Result<u64, Error> {
    let now = app.clock.now();
    let too_old = now.minus(retention);
    let mut deleted = 0;
    loop {
        let round = tasks::delete_ended_before(&app.db, too_old, CLEANED).await?
            + deliveries::delete_ended_before(&app.db, too_old, CLEANED).await?
            + idempotency::delete_before(&app.db, now.minus(IDEMPOTENCY_AGE), CLEANED).await?
            + answers::delete_before(&app.db, too_old, CLEANED).await?
            + indexing::forget_removals(&app.db, now.minus(REMOVALS_AGE), CLEANED).await?;
        deleted += round;
        if round == 0 {
            return Ok(deleted);
        }
    }
}
