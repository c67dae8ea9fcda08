//! What was said in channels.

use cmes_types::{AccountId, Speaker, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::attachments::{self, Piece};
use crate::channels::{self, ChannelKey};
use crate::db::{Transaction, execute, fetch_optional, read};
use crate::identifiers::{Identifiers, find_named};
use crate::{Db, Result, StoreError};

/// A message, as the database names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageKey(pub i64);

/// Whether a message is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is not.
    Stored,
    /// A task is to answer it.
    Waiting,
    /// It was answered.
    Answered,
    /// Its task ended without an answer; it can be sent again.
    Failed,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name in the database.
    pub key: MessageKey,
    /// Where it was said.
    pub channel: ChannelKey,
    /// Its identity.
    pub id: Uuid,
    /// The client's number; 0 = none.
    pub external_id: i64,
    /// By whom it was said.
    pub speaker: Speaker,
    /// Its words.
    pub text: String,
    /// When it was said.
    pub period: Timestamp,
    /// Codes of the articles that it rests on.
    pub articles: Vec<i64>,
    /// The message that it answers.
    pub answers: Option<MessageKey>,
    /// Whether it is to be answered.
    pub state: State,
}

#[derive(FromRow)]
struct Row {
    key: i64,
    channel_key: i64,
    id: Uuid,
    external_id: i64,
    speaker: String,
    text: String,
    period: i64,
    articles: String,
    answers_key: Option<i64>,
    state: String,
}

impl From<Row> for Message {
    fn from(row: Row) -> Self {
        Self {
            key: MessageKey(row.key),
            channel: ChannelKey(row.channel_key),
            id: row.id,
            external_id: row.external_id,
            speaker: if row.speaker == "assistant" { Speaker::Assistant } else { Speaker::User },
            text: row.text,
            period: Timestamp::from_milliseconds(row.period),
            articles: channels::numbers(&row.articles),
            answers: row.answers_key.map(MessageKey),
            state: match row.state.as_str() {
                "waiting" => State::Waiting,
                "answered" => State::Answered,
                "failed" => State::Failed,
                _ => State::Stored,
            },
        }
    }
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "select key, channel_key, id, external_id, speaker, text, period, articles, answers_key, state
             from messages where ",
            $condition
        )
    };
}

/// The message that the first of these identifiers names.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, account: AccountId, identifiers: &Identifiers) -> Result<Option<Message>> {
    // Most messages come without a name.
    if identifiers.first().is_none() {
        return Ok(None);
    }
    let row: Option<Row> = find_named!(db, account, identifiers, select)?;
    Ok(row.map(Message::from))
}

/// A message of an account.
///
/// # Errors
/// When the database fails.
pub async fn by_key(db: &Db, account: AccountId, key: MessageKey) -> Result<Option<Message>> {
    let row: Option<Row> = read!(db, |pool| {
        sqlx::query_as(select!("key = $1 and account_id = $2")).bind(key.0).bind(account.0).fetch_optional(pool).await
    })?;
    Ok(row.map(Message::from))
}

/// Where a page of a history ends: before a message, or before a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// Its moment.
    pub period: Timestamp,
    /// The message; none = before all that were said in that moment.
    pub key: Option<MessageKey>,
}

/// The last messages of a channel before a point, oldest first; at most so many.
///
/// # Errors
/// When the database fails.
pub async fn history(
    db: &Db,
    account: AccountId,
    channel: ChannelKey,
    before: Option<Before>,
    limit: i64,
) -> Result<Vec<Message>> {
    let period = before.map_or(i64::MAX, |before| before.period.milliseconds());
    let key = before.map_or(i64::MAX, |before| before.key.map_or(0, |key| key.0));
    let mut rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(select!(
            "channel_key = $1 and account_id = $2 and (period, key) < ($3, $4)
             order by period desc, key desc limit $5"
        ))
        .bind(channel.0)
        .bind(account.0)
        .bind(period)
        .bind(key)
        .bind(limit)
        .fetch_all(pool)
        .await
    })?;
    rows.reverse();
    Ok(rows.into_iter().map(Message::from).collect())
}

