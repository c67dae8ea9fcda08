//! The queue's table: work that is to be done, each row until it is done.
//!
//! A job is *ready*, *running* under a lease, or *waiting* for a moment. The
//! one column `due_at` says when it comes back into the line: the moment waited
//! for, or the end of a lease whose process has died. A lease is named by the
//! process and the number of the attempt; what ends or changes a job names the
//! lease, so that a process that was thought dead has no effect when it wakes.
//!
//! **Fairness.** A job gets its place in the line (`turn`) when it becomes
//! ready: the turn that is being served, or one more than the last ready job of
//! its account, whichever is later. So an account with 10,000 jobs takes one
//! place in each round, and another account's one job is served in the next.

mod claiming;

use cmes_types::{AccountId, Timestamp};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::channels::ChannelKey;
use crate::db::{Transaction, execute, fetch_optional, on_transaction, read, run, write};
use crate::{Db, Result};

pub use claiming::{Claim, any_ready, claim};

/// What a job is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// A task, for any worker.
    Task,
    /// A synchronous call, run by the process that answers it.
    Call,
    /// A message to a webhook.
    Webhook,
    /// Passages of a knowledge base that are to be made.
    Index,
    /// Vectors of a knowledge base that are to be made.
    Embed,
}

impl JobKind {
    /// As it is stored, and named in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Call => "call",
            Self::Webhook => "webhook",
            Self::Index => "index",
            Self::Embed => "embed",
        }
    }
}

/// The right to work on a job until its lease ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The job.
    pub id: Uuid,
    /// Whose it is.
    pub account: AccountId,
    /// The process.
    pub worker: Uuid,
    /// How often the job was begun, this time included.
    pub attempt: i64,
}

/// How a new job begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// At the end of its account's line.
    Ready,
    /// At this moment.
    At(Timestamp),
    /// At once, by this process, under a lease until then.
    Running { worker: Uuid, until: Timestamp },
}

/// The turn of a job that becomes ready; `$2` is its kind and `$3` its account.
macro_rules! turn {
    () => {
        "(select max(turn) from (
            select coalesce(min(turn), 0) as turn from jobs where kind = $2 and state = 'ready'
            union all
            select coalesce(max(turn) + 1, 0) from jobs where account_id = $3 and kind = $2 and state = 'ready'
         ) as candidates)"
    };
}

/// Puts a job into the queue, in the transaction of what asks for it.
pub(crate) async fn enqueue(
    transaction: &mut Transaction,
    id: Uuid,
    kind: JobKind,
    account: AccountId,
    start: Start,
    now: Timestamp,
) -> Result<()> {
    let at = now.milliseconds();
    match start {
        Start::Ready => execute!(
            transaction,
            concat!(
                "insert into jobs (id, kind, account_id, state, turn, due_at, created_at)
                 values ($1, $2, $3, 'ready', ",
                turn!(),
                ", $4, $4)"
            ),
            id,
            kind.as_str(),
            account.0,
            at,
        )?,
        Start::At(moment) => execute!(
            transaction,
            "insert into jobs (id, kind, account_id, state, turn, due_at, created_at)
             values ($1, $2, $3, 'waiting', 0, $4, $5)",
            id,
            kind.as_str(),
            account.0,
            moment.milliseconds(),
            at,
        )?,
        Start::Running { worker, until } => execute!(
            transaction,
            "insert into jobs (id, kind, account_id, state, turn, due_at, worker, attempts, created_at)
             values ($1, $2, $3, 'running', 0, $4, $5, 1, $6)",
            id,
            kind.as_str(),
            account.0,
            until.milliseconds(),
            worker,
            at,
        )?,
    };
    Ok(())
}

/// `($3, $4, $5)`.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let numbers: Vec<String> = (first..first + count).map(|number| format!("${number}")).collect();
    format!("({})", numbers.join(", "))
}

