//! Tasks: one row for each call of a billable or asynchronous method, from its
//! acceptance until its result is too old.
//!
//! A task is written in one transaction with the money that it holds and the
//! job that works on it; it ends in one transaction with what it costs and the
//! webhook that tells about it. Between the two it may be begun any number of
//! times, by any process: only the holder of the last lease can end it.

mod ending;
mod making;

use ending::lock_channel;
pub use ending::{Ended, Ending, cancel, finish};
pub use making::{Created, NewTask, Runner, Spending, create};

use cmes_types::{AccountId, KeyId, Money, ProjectId, TaskId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::answering::{self, Standing};
use crate::channels::ChannelKey;
use crate::db::{read, run, write};
use crate::jobs::{self, Lease};
use crate::ledger::Purpose;
use crate::messages::MessageKey;
use crate::{Db, Result, StoreError};

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With a result.
    Success,
    /// With a failure.
    Error,
    /// Its owner stopped it.
    Cancelled,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A task as it is stored.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its identity.
    pub id: TaskId,
    /// Who pays.
    pub account: AccountId,
    /// To which project it counts.
    pub project: ProjectId,
    /// Whose key asked for it.
    pub key: KeyId,
    /// The method, such as `/v1/enrichment`.
    pub method: String,
    /// What to do, as JSON; empty when it has ended.
    pub work: String,
    /// Whom to tell about the end.
    pub webhook_url: Option<String>,
    /// The request that is told with it, as JSON.
    pub request: Option<String>,
    /// Price of one lead.
    pub price: Money,
    /// What is set aside for it now.
    pub held: Money,
    /// What was paid for it.
    pub charged: Money,
    /// Share of the work that is done, 0 to 100.
    pub progress: i64,
    /// How it ended, if it has.
    pub outcome: Option<Outcome>,
    /// The answer's body, or the failure as data.
    pub result: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The message that it is to answer.
    pub standing: Option<Standing>,
    /// What its owner should know although it goes well, a list of sentences as JSON.
    pub remarks: Option<String>,
}

impl Task {
    fn begun(id: TaskId, new: &NewTask<'_>, standing: Option<Standing>, now: Timestamp) -> Self {
        Self {
            id,
            account: new.account,
            project: new.project,
            key: new.key,
            method: new.method.to_owned(),
            work: new.work.to_owned(),
            webhook_url: new.webhook_url.map(str::to_owned),
            request: new.request.map(str::to_owned),
            price: new.price,
            held: new.hold,
            charged: Money::ZERO,
            progress: 0,
            outcome: None,
            result: None,
            created_at: now,
            ended_at: None,
            standing,
            remarks: None,
        }
    }

    pub(crate) fn purpose(&self) -> Purpose<'_> {
        Purpose {
            account: self.account,
            project: self.project,
            key: self.key,
            task: self.id,
            method: &self.method,
            requested_at: self.created_at,
        }
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    project_id: Uuid,
    key_id: Uuid,
    method: String,
    work: String,
    webhook_url: Option<String>,
    request: Option<String>,
    price: i64,
    held: i64,
    charged: i64,
    progress: i64,
    outcome: Option<String>,
    result: Option<String>,
    created_at: i64,
    ended_at: Option<i64>,
    channel_key: Option<i64>,
    message_key: Option<i64>,
    place: Option<i64>,
    remarks: Option<String>,
}

impl Row {
    fn standing(&self) -> Option<Standing> {
        let (channel, message) = (ChannelKey(self.channel_key?), MessageKey(self.message_key?));
        Some(Standing { channel, message, place: self.place? })
    }
}

impl From<Row> for Task {
    fn from(row: Row) -> Self {
        let standing = row.standing();
        let outcome = row.outcome.map(|name| match name.as_str() {
            "success" => Outcome::Success,
            "cancelled" => Outcome::Cancelled,
            _ => Outcome::Error,
        });
        Self {
            id: row.id.into(),
            account: row.account_id.into(),
            project: row.project_id.into(),
            key: row.key_id.into(),
            method: row.method,
            work: row.work,
            webhook_url: row.webhook_url,
            request: row.request,
            price: Money::from_units(row.price),
            held: Money::from_units(row.held),
            charged: Money::from_units(row.charged),
            progress: row.progress,
            outcome,
            result: row.result,
            created_at: Timestamp::from_milliseconds(row.created_at),
            ended_at: row.ended_at.map(Timestamp::from_milliseconds),
            standing,
            remarks: row.remarks,
        }
    }
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "select id, account_id, project_id, key_id, method, work, webhook_url, request, price, held, charged,
                    progress, outcome, result, created_at, ended_at, channel_key, message_key, place, remarks from tasks where ",
            $condition
        )
    };
}
use select;

