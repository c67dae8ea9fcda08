//! Tasks: one row for each call of a billable or asynchronous method, from its
//! acceptance until its result is too old.
//!
//! A task is written in one transaction with the money that it holds and the
//! job that works on it; it ends in one transaction with what it costs and the
//! webhook that tells about it. Between the two it may be begun any number of
//! times, by any process: only the holder of the last lease can end it.

use cmes_types::{AccountId, Currency, KeyId, Money, ProjectId, TaskId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::answering::{self, Asked, NewAnswer, Standing};
use crate::caps::{self, CapState};
use crate::channels::{self, ChannelKey};
use crate::db::{Transaction, execute, fetch_optional, read, run, write};
use crate::deliveries::{self, NewDelivery};
use crate::jobs::{self, JobKind, Lease, Start};
use crate::ledger::{self, Capture, Purpose};
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

/// Who runs a new task.
#[derive(Clone, Copy, Debug)]
pub enum Runner {
    /// Whichever worker is free.
    AnyWorker,
    /// This process, which answers the call, under a lease until then.
    Caller {
        /// The process.
        worker: Uuid,
        /// End of the lease.
        until: Timestamp,
    },
}

/// What a task is made of.
#[derive(Clone, Debug)]
pub struct NewTask<'a> {
    /// Who pays.
    pub account: AccountId,
    /// To which project it counts.
    pub project: ProjectId,
    /// Whose key asks for it.
    pub key: KeyId,
    /// The method.
    pub method: &'a str,
    /// What to do, as JSON.
    pub work: &'a str,
    /// Whom to tell about the end.
    pub webhook_url: Option<&'a str>,
    /// The request that is told with it.
    pub request: Option<&'a str>,
    /// Price of one lead.
    pub price: Money,
    /// The most that it may cost.
    pub hold: Money,
    /// The record of its Idempotency-Key.
    pub idempotency: Option<Uuid>,
    /// Who runs it.
    pub runner: Runner,
    /// The message that it is to answer, stored with it.
    pub asked: Option<&'a Asked>,
}

/// How an account's money stands after a hold, for warnings.
#[derive(Clone, Debug)]
pub struct Spending {
    /// The account.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// What could be spent before.
    pub before: Money,
    /// What can be spent now.
    pub after: Money,
    /// Where warnings go.
    pub warning_url: Option<String>,
    /// Below which balance one is wanted.
    pub warning_balance: Option<Money>,
    /// The caps that concern it.
    pub caps: Vec<CapState>,
}

/// What became of the wish for a task.
#[derive(Clone, Debug)]
pub enum Created {
    /// It is stored.
    New(Box<Task>),
    /// The same wish (by its Idempotency-Key) was granted before.
    Known(Box<Task>),
    /// The balance is too small.
    NotEnough {
        /// What can be spent.
        balance: Money,
    },
    /// A cap would be exceeded.
    OverCap(Box<CapState>),
}

/// Stores a task with its hold and its job, or nothing. `warnings` says which
/// messages the new state of the money calls for.
///
/// # Errors
/// When the database fails; with a message to answer, also those of `answering::line_up`.
pub async fn create(
    db: &Db,
    new: &NewTask<'_>,
    warnings: impl Fn(&Spending) -> Vec<NewDelivery>,
    now: Timestamp,
) -> Result<Created> {
    let id = TaskId::new_at(now);
    let mut transaction = db.begin().await?;
    let rows = execute!(
        &mut transaction,
        "insert into tasks (id, account_id, project_id, key_id, idempotency_id, method, work, webhook_url, request,
                            price, held, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (idempotency_id) do nothing",
        id.0,
        new.account.0,
        new.project.0,
        new.key.0,
        new.idempotency,
        new.method,
        new.work,
        new.webhook_url,
        new.request,
        new.price.units(),
        new.hold.units(),
        now.milliseconds(),
    )?;
    if rows == 0 {
        let sql = select!("idempotency_id = $1 and account_id = $2");
        let known = fetch_optional!(&mut transaction, Row, sql, new.idempotency, new.account.0)?;
        return known.map(|row| Created::Known(Box::new(row.into()))).ok_or(StoreError::NotFound);
    }
    let standing = match new.asked {
        Some(asked) => Some(answering::line_up(&mut transaction, new.account, id, asked, now).await?),
        None => None,
    };
    let purpose = Purpose {
        account: new.account,
        project: new.project,
        key: new.key,
        task: id,
        method: new.method,
        requested_at: now,
    };
    if new.hold != Money::ZERO
        && let Some(refused) = hold(&mut transaction, &purpose, new.hold, warnings, now).await?
    {
        // The transaction is dropped, and with it the task.
        return match refused {
            Refused::NotEnough => {
                drop(transaction);
                Ok(Created::NotEnough { balance: crate::accounts::balance(db, new.account).await? })
            }
            Refused::OverCap(state) => Ok(Created::OverCap(state)),
        };
    }
    let (kind, start) = match new.runner {
        Runner::AnyWorker => (JobKind::Task, Start::Ready),
        Runner::Caller { worker, until } => (JobKind::Call, Start::Running { worker, until }),
    };
    jobs::enqueue(&mut transaction, id.0, kind, new.account, start, now).await?;
    if let Some(standing) = standing {
        answering::wait_in_line(&mut transaction, id, standing).await?;
    }
    transaction.commit().await?;
    Ok(Created::New(Box::new(Task::begun(id, new, standing, now))))
}

enum Refused {
    NotEnough,
    OverCap(Box<CapState>),
}

