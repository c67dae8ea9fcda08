//! Messages to webhooks: one row each, with a log of every attempt.

use cmes_types::{AccountId, DeliveryId, TaskId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Transaction, execute, read, run};
use crate::jobs::{self, JobKind, Lease, Start};
use crate::{Db, Result, StoreError};

/// A message that is to be sent.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Whose it is.
    pub account: AccountId,
    /// The task it tells about, if it does.
    pub task: Option<TaskId>,
    /// What is told, where it may be told only once.
    pub key: Option<String>,
    /// The receiver.
    pub url: String,
    /// What it gets.
    pub body: String,
    /// Not sent before this moment.
    pub not_before: Timestamp,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is being tried.
    Pending,
    /// The receiver has taken it.
    Delivered,
    /// It was given up.
    Failed,
}

impl State {
    /// As it is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    fn from_str(name: &str) -> Self {
        match name {
            "delivered" => Self::Delivered,
            "failed" => Self::Failed,
            _ => Self::Pending,
        }
    }
}

/// A message as it is stored.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its identity, and with `msg_` before it the `webhook-id` of every attempt.
    pub id: DeliveryId,
    /// Whose it is.
    pub account: AccountId,
    /// The task it tells about.
    pub task: Option<TaskId>,
    /// The receiver.
    pub url: String,
    /// What it gets.
    pub body: String,
    /// How far it has come.
    pub state: State,
    /// Attempts so far.
    pub attempts: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it arrived or was given up.
    pub ended_at: Option<Timestamp>,
}

/// One attempt to send a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The receiver's status, if it answered.
    pub status: Option<u16>,
    /// Why there is none, or why it is no success.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: i64,
    /// When.
    pub created_at: Timestamp,
}

/// What follows an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it arrived.
    Delivered,
    /// Another attempt, at this moment.
    Retry(Timestamp),
    /// Nothing: it is given up.
    GiveUp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    task_id: Option<Uuid>,
    url: String,
    body: String,
    state: String,
    attempts: i64,
    created_at: i64,
    ended_at: Option<i64>,
}

impl From<Row> for Delivery {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            account: row.account_id.into(),
            task: row.task_id.map(TaskId),
            url: row.url,
            body: row.body,
            state: State::from_str(&row.state),
            attempts: row.attempts,
            created_at: Timestamp::from_milliseconds(row.created_at),
            ended_at: row.ended_at.map(Timestamp::from_milliseconds),
        }
    }
}

#[derive(FromRow)]
struct AttemptRow {
    status: Option<i64>,
    error: Option<String>,
    duration_ms: i64,
    created_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, account_id, task_id, url, body, state, attempts, created_at, ended_at from deliveries ",
            $rest
        )
    };
}

/// Puts a message into the queue, in the transaction of what it tells about.
/// One that was told already is not told again.
pub(crate) async fn enqueue(transaction: &mut Transaction, new: &NewDelivery, now: Timestamp) -> Result<()> {
    let id = DeliveryId::new_at(now);
    let rows = execute!(
        &mut *transaction,
        "insert into deliveries (id, account_id, task_id, key, url, body, state, created_at)
         values ($1, $2, $3, $4, $5, $6, 'pending', $7) on conflict (key) do nothing",
        id.0,
        new.account.0,
        new.task.map(|task| task.0),
        new.key.as_deref(),
        &new.url,
        &new.body,
        now.milliseconds(),
    )?;
    if rows == 0 {
        return Ok(());
    }
    let start = if new.not_before > now { Start::At(new.not_before) } else { Start::Ready };
    jobs::enqueue(transaction, id.0, JobKind::Webhook, new.account, start, now).await
}

/// The message of a lease.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub async fn of_lease(db: &Db, lease: &Lease) -> Result<Delivery> {
    find(db, lease.account, DeliveryId(lease.id)).await?.ok_or(StoreError::NotFound)
}

/// A message of an account.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, account: AccountId, id: DeliveryId) -> Result<Option<Delivery>> {
    let row: Option<Row> = read!(db, |pool| {
        sqlx::query_as(select!("where account_id = $1 and id = $2"))
            .bind(account.0)
            .bind(id.0)
            .fetch_optional(pool)
            .await
    })?;
    Ok(row.map(Delivery::from))
}

