//! What was handed over with messages, in pieces by which it is found again.

use cmes_types::AccountId;
use sqlx::FromRow;

use crate::channels::ChannelKey;
use crate::db::{Transaction, execute, read, run};
use crate::messages::MessageKey;
use crate::{Db, Result};

/// A piece of what was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The headings above it.
    pub context: String,
    /// Its text.
    pub text: String,
    /// Its words, packed for an index.
    pub words: Vec<u8>,
    /// Version of the packing.
    pub words_version: i64,
    /// SHA-256 of context and text, by which it is known again.
    pub hash: Vec<u8>,
}

pub(crate) async fn insert(
    transaction: &mut Transaction,
    channel: ChannelKey,
    message: MessageKey,
    pieces: &[Piece],
) -> Result<()> {
    for piece in pieces {
        execute!(
            &mut *transaction,
            "insert into attachments (channel_key, message_key, context, text, words, words_version, hash, vector,
                                      embedder)
             values ($1, $2, $3, $4, $5, $6, $7,
                     (select vector from attachments where channel_key = $1 and hash = $7 order by key limit 1),
                     (select embedder from attachments where channel_key = $1 and hash = $7 order by key limit 1))",
            channel.0,
            message.0,
            &piece.context,
            &piece.text,
            &piece.words,
            piece.words_version,
            &piece.hash,
        )?;
    }
    Ok(())
}

pub(crate) async fn delete(transaction: &mut Transaction, message: MessageKey) -> Result<()> {
    execute!(transaction, "delete from attachments where message_key = $1", message.0)?;
    Ok(())
}

/// What a search needs of a piece.
#[derive(Clone, Debug, FromRow)]
pub struct Words {
    /// Its name in the database.
    pub key: i64,
    /// The message that it came with.
    pub message_key: i64,
    /// Its packed words.
    pub words: Vec<u8>,
    /// Version of the packing.
    pub words_version: i64,
    /// SHA-256 of context and text; none of what is older than hashes are.
    pub hash: Option<Vec<u8>>,
    /// Its vector, if this embedder has made it; empty when it refused the text.
    pub vector: Option<Vec<u8>>,
}

/// What a search needs of the newest pieces of a channel, in the order of the pieces; at most so many. Vectors are those of
/// this embedder.
///
/// # Errors
/// When the database fails.
pub async fn words(
    db: &Db,
    account: AccountId,
    channel: ChannelKey,
    embedder: Option<&str>,
    limit: i64,
) -> Result<Vec<Words>> {
    let mut words: Vec<Words> = read!(db, |pool| {
        sqlx::query_as(
            "select key, message_key, words, words_version, hash, case when embedder = $4 then vector end as vector
             from attachments where channel_key = $1
             and exists (select 1 from channels where key = $1 and account_id = $2) order by key desc limit $3",
        )
        .bind(channel.0)
        .bind(account.0)
        .bind(limit)
        .bind(embedder.unwrap_or_default())
        .fetch_all(pool)
        .await
    })?;
    words.reverse();
    Ok(words)
}

/// Context and text of a piece of a channel.
///
/// # Errors
/// When the database fails.
pub async fn text(db: &Db, channel: ChannelKey, key: i64) -> Result<Option<(String, String)>> {
    Ok(read!(db, |pool| {
        sqlx::query_as("select context, text from attachments where key = $1 and channel_key = $2")
            .bind(key)
            .bind(channel.0)
            .fetch_optional(pool)
            .await
    })?)
}

/// Keeps the vector of all pieces of a channel with this hash, made by this embedder.
///
/// # Errors
/// When the database fails.
pub async fn store_vector(db: &Db, channel: ChannelKey, embedder: &str, hash: &[u8], vector: &[u8]) -> Result<()> {
    run!(
        db,
        "update attachments set vector = $3, embedder = $4 where channel_key = $1 and hash = $2",
        channel.0,
        hash,
        vector,
        embedder
    )?;
    Ok(())
}
