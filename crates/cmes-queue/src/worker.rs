//! The worker: claims jobs, runs them side by side, and does what their
//! outcome asks for.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use cmes_store::jobs::{self, Claim, JobKind, Lease};
use futures_util::FutureExt;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Queue, Watch};

/// What follows a job's run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: the work has ended its job in the database, or lost it.
    Ended,
    /// Another attempt after this pause.
    Retry(Duration),
}

/// The future of a [`Work`].
pub type WorkFuture = Pin<Box<dyn Future<Output = Verdict> + Send>>;
/// What is done with a job. It may run again after it was cut off at any point.
pub type Work = Arc<dyn Fn(Lease) -> WorkFuture + Send + Sync>;

/// Jobs of one kind and what is done with them.
#[derive(Clone)]
pub struct Line {
    /// The kind.
    pub kind: JobKind,
    /// How many at once.
    pub slots: usize,
    /// How many of one account at once.
    pub per_account: usize,
    /// What is done.
    pub work: Work,
}

/// What ends within this time is replaced in one go, unless a quarter of a
/// line is free before: claiming is a transaction, and SQLite has one writer.
const GATHER: Duration = Duration::from_millis(5);
/// How often a worker looks for jobs that others have put into the queue, and
/// for those whose moment has come.
const LOOK: Duration = Duration::from_millis(200);
/// Most jobs brought back into the line at a look.
const PROMOTED: i64 = 500;
/// Pause after the database has failed.
const TROUBLE: Duration = Duration::from_secs(1);
/// Pause after a job's run has panicked.
const AFTER_PANIC: Duration = Duration::from_secs(30);

impl Queue {
    /// Works on these lines until `stop`; then takes nothing new, gives what
    /// runs `grace` to end, and hands the rest back.
    pub async fn work(self: Arc<Self>, lines: Vec<Line>, stop: CancellationToken, grace: Duration) {
        let abandon = CancellationToken::new();
        let mut runs = JoinSet::new();
        let mut looked: Option<Instant> = None;
        while !stop.is_cancelled() {
            let is_time = looked.is_none_or(|at| at.elapsed() >= LOOK);
            if is_time {
                looked = Some(Instant::now());
            }
            let pause = match self.take(&lines, is_time, &mut runs, &abandon).await {
                Ok(_) => LOOK,
                Err(error) => {
                    tracing::warn!(error = cmes_types::error_chain(&error), "the queue cannot be read; trying again");
                    TROUBLE
                }
            };
            let taken_at = Instant::now();
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
                () = self.has_room(&lines, taken_at), if pause == LOOK => {}
            }
            while runs.try_join_next().is_some() {}
        }
        let ended = async { while runs.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, ended).await.is_err() {
            abandon.cancel();
            while runs.join_next().await.is_some() {}
        }
    }

    /// Waits until there may be something to take and it is worth taking it.
    async fn has_room(&self, lines: &[Line], taken_at: Instant) {
        self.wake.notified().await;
        let is_roomy = |line: &Line| self.running(line.kind) * 4 <= line.slots * 3;
        while !lines.iter().all(is_roomy) && taken_at.elapsed() < GATHER {
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep_until(taken_at + GATHER) => {}
            }
        }
    }

    /// Works on these lines until nothing is ready and nothing runs any more;
    /// what waits for a moment stays.
    ///
    /// # Errors
    /// When the queue cannot be read.
    pub async fn work_off(self: Arc<Self>, lines: Vec<Line>) -> cmes_store::Result<()> {
        let mut runs = JoinSet::new();
        let never = CancellationToken::new();
        loop {
            let taken = self.take(&lines, true, &mut runs, &never).await?;
            if runs.join_next().await.is_none() && taken == 0 {
                return Ok(());
            }
        }
    }

    /// Takes what there is room for; returns how many jobs.
    async fn take(
        self: &Arc<Self>,
        lines: &[Line],
        is_time: bool,
        runs: &mut JoinSet<()>,
        abandon: &CancellationToken,
    ) -> cmes_store::Result<usize> {
        if is_time {
            jobs::promote(&self.db, PROMOTED, self.clock.now()).await?;
        }
        let mut taken = 0;
        for line in lines {
            let running = self.running_by_account(line.kind);
            let used = |account| running.get(&account).copied().unwrap_or_default();
            let wanted = Claim {
                kind: line.kind,
                worker: self.worker,
                limit: line.slots.saturating_sub(self.running(line.kind)),
                room: &|account| line.per_account.saturating_sub(used(account)),
                full: running.keys().copied().filter(|account| used(*account) >= line.per_account).collect(),
                until: self.lease_end(),
            };
            for lease in jobs::claim(&self.db, wanted).await? {
                taken += 1;
                let watch = self.watch(line.kind, lease);
                runs.spawn(run(Arc::clone(self), Arc::clone(&line.work), watch, abandon.clone()));
            }
        }
        Ok(taken)
    }
}

/// One run of one job.
async fn run(queue: Arc<Queue>, work: Work, watch: Watch, abandon: CancellationToken) {
    let lease = watch.lease();
    let outcome = tokio::select! {
        outcome = AssertUnwindSafe(work(lease)).catch_unwind() => outcome,
        () = watch.lost() => return,
        () = abandon.cancelled() => {
            if let Err(error) = jobs::hand_back(&queue.db, &lease).await {
                tracing::warn!(error = cmes_types::error_chain(&error), job = %lease.id, "not handed back; its lease will end");
            }
            return;
        }
    };
    let pause = match outcome {
        Ok(Verdict::Ended) => return,
        Ok(Verdict::Retry(pause)) => pause,
        Err(_) => {
            tracing::error!(job = %lease.id, "the run of a job panicked; the panic's message stands above in the log");
            AFTER_PANIC
        }
    };
    if let Err(error) = jobs::retry(&queue.db, &lease, queue.clock.now().plus(pause)).await {
        tracing::warn!(error = cmes_types::error_chain(&error), job = %lease.id, "not put off; its lease will end");
    }
}