async fn hold(
    transaction: &mut Transaction,
    purpose: &Purpose<'_>,
    amount: Money,
    warnings: impl Fn(&Spending) -> Vec<NewDelivery>,
    now: Timestamp,
) -> Result<Option<Refused>> {
    let Some(held) = ledger::hold(transaction, *purpose, amount, now).await? else {
        return Ok(Some(Refused::NotEnough));
    };
    let caps = if held.has_caps { caps::states(transaction, purpose, now).await? } else { Vec::new() };
    if let Some(exceeded) = caps.iter().find(|state| state.spent > state.cap.amount) {
        return Ok(Some(Refused::OverCap(Box::new(exceeded.clone()))));
    }
    let spending = Spending {
        account: purpose.account,
        currency: held.currency.parse().map_err(|e| StoreError::Engine(sqlx::Error::Decode(Box::new(e))))?,
        before: Money::from_units(held.balance.units() + amount.units()),
        after: held.balance,
        warning_url: held.warning_url,
        warning_balance: held.warning_balance,
        caps,
    };
    for warning in warnings(&spending) {
        deliveries::enqueue(transaction, &warning, now).await?;
    }
    Ok(None)
}

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

/// How a task ends.
#[derive(Clone, Debug)]
pub struct Ending {
    /// With what.
    pub outcome: Outcome,
    /// The answer's body, or the failure as data.
    pub result: String,
    /// What is paid for.
    pub captures: Vec<Capture>,
    /// The message that tells about it.
    pub delivery: Option<NewDelivery>,
    /// The answer to the message that it was to answer.
    pub answer: Option<NewAnswer>,
    /// How many leads the result holds; when more are finished by now, nothing is done.
    pub leads: i64,
}

/// What became of the wish to end a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It has ended, and so much was charged for it in all.
    Now(Money),
    /// Nothing was done: another process has the task, or it had ended already.
    NotOurs,
    /// Nothing was done: a lead was finished that the result does not hold.
    MoreLeads,
}

/// Ends a task under a lease: pays, releases the rest, keeps the result and
/// the answer, and sends the message, all or nothing.
///
/// # Errors
/// [`StoreError::NotFound`] when there is an answer, but its channel is gone, or when the database fails.
pub async fn finish(db: &Db, lease: &Lease, task: &Task, ending: &Ending, now: Timestamp) -> Result<Ended> {
    let mut transaction = db.begin().await?;
    lock_channel(&mut transaction, task, now).await?;
    if !jobs::complete(&mut transaction, lease).await? {
        return Ok(Ended::NotOurs);
    }
    end_or_undo(transaction, task, ending, now).await
}

/// Ends a task without regard to who works on it.
///
/// # Errors
/// When the database fails.
pub async fn cancel(db: &Db, task: &Task, ending: &Ending, now: Timestamp) -> Result<Ended> {
    let mut transaction = db.begin().await?;
    lock_channel(&mut transaction, task, now).await?;
    // The job is the right to end its task: whoever deletes it, ends it.
    if execute!(&mut transaction, "delete from jobs where id = $1", task.id.0)? == 0 {
        return Ok(Ended::NotOurs);
    }
    end_or_undo(transaction, task, ending, now).await
}

/// Ends a task whose job is gone in this transaction, or leaves everything as it was: also the job, which any worker may
/// take again from the moment on at which the caller hears of it.
async fn end_or_undo(mut transaction: Transaction, task: &Task, ending: &Ending, now: Timestamp) -> Result<Ended> {
    let ended = end(&mut transaction, task, ending, now).await;
    if let Ok(Ended::Now(_)) = ended {
        transaction.commit().await?;
    } else {
        // When not even that is possible, the error that led here says more.
        let _ = transaction.roll_back().await;
    }
    ended
}

/// The channel comes before the job, as when the task was made, so that nobody waits in a circle.
async fn lock_channel(transaction: &mut Transaction, task: &Task, now: Timestamp) -> Result<()> {
    let Some(standing) = task.standing else { return Ok(()) };
    match channels::lock(transaction, task.account, standing.channel, now).await {
        // Nothing comes to wait in a channel that is gone; those that wait are woken as ever.
        Err(StoreError::NotFound) => Ok(()),
        other => other,
    }
}

#[derive(FromRow)]
struct HeldNow {
    held: i64,
    leads: i64,
}

async fn end(transaction: &mut Transaction, task: &Task, ending: &Ending, now: Timestamp) -> Result<Ended> {
    // Leads may have been finished and paid since the task was read. Its job is gone, so none will be from now on.
    let sql = "select held, (select count(*) from leads where task_id = $1) as leads from tasks where id = $1";
    let current = fetch_optional!(&mut *transaction, HeldNow, sql, task.id.0)?.ok_or(StoreError::NotFound)?;
    if current.leads != ending.leads {
        return Ok(Ended::MoreLeads);
    }
    let held = Money::from_units(current.held);
    let paid = ledger::settle(transaction, task.purpose(), held, &ending.captures, now).await?;
    let row = fetch_optional!(
        &mut *transaction,
        Charged,
        "update tasks set outcome = $2, result = $3, progress = 100, held = 0, charged = charged + $4, work = '',
                          ended_at = $5
         where id = $1 returning charged",
        task.id.0,
        ending.outcome.as_str(),
        &ending.result,
        paid.units(),
        now.milliseconds(),
    )?
    .ok_or(StoreError::NotFound)?;
    if let Some(delivery) = &ending.delivery {
        deliveries::enqueue(transaction, delivery, now).await?;
    }
    if let Some(standing) = task.standing {
        answering::leave_line(transaction, task.account, standing, ending.answer.as_ref(), now).await?;
    }
    Ok(Ended::Now(Money::from_units(row.charged)))
}

#[derive(FromRow)]
struct Charged {
    charged: i64,
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
