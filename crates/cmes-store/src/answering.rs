//! The order in which the messages of a channel are answered: one after the other.
//!
//! A task that is to answer one stands in the channel's line from its making to
//! its end (`tasks.place`); only the job of the first is ready or running, those
//! of the others wait without a moment, and whoever ends the first wakes the next
//! in the same transaction. A synchronous call's job is its process's own from the
//! start; the process asks [`is_first`]. Whoever changes the line locks the
//! channel's row first, so that no task comes between the look and the change.
//!
//! A task whose attempt failed keeps its place for another one only while nobody stands behind it ([`rest`]), and
//! whoever comes ends its rest: a model that is down holds nobody up for longer than one attempt takes.

use cmes_types::{AccountId, Speaker, TaskId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::channels::{self, ChannelKey};
use crate::db::{Transaction, execute, fetch_optional, read};
use crate::jobs::{self, Lease};
use crate::messages::{Content, MessageKey, State, change, insert};
use crate::{Db, Result, StoreError};

/// A message that a new task is to answer.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The message; one that failed before, by its name in the database.
    pub known: Option<MessageKey>,
    /// What it says.
    pub content: Content,
}

/// Where a task stands that is to answer a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The channel.
    pub channel: ChannelKey,
    /// The message.
    pub message: MessageKey,
    /// Its place in the channel's line.
    pub place: i64,
}

#[derive(FromRow)]
struct Place {
    place: i64,
}

/// Stores a message that a task is to answer and puts the task at the end of the channel's line, in the
/// transaction that makes the task. Locks the channel.
///
/// # Errors
/// [`StoreError::Conflict`] when an identifier is taken, or the message does not wait to be sent again;
/// [`StoreError::NotFound`] when the channel is gone.
pub(crate) async fn line_up(
    transaction: &mut Transaction,
    account: AccountId,
    task: TaskId,
    asked: &Asked,
    now: Timestamp,
) -> Result<Standing> {
    let channel = asked.content.channel;
    channels::lock(transaction, account, channel, now).await?;
    let message = match asked.known {
        None => insert(transaction, account, &asked.content, State::Waiting, now).await?,
        Some(key) => {
            let rows = execute!(
                &mut *transaction,
                "update messages set state = 'waiting' where key = $1 and account_id = $2 and state = 'failed'",
                key.0,
                account.0,
            )?;
            if rows != 1 {
                return Err(StoreError::Conflict);
            }
            change(transaction, account, key, &asked.content).await?;
            key
        }
    };
    let row = fetch_optional!(
        &mut *transaction,
        Place,
        "update tasks set channel_key = $2, message_key = $3,
                place = (select coalesce(max(place), 0) + 1 from tasks where channel_key = $2 and outcome is null)
         where id = $1 returning place",
        task.0,
        channel.0,
        message.0,
    )?;
    let place = row.map(|row| row.place).ok_or(StoreError::NotFound)?;
    // The new one has no job yet: if it is the first, this wakes nobody.
    jobs::wake_first(transaction, account, channel, now).await?;
    Ok(Standing { channel, message, place })
}

/// Lets the job of a task wait until it is the first of its channel, in a transaction that has the channel.
pub(crate) async fn wait_in_line(transaction: &mut Transaction, task: TaskId, standing: Standing) -> Result<()> {
    execute!(
        transaction,
        "update jobs set state = 'waiting', due_at = $4 where id = $1 and state = 'ready' and exists
         (select 1 from tasks where channel_key = $2 and outcome is null and place < $3)",
        task.0,
        standing.channel.0,
        standing.place,
        jobs::NEVER,
    )?;
    Ok(())
}

/// Whether a task is the first of its channel.
///
/// # Errors
/// When the database fails.
pub async fn is_first(db: &Db, standing: Standing) -> Result<bool> {
    let earlier: Option<(i32,)> = read!(db, |pool| {
        sqlx::query_as("select 1 from tasks where channel_key = $1 and outcome is null and place < $2 limit 1")
            .bind(standing.channel.0)
            .bind(standing.place)
            .fetch_optional(pool)
            .await
    })?;
    Ok(earlier.is_none())
}

/// What becomes of a task that wants to be tried again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It keeps its place, and waits.
    Resting,
    /// Another message waits behind it. Nothing was done.
    InTheWay,
    /// It is somebody else's now. Nothing was done.
    Lost,
}

/// Puts the task of a lease off until this moment, unless another message of the channel waits behind it.
///
/// # Errors
/// When the database fails.
pub async fn rest(db: &Db, lease: &Lease, standing: Standing, until: Timestamp, now: Timestamp) -> Result<Rest> {
    let mut transaction = db.begin().await?;
    match channels::lock(&mut transaction, lease.account, standing.channel, now).await {
        // Who waits in a channel that is gone waits for nobody.
        Ok(()) | Err(StoreError::NotFound) => {}
        Err(error) => return Err(error),
    }
    let behind = fetch_optional!(
        &mut transaction,
        Place,
        "select place from tasks where channel_key = $1 and outcome is null and place > $2 limit 1",
        standing.channel.0,
        standing.place,
    )?;
    if behind.is_some() {
        return Ok(Rest::InTheWay);
    }
    if !jobs::put_off(&mut transaction, lease, until).await? {
        return Ok(Rest::Lost);
    }
    transaction.commit().await?;
    Ok(Rest::Resting)
}

/// An answer as it is stored.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    /// Its identity.
    pub id: Uuid,
    /// Its words.
    pub text: String,
    /// When it was said.
    pub period: Timestamp,
    /// Codes of the articles that it rests on.
    pub articles: Vec<i64>,
    /// What the dialogue is about now.
    pub context: String,
}

/// Ends the answering of a message in the transaction that ends its task, which has the channel, and lets the next
/// one of the channel be answered.
///
/// # Errors
/// [`StoreError::NotFound`] when there is an answer, but no message or channel any more.
pub(crate) async fn leave_line(
    transaction: &mut Transaction,
    account: AccountId,
    standing: Standing,
    answer: Option<&NewAnswer>,
    now: Timestamp,
) -> Result<()> {
    let state = if answer.is_some() { "answered" } else { "failed" };
    let rows = execute!(
        &mut *transaction,
        "update messages set state = $3 where key = $1 and account_id = $2 and state = 'waiting'",
        standing.message.0,
        account.0,
        state,
    )?;
    if let Some(answer) = answer {
        if rows != 1 {
            return Err(StoreError::NotFound);
        }
        execute!(
            &mut *transaction,
            "insert into messages (account_id, channel_key, id, speaker, text, period, articles, answers_key, state,
                                   created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'stored', $9)",
            account.0,
            standing.channel.0,
            answer.id,
            Speaker::Assistant.as_str(),
            &answer.text,
            answer.period.milliseconds(),
            channels::json(&answer.articles),
            standing.message.0,
            now.milliseconds(),
        )?;
        execute!(
            &mut *transaction,
            "update channels set context = $2 where key = $1",
            standing.channel.0,
            &answer.context,
        )?;
    }
    jobs::wake_first(transaction, account, standing.channel, now).await
}
