//! Synchronous calls: tasks that the process runs which answers the call.

use std::sync::Arc;

use cmes_store::jobs::{JobKind, Lease};
use cmes_store::tasks::Runner;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::Instrument;

use super::ending::{AFTER_THE_ANSWER, end, lost};
use super::{Called, Ended, Known, Listener, Request, create, ended, execute, span};
use crate::enrichment::Progress;
use crate::{App, Caller, Error};

/// A call that is being worked on. Dropped, its caller is gone.
#[derive(Debug)]
pub struct Running {
    run: JoinHandle<Result<Ended, Error>>,
    _told_when_dropped: DropGuard,
}

impl Running {
    /// Waits for the end.
    ///
    /// # Errors
    /// When the end could not be stored.
    pub async fn end(self) -> Result<Ended, Error> {
        self.run.await.map_err(Error::internal)?
    }
}

/// What becomes of a call.
#[derive(Debug)]
pub enum Begun {
    /// It is worked on.
    Running(Running),
    /// It had ended before: the same wish, by its Idempotency-Key, was granted earlier.
    Ended(Ended),
}

/// Runs a task in this process and waits for its end. When the caller goes
/// away, it is stopped and costs nothing, unless its result can be had in
/// another way.
///
/// # Errors
/// Like [`super::submit`], and [`Error::Overloaded`] when no turn comes in time.
pub async fn call(app: &Arc<App>, caller: &Caller, request: &Request) -> Result<Ended, Error> {
    match begin(app, caller, request, None).await? {
        Begun::Running(running) => running.end().await,
        Begun::Ended(ended) => Ok(ended),
    }
}

/// Stores a task and begins to run it in this process; the listener hears the
/// answer while it is written.
///
/// # Errors
/// Like [`call`].
pub async fn begin(
    app: &Arc<App>,
    caller: &Caller,
    request: &Request,
    listener: Option<Listener>,
) -> Result<Begun, Error> {
    let turn = app.calls.take(caller.account).await.ok_or(Error::Overloaded)?;
    let worker = app.queue.worker();
    let runner = Runner::Caller { worker, until: app.queue.lease_end() };
    let task = match create(app, caller, request, runner).await? {
        Known::New(task) => task,
        Known::Before(task) => return ended(&task).map(Begun::Ended).ok_or(Error::StillRunning),
    };
    let lease = Lease { id: task.id.0, account: task.account, worker, attempt: 1 };
    let watch = app.queue.watch(JobKind::Call, lease);
    let caller_gone = CancellationToken::new();
    let told_when_dropped = caller_gone.clone().drop_guard();
    let is_awaited = request.webhook.is_some() || request.idempotency.is_some() || request.work.is_kept();
    let app = Arc::clone(app);
    let run = async move {
        let _turn = turn;
        let work = async {
            if let Some(standing) = task.standing {
                app.order.wait(&app.db, standing).await?;
            }
            execute(&app, &task, &watch.lease(), Progress::unseen(), Some(Called { listener })).await
        };
        let outcome = tokio::select! {
            outcome = work => outcome,
            () = watch.lost() => return Err(lost()),
            () = caller_gone.cancelled(), if !is_awaited => Err(Error::Cancelled),
        };
        end(&app, &watch.lease(), &task, outcome, AFTER_THE_ANSWER).await
    };
    Ok(Begun::Running(Running { run: tokio::spawn(run.instrument(span())), _told_when_dropped: told_when_dropped }))
}
