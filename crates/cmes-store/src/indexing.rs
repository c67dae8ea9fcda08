//! The indexing of knowledge bases: what is to be indexed, and when that is done.
//!
//! A knowledge base has one job in the queue for as long as one of its articles
//! is to be cut into passages (`pending`), and another one for as long as
//! vectors are to be made of them (`words`). Whoever changes an article asks for
//! the first in the same transaction ([`request`]), the first asks for the second,
//! and each ends in a transaction that finds nothing left. All lock the base's
//! row first, so that no change falls between two of them.

use cmes_types::{AccountId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::articles::below;
use crate::db::{Transaction, execute, fetch_optional, read};
use crate::jobs::{self, JobKind, Lease, Start};
use crate::{Db, Result, StoreError};

/// A knowledge base, as the database names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BaseKey(pub i64);

/// An article, as the database names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleKey(pub i64);

/// Asks for the indexing of what is pending in a base, in the transaction of the change. Locks the base.
pub(crate) async fn request(
    transaction: &mut Transaction,
    account: AccountId,
    base: BaseKey,
    now: Timestamp,
) -> Result<()> {
    let locked: Option<(Uuid,)> = fetch_optional!(
        transaction,
        (Uuid,),
        "update knowledge_bases set updated_at = $3 where key = $1 and account_id = $2 returning job_id",
        base.0,
        account.0,
        now.milliseconds(),
    )?;
    let (job,) = locked.ok_or(StoreError::NotFound)?;
    enqueue(transaction, job, JobKind::Index, account, now).await
}

/// Asks for the vectors of a base's passages, under the base's lock.
pub(crate) async fn request_vectors(
    transaction: &mut Transaction,
    account: AccountId,
    base: BaseKey,
    now: Timestamp,
) -> Result<()> {
    let job: Option<(Uuid,)> = fetch_optional!(
        transaction,
        (Uuid,),
        "update knowledge_bases set embed_job_id = coalesce(embed_job_id, $2) where key = $1 returning embed_job_id",
        base.0,
        Uuid::new_v4(),
    )?;
    let (job,) = job.ok_or(StoreError::NotFound)?;
    enqueue(transaction, job, JobKind::Embed, account, now).await
}

/// Puts a base's job into the queue unless it is there.
async fn enqueue(
    transaction: &mut Transaction,
    job: Uuid,
    kind: JobKind,
    account: AccountId,
    now: Timestamp,
) -> Result<()> {
    let waiting: Option<(i32,)> = fetch_optional!(transaction, (i32,), "select 1 from jobs where id = $1", job)?;
    if waiting.is_none() {
        jobs::enqueue(transaction, job, kind, account, Start::Ready, now).await?;
    }
    Ok(())
}

/// Raises a base's version in the transaction of a change of what search finds; gives the new one. Locks the base.
pub(crate) async fn raise_version(transaction: &mut Transaction, base: BaseKey) -> Result<i64> {
    let raised: Option<(i64,)> = fetch_optional!(
        transaction,
        (i64,),
        "update knowledge_bases set version = version + 1 where key = $1 returning version",
        base.0,
    )?;
    raised.map(|(version,)| version).ok_or(StoreError::NotFound)
}

/// Notes that what is deleted at once of an article and everything below it is gone, for the indices of other processes,
/// in the transaction that deletes it and before it does.
pub(crate) async fn note_removals(
    transaction: &mut Transaction,
    base: BaseKey,
    article: ArticleKey,
    version: i64,
    now: Timestamp,
) -> Result<()> {
    execute!(
        transaction,
        below!(
            "insert into article_removals (base_key, version, article_key, created_at) select $2, $3, key, $4 from deepest"
        ),
        article.0,
        base.0,
        version,
        now.milliseconds(),
    )?;
    Ok(())
}

/// How passages are made: what they are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Making<'a> {
    /// Version of the packed words.
    pub words: i64,
    /// Identity of the embedder; none when there is none.
    pub embedder: Option<&'a str>,
}

/// A base that is being indexed.
#[derive(Clone, Debug)]
pub struct Indexed {
    /// Its key.
    pub key: BaseKey,
    /// Whose it is.
    pub account: AccountId,
    /// By which version of the words its articles are indexed, or are to be; 0 when none ever was.
    pub words_version: i64,
    /// By whose vectors; empty when some have none.
    pub embedder: String,
}

#[derive(FromRow)]
struct IndexedRow {
    key: i64,
    account_id: Uuid,
    words_version: i64,
    embedder: String,
}

