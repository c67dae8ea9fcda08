//! The durable queue: who works on which job, for how long, and what happens
//! when it fails. It does not know what a job does.
//!
//! The jobs stand in the database ([`cmes_store::jobs`]), which says who is
//! next. A [`Queue`] is one process's side of it: its identity, the leases it
//! holds ([`Queue::keep_leases`] renews them) and what makes its workers look
//! again. [`Queue::work`] is the worker: it claims, runs, retries, and hands
//! back what is unfinished when it has to stop.
//!
//! A process may die at any moment: its leases end, and other processes take
//! the jobs over. A process may also be thought dead and wake: whatever ends a
//! job names the lease, so it finds that it has lost the job, and nothing is
//! done twice.

pub mod retry;
mod worker;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cmes_store::Db;
use cmes_store::jobs::{self, JobKind, Lease};
use cmes_types::{AccountId, Clock, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use worker::{Line, Verdict, Work, WorkFuture};

/// One process's side of the queue.
pub struct Queue {
    db: Db,
    clock: Arc<dyn Clock>,
    /// This process, by a name that no process had before.
    worker: Uuid,
    lease: Duration,
    running: Mutex<HashMap<Lease, Running>>,
    wake: Notify,
}

struct Running {
    kind: JobKind,
    lost: CancellationToken,
}

impl Queue {
    /// A process that takes jobs for so long at a time.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, lease: Duration) -> Arc<Self> {
        Arc::new(Self {
            worker: Uuid::new_v4(),
            running: Mutex::new(HashMap::new()),
            wake: Notify::new(),
            db,
            clock,
            lease,
        })
    }

    /// The name of this process.
    #[must_use]
    pub fn worker(&self) -> Uuid {
        self.worker
    }

    /// When a lease that begins now ends.
    #[must_use]
    pub fn lease_end(&self) -> Timestamp {
        self.clock.now().plus(self.lease)
    }

    /// Tells this process's worker that there may be something to do. Workers
    /// of other processes find out by themselves.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Enters a lease into this process's books, so that it is renewed, and
    /// says when it is lost.
    #[must_use]
    pub fn watch(self: &Arc<Self>, kind: JobKind, lease: Lease) -> Watch {
        let lost = CancellationToken::new();
        self.books().insert(lease, Running { kind, lost: lost.clone() });
        Watch { queue: Arc::clone(self), lease, lost }
    }

    /// Renews this process's leases until `stop`, a few times in the length of one.
    pub async fn keep_leases(&self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.lease / 3) => {}
            }
            if let Err(error) = self.renew().await {
                tracing::warn!(
                    error = cmes_types::error_chain(&error),
                    "the leases could not be renewed; trying again"
                );
            }
        }
    }

    /// Renews this process's leases once, and tells those that are lost.
    ///
    /// # Errors
    /// When the database fails; the leases are then as they were.
    pub async fn renew(&self) -> cmes_store::Result<()> {
        // A job that is claimed meanwhile may miss in the answer though it is ours.
        let before: Vec<Lease> = self.books().keys().copied().collect();
        if before.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = before.iter().map(|lease| lease.id).collect();
        let ours = jobs::heartbeat(&self.db, self.worker, &ids, self.lease_end()).await?;
        let books = self.books();
        for lease in before.iter().filter(|lease| !ours.contains(&lease.id)) {
            if let Some(running) = books.get(lease) {
                running.lost.cancel();
            }
        }
        Ok(())
    }

    /// Number of jobs of a kind that this process runs.
    fn running(&self, kind: JobKind) -> usize {
        self.books().values().filter(|running| running.kind == kind).count()
    }

    /// The same of each account.
    fn running_by_account(&self, kind: JobKind) -> HashMap<AccountId, usize> {
        let mut counts = HashMap::new();
        for (lease, _) in self.books().iter().filter(|(_, running)| running.kind == kind) {
            *counts.entry(lease.account).or_default() += 1;
        }
        counts
    }

    fn books(&self) -> MutexGuard<'_, HashMap<Lease, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lease in the books of this process, until it is dropped.
pub struct Watch {
    queue: Arc<Queue>,
    lease: Lease,
    lost: CancellationToken,
}

impl Watch {
    /// The lease.
    #[must_use]
    pub fn lease(&self) -> Lease {
        self.lease
    }

    /// Ends when the job belongs to another process or nobody any more.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.queue.books().remove(&self.lease);
        self.queue.wake();
    }
}