/// A task of an account.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, account: AccountId, id: TaskId) -> Result<Option<Task>> {
    let row: Option<Row> = read!(db, |pool| {
        sqlx::query_as(select!("account_id = $1 and id = $2")).bind(account.0).bind(id.0).fetch_optional(pool).await
    })?;
    Ok(row.map(Task::from))
}

/// The task that a request with this record of an Idempotency-Key made before.
///
/// # Errors
/// When the database fails.
pub async fn by_idempotency(db: &Db, account: AccountId, record: Uuid) -> Result<Option<Task>> {
    let row: Option<Row> = read!(db, |pool| {
        sqlx::query_as(select!("idempotency_id = $1 and account_id = $2"))
            .bind(record)
            .bind(account.0)
            .fetch_optional(pool)
            .await
    })?;
    Ok(row.map(Task::from))
}

/// The newest tasks of an account.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, account: AccountId, limit: i64) -> Result<Vec<Task>> {
    let rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(select!("account_id = $1 order by created_at desc, id desc limit $2"))
            .bind(account.0)
            .bind(limit)
            .fetch_all(pool)
            .await
    })?;
    Ok(rows.into_iter().map(Task::from).collect())
}

/// The share of the work that is done, 0 to 99; it never falls.
///
/// # Errors
/// When the database fails.
pub async fn set_progress(db: &Db, id: TaskId, percent: i64) -> Result<()> {
    // Not worth waiting for the disk.
    write!(db, |pool| {
        sqlx::query("update tasks set progress = $2 where id = $1 and progress < $2 and outcome is null")
            .bind(id.0)
            .bind(percent.clamp(0, 99))
            .execute(pool)
            .await
            .map(|_| ())
    })?;
    Ok(())
}

/// What a task's owner should know while it goes on and afterwards, a list of sentences as JSON.
///
/// # Errors
/// When the database fails.
pub async fn set_remarks(db: &Db, id: TaskId, remarks: &str) -> Result<()> {
    // Not worth waiting for the disk.
    write!(db, |pool| {
        sqlx::query("update tasks set remarks = $2 where id = $1 and outcome is null")
            .bind(id.0)
            .bind(remarks)
            .execute(pool)
            .await
            .map(|_| ())
    })?;
    Ok(())
}

/// Makes a synchronous call that lost its process a task for any worker, in its turn.
///
/// # Errors
/// When the database fails.
pub async fn adopt(db: &Db, lease: &Lease, task: &Task, now: Timestamp) -> Result<bool> {
    let mut transaction = db.begin().await?;
    lock_channel(&mut transaction, task, now).await?;
    let is_ours = jobs::adopt(&mut transaction, lease).await?;
    if let Some(standing) = task.standing.filter(|_| is_ours) {
        answering::wait_in_line(&mut transaction, task.id, standing).await?;
    }
    transaction.commit().await?;
    Ok(is_ours)
}

/// The task of a lease.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub async fn of_lease(db: &Db, lease: &Lease) -> Result<Task> {
    find(db, lease.account, TaskId(lease.id)).await?.ok_or(StoreError::NotFound)
}

#[derive(FromRow)]
struct LeaseRow {
    id: Uuid,
    account_id: Uuid,
    worker: Uuid,
    attempts: i64,
}

/// Synchronous calls whose process has died.
///
/// # Errors
/// When the database fails.
pub async fn abandoned(db: &Db, limit: i64, now: Timestamp) -> Result<Vec<Lease>> {
    let rows: Vec<LeaseRow> = read!(db, |pool| {
        sqlx::query_as(
            "select id, account_id, worker, attempts from jobs
             where state <> 'ready' and due_at <= $1 and kind = 'call' order by due_at limit $2",
        )
        .bind(now.milliseconds())
        .bind(limit)
        .fetch_all(pool)
        .await
    })?;
    let lease =
        |row: LeaseRow| Lease { id: row.id, account: row.account_id.into(), worker: row.worker, attempt: row.attempts };
    Ok(rows.into_iter().map(lease).collect())
}

/// Whether somebody can still get at the result of a call whose caller is gone:
/// by a webhook, or by repeating the request with its Idempotency-Key.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such task.
pub async fn is_awaited(db: &Db, id: TaskId) -> Result<bool> {
    let (awaited,): (bool,) = read!(db, |pool| {
        sqlx::query_as("select webhook_url is not null or idempotency_id is not null from tasks where id = $1")
            .bind(id.0)
            .fetch_one(pool)
            .await
    })?;
    Ok(awaited)
}

/// Deletes tasks that ended before this moment, at most so many; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn delete_ended_before(db: &Db, moment: Timestamp, limit: i64) -> Result<u64> {
    run!(
        db,
        "delete from tasks where id in (select id from tasks where ended_at < $1 order by ended_at limit $2)",
        moment.milliseconds(),
        limit
    )
}