/// The newest messages of an account.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, account: AccountId, limit: i64) -> Result<Vec<Delivery>> {
    let rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(select!("where account_id = $1 order by created_at desc, id desc limit $2"))
            .bind(account.0)
            .bind(limit)
            .fetch_all(pool)
            .await
    })?;
    Ok(rows.into_iter().map(Delivery::from).collect())
}

/// The attempts of a message of an account, first to last.
///
/// # Errors
/// When the database fails.
pub async fn attempts(db: &Db, account: AccountId, id: DeliveryId) -> Result<Vec<Attempt>> {
    let rows: Vec<AttemptRow> = read!(db, |pool| {
        sqlx::query_as(
            "select a.status, a.error, a.duration_ms, a.created_at
             from delivery_attempts a join deliveries d on d.id = a.delivery_id
             where d.account_id = $1 and d.id = $2 order by a.number",
        )
        .bind(account.0)
        .bind(id.0)
        .fetch_all(pool)
        .await
    })?;
    let attempt = |row: AttemptRow| Attempt {
        status: row.status.and_then(|status| u16::try_from(status).ok()),
        error: row.error,
        duration_ms: row.duration_ms,
        created_at: Timestamp::from_milliseconds(row.created_at),
    };
    Ok(rows.into_iter().map(attempt).collect())
}

/// Logs an attempt and what follows it. False, and nothing done, when the
/// lease is not valid any more.
///
/// # Errors
/// When the database fails.
pub async fn record(db: &Db, lease: &Lease, attempt: &Attempt, next: Next, now: Timestamp) -> Result<bool> {
    let mut transaction = db.begin().await?;
    let is_ours = match next {
        Next::Retry(moment) => jobs::put_off(&mut transaction, lease, moment).await?,
        Next::Delivered | Next::GiveUp => jobs::complete(&mut transaction, lease).await?,
    };
    if !is_ours {
        return Ok(false);
    }
    let (state, ended_at) = match next {
        Next::Delivered => (State::Delivered, Some(now)),
        Next::Retry(_) => (State::Pending, None),
        Next::GiveUp => (State::Failed, Some(now)),
    };
    execute!(
        &mut transaction,
        "update deliveries set state = $2, attempts = attempts + 1, ended_at = $3 where id = $1",
        lease.id,
        state.as_str(),
        ended_at.map(Timestamp::milliseconds),
    )?;
    execute!(
        &mut transaction,
        "insert into delivery_attempts (delivery_id, number, status, error, duration_ms, created_at)
         select id, attempts, $2, $3, $4, $5 from deliveries where id = $1",
        lease.id,
        attempt.status.map(i64::from),
        attempt.error.as_deref(),
        attempt.duration_ms,
        attempt.created_at.milliseconds(),
    )?;
    transaction.commit().await?;
    Ok(true)
}

/// Begins a new plan of attempts for a message that has ended. False when it is
/// still being tried.
///
/// # Errors
/// [`StoreError::NotFound`] when the account has no such message.
pub async fn resend(db: &Db, account: AccountId, id: DeliveryId, now: Timestamp) -> Result<bool> {
    let mut transaction = db.begin().await?;
    let rows = execute!(
        &mut transaction,
        "update deliveries set state = 'pending', ended_at = null
         where id = $1 and account_id = $2 and state <> 'pending'",
        id.0,
        account.0,
    )?;
    if rows == 0 {
        drop(transaction);
        return find(db, account, id).await?.map(|_| false).ok_or(StoreError::NotFound);
    }
    jobs::enqueue(&mut transaction, id.0, JobKind::Webhook, account, Start::Ready, now).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Deletes messages that ended before this moment, at most so many; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn delete_ended_before(db: &Db, moment: Timestamp, limit: i64) -> Result<u64> {
    run!(
        db,
        "delete from deliveries where id in
         (select id from deliveries where ended_at < $1 order by ended_at limit $2)",
        moment.milliseconds(),
        limit
    )
}
