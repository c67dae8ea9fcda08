//! Channels: dialogues with an assistant.

use cmes_types::{AccountId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Transaction, execute, read, run};
use crate::identifiers::{Identifiers, Names, find_named};
use crate::{Db, Result, StoreError, jobs};

/// A channel, as the database names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChannelKey(pub i64);

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its name in the database.
    pub key: ChannelKey,
    /// Its identity.
    pub id: Uuid,
    /// The client's number; 0 = none.
    pub external_id: i64,
    /// The instructions for its answers.
    pub system: String,
    /// Name of the one who asks.
    pub user: String,
    /// Name of the one who answers.
    pub assistant: String,
    /// What it is about.
    pub context: String,
    /// Whether it takes messages.
    pub is_active: bool,
    /// Keys of the knowledge bases that it is restricted to; none = it may use all.
    pub bases: Option<Vec<i64>>,
}

impl Channel {
    /// As its owner names it.
    #[must_use]
    pub fn names(&self) -> Names {
        Names { id: self.id, external_id: self.external_id, code: 0 }
    }
}

#[derive(FromRow)]
struct Row {
    key: i64,
    id: Uuid,
    external_id: i64,
    system: String,
    user_name: String,
    assistant_name: String,
    context: String,
    is_active: bool,
    bases: Option<String>,
}

impl From<Row> for Channel {
    fn from(row: Row) -> Self {
        Self {
            key: ChannelKey(row.key),
            id: row.id,
            external_id: row.external_id,
            system: row.system,
            user: row.user_name,
            assistant: row.assistant_name,
            context: row.context,
            is_active: row.is_active,
            // A restriction that cannot be read restricts to nothing.
            bases: row.bases.map(|json| numbers(&json)),
        }
    }
}

/// The numbers of a stored JSON array; none when it cannot be read.
pub(crate) fn numbers(json: &str) -> Vec<i64> {
    serde_json::from_str(json).unwrap_or_default()
}

/// A JSON array of these numbers.
pub(crate) fn json(numbers: &[i64]) -> String {
    serde_json::Value::from(numbers).to_string()
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "select key, id, external_id, system, user_name, assistant_name, context, is_active, bases
             from channels where ",
            $condition
        )
    };
}

/// The channel that the first of these identifiers names; whether the others agree, see [`Names::contradicted_by`].
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, account: AccountId, identifiers: &Identifiers) -> Result<Option<Channel>> {
    let row: Option<Row> = find_named!(db, account, identifiers, select)?;
    Ok(row.map(Channel::from))
}

/// A channel of an account.
///
/// # Errors
/// When the database fails.
pub async fn by_key(db: &Db, account: AccountId, key: ChannelKey) -> Result<Option<Channel>> {
    let row: Option<Row> = read!(db, |pool| {
        sqlx::query_as(select!("key = $1 and account_id = $2")).bind(key.0).bind(account.0).fetch_optional(pool).await
    })?;
    Ok(row.map(Channel::from))
}

/// All channels of an account, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Channel>> {
    let rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(select!("account_id = $1 order by key")).bind(account.0).fetch_all(pool).await
    })?;
    Ok(rows.into_iter().map(Channel::from).collect())
}

/// A channel that is wanted.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// Its identity.
    pub id: Uuid,
    /// The client's number; 0 = none.
    pub external_id: i64,
    /// The instructions for its answers.
    pub system: String,
    /// Name of the one who asks.
    pub user: String,
    /// Name of the one who answers.
    pub assistant: String,
    /// Keys of the knowledge bases that it is restricted to; none = it may use all.
    pub bases: Option<Vec<i64>>,
}

/// Stores a channel.
///
/// # Errors
/// [`StoreError::Conflict`] when one of its identifiers is taken.
pub async fn create(db: &Db, account: AccountId, new: &NewChannel, now: Timestamp) -> Result<()> {
    run!(
        db,
        "insert into channels (account_id, id, external_id, system, user_name, assistant_name, bases, created_at,
                               updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        account.0,
        new.id,
        new.external_id,
        &new.system,
        &new.user,
        &new.assistant,
        new.bases.as_deref().map(json),
        now.milliseconds()
    )?;
    Ok(())
}

/// What is to be changed of a channel; none = it stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The client's number.
    pub external_id: Option<i64>,
    /// The instructions for its answers.
    pub system: Option<String>,
    /// Name of the one who asks.
    pub user: Option<String>,
    /// Name of the one who answers.
    pub assistant: Option<String>,
    /// What it is about.
    pub context: Option<String>,
    /// Whether it takes messages.
    pub is_active: Option<bool>,
    /// The restriction to knowledge bases, or that there is none.
    pub bases: Option<Option<Vec<i64>>>,
}

/// Changes a channel; false when the account has no such channel.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken.
pub async fn update(db: &Db, account: AccountId, key: ChannelKey, change: &Change, now: Timestamp) -> Result<bool> {
    let rows = run!(
        db,
        "update channels set external_id = coalesce($3, external_id), system = coalesce($4, system),
                user_name = coalesce($5, user_name), assistant_name = coalesce($6, assistant_name),
                context = coalesce($7, context), is_active = coalesce($8, is_active),
                bases = case when $9 then $10 else bases end, updated_at = $11
         where key = $1 and account_id = $2",
        key.0,
        account.0,
        change.external_id,
        change.system.as_deref(),
        change.user.as_deref(),
        change.assistant.as_deref(),
        change.context.as_deref(),
        change.is_active,
        change.bases.is_some(),
        change.bases.as_ref().and_then(|bases| bases.as_deref().map(json)),
        now.milliseconds()
    )?;
    Ok(rows == 1)
}

/// Deletes a channel with everything that was said in it; false when the account has no such channel.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &Db, account: AccountId, key: ChannelKey, now: Timestamp) -> Result<bool> {
    let mut transaction = db.begin().await?;
    match lock(&mut transaction, account, key, now).await {
        Err(StoreError::NotFound) => return Ok(false),
        other => other?,
    }
    // What waits for its turn finds that the channel is gone, and ends.
    jobs::wake_all(&mut transaction, account, key, now).await?;
    execute!(&mut transaction, "delete from channels where key = $1", key.0)?;
    transaction.commit().await?;
    Ok(true)
}

/// Makes this transaction the only one that changes the order of a channel's messages, until it ends.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such channel (any more).
pub(crate) async fn lock(
    transaction: &mut Transaction,
    account: AccountId,
    key: ChannelKey,
    now: Timestamp,
) -> Result<()> {
    let rows = execute!(
        transaction,
        "update channels set updated_at = $3 where key = $1 and account_id = $2",
        key.0,
        account.0,
        now.milliseconds(),
    )?;
    if rows == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}