/// The base that a job is about; none when it was deleted.
///
/// # Errors
/// When the database fails.
pub async fn of_lease(db: &Db, lease: &Lease) -> Result<Option<Indexed>> {
    let row: Option<IndexedRow> = read!(db, |pool| {
        sqlx::query_as(
            "select key, account_id, words_version, embedder from knowledge_bases
             where job_id = $1 or embed_job_id = $1",
        )
        .bind(lease.id)
        .fetch_optional(pool)
        .await
    })?;
    Ok(row.map(|row| Indexed {
        key: BaseKey(row.key),
        account: AccountId(row.account_id),
        words_version: row.words_version,
        embedder: row.embedder,
    }))
}

/// Articles that [`adopt`] marks in one transaction.
const ADOPTED: i64 = 500;

/// Marks the articles of a base that were made in another way, so that they are made anew: those with words of another
/// version as pending, those with vectors of another embedder as without.
///
/// # Errors
/// When the database fails; what was marked stays so.
pub async fn adopt(db: &Db, base: &Indexed, making: Making<'_>, now: Timestamp) -> Result<()> {
    loop {
        let mut transaction = db.begin().await?;
        let made: Option<(i64, String)> = fetch_optional!(
            &mut transaction,
            (i64, String),
            "update knowledge_bases set version = version where key = $1 returning words_version, embedder",
            base.key.0,
        )?;
        let (words_version, made_embedder) = made.ok_or(StoreError::NotFound)?;
        let embedder = making.embedder.unwrap_or(&made_embedder);
        let has_words = words_version == making.words;
        if words_version > making.words || (has_words && made_embedder == embedder) {
            // Another job of the base was faster.
            return Ok(());
        }
        let marked = if has_words {
            let marked = execute!(
                &mut transaction,
                "update articles set state = 'words', attempts = 0 where key in (
                     select key from articles where base_key = $1 and state = 'indexed'
                            and exists (select 1 from chunks where article_key = articles.key
                                        and (vector is null or embedder <> $2))
                     limit $3)",
                base.key.0,
                embedder,
                ADOPTED,
            )?;
            if marked > 0 {
                request_vectors(&mut transaction, base.account, base.key, now).await?;
            }
            marked
        } else {
            execute!(
                &mut transaction,
                "update articles set state = 'pending', revision = revision + 1, attempts = 0 where key in (
                     select key from articles where base_key = $1 and state in ('words', 'indexed', 'failed') limit $2)",
                base.key.0,
                ADOPTED,
            )?
        };
        let is_last = marked < ADOPTED.unsigned_abs();
        if is_last {
            execute!(
                &mut transaction,
                "update knowledge_bases set words_version = $2, embedder = $3 where key = $1",
                base.key.0,
                making.words,
                embedder,
            )?;
        }
        transaction.commit().await?;
        if is_last {
            return Ok(());
        }
    }
}

/// Locks a base's row until the end of the transaction; none when it is not there any more.
pub(crate) async fn lock(transaction: &mut Transaction, base: BaseKey) -> Result<Option<AccountId>> {
    let locked: Option<(Uuid,)> = fetch_optional!(
        transaction,
        (Uuid,),
        "update knowledge_bases set version = version where key = $1 returning account_id",
        base.0,
    )?;
    Ok(locked.map(|(account,)| AccountId(account)))
}