/// The last messages that the answer to one of them can rest on, oldest first: without those that wait for their own.
///
/// # Errors
/// When the database fails.
pub async fn recent(db: &Db, account: AccountId, question: &Message, limit: i64) -> Result<Vec<Message>> {
    let mut rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(select!(
            "channel_key = $1 and account_id = $2 and key <> $3 and state <> 'waiting'
             order by period desc, key desc limit $4"
        ))
        .bind(question.channel.0)
        .bind(account.0)
        .bind(question.key.0)
        .bind(limit)
        .fetch_all(pool)
        .await
    })?;
    rows.reverse();
    Ok(rows.into_iter().map(Message::from).collect())
}

/// A message as it is stored.
#[derive(Clone, Debug)]
pub struct Content {
    /// Where it is said.
    pub channel: ChannelKey,
    /// Its identity.
    pub id: Uuid,
    /// The client's number; none = 0, or as it was.
    pub external_id: Option<i64>,
    /// By whom it is said.
    pub speaker: Speaker,
    /// Its words.
    pub text: String,
    /// When it was said; none = now, or as it was.
    pub period: Option<Timestamp>,
    /// What is handed over with it; none = nothing, or as it was.
    pub pieces: Option<Vec<Piece>>,
}

/// Stores a message that is not to be answered.
///
/// # Errors
/// [`StoreError::Conflict`] when one of its identifiers is taken, [`StoreError::NotFound`] when the channel is gone.
pub async fn store(db: &Db, account: AccountId, content: &Content, now: Timestamp) -> Result<MessageKey> {
    let mut transaction = db.begin().await?;
    channels::lock(&mut transaction, account, content.channel, now).await?;
    let key = insert(&mut transaction, account, content, State::Stored, now).await?;
    transaction.commit().await?;
    Ok(key)
}

/// Changes a message, and nothing about whether it is answered.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken, [`StoreError::NotFound`] when the message or its channel is gone.
pub async fn update(db: &Db, account: AccountId, key: MessageKey, content: &Content, now: Timestamp) -> Result<()> {
    let mut transaction = db.begin().await?;
    channels::lock(&mut transaction, account, content.channel, now).await?;
    change(&mut transaction, account, key, content).await?;
    transaction.commit().await
}

#[derive(FromRow)]
struct Key {
    key: i64,
}

pub(crate) async fn insert(
    transaction: &mut Transaction,
    account: AccountId,
    content: &Content,
    state: State,
    now: Timestamp,
) -> Result<MessageKey> {
    let row = fetch_optional!(
        &mut *transaction,
        Key,
        "insert into messages (account_id, channel_key, id, external_id, speaker, text, period, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning key",
        account.0,
        content.channel.0,
        content.id,
        content.external_id.unwrap_or_default(),
        content.speaker.as_str(),
        &content.text,
        content.period.unwrap_or(now).milliseconds(),
        if state == State::Waiting { "waiting" } else { "stored" },
        now.milliseconds(),
    )?;
    let key = row.map(|row| MessageKey(row.key)).ok_or(StoreError::NotFound)?;
    attachments::insert(transaction, content.channel, key, content.pieces.as_deref().unwrap_or_default()).await?;
    Ok(key)
}

pub(crate) async fn change(
    transaction: &mut Transaction,
    account: AccountId,
    key: MessageKey,
    content: &Content,
) -> Result<()> {
    let rows = execute!(
        &mut *transaction,
        "update messages set text = $3, period = coalesce($4, period), external_id = coalesce($5, external_id)
         where key = $1 and account_id = $2",
        key.0,
        account.0,
        &content.text,
        content.period.map(Timestamp::milliseconds),
        content.external_id,
    )?;
    if rows != 1 {
        return Err(StoreError::NotFound);
    }
    if let Some(pieces) = &content.pieces {
        attachments::delete(transaction, key).await?;
        attachments::insert(transaction, content.channel, key, pieces).await?;
    }
    Ok(())
}