/// Extends the leases of a process on these jobs; returns those on which it
/// still may work. (Not all that bear its name: a run that ended without
/// ending its job has to be taken over.)
///
/// # Errors
/// When the database fails.
pub async fn heartbeat(db: &Db, worker: Uuid, jobs: &[Uuid], until: Timestamp) -> Result<Vec<Uuid>> {
    let mut ours = Vec::with_capacity(jobs.len());
    for some in jobs.chunks(500) {
        let sql = format!(
            "update jobs set due_at = $2 where worker = $1 and state = 'running' and id in {} returning id",
            placeholders(3, some.len())
        );
        let rows: Vec<(Uuid,)> = write!(db, |pool| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(worker).bind(until.milliseconds());
            for id in some {
                query = query.bind(*id);
            }
            query.fetch_all(pool).await
        })?;
        ours.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(ours)
}

#[derive(FromRow)]
struct Due {
    id: Uuid,
    kind: String,
    account_id: Uuid,
}

/// Brings jobs back into the line whose moment has come or whose process has
/// died; returns how many. Synchronous calls are not among them (see
/// [`crate::tasks::abandoned`]).
///
/// # Errors
/// When the database fails.
pub async fn promote(db: &Db, limit: i64, now: Timestamp) -> Result<usize> {
    let sql = "select id, kind, account_id from jobs where state <> 'ready' and due_at <= $1 and kind <> 'call'
               order by due_at limit $2";
    let due: Option<(i32,)> = read!(db, |pool| {
        sqlx::query_as("select 1 from jobs where state <> 'ready' and due_at <= $1 and kind <> 'call' limit 1")
            .bind(now.milliseconds())
            .fetch_optional(pool)
            .await
    })?;
    if due.is_none() {
        return Ok(0);
    }
    let mut transaction = db.begin().await?;
    let sql = format!("{sql}{}", transaction.skip_locked());
    let due: Vec<Due> = on_transaction!(&mut transaction, |connection| {
        sqlx::query_as(AssertSqlSafe(sql)).bind(now.milliseconds()).bind(limit).fetch_all(connection).await
    })?;
    for job in &due {
        execute!(
            &mut transaction,
            concat!("update jobs set state = 'ready', worker = null, turn = ", turn!(), " where id = $1"),
            job.id,
            &job.kind,
            job.account_id,
        )?;
    }
    transaction.commit().await?;
    Ok(due.len())
}

/// Keeps a lease from ending or passing to another process until the transaction ends. False when it is not valid any more.
pub(crate) async fn hold(transaction: &mut Transaction, lease: &Lease) -> Result<bool> {
    // Writing the row locks it on either engine.
    let rows = execute!(
        transaction,
        "update jobs set attempts = attempts where id = $1 and worker = $2 and attempts = $3",
        lease.id,
        lease.worker,
        lease.attempt,
    )?;
    Ok(rows == 1)
}

/// Ends a job in the transaction of its outcome; false when the lease is not valid any more.
pub(crate) async fn complete(transaction: &mut Transaction, lease: &Lease) -> Result<bool> {
    let rows = execute!(
        transaction,
        "delete from jobs where id = $1 and worker = $2 and attempts = $3",
        lease.id,
        lease.worker,
        lease.attempt,
    )?;
    Ok(rows == 1)
}

/// Puts a job off in a transaction; false when the lease is not valid any more.
pub(crate) async fn put_off(transaction: &mut Transaction, lease: &Lease, until: Timestamp) -> Result<bool> {
    let rows = execute!(
        transaction,
        "update jobs set state = 'waiting', worker = null, due_at = $4 where id = $1 and worker = $2 and attempts = $3",
        lease.id,
        lease.worker,
        lease.attempt,
        until.milliseconds(),
    )?;
    Ok(rows == 1)
}

/// Puts a job off until this moment; false when the lease is not valid any more.
///
/// # Errors
/// When the database fails.
pub async fn retry(db: &Db, lease: &Lease, until: Timestamp) -> Result<bool> {
    let mut transaction = db.begin().await?;
    let is_ours = put_off(&mut transaction, lease, until).await?;
    transaction.commit().await?;
    Ok(is_ours)
}

