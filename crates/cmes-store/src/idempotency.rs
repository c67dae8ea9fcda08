//! First answers to requests that carry an Idempotency-Key.
//!
//! A record is leased to the process that works on the first request; when the
//! process dies, the next request with the key takes the record over. Its
//! identity stays, and tasks carry it, so that what was stored before the crash
//! is found and not made again.

use cmes_types::{AccountId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{read, run, write};
use crate::{Db, Result};

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status code.
    pub status: u16,
    /// Its Content-Type.
    pub content_type: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// This request is the first, or the first one's process has died.
    First(Uuid),
    /// The first one is still being answered.
    Running,
    /// The key was used for another request.
    OtherRequest,
    /// The first answer.
    Answered(Answer),
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    fingerprint: Vec<u8>,
    leased_until: Option<i64>,
    status: Option<i64>,
    content_type: Option<String>,
    body: Option<Vec<u8>>,
    created_at: i64,
}

/// A request that carries a key.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Whose.
    pub account: AccountId,
    /// The key.
    pub key: &'a str,
    /// SHA-256 of path and body.
    pub fingerprint: &'a [u8],
}

/// Records older than `oldest` do not count any more; a first request gets the
/// record until `leased_until`.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    db: &Db,
    request: &Request<'_>,
    oldest: Timestamp,
    leased_until: Timestamp,
    now: Timestamp,
) -> Result<Begun> {
    loop {
        if let Some(id) = insert(db, request, leased_until, now).await? {
            return Ok(Begun::First(id));
        }
        // Gone between the two statements: then this one is the first.
        let Some(row) = find(db, request).await? else { continue };
        if row.created_at < oldest.milliseconds() {
            forget(db, row.id).await?;
            continue;
        }
        if row.fingerprint != request.fingerprint {
            return Ok(Begun::OtherRequest);
        }
        if let Some(status) = row.status.and_then(|status| u16::try_from(status).ok()) {
            let (content_type, body) = (row.content_type, row.body.unwrap_or_default());
            return Ok(Begun::Answered(Answer { status, content_type, body }));
        }
        if row.leased_until.is_some_and(|until| until > now.milliseconds()) {
            return Ok(Begun::Running);
        }
        return Ok(if take_over(db, &row, leased_until).await? { Begun::First(row.id) } else { Begun::Running });
    }
}

async fn insert(db: &Db, request: &Request<'_>, leased_until: Timestamp, now: Timestamp) -> Result<Option<Uuid>> {
    let id = cmes_types::ids::uuid_at(now);
    let rows = run!(
        db,
        "insert into idempotency (id, account_id, key, fingerprint, leased_until, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (account_id, key) do nothing",
        id,
        request.account.0,
        request.key,
        request.fingerprint,
        leased_until.milliseconds(),
        now.milliseconds()
    )?;
    Ok((rows == 1).then_some(id))
}

async fn find(db: &Db, request: &Request<'_>) -> Result<Option<Row>> {
    Ok(read!(db, |pool| {
        sqlx::query_as(
            "select id, fingerprint, leased_until, status, content_type, body, created_at from idempotency
             where account_id = $1 and key = $2",
        )
        .bind(request.account.0)
        .bind(request.key)
        .fetch_optional(pool)
        .await
    })?)
}

async fn take_over(db: &Db, row: &Row, leased_until: Timestamp) -> Result<bool> {
    let rows = run!(
        db,
        "update idempotency set leased_until = $2 where id = $1 and status is null and leased_until = $3",
        row.id,
        leased_until.milliseconds(),
        row.leased_until
    )?;
    Ok(rows == 1)
}

/// Changes until when the first request has the record.
///
/// # Errors
/// When the database fails.
pub async fn renew(db: &Db, id: Uuid, leased_until: Timestamp) -> Result<()> {
    // Not worth waiting for the disk.
    write!(db, |pool| {
        sqlx::query("update idempotency set leased_until = $2 where id = $1 and status is null")
            .bind(id)
            .bind(leased_until.milliseconds())
            .execute(pool)
            .await
            .map(|_| ())
    })?;
    Ok(())
}

/// Keeps the first answer.
///
/// # Errors
/// When the database fails.
pub async fn keep(db: &Db, id: Uuid, answer: &Answer) -> Result<()> {
    run!(
        db,
        "update idempotency set status = $2, content_type = $3, body = $4, leased_until = null where id = $1",
        id,
        i64::from(answer.status),
        answer.content_type.as_deref(),
        &answer.body
    )?;
    Ok(())
}

/// Forgets a record: the next request with its key is the first.
///
/// # Errors
/// When the database fails.
pub async fn forget(db: &Db, id: Uuid) -> Result<()> {
    run!(db, "delete from idempotency where id = $1", id)?;
    Ok(())
}

/// Deletes records from before this moment, at most so many; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn delete_before(db: &Db, moment: Timestamp, limit: i64) -> Result<u64> {
    run!(
        db,
        "delete from idempotency where id in
         (select id from idempotency where created_at < $1 order by created_at limit $2)",
        moment.milliseconds(),
        limit
    )
}
