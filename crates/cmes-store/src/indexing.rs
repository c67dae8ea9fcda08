//! The indexing of knowledge bases: what is to be indexed, and the passages that are made of it.
//!
//! A knowledge base has one job in the queue for as long as one of its articles
//! is to be indexed. Whoever changes an article asks for it in the same
//! transaction ([`request`]), and the job ends in a transaction that finds nothing
//! left. Both lock the base's row first, so that no change falls between the two.

use cmes_types::{AccountId, Timestamp};
use uuid::Uuid;

use crate::articles::below;
use crate::db::{Transaction, execute, fetch_optional};
use crate::jobs::{self, JobKind, Start};
use crate::{Result, StoreError};

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
    let waiting: Option<(i32,)> = fetch_optional!(transaction, (i32,), "select 1 from jobs where id = $1", job)?;
    if waiting.is_none() {
        jobs::enqueue(transaction, job, JobKind::Index, account, Start::Ready, now).await?;
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

/// Notes that an article and everything below it is gone, for the indices of other processes, in the transaction that
/// deletes them and before it does.
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
            "insert into article_removals (base_key, version, article_key, created_at) select $2, $3, key, $4 from below"
        ),
        article.0,
        base.0,
        version,
        now.milliseconds(),
    )?;
    Ok(())
}