/// Gives a job back as if it had not been begun; false when the lease is not valid any more.
///
/// # Errors
/// When the database fails.
pub async fn hand_back(db: &Db, lease: &Lease) -> Result<bool> {
    let rows = run!(
        db,
        "update jobs set state = 'ready', worker = null, attempts = attempts - 1
         where id = $1 and worker = $2 and attempts = $3 and kind <> 'call'",
        lease.id,
        lease.worker,
        lease.attempt
    )?;
    Ok(rows == 1)
}

/// Puts a job that has done a part of its work behind those that are being served now, so that long ones take turns;
/// false when the lease is not valid any more.
///
/// # Errors
/// When the database fails.
pub async fn step_aside(db: &Db, kind: JobKind, lease: &Lease) -> Result<bool> {
    let rows = run!(
        db,
        "update jobs set state = 'ready', worker = null, attempts = attempts - 1,
                turn = (select coalesce(min(turn), 0) + 1 from jobs where kind = $4 and state = 'ready')
         where id = $1 and worker = $2 and attempts = $3",
        lease.id,
        lease.worker,
        lease.attempt,
        kind.as_str()
    )?;
    Ok(rows == 1)
}

/// The moment for which those wait that others wake.
pub(crate) const NEVER: i64 = i64::MAX;

#[derive(FromRow)]
struct Waiting {
    id: Uuid,
}

/// Wakes the job of the first task of a channel, whether it waits for its turn or for another attempt.
pub(crate) async fn wake_first(
    transaction: &mut Transaction,
    account: AccountId,
    channel: ChannelKey,
    now: Timestamp,
) -> Result<()> {
    let first = fetch_optional!(
        &mut *transaction,
        Waiting,
        "select id from tasks where channel_key = $1 and outcome is null order by place limit 1",
        channel.0,
    )?;
    if let Some(Waiting { id }) = first {
        execute!(
            transaction,
            concat!(
                "update jobs set state = 'ready', due_at = $4, turn = ",
                turn!(),
                " where id = $1 and kind = $2 and account_id = $3 and state = 'waiting'"
            ),
            id,
            JobKind::Task.as_str(),
            account.0,
            now.milliseconds(),
        )?;
    }
    Ok(())
}

/// Wakes the jobs of all tasks of a channel that wait.
pub(crate) async fn wake_all(
    transaction: &mut Transaction,
    account: AccountId,
    channel: ChannelKey,
    now: Timestamp,
) -> Result<()> {
    execute!(
        transaction,
        concat!(
            "update jobs set state = 'ready', due_at = $4, turn = ",
            turn!(),
            " where id in (select id from tasks where channel_key = $1 and outcome is null)
              and kind = $2 and account_id = $3 and state = 'waiting'"
        ),
        channel.0,
        JobKind::Task.as_str(),
        account.0,
        now.milliseconds(),
    )?;
    Ok(())
}

/// Makes a synchronous call that lost its process a task for any worker, in a
/// transaction; false when the lease is not valid any more.
pub(crate) async fn adopt(transaction: &mut Transaction, lease: &Lease) -> Result<bool> {
    let rows = execute!(
        transaction,
        concat!(
            "update jobs set kind = $2, state = 'ready', worker = null, turn = ",
            turn!(),
            " where id = $1 and account_id = $3 and worker = $4 and attempts = $5"
        ),
        lease.id,
        JobKind::Task.as_str(),
        lease.account.0,
        lease.worker,
        lease.attempt,
    )?;
    Ok(rows == 1)
}

/// How many jobs of a kind are in a state.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Count {
    /// Kind of the jobs.
    pub kind: String,
    /// Their state.
    pub state: String,
    /// Their number.
    pub jobs: i64,
}

/// The length of the queue by kind and state.
///
/// # Errors
/// When the database fails.
pub async fn counts(db: &Db) -> Result<Vec<Count>> {
    Ok(read!(db, |pool| {
        sqlx::query_as("select kind, state, count(*) as jobs from jobs group by kind, state order by kind, state")
            .fetch_all(pool)
            .await
    })?)
}
