//! What indices in memory are made of, and the vectors of companies: which are lacking, who makes them, storing them.

use cmes_types::Timestamp;
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use super::{lock, unlock};
use crate::db::{execute, read, run};
use crate::{Db, Result};

/// How the directory stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Standing {
    /// The number of its last change.
    pub change: i64,
    /// Indices that are older than this change are to be built anew.
    pub deleted_at: i64,
}

/// How the directory stands.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &Db) -> Result<Standing> {
    Ok(read!(db, |pool| {
        sqlx::query_as("select change, deleted_at from directory where id = 1").fetch_one(pool).await
    })?)
}

/// What an index needs of a company.
#[derive(Clone, Debug, FromRow)]
pub struct ToIndex {
    /// Its key.
    pub key: i64,
    /// The number of its last change.
    pub change: i64,
    /// As in [`super::Company`].
    pub name: String,
    /// As in [`super::Company`].
    pub country: String,
    /// As in [`super::Company`].
    pub region: String,
    /// As in [`super::Company`].
    pub city: String,
    /// As in [`super::Company`].
    pub about: String,
    /// As in [`super::Company`].
    pub language: String,
    /// Its vector, if this embedder has made it.
    pub vector: Option<Vec<u8>>,
}

/// In which order changes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Those after this one, the earliest first.
    After(i64),
    /// Those before this one, the latest first.
    Before(i64),
}

/// Companies by their last change, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn changed(db: &Db, changed: Changed, embedder: Option<&str>, most: i64) -> Result<Vec<ToIndex>> {
    let (which, from) = match changed {
        Changed::After(change) => ("change > $1 order by change", change),
        Changed::Before(change) => ("change < $1 order by change desc", change),
    };
    let sql = format!(
        "select key, change, name, country, region, city, about, language,
                case when embedder <> '' and embedder = $2 and length(vector) > 0 then vector end as vector
         from companies where {which} limit $3"
    );
    Ok(read!(db, |pool| {
        sqlx::query_as(AssertSqlSafe(sql))
            .bind(from)
            .bind(embedder.unwrap_or_default())
            .bind(most)
            .fetch_all(pool)
            .await
    })?)
}

/// A company that lacks a vector.
#[derive(Clone, Debug, FromRow)]
pub struct Lacking {
    /// Its key.
    pub key: i64,
    /// The number of its last change.
    pub change: i64,
    /// As in [`super::Company`].
    pub name: String,
    /// As in [`super::Company`].
    pub country: String,
    /// As in [`super::Company`].
    pub region: String,
    /// As in [`super::Company`].
    pub city: String,
    /// As in [`super::Company`].
    pub about: String,
}

/// Companies that lack a vector, at most so many: those that have none, and with `all` those with another embedder's
/// than this one's.
///
/// # Errors
/// When the database fails.
pub async fn lacking(db: &Db, embedder: &str, all: bool, most: i64) -> Result<Vec<Lacking>> {
    // Ranges of the index, where “<>” would look through the table.
    let others: &[&str] =
        if all { &["embedder = ''", "embedder < $1 and embedder > ''", "embedder > $1"] } else { &["embedder = ''"] };
    for which in others {
        // The second half of the condition always holds; it makes the number of values the same.
        let sql = format!(
            "select key, change, name, country, region, city, about from companies
             where {which} and embedder <> $1 order by embedder, key limit $2"
        );
        let rows: Vec<Lacking> =
            read!(db, |pool| { sqlx::query_as(AssertSqlSafe(sql)).bind(embedder).bind(most).fetch_all(pool).await })?;
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

/// A company and its packed vector.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// Its key.
    pub key: i64,
    /// The number of its last change when it was embedded.
    pub change: i64,
    /// Its packed vector; empty when its text cannot be embedded.
    pub vector: Vec<u8>,
}

/// Stores vectors of companies that are as they were when they were embedded.
///
/// # Errors
/// When the database fails.
pub async fn store(db: &Db, embedder: &str, embedded: &[Embedded]) -> Result<()> {
    let mut transaction = db.begin().await?;
    let mut change = lock(&mut transaction).await?;
    for one in embedded {
        change += 1;
        execute!(
            &mut transaction,
            "update companies set vector = $3, embedder = $4, change = $5 where key = $1 and change = $2",
            one.key,
            one.change,
            &one.vector,
            embedder,
            change,
        )?;
    }
    unlock(&mut transaction, change).await?;
    transaction.commit().await
}

/// Takes or keeps the making of vectors for a process; false while another has it.
///
/// # Errors
/// When the database fails.
pub async fn take_lease(db: &Db, worker: Uuid, until: Timestamp, now: Timestamp) -> Result<bool> {
    let rows = run!(
        db,
        "update directory set worker = $1, leased_until = $2
         where id = 1 and (worker is null or worker = $1 or leased_until < $3)",
        worker,
        until.milliseconds(),
        now.milliseconds()
    )?;
    Ok(rows == 1)
}

/// Gives it back.
///
/// # Errors
/// When the database fails.
pub async fn give_back_lease(db: &Db, worker: Uuid) -> Result<()> {
    run!(db, "update directory set worker = null, leased_until = 0 where id = 1 and worker = $1", worker)?;
    Ok(())
}