/// Asks for the indexing of bases whose articles were made in another way; returns how many. With `all`, also of those
/// that have another embedder's vectors and not only of those that have none.
///
/// # Errors
/// When the database fails.
pub async fn request_outdated(db: &Db, making: Making<'_>, all: bool, now: Timestamp) -> Result<usize> {
    let rows: Vec<(i64, Uuid)> = read!(db, |pool| {
        sqlx::query_as(
            "select key, account_id from knowledge_bases
             where words_version < $1 or ($2 <> '' and (embedder = '' or ($3 and embedder <> $2)))",
        )
        .bind(making.words)
        .bind(making.embedder.unwrap_or_default())
        .bind(all)
        .fetch_all(pool)
        .await
    })?;
    for (key, account) in &rows {
        let mut transaction = db.begin().await?;
        match request(&mut transaction, AccountId(*account), BaseKey(*key), now).await {
            Ok(()) => transaction.commit().await?,
            // Deleted meanwhile.
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(rows.len())
}

/// What came of the wish to end a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is ended.
    Done,
    /// There is more to do.
    More,
}

/// Ends the job of a lease if nothing is left for it: no article of the base in the state that it works on. (A lease
/// that was lost ends nothing.)
///
/// # Errors
/// When the database fails.
pub async fn end(db: &Db, lease: &Lease, kind: JobKind, base: Option<BaseKey>) -> Result<End> {
    let mut transaction = db.begin().await?;
    if let Some(base) = base
        && lock(&mut transaction, base).await?.is_some()
    {
        let sql = match kind {
            JobKind::Embed => "select 1 from articles where base_key = $1 and state = 'words' limit 1",
            _ => "select 1 from articles where base_key = $1 and state = 'pending' limit 1",
        };
        let left: Option<(i32,)> = fetch_optional!(&mut transaction, (i32,), sql, base.0)?;
        if left.is_some() {
            return Ok(End::More);
        }
    }
    jobs::complete(&mut transaction, lease).await?;
    transaction.commit().await?;
    Ok(End::Done)
}

/// Forgets at most so many removals from before a moment; returns how many. Indices that are older than a forgotten
/// removal are built anew.
///
/// # Errors
/// When the database fails.
pub async fn forget_removals(db: &Db, before: Timestamp, most: i64) -> Result<u64> {
    let old = "select base_key, max(version) from
                   (select base_key, version from article_removals where created_at < $1 order by created_at limit $2)
                   as old group by base_key order by base_key";
    let bases: Vec<(i64, i64)> =
        read!(db, |pool| { sqlx::query_as(old).bind(before.milliseconds()).bind(most).fetch_all(pool).await })?;
    let mut forgotten = 0;
    for (base, version) in bases {
        let mut transaction = db.begin().await?;
        execute!(
            &mut transaction,
            "update knowledge_bases set forgotten_version = $2 where key = $1 and forgotten_version < $2",
            base,
            version,
        )?;
        forgotten += execute!(
            &mut transaction,
            "delete from article_removals where base_key = $1 and version <= $2",
            base,
            version,
        )?;
        transaction.commit().await?;
    }
    Ok(forgotten)
}

/// What the articles of a base are about, at most so many articles, evenly chosen; none when too few changed since it
/// was asked for the last time to make a difference: a twentieth. With the base's version.
///
/// # Errors
/// When the database fails.
pub async fn outdated_terms(db: &Db, base: BaseKey, most: i64) -> Result<Option<(Vec<String>, i64)>> {
    let base = base.0;
    let versions: Option<(i64, i64)> = read!(db, |pool| {
        sqlx::query_as("select version, content_version from knowledge_bases where key = $1")
            .bind(base)
            .fetch_optional(pool)
            .await
    })?;
    let Some((version, seen)) = versions.filter(|(version, seen)| version > seen) else { return Ok(None) };
    let (changed,): (i64,) = read!(db, |pool| {
        sqlx::query_as(
            "select (select count(*) from articles where base_key = $1 and version > $2)
                  + (select count(*) from article_removals where base_key = $1 and version > $2)",
        )
        .bind(base)
        .bind(seen)
        .fetch_one(pool)
        .await
    })?;
    // Only looks as far as it has to: the cost follows the change, not the base.
    let has_more = |count: i64| async move {
        let found: Option<(i32,)> = read!(db, |pool| {
            sqlx::query_as("select 1 from articles where base_key = $1 limit 1 offset $2")
                .bind(base)
                .bind(count)
                .fetch_optional(pool)
                .await
        })?;
        Result::<bool>::Ok(found.is_some())
    };
    if has_more(changed.saturating_mul(20)).await? {
        return Ok(None);
    }
    let mut step = 1;
    while has_more(most.saturating_mul(step)).await? {
        step += 1;
    }
    // Runs of neighbours: single keys may follow a pattern, as when two bases are filled in turn.
    let terms: Vec<(String,)> = read!(db, |pool| {
        sqlx::query_as("select terms from articles where base_key = $1 and (key / 64) % $2 = 0 and terms <> ''")
            .bind(base)
            .bind(step)
            .fetch_all(pool)
            .await
    })?;
    Ok(Some((terms.into_iter().map(|(terms,)| terms).collect(), version)))
}

/// Stores the key terms of a base, which are those of this version.
///
/// # Errors
/// When the database fails.
pub async fn set_content(db: &Db, base: BaseKey, content: &str, version: i64) -> Result<()> {
    let mut transaction = db.begin().await?;
    execute!(
        &mut transaction,
        "update knowledge_bases set content = $2, content_version = $3 where key = $1 and content_version < $3",
        base.0,
        content,
        version,
    )?;
    transaction.commit().await
}
