//! API keys: what a program shows to act for an account.

use cmes_types::{AccountId, KeyId, ProjectId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{read, run};
use crate::{Db, Result, StoreError};

/// A key as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its identity.
    pub id: KeyId,
    /// Name that its owner gave it.
    pub name: String,
    /// Name of its project.
    pub project: String,
    /// Address of its account.
    pub account: String,
    /// First two and last two characters.
    pub masked: String,
    /// When it ends to be valid.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a key is made with.
#[derive(Clone, Debug)]
pub struct NewKey<'a> {
    /// Whose it is.
    pub account: AccountId,
    /// To which project its consumption counts.
    pub project: ProjectId,
    /// Name for its owner.
    pub name: &'a str,
    /// SHA-256 of the key.
    pub hash: &'a [u8],
    /// The key as it may be shown.
    pub masked: &'a str,
    /// When it ends to be valid.
    pub expires_at: Option<Timestamp>,
}

/// What is needed to judge a request made with a key.
#[derive(Clone, Debug)]
pub struct KeyHolder {
    /// The key.
    pub key: KeyId,
    /// Its account.
    pub account: AccountId,
    /// Its project.
    pub project: ProjectId,
    /// The account's currency.
    pub currency: String,
    /// SHA-256 of the key, to be compared in constant time.
    pub hash: Vec<u8>,
    /// The key as it may be shown.
    pub masked: String,
    /// When the key ends to be valid.
    pub expires_at: Option<Timestamp>,
    /// Whether it was revoked or its account closed.
    pub is_revoked: bool,
}

#[derive(FromRow)]
struct HolderRow {
    key_id: Uuid,
    account_id: Uuid,
    project_id: Uuid,
    currency: String,
    hash: Vec<u8>,
    masked: String,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    closed_at: Option<i64>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    name: String,
    project: String,
    account: String,
    masked: String,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    created_at: i64,
}

impl From<Row> for ApiKey {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            project: row.project,
            account: row.account,
            masked: row.masked,
            expires_at: row.expires_at.map(Timestamp::from_milliseconds),
            revoked_at: row.revoked_at.map(Timestamp::from_milliseconds),
            created_at: Timestamp::from_milliseconds(row.created_at),
        }
    }
}

/// Stores a key.
///
/// # Errors
/// When the database fails.
pub async fn create(db: &Db, new: &NewKey<'_>, now: Timestamp) -> Result<KeyId> {
    let id = KeyId::new_at(now);
    run!(
        db,
        "insert into api_keys (id, account_id, project_id, name, hash, masked, expires_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        new.account.0,
        new.project.0,
        new.name,
        new.hash,
        new.masked,
        new.expires_at.map(Timestamp::milliseconds),
        now.milliseconds()
    )?;
    Ok(id)
}

/// Who holds the key with this hash.
///
/// # Errors
/// When the database fails.
pub async fn holder(db: &Db, hash: &[u8]) -> Result<Option<KeyHolder>> {
    let row: Option<HolderRow> = read!(db, |pool| {
        sqlx::query_as(
            "select k.id as key_id, k.account_id, k.project_id, a.currency, k.hash, k.masked, k.expires_at,
                    k.revoked_at, a.closed_at
             from api_keys k join accounts a on a.id = k.account_id where k.hash = $1",
        )
        .bind(hash)
        .fetch_optional(pool)
        .await
    })?;
    Ok(row.map(|row| KeyHolder {
        key: row.key_id.into(),
        account: row.account_id.into(),
        project: row.project_id.into(),
        currency: row.currency,
        hash: row.hash,
        masked: row.masked,
        expires_at: row.expires_at.map(Timestamp::from_milliseconds),
        is_revoked: row.revoked_at.is_some() || row.closed_at.is_some(),
    }))
}

/// The keys of one account, or of all, in order of making.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, account: Option<AccountId>) -> Result<Vec<ApiKey>> {
    let rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(
            "select k.id, k.name, p.name as project, a.email as account, k.masked, k.expires_at, k.revoked_at,
                    k.created_at
             from api_keys k join projects p on p.id = k.project_id join accounts a on a.id = k.account_id
             where $1 is null or k.account_id = $1 order by k.created_at, k.id",
        )
        .bind(account.map(|id| id.0))
        .fetch_all(pool)
        .await
    })?;
    Ok(rows.into_iter().map(ApiKey::from).collect())
}

/// Revokes a key.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such key, or it is revoked already.
pub async fn revoke(db: &Db, key: KeyId, now: Timestamp) -> Result<()> {
    let rows = run!(
        db,
        "update api_keys set revoked_at = $2 where id = $1 and revoked_at is null",
        key.0,
        now.milliseconds()
    )?;
    if rows == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}
