//! What language models and providers of search answered, by question: a cache that all processes share.

use cmes_types::Timestamp;

use crate::db::{read, run};
use crate::{Db, Result};

/// The answer that is known to a question.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, key: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = read!(db, |pool| {
        sqlx::query_as("select answer from model_answers where key = $1").bind(key).fetch_optional(pool).await
    })?;
    Ok(row.map(|(answer,)| answer))
}

/// Keeps an answer; the first one to a question stays.
///
/// # Errors
/// When the database fails.
pub async fn keep(db: &Db, key: &str, answer: &str, now: Timestamp) -> Result<()> {
    run!(
        db,
        "insert into model_answers (key, answer, created_at) values ($1, $2, $3) on conflict (key) do nothing",
        key,
        answer,
        now.milliseconds()
    )?;
    Ok(())
}

/// Keeps an answer in the place of the one before it: to a question whose answer changes with time.
///
/// # Errors
/// When the database fails.
pub async fn replace(db: &Db, key: &str, answer: &str, now: Timestamp) -> Result<()> {
    run!(
        db,
        "insert into model_answers (key, answer, created_at) values ($1, $2, $3)
             on conflict (key) do update set answer = excluded.answer, created_at = excluded.created_at",
        key,
        answer,
        now.milliseconds()
    )?;
    Ok(())
}

/// Deletes at most so many answers from before a moment; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn delete_before(db: &Db, before: Timestamp, most: i64) -> Result<u64> {
    run!(
        db,
        "delete from model_answers where key in
             (select key from model_answers where created_at < $1 order by created_at limit $2)",
        before.milliseconds(),
        most
    )
}
